//! `Client`: properties and methods.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::property("Client", "connected", "Whether the broker accepted the session and the link is up.").example(
        r#"
let client = mqtt.connect("mqtt://localhost");
console.log(client.connected); //=> false
client.on("connect", || {
    console.log(client.connected); //=> true
    client.end();
});
"#,
    ),
    Entry::property(
        "Client",
        "reconnecting",
        "Whether the link was lost, or could not be opened, and the client tries again.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://127.0.0.1:1", #{reconnectPeriod: 20}); // nothing listens there
client.once("error", |error| console.log(error.code)); //=> ECONNREFUSED
client.on("error", |error| ());
client.once("reconnect", || {
    console.log(client.reconnecting); //=> true
    client.end();
});
"#,
    ),
    Entry::property(
        "Client",
        "disconnecting",
        "Whether `end()` was called. What is published or subscribed from then on is refused.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.on("connect", || {
    client.end();
    console.log(client.disconnecting); //=> true
});
"#,
    ),
    Entry::property("Client", "disconnected", "Whether `end()` is complete; `()` as long as it was never called.")
        .example(
            r#"
let client = mqtt.connect("mqtt://localhost");
console.log(client.disconnected); //=> undefined
client.end(false, || console.log(client.disconnected)); //=> true
"#,
        ),
    Entry::property(
        "Client",
        "options",
        "The map that was given to `mqtt.connect`, with what the URL said (but not its password) and the \
         defaults; changes count from the next attempt on.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{clientId: "kitchen"});
client.options.keepalive = 30;
console.log(client.options.clientId, client.options.resubscribe); //=> kitchen true
client.end();
"#,
    ),
    Entry::property(
        "Client",
        "keepalive",
        "The keep alive in force, in seconds: the option, or what an MQTT 5 broker wants instead.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{keepalive: 30});
console.log(client.keepalive); //=> 30
client.end();
"#,
    ),
    Entry::property(
        "Client",
        "serverProperties",
        "The MQTT 5 properties with which the broker accepted this connection, see \
         [`Properties`](#Properties); `()` if there are none.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.on("connect", || {
    let most = client.serverProperties.receiveMaximum ?? 65535;
    console.log(`${most > 0}`); //=> true
    client.end();
});
"#,
    ),
    Entry::property(
        "Client",
        "state",
        "`connecting`, `connected`, `reconnecting`, `offline`, `ending` or `ended`: all of the flags in one \
         word.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
console.log(client.state); //=> connecting
client.on("connect", || {
    console.log(client.state); //=> connected
    client.end();
});
"#,
    ),
    Entry::property(
        "Client",
        "queued",
        "How many messages were accepted by `publish` and are not on the wire, or not acknowledged yet; at most the option `maxQueue`.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.publish("room/light", "on", #{qos: 1}, || {
    console.log(client.queued); //=> 0
    client.end();
});
console.log(client.queued); //=> 1
"#,
    ),
    Entry::property(
        "Client",
        "handleMessage",
        "Assignable: `|packet, done|`, called after the `message` listeners. Until `done.call()` no other \
         message is handed out; the message is acknowledged then, or not at all after `done.call(error)`.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.handleMessage = |packet, done| {
    console.log("handling", "" + packet.payload); //=> handling one
    set_timeout(|| { done.call(); client.end(); }, 20);
};
client.subscribe("work", || client.publish("work", "one"));
"#,
    ),
    Entry::function(
        "Client",
        "publish",
        (2, 4),
        "topic, payload[, options][, callback]",
        "Sends a message, now or when the client is connected. The payload is text, a Buffer, or anything \
         else as text. `callback(error, packet)` is called once: after the bytes went to the socket (QoS 0), \
         after the broker acknowledged (QoS 1 and 2), or with an error. Throws a `TypeError` or `Error` for \
         what is no topic or no option. Returns the client.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.publish("room/temperature", 21.5);
client.publish("room/light", "on", #{qos: 1, retain: true}, |error| {
    console.log(error ?? "the broker has it"); //=> the broker has it
    client.end();
});
"#,
    ),
    Entry::function(
        "Client",
        "publishAsync",
        (2, 3),
        "topic, payload[, options]",
        "Like `publish`, but waits for the outcome: returns what the callback gets as `packet` (`()` for QoS \
         0) or throws. Other callbacks wait meanwhile.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
let packet = client.publishAsync("room/light", "on", #{qos: 1});
console.log(packet.topic); //=> room/light
client.end();
"#,
    ),
    Entry::function(
        "Client",
        "subscribe",
        (1, 3),
        "filter | array | map[, options][, callback]",
        "Asks for messages of one filter, of several in an array, or of the keys of a map whose values are a \
         QoS or a map of options. `callback(error, granted, packet)`: `granted` is an array of `#{topic, \
         qos}`, with the QoS that was granted. A filter that is refused is an error, and has its code (128 or above) in place \
         of the QoS; the others stay subscribed. Returns the client.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.subscribe("room/+/temp", #{qos: 1}, |error, granted| {
    console.log(granted[0].topic, granted[0].qos); //=> room/+/temp 1
});
client.subscribe(["alarm", "door/#"]);
client.subscribe(#{"window": 1, "light": #{qos: 2}}, || client.end());
"#,
    ),
    Entry::function(
        "Client",
        "subscribeAsync",
        (1, 2),
        "filter | array | map[, options]",
        "Like `subscribe`, but waits and returns `granted`, or throws. Other callbacks wait meanwhile.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
let granted = client.subscribeAsync(["room/#", "alarm"], #{qos: 1});
console.log(granted.length); //=> 2
client.end();
"#,
    ),
    Entry::function(
        "Client",
        "unsubscribe",
        (1, 3),
        "filter | array[, options][, callback]",
        "Asks for no more messages of one filter or of several. `callback(error, packet)` is called after the \
         broker acknowledged. Returns the client.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.subscribe("room/#");
client.unsubscribe("room/#", |error| {
    console.log(error ?? "no more"); //=> no more
    client.end();
});
"#,
    ),
    Entry::function(
        "Client",
        "unsubscribeAsync",
        (1, 2),
        "filter | array[, options]",
        "Like `unsubscribe`, but waits and returns the UNSUBACK packet, or throws. Other callbacks wait \
         meanwhile.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.subscribe("room/#");
console.log(client.unsubscribeAsync("room/#").cmd); //=> unsuback
client.end();
"#,
    ),
    Entry::function(
        "Client",
        "end",
        (0, 3),
        "[force][, options][, callback]",
        "Sends what was accepted, waits for its acknowledgements (at most `endTimeout`), then disconnects and \
         stops; `callback()` is called then. `force` true cuts the link at once, without DISCONNECT: the \
         broker publishes the will. Options are [those of DISCONNECT](#end-options). Returns the client.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.publish("room/light", "off", #{qos: 1}); // still gets through
client.end(false, || console.log("bye")); //=> bye
"#,
    ),
    Entry::function(
        "Client",
        "endAsync",
        (0, 2),
        "[force][, options]",
        "Like `end`, but waits until it is complete. Other callbacks wait meanwhile.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.publish("room/light", "off", #{qos: 1});
client.endAsync();
console.log(client.disconnected); //=> true
"#,
    ),
    Entry::function(
        "Client",
        "connect",
        (0, 0),
        "",
        "Connects: after `manualConnect`, after `end()`, or after the client gave up. Returns the client.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{manualConnect: true});
client.on("connect", || {
    console.log("connected"); //=> connected
    client.end();
});
client.connect();
"#,
    ),
    Entry::function(
        "Client",
        "reconnect",
        (0, 1),
        "[options]",
        "Connects now, dropping a link that is up and not waiting for `reconnectPeriod`; pending messages are \
         kept. With other stores in `options`, what those have is sent. Returns the client.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.on("close", || console.log("link dropped")); //=> link dropped
client.once("connect", || {
    client.reconnect();
    client.once("connect", || {
        console.log("connected again"); //=> connected again
        client.removeAllListeners("close").end();
    });
});
"#,
    ),
    Entry::function(
        "Client",
        "removeOutgoingMessage",
        (1, 1),
        "id",
        "Forgets an unacknowledged message of QoS 1 or 2; its callback gets the error `Message removed`. \
         Returns the client.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.publish("room/light", "on", #{qos: 1}, |error| console.log(error.message)); //=> Message removed
client.removeOutgoingMessage(client.getLastMessageId());
client.end();
"#,
    ),
    Entry::function(
        "Client",
        "getLastMessageId",
        (0, 0),
        "",
        "The packet identifier that the client took last, for a message of QoS 1 or 2, or a subscription.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
client.publish("room/light", "on", #{qos: 1}, |error, packet| {
    console.log(packet.messageId == sent); //=> true
    client.end();
});
let sent = client.getLastMessageId();
"#,
    ),
    Entry::property(
        "Client",
        "handleAuth",
        "Assignable: `|packet, done|`, called for each AUTH packet of the broker, also while an `...Async` \
         call blocks. `done.call((), #{reasonCode: 24, properties: #{authenticationData}})` answers, at once \
         or later, `done.call(error)` leaves the broker. MQTT 5 with `properties.authenticationMethod`.",
    )
    .example(
        r#"
let auth = #{authenticationMethod: "digits", authenticationData: "1"};
// A broker that does not know the method refuses it.
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5, properties: auth});
client.handleAuth = |packet, done| {
    let answer = packet.properties.authenticationData + "2";
    done.call((), #{reasonCode: 24, properties: #{authenticationMethod: "digits", authenticationData: answer}});
};
client.on("connect", || client.end());
client.on("error", |error| console.log(error.message)); //=> Connection refused: Bad authentication method
"#,
    ),
    Entry::function(
        "Client",
        "reauthenticate",
        (0, 2),
        "[properties][, callback]",
        "Authenticates again on the open connection: sends AUTH with reason code 25, the method of CONNECT \
         and `properties`, such as `authenticationData`; `handleAuth` answers what follows. `callback(error, \
         packet)` is called once. MQTT 5.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost", #{protocolVersion: 5});
client.on("connect", || {
    // Only a session that began with an `authenticationMethod` can.
    client.reauthenticate(#{authenticationData: "new token"}, |error| {
        console.log(error.message); //=> `reauthenticate` needs an authentication method in the connect options
        client.end();
    });
});
"#,
    ),
];
