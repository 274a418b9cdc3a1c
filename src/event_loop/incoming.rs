//! What wakes the loop: the one channel that the network, signals and other threads send into.

use crossbeam_channel::{Receiver, Sender, unbounded};

use crate::mqtt;

/// Names who an event is for.
pub type SourceId = u64;

/// Something another thread sent.
#[derive(Debug)]
pub struct Incoming {
    /// Who it is for.
    pub source: SourceId,
    /// What it is.
    pub payload: Payload,
}

/// The kinds of things that come from other threads.
#[derive(Debug)]
pub enum Payload {
    /// A batch from the network side.
    Mqtt(Vec<mqtt::event::Event>),
    /// A signal number.
    Signal(i32),
    /// A line of standard input; `None`: it ended.
    Line(Option<String>),
    /// Another thread wants the loop to look around, for example to end the program.
    Wake,
}

/// The two ends of the channel.
#[derive(Debug)]
pub struct Inbox {
    /// For other threads; cloned freely.
    pub sender: Sender<Incoming>,
    /// For the loop.
    pub receiver: Receiver<Incoming>,
}

impl Default for Inbox {
    fn default() -> Self {
        let (sender, receiver) = unbounded();
        Self { sender, receiver }
    }
}
