//! Packet identifiers: taken on the script thread when a request is made, given back by the network side when it is over.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::mqtt::packet::PacketId;

/// The identifiers of one client that are in use, shared by both sides.
#[derive(Debug, Clone)]
pub struct PacketIds(Arc<Mutex<Pool>>);

#[derive(Debug)]
struct Pool {
    used: Used,
    last: PacketId,
    /// Whether the lowest free one is next, not the one after the last.
    lowest_first: bool,
    /// Requests made when all were in use, which wait for one.
    waiting: usize,
}

impl PacketIds {
    /// Starts at a random number, as MQTT.js does.
    pub fn from_random() -> Self {
        Self::starting_after(fastrand::u16(..))
    }

    /// Starts after `last`.
    pub fn starting_after(last: PacketId) -> Self {
        Self(Arc::new(Mutex::new(Pool { used: Used::default(), last, lowest_first: false, waiting: 0 })))
    }

    /// Starts at 1 and always takes the lowest one that is free: MQTT.js's `UniqueMessageIdProvider`.
    pub fn lowest_first() -> Self {
        Self(Arc::new(Mutex::new(Pool { used: Used::default(), last: 0, lowest_first: true, waiting: 0 })))
    }

    /// Takes an identifier for a new request; `None` when all are in use, or others wait already: the request then waits
    /// for its turn, as those behind it must not hold what those in front of it wait for.
    pub fn take_or_wait(&self) -> Option<PacketId> {
        let mut pool = self.lock();
        let id = if pool.waiting == 0 { pool.take() } else { None };
        pool.waiting += usize::from(id.is_none());
        id
    }

    /// Takes an identifier for the first request that waits for one.
    pub fn take_for_waiting(&self) -> Option<PacketId> {
        let mut pool = self.lock();
        let id = pool.take();
        pool.waiting -= usize::from(id.is_some() && pool.waiting > 0);
        id
    }

    /// A request that waits for an identifier is over.
    pub fn wait_no_more(&self) {
        let mut pool = self.lock();
        pool.waiting = pool.waiting.saturating_sub(1);
    }

    /// Takes the next free identifier, 1 to 65,535; `None` when all are in use `[MQTT-2.2.1-3]`.
    pub fn take(&self) -> Option<PacketId> {
        self.lock().take()
    }

    /// Marks an identifier, of a restored session for example, as in use. False if it was already, or is none.
    pub fn claim(&self, id: PacketId) -> bool {
        id != 0 && self.lock().used.insert(id)
    }

    /// Gives all identifiers back.
    pub fn clear(&self) {
        self.lock().used = Used::default();
    }

    /// Gives an identifier back; 0 is nobody's.
    pub fn give_back(&self, id: PacketId) {
        if id != 0 {
            self.lock().used.remove(id);
        }
    }

    /// Whether the lowest free one is always next.
    pub fn is_lowest_first(&self) -> bool {
        self.lock().lowest_first
    }

    /// The identifier taken last.
    pub fn last(&self) -> PacketId {
        self.lock().last
    }

    fn lock(&self) -> MutexGuard<'_, Pool> {
        // A panic cannot leave the pool half changed: every change is one call on the set.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pool {
    fn take(&mut self) -> Option<PacketId> {
        let from = if self.lowest_first { 1 } else { self.last.checked_add(1).unwrap_or(1) };
        let id = self.used.free_from(from).or_else(|| self.used.free_from(1))?;
        self.used.insert(id);
        self.last = id;
        Some(id)
    }
}

/// Identifiers in use, as runs without a gap: first to last. They are few, as identifiers are taken in order and mostly
/// come back in order, and the next free one is found without a look at those in use.
#[derive(Debug, Default)]
struct Used(BTreeMap<PacketId, PacketId>);

impl Used {
    /// The first and last of the run that `id` is in.
    fn run_of(&self, id: PacketId) -> Option<(PacketId, PacketId)> {
        let (first, last) = self.0.range(..=id).next_back()?;
        (*last >= id).then_some((*first, *last))
    }

