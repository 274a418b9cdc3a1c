//! The reference: every name has a text, an example that does what it says, and a test; nothing registered is missing.
//!
//! `UPDATE=1 cargo test --test reference` writes `docs/api.md` anew.

#[path = "../support/mod.rs"]
mod support;

mod examples;
mod mqttjs;
#[cfg(feature = "metadata")]
mod registered;
mod tested;
mod texts;
