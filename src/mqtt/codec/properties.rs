//! MQTT 5 properties: one table per packet says which field of the crate's struct is which of ours, for both directions.

use bytes::{Bytes, BytesMut};
use mqttbytes_core::primitives;
use rumqttc_v5::mqttbytes::Error as V5Error;
use rumqttc_v5::mqttbytes::v5::{
    AuthProperties, ConnAckProperties, ConnectProperties, DisconnectProperties, LastWillProperties, PubAckProperties,
    PublishProperties, SubscribeProperties, UnsubscribeProperties,
};

use super::{DecodeError, EncodeError};
use crate::mqtt::packet::Properties;

const SUBSCRIPTION_IDENTIFIER: u8 = 11;
const USER_PROPERTY: u8 = 38;

/// The property section of one kind of packet.
pub(super) trait Section: Sized {
    /// Whether subscription identifiers may come more than once.
    const MANY_IDENTIFIERS: bool;

    /// From our properties; those this packet does not have are left out.
    fn from_ours(ours: &Properties) -> Self;
    /// Into our properties.
    fn into_ours(self, ours: &mut Properties);
    /// Reads length and properties; `None` when the length is 0.
    fn read(bytes: &mut Bytes) -> Result<Option<Self>, V5Error>;
    /// Writes length and properties.
    fn write(&self, out: &mut BytesMut) -> Result<(), V5Error>;
}

/// A field that has one type with us and maybe another with the crate.
trait Field<Theirs> {
    fn give(&self) -> Theirs;
    fn take(theirs: Theirs) -> Self;
}

impl<T: Clone> Field<T> for T {
    fn give(&self) -> T {
        self.clone()
    }

    fn take(theirs: T) -> Self {
        theirs
    }
}

impl Field<Option<u8>> for Option<bool> {
    fn give(&self) -> Option<u8> {
        self.map(u8::from)
    }

    fn take(theirs: Option<u8>) -> Self {
        theirs.map(|byte| byte != 0)
    }
}

/// SUBSCRIBE has one subscription identifier at most.
impl Field<Option<usize>> for Vec<u32> {
    fn give(&self) -> Option<usize> {
        self.first().map(|&id| id as usize)
    }

    fn take(theirs: Option<usize>) -> Self {
        theirs.and_then(|id| u32::try_from(id).ok()).into_iter().collect()
    }
}

impl Field<Vec<usize>> for Vec<u32> {
    fn give(&self) -> Vec<usize> {
        self.iter().map(|&id| id as usize).collect()
    }

    fn take(theirs: Vec<usize>) -> Self {
        theirs.into_iter().filter_map(|id| u32::try_from(id).ok()).collect()
    }
}

/// `TheirStruct: their_field = our_field, ..` and the exceptions.
macro_rules! section {
    (
        $theirs:ident: $($field:ident = $ours:ident),+;
        read $read:ident, write $write:path, many identifiers $many:literal
    ) => {
        impl Section for $theirs {
            const MANY_IDENTIFIERS: bool = $many;

            fn from_ours(ours: &Properties) -> Self {
                Self { $($field: Field::give(&ours.$ours)),+ }
            }

            fn into_ours(self, ours: &mut Properties) {
                $(ours.$ours = Field::take(self.$field);)+
            }

            fn read(bytes: &mut Bytes) -> Result<Option<Self>, V5Error> {
                Self::$read(bytes)
            }

            fn write(&self, out: &mut BytesMut) -> Result<(), V5Error> {
                $write(self, out)
            }
        }
    };
    ($theirs:ident: $($field:ident = $ours:ident),+) => {
        section! {
            $theirs: $($field = $ours),+;
            read read, write $theirs::write, many identifiers false
        }
    };
}

section! {
    ConnectProperties:
        session_expiry_interval = session_expiry_interval,
        receive_maximum = receive_maximum,
        max_packet_size = maximum_packet_size,
        topic_alias_max = topic_alias_maximum,
        request_response_info = request_response_information,
        request_problem_info = request_problem_information,
        user_properties = user_properties,
        authentication_method = authentication_method,
        authentication_data = authentication_data
}

