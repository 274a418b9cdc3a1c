//! The client from outside: each case is a short script against a peer that speaks exact packets, one file per MQTT area.
//!
//! What is wanted is what MQTT.js does, or what the contract says is better; where the two differ a case says so.
//!
//! What the groups of MQTT.js's own tests are about, and where it is shown here:
//!
//! | there | here |
//! |---|---|
//! | closing | `closing`, `early_end`, `reviving` |
//! | connecting | `connecting`, `connect_packet`, `unheard` |
//! | offline states and messages | `offline`, `state` |
//! | topic validation | `filters`, `topics` |
//! | publishing, per QoS and version | `publishing`, `exchanges`, `poison` |
//! | unsubscribing | `unsubscribing` |
//! | keepalive, pinging | `keep_alive` |
//! | subscribing | `subscribing`, `message_ids` |
//! | receiving messages, `handleMessage`, `customHandleAcks` | `receiving`, `packets`, `malformed`, `misbehaving`, `handling` |
//! | QoS handling | `qos`, `exchanges` |
//! | auto reconnect, servers | `reconnecting`, `resending`, `reviving` |
//! | resubscribing, message id to topic | `resubscribing` |
//! | stores | `store`, `store_file`, `store_qos_2`, `store_refused`, `resending` |
//! | MQTT 5, enhanced authentication | `version_5`, `mqtt5`, `broker_limits`, `aliases`, `auth`, `connect_packet` |
//! | URL parsing, options | `urls`, `options`, `option_checks`, `option_closures` |
//! | secure client, SOCKS | `tls`, `certificates`, `socks` |
//! | WebSocket client | `websocket`, `websocket_options`, `streams` |
//! | message id providers | `ids`, `message_ids` |
//! | promises | `asynchronous` |
//! | event emitter, properties of the client | `emitter`, `event_emitter`, `client_properties` |
//!
//! Without a group there: `on_message`, `request`, `wait`, `own_broker`. `Tnn` in a case names a recorded trace of MQTT.js.
//! [`coverage`] lists the cases by promise and by trace.

/// Topic aliases, both ways.
mod aliases;
/// `connectAsync` and the `...Async` twins.
mod asynchronous;
/// Enhanced authentication.
mod auth;
/// What a broker says in CONNACK that it has not, and how much it takes.
mod broker_limits;
/// Certificates that are not accepted, on either side.
mod certificates;
/// What a client shows of its insides, and what may be done with the link under it.
mod client_properties;
/// `end` in every situation, and calls after it.
mod closing;
/// What CONNECT says, and CONNACK answers.
mod connect_packet;
/// The first connection: refusals, time-outs, and the order of events.
mod connecting;
/// Which case shows which promise.
mod coverage;
/// Ends without a connection, and what `end` may be given.
mod early_end;
/// Listeners, streams and options by the other names that they have.
mod emitter;
/// The EventEmitter methods of a client.
mod event_emitter;
/// Each QoS in each version and direction, byte by byte.
mod exchanges;
/// Filters and subscribe arguments that cannot be.
mod filters;
/// `handleMessage`, `customHandleAcks`, and the Receive Maximum of this side.
mod handling;
/// Message ids, what is queued, and what can be taken back.
mod ids;
/// Pings, and brokers that do not answer them.
mod keep_alive;
/// Brokers that send what they should not.
mod malformed;
/// Packet identifiers, batches of filters, `log`, and the other exports of `mqtt`.
mod message_ids;
/// Brokers that send good packets at the wrong time, twice, or about nothing.
mod misbehaving;
/// Properties and reason codes of every packet.
mod mqtt5;
/// What is asked for before there is a connection.
mod offline;
/// `on_message` and `off_message`.
mod on_message;
/// Options that are misspelled, of the wrong type or of another world.
mod option_checks;
/// Options that are closures and block the script.
mod option_closures;
/// Connect options that cannot be.
mod options;
/// Messages faster than their script.
mod overload;
/// `mqtt.broker`.
mod own_broker;
/// Packets as scripts see them.
mod packets;
/// Messages after which the broker closes the connection again and again.
mod poison;
/// What the cases share.
mod prelude;
/// Messages on their way out: order, acknowledgements, payloads.
mod publishing;
/// The exchanges of QoS 0, 1 and 2 in both directions.
mod qos;
/// `maxQueue` and what comes to messages beyond it.
mod queue;
/// Messages on their way in, also to a slow script.
mod receiving;
/// When and with what a client connects again.
mod reconnecting;
/// `request`, `requestAsync` and `reply`.
mod request;
/// What a new connection sends again, with and without the broker's session.
mod resending;
/// What a new connection subscribes to again.
mod resubscribing;
/// `connect` and `reconnect`: starts by hand, clients that gave up or ended.
mod reviving;
/// `client.options`: what was given, and what is filled in; options that name nobody to dial.
mod shown_options;
/// SOCKS proxies: each byte of the negotiation, and what a proxy may answer.
mod socks;
/// `client.state` and `client.queued`, as they change.
mod state;
/// `mqtt.Store` and the stores of a client.
mod store;
/// The option `store`: what survives the end of the program.
mod store_file;
/// A store whose disk is full.
mod store_full;
/// A store whose program is killed at random moments.
mod store_kill;
/// QoS 2 in a store file, killed at each stage of its exchange.
mod store_qos_2;
/// Store files that cannot be used.
mod store_refused;
/// `mqtt.Client` over a stream of its own.
mod streams;
/// SUBSCRIBE: forms, grants, refusals.
mod subscribing;
#[path = "../support/mod.rs"]
mod support;
/// Certificates and what they are checked against.
mod tls;
/// Topics and publish arguments that cannot be.
mod topics;
/// Whose turn it is: callbacks that wait in the middle of others.
mod turns;
/// What is said on stderr when nobody listens.
mod unheard;
/// UNSUBSCRIBE.
mod unsubscribing;
/// URLs: what they mean and which cannot be.
mod urls;
/// What only MQTT 5 has.
mod version_5;
/// `wait`: the script blocks until something happens.
mod wait;
/// MQTT in WebSocket frames.
mod websocket;
/// What the upgrade request of a WebSocket holds.
mod websocket_options;
/// MQTT 5 packets byte by byte.
mod wire;
