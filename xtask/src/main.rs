//! What is done with this repository beyond `cargo build` and `cargo test`, as `cargo xtask NAME`
//! (<https://github.com/matklad/cargo-xtask>).

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod faults;

/// What is done with this repository beyond building and testing it.
#[derive(Debug, Parser)]
#[command(bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Runs tests/faults with the embedded broker, and with mosquitto where it is installed, and prints a table.
    Faults(faults::Arguments),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().task {
        Task::Faults(arguments) => faults::run(&arguments),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
