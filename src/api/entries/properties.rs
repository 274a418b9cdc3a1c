//! MQTT 5 properties that a script can set: the map `properties` of several options.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::key(
        "properties",
        "sessionExpiryInterval",
        "seconds, 0 to 4294967295",
        "How long the broker keeps the session after the connection; 4294967295: for ever. CONNECT, \
         DISCONNECT.",
    )
    .example(
        r#"
let options = #{protocolVersion: 5, clientId: "kitchen", clean: false};
options.properties = #{sessionExpiryInterval: 3600};
let client = mqtt.connect("mqtt://localhost", options);
client.on("connect", || client.end());
"#,
    ),
    Entry::key(
        "properties",
        "receiveMaximum",
        "1 to 65535",
        "How many messages of QoS 1 and 2 may be on their way to this client at once. CONNECT. A broker that sends more of \
         QoS 2 is left with code 147; mosquitto 2.0 sends more, of both, when some wait and it is given more than 1.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5, properties: #{receiveMaximum: 10}});
client.on("connect", || client.end());
"#,
    ),
    Entry::key(
        "properties",
        "maximumPacketSize",
        "bytes, 1 to 4294967295",
        "The largest packet this client takes; the broker drops larger messages. CONNECT.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5, properties: #{maximumPacketSize: 100000}});
client.on("connect", || client.end());
"#,
    ),
    Entry::key(
        "properties",
        "topicAliasMaximum",
        "0 to 65535",
        "The highest topic alias the broker may use towards this client; 0 or left out: none. CONNECT.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5, properties: #{topicAliasMaximum: 20}});
client.on("connect", || client.end());
"#,
    ),
    Entry::key(
        "properties",
        "requestResponseInformation",
        "true or false",
        "Ask for `responseInformation` in CONNACK, which a broker need not give. CONNECT.",
    )
    .example(
        r#"
let properties = #{requestResponseInformation: true};
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5, properties: properties});
client.on("connect", || client.end());
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
let properties = #{requestProblemInformation: false};
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5, properties: properties});
client.on("connect", || client.end());
"#,
    ),
    Entry::key(
        "properties",
        "userProperties",
        "map of text or arrays of text",
        "Names and values of your own, passed on as they are; an array for a name that comes several times. \
         All packets.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.subscribe("room/temp");
client.publish("room/temp", "21.5", #{properties: #{userProperties: #{unit: "C", tag: ["a", "b"]}}});
client.on("message", |topic, message, packet| {
    console.log(packet.properties.userProperties.tag); //=> [ 'a', 'b' ]
    client.end();
});
"#,
    ),
    Entry::key("properties", "authenticationMethod", "text", "The name of the extended authentication. CONNECT, AUTH.")
        .example(
            r#"
let properties = #{authenticationMethod: "SCRAM-SHA-256", authenticationData: Buffer.from("n,,n=kitchen,r=1")};
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5, reconnectPeriod: 0, properties: properties});
client.on("error", |error| console.log(mqtt.ReasonCodes[error.code])); //=> Bad authentication method
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
let properties = #{authenticationMethod: "token", authenticationData: "abc"};
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5, reconnectPeriod: 0, properties: properties});
client.on("error", |error| console.log(mqtt.ReasonCodes[error.code])); //=> Bad authentication method
"#,
    ),
    Entry::key(
        "properties",
        "willDelayInterval",
        "seconds, 0 to 4294967295",
        "How long the broker waits before it publishes the will; a client that comes back in time prevents \
         it. `will.properties`.",
    )
    .example(
        r#"
let will = #{topic: "room/state", payload: "gone", properties: #{willDelayInterval: 30}};
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5, will: will});
client.on("connect", || client.end());
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
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.subscribe("room/light");
client.publish("room/light", "on", #{properties: #{payloadFormatIndicator: true}});
client.on("message", |topic, message, packet| {
    if packet.properties.payloadFormatIndicator { console.log(message.toString()); } //=> on
    client.end();
});
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
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.publish("door/open", "now", #{retain: true, properties: #{messageExpiryInterval: 60}});
client.subscribe("door/open");
client.on("message", |topic, message, packet| {
    console.log(packet.properties.messageExpiryInterval <= 60); //=> true
    client.end();
});
"#,
    ),
    Entry::key(
        "properties",
        "topicAlias",
        "1 to 65535",
        "A number that stands for the topic in later messages of this connection, which are published to \
         `\"\"`. PUBLISH.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.subscribe("room/kitchen/temperature");
client.publish("room/kitchen/temperature", "21", #{properties: #{topicAlias: 1}});
client.on("message", |topic, message| {
    console.log(topic, "" + message); //=> room/kitchen/temperature 21
    client.end();
});
"#,
    ),
    Entry::key("properties", "responseTopic", "text", "Where an answer is wanted. PUBLISH, will.").example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.subscribe(["ask/time", "answer/1"]);
client.publish("ask/time", "", #{properties: #{responseTopic: "answer/1"}});
client.on("message", |topic, message, packet| {
    if topic == "ask/time" { client.publish(packet.properties.responseTopic, "noon"); }
    else { console.log("it is " + message); client.end(); } //=> it is noon
});
"#,
    ),
    Entry::key(
        "properties",
        "correlationData",
        "text or Buffer",
        "Lets whoever asked find the question that an answer belongs to; arrives as a Buffer. PUBLISH, will.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.subscribe("ask/time");
client.publish("ask/time", "", #{properties: #{responseTopic: "answer", correlationData: "question 7"}});
client.on("message", |topic, message, packet| {
    console.log("" + packet.properties.correlationData); //=> question 7
    client.end();
});
"#,
    ),
    Entry::key(
        "properties",
        "subscriptionIdentifier",
        "1 to 268435455",
        "A number that comes back with each message that this subscription matched; an array if several did. \
         SUBSCRIBE.",
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
    ),
    Entry::key(
        "properties",
        "contentType",
        "text",
        "What the payload is, for example `application/json`. PUBLISH, will.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.subscribe("room/temp");
client.publish("room/temp", "{\"degrees\": 21}", #{properties: #{contentType: "application/json"}});
client.on("message", |topic, message, packet| {
    if packet.properties.contentType == "application/json" { console.log(message.json().degrees); } //=> 21
    client.end();
});
"#,
    ),
    Entry::key("properties", "reasonString", "text", "Why, in words for people. DISCONNECT, AUTH.").example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.on("connect", || client.end(false, #{properties: #{reasonString: "battery empty"}}));
"#,
    ),
    Entry::key(
        "properties",
        "serverReference",
        "text",
        "Another server to use: something a broker says, never a client.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.on("disconnect", |packet| console.log("moved to", packet.properties.serverReference));
client.on("connect", || client.end());
"#,
    ),
];
