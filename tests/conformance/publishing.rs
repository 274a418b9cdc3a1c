use rumqttc_v4::QoS;

use crate::prelude::{script, serve_to_the_end};
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
    assert_eq!((shown.as_str(), outcome.stderr.as_str()), (format!("[ {ones} ] 0").as_str(), ""), "{outcome}");
}
