//! MQTT 5 properties that a script can set: the map `properties` of several options.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::key(
        "properties",
        "sessionExpiryInterval",
        "seconds, 0 to 4294967295",
        "How long the broker keeps the session after the connection; 4294967295: for ever. CONNECT, DISCONNECT.",
    ),
    Entry::key(
        "properties",
        "receiveMaximum",
        "1 to 65535",
        "How many QoS 1 and 2 messages may be on their way to this client at once. CONNECT.",
    ),
    Entry::key(
        "properties",
        "maximumPacketSize",
        "bytes, 1 to 4294967295",
        "The largest packet this client takes. CONNECT.",
    ),
    Entry::key(
        "properties",
        "topicAliasMaximum",
        "0 to 65535",
        "The highest topic alias the broker may use towards this client. CONNECT.",
    ),
    Entry::key(
        "properties",
        "requestResponseInformation",
        "true or false",
        "Ask for `responseInformation` in CONNACK. CONNECT.",
    ),
    Entry::key(
        "properties",
        "requestProblemInformation",
        "true or false",
        "Whether answers may have `reasonString` and `userProperties` when something failed. CONNECT.",
    ),
    Entry::key(
        "properties",
        "userProperties",
        "map of text or arrays of text",
        "Names and values of your own, passed on as they are. All packets.",
    ),
    Entry::key("properties", "authenticationMethod", "text", "The name of the extended authentication. CONNECT, AUTH."),
    Entry::key(
        "properties",
        "authenticationData",
        "text or Buffer",
        "What that authentication exchanges. CONNECT, AUTH.",
    ),
    Entry::key(
        "properties",
        "willDelayInterval",
        "seconds, 0 to 4294967295",
        "How long the broker waits before it publishes the will. `will.properties`.",
    ),
    Entry::key(
        "properties",
        "payloadFormatIndicator",
        "true or false",
        "true: the payload is UTF-8 text. PUBLISH, will.",
    ),
    Entry::key(
        "properties",
        "messageExpiryInterval",
        "seconds, 0 to 4294967295",
        "The message is dropped if it could not be delivered by then. PUBLISH, will.",
    ),
    Entry::key(
        "properties",
        "topicAlias",
        "1 to 65535",
        "A number that stands for the topic in later messages. PUBLISH.",
    ),
    Entry::key("properties", "responseTopic", "text", "Where an answer is wanted. PUBLISH, will."),
    Entry::key(
        "properties",
        "correlationData",
        "text or Buffer",
        "Lets whoever asked find the question that an answer belongs to. PUBLISH, will.",
    ),
    Entry::key(
        "properties",
        "subscriptionIdentifier",
        "1 to 268435455",
        "Comes back with each message that this subscription matched. SUBSCRIBE.",
    ),
    Entry::key(
        "properties",
        "contentType",
        "text",
        "What the payload is, for example `application/json`. PUBLISH, will.",
    ),
    Entry::key("properties", "reasonString", "text", "Why, in words for people. DISCONNECT, AUTH."),
    Entry::key("properties", "serverReference", "text", "Another server to use. DISCONNECT."),
];
