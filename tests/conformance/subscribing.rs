use rumqttc_v4::{Packet, QoS, SubAck, SubscribeReasonCode};

use crate::prelude::{expecting, names, script};
use crate::support::link::{Link, V4};
use crate::support::packets::v4;
use crate::support::peer::Peer;

#[test]
fn the_map_form_takes_numbers_maps_and_empty_maps() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER");
        c.subscribe(#{a: 0, b: 1, c: #{}, d: #{qos: 2}}, |error, granted| {
            console.log(error, JSON.stringify(granted));
            c.end();
        });
        "#,
    )
    .stdout(
        "undefined [{\"qos\":0,\"topic\":\"a\"},{\"qos\":1,\"topic\":\"b\"},{\"qos\":0,\"topic\":\"c\"},{\"qos\":2,\"topic\":\"d\"}]\n",
    )
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    let asked: Vec<_> = link.grant().into_iter().map(|filter| (filter.path, filter.qos as u8)).collect();
    assert_eq!(asked, [("a".into(), 0), ("b".into(), 1), ("c".into(), 0), ("d".into(), 2)]);
    link.expect_goodbye();
    running.finish();
}

/// T15, but the accepted filter stays and is restored, and `granted` says which one was refused.
#[test]
fn a_refused_filter_is_an_error_and_the_others_stay() {
    let peer = Peer::listen();
    let mut running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER", #{reconnectPeriod: 20});
        c.subscribe(["good", "bad"], #{qos: 1}, |error, granted, packet| {
            console.log("" + error, error.code, JSON.stringify(error.packet.granted));
            console.log(JSON.stringify(granted), JSON.stringify(packet.granted));
        });
        "#,
    )
    .spawn();
    let wanted = [
        "ErrorWithSubackPacket: Subscribe error: Unspecified error undefined [1,128]",
        "[{\"qos\":1,\"topic\":\"good\"},{\"qos\":128,\"topic\":\"bad\"}] [1,128]",
    ];
    let mut link: Link<V4> = peer.accept();
    link.handshake();
    let Packet::Subscribe(subscribe) = link.read() else { panic!("SUBSCRIBE was due") };
    let [high, low] = subscribe.pkid.to_be_bytes();
    link.send_bytes(&[0x90, 4, high, low, 1, 0x80]);
    link.close();
    let mut link = peer.accept();
    link.handshake();
    let restored: Vec<_> = link.grant().into_iter().map(|filter| filter.path).collect();
    assert_eq!(restored, ["good"]);
    for line in wanted {
        running.wait_for_line(line);
    }
    running.kill9();
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

#[test]
fn a_filter_that_is_held_is_answered_without_a_packet() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER");
        client.subscribe("a", #{qos: 1}, |error, granted| {
            console.log(granted[0].qos);
            client.subscribe("a", #{qos: 1}, |error, granted| {
                console.log(error, granted[0].topic, granted[0].qos);
                // A higher QoS is asked for, together with what is new.
                client.subscribe(#{"a": 2, "b": 0}, |error, granted| {
                    console.log(granted.len(), granted[0].qos, granted[1].qos);
                    client.end();
                });
            });
        });
    "#;
    let running = script(&peer.url(), text).stdout("0\nundefined a 0\n2 2 0\n").spawn();
    let mut link = peer.accept();
    link.handshake();
    let Packet::Subscribe(subscribe) = link.read() else { panic!("SUBSCRIBE was due") };
    link.send(v4::suback(subscribe.pkid, &[QoS::AtMostOnce]));
    assert_eq!(names(&link.grant()), [("a", QoS::ExactlyOnce), ("b", QoS::AtMostOnce)]);
    link.expect_goodbye();
    running.finish();
}

