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
    Entry::function(
        "mqtt",
        "broker",
        (0, 1),
        "[options]",
        "Starts a broker within the program, which keeps the program alive until `end()`, and returns a `Broker`. It speaks MQTT 3.1, 3.1.1 and 5, also over WebSocket on the same port, and keeps everything in memory. Throws if it cannot listen.",
    )
    .example(
        r#"let broker = mqtt.broker(#{users: #{anna: "secret"}});
let client = mqtt.connect(broker.url, #{username: "anna", password: "secret"});
client.on_message("greeting", |topic, message| {
    console.log("" + message); //=> hello
    client.end(|| broker.end());
});
client.subscribe("greeting");
client.publish("greeting", "hello");"#,
    ),
    Entry::function("mqtt", "validateTopic", (1, 1), "filter", "Whether `filter` is a valid topic filter."),
    Entry::property("mqtt", "ReasonCodes", "The texts of MQTT 5 reason codes, by number or by the number as text."),
    Entry::property("mqtt", "VERSION", "The version of this program."),
];
