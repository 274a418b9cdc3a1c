use super::*;
use crate::mqtt::codec::EncodeError;
use crate::mqtt::packet::*;

const V: Version = Version::V5;

fn reason_and_user() -> Option<Box<Properties>> {
    boxed(Properties {
        reason_string: Some("no".into()),
        user_properties: vec![("k".into(), "v".into()), ("k".into(), "w".into())],
        ..Properties::default()
    })
}

const REASON_AND_USER: &[u8] = b"\x13\x1F\x00\x02no\x26\x00\x01k\x00\x01v\x26\x00\x01k\x00\x01w";

/// `before`, the length of all that follows, `between`, the section above, `after`.
fn around(byte1: u8, before: &[u8], after: &[u8]) -> Vec<u8> {
    let length = u8::try_from(before.len() + REASON_AND_USER.len() + after.len()).unwrap();
    [&[byte1, length], before, REASON_AND_USER, after].concat()
}

#[test]
fn connect() {
    let connect = Connect {
        version: V,
        client_id: "c".into(),
        clean: true,
        keepalive: 10,
        username: None,
        password: Some(bytes(b"p")),
        will: Some(Will {
            topic: "w".into(),
            payload: bytes(b"x"),
            qos: QoS::ExactlyOnce,
            retain: false,
            properties: boxed(Properties {
                will_delay_interval: Some(5),
                payload_format_indicator: Some(true),
                message_expiry_interval: Some(6),
                content_type: Some("t".into()),
                response_topic: Some("r".into()),
                correlation_data: Some(bytes(b"d")),
                ..Properties::default()
            }),
        }),
        properties: boxed(Properties {
            session_expiry_interval: Some(0x0102_0304),
            receive_maximum: Some(20),
            maximum_packet_size: Some(1000),
            topic_alias_maximum: Some(3),
            request_response_information: Some(true),
            request_problem_information: Some(false),
            user_properties: vec![("k".into(), "v".into())],
            authentication_method: Some("m".into()),
            authentication_data: Some(bytes(b"\xFF")),
            ..Properties::default()
        }),
    };
    let expected = b"\x10\x53\x00\x04MQTT\x05\x56\x00\x0A\
        \x23\x11\x01\x02\x03\x04\x21\x00\x14\x27\x00\x00\x03\xE8\x22\x00\x03\x19\x01\x17\x00\x26\x00\x01k\x00\x01v\
        \x15\x00\x01m\x16\x00\x01\xFF\
        \x00\x01c\
        \x18\x18\x00\x00\x00\x05\x01\x01\x02\x00\x00\x00\x06\x03\x00\x01t\x08\x00\x01r\x09\x00\x01d\
        \x00\x01w\x00\x01x\
        \x00\x01p";
    same(V, Packet::Connect(Box::new(connect)), expected);
    let plain = Connect { version: V, ..Connect::default() };
    same(V, Packet::Connect(Box::new(plain)), b"\x10\x0D\x00\x04MQTT\x05\x00\x00\x00\x00\x00\x00");
}

#[test]
fn connack() {
    let properties = boxed(Properties {
        session_expiry_interval: Some(1),
        receive_maximum: Some(2),
        maximum_qos: Some(1),
        retain_available: Some(true),
        maximum_packet_size: Some(3),
        assigned_client_identifier: Some("i".into()),
        topic_alias_maximum: Some(4),
        reason_string: Some("r".into()),
        user_properties: vec![("k".into(), "v".into())],
        wildcard_subscription_available: Some(false),
        subscription_identifiers_available: Some(true),
        shared_subscription_available: Some(false),
        server_keep_alive: Some(5),
        response_information: Some("q".into()),
        server_reference: Some("s".into()),
        authentication_method: Some("m".into()),
        authentication_data: Some(bytes(b"d")),
        ..Properties::default()
    });
    let expected = b"\x20\x3F\x01\x00\x3C\
        \x11\x00\x00\x00\x01\x21\x00\x02\x24\x01\x25\x01\x27\x00\x00\x00\x03\x12\x00\x01i\x22\x00\x04\x1F\x00\x01r\
        \x26\x00\x01k\x00\x01v\x28\x00\x29\x01\x2A\x00\x13\x00\x05\x1A\x00\x01q\x1C\x00\x01s\x15\x00\x01m\x16\x00\x01d";
    same(V, Packet::Connack(Connack { session_present: true, code: 0, properties }), expected);
    same(V, Packet::Connack(Connack { code: 0x87, ..Connack::default() }), b"\x20\x03\x00\x87\x00");
    same(V, Packet::Connack(Connack { code: 0x63, ..Connack::default() }), b"\x20\x03\x00\x63\x00");
}

#[test]
fn connack_of_an_older_server() {
    let refused = Packet::Connack(Connack { code: 1, ..Connack::default() });
    assert_eq!(read(V, b"\x20\x02\x00\x01"), refused);
}

