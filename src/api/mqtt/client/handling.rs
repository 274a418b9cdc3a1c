//! Messages on their way through a script: listeners, and the two places where a script may take its time:
//! `customHandleAcks` before them and `client.handleMessage` behind them. Until their `done` was called no other message is
//! handed out; callbacks of requests and other events go on, or a script could not wait for them in between.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use bytes::Bytes;
use rhai::{Dynamic, Engine, EvalAltResult, FnPtr, ImmutableString, NativeCallContext};
use smallvec::SmallVec;

use crate::api::buffer::Buffer;
use crate::api::error::ErrorValue;
use crate::api::host::keep;
use crate::api::mqtt::client::Client;
use crate::api::mqtt::client::done::{done, is_error};
use crate::api::mqtt::packet::PacketValue;
use crate::api::report;
use crate::diagnostics::Diagnostic;
use crate::event_loop::callback::{Callback, Origin};
use crate::mqtt::backlog::Reading;
use crate::mqtt::command::{Answer, Command};
use crate::mqtt::event::{Delivery, Message};
use crate::mqtt::packet::{Packet, QoS, Version};

/// The reason codes that PUBACK and PUBREC may have, as MQTT.js lists them.
const ACK_CODES: &[i64] = &[0, 16, 128, 131, 135, 144, 145, 151, 153];

/// What a script may put into the handling of messages, and where it is.
#[derive(Default)]
pub struct Handling {
    /// `client.handleMessage`.
    handler: RefCell<Option<Rc<Callback>>>,
    /// The option `customHandleAcks`.
    acks: Option<Rc<Callback>>,
    /// Messages whose `done` is awaited: one, and more only where a listener waits for the next message itself.
    current: RefCell<Vec<Current>>,
    /// Messages behind them.
    held: RefCell<VecDeque<Held>>,
    last_ticket: Cell<u64>,
    /// Of the message handed out last.
    last_topic: RefCell<ImmutableString>,
    /// Messages that waited are being handed out.
    is_working_off: Cell<bool>,
}

/// Why the network side gives a message to the script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// To be handled.
    Delivery,
    /// To be taken or refused first, QoS 2.
    Arrival,
}

/// A message that waits its turn.
struct Held {
    message: Message,
    kind: Kind,
    /// A `wait` was given it, and must not be given it again.
    was_awaited: bool,
}

/// A message whose turn it is.
struct Current {
    /// Names the call that is awaited.
    ticket: u64,
    step: Step,
    handed: Handed,
    /// What its `done` was called with.
    answer: Option<Vec<Dynamic>>,
    /// The call of the hook has not returned.
    is_running: bool,
}

/// What `done` was handed to.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// `customHandleAcks`.
    Acks,
    /// `client.handleMessage`.
    Handler,
}

/// A message as a script sees it. Its values are made when somebody takes them: most listeners take two of three.
pub(super) struct Handed {
    message: Message,
    version: Version,
    topic: ImmutableString,
    /// One and the same for whoever looks at it.
    packet: OnceCell<Dynamic>,
    kind: Kind,
    /// Reason code of its acknowledgement; with another than 0 there is no `message` event.
    code: u8,
}

/// What a listener for messages is given at most: topic, payload, packet.
pub(super) const MESSAGE_ARGUMENTS: usize = 3;

impl Handed {
    /// The topic.
    pub(super) fn topic(&self) -> &ImmutableString {
        &self.topic
    }

    /// The arguments for a listener that takes `count` of them; `None`: as many as there are.
    pub(super) fn arguments(&self, count: Option<usize>) -> SmallVec<[Dynamic; MESSAGE_ARGUMENTS]> {
        let values = [|of: &Self| of.topic.clone().into(), Self::payload, Self::packet];
        values.iter().take(count.unwrap_or(MESSAGE_ARGUMENTS)).map(|value| value(self)).collect()
    }

    fn payload(&self) -> Dynamic {
        Dynamic::from(Buffer(self.message.packet.payload.clone()))
    }

    fn packet(&self) -> Dynamic {
        let make = || {
            let packet = Packet::Publish(self.message.packet.clone());
            Dynamic::from(PacketValue::new(packet, self.message.length, self.version))
        };
        self.packet.get_or_init(make).clone()
    }

    /// Payload bytes in the backlog.
    fn size(&self) -> usize {
        self.message.packet.payload.len()
    }

