//! How the custom types of the host show themselves: as text, in `console.log`, and in JSON.
//!
//! A type implements [`HostValue`] and is registered once with [`register`]; everything that walks over values
//! (`console`, `JSON`, `+`, template strings, `print`) then finds it by its Rust type.

use std::any::TypeId;
use std::cell::RefCell;

use rhai::{Dynamic, Engine, ImmutableString};

use super::json::{JsonError, JsonWriter};

/// What `console.log` shows of a host value.
pub enum Shown {
    /// This text as it is, for example `<Buffer 68 69>`.
    Text(String),
    /// `name { field: value, ... }`, broken into lines like a map; the name may be empty.
    Record {
        /// What stands before the brace, as Node shows a class name.
        name: String,
        /// Properties in the order in which they are shown.
        fields: Vec<(ImmutableString, Dynamic)>,
    },
    /// An error: its text, bare at the top and in brackets inside other values, and its further properties.
    Error {
        /// `Error: message`.
        text: String,
        /// `code` and the like.
        fields: Vec<(ImmutableString, Dynamic)>,
    },
}

/// A custom type that scripts hold.
pub trait HostValue: Clone + 'static {
    /// The name of the type as `type_of` says it and errors quote it.
    const NAME: &'static str;

    /// What `console.log` shows.
    fn shown(&self) -> Shown;

    /// What `"" + value` gives.
    fn text(&self) -> ImmutableString {
        "[object Object]".into()
    }

    /// What `JSON.stringify` writes. Default: the fields of a record, nothing of anything else.
    ///
    /// # Errors
    /// What a value inside it cannot be written for.
    fn write_json(&self, out: &mut JsonWriter) -> Result<(), JsonError> {
        match self.shown() {
            Shown::Record { fields, .. } | Shown::Error { fields, .. } => {
                out.object(fields.iter().map(|(k, v)| (k.as_str(), v)))
            }
            Shown::Text(_) => out.object(std::iter::empty::<(&str, &Dynamic)>()),
        }
    }

    /// Whether `other` is equal in the sense of `includes` and `indexOf`.
    fn same_as(&self, _other: &Self) -> bool {
        false
    }
}

/// The functions of one registered type.
#[derive(Clone, Copy)]
pub struct Hooks {
    type_id: TypeId,
    type_name: &'static str,
    name: &'static str,
    /// See [`HostValue::shown`].
    pub shown: fn(&Dynamic) -> Option<Shown>,
    /// See [`HostValue::text`].
    pub text: fn(&Dynamic) -> Option<ImmutableString>,
    /// See [`HostValue::write_json`].
    pub write_json: fn(&Dynamic, &mut JsonWriter) -> Result<(), JsonError>,
    same: fn(&Dynamic, &Dynamic) -> bool,
}

thread_local! {
    // Types are few and all on the script thread; a scan beats hashing.
    static TYPES: RefCell<Vec<Hooks>> = const { RefCell::new(Vec::new()) };
}

/// Makes `T` known to an engine and to everything that shows values on this thread. As in JavaScript `!` says that it
/// is there: `if !error { ... }`.
pub fn register<T: HostValue>(engine: &mut Engine) {
    let hooks = Hooks {
        type_id: TypeId::of::<T>(),
        type_name: std::any::type_name::<T>(),
        name: T::NAME,
        shown: |value| value.read_lock::<T>().map(|value| value.shown()),
        text: |value| value.read_lock::<T>().map(|value| value.text()),
        write_json: |value, out| match value.read_lock::<T>() {
            Some(value) => value.write_json(out),
            None => out.null(),
        },
        same: |a, b| matches!((a.read_lock::<T>(), b.read_lock::<T>()), (Some(a), Some(b)) if a.same_as(&b)),
    };
    TYPES.with_borrow_mut(|types| {
        if !types.iter().any(|known| known.type_id == hooks.type_id) {
            types.push(hooks);
        }
    });
    engine
        .register_type_with_name::<T>(T::NAME)
        .register_fn("!", |_: &mut T| false)
        .register_fn("to_string", |value: &mut T| value.text())
        .register_fn("toString", |value: &mut T| value.text())
        .register_fn("to_debug", |value: &mut T| super::inspect::show(value.shown()));
}

/// The hooks of the type of `value`, if it is a registered one.
pub fn hooks(value: &Dynamic) -> Option<Hooks> {
    let id = value.type_id();
    TYPES.with_borrow(|types| types.iter().find(|known| known.type_id == id).copied())
}

/// The [`HostValue::NAME`] of the registered type that Rust calls `type_name`.
pub fn name_of(type_name: &str) -> Option<&'static str> {
    TYPES.with_borrow(|types| types.iter().find(|known| known.type_name == type_name).map(|known| known.name))
}

/// Whether two host values are the same one.
pub fn same(left: &Dynamic, right: &Dynamic) -> bool {
    left.type_id() == right.type_id() && hooks(left).is_some_and(|hooks| (hooks.same)(left, right))
}
