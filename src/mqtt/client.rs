//! The client: what a program holds ([`Client`]), and the task that keeps it connected.
//!
//! The task goes from attempt to attempt: dial, CONNECT, CONNACK, serve, close, wait, again. Orders are taken at any time;
//! what cannot be sent yet waits in the session.

mod attempt;
pub mod auth;
mod closing;
mod lingering;
mod serve;
mod store;
mod task;
#[cfg(test)]
mod virtual_time;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::mpsc;

use crate::mqtt::backlog::{Backlog, Reading};
use crate::mqtt::client::task::Task;
use crate::mqtt::command::{Command, Inspection, Request};
use crate::mqtt::error::Error;
use crate::mqtt::event::Event;
use crate::mqtt::ids::PacketIds;
use crate::mqtt::network::Network;
use crate::mqtt::options::Options;
use crate::mqtt::packet::{PacketId, Publish, QoS};
use crate::mqtt::queue::{Load, Queue, QueueLimit};
use crate::mqtt::store::{Entry, Stores};
use crate::mqtt::transport::Dialer;

/// Orders are handed over at the latest when this many wait, so that a long loop of publishes is already on its way.
const BATCH: usize = 64;
/// While the loop goes on, each batch is twice the one before, to this: to wake the network thread costs as much as some publishes.
const LARGEST_BATCH: usize = 256;

/// How long a program waits at most to be told what its client holds. Orders are taken at once, but while a link is closed.
const LONGEST_LOOK: Duration = Duration::from_secs(2);

/// Takes a batch of events to the program; false when the program is gone.
pub type EventSink = Box<dyn Fn(Vec<Event>) -> bool + Send + Sync>;

/// How a client begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// Dial at once.
    Now,
    /// Wait for [`Command::Connect`].
    Manual,
}

/// What both sides of a client look at.
#[derive(Debug, Default)]
pub struct Shared {
    /// Messages read and not handled yet.
    pub backlog: Backlog,
    /// Messages accepted and not over: `client.queued`.
    pub unfinished: Arc<Queue>,
    /// Whether the program wants to see every packet.
    pub observed: AtomicBool,
    /// Whether the program wants to give the address and credentials for each attempt.
    pub asks: AtomicBool,
}

/// What a program holds of a client. Orders are collected and go out with [`flush`](Self::flush), a batch at a time.
#[derive(Debug)]
pub struct Client {
    commands: mpsc::UnboundedSender<Vec<Command>>,
    outbox: Vec<Command>,
    /// How many make a batch.
    batch: usize,
    ids: PacketIds,
    shared: Arc<Shared>,
    stores: Stores,
    limit: QueueLimit,
}

impl Client {
    /// Starts a client on the network thread. What the stores have is sent with the first connection.
    ///
    /// # Errors
    /// `ca`, `cert` or `key` cannot be used, a store cannot be read, or the network thread could not be started.
    pub fn start(
        network: &Network,
        options: Options,
        stores: Stores,
        start: Start,
        asks: bool,
        ids: Option<PacketIds>,
        sink: EventSink,
    ) -> Result<Self, Error> {
        let mut dialer = Dialer::new(&options);
        options.endpoints.iter().try_for_each(|endpoint| dialer.prepare(endpoint))?;
        let (commands, orders) = mpsc::unbounded_channel();
        let ids = ids.unwrap_or_else(PacketIds::from_random);
        let shared = Arc::new(Shared { asks: AtomicBool::new(asks), ..Shared::default() });
        let limit = options.queue_limit;
        let sink = Arc::new(sink);
        let last_words = Arc::clone(&sink);
        let sink: EventSink = Box::new(move |events| sink(events));
        let mut task = Box::new(Task::new(options, dialer, start, ids.clone(), Arc::clone(&shared), orders, sink));
        task.use_stores(stores.clone())?;
        let run = async move {
            if let Err(panic) = AssertUnwindSafe(task.run()).catch_unwind().await {
                let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
                // Without a word the program would wait for this client for ever.
                let _ = last_words(vec![Event::Crashed { message: text.unwrap_or("panic").into() }]);
            }
        };
        network.spawn(run).map_err(|error| Error::new(format!("the network cannot be started: {error}")))?;
        Ok(Self { commands, outbox: Vec::new(), batch: BATCH, ids, shared, stores, limit })
    }

    /// Changes how much may wait.
    pub fn set_limit(&mut self, limit: QueueLimit) {
        self.limit = limit;
    }

    /// How much may wait.
    pub fn limit(&self) -> QueueLimit {
        self.limit
    }

    /// Takes room for a message with so much payload, for [`publish`](Self::publish). Gives what waited before.
    ///
    /// # Errors
    /// There is no room; what waits.
    pub fn reserve(&self, bytes: usize) -> Result<Load, Load> {
        self.shared.unfinished.try_add(bytes, self.limit)
    }

