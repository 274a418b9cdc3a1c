use bytes::Bytes;
use rumqttc_v5::{Packet, QoS};

use crate::prelude::script;
use crate::support::link::{Link, V5};
use crate::support::peer::Peer;
use crate::wire::{
    GOODBYE, accept, ack, complaint, connack, grants, p1, p2, p4, packet, pair, ps, publish, pv, reason, section,
    success, text,
};

const PUBACK: u8 = 0x40;
const PUBREC: u8 = 0x50;
const PUBCOMP: u8 = 0x70;
pub const SUBACK: u8 = 0x90;
const UNSUBACK: u8 = 0xB0;
pub const DISCONNECT: u8 = 0xE0;
const REASON: u8 = 31;

/// Reads SUBSCRIBE.
#[track_caller]
pub fn subscribe(link: &mut Link<V5>) -> rumqttc_v5::Subscribe {
    match link.read() {
        Packet::Subscribe(subscribe) => subscribe,
        other => panic!("SUBSCRIBE was due, but {other:?} came"),
    }
}

#[test]
fn connect_has_every_property() {
    let peer = Peer::listen();
    let script_text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5, clientId: "me", username: "u", password: "p", keepalive: 9,
            clean: false,
            properties: #{sessionExpiryInterval: 60, receiveMaximum: 5, maximumPacketSize: 1000, topicAliasMaximum: 3,
                requestResponseInformation: true, requestProblemInformation: false, authenticationMethod: "m",
                authenticationData: "d", userProperties: #{a: ["1", "2"], b: "3"}},
            will: #{topic: "w", payload: "gone", qos: 1, retain: true,
                properties: #{willDelayInterval: 7, payloadFormatIndicator: true, messageExpiryInterval: 8,
                    contentType: "t", responseTopic: "r", correlationData: Buffer.from("c"), userProperties: #{k: "v"}}}});
        c.on("connect", || c.end());
    "#;
    let running = script(&peer.url(), script_text).spawn();
    let mut link = peer.accept_v5();
    let got = link.read_connect();
    let pairs = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_string(), (*value).to_string())).collect()
    };
    assert_eq!((got.connect.client_id.as_str(), got.connect.keep_alive, got.connect.clean_start), ("me", 9, false));
    let given = got.connect.properties.expect("properties");
    assert_eq!(given.session_expiry_interval, Some(60));
    assert_eq!(given.receive_maximum, Some(5));
    assert_eq!(given.max_packet_size, Some(1000));
    assert_eq!(given.topic_alias_max, Some(3));
    assert_eq!((given.request_response_info, given.request_problem_info), (Some(1), Some(0)));
    assert_eq!(given.user_properties, pairs(&[("a", "1"), ("a", "2"), ("b", "3")]));
    assert_eq!(given.authentication_method.as_deref(), Some("m"));
    assert_eq!(given.authentication_data, Some(Bytes::from("d")));
    let will = got.will.expect("a will");
    assert_eq!(
        (&will.topic[..], &will.message[..], will.qos, will.retain),
        (&b"w"[..], &b"gone"[..], QoS::AtLeastOnce, true)
    );
    let given = will.properties.expect("properties");
    assert_eq!(
        (given.delay_interval, given.payload_format_indicator, given.message_expiry_interval),
        (Some(7), Some(1), Some(8))
    );
    assert_eq!((given.content_type.as_deref(), given.response_topic.as_deref()), (Some("t"), Some("r")));
    assert_eq!(given.correlation_data, Some(Bytes::from("c")));
    assert_eq!(given.user_properties, pairs(&[("k", "v")]));
    link.send_bytes(&connack(0, &[]));
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}

