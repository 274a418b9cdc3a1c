//! The options of `publish`, `subscribe`, `unsubscribe` and `end`, and the AUTH packet of a script.

use crate::api::table::Entry;

/// The options of `client.publish`.
pub const PUBLISH: &[Entry] = &[
    Entry::key(
        "publish options",
        "qos",
        "0, 1 or 2; default 0",
        "How sure it must be: 0 at most once, 1 at least once, 2 exactly once.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.publish("meter/gas", "4711", #{qos: 2}, |error| {
    console.log(error ?? "there, exactly once"); //=> there, exactly once
    client.end();
});
"#,
    ),
    Entry::key(
        "publish options",
        "retain",
        "true or false; default false",
        "The broker keeps the message and gives it to whoever subscribes later; an empty payload removes it.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.publish("room/light", "on", #{retain: true});
client.subscribe("room/light");
client.on("message", |topic, message, packet| {
    console.log("" + message, packet.retain); //=> on true
    client.end();
});
"#,
    ),
    Entry::key(
        "publish options",
        "dup",
        "true or false; default false",
        "Marks the message as sent before; only with QoS 1 and 2. The client sets it by itself when it \
         repeats one.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.on("packetsend", |packet| if packet.cmd == "publish" { console.log(packet.dup); }); //=> true
client.publish("meter/gas", "4711", #{qos: 1, dup: true}, || client.end());
"#,
    ),
    Entry::key(
        "publish options",
        "properties",
        "map of `properties`",
        "MQTT 5 properties of PUBLISH; without effect below MQTT 5.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.subscribe("room/temp");
client.publish("room/temp", "21.5", #{properties: #{contentType: "text/plain", userProperties: #{unit: "C"}}});
client.on("message", |topic, message, packet| {
    console.log(packet.properties.contentType, packet.properties.userProperties.unit); //=> text/plain C
    client.end();
});
"#,
    ),
    Entry::key(
        "publish options",
        "cbStorePut",
        "closure `()`",
        "Called once a message of QoS 1 or 2 is kept, before anything comes of it. QoS 0 is not kept.",
    )
    .example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost");
client.publish("lab/door", "open", #{qos: 1, cbStorePut: || console.log("kept")}, |error| { //=> kept
    console.log("acknowledged"); //=> acknowledged
    client.end();
});
"#,
    ),
];

/// The option of `client.request` besides those of `publish`.
pub const REQUEST: &[Entry] = &[Entry::key(
    "request options",
    "timeout",
    "ms; default 5000",
    "How long the reply may take; `request` takes the publish options too.",
)
.example(
    r#"
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.request("nobody/listens", "?", #{timeout: 50}, |error| {
    console.log(error.message); //=> no reply from `nobody/listens` within 50 ms
    client.end();
});
"#,
)];

