//! What a Buffer itself can do: text, parts, searching, operators.

use rhai::{Array, Blob, Dynamic, Engine, EvalAltResult, ImmutableString, Map};

use super::class::{fill, pattern};
use super::{Buffer, bytes_of, encoding_of};
use crate::api::arguments::{Arguments, Returned, clamp_index, method};
use crate::api::error::ErrorValue;
use crate::api::json;
use crate::api::numbers::to_number;
use crate::api::view::{View, view};

/// The receiver, which is registered as a Buffer; sharing is cheap.
fn this(receiver: &Dynamic) -> Buffer {
    receiver.read_lock::<Buffer>().map(|buffer| buffer.clone()).unwrap_or_default()
}

fn part(receiver: &mut Dynamic, arguments: Arguments) -> Returned {
    let bytes = this(receiver).0;
    let start = clamp_index(arguments.int(0, "start")?.unwrap_or(0), bytes.len());
    let end = clamp_index(arguments.int(1, "end")?.unwrap_or(i64::MAX), bytes.len());
    Ok(Dynamic::from(Buffer(if start < end { bytes.slice(start..end) } else { bytes.slice(0..0) })))
}

fn to_text(receiver: &mut Dynamic, arguments: Arguments) -> Returned {
    let bytes = this(receiver).0;
    let encoding = encoding_of(arguments.get(0))?;
    let start = arguments.int(1, "start")?.unwrap_or(0).clamp(0, bytes.len() as i64) as usize;
    let end = arguments.int(2, "end")?.unwrap_or(i64::MAX).clamp(start as i64, bytes.len() as i64) as usize;
    Ok(ImmutableString::from(encoding.decode(&bytes[start..end])).into())
}

fn find(receiver: &Dynamic, arguments: &Arguments, last: bool) -> Result<Option<usize>, Box<EvalAltResult>> {
    let bytes = this(receiver).0;
    let wanted = match view(arguments.get(0)) {
        View::Int(byte) => vec![byte as u8].into(),
        _ => bytes_of(arguments.get(0), encoding_of(arguments.get(2))?)
            .ok_or_else(|| arguments.wrong(0, "value", "text, bytes or a number"))?,
    };
    let from = arguments.int(1, "start")?;
    if wanted.len() > bytes.len() {
        return Ok(None);
    }
    let highest = bytes.len() - wanted.len();
    let at = |index: usize| bytes[index..].starts_with(&wanted);
    if last {
        let from = clamp_index(from.unwrap_or(i64::MAX), bytes.len()).min(highest);
        return Ok((0..=from).rev().find(|index| at(*index)));
    }
    let from = clamp_index(from.unwrap_or(0), bytes.len());
    Ok((from..=highest).find(|index| at(*index)))
}

fn position(found: Option<usize>) -> Dynamic {
    found.map_or(-1, |index| index as i64).into()
}

fn same_text(buffer: &Buffer, text: &str) -> bool {
    buffer.0 == text.as_bytes()
}

fn index(buffer: &Buffer, index: i64) -> Option<usize> {
    let length = buffer.0.len() as i64;
    let index = if index < 0 { length + index } else { index };
    (0..length).contains(&index).then_some(index as usize)
}

/// `write(text[, offset[, length]][, encoding])`.
fn write(receiver: &mut Dynamic, arguments: Arguments) -> Returned {
    let last = arguments.values.len() - 1;
    let named = last > 0 && matches!(view(arguments.get(last)), View::Text(_));
    let encoding = if named { encoding_of(arguments.get(last))? } else { super::Encoding::Utf8 };
    let number = |index: usize, name| if named && index == last { Ok(None) } else { arguments.int(index, name) };
    let mut bytes = encoding.encode(&arguments.text(0));
    let offset = number(1, "offset")?.unwrap_or(0).max(0) as usize;
    let length = number(2, "length")?.unwrap_or(i64::MAX).max(0) as usize;
    let Some(mut buffer) = receiver.write_lock::<Buffer>() else { return Ok(Dynamic::UNIT) };
    let offset = offset.min(buffer.0.len());
    let room = (buffer.0.len() - offset).min(length);
    if encoding == super::Encoding::Utf8 && bytes.len() > room {
        // No half characters.
        let mut end = room;
        while end > 0 && bytes[end] & 0xc0 == 0x80 {
            end -= 1;
        }
        bytes.truncate(end);
    }
    bytes.truncate(room);
    buffer.change(|target| target[offset..offset + bytes.len()].copy_from_slice(&bytes));
    Ok((bytes.len() as i64).into())
}

fn fill_part(receiver: &mut Dynamic, arguments: Arguments) -> Returned {
    let pattern = pattern(&arguments, 0, 3)?;
    let (start, end) = (arguments.int(1, "start")?.unwrap_or(0), arguments.int(2, "end")?.unwrap_or(i64::MAX));
    let Some(mut buffer) = receiver.write_lock::<Buffer>() else { return Ok(Dynamic::UNIT) };
    let (start, end) = (clamp_index(start, buffer.0.len()), clamp_index(end, buffer.0.len()));
    if start < end {
        buffer.change(|bytes| fill(&mut bytes[start..end], &pattern));
    }
    Ok(Dynamic::from(buffer.clone()))
}

