//! The task's state, its orders, and the way from one attempt to the next.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use crate::mqtt::client::auth::Exchange;
use crate::mqtt::client::lingering::Lingering;
use crate::mqtt::client::{EventSink, Shared, Start};
use crate::mqtt::command::{Answer, Command, End, Inspection, LinkOrder};
use crate::mqtt::error::Error;
use crate::mqtt::event::{Completion, Delivery, Event};
use crate::mqtt::ids::PacketIds;
use crate::mqtt::options::Options;
use crate::mqtt::session::{Session, connection_closed};
use crate::mqtt::store::Stores;
use crate::mqtt::transport::Dialer;

/// Most batches of orders taken before the socket has its turn.
const BATCHES_PER_TURN: usize = 64;

/// What comes after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Dial.
    Dial,
    /// Dial after this long.
    Wait(Duration),
    /// Wait for an order to connect.
    Idle,
    /// The program is gone.
    Gone,
}

/// Why a wait was cut short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Its time was up.
    TimedOut,
    /// An order changes what to do: see [`Task::next_by_order`].
    Ordered,
    /// The program is gone.
    Gone,
}

/// What the task is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Nothing, until it is ordered to connect.
    Idle,
    /// Waiting for the next attempt.
    Waiting,
    /// Dialling, opening the session, or serving it.
    Attempting,
}

/// An `end` in progress.
#[derive(Debug)]
pub struct Ending {
    /// As ordered.
    pub end: End,
    /// When flushing stops.
    pub deadline: Instant,
    /// Whether something has to be flushed, so that `outgoingEmpty` fires.
    pub had_unfinished: bool,
    /// When DISCONNECT follows on `outgoingEmpty`.
    pub goodbye: Option<Instant>,
}

/// See the module.
pub struct Task {
    pub options: Options,
    pub shared: Arc<Shared>,
    pub session: Session,
    pub events: Vec<Event>,
    pub dialer: Dialer,
    /// Which of the endpoints is next.
    pub endpoint: usize,
    /// Attempts since the last accepted connection.
    pub failures: u32,
    /// Connections accepted so far; names the connection in deliveries.
    pub connection: u32,
    /// In an outage, `offline` fires once.
    pub offline: bool,
    /// In an outage, an error was reported: an outage that begins with a lost connection has none at first.
    pub failed: bool,
    /// The broker accepted the connection that is open, or just closed.
    pub accepted: bool,
    pub ending: Option<Ending>,
    pub phase: Phase,
    /// Set by [`Command::Connect`] while nothing is open, and by [`Command::Reconnect`].
    pub connect_ordered: bool,
    pub reconnect_ordered: bool,
    /// Orders to connect so far, without those that wait for an `end`.
    pub connects: u32,
    /// Orders to connect that came during an `end`: carried out after it.
    connects_after_end: u32,
    reconnect_after_end: bool,
    /// Keep alive in force on this connection; zero: off.
    pub keepalive: Duration,
    /// What the program wants done with the link.
    pub link_orders: Vec<LinkOrder>,
    /// The answer to [`Event::DialWanted`].
    pub dial: Option<Option<Box<Options>>>,
    /// Acknowledgements of the program that the connection must still send.
    pub acknowledgements: Vec<(Delivery, Answer)>,
    /// Enhanced authentication.
    pub exchange: Exchange,
    /// Connections in a row that the broker closed soon after accepting them.
    pub kicks: u32,
    pub warned_of_kicks: bool,
    /// When the last message of QoS 1 or 2 went out on this connection.
    pub published_at: Option<Instant>,
    /// Messages go out one at a time; the next one does not wait longer than this.
    pub careful_until: Option<Instant>,
    pub stores: Stores,
    /// The client ended, and with it the use of its stores.
    pub stores_closed: bool,
    /// What could not be written to a store, and why.
    pub store_failure: Option<Error>,
    pub start: Start,
    /// Whether orders come soon after events.
    pub lingering: Lingering,
    /// Batches.
    pub orders: mpsc::UnboundedReceiver<Vec<Command>>,
    sink: EventSink,
}

impl Task {
    /// A task that has done nothing yet.
    pub fn new(
        options: Options,
        dialer: Dialer,
        start: Start,
        ids: PacketIds,
        shared: Arc<Shared>,
        orders: mpsc::UnboundedReceiver<Vec<Command>>,
        sink: EventSink,
    ) -> Self {
        let remembers = options.remembers();
        let mut session = Session::new(options.version, ids, remembers, Arc::clone(&shared.unfinished));
        session.set_subscribing(remembers, options.subscribe_batch);
        session.set_auto_alias(options.auto_alias);
        session.ask_before_taking(options.custom_acks);
        Self {
            dialer,
            options,
            shared,
            session,
            events: Vec::new(),
            endpoint: 0,
            failures: 0,
            connection: 0,
            offline: false,
            failed: false,
            accepted: false,
            ending: None,
            phase: Phase::Idle,
            connect_ordered: false,
            reconnect_ordered: false,
            connects: 0,
            connects_after_end: 0,
            reconnect_after_end: false,
            keepalive: Duration::ZERO,
            link_orders: Vec::new(),
            dial: None,
            acknowledgements: Vec::new(),
            exchange: Exchange::default(),
            kicks: 0,
            warned_of_kicks: false,
            published_at: None,
            careful_until: None,
            stores: Stores::default(),
            stores_closed: false,
            store_failure: None,
            start,
            lingering: Lingering::default(),
            orders,
            sink,
        }
    }

