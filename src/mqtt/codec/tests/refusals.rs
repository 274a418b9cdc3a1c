use super::*;

const V311: Version = Version::V311;
const V5: Version = Version::V5;

#[test]
fn text_of_another_protocol() {
    let mut buffer = BytesMut::from("HTTP/1.1 400 Bad Request");
    assert_eq!(
        decode(&mut buffer, V311, usize::MAX).unwrap_err().to_string(),
        "Invalid header flag bits, must be 0x0 for puback packet"
    );
}

#[test]
fn flags() {
    for byte1 in [0x11, 0x21, 0x44, 0x51, 0x60, 0x63, 0x71, 0x80, 0x8A, 0x91, 0xA0, 0xB2, 0xC1, 0xD8, 0xE1, 0xF1] {
        let error = refuse(V5, &[byte1, 0]);
        assert!(matches!(error, DecodeError::HeaderFlags { .. }), "{byte1:02x}: {error:?}");
    }
    assert_eq!(refuse(V311, &[0x00, 0]), DecodeError::PacketType);
    assert_eq!(refuse(V311, &[0xF0, 0]), DecodeError::AuthBeforeV5);
    for version in [V311, V5] {
        assert_eq!(
            refuse(version, b"\x36\x06\x00\x01a\x00\x01\x00").to_string(),
            "Packet must not have both QoS bits set to 1"
        );
        assert_eq!(refuse(version, b"\x38\x04\x00\x01a\x00"), DecodeError::DupAtQoS0);
    }
}

#[test]
fn lengths() {
    assert_eq!(refuse(V311, b"\x30\xFF\xFF\xFF\xFF\x01"), DecodeError::VariableByteInteger);
    let mut head = BytesMut::from(&b"\x30\x69\x00"[..]);
    let error = decode(&mut head, V5, 60).unwrap_err();
    assert_eq!(error.to_string(), "exceeding packets size publish: 107 bytes, maximumPacketSize is 60");
    assert_eq!(error.reason(), 149);
    assert_eq!(decode(&mut head, V5, 107), Ok(None));
    for version in [V311, V5] {
        assert_eq!(refuse(version, b"\xD0\x01x"), DecodeError::TooLong { packet: "pingresp" });
        assert_eq!(refuse(version, b"\x20\x01\x00"), DecodeError::TooShort { packet: "connack" });
        assert_eq!(refuse(version, b"\x30\x03\x00\x05a"), DecodeError::TooShort { packet: "publish" });
        assert_eq!(refuse(version, b"\x32\x04\x00\x01a\x00"), DecodeError::TooShort { packet: "publish" });
    }
    assert_eq!(refuse(V311, b"\x40\x01x"), DecodeError::Malformed { packet: "puback" });
    assert_eq!(refuse(V311, b"\x40\x03\x00\x01x"), DecodeError::Malformed { packet: "puback" });
    assert_eq!(refuse(V5, b"\x40\x01x"), DecodeError::TooShort { packet: "puback" });
    assert_eq!(refuse(V311, b"\xB0\x03\x00\x01\x00"), DecodeError::UnsubackLength);
    assert_eq!(refuse(V311, b"\xE0\x01\x00"), DecodeError::TooLong { packet: "disconnect" });
    assert_eq!(refuse(V5, b"\x40\x05\x00\x01\x00\x00x"), DecodeError::TooLong { packet: "puback" });
}

#[test]
fn packet_identifier_zero() {
    for (version, bytes) in [
        (V311, &b"\x32\x05\x00\x01a\x00\x00"[..]),
        (V311, b"\x40\x02\x00\x00"),
        (V311, b"\x62\x02\x00\x00"),
        (V311, b"\x82\x06\x00\x00\x00\x01a\x00"),
        (V311, b"\x90\x03\x00\x00\x00"),
        (V311, b"\xA2\x05\x00\x00\x00\x01a"),
        (V311, b"\xB0\x02\x00\x00"),
        (V5, b"\x32\x06\x00\x01a\x00\x00\x00"),
        (V5, b"\x40\x02\x00\x00"),
        (V5, b"\x82\x07\x00\x00\x00\x00\x01a\x00"),
        (V5, b"\x90\x04\x00\x00\x00\x00"),
        (V5, b"\xB0\x04\x00\x00\x00\x00"),
    ] {
        let error = refuse(version, bytes);
        assert!(matches!(error, DecodeError::PacketIdZero { .. }), "{bytes:02x?}: {error:?}");
    }
}

#[test]
fn topics() {
    for topic in [&b""[..], b"a+", b"#", b"a\0"] {
        let length = u8::try_from(topic.len()).unwrap();
        let v311 = [&[0x30, length + 2, 0, length], topic].concat();
        let v5 = [&[0x30, length + 3, 0, length], topic, &[0]].concat();
        for (version, bytes) in [(V311, v311), (V5, v5)] {
            let error = refuse(version, &bytes);
            assert!(matches!(error, DecodeError::Topic(_)), "{topic:?}: {error:?}");
        }
    }
    assert_eq!(refuse(V311, b"\x30\x03\x00\x01\xFF"), DecodeError::Text { packet: "publish" });
    assert_eq!(refuse(V5, b"\x30\x04\x00\x01\xFF\x00"), DecodeError::Text { packet: "publish" });
}

