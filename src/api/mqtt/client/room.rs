//! Room in the queue: what `maxQueue` and `queuePolicy` do to a message that has none.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Instant;

use rhai::{Dynamic, Engine, EvalAltResult};

use crate::api::error::ErrorValue;
use crate::api::mqtt::client::Client;
use crate::api::mqtt::client::waits::stopped;
use crate::api::report;
use crate::diagnostics::Diagnostic;
use crate::event_loop::callback::Callback;
use crate::mqtt::event::Event;
use crate::mqtt::packet::Publish;
use crate::mqtt::queue::{Load, QueueLimit, QueuePolicy};

/// So many callbacks may wait to be told that there was no room. A loop that goes on publishing never lets them run, and
/// they take memory too: beyond that the call throws.
const MOST_REFUSED: usize = 10_000;
/// So many callbacks may wait for their turn, also where twice `maxQueue` is less: a script that blocks does not let them run.
const MOST_CALLBACKS: usize = 2_000_000;

/// What was refused.
#[derive(Debug, Default)]
pub struct Refused {
    /// Callbacks that are to be told.
    callbacks: Cell<usize>,
    /// Messages without a callback since the last `error` event.
    messages: Cell<i64>,
    /// It was said on stderr, and the queue was not half empty since.
    was_said: Cell<bool>,
}

/// How waiting for room ended.
enum Waited {
    Room,
    /// There is no connection to come that could make room.
    InVain,
}

impl Client {
    /// Takes room in the queue for a message; with `queuePolicy: "wait"` blocks the script until there is some. Gives what is
    /// wrong if there is none.
    ///
    /// # Errors
    /// The program is being stopped.
    pub(super) fn take_room(
        &self,
        engine: &Engine,
        publish: &Publish,
        has_callback: bool,
    ) -> Result<Option<ErrorValue>, Box<EvalAltResult>> {
        // Outcomes that the script does not let come to their callbacks take memory, too.
        if has_callback && let Some(full) = self.too_many_callbacks() {
            return Ok(Some(full));
        }
        let bytes = publish.payload.len();
        match self.with_core(|core| core.reserve(bytes)) {
            Ok(before) => {
                self.note_room(before);
                Ok(None)
            }
            Err(load) if self.0.typed.borrow().queue_policy == QueuePolicy::Error => {
                Ok(Some(full(load, self.with_core(|core| core.limit()))))
            }
            Err(_) => self.wait_for_room(engine, bytes),
        }
    }

    /// The same for a call that waits for its outcome.
    ///
    /// # Errors
    /// There is no room, or the program is being stopped.
    pub(super) fn take_room_or_throw(&self, engine: &Engine, publish: &Publish) -> Result<(), Box<EvalAltResult>> {
        self.take_room(engine, publish, false)?.map_or(Ok(()), |full| Err(full.raise()))
    }

    fn too_many_callbacks(&self) -> Option<ErrorValue> {
        let waiting = self.0.pending.borrow().len();
        let most = || (self.0.typed.borrow().queue_limit.messages as usize * 2).max(MOST_CALLBACKS);
        (waiting >= MOST_CALLBACKS && waiting >= most()).then(|| {
            let message = format!("queue is full: {waiting} callbacks wait to be called");
            ErrorValue::new(message).with_help("let callbacks run: publish less in one callback, and go on in the next")
        })
    }

    fn note_room(&self, before: Load) {
        let was_said = &self.0.refused.was_said;
        if was_said.get() {
            let limit = self.with_core(|core| core.limit());
            was_said.set(before.messages > u64::from(limit.messages) / 2 || before.bytes > limit.bytes / 2);
        }
    }

