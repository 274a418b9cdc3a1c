//! The flags that say what a script may take at most.

use std::time::Duration;

use clap::Args;

use crate::runtime::limits::{CALL_DEPTH, Limits, MOST_CALL_DEPTH, OPERATIONS};

/// Limits of a run.
#[derive(Debug, Args)]
pub struct LimitArgs {
    /// End a callback that runs longer with a script error, ms.
    #[arg(long, value_name = "MS")]
    max_callback_time: Option<u64>,

    /// End a script that does more operations without waiting; 0: any number.
    #[arg(long, value_name = "N", default_value_t = OPERATIONS)]
    max_operations: u64,

    /// End a script that calls functions deeper inside of each other.
    #[arg(long, value_name = "N", default_value_t = CALL_DEPTH as u16, value_parser = clap::value_parser!(u16).range(1..=MOST_CALL_DEPTH as i64))]
    max_call_depth: u16,

    /// End a program that takes more memory, MiB; 0: any [default: 4096, or three quarters of what there is].
    #[arg(long, value_name = "MIB")]
    max_memory: Option<u64>,
}

impl LimitArgs {
    /// What was asked for.
    pub fn limits(&self) -> Limits {
        Limits {
            call_depth: self.max_call_depth.into(),
            operations: self.max_operations,
            callback_time: self.max_callback_time.map(Duration::from_millis),
            memory: self.max_memory,
        }
    }
}
