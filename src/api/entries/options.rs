//! The options of `mqtt.connect`.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::option(
        "clientId",
        "text; default `mqttjs_` and 8 hex digits",
        "Names the session at the broker. A value or a closure.",
    ),
    Entry::option("username", "text", "User name. A value or a closure, asked at each attempt."),
    Entry::option(
        "password",
        "text or Buffer",
        "Password; needs `username` below MQTT 5. A value or a closure, asked at each attempt.",
    ),
    Entry::option("clean", "true or false; default true", "Start without an old session; false needs a `clientId`."),
    Entry::option(
        "keepalive",
        "seconds, 0 to 65535; default 60",
        "A ping goes out after so long without an answer; 0 turns it off.",
    ),
    Entry::option("protocolVersion", "3, 4 or 5; default 4", "MQTT 3.1, 3.1.1 or 5."),
    Entry::option("protocolId", "`MQTT` or `MQIsdp`", "`MQIsdp` goes with `protocolVersion: 3`."),
    Entry::option(
        "reconnectPeriod",
        "ms or `#{min, max, factor, jitter, attempts}`; default 1000",
        "When to try again; 0: never.",
    ),
    Entry::option(
        "reconnectOnConnackError",
        "true or false; default false",
        "Try again also after the broker refused the session.",
    ),
    Entry::option("connectTimeout", "ms; default 30000", "From dialling to CONNACK."),
    Entry::option("endTimeout", "ms; default 10000", "How long `end()` waits for what was accepted."),
    Entry::option("resubscribe", "true or false; default true", "Restore subscriptions after a reconnect."),
    Entry::option("queueQoSZero", "true or false; default true", "Keep QoS 0 messages published while offline."),
    Entry::option("reschedulePings", "true or false; default true", "Acknowledgements put off the next ping."),
    Entry::option("manualConnect", "true or false; default false", "Do not connect before `client.connect()`."),
    Entry::option(
        "will",
        "`#{topic, payload, qos, retain, properties}`",
        "What the broker publishes if the client vanishes.",
    ),
    Entry::option("properties", "map", "CONNECT properties, MQTT 5."),
    Entry::option("protocol", "`mqtt`, `mqtts`, `ws`, `wss`, ...", "Instead of the URL's."),
    Entry::option("host", "text; default `localhost`", "Instead of the URL's."),
    Entry::option("hostname", "text", "The same; wins over `host`."),
    Entry::option("port", "1 to 65535", "Instead of the URL's; 0 counts as not given."),
    Entry::option("path", "text; default `/`", "WebSocket path, or the path of a unix socket."),
    Entry::option("unixSocket", "true or false", "`path` is a unix socket."),
    Entry::option("servers", "array of `#{host, port, protocol}`", "Tried in turn, one more at each attempt."),
    Entry::option(
        "ca",
        "PEM text, Buffer, path, or an array of them",
        "Trusted certificate authorities; default those of the system.",
    ),
    Entry::option("cert", "PEM text, Buffer or path", "Client certificate."),
    Entry::option("key", "PEM text, Buffer or path", "Its private key."),
    Entry::option("passphrase", "text", "Passphrase of an encrypted key."),
    Entry::option(
        "rejectUnauthorized",
        "true or false; default true",
        "false: also talk to a broker whose certificate cannot be verified.",
    ),
    Entry::option(
        "store",
        "path of a file",
        "Keeps accepted QoS 1 and 2 messages, and how far QoS 2 is, in this file: they survive the end of the program, also `kill -9`, and are sent in order when it is started again. Made if it does not exist; needs leave to write. Give a `clientId`, too.",
    )
    .example(
        r#"
let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{clientId: "meter", clean: false, store: "meter.store"});
client.publish("meter/power", "230", #{qos: 1}, |error| {
    console.log("delivered, now or after a restart"); //=> delivered, now or after a restart
    client.end();
});
"#,
    ),
    Entry::option(
        "outgoingStore",
        "a `mqtt.Store`",
        "Keeps accepted QoS 1 and 2 messages; what is in it is sent with the first connection.",
    ),
    Entry::option("incomingStore", "a `mqtt.Store`", "Keeps incoming QoS 2 messages until they were handled."),
    Entry::option("servername", "text; default the host", "The name to ask for (SNI) and to find in the certificate."),
    Entry::option("ALPNProtocols", "array of text", "Application protocols offered in the TLS handshake."),
    Entry::option("wsOptions", "`#{headers: #{...}}`", "Extra headers of the WebSocket request."),
    Entry::option(
        "autoUseTopicAlias",
        "true or false; default false",
        "Send the alias instead of a topic that was published with a `topicAlias` on this connection (MQTT 5).",
    )
    .example(
        r#"
let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5, autoUseTopicAlias: true});
client.on("connect", || {
    client.publish("a/long/topic/name", "1", #{properties: #{topicAlias: 1}});
    client.publish("a/long/topic/name", "2");
    client.end(false, || console.log("both sent, the second without its name")); //=> both sent, the second without its name
});
"#,
    ),
    Entry::option(
        "autoAssignTopicAlias",
        "true or false; default false",
        "Give every topic an alias, as many as the broker takes; the one used longest ago is given away first (MQTT 5).",
    )
    .example(
        r#"
let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5, autoAssignTopicAlias: true});
client.on("connect", || {
    for i in 0..3 { client.publish("a/long/topic/name", "" + i); }
    client.end(false, || console.log("sent, its name only once")); //=> sent, its name only once
});
"#,
    ),
    Entry::option(
        "authPacket",
        "`#{reasonCode, properties}`",
        "An AUTH packet to send right after CONNECT, if `properties.authenticationMethod` is given (MQTT 5). What the broker sends is for `client.handleAuth`.",
    ),
    Entry::option(
        "customHandleAcks",
        "closure `|topic, message, packet, done|`",
        "Decides how a QoS 1 or 2 message is acknowledged: `done.call(code)` or `done.call(error, code)`, at once or later; with another code than 0 (16, 128, 131, 135, 144, 145, 151, 153) there is no `message` event.",
    )
    .example(
        r#"
let mqtt = require("mqtt");
let acks = |topic, message, packet, done| done.call(if topic == "door/secret" { 135 } else { 0 });
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5, customHandleAcks: acks});
client.on("message", |topic, message| {
    console.log(topic, "" + message); //=> door/open yes
    client.end();
});
client.subscribe("door/#", #{qos: 1}, || {
    client.publish("door/secret", "no", #{qos: 1});
    client.publish("door/open", "yes", #{qos: 1});
});
"#,
    ),
    Entry::option("timerVariant", "any", "Accepted for MQTT.js; timers are native here."),
    Entry::option("writeCache", "true or false", "Accepted for MQTT.js; has no effect here."),
];
