use rumqttc_v4::{Packet, QoS};

use crate::prelude::{expecting, names, nothing_goes_out};
use crate::support::link::{Link, V4};
use crate::support::packets::v4;
use crate::support::peer::Peer;

/// Reads UNSUBSCRIBE, acknowledges it and returns its filters.
#[track_caller]
fn release(link: &mut Link<V4>) -> Vec<String> {
    let Packet::Unsubscribe(unsubscribe) = link.read() else { panic!("UNSUBSCRIBE was due") };
    link.send(v4::unsuback(unsubscribe.pkid));
    unsubscribe.topics
}

/// Flags 0010, an id, the filter `[MQTT-3.10.1-1]`.
#[test]
fn the_bytes_of_a_request() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.on("connect", || { c.unsubscribe("a/+"); c.end(); });
    "#;
    let running = expecting(&peer, "", text);
    let mut link = peer.accept();
    link.handshake();
    let frame = link.read_frame();
    assert_eq!((&frame[..2], &frame[4..]), (&[0xa2, 7][..], &b"\0\x03a/+"[..]));
    link.send_bytes(&[0xb0, 2, frame[2], frame[3]]);
    link.expect_goodbye();
    running.finish();
}

#[test]
fn before_there_is_a_connection() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.unsubscribe("test", |error| { console.log(error); c.end(); });
    "#;
    let running = expecting(&peer, "undefined\n", text);
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(release(&mut link), ["test"]);
    link.expect_goodbye();
    running.finish();
}

#[test]
fn a_list_goes_out_as_one_packet() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.on("connect", || c.unsubscribe(["topic1", "topic2"], || c.end()));
    "#;
    let running = expecting(&peer, "", text);
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(release(&mut link), ["topic1", "topic2"]);
    link.expect_goodbye();
    running.finish();
}

#[test]
fn the_callback_has_the_unsuback() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.on("connect", || c.unsubscribe("a", |error, packet| { console.log(error, packet.cmd, packet.granted); c.end(); }));
    "#;
    let running = expecting(&peer, "undefined unsuback undefined\n", text);
    let mut link = peer.accept();
    link.handshake();
    release(&mut link);
    link.expect_goodbye();
    running.finish();
}

/// As in MQTT.js, codes of an UNSUBACK are no errors: they stand in `packet.granted`.
#[test]
fn codes_of_version_5_are_no_errors() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5});
        c.unsubscribe(["a", "b", "c"], |error, packet| {
            console.log(error, JSON.stringify(packet.granted));
            c.end();
        });
    "#;
    let running = expecting(&peer, "undefined [0,17,135]\n", text);
    let mut link = peer.accept_v5();
    link.handshake();
    let frame = link.read_frame();
    link.send_bytes(&[0xb0, 6, frame[2], frame[3], 0, 0, 17, 135]);
    link.expect_goodbye();
    running.finish();
}

#[test]
fn user_properties_of_version_5() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5});
        c.unsubscribe("a", #{properties: #{userProperties: #{k: "v"}}}, || c.end());
    "#;
    let running = expecting(&peer, "", text);
    let mut link = peer.accept_v5();
    link.handshake();
    let frame = link.read_frame();
    assert_eq!(&frame[4..], b"\x07\x26\0\x01k\0\x01v\0\x01a");
    link.send_bytes(&[0xb0, 4, frame[2], frame[3], 0, 0]);
    link.expect_goodbye();
    running.finish();
}

#[test]
fn a_filter_beyond_ascii() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.unsubscribe("中国/温度", || c.end());
    "#;
    let running = expecting(&peer, "", text);
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(release(&mut link), ["中国/温度"]);
    link.expect_goodbye();
    running.finish();
}

#[test]
fn a_filter_that_is_not_held_is_asked_for_all_the_same() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.unsubscribe("never", || c.unsubscribe("never", || c.end()));
    "#;
    let running = expecting(&peer, "", text);
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(release(&mut link), ["never"]);
    assert_eq!(release(&mut link), ["never"]);
    link.expect_goodbye();
    running.finish();
}

/// The same rules as for `subscribe`.
#[test]
fn a_bad_filter_never_goes_out() {
    nothing_goes_out(
        r##"
        for filter in ["a/#/b", "b+d", "a#", "#/event"] { c.unsubscribe(filter, |error| console.log(error.message)); }
        c.unsubscribe([], |error| console.log(error.message));
        c.unsubscribe(["good", "a#"], |error| console.log(error.message));
        "##,
        "Invalid topic a/#/b\nInvalid topic b+d\nInvalid topic a#\nInvalid topic #/event\n\
         Invalid topic empty_topic_list\nInvalid topic a#\n",
    );
}

/// It is forgotten when it is called, not when it is acknowledged; and asked for once more afterwards, it goes out.
#[test]
fn what_is_released_can_be_subscribed_again() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.subscribe("a", || {
            c.unsubscribe("a");
            c.subscribe("a", |error, granted| { console.log(granted.len()); c.end(); });
        });
    "#;
    let running = expecting(&peer, "1\n", text);
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(names(&link.grant()), [("a", QoS::AtMostOnce)]);
    assert_eq!(release(&mut link), ["a"]);
    assert_eq!(names(&link.grant()), [("a", QoS::AtMostOnce)]);
    link.expect_goodbye();
    running.finish();
}

/// As in MQTT.js it fails; what was held is not restored.
#[test]
fn a_connection_lost_before_the_unsuback() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{reconnectPeriod: 1});
        c.subscribe("a", || c.unsubscribe("a", |error, packet| console.log(error.message, packet)));
        c.once("close", || c.once("connect", || c.subscribe("b", || c.end())));
    "#;
    let running = expecting(&peer, "Connection closed undefined\n", text);
    let mut link = peer.accept();
    link.handshake();
    link.grant();
    assert!(matches!(link.read(), Packet::Unsubscribe(_)));
    link.close();
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(names(&link.grant()), [("b", QoS::AtMostOnce)]);
    link.expect_goodbye();
    running.finish();
}

#[test]
fn packets_are_seen() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.on("connect", || {
            c.on("packetsend", |packet| if packet.cmd == "unsubscribe" { console.log(JSON.stringify(packet.unsubscriptions)); });
            c.on("packetreceive", |packet| console.log(packet.cmd));
            c.unsubscribe(["a", "b"], || c.end());
        });
    "#;
    let running = expecting(&peer, "[\"a\",\"b\"]\nunsuback\n", text);
    let mut link = peer.accept();
    link.handshake();
    release(&mut link);
    link.expect_goodbye();
    running.finish();
}
