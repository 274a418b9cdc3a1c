use rumqttc_v4::Packet;

use crate::prelude::expecting;
use crate::support::peer::Peer;

/// One message of this QoS to a peer of this version: the exact bytes of the exchange, and what the callback is given.
fn publishes(version: u8, qos: u8, callback: &str) {
    let peer = Peer::listen();
    let text = format!(
        r#"
        let c = mqtt.connect("BROKER", #{{clientId: "me", protocolVersion: {version}}});
        c.on("connect", || c.publish("test", "hello", #{{qos: {qos}}}, |error, packet| {{
            console.log(error, if packet == () {{ "nothing" }} else {{ packet.cmd }});
            c.end();
        }}));
        "#
    );
    let running = expecting(&peer, &format!("{callback}\n"), &text);
    let mut link = peer.accept();
    let connect = link.read_frame();
    assert_eq!(connect[if version == 3 { 10 } else { 8 }], version);
    link.send_bytes(if version == 5 { &[0x20, 3, 0, 0, 0] } else { &[0x20, 2, 0, 0] });
    let publish = link.read_frame();
    // The id stands between topic and payload, the length of the properties behind it.
    let (id, properties): (&[u8], &[u8]) =
        (if qos > 0 { &publish[8..10] } else { &[] }, if version == 5 { &[0] } else { &[] });
    let length = u8::try_from(6 + id.len() + properties.len() + 5).unwrap();
    let wanted = [&[0x30 | qos << 1, length], &b"\0\x04test"[..], id, properties, b"hello"].concat();
    assert_eq!(publish, wanted);
    match qos {
        0 => {}
        1 => link.send_bytes(&[&[0x40, 2], id].concat()),
        _ => {
            link.send_bytes(&[&[0x50, 2], id].concat());
            assert_eq!(link.read_frame(), [&[0x62, 2], id].concat());
            link.send_bytes(&[&[0x70, 2], id].concat());
        }
    }
    // A normal end needs no reason, also in version 5 `[MQTT-3.14.2.1]`.
    link.expect(Packet::Disconnect);
    link.expect_closed();
    running.finish();
}

/// A message of this QoS from a peer of this version: the exact bytes of the exchange.
fn receives(version: u8, qos: u8) {
    let peer = Peer::listen();
    let text = format!(
        r#"
        let c = mqtt.connect("BROKER", #{{clientId: "me", protocolVersion: {version}}});
        c.on("message", |topic, message, packet| {{
            console.log(topic, "" + message, packet.qos, packet.retain, packet.dup, packet.messageId);
            c.end();
        }});
        "#
    );
    let id = if qos > 0 { "513" } else { "undefined" };
    let running = expecting(&peer, &format!("test hello {qos} true false {id}\n"), &text);
    let mut link = peer.accept();
    link.read_frame();
    link.send_bytes(if version == 5 { &[0x20, 3, 0, 0, 0] } else { &[0x20, 2, 0, 0] });
    let (id, properties): (&[u8], &[u8]) = (if qos > 0 { &[2, 1] } else { &[] }, if version == 5 { &[0] } else { &[] });
    let length = u8::try_from(6 + id.len() + properties.len() + 5).unwrap();
    link.send_bytes(&[&[0x31 | qos << 1, length], &b"\0\x04test"[..], id, properties, b"hello"].concat());
    match qos {
        0 => {}
        1 => link.expect_bytes(&[0x40, 2, 2, 1]),
        _ => {
            link.expect_bytes(&[0x50, 2, 2, 1]);
            link.send_bytes(&[0x62, 2, 2, 1]);
            link.expect_bytes(&[0x70, 2, 2, 1]);
        }
    }
    link.expect(Packet::Disconnect);
    link.expect_closed();
    running.finish();
}

#[test]
fn version_3_1_publishes_qos_0() {
    publishes(3, 0, "undefined nothing");
}

#[test]
fn version_3_1_publishes_qos_1() {
    publishes(3, 1, "undefined publish");
}

#[test]
fn version_3_1_publishes_qos_2() {
    publishes(3, 2, "undefined pubrel");
}

#[test]
fn version_3_1_1_publishes_qos_0() {
    publishes(4, 0, "undefined nothing");
}

#[test]
fn version_3_1_1_publishes_qos_1() {
    publishes(4, 1, "undefined publish");
}

#[test]
fn version_3_1_1_publishes_qos_2() {
    publishes(4, 2, "undefined pubrel");
}

#[test]
fn version_5_publishes_qos_0() {
    publishes(5, 0, "undefined nothing");
}

#[test]
fn version_5_publishes_qos_1() {
    publishes(5, 1, "undefined publish");
}

#[test]
fn version_5_publishes_qos_2() {
    publishes(5, 2, "undefined pubrel");
}

#[test]
fn version_3_1_receives_qos_0() {
    receives(3, 0);
}

#[test]
fn version_3_1_receives_qos_1() {
    receives(3, 1);
}

#[test]
fn version_3_1_receives_qos_2() {
    receives(3, 2);
}

#[test]
fn version_3_1_1_receives_qos_0() {
    receives(4, 0);
}

#[test]
fn version_3_1_1_receives_qos_1() {
    receives(4, 1);
}

#[test]
fn version_3_1_1_receives_qos_2() {
    receives(4, 2);
}

#[test]
fn version_5_receives_qos_0() {
    receives(5, 0);
}

#[test]
fn version_5_receives_qos_1() {
    receives(5, 1);
}

#[test]
fn version_5_receives_qos_2() {
    receives(5, 2);
}
