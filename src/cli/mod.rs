//! The command line: what was typed becomes one call into the layers below, and an exit code.

#[cfg(feature = "broker")]
pub mod broker;

use std::process::ExitCode;

/// Parses the command line and runs it.
pub fn main() -> ExitCode {
    ExitCode::SUCCESS
}
