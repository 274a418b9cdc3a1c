use crate::prelude::script;
use crate::support::link::{Link, V5};
use crate::support::packets::v5;
use crate::support::peer::Peer;
use crate::wire::{GOODBYE, accept, complaint, connack, p1, pair, ps, publish, reason};

const AUTH: u8 = 0xF0;
const METHOD: u8 = 21;
const DATA: u8 = 22;

/// AUTH with the method `m` and data.
fn auth(code: u8, data: &str) -> Vec<u8> {
    reason(AUTH, code, &[ps(METHOD, "m"), ps(DATA, data)])
}

/// A script that connects with the method `m`; `handleAuth` adds a letter to what it is given.
fn with_method(peer: &Peer, text: &str) -> crate::support::script::Script {
    let before = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5, reconnectPeriod: 10,
            properties: #{authenticationMethod: "m", authenticationData: "a"}});
        c.handleAuth = |packet, done| {
            console.log("auth", packet.reasonCode, packet.properties.authenticationMethod, "" + packet.properties.authenticationData);
            done.call((), #{reasonCode: 24, properties: #{
                authenticationMethod: "m", authenticationData: packet.properties.authenticationData + "x"}});
        };
        c.on("error", |error| console.log("error", error.message, error.code));
    "#;
    script(&peer.url(), &format!("{before}\n{text}"))
}

fn read_connect(peer: &Peer) -> Link<V5> {
    let mut link = peer.accept_v5();
    let connect = link.read_connect();
    let given = connect.connect.properties.expect("CONNECT has properties");
    assert_eq!(given.authentication_method.as_deref(), Some("m"));
    assert_eq!(given.authentication_data.as_deref(), Some(&b"a"[..]));
    link
}

#[test]
fn the_broker_and_the_script_take_turns_until_connack() {
    let peer = Peer::listen();
    let text = r#"c.on("connect", |connack| { console.log("connect", "" + connack.properties.authenticationData); c.end(); });"#;
    let stdout = "auth 24 m 1\nauth 24 m 2\nauth 0 m 3\nconnect 4\n";
    let running = with_method(&peer, text).stdout(stdout).spawn();
    let mut link = read_connect(&peer);
    link.send_bytes(&auth(24, "1"));
    link.expect_bytes(&auth(24, "1x"));
    link.send_bytes(&auth(24, "2"));
    link.expect_bytes(&auth(24, "2x"));
    // Nothing to answer.
    link.send_bytes(&auth(0, "3"));
    link.send_bytes(&connack(0, &[ps(METHOD, "m"), ps(DATA, "4")]));
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}

