//! What the network side reports becomes flags, callbacks and listeners, in the order it came.

use std::time::Duration;

use rhai::{Array, Dynamic, Engine};
use smallvec::{SmallVec, smallvec};

use crate::api::error::ErrorValue;
use crate::api::mqtt::client::outstanding::Pending;
use crate::api::mqtt::client::{Client, Kind, error_value, handling};
use crate::api::mqtt::packet::{PacketValue, PropertiesValue, subscription};
use crate::api::report;
use crate::diagnostics::Diagnostic;
use crate::event_loop::incoming::Payload;
use crate::event_loop::{Source, Uncaught};
use crate::mqtt::backlog::Reading;
use crate::mqtt::command::{Command, End};
use crate::mqtt::event::{Completion, Event, Grant, Observed, Token};
use crate::mqtt::packet::Packet;

impl Source for Client {
    fn deliver(&self, engine: &Engine, payload: Payload) {
        let Payload::Mqtt(events) = payload else { return };
        // Where a callback that blocks the script finds them.
        self.0.arrived.borrow_mut().extend(events);
        self.0.are_noted.set(false);
        loop {
            let next = self.0.arrived.borrow_mut().pop_front();
            let Some(event) = next else { return self.leave_if_over() };
            self.deliver_event(engine, event);
            if self.0.host.event_loop.is_stopped() {
                self.0.arrived.borrow_mut().clear();
                return;
            }
        }
    }

    fn put_aside(&self, _engine: &Engine, payload: Payload) -> Option<Payload> {
        let Payload::Mqtt(events) = payload else { return Some(payload) };
        let rest: Vec<_> = events.into_iter().filter_map(|event| self.note(event)).collect();
        (!rest.is_empty()).then_some(Payload::Mqtt(rest))
    }

    fn answer(&self, engine: &Engine) {
        for event in self.0.unanswered.take() {
            match event {
                Event::DialWanted { endpoint } => self.answer_dial(engine, endpoint),
                Event::AuthWanted { auth, length, attempt } => self.answer_auth(engine, auth, length, attempt),
                _ => {}
            }
        }
    }

    fn keeps_alive(&self) -> bool {
        // A client that never connected still tells when its `end()` is complete, one that gave up what it could not send.
        let flags = &self.0.flags;
        flags.active.get()
            || flags.disconnecting.get() && !self.is_disconnected()
            || flags.gave_up.get() && !self.0.pending.borrow().is_empty()
    }

    fn flush(&self) {
        self.with_core(|core| core.flush());
    }

    fn shut_down(&self, timeout: Duration) {
        self.0.flags.shutting_down.set(true);
        if self.0.flags.active.get() && !self.is_disconnected() {
            // Messages are not handled any more, but the acknowledgements behind them are wanted.
            let _ = self.with_core(|core| core.set_reading(Reading::All));
            self.order(Command::End(End { timeout: Some(timeout), ..End::default() }));
        }
    }

    fn is_shut_down(&self, payload: Option<&Payload>) -> bool {
        match payload {
            Some(Payload::Mqtt(events)) => {
                events.iter().any(|event| matches!(event, Event::Ended { goes_on: false, .. }))
            }
            _ => !self.0.flags.active.get() || self.is_disconnected(),
        }
    }
}

impl Client {
    /// While the script blocks: flags are kept true, and what the network side waits for is noted. Gives back what waits its turn.
    pub(super) fn note(&self, event: Event) -> Option<Event> {
        match &event {
            Event::DialWanted { .. } | Event::AuthWanted { .. } => {
                self.0.unanswered.borrow_mut().push(event);
                return None;
            }
            Event::Crashed { message } => {
                self.crash(message);
                return None;
            }
            Event::Connected { connack, length, keepalive, .. } => self.set_connected(connack, *length, *keepalive),
            Event::Closed { .. } => self.set_closed(),
            Event::GaveUp { connects, .. } if *connects == self.0.flags.connects.get() => {
                self.0.flags.gave_up.set(true)
            }
            Event::Ended { connects, goes_on } if !self.goes_on(*connects, *goes_on) => self.set_ended(),
            _ => {}
        }
        Some(event)
    }

