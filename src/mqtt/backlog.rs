//! Back-pressure between the socket and the script: what was read and not yet handled, shared by both sides.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};

/// Above this many waiting messages the socket is not read.
const MOST_MESSAGES: usize = 4096;
/// Above this many waiting payload bytes the socket is not read.
const MOST_BYTES: usize = 8 << 20;

/// While the script waits for an answer that comes behind them, it may be this many. What comes behind that does not come in time:
/// a script that waits in the middle of a flood would fill the memory.
const MOST_MESSAGES_IN_FRONT: usize = 1_000_000;
/// The same for waiting payload bytes.
const MOST_BYTES_IN_FRONT: usize = 256 << 20;

/// How far the socket is read ahead of the script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Reading {
    /// As far as it makes sense.
    Ahead,
    /// Farther, as the script blocks until an answer comes.
    ToAnswer,
    /// Whatever waits: it cannot be told that an answer does not come.
    All,
}

/// Messages read from one connection and not yet handled by the script.
#[derive(Debug, Default)]
pub struct Backlog {
    messages: AtomicUsize,
    bytes: AtomicUsize,
    /// The network side stopped reading and wants `Command::ReadOn`.
    paused: AtomicBool,
    /// A [`Reading`].
    reading: AtomicU8,
    /// The program was told that an answer does not come.
    told: AtomicBool,
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

    /// Script side: what it waits for. True when the network side should be told to read on.
    pub fn set_reading(&self, reading: Reading) -> bool {
        self.reading.store(reading as u8, Ordering::SeqCst);
        self.told.store(false, Ordering::SeqCst);
        reading != Reading::Ahead && self.resume()
    }

    /// Whether so much is in front of the answer that the script waits for, that it is not read.
    pub fn is_answer_out_of_reach(&self) -> bool {
        self.reading.load(Ordering::SeqCst) == Reading::ToAnswer as u8 && !self.is_open()
    }

    /// Network side: whether that is to be told. True once for each wait.
    pub fn tells_of_reach(&self) -> bool {
        self.is_answer_out_of_reach() && !self.told.swap(true, Ordering::SeqCst)
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
        let (messages, bytes) = match self.reading.load(Ordering::SeqCst) {
            reading if reading == Reading::Ahead as u8 => (MOST_MESSAGES, MOST_BYTES),
            reading if reading == Reading::ToAnswer as u8 => (MOST_MESSAGES_IN_FRONT, MOST_BYTES_IN_FRONT),
            _ => return true,
        };
        self.messages.load(Ordering::SeqCst) < messages && self.bytes.load(Ordering::SeqCst) < bytes
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
    fn a_waiting_script_is_read_for_farther_but_not_for_ever() {
        let backlog = Backlog::default();
        backlog.add(MOST_BYTES);
        assert!(!backlog.has_room());
        assert!(backlog.set_reading(Reading::ToAnswer));
        assert!(backlog.has_room());
        assert!(!backlog.tells_of_reach());
        backlog.add(MOST_BYTES_IN_FRONT);
        assert!(!backlog.has_room());
        assert!(backlog.tells_of_reach());
        assert!(!backlog.tells_of_reach(), "once");
        assert!(!backlog.set_reading(Reading::Ahead) && !backlog.tells_of_reach(), "nobody waits");
        assert!(backlog.set_reading(Reading::All));
        assert!(backlog.has_room());
    }
}
