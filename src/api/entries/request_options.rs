//! The options of `publish`, `subscribe`, `unsubscribe` and `end`, and the AUTH packet of a script.

use crate::api::table::Entry;

/// The options of `client.publish`.
pub const PUBLISH: &[Entry] = &[
    Entry::key(
        "publish options",
        "qos",
        "0, 1 or 2; default 0",
        "How sure it must be: 0 at most once, 1 at least once, 2 exactly once.",
    ),
    Entry::key(
        "publish options",
        "retain",
        "true or false; default false",
        "The broker keeps the message and gives it to whoever subscribes later; an empty payload removes it.",
    ),
    Entry::key(
        "publish options",
        "dup",
        "true or false; default false",
        "Marks the message as sent before; only with QoS 1 and 2. The client sets it by itself when it repeats one.",
    ),
    Entry::key(
        "publish options",
        "properties",
        "map of `properties`",
        "MQTT 5 properties of PUBLISH; without effect below MQTT 5.",
    ),
];

/// The options of `client.subscribe` that each filter can have for itself.
pub const FILTER: &[Entry] = &[
    Entry::key("subscribe options", "qos", "0, 1 or 2; default 0", "The highest QoS messages are to arrive with."),
    Entry::key(
        "subscribe options",
        "nl",
        "true or false; default false",
        "No local: messages this client publishes do not come back to it. MQTT 5.",
    ),
    Entry::key(
        "subscribe options",
        "rap",
        "true or false; default false",
        "Retain as published: `packet.retain` is as the publisher set it, not only for kept messages. MQTT 5.",
    ),
    Entry::key(
        "subscribe options",
        "rh",
        "0, 1 or 2; default 0",
        "Retain handling: send kept messages 0 at each subscribe, 1 only at the first, 2 never. MQTT 5.",
    ),
];

/// The option of `client.subscribe` that is for all filters of a call.
pub const SUBSCRIBE: &[Entry] = &[Entry::key(
    "subscribe options",
    "properties",
    "map of `properties`",
    "MQTT 5 properties of SUBSCRIBE; without effect below MQTT 5.",
)];

/// The options of `client.unsubscribe`.
pub const UNSUBSCRIBE: &[Entry] = &[Entry::key(
    "unsubscribe options",
    "properties",
    "map of `properties`",
    "MQTT 5 properties of UNSUBSCRIBE; without effect below MQTT 5.",
)];

/// The options of `client.end`.
pub const END: &[Entry] = &[
    Entry::key(
        "end options",
        "reasonCode",
        "0 to 255; default 0",
        "Why it disconnects; 4 asks the broker to publish the will. MQTT 5.",
    ),
    Entry::key(
        "end options",
        "properties",
        "map of `properties`",
        "MQTT 5 properties of DISCONNECT; without effect below MQTT 5.",
    ),
];

/// AUTH as a script writes it: the option `authPacket`, and the answer of `handleAuth`.
pub const AUTH: &[Entry] = &[
    Entry::key("AUTH packet", "cmd", "`auth`", "As MQTT.js's packets name themselves; may be left out."),
    Entry::key(
        "AUTH packet",
        "reasonCode",
        "0, 24 or 25; default 24 in an answer, 0 in `authPacket`",
        "0 success, 24 continue, 25 authenticate again.",
    ),
    Entry::key(
        "AUTH packet",
        "properties",
        "map of `properties`",
        "`authenticationMethod` (default that of CONNECT), `authenticationData`, `reasonString`, `userProperties`.",
    ),
];
