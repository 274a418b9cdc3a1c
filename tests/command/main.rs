//! The program seen from outside: its command line, its exit codes, the event loop, and the language in a real run.

#[path = "../support/mod.rs"]
mod support;

mod doc;
mod event_loop;
mod exit;
mod flush;
mod javascript_values;
mod language;
mod limits;
mod line;
mod logging;
mod own_broker;
mod permissions;
mod process;
mod secrets;
mod signals;
mod sources;
mod stack;
mod timers;
mod watch;
