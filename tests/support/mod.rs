//! What tests that look at `mqttscript` from outside share.
//!
//! | module | gives |
//! |---|---|
//! | [`script`] | runs the binary on a script and compares its whole output |
//! | [`peer`] | a server that the test drives packet by packet |
//! | [`link`] | one connection that speaks exact packets, for peers and observers |
//! | [`packets`] | short ways to write the packets a peer answers with |
//! | [`broker`] | a real broker, embedded or mosquitto |
//! | [`proxy`] | a link between a script and a broker that fails as networks do |
//! | [`observer`] | an independent client that records what was published |
//! | [`certificates`] | a certificate authority and what it issues |
//!
//! Packets are encoded and decoded by rumqttc's own code, so that a mistake in ours cannot hide behind itself.
//! Everything waits for a fact with [`PATIENCE`] as the limit; nothing sleeps to be right.

// Each test file is a crate of its own and uses a part of this.
#![allow(dead_code)]

use std::time::Duration;

pub mod broker;
pub mod certificates;
mod embedded;
pub mod link;
mod mosquitto;
pub mod observer;
pub mod packets;
pub mod pattern;
pub mod peer;
pub mod process;
pub mod proxy;
pub mod script;

/// How long anything may take that must happen: far beyond what a busy machine needs, so that it only ends what is
/// stuck.
pub const PATIENCE: Duration = Duration::from_secs(20);
