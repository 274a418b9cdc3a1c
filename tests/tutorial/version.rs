//! Protocol Version, MQTT v5 Properties, and Q4.

use rumqttc_v5::ConnectProperties;

use crate::support::broker::broker;
use crate::support::link::{Dialect, Link, V4, V5};
use crate::support::observer::publish;
use crate::support::peer::Peer;
use crate::{interrupt, tutorial};

#[test]
fn protocol_version() {
    let broker = broker();
    tutorial("protocol_version").arg(broker.url()).stdout("connected\n").run();
    for version in ["3", "4", "5"] {
        tutorial("protocol_version").args([broker.url().as_str(), version]).stdout("connected\n").run();
    }
}

/// CONNECT from its protocol name to its keep alive: user name, password and clean session, 60 s.
fn header(name: &[u8], level: u8) -> Vec<u8> {
    [&[0, u8::try_from(name.len()).expect("short")], name, &[level, 0b1100_0010, 0, 60]].concat()
}

#[test]
fn protocol_version_on_the_wire() {
    let peer = Peer::listen();
    for (arguments, header) in [
        (vec![], header(b"MQTT", 4)),
        (vec!["3"], header(b"MQIsdp", 3)),
        (vec!["4"], header(b"MQTT", 4)),
        (vec!["5"], header(b"MQTT", 5)),
    ] {
        let is_5 = header.ends_with(&[5, 0b1100_0010, 0, 60]);
        let running = tutorial("protocol_version").arg(peer.url()).args(arguments).stdout("connected\n").spawn();
        let mut link: Link<V4> = peer.accept();
        let connect = link.read_frame();
        assert_eq!((connect[0], &connect[2..2 + header.len()]), (0x10, header.as_slice()));
        link.send_bytes(&if is_5 { V5::encode(&V5::connack(false)) } else { V4::encode(&V4::connack(false)) });
        assert_eq!(link.read_frame()[0], 0xe0);
        link.expect_closed();
        running.finish();
    }
}

#[test]
fn v5_properties() {
    let broker = broker();
    let url = broker.url();
    // Retained, to know when the subscription is there.
    publish(&url, "sizes", "0123456789", 1, true);
    let lines = "connected\n10 bytes on sizes\n11 bytes on sizes\n";
    let mut running = tutorial("v5_properties").arg(&url).stdout(lines).code(130).spawn();
    running.wait_for_line("10 bytes on sizes");
    publish(&url, "sizes", "x".repeat(2000), 1, false);
    publish(&url, "sizes", "01234567890", 1, false);
    running.wait_for_line("11 bytes on sizes");
    interrupt(running);
}

#[test]
fn v5_properties_on_the_wire() {
    let peer = Peer::listen();
    let mut running = tutorial("v5_properties").arg(peer.url()).stdout("connected\n").code(130).spawn();
    let mut link: Link<V5> = peer.accept_v5();
    let connect = link.handshake().connect;
    assert!(connect.client_id.starts_with("mqttjs-"), "{connect:?}");
    let wanted = ConnectProperties { max_packet_size: Some(1000), ..ConnectProperties::new() };
    assert_eq!(connect.properties, Some(wanted));
    assert_eq!(link.grant().len(), 1);
    running.wait_for_line("connected");
    interrupt(running);
    link.expect_goodbye();
}

#[test]
fn properties_without_version() {
    let broker = broker();
    let script = |url: String| {
        tutorial("properties_without_version")
            .arg(url)
            .stdout("connected\n")
            .stderr(
                "warning: `properties` have no effect below MQTT 5\n\
                 help: add `protocolVersion: 5` to the connect options\n",
            )
            .code(130)
    };
    let mut running = script(broker.url()).spawn();
    running.wait_for_line("connected");
    interrupt(running);

    let peer = Peer::listen();
    let mut running = script(peer.url()).spawn();
    let mut link: Link<V4> = peer.accept();
    assert!(link.handshake().client_id.starts_with("mqttjs-"));
    running.wait_for_line("connected");
    interrupt(running);
    link.expect_goodbye();
}
