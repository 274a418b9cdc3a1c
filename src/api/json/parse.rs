//! JSON text into script values.

use std::fmt;

use rhai::{Array, Dynamic, ImmutableString, Map};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

/// The value that `text` describes.
///
/// # Errors
/// Node 20's text for what is wrong, for example `Unexpected end of JSON input`.
pub fn parse(text: &str) -> Result<Dynamic, String> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    Value
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|error| super::fault::explain(text).unwrap_or_else(|| error.to_string()))
}

/// Builds a [`Dynamic`] from whatever comes.
struct Value;

impl<'de> DeserializeSeed<'de> for Value {
    type Value = Dynamic;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Dynamic, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value {
    type Value = Dynamic;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Dynamic, E> {
        Ok(Dynamic::UNIT)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Dynamic, E> {
        Ok(flag.into())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Dynamic, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Dynamic, E> {
        Ok(i64::try_from(number).map_or_else(|_| (number as f64).into(), Into::into))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Dynamic, E> {
        Ok(number.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Dynamic, E> {
        Ok(ImmutableString::from(text).into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Dynamic, A::Error> {
        let mut array = Array::new();
        while let Some(item) = items.next_element_seed(Value)? {
            array.push(item);
        }
        Ok(Dynamic::from_array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Dynamic, A::Error> {
        let mut map = Map::new();
        while let Some(Key(key)) = fields.next_key()? {
            map.insert(key, fields.next_value_seed(Value)?);
        }
        Ok(Dynamic::from_map(map))
    }
}

/// A key in the text type of Rhai's maps, without a detour over `String`.
struct Key(rhai::Identifier);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl Visitor<'_> for KeyVisitor {
            type Value = Key;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_str<E>(self, text: &str) -> Result<Key, E> {
                Ok(Key(text.into()))
            }
        }
        deserializer.deserialize_str(KeyVisitor)
    }
}
