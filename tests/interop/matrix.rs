//! The summary: scenarios by brokers, then what the marks stand for.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use crate::bench::Shared;
use crate::launch::Kind;
use crate::scenarios;

/// How a scenario went.
#[derive(Debug)]
pub enum Outcome {
    /// With what the broker does differently.
    Passed(Vec<&'static str>),
    Failed,
    /// And why.
    Unsupported(&'static str),
}

impl Outcome {
    const MARKS: [&'static str; 4] = ["ok", "quirk", "unsupported", "FAILED"];

    /// Its place in [`MARKS`](Self::MARKS).
    fn mark(&self) -> usize {
        match self {
            Self::Passed(quirks) => usize::from(!quirks.is_empty()),
            Self::Unsupported(_) => 2,
            Self::Failed => 3,
        }
    }
}

/// What is known so far.
#[derive(Debug, Default)]
pub struct Matrix {
    outcomes: Mutex<Vec<(Kind, &'static str, Outcome)>>,
}

impl Matrix {
    pub fn put(&self, kind: Kind, scenario: &'static str, outcome: Outcome) {
        let mut outcomes = self.outcomes.lock().unwrap_or_else(PoisonError::into_inner);
        outcomes.retain(|row| (row.0, row.1) != (kind, scenario));
        outcomes.push((kind, scenario, outcome));
    }

    pub fn text(&self, brokers: &[Arc<Shared>]) -> String {
        let kinds: Vec<Kind> = brokers.iter().map(|broker| broker.kind()).collect();
        let outcomes = self.outcomes.lock().unwrap_or_else(PoisonError::into_inner);
        let find = |kind: Kind, scenario: &str| {
            outcomes.iter().find(|row| (row.0, row.1) == (kind, scenario)).map(|row| &row.2)
        };
        let mut text = String::from("\n");
        row(&mut text, "", kinds.iter().map(|kind| kind.name()));
        row(&mut text, "", brokers.iter().map(|broker| broker.version()));
        for scenario in scenarios::ALL {
            // A dash: it was not asked for.
            let mark = |kind: &Kind| find(*kind, scenario.name).map_or("-", |outcome| Outcome::MARKS[outcome.mark()]);
            row(&mut text, scenario.name, kinds.iter().map(mark));
        }
        for (mark, name) in Outcome::MARKS.iter().enumerate() {
            let count = |kind: &Kind| outcomes.iter().filter(|row| row.0 == *kind && row.2.mark() == mark).count();
            row(&mut text, &format!("all that are {name}"), kinds.iter().map(|kind| count(kind).to_string()));
        }
        text.push('\n');
        for kind in &kinds {
            let mut reasons: Vec<&str> = Vec::new();
            for scenario in scenarios::ALL {
                match find(*kind, scenario.name) {
                    Some(Outcome::Passed(quirks)) => {
                        for quirk in quirks {
                            writeln!(text, "{}, {}: {quirk}", kind.name(), scenario.name).expect("a String takes all");
                        }
                    }
                    Some(Outcome::Unsupported(reason)) if !reasons.contains(reason) => reasons.push(reason),
                    _ => {}
                }
            }
            for reason in reasons {
                writeln!(text, "{}, unsupported: {reason}", kind.name()).expect("a String takes all");
            }
        }
        text
    }
}

fn row(text: &mut String, name: &str, cells: impl Iterator<Item = impl AsRef<str>>) {
    let line = cells.fold(format!("{name:<26}"), |line, cell| format!("{line}{:<14}", cell.as_ref()));
    writeln!(text, "{}", line.trim_end()).expect("a String takes all");
}
