//! `cargo xtask faults`: the cases of `tests/faults` at the size asked for, and what came out of them as one table.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What each column of a row is called; see `tests/faults/row.rs`.
const COLUMNS: [&str; 11] = [
    "scenario",
    "broker, observer",
    "sent",
    "observed",
    "lost",
    "again",
    "reconnects",
    "longest gap",
    "RSS 10 %",
    "50 %",
    "100 %",
];

/// Its options.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// 100,000 messages for each case and 20 kills instead of some thousands and 5
    #[arg(long)]
    long: bool,
    /// Only the soak: 20,000 messages a second for so long
    #[arg(long, value_name = "MINUTES", num_args = 0..=1, default_missing_value = "60")]
    soak: Option<u64>,
    /// Test the release build
    #[arg(long)]
    release: bool,
    /// Only with this broker
    #[arg(long, value_parser = ["embedded", "mosquitto"])]
    broker: Option<String>,
    /// Only cases whose name has this in it
    filter: Option<String>,
}

/// Runs the cases. Whether all of them passed.
///
/// # Errors
/// cargo cannot be started, or the table cannot be read.
pub fn run(arguments: &Arguments) -> io::Result<bool> {
    let brokers = match &arguments.broker {
        Some(broker) => vec![broker.as_str()],
        None if has_mosquitto() => vec!["embedded", "mosquitto"],
        None => {
            eprintln!("mosquitto is not installed: only the embedded broker takes part");
            vec!["embedded"]
        }
    };
    let table = std::env::temp_dir().join(format!("mqttscript-faults-{}.tsv", std::process::id()));
    let mut passed = true;
    for broker in brokers {
        passed &= command(arguments, broker, &table).status()?.success();
    }
    let rows = std::fs::read_to_string(&table).unwrap_or_default();
    if !rows.is_empty() {
        std::fs::remove_file(&table)?;
    }
    println!("\n{}", markdown(&rows));
    Ok(passed)
}

fn command(arguments: &Arguments, broker: &str, table: &Path) -> Command {
    let mut command = crate::cargo();
    command.args(["test", "--locked", "--package", "mqttscript", "--test", "faults"]);
    command.args(arguments.release.then_some("--release"));
    // One after the other: each is to have the machine for itself.
    command.args(["--", "--test-threads", "1"]);
    command.args(arguments.filter.as_deref().or(arguments.soak.map(|_| "soak::")));
    command.env("MQTTSCRIPT_TEST_BROKER", broker).env("MQTTSCRIPT_FAULTS_TABLE", table);
    if arguments.long || arguments.soak.is_some() {
        command.env("MQTTSCRIPT_FAULTS", "long");
    }
    command.envs(arguments.soak.map(|minutes| ("MQTTSCRIPT_SOAK_MINUTES", minutes.to_string())));
    command
}

fn has_mosquitto() -> bool {
    // Distributions put it into `sbin`, which is not in everybody's `PATH`.
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places = std::env::split_paths(&path).chain(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from));
    places.any(|place| place.join("mosquitto").is_file())
}

/// Lines of cells between tabs, as a table.
fn markdown(rows: &str) -> String {
    let line = |cells: &mut dyn Iterator<Item = &str>| format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "));
    let mut text = line(&mut COLUMNS.into_iter());
    text += &format!("|{}\n", "---|".repeat(COLUMNS.len()));
    rows.lines().for_each(|row| text += &line(&mut row.split('\t')));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_a_cell_for_each_column() {
        let text = markdown("a\tb\n");
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 3);
        assert!(lines[0].starts_with("| scenario | broker"), "{text}");
        assert_eq!(lines[2], "| a | b |");
    }
}
