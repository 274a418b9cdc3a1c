//! The maps among the options of `mqtt.connect`: `will`, `reconnectPeriod`, `servers`, `wsOptions`.

use crate::api::table::Entry;

/// The last will.
pub const WILL: &[Entry] = &[
    Entry::key("will", "topic", "text", "Where it is published; needed.").example(
        r#"
let options = #{will: #{topic: "room/+/state"}};
try { mqtt.connect("mqtt://localhost", options); } catch (error) { console.log("no topic: " + options.will.topic); }
//=> no topic: room/+/state
"#,
    ),
    Entry::key("will", "payload", "text or Buffer; default empty", "What is published.").example(
        r#"
let will = #{topic: "room/state", payload: JSON.stringify(#{state: "gone"})};
let device = mqtt.connect("mqtt://localhost", #{will: will});
device.on("connect", || {
    let watcher = mqtt.connect("mqtt://localhost");
    watcher.subscribe("room/state", || device.end(true)); // cut, without DISCONNECT
    watcher.on("message", |topic, message| {
        console.log(message.json().state); //=> gone
        watcher.end();
    });
});
"#,
    ),
    Entry::key("will", "qos", "0, 1 or 2; default 0", "The QoS it is published with.").example(
        r#"
let device = mqtt.connect("mqtt://localhost", #{will: #{topic: "room/state", payload: "gone", qos: 1}});
device.on("connect", || {
    let watcher = mqtt.connect("mqtt://localhost");
    watcher.subscribe("room/state", #{qos: 1}, || device.end(true)); // cut, without DISCONNECT
    watcher.on("message", |topic, message, packet| {
        console.log(packet.qos); //=> 1
        watcher.end();
    });
});
"#,
    ),
    Entry::key(
        "will",
        "retain",
        "true or false; default false",
        "Whether the broker keeps it for later subscribers; with the same topic retained as `on` at each \
         connect, it shows who is there.",
    )
    .example(
        r#"
let device = mqtt.connect("mqtt://localhost", #{will: #{topic: "room/state", payload: "gone", retain: true}});
device.on("connect", || device.publish("room/state", "on", #{retain: true}, || device.end(true)));
device.on("end", || {
    let watcher = mqtt.connect("mqtt://localhost");
    watcher.subscribe("room/state");
    watcher.on("message", |topic, message| if message == "gone" {
        console.log("the device is gone"); //=> the device is gone
        watcher.end();
    });
});
"#,
    ),
    Entry::key(
        "will",
        "properties",
        "map of `properties`",
        "MQTT 5 [properties](#properties) of the will, such as `willDelayInterval`.",
    )
    .example(
        r#"
let will = #{topic: "room/state", payload: "gone", properties: #{willDelayInterval: 10}};
let device = mqtt.connect("mqtt://localhost", #{protocolVersion: 5, will: will});
device.on("connect", || device.end()); // an end as it should be: no will
"#,
    ),
];

/// When to try again.
pub const RECONNECT_PERIOD: &[Entry] = &[
    Entry::key("reconnectPeriod", "min", "ms; default 1000", "The wait before the first try of an outage.").example(
        r#"
let options = #{reconnectPeriod: #{min: 10, jitter: 0, attempts: 1}};
let client = mqtt.connect("mqtt://127.0.0.1:1", options); // nothing listens there
client.on("error", |error| ());
client.on("reconnect", || console.log("trying again")); //=> trying again
"#,
    ),
    Entry::key("reconnectPeriod", "max", "ms; default 30000", "The longest wait; not less than `min`.").example(
        r#"
let options = #{reconnectPeriod: #{min: 10, max: 15, attempts: 3}};
let client = mqtt.connect("mqtt://127.0.0.1:1", options); // nothing listens there
let tries = 0;
client.on("error", |error| tries += 1);
process.on("exit", || console.log(`${tries} tries`)); //=> 4 tries
"#,
    ),
    Entry::key(
        "reconnectPeriod",
        "factor",
        "1 to 1000; default 2",
        "How much longer each wait is than the one before.",
    )
    .example(
        r#"
let options = #{reconnectPeriod: #{min: 10, factor: 1.5, attempts: 2}};
let client = mqtt.connect("mqtt://127.0.0.1:1", options); // nothing listens there
client.on("error", |error| console.log(error.code));
//=> ECONNREFUSED
//=> ECONNREFUSED
//=> ECONNREFUSED
"#,
    ),
    Entry::key(
        "reconnectPeriod",
        "jitter",
        "0 to 1; default 0.2",
        "The share of a wait that is left to chance, so that many clients do not come back at once.",
    )
    .example(
        r#"
let options = #{reconnectPeriod: #{min: 10, jitter: 0.5, attempts: 1}};
let client = mqtt.connect("mqtt://127.0.0.1:1", options); // nothing listens there
client.on("error", |error| console.log(error.code));
//=> ECONNREFUSED
//=> ECONNREFUSED
"#,
    ),
    Entry::key(
        "reconnectPeriod",
        "attempts",
        "number; default 0",
        "Give up after so many tries of an outage, beside the first one; 0: never.",
    )
    .example(
        r#"
let options = #{reconnectPeriod: #{min: 10, attempts: 1}};
let client = mqtt.connect("mqtt://127.0.0.1:1", options); // nothing listens there
client.on("error", |error| ());
process.on("exit", || console.log("gave up, and nothing else to do")); //=> gave up, and nothing else to do
"#,
    ),
];

/// One of several servers.
pub const SERVERS: &[Entry] = &[
    Entry::key("servers", "host", "text; default `localhost`", "Its name or address.").example(
        r#"
let client = mqtt.connect(#{servers: [#{host: "127.0.0.1", port: 1883}]});
client.on("connect", || client.end());
"#,
    ),
    Entry::key("servers", "port", "1 to 65535; default that of the protocol", "Its port.").example(
        r#"
let client = mqtt.connect(#{servers: [#{host: "localhost", port: 1}, #{port: 1883}], reconnectPeriod: 20});
client.on("error", |error| ());
client.on("connect", || client.end());
"#,
    ),
    Entry::key(
        "servers",
        "protocol",
        "`mqtt`, `mqtts`, `ws`, `wss`, ...; default that of the URL",
        "How to talk to it.",
    )
    .example(
        r#"
let servers = [#{host: "localhost", port: 8883, protocol: "mqtts"}];
let client = mqtt.connect(#{servers: servers, ca: "ca.pem"});
client.on("connect", || client.end());
"#,
    ),
];

/// The WebSocket request.
pub const WS_OPTIONS: &[Entry] = &[Entry::key(
    "wsOptions",
    "headers",
    "map of text",
    "Headers to add to the WebSocket request, such as `Authorization`.",
)
.example(
    r#"
let headers = #{Authorization: "Bearer " + (process.env.TOKEN ?? "none")};
let client = mqtt.connect("ws://localhost", #{wsOptions: #{headers: headers}});
client.on("connect", || client.end());
"#,
)];