    /// How it is acknowledged; `None` for QoS 0.
    fn delivery(&self) -> Option<Delivery> {
        let Message { packet, connection, .. } = &self.message;
        self.message.wants_acknowledgement().then_some(Delivery {
            id: packet.id,
            qos: packet.qos,
            connection: *connection,
        })
    }
}

impl Handling {
    /// Nothing between the network and the listeners but `acks`.
    pub fn new(acks: Option<Rc<Callback>>) -> Self {
        Self { acks, ..Self::default() }
    }

    /// Whether a message is being handled.
    pub fn is_waiting(&self) -> bool {
        !self.current.borrow().is_empty()
    }

    fn take_answered(&self) -> Option<Current> {
        let mut current = self.current.borrow_mut();
        let place = current.iter().position(|current| current.answer.is_some() && !current.is_running)?;
        Some(current.remove(place))
    }
}

impl Client {
    /// A message from the network: handled now, or after those before it.
    pub(super) fn take_message(&self, engine: &Engine, message: Message, kind: Kind) {
        let handling = &self.0.handling;
        if self.is_on_reply_topic(&message.topic) {
            // No hook sees it, and it does not wait: the script may need it before it can call `done`.
            self.take_reply(engine, self.hand(message, kind));
        } else if handling.is_waiting() || !handling.held.borrow().is_empty() {
            handling.held.borrow_mut().push_back(Held { message, kind, was_awaited: false });
        } else {
            self.handle(engine, message, kind);
        }
    }

    /// A message that a `wait` is given: its listeners run first, unless another one waits for its `done`.
    pub(super) fn take_awaited(&self, engine: &Engine, message: Message) {
        let handling = &self.0.handling;
        if handling.is_waiting() {
            let held = Held { message, kind: Kind::Delivery, was_awaited: true };
            handling.held.borrow_mut().push_back(held);
        } else {
            self.handle(engine, message, Kind::Delivery);
        }
    }

    /// As [`take_awaited`](Self::take_awaited), for the first message that a `wait` looks for among those that wait their turn.
    pub(super) fn take_held(&self, engine: &Engine, is_meant: impl Fn(&Message) -> bool) -> Option<Message> {
        let is_waiting = self.0.handling.is_waiting();
        let mut held = self.0.handling.held.borrow_mut();
        let is_meant = |held: &Held| !held.was_awaited && held.kind == Kind::Delivery && is_meant(&held.message);
        let place = held.iter().position(is_meant)?;
        if is_waiting {
            held[place].was_awaited = true;
            return Some(held[place].message.clone());
        }
        let Held { message, kind, .. } = held.remove(place)?;
        drop(held);
        self.handle(engine, message.clone(), kind);
        Some(message)
    }

    fn hand(&self, message: Message, kind: Kind) -> Handed {
        let topic = self.topic_text(&message.topic);
        Handed { message, version: self.version(), topic, packet: OnceCell::new(), kind, code: 0 }
    }

    /// The topic as text; that of the message before is used again where it is the same.
    fn topic_text(&self, topic: &Bytes) -> ImmutableString {
        let mut last = self.0.handling.last_topic.borrow_mut();
        if last.as_bytes() != &topic[..] {
            *last = String::from_utf8_lossy(topic).as_ref().into();
        }
        last.clone()
    }

    fn handle(&self, engine: &Engine, message: Message, kind: Kind) {
        let handed = self.hand(message, kind);
        let is_qos_1 = handed.delivery().is_some_and(|delivery| delivery.qos == QoS::AtLeastOnce);
        let is_asked = kind == Kind::Arrival || is_qos_1;
        match &self.0.handling.acks {
            Some(acks) if is_asked => {
                let arguments = handed.arguments(None).into_vec();
                self.call_hook(engine, &Rc::clone(acks), arguments, Step::Acks, handed);
            }
            _ => self.listen(engine, handed),
        }
    }

    /// A message for those who made requests, and for no listener.
    fn take_reply(&self, engine: &Engine, handed: Handed) {
        if handed.kind == Kind::Arrival {
            return self.finish(&handed, Answer::Taken(0));
        }
        self.settle_by_reply(engine, &handed.payload(), &handed.packet());
        if !self.0.host.event_loop.is_stopped() {
            self.finish(&handed, Answer::Handled(0));
        }
    }

