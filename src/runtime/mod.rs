//! Makes an engine that runs scripts: language extras, loading and `import`, the embedded stdlib, watch.
//!
//! Knows nothing of MQTT; what a script can call is registered by [`crate::api`].

mod captures;
mod constants;
pub mod language;
pub mod limits;
pub mod modules;
mod nodes;
mod parser;
pub mod program;
pub mod run;
mod shortcuts;
pub mod stdlib;
pub mod watch;
mod words;