#[test]
fn of_a_partly_refused_subscribe_the_rest_stays_and_is_restored() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER", #{reconnectPeriod: 10});
        client.subscribe(["a", "b", "c"], #{qos: 1}, |error, granted, packet| {
            console.log(error.message, granted.map(|grant| grant.qos), error.packet.granted);
        });
        client.on("message", || client.end());
    "#;
    let running =
        script(&peer.url(), text).stdout("Subscribe error: Unspecified error [ 1, 128, 0 ] [ 1, 128, 0 ]\n").spawn();
    let mut link = peer.accept();
    link.handshake();
    let Packet::Subscribe(subscribe) = link.read() else { panic!("SUBSCRIBE was due") };
    let codes = vec![
        SubscribeReasonCode::Success(QoS::AtLeastOnce),
        SubscribeReasonCode::Failure,
        SubscribeReasonCode::Success(QoS::AtMostOnce),
    ];
    link.send(Packet::SubAck(SubAck::new(subscribe.pkid, codes)));
    link.close();
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(names(&link.grant()), [("a", QoS::AtLeastOnce), ("c", QoS::AtLeastOnce)]);
    link.send(v4::publish("a", QoS::AtMostOnce, 0, ""));
    link.expect_goodbye();
    running.finish();
}

/// Flags 0010, an id, filter and QoS `[MQTT-3.8.1-1]`.
#[test]
fn the_bytes_of_a_request() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.on("connect", || c.subscribe("a/+", #{qos: 1}, || c.end()));
    "#;
    let running = expecting(&peer, "", text);
    let mut link = peer.accept();
    link.handshake();
    let frame = link.read_frame();
    assert_eq!((&frame[..2], &frame[4..]), (&[0x82, 8][..], &b"\0\x03a/+\x01"[..]));
    link.send_bytes(&[0x90, 3, frame[2], frame[3], 1]);
    link.expect_goodbye();
    running.finish();
}

/// Without a retain flag, no local, or a handling of their own.
#[test]
fn the_bytes_of_a_request_of_version_5() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5});
        c.subscribe("a", |error, granted| {
            console.log(JSON.stringify(granted));
            c.end();
        });
    "#;
    let running = expecting(&peer, "[{[..]\"qos\":0[..]\"topic\":\"a\"}]\n", text);
    let mut link = peer.accept_v5();
    link.handshake();
    let frame = link.read_frame();
    assert_eq!((&frame[..2], &frame[4..]), (&[0x82, 7][..], &b"\0\0\x01a\0"[..]));
    link.send_bytes(&[0x90, 4, frame[2], frame[3], 0, 0]);
    link.expect_goodbye();
    running.finish();
}

/// No local is bit 2, retain as published bit 3, retain handling bits 4 and 5 of the options.
#[test]
fn options_and_properties_of_version_5() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5});
        c.subscribe("a", #{qos: 1, nl: true, rap: true, rh: 2, properties: #{subscriptionIdentifier: 268435455}}, || c.end());
    "#;
    let running = expecting(&peer, "", text);
    let mut link = peer.accept_v5();
    link.handshake();
    let frame = link.read_frame();
    assert_eq!(&frame[4..], b"\x05\x0b\xff\xff\xff\x7f\0\x01a\x2d");
    link.send_bytes(&[0x90, 4, frame[2], frame[3], 0, 1]);
    link.expect_goodbye();
    running.finish();
}

#[test]
fn each_filter_of_a_map_has_its_options() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5});
        c.subscribe(#{a: #{qos: 0, nl: true}, b: #{qos: 2, rh: 1}}, || c.end());
    "#;
    let running = expecting(&peer, "", text);
    let mut link = peer.accept_v5();
    link.handshake();
    let frame = link.read_frame();
    assert_eq!(&frame[4..], b"\0\0\x01a\x04\0\x01b\x12");
    link.send_bytes(&[0x90, 5, frame[2], frame[3], 0, 0, 2]);
    link.expect_goodbye();
    running.finish();
}

#[test]
fn before_there_is_a_connection() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.subscribe("test", |error, granted, packet| {
            console.log(error, granted.len(), packet.cmd, JSON.stringify(packet.granted));
            c.end();
        });
    "#;
    let running = expecting(&peer, "undefined 1 suback [0]\n", text);
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(names(&link.grant()), [("test", QoS::AtMostOnce)]);
    link.expect_goodbye();
    running.finish();
}

#[test]
fn a_list_goes_out_as_one_packet() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.on("connect", || c.subscribe(["test1", "test2"], || c.end()));
    "#;
    let running = expecting(&peer, "", text);
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(names(&link.grant()), [("test1", QoS::AtMostOnce), ("test2", QoS::AtMostOnce)]);
    link.expect_goodbye();
    running.finish();
}

