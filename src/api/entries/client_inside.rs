//! `Client`: what MQTT.js shows of its insides, and the rarer methods of Node's EventEmitter.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::property(
        "Client",
        "queue",
        "What is accepted and not on the wire yet, in call order: an array of `#{packet}`. A copy of this moment.",
    )
    .example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{manualConnect: true});
client.publish("lab/door", "open");
console.log(client.queue.len(), client.queue[0].packet.topic); //=> 1 lab/door
"#,
    ),
    Entry::property(
        "Client",
        "outgoing",
        "Requests that have a packet identifier and are not over, by identifier: `#{cmd, volatile}`. A copy of this moment.",
    )
    .example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{manualConnect: true});
client.publish("lab/door", "open", #{qos: 1});
console.log(client.outgoing["" + client.getLastMessageId()].cmd); //=> publish
"#,
    ),
    Entry::property("Client", "messageIdToTopic", "The filters of subscribes that are not answered yet, by packet identifier.").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{manualConnect: true});
client.subscribe("lab/#");
console.log(client.messageIdToTopic["" + client.getLastMessageId()]); //=> [ 'lab/#' ]
"#,
    ),
    Entry::property("Client", "messageIdProvider", "Where the packet identifiers come from: a `MessageIdProvider`.").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{manualConnect: true});
let id = client.messageIdProvider.allocate();
console.log(client.getLastMessageId() == id); //=> true
"#,
    ),
    Entry::property("Client", "queueQoSZero", "Whether QoS 0 messages published while offline are kept; assignable.").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{manualConnect: true});
client.queueQoSZero = false;
client.publish("lab/door", "open", |error| console.log(error.message)); //=> No connection to broker
"#,
    ),
    Entry::property("Client", "_reconnectCount", "Which of `servers` the last attempt went to, counted from 1; 0 before the first.")
        .example(
            r#"let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{manualConnect: true});
console.log(client._reconnectCount); //=> 0
"#,
        ),
    Entry::property("Client", "stream", "The link under the client: `stream.destroy()` cuts it as a crash does, `stream.end()` after what was sent.")
        .example(
            r#"let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{reconnectPeriod: 0});
client.on("connect", || client.stream.destroy());
client.on("close", || console.log("the broker publishes the will now")); //=> the broker publishes the will now
client.on("error", |error| console.log(error.message));
"#,
        ),
    Entry::property("Client", "noop", "A function that does nothing, for a callback that nobody needs.").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{manualConnect: true});
client.publish("lab/door", "open", client.noop);
console.log(client.queued); //=> 1
"#,
    ),
    Entry::property("Client", "keepaliveManager", "Throws: pings are sent beside the script. See `keepalive`, `sendPing` and `reschedulePing`.")
        .example(
            r#"let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{keepalive: 10, manualConnect: true});
try {
    client.keepaliveManager;
} catch {
    console.log(client.keepalive); //=> 10
}
"#,
        ),
    Entry::function("Client", "sendPing", (0, 0), "", "Sends a ping now, if the link is up.").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost");
client.on("packetreceive", |packet| if packet.cmd == "pingresp" { console.log("pong"); client.end(); }); //=> pong
client.on("connect", || client.sendPing());
"#,
    ),
    Entry::function(
        "Client",
        "reschedulePing",
        (0, 1),
        "[force]",
        "Counts the time to the next ping from now on; with `reschedulePings: false` only if `force` is true.",
    )
    .example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost");
client.on("connect", || {
    client.reschedulePing(true);
    console.log("the next ping is 60 s away"); //=> the next ping is 60 s away
    client.end();
});
"#,
    ),
    Entry::function("Client", "onKeepaliveTimeout", (0, 0), "", "Gives the link up as one on which no answer came: `error`, then `close`.")
        .example(
            r#"let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{reconnectPeriod: 0});
client.on("connect", || client.onKeepaliveTimeout());
client.on("error", |error| console.log(error.message)); //=> Keepalive timeout
"#,
        ),
    Entry::function("Client", "log", (1, 15), "...values", "Tells the option `log` a line of the script's own.").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{log: |text| console.log(text), manualConnect: true});
client.log("tank", 7); //=> tank 7
"#,
    ),
    Entry::function("Stream", "destroy", (0, 1), "[error]", "Cuts the link without DISCONNECT: the broker publishes the will, the client connects again.")
        .example(
            r#"let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{reconnectPeriod: 10});
client.once("connect", || {
    client.stream.destroy();
    client.once("connect", || {
        console.log("back again"); //=> back again
        client.end();
    });
});
"#,
        ),
    Entry::function("Stream", "end", (0, 0), "", "Cuts the link without DISCONNECT, after what is on its way to the socket.").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{reconnectPeriod: 0});
client.on("connect", || client.stream.end());
client.on("close", || console.log(client.stream.destroyed)); //=> true
client.on("error", |error| console.log(error.message));
"#,
    ),
    Entry::property("Stream", "destroyed", "Whether the link is down.").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{manualConnect: true});
console.log(client.stream.destroyed); //=> true
"#,
    ),
    Entry::function("Client", "prependOnceListener", (2, 2), "event, listener", "Like `once`, in front of the others.").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{manualConnect: true});
client.on("tick", || console.log("second"));
client.prependOnceListener("tick", || console.log("first"));
client.emit("tick"); //=> first
//=> second
"#,
    ),
    Entry::function("Client", "listeners", (1, 1), "event", "The listeners of `event`, in order: an array of functions.").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{manualConnect: true});
client.on("tick", |n| console.log(n));
client.listeners("tick")[0].call(7); //=> 7
"#,
    ),
    Entry::function("Client", "rawListeners", (1, 1), "event", "The same as `listeners`.").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{manualConnect: true});
client.once("tick", || ());
console.log(client.rawListeners("tick").len()); //=> 1
"#,
    ),
    Entry::function("Client", "getMaxListeners", (0, 0), "", "How many listeners of one event are no mistake.").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{manualConnect: true});
console.log(client.getMaxListeners()); //=> 10
"#,
    ),
];
