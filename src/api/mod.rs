//! What a script sees: one file per host object, each with one `register` function, and one table of entries in [`entries`].
//!
//! Option maps become typed options here, in one step and without I/O. No sockets and no tokio.
//!
//! | what | where |
//! |---|---|
//! | how values are seen, joined, shown | [`view`], [`text`], [`inspect`], [`host_value`] |
//! | how functions with optional arguments are registered | [`arguments`] |
//! | what host objects share | [`host`], [`events`], [`permissions`] |
//! | host objects | [`console`], [`json`], [`math`], [`buffer`], [`fs`], [`performance`], [`date`], [`error`] |
//! | those that call back | [`mqtt`], [`net`], [`process`] with its [`environment`], [`timers`] |
//! | JavaScript's names on Rhai's types | [`strings`], [`arrays`], [`objects`], [`numbers`] |
//! | all names in one table, for the reference and did-you-mean | [`entries`], [`table`], [`reference`](mod@reference), [`vocabulary`] |

pub mod arguments;
pub mod arrays;
pub mod buffer;
pub mod console;
pub mod date;
pub mod entries;
pub mod environment;
pub mod error;
pub mod events;
pub mod fs;
pub mod host;
pub mod host_value;
pub mod inspect;
pub mod json;
pub mod math;
pub mod mqtt;
pub mod net;
pub mod numbers;
pub mod objects;
pub mod performance;
pub mod permissions;
pub mod process;
pub mod reference;
pub mod report;
pub mod strings;
pub mod table;
pub mod text;
pub mod timers;
pub mod view;
pub mod vocabulary;

use std::collections::HashMap;
use std::rc::Rc;

use rhai::{Dynamic, Engine, ImmutableString};

use crate::api::error::ErrorValue;
use crate::api::host::Host;
use crate::diagnostics::suggest;

/// Registers everything a script can use and gives the objects it finds without `require`.
///
/// # Errors
/// The system gives no signal handlers.
pub fn register(engine: &mut Engine, host: &Rc<Host>) -> std::io::Result<Objects> {
    register_values(engine, &host.access);
    timers::register(engine, host);
    process::register(engine);
    environment::register(engine);
    net::register(engine, &host.access);
    mqtt::register(engine);
    let process = process::Process::new(host)?;
    process.register_exit(engine);
    let mut objects: HashMap<&'static str, Dynamic> = value_objects().into_iter().collect();
    objects.insert("mqtt", Dynamic::from(mqtt::Mqtt::new(host)));
    // Shared, so that `process.exitCode = 1` reaches it.
    objects.insert("process", Dynamic::from(process.clone()).into_shared());
    let required = objects.clone();
    engine.register_fn("require", move |name: ImmutableString| require(&required, &name));
    Ok(Objects { names: objects, process })
}

/// What [`register`] made.
pub struct Objects {
    /// Found by scripts under these names.
    pub names: HashMap<&'static str, Dynamic>,
    /// Calls `exit` listeners.
    pub process: process::Process,
}

fn require(objects: &HashMap<&'static str, Dynamic>, name: &str) -> Result<Dynamic, Box<rhai::EvalAltResult>> {
    let plain = name.strip_prefix("node:").unwrap_or(name);
    if let Some(value) = required_value(plain) {
        return Ok(value);
    }
    match plain {
        "net" => return Ok(Dynamic::from(net::Net)),
        "tls" => return Ok(Dynamic::from(net::Tls)),
        "mqtt" | "process" => return Ok(objects[plain].clone()),
        _ => {}
    }
    let error = ErrorValue::new(format!("Cannot find module '{name}'")).with("code", "MODULE_NOT_FOUND");
    let error = error.with_headline(format!("there is no host object `{name}` to require"));
    let known = ["mqtt", "fs", "net", "tls", "process", "buffer", "perf_hooks", "console"];
    let help = match suggest::closest(plain, known) {
        _ if plain == "readline" => "read lines with `process.stdin.on(\"line\", |line| ...)`".to_string(),
        Some(closest) => format!("did you mean `require(\"{closest}\")`?"),
        None if plain.starts_with('.') => {
            format!("load a Rhai file with `import \"{}\" as name;`", plain.trim_start_matches("./"))
        }
        None => format!("there are {}; a Rhai module is loaded with `import \"name\" as name;`", known.join(", ")),
    };
    Err(error.with_help(help).raise())
}

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
