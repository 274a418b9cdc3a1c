//! MQTT 5.
//!
//! Packets whose reason codes are enums in the crate are laid out here, as a client must be able to report a code it has
//! never heard of. Their property sections, and the other packets as a whole, are written by the crate. Reading lays out
//! all of them here, because property sections are checked before the crate sees them (see `properties`).

use bytes::{Buf, BufMut, Bytes, BytesMut};
use mqttbytes_core::primitives;
use rumqttc_v5::mqttbytes::v5::{
    self, AuthProperties, ConnAckProperties, ConnectProperties, DisconnectProperties, LastWillProperties,
    PubAckProperties, SubscribeProperties, UnsubscribeProperties,
};

use super::body::Body;
use super::properties::{self, Section};
use super::{DecodeError, EncodeError, Header, publish, qos_to};
use crate::mqtt::packet::{
    Ack, Auth, Connack, Connect, Disconnect, Grants, Packet, Properties, QoS, Subscribe, Subscription, Unsubscribe,
    Will,
};

/// Reads any packet but PUBLISH and the pings. `frame` is the whole packet, `header` fits it and its flags are checked.
pub(super) fn decode(header: Header, frame: Bytes) -> Result<Packet, DecodeError> {
    let mut body = Body::new(header, frame);
    let packet = match header.kind() {
        1 => body.connect()?,
        2 => body.connack()?,
        4 => Packet::Puback(body.ack()?),
        5 => Packet::Pubrec(body.ack()?),
        6 => Packet::Pubrel(body.ack()?),
        7 => Packet::Pubcomp(body.ack()?),
        8 => body.subscribe()?,
        9 => Packet::Suback(body.grants()?),
        10 => body.unsubscribe()?,
        11 => Packet::Unsuback(body.grants()?),
        14 => {
            let (reason, properties) = body.reason::<DisconnectProperties>()?;
            Packet::Disconnect(Disconnect { reason, properties })
        }
        15 => {
            let (reason, properties) = body.reason::<AuthProperties>()?;
            Packet::Auth(Auth { reason, properties })
        }
        _ => return Err(DecodeError::PacketType),
    };
    if body.bytes.is_empty() { Ok(packet) } else { Err(DecodeError::TooLong { packet: body.packet }) }
}

impl Body {
    fn connect(&mut self) -> Result<Packet, DecodeError> {
        // Name and level, which brought us here.
        self.bytes.advance(b"\x00\x04MQTT\x05".len());
        let flags = self.u8()?;
        let keepalive = self.u16()?;
        let has_will = flags & 0b0100 != 0;
        let will_qos = QoS::from_number(flags >> 3 & 0b11).ok_or(DecodeError::ConnectFlags { flags })?;
        if flags & 1 != 0 || (!has_will && flags & 0b0011_1000 != 0) {
            return Err(DecodeError::ConnectFlags { flags });
        }
        let properties = self.properties::<ConnectProperties>()?;
        let client_id = self.text()?;
        let will = if has_will {
            Some(Will {
                properties: self.properties::<LastWillProperties>()?,
                topic: self.text()?,
                payload: self.binary()?,
                qos: will_qos,
                retain: flags & 0b0010_0000 != 0,
            })
        } else {
            None
        };
        let username = if flags & 0x80 != 0 { Some(self.text()?) } else { None };
        let password = if flags & 0x40 != 0 { Some(self.binary()?) } else { None };
        Ok(Packet::Connect(Box::new(Connect {
            version: crate::mqtt::packet::Version::V5,
            client_id,
            clean: flags & 0b10 != 0,
            keepalive,
            username,
            password,
            will,
            properties,
        })))
    }

    fn connack(&mut self) -> Result<Packet, DecodeError> {
        let flags = self.u8()?;
        if flags > 1 {
            return Err(DecodeError::ConnackFlags);
        }
        let code = self.u8()?;
        // A server older than version 5 answers with its own CONNACK: code 1 and no properties.
        let properties = properties::read_optional::<ConnAckProperties>(self.packet, &mut self.bytes)?;
        Ok(Packet::Connack(Connack { session_present: flags == 1, code, properties }))
    }

    /// PUBACK and its kin end after the identifier for success, after the reason code without properties.
    fn ack(&mut self) -> Result<Ack, DecodeError> {
        let id = self.id()?;
        let (reason, properties) = self.reason::<PubAckProperties>()?;
        Ok(Ack { id, reason, properties })
    }

