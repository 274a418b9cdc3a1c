//! `mqtt`.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::function(
        "mqtt",
        "connect",
        (0, 2),
        "[url][, options]",
        "Connects to a broker in the background and returns a `Client` at once.",
    ),
    Entry::function(
        "mqtt",
        "connectAsync",
        (0, 3),
        "[url][, options][, allowRetries]",
        "Like `connect`, but waits until the session is open; throws on the first `error`.",
    ),
    Entry::function(
        "mqtt",
        "Client",
        (1, 2),
        "streamBuilder[, options]",
        "A client over a stream that `streamBuilder(client)` returns at each attempt.",
    ),
    Entry::function("mqtt", "MqttClient", (1, 2), "streamBuilder[, options]", "The same as `Client`."),
    Entry::function("mqtt", "validateTopic", (1, 1), "filter", "Whether `filter` is a valid topic filter."),
    Entry::property("mqtt", "ReasonCodes", "The texts of MQTT 5 reason codes, by number or by the number as text."),
    Entry::property("mqtt", "VERSION", "The version of this program."),
];