/// Registers everything that is called on a Buffer and is not a typed read or write.
pub(super) fn register(engine: &mut Engine) {
    method::<Buffer>(engine, "toString", 1..=3, to_text);
    method::<Buffer>(engine, "slice", 0..=2, part);
    method::<Buffer>(engine, "subarray", 0..=2, part);
    method::<Buffer>(engine, "indexOf", 1..=3, |this, arguments| find(this, &arguments, false).map(position));
    method::<Buffer>(engine, "lastIndexOf", 1..=3, |this, arguments| find(this, &arguments, true).map(position));
    method::<Buffer>(engine, "includes", 1..=3, |this, arguments| Ok(find(this, &arguments, false)?.is_some().into()));
    // `x in buffer`.
    method::<Buffer>(engine, "contains", 1..=1, |this, arguments| Ok(find(this, &arguments, false)?.is_some().into()));
    method::<Buffer>(engine, "write", 1..=4, write);
    method::<Buffer>(engine, "fill", 1..=4, fill_part);
    engine
        .register_fn("json", |buffer: &mut Buffer| -> Returned {
            json::parse(&buffer.to_utf8()).map_err(|text| ErrorValue::new(text).with_class("SyntaxError").raise())
        })
        .register_fn("equals", |buffer: &mut Buffer, other: Dynamic| {
            bytes_of(&other, super::Encoding::Utf8).is_some_and(|other| buffer.0 == other)
        })
        .register_fn("to_blob", |buffer: &mut Buffer| -> Blob { buffer.0.to_vec() })
        .register_fn("toJSON", |buffer: &mut Buffer| {
            let data: Array = buffer.0.iter().map(|byte| Dynamic::from(i64::from(*byte))).collect();
            Map::from([("type".into(), "Buffer".into()), ("data".into(), data.into())])
        })
        .register_fn("len", |buffer: &mut Buffer| buffer.0.len() as i64)
        .register_get("length", |buffer: &mut Buffer| buffer.0.len() as i64)
        .register_get("len", |buffer: &mut Buffer| buffer.0.len() as i64)
        .register_get("byteLength", |buffer: &mut Buffer| buffer.0.len() as i64)
        .register_fn("is_empty", |buffer: &mut Buffer| buffer.0.is_empty())
        .register_indexer_get(|buffer: &mut Buffer, at: i64| -> Dynamic {
            index(buffer, at).map_or(Dynamic::UNIT, |at| i64::from(buffer.0[at]).into())
        })
        .register_indexer_set(|buffer: &mut Buffer, at: i64, value: i64| {
            // Beyond the end nothing happens, as in JavaScript.
            if let Some(at) = index(buffer, at) {
                buffer.change(|bytes| bytes[at] = value as u8);
            }
        })
        .register_iterator::<Buffer>();
    engine
        .register_fn("+", |text: ImmutableString, buffer: Buffer| {
            let mut joined = String::with_capacity(text.len() + buffer.0.len());
            joined.push_str(&text);
            joined.push_str(&buffer.to_utf8());
            joined
        })
        .register_fn("+", |buffer: Buffer, text: ImmutableString| {
            let mut joined = buffer.to_utf8().into_owned();
            joined.push_str(&text);
            joined
        })
        .register_fn("+", |left: Buffer, right: Buffer| left.to_utf8().into_owned() + right.to_utf8().as_ref())
        .register_fn("==", |a: Buffer, b: Buffer| a == b)
        .register_fn("!=", |a: Buffer, b: Buffer| a != b)
        .register_fn("==", |a: Buffer, b: ImmutableString| same_text(&a, &b))
        .register_fn("!=", |a: Buffer, b: ImmutableString| !same_text(&a, &b))
        .register_fn("==", |a: ImmutableString, b: Buffer| same_text(&b, &a))
        .register_fn("!=", |a: ImmutableString, b: Buffer| !same_text(&b, &a))
        .register_fn("==", |a: Buffer, b: Blob| a.0 == b)
        .register_fn("!=", |a: Buffer, b: Blob| a.0 != b);
    compare_with_numbers(engine);
}

/// A Buffer is compared with a number by the number that its text is, as in JavaScript. Rhai's answer would be `false`
/// for whatever it holds.
fn compare_with_numbers(engine: &mut Engine) {
    fn number(buffer: Buffer) -> f64 {
        to_number(&Dynamic::from(buffer))
    }
    macro_rules! register {
        ($($operator:tt)*) => { $(
            engine
                .register_fn(stringify!($operator), |a: Buffer, b: i64| number(a) $operator b as f64)
                .register_fn(stringify!($operator), |a: Buffer, b: f64| number(a) $operator b)
                .register_fn(stringify!($operator), |a: i64, b: Buffer| (a as f64) $operator number(b))
                .register_fn(stringify!($operator), |a: f64, b: Buffer| a $operator number(b));
        )* };
    }
    #[allow(clippy::float_cmp)]
    {
        register!(< <= > >= == !=);
    }
}
