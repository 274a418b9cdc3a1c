//! Exact bytes of every packet, written from the specifications; refusals; random bytes.

mod random;
mod refusals;
mod v4;
mod v5;

use bytes::{Bytes, BytesMut};

use super::{DecodeError, decode, encode, encoded_len};
use crate::mqtt::packet::{Packet, Properties, Version};

/// Forgets the wire order of all properties: a packet of our own has none.
fn forget_order(packet: &mut Packet) {
    let properties = match packet {
        Packet::Connect(connect) => {
            if let Some(will) = connect.will.as_mut().and_then(|will| will.properties.as_mut()) {
                will.order.clear();
            }
            &mut connect.properties
        }
        Packet::Connack(packet) => &mut packet.properties,
        Packet::Publish(packet) => &mut packet.properties,
        Packet::Puback(packet) | Packet::Pubrec(packet) | Packet::Pubrel(packet) | Packet::Pubcomp(packet) => {
            &mut packet.properties
        }
        Packet::Subscribe(packet) => &mut packet.properties,
        Packet::Suback(packet) | Packet::Unsuback(packet) => &mut packet.properties,
        Packet::Unsubscribe(packet) => &mut packet.properties,
        Packet::Disconnect(packet) => &mut packet.properties,
        Packet::Auth(packet) => &mut packet.properties,
        Packet::Pingreq | Packet::Pingresp => return,
    };
    if let Some(properties) = properties {
        properties.order.clear();
    }
}

/// `packet` is `bytes`, both ways, behind other bytes, and with bytes missing.
#[track_caller]
fn same(version: Version, packet: Packet, bytes: &[u8]) {
    let mut out = BytesMut::from(&b"before"[..]);
    let length = encode(&packet, version, &mut out).unwrap();
    assert_eq!(&out[6..], bytes, "encoded");
    assert_eq!(encoded_len(&packet, version), Ok(bytes.len()));
    for missing in 1..bytes.len().min(40) {
        let part = &bytes[..bytes.len() - missing];
        let mut buffer = BytesMut::from(part);
        assert_eq!(decode(&mut buffer, version, usize::MAX), Ok(None));
        assert_eq!(buffer, part);
    }
    let mut buffer = BytesMut::from(bytes);
    buffer.extend_from_slice(b"after");
    let mut frame = decode(&mut buffer, version, bytes.len()).unwrap().unwrap();
    forget_order(&mut frame.packet);
    assert_eq!(frame.packet, packet, "decoded");
    assert_eq!(frame.length as usize, length);
    assert_eq!(&buffer[..], b"after");
}

#[track_caller]
fn read(version: Version, bytes: &[u8]) -> Packet {
    decode(&mut BytesMut::from(bytes), version, usize::MAX).unwrap().unwrap().packet
}

#[track_caller]
fn refuse(version: Version, bytes: &[u8]) -> DecodeError {
    decode(&mut BytesMut::from(bytes), version, usize::MAX).unwrap_err()
}

fn boxed(properties: Properties) -> Option<Box<Properties>> {
    Some(Box::new(properties))
}

fn bytes(bytes: &'static [u8]) -> Bytes {
    Bytes::from_static(bytes)
}
