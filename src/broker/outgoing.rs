//! Packets on their way out, without what only `mqtt5` knows about.
//!
//! `mqtt5` names the sender in two user properties of every MQTT 5 PUBLISH, sends MQTT 3 clients a DISCONNECT when
//! another connection takes their id (only MQTT 5 servers may), answers MQTT 3.1 as it answers 3.1.1, and gives reasons in
//! acknowledgements also to those who know none.
//!
//! Acknowledgements of what the client published leave after the messages that wait for it: its own message, if it
//! subscribed to it, is there before the acknowledgement of it, as with mosquitto. A client that ends once everything
//! is acknowledged has seen it then.

use bytes::{Buf, BufMut, BytesMut};

/// User properties `mqtt5` adds to a PUBLISH.
const ADDED: [&[u8]; 2] = [b"x-mqtt-client-id", b"x-mqtt-sender"];

const CONNACK: u8 = 2;
const PUBLISH: u8 = 3;
const PUBACK: u8 = 4;
const PUBREC: u8 = 5;
const PUBREL: u8 = 6;
const PUBCOMP: u8 = 7;
const DISCONNECT: u8 = 14;

/// Splits what `mqtt5` writes into packets and passes them on, for one connection.
pub(super) struct Outgoing {
    level: u8,
    partial: BytesMut,
    acknowledgements: BytesMut,
}

impl Outgoing {
    /// For a client of this protocol level: 3, 4 or 5.
    pub(super) fn new(level: u8) -> Self {
        Self { level, partial: BytesMut::new(), acknowledgements: BytesMut::new() }
    }

    /// Appends the packets of `bytes` to `out`, but for those that [`finish`](Self::finish) appends. True if one of them
    /// should leave at once: all but PUBLISH and its acknowledgements, which come in crowds and may share a write.
    pub(super) fn push(&mut self, bytes: &[u8], out: &mut BytesMut) -> bool {
        if self.partial.is_empty() {
            let (used, urgent) = self.pass_all(bytes, out);
            self.partial.extend_from_slice(&bytes[used..]);
            return urgent;
        }
        self.partial.extend_from_slice(bytes);
        let mut partial = std::mem::take(&mut self.partial);
        let (used, urgent) = self.pass_all(&partial, out);
        partial.advance(used);
        self.partial = partial;
        urgent
    }

    /// Whether [`finish`](Self::finish) has something to append.
    pub(super) fn holds_back(&self) -> bool {
        !self.acknowledgements.is_empty()
    }

    /// Appends the acknowledgements that were held back, in their order `[MQTT-4.6.0-2]`, `[MQTT-4.6.0-3]`.
    pub(super) fn finish(&mut self, out: &mut BytesMut) {
        out.unsplit(self.acknowledgements.split());
    }

    fn pass_all(&mut self, bytes: &[u8], out: &mut BytesMut) -> (usize, bool) {
        let (mut used, mut urgent) = (0, false);
        while let Some(Some(length)) = frame_length(&bytes[used..])
            && let Some(frame) = bytes.get(used..used + length)
        {
            urgent |= self.pass(frame, out);
            used += length;
        }
        (used, urgent)
    }

    fn pass(&mut self, frame: &[u8], out: &mut BytesMut) -> bool {
        match (frame[0] >> 4, self.level) {
            (PUBLISH, 5) => {
                if without_added(frame, out).is_none() {
                    out.put_slice(frame);
                }
                false
            }
            (PUBACK | PUBREC | PUBCOMP, _) => {
                put_acknowledgement(self.level, frame, &mut self.acknowledgements);
                false
            }
            (PUBREL, _) => {
                put_acknowledgement(self.level, frame, out);
                false
            }
            (PUBLISH, _) => {
                out.put_slice(frame);
                false
            }
            // There is no such packet from a server before MQTT 5: closing the connection says it.
            (DISCONNECT, 3 | 4) => true,
            (CONNACK, 3) => {
                let start = out.len();
                out.put_slice(frame);
                // "Session present" came with 3.1.1; the byte is reserved in 3.1.
                if let Some(flags) = out.get_mut(start + 2) {
                    *flags = 0;
                }
                true
            }
            _ => {
                out.put_slice(frame);
                true
            }
        }
    }
}

