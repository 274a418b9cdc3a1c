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
let first = mqtt.connect("mqtt://localhost", #{outgoingStore: store, manualConnect: true});
first.publish("greeting", "hello", #{qos: 1});
first.end(true, || {
    let second = mqtt.connect("mqtt://localhost", #{outgoingStore: store, manualConnect: true});
    console.log(second.queued, "left by the first client"); //=> 1 left by the first client
    second.on("connect", || second.end());
    second.connect();
});
"#,
    ),
    Entry::function(
        "Store",
        "put",
        (1, 2),
        "packet[, callback]",
        "Puts a packet in, a map `#{messageId, topic, payload, qos, ...}`; one with the same `messageId` is replaced. `callback(error)`. Returns the store.",
    )
    .example(
        r#"
let store = mqtt.Store();
store.put(#{messageId: 7, topic: "a", payload: "x", qos: 1}, |error| console.log("in it", error)); //=> in it undefined
"#,
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
        "Removes the packet of that `messageId`; `callback(error, packet)`. Returns the store.",
    )
    .example(
        r#"
let store = mqtt.Store();
store.put(#{messageId: 7, topic: "a"});
store.del(#{messageId: 7}, |error, packet| console.log(packet.topic)); //=> a
store.del(#{messageId: 7}, |error| console.log(error.message)); //=> missing packet
"#,
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
store.put(#{messageId: 2, topic: "a", qos: 1});
let stream = store.createStream();
stream.on("data", |packet| console.log(packet.messageId, packet.topic)); //=> 2 a
stream.on("end", || console.log("that is all")); //=> that is all
"#,
    ),
    Entry::function(
        "Store",
        "close",
        (0, 1),
        "[callback]",
        "Forgets everything, unless the store was made with `clean: false`. `client.end()` does it.",
    )
    .example(
        r#"
let store = mqtt.Store();
store.put(#{messageId: 7, topic: "a"});
store.close(|| store.get(#{messageId: 7}, |error| console.log(error.message))); //=> missing packet
"#,
    ),
    Entry::function("StoreStream", "on", (2, 2), "event, listener", "`data` with a packet, or `end`. Returns the stream.")
        .example(
            r#"
let store = mqtt.Store();
store.createStream().on("end", || console.log("nothing in it")); //=> nothing in it
"#,
        ),
    Entry::property("Client", "outgoingStore", "The store of outgoing messages; `()` without one.").example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{outgoingStore: mqtt.Store()});
client.publish("a", "x", #{qos: 1}, || client.end());
client.outgoingStore.createStream().on("data", |packet| console.log(packet.topic)); //=> a
"#,
    ),
    Entry::property("Client", "incomingStore", "The store of incoming QoS 2 messages; `()` without one.").example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{manualConnect: true});
console.log(client.incomingStore); //=> undefined
"#,
    ),
];

/// The options of `mqtt.Store`.
pub const OPTIONS: &[Entry] = &[Entry::key(
    "mqtt.Store options",
    "clean",
    "true or false; default true",
    "Forget everything when the client that uses the store ends.",
)
.example(
    r#"
let store = mqtt.Store(#{clean: false});
store.put(#{messageId: 7, topic: "a"});
store.close(|| store.get(#{messageId: 7}, |error, packet| console.log(packet.topic))); //=> a
"#,
)];

/// The options of `client.reconnect`.
pub const RECONNECT: &[Entry] = &[
    Entry::key(
        "reconnect options",
        "outgoingStore",
        "a `mqtt.Store`",
        "Send what is in this store, and use it from now on; without it the one in use stays.",
    )
    .example(
        r#"
let store = mqtt.Store();
store.put(#{messageId: 1, topic: "greeting", payload: "hello", qos: 1});
let client = mqtt.connect("mqtt://localhost");
client.once("connect", || {
    client.reconnect(#{outgoingStore: store});
    client.once("connect", || {
        console.log(client.outgoingStore == store); //=> true
        client.end();
    });
});
"#,
    ),
    Entry::key(
        "reconnect options",
        "incomingStore",
        "a `mqtt.Store`",
        "Use this store from now on; without it the one in use stays.",
    )
    .example(
        r#"
let store = mqtt.Store();
let client = mqtt.connect("mqtt://localhost");
client.once("connect", || {
    client.reconnect(#{incomingStore: store});
    console.log(client.incomingStore == store); //=> true
    client.once("connect", || client.end());
});
"#,
    ),
];
