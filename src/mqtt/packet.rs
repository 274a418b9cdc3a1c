//! MQTT control packets, one shape for protocol 3.1, 3.1.1 and 5.
//!
//! What a version does not have stays empty; `codec` turns these into bytes and back.

use bytes::Bytes;

/// Protocol version: what CONNECT says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Version {
    /// MQTT 3.1, protocol level 3, `MQIsdp`.
    V31,
    /// MQTT 3.1.1, protocol level 4.
    #[default]
    V311,
    /// MQTT 5, protocol level 5.
    V5,
}

/// Quality of service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum QoS {
    /// 0: sent once, not acknowledged.
    #[default]
    AtMostOnce,
    /// 1: acknowledged with PUBACK.
    AtLeastOnce,
    /// 2: PUBREC, PUBREL, PUBCOMP.
    ExactlyOnce,
}

impl QoS {
    /// The number on the wire.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// From the number on the wire.
    pub const fn from_number(number: u8) -> Option<Self> {
        match number {
            0 => Some(Self::AtMostOnce),
            1 => Some(Self::AtLeastOnce),
            2 => Some(Self::ExactlyOnce),
            _ => None,
        }
    }
}

/// Packet identifier; 0 stands for "none" and is never sent where the protocol wants one `[MQTT-2.2.1-2]`.
pub type PacketId = u16;

/// An MQTT control packet.
#[derive(Debug, Clone, PartialEq)]
pub enum Packet {
    /// Client to server: open a session.
    Connect(Box<Connect>),
    /// Server's answer to CONNECT.
    Connack(Connack),
    /// An application message.
    Publish(Publish),
    /// QoS 1 acknowledgement.
    Puback(Ack),
    /// QoS 2, first answer.
    Pubrec(Ack),
    /// QoS 2, release.
    Pubrel(Ack),
    /// QoS 2, complete.
    Pubcomp(Ack),
    /// Asks for messages.
    Subscribe(Subscribe),
    /// Answer to SUBSCRIBE, one code per filter.
    Suback(Grants),
    /// Asks for no more messages.
    Unsubscribe(Unsubscribe),
    /// Answer to UNSUBSCRIBE; codes only in version 5.
    Unsuback(Grants),
    /// Keep-alive question.
    Pingreq,
    /// Keep-alive answer.
    Pingresp,
    /// Orderly end; from the server only in version 5.
    Disconnect(Disconnect),
    /// Enhanced authentication, version 5.
    Auth(Auth),
}

impl Packet {
    /// Its name as the standard writes it: `PUBLISH`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Connect(_) => "CONNECT",
            Self::Connack(_) => "CONNACK",
            Self::Publish(_) => "PUBLISH",
            Self::Puback(_) => "PUBACK",
            Self::Pubrec(_) => "PUBREC",
            Self::Pubrel(_) => "PUBREL",
            Self::Pubcomp(_) => "PUBCOMP",
            Self::Subscribe(_) => "SUBSCRIBE",
            Self::Suback(_) => "SUBACK",
            Self::Unsubscribe(_) => "UNSUBSCRIBE",
            Self::Unsuback(_) => "UNSUBACK",
            Self::Pingreq => "PINGREQ",
            Self::Pingresp => "PINGRESP",
            Self::Disconnect(_) => "DISCONNECT",
            Self::Auth(_) => "AUTH",
        }
    }
}

/// CONNECT.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Connect {
    /// Protocol version.
    pub version: Version,
    /// Client identifier; empty asks the server to assign one.
    pub client_id: String,
    /// Clean session (3.x) or clean start (5).
    pub clean: bool,
    /// Keep alive, seconds; 0 turns it off.
    pub keepalive: u16,
    /// User name.
    pub username: Option<String>,
    /// Password.
    pub password: Option<Bytes>,
    /// Message the server publishes if the client vanishes.
    pub will: Option<Will>,
    /// Version 5 properties.
    pub properties: Option<Box<Properties>>,
}

/// The last will in CONNECT.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Will {
    /// Topic name.
    pub topic: String,
    /// Payload.
    pub payload: Bytes,
    /// Quality of service.
    pub qos: QoS,
    /// Retain flag.
    pub retain: bool,
    /// Version 5 properties.
    pub properties: Option<Box<Properties>>,
}

/// CONNACK.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Connack {
    /// Whether the server had a session for this client.
    pub session_present: bool,
    /// Return code (3.x) or reason code (5); 0 is success. Unknown codes are kept.
    pub code: u8,
    /// Version 5 properties.
    pub properties: Option<Box<Properties>>,
}

/// PUBLISH.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Publish {
    /// Set when this may be a repeated delivery.
    pub dup: bool,
    /// Quality of service.
    pub qos: QoS,
    /// Retain flag.
    pub retain: bool,
    /// Topic name, valid UTF-8; empty with a topic alias (version 5).
    pub topic: Bytes,
    /// Packet identifier; 0 for QoS 0.
    pub id: PacketId,
    /// Payload.
    pub payload: Bytes,
    /// Version 5 properties.
    pub properties: Option<Box<Properties>>,
}

