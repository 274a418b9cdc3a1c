//! Timers in (deadline, creation) order. Time is an argument: nothing here looks at a clock.

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;
use std::time::{Duration, Instant};

use ahash::AHashMap;
use rhai::{Dynamic, Engine};

use crate::event_loop::callback::Callback;

/// Names a timer; numbers go up in order of creation and are never used again.
pub type TimerId = u64;

/// What happens when a timer is due.
#[derive(Clone)]
pub enum Action {
    /// A script function is called with these arguments.
    Call(Rc<Callback>, Rc<[Dynamic]>),
    /// The host does something.
    Run(Rc<dyn Fn(&Engine)>),
}

impl fmt::Debug for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(callback, _) => f.debug_tuple("Call").field(callback).finish_non_exhaustive(),
            Self::Run(_) => f.debug_tuple("Run").finish_non_exhaustive(),
        }
    }
}

/// One pending timer.
#[derive(Debug, Clone)]
pub struct Timer {
    /// What it is for.
    pub action: Action,
    /// `Some`: an interval.
    pub period: Option<Duration>,
    /// Whether it keeps the program alive (`unref()` says no).
    pub referenced: bool,
}

/// All pending timers.
#[derive(Debug, Default)]
pub struct Timers {
    queue: BTreeMap<(Instant, TimerId), Timer>,
    deadlines: AHashMap<TimerId, Instant>,
    last_id: TimerId,
    referenced: usize,
}

impl Timers {
    /// Adds a timer that is due `delay` after `now`.
    pub fn add(&mut self, now: Instant, delay: Duration, timer: Timer) -> TimerId {
        self.last_id += 1;
        self.insert(self.last_id, now + delay, timer);
        self.last_id
    }

    /// Forgets a timer; one that is over or was never there is no error, as in JavaScript.
    pub fn clear(&mut self, id: TimerId) {
        if let Some(deadline) = self.deadlines.remove(&id)
            && let Some(timer) = self.queue.remove(&(deadline, id))
        {
            self.referenced -= usize::from(timer.referenced);
        }
    }

    /// Sets whether a pending timer keeps the program alive.
    pub fn set_referenced(&mut self, id: TimerId, referenced: bool) {
        if let Some(deadline) = self.deadlines.get(&id)
            && let Some(timer) = self.queue.get_mut(&(*deadline, id))
        {
            self.referenced -= usize::from(timer.referenced);
            self.referenced += usize::from(referenced);
            timer.referenced = referenced;
        }
    }

    /// Whether a pending timer keeps the program alive; false for one that is over.
    pub fn is_referenced(&self, id: TimerId) -> bool {
        let deadline = self.deadlines.get(&id);
        deadline.and_then(|deadline| self.queue.get(&(*deadline, id))).is_some_and(|timer| timer.referenced)
    }

    /// Takes the first timer that is due at `now`. An interval stays pending, one period on.
    pub fn pop_due(&mut self, now: Instant) -> Option<Timer> {
        let (&(deadline, id), _) = self.queue.first_key_value().filter(|((deadline, _), _)| *deadline <= now)?;
        let timer = self.queue.remove(&(deadline, id))?;
        match timer.period {
            Some(period) => {
                // On its own schedule, so that it does not drift; ticks missed by a whole period are not made up for.
                let next = if deadline + period > now { deadline + period } else { now + period };
                self.queue.insert((next, id), timer.clone());
                self.deadlines.insert(id, next);
            }
            None => {
                self.deadlines.remove(&id);
                self.referenced -= usize::from(timer.referenced);
            }
        }
        Some(timer)
    }

    /// When the next timer is due.
    pub fn next_deadline(&self) -> Option<Instant> {
        self.queue.first_key_value().map(|((deadline, _), _)| *deadline)
    }

    /// Whether a pending timer keeps the program alive.
    pub const fn keep_alive(&self) -> bool {
        self.referenced > 0
    }

    fn insert(&mut self, id: TimerId, deadline: Instant, timer: Timer) {
        self.referenced += usize::from(timer.referenced);
        self.deadlines.insert(id, deadline);
        self.queue.insert((deadline, id), timer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERIODS: [Duration; 4] =
        [Duration::from_secs(1), Duration::from_millis(7300), Duration::from_secs(60), Duration::from_secs(3600)];
    const DAY: Duration = Duration::from_secs(86_400);

    fn timer(period: Option<Duration>) -> Timer {
        Timer { action: Action::Run(Rc::new(|_| ())), period, referenced: true }
    }

    /// Lets timers run from `start` to `end`, each look up to 0.9 s late; a timeout is set again when it is over. Gives how
    /// often each interval ran by then.
    fn run(timers: &mut Timers, start: Instant, end: Instant, calls: &mut [u32; 4]) {
        let mut random = fastrand::Rng::with_seed(3);
        while let Some(deadline) = timers.next_deadline().filter(|deadline| *deadline <= end) {
            let now = deadline + Duration::from_millis(random.u64(..900));
            while timers.next_deadline().is_some_and(|deadline| deadline <= end)
                && let Some(due) = timers.pop_due(now)
            {
                let Some(period) = due.period else {
                    timers.add(now, Duration::from_millis(random.u64(1..5000)), timer(None));
                    continue;
                };
                let calls = &mut calls[PERIODS.iter().position(|one| *one == period).expect("one of them")];
                *calls += 1;
                let late = now - (start + period * *calls);
                assert!(late < Duration::from_millis(900), "call {calls} of {period:?} is {late:?} late");
            }
        }
    }

    #[test]
    fn a_day_of_timers_drifts_nowhere_and_grows_nothing() {
        let (start, mut timers, mut calls) = (Instant::now(), Timers::default(), [0; 4]);
        for period in PERIODS {
            timers.add(start, period, timer(Some(period)));
        }
        for delay in 1..=50 {
            timers.add(start, Duration::from_millis(delay), timer(None));
        }
        run(&mut timers, start, start + DAY, &mut calls);
        let second = allocation_counter::measure(|| run(&mut timers, start, start + 2 * DAY, &mut calls));
        assert_eq!(calls, PERIODS.map(|period| (2 * DAY).as_millis() / period.as_millis()).map(|count| count as u32));
        assert!(second.count_total > 0, "timeouts are allocated");
        assert!(second.bytes_current.abs() < 4096, "a day leaves {} bytes behind", second.bytes_current);
    }
}
