//! A script that blocks: what arrives meanwhile is looked at, answered where it cannot wait, and put aside.

use std::time::{Duration, Instant};

use rhai::{Dynamic, Engine, EvalAltResult, Position};

use crate::event_loop::EventLoop;
use crate::event_loop::incoming::{Incoming, Payload, SourceId};

/// After an answer that came so quickly the next one is looked for before the thread is put to sleep.
const SOON: Duration = Duration::from_millis(1);

impl EventLoop {
    /// Blocks the script until `answer` finds what it waits for among the arriving events, or `deadline` passes (`None`).
    ///
    /// `answer` may take an event, or a part of a batch, for itself; what it leaves waits its turn behind what was put
    /// aside before.
    pub fn wait_for<T>(
        &self,
        engine: &Engine,
        deadline: Option<Instant>,
        mut answer: impl FnMut(Incoming) -> (Option<T>, Option<Incoming>),
    ) -> Option<T> {
        let mut looked_at = self.last_aside.get();
        let began = Instant::now();
        loop {
            self.flush();
            if self.is_stopped() {
                return None;
            }
            // A closure that was asked meanwhile may have blocked too, and put aside what this one waits for.
            let found = self.look_aside(&mut looked_at, &mut answer);
            if found.is_some() {
                return found;
            }
            let soon = self.answers_come_soon.replace(false);
            let incoming = self.look_around(soon, deadline).or_else(|| self.park(deadline))?;
            self.answers_come_soon.set(began.elapsed() < SOON);
            let (found, rest) = answer(incoming);
            if let Some(rest) = rest {
                looked_at = self.put_aside(engine, rest).unwrap_or(looked_at);
            }
            // Traffic that never pauses must not keep the deadline away.
            if found.is_some() || deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                return found;
            }
        }
    }

    /// Blocks the script for a time; what arrives waits its turn.
    ///
    /// # Errors
    /// The program is being stopped: the script ends here, and cannot catch that.
    pub fn sleep_until(&self, engine: &Engine, deadline: Instant) -> Result<(), Box<EvalAltResult>> {
        self.wait_for::<()>(engine, Some(deadline), |incoming| (None, Some(incoming)));
        if self.is_stopped() {
            Err(EvalAltResult::ErrorTerminated(Dynamic::UNIT, Position::NONE).into())
        } else {
            Ok(())
        }
    }

    /// Looks for something among the events of `source` that wait their turn since the script blocked. `take` may take a part of a
    /// batch.
    pub fn search_aside<T>(&self, source: SourceId, mut take: impl FnMut(&mut Payload) -> Option<T>) -> Option<T> {
        let mut aside = self.aside.borrow_mut();
        let waiting = aside.iter_mut().map(|(_, incoming)| incoming);
        waiting.filter(|incoming| incoming.source == source).find_map(|incoming| take(&mut incoming.payload))
    }

    /// Gives `answer` what was put aside since `looked_at`.
    fn look_aside<T>(
        &self,
        looked_at: &mut u64,
        answer: &mut impl FnMut(Incoming) -> (Option<T>, Option<Incoming>),
    ) -> Option<T> {
        while *looked_at < self.last_aside.get() {
            let place = self.aside.borrow().partition_point(|(number, _)| number <= looked_at);
            let taken = self.aside.borrow_mut().remove(place);
            let Some((number, incoming)) = taken else {
                *looked_at = self.last_aside.get();
                return None;
            };
            *looked_at = number;
            let (found, rest) = answer(incoming);
            if let Some(rest) = rest {
                self.aside.borrow_mut().insert(place, (number, rest));
            }
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// The number it waits under, if something of it does.
    fn put_aside(&self, engine: &Engine, incoming: Incoming) -> Option<u64> {
        let source = self.sources.borrow().get(&incoming.source).cloned()?;
        let number = source.put_aside(engine, incoming.payload).map(|payload| {
            let number = self.last_aside.get() + 1;
            self.last_aside.set(number);
            self.aside.borrow_mut().push_back((number, Incoming { source: incoming.source, payload }));
            number
        });
        source.answer(engine);
        number
    }
}