/// Appends an acknowledgement; before MQTT 5 it is a packet identifier and no more `[MQTT-3.7.1]`.
fn put_acknowledgement(level: u8, frame: &[u8], out: &mut BytesMut) {
    match (level, frame) {
        (3 | 4, [kind, _, high, low, _, ..]) => out.put_slice(&[*kind, 2, *high, *low]),
        _ => out.put_slice(frame),
    }
}

/// Appends a PUBLISH without the properties of [`ADDED`]; `None`, with nothing appended, if there is none of them or
/// the packet cannot be read.
fn without_added(frame: &[u8], out: &mut BytesMut) -> Option<()> {
    let (_, header) = remaining_length(frame.get(1..)?)??;
    let body = &frame[1 + header..];
    let topic = usize::from(u16::from_be_bytes([*body.first()?, *body.get(1)?]));
    let packet_id = if frame[0] & 0b0110 == 0 { 0 } else { 2 };
    let head = body.get(..2 + topic + packet_id)?;
    let (length, header) = remaining_length(body.get(head.len()..)?)??;
    let start = head.len() + header;
    let properties = body.get(start..start + length)?;
    let payload = &body[start + length..];

    let mut kept = BytesMut::new();
    let mut rest = properties;
    while !rest.is_empty() {
        let (property, after) = rest.split_at_checked(property_length(rest)?)?;
        if !is_added(property) {
            kept.put_slice(property);
        }
        rest = after;
    }
    if kept.len() == properties.len() {
        return None;
    }
    let size = head.len() + length_of_length(kept.len()) + kept.len() + payload.len();
    out.put_u8(frame[0]);
    put_remaining_length(out, size);
    out.put_slice(head);
    put_remaining_length(out, kept.len());
    out.put_slice(&kept);
    out.put_slice(payload);
    Some(())
}

fn is_added(property: &[u8]) -> bool {
    property[0] == 0x26
        && ADDED.iter().any(|name| {
            property.get(3..3 + name.len()) == Some(name) && {
                usize::from(u16::from_be_bytes([property[1], property[2]])) == name.len()
            }
        })
}

/// The length of the property at the front, identifier included, for those a PUBLISH may have (MQTT 5, 3.3.2.3).
fn property_length(bytes: &[u8]) -> Option<usize> {
    let string = |at: usize| Some(2 + usize::from(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?])));
    Some(match bytes[0] {
        0x01 => 2,
        0x02 => 5,
        0x23 => 3,
        0x03 | 0x08 | 0x09 => 1 + string(1)?,
        0x0b => 1 + remaining_length(&bytes[1..])??.1,
        0x26 => {
            let name = string(1)?;
            1 + name + string(1 + name)?
        }
        _ => return None,
    })
}

/// Reads a variable byte integer [MQTT-1.5.5]: its value and how many bytes it takes. `Some(None)` while bytes are
/// missing, `None` if it is longer than four.
#[expect(clippy::option_option, reason = "too little is not the same as wrong")]
pub(super) fn remaining_length(bytes: &[u8]) -> Option<Option<(usize, usize)>> {
    let mut value = 0;
    for (index, byte) in bytes.iter().take(4).enumerate() {
        value |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some(Some((value, index + 1)));
        }
    }
    if bytes.len() < 4 { Some(None) } else { None }
}

/// The length of the packet at the front, its header included. `Some(None)` while too little of it is there, `None` if
/// it is malformed.
#[expect(clippy::option_option, reason = "too little is not the same as wrong")]
pub(super) fn frame_length(bytes: &[u8]) -> Option<Option<usize>> {
    let Some(after) = bytes.get(1..) else { return Some(None) };
    Some(remaining_length(after)?.map(|(length, header)| 1 + header + length))
}

/// Writes a variable byte integer.
pub(super) fn put_remaining_length(out: &mut BytesMut, mut length: usize) {
    loop {
        let low = u8::try_from(length & 0x7f).expect("seven bits");
        length >>= 7;
        out.put_u8(if length == 0 { low } else { low | 0x80 });
        if length == 0 {
            return;
        }
    }
}

