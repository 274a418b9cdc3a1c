//! MQTT 3.1.1, and 3.1 which differs in the first bytes of CONNECT only.

use bytes::{BufMut, Bytes, BytesMut};
use mqttbytes_core::primitives;
use rumqttc_v4::mqttbytes::v4;
use rumqttc_v4::mqttbytes::{Error as V4Error, FixedHeader};

use super::body::Body;
use super::{DecodeError, EncodeError, Header, publish, qos_from, qos_to};
use crate::mqtt::packet::{
    Ack, Connack, Connect, Disconnect, Grants, Packet, Subscribe, Subscription, Unsubscribe, Version, Will,
};

/// First bytes of a CONNECT body: protocol name and level.
const MQTT_311: &[u8] = b"\x00\x04MQTT\x04";
const MQTT_31: &[u8] = b"\x00\x06MQIsdp\x03";

const fn fixed(header: Header) -> FixedHeader {
    FixedHeader::new(header.byte1, header.length_len, header.length)
}

/// Reads any packet but CONNECT, PUBLISH and the pings. `frame` is the whole packet, `header` fits it and its flags are checked.
pub(super) fn decode(header: Header, frame: Bytes, version: Version) -> Result<Packet, DecodeError> {
    let packet = header.name();
    let fixed = fixed(header);
    let wrong = |error: V4Error| DecodeError::v4(&error, packet);
    Ok(match header.kind() {
        2 => connack(Body::new(header, frame), version)?,
        4 => Packet::Puback(Ack::success(v4::PubAck::read(fixed, frame).map_err(wrong)?.pkid)),
        5 => Packet::Pubrec(Ack::success(v4::PubRec::read(fixed, frame).map_err(wrong)?.pkid)),
        6 => Packet::Pubrel(Ack::success(v4::PubRel::read(fixed, frame).map_err(wrong)?.pkid)),
        7 => Packet::Pubcomp(Ack::success(v4::PubComp::read(fixed, frame).map_err(wrong)?.pkid)),
        8 => {
            let theirs = v4::Subscribe::read(fixed, frame).map_err(wrong)?;
            let filters = theirs.filters.into_iter().map(|filter| Subscription {
                filter: filter.path,
                qos: qos_from(filter.qos),
                ..Subscription::default()
            });
            Packet::Subscribe(Subscribe { id: theirs.pkid, filters: filters.collect(), properties: None })
        }
        9 => suback(Body::new(header, frame))?,
        10 => {
            let theirs = v4::Unsubscribe::read(fixed, frame).map_err(wrong)?;
            // The crate accepts none at all, against [MQTT-3.10.3-2].
            if theirs.topics.is_empty() {
                return Err(DecodeError::NoPayload { packet });
            }
            Packet::Unsubscribe(Unsubscribe { id: theirs.pkid, filters: theirs.topics, properties: None })
        }
        11 => {
            let theirs = v4::UnsubAck::read(fixed, frame).map_err(wrong)?;
            Packet::Unsuback(Grants { id: theirs.pkid, ..Grants::default() })
        }
        14 if header.length > 0 => return Err(DecodeError::TooLong { packet }),
        14 => Packet::Disconnect(Disconnect::default()),
        _ => return Err(DecodeError::PacketType),
    })
}

/// Ours, because the crate refuses unknown return codes and a session together with a refusal: a client has to be able
/// to say what it was refused for.
fn connack(mut body: Body, version: Version) -> Result<Packet, DecodeError> {
    let flags = body.u8()?;
    // 3.1 has no flags here, the byte is reserved and may be anything.
    if flags > 1 && version != Version::V31 {
        return Err(DecodeError::ConnackFlags);
    }
    let code = body.u8()?;
    if !body.bytes.is_empty() {
        return Err(DecodeError::TooLong { packet: body.packet });
    }
    Ok(Packet::Connack(Connack { session_present: flags == 1, code, properties: None }))
}

/// Ours, because the crate refuses return codes it does not know; what they mean is not for the codec to say.
fn suback(mut body: Body) -> Result<Packet, DecodeError> {
    let id = body.id()?;
    if body.bytes.is_empty() {
        return Err(DecodeError::NoPayload { packet: body.packet });
    }
    Ok(Packet::Suback(Grants { id, codes: body.bytes.to_vec(), properties: None }))
}

/// Reads a CONNECT of 3.1 or 3.1.1.
pub(super) fn decode_connect(header: Header, frame: &Bytes, version: Version) -> Result<Packet, DecodeError> {
    let packet = "connect";
    let frame_311;
    let (header, frame) = if version == Version::V31 {
        // The crate knows 3.1.1 only; all behind name and level is the same.
        let rest = &frame[1 + header.length_len + MQTT_31.len()..];
        let length = MQTT_311.len() + rest.len();
        frame_311 = connect_frame(MQTT_311, rest);
        (Header { length_len: primitives::len_len(length), length, ..header }, &frame_311)
    } else {
        (header, frame)
    };
    let flags = frame.get(1 + header.length_len + MQTT_311.len()).copied();
    let theirs = v4::Connect::read(fixed(header), frame.clone()).map_err(|error| match (error, flags) {
        (V4Error::IncorrectPacketFormat | V4Error::InvalidQoS(_), Some(flags)) => DecodeError::ConnectFlags { flags },
        (error, _) => DecodeError::v4(&error, packet),
    })?;
    let (username, password) = match theirs.auth {
        v4::ConnectAuth::None => (None, None),
        v4::ConnectAuth::Username { username } => (Some(username), None),
        v4::ConnectAuth::UsernamePassword { username, password } => (Some(username), Some(password)),
    };
    let will = theirs.last_will.map(|will| Will {
        topic: will.topic,
        payload: will.message,
        qos: qos_from(will.qos),
        retain: will.retain,
        properties: None,
    });
    Ok(Packet::Connect(Box::new(Connect {
        version,
        client_id: theirs.client_id,
        clean: theirs.clean_session,
        keepalive: theirs.keep_alive,
        username,
        password,
        will,
        properties: None,
    })))
}

