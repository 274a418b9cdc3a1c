//! The turn: due timers, then what arrived, then sleep until the next of either.
//!
//! Owns the only door into a script ([`callback::Callback`]), listeners, and the rule for when a program ends.
//! Knows no host functions: what events mean is for the [`Source`] they belong to.

pub mod callback;
pub mod emitter;
mod environment;
pub mod incoming;
pub mod timers;
mod waiting;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::{Duration, Instant};

use ahash::AHashMap;
use crossbeam_channel::Sender;
use rhai::{Dynamic, Engine, EvalAltResult};

use crate::event_loop::callback::{Callback, Origin};
use crate::event_loop::incoming::{Inbox, Incoming, Payload, SourceId};
use crate::event_loop::timers::{Action, Timers};
use crate::mqtt::network::has_other_cores;

/// How long the loop looks at its channel before it parks, while traffic is flowing: a park and a wake-up cost more.
const LOOK_AROUND: Duration = Duration::from_micros(50);

/// What is collected is handed over after a callback that ends this much later than the last hand-over or sleep: a batch of events
/// with slow callbacks must not keep back what the first of them did.
const FLUSH_AFTER: Duration = Duration::from_millis(5);

/// While events never pause, what is collected is handed over after this many turns.
const BUSY_TURNS: u32 = 64;

/// Something that events come for: a client, the process, standard input.
pub trait Source {
    /// Handles an event; callbacks are run through [`EventLoop::call`].
    fn deliver(&self, engine: &Engine, payload: Payload);

    /// An event arrived while the script blocks on something else. What cannot wait is handled; the rest is given back
    /// and waits its turn.
    fn put_aside(&self, _engine: &Engine, payload: Payload) -> Option<Payload> {
        Some(payload)
    }

    /// Called after [`put_aside`](Self::put_aside), with its event in the queue: asks the script what could not wait. That may block
    /// in turn.
    fn answer(&self, _engine: &Engine) {}

    /// Whether it could still call back, so that the program goes on.
    fn keeps_alive(&self) -> bool;

    /// Hands over what was collected for other threads; called after [`EventLoop::flush_later`].
    fn flush(&self) {}

    /// The program ends: finish what was accepted within `timeout`, without callbacks.
    fn shut_down(&self, _timeout: Duration) {}

    /// The program has ended, whatever the reason, and everything that could be finished is: gives back what it holds.
    fn close(&self) {}

    /// Handles an event after [`shut_down`](Self::shut_down). True when nothing more is to come.
    fn is_shut_down(&self, _payload: Option<&Payload>) -> bool {
        true
    }
}

/// Why the loop stopped before it ran dry.
#[derive(Debug)]
pub enum Stop {
    /// `process.exit(code)`.
    Exit(i32),
    /// An error that no script code caught.
    Uncaught(Uncaught),
    /// A signal that no listener handles.
    Signal(i32),
    /// The program is to be replaced by a newer version.
    Replaced,
}

/// An error that no script code caught, with where it came from.
#[derive(Debug)]
pub struct Uncaught {
    /// The error.
    pub error: Box<EvalAltResult>,
    /// The callback it came out of; `None`: a host function's own.
    pub callback: Option<Rc<Callback>>,
    /// What the callback was called for: "in the `message` listener added at f.rhai:6:8, for topic `a`".
    pub context: String,
}

/// Tells of an uncaught error.
type Report = Box<dyn Fn(&Uncaught)>;

/// Runs later on the script thread.
type Task = Box<dyn FnOnce(&Engine)>;