    /// The network side is gone, and the program with it: it would wait for ever.
    fn crash(&self, message: &str) {
        self.0.flags.active.set(false);
        let error = ErrorValue::new(format!("internal error in the network side of a client: {message}")).raise();
        self.0.host.event_loop.fail_top_level(Uncaught { error, callback: None, context: String::new() });
    }

    /// Handles one event whose turn it is.
    pub(super) fn deliver_event(&self, engine: &Engine, event: Event) {
        self.log_event(engine, &event);
        let flags = &self.0.flags;
        match event {
            Event::Message(message) => self.take_message(engine, message, handling::Kind::Delivery),
            Event::Arrived(message) => self.take_message(engine, message, handling::Kind::Arrival),
            Event::Completed(completion) => self.complete(engine, completion),
            Event::Written(mut tokens) => {
                let first = tokens.pop_front();
                if !tokens.is_empty() {
                    // A callback that blocks the script finds the others there.
                    self.0.arrived.borrow_mut().push_front(Event::Written(tokens));
                }
                first.into_iter().for_each(|token| self.complete(engine, Completion::success(token)));
            }
            Event::DialWanted { endpoint } => self.answer_dial(engine, endpoint),
            Event::AuthWanted { auth, length, attempt } => self.answer_auth(engine, auth, length, attempt),
            Event::Connected { connack, length, keepalive, connection } => {
                if flags.is_close_due.replace(true) {
                    // Its turn comes later, see `is_stale`.
                    self.requests_lost_connection(engine);
                }
                flags.connection.set(connection);
                // A script that waited for the end of it may have heard of that first.
                if !self.is_disconnected() {
                    self.set_connected(&connack, length, keepalive);
                    self.requests_connected();
                }
                let packet = self.packet(Observed { packet: Packet::Connack(connack), length });
                self.emit_plain(engine, "connect", &[packet]);
            }
            Event::Reconnecting => {
                flags.offline.set(false);
                self.emit_plain(engine, "reconnect", &[]);
            }
            // Not for whoever has called `end()` meanwhile, for example in the `error` listener before.
            Event::Offline { .. } if flags.disconnecting.get() => {}
            Event::Offline { connection, .. } if self.is_stale(connection) => {
                self.emit_plain(engine, "offline", &[]);
            }
            Event::Offline { link_is_up, .. } => {
                if !link_is_up {
                    flags.connected.set(false);
                }
                flags.offline.set(true);
                self.emit_plain(engine, "offline", &[]);
                flags.reconnecting.set(true);
            }
            Event::Closed { connection } if self.is_stale(connection) => {
                self.emit_plain(engine, "close", &[]);
            }
            Event::Closed { .. } => {
                flags.is_close_due.set(false);
                self.set_closed();
                flags.offline.set(!flags.disconnecting.get());
                self.requests_lost_connection(engine);
                self.emit_plain(engine, "close", &[]);
            }
            Event::Disconnected { packet, length } => {
                let packet = self.packet(Observed { packet: Packet::Disconnect(packet), length });
                self.emit_plain(engine, "disconnect", &[packet]);
            }
            Event::Failed { error, address, was_connected, next_try, first, connack } => {
                if let Some(connack) = &connack {
                    self.set_server_properties(connack);
                }
                let value = self.rejection(&error).unwrap_or_else(|| Dynamic::from(error_value(&error)));
                if !self.emit_plain(engine, "error", &[value]) && first {
                    self.report_failure(&error, &address, next_try, was_connected, connack.is_some());
                }
            }
            // `connect` or `reconnect` was called in the meantime.
            Event::GaveUp { connects, .. } if connects != flags.connects.get() => {}
            Event::GaveUp { unheard, .. } => {
                flags.active.set(false);
                flags.gave_up.set(true);
                self.disappoint_unless_revived();
                flags.reconnecting.set(false);
                // Whoever was told otherwise, such as the caller of `connectAsync`, has ended the client.
                if !self.has_error_listener() && !flags.disconnecting.get() {
                    self.0.host.gave_up.set(true);
                    unheard.into_iter().for_each(|message| report::print(&Diagnostic::warning(message)));
                }
            }
            Event::Warning { message, help } => report::print(&Diagnostic::warning(message).help(help)),
            // Whoever waited has gone on.
            Event::Room | Event::OutOfReach => {}
            Event::Crashed { message } => self.crash(&message),
            Event::OutgoingEmpty => {
                self.emit_plain(engine, "outgoingEmpty", &[]);
            }
            Event::PacketSent(observed) => {
                let packet = self.packet(observed);
                self.emit_plain(engine, "packetsend", &[packet]);
            }
            Event::PacketReceived(observed) => {
                let packet = self.packet(observed);
                self.emit_plain(engine, "packetreceive", &[packet]);
            }
            Event::Ended { connects, goes_on } => {
                let goes_on = self.goes_on(connects, goes_on);
                flags.disconnected.set(Some(true));
                flags.active.set(goes_on);
                if !goes_on {
                    self.drop_messages();
                    self.requests_ended(engine);
                }
                self.emit_plain(engine, "end", &[]);
                if goes_on {
                    flags.disconnecting.set(false);
                    flags.disconnected.set(Some(false));
                }
            }
        }
    }

