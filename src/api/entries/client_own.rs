//! `Client`: what MQTT.js does not have.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::function(
        "Client",
        "on_message",
        (2, 2),
        "filter, listener",
        "Calls `listener(topic, message, packet)` for each message whose topic matches `filter` (`+`, `#`, \
         `$share/group/...`). Does not subscribe. All that match are called, and the `message` listeners with \
         them, in order of registration; QoS 1 and 2 are acknowledged after all of them returned.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.on_message("house/+/temperature", |topic, message| {
    console.log(topic.split("/")[1], message.json()); //=> kitchen 21
});
client.on_message("house/#", |topic| {
    console.log("seen", topic); //=> seen house/kitchen/temperature
    client.end();
});
client.subscribe("house/#");
client.publish("house/kitchen/temperature", 21);
"#,
    ),
    Entry::function(
        "Client",
        "off_message",
        (1, 2),
        "filter[, listener]",
        "Removes the listener that was added last for `filter` with this function; without a function all of \
         `filter`, which is compared as text.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.on_message("greetings/#", |topic, message| {
    console.log("" + message); //=> hello
    client.off_message("greetings/#");
});
client.subscribe("greetings/#");
client.publish("greetings/1", "hello");
client.publish("greetings/2", "hello again");
client.end();
"#,
    ),
    Entry::function(
        "Client",
        "request",
        (3, 4),
        "topic, payload[, options], callback",
        "Publishes a question and calls `callback(error, message, packet)` once: with the reply, or with an \
         error when none came within `options.timeout` ms (5,000), the publish was refused, or the connection \
         was lost. MQTT 5. Sets `responseTopic` and `correlationData`; subscribes to its reply topic with the \
         first request. Replies do not reach `message` and `on_message` listeners nor \
         `handleMessage`, late ones are dropped.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.on_message("sum", |topic, message, packet| {
    let numbers = message.json();
    client.reply(packet, numbers[0] + numbers[1]);
});
client.subscribe("sum");
client.request("sum", [3, 4], #{timeout: 2000}, |error, message| {
    console.log(if error == () { "3 + 4 = " + message } else { error.message }); //=> 3 + 4 = 7
    client.end();
});
"#,
    ),
    Entry::function(
        "Client",
        "requestAsync",
        (2, 3),
        "topic, payload[, options]",
        "Like `request`, but waits for the reply: returns its message or throws. The one who replies must be \
         another program: the script is blocked.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
try {
    client.requestAsync("nobody/listens", "?", #{timeout: 50});
} catch (error) {
    console.log(error.message); //=> no reply from `nobody/listens` within 50 ms
}
client.end();
"#,
    ),
    Entry::function(
        "Client",
        "reply",
        (2, 4),
        "packet, payload[, options][, callback]",
        "Publishes to the `responseTopic` of a packet with its `correlationData`; options and callback are \
         those of `publish`. An error if the packet has no `responseTopic`. MQTT 5.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.on_message("echo", |topic, message, packet| client.reply(packet, message, #{qos: 1}));
client.subscribe("echo");
client.request("echo", "hello", |error, message| {
    console.log("" + message); //=> hello
    client.end();
});
"#,
    ),
    Entry::function(
        "Client",
        "wait",
        (1, 2),
        "what[, timeout_ms]",
        "Blocks the script until the event `what`, or a message whose topic matches the filter `what` (an \
         event name wins), also if it came while the script blocked before. Returns the event's first \
         argument, or the packet. Its listeners run first (a message that waits behind the `done` of another keeps its turn); other \
         events queue up meanwhile. `wait(\"connect\")` returns at once if connected. Does not subscribe. Throws after `timeout_ms` \
         (30,000), and at once when the client ended or gave up.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.wait("connect");
client.subscribeAsync("house/#");
client.publish("house/door", "open");
let packet = client.wait("house/+", 5000);
console.log(packet.topic, "" + packet.payload); //=> house/door open
client.end();
"#,
    ),
];
