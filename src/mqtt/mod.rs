//! MQTT client core. Knows nothing of scripts: it takes commands and gives events.
//!
//! Client (what a program holds), session (outlives a socket) and connection (one transport's life) are three things.

pub mod backlog;
pub mod client;
pub mod codec;
pub mod command;
pub mod error;
pub mod event;
pub mod filter_tree;
pub mod ids;
pub mod link;
pub mod network;
pub mod options;
pub mod packet;
pub mod queue;
pub mod reason;
pub mod session;
pub mod store;
pub mod tls;
pub mod topic;
pub mod transport;
pub mod url;
