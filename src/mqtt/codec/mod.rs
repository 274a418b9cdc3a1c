//! Bytes to [`Packet`]s and back, by way of the packet structs of the `rumqttc` crates.
//!
//! | file | owns |
//! |---|---|
//! | `mod` | framing: first byte, remaining length, size limit |
//! | `publish` | PUBLISH of all versions |
//! | `v4` | MQTT 3.1 and 3.1.1 |
//! | `v5` | MQTT 5 |
//! | `properties` | MQTT 5 properties of every packet, both directions |
//! | `body` | reading field after field |
//! | `error` | [`DecodeError`], [`EncodeError`] |
//!
//! Client and server packets go both ways. Whatever the bytes are, decoding gives a packet or an error.

mod body;
mod error;
mod properties;
mod publish;
mod v4;
mod v5;

#[cfg(test)]
mod tests;

use bytes::{Bytes, BytesMut};
use mqttbytes_core::primitives;

pub use self::error::{DecodeError, EncodeError};
use crate::mqtt::packet::{Packet, QoS, Version};

/// A packet as it was received.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// The packet.
    pub packet: Packet,
    /// MQTT remaining length: its bytes after the fixed header.
    pub length: u32,
}

/// Packet names by packet type, as MQTT.js's `packet.cmd` has them.
const NAMES: [&str; 16] = [
    "reserved",
    "connect",
    "connack",
    "publish",
    "puback",
    "pubrec",
    "pubrel",
    "pubcomp",
    "subscribe",
    "suback",
    "unsubscribe",
    "unsuback",
    "pingreq",
    "pingresp",
    "disconnect",
    "auth",
];

/// The first byte of a packet and where its body begins and ends.
#[derive(Debug, Clone, Copy)]
struct Header {
    byte1: u8,
    /// Bytes of the length field.
    length_len: usize,
    /// Remaining length.
    length: usize,
}

impl Header {
    const fn kind(self) -> u8 {
        self.byte1 >> 4
    }

    const fn name(self) -> &'static str {
        NAMES[self.kind() as usize]
    }

    /// Fixed header and body, bytes.
    const fn frame_length(self) -> usize {
        1 + self.length_len + self.length
    }

    /// Flags that are not meant for PUBLISH are reserved `[MQTT-2.1.3-1]`.
    fn check_flags(self, version: Version) -> Result<(), DecodeError> {
        let flags = self.byte1 & 0x0F;
        let expected = match self.kind() {
            0 => return Err(DecodeError::PacketType),
            15 if version != Version::V5 => return Err(DecodeError::AuthBeforeV5),
            3 if flags & 0b0110 == 0b0110 => return Err(DecodeError::QoS),
            3 if flags & 0b1110 == 0b1000 => return Err(DecodeError::DupAtQoS0),
            3 => return Ok(()),
            6 | 8 | 10 => 0b0010,
            _ => 0,
        };
        // In 3.1 PUBREL, SUBSCRIBE and UNSUBSCRIBE have a DUP flag (sections 3.6, 3.8, 3.10 of that specification).
        let flags = if version == Version::V31 && expected != 0 { flags & 0b0111 } else { flags };
        if flags == expected { Ok(()) } else { Err(DecodeError::HeaderFlags { packet: self.name(), expected }) }
    }

    /// Whether the packet is longer than one of its kind ever is.
    fn check_length(self, version: Version) -> Result<(), DecodeError> {
        let packet = self.name();
        match (self.kind(), self.length) {
            (12 | 13, 1..) => Err(DecodeError::TooLong { packet }),
            _ if version == Version::V5 => Ok(()),
            (2, 3..) | (14, 1..) => Err(DecodeError::TooLong { packet }),
            (4..=7, 3..) => Err(DecodeError::Malformed { packet }),
            (11, 3..) => Err(DecodeError::UnsubackLength),
            _ => Ok(()),
        }
    }
}