    /// Runs until the program is gone. Boxed, as a future has room for what it is given twice.
    pub async fn run(mut self: Box<Self>) {
        let mut next = if self.start == Start::Now { Next::Dial } else { Next::Idle };
        loop {
            next = match next {
                // Apart from the task: a client that has ended, and is not forgotten yet, must not keep room for it.
                Next::Dial => Box::pin(self.attempt()).await,
                Next::Wait(delay) => self.wait(delay).await,
                Next::Idle => self.idle().await,
                Next::Gone => return,
            };
            self.send_events();
        }
    }

    /// Between attempts.
    async fn wait(&mut self, delay: Duration) -> Next {
        self.phase = Phase::Waiting;
        let until = Instant::now() + delay;
        match self.during(Some(until), std::future::pending::<()>()).await {
            Ok(()) | Err(Cut::TimedOut) => {
                self.events.push(Event::Reconnecting);
                Next::Dial
            }
            Err(Cut::Ordered) => self.next_by_order(),
            Err(Cut::Gone) => Next::Gone,
        }
    }

    /// Not trying: before a manual connect, after an `end`, or given up.
    async fn idle(&mut self) -> Next {
        self.phase = Phase::Idle;
        self.offline = false;
        match self.during(None, std::future::pending::<()>()).await {
            Ok(()) | Err(Cut::TimedOut) => Next::Idle,
            Err(Cut::Ordered) => self.next_by_order(),
            Err(Cut::Gone) => Next::Gone,
        }
    }

    /// What an order that cut a wait short asks for, while nothing is connected.
    pub fn next_by_order(&mut self) -> Next {
        if self.end_is_due() {
            self.finish_end();
            return Next::Idle;
        }
        let reconnect = std::mem::take(&mut self.reconnect_ordered);
        if std::mem::take(&mut self.connect_ordered) || reconnect {
            return Next::Dial;
        }
        Next::Idle
    }

    /// Lets `work` go on while orders are taken, until it is done, `until` has come, or an order changes what to do.
    pub async fn during<T>(&mut self, until: Option<Instant>, work: impl Future<Output = T>) -> Result<T, Cut> {
        tokio::pin!(work);
        loop {
            self.send_events();
            if self.is_ordered() {
                return Err(Cut::Ordered);
            }
            let deadline = earliest(until, self.ending.as_ref().map(|ending| ending.deadline));
            tokio::select! {
                biased;
                done = &mut work => return Ok(done),
                orders = self.orders.recv() => match orders {
                    Some(orders) => self.take(orders),
                    None => return Err(Cut::Gone),
                },
                () = at(deadline) => if until.is_some_and(|until| until <= Instant::now()) {
                    return Err(Cut::TimedOut);
                },
            }
        }
    }

    /// Whether an order changes what to do.
    pub fn is_ordered(&self) -> bool {
        self.end_is_due() || self.connect_ordered || self.reconnect_ordered || self.is_cut()
    }

    /// Whether the program wants the link, or the attempt to open one, cut.
    pub fn is_cut(&self) -> bool {
        self.link_orders.iter().any(|order| matches!(order, LinkOrder::Cut { .. }))
    }

    /// Takes orders that wait, without waiting for more.
    pub fn take_waiting_orders(&mut self) {
        // A program that orders faster than this takes must not keep the socket waiting.
        for _ in 0..BATCHES_PER_TURN {
            let Ok(orders) = self.orders.try_recv() else { return };
            self.take(orders);
        }
    }

