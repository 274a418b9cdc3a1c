//! Packets, as the listeners of `message`, `packetsend` and `packetreceive` and the callbacks get them.

use crate::api::table::Entry;

/// What packets have; `()` where this packet has none of that name.
pub const ENTRIES: &[Entry] = &[
    Entry::property("Packet", "cmd", "What kind of packet it is: `publish`, `connack`, `suback`, ...").example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.subscribe("room/#", |error, granted, packet| {
    console.log(packet.cmd); //=> suback
    client.end();
});
"#,
    ),
    Entry::property(
        "Packet",
        "retain",
        "PUBLISH: whether the broker had kept the message from before the subscription.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.publish("room/light", "on", #{retain: true});
client.subscribe("room/light");
client.on("message", |topic, message, packet| {
    if packet.retain { console.log("it was on before"); } //=> it was on before
    client.end();
});
"#,
    ),
    Entry::property("Packet", "qos", "PUBLISH: the quality of service it came with: 0, 1 or 2.").example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.subscribe("meter/gas", #{qos: 2});
client.publish("meter/gas", "4711", #{qos: 1});
client.on("message", |topic, message, packet| {
    console.log(packet.qos); //=> 1
    client.end();
});
"#,
    ),
    Entry::property(
        "Packet",
        "dup",
        "PUBLISH: whether it may have come before, because its acknowledgement was lost. QoS 2 never comes \
         twice.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.subscribe("meter/gas", #{qos: 1});
client.publish("meter/gas", "4711", #{qos: 1});
client.on("message", |topic, message, packet| {
    console.log(packet.dup); //=> false
    client.end();
});
"#,
    ),
    Entry::property(
        "Packet",
        "length",
        "How many bytes of a received packet follow its first byte and the length itself.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.subscribe("room/light");
client.publish("room/light", "on");
client.on("message", |topic, message, packet| {
    console.log(packet.length); //=> 14
    client.end();
});
"#,
    ),
    Entry::property("Packet", "topic", "PUBLISH: where it was published.").example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.publish("room/light", "on", #{qos: 1}, |error, packet| {
    console.log(packet.topic); //=> room/light
    client.end();
});
"#,
    ),
    Entry::property("Packet", "payload", "PUBLISH: the message, a `Buffer`.").example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.subscribe("room/light");
client.publish("room/light", "on");
client.on("message", |topic, message, packet| {
    console.log(packet.payload, packet.payload == message); //=> <Buffer 6f 6e> true
    client.end();
});
"#,
    ),
    Entry::property(
        "Packet",
        "messageId",
        "The packet identifier, which an acknowledgement has in common with what it acknowledges; `()` in a \
         received message of QoS 0.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.publish("room/light", "on", #{qos: 1}, |error, packet| {
    console.log(packet.messageId == client.getLastMessageId()); //=> true
    client.end();
});
"#,
    ),
    Entry::property(
        "Packet",
        "properties",
        "MQTT 5 properties, see [`Properties`](#Properties) and [properties](#properties); `()` if there are \
         none.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.subscribe("room/light");
client.publish("room/light", "on", #{properties: #{contentType: "text/plain"}});
client.on("message", |topic, message, packet| {
    console.log(packet.properties); //=> { contentType: 'text/plain' }
    client.end();
});
"#,
    ),
    Entry::property(
        "Packet",
        "sessionPresent",
        "CONNACK: whether the broker still had the session, with its subscriptions.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.on("connect", |packet| {
    if !packet.sessionPresent { client.subscribe("room/#", || console.log("subscribed anew")); } //=> subscribed anew
    client.end();
});
"#,
    ),
    Entry::property("Packet", "returnCode", "CONNACK below MQTT 5: 0, or why the session was refused.").example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.on("connect", |packet| {
    console.log(packet.returnCode); //=> 0
    client.end();
});
"#,
    ),
    Entry::property(
        "Packet",
        "reasonCode",
        "MQTT 5: 0 or another success, or why it failed; the texts are in `mqtt.ReasonCodes`.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.on("connect", |packet| {
    console.log(packet.reasonCode == 0); //=> true
    client.end();
});
"#,
    ),
    Entry::property(
        "Packet",
        "granted",
        "SUBACK, and UNSUBACK in MQTT 5: an array with the QoS or the reason code for each filter.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.subscribe(#{"room/#": 1, "alarm": 2}, |error, granted, packet| {
    console.log(packet.granted.sort()); //=> [ 1, 2 ]
    client.end();
});
"#,
    ),
    Entry::property(
        "Packet",
        "subscriptions",
        "SUBSCRIBE: an array of `#{topic, qos}`, in MQTT 5 with `nl`, `rap` and `rh`.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.on("packetsend", |packet| if packet.cmd == "subscribe" {
    console.log(packet.subscriptions); //=> [ { qos: 1, topic: 'room/#' } ]
});
client.subscribe("room/#", #{qos: 1}, || client.end());
"#,
    ),
    Entry::property("Packet", "unsubscriptions", "UNSUBSCRIBE: an array of filters.").example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.on("packetsend", |packet| if packet.cmd == "unsubscribe" {
    console.log(packet.unsubscriptions); //=> [ 'room/#' ]
});
client.unsubscribe("room/#", || client.end());
"#,
    ),
    Entry::property("Packet", "clientId", "CONNECT: the client identifier.").example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{clientId: "kitchen", manualConnect: true});
