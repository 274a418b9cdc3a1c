//! `mqtt`: helpers, error classes, providers of packet identifiers, versions.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::function("mqtt", "defaultId", (0, 0), "", "A client id as `mqtt.connect` makes one up; also `mqtt.Client.defaultId()`.")
        .example(
            r#"let mqtt = require("mqtt");
console.log(mqtt.defaultId().starts_with("mqttjs_"), mqtt.Client.defaultId().len()); //=> true 15
"#,
        ),
    Entry::function(
        "mqtt",
        "validateTopics",
        (1, 1),
        "filters",
        "The first of an array of topic filters that is not valid; `()` if all are, `empty_topic_list` if there are none.",
    )
    .example(
        r#"let mqtt = require("mqtt");
console.log(mqtt.validateTopics(["a/+", "b/#/c"])); //=> b/#/c
"#,
    ),
    Entry::function(
        "mqtt",
        "ErrorWithReasonCode",
        (1, 2),
        "message[, code]",
        "Makes an error as the client does for a refusal with an MQTT reason code.",
    )
    .example(
        r#"let mqtt = require("mqtt");
let error = mqtt.ErrorWithReasonCode("Publish error: Not authorized", 135);
console.log(error.name, error.code); //=> ErrorWithReasonCode 135
"#,
    ),
    Entry::function(
        "mqtt",
        "ErrorWithSubackPacket",
        (1, 2),
        "message[, packet]",
        "Makes an error as the client does for a refused subscribe.",
    )
    .example(
        r#"let mqtt = require("mqtt");
let error = mqtt.ErrorWithSubackPacket("Subscribe error: Not authorized", #{granted: [135]});
console.log(error.name, error.packet.granted); //=> ErrorWithSubackPacket [ 135 ]
"#,
    ),
    Entry::function(
        "mqtt",
        "DefaultMessageIdProvider",
        (0, 0),
        "",
        "Packet identifiers that count up from a random start, for the option `messageIdProvider`.",
    )
    .example(
        r#"let mqtt = require("mqtt");
let ids = mqtt.DefaultMessageIdProvider();
let id = ids.allocate();
console.log(id == ids.getLastAllocated()); //=> true
"#,
    ),
    Entry::function(
        "mqtt",
        "UniqueMessageIdProvider",
        (0, 0),
        "",
        "Packet identifiers that are always the lowest free one, for the option `messageIdProvider`.",
    )
    .example(
        r#"let mqtt = require("mqtt");
let ids = mqtt.UniqueMessageIdProvider();
console.log(ids.allocate(), ids.allocate()); //=> 1 2
ids.deallocate(1);
console.log(ids.allocate()); //=> 1
"#,
    ),
    Entry::function("MessageIdProvider", "allocate", (0, 0), "", "Takes an identifier; `()` when all 65,535 are in use.").example(
        r#"let mqtt = require("mqtt");
console.log(mqtt.UniqueMessageIdProvider().allocate()); //=> 1
"#,
    ),
    Entry::function("MessageIdProvider", "register", (1, 1), "id", "Marks an identifier as in use; false if it was already.")
        .example(
            r#"let mqtt = require("mqtt");
let ids = mqtt.UniqueMessageIdProvider();
console.log(ids.register(1), ids.register(1), ids.allocate()); //=> true false 2
"#,
        ),
    Entry::function("MessageIdProvider", "deallocate", (1, 1), "id", "Gives an identifier back.").example(
        r#"let mqtt = require("mqtt");
let ids = mqtt.UniqueMessageIdProvider();
let id = ids.allocate();
ids.deallocate(id);
console.log(ids.allocate() == id); //=> true
"#,
    ),
    Entry::function("MessageIdProvider", "clear", (0, 0), "", "Gives all identifiers back.").example(
        r#"let mqtt = require("mqtt");
let ids = mqtt.UniqueMessageIdProvider();
ids.allocate();
ids.clear();
console.log(ids.allocate()); //=> 1
"#,
    ),
    Entry::function(
        "MessageIdProvider",
        "getLastAllocated",
        (0, 0),
        "",
        "The identifier taken last; `()` as long as a `UniqueMessageIdProvider` gave none.",
    )
    .example(
        r#"let mqtt = require("mqtt");
let ids = mqtt.UniqueMessageIdProvider();
console.log(ids.getLastAllocated()); //=> undefined
ids.allocate();
console.log(ids.getLastAllocated()); //=> 1
"#,
    ),
    Entry::property("mqtt", "MQTTJS_VERSION", "The release of MQTT.js that this client behaves like; also `mqtt.Client.VERSION`.")
        .example(
            r#"let mqtt = require("mqtt");
console.log(mqtt.MQTTJS_VERSION == mqtt.Client.VERSION); //=> true
"#,
        ),
    Entry::function(
        "mqtt",
        "KeepaliveManager",
        (0, 2),
        "[client][, variant]",
        "Throws: pings are sent beside the script. See `client.keepalive`, `client.sendPing` and `client.reschedulePing`.",
    )
    .example(
        r#"let mqtt = require("mqtt");
try {
    mqtt.KeepaliveManager();
} catch (error) {
    console.log(error.message.contains("not available")); //=> true
}
"#,
    ),
];
