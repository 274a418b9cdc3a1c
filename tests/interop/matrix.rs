//! The summary: scenarios by brokers, then what the marks stand for.

use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use crate::launch::Kind;
use crate::scenarios;

/// How a scenario went.
#[derive(Debug)]
pub enum Outcome {
    Passed(Vec<&'static str>),
    Failed,
    Unsupported(&'static str),
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

    pub fn text(&self, kinds: &[Kind]) -> String {
        let outcomes = self.outcomes.lock().unwrap_or_else(PoisonError::into_inner);
        let find = |kind: Kind, scenario: &str| outcomes.iter().find(|row| row.0 == kind && row.1 == scenario);
        let mut notes = String::new();
        let mut text = format!("\n{:<32}", "");
        let mut versions = format!("{:<32}", "");
        for kind in kinds {
            text += &format!("{:<14}", kind.name());
            versions += &format!("{:<14}", kind.version());
        }
        let mut totals = vec![[0; 4]; kinds.len()];
        text = format!("{}\n{}\n", text.trim_end(), versions.trim_end());
        for scenario in scenarios::ALL {
            let mut line = format!("{:<32}", scenario.name);
            for (kind, totals) in kinds.iter().zip(&mut totals) {
                let (mark, count) = match find(*kind, scenario.name).map(|row| &row.2) {
                    None => ("-", None),
                    Some(Outcome::Failed) => ("FAILED", Some(3)),
                    Some(Outcome::Unsupported(reason)) => {
                        writeln!(notes, "unsupported: {}, {}: {reason}", kind.name(), scenario.name)
                            .expect("a String takes all");
                        ("unsupported", Some(2))
                    }
                    Some(Outcome::Passed(quirks)) if quirks.is_empty() => ("ok", Some(0)),
                    Some(Outcome::Passed(quirks)) => {
                        for quirk in quirks {
                            writeln!(notes, "quirk: {}, {}: {quirk}", kind.name(), scenario.name)
                                .expect("a String takes all");
                        }
                        ("quirk", Some(1))
                    }
                };
                if let Some(count) = count {
                    totals[count] += 1;
                }
                line += &format!("{mark:<14}");
            }
            text += line.trim_end();
            text.push('\n');
        }
        for (index, name) in ["ok", "ok with a quirk", "unsupported", "failed"].iter().enumerate() {
            let line = totals.iter().fold(format!("{name:<32}"), |line, totals| format!("{line}{:<14}", totals[index]));
            writeln!(text, "{}", line.trim_end()).expect("a String takes all");
        }
        format!("{text}\n{notes}")
    }
}
