//! Reads option maps: typed values out of script maps, with errors that name the option and what to write instead.

use bytes::Bytes;
use rhai::{Array, Blob, Dynamic, FnPtr, Map};

use crate::api::arguments::type_word;
use crate::api::buffer::Buffer;
use crate::api::error::ErrorValue;
use crate::api::permissions::Refusal;
use crate::api::table::Entry;
use crate::api::view::{View, view};
use crate::diagnostics::suggest;

/// Why an option map cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OptionError {
    /// A name that is not an option.
    #[error("{what} has no option `{name}`")]
    Unknown {
        /// Whose options.
        what: String,
        /// The name as written.
        name: String,
        /// What to write instead.
        help: Option<String>,
    },
    /// A value of the wrong type or range.
    #[error("option `{name}` takes {wanted} but got {given}")]
    Wrong {
        /// The option.
        name: String,
        /// What it takes.
        wanted: String,
        /// What it got.
        given: String,
    },
    /// The script may not.
    #[error("{}", .0.to_error().message())]
    Refused(Box<Refusal>),
    /// Anything else, in MQTT.js's words where it has some.
    #[error("{message}")]
    Other {
        /// The message.
        message: String,
        /// The same in our own words, for diagnostics, where `message` is MQTT.js's.
        headline: Option<String>,
        /// What to write instead.
        help: String,
    },
}

impl OptionError {
    /// As a script sees it.
    pub fn to_error(&self) -> ErrorValue {
        if let Self::Refused(refusal) = self {
            return refusal.to_error();
        }
        let error = ErrorValue::new(self.to_string());
        match self {
            Self::Unknown { help: Some(help), .. } => error.with_help(help.clone()),
            Self::Other { headline, help, .. } => {
                let error = if help.is_empty() { error } else { error.with_help(help.clone()) };
                headline.iter().fold(error, |error, headline| error.with_headline(headline.clone()))
            }
            _ => error,
        }
    }
}

/// What other MQTT clients call an option, or people do.
const OTHER_NAMES: [(&str, &str); 17] = [
    ("cleanSession", "clean"),
    ("cleanStart", "clean"),
    ("id", "clientId"),
    ("initial", "min"),
    ("interval", "reconnectPeriod"),
    ("lastWill", "will"),
    ("lwt", "will"),
    ("maximum", "max"),
    ("message", "payload"),
    ("minimum", "min"),
    ("msg", "payload"),
    ("reconnectInterval", "reconnectPeriod"),
    ("retries", "attempts"),
    ("timeout", "connectTimeout"),
    ("tls", "protocol"),
    ("userProps", "userProperties"),
    ("version", "protocolVersion"),
];

/// Options that come with each message, which are often given to the connection.
const OF_MESSAGES: [(&str, &str); 3] = [
    (
        "qos",
        "it goes with each call: `client.publish(topic, payload, #{qos: 1})`, `client.subscribe(filter, #{qos: 1})`",
    ),
    ("retain", "it goes with each message: `client.publish(topic, payload, #{retain: true})`"),
    ("dup", "leave it out: a message that is sent again has it by itself"),
];

/// The most names that a help lists.
const MOST_LISTED: usize = 8;

/// What to write instead of the option `name`, which `what` has not.
fn instead_of(what: &str, name: &str, known: &[&str]) -> Option<String> {
    let plain: String = name.chars().filter(|character| *character != '_').collect();
    let other = OTHER_NAMES.iter().find(|(other, right)| other.eq_ignore_ascii_case(&plain) && known.contains(right));
    if let Some(near) = suggest::closest(name, known.iter().copied()).or(other.map(|(_, right)| *right)) {
        return Some(format!("did you mean `{near}`?"));
    }
    if known.len() <= MOST_LISTED {
        let (last, others) = known.split_last()?;
        let others = others.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        return Some(if others.is_empty() {
            format!("it has only `{last}`")
        } else {
            format!("it has {others} and `{last}`")
        });
    }
    if what != "`mqtt.connect`" {
        return None;
    }
    let of_messages = OF_MESSAGES.iter().find(|(option, _)| *option == name);
    Some(of_messages.map_or("`mqttscript doc options` lists them", |(_, help)| *help).into())
}

/// A map of options.
pub struct Reader<'a> {
    map: &'a Map,
    what: &'a str,
}

impl<'a> Reader<'a> {
    /// Reads `map`; `what` names whose options they are: `` `mqtt.connect` ``.
    pub const fn new(map: &'a Map, what: &'a str) -> Self {
        Self { map, what }
    }

    /// # Errors
    /// A name that is not among those of `known`.
    pub fn only(&self, known: impl IntoIterator<Item = &'static Entry> + Clone) -> Result<(), OptionError> {
        let is_known = |name: &str| known.clone().into_iter().any(|entry| entry.name == name);
        match self.map.keys().find(|name| !is_known(name)) {
            None => Ok(()),
            Some(name) => Err(OptionError::Unknown {
                what: self.what.into(),
                name: name.to_string(),
                help: instead_of(self.what, name, &known.into_iter().map(|entry| entry.name).collect::<Vec<_>>()),
            }),
        }
    }

