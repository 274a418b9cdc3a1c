//! Array functions that change the array.

use std::any::TypeId;
use std::cmp::Ordering;

use rhai::{Array, Dynamic, Engine, EvalAltResult, FnPtr};

use super::this;
use crate::api::arguments::{Arguments, MOST, Returned, clamp_index, method, method_with};
use crate::api::error::ErrorValue;
use crate::api::text::to_text;
use crate::api::view::{View, number, truthy, view};

/// Lets `change` write to the receiver.
fn change(receiver: &mut Dynamic, change: impl FnOnce(&mut Array) -> Returned) -> Returned {
    if receiver.is_read_only() {
        return Err(ErrorValue::new("Cannot modify a constant array").with_class("TypeError").raise());
    }
    match receiver.write_lock::<Array>() {
        Some(mut array) => change(&mut array),
        None => Ok(Dynamic::UNIT),
    }
}

fn splice(receiver: &mut Dynamic, mut arguments: Arguments) -> Returned {
    let start = arguments.int(0, "start")?.unwrap_or(0);
    let count = arguments.int(1, "count")?.unwrap_or(i64::MAX);
    arguments.values.drain(..arguments.values.len().min(2));
    let inserted = match arguments.values.as_slice() {
        [only] if only.is_array() => this(only),
        _ => arguments.values.into_vec(),
    };
    change(receiver, |array| {
        let start = clamp_index(start, array.len());
        let end = start + count.clamp(0, (array.len() - start) as i64) as usize;
        let removed: Array = array.splice(start..end, inserted).collect();
        Ok(removed.into())
    })
}

/// How two elements are ordered; the script's closure may throw.
type Compare<'a> = dyn Fn(&Dynamic, &Dynamic) -> Result<Ordering, Box<EvalAltResult>> + 'a;

/// Sorts by a closure that returns a number, or whether `a` comes before `b`. A merge sort of its own, because the
/// standard one may panic if the closure contradicts itself or throws.
fn sort_by(items: Array, compare: &Compare) -> Result<Array, Box<EvalAltResult>> {
    if items.len() < 2 {
        return Ok(items);
    }
    let mut left = items;
    let right = left.split_off(left.len() / 2);
    let mut left = sort_by(left, compare)?.into_iter().peekable();
    let mut right = sort_by(right, compare)?.into_iter().peekable();
    let mut merged = Array::with_capacity(left.len() + right.len());
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        let from_right = compare(a, b)? == Ordering::Greater;
        merged.extend(if from_right { right.next() } else { left.next() });
    }
    merged.extend(left);
    merged.extend(right);
    Ok(merged)
}

fn ordering(result: &Dynamic, swapped: impl FnOnce() -> Returned) -> Result<Ordering, Box<EvalAltResult>> {
    match view(result) {
        View::Bool(true) => Ok(Ordering::Less),
        // `false` says "not before", which leaves equal or after; asking the other way round tells.
        View::Bool(false) => Ok(if truthy(&swapped()?) { Ordering::Greater } else { Ordering::Equal }),
        _ => Ok(number(result).and_then(|number| number.partial_cmp(&0.0)).unwrap_or(Ordering::Equal)),
    }
}

/// Numbers by value, everything else by its text; a mixture by text, as in JavaScript.
fn sort_plain(items: &mut Array) {
    if items.iter().all(|item| number(item).is_some()) {
        items.sort_by(|a, b| number(a).partial_cmp(&number(b)).unwrap_or(Ordering::Equal));
        return;
    }
    items.sort_by_cached_key(to_text);
}

/// Registers them.
pub(super) fn register(engine: &mut Engine) {
    method::<Array>(engine, "push", 1..=MOST, |receiver, arguments| {
        change(receiver, |array| {
            array.extend(arguments.values);
            Ok((array.len() as i64).into())
        })
    });
    method::<Array>(engine, "unshift", 1..=MOST, |receiver, arguments| {
        change(receiver, |array| {
            array.splice(0..0, arguments.values);
            Ok((array.len() as i64).into())
        })
    });
    method::<Array>(engine, "reverse", 0..=0, |receiver, _| {
        change(receiver, |array| {
            array.reverse();
            Ok(array.clone().into())
        })
    });
    method::<Array>(engine, "fill", 1..=3, |receiver, arguments| {
        let (start, end) = (arguments.int(1, "start")?.unwrap_or(0), arguments.int(2, "end")?.unwrap_or(i64::MAX));
        change(receiver, |array| {
            let (start, end) = (clamp_index(start, array.len()), clamp_index(end, array.len()));
            if let Some(slots) = array.get_mut(start..end) {
                slots.fill(arguments.get(0).clone());
            }
            Ok(array.clone().into())
        })
    });
    method::<Array>(engine, "splice", 1..=MOST, splice);
    // The form that Rhai has too.
    let types = [TypeId::of::<i64>(), TypeId::of::<i64>(), TypeId::of::<Array>()];
    method_with::<Array>(engine, "splice", &types, splice);
    method::<Array>(engine, "sort", 0..=0, |receiver, _| {
        change(receiver, |array| {
            sort_plain(array);
            Ok(array.clone().into())
        })
    });
    let sort = |receiver: &mut Dynamic, arguments: Arguments| -> Returned {
        let function = arguments.function(0, "compare")?;
        let call = |a: &Dynamic, b: &Dynamic| function.call_raw(arguments.context, None, [a.clone(), b.clone()]);
        // Sorted as a copy and put back, so that the closure may look at the array.
        let sorted = sort_by(this(receiver), &|a, b| ordering(&call(a, b)?, || call(b, a)))?;
        change(receiver, |array| {
            array.clone_from(&sorted);
            Ok(sorted.into())
        })
    };
    method_with::<Array>(engine, "sort", &[TypeId::of::<FnPtr>()], sort);
    method::<Array>(engine, "sort", 1..=1, sort);
}