impl Publish {
    /// The topic as text.
    pub fn topic_str(&self) -> &str {
        std::str::from_utf8(&self.topic).unwrap_or_default()
    }
}

/// PUBACK, PUBREC, PUBREL, PUBCOMP.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ack {
    /// Packet identifier of the PUBLISH.
    pub id: PacketId,
    /// Reason code, version 5; 0 is success.
    pub reason: u8,
    /// Version 5 properties.
    pub properties: Option<Box<Properties>>,
}

impl Ack {
    /// A successful acknowledgement.
    pub const fn success(id: PacketId) -> Self {
        Self { id, reason: 0, properties: None }
    }
}

/// SUBSCRIBE.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Subscribe {
    /// Packet identifier.
    pub id: PacketId,
    /// Topic filters, at least one.
    pub filters: Vec<Subscription>,
    /// Version 5 properties.
    pub properties: Option<Box<Properties>>,
}

/// One topic filter with its options.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Subscription {
    /// Topic filter.
    pub filter: String,
    /// Highest QoS wanted.
    pub qos: QoS,
    /// Version 5: do not send back what this client published.
    pub no_local: bool,
    /// Version 5: keep the retain flag as published.
    pub retain_as_published: bool,
    /// Version 5: 0 send retained messages, 1 only if the subscription is new, 2 never.
    pub retain_handling: u8,
}

/// SUBACK and UNSUBACK.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Grants {
    /// Packet identifier of the request.
    pub id: PacketId,
    /// One code per filter: the granted QoS, or 128 and above for a refusal. Empty for a 3.x UNSUBACK.
    pub codes: Vec<u8>,
    /// Version 5 properties.
    pub properties: Option<Box<Properties>>,
}

/// UNSUBSCRIBE.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Unsubscribe {
    /// Packet identifier.
    pub id: PacketId,
    /// Topic filters, at least one.
    pub filters: Vec<String>,
    /// Version 5 properties.
    pub properties: Option<Box<Properties>>,
}

/// DISCONNECT.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Disconnect {
    /// Reason code, version 5; 0 is a normal end, 4 asks the server to publish the will.
    pub reason: u8,
    /// Version 5 properties.
    pub properties: Option<Box<Properties>>,
}

/// AUTH, version 5.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Auth {
    /// 0 success, 24 continue, 25 re-authenticate.
    pub reason: u8,
    /// Method, data and the rest.
    pub properties: Option<Box<Properties>>,
}

/// Version 5 properties of any packet, named as MQTT.js names them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Properties {
    /// `sessionExpiryInterval`, seconds.
    pub session_expiry_interval: Option<u32>,
    /// `receiveMaximum`.
    pub receive_maximum: Option<u16>,
    /// `maximumQoS`.
    pub maximum_qos: Option<u8>,
    /// `retainAvailable`.
    pub retain_available: Option<bool>,
    /// `maximumPacketSize`, bytes.
    pub maximum_packet_size: Option<u32>,
    /// `assignedClientIdentifier`.
    pub assigned_client_identifier: Option<String>,
    /// `topicAliasMaximum`.
    pub topic_alias_maximum: Option<u16>,
    /// `reasonString`.
    pub reason_string: Option<String>,
    /// `userProperties`, in order, keys may repeat.
    pub user_properties: Vec<(String, String)>,
    /// `wildcardSubscriptionAvailable`.
    pub wildcard_subscription_available: Option<bool>,
    /// `subscriptionIdentifiersAvailable`.
    pub subscription_identifiers_available: Option<bool>,
    /// `sharedSubscriptionAvailable`.
    pub shared_subscription_available: Option<bool>,
    /// `serverKeepAlive`, seconds.
    pub server_keep_alive: Option<u16>,
    /// `responseInformation`.
    pub response_information: Option<String>,
    /// `serverReference`.
    pub server_reference: Option<String>,
    /// `authenticationMethod`.
    pub authentication_method: Option<String>,
    /// `authenticationData`.
    pub authentication_data: Option<Bytes>,
    /// `requestResponseInformation`.
    pub request_response_information: Option<bool>,
    /// `requestProblemInformation`.
    pub request_problem_information: Option<bool>,
    /// `willDelayInterval`, seconds.
    pub will_delay_interval: Option<u32>,
    /// `payloadFormatIndicator`.
    pub payload_format_indicator: Option<bool>,
    /// `messageExpiryInterval`, seconds.
    pub message_expiry_interval: Option<u32>,
    /// `topicAlias`.
    pub topic_alias: Option<u16>,
    /// `responseTopic`.
    pub response_topic: Option<String>,
    /// `correlationData`.
    pub correlation_data: Option<Bytes>,
    /// `subscriptionIdentifier`: one to send, any number received.
    pub subscription_identifiers: Vec<u32>,
    /// `contentType`.
    pub content_type: Option<String>,
    /// Identifiers of the properties in the order they came in, each once; empty for a packet of our own.
    ///
    /// MQTT.js shows properties in this order. Ignored when encoding.
    pub order: Vec<u8>,
}