    /// Reason code and properties; an absent code is 0.
    fn reason<S: Section>(&mut self) -> Result<(u8, Option<Box<Properties>>), DecodeError> {
        if self.bytes.is_empty() {
            return Ok((0, None));
        }
        let reason = self.u8()?;
        Ok((reason, properties::read_optional::<S>(self.packet, &mut self.bytes)?))
    }

    fn subscribe(&mut self) -> Result<Packet, DecodeError> {
        let id = self.id()?;
        let properties = self.properties::<SubscribeProperties>()?;
        let mut filters = Vec::new();
        while !self.bytes.is_empty() {
            let filter = self.text()?;
            let options = self.u8()?;
            if options & 0xC0 != 0 {
                return Err(DecodeError::SubscribeFlags { lowest: 6 });
            }
            let retain_handling = options >> 4;
            if retain_handling > 2 {
                return Err(DecodeError::RetainHandling);
            }
            filters.push(Subscription {
                filter,
                qos: QoS::from_number(options & 0b11).ok_or(DecodeError::SubscribeQoS)?,
                no_local: options & 0b0100 != 0,
                retain_as_published: options & 0b1000 != 0,
                retain_handling,
            });
        }
        if filters.is_empty() {
            return Err(DecodeError::NoPayload { packet: self.packet });
        }
        Ok(Packet::Subscribe(Subscribe { id, filters, properties }))
    }

    fn unsubscribe(&mut self) -> Result<Packet, DecodeError> {
        let id = self.id()?;
        let properties = self.properties::<UnsubscribeProperties>()?;
        let mut filters = Vec::new();
        while !self.bytes.is_empty() {
            filters.push(self.text()?);
        }
        if filters.is_empty() {
            return Err(DecodeError::NoPayload { packet: self.packet });
        }
        Ok(Packet::Unsubscribe(Unsubscribe { id, filters, properties }))
    }

    fn grants(&mut self) -> Result<Grants, DecodeError> {
        let id = self.id()?;
        let properties = self.properties::<PubAckProperties>()?;
        if self.bytes.is_empty() {
            return Err(DecodeError::NoPayload { packet: self.packet });
        }
        let codes = std::mem::take(&mut self.bytes).to_vec();
        Ok(Grants { id, codes, properties })
    }
}

/// Appends `packet`; on an error maybe a part of it.
pub(super) fn encode(packet: &Packet, out: &mut BytesMut) -> Result<(), EncodeError> {
    match packet {
        Packet::Connect(connect) => encode_connect(connect, out),
        Packet::Connack(connack) => {
            let head = [u8::from(connack.session_present), connack.code];
            let section = properties::section::<ConnAckProperties>("connack", connack.properties.as_deref())?;
            put("connack", 0x20, &head, &section, &[], out)
        }
        Packet::Publish(publish) => publish::encode_v5(publish, out),
        Packet::Puback(ack) => encode_ack("puback", 0x40, ack, out),
        Packet::Pubrec(ack) => encode_ack("pubrec", 0x50, ack, out),
        Packet::Pubrel(ack) => encode_ack("pubrel", 0x62, ack, out),
        Packet::Pubcomp(ack) => encode_ack("pubcomp", 0x70, ack, out),
        Packet::Subscribe(subscribe) => encode_subscribe(subscribe, out),
        Packet::Suback(grants) => encode_grants("suback", 0x90, grants, out),
        Packet::Unsubscribe(unsubscribe) => {
            let packet = "unsubscribe";
            if unsubscribe.filters.is_empty() {
                return Err(EncodeError::NoFilters { packet });
            }
            let theirs = v5::Unsubscribe {
                pkid: unsubscribe.id,
                filters: unsubscribe.filters.clone(),
                properties: properties::to(unsubscribe.properties.as_deref()),
            };
            theirs.write(out).map(drop).map_err(|error| EncodeError::v5(&error, packet))
        }
        Packet::Unsuback(grants) => encode_grants("unsuback", 0xB0, grants, out),
        Packet::Pingreq => v5::PingReq::write(out).map(drop).map_err(|error| EncodeError::v5(&error, "pingreq")),
        Packet::Pingresp => v5::PingResp::write(out).map(drop).map_err(|error| EncodeError::v5(&error, "pingresp")),
        Packet::Disconnect(disconnect) => {
            let (reason, properties) = (disconnect.reason, disconnect.properties.as_deref());
            encode_reason::<DisconnectProperties>("disconnect", 0xE0, &[], reason, properties, out)
        }
        Packet::Auth(auth) => {
            let (reason, properties) = (auth.reason, auth.properties.as_deref());
            encode_reason::<AuthProperties>("auth", 0xF0, &[], reason, properties, out)
        }
    }
}

