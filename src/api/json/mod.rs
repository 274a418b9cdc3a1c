//! `JSON`: text to values and back, as JavaScript does it.
//!
//! Integers become integers, `null` becomes `()`. `parse` fills script values directly, without a tree in between;
//! `fault` words the errors only when there is one.

mod fault;
mod parse;
mod write;

use std::borrow::Cow;

use rhai::{Dynamic, Engine, EvalAltResult, ImmutableString};

use super::buffer::Buffer;
use super::error::ErrorValue;
use super::text::to_text;
use super::view::{View, view};
pub use parse::parse;
pub use write::{JsonError, JsonWriter};

/// The object `JSON`.
#[derive(Clone)]
pub struct Json;

/// `value` as JSON, indented by `gap` per level if that is not empty; `None` for `()` and functions.
///
/// # Errors
/// A value that contains itself.
pub fn stringify(value: &Dynamic, gap: &str) -> Result<Option<String>, JsonError> {
    if matches!(view(value), View::Unit | View::Function(_)) {
        return Ok(None);
    }
    let mut out = JsonWriter::new(gap);
    out.value(value)?;
    Ok(Some(out.finish()))
}

fn parse_value(value: &Dynamic) -> Result<Dynamic, Box<EvalAltResult>> {
    let parsed = match view(value) {
        View::Text(text) => parse(&text),
        View::Blob(bytes) => parse(&String::from_utf8_lossy(&bytes)),
        View::Unit => Err("\"undefined\" is not valid JSON".to_owned()),
        _ => match value.read_lock::<Buffer>() {
            Some(buffer) => parse(&buffer.to_utf8()),
            None => parse(&to_text(value)),
        },
    };
    parsed.map_err(|message| ErrorValue::new(message).with_class("SyntaxError").raise())
}

fn stringify_value(value: &Dynamic, replacer: &Dynamic, indent: &Dynamic) -> Result<Dynamic, Box<EvalAltResult>> {
    if !replacer.is_unit() {
        let message = "`JSON.stringify` has no replacer here: the second argument is `()`";
        return Err(ErrorValue::new(message).with_class("TypeError").raise());
    }
    let gap: Cow<'_, str> = match view(indent) {
        View::Int(count) => " ".repeat(count.clamp(0, 10) as usize).into(),
        View::Float(count) => " ".repeat(count.clamp(0.0, 10.0) as usize).into(),
        View::Text(text) => text.chars().take(10).collect::<String>().into(),
        _ => "".into(),
    };
    match stringify(value, &gap) {
        Ok(text) => Ok(text.map_or(Dynamic::UNIT, |text| ImmutableString::from(text).into())),
        Err(error) => Err(ErrorValue::new(error.to_string()).with_class("TypeError").raise()),
    }
}

/// Registers `JSON.parse` and `JSON.stringify`.
pub fn register(engine: &mut Engine) {
    engine
        .register_type_with_name::<Json>("JSON")
        .register_fn("parse", |_: &mut Json, value: Dynamic| parse_value(&value))
        .register_fn("stringify", |_: &mut Json, value: Dynamic| {
            stringify_value(&value, &Dynamic::UNIT, &Dynamic::UNIT)
        })
        .register_fn("stringify", |_: &mut Json, value: Dynamic, replacer: Dynamic| {
            stringify_value(&value, &replacer, &Dynamic::UNIT)
        })
        .register_fn("stringify", |_: &mut Json, value: Dynamic, replacer: Dynamic, indent: Dynamic| {
            stringify_value(&value, &replacer, &indent)
        });
}

#[cfg(test)]
mod tests;