    /// Calls the `message` listeners, then `handleMessage`.
    fn listen(&self, engine: &Engine, handed: Handed) {
        let event_loop = &self.0.host.event_loop;
        if handed.code == 0 {
            self.emit_message(engine, &handed);
        }
        if event_loop.is_stopped() {
            // Not handled to the end, so the broker may deliver it again.
            return;
        }
        let handler = self.0.handling.handler.borrow().clone();
        match handler {
            Some(handler) => {
                let arguments = vec![handed.packet()];
                self.call_hook(engine, &handler, arguments, Step::Handler, handed);
            }
            None => {
                let code = handed.code;
                self.finish(&handed, Answer::Handled(code));
            }
        }
    }

    /// Calls a hook with `arguments` and a `done`, and goes on if it was called at once.
    fn call_hook(&self, engine: &Engine, hook: &Rc<Callback>, mut arguments: Vec<Dynamic>, step: Step, handed: Handed) {
        let handling = &self.0.handling;
        let ticket = handling.last_ticket.get() + 1;
        handling.last_ticket.set(ticket);
        let topic = handed.topic.clone();
        handling.current.borrow_mut().push(Current { ticket, step, handed, answer: None, is_running: true });
        let (client, forgetful) = (self.clone(), self.clone());
        let answer = move |values| {
            client.answer(ticket, values);
            Ok(())
        };
        arguments.push(done(answer, move || forgetful.report_forgotten(ticket)));
        let context = |origin: &Origin| {
            let name = match step {
                Step::Acks => "`customHandleAcks` given",
                Step::Handler => "`handleMessage` set",
            };
            format!("in the {name} at {origin}, for topic `{topic}`")
        };
        let returned = self.0.host.event_loop.call(engine, hook, &mut arguments, context);
        if self.0.host.event_loop.is_stopped() {
            return;
        }
        if let Some(current) = handling.current.borrow_mut().iter_mut().find(|current| current.ticket == ticket) {
            current.is_running = false;
            if returned.is_none() && current.answer.is_none() {
                // It threw, and the program keeps going: as if a listener had.
                current.answer = Some(match step {
                    Step::Acks => vec![Dynamic::from(0_i64)],
                    Step::Handler => Vec::new(),
                });
            }
        }
        self.go_on(engine);
        self.read_on_if_needed();
    }

    /// `done` was called.
    fn answer(&self, ticket: u64, values: Vec<Dynamic>) {
        let mut current = self.0.handling.current.borrow_mut();
        let Some(current) = current.iter_mut().find(|current| current.ticket == ticket) else { return };
        current.answer = Some(values);
        if !current.is_running {
            let client = self.clone();
            self.0.host.event_loop.defer(move |engine| client.go_on(engine));
        }
    }

    /// Nothing can call the `done` of that call any more: the program would be silent for ever.
    fn report_forgotten(&self, ticket: u64) {
        // Not held by the loop: the program may be over, and nothing would free it.
        let client = Rc::downgrade(&self.0);
        self.0.host.event_loop.defer(move |_| {
            let Some(client) = client.upgrade() else { return };
            let current = client.handling.current.borrow();
            let Some(current) = current.iter().find(|current| current.ticket == ticket) else { return };
            let (name, example) = match current.step {
                Step::Acks => ("customHandleAcks", "done.call(0);"),
                Step::Handler => ("handleMessage", "done.call();"),
            };
            let topic = &current.handed.topic;
            let warning =
                format!("`{name}` did not call its `done` for topic `{topic}`: no other message is handed out");
            report::print(&Diagnostic::warning(warning).help(format!("call `{example}` when it is ready")));
        });
    }

    /// Goes on with messages whose `done` was called, and with those that waited behind them.
    fn go_on(&self, engine: &Engine) {
        while let Some(Current { step, handed, answer, .. }) = self.0.handling.take_answered() {
            let values = answer.unwrap_or_default();
            match step {
                Step::Acks => self.acknowledge_as(engine, handed, &values),
                Step::Handler => {
                    let code = handed.code;
                    self.finish(&handed, if is_error(values.first()) { Answer::None } else { Answer::Handled(code) });
                }
            }
            self.work_off(engine);
        }
    }

