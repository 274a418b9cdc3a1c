//! What the broker of a connection takes, from its CONNACK (version 5): what it would close the connection for is refused
//! here.

use crate::mqtt::codec;
use crate::mqtt::error::Error;
use crate::mqtt::packet::{Connack, Packet, Publish, Subscribe, Version};
use crate::mqtt::reason;

/// Receive Maximum when the broker names none `[MQTT-3.3.4-9]`.
const DEFAULT_RECEIVE_MAXIMUM: u16 = u16::MAX;

/// See the module.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// QoS 1 and 2 messages that may wait for their acknowledgement.
    pub receive_maximum: usize,
    maximum_qos: u8,
    retain_available: bool,
    maximum_packet_size: usize,
    wildcards: bool,
    shared: bool,
    identifiers: bool,
}

impl Limits {
    /// Those that a CONNACK names.
    pub fn of(connack: &Connack) -> Self {
        let given = connack.properties.as_deref();
        let receive_maximum =
            given.and_then(|p| p.receive_maximum).filter(|m| *m > 0).unwrap_or(DEFAULT_RECEIVE_MAXIMUM);
        Self {
            receive_maximum: receive_maximum.into(),
            maximum_qos: given.and_then(|p| p.maximum_qos).unwrap_or(2),
            retain_available: given.and_then(|p| p.retain_available).unwrap_or(true),
            maximum_packet_size: given.and_then(|p| p.maximum_packet_size).map_or(usize::MAX, |size| size as usize),
            wildcards: given.and_then(|p| p.wildcard_subscription_available).unwrap_or(true),
            shared: given.and_then(|p| p.shared_subscription_available).unwrap_or(true),
            identifiers: given.and_then(|p| p.subscription_identifiers_available).unwrap_or(true),
        }
    }

    /// # Errors
    /// The broker does not take such a message.
    pub fn allow(&self, publish: &Publish, version: Version) -> Result<(), Error> {
        if publish.qos.number() > self.maximum_qos {
            return Err(refused("Publish", 155, format!("the broker takes at most QoS {}", self.maximum_qos)));
        }
        if publish.retain && !self.retain_available {
            return Err(refused("Publish", 154, "the broker does not retain messages".into()));
        }
        if self.maximum_packet_size == usize::MAX {
            return Ok(());
        }
        self.allow_size(&Packet::Publish(publish.clone()), version, "Publish")
    }

    /// # Errors
    /// The packet is larger than the broker takes `[MQTT-3.2.2-15]`. `what` was asked for.
    pub fn allow_size(&self, packet: &Packet, version: Version, what: &str) -> Result<(), Error> {
        let most = self.maximum_packet_size;
        if most == usize::MAX {
            return Ok(());
        }
        let size = codec::encoded_len(packet, version).unwrap_or(usize::MAX);
        if size <= most {
            return Ok(());
        }
        Err(refused(what, 149, format!("the packet has {size} bytes, the broker takes at most {most}")))
    }

    /// The reason code with which a broker would refuse a filter.
    pub fn refuse(&self, filter: &str, has_identifier: bool) -> Option<u8> {
        if filter.starts_with("$share/") && !self.shared {
            Some(158)
        } else if filter.contains(['+', '#']) && !self.wildcards {
            Some(162)
        } else if has_identifier && !self.identifiers {
            Some(161)
        } else {
            None
        }
    }

    /// What can be restored of a subscription that another connection took; `None`: nothing.
    pub fn restrict(&self, mut subscribe: Subscribe) -> Option<Subscribe> {
        subscribe.filters.retain(|wanted| self.refuse(&wanted.filter, false).is_none());
        if let Some(properties) = &mut subscribe.properties
            && !self.identifiers
        {
            properties.subscription_identifiers.clear();
        }
        (!subscribe.filters.is_empty()).then_some(subscribe)
    }
}

/// Whether messages are to say which subscription they came for.
pub fn has_identifier(subscribe: &Subscribe) -> bool {
    subscribe.properties.as_ref().is_some_and(|properties| !properties.subscription_identifiers.is_empty())
}

fn refused(what: &str, code: u8, cause: String) -> Error {
    let text = reason::text(code).unwrap_or("Unspecified error");
    Error::new(format!("{what} error: {text}")).with_reason(code).with_cause(cause)
}
