//! Script values into JSON text.

use std::fmt;

use rhai::Dynamic;

use crate::api::host_value;
use crate::api::view::{View, view};

/// Deeper than this a value is taken to contain itself.
const DEEPEST: usize = 256;

/// Why a value cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonError {
    /// It contains itself.
    Circular,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Circular => f.write_str("Converting circular structure to JSON"),
        }
    }
}

impl std::error::Error for JsonError {}

/// Writes values one after the other, with JavaScript's spelling of numbers and its indentation.
#[derive(Debug)]
pub struct JsonWriter {
    out: String,
    gap: String,
    level: usize,
}

impl JsonWriter {
    /// A writer that indents by `gap` per level; an empty one writes everything on one line.
    pub fn new(gap: &str) -> Self {
        Self { out: String::with_capacity(128), gap: gap.to_owned(), level: 0 }
    }

    /// What was written.
    pub fn finish(self) -> String {
        self.out
    }

    /// Writes any value; functions count as `()`.
    ///
    /// # Errors
    /// A value that contains itself.
    pub fn value(&mut self, value: &Dynamic) -> Result<(), JsonError> {
        match view(value) {
            View::Unit | View::Function(_) => self.null(),
            View::Busy => Err(JsonError::Circular),
            View::Bool(flag) => self.raw(if flag { "true" } else { "false" }),
            View::Int(number) => self.int(number),
            View::Float(number) => self.float(number),
            View::Char(character) => self.text(character.encode_utf8(&mut [0; 4])),
            View::Text(text) => self.text(&text),
            View::Array(array) => self.array(array.iter()),
            View::Map(map) => self.object(map.iter().map(|(key, value)| (key.as_str(), value))),
            View::Blob(bytes) => self.bytes(&bytes),
            View::Other => match host_value::hooks(value) {
                Some(hooks) => (hooks.write_json)(value, self),
                None => self.text(&value.to_string()),
            },
        }
    }

    /// Writes `null`.
    ///
    /// # Errors
    /// None; for uniformity.
    pub fn null(&mut self) -> Result<(), JsonError> {
        self.raw("null")
    }

    /// Writes a number without fraction.
    ///
    /// # Errors
    /// None; for uniformity.
    pub fn int(&mut self, number: i64) -> Result<(), JsonError> {
        self.raw(itoa::Buffer::new().format(number))
    }

    /// Writes a float; NaN and infinities are `null`.
    ///
    /// # Errors
    /// None; for uniformity.
    pub fn float(&mut self, number: f64) -> Result<(), JsonError> {
        if number.is_finite() { self.raw(ryu_js::Buffer::new().format_finite(number)) } else { self.null() }
    }

    /// Writes text in quotes.
    ///
    /// # Errors
    /// None; for uniformity.
    pub fn text(&mut self, text: &str) -> Result<(), JsonError> {
        self.out.push('"');
        let mut written = 0;
        for (at, byte) in text.bytes().enumerate() {
            let escape = match byte {
                b'"' => "\\\"",
                b'\\' => "\\\\",
                b'\n' => "\\n",
                b'\r' => "\\r",
                b'\t' => "\\t",
                0x08 => "\\b",
                0x0c => "\\f",
                0..0x20 => "",
                _ => continue,
            };
            // All escaped bytes are ASCII, so these are character boundaries.
            self.out.push_str(&text[written..at]);
            if escape.is_empty() {
                self.out.push_str(&format!("\\u{byte:04x}"));
            } else {
                self.out.push_str(escape);
            }
            written = at + 1;
        }
        self.out.push_str(&text[written..]);
        self.out.push('"');
        Ok(())
    }

    /// Writes an array.
    ///
    /// # Errors
    /// As [`Self::value`].
    pub fn array<'a>(&mut self, items: impl Iterator<Item = &'a Dynamic>) -> Result<(), JsonError> {
        self.enter('[')?;
        let mut first = true;
        for item in items {
            self.next(&mut first);
            self.value(item)?;
        }
        self.leave(']', first);
        Ok(())
    }

    /// Writes an object with its fields in the order given; functions are left out.
    ///
    /// # Errors
    /// As [`Self::value`].
    pub fn object<'a>(&mut self, fields: impl Iterator<Item = (&'a str, &'a Dynamic)>) -> Result<(), JsonError> {
        self.enter('{')?;
        let mut first = true;
        for (key, value) in fields {
            if matches!(view(value), View::Function(_)) {
                continue;
            }
            self.next(&mut first);
            self.text(key)?;
            self.out.push_str(if self.gap.is_empty() { ":" } else { ": " });
            self.value(value)?;
        }
        self.leave('}', first);
        Ok(())
    }

    /// Writes bytes as Node's Buffer does: `{"type":"Buffer","data":[...]}`.
    ///
    /// # Errors
    /// As [`Self::value`].
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<(), JsonError> {
        self.enter('{')?;
        let mut first = true;
        self.next(&mut first);
        self.out.push_str(if self.gap.is_empty() { "\"type\":\"Buffer\"" } else { "\"type\": \"Buffer\"" });
        self.next(&mut first);
        self.out.push_str(if self.gap.is_empty() { "\"data\":" } else { "\"data\": " });
        self.enter('[')?;
        let mut first = true;
        for byte in bytes {
            self.next(&mut first);
            self.int(i64::from(*byte))?;
        }
        self.leave(']', first);
        self.leave('}', false);
        Ok(())
    }

    fn raw(&mut self, text: &str) -> Result<(), JsonError> {
        self.out.push_str(text);
        Ok(())
    }

    fn enter(&mut self, brace: char) -> Result<(), JsonError> {
        if self.level >= DEEPEST {
            return Err(JsonError::Circular);
        }
        self.out.push(brace);
        self.level += 1;
        Ok(())
    }

    fn next(&mut self, first: &mut bool) {
        if !std::mem::take(first) {
            self.out.push(',');
        }
        self.line();
    }

    fn leave(&mut self, brace: char, empty: bool) {
        self.level -= 1;
        if !empty {
            self.line();
        }
        self.out.push(brace);
    }

    fn line(&mut self) {
        if !self.gap.is_empty() {
            self.out.push('\n');
            for _ in 0..self.level {
                self.out.push_str(&self.gap);
            }
        }
    }
}
