//! MQTT 5 properties as script maps, with MQTT.js's names, both ways.

use bytes::Bytes;
use rhai::{Array, Dynamic, ImmutableString, Map};

use crate::api::buffer::Buffer;
use crate::api::entries;
use crate::api::mqtt::packet::PropertiesValue;
use crate::api::mqtt::reader::{OptionError, Reader};
use crate::mqtt::packet::Properties;
use crate::mqtt::topic;

/// The packets that a script gives properties to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// CONNECT.
    Connect,
    /// The will in it.
    Will,
    /// PUBLISH.
    Publish,
    /// SUBSCRIBE.
    Subscribe,
    /// UNSUBSCRIBE.
    Unsubscribe,
    /// DISCONNECT.
    Disconnect,
    /// AUTH.
    Auth,
}

impl Of {
    const ALL: &[Self] =
        &[Self::Connect, Self::Will, Self::Publish, Self::Subscribe, Self::Unsubscribe, Self::Disconnect, Self::Auth];

    const fn name(self) -> &'static str {
        match self {
            Self::Connect => "CONNECT",
            Self::Will => "the will",
            Self::Publish => "PUBLISH",
            Self::Subscribe => "SUBSCRIBE",
            Self::Unsubscribe => "UNSUBSCRIBE",
            Self::Disconnect => "DISCONNECT",
            Self::Auth => "AUTH",
        }
    }

    /// The properties a client may send in it `[MQTT5 table 2-4]`.
    const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Connect => &[
                "sessionExpiryInterval",
                "receiveMaximum",
                "maximumPacketSize",
                "topicAliasMaximum",
                "requestResponseInformation",
                "requestProblemInformation",
                "userProperties",
                "authenticationMethod",
                "authenticationData",
            ],
            Self::Will => &[
                "willDelayInterval",
                "payloadFormatIndicator",
                "messageExpiryInterval",
                "contentType",
                "responseTopic",
                "correlationData",
                "userProperties",
            ],
            Self::Publish => &[
                "payloadFormatIndicator",
                "messageExpiryInterval",
                "topicAlias",
                "responseTopic",
                "correlationData",
                "userProperties",
                "contentType",
            ],
            Self::Subscribe => &["subscriptionIdentifier", "userProperties"],
            Self::Unsubscribe => &["userProperties"],
            Self::Disconnect => &["sessionExpiryInterval", "reasonString", "userProperties", "serverReference"],
            Self::Auth => &["authenticationMethod", "authenticationData", "reasonString", "userProperties"],
        }
    }
}

/// The option `properties` of a packet: a map, or the properties of a received packet, of which only those are taken that
/// can go on.
///
/// # Errors
/// An unknown name, one that this packet cannot have, or a value of the wrong type or range.
pub fn given(reader: &Reader, of: Of) -> Result<Option<Box<Properties>>, OptionError> {
    let what = if of == Of::Will { "`will.properties`" } else { "`properties`" };
    let received = reader.value("properties").and_then(|value| value.read_lock::<PropertiesValue>());
    let map = match received {
        Some(received) => {
            let mut map = received.to_map();
            // What belongs to the connection it came through stays behind.
            map.retain(|name, _| of.names().contains(&name.as_str()) && name != "topicAlias");
            Some(map)
        }
        None => reader.map("properties")?,
    };
    map.map(|map| read(&map, what, of)).transpose()
}

/// Reads a map of properties.
///
/// # Errors
/// As [`given`].
pub fn read(map: &Map, what: &str, of: Of) -> Result<Box<Properties>, OptionError> {
    let reader = Reader::new(map, what);
    reader.only(entries::properties::ENTRIES)?;
    if let Some(name) = map.keys().find(|name| !of.names().contains(&name.as_str())) {
        let places: Vec<_> =
            Of::ALL.iter().filter(|of| of.names().contains(&name.as_str())).map(|of| of.name()).collect();
        return Err(OptionError::Other {
            message: format!("`{name}` is not a property of {}", of.name()),
            headline: None,
            help: format!("it is one of {}", places.join(" and ")),
        });
    }
    if let Some(name) = reader.text("responseTopic")? {
        topic::check_name(&name).map_err(|error| OptionError::Other {
            message: format!("option `responseTopic`: {error}"),
            headline: None,
            help: error.help(),
        })?;
    }
    Ok(Box::new(Properties {
        session_expiry_interval: reader.number("sessionExpiryInterval")?,
        receive_maximum: reader.number_from("receiveMaximum", 1)?,
        maximum_packet_size: reader.number_from("maximumPacketSize", 1)?,
        topic_alias_maximum: reader.number("topicAliasMaximum")?,
        request_response_information: reader.flag("requestResponseInformation")?,
        request_problem_information: reader.flag("requestProblemInformation")?,
        user_properties: user_properties(&reader)?,
        authentication_method: reader.text("authenticationMethod")?,
        authentication_data: reader.bytes("authenticationData")?,
        will_delay_interval: reader.number("willDelayInterval")?,
        payload_format_indicator: reader.flag("payloadFormatIndicator")?,
        message_expiry_interval: reader.number("messageExpiryInterval")?,
        topic_alias: reader.number_from("topicAlias", 1)?,
        response_topic: reader.text("responseTopic")?,
        correlation_data: reader.bytes("correlationData")?,
        subscription_identifiers: reader.number_in("subscriptionIdentifier", 1, 268_435_455)?.into_iter().collect(),
        content_type: reader.text("contentType")?,
        reason_string: reader.text("reasonString")?,
        server_reference: reader.text("serverReference")?,
        ..Properties::default()
    }))
}

