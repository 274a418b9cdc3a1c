//! MQTT client core. Knows nothing of scripts: it takes commands and gives events.
//!
//! Client (what a program holds), session (outlives a socket) and connection (one transport's life) are three things.

pub mod error;
pub mod options;
pub mod packet;
pub mod tls;
pub mod transport;
pub mod url;
