use rumqttc_v4::{Packet, QoS};
use rumqttc_v5::QoS as QoS5;

use crate::prelude::{ends, names, script, traced};
use crate::support::packets::v4;
use crate::support::peer::Peer;

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