section! {
    LastWillProperties:
        delay_interval = will_delay_interval,
        payload_format_indicator = payload_format_indicator,
        message_expiry_interval = message_expiry_interval,
        content_type = content_type,
        response_topic = response_topic,
        correlation_data = correlation_data,
        user_properties = user_properties
}

section! {
    ConnAckProperties:
        session_expiry_interval = session_expiry_interval,
        receive_max = receive_maximum,
        max_qos = maximum_qos,
        retain_available = retain_available,
        max_packet_size = maximum_packet_size,
        assigned_client_identifier = assigned_client_identifier,
        topic_alias_max = topic_alias_maximum,
        reason_string = reason_string,
        user_properties = user_properties,
        wildcard_subscription_available = wildcard_subscription_available,
        subscription_identifiers_available = subscription_identifiers_available,
        shared_subscription_available = shared_subscription_available,
        server_keep_alive = server_keep_alive,
        response_information = response_information,
        server_reference = server_reference,
        authentication_method = authentication_method,
        authentication_data = authentication_data
}

section! {
    PublishProperties:
        payload_format_indicator = payload_format_indicator,
        message_expiry_interval = message_expiry_interval,
        topic_alias = topic_alias,
        response_topic = response_topic,
        correlation_data = correlation_data,
        user_properties = user_properties,
        subscription_identifiers = subscription_identifiers,
        content_type = content_type;
    read read, write PublishProperties::write, many identifiers true
}

// PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK and UNSUBACK have the same two properties.
section! {
    PubAckProperties: reason_string = reason_string, user_properties = user_properties
}

section! {
    SubscribeProperties: id = subscription_identifiers, user_properties = user_properties
}

section! {
    UnsubscribeProperties: user_properties = user_properties
}

section! {
    DisconnectProperties:
        session_expiry_interval = session_expiry_interval,
        reason_string = reason_string,
        user_properties = user_properties,
        server_reference = server_reference;
    read extract, write write_disconnect, many identifiers false
}

/// The crate keeps this struct's `write` to itself; CONNACK's has all four of its properties.
fn write_disconnect(theirs: &DisconnectProperties, out: &mut BytesMut) -> Result<(), V5Error> {
    let mut ours = Properties::default();
    theirs.clone().into_ours(&mut ours);
    ConnAckProperties::from_ours(&ours).write(out)
}

section! {
    AuthProperties:
        method = authentication_method,
        data = authentication_data,
        reason = reason_string,
        user_properties = user_properties
}

/// Takes the property section off the front of `body`; `None` when it is empty.
pub(super) fn read<S: Section>(packet: &'static str, body: &mut Bytes) -> Result<Option<Box<Properties>>, DecodeError> {
    let (prefix, length) = variable(packet, body)?;
    if body.len() < prefix + length {
        return Err(DecodeError::TooShort { packet });
    }
    let section = body.split_to(prefix + length);
    if length == 0 {
        return Ok(None);
    }
    let scan = Scan::new(packet, &section[prefix..], S::MANY_IDENTIFIERS)?;
    let mut section = match &scan.rest {
        Some(rest) => with_length(rest),
        None => section,
    };
    let mut ours = Properties::default();
    if let Some(theirs) = S::read(&mut section).map_err(|error| DecodeError::v5(&error, packet))? {
        theirs.into_ours(&mut ours);
    }
    if S::MANY_IDENTIFIERS {
        ours.subscription_identifiers = scan.identifiers;
    }
    ours.order = scan.order;
    Ok(Some(Box::new(ours)))
}

/// As [`read`], but nothing at all counts as an empty section too.
pub(super) fn read_optional<S: Section>(
    packet: &'static str,
    body: &mut Bytes,
) -> Result<Option<Box<Properties>>, DecodeError> {
    if body.is_empty() { Ok(None) } else { read::<S>(packet, body) }
}

/// The crate's struct for `ours`; `None` when there are none to write.
pub(super) fn to<S: Section>(ours: Option<&Properties>) -> Option<S> {
    ours.map(S::from_ours)
}

