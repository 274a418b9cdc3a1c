//! Packets, as the listeners of `message`, `packetsend` and `packetreceive` and the callbacks get them.

use crate::api::table::Entry;

/// What packets have; `()` where this packet has none of that name.
pub const ENTRIES: &[Entry] = &[
    Entry::property("Packet", "cmd", "What kind of packet: `publish`, `connack`, `suback`, ..."),
    Entry::property(
        "Packet",
        "retain",
        "PUBLISH: whether the broker had kept the message from before the subscription.",
    ),
    Entry::property("Packet", "qos", "PUBLISH: the quality of service it came with: 0, 1 or 2."),
    Entry::property("Packet", "dup", "PUBLISH: whether it may have come before."),
    Entry::property("Packet", "length", "How many bytes follow the first two fields of a received packet."),
    Entry::property("Packet", "topic", "PUBLISH: where it was published."),
    Entry::property("Packet", "payload", "PUBLISH: the message, a `Buffer`."),
    Entry::property(
        "Packet",
        "messageId",
        "The packet identifier of what is acknowledged; `()` in a message of QoS 0.",
    ),
    Entry::property(
        "Packet",
        "properties",
        "MQTT 5 properties, see [`Properties`](#Properties) and [properties](#properties); `()` if there are \
         none.",
    ),
    Entry::property("Packet", "sessionPresent", "CONNACK: whether the broker still had the session."),
    Entry::property("Packet", "returnCode", "CONNACK below MQTT 5: 0, or why the session was refused."),
    Entry::property(
        "Packet",
        "reasonCode",
        "MQTT 5: 0 or another success, or why it failed; the texts are in `mqtt.ReasonCodes`.",
    ),
    Entry::property(
        "Packet",
        "granted",
        "SUBACK, and UNSUBACK in MQTT 5: an array with the QoS or the reason code for each filter.",
    ),
    Entry::property(
        "Packet",
        "subscriptions",
        "SUBSCRIBE: an array of `#{topic, qos}`, in MQTT 5 with `nl`, `rap` and `rh`.",
    ),
    Entry::property("Packet", "unsubscriptions", "UNSUBSCRIBE: an array of filters."),
    Entry::property("Packet", "clientId", "CONNECT: the client identifier."),
    Entry::property("Packet", "keepalive", "CONNECT: seconds."),
    Entry::property("Packet", "clean", "CONNECT: whether an old session is thrown away."),
    Entry::property("Packet", "username", "`()`: packets do not show who logs in."),
    Entry::property("Packet", "will", "`()`: packets do not show the will."),
    Entry::property("Packet", "protocolVersion", "CONNECT: 3, 4 or 5."),
    Entry::property("Packet", "protocolId", "CONNECT: `MQTT`, or `MQIsdp` for MQTT 3.1."),
];

/// The MQTT 5 properties that only a broker sets. Those that a script sets too are in [`super::properties`].
pub const PROPERTIES: &[Entry] = &[
    Entry::property(
        "Properties",
        "assignedClientIdentifier",
        "CONNACK: the client identifier that the broker made up for an empty one.",
    ),
    Entry::property(
        "Properties",
        "serverKeepAlive",
        "CONNACK: the keep alive to use instead of the one asked for, seconds.",
    ),
    Entry::property("Properties", "responseInformation", "CONNACK: what to begin response topics with."),
    Entry::property("Properties", "maximumQoS", "CONNACK: the highest QoS the broker takes, 0 or 1; `()`: 2."),
    Entry::property("Properties", "retainAvailable", "CONNACK: false if the broker keeps no messages."),
    Entry::property(
        "Properties",
        "wildcardSubscriptionAvailable",
        "CONNACK: false if the broker takes no `+` and `#`.",
    ),
    Entry::property(
        "Properties",
        "subscriptionIdentifiersAvailable",
        "CONNACK: false if the broker takes no `subscriptionIdentifier`.",
    ),
    Entry::property("Properties", "sharedSubscriptionAvailable", "CONNACK: false if the broker takes no `$share/...`."),
];