client.once("packetsend", |packet| console.log(packet.clientId)); //=> kitchen
client.on("connect", || client.end());
client.connect();
"#,
    ),
    Entry::property("Packet", "keepalive", "CONNECT: the keep alive, in seconds.").example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{keepalive: 30, manualConnect: true});
client.once("packetsend", |packet| console.log(packet.keepalive)); //=> 30
client.on("connect", || client.end());
client.connect();
"#,
    ),
    Entry::property("Packet", "clean", "CONNECT: whether an old session is thrown away.").example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{manualConnect: true});
client.once("packetsend", |packet| console.log(packet.clean)); //=> true
client.on("connect", || client.end());
client.connect();
"#,
    ),
    Entry::property("Packet", "username", "Always `()`: packets do not show who logs in.").example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{username: "kitchen", manualConnect: true});
client.once("packetsend", |packet| console.log(packet.username)); //=> undefined
client.on("connect", || client.end());
client.connect();
"#,
    ),
    Entry::property("Packet", "will", "Always `()`: packets do not show the will.").example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{will: #{topic: "state", payload: "gone"}, manualConnect: true});
client.once("packetsend", |packet| console.log(packet.will)); //=> undefined
client.on("connect", || client.end());
client.connect();
"#,
    ),
    Entry::property("Packet", "protocolVersion", "CONNECT: 3, 4 or 5.").example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5, manualConnect: true});
client.once("packetsend", |packet| console.log(packet.protocolVersion)); //=> 5
client.on("connect", || client.end());
client.connect();
"#,
    ),
    Entry::property("Packet", "protocolId", "CONNECT: `MQTT`, or `MQIsdp` for MQTT 3.1.").example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{manualConnect: true});
client.once("packetsend", |packet| console.log(packet.protocolId)); //=> MQTT
client.on("connect", || client.end());
client.connect();
"#,
    ),
];

/// The MQTT 5 properties that only a broker sets. Those that a script sets too are in [`super::properties`].
pub const PROPERTIES: &[Entry] = &[
    Entry::property(
        "Properties",
        "assignedClientIdentifier",
        "CONNACK: the client identifier that the broker made up for an empty one.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5, clientId: ""});
client.on("connect", || {
    console.log(client.serverProperties.assignedClientIdentifier != ""); //=> true
    client.end();
});
"#,
    ),
    Entry::property(
        "Properties",
        "serverKeepAlive",
        "CONNACK: the keep alive to use instead of the one asked for, seconds.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.on("connect", |packet| {
    let seconds = packet.properties.serverKeepAlive ?? client.options.keepalive;
    console.log(seconds == client.keepalive); //=> true
    client.end();
});
"#,
    ),
    Entry::property("Properties", "responseInformation", "CONNACK: what to begin response topics with.").example(
        r#"
let options = #{protocolVersion: 5, properties: #{requestResponseInformation: true}};
let client = mqtt.connect("mqtt://localhost", options);
client.on("connect", |packet| {
    let answers = packet.properties.responseInformation ?? "answers/";
    console.log(answers + "1"); //=> answers/1
    client.end();
});
"#,
    ),
    Entry::property("Properties", "maximumQoS", "CONNACK: the highest QoS the broker takes, 0 or 1; `()`: 2.").example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.on("connect", |packet| {
    console.log(packet.properties.maximumQoS ?? 2); //=> 2
    client.end();
});
"#,
    ),
    Entry::property("Properties", "retainAvailable", "CONNACK: false if the broker keeps no messages.").example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.on("connect", |packet| {
    console.log(packet.properties.retainAvailable ?? true); //=> true
    client.end();
});
"#,
    ),
    Entry::property(
        "Properties",
        "wildcardSubscriptionAvailable",
        "CONNACK: false if the broker takes no `+` and `#`.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.on("connect", |packet| {
    console.log(packet.properties.wildcardSubscriptionAvailable ?? true); //=> true
    client.end();
});
"#,
    ),
    Entry::property(
        "Properties",
        "subscriptionIdentifiersAvailable",
        "CONNACK: false if the broker takes no `subscriptionIdentifier`.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.on("connect", |packet| {
    console.log(packet.properties.subscriptionIdentifiersAvailable ?? true); //=> true
    client.end();
});
"#,
    ),
    Entry::property("Properties", "sharedSubscriptionAvailable", "CONNACK: false if the broker takes no `$share/...`.")
        .example(
            r#"
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.on("connect", |packet| {
    console.log(packet.properties.sharedSubscriptionAvailable ?? true); //=> true
    client.end();
});
"#,
        ),
];