    /// Carries out orders, as far as they need no connection.
    pub fn take(&mut self, orders: Vec<Command>) {
        self.lingering.ordered();
        for order in orders {
            match order {
                Command::Publish(request) => self.session.publish(request),
                Command::PublishStored(request, key) => self.session.publish_stored(request, key),
                Command::UseStores(stores) => self.change_stores(stores),
                Command::Subscribe(request) => self.session.subscribe(request),
                Command::Unsubscribe(request) => self.session.unsubscribe(request),
                Command::Acknowledge { delivery, answer } => self.acknowledgements.push((delivery, answer)),
                Command::Connect | Command::Reconnect if self.ending.is_some() => {
                    self.connects_after_end += 1;
                    self.reconnect_after_end = matches!(order, Command::Reconnect);
                }
                Command::Connect | Command::Reconnect if !self.reopen_stores() => {}
                Command::Connect => {
                    self.connects += 1;
                    self.connect_ordered = self.phase != Phase::Attempting;
                }
                Command::Reconnect => {
                    self.connects += 1;
                    self.order_reconnect();
                }
                Command::Dial(options) => self.dial = Some(options),
                Command::Auth { attempt, answer } => self.exchange.answer(attempt, answer),
                Command::Reauthenticate(request) => {
                    self.exchange.want(request);
                    if !self.accepted {
                        // Lost while the program gave the order; on another connection there is nothing to renew.
                        self.exchange.abandon(&mut self.events);
                    }
                }
                Command::Remove(id) => self.session.remove(id, &mut self.events),
                Command::Withdraw(token) => self.session.withdraw(token),
                Command::Disappoint => self.session.disappoint(&connection_closed(), &mut self.events),
                Command::End(end) => self.start_end(end),
                Command::LeaveDeliveries => {
                    self.ending.iter_mut().for_each(|ending| ending.end.await_deliveries = false);
                }
                Command::Link(order) => {
                    if self.phase == Phase::Attempting {
                        self.link_orders.push(order);
                    }
                }
                Command::Inspect(answer) => {
                    // A program that does not wait for it any more needs no answer.
                    let _ = answer.send(Inspection { session: self.session.snapshot(), attempts: self.endpoint });
                }
                // Taking the order woke the task, which looks at the backlog anyway.
                Command::ReadOn => {}
            }
        }
    }

    /// As in MQTT.js the event comes first, and the link that is up ends after it.
    fn order_reconnect(&mut self) {
        if !std::mem::replace(&mut self.reconnect_ordered, true) {
            self.events.push(Event::Reconnecting);
        }
    }

    fn start_end(&mut self, end: End) {
        // Orders to connect that this end overtakes are taken, and come to nothing.
        self.connects = self.connects.wrapping_add(std::mem::take(&mut self.connects_after_end));
        let deadline = Instant::now() + end.timeout.unwrap_or(self.options.end_timeout);
        let had_unfinished = self.session.has_unfinished_requests();
        if let Some(Ending { end: earlier, .. }) = self.ending.take() {
            self.complete_end(&earlier);
        }
        self.ending = Some(Ending { end, deadline, had_unfinished, goodbye: None });
    }

    /// Whether an `end` need not wait for a connection any more.
    pub fn end_is_due(&self) -> bool {
        self.ending.as_ref().is_some_and(|ending| {
            ending.end.force
                || (self.phase == Phase::Idle && !self.connect_ordered && !self.reconnect_ordered)
                || ending.deadline <= Instant::now()
                || !self.session.has_unfinished_requests()
        })
    }

    /// Without a connection, or after it was closed: the `end` is complete.
    pub fn finish_end(&mut self) {
        let Some(ending) = self.ending.take() else { return };
        self.session.abandon(&connection_closed(), &mut self.events);
        self.failures = 0;
        self.offline = false;
        self.failed = false;
        self.events.push(Event::Ended { connects: self.connects, goes_on: false });
        self.complete_end(&ending.end);
        let again = std::mem::take(&mut self.connects_after_end);
        self.leave_stores(again > 0);
        self.connects = self.connects.wrapping_add(again);
        self.reconnect_ordered = false;
        self.connect_ordered = again > 0 && !self.reconnect_after_end;
        if again > 0 && self.reconnect_after_end {
            self.order_reconnect();
        }
    }

    fn complete_end(&mut self, end: &End) {
        if let Some(token) = end.token {
            self.events.push(Event::Completed(Completion::success(token)));
        }
    }

    /// Whether packets are reported.
    pub fn is_observed(&self) -> bool {
        self.shared.observed.load(Ordering::Relaxed)
    }

    /// Hands collected events to the program. Whether there were any.
    pub fn send_events(&mut self) -> bool {
        self.save();
        if self.shared.unfinished.tells_of_room() {
            self.events.push(Event::Room);
        }
        for event in &self.events {
            if let Event::Message(message) | Event::Arrived(message) = event {
                self.shared.backlog.add(message.packet.payload.len());
            }
        }
        if self.shared.backlog.tells_of_reach() {
            self.events.push(Event::OutOfReach);
        }
        if self.events.is_empty() {
            return false;
        }
        // A program that is gone closes the order channel too, which ends the task.
        let _ = (self.sink)(std::mem::take(&mut self.events));
        true
    }
}

/// Sleeps until `deadline`, for ever without one.
pub async fn at(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}

/// The earlier of two deadlines.
pub fn earliest(a: Option<Instant>, b: Option<Instant>) -> Option<Instant> {
    a.into_iter().chain(b).min()
}