fn length_of_length(length: usize) -> usize {
    match length {
        0..=0x7f => 1,
        0x80..=0x3fff => 2,
        0x4000..=0x1f_ffff => 3,
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(level: u8, bytes: &[u8]) -> (Vec<u8>, bool) {
        let mut out = BytesMut::new();
        let urgent = Outgoing::new(level).push(bytes, &mut out);
        (out.to_vec(), urgent)
    }

    /// A PUBLISH of QoS 1 to `t` with id 7, these properties and payload `hi`.
    fn publish(properties: &[u8]) -> Vec<u8> {
        let mut frame = vec![0x32, u8::try_from(8 + properties.len()).unwrap(), 0, 1, b't', 0, 7];
        frame.push(u8::try_from(properties.len()).unwrap());
        frame.extend_from_slice(properties);
        frame.extend_from_slice(b"hi");
        frame
    }

    #[test]
    fn the_added_properties_go_and_the_others_stay() {
        let others =
            b"\x01\x01\x02\x00\x00\x00\x3c\x26\x00\x01k\x00\x01v\x0b\x81\x01\x08\x00\x01r\x09\x00\x01c\x03\x00\x01j";
        let mut all = others.to_vec();
        all.extend_from_slice(b"\x26\x00\x10x-mqtt-client-id\x00\x03abc");
        all.extend_from_slice(b"\x26\x00\x0dx-mqtt-sender\x00\x04anna");
        assert_eq!(sent(5, &publish(&all)), (publish(others), false));
        assert_eq!(sent(5, &publish(others)), (publish(others), false));
        let similar = b"\x26\x00\x0ex-mqtt-senders\x00\x04anna";
        assert_eq!(sent(5, &publish(similar)), (publish(similar), false));
    }

    #[test]
    fn a_packet_in_pieces_is_put_together() {
        let whole = publish(b"\x26\x00\x0dx-mqtt-sender\x00\x04anna");
        let mut outgoing = Outgoing::new(5);
        let mut out = BytesMut::new();
        for byte in whole.iter().chain(&[0xd0, 0]) {
            outgoing.push(&[*byte], &mut out);
        }
        let mut wanted = publish(b"");
        wanted.extend_from_slice(&[0xd0, 0]);
        assert_eq!(out, wanted);
    }

    #[test]
    fn acknowledgements_leave_after_the_messages_and_in_their_order() {
        let mut outgoing = Outgoing::new(4);
        let mut out = BytesMut::new();
        for packet in [b"\x40\x02\x00\x01".as_slice(), b"\x50\x02\x00\x02", b"\x30\x03\x00\x01t", b"\x62\x02\x00\x09"] {
            assert!(!outgoing.push(packet, &mut out));
        }
        assert_eq!(out, b"\x30\x03\x00\x01t\x62\x02\x00\x09".as_slice());
        assert!(outgoing.holds_back());
        out.clear();
        outgoing.finish(&mut out);
        assert_eq!(out, b"\x40\x02\x00\x01\x50\x02\x00\x02".as_slice());
        assert!(!outgoing.holds_back());
    }

    #[test]
    fn mqtt_3_clients_get_no_reasons() {
        let unknown = b"\x70\x03\x00\x07\x92";
        for (level, wanted) in [(4, b"\x70\x02\x00\x07".as_slice()), (5, unknown)] {
            let (mut outgoing, mut out) = (Outgoing::new(level), BytesMut::new());
            outgoing.push(unknown, &mut out);
            outgoing.finish(&mut out);
            assert_eq!(out, wanted);
        }
        assert_eq!(sent(4, b"\x62\x03\x00\x07\x92").0, b"\x62\x02\x00\x07");
    }

    #[test]
    fn mqtt_3_clients_get_no_disconnect() {
        assert_eq!(sent(4, b"\xe0\x02\x8e\x00\xd0\x00"), (b"\xd0\x00".to_vec(), true));
        assert_eq!(sent(5, b"\xe0\x02\x8e\x00").0, b"\xe0\x02\x8e\x00");
    }

    #[test]
    fn mqtt_3_1_has_no_session_present() {
        assert_eq!(sent(3, b"\x20\x02\x01\x00").0, b"\x20\x02\x00\x00");
        assert_eq!(sent(4, b"\x20\x02\x01\x00").0, b"\x20\x02\x01\x00");
    }

    #[test]
    fn lengths_of_every_size() {
        for length in [0, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 268_435_455] {
            let mut out = BytesMut::new();
            put_remaining_length(&mut out, length);
            assert_eq!(out.len(), length_of_length(length));
            assert_eq!(remaining_length(&out), Some(Some((length, out.len()))));
        }
        assert_eq!(remaining_length(&[0x80]), Some(None));
        assert_eq!(remaining_length(&[0xff; 4]), None);
    }
}
