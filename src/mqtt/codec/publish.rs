//! PUBLISH of all versions: the one packet that has to be fast.

use bytes::{Bytes, BytesMut};
use rumqttc_v4::mqttbytes::v4;
use rumqttc_v5::mqttbytes::v5::{self, PublishProperties};

use super::body::Body;
use super::{DecodeError, EncodeError, Header, properties, qos_to};
use crate::mqtt::packet::{Packet, Properties, Publish, QoS, Version};
use crate::mqtt::topic::{self, NameError};

/// Reads a PUBLISH; topic and payload share the memory of `frame`.
///
/// Laid out here. The version 5 crate loses payload after more than two subscription identifiers, and the 3.1.1 crate
/// has one error for every bad topic and for a packet cut short.
pub(super) fn decode(header: Header, frame: Bytes, version: Version) -> Result<Packet, DecodeError> {
    let mut body = Body::new(header, frame);
    let topic = body.binary()?;
    let qos = QoS::from_number(header.byte1 >> 1 & 0b11).ok_or(DecodeError::QoS)?;
    let id = if qos == QoS::AtMostOnce { 0 } else { body.id()? };
    let properties = if version == Version::V5 { body.properties::<PublishProperties>()? } else { None };
    let name = std::str::from_utf8(&topic).map_err(|_| DecodeError::Text { packet: body.packet })?;
    // Without an alias a topic is needed [MQTT-3.3.4-1].
    if !(name.is_empty() && has_alias(properties.as_deref())) {
        topic::check_name(name)?;
    }
    Ok(Packet::Publish(Publish {
        dup: header.byte1 & 0b1000 != 0,
        qos,
        retain: header.byte1 & 1 != 0,
        topic,
        id,
        payload: body.bytes,
        properties,
    }))
}

fn has_alias(properties: Option<&Properties>) -> bool {
    properties.is_some_and(|properties| properties.topic_alias.is_some())
}

/// Must be 0 for QoS 0 `[MQTT-3.3.1-2]`.
fn dup(publish: &Publish) -> bool {
    publish.dup && publish.qos != QoS::AtMostOnce
}

/// Appends a PUBLISH of 3.1 or 3.1.1.
pub(super) fn encode_v4(publish: &Publish, out: &mut BytesMut) -> Result<(), EncodeError> {
    let theirs = v4::Publish {
        dup: dup(publish),
        qos: qos_to(publish.qos),
        retain: publish.retain,
        topic: publish.topic.clone(),
        pkid: publish.id,
        payload: publish.payload.clone(),
    };
    match theirs.write(out) {
        Ok(_) => Ok(()),
        Err(error) => {
            check_topic(&publish.topic)?;
            Err(EncodeError::v4(&error, "publish"))
        }
    }
}

/// Appends a PUBLISH of version 5.
pub(super) fn encode_v5(publish: &Publish, out: &mut BytesMut) -> Result<(), EncodeError> {
    // The crate writes an empty topic without an alias too, against [MQTT-3.3.4-1].
    if publish.topic.is_empty() && !has_alias(publish.properties.as_deref()) {
        return Err(EncodeError::Topic(NameError::Empty));
    }
    let theirs = v5::Publish {
        dup: dup(publish),
        qos: qos_to(publish.qos),
        retain: publish.retain,
        topic: publish.topic.clone(),
        pkid: publish.id,
        payload: publish.payload.clone(),
        properties: properties::to(publish.properties.as_deref()),
    };
    match theirs.write(out) {
        Ok(_) => Ok(()),
        Err(error) => {
            if !publish.topic.is_empty() {
                check_topic(&publish.topic)?;
            }
            Err(EncodeError::v5(&error, "publish"))
        }
    }
}

/// What is wrong with the topic of a PUBLISH the crate refused, if it is the topic.
#[cold]
fn check_topic(topic: &[u8]) -> Result<(), NameError> {
    topic::check_name(&String::from_utf8_lossy(topic))
}

/// Remaining length of a PUBLISH, bytes.
pub(super) fn remaining_length(publish: &Publish, version: Version) -> Result<usize, EncodeError> {
    let section = match publish.properties.as_deref() {
        _ if version != Version::V5 => 0,
        None => 1,
        properties => properties::section::<PublishProperties>("publish", properties)?.len(),
    };
    let id = if publish.qos == QoS::AtMostOnce { 0 } else { 2 };
    Ok(2 + publish.topic.len() + id + section + publish.payload.len())
}
