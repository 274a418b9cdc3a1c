use std::time::Duration;

use rumqttc_v5::{ConnAckProperties, PublishProperties, QoS as QoS5};

use crate::prelude::{prints, script, traced};
use crate::support::link::{Link, V5};
use crate::support::packets::v5;
use crate::support::peer::Peer;
use crate::wire::complaint;

/// T22.
#[test]
fn a_broker_that_says_goodbye() {
    let peer = Peer::listen();
    let mut running = traced(
        &peer,
        "protocolVersion: 5, reconnectPeriod: 20",
        r#"c.on("disconnect", |packet| console.log(JSON.stringify(packet)));"#,
    );
    let mut link = peer.accept_v5();
    link.handshake();
    prints(&mut running, "connect connected");
    link.send_bytes(&[0xe0, 8, 139, 6, 0x1f, 0, 3, b'b', b'y', b'e']);
    link.expect_closed();
    peer.accept_v5().handshake();
    prints(
        &mut running,
        r#"disconnect connected
        {"cmd":"disconnect","retain":false,"qos":0,"dup":false,"length":8,"topic":null,"payload":null,"reasonCode":139,"properties":{"reasonString":"bye"}}
        offline
        close reconnecting
        reconnect reconnecting
        connect connected"#,
    );
    running.kill9();
}

pub fn no_limits() -> ConnAckProperties {
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

fn aliased(topic: &str, alias: u16, payload: &str) -> rumqttc_v5::Packet {
    let mut packet = v5::publish(topic, QoS5::AtMostOnce, 0, payload);
    if let rumqttc_v5::Packet::Publish(publish) = &mut packet {
        publish.properties = Some(PublishProperties { topic_alias: Some(alias), ..PublishProperties::default() });
    }
    packet
}

#[test]
fn topic_aliases_get_their_names_back() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER", #{protocolVersion: 5, properties: #{topicAliasMaximum: 2}, reconnectPeriod: 10});
        client.on("message", |topic, message| console.log(topic, "" + message));
        client.on("error", |error| { console.log(error.message, error.code); client.end(true); });
    "#;
    let stdout = "a 1\na 2\nb 3\nc 4\nc 5\nb 6\nReceived Topic Alias 3 is outside the advertised Topic Alias Maximum range 1-2 148\n";
    let running = script(&peer.url(), text).stdout(stdout).spawn();
    let mut link = peer.accept_v5();
    link.handshake();
    for (topic, alias, payload) in
        [("a", 1, "1"), ("", 1, "2"), ("b", 2, "3"), ("c", 1, "4"), ("", 1, "5"), ("", 2, "6"), ("d", 3, "7")]
    {
        link.send(aliased(topic, alias, payload));
    }
    link.expect_bytes(&complaint(148));
    link.expect_closed();
    running.finish();
}

/// Aliases belong to a connection: on the next one they are not known `[MQTT-3.3.2-7]`.
#[test]
fn topic_aliases_end_with_their_connection() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER", #{protocolVersion: 5, properties: #{topicAliasMaximum: 2}, reconnectPeriod: 10});
        client.on("message", |topic, message| console.log(topic, "" + message));
        client.on("error", |error| { console.log(error.message, error.code); client.end(true); });
    "#;
    let running = script(&peer.url(), text).stdout("a 1\nReceived unregistered Topic Alias 130\n").spawn();
    let mut link = peer.accept_v5();
    link.handshake();
    link.send(aliased("a", 1, "1"));
    link.close();
    let mut link = peer.accept_v5();
    link.handshake();
    link.send(aliased("", 1, "2"));
    link.expect_bytes(&complaint(130));
    link.expect_closed();
    running.finish();
}

/// Version 5: a broker's limits are kept, and its refusals have codes.
#[test]
fn refused_messages_of_version_5() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5});
        fn tell(error, packet) { console.log("" + error, error.code, packet.cmd, packet.reasonCode); }
        c.publish("denied", "1", #{qos: 1}, |error, packet| tell(error, packet));
        c.publish("denied", "2", #{qos: 2}, |error, packet| tell(error, packet));
        c.publish("nobody", "3", #{qos: 1}, |error, packet| { console.log(error, packet.cmd); c.end(); });
        "#,
    )
    .stdout(
        "ErrorWithReasonCode: Publish error: Not authorized 135 puback 135\n\
         ErrorWithReasonCode: Publish error: Not authorized 135 pubrec 135\n\
         undefined publish\n",
    )
    .spawn();
    let mut link: Link<V5> = peer.accept_v5();
    link.handshake();
    for (first, code) in [(0x40, 135), (0x50, 135), (0x40, 16)] {
        let [high, low] = link.read_publish().pkid.to_be_bytes();
        link.send_bytes(&[first, 3, high, low, code]);
    }
    link.expect_goodbye();
    running.finish();
}

/// What only a broker says, and what a client says of extended authentication.
#[test]
fn properties_of_connect_and_connack() {
    let peer = Peer::listen();
    let running = traced(
        &peer,
        r#"protocolVersion: 5, properties: #{authenticationMethod: "m", authenticationData: "d"}"#,
        r#"c.on("connect", |packet| { console.log(JSON.stringify(packet.properties)); c.end(true); });"#,
    );
    let mut link = peer.accept_v5();
    let connect = link.read_connect();
    let given = connect.connect.properties.expect("CONNECT has properties");
    assert_eq!(given.authentication_method.as_deref(), Some("m"));
    assert_eq!(given.authentication_data.as_deref(), Some(&b"d"[..]));
    link.send(rumqttc_v5::Packet::ConnAck(rumqttc_v5::ConnAck {
        session_present: false,
        code: rumqttc_v5::ConnectReturnCode::Success,
        properties: Some(ConnAckProperties {
            max_qos: Some(1),
            retain_available: Some(0),
            response_information: Some("r".into()),
            wildcard_subscription_available: Some(0),
            subscription_identifiers_available: Some(0),
            shared_subscription_available: Some(0),
            ..no_limits()
        }),
    }));
    let printed = running.outcome().stdout;
    for property in [
        r#""responseInformation":"r""#,
        r#""maximumQoS":1"#,
        r#""retainAvailable":false"#,
        r#""wildcardSubscriptionAvailable":false"#,
        r#""subscriptionIdentifiersAvailable":false"#,
        r#""sharedSubscriptionAvailable":false"#,
    ] {
        assert!(printed.contains(property), "{property}\n{printed}");
    }
}

/// Options of DISCONNECT behind `force`, without a callback.
#[test]
fn end_says_why() {
    let peer = Peer::listen();
    let text = r#"c.on("connect", || c.end(false, #{reasonCode: 4, properties: #{reasonString: "x"}}));"#;
    let running = traced(&peer, "protocolVersion: 5", text);
    let mut link = peer.accept_v5();
    link.handshake();
    link.expect_bytes(&[0xe0, 6, 4, 4, 0x1f, 0, 1, b'x']);
    link.expect_closed();
    crate::prelude::ends(running, 0, "connect connected\nclose disconnecting\nend disconnecting disconnected");
}