fn encode_connect(connect: &Connect, out: &mut BytesMut) -> Result<(), EncodeError> {
    let auth = match (&connect.username, &connect.password) {
        (None, None) => v5::ConnectAuth::None,
        (Some(username), None) => v5::ConnectAuth::Username { username: username.clone() },
        (None, Some(password)) => v5::ConnectAuth::Password { password: password.clone() },
        (Some(username), Some(password)) => {
            v5::ConnectAuth::UsernamePassword { username: username.clone(), password: password.clone() }
        }
    };
    let will = connect.will.as_ref().map(|will| v5::LastWill {
        topic: Bytes::copy_from_slice(will.topic.as_bytes()),
        message: will.payload.clone(),
        qos: qos_to(will.qos),
        retain: will.retain,
        properties: properties::to(will.properties.as_deref()),
    });
    let theirs = v5::Connect {
        keep_alive: connect.keepalive,
        client_id: connect.client_id.clone(),
        clean_start: connect.clean,
        properties: properties::to(connect.properties.as_deref()),
    };
    // The crate puts the flags at an offset from the start of the buffer, not of the packet: it needs one of its own.
    let mut frame = BytesMut::new();
    theirs.write(&will, &auth, &mut frame).map_err(|error| EncodeError::v5(&error, "connect"))?;
    out.extend_from_slice(&frame);
    Ok(())
}

fn encode_subscribe(subscribe: &Subscribe, out: &mut BytesMut) -> Result<(), EncodeError> {
    let packet = "subscribe";
    if subscribe.filters.is_empty() {
        return Err(EncodeError::NoFilters { packet });
    }
    let filters = subscribe.filters.iter().map(|filter| v5::SubscribeFilter {
        path: filter.filter.clone(),
        qos: qos_to(filter.qos),
        nolocal: filter.no_local,
        preserve_retain: filter.retain_as_published,
        retain_forward_rule: match filter.retain_handling {
            0 => v5::RetainForwardRule::OnEverySubscribe,
            1 => v5::RetainForwardRule::OnNewSubscribe,
            _ => v5::RetainForwardRule::Never,
        },
    });
    let theirs = v5::Subscribe {
        pkid: subscribe.id,
        filters: filters.collect(),
        properties: properties::to(subscribe.properties.as_deref()),
    };
    theirs.write(out).map(drop).map_err(|error| EncodeError::v5(&error, packet))
}

fn encode_ack(packet: &'static str, byte1: u8, ack: &Ack, out: &mut BytesMut) -> Result<(), EncodeError> {
    if ack.id == 0 {
        return Err(EncodeError::PacketIdZero);
    }
    let properties = ack.properties.as_deref();
    encode_reason::<PubAckProperties>(packet, byte1, &ack.id.to_be_bytes(), ack.reason, properties, out)
}

fn encode_grants(packet: &'static str, byte1: u8, grants: &Grants, out: &mut BytesMut) -> Result<(), EncodeError> {
    if grants.id == 0 {
        return Err(EncodeError::PacketIdZero);
    }
    let section = properties::section::<PubAckProperties>(packet, grants.properties.as_deref())?;
    put(packet, byte1, &grants.id.to_be_bytes(), &section, &grants.codes, out)
}

/// A packet that may leave out reason code and properties when they say nothing.
fn encode_reason<S: Section>(
    packet: &'static str,
    byte1: u8,
    head: &[u8],
    reason: u8,
    properties: Option<&Properties>,
    out: &mut BytesMut,
) -> Result<(), EncodeError> {
    if reason == 0 && properties.is_none() {
        return put(packet, byte1, head, &[], &[], out);
    }
    let section = properties::section::<S>(packet, properties)?;
    let (mut bytes, length) = ([0; 3], head.len());
    bytes[..length].copy_from_slice(head);
    bytes[length] = reason;
    put(packet, byte1, &bytes[..=length], &section, &[], out)
}

/// Appends a packet made of three parts.
fn put(
    packet: &'static str,
    byte1: u8,
    head: &[u8],
    section: &[u8],
    tail: &[u8],
    out: &mut BytesMut,
) -> Result<(), EncodeError> {
    let length = head.len() + section.len() + tail.len();
    out.put_u8(byte1);
    primitives::write_remaining_length(out, length).map_err(|_| EncodeError::TooLong { packet })?;
    out.put_slice(head);
    out.put_slice(section);
    out.put_slice(tail);
    Ok(())
}
