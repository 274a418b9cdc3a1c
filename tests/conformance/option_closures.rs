//! Closures among the options that block the script themselves, while it may be blocked already.

use rumqttc_v4::{Packet, QoS};

use crate::prelude::{login, script};
use crate::support::packets::v4;
use crate::support::peer::Peer;

/// The script blocks on `c`, the closure of `c` blocks on `other`, and what `c` waits for arrives meanwhile or later.
#[test]
fn a_closure_may_block_on_another_client_while_the_script_blocks() {
    let (peer, tokens) = (Peer::listen(), Peer::listen());
    let running = script(
        &peer.url(),
        &format!(
            r#"
            let other = mqtt.connectAsync("{}");
            let c = mqtt.connect("BROKER", #{{
                username: "u",
                password: || {{ other.publishAsync("token", "", #{{qos: 1}}); other.publishAsync("token", ""); "secret" }}
            }});
            c.publishAsync("a", "b", #{{qos: 1}});
            console.log("published");
            c.endAsync();
            other.endAsync();
            "#,
            tokens.url()
        ),
    )
    .stdout("published\n")
    .spawn();
    let mut issuer = tokens.accept();
    issuer.handshake();
    assert_eq!(issuer.take_publish().topic, "token");
    assert_eq!(issuer.read_publish().topic, "token");
    let mut link = peer.accept();
    assert_eq!(link.handshake().auth, login("u", "secret"));
    assert_eq!(link.take_publish().topic, "a");
    link.expect_goodbye();
    issuer.expect_goodbye();
    running.finish();
}

/// While the closure blocks, what the outer call waits for comes in, and is not lost.
#[test]
fn what_the_outer_call_waits_for_may_arrive_while_a_closure_blocks() {
    let (peer, flaky) = (Peer::listen(), Peer::listen());
    let running = script(
        &peer.url(),
        &format!(
            r#"
            let main = mqtt.connectAsync("BROKER");
            let flaky = mqtt.connect("{}", #{{
                username: || {{ main.publishAsync("inner", "", #{{qos: 1}}); "u" }},
                manualConnect: true
            }});
            flaky.connect();
            main.publishAsync("outer", "", #{{qos: 1}});
            console.log("outer done");
            flaky.endAsync(true);
            main.endAsync();
            "#,
            flaky.url()
        ),
    )
    .stdout("outer done\n")
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    // Both are on their way; the outer one is acknowledged while the inner one still waits.
    let (first, second) = (link.read_publish(), link.read_publish());
    assert_eq!((&first.topic[..], &second.topic[..]), (&b"outer"[..], &b"inner"[..]));
    link.send(v4::puback(first.pkid));
    link.send(v4::puback(second.pkid));
    link.expect_goodbye();
    running.finish();
}

#[test]
fn a_closure_that_waits_for_its_own_client_is_told() {
    for (call, name) in [
        (r#"c.publishAsync("a", "b")"#, "publishAsync"),
        (r#"c.subscribeAsync("a")"#, "subscribeAsync"),
        (r#"c.unsubscribeAsync("a")"#, "unsubscribeAsync"),
        ("c.endAsync()", "endAsync"),
    ] {
        let peer = Peer::listen();
        let text = format!("let c = (); c = mqtt.connect(\"BROKER\", #{{username: || {{ {call}; \"u\" }}}});");
        let outcome = script(&peer.url(), &text).outcome();
        let wanted = format!(
            "error: `{name}` would wait for ever: its client waits for this option or stream before it can connect\n"
        );
        assert!(outcome.code == Some(1) && outcome.stderr.starts_with(&wanted), "{outcome}");
        peer.expect_nobody(std::time::Duration::from_millis(1));
    }
}

#[test]
fn a_closure_may_sleep_while_messages_arrive() {
    let (peer, other) = (Peer::listen(), Peer::listen());
    let mut running = script(
        &peer.url(),
        &format!(
            r#"
            let c = mqtt.connectAsync("BROKER");
            c.on("message", |topic| console.log("message", topic));
            let slow = mqtt.connect("{}", #{{username: || {{ sleep(0.05); "u" }}}});
            slow.on("connect", || {{ console.log("slow is there"); slow.end(); c.end(); }});
            c.subscribeAsync("a");
            console.log("subscribed");
            "#,
            other.url()
        ),
    )
    .stdout("subscribed\nmessage a\nslow is there\n")
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    link.grant();
    link.send(v4::publish("a", QoS::AtMostOnce, 0, ""));
    running.wait_for_line("message a");
    let mut slow = other.accept();
    slow.handshake();
    slow.expect_goodbye();
    link.expect(Packet::Disconnect);
    running.finish();
}
