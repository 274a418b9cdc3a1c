use rumqttc_v4::{Packet, QoS};

use crate::prelude::script;
use crate::prelude::{ends, prints, traced};
use crate::support::link::{Link, V5};
use crate::support::packets::v4;
use crate::support::peer::Peer;

/// T10, but in call order, and `connect` does not wait for the backlog.
#[test]
fn calls_before_connack_go_out_in_call_order() {
    let peer = Peer::listen();
    let running = traced(
        &peer,
        "",
        r#"c.publish("q", "a", |error, packet| console.log("a", error, packet));
        c.publish("q", "b", #{qos: 1}, |error, packet| console.log("b", error, packet.cmd));
        c.publish("q", "c", #{qos: 2}, |error, packet| console.log("c", error, packet.cmd));
        c.subscribe("t/#", #{qos: 2}, |error, granted| console.log("d", error, JSON.stringify(granted)));
        c.unsubscribe("u", |error, packet| { console.log("e", error, packet.cmd); c.end(); });"#,
    );
    let mut link = peer.accept();
    link.handshake();
    for (payload, qos) in [("a", QoS::AtMostOnce), ("b", QoS::AtLeastOnce), ("c", QoS::ExactlyOnce)] {
        let publish = link.read_publish();
        assert_eq!((&publish.payload[..], publish.qos), (payload.as_bytes(), qos));
        match qos {
            QoS::AtMostOnce => {}
            QoS::AtLeastOnce => link.send(v4::puback(publish.pkid)),
            QoS::ExactlyOnce => link.send(v4::pubrec(publish.pkid)),
        }
    }
    link.grant();
    let Packet::Unsubscribe(unsubscribe) = link.read() else { panic!("UNSUBSCRIBE was due") };
    let Packet::PubRel(release) = link.read() else { panic!("PUBREL was due") };
    link.send(v4::pubcomp(release.pkid));
    link.send(v4::unsuback(unsubscribe.pkid));
    link.expect_goodbye();
    ends(
        running,
        0,
        r#"connect connected
        a undefined undefined
        b undefined publish
        d undefined [{"qos":2,"topic":"t/#"}]
        c undefined pubrel
        e undefined unsuback
        close disconnecting
        end disconnecting disconnected"#,
    );
}

/// T12, T27: what is held is not asked for again, and its callback has the QoS held instead of `[]`.
#[test]
fn a_filter_that_is_held_is_not_asked_for_again() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER");
        fn show(what, granted, packet) { console.log(what, JSON.stringify(granted), packet == ()); }
        c.subscribe("a", #{qos: 1}, |error, granted, packet| {
            show("first", granted, packet);
            c.subscribe("a", #{qos: 1}, |error, granted, packet| show("same", granted, packet));
            c.subscribe("a", |error, granted, packet| show("lower", granted, packet));
            c.subscribe(["a", "b"], #{qos: 1}, |error, granted, packet| show("one more", granted, packet));
            c.subscribe("a", #{qos: 2}, |error, granted, packet| { show("higher", granted, packet); c.end(); });
        });
        "#,
    )
    .stdout(
        "first [{\"qos\":1,\"topic\":\"a\"}] false\n\
         same [{\"qos\":1,\"topic\":\"a\"}] true\n\
         lower [{\"qos\":1,\"topic\":\"a\"}] true\n\
         one more [{\"qos\":1,\"topic\":\"a\"},{\"qos\":1,\"topic\":\"b\"}] false\n\
         higher [{\"qos\":2,\"topic\":\"a\"}] false\n",
    )
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    let mut asked = || link.grant().into_iter().map(|f| format!("{} {}", f.path, f.qos as u8)).collect::<Vec<_>>();
    assert_eq!(asked(), ["a 1"]);
    assert_eq!(asked(), ["b 1"]);
    assert_eq!(asked(), ["a 2"]);
    link.expect_goodbye();
    running.finish();
}

/// T19, T34: order kept, DUP set, `connect` first, one SUBSCRIBE for what was held.
#[test]
fn what_was_not_acknowledged_goes_out_again() {
    let peer = Peer::listen();
    let mut running = traced(
        &peer,
        "reconnectPeriod: 20",
        r#"c.subscribe("held", #{qos: 1}, |error| {
            for i in 1..4 { let k = i; c.publish("q", "" + k, #{qos: 1}, |error| console.log("acknowledged", k)); }
        });"#,
    );
    let mut link = peer.accept();
    link.handshake();
    link.grant();
    let first: Vec<_> = (0..3).map(|_| link.read_publish()).collect();
    link.close();
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(link.grant()[0].path, "held");
    for publish in first {
        assert!(!publish.dup);
        link.expect(Packet::Publish(rumqttc_v4::Publish { dup: true, ..publish.clone() }));
        link.send(v4::puback(publish.pkid));
    }
    prints(
        &mut running,
        "connect connected
        offline
        close reconnecting
        reconnect reconnecting
        connect connected
        acknowledged 1
        acknowledged 2
        acknowledged 3",
    );
    running.kill9();
}

/// T26.
#[test]
fn a_session_that_is_present_needs_no_subscribe() {
    let peer = Peer::listen();
    let running = traced(
        &peer,
        r#"clean: false, clientId: "me", reconnectPeriod: 20"#,
        r#"c.once("connect", || c.subscribe("held"));
        c.on("message", |topic, payload, packet| { console.log(topic, "" + payload); c.end(); });"#,
    );
    let mut link = peer.accept();
    link.handshake();
    link.grant();
    link.close();
    let mut link = peer.accept();
    link.handshake_with(true);
    link.send(v4::publish("held", QoS::AtLeastOnce, 7, "kept"));
    link.expect(v4::puback(7));
    link.expect_goodbye();
    ends(
        running,
        0,
        "connect connected
        offline
        close reconnecting
        reconnect reconnecting
        connect connected
        message connected
        held kept
        close disconnecting
        end disconnecting disconnected",
    );
}

/// T28, and QoS 2: `message` on PUBREL, acknowledged after the listeners.
#[test]
fn messages_and_their_packets() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER");
        c.on("message", |topic, payload, packet| {
            console.log(topic, "" + payload, payload.length, packet.qos, packet.retain, packet.dup, packet.messageId);
            if topic == "last" { c.end(); }
        });
        "#,
    )
    .stdout("a zero 4 0 false false undefined\nkept  0 0 true false undefined\nb one 3 1 false false 5\nlast two 3 2 false false 6\n")
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    link.send(v4::publish("a", QoS::AtMostOnce, 0, "zero"));
    link.send_bytes(&[0x31, 6, 0, 4, b'k', b'e', b'p', b't']);
    link.send(v4::publish("last", QoS::ExactlyOnce, 6, "two"));
    link.expect(v4::pubrec(6));
    link.send(v4::publish("b", QoS::AtLeastOnce, 5, "one"));
    link.expect(v4::puback(5));
    link.send(v4::pubrel(6));
    link.expect(v4::pubcomp(6));
    link.expect_goodbye();
    running.finish();
}

/// T35, but the program ends with a report; under `--keep-going` the next message comes.
#[test]
fn a_listener_that_throws() {
    let text = "let c = require(\"mqtt\").connect(\"BROKER\");\n\
                c.on(\"message\", |topic, payload| { console.log(topic); if topic == \"bad\" { throw \"no\"; } c.end(); });";
    for keep_going in [false, true] {
        let peer = Peer::listen();
        let mut running = crate::support::script::Script::new(text.replace("BROKER", &peer.url()));
        if keep_going {
            running = running.flag("--keep-going");
        }
        let running = running.spawn();
        let mut link = peer.accept();
        link.handshake();
        link.send(v4::publish("bad", QoS::AtMostOnce, 0, ""));
        link.send(v4::publish("good", QoS::AtMostOnce, 0, ""));
        if keep_going {
            link.expect_goodbye();
        } else {
            link.expect_closed();
        }
        let outcome = running.outcome();
        let wanted = if keep_going { ("bad\ngood\n", Some(0)) } else { ("bad\n", Some(1)) };
        assert_eq!((outcome.stdout.as_str(), outcome.code), wanted);
        let note = "note: in the `message` listener added at main.rhai:2:3, for topic `bad`\n";
        assert!(outcome.stderr.starts_with("error: no\n") && outcome.stderr.contains(note), "{outcome}");
    }
}

/// The order of packets and events on one connection. MQTT.js's very first CONNECT cannot be observed unless it is
/// started by hand.
#[test]
fn packets_are_seen_in_order() {
    let peer = Peer::listen();
    let running = traced(
        &peer,
        "manualConnect: true",
        r#"c.on("packetsend", |packet| console.log("send", packet.cmd));
        c.on("packetreceive", |packet| console.log("receive", packet.cmd));
        c.once("connect", || c.publish("a", "x", #{qos: 1}, |error, packet| { console.log("callback"); c.end(); }));
        c.connect();"#,
    );
    let mut link = peer.accept();
    link.handshake();
    link.take_publish();
    link.expect_goodbye();
    ends(
        running,
        0,
        "send connect
        receive connack
        connect connected
        send publish
        receive puback
        callback
        send disconnect
        close disconnecting
        end disconnecting disconnected",
    );
}

/// Version 5: a broker's limits are kept, and its refusals have codes.
#[test]
fn refused_messages_of_version_5() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5});
        fn tell(error, packet) { console.log("" + error, error.code, packet.cmd, packet.reasonCode); }
        c.publish("denied", "1", #{qos: 1}, |error, packet| tell(error, packet));
        c.publish("denied", "2", #{qos: 2}, |error, packet| tell(error, packet));
        c.publish("nobody", "3", #{qos: 1}, |error, packet| { console.log(error, packet.cmd); c.end(); });
        "#,
    )
    .stdout(
        "ErrorWithReasonCode: Publish error: Not authorized 135 puback 135\n\
         ErrorWithReasonCode: Publish error: Not authorized 135 pubrec 135\n\
         undefined publish\n",
    )
    .spawn();
    let mut link: Link<V5> = peer.accept_v5();
    link.handshake();
    for (first, code) in [(0x40, 135), (0x50, 135), (0x40, 16)] {
        let [high, low] = link.read_publish().pkid.to_be_bytes();
        link.send_bytes(&[first, 3, high, low, code]);
    }
    link.expect_goodbye();
    running.finish();
}
