//! The options of `mqtt.connect`.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::option(
        "clientId",
        "text; default `mqttjs_` and 8 hex digits",
        "Names the session at the broker, which lets in only one client of a name. A value, or a closure that \
         is asked at each attempt.",
    ).example(
r#"
let client = mqtt.connect("mqtt://localhost", #{clientId: `kitchen-${process.pid}`});
console.log(client.options.clientId.startsWith("kitchen-")); //=> true
client.end();
"#,
),
    Entry::option("username", "text", "The user name. A value, or a closure that is asked at each attempt.").example(
r#"
let client = mqtt.connect("mqtt://localhost", #{username: "kitchen", password: "secret"});
client.on("connect", || client.end());
"#,
),
    Entry::option(
        "password",
        "text or Buffer",
        "The password; needs `username` below MQTT 5. A value, or a closure that is asked at each attempt.",
    ).example(
r#"
let token = || "token-" + Date.now(); // a new one for each attempt
let client = mqtt.connect("mqtt://localhost", #{username: "kitchen", password: token});
client.on("connect", || client.end());
"#,
),
    Entry::option("clean", "true or false; default true", "Start without an old session. With false, which needs a `clientId`, the broker keeps subscriptions \
         and messages of QoS 1 and 2 while the client is away.").example(
r#"
let options = #{clientId: "kitchen", clean: false};
let client = mqtt.connect("mqtt://localhost", options);
client.subscribe("room/#", #{qos: 1}, || client.end());
client.on("end", || {
    let again = mqtt.connect("mqtt://localhost", options);
    again.on("connect", |connack| {
        console.log(connack.sessionPresent); //=> true
        again.end();
    });
});
"#,
),
    Entry::option(
        "keepalive",
        "seconds, 0 to 65535; default 60",
        "A ping goes out when nothing was exchanged for so long; the link counts as lost if then nothing comes for half of that. \
         0 turns it off.",
    ).example(
r#"
let client = mqtt.connect("mqtt://localhost", #{keepalive: 20});
client.on("connect", || {
    console.log(client.keepalive); //=> 20
    client.end();
});
"#,
),
    Entry::option("protocolVersion", "3, 4 or 5; default 4", "The version of MQTT to speak: 3 for MQTT 3.1, 4 for 3.1.1, 5 for 5.").example(
r#"
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.on("connect", |connack| {
    console.log(connack.reasonCode); //=> 0
    client.end();
});
"#,
),
    Entry::option("protocolId", "`MQTT` or `MQIsdp`", "The name of the protocol in CONNECT; `MQIsdp` goes with `protocolVersion: 3`.").example(
r#"
let options = #{protocolId: "MQIsdp", protocolVersion: 3, manualConnect: true};
let client = mqtt.connect("mqtt://localhost", options);
client.once("packetsend", |packet| console.log(packet.protocolId)); //=> MQIsdp
client.on("connect", || client.end());
client.connect();
"#,
),
    Entry::option(
        "reconnectPeriod",
        "ms or `#{min, max, factor, jitter, attempts}`; default 1000",
        "How long to wait after the link was lost before the next try, or a [map](#reconnectPeriod) for waits \
         that grow; 0: never try again.",
    ).example(
r#"
let client = mqtt.connect("mqtt://127.0.0.1:1", #{reconnectPeriod: 0}); // nothing listens there
client.on("error", |error| console.log(error.code)); //=> ECONNREFUSED
client.on("close", || console.log("gave up")); //=> gave up
"#,
),
    Entry::option(
        "reconnectOnConnackError",
        "true or false; default false",
        "Try again also after the broker refused the session, for example for a wrong password; otherwise the \
         client gives up.",
    ).example(
r#"
let client = mqtt.connect("mqtt://localhost", #{reconnectOnConnackError: true});
client.on("error", |error| console.warn(`refused (${error.code}), trying again`));
client.on("connect", || client.end());
"#,
),
    Entry::option("connectTimeout", "ms; default 30000", "How long an attempt may take, from dialling to CONNACK; after that the next one starts.").example(
r#"
let client = mqtt.connect("mqtt://localhost", #{connectTimeout: 5000});
client.on("connect", || client.end());
"#,
),
    Entry::option("endTimeout", "ms; default 10000", "How long `end()` waits for what was accepted before it cuts the link.").example(
r#"
let client = mqtt.connect("mqtt://127.0.0.1:1", #{endTimeout: 20}); // nothing listens there
client.on("error", |error| ());
client.publish("room/light", "off", #{qos: 1}, |error| console.log(error.message)); //=> Connection closed
client.end(false, || console.log("ended")); //=> ended
"#,
),
    Entry::option("resubscribe", "true or false; default true", "Subscribe again after a reconnect to a broker that has no session of this client.").example(
r#"
let client = mqtt.connect("mqtt://localhost", #{resubscribe: false});
client.on("connect", || client.subscribe("room/#", || client.end())); // at each connect
"#,
),
    Entry::option("queueQoSZero", "true or false; default true", "Keep messages of QoS 0 that are published while the client is not connected; with false they are \
         dropped and their callback gets an error.").example(
r#"
let client = mqtt.connect("mqtt://localhost", #{queueQoSZero: false});
client.publish("room/temp", "21", |error| console.log(error.message)); //=> No connection to broker
client.on("connect", || client.end());
"#,
),
    Entry::option(
        "maxQueue",
        "1 to 100,000,000; default 1,000,000",
        "How many messages may wait, those that `client.queued` counts: published, and not on the wire (QoS 0) or not acknowledged \
         (QoS 1 and 2), those of a store too. What comes to a message beyond that says `queuePolicy`.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{maxQueue: 2, manualConnect: true});
for number in 1..=3 {
    client.publish("count", number, |error| {
        if error != () { console.log(error.message); } //=> queue is full: 2 messages wait, `maxQueue` is 2
    });
}
client.on("connect", || client.end());
client.connect();
"#,
    ),
    Entry::option(
        "maxQueueBytes",
        "1 to 68,719,476,736; default 268,435,456 (256 MiB)",
        "How many bytes of payload the messages that wait may have together. One that is larger than that waits alone.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{maxQueueBytes: 10, manualConnect: true});
client.publish("text", "12345678");
client.publish("text", "12345678", |error| {
    console.log(error.message); //=> queue is full: 8 bytes wait in 1 message, `maxQueueBytes` is 10
    client.end();
});
"#,
    ),
    Entry::option(
        "queuePolicy",
        "`\"error\"` or `\"wait\"`; default `\"error\"`",
        "What comes to a message beyond `maxQueue` or `maxQueueBytes`. With `\"error\"` its callback gets an error in the next turn, \
         `publishAsync` throws, and without a callback there is one `error` event for all such messages of a turn, with their number as \
         `error.refused`; after 10,000 callbacks that could not be told yet `publish` throws. With `\"wait\"` the call blocks the script \
         until there is room; pings and acknowledgements go on, other events queue up. Without room for `queueTimeout`, or while \
         the client neither is connected nor tries to, it is an error all the same.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{maxQueue: 10, queuePolicy: "wait"});
for number in 0..1000 { client.publish("count", number, #{qos: 1}); }
console.log(client.queued <= 10); //=> true
client.end();
"#,
    ),
    Entry::option(
        "queueTimeout",
        "milliseconds; default 30000",
        "How long a call waits for room with `queuePolicy: \"wait\"`, for example while the broker cannot be reached; 0: as long as it \
         takes.",
    )
    .example(
        r#"
let options = #{maxQueue: 1, queuePolicy: "wait", queueTimeout: 50, reconnectPeriod: 10};
let client = mqtt.connect("mqtt://127.0.0.1:1", options); // nobody is there
client.on("error", |error| ());
client.publish("count", 1);
client.publish("count", 2, |error| {
    console.log(error.message); //=> queue is full: 1 message waits, `maxQueue` is 1
    client.end(true);
});
"#,
    ),
    Entry::option("reschedulePings", "true or false; default true", "Whether messages of QoS 1 and 2 that the broker acknowledges put off the next ping; with false pings \
         come at fixed times.").example(
r#"
let client = mqtt.connect("mqtt://localhost", #{keepalive: 20, reschedulePings: false});
client.on("connect", || client.end());
"#,
),
    Entry::option("manualConnect", "true or false; default false", "Do not connect before `client.connect()`.").example(
r#"
let client = mqtt.connect("mqtt://localhost", #{manualConnect: true});
client.on("connect", || client.end());
console.log(client.state); //=> offline
client.connect();
"#,
),
    Entry::option(
        "will",
        "`#{topic, payload, qos, retain, properties}`",
        "What the broker publishes if the client vanishes without DISCONNECT, see [its keys](#will).",
    ).example(
r#"
let will = #{topic: "room/state", payload: "gone"};
let device = mqtt.connect("mqtt://localhost", #{will: will});
device.on("connect", || {
    let watcher = mqtt.connect("mqtt://localhost");
    watcher.subscribe("room/state", || device.end(true)); // cut, without DISCONNECT
    watcher.on("message", |topic, message| {
        console.log(topic + ": " + message); //=> room/state: gone
        watcher.end();
    });
});
"#,
),
    Entry::option("properties", "map", "MQTT 5 [properties](#properties) of CONNECT; without effect below MQTT 5.").example(
r#"
let options = #{protocolVersion: 5, clientId: "kitchen", properties: #{sessionExpiryInterval: 3600}};
let client = mqtt.connect("mqtt://localhost", options);
client.on("connect", || client.end());
"#,
),
    Entry::option("protocol", "`mqtt`, `mqtts`, `ws`, `wss`, ...", "How to talk to the broker, instead of what the URL says: `mqtt` or `tcp`, `mqtts`, `ssl` or `tls`, \
         `ws`, `wss`, `mqtt+unix`.").example(
r#"
let client = mqtt.connect(#{protocol: "mqtt", host: "127.0.0.1", port: 1883});
client.on("connect", || client.end());
"#,
),
    Entry::option("host", "text; default `localhost`", "The name or address of the broker, instead of the URL's.").example(
r#"
let client = mqtt.connect(#{host: "127.0.0.1", port: 1883});
client.on("connect", || client.end());
"#,
),
    Entry::option("hostname", "text", "The same as `host`, over which it wins.").example(
r#"
let client = mqtt.connect(#{hostname: "127.0.0.1", port: 1883});
client.on("connect", || client.end());
"#,
),
    Entry::option("port", "1 to 65535", "The port of the broker, instead of the URL's; 0 counts as not given. Without either: 1883, 8883 with \
         TLS, 80 for `ws`, 443 for `wss`.").example(
r#"
let client = mqtt.connect("mqtt://127.0.0.1", #{port: 1883});
client.on("connect", || client.end());
"#,
),
    Entry::option("path", "text; default `/`", "The path of the WebSocket URL, or of a unix socket.").example(
r#"
let client = mqtt.connect("ws://localhost", #{path: "/mqtt"});
client.on("connect", || {
    console.log("connected over WebSocket"); //=> connected over WebSocket
    client.end();
});
"#,
),
    Entry::option("unixSocket", "true or false", "`path` is a unix socket, as with `protocol: \"mqtt+unix\"`.").example(
r#"
let client = mqtt.connect(#{unixSocket: true, path: "/nowhere.sock", reconnectPeriod: 0});
client.on("error", |error| console.log(error.code)); //=> ENOENT
"#,
),
    Entry::option("servers", "array of `#{host, port, protocol}`", "Several brokers, each a [map](#servers); tried in turn, the next one at each attempt.").example(
r#"
let servers = [#{host: "127.0.0.1", port: 1}, #{host: "127.0.0.1", port: 1883}]; // nothing listens at port 1
let client = mqtt.connect(#{servers: servers, reconnectPeriod: 20});
client.on("error", |error| console.log(error.code)); //=> ECONNREFUSED
client.on("connect", || {
    console.log("the second one answers"); //=> the second one answers
    client.end();
});
"#,
),
    Entry::option(
        "ca",
        "PEM text, Buffer, path, or an array of them",
        "The certificate authorities to trust, as PEM text, Buffer, path of a PEM file, or an array of them; \
         without it those of the system.",
    ).example(
r#"
let client = mqtt.connect("mqtts://localhost", #{ca: "ca.pem"});
client.on("connect", || {
    console.log("connected with TLS"); //=> connected with TLS
    client.end();
});
"#,
),
    Entry::option("cert", "PEM text, Buffer or path", "The certificate of this client, with the chain to its authority, as PEM text, Buffer or path of a \
         PEM file; needs `key`.").example(
r#"
let options = #{ca: "ca.pem", cert: "client.pem", key: "client.key"};
let client = mqtt.connect("mqtts://localhost:8884", options);
client.on("connect", || {
    console.log("the broker knows who we are"); //=> the broker knows who we are
    client.end();
});
"#,
),
    Entry::option("key", "PEM text, Buffer or path", "The private key of `cert`, as PEM text, Buffer or path of a PEM file.").example(
r#"
let options = #{ca: "ca.pem", cert: "client.pem", key: fs.readFileSync("client.key")};
let client = mqtt.connect("mqtts://localhost:8884", options);
client.on("connect", || client.end());
"#,
),
    Entry::option("passphrase", "text", "The passphrase of an encrypted `key`; not looked at if the key is not encrypted.").example(
r#"
let options = #{ca: "ca.pem", cert: "client.pem", key: "client.key", passphrase: process.env.KEY_PASSPHRASE};
let client = mqtt.connect("mqtts://localhost:8884", options);
client.on("connect", || client.end());
"#,
),
    Entry::option(
        "rejectUnauthorized",
        "true or false; default true",
        "With false the client also talks to a broker whose certificate cannot be verified: encrypted, but \
         with whoever answers.",
    ).example(
r#"
let client = mqtt.connect("mqtts://localhost", #{rejectUnauthorized: false});
client.on("connect", || {
    console.log("connected, to somebody"); //=> connected, to somebody
    client.end();
});
"#,
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
    )
    .example(
        r#"
let store = mqtt.Store();
store.put(#{messageId: 1, topic: "greeting", payload: "hello", qos: 1});
let client = mqtt.connect("mqtt://localhost", #{outgoingStore: store, manualConnect: true});
console.log(client.queued); //=> 1
client.on("connect", || client.end());
client.connect();
"#,
    ),
    Entry::option("incomingStore", "a `mqtt.Store`", "Keeps incoming QoS 2 messages until they were handled.").example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{incomingStore: mqtt.Store()});
client.on("message", |topic, message| {
    console.log(topic, "" + message); //=> greeting hello
    client.end();
});
client.subscribe("greeting", #{qos: 2});
client.publish("greeting", "hello", #{qos: 2});
"#,
    ),
    Entry::option("servername", "text; default the host", "The name to ask for (SNI) and to find in the certificate, where it is not the host's.").example(
r#"
let client = mqtt.connect("mqtts://localhost", #{ca: "ca.pem", servername: "pi2.home"});
client.on("connect", || client.end());
"#,
),
    Entry::option("ALPNProtocols", "array of text", "The application protocols to offer in the TLS handshake, the most wanted first; some brokers want \
         `mqtt`.").example(
r#"
let client = mqtt.connect("mqtts://localhost", #{ca: "ca.pem", ALPNProtocols: ["mqtt"]});
client.on("connect", || client.end());
"#,
),
    Entry::option("wsOptions", "`#{headers: #{...}}`", "More for the WebSocket request, see [its keys](#wsOptions).").example(
r#"
let client = mqtt.connect("ws://localhost", #{wsOptions: #{headers: #{Authorization: "Bearer abc"}}});
client.on("connect", || client.end());
"#,
),
    Entry::option(
        "autoUseTopicAlias",
        "true or false; default false",
        "Send the alias instead of a topic that was published with a `topicAlias` on this connection (MQTT \
         5).",
    )
    .example(
r#"
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
        "Give every topic an alias, as many as the broker takes; the one used longest ago is given away first \
         (MQTT 5).",
    )
    .example(
r#"
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
        "An AUTH packet to send right after CONNECT, if `properties.authenticationMethod` is given (MQTT 5). \
         What the broker sends is for `client.handleAuth`.",
    ).example(
r#"
let auth = #{authenticationMethod: "token", authenticationData: "first"};
let client = mqtt.connect("mqtt://localhost", #{
    protocolVersion: 5, properties: auth,
    authPacket: #{reasonCode: 24, properties: #{authenticationData: "second"}},
});
client.on("error", |error| console.log(error.message)); //=> Connection refused: Bad authentication method
"#,
),
    Entry::option(
        "customHandleAcks",
        "closure `|topic, message, packet, done|`",
        "Decides how a QoS 1 or 2 message is acknowledged (MQTT 5): `done.call(code)` or `done.call(error, code)`, at \
         once or later; with another code than 0 (16, 128, 131, 135, 144, 145, 151, 153) there is no \
         `message` event.",
    )
    .example(
r#"
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
    Entry::option("timerVariant", "any", "Accepted for MQTT.js; timers are native here.").example(
r#"
let client = mqtt.connect("mqtt://localhost", #{timerVariant: "native"});
client.on("connect", || client.end());
"#,
),
    Entry::option("writeCache", "true or false", "Accepted for MQTT.js; has no effect here.").example(
r#"
let client = mqtt.connect("mqtt://localhost", #{writeCache: false});
client.on("connect", || client.end());
"#,
),
];
