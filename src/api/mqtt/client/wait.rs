//! `client.wait`: the script blocks until something happens.

use std::time::{Duration, Instant};

use rhai::{Dynamic, Engine, ImmutableString};

use crate::api::arguments::{Arguments, Returned, method};
use crate::api::entries::events::ENTRIES;
use crate::api::error::ErrorValue;
use crate::api::mqtt::client::control::client;
use crate::api::mqtt::client::on_message::filter_argument;
use crate::api::mqtt::client::waits::stopped;
use crate::api::mqtt::client::{Client, error_value};
use crate::api::mqtt::packet::PacketValue;
use crate::api::view::number;
use crate::event_loop::incoming::Payload;
use crate::mqtt::command::Command;
use crate::mqtt::event::{Event, Message, Observed};
use crate::mqtt::packet::Packet;
use crate::mqtt::topic;

/// How long it waits where nothing is said.
const PATIENCE: Duration = Duration::from_millis(30_000);

/// What is waited for.
enum Awaited {
    Event(&'static str),
    /// A message on a topic that this filter matches.
    Message(ImmutableString),
}

/// Registers the method.
pub fn register(engine: &mut Engine) {
    method::<Client>(engine, "wait", 1..=2, |receiver, arguments| {
        let client = client(receiver);
        let awaited = awaited(&arguments)?;
        client.wait(arguments.context.engine(), &awaited, patience(&arguments)?)
    });
}

fn awaited(arguments: &Arguments) -> Result<Awaited, Box<rhai::EvalAltResult>> {
    if let Some(text) = arguments.get(0).read_lock::<ImmutableString>()
        && let Some(event) = ENTRIES.iter().find(|entry| entry.name == text.as_str())
    {
        return Ok(Awaited::Event(event.name));
    }
    filter_argument(arguments).map(Awaited::Message).map_err(ErrorValue::raise)
}

/// `None`: for ever.
fn patience(arguments: &Arguments) -> Result<Option<Duration>, Box<rhai::EvalAltResult>> {
    let given = arguments.get(1);
    if given.is_unit() {
        return Ok(Some(PATIENCE));
    }
    let ms = number(given).filter(|ms| *ms >= 0.0);
    let ms = ms.ok_or_else(|| arguments.wrong(1, "timeout_ms", "a number of milliseconds, 0 or more,"))?;
    Ok(Duration::try_from_secs_f64(ms / 1000.0).ok())
}

impl Awaited {
    fn is(&self, client: &Client, event: &Event) -> bool {
        match (self, event) {
            // Replies to requests are not for listeners.
            (_, Event::Message(message)) if client.is_on_reply_topic(&message.topic) => false,
            (_, Event::Message(message)) => self.is_message(message),
            (Self::Message(_), _) => false,
            (Self::Event(name), event) => client.name_of(event) == Some(name),
        }
    }

    fn is_message(&self, message: &Message) -> bool {
        match self {
            Self::Event(name) => *name == "message",
            Self::Message(filter) => topic::matches(filter, &topic_of(message)),
        }
    }

    /// For messages: what does not come.
    fn describe(&self) -> String {
        match self {
            Self::Event(name) => format!("`{name}`"),
            Self::Message(filter) => format!("a message on `{filter}`"),
        }
    }
}

impl Client {
    fn wait(&self, engine: &Engine, awaited: &Awaited, patience: Option<Duration>) -> Returned {
        let deadline = patience.and_then(|patience| Instant::now().checked_add(patience));
        self.note_arrived(engine);
        if let Some(message) = self.take_held(engine, |message| awaited.is_message(message)) {
            let value = self.awaited_value(awaited, &Event::Message(message));
            return if self.0.host.event_loop.is_stopped() { Err(stopped()) } else { Ok(value) };
        }
        if let Some(event) = self.take_arrived(awaited) {
            return self.hand_over(engine, awaited, event);
        }
        if matches!(awaited, Awaited::Event("connect"))
            && self.0.flags.connected.get()
            && let Some(connack) = self.0.connack.borrow().clone()
        {
            return Ok(self.packet(connack));
        }
        let mut last_error = None;
        if self.is_over() {
            return Err(self.never(awaited, last_error).raise());
        }
        self.check_started("wait")?;
        if self.0.flags.disconnecting.get() && matches!(awaited, Awaited::Event("end" | "close")) {
            self.order(Command::LeaveDeliveries);
        }
        let observed = matches!(awaited, Awaited::Event("packetsend" | "packetreceive"));
        if observed {
            self.with_core(|core| core.observe(true));
        }
        let found = self.wait_until(engine, deadline, |event| {
            if awaited.is(self, &event) {
                return (Some(Some(event)), None);
            }
            let is_last = match &event {
                Event::GaveUp { connects, .. } => *connects == self.0.flags.connects.get(),
                Event::Ended { connects, goes_on } => !self.goes_on(*connects, *goes_on),
                _ => false,
            };
            if let Event::Failed { error, .. } = &event {
                last_error = Some(error.message.clone());
            }
            (is_last.then_some(None), Some(event))
        });
        if observed {
            self.observe_packets();
        }
        match found {
            Some(Some(event)) => self.hand_over(engine, awaited, event),
            // The client ended or gave up. What tells why comes right behind that.
            Some(None) => match self.take_arrived(awaited) {
                Some(event) => self.hand_over(engine, awaited, event),
                None => Err(self.never(awaited, last_error).raise()),
            },
            None if self.0.host.event_loop.is_stopped() => Err(stopped()),
            None if self.0.is_out_of_reach.get() => Err(self.why_nothing_came()),
            None => Err(late(awaited, patience.unwrap_or_default(), last_error).raise()),
        }
    }