/// `userProperties`: a map whose values are text or arrays of text.
fn user_properties(reader: &Reader) -> Result<Vec<(String, String)>, OptionError> {
    let Some(map) = reader.map("userProperties")? else { return Ok(Vec::new()) };
    let mut pairs = Vec::new();
    for (name, value) in &map {
        if let Some(values) = value.read_lock::<Array>() {
            for value in values.iter() {
                pairs.push((name.to_string(), crate::api::text::to_text(value).to_string()));
            }
        } else {
            pairs.push((name.to_string(), crate::api::text::to_text(value).to_string()));
        }
    }
    Ok(pairs)
}

/// The properties as MQTT.js shows them, in wire order where it is known.
pub fn show(properties: &Properties) -> Vec<(ImmutableString, Dynamic)> {
    let mut shown = Vec::new();
    let mut add = |id: u8, name: &str, value: Option<Dynamic>| {
        if let Some(value) = value {
            shown.push((id, ImmutableString::from(name), value));
        }
    };
    let p = properties;
    add(1, "payloadFormatIndicator", p.payload_format_indicator.map(Dynamic::from));
    add(2, "messageExpiryInterval", p.message_expiry_interval.map(int));
    add(3, "contentType", text(&p.content_type));
    add(8, "responseTopic", text(&p.response_topic));
    add(9, "correlationData", buffer(&p.correlation_data));
    add(11, "subscriptionIdentifier", subscription_identifiers(&p.subscription_identifiers));
    add(17, "sessionExpiryInterval", p.session_expiry_interval.map(int));
    add(18, "assignedClientIdentifier", text(&p.assigned_client_identifier));
    add(19, "serverKeepAlive", p.server_keep_alive.map(int));
    add(21, "authenticationMethod", text(&p.authentication_method));
    add(22, "authenticationData", buffer(&p.authentication_data));
    add(23, "requestProblemInformation", p.request_problem_information.map(Dynamic::from));
    add(24, "willDelayInterval", p.will_delay_interval.map(int));
    add(25, "requestResponseInformation", p.request_response_information.map(Dynamic::from));
    add(26, "responseInformation", text(&p.response_information));
    add(28, "serverReference", text(&p.server_reference));
    add(31, "reasonString", text(&p.reason_string));
    add(33, "receiveMaximum", p.receive_maximum.map(int));
    add(34, "topicAliasMaximum", p.topic_alias_maximum.map(int));
    add(35, "topicAlias", p.topic_alias.map(int));
    add(36, "maximumQoS", p.maximum_qos.map(int));
    add(37, "retainAvailable", p.retain_available.map(Dynamic::from));
    add(38, "userProperties", show_user_properties(&p.user_properties));
    add(39, "maximumPacketSize", p.maximum_packet_size.map(int));
    add(40, "wildcardSubscriptionAvailable", p.wildcard_subscription_available.map(Dynamic::from));
    add(41, "subscriptionIdentifiersAvailable", p.subscription_identifiers_available.map(Dynamic::from));
    add(42, "sharedSubscriptionAvailable", p.shared_subscription_available.map(Dynamic::from));
    shown.sort_by_key(|(id, ..)| p.order.iter().position(|on_wire| on_wire == id).unwrap_or(usize::MAX));
    shown.into_iter().map(|(_, name, value)| (name, value)).collect()
}

fn int(value: impl Into<i64>) -> Dynamic {
    Dynamic::from(value.into())
}

fn text(value: &Option<String>) -> Option<Dynamic> {
    value.as_ref().map(|text| Dynamic::from(text.clone()))
}

fn buffer(value: &Option<Bytes>) -> Option<Dynamic> {
    value.as_ref().map(|bytes| Dynamic::from(Buffer(bytes.clone())))
}

/// One as a number, several as an array.
fn subscription_identifiers(ids: &[u32]) -> Option<Dynamic> {
    match ids {
        [] => None,
        [one] => Some(int(*one)),
        several => Some(several.iter().map(|id| int(*id)).collect::<Array>().into()),
    }
}

/// A name that repeats has an array of values.
fn show_user_properties(pairs: &[(String, String)]) -> Option<Dynamic> {
    let mut map = Map::new();
    for (name, value) in pairs {
        let value = Dynamic::from(value.clone());
        let values = match map.remove(name.as_str()) {
            None => value,
            Some(held) => {
                let mut values = held.clone().try_cast::<Array>().unwrap_or_else(|| vec![held]);
                values.push(value);
                values.into()
            }
        };
        map.insert(name.as_str().into(), values);
    }
    (!map.is_empty()).then(|| map.into())
}
