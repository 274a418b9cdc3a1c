//! What must hold when things break: brokers that restart, programs that are killed, links that fail, hours of load.
//!
//! | module | shows |
//! |---|---|
//! | [`restarts`] | the broker goes and comes back under load |
//! | [`kills`] | `kill -9` of the program under load, with a store |
//! | [`links`] | links that are cut, half-open, slow, lossy, or carry one byte at a time |
//! | [`soak`] | steady load for as long as it is told: flat memory |
//!
//! | what they share | |
//! |---|---|
//! | [`size`] | how much of it: some seconds for each case, or all that `cargo xtask faults --long` asks for |
//! | [`stage`] | a broker and an independent, persistent observer behind it |
//! | [`tally`] | the numbers that were observed |
//! | [`row`] | what came out, a row for each case |
//!
//! Messages carry numbers. Nothing here counts with the code under test: what arrives is seen by a scripted peer, by
//! `mosquitto_sub` (with mosquitto), or by the test support's own observer (with the embedded broker).

mod kills;
mod links;
mod restarts;
mod row;
mod size;
mod soak;
mod stage;
#[path = "../support/mod.rs"]
mod support;
mod tally;