/// Takes one packet out of `buffer`; `None` when it is not all there yet, `buffer` is untouched then.
///
/// `max_packet_size` bounds the whole packet, fixed header included, and is checked before its body arrives. A CONNECT
/// is read by the version it names itself. Topic and payload of a PUBLISH share the buffer's memory.
///
/// # Errors
/// The bytes are no packet of `version`, or too large a one. `buffer` is of no use after that.
pub fn decode(buffer: &mut BytesMut, version: Version, max_packet_size: usize) -> Result<Option<Frame>, DecodeError> {
    let header = match primitives::parse_fixed_header(buffer.iter()) {
        Ok(header) => {
            Header { byte1: header.byte1, length_len: header.remaining_len_len, length: header.remaining_len }
        }
        Err(primitives::Error::InsufficientBytes(_)) => return Ok(None),
        Err(_) => return Err(DecodeError::VariableByteInteger),
    };
    // Before waiting for the rest: a peer that speaks something else may never send it.
    header.check_flags(version)?;
    header.check_length(version)?;
    let size = header.frame_length();
    if size > max_packet_size {
        return Err(DecodeError::TooLarge { packet: header.name(), size, max: max_packet_size });
    }
    if buffer.len() < size {
        return Ok(None);
    }
    let frame = buffer.split_to(size).freeze();
    let packet = match header.kind() {
        1 => connect(header, &frame)?,
        12 => Packet::Pingreq,
        13 => Packet::Pingresp,
        3 => publish::decode(header, frame, version)?,
        _ if version == Version::V5 => v5::decode(header, frame)?,
        _ => v4::decode(header, frame, version)?,
    };
    let length = u32::try_from(header.length).expect("a remaining length has 28 bits");
    Ok(Some(Frame { packet, length }))
}

/// Reads a CONNECT by the protocol name and level it begins with, as a server does.
fn connect(header: Header, frame: &Bytes) -> Result<Packet, DecodeError> {
    match &frame[1 + header.length_len..] {
        [0, 6, b'M', b'Q', b'I', b's', b'd', b'p', 3, ..] => v4::decode_connect(header, frame, Version::V31),
        [0, 4, b'M', b'Q', b'T', b'T', 4, ..] => v4::decode_connect(header, frame, Version::V311),
        [0, 4, b'M', b'Q', b'T', b'T', 5, ..] => v5::decode(header, frame.clone()),
        [0, 6, b'M', b'Q', b'I', b's', b'd', b'p', _, ..] | [0, 4, b'M', b'Q', b'T', b'T', _, ..] => {
            Err(DecodeError::ProtocolVersion)
        }
        _ => Err(DecodeError::ProtocolName),
    }
}

/// Appends `packet` to `out` and gives its MQTT remaining length.
///
/// A CONNECT is written in the version it names itself. What `version` does not have (properties, reason codes before
/// version 5) is left out.
///
/// # Errors
/// The protocol does not allow the packet. `out` is as it was then.
pub fn encode(packet: &Packet, version: Version, out: &mut BytesMut) -> Result<usize, EncodeError> {
    let start = out.len();
    let version = if let Packet::Connect(connect) = packet { connect.version } else { version };
    let result = match version {
        Version::V31 | Version::V311 => v4::encode(packet, out),
        Version::V5 => v5::encode(packet, out),
    };
    match result {
        Ok(()) => Ok(written(&out[start..]).remaining_len),
        Err(error) => {
            out.truncate(start);
            Err(error)
        }
    }
}

/// Size of the whole packet when encoded, bytes. No copy of payloads is made.
///
/// # Errors
/// As [`encode`]; for a PUBLISH only what its length depends on is looked at.
pub fn encoded_len(packet: &Packet, version: Version) -> Result<usize, EncodeError> {
    let length = match packet {
        Packet::Publish(publish) => publish::remaining_length(publish, version)?,
        Packet::Pingreq | Packet::Pingresp => 0,
        other => encode(other, version, &mut BytesMut::new())?,
    };
    Ok(1 + primitives::len_len(length) + length)
}

/// The header of the packet that is all of `frame`, just written.
fn written(frame: &[u8]) -> primitives::ParsedFixedHeader {
    primitives::parse_fixed_header(frame.iter()).expect("what the encoders write has a fixed header")
}

/// Their QoS from ours: the crates' enum has no conversion.
const fn qos_to(qos: QoS) -> mqttbytes_core::QoS {
    match qos {
        QoS::AtMostOnce => mqttbytes_core::QoS::AtMostOnce,
        QoS::AtLeastOnce => mqttbytes_core::QoS::AtLeastOnce,
        QoS::ExactlyOnce => mqttbytes_core::QoS::ExactlyOnce,
    }
}

/// Our QoS from theirs.
const fn qos_from(qos: mqttbytes_core::QoS) -> QoS {
    match qos {
        mqttbytes_core::QoS::AtMostOnce => QoS::AtMostOnce,
        mqttbytes_core::QoS::AtLeastOnce => QoS::AtLeastOnce,
        mqttbytes_core::QoS::ExactlyOnce => QoS::ExactlyOnce,
    }
}