    fn wait_for_room(&self, engine: &Engine, bytes: usize) -> Result<Option<ErrorValue>, Box<EvalAltResult>> {
        let patience = self.0.typed.borrow().queue_timeout;
        let deadline = if patience.is_zero() { None } else { Instant::now().checked_add(patience) };
        let reserve = || self.with_core(|core| core.reserve(bytes));
        loop {
            self.with_core(|core| core.await_room(bytes));
            let Err(load) = reserve() else { return Ok(None) };
            let full = full(load, self.with_core(|core| core.limit()));
            if !self.is_room_to_come() {
                return Ok(Some(full.with_cause("no connection is to come that could make room")));
            }
            let waited = self.wait_until(engine, deadline, |event| match event {
                Event::Room => (Some(Waited::Room), None),
                Event::GaveUp { connects, .. } if connects == self.0.flags.connects.get() => {
                    (Some(Waited::InVain), Some(event))
                }
                Event::Ended { connects, goes_on } if !self.goes_on(connects, goes_on) => {
                    (Some(Waited::InVain), Some(event))
                }
                other => (None, Some(other)),
            });
            match waited {
                Some(Waited::Room) => {}
                _ if self.0.host.event_loop.is_stopped() => return Err(stopped()),
                Some(Waited::InVain) => return Ok(Some(full)),
                None if self.0.is_out_of_reach.get() => {
                    return Ok(Some(full.with_cause("too many messages wait in front of the acknowledgements")));
                }
                None => {
                    let cause = format!("there was no room for {} ms, which is `queueTimeout`", patience.as_millis());
                    return Ok(Some(full.with_cause(cause)));
                }
            }
        }
    }

    /// Whether waiting can help: something is connected, or tries to be, and does not wait for this script in turn.
    fn is_room_to_come(&self) -> bool {
        let flags = &self.0.flags;
        flags.active.get() && !flags.gave_up.get() && !self.is_disconnected() && !self.0.asking.get()
    }

    /// A message found no room: its callback is told in the next turn, or the listeners for `error`.
    ///
    /// # Errors
    /// Too many callbacks wait to be told.
    pub(super) fn refuse_message(
        &self,
        callback: Option<Rc<Callback>>,
        error: ErrorValue,
    ) -> Result<(), Box<EvalAltResult>> {
        let refused = &self.0.refused;
        let Some(callback) = callback else {
            if refused.messages.replace(refused.messages.get() + 1) == 0 {
                let client = self.clone();
                self.0.host.event_loop.defer(move |engine| client.tell_of_refused(engine, error));
            }
            return Ok(());
        };
        if refused.callbacks.get() >= MOST_REFUSED {
            return Err(error.raise());
        }
        refused.callbacks.set(refused.callbacks.get() + 1);
        let client = self.clone();
        self.0.host.event_loop.defer(move |engine| {
            let refused = &client.0.refused.callbacks;
            refused.set(refused.get() - 1);
            client.0.host.event_loop.call(engine, &callback, &mut [Dynamic::from(error)], |origin| {
                format!("in the callback given at {origin}")
            });
        });
        Ok(())
    }

    fn tell_of_refused(&self, engine: &Engine, error: ErrorValue) {
        let count = self.0.refused.messages.take();
        let error = error.with("refused", count);
        if self.emit_plain(engine, "error", &[Dynamic::from(error.clone())]) || self.0.refused.was_said.replace(true) {
            return;
        }
        let were = if count == 1 { "1 message was" } else { &format!("{count} messages were") };
        let mut warning = Diagnostic::warning(format!("{}; {were} not taken", error.message()));
        if let Some(cause) = error.cause() {
            warning = warning.note(cause);
        }
        report::print(&warning.help(error.help().unwrap_or_default()));
    }
}

fn full(load: Load, limit: QueueLimit) -> ErrorValue {
    let Load { messages, bytes } = load;
    let plural = if messages == 1 { "message waits" } else { "messages wait" };
    let message = if messages >= u64::from(limit.messages) {
        format!("queue is full: {messages} {plural}, `maxQueue` is {}", limit.messages)
    } else {
        let plural = if messages == 1 { "message" } else { "messages" };
        format!("queue is full: {bytes} bytes wait in {messages} {plural}, `maxQueueBytes` is {}", limit.bytes)
    };
    ErrorValue::new(message)
        .with_help("publish the next message in the callback of an earlier one, or write `queuePolicy: \"wait\"`")
}
