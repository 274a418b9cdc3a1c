//! What goes out next: subscriptions to restore, then what must be sent again, then the queue; within what the broker takes.

use crate::mqtt::command::Request;
use crate::mqtt::error::Error;
use crate::mqtt::event::{Completion, Event, Grant, Token};
use crate::mqtt::packet::{Connack, Packet, Publish, QoS, Subscribe, Unsubscribe, Version};
use crate::mqtt::session::aliases::{Aliased, Aliases};
use crate::mqtt::session::flight::{self, Awaits};
use crate::mqtt::session::{Outgoing, Queued, Session, Written, complete, limits};
use crate::mqtt::store::{Change, Entry, Key, Stage};

/// Messages of QoS 2 under way where a broker cannot say how many it takes, below version 5. mosquitto takes 20 unless it
/// is told otherwise (`max_inflight_messages`); beyond that it drops them, with PUBREC.
const MOST_EXACTLY_ONCE: usize = 20;

impl Session {
    /// The next packet that may go out now, or `None` when nothing waits or the broker's Receive Maximum is reached.
    pub fn next(&mut self, events: &mut Vec<Event>) -> Option<Outgoing> {
        if let Some(outgoing) = self.next_restore() {
            return Some(outgoing);
        }
        if self.is_unproven() || self.is_careful() && self.subscribing > 0 {
            return None;
        }
        if let Some(outgoing) = self.next_replay(events) {
            return outgoing;
        }
        if self.is_careful() {
            if self.in_window > 0 {
                return None;
            }
            self.stop_being_careful();
        }
        loop {
            let is_exactly_once_full = self.is_exactly_once_full();
            let (id, key) = match self.queue.front_mut()? {
                Queued::Publish(request, _) if request.packet.qos == QoS::AtMostOnce => (None, 0),
                Queued::Publish(..) if self.in_window >= self.limits.receive_maximum => return None,
                Queued::Publish(request, _) if request.packet.qos == QoS::ExactlyOnce && is_exactly_once_full => {
                    return None;
                }
                Queued::Publish(request, key) => (Some(&mut request.packet.id), *key),
                Queued::Subscribe(request) => (Some(&mut request.packet.id), 0),
                Queued::Unsubscribe(request) => (Some(&mut request.packet.id), 0),
            };
            // All were in use when the request was made: it waits until one comes back.
            if let Some(id @ 0) = id {
                let taken = self.ids.take_for_waiting()?;
                *id = taken;
                self.mark(key, Stage::Published, taken);
            }
            let outgoing = match self.queue.pop_front()? {
                Queued::Publish(request, key) => self.send_publish(request, key, events),
                Queued::Subscribe(request) => self.send_subscribe(request, events),
                Queued::Unsubscribe(request) => self.send_unsubscribe(request, events),
            };
            if outgoing.is_some() {
                return outgoing;
            }
        }
    }

    /// Whether messages of QoS 2 have to wait for others that are under way.
    fn is_exactly_once_full(&self) -> bool {
        self.version != Version::V5 && self.exactly_once >= MOST_EXACTLY_ONCE
    }

    /// A subscription to restore. With all identifiers in use it waits, and lets others go first: they may be the ones
    /// that hold them.
    fn next_restore(&mut self) -> Option<Outgoing> {
        self.restore.front()?;
        let id = self.ids.take()?;
        let subscribe = Subscribe { id, ..self.restore.pop_front()? };
        let grants = vec![None; subscribe.filters.len()];
        let packet = Packet::Subscribe(subscribe.clone());
        self.track(id, 0, None, Awaits::Suback { subscribe, grants, again: true });
        Some(packet.into())
    }

    /// The outer `None`: nothing to replay. The inner: something waits for room in the window.
    fn next_replay(&mut self, events: &mut Vec<Event>) -> Option<Option<Outgoing>> {
        let window = self.limits.receive_maximum.min(self.caution.window());
        while let Some(&(sequence, id)) = self.replay.front() {
            let is_full = self.in_window >= window;
            let is_exactly_once_full = self.is_exactly_once_full();
            // The identifier may be another request's by now.
            let flight = self.flights.get_mut(&id).filter(|flight| flight.sequence == sequence);
            if is_full || is_exactly_once_full && flight.as_ref().is_some_and(|flight| flight.is_exactly_once()) {
                return Some(None);
            }
            self.replay.pop_front();
            let Some(flight) = flight else { continue };
            let packet = flight.packet_to_send_again();
            // It may be another broker, or its limits may have changed: it must not be refused for ever.
            if let Packet::Publish(publish) = &packet
                && let Err(error) = self.limits.allow(publish, self.version)
            {
                self.fail(id, &error, events);
                continue;
            }
            flight.in_window = true;
            flight.sent_again = true;
            self.exactly_once += usize::from(flight.is_exactly_once());
            self.in_window += 1;
            return Some(Some(packet.into()));
        }
        None
    }

    /// The aliases of the last connection are gone.
    pub fn start_aliases(&mut self, connack: &Connack) {
        for queued in &mut self.queue {
            if let Queued::Publish(request, _) = queued {
                self.aliases.name(&mut request.packet);
            }
        }
        let most = connack.properties.as_ref().and_then(|properties| properties.topic_alias_maximum);
        self.aliases = Aliases::new(most.unwrap_or(0));
    }

