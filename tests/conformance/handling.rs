use std::time::Duration;

use crate::prelude::script;
use crate::support::packets::v4;
use crate::support::peer::Peer;
use crate::wire::{GOODBYE, accept, ack, next_id, p2, publish, success};

const PUBACK: u8 = 0x40;
const PUBREC: u8 = 0x50;
const PUBREL: u8 = 0x62;
const PUBCOMP: u8 = 0x70;
const QOS_1: u8 = 2;
const QOS_2: u8 = 4;

/// T38. As in MQTT.js: serial, in order, acknowledged when it is done.
#[test]
fn the_next_message_waits_until_handle_message_is_done() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5});
        let held = ();
        c.on("message", |topic, message| console.log("message", "" + message));
        c.handleMessage = |packet, done| {
            console.log("handle", "" + packet.payload);
            if held == () { held = done; } else { done.call(); }
        };
        process.stdin.on("line", |line| { console.log("done"); held.call(); });
    "#;
    let stdout = "message 1\nhandle 1\ndone\nmessage 2\nhandle 2\nmessage 3\nhandle 3\n";
    let mut running = script(&peer.url(), text).stdout(stdout).code(143).spawn();
    let mut link = accept(&peer, &[]);
    for id in 1..=3 {
        link.send_bytes(&publish(QOS_1, "a", id, &[], &id.to_string()));
    }
    running.wait_for_line("handle 1");
    link.expect_silence(Duration::from_millis(50));
    running.stdin_line("go");
    for id in 1..=3 {
        link.expect_bytes(&success(PUBACK, id));
    }
    running.signal(rustix::process::Signal::TERM);
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}

/// MQTT.js drops the error; the message stays unacknowledged, and the next one comes.
#[test]
fn done_with_an_error_leaves_a_message_unacknowledged() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5});
        c.on("error", |error| console.log("error"));
        c.handleMessage = |packet, done| {
            if packet.messageId == 1 { done.call(Error("no")); } else { done.call(()); c.end(); }
        };
    "#;
    let running = script(&peer.url(), text).spawn();
    let mut link = accept(&peer, &[]);
    link.send_bytes(&publish(QOS_1, "a", 1, &[], "x"));
    link.send_bytes(&publish(QOS_1, "a", 2, &[], "x"));
    link.expect_bytes(&success(PUBACK, 2));
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}

#[test]
fn pubcomp_follows_when_handle_message_is_done() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.handleMessage = |packet, done| {
            c.publish("working", "", #{qos: 1}, |error, packet| { done.call(); done.call(); c.end(); });
        };
    "#;
    let running = script(&peer.url(), text).spawn();
    let mut link = peer.accept();
    link.handshake();
    link.send(v4::publish("a", rumqttc_v4::QoS::ExactlyOnce, 7, "x"));
    link.expect(v4::pubrec(7));
    link.send(v4::pubrel(7));
    assert_eq!(&link.take_publish().topic[..], b"working");
    link.expect(v4::pubcomp(7));
    link.expect_goodbye();
    running.finish();
}

/// In MQTT.js nothing is answered while it waits: a handler that waits for the broker waits for ever.
#[test]
fn answers_come_in_whatever_waits_for_done() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        let handled = 0;
        c.handleMessage = |packet, done| {
            handled += 1;
            if handled == 1 { c.subscribe("b", |error, granted| { console.log(granted[0].topic); done.call(); }); return; }
            done.call();
            if handled == 6000 { c.end(); }
        };
    "#;
    let running = script(&peer.url(), text).stdout("b\n").spawn();
    let mut link = peer.accept();
    link.handshake();
    // More than is read for a script that lags behind.
    let messages = [0x30, 4, 0, 1, b'a', b'x'].repeat(6000);
    link.send_bytes(&messages);
    link.grant();
    link.expect_goodbye();
    running.finish();
}

#[test]
fn the_program_goes_on_while_a_message_waits_for_done() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{keepalive: 1, reconnectPeriod: 10});
        let kept = [];
        c.handleMessage = |packet, done| kept.push(done);
        c.on("message", |topic, message| console.log("" + message));
        c.on("close", || { console.log("close"); c.end(true); });
    "#;
    let running = script(&peer.url(), text).stdout("1\nclose\n").spawn();
    let mut link = peer.accept();
    link.handshake();
    link.send(v4::publish("a", rumqttc_v4::QoS::AtMostOnce, 0, "1"));
    link.send(v4::publish("a", rumqttc_v4::QoS::AtMostOnce, 0, "2"));
    link.expect(rumqttc_v4::Packet::PingReq);
    link.send(rumqttc_v4::Packet::PingResp);
    link.close();
    running.finish();
}

