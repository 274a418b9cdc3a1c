//! Packet identifiers: taken on the script thread when a request is made, given back by the network side when it is over.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::mqtt::packet::PacketId;

/// The identifiers of one client that are in use, shared by both sides.
#[derive(Debug, Clone)]
pub struct PacketIds(Arc<Mutex<Pool>>);

#[derive(Debug)]
struct Pool {
    used: HashSet<PacketId>,
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
        Self(Arc::new(Mutex::new(Pool { used: HashSet::new(), last, lowest_first: false, waiting: 0 })))
    }

    /// Starts at 1 and always takes the lowest one that is free: MQTT.js's `UniqueMessageIdProvider`.
    pub fn lowest_first() -> Self {
        Self(Arc::new(Mutex::new(Pool { used: HashSet::new(), last: 0, lowest_first: true, waiting: 0 })))
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
        self.lock().used.clear();
    }

    /// Gives an identifier back; 0 is nobody's.
    pub fn give_back(&self, id: PacketId) {
        if id != 0 {
            self.lock().used.remove(&id);
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
        if self.used.len() >= usize::from(PacketId::MAX) {
            return None;
        }
        // At most as many are in use as were taken, so that the search ends soon.
        let mut id = if self.lowest_first { 0 } else { self.last };
        loop {
            id = id.checked_add(1).unwrap_or(1);
            if self.used.insert(id) {
                self.last = id;
                return Some(id);
            }
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
