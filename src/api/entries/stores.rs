//! `mqtt.Store`.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::function(
        "mqtt",
        "Store",
        (0, 1),
        "[options]",
        "A store in memory, for the options `outgoingStore` and `incomingStore`: a second client that is given the store of a first one sends what that left. For a store in a file there is the option `store`.",
    )
    .example(
        r#"
let mqtt = require("mqtt");
let store = mqtt.Store(#{clean: false});
let first = mqtt.connect("mqtt://localhost:1", #{outgoingStore: store, reconnectPeriod: 0});
first.on("error", || ());
first.publish("greeting", "hello", #{qos: 1});
first.end(true, || {
    let second = mqtt.connect("mqtt://localhost", #{outgoingStore: store});
    second.on("connect", || {
        console.log(second.queued, "left by the first client"); //=> 1 left by the first client
        second.end();
    });
});
"#,
    ),
    Entry::function(
        "Store",
        "put",
        (1, 2),
        "packet[, callback]",
        "Puts a packet in, a map `#{messageId, topic, payload, qos, ...}`; one with the same `messageId` is replaced. `callback(error)`.",
    ),
    Entry::function(
        "Store",
        "get",
        (2, 2),
        "packet, callback",
        "`callback(error, packet)` with the packet of that `messageId`, or the error `missing packet`.",
    )
    .example(
        r#"
let mqtt = require("mqtt");
let store = mqtt.Store();
store.put(#{messageId: 7, topic: "a", payload: "x", qos: 1});
store.get(#{messageId: 7}, |error, packet| console.log(packet.topic)); //=> a
store.del(#{messageId: 7}, || store.get(#{messageId: 7}, |error| console.log(error.message))); //=> missing packet
"#,
    ),
    Entry::function(
        "Store",
        "del",
        (1, 2),
        "packet[, callback]",
        "Removes the packet of that `messageId`; `callback(error, packet)`.",
    ),
    Entry::function(
        "Store",
        "createStream",
        (0, 0),
        "",
        "All packets in order: `.on(\"data\", |packet| ...)` and `.on(\"end\", || ...)`.",
    )
    .example(
        r#"
let mqtt = require("mqtt");
let store = mqtt.Store();
store.put(#{messageId: 2, topic: "a", qos: 1}).put(#{messageId: 1, topic: "b", qos: 2});
let stream = store.createStream();
stream.on("data", |packet| console.log(packet.messageId, packet.topic));
stream.on("end", || console.log("that is all")); //=> that is all
"#,
    ),
    Entry::function(
        "Store",
        "close",
        (0, 1),
        "[callback]",
        "Forgets everything, unless the store was made with `clean: false`. `client.end()` does it.",
    ),
    Entry::function("StoreStream", "on", (2, 2), "event, listener", "`data` with a packet, or `end`."),
    Entry::property("Client", "outgoingStore", "The store of outgoing messages; `()` without one."),
    Entry::property("Client", "incomingStore", "The store of incoming QoS 2 messages; `()` without one."),
];

/// The options of `mqtt.Store`.
pub const OPTIONS: &[Entry] = &[Entry::key(
    "mqtt.Store options",
    "clean",
    "true or false; default true",
    "Forget everything when the client that uses the store ends.",
)];

/// The options of `client.reconnect`.
pub const RECONNECT: &[Entry] = &[
    Entry::key(
        "reconnect options",
        "outgoingStore",
        "a `mqtt.Store`",
        "Send what is in this store, and use it from now on.",
    ),
    Entry::key("reconnect options", "incomingStore", "a `mqtt.Store`", "Use this store from now on."),
];
