//! Every name a script can use, with what it means and a program that shows it: one file per host object.
//!
//! `docs/api.md`, `mqttscript doc` and did-you-mean read these tables; `tests/reference.rs` runs the examples and asks for
//! an entry for every name that is registered. See [`table`](super::table) for the shape.

pub mod arrays;
pub mod broker;
pub mod buffer;
pub mod buffer_numbers;
pub mod client;
pub mod client_inside;
pub mod client_options;
pub mod client_own;
pub mod connect_maps;
pub mod console;
pub mod date;
pub mod emitter;
pub mod environment;
pub mod error;
pub mod events;
pub mod fs;
pub mod json;
pub mod math;
pub mod mqtt;
pub mod mqtt_exports;
pub mod net;
pub mod numbers;
pub mod objects;
pub mod options;
pub mod packet;
pub mod performance;
pub mod process;
pub mod properties;
pub mod request_options;
pub mod require;
pub mod stores;
pub mod strings;
pub mod text;
pub mod timers;
pub mod transport_options;

mod sections;

pub use sections::OBJECTS;

use super::table::{Entry, Object};

/// The tables of all values and of the objects that need neither the event loop nor MQTT.
pub const VALUE_TABLES: &[&[Entry]] = &[
    text::ENTRIES,
    error::ENTRIES,
    console::ENTRIES,
    json::ENTRIES,
    math::ENTRIES,
    numbers::ENTRIES,
    buffer::ENTRIES,
    buffer_numbers::ENTRIES,
    strings::ENTRIES,
    arrays::ENTRIES,
    objects::ENTRIES,
    fs::ENTRIES,
    performance::ENTRIES,
    date::ENTRIES,
    date::PART_ENTRIES,
];

/// The tables of what calls back.
const PROGRAM_TABLES: &[&[Entry]] = &[
    require::ENTRIES,
    timers::ENTRIES,
    process::ENTRIES,
    process::STDIN,
    process::STDOUT,
    environment::ENTRIES,
    net::ENTRIES,
    mqtt::ENTRIES,
    mqtt_exports::ENTRIES,
    broker::ENTRIES,
    broker::OPTIONS,
    client::ENTRIES,
    client_inside::ENTRIES,
    emitter::ENTRIES,
    client_own::ENTRIES,
    events::ENTRIES,
    packet::ENTRIES,
    packet::PROPERTIES,
    options::ENTRIES,
    transport_options::ENTRIES,
    client_options::ENTRIES,
    connect_maps::WILL,
    connect_maps::RECONNECT_PERIOD,
    connect_maps::SERVERS,
    connect_maps::WS_OPTIONS,
    transport_options::WS_OPTIONS,
    request_options::PUBLISH,
    request_options::REQUEST,
    request_options::FILTER,
    request_options::SUBSCRIBE,
    request_options::UNSUBSCRIBE,
    request_options::END,
    request_options::AUTH,
    properties::ENTRIES,
    stores::ENTRIES,
    stores::OPTIONS,
    stores::RECONNECT,
];

/// The object of an entry.
pub fn object_of(entry: &Entry) -> Option<&'static Object> {
    OBJECTS.iter().find(|object| object.name == entry.object)
}

/// Every name a script can use.
pub fn all() -> impl Iterator<Item = &'static Entry> {
    VALUE_TABLES.iter().chain(PROGRAM_TABLES).copied().flatten()
}
