//! Packets of a broker, good ones and others, as bytes on the wire.

use bytes::{Bytes, BytesMut};
use mqttscript::mqtt::codec;
use mqttscript::mqtt::packet::{
    Ack, Auth, Connack, Disconnect, Grants, Packet, PacketId, Properties, Publish, QoS, Subscribe, Subscription,
    Unsubscribe, Version,
};

use super::input::Input;

/// Few identifiers, so that packets meet those that were there before.
const IDS: usize = 6;

/// A packet for one of the requests under way, or about one that never was.
pub fn acknowledgement(input: &mut Input, outstanding: &[PacketId]) -> Packet {
    let id = match outstanding {
        _ if input.byte() > 200 => input.u16(),
        [] => 1 + input.below(IDS) as PacketId,
        ids => input.one_of(ids),
    };
    let reason = if input.byte() > 127 { input.byte() } else { 0 };
    let ack = Ack { id, reason, properties: None };
    let codes = |input: &mut Input| (0..input.below(4)).map(|_| input.one_of(&[0, 1, 2, 128, 135])).collect();
    match input.below(8) {
        0 | 1 => Packet::Puback(ack),
        2 | 3 => Packet::Pubrec(ack),
        4 | 5 => Packet::Pubcomp(ack),
        6 => Packet::Suback(Grants { id, codes: codes(input), properties: None }),
        _ => Packet::Unsuback(Grants { id, codes: codes(input), properties: None }),
    }
}

/// PUBLISH.
pub fn publish(input: &mut Input) -> Packet {
    let qos = input.one_of(&[QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce]);
    let id = if qos == QoS::AtMostOnce { 0 } else { 1 + input.below(IDS) as PacketId };
    let topic = Bytes::from_static(input.one_of(&[b"a", b"b/c", b"", b"$SYS/x"]));
    let dup = input.flag() && qos != QoS::AtMostOnce;
    let topic_alias = input.sometimes(|input| input.below(6) as u16);
    let properties =
        topic_alias.map(|alias| Box::new(Properties { topic_alias: Some(alias), ..Properties::default() }));
    let payload = Bytes::from(vec![b'x'; usize::from(input.byte())]);
    Packet::Publish(Publish { dup, qos, retain: false, topic, id, payload, properties })
}

/// PUBREL.
pub fn release(input: &mut Input) -> Packet {
    Packet::Pubrel(Ack::success(1 + input.below(IDS) as PacketId))
}

/// What a broker sends seldom, or must never send.
pub fn odd(input: &mut Input) -> Packet {
    let id = input.below(IDS) as PacketId;
    match input.below(8) {
        0 => Packet::Connack(connack(input)),
        1 => Packet::Pingreq,
        2 => Packet::Pingresp,
        3 => Packet::Disconnect(Disconnect { reason: input.byte(), properties: None }),
        4 => Packet::Auth(Auth { reason: 24, properties: None }),
        5 => Packet::Unsubscribe(Unsubscribe { id, filters: vec!["a".into()], properties: None }),
        6 => Packet::Connect(Box::default()),
        _ => {
            let filter = Subscription { filter: "a".into(), ..Subscription::default() };
            Packet::Subscribe(Subscribe { id, filters: vec![filter], properties: None })
        }
    }
}

/// A CONNACK that accepts, with limits.
pub fn connack(input: &mut Input) -> Connack {
    let properties = Properties {
        receive_maximum: input.sometimes(|input| input.below(4) as u16),
        maximum_qos: input.sometimes(|input| input.below(3) as u8),
        retain_available: input.sometimes(Input::flag),
        maximum_packet_size: input.sometimes(|input| input.byte().into()),
        topic_alias_maximum: input.sometimes(|input| input.below(5) as u16),
        wildcard_subscription_available: input.sometimes(Input::flag),
        shared_subscription_available: input.sometimes(Input::flag),
        subscription_identifiers_available: input.sometimes(Input::flag),
        ..Properties::default()
    };
    Connack { session_present: input.flag(), code: 0, properties: Some(Box::new(properties)) }
}

/// The bytes of a packet; nothing where there is no way to write it.
pub fn written(packet: &Packet, version: Version) -> BytesMut {
    let mut out = BytesMut::new();
    let _ = codec::encode(packet, version, &mut out);
    out
}

/// How a good broker answers.
pub fn answer(packet: &Packet) -> Option<Packet> {
    match packet {
        Packet::Publish(Publish { qos: QoS::AtLeastOnce, id, .. }) => Some(Packet::Puback(Ack::success(*id))),
        Packet::Publish(Publish { qos: QoS::ExactlyOnce, id, .. }) => Some(Packet::Pubrec(Ack::success(*id))),
        Packet::Pubrel(ack) => Some(Packet::Pubcomp(Ack::success(ack.id))),
        Packet::Subscribe(Subscribe { id, filters, .. }) => {
            let codes = filters.iter().map(|filter| filter.qos.number()).collect();
            Some(Packet::Suback(Grants { id: *id, codes, properties: None }))
        }
        Packet::Unsubscribe(Unsubscribe { id, filters, .. }) => {
            Some(Packet::Unsuback(Grants { id: *id, codes: vec![0; filters.len()], properties: None }))
        }
        _ => None,
    }
}
