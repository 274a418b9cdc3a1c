//! JavaScript's names for what arrays can do, beside Rhai's own.
//!
//! Functions that call back work on a copy, so the callback may use the array itself. Where both languages have a name,
//! Rhai's meaning stays and JavaScript's return value is added where Rhai returns nothing: `push` returns the length,
//! `reverse`, `sort` and `splice` return what JavaScript does. `reduce` without an initial value starts with `()`.

mod callbacks;
mod change;

use rhai::{Array, Dynamic, Engine, ImmutableString};

use super::arguments::{Arguments, MOST, Returned, clamp_index, method};
use super::buffer::Buffer;
use super::strings::characters;
use super::text::to_text;
use super::view::{View, same, view};

/// The object `Array`.
#[derive(Clone)]
pub struct ArrayClass;

/// A copy of the receiver, which is registered as an array.
fn this(receiver: &Dynamic) -> Array {
    receiver.read_lock::<Array>().map(|array| array.clone()).unwrap_or_default()
}

fn index_of(receiver: &Dynamic, arguments: &Arguments, last: bool) -> Result<Option<usize>, Box<rhai::EvalAltResult>> {
    let Some(array) = receiver.read_lock::<Array>() else { return Ok(None) };
    let wanted = arguments.get(0);
    if last {
        let start = arguments.int(1, "start")?.unwrap_or(i64::MAX);
        let end = clamp_index(start, array.len()).saturating_add(1).min(array.len());
        return Ok(array[..end].iter().rposition(|item| same(item, wanted)));
    }
    let start = clamp_index(arguments.int(1, "start")?.unwrap_or(0), array.len());
    Ok(array[start..].iter().position(|item| same(item, wanted)).map(|index| start + index))
}

fn flatten(items: Array, depth: i64, out: &mut Array) {
    for item in items {
        match item.is_array() {
            true if depth > 0 => flatten(this(&item), depth - 1, out),
            _ => out.push(item),
        }
    }
}

/// The elements of anything that has some.
fn elements(value: &Dynamic) -> Option<Array> {
    Some(match view(value) {
        View::Array(items) => items.clone(),
        View::Text(text) => characters(&text),
        View::Blob(bytes) => bytes.iter().map(|byte| i64::from(*byte).into()).collect(),
        View::Map(map) => match map.get("length").map(view) {
            Some(View::Int(length)) => {
                (0..length).map(|index| map.get(index.to_string().as_str()).cloned().unwrap_or(Dynamic::UNIT)).collect()
            }
            _ => Array::new(),
        },
        View::Other => {
            if let Some(buffer) = value.read_lock::<Buffer>() {
                buffer.clone().into_iter().map(Dynamic::from).collect()
            } else if let Some(range) = value.read_lock::<std::ops::Range<i64>>() {
                range.clone().map(Dynamic::from).collect()
            } else if let Some(range) = value.read_lock::<std::ops::RangeInclusive<i64>>() {
                range.clone().map(Dynamic::from).collect()
            } else {
                return None;
            }
        }
        _ => return None,
    })
}

/// Registers what arrays can do, and `Array`.
pub fn register(engine: &mut Engine) {
    engine
        .register_get("length", |array: &mut Array| array.len() as i64)
        .register_fn("keys", |array: &mut Array| -> Array { (0..array.len() as i64).map(Dynamic::from).collect() })
        .register_fn("values", |array: &mut Array| array.clone())
        .register_fn("entries", |array: &mut Array| -> Array {
            let pair = |(index, item): (usize, &Dynamic)| vec![Dynamic::from(index as i64), item.clone()].into();
            array.iter().enumerate().map(pair).collect()
        });
    method::<Array>(engine, "at", 1..=1, |this, arguments| {
        let Some(array) = this.read_lock::<Array>() else { return Ok(Dynamic::UNIT) };
        let index = arguments.int(0, "index")?.unwrap_or(0);
        let index = if index < 0 { array.len() as i64 + index } else { index };
        let found = usize::try_from(index).ok().and_then(|index| array.get(index).cloned());
        Ok(found.unwrap_or(Dynamic::UNIT))
    });
    method::<Array>(engine, "concat", 0..=MOST, |receiver, arguments| {
        let mut array = this(receiver);
        for value in arguments.values {
            match value.is_array() {
                true => array.extend(this(&value)),
                false => array.push(value),
            }
        }
        Ok(array.into())
    });
    let position = |found: Option<usize>| Dynamic::from(found.map_or(-1, |index| index as i64));
    method::<Array>(engine, "indexOf", 1..=2, move |this, arguments| index_of(this, &arguments, false).map(position));
    method::<Array>(engine, "lastIndexOf", 1..=2, move |this, arguments| {
        index_of(this, &arguments, true).map(position)
    });
    method::<Array>(engine, "includes", 1..=2, |this, arguments| {
        Ok(index_of(this, &arguments, false)?.is_some().into())
    });
    method::<Array>(engine, "join", 0..=1, |this, arguments| {
        let separator = arguments.some_text(0).unwrap_or_else(|| ",".into());
        let Some(array) = this.read_lock::<Array>() else { return Ok(Dynamic::UNIT) };
        let texts: Vec<ImmutableString> = array.iter().map(to_text).collect();
        Ok(texts.join(&separator).into())
    });
    method::<Array>(engine, "slice", 0..=2, |this, arguments| {
        let Some(array) = this.read_lock::<Array>() else { return Ok(Dynamic::UNIT) };
        let start = clamp_index(arguments.int(0, "start")?.unwrap_or(0), array.len());
        let end = clamp_index(arguments.int(1, "end")?.unwrap_or(i64::MAX), array.len());
        Ok(array.get(start..end).unwrap_or(&[]).to_vec().into())
    });
    method::<Array>(engine, "flat", 0..=1, |receiver, arguments| {
        let mut out = Array::new();
        flatten(this(receiver), arguments.int(0, "depth")?.unwrap_or(1).min(64), &mut out);
        Ok(out.into())
    });
    engine
        .register_type_with_name::<ArrayClass>("ArrayConstructor")
        .register_fn("isArray", |_: &mut ArrayClass, value: Dynamic| value.is_array());
    method::<ArrayClass>(engine, "from", 1..=2, |_, arguments| -> Returned {
        let items =
            elements(arguments.get(0)).ok_or_else(|| arguments.wrong(0, "value", "an array, text, Buffer or range"))?;
        if arguments.get(1).is_unit() { Ok(items.into()) } else { callbacks::map(&arguments, 1, items) }
    });
    method::<ArrayClass>(engine, "of", 0..=MOST, |_, arguments| Ok(arguments.values.into_vec().into()));
    callbacks::register(engine);
    change::register(engine);
}

#[cfg(test)]
mod tests;