/// Appends `packet`; on an error maybe a part of it.
pub(super) fn encode(packet: &Packet, out: &mut BytesMut) -> Result<(), EncodeError> {
    let (name, written) = match packet {
        Packet::Publish(publish) => return publish::encode_v4(publish, out),
        Packet::Puback(ack) => ("puback", v4::PubAck { pkid: ack.id }.write(out)),
        Packet::Pubrec(ack) => ("pubrec", v4::PubRec { pkid: ack.id }.write(out)),
        Packet::Pubrel(ack) => ("pubrel", v4::PubRel { pkid: ack.id }.write(out)),
        Packet::Pubcomp(ack) => ("pubcomp", v4::PubComp { pkid: ack.id }.write(out)),
        Packet::Pingreq => ("pingreq", v4::PingReq.write(out)),
        Packet::Pingresp => ("pingresp", v4::PingResp.write(out)),
        Packet::Disconnect(_) => ("disconnect", v4::Disconnect.write(out)),
        Packet::Connect(connect) => return encode_connect(connect, out),
        // Ours, as the codes of this and of SUBACK are plain numbers.
        Packet::Connack(connack) => {
            out.put_slice(&[0x20, 2, u8::from(connack.session_present), connack.code]);
            return Ok(());
        }
        Packet::Subscribe(subscribe) => {
            if subscribe.filters.is_empty() {
                return Err(EncodeError::NoFilters { packet: "subscribe" });
            }
            let filters = subscribe
                .filters
                .iter()
                .map(|filter| v4::SubscribeFilter { path: filter.filter.clone(), qos: qos_to(filter.qos) });
            ("subscribe", v4::Subscribe { pkid: subscribe.id, filters: filters.collect() }.write(out))
        }
        Packet::Suback(grants) => {
            if grants.id == 0 {
                return Err(EncodeError::PacketIdZero);
            }
            let length = 2 + grants.codes.len();
            out.put_u8(0x90);
            primitives::write_remaining_length(out, length).map_err(|_| EncodeError::TooLong { packet: "suback" })?;
            out.put_u16(grants.id);
            out.put_slice(&grants.codes);
            return Ok(());
        }
        Packet::Unsubscribe(unsubscribe) => {
            if unsubscribe.filters.is_empty() {
                return Err(EncodeError::NoFilters { packet: "unsubscribe" });
            }
            let theirs = v4::Unsubscribe { pkid: unsubscribe.id, topics: unsubscribe.filters.clone() };
            ("unsubscribe", theirs.write(out))
        }
        // The crate writes this one with identifier 0 too.
        Packet::Unsuback(grants) if grants.id == 0 => return Err(EncodeError::PacketIdZero),
        Packet::Unsuback(grants) => ("unsuback", v4::UnsubAck { pkid: grants.id }.write(out)),
        Packet::Auth(_) => return Err(EncodeError::AuthBeforeV5),
    };
    written.map(drop).map_err(|error| EncodeError::v4(&error, name))
}

fn encode_connect(connect: &Connect, out: &mut BytesMut) -> Result<(), EncodeError> {
    let packet = "connect";
    if connect.client_id.is_empty() && connect.version == Version::V31 {
        return Err(EncodeError::ClientIdBefore311);
    }
    if connect.client_id.is_empty() && !connect.clean {
        return Err(EncodeError::ClientIdForSession);
    }
    let auth = match (&connect.username, &connect.password) {
        (None, None) => v4::ConnectAuth::None,
        (Some(username), None) => v4::ConnectAuth::Username { username: username.clone() },
        (Some(username), Some(password)) => {
            v4::ConnectAuth::UsernamePassword { username: username.clone(), password: password.clone() }
        }
        (None, Some(_)) => return Err(EncodeError::PasswordWithoutUsername),
    };
    let last_will = connect.will.as_ref().map(|will| v4::LastWill {
        topic: will.topic.clone(),
        message: will.payload.clone(),
        qos: qos_to(will.qos),
        retain: will.retain,
    });
    let theirs = v4::Connect {
        keep_alive: connect.keepalive,
        client_id: connect.client_id.clone(),
        clean_session: connect.clean,
        last_will,
        auth,
    };
    // The crate puts the flags at an offset from the start of the buffer, not of the packet: it needs one of its own.
    let mut frame = BytesMut::new();
    theirs.write(&mut frame).map_err(|error| EncodeError::v4(&error, packet))?;
    if connect.version == Version::V31 {
        let rest = 1 + super::written(&frame).remaining_len_len + MQTT_311.len();
        out.extend_from_slice(&connect_frame(MQTT_31, &frame[rest..]));
    } else {
        out.extend_from_slice(&frame);
    }
    Ok(())
}

/// A CONNECT of protocol name and level `protocol` and of `rest`, all that follows them.
fn connect_frame(protocol: &[u8], rest: &[u8]) -> Bytes {
    let length = protocol.len() + rest.len();
    let mut frame = BytesMut::with_capacity(5 + length);
    frame.put_u8(0x10);
    primitives::write_remaining_length(&mut frame, length).expect("fields of 16-bit lengths stay below 28 bits");
    frame.extend_from_slice(protocol);
    frame.extend_from_slice(rest);
    frame.freeze()
}