#[test]
fn the_answer_may_come_later_and_leave_out_what_is_known() {
    let peer = Peer::listen();
    let text = r#"
        c.handleAuth = |packet, done| {
            set_timeout(|| { done.call((), #{properties: #{authenticationData: "later"}}); done.call(Error("no")); }, 5);
        };
        c.on("connect", || c.end());
    "#;
    let running = with_method(&peer, text).spawn();
    let mut link = read_connect(&peer);
    link.send_bytes(&auth(24, "1"));
    link.expect_bytes(&auth(24, "later"));
    link.send_bytes(&connack(0, &[]));
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}

/// What a script does with MQTT.js's packet: change it and hand it back.
#[test]
fn the_packet_itself_may_be_handed_back() {
    let peer = Peer::listen();
    let text = r#"
        c.handleAuth = |packet, done| {
            packet.properties.authenticationData = "changed";
            packet.properties.userProperties = #{k: "v"};
            done.call((), packet);
        };
        c.on("connect", || c.end());
    "#;
    let running = with_method(&peer, text).spawn();
    let mut link = read_connect(&peer);
    link.send_bytes(&auth(24, "1"));
    let answer = match link.read() {
        rumqttc_v5::Packet::Auth(auth) => auth.properties.expect("the answer has properties"),
        other => panic!("{other:?}"),
    };
    assert_eq!(answer.method.as_deref(), Some("m"));
    assert_eq!(answer.data.as_deref(), Some(&b"changed"[..]));
    assert_eq!(answer.user_properties, [("k".to_string(), "v".to_string())]);
    link.send_bytes(&connack(0, &[]));
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}

#[test]
fn an_error_leaves_the_broker_and_the_next_attempt_begins_anew() {
    let peer = Peer::listen();
    let text = r#"
        let first = true;
        c.handleAuth = |packet, done| {
            if first { first = false; done.call(TypeError("not you")); } else { done.call((), #{properties: #{authenticationData: "ok"}}); }
        };
        c.removeAllListeners("error");
        c.on("offline", || console.log("offline"));
        c.on("error", |error| console.log("" + error));
        c.on("close", || console.log("close"));
        c.on("connect", || c.end());
    "#;
    let text = text
        .replace("TypeError(\"not you\")", "#{message: \"not you\", why: 7}")
        .replace("\"\" + error", "error.message, error.why");
    let running = with_method(&peer, &text).stdout("offline\nnot you 7\nclose\nclose\n").spawn();
    let mut link = read_connect(&peer);
    link.send_bytes(&auth(24, "1"));
    link.expect_closed();
    let mut link = read_connect(&peer);
    link.send_bytes(&auth(24, "2"));
    link.expect_bytes(&auth(24, "ok"));
    link.send_bytes(&connack(0, &[]));
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}

/// Each row: who is asked what, MQTT.js's words for it, and whether the broker is to blame, which is told then.
#[test]
fn authentication_packets_that_cannot_be() {
    let ask = r#"c.once("close", || c.end(true));"#;
    let cases = [
        (r#"c.handleAuth = ();"#, auth(24, "1"), "No auth packet to continue the authentication exchange", false),
        (
            r#"c.handleAuth = |packet, done| done.call();"#,
            auth(24, "1"),
            "No auth packet to continue the authentication exchange",
            false,
        ),
        ("", auth(25, "1"), "Auth packet reason code 25 is not one a broker may send", true),
        (
            "",
            reason(AUTH, 24, &[ps(METHOD, "other")]),
            "Auth packet Authentication Method does not match the \"m\" sent in CONNECT",
            true,
        ),
        ("", reason(AUTH, 24, &[]), "Auth packet Authentication Method does not match the \"m\" sent in CONNECT", true),
    ];
    for (text, packet, message, broker_is_to_blame) in cases {
        let peer = Peer::listen();
        let stdout = format!("error Protocol error: {message} 130\n");
        let running = with_method(&peer, &format!("{text}{ask}")).stdout(stdout).spawn();
        let mut link = read_connect(&peer);
        link.send_bytes(&packet);
        if broker_is_to_blame {
            link.expect_bytes(&complaint(130));
        }
        link.expect_closed();
        running.finish();
    }
}

#[test]
fn an_answer_that_is_no_packet_is_an_error_of_the_script() {
    let peer = Peer::listen();
    let text = r#"c.handleAuth = |packet, done| done.call((), #{propertys: #{}});"#;
    let running = with_method(&peer, text).code(1).spawn();
    let mut link = read_connect(&peer);
    link.send_bytes(&auth(24, "1"));
    link.expect_closed();
    let stderr = running.outcome().stderr;
    assert!(stderr.contains("the answer of `handleAuth` has no option `propertys`"), "{stderr}");
    assert!(stderr.contains("did you mean `properties`?"), "{stderr}");
}

#[test]
fn without_an_answer_the_connect_timeout_ends_the_attempt() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5, connectTimeout: 50, reconnectPeriod: 0,
            properties: #{authenticationMethod: "m", authenticationData: "a"}});
        c.handleAuth = |packet, done| {};
        c.on("error", |error| console.log(error.message));
    "#;
    let running = script(&peer.url(), text).stdout("connack timeout\n").spawn();
    let mut link = read_connect(&peer);
    link.send_bytes(&auth(24, "1"));
    link.expect_closed();
    running.finish();
}

#[test]
fn a_refusal_ends_the_exchange() {
    let peer = Peer::listen();
    let text = r#"c.on("error", |error| console.log(c.serverProperties.reasonString));"#;
    let stdout = "auth 24 m 1\nerror Connection refused: Not authorized 135\nwrong\n";
    let running = with_method(&peer, text).stdout(stdout).spawn();
    let mut link = read_connect(&peer);
    link.send_bytes(&auth(24, "1"));
    link.expect_bytes(&auth(24, "1x"));
    link.send_bytes(&connack(135, &[ps(31, "wrong")]));
    link.expect_closed();
    running.finish();
}

#[test]
fn handle_auth_answers_while_the_script_blocks() {
    let peer = Peer::listen();
    let text = r#"
        c.subscribeAsync("a");
        console.log("subscribed");
        c.endAsync();
    "#;
    let running = with_method(&peer, text).stdout("auth 24 m 1\nauth 24 m 2\nsubscribed\n").spawn();
    let mut link = read_connect(&peer);
    link.send_bytes(&auth(24, "1"));
    link.expect_bytes(&auth(24, "1x"));
    link.send_bytes(&connack(0, &[]));
    let id = match link.read() {
        rumqttc_v5::Packet::Subscribe(subscribe) => subscribe.pkid,
        other => panic!("{other:?}"),
    };
    // The broker has the client authenticate again in the middle.
    link.send_bytes(&auth(24, "2"));
    link.expect_bytes(&auth(24, "2x"));
    link.send(v5::suback(id, &[rumqttc_v5::QoS::AtMostOnce]));
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}

#[test]
fn a_script_authenticates_again_on_a_live_connection() {
    let peer = Peer::listen();
    let text = r#"
        c.on("connect", || {
            c.reauthenticate(#{authenticationData: "again"}, |error, packet| {
                console.log(error, packet.cmd, packet.reasonCode, "" + packet.properties.authenticationData);
                c.end();
            });
            c.reauthenticate(|error| console.log(error.message));
            c.publish("a", "goes on meanwhile");
        });
    "#;
    let stdout = "a re-authentication is going on already\nauth 24 m 1\nauth 0 m 2\nundefined auth 0 2\n";
    let running = with_method(&peer, text).stdout(stdout).spawn();
    let mut link = read_connect(&peer);
    link.send_bytes(&connack(0, &[]));
    link.expect_bytes(&auth(25, "again"));
    link.expect_bytes(&publish(0, "a", 0, &[], "goes on meanwhile"));
    link.send_bytes(&auth(24, "1"));
    link.expect_bytes(&auth(24, "1x"));
    link.send_bytes(&auth(0, "2"));
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}

#[test]
fn re_authentication_fails_with_its_connection() {
    let peer = Peer::listen();
    let text = r#"
        c.once("connect", || c.reauthenticate((), |error, packet| { console.log(error.message, packet); c.end(true); }));
        c.on("disconnect", |packet| console.log("disconnect", packet.reasonCode));
    "#;
    let running = with_method(&peer, text).stdout("disconnect 135\nConnection closed undefined\n").spawn();
    let mut link = read_connect(&peer);
    link.send_bytes(&connack(0, &[]));
    link.expect_bytes(&reason(AUTH, 25, &[ps(METHOD, "m")]));
    link.send_bytes(&reason(0xE0, 135, &[]));
    link.close();
    running.finish();
}

/// The script is busy, and does not know that the connection is gone.
#[test]
fn re_authentication_fails_if_its_connection_is_gone_already() {
    let peer = Peer::listen();
    let text = r#"
        c.on("connect", || {
            let since = performance.now();
            while performance.now() - since < 200 {}
            c.reauthenticate((), |error| { console.log(error.message); c.end(true); });
        });
    "#;
    let running = with_method(&peer, text).stdout("Connection closed\n").spawn();
    let mut link = read_connect(&peer);
    link.send_bytes(&connack(0, &[]));
    link.close();
    running.finish();
}

#[test]
fn re_authentication_needs_a_connection_and_a_method() {
    let text = r#"
        let c = mqtt.connect("mqtt://127.0.0.1:1", #{manualConnect: true, protocolVersion: 5});
        thrown(|| c.reauthenticate());
        let c = mqtt.connect("mqtt://127.0.0.1:1", #{manualConnect: true, protocolVersion: 5,
            properties: #{authenticationMethod: "m"}});
        c.reauthenticate(#{}, |error| console.log(error.message));
        thrown(|| c.reauthenticate(#{authenticationDatum: "x"}));
    "#;
    let stdout = "Error: `reauthenticate` needs an authentication method in the connect options\n\
                  Error: `reauthenticate` has no option `authenticationDatum`\nNo connection to broker\n";
    script("", text).stdout(stdout).run();
}

#[test]
fn auth_packet_follows_connect() {
    for (properties, sent) in
        [("authenticationMethod: \"m\", authenticationData: \"a\"", true), ("receiveMaximum: 5", false)]
    {
        let peer = Peer::listen();
        let text = r#"
            let c = mqtt.connect("BROKER", #{protocolVersion: 5, properties: #{PROPERTIES},
                authPacket: #{reasonCode: 24, properties: #{authenticationMethod: "m", authenticationData: "z"}}});
            c.on("connect", || c.end());
        "#;
        let running = script(&peer.url(), &text.replace("PROPERTIES", properties)).spawn();
        let mut link = peer.accept_v5();
        link.read_connect();
        if sent {
            link.expect_bytes(&auth(24, "z"));
        }
        link.send_bytes(&connack(0, &[]));
        link.expect_bytes(GOODBYE);
        link.close();
        running.finish();
    }
}

#[test]
fn data_without_a_method_is_refused_before_dialling() {
    let text = r#"
        thrown(|| mqtt.connect("mqtt://127.0.0.1:1", #{protocolVersion: 5, properties: #{authenticationData: "a"}}));
        thrown(|| mqtt.connect("mqtt://127.0.0.1:1", #{protocolVersion: 5, authPacket: 5}));
    "#;
    let stdout =
        "Error: Packet has no Authentication Method\nError: option `authPacket` takes a map `#{...}` but got 5\n";
    script("", text).stdout(stdout).run();
}

#[test]
fn authentication_that_was_not_asked_for_is_a_violation() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5});
        c.handleAuth = |packet, done| console.log("not called");
        c.on("error", |error| { console.log(error.message, error.code); c.end(true); });
    "#;
    let stdout = "Protocol error: Auth packet received but enhanced authentication was not requested 130\n";
    let running = script(&peer.url(), text).stdout(stdout).spawn();
    let mut link = accept(&peer, &[p1(37, 1), pair("a", "b")]);
    link.send_bytes(&auth(24, "1"));
    link.expect_bytes(&complaint(130));
    link.expect_closed();
    running.finish();
}

/// `end()` in the middle of the exchange says goodbye to the broker.
#[test]
fn end_stops_an_exchange() {
    let peer = Peer::listen();
    let text = r#"c.handleAuth = |packet, done| c.end(|| console.log("ended"));"#;
    let running = with_method(&peer, text).stdout("ended\n").spawn();
    let mut link = read_connect(&peer);
    link.send_bytes(&auth(24, "1"));
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}