#[test]
fn packets_without_entries() {
    for (version, bytes) in [
        (V311, &b"\x82\x02\x00\x01"[..]),
        (V311, b"\x90\x02\x00\x01"),
        (V311, b"\xA2\x02\x00\x01"),
        (V5, b"\x82\x03\x00\x01\x00"),
        (V5, b"\x90\x03\x00\x01\x00"),
        (V5, b"\xA2\x03\x00\x01\x00"),
        (V5, b"\xB0\x03\x00\x01\x00"),
    ] {
        let error = refuse(version, bytes);
        assert!(matches!(error, DecodeError::NoPayload { .. }), "{bytes:02x?}: {error:?}");
    }
}

#[test]
fn subscription_options() {
    assert_eq!(
        refuse(V311, b"\x82\x06\x00\x01\x00\x01a\x04").to_string(),
        "Invalid subscribe topic flag bits, bits 7-2 must be 0"
    );
    assert_eq!(refuse(V311, b"\x82\x06\x00\x01\x00\x01a\x03"), DecodeError::SubscribeQoS);
    assert_eq!(refuse(V5, b"\x82\x07\x00\x01\x00\x00\x01a\x40"), DecodeError::SubscribeFlags { lowest: 6 });
    assert_eq!(refuse(V5, b"\x82\x07\x00\x01\x00\x00\x01a\x30"), DecodeError::RetainHandling);
    assert_eq!(refuse(V5, b"\x82\x07\x00\x01\x00\x00\x01a\x03"), DecodeError::SubscribeQoS);
}

#[test]
fn connects() {
    assert_eq!(refuse(V311, b"\x10\x0C\x00\x04MQTX\x04\x02\x00\x00\x00\x00"), DecodeError::ProtocolName);
    assert_eq!(refuse(V311, b"\x10\x0C\x00\x04MQTT\x06\x02\x00\x00\x00\x00"), DecodeError::ProtocolVersion);
    assert_eq!(refuse(V311, b"\x10\x00"), DecodeError::ProtocolName);
    // Reserved bit; will QoS and retain without a will; will QoS 3; password without user name.
    for flags in [0x03, 0x0A, 0x22, 0x1E, 0x42] {
        let mut bytes = b"\x10\x14\x00\x04MQTT\x04\x02\x00\x00\x00\x00\x00\x01a\x00\x01b\x00\x00".to_vec();
        bytes[9] = flags;
        assert_eq!(refuse(V311, &bytes), DecodeError::ConnectFlags { flags });
    }
    for flags in [0x03, 0x0A, 0x22, 0x1E] {
        let mut bytes = b"\x10\x0D\x00\x04MQTT\x05\x02\x00\x00\x00\x00\x00".to_vec();
        bytes[9] = flags;
        assert_eq!(refuse(V5, &bytes), DecodeError::ConnectFlags { flags });
    }
    assert_eq!(
        refuse(V311, b"\x10\x0D\x00\x04MQTT\x04\x02\x00\x00\x00\x01\xFF"),
        DecodeError::Text { packet: "connect" }
    );
    assert_eq!(refuse(Version::V31, b"\x10\x09\x00\x06MQIsdp\x03"), DecodeError::Malformed { packet: "connect" });
    assert_eq!(refuse(V311, b"\x20\x02\x02\x00"), DecodeError::ConnackFlags);
}

#[test]
fn properties() {
    let publish = |section: &[u8]| {
        let length = u8::try_from(section.len()).unwrap();
        refuse(V5, &[&[0x30, length + 4, 0, 1, b'a', length], section].concat())
    };
    let packet = "publish";
    assert_eq!(publish(b"\x7F\x00"), DecodeError::UnknownProperty { id: 0x7F });
    assert_eq!(publish(b"\x21\x00\x01"), DecodeError::PropertyNotAllowed { packet, id: 33 });
    assert_eq!(publish(b"\x01\x00\x01\x00"), DecodeError::PropertyTwice { packet, id: 1 });
    assert_eq!(publish(b"\x23\x00\x00"), DecodeError::PropertyValue { packet });
    assert_eq!(publish(b"\x0B\x00"), DecodeError::PropertyValue { packet });
    assert_eq!(publish(b"\x0B\xFF\xFF\xFF\xFF\x01"), DecodeError::VariableByteInteger);
    assert_eq!(publish(b"\x03\x00\x01\xFF"), DecodeError::Text { packet });
    assert_eq!(publish(b"\x03\x00\x02x"), DecodeError::TooShort { packet });
    assert_eq!(publish(b"\x02\x00\x00"), DecodeError::TooShort { packet });
    assert_eq!(publish(b"\x26\x00\x01k"), DecodeError::TooShort { packet });
    assert_eq!(refuse(V5, b"\x30\x05\x00\x01a\x05x"), DecodeError::TooShort { packet }, "longer than the packet");
    assert_eq!(refuse(V5, b"\x30\x04\x00\x01a\x80"), DecodeError::TooShort { packet }, "length cut short");
    assert_eq!(
        refuse(V5, b"\x82\x0B\x00\x01\x04\x0B\x01\x0B\x02\x00\x01a\x00"),
        DecodeError::PropertyTwice { packet: "subscribe", id: 11 }
    );
    assert_eq!(refuse(V5, b"\x20\x06\x00\x00\x03\x21\x00\x00"), DecodeError::PropertyValue { packet: "connack" });
}
