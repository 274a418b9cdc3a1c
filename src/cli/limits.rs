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

    /// Longest text, bytes. This and the next two slow down work on large values, as each call counts what they hold.
    #[arg(long, value_name = "BYTES", default_value_t = 0, hide_default_value = true)]
    max_string_size: usize,

    /// Most elements of an array with all that it holds, bytes of a blob.
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    max_array_size: usize,

    /// Most entries of a map with all that it holds.
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    max_map_size: usize,
}

impl LimitArgs {
    /// What was asked for.
    pub fn limits(&self) -> Limits {
        Limits {
            call_depth: self.max_call_depth.into(),
            operations: self.max_operations,
            callback_time: self.max_callback_time.map(Duration::from_millis),
            memory: self.max_memory,
            string_size: self.max_string_size,
            array_size: self.max_array_size,
            map_size: self.max_map_size,
        }
    }
}