    /// [`Event::Room`] comes when there is room for so much payload. What came before this call is not told: look again after it.
    pub fn await_room(&self, bytes: usize) {
        self.shared.unfinished.await_room(bytes, self.limit);
    }

    /// Accepts a message that has its room. When this returns, the store has it if there is one. True when the order is
    /// the first that waits for [`flush`](Self::flush).
    ///
    /// # Errors
    /// It could not be written to the store; it is not sent then.
    pub fn publish(&mut self, request: Request<Publish>) -> Result<bool, Error> {
        let Some(store) = self.stores.outgoing.as_ref().filter(|_| request.packet.qos != QoS::AtMostOnce) else {
            return Ok(self.order(Command::Publish(request)));
        };
        match store.put(Entry::new(0, request.packet.clone(), 0)) {
            Ok(key) => Ok(self.order(Command::PublishStored(request, key))),
            Err(error) => {
                self.shared.unfinished.remove(request.packet.payload.len());
                match request.packet.id {
                    0 => self.ids.wait_no_more(),
                    id => self.ids.give_back(id),
                }
                Err(error)
            }
        }
    }

    /// The stores in use.
    pub fn stores(&self) -> &Stores {
        &self.stores
    }

    /// Uses other stores from now on.
    pub fn use_stores(&mut self, stores: Stores) -> bool {
        self.stores = stores.clone();
        self.order(Command::UseStores(stores))
    }

    /// Takes an order. True when it is the first one that waits for [`flush`](Self::flush).
    pub fn order(&mut self, command: Command) -> bool {
        self.outbox.push(command);
        if self.outbox.len() >= self.batch {
            self.batch = LARGEST_BATCH.min(2 * self.batch);
            let next = Vec::with_capacity(self.batch);
            self.hand_over(next);
            return false;
        }
        self.outbox.len() == 1
    }

    /// Hands collected orders to the network side.
    pub fn flush(&mut self) {
        self.batch = BATCH;
        if !self.outbox.is_empty() {
            self.hand_over(Vec::new());
        }
    }

    fn hand_over(&mut self, next: Vec<Command>) {
        // The task lives until the channel closes, so this cannot fail while we hold the sender.
        let _ = self.commands.send(std::mem::replace(&mut self.outbox, next));
    }

    /// Where its packet identifiers come from.
    pub fn ids(&self) -> &PacketIds {
        &self.ids
    }

    /// Takes a packet identifier; 0 when all are in use, then the request gets one when it goes out.
    pub fn take_id(&self) -> PacketId {
        self.ids.take_or_wait().unwrap_or(0)
    }

    /// Asks the network side what it holds; nothing, if that is just ending a link and takes no orders.
    pub fn inspect(&mut self) -> Inspection {
        let (answer, answers) = std::sync::mpsc::channel();
        self.order(Command::Inspect(answer));
        self.flush();
        answers.recv_timeout(LONGEST_LOOK).unwrap_or_default()
    }

    /// Messages accepted and not on the wire (QoS 0) or not acknowledged (QoS 1 and 2).
    pub fn unfinished(&self) -> Load {
        self.shared.unfinished.load()
    }

    /// A message of `bytes` payload was handled. True when [`Command::ReadOn`] is due.
    #[must_use]
    pub fn release(&self, bytes: usize) -> bool {
        self.shared.backlog.release(bytes)
    }

    /// Whether the program waits for an answer, so that what is in front of it must be read. True when [`Command::ReadOn`] is due.
    #[must_use]
    pub fn set_reading(&self, reading: Reading) -> bool {
        self.shared.backlog.set_reading(reading)
    }

    /// Whether so much is in front of the answer that the program waits for, that it is not read: see [`Event::OutOfReach`].
    pub fn is_answer_out_of_reach(&self) -> bool {
        self.shared.backlog.is_answer_out_of_reach()
    }

    /// Whether packets are reported with [`Event::PacketSent`] and [`Event::PacketReceived`].
    pub fn observe(&self, observed: bool) {
        self.shared.observed.store(observed, Ordering::Relaxed);
    }

    /// Whether [`Event::DialWanted`] comes before each attempt.
    pub fn ask(&self, asks: bool) {
        self.shared.asks.store(asks, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_on_the_network_side_is_told() {
        let (told, events) = std::sync::mpsc::channel();
        let first = AtomicBool::new(true);
        let sink: EventSink = Box::new(move |events| {
            assert!(!first.swap(false, Ordering::Relaxed), "on purpose");
            told.send(events).is_ok()
        });
        let network = Network::default();
        // The first event is a failed attempt: no port 0 can be dialled.
        let mut options = Options::default();
        options.endpoints[0].port = 0;
        let client = Client::start(&network, options, Stores::default(), Start::Now, false, None, sink);
        let events = events.recv_timeout(Duration::from_secs(30));
        assert!(client.is_ok());
        match events.as_deref() {
            Ok([Event::Crashed { message }]) => assert_eq!(message, "on purpose"),
            other => panic!("{other:?}"),
        }
    }
}
