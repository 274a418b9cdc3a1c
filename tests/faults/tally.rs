//! The numbers that were observed: which, how often, in which order, and how long nothing came.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::support::PATIENCE;

/// What ends a case, published after all else.
pub const END: &str = "end";

/// See the module. An odd number travels with QoS 2 wherever both are used.
#[derive(Debug, Default)]
pub struct Tally {
    state: Mutex<State>,
    grew: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// A bit for each number.
    seen: Vec<u64>,
    observed: usize,
    again: Vec<usize>,
    /// The greatest so far, of the even and of the odd ones.
    greatest: [Option<usize>; 2],
    late: Vec<usize>,
    last: Option<Instant>,
    longest_gap: Duration,
    /// Why there are no more.
    over: Option<String>,
}

impl State {
    fn has(&self, number: usize) -> bool {
        self.seen.get(number / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }
}

impl Tally {
    /// Notes the payload of a message. True when its number is new.
    pub fn take(&self, payload: &str) -> bool {
        let mut state = self.lock();
        let is_new = match payload.parse() {
            Ok(number) => note(&mut state, number),
            Err(_) => {
                state.over.get_or_insert_with(|| payload.to_owned());
                false
            }
        };
        drop(state);
        self.grew.notify_all();
        is_new
    }

    /// Nothing will come any more, and nobody said that it is the end.
    pub fn give_up(&self, why: String) {
        self.lock().over.get_or_insert(why);
        self.grew.notify_all();
    }

    /// How many different numbers came.
    pub fn observed(&self) -> usize {
        self.lock().observed
    }

    /// Numbers that came more than once, each as often as it came again.
    pub fn again(&self) -> Vec<usize> {
        self.lock().again.clone()
    }

    /// Numbers that came first after a greater one of the same QoS.
    pub fn late(&self) -> Vec<usize> {
        self.lock().late.clone()
    }

    /// The longest time in which nothing came, between the first and the last.
    pub fn longest_gap(&self) -> Duration {
        self.lock().longest_gap
    }

    /// Which of these never came.
    pub fn lost(&self, sent: impl IntoIterator<Item = usize>) -> Vec<usize> {
        let state = self.lock();
        sent.into_iter().filter(|number| !state.has(*number)).collect()
    }

    /// Waits until so many have come; fails when none comes for as long as the patience lasts.
    #[track_caller]
    pub fn wait_for(&self, count: usize) {
        self.wait(|state| state.observed >= count, &format!("{count} messages"));
    }

    /// Waits for [`END`].
    #[track_caller]
    pub fn wait_for_end(&self) {
        self.wait(|state| state.over.as_deref() == Some(END), "the end");
    }

    #[track_caller]
    fn wait(&self, is_there: impl Fn(&State) -> bool, what: &str) {
        let mut state = self.lock();
        let (mut observed, mut until) = (state.observed, Instant::now() + PATIENCE);
        while !is_there(&state) {
            if state.observed > observed {
                (observed, until) = (state.observed, Instant::now() + PATIENCE);
            }
            let left = until.saturating_duration_since(Instant::now());
            let reason = state.over.as_deref().or(left.is_zero().then_some("nothing comes any more"));
            if let Some(reason) = reason {
                panic!("waiting for {what} with {observed} observed: {reason}");
            }
            state = self.grew.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn note(state: &mut State, number: usize) -> bool {
    let now = Instant::now();
    let gap = state.last.replace(now).map_or(Duration::ZERO, |last| now - last);
    state.longest_gap = state.longest_gap.max(gap);
    if state.has(number) {
        state.again.push(number);
        return false;
    }
    if state.seen.len() <= number / 64 {
        state.seen.resize(number / 64 + 1, 0);
    }
    state.seen[number / 64] |= 1 << (number % 64);
    state.observed += 1;
    let greatest = &mut state.greatest[number % 2];
    if greatest.is_some_and(|greatest| greatest > number) {
        state.late.push(number);
    } else {
        *greatest = Some(number);
    }
    true
}
