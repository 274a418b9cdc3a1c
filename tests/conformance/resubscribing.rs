use rumqttc_v4::{Packet, QoS};
use rumqttc_v5::QoS as QoS5;

use crate::prelude::{LAST, LAST_5, ends, expecting, names, script, serve_to_the_end, traced};
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

/// T26: `resubscribe: false`.
#[test]
fn nothing_is_restored_on_request() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{reconnectPeriod: 1, resubscribe: false});
        c.once("connect", || c.subscribe("a"));
        c.once("close", || c.on("connect", || { c.publish("here", ""); c.end(); }));
    "#;
    let running = expecting(&peer, "", text);
    let mut link = peer.accept();
    link.handshake();
    link.grant();
    link.close();
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(serve_to_the_end(&mut link), ["publish here 0"]);
    running.finish();
}

/// Names that mean something to JavaScript's objects are filters like any other.
#[test]
fn filters_with_odd_names() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{reconnectPeriod: 1});
        c.subscribe(["__proto__", "constructor", "resubscribe", "hello"]);
        c.on("message", || c.end());
    "#;
    let running = expecting(&peer, "", text);
    for last in [false, true] {
        let mut link = peer.accept();
        link.handshake();
        let asked: Vec<String> = link.grant().into_iter().map(|filter| filter.path).collect();
        assert_eq!(asked, ["__proto__", "constructor", "resubscribe", "hello"]);
        if last {
            link.send_bytes(LAST);
            link.expect_goodbye();
        } else {
            link.close();
        }
    }
    running.finish();
}

/// What was refused is not asked for again.
#[test]
fn a_refused_filter_is_not_restored() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{reconnectPeriod: 1});
        c.subscribe("a", |error| console.log(error.message));
        c.once("close", || c.on("connect", || { c.publish("here", ""); c.end(); }));
    "#;
    let running = expecting(&peer, "Subscribe error: Unspecified error\n", text);
    let mut link = peer.accept();
    link.handshake();
    let frame = link.read_frame();
    link.send_bytes(&[0x90, 3, frame[2], frame[3], 0x80]);
    link.close();
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(serve_to_the_end(&mut link), ["publish here 0"]);
    running.finish();
}

/// The connection was lost before SUBACK: it is asked for once on the next one.
#[test]
fn a_connection_lost_before_the_suback() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{reconnectPeriod: 1});
        c.subscribe("hello", |error| console.log(error.message));
        c.once("close", || c.on("connect", || { c.publish("here", "", #{qos: 1}, || c.end()); }));
    "#;
    let running = expecting(&peer, "Connection closed\n", text);
    let mut link = peer.accept();
    link.handshake();
    assert!(matches!(link.read(), Packet::Subscribe(_)));
    link.close();
    let mut link = peer.accept();
    link.handshake();
    let mut came = serve_to_the_end(&mut link);
    came.sort();
    assert_eq!(came, ["publish here 1", "subscribe hello"]);
    running.finish();
}

/// `clean: false`, but the broker has no session (any more).
#[test]
fn a_session_that_is_gone_is_restored() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{reconnectPeriod: 1, clean: false, clientId: "me"});
        c.once("connect", || c.subscribe("hello", #{qos: 1}));
        c.on("message", || c.end());
    "#;
    let running = expecting(&peer, "", text);
    for last in [false, true] {
        let mut link = peer.accept();
        link.handshake_with(false);
        assert_eq!(names(&link.grant()), [("hello", QoS::AtLeastOnce)]);
        if last {
            link.send_bytes(LAST);
            link.expect_goodbye();
        } else {
            link.close();
        }
    }
    running.finish();
}

/// Version 5: each filter with its options and properties, as they were asked for.
#[test]
fn options_and_properties_are_restored() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{reconnectPeriod: 1, protocolVersion: 5});
        c.once("connect", || c.subscribe("a", #{qos: 2, nl: true, rap: true, rh: 1, properties: #{subscriptionIdentifier: 5}}));
        c.on("message", || c.end());
    "#;
    let running = expecting(&peer, "", text);
    for last in [false, true] {
        let mut link = peer.accept_v5();
        link.handshake();
        let frame = link.read_frame();
        assert_eq!(&frame[4..], b"\x02\x0b\x05\0\x01a\x1e");
        link.send_bytes(&[0x90, 4, frame[2], frame[3], 0, 2]);
        if last {
            link.send_bytes(LAST_5);
            link.expect_goodbye();
        } else {
            link.close();
        }
    }
    running.finish();
}

/// T27: the usual program subscribes in its `connect` listener; that goes out once per connection.
#[test]
fn a_subscribe_in_the_connect_listener() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{reconnectPeriod: 1});
        c.on("connect", || c.subscribe("a", #{qos: 1}, |error, granted| console.log(error, granted[0].topic, granted[0].qos)));
        c.on("message", || c.end());
    "#;
    let running = expecting(&peer, "undefined a 1\nundefined a 1\n", text);
    for last in [false, true] {
        let mut link = peer.accept();
        link.handshake();
        assert_eq!(names(&link.grant()), [("a", QoS::AtLeastOnce)]);
        if last {
            link.send_bytes(LAST);
            link.expect_goodbye();
        } else {
            link.close();
        }
    }
    running.finish();
}

/// CONNACK of MQTT 3.1 does not tell whether the session is there; as in MQTT.js it is believed to be.
#[test]
fn version_3_1_restores_clean_sessions_only() {
    for clean in [true, false] {
        let peer = Peer::listen();
        let running = script(&peer.url(), &three(3, clean)).spawn();
        let mut link = peer.accept();
        link.read_frame();
        link.connack();
        link.grant();
        link.grant();
        link.close();
        let mut link = peer.accept();
        link.read_frame();
        link.connack();
        if clean {
            assert_eq!(link.grant().len(), 3);
        }
        link.send_bytes(LAST);
        link.expect_goodbye();
        running.finish();
    }
}
