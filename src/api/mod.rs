//! What a script sees: one file per host object, each with one `register` function and one table of entries.
//!
//! Option maps become typed options here, in one step and without I/O. No sockets and no tokio.
//!
//! | what | where |
//! |---|---|
//! | how values are seen, joined, shown | [`view`], [`text`], [`inspect`], [`host_value`] |
//! | how functions with optional arguments are registered | [`arguments`] |
//! | host objects | [`console`], [`json`], [`math`], [`buffer`], [`fs`], [`performance`], [`date`], [`error`] |
//! | JavaScript's names on Rhai's types | [`strings`], [`arrays`], [`objects`], [`numbers`] |

pub mod arguments;
pub mod arrays;
pub mod buffer;
pub mod console;
pub mod date;
pub mod error;
pub mod fs;
pub mod host_value;
pub mod inspect;
pub mod json;
pub mod math;
pub mod numbers;
pub mod objects;
pub mod performance;
pub mod strings;
pub mod table;
pub mod text;
pub mod view;

use rhai::{Dynamic, Engine};

/// The tables of all values and of the objects that need neither the event loop nor MQTT.
pub const VALUE_TABLES: &[&[table::Entry]] = &[
    text::ENTRIES,
    error::ENTRIES,
    console::ENTRIES,
    json::ENTRIES,
    math::ENTRIES,
    numbers::ENTRIES,
    buffer::ENTRIES,
    buffer::numbers::ENTRIES,
    strings::ENTRIES,
    arrays::ENTRIES,
    objects::ENTRIES,
    fs::ENTRIES,
    performance::ENTRIES,
    date::ENTRIES,
    date::PART_ENTRIES,
];

/// Registers all values and the objects that need neither the event loop nor MQTT.
///
/// The engine's modules must not be shared yet. What files a script may touch is decided by `access`.
pub fn register_values(engine: &mut Engine, access: &fs::Access) {
    text::register(engine);
    error::register(engine);
    console::register(engine);
    json::register(engine);
    math::register(engine);
    numbers::register(engine);
    buffer::register(engine);
    strings::register(engine);
    arrays::register(engine);
    objects::register(engine);
    fs::register(engine, access);
    performance::register(engine);
    date::register(engine);
}

/// The objects that scripts find under these names without `require`.
///
/// One list per program: `console` carries its counters and indentation.
pub fn value_objects() -> Vec<(&'static str, Dynamic)> {
    vec![
        ("console", Dynamic::from(console::Console::default())),
        ("JSON", Dynamic::from(json::Json)),
        ("Math", Dynamic::from(math::Math)),
        ("Number", Dynamic::from(numbers::NumberClass)),
        ("String", Dynamic::from(strings::StringClass)),
        ("Array", Dynamic::from(arrays::ArrayClass)),
        ("Object", Dynamic::from(objects::ObjectClass)),
        ("Buffer", Dynamic::from(buffer::BufferClass)),
        ("Date", Dynamic::from(date::DateClass)),
        ("fs", Dynamic::from(fs::Fs)),
        ("performance", Dynamic::from(performance::Performance)),
        ("NaN", f64::NAN.into()),
        ("Infinity", f64::INFINITY.into()),
        ("undefined", Dynamic::UNIT),
    ]
}

/// The objects that `require(name)` gives, with and without `node:`.
pub fn required_value(name: &str) -> Option<Dynamic> {
    match name.strip_prefix("node:").unwrap_or(name) {
        "fs" => Some(Dynamic::from(fs::Fs)),
        "buffer" => Some(Dynamic::from(rhai::Map::from([("Buffer".into(), Dynamic::from(buffer::BufferClass))]))),
        "perf_hooks" => {
            Some(Dynamic::from(rhai::Map::from([("performance".into(), Dynamic::from(performance::Performance))])))
        }
        "console" => Some(Dynamic::from(console::Console::default())),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
