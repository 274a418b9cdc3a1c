//! The `mqttscript` binary: see [`mqttscript::cli`].

use std::process::ExitCode;

/// Each message is some small blocks that one thread makes and another one frees.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    mqttscript::cli::main()
}