/// The options of `client.subscribe` that each filter can have for itself.
pub const FILTER: &[Entry] = &[
    Entry::key(
        "subscribe options",
        "qos",
        "0, 1 or 2; default 0",
        "The highest QoS messages are to arrive with; the broker may grant less.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.subscribe("room/#", #{qos: 1}, |error, granted| {
    console.log(granted[0].qos); //=> 1
    client.end();
});
"#,
    ),
    Entry::key(
        "subscribe options",
        "nl",
        "true or false; default false",
        "No local: messages this client publishes do not come back to it. MQTT 5.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.on("message", |topic, message| console.log("came back: " + message));
client.subscribe("chat", #{nl: true});
client.publish("chat", "hello", #{qos: 1}, || client.end());
"#,
    ),
    Entry::key(
        "subscribe options",
        "rap",
        "true or false; default false",
        "Retain as published: `packet.retain` is as the publisher set it, not only for kept messages. MQTT 5.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.subscribe("room/light", #{rap: true}, || client.publish("room/light", "on", #{retain: true}));
client.on("message", |topic, message, packet| {
    console.log(packet.retain); //=> true
    client.end();
});
"#,
    ),
    Entry::key(
        "subscribe options",
        "rh",
        "0, 1 or 2; default 0",
        "Retain handling: send kept messages 0 at each subscribe, 1 only at the first, 2 never. MQTT 5.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.publish("room/light", "on", #{qos: 1, retain: true});
client.on("message", |topic, message| console.log("kept: " + message));
client.subscribe("room/light", #{rh: 2}, || client.end());
"#,
    ),
];

/// The option of `client.subscribe` that is for all filters of a call.
pub const SUBSCRIBE: &[Entry] = &[Entry::key(
    "subscribe options",
    "properties",
    "map of `properties`",
    "MQTT 5 properties of SUBSCRIBE; without effect below MQTT 5.",
)
.example(
    r#"
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.subscribe("room/#", #{properties: #{subscriptionIdentifier: 7}});
client.publish("room/light", "on");
client.on("message", |topic, message, packet| {
    console.log(packet.properties.subscriptionIdentifier); //=> 7
    client.end();
});
"#,
)];

/// The options of `client.unsubscribe`.
pub const UNSUBSCRIBE: &[Entry] = &[Entry::key(
    "unsubscribe options",
    "properties",
    "map of `properties`",
    "MQTT 5 properties of UNSUBSCRIBE; without effect below MQTT 5.",
)
.example(
    r#"
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.subscribe("room/#");
client.unsubscribe("room/#", #{properties: #{userProperties: #{why: "moved out"}}}, |error, packet| {
    console.log(packet.cmd); //=> unsuback
    client.end();
});
"#,
)];

/// The options of `client.end`.
pub const END: &[Entry] = &[
    Entry::key(
        "end options",
        "reasonCode",
        "0 to 255; default 0",
        "Why it disconnects; 4 asks the broker to publish the will all the same. MQTT 5.",
    )
    .example(
        r#"
let will = #{topic: "room/state", payload: "gone"};
let device = mqtt.connect("mqtt://localhost", #{protocolVersion: 5, will: will});
let watcher = mqtt.connect("mqtt://localhost");
watcher.subscribe("room/state", || device.end(false, #{reasonCode: 4}));
watcher.on("message", |topic, message| {
    console.log("" + message); //=> gone
    watcher.end();
});
"#,
    ),
    Entry::key(
        "end options",
        "properties",
        "map of `properties`",
        "MQTT 5 properties of DISCONNECT; without effect below MQTT 5.",
    )
    .example(
        r#"
let options = #{protocolVersion: 5, clientId: "kitchen", properties: #{sessionExpiryInterval: 3600}};
let client = mqtt.connect("mqtt://localhost", options);
// The broker need not keep the session after all.
client.end(false, #{properties: #{sessionExpiryInterval: 0}}, || console.log("ended")); //=> ended
"#,
    ),
];

/// AUTH as a script writes it: the option `authPacket`, and the answer of `handleAuth`.
pub const AUTH: &[Entry] = &[
    Entry::key("AUTH packet", "cmd", "`auth`", "As MQTT.js's packets name themselves; may be left out.").example(
        r#"
let first = #{cmd: "auth", reasonCode: 24, properties: #{authenticationData: "second"}};
let auth = #{authenticationMethod: "token", authenticationData: "first"};
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5, properties: auth, authPacket: first});
client.on("error", |error| console.log(error.message)); //=> Connection refused: Bad authentication method
"#,
    ),
    Entry::key(
        "AUTH packet",
        "reasonCode",
        "0, 24 or 25; default 24 in an answer, 0 in `authPacket`",
        "0 success, 24 continue, 25 authenticate again.",
    )
    .example(
        r#"
let auth = #{authenticationMethod: "token", authenticationData: "first"};
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5, properties: auth});
client.handleAuth = |packet, done| done.call((), #{reasonCode: 24, properties: #{authenticationData: "second"}});
client.on("error", |error| console.log(error.message)); //=> Connection refused: Bad authentication method
"#,
    ),
    Entry::key(
        "AUTH packet",
        "properties",
        "map of `properties`",
        "`authenticationMethod` (default that of CONNECT), `authenticationData`, `reasonString`, \
         `userProperties`.",
    )
    .example(
        r#"
let auth = #{authenticationMethod: "token", authenticationData: "first"};
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5, properties: auth});
client.handleAuth = |packet, done| {
    let question = packet.properties.authenticationData;
    done.call((), #{properties: #{authenticationData: question + " answered"}});
};
client.on("error", |error| console.log(error.message)); //=> Connection refused: Bad authentication method
"#,
    ),
];
