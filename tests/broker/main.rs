//! The embedded broker from outside: real sockets, exact packets.
#![cfg(feature = "broker")]

/// Names and passwords.
mod auth;
/// MQTT itself: levels, QoS, retained messages, wills, sessions.
mod protocol;
/// Start, stop, ports, and clients that misbehave.
mod running;
/// TLS, client certificates, WebSocket.
mod transport;
/// The client the tests speak through.
mod wire;
