//! The client from outside: each case is a short script against a peer that speaks exact packets, one file per MQTT area.
//!
//! What is wanted is what MQTT.js does, or what the contract says is better; where the two differ a case says so.

/// What a call refuses, and in which words.
mod calls;
/// `end` in every situation, and what revives a client.
mod closing;
/// Ends, and what comes after them: events and their order.
mod ending;
/// Connections that fail: order of events, arguments, flags.
mod events;
/// Brokers that send what they should not.
mod garbage;
/// Time-outs and pings.
mod keep_alive;
/// `on_message` and `off_message`.
mod on_message;
/// Connect options that cannot be, and those that change while the client lives.
mod options;
/// Packets as scripts see them.
mod packets;
/// What the cases share.
mod prelude;
/// Messages on their way out: order, acknowledgements, the broker's limits.
mod publishing;
/// Messages on their way in: acknowledgements, QoS 2, aliases, a slow script.
mod receiving;
/// What a new connection sends again, with and without the broker's session.
mod reconnecting;
/// What requests and messages lead to, in which order.
mod requests;
/// Properties and methods besides publish and subscribe.
mod state;
/// SUBSCRIBE, UNSUBSCRIBE and what a reconnect restores.
mod subscribing;
#[path = "../support/mod.rs"]
mod support;
/// What is said on stderr when nobody listens.
mod unheard;