#[test]
fn connack_shows_every_property() {
    let peer = Peer::listen();
    let script_text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5, clientId: ""});
        c.on("connect", |connack| {
            console.log(JSON.stringify(connack.properties));
            console.log(c.serverProperties.assignedClientIdentifier, c.keepalive);
            c.end(|| console.log(c.serverProperties));
        });
    "#;
    let stdout = r#"{"sessionExpiryInterval":60,"receiveMaximum":9,"maximumQoS":1,"retainAvailable":false,"maximumPacketSize":99,"assignedClientIdentifier":"you","topicAliasMaximum":4,"reasonString":"why","userProperties":{"a":["1","2"]},"wildcardSubscriptionAvailable":true,"subscriptionIdentifiersAvailable":true,"sharedSubscriptionAvailable":false,"serverKeepAlive":33,"responseInformation":"info","serverReference":"other"}
you 33
undefined
"#;
    let running = script(&peer.url(), script_text).stdout(stdout).spawn();
    let mut link = accept(
        &peer,
        &[
            p4(17, 60),
            p2(33, 9),
            p1(36, 1),
            p1(37, 0),
            p4(39, 99),
            ps(18, "you"),
            p2(34, 4),
            ps(REASON, "why"),
            pair("a", "1"),
            pair("a", "2"),
            p1(40, 1),
            p1(41, 1),
            p1(42, 0),
            p2(19, 33),
            ps(26, "info"),
            ps(28, "other"),
        ],
    );
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}

/// `client.serverProperties` is readable while a refusal is handled.
#[test]
fn a_refusal_tells_its_reason() {
    let peer = Peer::listen();
    let script_text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5});
        c.on("error", |error| console.log(error.message, error.code, JSON.stringify(c.serverProperties)));
        c.on("close", || console.log(c.serverProperties));
    "#;
    let stdout = "Connection refused: Use another server 156 \
                  {\"reasonString\":\"full\",\"serverReference\":\"b\",\"userProperties\":{\"k\":\"v\"}}\nundefined\n";
    let running = script(&peer.url(), script_text).stdout(stdout).spawn();
    let mut link = peer.accept_v5();
    link.read_connect();
    link.send_bytes(&connack(156, &[ps(REASON, "full"), ps(28, "b"), pair("k", "v")]));
    link.expect_closed();
    running.finish();
}

#[test]
fn publish_has_every_property() {
    let peer = Peer::listen();
    let script_text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5});
        c.publish("a", "x", #{retain: true, properties: #{payloadFormatIndicator: true, messageExpiryInterval: 5,
            topicAlias: 1, responseTopic: "r", correlationData: "c", userProperties: #{k: "v", l: ["1", "2"]},
            contentType: "t"}});
        c.end();
    "#;
    let running = script(&peer.url(), script_text).spawn();
    let mut link = accept(&peer, &[p2(34, 1)]);
    let publish = link.read_publish();
    assert!(publish.retain);
    let given = publish.properties.expect("properties");
    assert_eq!((given.payload_format_indicator, given.message_expiry_interval), (Some(1), Some(5)));
    assert_eq!((given.topic_alias, given.response_topic.as_deref()), (Some(1), Some("r")));
    assert_eq!((given.correlation_data, given.content_type.as_deref()), (Some(Bytes::from("c")), Some("t")));
    let names: Vec<_> = given.user_properties.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(names, ["k=v", "l=1", "l=2"]);
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}