#[test]
fn publish() {
    let publish = Publish { topic: bytes(b"a"), payload: bytes(b"hi"), ..Publish::default() };
    same(V, Packet::Publish(publish.clone()), b"\x30\x06\x00\x01a\x00hi");
    let all = Publish {
        qos: QoS::AtLeastOnce,
        id: 7,
        properties: boxed(Properties {
            payload_format_indicator: Some(true),
            message_expiry_interval: Some(8),
            topic_alias: Some(9),
            response_topic: Some("r".into()),
            correlation_data: Some(bytes(b"c")),
            user_properties: vec![("k".into(), "v".into())],
            subscription_identifiers: vec![1, 200],
            content_type: Some("t".into()),
            ..Properties::default()
        }),
        ..publish
    };
    let expected = b"\x32\x2A\x00\x01a\x00\x07\x22\
        \x01\x01\x02\x00\x00\x00\x08\x23\x00\x09\x08\x00\x01r\x09\x00\x01c\x26\x00\x01k\x00\x01v\x0B\x01\x0B\xC8\x01\
        \x03\x00\x01t\
        hi";
    same(V, Packet::Publish(all), expected);
}

#[test]
fn publish_by_alias_has_no_topic() {
    let properties = boxed(Properties { topic_alias: Some(1), ..Properties::default() });
    let packet = Packet::Publish(Publish { payload: bytes(b"hi"), properties, ..Publish::default() });
    same(V, packet, b"\x30\x08\x00\x00\x03\x23\x00\x01hi");
}

#[test]
fn many_subscription_identifiers_do_not_eat_the_payload() {
    let packet = read(V, b"\x30\x0F\x00\x01a\x09\x0B\x01\x0B\x02\x0B\x80\x01\x01\x01hi");
    let Packet::Publish(publish) = packet else { panic!("a publish") };
    assert_eq!(publish.payload, "hi");
    let properties = publish.properties.unwrap();
    assert_eq!(properties.subscription_identifiers, [1, 2, 128]);
    assert_eq!(properties.payload_format_indicator, Some(true));
    assert_eq!(properties.order, [11, 1]);
}

#[test]
fn wire_order_is_kept() {
    let packet = read(V, b"\x30\x13\x00\x01a\x0F\x26\x00\x00\x00\x00\x03\x00\x00\x26\x00\x00\x00\x00\x01\x00");
    let Packet::Publish(publish) = packet else { panic!("a publish") };
    let properties = publish.properties.unwrap();
    assert_eq!(properties.order, [38, 3, 1]);
    assert_eq!(properties.user_properties.len(), 2);
}

#[test]
fn acknowledgements() {
    same(V, Packet::Puback(Ack::success(10)), b"\x40\x02\x00\x0A");
    same(V, Packet::Pubrec(Ack::success(10)), b"\x50\x02\x00\x0A");
    same(V, Packet::Pubrel(Ack::success(10)), b"\x62\x02\x00\x0A");
    same(V, Packet::Pubcomp(Ack::success(10)), b"\x70\x02\x00\x0A");
    let unknown = Ack { id: 1, reason: 0x99, properties: None };
    same(V, Packet::Puback(Ack { reason: 0x42, ..unknown.clone() }), b"\x40\x04\x00\x01\x42\x00");
    let told = Ack { properties: reason_and_user(), ..unknown.clone() };
    same(V, Packet::Puback(told.clone()), &around(0x40, b"\x00\x01\x99", b""));
    same(V, Packet::Pubrec(told.clone()), &around(0x50, b"\x00\x01\x99", b""));
    same(V, Packet::Pubrel(told.clone()), &around(0x62, b"\x00\x01\x99", b""));
    same(V, Packet::Pubcomp(told), &around(0x70, b"\x00\x01\x99", b""));
    assert_eq!(read(V, b"\x40\x03\x00\x01\x99"), Packet::Puback(unknown), "a code without properties");
}

#[test]
fn subscriptions() {
    let filter = Subscription { filter: "a".into(), ..Subscription::default() };
    let filters = vec![
        Subscription { qos: QoS::ExactlyOnce, no_local: true, retain_handling: 2, ..filter.clone() },
        Subscription { qos: QoS::AtLeastOnce, retain_as_published: true, retain_handling: 1, ..filter },
    ];
    let properties = boxed(Properties {
        subscription_identifiers: vec![321],
        user_properties: vec![("k".into(), "v".into())],
        ..Properties::default()
    });
    same(
        V,
        Packet::Subscribe(Subscribe { id: 1, filters: filters.clone(), properties }),
        b"\x82\x15\x00\x01\x0A\x0B\xC1\x02\x26\x00\x01k\x00\x01v\x00\x01a\x26\x00\x01a\x19",
    );
    same(
        V,
        Packet::Subscribe(Subscribe { id: 1, filters, properties: None }),
        b"\x82\x0B\x00\x01\x00\x00\x01a\x26\x00\x01a\x19",
    );
    let grants = Grants { id: 1, codes: vec![0, 2, 0x87, 0x55], properties: None };
    same(V, Packet::Suback(grants.clone()), b"\x90\x07\x00\x01\x00\x00\x02\x87\x55");
    same(V, Packet::Unsuback(grants.clone()), b"\xB0\x07\x00\x01\x00\x00\x02\x87\x55");
    let told = Grants { properties: reason_and_user(), ..grants };
    same(V, Packet::Suback(told.clone()), &around(0x90, b"\x00\x01", b"\x00\x02\x87\x55"));
    same(V, Packet::Unsuback(told), &around(0xB0, b"\x00\x01", b"\x00\x02\x87\x55"));
    let unsubscribe = Unsubscribe {
        id: 1,
        filters: vec!["a".into(), "b".into()],
        properties: boxed(Properties { user_properties: vec![("k".into(), "v".into())], ..Properties::default() }),
    };
    same(V, Packet::Unsubscribe(unsubscribe), b"\xA2\x10\x00\x01\x07\x26\x00\x01k\x00\x01v\x00\x01a\x00\x01b");
}

