use std::time::Duration;

use rumqttc_v4::QoS;
use rumqttc_v5::{ConnAckProperties, QoS as QoS5};

use crate::prelude::{script, serve_to_the_end};
use crate::support::packets::{v4, v5};
use crate::support::peer::Peer;

fn no_limits() -> ConnAckProperties {
    ConnAckProperties {
        session_expiry_interval: None,
        receive_max: None,
        max_qos: None,
        retain_available: None,
        max_packet_size: None,
        assigned_client_identifier: None,
        topic_alias_max: None,
        reason_string: None,
        user_properties: Vec::new(),
        wildcard_subscription_available: None,
        subscription_identifiers_available: None,
        shared_subscription_available: None,
        server_keep_alive: None,
        response_information: None,
        server_reference: None,
        authentication_method: None,
        authentication_data: None,
    }
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
fn no_more_than_receive_maximum_are_unacknowledged() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER", #{protocolVersion: 5});
        for name in ["1", "2", "3", "4", "5"] { client.publish("a", name, #{qos: 1 + "2".contains(name).to_int()}); }
        client.end();
    "#;
    let text = text.replace(r#"1 + "2".contains(name).to_int()"#, r#"if name == "2" { 2 } else { 1 }"#);
    let running = script(&peer.url(), &text).spawn();
    let mut link = peer.accept_v5();
    link.read_connect();
    link.send(v5::connack(false, ConnAckProperties { receive_max: Some(2), ..no_limits() }));
    let first = link.read_publish().pkid;
    let second = link.read_publish().pkid;
    link.expect_silence(Duration::from_millis(100));
    link.send(v5::puback(first));
    let third = link.read_publish();
    assert_eq!(&third.payload[..], b"3");
    // A QoS 2 message counts until PUBCOMP.
    link.send(v5::pubrec(second));
    link.expect(v5::pubrel(second));
    link.expect_silence(Duration::from_millis(100));
    link.send(v5::pubcomp(second));
    let fourth = link.read_publish();
    link.expect_silence(Duration::from_millis(100));
    link.send(v5::puback(third.pkid));
    link.send(v5::puback(fourth.pkid));
    let fifth = link.take_publish();
    assert_eq!(&fifth.payload[..], b"5");
    link.expect_goodbye();
    running.finish();
}

#[test]
fn what_the_broker_does_not_take_is_refused_here() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER", #{protocolVersion: 5, clean: false, clientId: "me"});
        let told = |error| console.log(error.message, error.code);
        let long = "";
        for i in 0..100 { long += "x"; }
        client.publish("a", "q", #{qos: 2}, told);
        client.publish("a", "r", #{retain: true}, told);
        client.publish("a", long, #{qos: 1}, told);
        client.publish("a", long, told);
        client.publish("a", "fits", #{qos: 1}, |error| {
            console.log(error == (), client.queued);
            client.end();
        });
    "#;
    let stdout = "Publish error: QoS not supported 155\nPublish error: Retain not supported 154\n\
                  Publish error: Packet too large 149\nPublish error: Packet too large 149\ntrue 0\n";
    let running = script(&peer.url(), text).stdout(stdout).spawn();
    let mut link = peer.accept_v5();
    link.read_connect();
    let limits =
        ConnAckProperties { max_qos: Some(1), retain_available: Some(0), max_packet_size: Some(80), ..no_limits() };
    link.send(v5::connack(true, limits));
    assert_eq!(&link.take_publish().payload[..], b"fits");
    link.expect_goodbye();
    running.finish();
}

/// Or it would be sent and refused again for ever: each connection would end at once.
#[test]
fn a_message_too_large_for_the_next_connection_fails_instead_of_being_sent_again() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER", #{protocolVersion: 5, clean: false, clientId: "me", reconnectPeriod: 10});
        let long = "";
        for i in 0..100 { long += "x"; }
        client.publish("a", long, #{qos: 1}, |error| console.log(error.message));
        client.publish("a", "fits", #{qos: 1}, |error| { console.log(error == ()); client.end(); });
    "#;
    let running = script(&peer.url(), text).stdout("Publish error: Packet too large\ntrue\n").spawn();
    let mut link = peer.accept_v5();
    link.handshake();
    link.read_publish();
    link.read_publish();
    link.close();
    let mut link = peer.accept_v5();
    link.read_connect();
    link.send(v5::connack(true, ConnAckProperties { max_packet_size: Some(80), ..no_limits() }));
    let publish = link.take_publish();
    assert_eq!((&publish.payload[..], publish.qos, publish.dup), (&b"fits"[..], QoS5::AtLeastOnce, true));
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