#[test]
fn end_does_not_wait_for_ever_for_done() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{endTimeout: 50});
        c.handleMessage = |packet, done| { c.end(false, || { console.log("ended"); done.call(); }); };
        c.on("message", |topic, message| console.log("" + message));
    "#;
    let running = script(&peer.url(), text).stdout("1\nended\n").spawn();
    let mut link = peer.accept();
    link.handshake();
    link.send(v4::publish("a", rumqttc_v4::QoS::AtLeastOnce, 1, "1"));
    link.send(v4::publish("a", rumqttc_v4::QoS::AtLeastOnce, 2, "2"));
    link.expect_goodbye();
    running.finish();
}

#[test]
fn handle_message_can_be_taken_away_and_must_be_a_function() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        thrown(|| c.handleMessage = 5);
        thrown(|| c.handleMessage = |a, b, c| 1);
        c.handleMessage = |packet, done| console.log("not called");
        c.handleMessage = ();
        console.log(c.handleMessage);
        c.on("message", || c.end());
    "#;
    let stdout = "TypeError: `handleMessage` takes a function but got an integer\n\
                  TypeError: `handleMessage` takes 3 parameters, but it is given 2 (packet, done)\nundefined\n";
    let running = script(&peer.url(), text).stdout(stdout).spawn();
    let mut link = peer.accept();
    link.handshake();
    link.send(v4::publish("a", rumqttc_v4::QoS::AtLeastOnce, 1, "1"));
    link.expect(v4::puback(1));
    link.expect_goodbye();
    running.finish();
}

#[test]
fn an_error_in_handle_message_ends_the_program_with_its_place() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.handleMessage = |packet, done| throw "no";
    "#;
    let running = script(&peer.url(), text).code(1).spawn();
    let mut link = peer.accept();
    link.handshake();
    link.send(v4::publish("a", rumqttc_v4::QoS::AtMostOnce, 0, "1"));
    link.expect_closed();
    let stderr = running.outcome().stderr;
    assert!(stderr.contains("in the `handleMessage` set at main.rhai:3:"), "{stderr}");
}

