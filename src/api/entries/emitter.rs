//! `Client`: the methods of an EventEmitter. What `on_message` adds is in [`super::client_own`].

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::function(
        "Client",
        "on",
        (2, 2),
        "event, listener",
        "Calls `listener` each time `event` happens; it may take fewer parameters than the event gives. \
         Returns the client.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.on("connect", || client.subscribe("room/light", || client.publish("room/light", "on")));
client.on("message", |topic, message| {
    console.log(topic + " is " + message); //=> room/light is on
    client.end();
});
"#,
    ),
    Entry::function("Client", "addListener", (2, 2), "event, listener", "The same as `on`.").example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.addListener("connect", || client.end());
client.addListener("close", || console.log("closed")); //=> closed
"#,
    ),
    Entry::function(
        "Client",
        "once",
        (2, 2),
        "event, listener",
        "Calls `listener` the next time `event` happens, only. Returns the client.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.once("connect", || {
    console.log("connected for the first time"); //=> connected for the first time
    client.end();
});
"#,
    ),
    Entry::function(
        "Client",
        "prependListener",
        (2, 2),
        "event, listener",
        "Like `on`, but the listener is called before those that were there. Returns the client.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.on("connect", || client.end());
client.prependListener("connect", || console.log("before the other")); //=> before the other
"#,
    ),
    Entry::function(
        "Client",
        "off",
        (2, 2),
        "event, listener",
        "Removes the listener that was added last with this function. Returns the client.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
let greet = || console.log("connected");
client.on("connect", greet);
client.off("connect", greet);
client.on("connect", || client.end());
"#,
    ),
    Entry::function("Client", "removeListener", (2, 2), "event, listener", "The same as `off`.").example(
        r#"
let client = mqtt.connect("mqtt://localhost");
let greet = || console.log("connected");
client.on("connect", greet);
client.removeListener("connect", greet);
client.on("connect", || client.end());
"#,
    ),
    Entry::function(
        "Client",
        "removeAllListeners",
        (0, 1),
        "[event]",
        "Removes the listeners of one event, or of all, also those of `on_message`. Returns the client.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.on("connect", || console.log("connected"));
client.removeAllListeners("connect");
client.on("connect", || client.end());
"#,
    ),
    Entry::function(
        "Client",
        "emit",
        (1, 15),
        "event[, ...arguments]",
        "Calls the listeners of `event` with the arguments, before it returns; returns whether there were \
         any. The event may be one of your own.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.on("too hot", |room| console.log(room + " is too hot")); //=> kitchen is too hot
console.log(client.emit("too hot", "kitchen"), client.emit("too cold")); //=> true false
client.end();
"#,
    ),
    Entry::function(
        "Client",
        "listenerCount",
        (1, 2),
        "event[, listener]",
        "How many listeners `event` has; with `listener`, how often this one.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.on("connect", || client.end());
console.log(client.listenerCount("connect"), client.listenerCount("message")); //=> 1 0
"#,
    ),
    Entry::function("Client", "eventNames", (0, 0), "", "An array of the events that have listeners.").example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.on("connect", || client.end());
console.log(client.eventNames()); //=> [ 'connect' ]
"#,
    ),
    Entry::function(
        "Client",
        "setMaxListeners",
        (1, 1),
        "n",
        "How many listeners of one event are no mistake, 10 by default: one more is worth a warning. 0: any number. Returns the client.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.setMaxListeners(100).on("connect", || client.end());
"#,
    ),
];
