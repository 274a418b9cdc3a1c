//! The events of `Client`.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    event("connect", "connack", "The broker accepted the session, also after a reconnect."),
    event("reconnect", "", "A new attempt starts."),
    event("close", "", "The link, or an attempt to open one, is over."),
    event("offline", "", "The first close of an outage."),
    event("disconnect", "packet", "The broker said why it closes the link (MQTT 5)."),
    event("error", "error", "The broker could not be reached, refused the session, or broke the protocol."),
    event("end", "", "`end()` is complete."),
    event(
        "message",
        "topic, payload, packet",
        "A message arrived; QoS 1 and 2 are acknowledged after the listeners returned.",
    ),
    event("packetsend", "packet", "A packet was sent."),
    event("packetreceive", "packet", "A packet was received."),
    event("outgoingEmpty", "", "While ending: everything was sent and acknowledged."),
];

const fn event(name: &'static str, parameters: &'static str, doc: &'static str) -> Entry {
    Entry::event("Client", name, parameters, doc)
}
