use rumqttc_v4::{Packet, QoS};

use crate::support::link::{Link, V4};
use crate::support::packets::v4;
use crate::support::peer::Peer;
use crate::support::script::{Running, Script};

/// Script functions for the tests: `trace(client)` prints every event with the flags that are true while it is emitted,
/// `flags(client)` gives those flags, `thrown(f)` prints what `f` throws.
const PRELUDE: &str = r#"
let mqtt = require("mqtt");
let net = require("net");
let tls = require("tls");
fn flags(client) {
    let text = "";
    if client.connected { text += " connected"; }
    if client.reconnecting { text += " reconnecting"; }
    if client.disconnecting { text += " disconnecting"; }
    if client.disconnected == true { text += " disconnected"; }
    text
}
fn trace(client) {
    for name in ["connect", "reconnect", "close", "offline", "disconnect", "end", "message", "outgoingEmpty"] {
        let event = name;
        client.on(event, || console.log(event + flags(client)));
    }
    client.on("error", |error| console.log("error" + flags(client) + ": " + error.message, error.code));
}
fn thrown(f) {
    try { f.call(); console.log("nothing thrown"); } catch (error) { console.log(error.name + ": " + error.message); }
}
"#;

/// A script behind [`PRELUDE`], in which `BROKER` stands for the peer's URL.
pub fn script(url: &str, text: &str) -> Script {
    let prelude = PRELUDE.replace('\n', " ");
    Script::new(format!("{}\n{}", prelude.trim(), text.trim_start().replace("BROKER", url)))
}

/// User name and password of a CONNECT.
pub fn login(username: &str, password: &str) -> rumqttc_v4::ConnectAuth {
    rumqttc_v4::ConnectAuth::UsernamePassword { username: username.into(), password: password.to_owned().into() }
}

/// Starts `text` behind `let c = mqtt.connect(BROKER, OPTIONS); trace(c);`.
pub fn traced(peer: &Peer, options: &str, text: &str) -> Running {
    traced_at(&peer.url(), options, text)
}

pub fn traced_at(url: &str, options: &str, text: &str) -> Running {
    let text = format!("let c = mqtt.connect(\"BROKER\", #{{{options}}}); trace(c);\n{text}");
    script(url, &text).spawn()
}

/// The next lines of standard output are these.
#[track_caller]
pub fn prints(running: &mut Running, wanted: &str) {
    for line in wanted.lines().map(str::trim) {
        assert_eq!(running.next_line(), line, "wanted\n{wanted}\ngot\n{}", running.stdout_so_far());
    }
}

/// The rest of standard output is this, and then the program ends with `code`.
#[track_caller]
pub fn ends(mut running: Running, code: i32, wanted: &str) {
    prints(&mut running, wanted);
    let so_far = running.stdout_so_far();
    let outcome = running.outcome();
    assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str(), outcome.code), (so_far.as_str(), "", Some(code)));
}

/// Answers everything as a broker does until DISCONNECT, and tells what came.
pub fn serve_to_the_end(link: &mut Link<V4>) -> Vec<String> {
    let mut seen = Vec::new();
    loop {
        match link.read() {
            Packet::Publish(publish) => {
                let topic = String::from_utf8_lossy(&publish.topic).into_owned();
                seen.push(format!("publish {topic} {}", publish.qos as u8));
                match publish.qos {
                    QoS::AtMostOnce => {}
                    QoS::AtLeastOnce => link.send(v4::puback(publish.pkid)),
                    QoS::ExactlyOnce => link.send(v4::pubrec(publish.pkid)),
                }
            }
            Packet::PubRel(pubrel) => link.send(v4::pubcomp(pubrel.pkid)),
            Packet::Subscribe(subscribe) => {
                let names: Vec<_> = subscribe.filters.iter().map(|filter| filter.path.as_str()).collect();
                seen.push(format!("subscribe {}", names.join(" ")));
                let grants: Vec<_> = subscribe.filters.iter().map(|filter| filter.qos).collect();
                link.send(v4::suback(subscribe.pkid, &grants));
            }
            Packet::Unsubscribe(unsubscribe) => {
                seen.push(format!("unsubscribe {}", unsubscribe.topics.join(" ")));
                link.send(v4::unsuback(unsubscribe.pkid));
            }
            Packet::PingReq => link.send(Packet::PingResp),
            Packet::Disconnect => return seen,
            other => panic!("no client sends {other:?}"),
        }
    }
}

pub fn names(filters: &[rumqttc_v4::SubscribeFilter]) -> Vec<(&str, QoS)> {
    filters.iter().map(|filter| (filter.path.as_str(), filter.qos)).collect()
}

/// Runs `text` as the body of a `connect` listener and expects exactly DISCONNECT after it: nothing else may go out,
/// and the connection must stay until then.
#[track_caller]
pub fn nothing_goes_out(text: &str, stdout: &str) {
    let peer = Peer::listen();
    let text = format!("let c = mqtt.connect(\"BROKER\"); c.on(\"connect\", || {{ {text} c.end(); }});");
    let running = script(&peer.url(), &text).stdout(stdout).spawn();
    let mut link = peer.accept();
    link.handshake();
    link.expect_goodbye();
    running.finish();
}

/// Each line of `calls` throws what stands beside it, and nobody is dialled.
#[track_caller]
pub fn refused(calls: &[(&str, &str)]) {
    let peer = Peer::listen();
    let text: String = calls.iter().map(|(call, _)| format!("thrown(|| {call});\n")).collect();
    let stdout: String = calls.iter().map(|(_, message)| format!("{message}\n")).collect();
    script(&peer.url(), &text).stdout(stdout).run();
    peer.expect_nobody(std::time::Duration::from_millis(20));
}

/// Starts `text`, which must print `stdout` and nothing else.
pub fn expecting(peer: &Peer, stdout: &str, text: &str) -> Running {
    script(&peer.url(), text).stdout(stdout).spawn()
}

/// Starts `text` behind a connected client `c` that ends when a message comes: [`LAST`] or [`LAST_5`].
pub fn until_a_message(peer: &Peer, options: &str, stdout: &str, text: &str) -> Running {
    let start = format!("let c = mqtt.connect(\"BROKER\", #{{{options}}}); c.on(\"message\", || c.end());");
    script(&peer.url(), &format!("{start}\n{text}")).stdout(stdout).spawn()
}

/// The message that ends [`until_a_message`], below version 5.
pub const LAST: &[u8] = &[0x30, 3, 0, 1, b'z'];

/// The message that ends [`until_a_message`], version 5.
pub const LAST_5: &[u8] = &[0x30, 4, 0, 1, b'z', 0];