/// See the module.
#[derive(Default)]
pub struct EventLoop {
    /// Pending timers.
    pub timers: RefCell<Timers>,
    inbox: Inbox,
    tasks: RefCell<VecDeque<Task>>,
    /// What waits its turn, in order, with ever larger numbers.
    aside: RefCell<VecDeque<(u64, Incoming)>>,
    last_aside: Cell<u64>,
    sources: RefCell<AHashMap<SourceId, Rc<dyn Source>>>,
    last_source: Cell<SourceId>,
    /// The source that was found to keep the program alive.
    alive: Cell<SourceId>,
    /// Sources that collected something for other threads.
    unflushed: RefCell<Vec<SourceId>>,
    before_sleep: RefCell<Vec<Box<dyn Fn()>>>,
    stop: RefCell<Option<Stop>>,
    /// The last call that blocked the script had its answer at once.
    answers_come_soon: Cell<bool>,
    keep_going: Cell<bool>,
    times_callbacks: Cell<bool>,
    callback_began: Cell<Option<Instant>>,
    pauses: Cell<u64>,
    around_sleep: OnceCell<Box<dyn Fn(bool)>>,
    /// Since when nothing was handed over; the time the loop slept does not count.
    collecting_since: Cell<Option<Instant>>,
    report: RefCell<Option<Report>>,
}

impl EventLoop {
    /// Under `keep_going` an uncaught error is handed to `report` and the loop goes on.
    pub fn set_report(&self, keep_going: bool, report: impl Fn(&Uncaught) + 'static) {
        self.keep_going.set(keep_going);
        *self.report.borrow_mut() = Some(Box::new(report));
    }

    /// Runs `hook` each time before the loop sleeps.
    pub fn before_sleep(&self, hook: impl Fn() + 'static) {
        self.before_sleep.borrow_mut().push(Box::new(hook));
    }

    /// Calls `hook` with true before the loop sleeps until something arrives or is due, and with false after it.
    pub fn around_sleep(&self, hook: impl Fn(bool) + 'static) {
        // There is one.
        let _ = self.around_sleep.set(Box::new(hook));
    }

    /// How many callbacks began, and how often the script waited: with the same number it has run without a pause.
    pub fn pauses(&self) -> u64 {
        self.pauses.get()
    }

    /// Adds something that events come for. Its events are sent with the id through [`sender`](Self::sender).
    pub fn add_source(&self, source: impl FnOnce(SourceId) -> Rc<dyn Source>) -> SourceId {
        let id = self.last_source.get() + 1;
        self.last_source.set(id);
        let source = source(id);
        self.sources.borrow_mut().insert(id, source);
        id
    }

    /// Forgets a source; what still arrives for it is dropped.
    pub fn remove_source(&self, id: SourceId) {
        let source = self.sources.borrow_mut().remove(&id);
        // Dropped while nothing is borrowed: what it holds may go with it.
        drop(source);
    }

    /// Adds a source again that may have been removed; it keeps its id.
    pub fn restore_source(&self, id: SourceId, source: Rc<dyn Source>) {
        self.sources.borrow_mut().entry(id).or_insert(source);
    }

    /// For other threads to send events with.
    pub fn sender(&self) -> Sender<Incoming> {
        self.inbox.sender.clone()
    }

    /// Runs `task` in the next turn, before timers and events.
    pub fn defer(&self, task: impl FnOnce(&Engine) + 'static) {
        self.tasks.borrow_mut().push_back(Box::new(task));
    }