/// The section with its length, ready to be put into a packet.
pub(super) fn section<S: Section>(packet: &'static str, ours: Option<&Properties>) -> Result<Bytes, EncodeError> {
    let Some(ours) = ours else { return Ok(Bytes::from_static(&[0])) };
    let mut out = BytesMut::new();
    S::from_ours(ours).write(&mut out).map_err(|error| EncodeError::v5(&error, packet))?;
    Ok(out.freeze())
}

/// A variable byte integer at the front of `bytes`: its own length and its value.
fn variable(packet: &'static str, bytes: &[u8]) -> Result<(usize, usize), DecodeError> {
    primitives::length(bytes.iter()).map_err(|error| match error {
        primitives::Error::InsufficientBytes(_) => DecodeError::TooShort { packet },
        _ => DecodeError::VariableByteInteger,
    })
}

fn with_length(section: &[u8]) -> Bytes {
    let mut out = BytesMut::with_capacity(4 + section.len());
    primitives::write_remaining_length(&mut out, section.len()).expect("shorter than the section it came from");
    out.extend_from_slice(section);
    out.freeze()
}

/// One walk over a property section before the crate reads it.
///
/// It gives the wire order, which the crate's structs lose, and refuses doubles and properties that cross the end of the
/// section, which the crate lets pass in places.
struct Scan {
    /// Each identifier once.
    order: Vec<u8>,
    /// All subscription identifiers.
    identifiers: Vec<u32>,
    /// The section without subscription identifiers, if there were any and there may be many: the crate counts each as
    /// one byte too long, ends its loop early and takes the properties it left for payload.
    rest: Option<Vec<u8>>,
}

impl Scan {
    fn new(packet: &'static str, section: &[u8], many_identifiers: bool) -> Result<Self, DecodeError> {
        let mut scan = Self { order: Vec::new(), identifiers: Vec::new(), rest: None };
        let mut at = 0;
        while let Some(&id) = section.get(at) {
            let value = &section[at + 1..];
            let length = value_len(packet, id, value)?;
            if length > value.len() {
                return Err(DecodeError::TooShort { packet });
            }
            let end = at + 1 + length;
            let repeatable = id == USER_PROPERTY || (id == SUBSCRIPTION_IDENTIFIER && many_identifiers);
            let seen = scan.order.contains(&id);
            if seen && !repeatable {
                return Err(DecodeError::PropertyTwice { packet, id });
            }
            if !seen {
                scan.order.push(id);
            }
            if id == SUBSCRIPTION_IDENTIFIER && many_identifiers {
                let (_, identifier) = variable(packet, value)?;
                if identifier == 0 {
                    return Err(DecodeError::PropertyValue { packet });
                }
                scan.identifiers.push(u32::try_from(identifier).expect("a variable byte integer has 28 bits"));
                scan.rest.get_or_insert_with(|| section[..at].to_vec());
            } else if let Some(rest) = &mut scan.rest {
                rest.extend_from_slice(&section[at..end]);
            }
            at = end;
        }
        Ok(scan)
    }
}

/// Length of the value of property `id` at the front of `value` (MQTT 5, table 2-4); may be more than there is.
fn value_len(packet: &'static str, id: u8, value: &[u8]) -> Result<usize, DecodeError> {
    let text = |at: usize| match value.get(at..at + 2) {
        Some(&[high, low]) => Ok(2 + usize::from(u16::from_be_bytes([high, low]))),
        _ => Err(DecodeError::TooShort { packet }),
    };
    match id {
        1 | 23 | 25 | 36 | 37 | 40 | 41 | 42 => Ok(1),
        19 | 33 | 34 | 35 => Ok(2),
        2 | 17 | 24 | 39 => Ok(4),
        3 | 8 | 9 | 18 | 21 | 22 | 26 | 28 | 31 => text(0),
        SUBSCRIPTION_IDENTIFIER => variable(packet, value).map(|(length, _)| length),
        USER_PROPERTY => {
            let key = text(0)?;
            Ok(key + text(key)?)
        }
        id => Err(DecodeError::UnknownProperty { id }),
    }
}
