//! MQTT 5 properties that a script can set: the map `properties` of several options.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::key(
        "properties",
        "sessionExpiryInterval",
        "seconds, 0 to 4294967295",
        "How long the broker keeps the session after the connection; 4294967295: for ever. CONNECT, DISCONNECT.",
    )
    .example(
        r#"
let mqtt = require("mqtt");
let options = #{protocolVersion: 5, clean: false, clientId: "keeper", properties: #{sessionExpiryInterval: 3600}};
let client = mqtt.connect("mqtt://localhost", options);
client.on("connect", || { console.log("connected"); client.end(); }); //=> connected
"#,
    ),
    Entry::key(
        "properties",
        "receiveMaximum",
        "1 to 65535",
        "How many QoS 1 and 2 messages may be on their way to this client at once. CONNECT.",
    )
    .example(
        r#"
let mqtt = require("mqtt");
let options = #{protocolVersion: 5, properties: #{receiveMaximum: 10}};
let client = mqtt.connect("mqtt://localhost", options);
client.on("connect", || { console.log("connected"); client.end(); }); //=> connected
"#,
    ),
    Entry::key(
        "properties",
        "maximumPacketSize",
        "bytes, 1 to 4294967295",
        "The largest packet this client takes. CONNECT.",
    )
    .example(
        r#"
let mqtt = require("mqtt");
let options = #{protocolVersion: 5, properties: #{maximumPacketSize: 65536}};
let client = mqtt.connect("mqtt://localhost", options);
client.on("connect", || { console.log("connected"); client.end(); }); //=> connected
"#,
    ),
    Entry::key(
        "properties",
        "topicAliasMaximum",
        "0 to 65535",
        "The highest topic alias the broker may use towards this client. CONNECT.",
    )
    .example(
        r#"
let mqtt = require("mqtt");
let options = #{protocolVersion: 5, properties: #{topicAliasMaximum: 10}};
let client = mqtt.connect("mqtt://localhost", options);
client.on("connect", || { console.log("connected"); client.end(); }); //=> connected
"#,
    ),
    Entry::key(
        "properties",
        "requestResponseInformation",
        "true or false",
        "Ask for `responseInformation` in CONNACK. CONNECT.",
    )
    .example(
        r#"
let mqtt = require("mqtt");
let options = #{protocolVersion: 5, properties: #{requestResponseInformation: true}};
let client = mqtt.connect("mqtt://localhost", options);
client.on("connect", || { console.log("connected"); client.end(); }); //=> connected
"#,
    ),
    Entry::key(
        "properties",
        "requestProblemInformation",
        "true or false",
        "Whether answers may have `reasonString` and `userProperties` when something failed. CONNECT.",
    )
    .example(
        r#"
let mqtt = require("mqtt");
let options = #{protocolVersion: 5, properties: #{requestProblemInformation: true}};
let client = mqtt.connect("mqtt://localhost", options);
client.on("connect", || { console.log("connected"); client.end(); }); //=> connected
"#,
    ),
    Entry::key(
        "properties",
        "userProperties",
        "map of text or arrays of text",
        "Names and values of your own, passed on as they are. All packets.",
    )
    .example(
        r#"
let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.on("message", |topic, message, packet| {
    console.log(packet.properties.userProperties); //=> { room: 'kitchen', tags: [ 'a', 'b' ] }
    client.end();
});
let options = #{properties: #{userProperties: #{room: "kitchen", tags: ["a", "b"]}}};
client.subscribe("demo/userProperties", || client.publish("demo/userProperties", "hi", options));
"#,
    ),
    Entry::key("properties", "authenticationMethod", "text", "The name of the extended authentication. CONNECT, AUTH.")
        .example(
            r#"
let mqtt = require("mqtt");
let options = #{protocolVersion: 5, properties: #{authenticationMethod: "digits"}};
let client = mqtt.connect("mqtt://localhost", options);
client.on("error", |error| console.log(error.message)); //=> Connection refused: Bad authentication method
"#,
        ),
    Entry::key(
        "properties",
        "authenticationData",
        "text or Buffer",
        "What that authentication exchanges. CONNECT, AUTH.",
    )
    .example(
        r#"
let mqtt = require("mqtt");
let options = #{protocolVersion: 5, properties: #{authenticationMethod: "digits", authenticationData: "1"}};
let client = mqtt.connect("mqtt://localhost", options);
client.on("error", |error| console.log(error.message)); //=> Connection refused: Bad authentication method
"#,
    ),
    Entry::key(
        "properties",
        "willDelayInterval",
        "seconds, 0 to 4294967295",
        "How long the broker waits before it publishes the will. `will.properties`.",
    )
    .example(
        r#"
let mqtt = require("mqtt");
let will = #{topic: "demo/gone", payload: "gone", properties: #{willDelayInterval: 5}};
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5, will: will});
client.on("connect", || { console.log("connected"); client.end(); }); //=> connected
"#,
    ),
    Entry::key(
        "properties",
        "payloadFormatIndicator",
        "true or false",
        "true: the payload is UTF-8 text. PUBLISH, will.",
    )
    .example(
        r#"
let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.on("message", |topic, message, packet| {
    console.log(packet.properties.payloadFormatIndicator); //=> true
    client.end();
});
let options = #{properties: #{payloadFormatIndicator: true}};
client.subscribe("demo/payloadFormatIndicator", || client.publish("demo/payloadFormatIndicator", "hi", options));
"#,
    ),
    Entry::key(
        "properties",
        "messageExpiryInterval",
        "seconds, 0 to 4294967295",
        "The message is dropped if it could not be delivered by then. PUBLISH, will.",
    )
    .example(
        r#"
let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.on("message", |topic, message, packet| {
    console.log(packet.properties.messageExpiryInterval <= 60); //=> true
    client.end();
});
let options = #{properties: #{messageExpiryInterval: 60}};
client.subscribe("demo/messageExpiryInterval", || client.publish("demo/messageExpiryInterval", "hi", options));
"#,
    ),
    Entry::key(
        "properties",
        "topicAlias",
        "1 to 65535",
        "A number that stands for the topic in later messages. PUBLISH.",
    )
    .example(
        r#"
let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.on("message", |topic, message| {
    console.log(topic, "" + message); //=> demo/topicAlias hi
    client.end();
});
client.subscribe("demo/topicAlias", #{qos: 1}, || {
    client.publish("demo/other", "", #{properties: #{topicAlias: 1}});
    client.publish("demo/topicAlias", "hi", #{properties: #{topicAlias: 1}});
});
"#,
    ),
    Entry::key("properties", "responseTopic", "text", "Where an answer is wanted. PUBLISH, will.").example(
        r#"
let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.on("message", |topic, message, packet| {
    console.log(packet.properties.responseTopic); //=> demo/answers
    client.end();
});
let options = #{properties: #{responseTopic: "demo/answers"}};
client.subscribe("demo/responseTopic", || client.publish("demo/responseTopic", "hi", options));
"#,
    ),
    Entry::key(
        "properties",
        "correlationData",
        "text or Buffer",
        "Lets whoever asked find the question that an answer belongs to. PUBLISH, will.",
    )
    .example(
        r#"
let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.on("message", |topic, message, packet| {
    console.log("" + packet.properties.correlationData); //=> 42
    client.end();
});
let options = #{properties: #{responseTopic: "demo/answers", correlationData: "42"}};
client.subscribe("demo/correlationData", || client.publish("demo/correlationData", "hi", options));
"#,
    ),
    Entry::key(
        "properties",
        "subscriptionIdentifier",
        "1 to 268435455",
        "Comes back with each message that this subscription matched. SUBSCRIBE.",
    )
    .example(
        r#"
let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.on("message", |topic, message, packet| {
    console.log(packet.properties.subscriptionIdentifier); //=> 7
    client.end();
});
let options = #{properties: #{subscriptionIdentifier: 7}};
client.subscribe("demo/identifier", options, || client.publish("demo/identifier", "hi"));
"#,
    ),
    Entry::key(
        "properties",
        "contentType",
        "text",
        "What the payload is, for example `application/json`. PUBLISH, will.",
    )
    .example(
        r#"
let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.on("message", |topic, message, packet| {
    console.log(packet.properties.contentType); //=> text/plain
    client.end();
});
let options = #{properties: #{contentType: "text/plain"}};
client.subscribe("demo/contentType", || client.publish("demo/contentType", "hi", options));
"#,
    ),
    Entry::key("properties", "reasonString", "text", "Why, in words for people. DISCONNECT, AUTH.").example(
        r#"
let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.on("connect", || {
    client.end(false, #{properties: #{reasonString: "done for today"}}, || console.log("ended")); //=> ended
});
"#,
    ),
    Entry::key("properties", "serverReference", "text", "Another server to use. DISCONNECT.").example(
        r#"
let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.on("disconnect", |packet| if packet.reasonCode == 157 { console.log(packet.properties.serverReference); });
client.on("connect", || { console.log("not moved"); client.end(); }); //=> not moved
"#,
    ),
];
