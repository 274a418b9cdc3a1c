use super::*;
use crate::mqtt::codec::EncodeError;
use crate::mqtt::packet::*;

const V: Version = Version::V311;

#[test]
fn connect() {
    let connect = Connect {
        version: V,
        client_id: "c".into(),
        clean: true,
        keepalive: 60,
        username: Some("u".into()),
        password: Some(bytes(b"p")),
        will: Some(Will {
            topic: "w".into(),
            payload: bytes(b"x"),
            qos: QoS::AtLeastOnce,
            retain: true,
            properties: None,
        }),
        properties: None,
    };
    same(
        V,
        Packet::Connect(Box::new(connect.clone())),
        b"\x10\x19\x00\x04MQTT\x04\xEE\x00\x3C\x00\x01c\x00\x01w\x00\x01x\x00\x01u\x00\x01p",
    );
    same(
        V,
        Packet::Connect(Box::new(Connect { version: Version::V31, ..connect })),
        b"\x10\x1B\x00\x06MQIsdp\x03\xEE\x00\x3C\x00\x01c\x00\x01w\x00\x01x\x00\x01u\x00\x01p",
    );
    let plain = Connect { version: V, clean: true, ..Connect::default() };
    same(V, Packet::Connect(Box::new(plain)), b"\x10\x0C\x00\x04MQTT\x04\x02\x00\x00\x00\x00");
}

#[test]
fn connect_of_3_1_grows_its_length_field() {
    // 12 + 115 = 127 bytes in 3.1.1, 129 in 3.1.
    let connect = Connect { version: Version::V31, client_id: "i".repeat(115), clean: true, ..Connect::default() };
    let mut expected = b"\x10\x81\x01\x00\x06MQIsdp\x03\x02\x00\x00\x00\x73".to_vec();
    expected.extend([b'i'; 115]);
    same(Version::V31, Packet::Connect(Box::new(connect)), &expected);
}

#[test]
fn connack_keeps_any_code() {
    same(V, Packet::Connack(Connack { session_present: true, ..Connack::default() }), b"\x20\x02\x01\x00");
    same(V, Packet::Connack(Connack { code: 5, ..Connack::default() }), b"\x20\x02\x00\x05");
    same(V, Packet::Connack(Connack { code: 77, session_present: true, properties: None }), b"\x20\x02\x01\x4D");
    assert_eq!(read(Version::V31, b"\x20\x02\xFF\x00"), Packet::Connack(Connack::default()));
}

#[test]
fn publish() {
    let publish = Publish { topic: bytes(b"a/b"), payload: bytes(b"hi"), ..Publish::default() };
    same(V, Packet::Publish(publish.clone()), b"\x30\x07\x00\x03a/bhi");
    let again = Publish { dup: true, qos: QoS::ExactlyOnce, retain: true, id: 0x0102, ..publish.clone() };
    same(V, Packet::Publish(again), b"\x3D\x09\x00\x03a/b\x01\x02hi");
    let empty = Publish { payload: Bytes::new(), qos: QoS::AtLeastOnce, id: 1, ..publish.clone() };
    same(V, Packet::Publish(empty), b"\x32\x07\x00\x03a/b\x00\x01");
    for size in [122, 123, 16_378, 16_379, 2_097_146, 2_097_147] {
        let payload = Bytes::from(vec![b'x'; size]);
        let mut out = BytesMut::new();
        let packet = Packet::Publish(Publish { payload, ..publish.clone() });
        assert_eq!(encode(&packet, V, &mut out), Ok(size + 5));
        assert_eq!(encoded_len(&packet, V), Ok(out.len()));
        assert_eq!(read(V, &out), packet);
    }
}

#[test]
fn publish_is_read_without_copies() {
    let mut buffer = BytesMut::from(&b"\x30\x07\x00\x03a/bhi"[..]);
    let inside = buffer.as_ptr_range();
    let Packet::Publish(publish) = decode(&mut buffer, V, 100).unwrap().unwrap().packet else { panic!("a publish") };
    assert!(inside.contains(&publish.topic.as_ptr()));
    assert!(inside.contains(&publish.payload.as_ptr()));
}

#[test]
fn dup_of_qos_0_is_not_sent() {
    let packet = Packet::Publish(Publish { dup: true, topic: bytes(b"a"), ..Publish::default() });
    for (version, expected) in [(V, &b"\x30\x03\x00\x01a"[..]), (Version::V5, b"\x30\x04\x00\x01a\x00")] {
        let mut out = BytesMut::new();
        encode(&packet, version, &mut out).unwrap();
        assert_eq!(out, expected);
    }
}