const ACKS: &str = r#"
    let acks = |topic, message, packet, done| {
        console.log("acks", topic, "" + message, packet.qos);
        done.call(JSON.parse("" + message));
    };
    let c = mqtt.connect("BROKER", #{protocolVersion: VERSION, customHandleAcks: acks});
    c.on("message", |topic, message| console.log("message", "" + message));
    c.on("error", |error| { console.log(error.message); c.end(); });
"#;

#[test]
fn puback_has_the_code_that_the_script_chose() {
    let peer = Peer::listen();
    let stdout =
        "message 7\nacks a 0 1\nmessage 0\nacks a 16 1\nacks a 135 1\nacks a 17 1\nWrong reason code for puback\n";
    let running = script(&peer.url(), &ACKS.replace("VERSION", "5")).stdout(stdout).spawn();
    let mut link = accept(&peer, &[]);
    link.send_bytes(&publish(0, "a", 0, &[], "7"));
    for code in ["0", "16", "135", "17"] {
        link.send_bytes(&publish(QOS_1, "a", 1 + code.len() as u16, &[], code));
    }
    link.expect_bytes(&success(PUBACK, 2));
    link.expect_bytes(&ack(PUBACK, 3, 16, &[]));
    link.expect_bytes(&ack(PUBACK, 4, 135, &[]));
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}

#[test]
fn pubrec_has_the_code_that_the_script_chose() {
    let peer = Peer::listen();
    let stdout = "acks a 0 2\nacks a 16 2\nacks a 151 2\nmessage 0\nacks a 1 2\nWrong reason code for pubrec\n";
    let running = script(&peer.url(), &ACKS.replace("VERSION", "5")).stdout(stdout).spawn();
    let mut link = accept(&peer, &[]);
    for (id, code) in [(1, "0"), (2, "16"), (3, "151")] {
        link.send_bytes(&publish(QOS_2, "a", id, &[], code));
    }
    link.expect_bytes(&success(PUBREC, 1));
    link.expect_bytes(&ack(PUBREC, 2, 16, &[]));
    link.expect_bytes(&ack(PUBREC, 3, 151, &[]));
    link.send_bytes(&success(PUBREL, 1));
    link.expect_bytes(&success(PUBCOMP, 1));
    link.send_bytes(&success(PUBREL, 2));
    link.expect_bytes(&success(PUBCOMP, 2));
    link.send_bytes(&publish(QOS_2, "a", 4, &[], "1"));
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}

/// Below version 5 an acknowledgement has no code: as in MQTT.js nobody is asked, but whoever expects it is told.
#[test]
fn nobody_is_asked_below_version_5() {
    let peer = Peer::listen();
    let text = ACKS.replace("VERSION", "4") + r#"c.on("message", |topic, message| if message == "2" { c.end(); });"#;
    let running = script(&peer.url(), &text)
        .stdout("message 128\nmessage 2\n")
        .stderr(
            "warning: `customHandleAcks` has no effect below MQTT 5\n\
             help: add `protocolVersion: 5` to the connect options\n",
        )
        .spawn();
    let mut link = peer.accept();
    link.handshake();
    link.send(v4::publish("a", rumqttc_v4::QoS::AtLeastOnce, 1, "128"));
    link.expect(v4::puback(1));
    link.send(v4::publish("a", rumqttc_v4::QoS::ExactlyOnce, 2, "2"));
    link.expect(v4::pubrec(2));
    link.send(v4::pubrel(2));
    link.expect(v4::pubcomp(2));
    link.expect_goodbye();
    running.finish();
}

#[test]
fn an_error_instead_of_a_code_is_an_error_event() {
    let peer = Peer::listen();
    let text = r#"
        let acks = |topic, message, packet, done| done.call(Error("bad " + message), 0);
        let c = mqtt.connect("BROKER", #{protocolVersion: 5, customHandleAcks: acks});
        c.on("message", || console.log("no message"));
        c.on("error", |error| { console.log(error.message); if error.message == "bad 2" { c.end(); } });
    "#;
    let running = script(&peer.url(), text).stdout("bad 1\nbad 2\n").spawn();
    let mut link = accept(&peer, &[]);
    link.send_bytes(&publish(QOS_1, "a", 1, &[], "1"));
    link.send_bytes(&publish(QOS_2, "a", 2, &[], "2"));
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}

/// `done` may come from a timer; what arrived meanwhile waits behind it, in order.
#[test]
fn acknowledgements_may_be_decided_later() {
    let peer = Peer::listen();
    let text = r#"
        let acks = |topic, message, packet, done| {
            console.log("acks", "" + message);
            set_timeout(|| done.call((), if message == "2" { 128 } else { 0 }), 5);
        };
        let c = mqtt.connect("BROKER", #{protocolVersion: 5, customHandleAcks: acks});
        c.handleMessage = |packet, done| { set_timeout(done, 5); if packet.payload == "4" { c.end(); } };
        c.on("message", |topic, message| console.log("message", "" + message));
    "#;
    let stdout = "acks 1\nmessage 1\nacks 2\nacks 3\nmessage 4\n";
    let running = script(&peer.url(), text).stdout(stdout).spawn();
    let mut link = accept(&peer, &[]);
    link.send_bytes(&publish(QOS_1, "a", 1, &[], "1"));
    link.send_bytes(&publish(QOS_1, "a", 2, &[], "2"));
    link.send_bytes(&publish(QOS_2, "a", 3, &[], "3"));
    link.send_bytes(&publish(0, "a", 0, &[], "4"));
    link.expect_bytes(&success(PUBACK, 1));
    link.expect_bytes(&ack(PUBACK, 2, 128, &[]));
    link.expect_bytes(&success(PUBREC, 3));
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}

/// A QoS 2 message belongs to the session: it is asked about once, and answered on the connection there is.
#[test]
fn a_decision_outlives_the_connection() {
    let peer = Peer::listen();
    let text = r#"
        let later = ();
        let acks = |topic, message, packet, done| { console.log("acks"); later = done; };
        let options = #{protocolVersion: 5, clean: false, clientId: "me", reconnectPeriod: 10, customHandleAcks: acks};
        let c = mqtt.connect("BROKER", options);
        c.on("connect", |connack| if connack.sessionPresent { set_timeout(|| later.call(0), 20); });
        c.on("message", |topic, message| { console.log("" + message); c.end(); });
    "#;
    let mut running = script(&peer.url(), text).stdout("acks\nx\n").spawn();
    let mut link = accept(&peer, &[]);
    link.send_bytes(&publish(QOS_2, "a", 9, &[], "x"));
    running.wait_for_line("acks");
    link.close();
    let mut link = peer.accept_v5();
    link.read_connect();
    link.send_bytes(&crate::wire::packet(0x20, &[&[1, 0, 0]]));
    link.send_bytes(&publish(QOS_2 | 8, "a", 9, &[], "x"));
    link.expect_bytes(&success(PUBREC, 9));
    link.send_bytes(&success(PUBREL, 9));
    link.expect_bytes(&success(PUBCOMP, 9));
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}

#[test]
fn custom_acks_must_be_a_function() {
    let text = r#"
        thrown(|| mqtt.connect("mqtt://127.0.0.1:1", #{customHandleAcks: 1}));
        thrown(|| mqtt.connect("mqtt://127.0.0.1:1", #{protocolVersion: 5, customHandleAcks: |a, b, c, d, e| 1}));
    "#;
    let stdout = "Error: option `customHandleAcks` takes a function but got 1\n\
        TypeError: `customHandleAcks` takes 5 parameters, but it is given 4 (topic, message, packet, done)\n";
    script("", text).stdout(stdout).run();
}

/// Nothing else would show why the program is silent.
#[test]
fn a_done_that_nothing_can_call_any_more_is_told() {
    for (name, acks) in [("handleMessage", "()"), ("customHandleAcks", "|topic, message, packet, done| ()")] {
        let peer = Peer::listen();
        let text = r#"
            let c = mqtt.connect("BROKER", #{protocolVersion: 5, endTimeout: 50, customHandleAcks: ACKS});
            c.handleMessage = |packet, done| { let later = || done.call(); };
            set_timeout(|| c.end(), 100);
        "#;
        let running = script(&peer.url(), &text.replace("ACKS", acks)).spawn();
        let mut link = accept(&peer, &[]);
        link.send_bytes(&publish(QOS_1, "a", 1, &[], "1"));
        link.expect_bytes(GOODBYE);
        link.close();
        let outcome = running.outcome();
        let warning =
            format!("warning: `{name}` did not call its `done` for topic `a`: no other message is handed out");
        assert!(outcome.stderr.starts_with(&warning), "{outcome}");
    }
}

/// The Receive Maximum of CONNECT is a limit for the broker `[MQTT-3.3.4-9]`.
#[test]
fn a_broker_that_sends_more_than_receive_maximum_is_left() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5, properties: #{receiveMaximum: 2}});
        let kept = [];
        c.handleMessage = |packet, done| kept.push(done);
        c.on("error", |error| { console.log(error.message, error.code); c.end(true); });
    "#;
    let stdout = "Receive Maximum exceeded: 3 inbound QoS 2 messages in flight, receiveMaximum is 2 147\n";
    let running = script(&peer.url(), text).stdout(stdout).spawn();
    let mut link = accept(&peer, &[]);
    for id in 1..=3 {
        link.send_bytes(&publish(QOS_2, "a", id, &[], "x"));
    }
    let last = std::iter::from_fn(|| link.next()).last();
    assert!(matches!(&last, Some(rumqttc_v5::Packet::Disconnect(why)) if why.reason_code as u8 == 147), "{last:?}");
    running.finish();
}

/// As in MQTT.js: mosquitto 2.0 does it, and each new connection would end in the same way.
#[test]
fn more_messages_of_qos_1_than_receive_maximum_are_taken() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5, properties: #{receiveMaximum: 2}});
        // All three are there before the first one is answered.
        c.handleMessage = |packet, done| set_timeout(|| { done.call(); if packet.messageId == 3 { c.end(); } }, 100);
    "#;
    let running = script(&peer.url(), text).spawn();
    let mut link = accept(&peer, &[]);
    for id in 1..=3 {
        link.send_bytes(&publish(QOS_1, "a", id, &[], "x"));
    }
    for id in 1..=3 {
        link.expect_bytes(&success(PUBACK, id));
    }
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}

#[test]
fn a_broker_that_keeps_to_receive_maximum_is_served_for_ever() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5, properties: #{receiveMaximum: 1}});
        c.on("message", |topic, message| if message == "5" { c.end(); });
    "#;
    let running = script(&peer.url(), text).spawn();
    let mut link = accept(&peer, &[p2(33, 10)]);
    for id in 1..=5 {
        let (flags, payload) = if id % 2 == 0 { (QOS_2, "x".to_string()) } else { (QOS_1, id.to_string()) };
        link.send_bytes(&publish(flags, "a", id, &[], &payload));
        if flags == QOS_1 {
            link.expect_bytes(&success(PUBACK, id));
        } else {
            link.expect_bytes(&success(PUBREC, id));
            link.send_bytes(&success(PUBREL, id));
            link.expect_bytes(&success(PUBCOMP, id));
        }
    }
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}

/// A callback that waits for an answer of the broker in the middle of handling, as with `...Async`.
#[test]
fn handle_message_may_block() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5});
        c.handleMessage = |packet, done| {
            c.publishAsync("copy", packet.payload, #{qos: 1});
            done.call();
            if packet.payload == "2" { c.end(); }
        };
    "#;
    let running = script(&peer.url(), text).spawn();
    let mut link = accept(&peer, &[]);
    link.send_bytes(&publish(QOS_1, "a", 1, &[], "1"));
    link.send_bytes(&publish(QOS_1, "a", 2, &[], "2"));
    for id in [1, 2] {
        let copy = next_id(&mut link, "copy");
        link.send_bytes(&success(PUBACK, copy));
        link.expect_bytes(&success(PUBACK, id));
    }
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}
