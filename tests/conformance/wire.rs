//! MQTT 5 packets byte by byte, for cases where every property counts.

use crate::support::link::{Link, V5};
use crate::support::peer::Peer;

/// A packet: its first byte, and the parts behind the remaining length.
pub fn packet(byte1: u8, parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    [&[byte1], &length(body.len())[..], &body].concat()
}

/// A variable byte integer.
fn length(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let byte = u8::try_from(value % 128).expect("less than 128");
        value /= 128;
        if value == 0 {
            bytes.push(byte);
            return bytes;
        }
        bytes.push(byte | 0x80);
    }
}

/// Text with its length.
pub fn text(value: &str) -> Vec<u8> {
    [&u16::try_from(value.len()).expect("short").to_be_bytes()[..], value.as_bytes()].concat()
}

/// A property whose value is one byte.
pub fn p1(id: u8, value: u8) -> Vec<u8> {
    vec![id, value]
}

/// A property whose value is two bytes.
pub fn p2(id: u8, value: u16) -> Vec<u8> {
    [&[id], &value.to_be_bytes()[..]].concat()
}

/// A property whose value is four bytes.
pub fn p4(id: u8, value: u32) -> Vec<u8> {
    [&[id], &value.to_be_bytes()[..]].concat()
}

/// A property whose value is a variable byte integer.
pub fn pv(id: u8, value: usize) -> Vec<u8> {
    [&[id], &length(value)[..]].concat()
}

/// A property whose value is text or bytes.
pub fn ps(id: u8, value: &str) -> Vec<u8> {
    [&[id], &text(value)[..]].concat()
}

/// A user property.
pub fn pair(name: &str, value: &str) -> Vec<u8> {
    [&[38], &text(name)[..], &text(value)].concat()
}

/// A property section.
pub fn section(properties: &[Vec<u8>]) -> Vec<u8> {
    let all = properties.concat();
    [length(all.len()), all].concat()
}

/// CONNACK.
pub fn connack(code: u8, properties: &[Vec<u8>]) -> Vec<u8> {
    packet(0x20, &[&[0, code], &section(properties)])
}

/// PUBLISH; `flags` are DUP 8, QoS 2 or 4, RETAIN 1.
pub fn publish(flags: u8, topic: &str, id: u16, properties: &[Vec<u8>], payload: &str) -> Vec<u8> {
    let id = if flags & 6 == 0 { Vec::new() } else { id.to_be_bytes().to_vec() };
    packet(0x30 | flags, &[&text(topic), &id, &section(properties), payload.as_bytes()])
}

/// PUBACK 0x40, PUBREC 0x50, PUBREL 0x62, PUBCOMP 0x70 with a reason code.
pub fn ack(byte1: u8, id: u16, code: u8, properties: &[Vec<u8>]) -> Vec<u8> {
    packet(byte1, &[&id.to_be_bytes(), &[code], &section(properties)])
}

/// The same with success, which says nothing.
pub fn success(byte1: u8, id: u16) -> Vec<u8> {
    packet(byte1, &[&id.to_be_bytes()])
}

/// SUBACK 0x90 or UNSUBACK 0xB0.
pub fn grants(byte1: u8, id: u16, properties: &[Vec<u8>], codes: &[u8]) -> Vec<u8> {
    packet(byte1, &[&id.to_be_bytes(), &section(properties), codes])
}

/// AUTH 0xF0 or DISCONNECT 0xE0.
pub fn reason(byte1: u8, code: u8, properties: &[Vec<u8>]) -> Vec<u8> {
    packet(byte1, &[&[code], &section(properties)])
}

/// DISCONNECT without a reason.
pub const GOODBYE: &[u8] = &[0xE0, 0];

/// Accepts a connection with these properties, whatever CONNECT said.
pub fn accept(peer: &Peer, properties: &[Vec<u8>]) -> Link<V5> {
    let mut link = peer.accept_v5();
    link.read_frame();
    link.send_bytes(&connack(0, properties));
    link
}

/// The packet identifier of the PUBLISH that comes next, which has this topic.
#[track_caller]
pub fn next_id(link: &mut Link<V5>, topic: &str) -> u16 {
    let publish = link.read_publish();
    assert_eq!(String::from_utf8_lossy(&publish.topic), topic);
    publish.pkid
}

/// DISCONNECT with a reason code: why the client drops the link `[MQTT-4.13.1]`.
pub fn complaint(code: u8) -> Vec<u8> {
    reason(0xE0, code, &[])
}
