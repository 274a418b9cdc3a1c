//! The CONNECT packet as `mqtt5` accepts it.
//!
//! `mqtt5` knows no MQTT 3.1, refuses client ids that would be bad file names, and drops a silent client after five
//! minutes even when it asked for no keep-alive. None of this is visible to other clients, so the packet is rewritten
//! before `mqtt5` reads it. What cannot be read is passed on as it came: refusing it is `mqtt5`'s business.

use bytes::{BufMut, Bytes, BytesMut};

use super::outgoing::{frame_length, put_remaining_length, remaining_length};

/// The packet type of CONNECT, with its reserved flags.
pub(super) const CONNECT: u8 = 0x10;

const MQTT_3_1: u8 = 3;
const MQTT_3_1_1: u8 = 4;
const MQTT_5: u8 = 5;

/// A CONNECT packet for `mqtt5`.
pub(super) struct Connect {
    /// The protocol level the client speaks: 3, 4 or 5.
    pub(super) level: u8,
    /// The packet, rewritten.
    pub(super) frame: Bytes,
}

impl Connect {
    /// Rewrites one whole CONNECT packet.
    pub(super) fn adapt(frame: &[u8]) -> Self {
        rewrite(frame).unwrap_or_else(|| Self { level: MQTT_3_1_1, frame: Bytes::copy_from_slice(frame) })
    }
}

fn rewrite(frame: &[u8]) -> Option<Connect> {
    debug_assert_eq!(frame_length(frame), Some(Some(frame.len())), "one whole packet");
    let (length, header) = remaining_length(frame.get(1..)?)??;
    let mut rest = frame.get(1 + header..)?.get(..length)?;
    let name = take_string(&mut rest)?;
    let (&level, after) = rest.split_first()?;
    rest = after;
    // The name went with the level: `MQIsdp` is 3.1, `MQTT` everything later.
    if (name == b"MQIsdp") != (level == MQTT_3_1) {
        return None;
    }
    let (&flags, after) = rest.split_first()?;
    let keep_alive = u16::from_be_bytes(take(&mut { after }, 2)?.try_into().ok()?);
    rest = after.get(2..)?;
    let properties = if level == MQTT_5 {
        let (length, header) = remaining_length(rest)??;
        take(&mut rest, header + length)?
    } else {
        &[]
    };
    let client_id = std::str::from_utf8(take_string(&mut rest)?).ok()?;

    let mut body = BytesMut::with_capacity(frame.len() + 16);
    put_string(&mut body, b"MQTT");
    body.put_u8(level.max(MQTT_3_1_1));
    body.put_u8(flags);
    // 0 is "none" [MQTT-3.1.2-22]; the longest there is comes closest, a little over 27 hours.
    body.put_u16(if keep_alive == 0 { u16::MAX } else { keep_alive });
    body.put_slice(properties);
    put_string(&mut body, plain_client_id(client_id).as_bytes());
    body.put_slice(rest);

    let mut packet = BytesMut::with_capacity(body.len() + 5);
    packet.put_u8(CONNECT);
    put_remaining_length(&mut packet, body.len());
    packet.put_slice(&body);
    Some(Connect { level, frame: packet.freeze() })
}

/// The client id, percent-encoded where `mqtt5` would refuse it: separators of paths, control characters, `.` and `..`,
/// and `cert:`, which it keeps for itself. As `%` is encoded too, no two ids become one.
fn plain_client_id(id: &str) -> String {
    let whole = matches!(id, "." | "..") || id.starts_with("cert:");
    let mut plain = String::with_capacity(id.len());
    for c in id.chars() {
        if whole || matches!(c, '/' | '\\' | '%') || c.is_ascii_control() {
            let mut utf8 = [0; 4];
            plain.extend(c.encode_utf8(&mut utf8).bytes().map(|byte| format!("%{byte:02x}")));
        } else {
            plain.push(c);
        }
    }
    plain
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some(taken)
}

fn take_string<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = u16::from_be_bytes(take(rest, 2)?.try_into().ok()?);
    take(rest, usize::from(length))
}

fn put_string(out: &mut BytesMut, text: &[u8]) {
    // An id grows when it is encoded; one that no longer fits is cut, and far beyond what `mqtt5` lets in.
    let text = &text[..text.len().min(usize::from(u16::MAX))];
    out.put_u16(u16::try_from(text.len()).expect("cut to fit just before"));
    out.put_slice(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn adapted(frame: &[u8]) -> (u8, Vec<u8>) {
        let connect = Connect::adapt(frame);
        (connect.level, connect.frame.to_vec())
    }

    #[test]
    fn mqtt_3_1_becomes_3_1_1() {
        let old = b"\x10\x0f\x00\x06MQIsdp\x03\x02\x00\x3c\x00\x01a";
        assert_eq!(adapted(old), (3, b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x3c\x00\x01a".to_vec()));
    }

    #[test]
    fn an_ordinary_packet_stays_as_it_is() {
        let four = b"\x10\x13\x00\x04MQTT\x04\x82\x00\x3c\x00\x01a\x00\x04anna";
        assert_eq!(adapted(four), (4, four.to_vec()));
        let five = b"\x10\x13\x00\x04MQTT\x05\x02\x00\x3c\x05\x11\x00\x00\x00\x0a\x00\x01a";
        assert_eq!(adapted(five), (5, five.to_vec()));
    }

    #[test]
    fn no_keep_alive_becomes_the_longest() {
        let (_, frame) = adapted(b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x00\x00\x01a");
        assert_eq!(frame[10..12], [0xff, 0xff]);
    }

    #[test]
    fn client_ids_become_plain_and_stay_different() {
        assert_eq!(plain_client_id("mqttjs_1"), "mqttjs_1");
        assert_eq!(plain_client_id("Küche"), "Küche");
        assert_eq!(plain_client_id("a/b\\c%\n"), "a%2fb%5cc%25%0a");
        assert_eq!(plain_client_id("a%2fb"), "a%252fb");
        assert_eq!(plain_client_id(".."), "%2e%2e");
        assert_eq!(plain_client_id("cert:x"), "%63%65%72%74%3a%78");
    }

    #[test]
    fn what_cannot_be_read_is_passed_on() {
        for wrong in [b"\x10\x03\x00\x09M".as_slice(), b"\x10\x00", b"\x10\x0d\x00\x04MQTT\x03\x02\x00\x3c\x00\x01a"] {
            assert_eq!(adapted(wrong).1, wrong);
        }
    }
}
