//! One look at a script value: which of Rhai's types it is, without cloning it.
//!
//! Showing, joining and serialising all ask the same question; it is answered here once.

use rhai::{Array, Blob, Dynamic, DynamicReadLock, FnPtr, ImmutableString, Map};

/// What a value is.
pub enum View<'a> {
    /// `()`.
    Unit,
    /// `true`, `false`.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float.
    Float(f64),
    /// A single character.
    Char(char),
    /// Text.
    Text(DynamicReadLock<'a, ImmutableString>),
    /// An array.
    Array(DynamicReadLock<'a, Array>),
    /// A map.
    Map(DynamicReadLock<'a, Map>),
    /// Rhai's own byte array.
    Blob(DynamicReadLock<'a, Blob>),
    /// A closure or function pointer.
    Function(DynamicReadLock<'a, FnPtr>),
    /// A type of the host, or one of Rhai's rarer ones.
    Other,
    /// A shared value that is being changed right now further up the call chain.
    Busy,
}

/// Looks at `value`; shared values are looked through.
pub fn view(value: &Dynamic) -> View<'_> {
    if value.is_locked() {
        return View::Busy;
    }
    if let Some(text) = value.read_lock::<ImmutableString>() {
        View::Text(text)
    } else if let Ok(number) = value.as_int() {
        View::Int(number)
    } else if let Ok(number) = value.as_float() {
        View::Float(number)
    } else if let Ok(flag) = value.as_bool() {
        View::Bool(flag)
    } else if value.is_unit() {
        View::Unit
    } else if let Some(map) = value.read_lock::<Map>() {
        View::Map(map)
    } else if let Some(array) = value.read_lock::<Array>() {
        View::Array(array)
    } else if let Ok(character) = value.as_char() {
        View::Char(character)
    } else if let Some(bytes) = value.read_lock::<Blob>() {
        View::Blob(bytes)
    } else if let Some(function) = value.read_lock::<FnPtr>() {
        View::Function(function)
    } else {
        View::Other
    }
}

/// Whether a value counts as true where JavaScript code decides on it (`filter`, `some`, `Boolean`, `console.assert`).
pub fn truthy(value: &Dynamic) -> bool {
    match view(value) {
        View::Unit => false,
        View::Bool(flag) => flag,
        View::Int(number) => number != 0,
        View::Float(number) => number != 0.0 && !number.is_nan(),
        View::Text(text) => !text.is_empty(),
        _ => true,
    }
}

/// A number as a float, or `None` for anything else.
pub fn number(value: &Dynamic) -> Option<f64> {
    match view(value) {
        View::Int(number) => Some(number as f64),
        View::Float(number) => Some(number),
        _ => None,
    }
}

/// Whether two values are the same as JavaScript's `===` sees it: numbers by value, text by content, the rest by
/// Rhai's own equality as far as it needs no engine.
pub fn same(left: &Dynamic, right: &Dynamic) -> bool {
    match (view(left), view(right)) {
        (View::Unit, View::Unit) => true,
        (View::Bool(a), View::Bool(b)) => a == b,
        (View::Int(a), View::Int(b)) => a == b,
        (View::Int(a), View::Float(b)) | (View::Float(b), View::Int(a)) => a as f64 == b,
        (View::Float(a), View::Float(b)) => a == b,
        (View::Char(a), View::Char(b)) => a == b,
        (View::Text(a), View::Text(b)) => *a == *b,
        (View::Char(a), View::Text(b)) | (View::Text(b), View::Char(a)) => {
            let mut characters = b.chars();
            characters.next() == Some(a) && characters.next().is_none()
        }
        (View::Array(a), View::Array(b)) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same(a, b)),
        (View::Map(a), View::Map(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|((k, a), (l, b))| k == l && same(a, b))
        }
        (View::Blob(a), View::Blob(b)) => *a == *b,
        (View::Function(a), View::Function(b)) => a.fn_name() == b.fn_name() && a.curry().len() == b.curry().len(),
        (View::Other, View::Other) => super::host_value::same(left, right),
        _ => false,
    }
}
