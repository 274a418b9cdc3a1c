//! `Client`: what MQTT.js does not have.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::function(
        "Client",
        "on_message",
        (2, 2),
        "filter, listener",
        "Calls `listener(topic, message, packet)` for each message whose topic matches `filter` (`+`, `#`, `$share/group/...`). Does not subscribe. All that match are called, and the `message` listeners with them, in order of registration; QoS 1 and 2 are acknowledged after all of them returned.",
    )
    .example(
        r#"let client = mqtt.connect("mqtt://localhost");
client.on_message("house/+/temperature", |topic, message| {
    console.log(topic.split("/")[1], message.json()); //=> kitchen 21
});
client.on_message("house/#", |topic| {
    console.log("seen", topic); //=> seen house/kitchen/temperature
    client.end();
});
client.subscribe("house/#");
client.publish("house/kitchen/temperature", 21);"#,
    ),
    Entry::function(
        "Client",
        "off_message",
        (1, 2),
        "filter[, listener]",
        "Removes the listener that was added last for `filter` with this function; without a function all of `filter`, which is compared as text.",
    )
    .example(
        r#"let client = mqtt.connect("mqtt://localhost");
client.on_message("greetings/#", |topic, message| {
    console.log("" + message); //=> hello
    client.off_message("greetings/#");
});
client.subscribe("greetings/#");
client.publish("greetings/1", "hello");
client.publish("greetings/2", "hello again");
client.end();"#,
    ),
    Entry::function(
        "Client",
        "wait",
        (1, 2),
        "what[, timeout_ms]",
        "Blocks the script until the event `what`, or a message whose topic matches the filter `what` (an event name wins), also if it came while the script blocked before. Returns the event's first argument, or the packet. Its listeners run first; other events queue up meanwhile. `wait(\"connect\")` returns at once if connected. Does not subscribe. Throws after `timeout_ms` (30,000), and at once when the client ended or gave up.",
    )
    .example(
        r#"let client = mqtt.connect("mqtt://localhost");
client.wait("connect");
client.subscribeAsync("house/#");
client.publish("house/door", "open");
let packet = client.wait("house/+", 5000);
console.log(packet.topic, "" + packet.payload); //=> house/door open
client.end();"#,
    ),
];