    /// Calls a script function for the host. An error ends the program, unless it is to keep going.
    ///
    /// `context` says what it is called for and where it was registered; it is only asked on an error.
    pub fn call(
        &self,
        engine: &Engine,
        callback: &Rc<Callback>,
        arguments: &mut [Dynamic],
        context: impl FnOnce(&Origin) -> String,
    ) -> Option<Dynamic> {
        if self.is_stopped() {
            return None;
        }
        self.pauses.set(self.pauses.get() + 1);
        // A callback within a callback is part of its time.
        let outer = self.callback_began.get();
        if self.times_callbacks.get() {
            self.callback_began.set(outer.or_else(|| Some(Instant::now())));
        }
        let result = callback.call(engine, arguments);
        self.callback_began.set(outer);
        self.flush_if_late();
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.fail(Uncaught { error, callback: Some(Rc::clone(callback)), context: context(callback.origin()) });
                None
            }
        }
    }

    /// Handles an error that no script code caught.
    pub fn fail(&self, uncaught: Uncaught) {
        if self.is_stopped() {
            // `process.exit` stops the script by an error of its own; the first stop counts.
            return;
        }
        if self.keep_going.get()
            && let Some(report) = &*self.report.borrow()
        {
            report(&uncaught);
            return;
        }
        self.stop(Stop::Uncaught(uncaught));
    }

    /// Handles an error that the top level did not catch: no program is left to keep going.
    pub fn fail_top_level(&self, uncaught: Uncaught) {
        self.stop(Stop::Uncaught(uncaught));
    }

    /// How long the callback that runs now has been running; `None` outside callbacks.
    pub fn callback_time(&self) -> Option<Duration> {
        self.callback_began.get().map(|began| began.elapsed())
    }

    /// Looks at the clock for each callback, so that [`callback_time`](Self::callback_time) knows.
    pub fn time_callbacks(&self) {
        self.times_callbacks.set(true);
    }

    /// Stops the loop after the callback that runs. The first reason counts.
    pub fn stop(&self, stop: Stop) {
        self.stop.borrow_mut().get_or_insert(stop);
    }

    /// Whether the loop is to stop.
    pub fn is_stopped(&self) -> bool {
        self.stop.borrow().is_some()
    }

    /// Takes the reason to stop, so that exit listeners can run.
    pub fn take_stop(&self) -> Option<Stop> {
        self.stop.borrow_mut().take()
    }

    /// Runs until nothing is left that could call back, or something stops it.
    pub fn run(&self, engine: &Engine) -> Option<Stop> {
        let mut busy = false;
        let mut turns = 0;
        loop {
            turns += 1;
            if turns == BUSY_TURNS {
                self.flush();
                turns = 0;
            }
            self.run_tasks(engine);
            self.run_timers(engine);
            self.flush_sources();
            if let Some(incoming) = self.next_incoming() {
                busy = true;
                self.deliver(engine, incoming);
            } else if self.tasks.borrow().is_empty() && !self.is_stopped() {
                if !self.is_alive() {
                    return None;
                }
                busy = self.sleep(engine, std::mem::take(&mut busy));
                turns = 0;
            }
            if self.is_stopped() {
                return self.take_stop();
            }
        }
    }

    /// Waits for something to arrive or to be due. True when something arrived.
    fn sleep(&self, engine: &Engine, busy: bool) -> bool {
        self.flush();
        let deadline = self.next_deadline();
        let incoming = self.look_around(busy, deadline).or_else(|| self.park(deadline));
        self.collecting_since.set(Some(Instant::now()));
        let Some(incoming) = incoming else { return false };
        self.deliver(engine, incoming);
        true
    }

    fn look_around(&self, busy: bool, deadline: Option<Instant>) -> Option<Incoming> {
        if !busy || !has_other_cores() {
            return None;
        }
        let until = Instant::now() + LOOK_AROUND;
        let until = deadline.map_or(until, |deadline| until.min(deadline));
        loop {
            if let Ok(incoming) = self.inbox.receiver.try_recv() {
                self.pauses.set(self.pauses.get() + 1);
                return Some(incoming);
            }
            if Instant::now() >= until {
                return None;
            }
            std::hint::spin_loop();
        }
    }

    fn park(&self, deadline: Option<Instant>) -> Option<Incoming> {
        self.pauses.set(self.pauses.get() + 1);
        let note_sleep = |asleep| self.around_sleep.get().map_or((), |hook| hook(asleep));
        note_sleep(true);
        let incoming = match deadline {
            Some(deadline) => self.inbox.receiver.recv_deadline(deadline).ok(),
            None => self.inbox.receiver.recv().ok(),
        };
        note_sleep(false);
        incoming
    }

    fn next_deadline(&self) -> Option<Instant> {
        self.timers.borrow().next_deadline()
    }

    fn next_incoming(&self) -> Option<Incoming> {
        let aside = self.aside.borrow_mut().pop_front().map(|(_, incoming)| incoming);
        aside.or_else(|| self.inbox.receiver.try_recv().ok())
    }

    fn run_tasks(&self, engine: &Engine) {
        // Only those of now: a task that defers another one must not keep timers and events away.
        let count = self.tasks.borrow().len();
        for _ in 0..count {
            let task = self.tasks.borrow_mut().pop_front();
            let Some(task) = task else { return };
            if self.is_stopped() {
                return;
            }
            task(engine);
        }
    }

    fn run_timers(&self, engine: &Engine) {
        if self.timers.borrow().next_deadline().is_none() {
            return;
        }
        // Timers made due by these callbacks wait for the next turn.
        let now = Instant::now();
        while !self.is_stopped() {
            let due = self.timers.borrow_mut().pop_due(now);
            let Some(timer) = due else { return };
            let what = if timer.period.is_some() { "interval" } else { "timeout" };
            match timer.action {
                Action::Call(callback, arguments) => {
                    let mut arguments = arguments.map_or_else(Vec::new, Rc::unwrap_or_clone);
                    self.call(engine, &callback, &mut arguments, |origin| format!("in the {what} set at {origin}"));
                }
                Action::Run(run) => run(engine),
            }
        }
    }

    fn deliver(&self, engine: &Engine, incoming: Incoming) {
        let source = self.sources.borrow().get(&incoming.source).cloned();
        if let Some(source) = source {
            source.deliver(engine, incoming.payload);
        }
        // Not only before the loop sleeps: under a flood it never does.
        self.flush_sources();
    }

    fn is_alive(&self) -> bool {
        if self.timers.borrow().keep_alive() {
            return true;
        }
        let sources = self.sources.borrow();
        // Mostly the one that did so before: thousands of clients must not be asked each time before the loop sleeps.
        if sources.get(&self.alive.get()).is_some_and(|source| source.keeps_alive()) {
            return true;
        }
        let alive = sources.iter().find(|(_, source)| source.keeps_alive());
        self.alive.set(alive.map_or(0, |(id, _)| *id));
        alive.is_some()
    }

    /// A source collected something for other threads: it goes out at the end of the batch, or before the loop sleeps.
    pub fn flush_later(&self, source: SourceId) {
        self.unflushed.borrow_mut().push(source);
    }

    fn flush_sources(&self) {
        loop {
            let next = self.unflushed.borrow_mut().pop();
            let Some(id) = next else { return };
            let source = self.sources.borrow().get(&id).cloned();
            source.into_iter().for_each(|source| source.flush());
        }
    }

    fn flush_if_late(&self) {
        let is_late = |since: Instant| since.elapsed() >= FLUSH_AFTER;
        if self.collecting_since.get().is_none_or(is_late) {
            self.flush();
        }
    }

    /// Hands over everything that was collected for other threads and the terminal.
    pub fn flush(&self) {
        self.collecting_since.set(Some(Instant::now()));
        self.flush_sources();
        for hook in self.before_sleep.borrow().iter() {
            hook();
        }
    }

    /// Gives back what sources hold, when the program has ended and was shut down.
    pub fn close(&self) {
        let sources: Vec<_> = self.sources.borrow().values().cloned().collect();
        sources.iter().for_each(|source| source.close());
    }

    /// Forgets everything: what a program leaves behind may hold the loop, which would never be freed.
    pub fn clear(&self) {
        let timers = self.timers.take();
        let sources = self.sources.take();
        let tasks = self.tasks.take();
        let hooks = self.before_sleep.take();
        // Dropped while nothing is borrowed.
        drop((timers, sources, tasks, hooks, self.report.take(), self.aside.take()));
    }

    /// The program ends: every source finishes what it accepted, within `timeout` together. No callback runs any more.
    pub fn shut_down(&self, timeout: Duration) {
        let deadline = Instant::now() + timeout;
        let mut open = self.sources.borrow().clone();
        open.values().for_each(|source| source.shut_down(timeout));
        self.aside.borrow_mut().clear();
        open.retain(|_, source| !source.is_shut_down(None));
        while !open.is_empty() {
            self.flush();
            // A little more than the sources got, so that the last of them can still say so.
            let Some(incoming) = self.park(Some(deadline + timeout / 4)) else { return };
            let over = open.get(&incoming.source).is_some_and(|source| source.is_shut_down(Some(&incoming.payload)));
            if over {
                open.remove(&incoming.source);
            }
        }
    }
}
