//! The command line: what was typed becomes one call into the layers below, and an exit code.

#[cfg(feature = "broker")]
pub mod broker;
mod doc;
mod limits;
mod logging;
mod permissions;
mod run;
mod script;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::cli::run::RunArgs;
use crate::mqtt::network::NETWORK_THREAD;
use crate::runtime::run::SCRIPT_THREAD;

const EXAMPLES: &str = "\
Examples:
  mqttscript device.rhai                      run a program
  mqttscript --broker final_example.rhai      the same, with a broker of its own on 127.0.0.1:1883
  mqttscript --watch rules.rhai               run it again each time it is saved
  mqttscript -e 'console.log(Math.PI)'        run a line
  echo 'console.log(1 + 1)' | mqttscript -    run standard input
  mqttscript broker --listen mqtt://127.0.0.1:1884
                                              a broker alone
  mqttscript doc client.publish               explain a name that scripts can use

Exit codes: 0 the program ended; N process.exit(N); 1 script error, or a client gave up and nobody listened;
2 wrong usage; 130 and 143 SIGINT and SIGTERM.";

/// Runs event-driven MQTT programs written in Rhai.
#[derive(Debug, Parser)]
#[command(name = "mqttscript", version, about, after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
#[command(subcommand_negates_reqs = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    run: RunArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run a program (the same as leaving out `run`).
    Run(RunArgs),
    /// Run a broker for development, until Ctrl-C.
    #[cfg(feature = "broker")]
    Broker(BrokerCommand),
    /// Explain a name that scripts can use, with an example: `client.publish`, `options.will`, `console`.
    Doc {
        /// An object or a name; without it all objects are listed.
        name: Option<String>,
    },
    /// Print completions for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// `mqttscript broker` with the flags it shares.
#[cfg(feature = "broker")]
#[derive(Debug, clap::Args)]
struct BrokerCommand {
    #[command(flatten)]
    broker: broker::BrokerArgs,
    /// More on stderr: -v what happens, -vv every step.
    #[arg(short, long, action = clap::ArgAction::Count)]
    verbose: u8,
}

/// Parses the command line and runs it.
pub fn main() -> ExitCode {
    quiet_panics();
    from(std::env::args_os())
}

/// A panic on the script thread, or in a client on the network thread, becomes an error of the program; Rust's own message would
/// come before it.
fn quiet_panics() {
    let loud = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if [Some(SCRIPT_THREAD), Some(NETWORK_THREAD)].contains(&std::thread::current().name()) {
            tracing::debug!("{panic}");
        } else {
            loud(panic);
        }
    }));
}

/// Runs the command line `arguments`, the first of which is the binary.
pub fn from(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // A closed stream is no reason to say more.
            let _ = error.print();
            return ExitCode::from(u8::from(error.use_stderr()) * 2);
        }
    };
    match cli.command {
        None => run::run(cli.run),
        Some(Command::Run(arguments)) => run::run(arguments),
        #[cfg(feature = "broker")]
        Some(Command::Broker(BrokerCommand { broker, verbose })) => {
            logging::start(verbose);
            self::broker::run(broker)
        }
        Some(Command::Doc { name }) => doc::run(name.as_deref()),
        Some(Command::Completions { shell }) => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "mqttscript", &mut text);
            // Nobody reading is no failure.
            drop(std::io::stdout().write_all(&text));
            ExitCode::SUCCESS
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