    /// The first free one, `from` or above.
    fn free_from(&self, from: PacketId) -> Option<PacketId> {
        self.run_of(from).map_or(Some(from), |(_, last)| last.checked_add(1))
    }

    /// False if it was in use already.
    fn insert(&mut self, id: PacketId) -> bool {
        if self.run_of(id).is_some() {
            return false;
        }
        let first = self.run_of(id - 1).map_or(id, |(first, _)| first);
        let after = id.checked_add(1).and_then(|next| self.0.remove(&next));
        self.0.insert(first, after.unwrap_or(id));
        true
    }

    fn remove(&mut self, id: PacketId) {
        let Some((first, last)) = self.run_of(id) else { return };
        if first == id {
            self.0.remove(&first);
        } else {
            self.0.insert(first, id - 1);
        }
        if id < last {
            self.0.insert(id + 1, last);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_wrap_skip_zero_and_those_in_use() {
        let ids = PacketIds::starting_after(65_534);
        assert_eq!(ids.take(), Some(65_535));
        assert_eq!(ids.take(), Some(1));
        assert!(ids.claim(2) && !ids.claim(2));
        assert_eq!(ids.take(), Some(3));
        assert_eq!(ids.last(), 3);
    }

    #[test]
    fn all_taken_gives_none_until_one_comes_back() {
        let ids = PacketIds::starting_after(0);
        for _ in 0..65_535 {
            ids.take().expect("free");
        }
        assert_eq!(ids.take(), None);
        ids.give_back(700);
        assert_eq!(ids.take(), Some(700));
    }

    #[test]
    fn runs_tell_the_same_as_a_set() {
        let mut random = fastrand::Rng::with_seed(7);
        let ids = PacketIds::starting_after(65_500);
        let mut used = std::collections::BTreeSet::new();
        let mut last = 65_500;
        for _ in 0..20_000 {
            match random.u8(0..3) {
                0 => {
                    let above = (last..=PacketId::MAX).skip(1).chain(1..=last).find(|id| !used.contains(id));
                    assert_eq!(ids.take(), above);
                    last = above.expect("some are free");
                    used.insert(last);
                }
                1 => {
                    let id = random.u16(1..=99).wrapping_sub(random.u16(0..=1) * 100);
                    assert_eq!(ids.claim(id), id != 0 && used.insert(id), "{id}");
                }
                _ => {
                    let some = used.iter().copied().nth(random.usize(0..=used.len() / 2));
                    let id = some.unwrap_or(random.u16(..));
                    ids.give_back(id);
                    used.remove(&id);
                }
            }
        }
        assert!(used.len() > 100, "{}", used.len());
        let held: usize = ids.lock().used.0.iter().map(|(first, last)| usize::from(last - first) + 1).sum();
        assert_eq!(held, used.len());
    }

    #[test]
    fn what_is_in_use_costs_no_search() {
        // With a search through those in use this would take minutes.
        let ids = PacketIds::lowest_first();
        let start = std::time::Instant::now();
        (0..65_534).for_each(|_| assert!(ids.take().is_some()));
        for _ in 0..200_000 {
            assert_eq!(ids.take(), Some(65_535));
            ids.give_back(65_535);
        }
        assert!(start.elapsed() < std::time::Duration::from_secs(30), "{:?}", start.elapsed());
    }

    #[test]
    fn requests_that_wait_for_an_identifier_are_not_overtaken() {
        let ids = PacketIds::starting_after(0);
        for _ in 0..65_535 {
            ids.take_or_wait().expect("free");
        }
        assert_eq!([ids.take_or_wait(), ids.take_or_wait()], [None, None]);
        ids.give_back(7);
        assert_eq!(ids.take_or_wait(), None, "two wait already");
        assert_eq!([ids.take_for_waiting(), ids.take_for_waiting()], [Some(7), None]);
        ids.wait_no_more();
        ids.give_back(8);
        assert_eq!(ids.take_for_waiting(), Some(8));
        ids.give_back(9);
        assert_eq!(ids.take_or_wait(), Some(9));
    }
}
