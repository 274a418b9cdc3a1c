//! Bytes of a peer through the codec.

use bytes::BytesMut;
use mqttscript::mqtt::codec::{self, DecodeError, Frame};
use mqttscript::mqtt::packet::{Packet, Properties, Version};

use super::input::Input;

/// The first byte chooses the version, the second the largest packet and how the bytes are cut.
pub fn frames(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let version = input.one_of(&[Version::V5, Version::V311, Version::V31]);
    let choice = input.byte();
    let most = [usize::MAX, 1 << 16, 64][usize::from(choice & 0b11) % 3];
    let piece = usize::from(choice >> 2) + 1;
    let bytes = input.rest();
    let at_once = read(&[bytes], version, most);
    let pieces: Vec<&[u8]> = bytes.chunks(piece).collect();
    assert_eq!(read(&pieces, version, most), at_once, "cut into pieces of {piece} bytes");
    for Frame { packet, .. } in at_once.0 {
        write_and_read_again(packet, version);
    }
}

/// The packets in these bytes, and what ends them.
fn read(pieces: &[&[u8]], version: Version, most: usize) -> (Vec<Frame>, Option<DecodeError>) {
    let mut buffer = BytesMut::new();
    let mut frames = Vec::new();
    for piece in pieces {
        buffer.extend_from_slice(piece);
        loop {
            let before = buffer.clone();
            match codec::decode(&mut buffer, version, most) {
                Ok(Some(frame)) => {
                    let taken = before.len() - buffer.len();
                    let body = frame.length as usize;
                    assert!((body + 2..=body + 5).contains(&taken), "{taken} bytes taken for {frame:?}");
                    assert!(taken <= most, "{frame:?} is too large");
                    frames.push(frame);
                }
                Ok(None) => {
                    assert_eq!(buffer, before, "nothing may be taken before a packet is complete");
                    break;
                }
                Err(error) => {
                    assert!(!error.to_string().is_empty());
                    return (frames, Some(error));
                }
            }
        }
    }
    (frames, None)
}

fn write_and_read_again(mut packet: Packet, version: Version) {
    forget_order(&mut packet);
    let mut out = BytesMut::new();
    // A server may send what a client must not, such as an empty reason.
    let Ok(length) = codec::encode(&packet, version, &mut out) else {
        assert!(out.is_empty(), "a packet that cannot be written leaves nothing");
        return;
    };
    assert_eq!(codec::encoded_len(&packet, version).ok(), Some(out.len()), "{packet:?}");
    let again = codec::decode(&mut out, version, usize::MAX).expect("what was written is MQTT");
    let Some(Frame { packet: mut again, length: length_again }) = again else {
        panic!("{packet:?} was not all written")
    };
    forget_order(&mut again);
    assert_eq!((again, length_again as usize), (packet, length));
    assert!(out.is_empty());
}

/// Properties are written in an order of our own.
fn forget_order(packet: &mut Packet) {
    let forget = |properties: &mut Option<Box<Properties>>| properties.iter_mut().for_each(|p| p.order.clear());
    match packet {
        Packet::Connect(connect) => {
            forget(&mut connect.properties);
            connect.will.iter_mut().for_each(|will| forget(&mut will.properties));
        }
        Packet::Connack(packet) => forget(&mut packet.properties),
        Packet::Publish(packet) => forget(&mut packet.properties),
        Packet::Puback(ack) | Packet::Pubrec(ack) | Packet::Pubrel(ack) | Packet::Pubcomp(ack) => {
            forget(&mut ack.properties);
        }
        Packet::Subscribe(packet) => forget(&mut packet.properties),
        Packet::Suback(grants) | Packet::Unsuback(grants) => forget(&mut grants.properties),
        Packet::Unsubscribe(packet) => forget(&mut packet.properties),
        Packet::Disconnect(packet) => forget(&mut packet.properties),
        Packet::Auth(packet) => forget(&mut packet.properties),
        Packet::Pingreq | Packet::Pingresp => {}
    }
}
