//! The maps among the options of `mqtt.connect`: `will`, `reconnectPeriod`, `servers`, `wsOptions`.

use crate::api::table::Entry;

/// The last will.
pub const WILL: &[Entry] = &[
    Entry::key("will", "topic", "text", "Where it is published; needed."),
    Entry::key("will", "payload", "text or Buffer; default empty", "What is published."),
    Entry::key("will", "qos", "0, 1 or 2; default 0", "The QoS it is published with."),
    Entry::key("will", "retain", "true or false; default false", "Whether the broker keeps it for later subscribers."),
    Entry::key(
        "will",
        "properties",
        "map of `properties`",
        "MQTT 5 properties of the will, such as `willDelayInterval`.",
    ),
];

/// When to try again.
pub const RECONNECT_PERIOD: &[Entry] = &[
    Entry::key("reconnectPeriod", "min", "ms; default 1000", "The wait before the first try of an outage."),
    Entry::key("reconnectPeriod", "max", "ms; default 30000", "The longest wait."),
    Entry::key(
        "reconnectPeriod",
        "factor",
        "1 to 1000; default 2",
        "How much longer each wait is than the one before.",
    ),
    Entry::key(
        "reconnectPeriod",
        "jitter",
        "0 to 1; default 0.2",
        "The share of a wait that is left to chance, so that many clients do not come back at once.",
    ),
    Entry::key(
        "reconnectPeriod",
        "attempts",
        "number; default 0",
        "Give up after so many tries of an outage; 0: never.",
    ),
];

/// One of several servers.
pub const SERVERS: &[Entry] = &[
    Entry::key("servers", "host", "text; default `localhost`", "Its name or address."),
    Entry::key("servers", "port", "1 to 65535; default that of the protocol", "Its port."),
    Entry::key(
        "servers",
        "protocol",
        "`mqtt`, `mqtts`, `ws`, `wss`, ...; default that of the URL",
        "How to talk to it.",
    ),
];

/// The WebSocket request.
pub const WS_OPTIONS: &[Entry] = &[Entry::key(
    "wsOptions",
    "headers",
    "map of text",
    "Headers to add to the WebSocket request, such as `Authorization`.",
)];
