//! What is done with this repository beyond `cargo build` and `cargo test`, as `cargo xtask NAME`
//! (<https://github.com/matklad/cargo-xtask>).

use std::process::{Command, ExitCode};

use clap::{Parser, Subcommand};

mod faults;
mod order;

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
    /// Finds out which functions programs run at their start (`build/start.txt`); takes valgrind and nm.
    Order,
}

fn main() -> ExitCode {
    let result = match Arguments::parse().task {
        Task::Faults(arguments) => faults::run(&arguments),
        Task::Order => order::run(),
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

/// cargo, as it was called for this program.
fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // What it told this program of itself would make dependencies that look at it be built anew.
    let is_ours = |name: &str| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
    std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(is_ours)).for_each(|(name, _)| {
        command.env_remove(name);
    });
    command
}
