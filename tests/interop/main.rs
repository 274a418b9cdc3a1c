//! The same scenarios against every broker: short programs through the real binary, with an independent observer where
//! delivery is counted.
//!
//! ```text
//! cargo test --test interop                                            the embedded broker
//! MQTTSCRIPT_TEST_BROKER=mosquitto,nats cargo test --test interop      these, which have to be installed
//! .ci/interop                                                          all of them, installed if they are missing
//! ```
//!
//! | module | has |
//! |---|---|
//! | [`launch`] | how each broker is started and stopped |
//! | [`bench`](mod@bench) | what a scenario is given, and the table of what a broker does not support |
//! | [`scenarios`] | what is tried; where a broker deviates, the scenario asserts what it does and says since when |
//! | [`observer`] | the independent client |
//! | [`matrix`] | the summary that is printed at the end |
//!
//! Each scenario uses topics and client ids of its own, as all of them meet the same broker, several at a time.

// The test support has more than these tests use, and no documentation is made of either.
#![allow(missing_docs)]

mod bench;
mod launch;
mod matrix;
mod observer;
mod scenarios;
#[path = "../support/mod.rs"]
mod support;

use std::cell::RefCell;
use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};

use bench::{Bench, Shared, unsupported};
use launch::Kind;
use matrix::{Matrix, Outcome};
use scenarios::{BROKER_RESTART, Scenario};

thread_local! {
    /// What the last panic of this thread said, and where.
    static PANIC: RefCell<String> = RefCell::default();
}

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // Most of a scenario is waiting.
    arguments.test_threads.get_or_insert(6);
    let brokers: Vec<Arc<Shared>> = asked().into_iter().map(|kind| Arc::new(Shared::new(kind))).collect();
    // A failure is shown once, by the list of failures.
    std::panic::set_hook(Box::new(|panic| PANIC.set(panic.to_string())));
    let matrix = Arc::new(Matrix::default());
    let mut trials = Vec::new();
    for broker in &brokers {
        for scenario in scenarios::ALL {
            // The slowest one first, beside all others.
            let slow = broker.kind() == Kind::Rabbitmq && scenario.name == BROKER_RESTART;
            let place = if slow { 0 } else { trials.len() };
            trials.insert(place, trial(broker, scenario, &matrix));
        }
    }
    if !arguments.list {
        for broker in &brokers {
            broker.start_soon();
        }
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    for broker in &brokers {
        broker.stop();
    }
    if !arguments.list && std::env::var_os(ASKED).is_some() {
        print!("{}", matrix.text(&brokers));
    }
    conclusion.exit_code()
}

/// Runs `what`; when it panics, gives what that said and where.
fn catch<T>(what: impl FnOnce() -> T) -> Result<T, String> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(what)).map_err(|_| PANIC.take())
}

/// Names the brokers, separated by commas, or `all`.
const ASKED: &str = "MQTTSCRIPT_TEST_BROKER";

/// What [`ASKED`] says.
fn asked() -> Vec<Kind> {
    let asked = std::env::var(ASKED).unwrap_or_else(|_| Kind::Embedded.name().to_owned());
    if asked == "all" {
        return Kind::ALL.to_vec();
    }
    let known = |name: &str| Kind::ALL.into_iter().find(|kind| kind.name() == name);
    asked.split(',').map(|name| known(name).unwrap_or_else(|| panic!("there is no broker `{name}` here"))).collect()
}

fn trial(broker: &Arc<Shared>, scenario: &'static Scenario, matrix: &Arc<Matrix>) -> Trial {
    let kind = broker.kind();
    let reason = unsupported(kind, scenario);
    if let Some(reason) = reason {
        matrix.put(kind, scenario.name, Outcome::Unsupported(reason));
    }
    let (broker, matrix) = (Arc::clone(broker), Arc::clone(matrix));
    let run = move || {
        let result = catch(|| {
            let bench = Bench::new(Arc::clone(&broker));
            (scenario.run)(&bench);
            bench.quirks()
        });
        let outcome = result.as_ref().map_or(Outcome::Failed, |quirks| Outcome::Passed(quirks.clone()));
        matrix.put(kind, scenario.name, outcome);
        result.map(drop).map_err(|why| Failed::from(format!("{why}\n(with {} {})", kind.name(), broker.version())))
    };
    Trial::test(format!("{}::{}", kind.name(), scenario.name.replace(' ', "_")), run)
        .with_ignored_flag(reason.is_some())
}
