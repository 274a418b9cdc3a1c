//! Timers in (deadline, creation) order. Time is an argument: nothing here looks at a clock.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fmt;
use std::rc::Rc;
use std::time::{Duration, Instant};

use rhai::{Dynamic, Engine};
use slab::Slab;

use crate::event_loop::callback::Callback;

/// Names a timer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimerId {
    /// Goes up in order of creation and is never used again.
    pub number: u64,
    /// Where the timer is, as long as it is pending.
    place: u32,
}

/// What happens when a timer is due.
#[derive(Clone)]
pub enum Action {
    /// A script function is called with these arguments.
    Call(Rc<Callback>, Option<Rc<Vec<Dynamic>>>),
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

/// When a timer is due, and which it is, in 16 bytes: what the heap compares and moves most of its time. From the highest bit
/// on: 60 bits of nanoseconds since the first timer was set (36 years), 40 of the timer's number, 28 of its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Due(u128);

impl Due {
    const TIME_BITS: u32 = 60;
    const NUMBER_BITS: u32 = 40;
    const PLACE_BITS: u32 = 28;

    fn new(since_start: Duration, id: TimerId) -> Self {
        let number = u128::from(id.number) & ((1 << Self::NUMBER_BITS) - 1);
        let time = since_start.as_nanos().min((1 << Self::TIME_BITS) - 1);
        Self(time << (Self::NUMBER_BITS + Self::PLACE_BITS) | number << Self::PLACE_BITS | u128::from(id.place))
    }

    fn since_start(self) -> Duration {
        // No more than `TIME_BITS`.
        Duration::from_nanos((self.0 >> (Self::NUMBER_BITS + Self::PLACE_BITS)) as u64)
    }

    fn place(self) -> usize {
        (self.0 & ((1 << Self::PLACE_BITS) - 1)) as usize
    }

    /// Whether it is of the timer of that number.
    fn is_of(self, number: u64) -> bool {
        ((self.0 >> Self::PLACE_BITS) as u64 ^ number) & ((1 << Self::NUMBER_BITS) - 1) == 0
    }
}

/// All pending timers.
#[derive(Debug, Default)]
pub struct Timers {
    /// When the first timer was set.
    start: Option<Instant>,
    /// When each is due, and some that were cleared since.
    deadlines: BinaryHeap<Reverse<Due>>,
    /// By their place, with their number.
    pending: Slab<(u64, Timer)>,
    last_number: u64,
    referenced: usize,
}

/// Deadlines of cleared timers that are kept without a look at how many others there are.
const FEW: usize = 64;

impl Timers {
    /// Adds a timer that is due `delay` after `now`.
    pub fn add(&mut self, now: Instant, delay: Duration, timer: Timer) -> TimerId {
        self.last_number += 1;
        self.referenced += usize::from(timer.referenced);
        let place = self.pending.insert((self.last_number, timer));
        let place = u32::try_from(place).ok().filter(|place| *place < 1 << Due::PLACE_BITS);
        let id = TimerId { number: self.last_number, place: place.expect("memory ends before 268 million timers do") };
        let start = *self.start.get_or_insert(now);
        self.deadlines.push(Reverse(Due::new(now + delay - start, id)));
        id
    }

    /// Forgets a timer; one that is over or was never there is no error, as in JavaScript.
    pub fn clear(&mut self, id: TimerId) {
        if find(&self.pending, id).is_none() {
            return;
        }
        let (_, timer) = self.pending.remove(id.place as usize);
        self.referenced -= usize::from(timer.referenced);
        // Whoever clears the first one looks for the next; and one that is set anew all the time must not fill the memory.
        if self.deadlines.len() > FEW + 2 * self.pending.len() {
            let pending = &self.pending;
            self.deadlines.retain(|Reverse(due)| is_pending(pending, *due));
        }
        self.drop_cleared();
    }

    /// Sets whether a pending timer keeps the program alive.
    pub fn set_referenced(&mut self, id: TimerId, referenced: bool) {
        if find(&self.pending, id).is_some() {
            let (_, timer) = &mut self.pending[id.place as usize];
            let before = std::mem::replace(&mut timer.referenced, referenced);
            self.referenced = self.referenced + usize::from(referenced) - usize::from(before);
        }
    }

    /// Whether a pending timer keeps the program alive; false for one that is over.
    pub fn is_referenced(&self, id: TimerId) -> bool {
        find(&self.pending, id).is_some_and(|timer| timer.referenced)
    }