#[test]
fn acknowledgements() {
    same(V, Packet::Puback(Ack::success(10)), b"\x40\x02\x00\x0A");
    same(V, Packet::Pubrec(Ack::success(0xABCD)), b"\x50\x02\xAB\xCD");
    same(V, Packet::Pubrel(Ack::success(1)), b"\x62\x02\x00\x01");
    same(V, Packet::Pubcomp(Ack::success(1)), b"\x70\x02\x00\x01");
    assert_eq!(read(Version::V31, b"\x6A\x02\x00\x01"), Packet::Pubrel(Ack::success(1)));
}

#[test]
fn subscriptions() {
    let filters = vec![
        Subscription { filter: "a/+".into(), qos: QoS::AtLeastOnce, ..Subscription::default() },
        Subscription { filter: "#".into(), qos: QoS::ExactlyOnce, ..Subscription::default() },
    ];
    same(
        V,
        Packet::Subscribe(Subscribe { id: 1, filters, properties: None }),
        b"\x82\x0C\x00\x01\x00\x03a/+\x01\x00\x01#\x02",
    );
    same(
        V,
        Packet::Suback(Grants { id: 1, codes: vec![0, 1, 2, 128, 99], properties: None }),
        b"\x90\x07\x00\x01\x00\x01\x02\x80\x63",
    );
    same(
        V,
        Packet::Unsubscribe(Unsubscribe { id: 2, filters: vec!["a/+".into(), "#".into()], properties: None }),
        b"\xA2\x0A\x00\x02\x00\x03a/+\x00\x01#",
    );
    same(V, Packet::Unsuback(Grants { id: 2, ..Grants::default() }), b"\xB0\x02\x00\x02");
}

#[test]
fn packets_without_a_body() {
    same(V, Packet::Pingreq, b"\xC0\x00");
    same(V, Packet::Pingresp, b"\xD0\x00");
    same(V, Packet::Disconnect(Disconnect::default()), b"\xE0\x00");
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
    let publish = Publish { topic: bytes(b"a"), qos: QoS::AtLeastOnce, ..Publish::default() };
    assert_eq!(cannot_write(Packet::Publish(publish.clone())), EncodeError::PacketIdZero);
    for topic in [&b""[..], b"a/#", b"+", b"a\0"] {
        let error = cannot_write(Packet::Publish(Publish { topic: topic.into(), id: 1, ..publish.clone() }));
        assert!(matches!(error, EncodeError::Topic(_)), "{error:?}");
    }
    let long = Publish { topic: Bytes::from(vec![b'a'; 65536]), id: 1, ..publish };
    assert!(matches!(cannot_write(Packet::Publish(long)), EncodeError::Topic(_)));
    assert_eq!(cannot_write(Packet::Puback(Ack::success(0))), EncodeError::PacketIdZero);
    assert_eq!(cannot_write(Packet::Unsuback(Grants::default())), EncodeError::PacketIdZero);
    assert_eq!(
        cannot_write(Packet::Subscribe(Subscribe { id: 1, ..Subscribe::default() })),
        EncodeError::NoFilters { packet: "subscribe" }
    );
    assert_eq!(
        cannot_write(Packet::Unsubscribe(Unsubscribe { id: 1, ..Unsubscribe::default() })).to_string(),
        "Invalid unsubscriptions"
    );
    let nul = Unsubscribe { id: 1, filters: vec!["a\0".into()], properties: None };
    assert_eq!(cannot_write(Packet::Unsubscribe(nul)), EncodeError::Text { packet: "unsubscribe" });
    assert_eq!(cannot_write(Packet::Auth(Auth::default())), EncodeError::AuthBeforeV5);
    let connect = |connect| cannot_write(Packet::Connect(Box::new(connect)));
    assert_eq!(connect(Connect::default()), EncodeError::ClientIdForSession);
    assert_eq!(
        connect(Connect { version: Version::V31, clean: true, ..Connect::default() }),
        EncodeError::ClientIdBefore311
    );
    assert_eq!(
        connect(Connect { clean: true, password: Some(bytes(b"p")), ..Connect::default() }),
        EncodeError::PasswordWithoutUsername
    );
    assert_eq!(
        connect(Connect { client_id: "x".repeat(65536), ..Connect::default() }),
        EncodeError::TooLong { packet: "connect" }
    );
}