/// T13. Contract: `#{"topic33": 1}` is accepted.
#[test]
fn a_map_of_plain_numbers() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.subscribe(#{"topic22": 0, "topic33": 1, "topic44": 2}, || c.end());
    "#;
    let running = expecting(&peer, "", text);
    let mut link = peer.accept();
    link.handshake();
    let wanted = [("topic22", QoS::AtMostOnce), ("topic33", QoS::AtLeastOnce), ("topic44", QoS::ExactlyOnce)];
    assert_eq!(names(&link.grant()), wanted);
    link.expect_goodbye();
    running.finish();
}

#[test]
fn empty_options_are_those_by_default() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.on("connect", || c.subscribe("test", #{}, || c.end()));
    "#;
    let running = expecting(&peer, "", text);
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(names(&link.grant()), [("test", QoS::AtMostOnce)]);
    link.expect_goodbye();
    running.finish();
}

#[test]
fn a_filter_beyond_ascii() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.subscribe("中国/+", |error, granted| { console.log(granted[0].topic); c.end(); });
    "#;
    let running = expecting(&peer, "中国/+\n", text);
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(names(&link.grant()), [("中国/+", QoS::AtMostOnce)]);
    link.expect_goodbye();
    running.finish();
}

/// The QoS that the broker gives may be lower than what was asked for.
#[test]
fn less_is_granted_than_asked_for() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.subscribe(["a", "b"], #{qos: 2}, |error, granted, packet| {
            console.log(granted[0].qos, granted[1].qos, JSON.stringify(packet.granted));
            c.end();
        });
    "#;
    let running = expecting(&peer, "1 0 [1,0]\n", text);
    let mut link = peer.accept();
    link.handshake();
    let Packet::Subscribe(subscribe) = link.read() else { panic!("SUBSCRIBE was due") };
    link.send(v4::suback(subscribe.pkid, &[QoS::AtLeastOnce, QoS::AtMostOnce]));
    link.expect_goodbye();
    running.finish();
}

/// The texts are MQTT.js's `[MQTT-3.9.3]`.
#[test]
fn a_refusal_of_version_5_says_why() {
    for (code, reason) in [(0x87, "Not authorized"), (0x8f, "Topic Filter invalid"), (0x97, "Quota exceeded")] {
        let peer = Peer::listen();
        let text = r#"
            let c = mqtt.connect("BROKER", #{protocolVersion: 5});
            c.subscribe("a", |error, granted, packet| { console.log(error.message, packet.granted[0]); c.end(); });
        "#;
        let running = expecting(&peer, &format!("Subscribe error: {reason} {code}\n"), text);
        let mut link = peer.accept_v5();
        link.handshake();
        let frame = link.read_frame();
        link.send_bytes(&[0x90, 4, frame[2], frame[3], 0, code]);
        link.expect_goodbye();
        running.finish();
    }
}

#[test]
fn packets_are_seen() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.on("connect", || {
            c.on("packetsend", |packet| if packet.cmd == "subscribe" { console.log(packet.subscriptions[0].topic); });
            c.on("packetreceive", |packet| console.log(packet.cmd));
            c.subscribe("a", || c.end());
        });
    "#;
    let running = expecting(&peer, "a\nsuback\n", text);
    let mut link = peer.accept();
    link.handshake();
    link.grant();
    link.expect_goodbye();
    running.finish();
}

#[test]
fn an_ended_client_refuses() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.on("connect", || c.end(true, || {
            c.subscribe("a", #{qos: 2}, |error, granted| console.log(error.message, granted));
            c.subscribe("a", |error, granted| console.log(error.message, granted));
        }));
    "#;
    let running = expecting(&peer, "client disconnecting undefined\nclient disconnecting undefined\n", text);
    let mut link = peer.accept();
    link.handshake();
    link.expect_closed();
    running.finish();
}

/// T39: a shared subscription is a filter like any other `[MQTT-4.8.2]`.
#[test]
fn a_shared_subscription() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5});
        c.subscribe("$share/group/sensors/+", #{qos: 1}, |error| console.log(error));
        c.on("message", |topic| { console.log(topic); c.end(); });
    "#;
    let running = expecting(&peer, "undefined\nsensors/1\n", text);
    let mut link = peer.accept_v5();
    link.handshake();
    assert_eq!(link.grant()[0].path, "$share/group/sensors/+");
    link.send_bytes(b"\x30\x0d\0\x09sensors/1\0x");
    link.expect_goodbye();
    running.finish();
}
