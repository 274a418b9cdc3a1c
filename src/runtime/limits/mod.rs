//! What a script may take at most: calls within calls, operations and time in one go, memory.
//!
//! All but the depth of expressions are flags. Rhai asks [`watch`] at every operation, which costs next to nothing as long as
//! nothing is wrong. Memory is looked at from outside, see `memory`. Rhai's own limits on the sizes of texts, arrays and maps are
//! not used: once there is one, each call counts all that a value holds, so that a loop that fills an array takes quadratic time,
//! and values of global variables are not looked at. What a single step could make too large has a limit of its own in `large`.

mod large;
mod memory;
mod progress;

use std::time::Duration;

use rhai::Engine;

pub use self::memory::Memory;
pub use self::progress::watch;

/// Deepest chain of calls from one callback or from the top level, unless told otherwise. Rhai's defaults differ between debug
/// and release builds; this does not.
pub const CALL_DEPTH: usize = 256;

/// The deepest chain of calls that can be asked for.
pub const MOST_CALL_DEPTH: usize = 4096;

/// Deepest nesting of expressions and blocks in a source, at the top level and in functions alike.
pub const EXPRESSION_DEPTH: usize = 256;

/// Operations in one go, unless told otherwise: minutes of pure computing.
pub const OPERATIONS: u64 = 10_000_000_000;

/// Bytes of stack that the script thread needs for [`CALL_DEPTH`]: where every one of the calls is nested as
/// deep as may be, 405 MiB in a debug build, whose frames are several times as big as those of a release build. Only
/// what is used is backed by memory.
pub const STACK_SIZE: usize = if cfg!(debug_assertions) { 768 } else { 256 } * 1024 * 1024;

/// What a script may take at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Calls within calls.
    pub call_depth: usize,
    /// Operations of a callback, or of the top level, between two times that it waits; 0: any number.
    pub operations: u64,
    /// How long a callback may run.
    pub callback_time: Option<Duration>,
    /// Memory of the process, MiB; `None`: what is sensible on this machine, 0: any.
    pub memory: Option<u64>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { call_depth: CALL_DEPTH, operations: OPERATIONS, callback_time: None, memory: None }
    }
}

impl Limits {
    /// Sets what the engine itself looks after. It must run on a thread with [`stack_size`](Self::stack_size) bytes of stack.
    pub fn set(&self, engine: &mut Engine) {
        engine.set_max_call_levels(self.call_depth).set_max_expr_depths(EXPRESSION_DEPTH, EXPRESSION_DEPTH);
        large::register(engine);
    }

    /// Bytes of stack that the script thread needs.
    pub fn stack_size(&self) -> usize {
        STACK_SIZE / CALL_DEPTH * self.call_depth.max(CALL_DEPTH)
    }
}

/// The token of a script that went beyond a limit; scripts cannot catch it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exceeded {
    /// `--max-callback-time`.
    Time(Duration),
    /// `--max-operations`.
    Operations(u64),
    /// `--max-memory`, MiB.
    Memory(u64),
}

impl Exceeded {
    /// What is wrong.
    pub fn message(self) -> String {
        match self {
            Self::Time(most) => format!("the callback ran longer than {} ms", most.as_millis()),
            Self::Operations(most) => format!("the script did more than {most} operations in one go"),
            Self::Memory(most) => format!("the program takes more than {most} MiB of memory"),
        }
    }

    /// What to do about it.
    pub fn help(self) -> &'static str {
        match self {
            Self::Time(_) => "do less in one callback, or raise `--max-callback-time`",
            Self::Operations(_) => "do less in one callback, or raise `--max-operations`",
            Self::Memory(_) => "keep less at a time, or raise `--max-memory`",
        }
    }
}
