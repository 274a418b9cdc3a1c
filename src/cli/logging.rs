//! `-v`, `-vv` and `MQTTSCRIPT_LOG`: what the program itself does, on stderr.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

/// The variable with a filter in `tracing`'s language, for example `mqttscript=trace`.
const VARIABLE: &str = "MQTTSCRIPT_LOG";

/// Starts logging if it was asked for; costs nothing otherwise.
pub fn start(verbose: u8) {
    let by_flag = match verbose {
        0 => None,
        1 => Some("mqttscript=debug"),
        _ => Some("mqttscript=trace,mqtt5=debug"),
    };
    let by_variable = std::env::var(VARIABLE).ok().filter(|filter| !filter.is_empty());
    let Some(filter) = by_variable.as_deref().or(by_flag) else { return };
    let filter = EnvFilter::builder().parse_lossy(filter);
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        .with_ansi(std::io::stderr().is_terminal());
    // Fails only if logging was started before, which is what was wanted.
    let _ = subscriber.try_init();
}
