//! How much was accepted and is not over, counted by both sides: `client.queued`, and the bound on it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering, fence};

/// Payload bytes are counted in the lower bits, messages in the others, so that one step counts both.
const BYTE_BITS: u32 = 37;
const BYTES: u64 = (1 << BYTE_BITS) - 1;

/// How much may wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueLimit {
    /// Messages.
    pub messages: u32,
    /// Payload bytes of all of them. One message may be larger, if it waits alone.
    pub bytes: u64,
}

impl QueueLimit {
    /// The most messages that can be counted.
    pub const MOST_MESSAGES: u32 = 100_000_000;
    /// The most payload bytes that can be counted.
    pub const MOST_BYTES: u64 = 64 << 30;
}

impl Default for QueueLimit {
    fn default() -> Self {
        Self { messages: 1_000_000, bytes: 256 << 20 }
    }
}

/// What to do with a message that has no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum QueuePolicy {
    /// It fails.
    #[default]
    Error,
    /// The program waits for room.
    Wait,
}

/// What waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// Messages.
    pub messages: u64,
    /// Payload bytes.
    pub bytes: u64,
}

impl Load {
    const fn of(counts: u64) -> Self {
        Self { messages: counts >> BYTE_BITS, bytes: counts & BYTES }
    }

    const fn has_room(self, bytes: u64, limit: QueueLimit) -> bool {
        self.messages == 0 || (self.messages < limit.messages as u64 && self.bytes + bytes <= limit.bytes)
    }
}

/// See the module.
#[derive(Debug, Default)]
pub struct Queue {
    counts: AtomicU64,
    /// The program waits for room, and wants to be told when no more than this is left.
    mark: AtomicU64,
    is_awaited: AtomicBool,
}

impl Queue {
    const fn message(bytes: usize) -> u64 {
        (1 << BYTE_BITS) | bytes as u64
    }

    /// One more message, whatever the limit.
    pub fn add(&self, bytes: usize) {
        self.counts.fetch_add(Self::message(bytes), Ordering::Relaxed);
    }

    /// One more message, if there is room for it. Gives what was there before.
    ///
    /// # Errors
    /// There is no room; what waits.
    pub fn try_add(&self, bytes: usize, limit: QueueLimit) -> Result<Load, Load> {
        let before = Load::of(self.counts.fetch_add(Self::message(bytes), Ordering::Relaxed));
        if before.has_room(bytes as u64, limit) {
            return Ok(before);
        }
        self.remove(bytes);
        Err(before)
    }

    /// A message is over.
    pub fn remove(&self, bytes: usize) {
        self.counts.fetch_sub(Self::message(bytes), Ordering::Relaxed);
    }

    /// What waits now.
    pub fn load(&self) -> Load {
        Load::of(self.counts.load(Ordering::Relaxed))
    }

    /// Program side: tell when there is room for a message again. What came before this call is not told: look again after it.
    pub fn await_room(&self, bytes: usize, limit: QueueLimit) {
        // Some room more than for this one, or each message would be a sleep and a wake-up.
        let messages = u64::from(limit.messages);
        let messages = messages - (messages / 8).clamp(1, 4096);
        let bytes = limit.bytes.saturating_sub((limit.bytes / 8).min(1 << 20).max(bytes as u64));
        self.mark.store(messages << BYTE_BITS | bytes, Ordering::Relaxed);
        self.is_awaited.store(true, Ordering::Relaxed);
        // In one order with `tells_of_room`: either it sees the flag, or the look that follows sees the room.
        fence(Ordering::SeqCst);
    }

    /// Network side: whether the program waits for room and there is some. True once.
    pub fn tells_of_room(&self) -> bool {
        fence(Ordering::SeqCst);
        if !self.is_awaited.load(Ordering::Relaxed) {
            return false;
        }
        let (now, mark) = (self.load(), Load::of(self.mark.load(Ordering::Relaxed)));
        let is_room = now.messages == 0 || (now.messages <= mark.messages && now.bytes <= mark.bytes);
        is_room && self.is_awaited.swap(false, Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: QueueLimit = QueueLimit { messages: 3, bytes: 100 };

    #[test]
    fn messages_and_bytes_are_counted_apart() {
        let queue = Queue::default();
        assert_eq!(queue.try_add(40, LIMIT), Ok(Load { messages: 0, bytes: 0 }));
        assert_eq!(queue.try_add(60, LIMIT), Ok(Load { messages: 1, bytes: 40 }));
        assert_eq!(queue.try_add(1, LIMIT), Err(Load { messages: 2, bytes: 100 }));
        assert_eq!(queue.try_add(0, LIMIT), Ok(Load { messages: 2, bytes: 100 }));
        assert_eq!(queue.try_add(0, LIMIT), Err(Load { messages: 3, bytes: 100 }));
        queue.remove(60);
        assert_eq!(queue.load(), Load { messages: 2, bytes: 40 }, "what was refused left nothing behind");
    }

    #[test]
    fn a_message_larger_than_the_limit_goes_alone() {
        let queue = Queue::default();
        assert!(queue.try_add(1000, LIMIT).is_ok());
        assert!(queue.try_add(0, LIMIT).is_err());
        queue.remove(1000);
        assert!(queue.try_add(0, LIMIT).is_ok());
        assert!(queue.try_add(1000, LIMIT).is_err());
    }

    #[test]
    fn room_is_told_once_and_only_to_whom_waits() {
        let queue = Queue::default();
        for _ in 0..3 {
            queue.add(10);
        }
        assert!(!queue.tells_of_room(), "nobody waits");
        queue.await_room(10, LIMIT);
        assert!(!queue.tells_of_room(), "no room");
        queue.remove(10);
        assert!(queue.tells_of_room());
        assert!(!queue.tells_of_room(), "told");
    }

    #[test]
    fn the_most_that_can_be_counted_fits() {
        let limit = QueueLimit { messages: QueueLimit::MOST_MESSAGES, bytes: QueueLimit::MOST_BYTES };
        let most = Load { messages: u64::from(limit.messages), bytes: limit.bytes };
        let counts = most.messages << BYTE_BITS | (most.bytes + (256 << 20));
        assert_eq!(Load::of(counts), Load { bytes: most.bytes + (256 << 20), ..most });
    }
}
