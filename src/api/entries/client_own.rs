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
];
