//! What can be wrong with bytes or with a packet, as data. Texts are mqtt-packet's wherever it has one.

use rumqttc_v4::mqttbytes::Error as V4Error;
use rumqttc_v5::mqttbytes::Error as V5Error;
use thiserror::Error;

use crate::mqtt::topic::NameError;

/// Why received bytes are not an MQTT packet. The connection cannot go on after one.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// Reserved bits of the first byte `[MQTT-2.1.3-1]`.
    #[error("Invalid header flag bits, must be 0x{expected:x} for {packet} packet")]
    HeaderFlags {
        /// Packet name, lower case.
        packet: &'static str,
        /// What they must be.
        expected: u8,
    },
    /// PUBLISH with QoS 3 `[MQTT-3.3.1-4]`.
    #[error("Packet must not have both QoS bits set to 1")]
    QoS,
    /// DUP on a QoS 0 message `[MQTT-3.3.1-2]`.
    #[error("publish packet with QoS 0 must not have the DUP flag set")]
    DupAtQoS0,
    /// A length of more than four bytes `[MQTT-1.5.5-1]`.
    #[error("Invalid variable byte integer")]
    VariableByteInteger,
    /// Larger than we accept. Sizes are those of the whole packet, in bytes.
    #[error("exceeding packets size {packet}: {size} bytes, maximumPacketSize is {max}")]
    TooLarge {
        /// Packet name, lower case.
        packet: &'static str,
        /// Its size.
        size: usize,
        /// The largest accepted.
        max: usize,
    },
    /// Packet type 0.
    #[error("Not supported")]
    PacketType,
    /// AUTH before version 5.
    #[error("Not supported auth packet for this version MQTT")]
    AuthBeforeV5,
    /// It ends before all its fields.
    #[error("Packet too short: {packet}")]
    TooShort {
        /// Packet name, lower case.
        packet: &'static str,
    },
    /// Bytes after its last field.
    #[error("Malformed {packet}, bytes after its end")]
    TooLong {
        /// Packet name, lower case.
        packet: &'static str,
    },
    /// A 3.x packet that is cut short, too long, or has a text with the null character: the crate does not tell which.
    #[error("Malformed {packet}")]
    Malformed {
        /// Packet name, lower case.
        packet: &'static str,
    },
    /// SUBSCRIBE, SUBACK and the like without a single entry `[MQTT-3.8.3-2]`.
    #[error("Malformed {packet}, no payload specified")]
    NoPayload {
        /// Packet name, lower case.
        packet: &'static str,
    },
    /// 3.x UNSUBACK that is not a packet identifier alone.
    #[error("Malformed unsuback, payload length must be 2")]
    UnsubackLength,
    /// Packet identifier 0 `[MQTT-2.2.1-3]`.
    #[error("Cannot parse messageId: 0 in {packet} packet")]
    PacketIdZero {
        /// Packet name, lower case.
        packet: &'static str,
    },
    /// A text that is not UTF-8, or contains the null character `[MQTT-1.5.4-1]`, `[MQTT-1.5.4-2]`.
    #[error("Cannot parse string: not UTF-8 text in {packet} packet")]
    Text {
        /// Packet name, lower case.
        packet: &'static str,
    },
    /// PUBLISH with a topic that is none.
    #[error("Cannot parse topic: {0}")]
    Topic(#[from] NameError),
    /// CONNACK with reserved flags set.
    #[error("Invalid connack flags, bits 7-1 must be set to 0")]
    ConnackFlags,
    /// CONNECT for another protocol.
    #[error("Invalid protocolId")]
    ProtocolName,
    /// CONNECT with an unknown protocol level.
    #[error("Invalid protocol version")]
    ProtocolVersion,
    /// CONNECT flags that contradict each other `[MQTT-3.1.2-3]`, `[MQTT-3.1.2-11]`.
    #[error("Invalid connect flags: 0x{flags:02x}")]
    ConnectFlags {
        /// The flags.
        flags: u8,
    },
    /// Reserved bits of subscription options `[MQTT-3.8.3-5]`.
    #[error("Invalid subscribe topic flag bits, bits 7-{lowest} must be 0")]
    SubscribeFlags {
        /// The lowest reserved bit.
        lowest: u8,
    },
    /// Subscription with QoS 3.
    #[error("Invalid subscribe QoS, must be <= 2")]
    SubscribeQoS,
    /// Subscription with retain handling 3.
    #[error("Invalid retain handling, must be <= 2")]
    RetainHandling,
    /// A property identifier that does not exist.
    #[error("Unknown property: {id}")]
    UnknownProperty {
        /// The identifier.
        id: u8,
    },
    /// A property of another packet.
    #[error("property {id} is not allowed in {packet} packet")]
    PropertyNotAllowed {
        /// Packet name, lower case.
        packet: &'static str,
        /// The identifier.
        id: u8,
    },
    /// A property that may come once came twice.
    #[error("property {id} is given twice in {packet} packet")]
    PropertyTwice {
        /// Packet name, lower case.
        packet: &'static str,
        /// The identifier.
        id: u8,
    },
    /// A property with a value it may not have, such as topic alias 0.
    #[error("invalid property value in {packet} packet")]
    PropertyValue {
        /// Packet name, lower case.
        packet: &'static str,
    },
}

