//! Packets as a script sees them: MQTT.js's names, MQTT.js's order in `JSON.stringify`, made lazily.

use std::cell::RefCell;
use std::rc::Rc;

use rhai::{Array, Dynamic, Engine, EvalAltResult, ImmutableString, Map, Position};

use crate::api::buffer::Buffer;
use crate::api::entries::packet::ENTRIES;
use crate::api::host_value::{self, HostValue, Shown};
use crate::api::json::{JsonError, JsonWriter};
use crate::api::mqtt::properties;
use crate::diagnostics::suggest;
use crate::mqtt::event::Observed;
use crate::mqtt::packet::{Packet, Properties, Publish, Version};

/// A packet held by a script. Copies are the same packet; its properties are assignable.
#[derive(Debug, Clone)]
pub struct PacketValue(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    observed: Observed,
    version: Version,
    /// What a script assigned, in order of assignment.
    assigned: RefCell<Vec<(ImmutableString, Dynamic)>>,
}

impl PacketValue {
    /// Wraps a packet of a connection of this version.
    pub fn new(packet: Packet, length: u32, version: Version) -> Self {
        Self(Rc::new(Inner { observed: Observed { packet, length }, version, assigned: RefCell::default() }))
    }

    /// The packet as it came.
    pub fn packet(&self) -> &Packet {
        &self.0.observed.packet
    }

    /// A property; `()` where this packet has none of that name.
    pub fn get(&self, name: &str) -> Dynamic {
        if let Some((_, value)) = self.0.assigned.borrow().iter().find(|(assigned, _)| assigned == name) {
            return value.clone();
        }
        match (&self.0.observed.packet, name) {
            // The three that a listener reads for each message need not build the others.
            (Packet::Publish(publish), "retain") => publish.retain.into(),
            (Packet::Publish(publish), "qos") => i64::from(publish.qos.number()).into(),
            (Packet::Publish(publish), "payload") => payload(publish),
            _ => self.fields().into_iter().find(|(field, _)| field == name).map_or(Dynamic::UNIT, |(_, value)| value),
        }
    }

    fn set(&self, name: ImmutableString, value: Dynamic) {
        let mut assigned = self.0.assigned.borrow_mut();
        match assigned.iter_mut().find(|(held, _)| *held == name) {
            Some((_, held)) => *held = value,
            None => assigned.push((name, value)),
        }
    }

    fn was_received(&self) -> bool {
        let Observed { packet, length } = &self.0.observed;
        *length > 0 || matches!(packet, Packet::Pingresp)
    }

