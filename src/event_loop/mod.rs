//! The turn: due timers, then what arrived, then sleep until the next of either.
//!
//! Owns the only door into a script ([`callback::Callback`]), listeners, and the rule for when a program ends.
//! Knows no host functions.

pub mod callback;
