//! `mqttscript` runs event-driven MQTT programs written in Rhai.
//!
//! Each folder is a layer, and imports point right only:
//!
//! ```text
//! main -> cli -> runtime -> api -> event_loop -> { mqtt, diagnostics }
//!         cli -> broker
//! ```
//!
//! | layer | owns |
//! |---|---|
//! | [`cli`] | the command line: clap types, one file per subcommand, exit codes |
//! | [`runtime`] | engine set-up, language extras, loading and `import`, the embedded stdlib, watch |
//! | [`api`] | what a script sees: one file per host object |
//! | [`event_loop`] | the turn: timers, queue, callbacks, listeners, when the program ends |
//! | [`mqtt`] | the MQTT client; never names `rhai` |
//! | `broker` | the embedded broker (cargo feature `broker`) |
//! | [`diagnostics`] | messages with source lines, notes and help, and their rendering |

pub mod api;
#[cfg(feature = "broker")]
pub mod broker;
pub mod cli;
pub mod diagnostics;
pub mod event_loop;
pub mod mqtt;
pub mod runtime;