    /// All properties in MQTT.js's order.
    fn fields(&self) -> Vec<(ImmutableString, Dynamic)> {
        let Inner { observed: Observed { packet, length }, version, .. } = &*self.0;
        // A packet that was received has MQTT.js's parser fields; one of our own has only what it was made with.
        let received = self.was_received();
        let mut fields = Fields::default();
        match packet {
            Packet::Publish(publish) if received => {
                fields.add("cmd", "publish");
                fields.add("retain", publish.retain);
                fields.add("qos", int(publish.qos.number()));
                fields.add("dup", publish.dup);
                fields.add("length", int(*length));
                fields.add("topic", publish.topic_str().to_string());
                fields.add("payload", payload(publish));
                if publish.id != 0 {
                    fields.add("messageId", int(publish.id));
                }
                fields.properties(publish.properties.as_deref());
            }
            Packet::Publish(publish) => {
                fields.add("cmd", "publish");
                fields.add("topic", publish.topic_str().to_string());
                fields.add("payload", payload(publish));
                fields.add("qos", int(publish.qos.number()));
                fields.add("retain", publish.retain);
                // 0 with QoS 0.
                fields.add("messageId", int(publish.id));
                fields.add("dup", publish.dup);
                fields.properties(publish.properties.as_deref());
            }
            Packet::Connack(connack) => {
                fields.header("connack", 0, *length);
                fields.add("sessionPresent", connack.session_present);
                fields.add(if *version == Version::V5 { "reasonCode" } else { "returnCode" }, int(connack.code));
                fields.properties(connack.properties.as_deref());
            }
            Packet::Puback(ack) => fields.ack("puback", 0, ack, *length, *version),
            Packet::Pubrec(ack) => fields.ack("pubrec", 0, ack, *length, *version),
            Packet::Pubcomp(ack) => fields.ack("pubcomp", 0, ack, *length, *version),
            Packet::Pubrel(ack) if received => fields.ack("pubrel", 1, ack, *length, *version),
            Packet::Pubrel(ack) => {
                fields.add("cmd", "pubrel");
                fields.add("qos", int(2));
                fields.add("messageId", int(ack.id));
            }
            Packet::Suback(grants) => {
                fields.header("suback", 0, *length);
                fields.granted(&grants.codes);
                fields.add("messageId", int(grants.id));
                fields.properties(grants.properties.as_deref());
            }
            Packet::Unsuback(grants) => {
                fields.header("unsuback", 0, *length);
                fields.add("messageId", int(grants.id));
                fields.properties(grants.properties.as_deref());
                if *version == Version::V5 {
                    fields.granted(&grants.codes);
                }
            }
            Packet::Disconnect(disconnect) => {
                if received {
                    fields.header("disconnect", 0, *length);
                } else {
                    fields.add("cmd", "disconnect");
                }
                if *version == Version::V5 {
                    fields.add("reasonCode", int(disconnect.reason));
                }
                fields.properties(disconnect.properties.as_deref());
            }
            Packet::Auth(auth) => {
                if received {
                    fields.header("auth", 0, *length);
                } else {
                    fields.add("cmd", "auth");
                }
                fields.add("reasonCode", int(auth.reason));
                fields.properties(auth.properties.as_deref());
            }
            Packet::Pingreq => fields.add("cmd", "pingreq"),
            Packet::Pingresp => fields.header("pingresp", 0, *length),
            Packet::Subscribe(subscribe) => {
                fields.add("cmd", "subscribe");
                fields.add(
                    "subscriptions",
                    subscribe
                        .filters
                        .iter()
                        .map(|s| subscription(s, s.qos.number(), *version).into())
                        .collect::<Array>(),
                );
                fields.add("messageId", int(subscribe.id));
                fields.properties(subscribe.properties.as_deref());
            }
            Packet::Unsubscribe(unsubscribe) => {
                fields.add("cmd", "unsubscribe");
                fields.add("messageId", int(unsubscribe.id));
                fields.add("unsubscriptions", unsubscribe.filters.iter().map(|f| f.clone().into()).collect::<Array>());
                fields.properties(unsubscribe.properties.as_deref());
            }
            Packet::Connect(connect) => {
                fields.add("cmd", "connect");
                fields.add("protocolId", if connect.version == Version::V31 { "MQIsdp" } else { "MQTT" });
                fields.add("protocolVersion", int(super::options::version_number(connect.version)));
                fields.add("clean", connect.clean);
                fields.add("clientId", connect.client_id.clone());
                fields.add("keepalive", int(connect.keepalive));
                fields.properties(connect.properties.as_deref());
            }
        }
        let mut fields = fields.0;
        for (name, value) in self.0.assigned.borrow().iter() {
            match fields.iter_mut().find(|(field, _)| field == name) {
                Some((_, held)) => *held = value.clone(),
                None => fields.push((name.clone(), value.clone())),
            }
        }
        fields
    }
}

/// A filter with its options, as `granted` and SUBSCRIBE packets show it, but without `properties`; `qos` is the one wanted, the one granted, or the
/// code of a refusal.
pub fn subscription(subscription: &crate::mqtt::packet::Subscription, qos: u8, version: Version) -> Map {
    let mut map = Map::new();
    map.insert("topic".into(), subscription.filter.clone().into());
    map.insert("qos".into(), int(qos));
    if version == Version::V5 {
        map.insert("nl".into(), subscription.no_local.into());
        map.insert("rap".into(), subscription.retain_as_published.into());
        map.insert("rh".into(), int(subscription.retain_handling));
    }
    map
}

fn payload(publish: &Publish) -> Dynamic {
    Dynamic::from(Buffer(publish.payload.clone()))
}

fn int(value: impl Into<i64>) -> Dynamic {
    Dynamic::from(value.into())
}

#[derive(Default)]
struct Fields(Vec<(ImmutableString, Dynamic)>);

impl Fields {
    fn add(&mut self, name: &str, value: impl Into<Dynamic>) {
        self.0.push((name.into(), value.into()));
    }

    /// What MQTT.js's parser puts into every packet that is not a PUBLISH.
    fn header(&mut self, cmd: &str, qos: u8, length: u32) {
        self.add("cmd", cmd.to_string());
        self.add("retain", false);
        self.add("qos", int(qos));
        self.add("dup", false);
        self.add("length", int(length));
        self.add("topic", Dynamic::UNIT);
        self.add("payload", Dynamic::UNIT);
    }

