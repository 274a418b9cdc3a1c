//! The events of `Client`.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    event(
        "connect",
        "connack",
        "The broker accepted the session, the first time or after a reconnect; `connack` is its packet.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.on("connect", |connack| {
    console.log("connected; had a session: " + connack.sessionPresent); //=> connected; had a session: false
    client.end();
});
"#,
    ),
    event("reconnect", "", "A new attempt starts after the link was lost or could not be opened.").example(
        r#"
let client = mqtt.connect("mqtt://127.0.0.1:1", #{reconnectPeriod: 20}); // nothing listens there
client.on("error", |error| ());
client.once("reconnect", || {
    console.log("trying again"); //=> trying again
    client.end();
});
"#,
    ),
    event("close", "", "The link, or an attempt to open one, is over.").example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.on("connect", || client.end());
client.on("close", || console.log("closed")); //=> closed
"#,
    ),
    event(
        "offline",
        "",
        "The client is not connected any more, or could not connect: the first `close` of an outage. Messages \
         wait until it is over.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://127.0.0.1:1"); // nothing listens there
client.on("error", |error| console.log(error.message)); //=> connect ECONNREFUSED 127.0.0.1:1
client.on("offline", || {
    console.log("messages wait"); //=> messages wait
    client.end();
});
"#,
    ),
    event(
        "disconnect",
        "packet",
        "The broker sent DISCONNECT, with a `reasonCode`, before it closed the link. MQTT 5.",
    )
    .example(
        r#"
let broker = mqtt.broker();
let client = mqtt.connect(broker.url, #{protocolVersion: 5});
client.on("connect", || broker.end());
client.on("disconnect", |packet| {
    console.log(mqtt.ReasonCodes[packet.reasonCode]); //=> Server shutting down
    client.end();
});
"#,
    ),
    event(
        "error",
        "error",
        "The broker could not be reached, refused the session, or broke the protocol. Without a listener it \
         is told on standard error; it never ends the program by itself, but a client that gives up sets the \
         exit code 1.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://127.0.0.1:1", #{reconnectPeriod: 0}); // nothing listens there
client.on("error", |error| console.log(error.code, error.message));
//=> ECONNREFUSED connect ECONNREFUSED 127.0.0.1:1
"#,
    ),
    event("end", "", "`end()` is complete: nothing more comes from this client.").example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.on("end", || console.log("ended")); //=> ended
client.on("connect", || client.end());
"#,
    ),
    event(
        "message",
        "topic, payload, packet",
        "A message arrived; `payload` is a Buffer, `packet` a [`Packet`](#Packet). QoS 1 and 2 are \
         acknowledged after the listeners returned.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.subscribe("room/+/temp");
client.publish("room/kitchen/temp", "21.5");
client.on("message", |topic, payload, packet| {
    console.log(topic, payload.json() + 1, packet.qos); //=> room/kitchen/temp 22.5 0
    client.end();
});
"#,
    ),
    event(
        "packetsend",
        "packet",
        "A packet was sent; for logging. The CONNECT of a client that connects by itself is sent before \
         anybody can listen.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{manualConnect: true});
client.on("packetsend", |packet| console.log(packet.cmd));
//=> connect
//=> disconnect
client.on("connect", || client.end());
client.connect();
"#,
    ),
    event("packetreceive", "packet", "A packet was received; for logging. `message` comes after it.").example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{manualConnect: true});
client.on("packetreceive", |packet| console.log(packet.cmd));
//=> connack
//=> puback
client.publish("room/light", "on", #{qos: 1}, || client.end());
client.connect();
"#,
    ),
    event("outgoingEmpty", "", "While the client ends: everything was sent and acknowledged, DISCONNECT comes next.")
        .example(
            r#"
let client = mqtt.connect("mqtt://localhost");
client.on("outgoingEmpty", || console.log("nothing is lost")); //=> nothing is lost
client.publish("room/light", "on", #{qos: 1});
client.end();
"#,
        ),
    event("newListener", "event, listener", "A listener is about to be added.").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{manualConnect: true});
client.on("newListener", |event, listener| console.log(event)); //=> tick
client.on("tick", || ());
"#,
    ),
    event("removeListener", "event, listener", "A listener was removed.").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{manualConnect: true});
let listener = || ();
client.on("tick", listener);
client.on("removeListener", |event, listener| console.log(event)); //=> tick
client.off("tick", listener);
"#,
    ),
];

const fn event(name: &'static str, parameters: &'static str, doc: &'static str) -> Entry {
    Entry::event("Client", name, parameters, doc)
}