    /// Takes the first timer that is due at `now`. An interval stays pending, one period on.
    pub fn pop_due(&mut self, now: Instant) -> Option<Timer> {
        let mut first = self.deadlines.peek_mut()?;
        let Reverse(due) = *first;
        let start = self.start?;
        let deadline = start + due.since_start();
        if deadline > now {
            return None;
        }
        let place = due.place();
        let (number, timer) = &self.pending[place];
        let timer = match timer.period {
            Some(period) => {
                // On its own schedule, so that it does not drift; ticks missed by a whole period are not made up for.
                let next = if deadline + period > now { deadline + period } else { now + period };
                *first = Reverse(Due::new(next - start, TimerId { number: *number, place: place as u32 }));
                drop(first);
                timer.clone()
            }
            None => {
                PeekMut::pop(first);
                let (_, timer) = self.pending.remove(place);
                self.referenced -= usize::from(timer.referenced);
                timer
            }
        };
        self.drop_cleared();
        Some(timer)
    }

    /// When the next timer is due.
    pub fn next_deadline(&self) -> Option<Instant> {
        self.deadlines.peek().zip(self.start).map(|(Reverse(due), start)| start + due.since_start())
    }

    /// Whether a pending timer keeps the program alive.
    pub const fn keep_alive(&self) -> bool {
        self.referenced > 0
    }

    /// The first deadline is that of a pending timer, always.
    fn drop_cleared(&mut self) {
        while self.deadlines.peek().is_some_and(|Reverse(due)| !is_pending(&self.pending, *due)) {
            self.deadlines.pop();
        }
    }
}

/// The timer of that name, if it is pending.
fn find(pending: &Slab<(u64, Timer)>, id: TimerId) -> Option<&Timer> {
    pending.get(id.place as usize).filter(|(number, _)| *number == id.number).map(|(_, timer)| timer)
}

/// Whether the timer that is due then was not cleared.
fn is_pending(pending: &Slab<(u64, Timer)>, due: Due) -> bool {
    pending.get(due.place()).is_some_and(|(number, _)| due.is_of(*number))
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
    fn a_timer_that_is_cleared_and_set_anew_leaves_nothing_behind() {
        let (now, mut timers) = (Instant::now(), Timers::default());
        let last = timers.add(now, 2 * DAY, timer(None));
        let again = |timers: &mut Timers| {
            let id = timers.add(now, DAY, timer(None));
            timers.clear(id);
            timers.clear(id);
        };
        (0..1000).for_each(|_| again(&mut timers));
        let more = allocation_counter::measure(|| (0..100_000).for_each(|_| again(&mut timers)));
        assert!(more.count_total > 0, "timeouts are allocated");
        assert_eq!(more.bytes_current, 0, "what was cleared stays");
        // A place is used again, a name is not.
        assert_eq!(timers.next_deadline(), Some(now + 2 * DAY));
        timers.clear(last);
        assert!(timers.next_deadline().is_none() && !timers.keep_alive());
        let other = timers.add(now, DAY, timer(None));
        timers.set_referenced(last, false);
        assert!(timers.is_referenced(other) && !timers.is_referenced(last));
    }

    #[test]
    fn timers_come_in_the_order_of_their_deadlines_then_of_their_creation() {
        let (now, mut timers) = (Instant::now(), Timers::default());
        let delays = [5, 1, 5, 3, 1, 9, 5, 1];
        let ids = delays.map(|delay| timers.add(now, Duration::from_millis(delay), timer(Some(DAY * delay as u32))));
        timers.clear(ids[3]);
        timers.clear(ids[2]);
        let periods = std::iter::from_fn(|| timers.pop_due(now + DAY)).take(6);
        let order: Vec<_> = periods.map(|due| due.period.map(|period| period.as_secs() / DAY.as_secs())).collect();
        assert_eq!(order, [1, 1, 1, 5, 5, 9].map(Some));
    }

    #[test]
    fn a_timer_that_is_never_due_is_in_nobodys_way() {
        let (now, mut timers) = (Instant::now(), Timers::default());
        let never = timers.add(now, DAY * 1_000_000, timer(None));
        timers.add(now, DAY, timer(Some(DAY)));
        assert_eq!(timers.next_deadline(), Some(now + DAY));
        assert!(timers.pop_due(now + DAY * 365).is_some_and(|due| due.period == Some(DAY)));
        timers.clear(never);
        assert_eq!(timers.next_deadline(), Some(now + DAY * 366));
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