    fn send_publish(&mut self, request: Request<Publish>, key: Key, events: &mut Vec<Event>) -> Option<Outgoing> {
        let Request { token, packet: mut publish } = request;
        let wire = match self.check_publish(&publish) {
            Ok(None) => None,
            Ok(Some(Aliased { packet, topic, .. })) => {
                let had_name = !publish.topic.is_empty();
                // What is kept, to be sent again on another connection, has its name and no alias.
                publish.topic = topic;
                publish.properties.iter_mut().for_each(|properties| properties.topic_alias = None);
                if key != 0 && !had_name {
                    self.outgoing_changes.push(Change::Put(Entry::new(key, publish.clone(), 0)));
                }
                Some(packet)
            }
            Err(error) => {
                self.forget_stored(key);
                self.ids.give_back(publish.id);
                self.finish_message(publish.payload.len());
                self.tell_of_refusal(&publish, token, &error, events);
                complete(events, token, |token| Completion::failure(token, error));
                return None;
            }
        };
        if publish.qos == QoS::AtMostOnce {
            self.forget_stored(key);
            self.caution.sent_unacknowledged = true;
            let written = Written { token, bytes: publish.payload.len() };
            let packet = Packet::Publish(wire.unwrap_or(publish));
            return Some(Outgoing { packet, over_when_written: Some(written) });
        }
        let id = publish.id;
        let packet = Packet::Publish(wire.unwrap_or_else(|| publish.clone()));
        let awaits = match publish.qos {
            QoS::ExactlyOnce => Awaits::Pubrec(publish),
            _ => Awaits::Puback(publish),
        };
        self.track(id, key, token, awaits);
        Some(packet.into())
    }

    /// A message that is not sent, and nobody waits for its outcome: worth telling, once for each connection.
    fn tell_of_refusal(&mut self, publish: &Publish, token: Option<Token>, error: &Error, events: &mut Vec<Event>) {
        if token.is_some() || std::mem::replace(&mut self.told_of_refusal, true) {
            return;
        }
        let cause = error.cause.as_deref().unwrap_or(&error.message);
        events.push(Event::Warning {
            message: format!("a message for `{}` was not sent: {cause}", publish.topic_str()),
            help: "give `publish` a callback to be told each time: `|error| if error != () { ... }`".into(),
        });
    }

    /// Whether this broker takes a message, and with which alias.
    fn check_publish(&mut self, publish: &Publish) -> Result<Option<Aliased>, Error> {
        if self.version != Version::V5 {
            return self.limits.allow(publish, self.version).map(|()| None);
        }
        let Some(aliased) = self.aliases.apply(publish, self.auto_alias)? else {
            return self.limits.allow(publish, self.version).map(|()| None);
        };
        if let Err(error) = self.limits.allow(&aliased.packet, self.version) {
            // Introducing an alias of our own makes the packet longer; without it, it may fit.
            return if aliased.asked_for {
                Err(error)
            } else {
                self.limits.allow(publish, self.version).map(|()| None)
            };
        }
        self.aliases.introduce(aliased.alias, &aliased.topic);
        Ok(Some(aliased))
    }

    fn send_subscribe(&mut self, request: Request<Subscribe>, events: &mut Vec<Event>) -> Option<Outgoing> {
        let Request { token, packet: mut subscribe } = request;
        let mut grants = self.subscriptions.grants_held(&subscribe);
        let has_identifier = limits::has_identifier(&subscribe);
        for (wanted, grant) in subscribe.filters.iter().zip(&mut grants) {
            let refusal = self.limits.refuse(&wanted.filter, has_identifier).filter(|_| grant.is_none());
            if let Some(code) = refusal {
                *grant = Some(Grant { subscription: wanted.clone(), properties: subscribe.properties.clone(), code });
            }
        }
        self.take_batch(&mut subscribe, &mut grants, token);
        let answered = subscribe.filters.iter().zip(&grants);
        let open: Vec<_> = answered.filter(|(_, grant)| grant.is_none()).map(|(wanted, _)| wanted.clone()).collect();
        if open.is_empty() {
            self.ids.give_back(subscribe.id);
            let granted: Vec<_> = grants.into_iter().flatten().collect();
            let error = flight::subscribe_error(&granted, "the broker does not take");
            if let Some(token) = token {
                let completion = Completion { granted, error, ..Completion::success(token) };
                self.complete_subscribe(subscribe.id, completion, events);
            }
            return None;
        }
        let asked_for = std::mem::replace(&mut subscribe.filters, open);
        let packet = Packet::Subscribe(subscribe.clone());
        if let Err(error) = self.limits.allow_size(&packet, self.version, "Subscribe") {
            self.ids.give_back(subscribe.id);
            let properties = subscribe.properties;
            let granted = asked_for.into_iter().map(|s| Grant::as_wanted(s, properties.clone())).collect();
            if let Some(token) = token {
                let completion = Completion { granted, ..Completion::failure(token, error) };
                self.complete_subscribe(subscribe.id, completion, events);
            }
            return None;
        }
        self.subscriptions.remember(&subscribe);
        self.track(subscribe.id, 0, token, Awaits::Suback { subscribe, grants, again: false });
        Some(packet.into())
    }

    fn send_unsubscribe(&mut self, request: Request<Unsubscribe>, events: &mut Vec<Event>) -> Option<Outgoing> {
        let Request { token, packet: unsubscribe } = request;
        self.subscriptions.forget(&unsubscribe.filters);
        let packet = Packet::Unsubscribe(unsubscribe.clone());
        if let Err(error) = self.limits.allow_size(&packet, self.version, "Unsubscribe") {
            self.ids.give_back(unsubscribe.id);
            complete(events, token, |token| Completion::failure(token, error));
            return None;
        }
        self.track(unsubscribe.id, 0, token, Awaits::Unsuback(unsubscribe));
        Some(packet.into())
    }

    /// Whether the broker of this connection takes a packet of that size.
    pub fn fits(&self, packet: &Packet) -> bool {
        self.limits.allow_size(packet, self.version, "").is_ok()
    }
}
