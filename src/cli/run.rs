//! `mqttscript FILE`: runs a program, with a broker beside it if wanted.

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::{ArgAction, Args};

use crate::cli::limits::LimitArgs;
use crate::cli::logging;
use crate::cli::permissions::PermissionArgs;
use crate::cli::script::Script;
use crate::diagnostics::{Diagnostic, render};
use crate::runtime::run::{Plan, Remote};
use crate::runtime::{run, watch};

/// Arguments of a run.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// The program to run (`-` reads it from standard input), and its arguments: `process.argv` from index 2 on.
    #[arg(value_names = ["FILE", "ARGS"], num_args = 1.., trailing_var_arg = true, required_unless_present = "eval")]
    words: Vec<OsString>,

    /// Run this code instead of a file.
    #[arg(short, long, value_name = "CODE")]
    eval: Option<String>,

    /// Start a broker first [default: 127.0.0.1:1883]; port 0 picks a free one and prints its URL.
    #[cfg(feature = "broker")]
    #[arg(long, value_name = "HOST:PORT", num_args = 0..=1, require_equals = true, default_missing_value = "127.0.0.1:1883")]
    broker: Option<String>,

    /// Run the program again each time it, or a file it is made of, is saved.
    #[arg(long)]
    watch: bool,

    /// How long the end of the program waits for what was published, ms.
    #[arg(long, value_name = "MS", default_value_t = 2000)]
    exit_timeout: u64,

    #[command(flatten)]
    limits: LimitArgs,

    /// After an uncaught error in a callback go on with the next event.
    #[arg(long)]
    keep_going: bool,

    /// More on stderr: -v what happens, -vv every step. `MQTTSCRIPT_LOG` takes a `tracing` filter.
    #[arg(short, long, action = ArgAction::Count)]
    verbose: u8,

    // Last, because its heading stands above all that follows.
    #[command(flatten)]
    permissions: PermissionArgs,
}

/// Runs a program; its exit code.
pub fn run(arguments: RunArgs) -> ExitCode {
    logging::start(arguments.verbose);
    // With `-e` the first word is no file but an argument.
    let (file, words) = match arguments.words.split_first() {
        Some((file, words)) if arguments.eval.is_none() => (Path::new(file), words),
        _ => (Path::new("-"), &*arguments.words),
    };
    let script = match arguments.eval {
        Some(code) => Ok(Script::from_code(code)),
        None => Script::read(file),
    };
    let script = match script {
        Ok(script) => script,
        Err(diagnostic) => return fail(&diagnostic),
    };
    #[cfg(feature = "broker")]
    let _broker = match arguments.broker.as_deref().map(start_broker).transpose() {
        Ok(broker) => broker,
        Err(diagnostic) => return fail(&diagnostic),
    };
    // Once, so that nothing the program does changes what it may do.
    let permissions = Arc::new(arguments.permissions.permissions(&script.folder, words));
    let plan = |script: Script| Plan {
        name: script.name.clone(),
        text: script.text,
        folder: script.folder,
        arguments: argv(&script.name, words),
        permissions: Arc::clone(&permissions),
        exit_timeout: Duration::from_millis(arguments.exit_timeout),
        limits: arguments.limits.limits(),
        keep_going: arguments.keep_going,
    };
    let code = if arguments.watch && file.as_os_str() != "-" {
        watch::run(file, || Script::read(file).map(plan).map_err(Box::new), plan(script))
    } else {
        run::run(plan(script), Remote::default()).code
    };
    ExitCode::from(u8::try_from(code & 0xff).unwrap_or(1))
}

/// `process.argv`: as in Node the binary, the script, and the arguments.
fn argv(script: &str, arguments: &[OsString]) -> Vec<String> {
    let binary =
        std::env::current_exe().map_or_else(|_| "mqttscript".into(), |path| path.to_string_lossy().into_owned());
    let arguments = arguments.iter().map(|word| word.to_string_lossy().into_owned());
    [binary, script.to_string()].into_iter().chain(arguments).collect()
}

#[cfg(feature = "broker")]
fn start_broker(address: &str) -> Result<crate::broker::Broker, Diagnostic> {
    use std::io::Write;

    use crate::broker::{Broker, Config, Listen};
    let failed = |error: crate::broker::Error| {
        let diagnostic = Diagnostic::error(format!("the broker cannot start: {error}"));
        match error.help() {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    };
    let listen: Listen = format!("mqtt://{address}").parse().map_err(failed)?;
    let picks_port = listen.port == 0;
    let broker = Broker::start(Config { listeners: vec![listen], ..Config::default() }).map_err(failed)?;
    if picks_port {
        // On stderr: stdout is the program's.
        drop(writeln!(std::io::stderr(), "broker listening on {}", broker.url()));
    }
    Ok(broker)
}

fn fail(diagnostic: &Diagnostic) -> ExitCode {
    render::print(diagnostic);
    ExitCode::FAILURE
}
