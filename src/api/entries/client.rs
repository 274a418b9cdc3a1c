//! `Client`: properties and methods.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::property("Client", "connected", "Whether the broker accepted the session and the link is up."),
    Entry::property("Client", "reconnecting", "Whether the link was lost and the client tries again."),
    Entry::property("Client", "disconnecting", "Whether `end()` was called."),
    Entry::property("Client", "disconnected", "Whether `end()` is complete; `()` as long as it was never called."),
    Entry::property("Client", "options", "The connect options; changes count from the next attempt on."),
    Entry::property("Client", "keepalive", "Keep alive in force, seconds."),
    Entry::property("Client", "serverProperties", "CONNACK properties of this connection, MQTT 5; else `()`."),
    Entry::property("Client", "state", "`connecting`, `connected`, `reconnecting`, `offline`, `ending` or `ended`."),
    Entry::property("Client", "queued", "Messages accepted and not on the wire, or not acknowledged yet."),
    Entry::property(
        "Client",
        "handleAuth",
        "Assignable: `|packet, done|`, called for each AUTH packet of the broker, also while an `...Async` call blocks. `done.call((), #{reasonCode: 24, properties: #{authenticationData}})` answers, at once or later, `done.call(error)` leaves the broker. MQTT 5 with `properties.authenticationMethod`.",
    )
    .example(
        r#"
let mqtt = require("mqtt");
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
        "Authenticates again on the open connection: sends AUTH with reason code 25, the method of CONNECT and `properties`, such as `authenticationData`; `handleAuth` answers what follows. `callback(error, packet)` is called once. MQTT 5.",
    ),
    Entry::property(
        "Client",
        "handleMessage",
        "Assignable: `|packet, done|`, called after the `message` listeners. Until `done.call()` no other message is handed out; the message is acknowledged then, or not at all after `done.call(error)`.",
    )
    .example(
        r#"
let mqtt = require("mqtt");
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
        "Sends a message; `options` are `#{qos, retain, dup, properties}`. `callback(error, packet)` is called once: after the bytes went to the socket (QoS 0), after the broker acknowledged (QoS 1 and 2), or with an error.",
    ),
    Entry::function(
        "Client",
        "publishAsync",
        (2, 3),
        "topic, payload[, options]",
        "Like `publish`, but waits for the outcome: returns the packet (`()` for QoS 0) or throws.",
    ),
    Entry::function(
        "Client",
        "subscribe",
        (1, 3),
        "filter | array | map[, options][, callback]",
        "Asks for messages; a map is `#{\"filter\": qos}` or `#{\"filter\": #{qos, nl, rap, rh}}`, options are `#{qos, nl, rap, rh, properties}`. `callback(error, granted, packet)`.",
    ),
    Entry::function(
        "Client",
        "subscribeAsync",
        (1, 2),
        "filter | array | map[, options]",
        "Like `subscribe`, but waits and returns `granted`, or throws.",
    ),
    Entry::function(
        "Client",
        "unsubscribe",
        (1, 3),
        "filter | array[, options][, callback]",
        "Asks for no more messages. `callback(error, packet)`.",
    ),
    Entry::function(
        "Client",
        "unsubscribeAsync",
        (1, 2),
        "filter | array[, options]",
        "Like `unsubscribe`, but waits and returns the UNSUBACK packet, or throws.",
    ),
    Entry::function(
        "Client",
        "end",
        (0, 3),
        "[force][, options][, callback]",
        "Sends what was accepted, waits for its acknowledgements (at most `endTimeout`), then disconnects; `force` cuts the link at once. Options are `#{reasonCode, properties}` of DISCONNECT.",
    ),
    Entry::function("Client", "endAsync", (0, 2), "[force][, options]", "Like `end`, but waits until it is complete."),
    Entry::function(
        "Client",
        "connect",
        (0, 0),
        "",
        "Connects: after `manualConnect`, after `end()`, or after the client gave up.",
    ),
    Entry::function(
        "Client",
        "reconnect",
        (0, 0),
        "",
        "Connects now, dropping a link that is up; pending messages are kept.",
    ),
    Entry::function(
        "Client",
        "removeOutgoingMessage",
        (1, 1),
        "id",
        "Forgets an unacknowledged message; its callback gets `Message removed`.",
    ),
    Entry::function("Client", "getLastMessageId", (0, 0), "", "The packet identifier taken last."),
    Entry::function("Client", "on", (2, 2), "event, listener", "Calls `listener` each time `event` happens."),
    Entry::function("Client", "addListener", (2, 2), "event, listener", "The same as `on`."),
    Entry::function(
        "Client",
        "once",
        (2, 2),
        "event, listener",
        "Calls `listener` the next time `event` happens, only.",
    ),
    Entry::function("Client", "prependListener", (2, 2), "event, listener", "Like `on`, in front of the others."),
    Entry::function(
        "Client",
        "off",
        (2, 2),
        "event, listener",
        "Removes the listener that was added last with this function.",
    ),
    Entry::function("Client", "removeListener", (2, 2), "event, listener", "The same as `off`."),
    Entry::function(
        "Client",
        "removeAllListeners",
        (0, 1),
        "[event]",
        "Removes the listeners of one event, or all, also those of `on_message`.",
    ),
    Entry::function(
        "Client",
        "emit",
        (1, 15),
        "event[, ...arguments]",
        "Calls the listeners of `event` at once; returns whether there were any.",
    ),
    Entry::function("Client", "listenerCount", (1, 1), "event", "How many listeners `event` has."),
    Entry::function("Client", "eventNames", (0, 0), "", "The events that have listeners."),
    Entry::function("Client", "setMaxListeners", (1, 1), "n", "Accepted for Node; there is no limit here."),
];