    fn granted(&mut self, codes: &[u8]) {
        self.add("granted", codes.iter().map(|code| int(*code)).collect::<Array>());
    }

    fn ack(&mut self, cmd: &str, qos: u8, ack: &crate::mqtt::packet::Ack, length: u32, version: Version) {
        if length > 0 {
            self.header(cmd, qos, length);
        } else {
            self.add("cmd", cmd.to_string());
        }
        self.add("messageId", int(ack.id));
        if version == Version::V5 {
            self.add("reasonCode", int(ack.reason));
        }
        self.properties(ack.properties.as_deref());
    }

    fn properties(&mut self, given: Option<&Properties>) {
        let Some(given) = given else { return };
        let shown = properties::show(given);
        if !shown.is_empty() {
            self.add("properties", Dynamic::from(PropertiesValue(Rc::new(RefCell::new(shown)))));
        }
    }
}

impl HostValue for PacketValue {
    const NAME: &'static str = "Packet";

    fn shown(&self) -> Shown {
        // In MQTT.js what its parser made has a class; what was made to be sent is a plain object.
        let name = if self.was_received() { Self::NAME.into() } else { String::new() };
        Shown::Record { name, fields: self.fields() }
    }

    fn write_json(&self, out: &mut JsonWriter) -> Result<(), JsonError> {
        out.object(self.fields().iter().map(|(name, value)| (name.as_str(), value)))
    }

    fn same_as(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// The `properties` of a packet: like a map, but in wire order.
#[derive(Debug, Clone)]
pub struct PropertiesValue(Rc<RefCell<Vec<(ImmutableString, Dynamic)>>>);

impl PropertiesValue {
    /// Wraps properties.
    pub fn new(given: &Properties) -> Self {
        Self(Rc::new(RefCell::new(properties::show(given))))
    }

    /// As a map, which a script could have written.
    pub fn to_map(&self) -> Map {
        self.0.borrow().iter().map(|(name, value)| (name.as_str().into(), value.clone())).collect()
    }

    fn get(&self, name: &str) -> Dynamic {
        self.0.borrow().iter().find(|(held, _)| held == name).map_or(Dynamic::UNIT, |(_, value)| value.clone())
    }

    fn set(&self, name: ImmutableString, value: Dynamic) {
        let mut fields = self.0.borrow_mut();
        match fields.iter_mut().find(|(held, _)| *held == name) {
            Some((_, held)) => *held = value,
            None => fields.push((name, value)),
        }
    }
}

impl HostValue for PropertiesValue {
    const NAME: &'static str = "Properties";

    fn shown(&self) -> Shown {
        Shown::Record { name: String::new(), fields: self.0.borrow().clone() }
    }
}

/// Registers both types.
pub fn register(engine: &mut Engine) {
    host_value::register::<PacketValue>(engine);
    host_value::register::<PropertiesValue>(engine);
    engine
        .register_indexer_get(|packet: &mut PacketValue, name: ImmutableString| {
            let value = packet.get(&name);
            if value.is_unit() && !ENTRIES.iter().any(|entry| entry.name == name.as_str()) && !packet.is_assigned(&name)
            {
                return Err(unknown(&name));
            }
            Ok(value)
        })
        .register_indexer_set(|packet: &mut PacketValue, name: ImmutableString, value: Dynamic| packet.set(name, value))
        .register_indexer_get(|properties: &mut PropertiesValue, name: ImmutableString| properties.get(&name))
        .register_indexer_set(|properties: &mut PropertiesValue, name: ImmutableString, value: Dynamic| {
            properties.set(name, value);
        });
}

impl PacketValue {
    fn is_assigned(&self, name: &str) -> bool {
        self.0.assigned.borrow().iter().any(|(assigned, _)| assigned == name)
    }
}

fn unknown(name: &str) -> Box<EvalAltResult> {
    let mut error = crate::api::error::ErrorValue::new(format!("a packet has no property `{name}`"));
    if let Some(closest) = suggest::closest(name, ENTRIES.iter().map(|entry| entry.name)) {
        error = error.with_help(format!("did you mean `{closest}`?"));
    }
    Box::new(EvalAltResult::ErrorRuntime(Dynamic::from(error), Position::NONE))
}