    /// Nothing comes any more: once the script has forgotten the client too, it is gone.
    fn leave_if_over(&self) {
        if self.is_disconnected() && !self.keeps_alive() && self.0.pending.borrow().is_empty() {
            self.0.host.event_loop.remove_source(self.0.source);
        }
    }

    /// Whether an event about a connection comes after the script heard of a later one, for which it blocked.
    fn is_stale(&self, connection: u32) -> bool {
        connection != self.0.flags.connection.get()
    }

    /// Whether the client connects again after an `end`: by itself, or because `connect` or `reconnect` was called since.
    pub(super) fn goes_on(&self, connects: u32, goes_on: bool) -> bool {
        goes_on || connects != self.0.flags.connects.get()
    }

    fn set_ended(&self) {
        self.0.flags.disconnected.set(Some(true));
        self.0.flags.active.set(false);
    }

    fn complete(&self, engine: &Engine, completion: Completion) {
        let pending = self.0.pending.borrow_mut().take(completion.token);
        let Some(Pending { callback, kind }) = pending else { return };
        match kind {
            Kind::Request(id) => return self.request_was_published(engine, id, completion.error.as_ref()),
            Kind::ReplyTopic => return self.reply_topic_was_granted(engine, completion.error.as_ref()),
            _ => {}
        }
        let Some(callback) = callback else {
            if let (Kind::Subscribe, Some(error)) = (kind, &completion.error) {
                self.report_refused_subscribe(error);
            }
            return;
        };
        let mut arguments = self.outcome(kind, completion);
        let name = kind.name();
        self.0.host.event_loop.call(engine, &callback, &mut arguments, |origin| {
            format!("in the callback of `{name}` called at {origin}")
        });
    }

    /// The arguments of a callback: `error` first, as everywhere in Node.
    fn outcome(&self, kind: Kind, completion: Completion) -> SmallVec<[Dynamic; 3]> {
        let packet = completion.packet.map_or(Dynamic::UNIT, |observed| self.packet(observed));
        let error = completion.error.map_or(Dynamic::UNIT, |error| {
            let value = error_value(&error);
            let value = if kind == Kind::Subscribe {
                value.with_class("ErrorWithSubackPacket").with("packet", packet.clone())
            } else {
                value
            };
            Dynamic::from(value)
        });
        match kind {
            Kind::Subscribe => smallvec![error, self.granted(&completion.granted), packet],
            Kind::End => smallvec![error],
            // Requests have callbacks of their own.
            Kind::Publish | Kind::Request(_) | Kind::ReplyTopic | Kind::Unsubscribe | Kind::Reauthenticate => {
                smallvec![error, packet]
            }
        }
    }

    /// The `granted` of a subscribe callback.
    pub(super) fn granted(&self, grants: &[Grant]) -> Dynamic {
        let version = self.version();
        let show = |grant: &Grant| {
            let mut shown = subscription(&grant.subscription, grant.code, version);
            if let Some(given) = &grant.properties {
                shown.insert("properties".into(), Dynamic::from(PropertiesValue::new(given)));
            }
            Dynamic::from(shown)
        };
        grants.iter().map(show).collect::<Array>().into()
    }

    /// A packet for the script.
    pub(super) fn packet(&self, observed: Observed) -> Dynamic {
        Dynamic::from(PacketValue::new(observed.packet, observed.length, self.version()))
    }

    /// Keeps a request from being completed twice: its caller takes the outcome itself.
    pub(super) fn forget(&self, token: Token) {
        self.0.pending.borrow_mut().take(token);
    }
}
