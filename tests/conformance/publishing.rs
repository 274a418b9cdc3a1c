use rumqttc_v4::{Packet, QoS};

use crate::prelude::{expecting, script, serve_to_the_end};
use crate::support::packets::v4;
use crate::support::peer::Peer;

#[test]
fn what_a_payload_may_be() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER");
        c.publish("t", "text");
        c.publish("t", Buffer.from("ff00", "hex"));
        c.publish("t", blob(2, 0x41));
        c.publish("t", 21);
        c.publish("t", 21.5);
        c.publish("t", 2.0);
        c.publish("t", true);
        c.publish("t", #{b: [1, ()], a: "x"});
        c.publish("t", [1, 2.5, "z"]);
        c.publish("t", ());
        c.publish("t", "");
        c.end();
        "#,
    )
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    for wanted in [
        &b"text"[..],
        b"\xff\0",
        b"AA",
        b"21",
        b"21.5",
        b"2",
        b"true",
        br#"{"a":"x","b":[1,null]}"#,
        br#"[1,2.5,"z"]"#,
        b"",
        b"",
    ] {
        link.expect(v4::publish("t", QoS::AtMostOnce, 0, wanted));
    }
    link.expect_goodbye();
    running.finish();
}

#[test]
fn calls_go_out_in_call_order() {
    for at in ["go_on();", r#"client.on("connect", go_on);"#] {
        let peer = Peer::listen();
        let text = r#"
            let client = mqtt.connect("BROKER");
            fn go_on() {
                client.subscribe("a");
                client.publish("b", "0");
                client.publish("c", "1", #{qos: 1});
                client.subscribe(["d", "e"]);
                client.unsubscribe("a");
                client.publish("f", "2", #{qos: 2});
                client.subscribe("g");
                client.publish("h", "0");
                client.end();
            }
        "#;
        let running = script(&peer.url(), &format!("{text}{at}")).spawn();
        let mut link = peer.accept();
        link.handshake();
        let wanted = [
            "subscribe a",
            "publish b 0",
            "publish c 1",
            "subscribe d e",
            "unsubscribe a",
            "publish f 2",
            "subscribe g",
            "publish h 0",
        ];
        assert_eq!(serve_to_the_end(&mut link), wanted);
        link.expect_closed();
        running.finish();
    }
}

#[test]
fn each_acknowledgement_reaches_its_own_callback() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER");
        for name in ["a", "b", "c", "d"] {
            let name = name;
            let qos = if name == "d" { 2 } else { 1 };
            client.publish(name, name, #{qos: qos}, |error| console.log(name, error == ()));
        }
        client.end();
    "#;
    let running = script(&peer.url(), text).stdout("c true\nd true\na true\nb true\n").spawn();
    let mut link = peer.accept();
    link.handshake();
    let ids: Vec<u16> = (0..4).map(|_| link.read_publish().pkid).collect();
    link.send(v4::puback(ids[2]));
    // Acknowledgements that belong to no message, or to one of another QoS, change nothing.
    link.send(v4::puback(ids[2]));
    link.send(v4::puback(ids[3]));
    link.send(v4::pubcomp(ids[3]));
    link.send(v4::pubrec(ids[3]));
    link.expect(v4::pubrel(ids[3]));
    link.send(v4::pubcomp(ids[3]));
    link.send(v4::puback(ids[0]));
    link.send(v4::puback(ids[1]));
    link.expect_goodbye();
    running.finish();
}

#[test]
fn every_callback_is_called_exactly_once_whatever_happens_to_the_connection() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER", #{reconnectPeriod: 10});
        let calls = #{};
        let wanted = 0;
        fn once() {
            wanted += 1;
            let name = "" + wanted;
            calls[name] = 0;
            |error| {
                calls[name] += 1;
                if calls.len() == 15 && calls.values().all(|count| count > 0) {
                    client.end(|| console.log(calls.values(), client.queued));
                }
            }
        }
        fn round() {
            client.publish("zero", "0", once());
            client.publish("one", "1", #{qos: 1}, once());
            client.publish("two", "2", #{qos: 2}, once());
            client.subscribe("s" + wanted, once());
            client.unsubscribe("u", once());
        }
        client.on("error", || ());
        round();
        client.once("connect", round);
        client.once("close", round);
    "#;
    let ones = ["1"; 15].join(", ");
    let mut running = script(&peer.url(), text).stdout("[..]").spawn();
    // Cut at different places: after CONNACK, in the middle, with some acknowledgements on the way.
    let mut link = peer.accept();
    link.handshake();
    link.close();
    let mut link = peer.accept();
    link.handshake();
    for _ in 0..4 {
        if let rumqttc_v4::Packet::Publish(publish) = link.read()
            && publish.qos == QoS::AtLeastOnce
        {
            link.send(v4::puback(publish.pkid));
        }
    }
    link.reset();
    let mut link = peer.accept();
    link.handshake();
    serve_to_the_end(&mut link);
    link.expect_closed();
    running.close_stdin();
    let outcome = running.outcome();
    let shown: String = outcome.stdout.split_whitespace().collect::<Vec<_>>().join(" ").replace(",]", "]");
    assert_eq!(shown, format!("[ {ones} ] 0"), "{outcome}");
    // Whether a cut link ends with EOF or a reset is up to the kernel; after two of the former the client warns of its id.
    assert!(!outcome.stderr.contains("error:"), "{outcome}");
}

#[test]
fn options_stand_in_the_flags() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.on("connect", || {
            c.publish("a", "x", #{});
            c.publish("a", "x", #{retain: true});
            c.publish("a", "x", ());
            c.publish("a", "x", #{qos: 1, retain: true, dup: true});
            c.end();
        });
    "#;
    let running = expecting(&peer, "", text);
    let mut link = peer.accept();
    link.handshake();
    link.expect_bytes(b"\x30\x04\0\x01ax");
    link.expect_bytes(b"\x31\x04\0\x01ax");
    link.expect_bytes(b"\x30\x04\0\x01ax");
    let publish = link.take_publish();
    assert!(publish.retain && publish.dup, "{publish:?}");
    link.expect_goodbye();
    running.finish();
}

#[test]
fn topics_and_payloads_beyond_ascii() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.publish("中国", "你好 🦀");
        c.end();
    "#;
    let running = expecting(&peer, "", text);
    let mut link = peer.accept();
    link.handshake();
    let publish = link.take_publish();
    assert_eq!((&publish.topic[..], &publish.payload[..]), ("中国".as_bytes(), "你好 🦀".as_bytes()));
    link.expect_goodbye();
    running.finish();
}

/// Lengths of two, three and four bytes `[MQTT-2.2.3]`.
#[test]
fn payloads_of_every_length_of_length() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        for size in [0, 124, 125, 16380, 16381, 2097148, 2097149] { c.publish("a", Buffer.alloc(size, 7)); }
        c.end();
    "#;
    let running = expecting(&peer, "", text);
    let mut link = peer.accept();
    link.handshake();
    for size in [0, 124, 125, 16380, 16381, 2_097_148, 2_097_149] {
        let payload = link.take_publish().payload;
        assert!(payload.len() == size && payload.iter().all(|byte| *byte == 7), "{size}: {}", payload.len());
    }
    link.expect_goodbye();
    running.finish();
}

#[test]
fn ten_of_qos_2_come_back() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        let sent = 0;
        let came = 0;
        fn next() { c.publish("test", "test", #{qos: 2}, |error| if error == () { sent += 1; }); }
        c.subscribe("test", #{qos: 2}, || next());
        c.on("message", || {
            came += 1;
            if came < 10 { next(); } else { c.end(|| console.log(sent, came)); }
        });
    "#;
    let running = expecting(&peer, "10 10\n", text);
    let mut link = peer.accept();
    link.handshake();
    link.grant();
    let mut echoed = 0;
    loop {
        match link.read() {
            Packet::Publish(publish) => {
                link.send(v4::pubrec(publish.pkid));
                echoed += 1;
                link.send(v4::publish("test", QoS::ExactlyOnce, echoed, "test"));
            }
            Packet::PubRec(pubrec) => link.send(v4::pubrel(pubrec.pkid)),
            Packet::PubRel(pubrel) => link.send(v4::pubcomp(pubrel.pkid)),
            Packet::PubComp(_) => {}
            Packet::Disconnect => break,
            other => panic!("{other:?}"),
        }
    }
    link.expect_closed();
    running.finish();
}

/// As in MQTT.js the call is an error; nothing is sent, and the client lives on.
#[test]
fn a_closure_is_no_payload() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.on("connect", || {
            thrown(|| c.publish("a", || console.log("no callback")));
            c.publish("a", "after", || c.end());
        });
    "#;
    let stdout = "TypeError: `publish` takes text, bytes or data as `payload` but got a function\n";
    let running = expecting(&peer, stdout, text);
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(&link.take_publish().payload[..], b"after");
    link.expect_goodbye();
    running.finish();
}

/// Contract: the callback of QoS 0 comes after the bytes were handed to the socket. T36: MQTT.js loses the message.
#[test]
fn an_exit_in_the_callback_of_qos_0_loses_nothing() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.on("connect", || c.publish("a", "x", |error| process.exit(3)));
    "#;
    let running = script(&peer.url(), text).code(3).spawn();
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(&link.take_publish().payload[..], b"x");
    link.expect_closed();
    running.finish();
}

/// T36: what was accepted before `process.exit(0)` is sent.
#[test]
fn an_exit_right_after_publish_loses_nothing() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.on("connect", || {
            c.publish("a", "0");
            c.publish("a", "1", #{qos: 1});
            process.exit();
        });
    "#;
    let running = expecting(&peer, "", text);
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(&link.take_publish().payload[..], b"0");
    assert_eq!(&link.take_publish().payload[..], b"1");
    link.expect_goodbye();
    running.finish();
}

/// T37: MQTT.js waits for each acknowledgement before it sends the next; here none is needed to send all.
#[test]
fn many_messages_do_not_wait_for_each_other() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        let done = 0;
        for i in 0..2000 { c.publish("a", "" + i, #{qos: 1}, |error| { done += 1; if done == 2000 { c.end(); } }); }
    "#;
    let running = expecting(&peer, "", text);
    let mut link = peer.accept();
    link.handshake();
    let ids: Vec<u16> = (0..2000).map(|_| link.read_publish().pkid).collect();
    for id in ids {
        link.send(v4::puback(id));
    }
    link.expect_goodbye();
    running.finish();
}

#[test]
fn what_is_sent_is_seen() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.on("packetsend", |packet| if packet.cmd == "publish" {
            console.log(packet.topic, "" + packet.payload, packet.qos, packet.retain, packet.dup);
        });
        c.publish("a", "x");
        c.end();
    "#;
    let running = expecting(&peer, "a x 0 false false\n", text);
    let mut link = peer.accept();
    link.handshake();
    link.take_publish();
    link.expect_goodbye();
    running.finish();
}

#[test]
fn publish_gives_the_client_back() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.publish("a", "1").publish("a", "2").subscribe("a").unsubscribe("a").publish("a", "3").end();
    "#;
    let running = expecting(&peer, "", text);
    let mut link = peer.accept();
    link.handshake();
    let wanted = ["publish a 0", "publish a 0", "subscribe a", "unsubscribe a", "publish a 0"];
    assert_eq!(serve_to_the_end(&mut link), wanted);
    running.finish();
}
