use super::*;
use crate::mqtt::packet::*;

const VERSIONS: [Version; 3] = [Version::V31, Version::V311, Version::V5];

/// Packets of all kinds with most fields in use, encoded.
fn samples() -> Vec<(Version, Vec<u8>)> {
    let properties = || {
        boxed(Properties {
            session_expiry_interval: Some(1),
            receive_maximum: Some(2),
            topic_alias: Some(3),
            reason_string: Some("why".into()),
            user_properties: vec![("k".into(), "v".into())],
            subscription_identifiers: vec![1, 200, 70_000],
            content_type: Some("text".into()),
            correlation_data: Some(bytes(b"\x00\xFF")),
            authentication_method: Some("m".into()),
            ..Properties::default()
        })
    };
    let ack = || Ack { id: 9, reason: 16, properties: properties() };
    let grants = || Grants { id: 9, codes: vec![0, 1, 128], properties: properties() };
    let filters = vec![Subscription { filter: "a/#".into(), qos: QoS::AtLeastOnce, ..Subscription::default() }];
    let will = Will { topic: "w".into(), payload: bytes(b"gone"), properties: properties(), ..Will::default() };
    let mut samples = Vec::new();
    for version in VERSIONS {
        let packets = [
            Packet::Connect(Box::new(Connect {
                version,
                client_id: "c".into(),
                username: Some("u".into()),
                password: Some(bytes(b"p")),
                will: Some(will.clone()),
                properties: properties(),
                ..Connect::default()
            })),
            Packet::Connack(Connack { properties: properties(), ..Connack::default() }),
            Packet::Publish(Publish {
                topic: bytes(b"a/b"),
                qos: QoS::AtLeastOnce,
                id: 5,
                payload: bytes(b"hello"),
                properties: properties(),
                ..Publish::default()
            }),
            Packet::Puback(ack()),
            Packet::Pubrec(ack()),
            Packet::Pubrel(ack()),
            Packet::Pubcomp(ack()),
            Packet::Subscribe(Subscribe { id: 3, filters: filters.clone(), properties: properties() }),
            Packet::Suback(grants()),
            Packet::Unsubscribe(Unsubscribe { id: 3, filters: vec!["a".into()], properties: properties() }),
            Packet::Unsuback(grants()),
            Packet::Disconnect(Disconnect { reason: 4, properties: properties() }),
        ];
        for packet in packets {
            let mut out = BytesMut::new();
            encode(&packet, version, &mut out).unwrap();
            samples.push((version, out.to_vec()));
        }
    }
    let mut out = BytesMut::new();
    encode(&Packet::Auth(Auth { reason: 24, properties: properties() }), Version::V5, &mut out).unwrap();
    samples.push((Version::V5, out.to_vec()));
    samples
}

/// Decodes all of `bytes`. What comes out is written and read again as the same.
fn exhaust(version: Version, bytes: &[u8]) -> usize {
    let mut buffer = BytesMut::from(bytes);
    let mut packets = 0;
    loop {
        let before = buffer.len();
        let Ok(Some(frame)) = decode(&mut buffer, version, 100_000) else { return packets };
        packets += 1;
        let taken = before - buffer.len();
        assert!(taken > frame.length as usize && taken <= frame.length as usize + 5);
        let mut first = frame.packet;
        forget_order(&mut first);
        let mut out = BytesMut::new();
        // A server may read what may not be sent, such as a will to a topic that is none.
        let Ok(length) = encode(&first, version, &mut out) else { continue };
        assert_eq!(encoded_len(&first, version), Ok(out.len()));
        let mut again = decode(&mut out, version, usize::MAX).unwrap().unwrap();
        assert_eq!(again.length as usize, length);
        assert!(out.is_empty());
        forget_order(&mut again.packet);
        assert_eq!(again.packet, first, "{bytes:02x?}");
    }
}

#[test]
fn samples_survive() {
    for (version, bytes) in samples() {
        assert_eq!(exhaust(version, &bytes), 1, "{bytes:02x?}");
    }
}

#[test]
fn mutated_packets_never_panic() {
    let mut random = fastrand::Rng::with_seed(0x4D51_5454);
    let samples = samples();
    let mut read = 0;
    for _ in 0..1_000 {
        for (version, sample) in &samples {
            let mut bytes = sample.clone();
            for _ in 0..random.usize(1..4) {
                let at = random.usize(..bytes.len());
                match random.u8(..4) {
                    0 => bytes[at] = random.u8(..),
                    1 => bytes[at] ^= 1 << random.u8(..8),
                    2 => bytes.insert(at, random.u8(..)),
                    _ if bytes.len() > 2 => {
                        bytes.remove(at);
                    }
                    _ => {}
                }
            }
            // Mostly keep the length right, so that the body gets read.
            if random.u8(..4) > 0 && bytes.len() > 2 && bytes.len() < 130 {
                bytes[1] = u8::try_from(bytes.len() - 2).unwrap();
            }
            let version = if random.u8(..8) == 0 { VERSIONS[random.usize(..3)] } else { *version };
            read += exhaust(version, &bytes);
        }
    }
    assert!(read > 1_000, "only {read} mutants were packets");
}

#[test]
fn random_bytes_never_panic() {
    let mut random = fastrand::Rng::with_seed(5);
    for _ in 0..50_000 {
        let mut bytes = (0..random.usize(..60)).map(|_| random.u8(..)).collect::<Vec<_>>();
        if random.bool() && bytes.len() > 2 {
            bytes[1] = u8::try_from(bytes.len() - 2).unwrap();
        }
        for version in VERSIONS {
            exhaust(version, &bytes);
        }
    }
}
