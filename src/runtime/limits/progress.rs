//! What is looked at while a script runs.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rhai::{Dynamic, Engine};

use crate::api::host::Host;
use crate::event_loop::Stop;
use crate::runtime::limits::{Exceeded, Limits, Memory};

/// Rhai operations between two looks at the clock and the counts; a power of two.
const OPERATIONS_PER_LOOK: u64 = 1024;

/// Makes `engine` look at the limits, and at an order to end the program (`replaced`), while a script runs.
pub fn watch(
    engine: &mut Engine,
    host: &Rc<Host>,
    limits: &Limits,
    memory: &Memory,
    replaced: Option<Arc<AtomicBool>>,
) {
    let host = Rc::clone(host);
    if limits.callback_time.is_some() {
        host.event_loop.time_callbacks();
    }
    let is_too_large = memory.flag();
    let look =
        Look { host, operations: Operations::default(), limits: limits.clone(), memory: memory.clone(), replaced };
    engine.on_progress(move |operations| {
        // Called for each operation: what is beyond these two looks must be rare.
        if !operations.is_multiple_of(OPERATIONS_PER_LOOK) && !is_too_large.load(Ordering::Relaxed) {
            return None;
        }
        look.around(operations)
    });
}

struct Look {
    host: Rc<Host>,
    operations: Operations,
    limits: Limits,
    memory: Memory,
    replaced: Option<Arc<AtomicBool>>,
}

impl Look {
    #[cold]
    fn around(&self, operations: u64) -> Option<Dynamic> {
        if self.replaced.as_ref().is_some_and(|replaced| replaced.load(Ordering::Relaxed)) {
            self.host.event_loop.stop(Stop::Replaced);
            return Some(Dynamic::UNIT);
        }
        self.exceeded(operations).map(Dynamic::from)
    }

    fn exceeded(&self, operations: u64) -> Option<Exceeded> {
        if let Some(most) = self.memory.exceeded() {
            return Some(Exceeded::Memory(most));
        }
        let most = self.limits.operations;
        if self.operations.count(operations, self.host.event_loop.pauses()) > most && most > 0 {
            return Some(Exceeded::Operations(most));
        }
        let most = self.limits.callback_time?;
        (self.host.event_loop.callback_time()? > most).then_some(Exceeded::Time(most))
    }
}

/// Operations since the script last waited, or began.
#[derive(Debug, Default)]
struct Operations {
    count: Cell<u64>,
    /// Rhai's own count at the last look. It belongs to a callback and goes on in the next call of it; within a function that
    /// calls closures it goes back after each.
    looked_at: Cell<u64>,
    pauses: Cell<u64>,
}

impl Operations {
    fn count(&self, operations: u64, pauses: u64) -> u64 {
        if self.pauses.replace(pauses) != pauses {
            self.count.set(0);
        } else if operations != self.looked_at.get() {
            self.count.set(self.count.get() + OPERATIONS_PER_LOOK);
        }
        self.looked_at.set(operations);
        self.count.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_counted_from_the_last_pause() {
        let operations = Operations::default();
        assert_eq!(operations.count(1024, 1), 0, "most of it may be of an earlier call");
        assert_eq!(operations.count(2048, 1), 1024);
        assert_eq!(operations.count(1024, 1), 2048, "another callback within this one");
        assert_eq!(operations.count(3072, 2), 0);
    }
}