    /// The value as it is; `None` if it is missing or `()`.
    pub fn value(&self, name: &str) -> Option<&'a Dynamic> {
        // `#{qos: 1}` is what most messages are given, and is asked for each of their options.
        let value = match self.map.len() {
            0 => None,
            1 => self.map.first_key_value().filter(|(key, _)| *key == name).map(|(_, value)| value),
            _ => self.map.get(name),
        };
        value.filter(|value| !value.is_unit())
    }

    /// `true` or `false`.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, OptionError> {
        self.value(name).map(|value| value.as_bool().map_err(|_| wrong(name, "`true` or `false`", value))).transpose()
    }

    /// A whole number of the type's range.
    pub fn number<T: TryFrom<i64> + Into<u64> + Bounds>(&self, name: &str) -> Result<Option<T>, OptionError> {
        self.number_in(name, 0, T::MOST)
    }

    /// A whole number from `least` to the most the type holds.
    pub fn number_from<T: TryFrom<i64> + Bounds>(&self, name: &str, least: i64) -> Result<Option<T>, OptionError> {
        self.number_in(name, least, T::MOST)
    }

    /// A whole number within bounds.
    pub fn number_in<T: TryFrom<i64>>(&self, name: &str, least: i64, most: i64) -> Result<Option<T>, OptionError> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let number = match view(value) {
            View::Int(number) => Some(number),
            View::Float(number) if number.fract() == 0.0 => Some(number as i64),
            _ => None,
        };
        let wanted = || format!("a whole number from {least} to {most}");
        number
            .filter(|number| (least..=most).contains(number))
            .and_then(|number| T::try_from(number).ok())
            .map(Some)
            .ok_or_else(|| wrong(name, &wanted(), value))
    }

    /// A number of milliseconds, 0 or more.
    pub fn milliseconds(&self, name: &str) -> Result<Option<std::time::Duration>, OptionError> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let ms = match view(value) {
            View::Int(ms) => ms as f64,
            View::Float(ms) => ms,
            _ => f64::NAN,
        };
        std::time::Duration::try_from_secs_f64(ms / 1000.0)
            .map(Some)
            .map_err(|_| wrong(name, "a number of milliseconds, 0 or more", value))
    }

    /// A number from `least` to `most`, whole or not.
    pub fn float_in(&self, name: &str, least: f64, most: f64) -> Result<Option<f64>, OptionError> {
        let Some(value) = self.value(name) else { return Ok(None) };
        crate::api::view::number(value)
            .filter(|number| (least..=most).contains(number))
            .map(Some)
            .ok_or_else(|| wrong(name, &format!("a number from {least} to {most}"), value))
    }

    /// Whether there is a function of that name.
    pub fn function(&self, name: &str) -> Result<bool, OptionError> {
        match self.value(name) {
            None => Ok(false),
            Some(value) if value.is::<FnPtr>() => Ok(true),
            Some(value) => Err(wrong(name, "a function", value)),
        }
    }

    /// Text.
    pub fn text(&self, name: &str) -> Result<Option<String>, OptionError> {
        self.value(name).map(|value| value.clone().into_string().map_err(|_| wrong(name, "text", value))).transpose()
    }

    /// Text, a Buffer or a blob.
    pub fn bytes(&self, name: &str) -> Result<Option<Bytes>, OptionError> {
        self.value(name).map(|value| bytes_of(value).ok_or_else(|| wrong(name, "text or a Buffer", value))).transpose()
    }

    /// A map.
    pub fn map(&self, name: &str) -> Result<Option<Map>, OptionError> {
        self.value(name)
            .map(|value| {
                value.read_lock::<Map>().map(|map| map.clone()).ok_or_else(|| wrong(name, "a map `#{...}`", value))
            })
            .transpose()
    }

    /// An array.
    pub fn array(&self, name: &str) -> Result<Option<Array>, OptionError> {
        self.value(name)
            .map(|value| {
                value.read_lock::<Array>().map(|list| list.clone()).ok_or_else(|| wrong(name, "an array", value))
            })
            .transpose()
    }
}

/// The most a whole number option of this type can be.
pub trait Bounds {
    /// The most.
    const MOST: i64;
}

impl Bounds for u8 {
    const MOST: i64 = u8::MAX as i64;
}

impl Bounds for u16 {
    const MOST: i64 = u16::MAX as i64;
}

impl Bounds for u32 {
    const MOST: i64 = u32::MAX as i64;
}

/// Text, a Buffer or a blob as bytes.
pub fn bytes_of(value: &Dynamic) -> Option<Bytes> {
    if let Some(buffer) = value.read_lock::<Buffer>() {
        return Some(buffer.0.clone());
    }
    if let Some(text) = value.read_lock::<rhai::ImmutableString>() {
        return Some(Bytes::copy_from_slice(text.as_bytes()));
    }
    value.read_lock::<Blob>().map(|blob| Bytes::copy_from_slice(&blob))
}

/// The error for a value of the wrong type or range. Values are shown only where they cannot be secrets.
pub fn wrong(name: &str, wanted: &str, given: &Dynamic) -> OptionError {
    let given = match view(given) {
        View::Int(number) => number.to_string(),
        View::Float(number) => number.to_string(),
        View::Bool(flag) => flag.to_string(),
        _ if given.is::<FnPtr>() => "a function".into(),
        _ => type_word(given).into(),
    };
    OptionError::Wrong { name: name.into(), wanted: wanted.into(), given }
}