#[test]
fn a_message_shows_every_property_and_can_be_passed_on() {
    let peer = Peer::listen();
    let script_text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5, properties: #{topicAliasMaximum: 5}});
        c.on("message", |topic, message, packet| {
            console.log(JSON.stringify(packet.properties));
            c.publish("on", message, #{properties: packet.properties});
            c.end();
        });
    "#;
    let stdout = r#"{"subscriptionIdentifier":[1,200],"payloadFormatIndicator":true,"messageExpiryInterval":5,"topicAlias":2,"responseTopic":"r","correlationData":{"type":"Buffer","data":[99]},"userProperties":{"k":"v"},"contentType":"t"}
"#;
    let running = script(&peer.url(), script_text).stdout(stdout).spawn();
    let mut link = accept(&peer, &[]);
    let own = [p1(1, 1), p4(2, 5), ps(3, "t"), ps(8, "r"), ps(9, "c"), pair("k", "v")];
    let [format, expiry, kind, response, correlation, user] = own.clone();
    let all = [pv(11, 1), pv(11, 200), format, expiry, p2(35, 2), response, correlation, user, kind];
    link.send_bytes(&publish(0, "a", 0, &all, "x"));
    let passed = link.read_publish().properties.expect("properties");
    assert_eq!((passed.topic_alias, passed.subscription_identifiers), (None, vec![]));
    assert_eq!((passed.response_topic.as_deref(), passed.content_type.as_deref()), (Some("r"), Some("t")));
    assert_eq!((passed.message_expiry_interval, passed.user_properties.len()), (Some(5), 1));
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}

/// T14.
#[test]
fn refused_publishes_tell_why() {
    let peer = Peer::listen();
    let script_text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5});
        let tell = |error, packet| console.log(error.message, error.code, packet.cmd, packet.reasonCode, JSON.stringify(packet.properties));
        c.publish("a", "1", #{qos: 1}, tell);
        c.publish("a", "2", #{qos: 2}, tell);
        c.publish("a", "3", #{qos: 2}, tell);
        c.end();
    "#;
    let properties = r#"{"reasonString":"no","userProperties":{"k":"v"}}"#;
    let stdout = format!(
        "Publish error: Quota exceeded 151 puback 151 {properties}\n\
         Publish error: Not authorized 135 pubrec 135 {properties}\n\
         Publish error: Packet Identifier not found 146 pubcomp 146 {properties}\n"
    );
    let running = script(&peer.url(), script_text).stdout(stdout).spawn();
    let mut link = accept(&peer, &[]);
    let why = [ps(REASON, "no"), pair("k", "v")];
    let ids: Vec<u16> = (0..3).map(|_| link.read_publish().pkid).collect();
    link.send_bytes(&ack(PUBACK, ids[0], 151, &why));
    link.send_bytes(&ack(PUBREC, ids[1], 135, &why));
    link.send_bytes(&success(PUBREC, ids[2]));
    link.expect_bytes(&success(0x62, ids[2]));
    link.send_bytes(&ack(PUBCOMP, ids[2], 146, &why));
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}

#[test]
fn subscribe_has_options_and_properties() {
    let peer = Peer::listen();
    let script_text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5});
        let properties = #{subscriptionIdentifier: 321, userProperties: #{k: "v"}};
        c.subscribe("a", #{qos: 1, nl: true, rap: true, rh: 2, properties: properties}, |error, granted, packet| {
            console.log(JSON.stringify(granted), JSON.stringify(packet.properties));
            c.unsubscribe("a", #{properties: #{userProperties: #{k: "w"}}}, |error, packet| {
                console.log(JSON.stringify(packet.granted), packet.properties.reasonString);
                c.end();
            });
        });
    "#;
    let stdout = r#"[{"nl":true,"properties":{"subscriptionIdentifier":321,"userProperties":{"k":"v"}},"qos":0,"rap":true,"rh":2,"topic":"a"}] {"reasonString":"less"}
[17] none
"#;
    let running = script(&peer.url(), script_text).stdout(stdout).spawn();
    let mut link = accept(&peer, &[]);
    let got = subscribe(&mut link);
    let id = got.pkid.to_be_bytes();
    let wanted = packet(0x82, &[&id, &section(&[pv(11, 321), pair("k", "v")]), &text("a"), &[0b10_1101]]);
    let mut bytes = bytes::BytesMut::new();
    Packet::Subscribe(got.clone()).write(&mut bytes, None).expect("it was read");
    assert_eq!(&bytes[..], &wanted[..]);
    link.send_bytes(&grants(SUBACK, got.pkid, &[ps(REASON, "less")], &[0]));
    let id = match link.read() {
        Packet::Unsubscribe(unsubscribe) => {
            let given = unsubscribe.properties.expect("properties");
            assert_eq!(given.user_properties, [("k".to_string(), "w".to_string())]);
            unsubscribe.pkid
        }
        other => panic!("{other:?}"),
    };
    link.send_bytes(&grants(UNSUBACK, id, &[ps(REASON, "none")], &[17]));
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}

