use std::collections::HashSet;

use rumqttc_v4::Packet;

use crate::prelude::{LAST, LAST_5, expecting, login, script, until_a_message};
use crate::support::peer::Peer;

/// The first packet on the wire, byte by byte, for these options; version 5 or below.
fn sends(options: &str, bytes: &[u8]) {
    let peer = Peer::listen();
    let running = until_a_message(&peer, options, "", "");
    let mut link = peer.accept();
    link.expect_bytes(bytes);
    if bytes[8] == 5 && bytes[4] == b'M' {
        link.send_bytes(&[0x20, 3, 0, 0, 0]);
        link.send_bytes(LAST_5);
    } else {
        link.connack();
        link.send_bytes(LAST);
    }
    link.expect(Packet::Disconnect);
    link.expect_closed();
    running.finish();
}

#[test]
fn version_3_1_1_by_default() {
    sends(r#"clientId: "me""#, b"\x10\x0e\0\x04MQTT\x04\x02\0\x3c\0\x02me");
}

/// MQTT 3.1 calls itself `MQIsdp`.
#[test]
fn version_3_1() {
    sends(r#"clientId: "me", protocolVersion: 3, protocolId: "MQIsdp""#, b"\x10\x10\0\x06MQIsdp\x03\x02\0\x3c\0\x02me");
    sends(r#"clientId: "me", protocolVersion: 3"#, b"\x10\x10\0\x06MQIsdp\x03\x02\0\x3c\0\x02me");
}

#[test]
fn version_5() {
    sends(r#"clientId: "me", protocolVersion: 5"#, b"\x10\x0f\0\x04MQTT\x05\x02\0\x3c\0\0\x02me");
}

#[test]
fn a_keep_alive_of_its_own() {
    sends(r#"clientId: "me", keepalive: 0"#, b"\x10\x0e\0\x04MQTT\x04\x02\0\0\0\x02me");
    sends(r#"clientId: "me", keepalive: 65535"#, b"\x10\x0e\0\x04MQTT\x04\x02\xff\xff\0\x02me");
}

#[test]
fn a_session_that_stays() {
    sends(r#"clientId: "me", clean: false"#, b"\x10\x0e\0\x04MQTT\x04\0\0\x3c\0\x02me");
}

#[test]
fn a_user_with_and_without_a_password() {
    sends(r#"clientId: "me", username: "u""#, b"\x10\x11\0\x04MQTT\x04\x82\0\x3c\0\x02me\0\x01u");
    sends(r#"clientId: "me", username: "u", password: "p""#, b"\x10\x14\0\x04MQTT\x04\xc2\0\x3c\0\x02me\0\x01u\0\x01p");
}

/// A password is bytes `[MQTT-3.1.3.5]`.
#[test]
fn a_password_of_bytes() {
    sends(
        r#"clientId: "me", username: "u", password: Buffer.from([0, 255])"#,
        b"\x10\x15\0\x04MQTT\x04\xc2\0\x3c\0\x02me\0\x01u\0\x02\0\xff",
    );
}

/// Only version 5 has these.
#[test]
fn a_password_without_a_user_in_version_5() {
    sends(r#"clientId: "me", protocolVersion: 5, password: "p""#, b"\x10\x12\0\x04MQTT\x05\x42\0\x3c\0\0\x02me\0\x01p");
}

#[test]
fn a_will() {
    sends(
        r#"clientId: "me", will: #{topic: "t", payload: "gone"}"#,
        b"\x10\x17\0\x04MQTT\x04\x06\0\x3c\0\x02me\0\x01t\0\x04gone",
    );
    sends(
        r#"clientId: "me", will: #{topic: "t", payload: "gone", qos: 2, retain: true}"#,
        b"\x10\x17\0\x04MQTT\x04\x36\0\x3c\0\x02me\0\x01t\0\x04gone",
    );
}

#[test]
fn a_will_without_a_payload() {
    sends(r#"clientId: "me", will: #{topic: "t"}"#, b"\x10\x13\0\x04MQTT\x04\x06\0\x3c\0\x02me\0\x01t\0\0");
}

/// Delay 1 s, content type, in the order of their identifiers.
#[test]
fn a_will_with_properties() {
    let peer = Peer::listen();
    let options = r#"clientId: "me", protocolVersion: 5, will: #{topic: "t", payload: "gone", qos: 1,
        properties: #{willDelayInterval: 1, contentType: "text/plain", userProperties: #{a: "b"}}}"#;
    let running = until_a_message(&peer, options, "", "");
    let mut link = peer.accept_v5();
    let will = link.handshake().will.unwrap();
    assert_eq!((&will.topic[..], &will.message[..], will.qos as u8, will.retain), (&b"t"[..], &b"gone"[..], 1, false));
    let properties = will.properties.unwrap();
    assert_eq!(properties.delay_interval, Some(1));
    assert_eq!(properties.content_type.as_deref(), Some("text/plain"));
    assert_eq!(properties.user_properties, [("a".into(), "b".into())]);
    link.send_bytes(LAST_5);
    link.expect_goodbye();
    running.finish();
}

#[test]
fn properties_of_version_5() {
    let peer = Peer::listen();
    let options = r#"clientId: "me", protocolVersion: 5, properties: #{sessionExpiryInterval: 1234, receiveMaximum: 432,
        maximumPacketSize: 1000, topicAliasMaximum: 456, requestResponseInformation: true,
        requestProblemInformation: true, userProperties: #{test: "test"}}"#;
    let running = until_a_message(&peer, options, "", "");
    let mut link = peer.accept_v5();
    let properties = link.handshake().connect.properties.unwrap();
    assert_eq!(properties.session_expiry_interval, Some(1234));
    assert_eq!(properties.receive_maximum, Some(432));
    assert_eq!(properties.max_packet_size, Some(1000));
    assert_eq!(properties.topic_alias_max, Some(456));
    assert_eq!(properties.request_response_info, Some(1));
    assert_eq!(properties.request_problem_info, Some(1));
    assert_eq!(properties.user_properties, [("test".into(), "test".into())]);
    link.send_bytes(LAST_5);
    link.expect_goodbye();
    running.finish();
}

/// `mqttjs_` and eight hexadecimal digits, another one for each client.
#[test]
fn a_client_id_by_default() {
    let peer = Peer::listen();
    let running = expecting(
        &peer,
        "true true\n",
        r#"
        let a = mqtt.connect("BROKER");
        let b = mqtt.connect("BROKER");
        console.log(a.options.clientId != b.options.clientId, a.options.clientId.starts_with("mqttjs_"));
        for c in [a, b] { let c = c; c.on("connect", || c.end()); }
        "#,
    );
    let ids: HashSet<String> = (0..2)
        .map(|_| {
            let mut link = peer.accept();
            let connect = link.handshake();
            link.expect_goodbye();
            connect.client_id
        })
        .collect();
    assert_eq!(ids.len(), 2);
    for id in ids {
        let digits = id.strip_prefix("mqttjs_").unwrap_or_else(|| panic!("{id}"));
        assert!(digits.len() == 8 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()), "{id}");
    }
    running.finish();
}

/// The broker names the client; version 5 tells it the name.
#[test]
fn an_empty_client_id() {
    sends(r#"clientId: """#, b"\x10\x0c\0\x04MQTT\x04\x02\0\x3c\0\0");
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{clientId: "", protocolVersion: 5});
        c.on("connect", |connack| {
            console.log(connack.properties.assignedClientIdentifier, c.options.clientId == "");
            c.end();
        });
    "#;
    let running = expecting(&peer, "you true\n", text);
    let mut link = peer.accept_v5();
    link.read_connect();
    link.send_bytes(b"\x20\x09\0\0\x06\x12\0\x03you");
    link.expect_goodbye();
    running.finish();
}

/// Contract: `username`, `password` and `clientId` may be closures.
#[test]
fn closures_give_who_connects() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{clientId: || "me", username: || "u", password: || "p"});
        c.on("connect", || c.end());
    "#;
    let running = expecting(&peer, "", text);
    let mut link = peer.accept();
    let connect = link.handshake();
    assert_eq!((connect.client_id.as_str(), connect.auth), ("me", login("u", "p")));
    link.expect_goodbye();
    running.finish();
}

/// Nothing may be sent before CONNECT, and nothing but CONNECT before CONNACK by this client.
#[test]
fn nothing_follows_connect_before_connack() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{clientId: "me"});
        c.publish("a", "x");
        c.subscribe("b");
        console.log("asked");
        c.on("connect", || c.end());
    "#;
    let mut running = script(&peer.url(), text).stdout("asked\n").spawn();
    let mut link = peer.accept();
    link.expect_bytes(b"\x10\x0e\0\x04MQTT\x04\x02\0\x3c\0\x02me");
    running.wait_for_line("asked");
    link.connack();
    link.expect_bytes(b"\x30\x04\0\x01ax");
    assert_eq!(link.grant()[0].path, "b");
    link.expect_goodbye();
    running.finish();
}

/// `sessionPresent` as the broker says, each time.
#[test]
fn connack_comes_with_the_event() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{clientId: "me", clean: false, reconnectPeriod: 1});
        let times = 0;
        c.on("connect", |packet| {
            console.log(packet.cmd, packet.sessionPresent, packet.returnCode, c.connected);
            times += 1;
            if times == 2 { c.end(); }
        });
        console.log(c.connected);
    "#;
    let running = expecting(&peer, "false\nconnack true 0 true\nconnack false 0 true\n", text);
    let mut link = peer.accept();
    link.handshake_with(true);
    link.close();
    let mut link = peer.accept();
    link.handshake_with(false);
    link.expect_goodbye();
    running.finish();
}
