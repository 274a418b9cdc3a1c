//! `Buffer`: bytes as Node has them; what payloads are.
//!
//! Cloning shares the bytes. Writing to one copies them first if anybody else holds them, so a slice is a value of its
//! own and not, as in Node, a window.

mod access;
mod class;
mod encoding;
pub mod numbers;

use std::borrow::Cow;
use std::fmt::Write;

use bytes::{Bytes, BytesMut};
use rhai::{Dynamic, Engine, EvalAltResult, ImmutableString};

use super::error::ErrorValue;
use super::host_value::{self, HostValue, Shown};
use super::json::{JsonError, JsonWriter};
use super::view::{View, view};
pub use class::BufferClass;
pub use encoding::Encoding;

/// Bytes that `console.log` shows.
const SHOWN: usize = 50;

/// Bytes that a script holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Buffer(pub Bytes);

impl Buffer {
    /// The bytes as text; what is not UTF-8 becomes U+FFFD.
    pub fn to_utf8(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }

    /// Lets `change` write to the bytes, copying them first if they are shared.
    pub fn change<R>(&mut self, change: impl FnOnce(&mut [u8]) -> R) -> R {
        let mut bytes = match std::mem::take(&mut self.0).try_into_mut() {
            Ok(bytes) => bytes,
            Err(shared) => BytesMut::from(&shared[..]),
        };
        let result = change(&mut bytes);
        self.0 = bytes.freeze();
        result
    }
}

impl From<Vec<u8>> for Buffer {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }
}

impl IntoIterator for Buffer {
    type Item = i64;
    type IntoIter = std::iter::Map<bytes::buf::IntoIter<Bytes>, fn(u8) -> i64>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter().map(i64::from)
    }
}

impl HostValue for Buffer {
    const NAME: &'static str = "Buffer";

    fn shown(&self) -> Shown {
        Shown::Text(show(&self.0))
    }

    fn text(&self) -> ImmutableString {
        self.to_utf8().as_ref().into()
    }

    fn write_json(&self, out: &mut JsonWriter) -> Result<(), JsonError> {
        out.bytes(&self.0)
    }

    fn same_as(&self, other: &Self) -> bool {
        self == other
    }
}

/// `<Buffer 68 69>`.
pub fn show(bytes: &[u8]) -> String {
    let mut out = String::from("<Buffer");
    for byte in bytes.iter().take(SHOWN) {
        // Writing to a `String` cannot fail.
        let _ = write!(out, " {byte:02x}");
    }
    if bytes.len() > SHOWN {
        let left = bytes.len() - SHOWN;
        let _ = write!(out, " ... {left} more byte{}", if left > 1 { "s" } else { "" });
    }
    if bytes.is_empty() {
        out.push(' ');
    }
    out.push('>');
    out
}

/// The bytes of text, a Buffer, a blob or an array of numbers; `None` for anything else.
pub fn bytes_of(value: &Dynamic, encoding: Encoding) -> Option<Bytes> {
    match view(value) {
        View::Text(text) => Some(encoding.encode(&text).into()),
        View::Char(character) => Some(encoding.encode(character.encode_utf8(&mut [0; 4])).into()),
        View::Blob(bytes) => Some(Bytes::copy_from_slice(&bytes)),
        View::Array(items) => Some(items.iter().map(byte_of).collect()),
        View::Other => value.read_lock::<Buffer>().map(|buffer| buffer.0.clone()),
        _ => None,
    }
}

/// A number as a byte, modulo 256; anything else is 0, as in Node.
fn byte_of(value: &Dynamic) -> u8 {
    match view(value) {
        View::Int(number) => number as u8,
        View::Float(number) => number as i64 as u8,
        View::Text(text) => text.trim().parse::<f64>().map_or(0, |number| number as i64 as u8),
        _ => 0,
    }
}

/// The encoding a script names; UTF-8 for `()`.
fn encoding_of(value: &Dynamic) -> Result<Encoding, Box<EvalAltResult>> {
    let name = match view(value) {
        View::Unit => return Ok(Encoding::Utf8),
        View::Text(name) => name.clone(),
        _ => super::text::to_text(value),
    };
    Encoding::named(&name).ok_or_else(|| {
        ErrorValue::new(format!("Unknown encoding: {name}"))
            .with_class("TypeError")
            .with("code", "ERR_UNKNOWN_ENCODING")
            .with_help("encodings are utf8, hex, base64, base64url, latin1, ascii, utf16le")
            .raise()
    })
}

/// Registers the type and the object `Buffer`.
pub fn register(engine: &mut Engine) {
    host_value::register::<Buffer>(engine);
    class::register(engine);
    access::register(engine);
    numbers::register(engine);
}

#[cfg(test)]
mod tests;
