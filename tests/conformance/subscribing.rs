use rumqttc_v4::{Packet, QoS, SubAck, SubscribeReasonCode};

use crate::prelude::{names, script};
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
