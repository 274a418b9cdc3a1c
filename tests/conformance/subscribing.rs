use rumqttc_v4::{Packet, QoS, SubAck, SubscribeReasonCode};
use rumqttc_v5::QoS as QoS5;

use crate::prelude::{script, serve_to_the_end};
use crate::support::packets::v4;
use crate::support::peer::Peer;

fn names(filters: &[rumqttc_v4::SubscribeFilter]) -> Vec<(&str, QoS)> {
    filters.iter().map(|filter| (filter.path.as_str(), filter.qos)).collect()
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

#[test]
fn what_was_subscribed_while_offline_goes_out_once() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER", #{reconnectPeriod: 10});
        client.subscribe("a");
        client.once("close", || client.subscribe("b", || client.end()));
    "#;
    let running = script(&peer.url(), text).spawn();
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(names(&link.grant()), [("a", QoS::AtMostOnce)]);
    link.close();
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(serve_to_the_end(&mut link), ["subscribe a", "subscribe b"]);
    running.finish();
}

#[test]
fn what_was_unsubscribed_is_not_restored() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER", #{reconnectPeriod: 10});
        client.subscribe(["a", "b", "c"]);
        client.unsubscribe(["a", "c"], |error, packet| console.log(error, packet.cmd));
        client.on("message", || client.end());
    "#;
    let running = script(&peer.url(), text).stdout("undefined unsuback\n").spawn();
    let mut link = peer.accept();
    link.handshake();
    link.grant();
    let Packet::Unsubscribe(unsubscribe) = link.read() else { panic!("UNSUBSCRIBE was due") };
    assert_eq!(unsubscribe.topics, ["a", "c"]);
    link.send(v4::unsuback(unsubscribe.pkid));
    link.close();
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(names(&link.grant()), [("b", QoS::AtMostOnce)]);
    link.send(v4::publish("b", QoS::AtMostOnce, 0, ""));
    link.expect_goodbye();
    running.finish();
}

const THREE: &str = r#"
    let client = mqtt.connect("BROKER", #{reconnectPeriod: 10, protocolVersion: VERSION, clean: CLEAN, clientId: "me"});
    client.subscribe("a", #{qos: 1});
    client.subscribe(["b", "c"]);
    client.on("message", || client.end());
"#;

fn three(version: u8, clean: bool) -> String {
    THREE.replace("VERSION", &version.to_string()).replace("CLEAN", &clean.to_string())
}

#[test]
fn a_reconnect_restores_all_filters_with_one_subscribe_in_version_3() {
    // A session that is gone must be restored too.
    for clean in [true, false] {
        let peer = Peer::listen();
        let running = script(&peer.url(), &three(4, clean)).spawn();
        let mut link = peer.accept();
        link.handshake_with(!clean);
        link.grant();
        link.grant();
        link.close();
        let mut link = peer.accept();
        link.handshake();
        assert_eq!(names(&link.grant()), [("a", QoS::AtLeastOnce), ("b", QoS::AtMostOnce), ("c", QoS::AtMostOnce)]);
        link.send(v4::publish("b", QoS::AtMostOnce, 0, ""));
        link.expect_goodbye();
        running.finish();
    }
}

#[test]
fn a_reconnect_restores_each_filter_by_itself_in_version_5() {
    let peer = Peer::listen();
    let running = script(&peer.url(), &three(5, true)).spawn();
    let mut link = peer.accept_v5();
    link.handshake();
    link.grant();
    link.grant();
    link.close();
    let mut link = peer.accept_v5();
    link.handshake();
    let restored: Vec<_> = (0..3).map(|_| link.grant()).collect();
    let shown: Vec<_> = restored.iter().map(|filters| (filters.len(), filters[0].path.as_str())).collect();
    assert_eq!(shown, [(1, "a"), (1, "b"), (1, "c")]);
    link.send(crate::support::packets::v5::publish("b", QoS5::AtMostOnce, 0, ""));
    link.expect_goodbye();
    running.finish();
}

#[test]
fn a_session_that_is_present_is_not_restored() {
    let peer = Peer::listen();
    let running = script(&peer.url(), &three(4, false)).spawn();
    let mut link = peer.accept();
    link.handshake();
    link.grant();
    link.grant();
    link.close();
    let mut link = peer.accept();
    link.handshake_with(true);
    link.send(v4::publish("b", QoS::AtMostOnce, 0, ""));
    link.expect_goodbye();
    running.finish();
}