#[test]
fn a_refused_subscribe_tells_why() {
    let peer = Peer::listen();
    let script_text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5});
        c.subscribe(["a", "b"], |error, granted, packet| {
            console.log(error.message, error.packet.granted, packet.properties.reasonString, granted[1].qos);
            c.end();
        });
    "#;
    let stdout = "Subscribe error: Quota exceeded [ 0, 151 ] enough 151\n";
    let running = script(&peer.url(), script_text).stdout(stdout).spawn();
    let mut link = accept(&peer, &[]);
    let id = subscribe(&mut link).pkid;
    link.send_bytes(&grants(SUBACK, id, &[ps(REASON, "enough")], &[0, 151]));
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}

#[test]
fn disconnect_says_why_in_both_directions() {
    let peer = Peer::listen();
    let script_text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5, reconnectPeriod: 10, properties: #{sessionExpiryInterval: 9}});
        c.on("disconnect", |packet| console.log(packet.reasonCode, JSON.stringify(packet.properties)));
        let times = 0;
        c.on("connect", || {
            times += 1;
            if times == 2 {
                c.end(false, #{reasonCode: 4, properties: #{sessionExpiryInterval: 5, reasonString: "bye",
                    userProperties: #{k: "v"}}}, || console.log("ended"));
            }
        });
    "#;
    let stdout = "157 {\"reasonString\":\"moved\",\"serverReference\":\"b\",\"userProperties\":{\"k\":\"v\"}}\nended\n";
    let running = script(&peer.url(), script_text).stdout(stdout).spawn();
    let mut link = accept(&peer, &[]);
    link.send_bytes(&reason(DISCONNECT, 157, &[ps(REASON, "moved"), ps(28, "b"), pair("k", "v")]));
    link.expect_closed();
    let mut link = accept(&peer, &[]);
    let given = link.expect_goodbye();
    assert_eq!(given.reason_code, rumqttc_v5::DisconnectReasonCode::DisconnectWithWillMessage);
    let given = given.properties.expect("properties");
    assert_eq!((given.session_expiry_interval, given.reason_string.as_deref()), (Some(5), Some("bye")));
    assert_eq!(given.user_properties, [("k".to_string(), "v".to_string())]);
    running.finish();
}

/// MQTT.js's words, and the code of the standard.
#[test]
fn a_packet_larger_than_the_client_takes_ends_the_connection() {
    let peer = Peer::listen();
    let script_text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5, properties: #{maximumPacketSize: 20}});
        c.on("message", |topic, message| console.log("" + message));
        c.on("error", |error| { console.log(error.message, error.code); c.end(true); });
    "#;
    let stdout = "fits exactly!!\nexceeding packets size publish: 21 bytes, maximumPacketSize is 20 149\n";
    let running = script(&peer.url(), script_text).stdout(stdout).spawn();
    let mut link = accept(&peer, &[]);
    link.send_bytes(&publish(0, "a", 0, &[], "fits exactly!!"));
    link.send_bytes(&publish(0, "a", 0, &[], "does not fit!!!"));
    link.expect_bytes(&complaint(149));
    link.expect_closed();
    running.finish();
}

/// MQTT.js writes them, or drops the connection without a word.
#[test]
fn properties_of_other_packets_are_refused_at_the_call() {
    let text = r#"
        thrown(|| mqtt.connect("mqtt://127.0.0.1:1", #{protocolVersion: 5, properties: #{topicAlias: 1}}));
        thrown(|| mqtt.connect("mqtt://127.0.0.1:1", #{protocolVersion: 5, will: #{topic: "a", properties: #{reasonString: "x"}}}));
        let c = mqtt.connect("mqtt://127.0.0.1:1", #{protocolVersion: 5, manualConnect: true});
        thrown(|| c.publish("a", "x", #{properties: #{subscriptionIdentifier: 1}}));
        thrown(|| c.publish("a", "x", #{properties: #{responseTopic: "a/#"}}));
        thrown(|| c.publish("a", "x", #{properties: #{messageExpiryInterval: -1}}));
        thrown(|| c.subscribe("a", #{properties: #{contentType: "x"}}));
        thrown(|| c.subscribe("$share/g/a", #{nl: true}));
        thrown(|| c.unsubscribe("a", #{properties: #{subscriptionIdentifier: 1}}));
        thrown(|| c.end(#{properties: #{authenticationMethod: "x"}}));
    "#;
    let stdout = "Error: `topicAlias` is not a property of CONNECT\n\
        Error: `reasonString` is not a property of the will\n\
        Error: `subscriptionIdentifier` is not a property of PUBLISH\n\
        Error: option `responseTopic`: `a/#` is not a topic to publish to: [..]\n\
        Error: option `messageExpiryInterval` takes a whole number from 0 to 4294967295 but got -1\n\
        Error: `contentType` is not a property of SUBSCRIBE\n\
        Error: `nl` cannot be set for the shared subscription `$share/g/a`\n\
        Error: `subscriptionIdentifier` is not a property of UNSUBSCRIBE\n\
        Error: `authenticationMethod` is not a property of DISCONNECT\n";
    script("", text).stdout(stdout).run();
}

/// Several subscriptions may match; each says so by its identifier.
#[test]
fn subscription_identifiers_are_a_number_or_an_array() {
    let peer = Peer::listen();
    let script_text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5});
        c.on("message", |topic, message, packet| {
            let properties = packet.properties;
            console.log(if properties == () { () } else { properties.subscriptionIdentifier });
            if message == "3" { c.end(); }
        });
    "#;
    let running = script(&peer.url(), script_text).stdout("undefined\n7\n[ 7, 268435455 ]\n").spawn();
    let mut link = accept(&peer, &[]);
    link.send_bytes(&publish(0, "a", 0, &[], "1"));
    link.send_bytes(&publish(0, "a", 0, &[pv(11, 7)], "2"));
    link.send_bytes(&publish(0, "a", 0, &[pv(11, 7), pv(11, 268_435_455)], "3"));
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}

/// The reason code 16 of a broker is no error.
#[test]
fn a_message_that_nobody_subscribed_to_was_published() {
    let peer = Peer::listen();
    let script_text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5});
        c.publish("a", "1", #{qos: 1}, |error, packet| console.log(error, packet.cmd));
        c.publish("a", "2", #{qos: 2}, |error, packet| { console.log(error, packet.cmd); c.end(); });
    "#;
    let running = script(&peer.url(), script_text).stdout("undefined publish\nundefined pubrel\n").spawn();
    let mut link = accept(&peer, &[]);
    let first = link.read_publish().pkid;
    let second = link.read_publish().pkid;
    link.send_bytes(&ack(PUBACK, first, 16, &[]));
    link.send_bytes(&ack(PUBREC, second, 16, &[]));
    link.expect_bytes(&success(0x62, second));
    link.send_bytes(&success(PUBCOMP, second));
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}

#[test]
fn properties_are_left_out_below_version_5() {
    let peer = Peer::listen();
    let script_text = r#"
        let c = mqtt.connect("BROKER");
        c.subscribe("a", #{nl: true, rap: true, rh: 2, properties: #{subscriptionIdentifier: 1}});
        c.publish("a", "x", #{properties: #{contentType: "t"}});
        c.end(#{reasonCode: 4, properties: #{reasonString: "x"}});
    "#;
    let running = script(&peer.url(), script_text).spawn();
    let mut link = peer.accept();
    link.handshake();
    let filters = link.grant();
    assert_eq!(filters.len(), 1);
    link.expect_bytes(b"\x30\x04\x00\x01ax");
    link.expect_goodbye();
    running.finish();
}