    /// Hands out what waited, until something has to be waited for again.
    fn work_off(&self, engine: &Engine) {
        let handling = &self.0.handling;
        if handling.is_working_off.replace(true) {
            // Further out: a hook that answers at once must not nest deeper with each message.
            return;
        }
        while !handling.is_waiting() && !self.0.host.event_loop.is_stopped() {
            let next = handling.held.borrow_mut().pop_front();
            let Some(Held { message, kind, .. }) = next else { break };
            self.handle(engine, message, kind);
        }
        handling.is_working_off.set(false);
        self.read_on_if_needed();
    }

    /// `customHandleAcks` said `done(error, code)` or `done(code)`.
    fn acknowledge_as(&self, engine: &Engine, mut handed: Handed, values: &[Dynamic]) {
        let first = values.first();
        let code = match first.and_then(|first| first.as_int().ok()) {
            Some(code) => Some(code),
            None if is_error(first) => {
                self.finish(&handed, Answer::None);
                let error = first.cloned().unwrap_or(Dynamic::UNIT);
                return self.emit_error_value(engine, error);
            }
            None => values.get(1).and_then(|code| code.as_int().ok()),
        };
        let Some(code) = code.filter(|code| ACK_CODES.contains(code)) else {
            self.finish(&handed, Answer::None);
            let packet = if handed.kind == Kind::Arrival { "pubrec" } else { "puback" };
            let codes: Vec<_> = ACK_CODES.iter().map(i64::to_string).collect();
            let error = ErrorValue::new(format!("Wrong reason code for {packet}"))
                .with_help(format!("call `done.call(code)` with one of {}", codes.join(", ")));
            return self.emit_error_value(engine, Dynamic::from(error));
        };
        // One of the list above.
        handed.code = u8::try_from(code).unwrap_or_default();
        if handed.kind == Kind::Arrival {
            let code = handed.code;
            self.finish(&handed, Answer::Taken(code));
        } else {
            self.listen(engine, handed);
        }
    }

    /// The script is done with a message.
    fn finish(&self, handed: &Handed, answer: Answer) {
        if let Some(delivery) = handed.delivery() {
            self.order(Command::Acknowledge { delivery, answer });
        }
        self.release(handed.size());
    }

    fn release(&self, size: usize) {
        if self.with_core(|core| core.release(size)) {
            self.order(Command::ReadOn);
        }
    }

    /// `end()` is complete: what was not handed out by now is not handed out any more.
    pub(super) fn drop_messages(&self) {
        let handling = &self.0.handling;
        let (current, held) = (handling.current.take(), handling.held.take());
        current.iter().for_each(|current| self.release(current.handed.size()));
        held.iter().for_each(|held| self.release(held.message.packet.payload.len()));
        self.read_on_if_needed();
    }

    /// Reads answers though the script lags behind, where it waits for them.
    pub(super) fn read_on_if_needed(&self) {
        if self.with_core(|core| core.set_reading(self.reading())) {
            self.order(Command::ReadOn);
        }
    }

    fn reading(&self) -> Reading {
        let is_answer_due = || !self.0.pending.borrow().is_empty() || self.awaits_replies();
        // While a message waits for its `done`, answers to requests are read whatever the backlog: `done` may wait for them.
        if self.0.handling.is_waiting() && is_answer_due() {
            Reading::All
        } else if self.0.waits.get() > 0 {
            Reading::ToAnswer
        } else {
            Reading::Ahead
        }
    }

    /// `client.handleMessage = ...`.
    pub(super) fn set_handler(&self, context: &NativeCallContext, value: &Dynamic) -> Result<(), Box<EvalAltResult>> {
        let handler = match value.read_lock::<FnPtr>() {
            _ if value.is_unit() => None,
            Some(function) => Some(keep(context, function.clone(), 2, "`handleMessage` (packet, done)")?),
            None => return Err(not_a_function("handleMessage", "|packet, done| done.call()", value)),
        };
        *self.0.handling.handler.borrow_mut() = handler;
        Ok(())
    }

    /// `client.handleMessage`; `()` when none was set.
    pub(super) fn handler(&self) -> Dynamic {
        let handler = self.0.handling.handler.borrow();
        handler.as_ref().map_or(Dynamic::UNIT, |handler| handler.function().clone().into())
    }
}

/// The error for a hook that is not one.
pub fn not_a_function(name: &str, example: &str, given: &Dynamic) -> Box<EvalAltResult> {
    let given = crate::api::arguments::type_word(given);
    ErrorValue::new(format!("`{name}` takes a function but got {given}"))
        .with_class("TypeError")
        .with_help(format!("write `client.{name} = {example};`"))
        .raise()
}
