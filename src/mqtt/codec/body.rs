//! Reading the fields of a packet one after another.

use bytes::{Buf, Bytes};
use mqttbytes_core::primitives;

use super::properties::{self, Section};
use super::{DecodeError, Header};
use crate::mqtt::packet::{PacketId, Properties};

/// What is left to read of a packet.
pub(super) struct Body {
    /// Packet name for errors.
    pub(super) packet: &'static str,
    /// The bytes left.
    pub(super) bytes: Bytes,
}

impl Body {
    /// What follows the fixed header `header` of `frame`.
    pub(super) fn new(header: Header, mut frame: Bytes) -> Self {
        frame.advance(1 + header.length_len);
        Self { packet: header.name(), bytes: frame }
    }

    fn wrong(&self, error: &primitives::Error) -> DecodeError {
        let packet = self.packet;
        match error {
            primitives::Error::TopicNotUtf8 { .. } => DecodeError::Text { packet },
            _ => DecodeError::TooShort { packet },
        }
    }

    /// One byte.
    pub(super) fn u8(&mut self) -> Result<u8, DecodeError> {
        primitives::read_u8(&mut self.bytes).map_err(|error| self.wrong(&error))
    }

    /// Two bytes, high one first.
    pub(super) fn u16(&mut self) -> Result<u16, DecodeError> {
        primitives::read_u16(&mut self.bytes).map_err(|error| self.wrong(&error))
    }

    /// Binary data behind its two-byte length.
    pub(super) fn binary(&mut self) -> Result<Bytes, DecodeError> {
        primitives::read_mqtt_bytes(&mut self.bytes).map_err(|error| self.wrong(&error))
    }

    /// UTF-8 text behind its two-byte length.
    pub(super) fn text(&mut self) -> Result<String, DecodeError> {
        let bytes = self.binary()?;
        match primitives::validate_mqtt_string(&bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(_) => Err(DecodeError::Text { packet: self.packet }),
        }
    }

    /// A packet identifier, never 0.
    pub(super) fn id(&mut self) -> Result<PacketId, DecodeError> {
        match self.u16()? {
            0 => Err(DecodeError::PacketIdZero { packet: self.packet }),
            id => Ok(id),
        }
    }

    /// A property section.
    pub(super) fn properties<S: Section>(&mut self) -> Result<Option<Box<Properties>>, DecodeError> {
        properties::read::<S>(self.packet, &mut self.bytes)
    }
}
