//! How cost grows: runs the binary against a peer that costs next to nothing, with 1 of something and with many, and
//! prints what a message (a subscribe, a timer) costs each time.
//!
//! ```text
//! cargo bench --bench growth                          everything
//! cargo bench --bench growth -- filters offline       these only
//! MQTTSCRIPT=path/to/binary cargo bench --bench growth
//! ```
//!
//! Cost is the CPU time of the program's own threads (user and system, from `/proc`), so that a busy machine disturbs it
//! little. Nothing may grow faster than the logarithm of what there is: a row that does is marked, and the exit code is 1.

mod peer;
mod program;
mod scenarios;

use std::process::ExitCode;

use crate::peer::Peer;
use crate::program::{Program, Sample};
use crate::scenarios::{SCENARIOS, Scenario};

/// How much more than the logarithm a cost may grow: caches end, and a busy machine measures badly.
const SLACK: f64 = 3.0;

/// CPU time that is worth a comparison, s: the system counts in larger steps while a thread runs.
const LEAST_SET_UP: f64 = 0.03;

/// What one run came to.
struct Row {
    size: usize,
    messages: usize,
    /// CPU time until everything was there, s.
    set_up: f64,
    /// CPU time from then until the last message was handled, s.
    handling: f64,
    /// Resident memory when everything was there, bytes.
    memory: u64,
}

impl Row {
    /// CPU time of a message, us.
    fn cost(&self) -> f64 {
        self.handling / self.messages as f64 * 1e6
    }

    /// CPU time to set one up, us; without what any program costs.
    fn set_up_cost(&self, least: &Self) -> f64 {
        (self.set_up - least.set_up).max(0.0) / (self.size - least.size).max(1) as f64 * 1e6
    }

    /// Memory of one, KiB; without what any program has.
    fn memory_of_one(&self, least: &Self) -> f64 {
        self.memory.saturating_sub(least.memory) as f64 / (self.size - least.size).max(1) as f64 / 1024.0
    }
}

fn main() -> ExitCode {
    // `cargo bench` adds `--bench`.
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    if let Some(unknown) = wanted.iter().find(|word| !SCENARIOS.iter().any(|scenario| scenario.name == **word)) {
        let names: Vec<_> = SCENARIOS.iter().map(|scenario| scenario.name).collect();
        eprintln!("there is no scenario `{unknown}`, there are {}", names.join(", "));
        return ExitCode::from(2);
    }
    let chosen =
        SCENARIOS.iter().filter(|scenario| wanted.is_empty() || wanted.iter().any(|word| scenario.name == word));
    let mut all_hold = true;
    for scenario in chosen {
        match measure(scenario) {
            Ok(rows) => all_hold &= print(scenario, &rows),
            Err(error) => {
                eprintln!("{}: {error}", scenario.name);
                all_hold = false;
            }
        }
    }
    if all_hold { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn measure(scenario: &Scenario) -> Result<Vec<Row>, String> {
    scenario.sizes.iter().map(|size| run(scenario, *size)).collect()
}

fn run(scenario: &Scenario, size: usize) -> Result<Row, String> {
    let messages = (scenario.messages)(size);
    let peer = Peer::start(scenario.conduct).map_err(|error| format!("the peer cannot start: {error}"))?;
    let arguments = [peer.port().into(), size, messages].map(|number| number.to_string());
    let mut program = Program::start(scenario.script, &arguments).map_err(|error| format!("cannot run: {error}"))?;
    let begin = program.sample();
    let ready = program.wait_for("ready")?;
    peer.open();
    let done = program.wait_for("done")?;
    let Sample { cpu, memory } = ready;
    Ok(Row { size, messages, set_up: cpu - begin.cpu, handling: done.cpu - cpu, memory: memory.max(done.memory) })
}

/// Prints the table of a scenario; whether its costs grow no faster than the logarithm.
fn print(scenario: &Scenario, rows: &[Row]) -> bool {
    println!("\n{}: {}", scenario.name, scenario.what);
    println!(
        "{:>10} {:>10} {:>12} {:>14} {:>9} {:>11}",
        scenario.unit, "messages", "us/message", "us to set up", "MB", "KiB of one"
    );
    let Some(least) = rows.first() else { return true };
    for row in rows {
        let Row { size, messages, memory, .. } = row;
        let (cost, megabytes) = (row.cost(), *memory as f64 / 1e6);
        let of_one = |value: f64| if size == &least.size { "-".into() } else { format!("{value:.2}") };
        let (set_up, one) = (of_one(row.set_up_cost(least)), of_one(row.memory_of_one(least)));
        println!("{size:>10} {messages:>10} {cost:>12.2} {set_up:>14} {megabytes:>9.1} {one:>11}");
    }
    let Some(most) = rows.last().filter(|most| most.size > least.size) else { return true };
    let allowed = |from: &Row, to: &Row| SLACK * (1.0 + (to.size as f64 / from.size as f64).log2() / 4.0);
    let grown = (scenario.per_message)(most.size) * most.cost() / (scenario.per_message)(least.size) / least.cost();
    let mut holds = grown <= allowed(least, most);
    let verdict = if holds { "" } else { ": FASTER THAN THE LOGARITHM" };
    println!("from {} to {} {}: cost x {grown:.2}{verdict}", least.size, most.size, scenario.unit);
    // The first row is what a program costs; the next with enough to measure is compared with the last.
    let second = rows.iter().find(|row| row.set_up - least.set_up >= LEAST_SET_UP);
    if let Some(second) = second.filter(|second| second.size < most.size) {
        let grown = most.set_up_cost(least) / second.set_up_cost(least);
        if grown > allowed(second, most) {
            println!("set-up of one from {} on: x {grown:.2}: FASTER THAN THE LOGARITHM", second.size);
            holds = false;
        }
    }
    holds
}
