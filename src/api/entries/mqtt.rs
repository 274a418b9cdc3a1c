//! `mqtt`.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::function(
        "mqtt",
        "connect",
        (0, 2),
        "[url][, options]",
        "Connects to a broker in the background and returns a [`Client`](#Client) at once. The URL is \
         `mqtt://`, `mqtts://`, `ws://`, `wss://` or `mqtt+unix://`, with user and password if need be; the \
         [options](#options) say more. Throws what cannot work, such as an option that does not exist; what \
         fails later is an `error` event.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{clientId: "kitchen", keepalive: 30});
client.on("connect", || {
    console.log("connected"); //=> connected
    client.end();
});
"#,
    ),
    Entry::function(
        "mqtt",
        "connectAsync",
        (0, 3),
        "[url][, options][, allowRetries]",
        "Like `connect`, but waits until the session is open and returns the client then; throws the first \
         `error`. With `allowRetries: false` also a lost connection is the end; true is the default.",
    )
    .example(
        r#"
let client = mqtt.connectAsync("mqtt://localhost");
console.log(client.connected); //=> true
client.end();
"#,
    ),
    Entry::function(
        "mqtt",
        "Client",
        (1, 2),
        "streamBuilder[, options]",
        "A client over a stream of your own: `streamBuilder(client)` is called at each attempt and returns \
         what `net.connect` or `tls.connect` gave.",
    )
    .example(
        r#"
let net = require("net");
let client = mqtt.Client(|client| net.connect(1883), #{clientId: "kitchen"});
client.on("connect", || {
    console.log(client.options.clientId); //=> kitchen
    client.end();
});
"#,
    ),
    Entry::function("mqtt", "MqttClient", (1, 2), "streamBuilder[, options]", "The same as `Client`.").example(
        r#"
let net = require("net");
let client = mqtt.MqttClient(|client| net.connect(1883));
client.on("connect", || client.end());
"#,
    ),
    Entry::function(
        "mqtt",
        "validateTopic",
        (1, 1),
        "filter",
        "Whether a text can be subscribed to: `+` and `#` alone in their level, `#` only as the last.",
    )
    .example(
        r#"
console.log(mqtt.validateTopic("room/+/temp"), mqtt.validateTopic("room/#/temp")); //=> true false
"#,
    ),
    Entry::property("mqtt", "ReasonCodes", "The texts of MQTT 5 reason codes, by number or by the number as text.")
        .example(
            r#"
console.log(mqtt.ReasonCodes[135]); //=> Not authorized
"#,
        ),
    Entry::property("mqtt", "VERSION", "The version of this program, without a `v`.").example(
        r#"
console.log("mqttscript " + mqtt.VERSION); //~> mqttscript 0.1.0
"#,
    ),
    Entry::function(
        "mqtt",
        "broker",
        (0, 1),
        "[options]",
        "Starts a broker within the program, which keeps the program alive until `end()`, and returns a \
         `Broker`. It speaks MQTT 3.1, 3.1.1 and 5, also over WebSocket on the same port, and keeps \
         everything in memory. Throws if it cannot listen.",
    )
    .example(
        r#"
let broker = mqtt.broker(#{users: #{anna: "secret"}});
let client = mqtt.connect(broker.url, #{username: "anna", password: "secret"});
client.on_message("greeting", |topic, message| {
    console.log("" + message); //=> hello
    client.end(|| broker.end());
});
client.subscribe("greeting");
client.publish("greeting", "hello");
"#,
    ),
];