    /// The first awaited one among the events that wait their turn.
    fn take_arrived(&self, awaited: &Awaited) -> Option<Event> {
        let mut arrived = self.0.arrived.borrow_mut();
        if let Some(place) = arrived.iter().position(|event| awaited.is(self, event)) {
            return arrived.remove(place);
        }
        drop(arrived);
        self.0.host.event_loop.search_aside(self.0.source, |payload| {
            let Payload::Mqtt(events) = payload else { return None };
            let place = events.iter().position(|event| awaited.is(self, event))?;
            Some(events.remove(place))
        })
    }

    /// What the wait returns.
    fn awaited_value(&self, awaited: &Awaited, event: &Event) -> Dynamic {
        let observed = |packet, length| self.packet(Observed { packet, length });
        match event {
            Event::Message(message) if matches!(awaited, Awaited::Event(_)) => topic_of(message).into(),
            Event::Message(message) => {
                let packet = Packet::Publish(message.packet.clone());
                Dynamic::from(PacketValue::new(packet, message.length, self.version()))
            }
            Event::Connected { connack, length, .. } => observed(Packet::Connack(connack.clone()), *length),
            Event::Disconnected { packet, length } => observed(Packet::Disconnect(packet.clone()), *length),
            Event::PacketSent(seen) | Event::PacketReceived(seen) => self.packet(seen.clone()),
            Event::Failed { error, .. } => Dynamic::from(error_value(error)),
            _ => Dynamic::UNIT,
        }
    }

    /// Calls the listeners of an awaited event; gives what the wait returns.
    fn hand_over(&self, engine: &Engine, awaited: &Awaited, event: Event) -> Returned {
        let value = self.awaited_value(awaited, &event);
        match event {
            Event::Failed { connack, .. } => {
                if let Some(connack) = &connack {
                    self.set_server_properties(connack);
                }
                // The one who waits is told: no need to say on stderr that nobody listens.
                self.emit_plain(engine, "error", std::slice::from_ref(&value));
            }
            Event::Message(message) => self.take_awaited(engine, message),
            event => self.deliver_event(engine, event),
        }
        if self.0.host.event_loop.is_stopped() { Err(stopped()) } else { Ok(value) }
    }

    /// The name under which listeners hear of an event.
    fn name_of(&self, event: &Event) -> Option<&'static str> {
        Some(match event {
            Event::Connected { .. } => "connect",
            Event::Reconnecting => "reconnect",
            Event::Offline { .. } if !self.0.flags.disconnecting.get() => "offline",
            Event::Closed { .. } => "close",
            Event::Disconnected { .. } => "disconnect",
            Event::Failed { .. } => "error",
            Event::Message(_) => "message",
            Event::OutgoingEmpty => "outgoingEmpty",
            Event::PacketSent(_) => "packetsend",
            Event::PacketReceived(_) => "packetreceive",
            Event::Ended { .. } => "end",
            _ => return None,
        })
    }

    /// Whether no event will come any more unless the script does something.
    fn is_over(&self) -> bool {
        self.is_disconnected() || self.0.flags.gave_up.get()
    }

    fn never(&self, awaited: &Awaited, last_error: Option<String>) -> ErrorValue {
        let why = if self.is_disconnected() { "the client has ended" } else { "the client gave up" };
        let because = last_error.map(|error| format!(": {error}")).unwrap_or_default();
        ErrorValue::new(format!("{} cannot come any more, {why}{because}", awaited.describe()))
            .with_help("connect again with `client.connect();`")
    }
}

fn late(awaited: &Awaited, patience: Duration, last_error: Option<String>) -> ErrorValue {
    let message = format!("{} did not come within {} ms", awaited.describe(), patience.as_millis());
    let error = ErrorValue::new(message).with("code", "ETIMEDOUT");
    match (awaited, last_error) {
        (_, Some(last_error)) => error.with_cause(format!("the last error meanwhile: {last_error}")),
        (Awaited::Message(filter), None) => {
            error.with_help(format!("`wait` does not subscribe: call `client.subscribe(\"{filter}\");` before"))
        }
        _ => error,
    }
}

fn topic_of(message: &Message) -> String {
    String::from_utf8_lossy(&message.topic).into_owned()
}
