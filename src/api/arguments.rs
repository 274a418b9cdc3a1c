//! Functions with optional and any number of arguments, which Rhai's strict arity lacks.
//!
//! A name is registered once for each number of arguments; the function gets them as one list.

use std::any::TypeId;
use std::ops::RangeInclusive;

use rhai::{Dynamic, Engine, EvalAltResult, FnPtr, ImmutableString, NativeCallContext};
use smallvec::SmallVec;

use super::error::ErrorValue;
use super::host_value;
use super::text::to_text;
use super::view::{View, view};
use crate::diagnostics::runtime_error::HostCall;

/// What a host function returns.
pub type Returned = Result<Dynamic, Box<EvalAltResult>>;

/// Arguments a variadic function takes at most; Rhai itself looks at 16 for `Dynamic` parameters.
pub const MOST: usize = 15;

/// The arguments of one call.
pub struct Arguments<'a> {
    /// The call, through which closures among the arguments can be called.
    pub context: &'a NativeCallContext<'a>,
    /// The name as a script wrote it, for messages.
    pub function: &'a str,
    /// The Rust name of the receiver's type; empty for a function without a receiver.
    pub owner: &'static str,
    /// The values, cloned (text, Buffers and shared values are cheap to clone).
    pub values: SmallVec<[Dynamic; 4]>,
}

impl Arguments<'_> {
    /// The argument at `index`; `()` if it was left out.
    pub fn get(&self, index: usize) -> &Dynamic {
        const UNIT: &Dynamic = &Dynamic::UNIT;
        self.values.get(index).unwrap_or(UNIT)
    }

    /// A whole number; `None` if it was left out or is `()`.
    ///
    /// # Errors
    /// Anything but a number.
    pub fn int(&self, index: usize, name: &str) -> Result<Option<i64>, Box<EvalAltResult>> {
        match view(self.get(index)) {
            View::Unit => Ok(None),
            View::Int(number) => Ok(Some(number)),
            View::Float(number) => Ok(Some(number as i64)),
            _ => Err(self.wrong(index, name, "a number")),
        }
    }

    /// A closure.
    ///
    /// # Errors
    /// Anything else.
    pub fn function(&self, index: usize, name: &str) -> Result<FnPtr, Box<EvalAltResult>> {
        self.get(index).read_lock::<FnPtr>().map(|f| f.clone()).ok_or_else(|| self.wrong(index, name, "a function"))
    }

    /// Text; anything else is turned into text as by `"" + value`.
    pub fn text(&self, index: usize) -> ImmutableString {
        to_text(self.get(index))
    }

    /// Text or `None` if it was left out or is `()`.
    pub fn some_text(&self, index: usize) -> Option<ImmutableString> {
        if self.get(index).is_unit() { None } else { Some(self.text(index)) }
    }

    /// The error for an argument of the wrong type.
    pub fn wrong(&self, index: usize, name: &str, wanted: &str) -> Box<EvalAltResult> {
        let given = type_word(self.get(index));
        let message = format!("`{}` takes {wanted} as `{name}` but got {given}", self.function);
        let call = HostCall {
            owner: self.owner.to_string(),
            given: self.values.iter().map(|value| value.type_name().to_string()).collect(),
        };
        ErrorValue::new(message).with_class("TypeError").with("code", "ERR_INVALID_ARG_TYPE").with_call(call).raise()
    }
}

/// The type of a value in the words of our messages.
pub fn type_word(value: &Dynamic) -> &'static str {
    match view(value) {
        View::Unit => "`()`",
        View::Bool(_) => "a boolean",
        View::Int(_) => "an integer",
        View::Float(_) => "a float",
        View::Char(_) => "a character",
        View::Text(_) => "text",
        View::Array(_) => "an array",
        View::Map(_) => "a map",
        View::Blob(_) => "a blob",
        View::Function(_) => "a function",
        View::Busy => "a value in use",
        View::Other if host_value::hooks(value).is_some() => "an object",
        View::Other => "another type",
    }
}

/// Registers `receiver.name(...)` for each number of arguments in `arity` (the receiver not counted).
///
/// The receiver is handed over as it is: perhaps shared, perhaps a constant.
pub fn method<T: Clone + 'static>(
    engine: &mut Engine,
    name: &'static str,
    arity: RangeInclusive<usize>,
    body: impl Fn(&mut Dynamic, Arguments) -> Returned + Clone + 'static,
) {
    for count in arity {
        method_with::<T>(engine, name, &vec![TypeId::of::<Dynamic>(); count], body.clone());
    }
}

/// Registers `receiver.name(...)` for arguments of exactly these types. Needed where Rhai has a function of that name
/// with these types, which would win over one that takes anything.
pub fn method_with<T: Clone + 'static>(
    engine: &mut Engine,
    name: &'static str,
    types: &[TypeId],
    body: impl Fn(&mut Dynamic, Arguments) -> Returned + 'static,
) {
    let types: Vec<_> = [TypeId::of::<T>()].iter().chain(types).copied().collect();
    engine.register_raw_fn(name, types, move |context: NativeCallContext, given: &mut [&mut Dynamic]| {
        // Registered with a receiver, so there is one.
        let Some((receiver, rest)) = given.split_first_mut() else { return Ok(Dynamic::UNIT) };
        let values = rest.iter_mut().map(|value| std::mem::take(*value).flatten()).collect();
        body(receiver, Arguments { context: &context, function: name, owner: std::any::type_name::<T>(), values })
    });
}

/// Registers `name(...)` for each number of arguments in `arity`.
pub fn function(
    engine: &mut Engine,
    name: &'static str,
    arity: RangeInclusive<usize>,
    body: impl Fn(Arguments) -> Returned + Clone + 'static,
) {
    for count in arity {
        function_with(engine, name, &vec![TypeId::of::<Dynamic>(); count], body.clone());
    }
}

/// Registers `name(...)` for arguments of exactly these types. Needed where Rhai has a function of that name with these
/// types, which would win over one that takes anything.
pub fn function_with(
    engine: &mut Engine,
    name: &'static str,
    types: &[TypeId],
    body: impl Fn(Arguments) -> Returned + 'static,
) {
    engine.register_raw_fn(name, types, move |context: NativeCallContext, given: &mut [&mut Dynamic]| {
        let values = given.iter_mut().map(|value| value.flatten_clone()).collect();
        body(Arguments { context: &context, function: name, owner: "", values })
    });
}

/// A start or end as JavaScript's `slice` takes it: negative counts from the end, beyond the end is the end.
pub fn clamp_index(index: i64, length: usize) -> usize {
    let length = length as i64;
    let index = if index < 0 { length.saturating_add(index).max(0) } else { index.min(length) };
    // Between 0 and a length, which came from `usize`.
    index as usize
}