#[test]
fn pings() {
    same(V, Packet::Pingreq, b"\xC0\x00");
    same(V, Packet::Pingresp, b"\xD0\x00");
}

#[test]
fn disconnect() {
    same(V, Packet::Disconnect(Disconnect::default()), b"\xE0\x00");
    same(V, Packet::Disconnect(Disconnect { reason: 0x77, properties: None }), b"\xE0\x02\x77\x00");
    let properties = boxed(Properties {
        session_expiry_interval: Some(1),
        reason_string: Some("r".into()),
        user_properties: vec![("k".into(), "v".into())],
        server_reference: Some("s".into()),
        ..Properties::default()
    });
    same(
        V,
        Packet::Disconnect(Disconnect { reason: 0x9C, properties }),
        b"\xE0\x16\x9C\x14\x11\x00\x00\x00\x01\x1F\x00\x01r\x26\x00\x01k\x00\x01v\x1C\x00\x01s",
    );
    let taken_over = Packet::Disconnect(Disconnect { reason: 0x8E, properties: None });
    assert_eq!(read(V, b"\xE0\x01\x8E"), taken_over, "a code without properties");
}

#[test]
fn auth() {
    same(V, Packet::Auth(Auth::default()), b"\xF0\x00");
    let properties = boxed(Properties {
        authentication_method: Some("m".into()),
        authentication_data: Some(bytes(b"d")),
        reason_string: Some("r".into()),
        user_properties: vec![("k".into(), "v".into())],
        ..Properties::default()
    });
    same(
        V,
        Packet::Auth(Auth { reason: 0x18, properties }),
        b"\xF0\x15\x18\x13\x15\x00\x01m\x16\x00\x01d\x1F\x00\x01r\x26\x00\x01k\x00\x01v",
    );
}

#[test]
fn properties_of_other_packets_are_left_out() {
    let properties = boxed(Properties { topic_alias: Some(1), ..Properties::default() });
    let mut out = BytesMut::new();
    encode(&Packet::Connack(Connack { properties, ..Connack::default() }), V, &mut out).unwrap();
    assert_eq!(&out[..], b"\x20\x03\x00\x00\x00");
}

#[track_caller]
fn cannot_write(packet: Packet) -> EncodeError {
    let mut out = BytesMut::from(&b"before"[..]);
    let error = encode(&packet, V, &mut out).unwrap_err();
    assert_eq!(&out[..], b"before");
    error
}

#[test]
fn what_cannot_be_written_leaves_nothing_behind() {
    let publish = Publish { topic: bytes(b"a"), ..Publish::default() };
    for topic in [&b""[..], b"a/#", b"+", b"a\0"] {
        let error = cannot_write(Packet::Publish(Publish { topic: topic.into(), ..publish.clone() }));
        assert!(matches!(error, EncodeError::Topic(_)), "{error:?}");
    }
    let with = |properties| cannot_write(Packet::Publish(Publish { properties: boxed(properties), ..publish.clone() }));
    assert_eq!(
        with(Properties { topic_alias: Some(0), ..Properties::default() }),
        EncodeError::PropertyValue { packet: "publish" }
    );
    assert_eq!(
        with(Properties { content_type: Some("x".repeat(65536)), ..Properties::default() }),
        EncodeError::TooLong { packet: "publish" }
    );
    assert_eq!(
        with(Properties { content_type: Some("\0".into()), ..Properties::default() }),
        EncodeError::Text { packet: "publish" }
    );
    assert_eq!(cannot_write(Packet::Pubrel(Ack::success(0))), EncodeError::PacketIdZero);
    assert_eq!(cannot_write(Packet::Suback(Grants::default())), EncodeError::PacketIdZero);
    assert_eq!(
        cannot_write(Packet::Subscribe(Subscribe { id: 1, ..Subscribe::default() })).to_string(),
        "Invalid subscriptions"
    );
}
