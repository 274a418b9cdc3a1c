//! More options of `mqtt.connect`: how the client numbers, batches and tells what it does, and names that only MQTT.js has a use for.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::option(
        "subscribeBatchSize",
        "whole number; default all in one",
        "The most filters of one SUBSCRIBE: longer lists, also those restored after a reconnect, go out in several. The callback is called once.",
    )
    .example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{subscribeBatchSize: 2});
client.on("packetsend", |packet| if packet.cmd == "subscribe" { console.log(packet.subscriptions.len()); }); //=> 2
//=> 1
client.subscribe(["a", "b", "c"], |error, granted| {
    console.log(granted.len(), "granted"); //=> 3 granted
    client.end();
});
"#,
    ),
    Entry::option(
        "messageIdProvider",
        "`mqtt.DefaultMessageIdProvider()` or `mqtt.UniqueMessageIdProvider()`",
        "Where packet identifiers come from: counted up from a random start, or always the lowest that is free. Clients may share one.",
    )
    .example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{messageIdProvider: mqtt.UniqueMessageIdProvider()});
client.publish("lab/door", "open", #{qos: 1}, |error, packet| {
    console.log(packet.messageId); //=> 1
    client.end();
});
"#,
    ),
    Entry::option(
        "log",
        "closure `(text)`",
        "Called for each step of the client: attempts, packets, what became of them. Without it `mqttscript -v` shows the same.",
    )
    .example(
        r#"let mqtt = require("mqtt");
let lines = [];
let client = mqtt.connect("mqtt://localhost", #{log: |text| lines.push(text)});
client.on("connect", || client.end());
client.on("end", || console.log(lines.some(|line| line.contains("connack")))); //=> true
"#,
    ),
    Entry::option("query", "`#{clientId: \"...\"}`", "What stands behind the `?` of a URL; only `clientId` means something.")
        .example(
            r#"let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{query: #{clientId: "door"}, manualConnect: true});
console.log(client.options.clientId); //=> door
"#,
        ),
    Entry::option("auth", "`user:password`", "User name and password in one text, as in a URL; `username` and `password` win.")
        .example(
            r#"let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{auth: "steve:secret"});
client.on("connect", || {
    console.log("connected"); //=> connected
    client.end();
});
"#,
        ),
    ineffective("forceNativeWebSocket", "true or false").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{forceNativeWebSocket: true});
client.on("connect", || client.end());
client.on("end", || console.log("ended")); //=> ended
"#,
    ),
    ineffective("browserBufferSize", "bytes").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{browserBufferSize: 65536});
client.on("connect", || client.end());
client.on("end", || console.log("ended")); //=> ended
"#,
    ),
    ineffective("browserBufferTimeout", "ms").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{browserBufferTimeout: 500});
client.on("connect", || client.end());
client.on("end", || console.log("ended")); //=> ended
"#,
    ),
    ineffective("binary", "true or false").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{binary: true});
client.on("connect", || client.end());
client.on("end", || console.log("ended")); //=> ended
"#,
    ),
    ineffective("objectMode", "true or false").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{objectMode: false});
client.on("connect", || client.end());
client.on("end", || console.log("ended")); //=> ended
"#,
    ),
    ineffective("encoding", "text").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{encoding: "utf8"});
client.on("connect", || client.end());
client.on("end", || console.log("ended")); //=> ended
"#,
    ),
    ineffective("my", "any").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{my: ()});
client.on("connect", || client.end());
client.on("end", || console.log("ended")); //=> ended
"#,
    ),
];

/// An option for browsers and mini programs.
const fn ineffective(name: &'static str, values: &'static str) -> Entry {
    Entry::option(name, values, "Accepted for MQTT.js, where it is for browsers and mini programs; has no effect here.")
}