impl DecodeError {
    /// The version 5 reason code a DISCONNECT gives for it.
    pub const fn reason(&self) -> u8 {
        match self {
            Self::TooLarge { .. } => 149,
            Self::Topic(_) => 144,
            Self::PropertyTwice { .. } | Self::PropertyValue { .. } | Self::NoPayload { .. } => 130,
            _ => 129,
        }
    }

    /// What the 3.1.1 crate found in `packet`.
    pub(super) fn v4(error: &V4Error, packet: &'static str) -> Self {
        match error {
            V4Error::PacketIdZero => Self::PacketIdZero { packet },
            V4Error::TopicNotUtf8 { .. } => Self::Text { packet },
            V4Error::InvalidQoS(_) => Self::SubscribeQoS,
            V4Error::EmptySubscription => Self::NoPayload { packet },
            // The crate has one error for reserved option bits and for all contradictions.
            V4Error::IncorrectPacketFormat if packet == "subscribe" => Self::SubscribeFlags { lowest: 2 },
            V4Error::PayloadSizeIncorrect if packet == "unsuback" => Self::UnsubackLength,
            V4Error::PayloadSizeIncorrect | V4Error::MalformedPacket => Self::Malformed { packet },
            V4Error::InvalidProtocol => Self::ProtocolName,
            V4Error::InvalidProtocolLevel(_) => Self::ProtocolVersion,
            _ => Self::TooShort { packet },
        }
    }

    /// What the version 5 crate found in the properties of `packet`.
    pub(super) fn v5(error: &V5Error, packet: &'static str) -> Self {
        match error {
            V5Error::InvalidPropertyType(id) => Self::PropertyNotAllowed { packet, id: *id },
            V5Error::TopicNotUtf8 { .. } | V5Error::MalformedPacket => Self::Text { packet },
            V5Error::ProtocolError | V5Error::ProtocolViolation(_) => Self::PropertyValue { packet },
            _ => Self::TooShort { packet },
        }
    }
}

/// Why a packet cannot be written. Nothing of it is in the output then.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EncodeError {
    /// Packet identifier 0 where one is needed `[MQTT-2.2.1-2]`.
    #[error("Invalid messageId")]
    PacketIdZero,
    /// PUBLISH to something that is no topic.
    #[error(transparent)]
    Topic(#[from] NameError),
    /// A text or binary field of more than 65535 bytes, or a packet of more than 268435455.
    #[error("a field of {packet} packet is too long")]
    TooLong {
        /// Packet name, lower case.
        packet: &'static str,
    },
    /// A text with the null character, or a topic that is not UTF-8 `[MQTT-1.5.4-1]`, `[MQTT-1.5.4-2]`.
    #[error("a text of {packet} packet contains the null character or is not UTF-8")]
    Text {
        /// Packet name, lower case.
        packet: &'static str,
    },
    /// SUBSCRIBE or UNSUBSCRIBE without a filter `[MQTT-3.8.3-2]`, `[MQTT-3.10.3-2]`.
    #[error("Invalid {}", if *.packet == "subscribe" { "subscriptions" } else { "unsubscriptions" })]
    NoFilters {
        /// Packet name, lower case.
        packet: &'static str,
    },
    /// 3.x CONNECT with a password alone `[MQTT-3.1.2-22]`.
    #[error("Username is required to use password")]
    PasswordWithoutUsername,
    /// 3.1 CONNECT without a client identifier.
    #[error("clientId must be supplied before 3.1.1")]
    ClientIdBefore311,
    /// 3.1.1 CONNECT for a kept session without a client identifier `[MQTT-3.1.3-7]`.
    #[error("clientId must be given if cleanSession set to 0")]
    ClientIdForSession,
    /// A property with a value it may not have, such as topic alias 0.
    #[error("invalid property value in {packet} packet")]
    PropertyValue {
        /// Packet name, lower case.
        packet: &'static str,
    },
    /// AUTH before version 5.
    #[error("Invalid mqtt version for auth packet")]
    AuthBeforeV5,
}

impl EncodeError {
    /// What the 3.1.1 crate refused to write.
    pub(super) fn v4(error: &V4Error, packet: &'static str) -> Self {
        match error {
            V4Error::PacketIdZero => Self::PacketIdZero,
            V4Error::MalformedPacket | V4Error::TopicNotUtf8 { .. } => Self::Text { packet },
            _ => Self::TooLong { packet },
        }
    }

    /// What the version 5 crate refused to write.
    pub(super) fn v5(error: &V5Error, packet: &'static str) -> Self {
        match error {
            V5Error::PacketIdZero => Self::PacketIdZero,
            V5Error::MalformedPacket | V5Error::TopicNotUtf8 { .. } => Self::Text { packet },
            V5Error::ProtocolError | V5Error::ProtocolViolation(_) => Self::PropertyValue { packet },
            _ => Self::TooLong { packet },
        }
    }
}

impl From<DecodeError> for crate::mqtt::error::Error {
    fn from(error: DecodeError) -> Self {
        let text = error.to_string();
        match error {
            DecodeError::TooLarge { size, max, .. } => Self::new(text)
                .with_reason(error.reason())
                .with_cause(format!("the broker sent a packet of {size} bytes, this client takes at most {max}")),
            _ => Self::new(text.clone()).with_cause(format!("the broker sent something that is not MQTT: {text}")),
        }
    }
}
