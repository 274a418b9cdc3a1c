//! The `mqttscript` binary: see [`mqttscript::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    mqttscript::cli::main()
}
