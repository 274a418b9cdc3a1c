//! One message of a store.

use std::time::{SystemTime, UNIX_EPOCH};

use bytes::{Buf, BufMut, Bytes, BytesMut};

use crate::mqtt::codec::{self, EncodeError};
use crate::mqtt::packet::{Packet, PacketId, Publish, QoS, Version};
use crate::mqtt::store::Key;

/// How far a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stage {
    /// Outgoing: no acknowledgement yet. Incoming: not released yet.
    #[default]
    Published,
    /// Outgoing QoS 2: PUBREC came, PUBREL is what goes out from here on.
    Released,
}

/// One message with its state.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its name and place; 0: not in a store yet.
    pub key: Key,
    /// How far it is.
    pub stage: Stage,
    /// The message; its identifier is 0 as long as all are in use.
    pub publish: Publish,
    /// Remaining length of a received packet, bytes; 0 for one of our own.
    pub length: u32,
    /// When it was put in, milliseconds of Unix time.
    pub stored_at: u64,
}

/// Bytes in front of the message: stage, identifier, length, time.
const HEAD: usize = 1 + 2 + 4 + 8;

impl Entry {
    /// A message that is put in now.
    pub fn new(key: Key, publish: Publish, length: u32) -> Self {
        Self { key, stage: Stage::Published, publish, length, stored_at: now() }
    }

    /// The message with what is left of its lifetime; `None` when that is over (`messageExpiryInterval`, version 5).
    /// One that was released is over only when the broker says so.
    pub fn message_at(&self, now: u64) -> Option<Publish> {
        let mut publish = self.publish.clone();
        if let Some(lifetime) = publish.properties.as_mut().and_then(|p| p.message_expiry_interval.as_mut()) {
            let passed = now.saturating_sub(self.stored_at) / 1000;
            let left = u64::from(*lifetime).saturating_sub(passed);
            if left == 0 && self.stage == Stage::Published {
                return None;
            }
            *lifetime = u32::try_from(left).unwrap_or(u32::MAX).max(1);
        }
        Some(publish)
    }

    /// Appends its bytes, without the key.
    ///
    /// # Errors
    /// The message cannot be expressed in MQTT. `out` is unchanged.
    pub fn write(&self, out: &mut BytesMut) -> Result<(), EncodeError> {
        let before = out.len();
        out.put_u8(stage_byte(self.stage));
        out.put_u16(self.publish.id);
        out.put_u32(self.length);
        out.put_u64(self.stored_at);
        // No packet is without an identifier.
        let id = self.publish.id.max(1);
        let packet = Packet::Publish(Publish { id, ..self.publish.clone() });
        codec::encode(&packet, Version::V5, out).map(|_| ()).inspect_err(|_| out.truncate(before))
    }

    /// Reads what [`write`](Self::write) wrote; `None` if it did not.
    pub fn read(key: Key, mut bytes: Bytes) -> Option<Self> {
        if bytes.len() < HEAD {
            return None;
        }
        let stage = stage_of(bytes.get_u8())?;
        let id = bytes.get_u16();
        let (length, stored_at) = (bytes.get_u32(), bytes.get_u64());
        let mut frame = BytesMut::from(bytes);
        let packet = codec::decode(&mut frame, Version::V5, usize::MAX).ok().flatten()?.packet;
        let Packet::Publish(publish) = packet else { return None };
        let id = if publish.qos == QoS::AtMostOnce { 0 } else { id };
        frame.is_empty().then_some(Self { key, stage, publish: Publish { id, ..publish }, length, stored_at })
    }

    /// Changes stage and identifier in the bytes of an entry.
    pub fn mark(bytes: &mut [u8], stage: Stage, id: PacketId) {
        if let Some(head) = bytes.first_chunk_mut::<3>() {
            let [high, low] = id.to_be_bytes();
            *head = [stage_byte(stage), high, low];
        }
    }
}

/// The stage as it is written.
pub const fn stage_byte(stage: Stage) -> u8 {
    match stage {
        Stage::Published => 0,
        Stage::Released => 1,
    }
}

/// The stage of a byte.
pub const fn stage_of(byte: u8) -> Option<Stage> {
    match byte {
        0 => Some(Stage::Published),
        1 => Some(Stage::Released),
        _ => None,
    }
}

/// Milliseconds of Unix time.
pub fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mqtt::packet::Properties;

    fn entry(lifetime: Option<u32>) -> Entry {
        let properties = Properties {
            message_expiry_interval: lifetime,
            user_properties: vec![("a".into(), "b".into())],
            ..Properties::default()
        };
        let publish = Publish {
            qos: QoS::ExactlyOnce,
            retain: true,
            topic: "t".into(),
            id: 7,
            payload: "x".into(),
            properties: Some(Box::new(properties)),
            ..Publish::default()
        };
        Entry { key: 3, stage: Stage::Published, publish, length: 9, stored_at: 10_000 }
    }

    fn written(entry: &Entry) -> Bytes {
        let mut out = BytesMut::new();
        entry.write(&mut out).expect("it is a good message");
        out.freeze()
    }

    #[test]
    fn what_is_written_is_read_again_also_without_an_identifier_yet() {
        for id in [0, 7] {
            let mut entry = entry(Some(60));
            entry.publish.id = id;
            let mut read = Entry::read(3, written(&entry)).expect("it was written here");
            // The order of what came in is no part of a message.
            read.publish.properties.as_mut().expect("it has some").order.clear();
            assert_eq!(read, entry);
        }
    }

    #[test]
    fn marked_bytes_have_the_new_stage_and_identifier() {
        let mut bytes = written(&entry(None)).to_vec();
        Entry::mark(&mut bytes, Stage::Released, 513);
        let read = Entry::read(3, bytes.into()).expect("still an entry");
        assert_eq!((read.stage, read.publish.id), (Stage::Released, 513));
    }

    #[test]
    fn bytes_cut_short_or_changed_are_no_entry() {
        let bytes = written(&entry(None));
        for length in 0..bytes.len() {
            assert_eq!(Entry::read(3, bytes.slice(..length)), None, "{length}");
        }
        let mut other = bytes.to_vec();
        other[0] = 9;
        assert_eq!(Entry::read(3, other.into()), None);
    }

    #[test]
    fn a_lifetime_goes_on_in_the_store() {
        let left = |entry: &Entry, now| {
            let publish = entry.message_at(now)?;
            publish.properties.and_then(|properties| properties.message_expiry_interval)
        };
        let mut entry = entry(Some(60));
        assert_eq!(left(&entry, 15_500), Some(55));
        assert_eq!(left(&entry, 0), Some(60), "the clock was set back");
        assert_eq!(entry.message_at(70_000), None);
        entry.stage = Stage::Released;
        assert_eq!(left(&entry, 70_000), Some(1));
    }
}
