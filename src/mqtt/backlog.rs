//! Back-pressure between the socket and the script: what was read and not yet handled, shared by both sides.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Above this many waiting messages the socket is not read.
const MOST_MESSAGES: usize = 4096;
/// Above this many waiting payload bytes the socket is not read.
const MOST_BYTES: usize = 8 << 20;

/// Messages read from one connection and not yet handled by the script.
#[derive(Debug, Default)]
pub struct Backlog {
    messages: AtomicUsize,
    bytes: AtomicUsize,
    /// The network side stopped reading and wants `Command::ReadOn`.
    paused: AtomicBool,
    /// The script waits for an answer: read on whatever is waiting, or the answer would never be read.
    unlimited: AtomicBool,
}

impl Backlog {
    /// Network side: one more message is on its way to the script.
    pub fn add(&self, bytes: usize) {
        self.messages.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Script side: a message was handled. True when the network side should be told to read on.
    pub fn release(&self, bytes: usize) -> bool {
        // In one order with `has_room`: either it sees the room, or this sees that it paused.
        let messages = self.messages.fetch_sub(1, Ordering::SeqCst) - 1;
        let bytes = self.bytes.fetch_sub(bytes, Ordering::SeqCst) - bytes;
        // Half full before reading goes on: one wake-up per many messages, not one per message.
        messages <= MOST_MESSAGES / 2 && bytes <= MOST_BYTES / 2 && self.resume()
    }

    /// Script side: whether it blocks on an answer. True when the network side should be told to read on.
    pub fn set_unlimited(&self, unlimited: bool) -> bool {
        self.unlimited.store(unlimited, Ordering::SeqCst);
        unlimited && self.resume()
    }

    /// Network side: whether the socket may be read now.
    pub fn has_room(&self) -> bool {
        if self.is_open() {
            return true;
        }
        self.paused.store(true, Ordering::SeqCst);
        // The script may have worked it off between the look and the store.
        if self.is_open() {
            self.paused.store(false, Ordering::SeqCst);
            return true;
        }
        false
    }

    fn is_open(&self) -> bool {
        self.unlimited.load(Ordering::SeqCst)
            || (self.messages.load(Ordering::SeqCst) < MOST_MESSAGES && self.bytes.load(Ordering::SeqCst) < MOST_BYTES)
    }

    fn resume(&self) -> bool {
        self.paused.load(Ordering::SeqCst) && self.paused.swap(false, Ordering::SeqCst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_stops_when_full_and_goes_on_when_half_empty() {
        let backlog = Backlog::default();
        for _ in 0..MOST_MESSAGES {
            assert!(backlog.has_room());
            backlog.add(1);
        }
        assert!(!backlog.has_room());
        let told = (0..MOST_MESSAGES).filter(|_| backlog.release(1)).count();
        assert_eq!(told, 1, "one wake-up, not one per message");
        assert!(backlog.has_room());
    }

    #[test]
    fn a_waiting_script_is_read_for_whatever_the_backlog() {
        let backlog = Backlog::default();
        backlog.add(MOST_BYTES);
        assert!(!backlog.has_room());
        assert!(backlog.set_unlimited(true));
        assert!(backlog.has_room());
    }
}
