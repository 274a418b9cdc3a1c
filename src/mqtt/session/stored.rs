//! What a store is told of the session, and what the session takes over from one.

use crate::mqtt::error::Error;
use crate::mqtt::event::{Completion, Event};
use crate::mqtt::packet::{PacketId, Publish, QoS};
use crate::mqtt::session::flight::{Awaits, Flight};
use crate::mqtt::session::{Queued, Request, Session, complete, in_order};
use crate::mqtt::store::{Change, Entry, Key, Stage};

/// What is to be written before anything that depends on it goes out.
#[derive(Debug, Default)]
pub struct Changes {
    /// Of the store of outgoing messages.
    pub outgoing: Vec<Change>,
    /// Of the store of incoming messages.
    pub incoming: Vec<Change>,
}

impl Changes {
    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.outgoing.is_empty() && self.incoming.is_empty()
    }
}

impl Session {
    /// Accepts a message that is in the store under this key. The program counted it in `unfinished`.
    pub fn publish_stored(&mut self, request: Request<Publish>, key: Key) {
        self.queue.push_back(Queued::Publish(request, key));
    }

    /// Whether incoming QoS 2 messages are written to a store.
    pub fn keep_incoming(&mut self, keeps: bool) {
        self.inbound.keeps = keeps;
    }

    /// Whether something is to be written.
    pub fn has_changes(&self) -> bool {
        !self.outgoing_changes.is_empty() || !self.inbound.changes.is_empty()
    }

    /// What is to be written since this was asked last.
    pub fn take_changes(&mut self) -> Changes {
        Changes {
            outgoing: std::mem::take(&mut self.outgoing_changes),
            incoming: std::mem::take(&mut self.inbound.changes),
        }
    }

    /// These could not be written: they are still to be.
    pub fn put_back(&mut self, changes: Changes) {
        self.outgoing_changes.splice(..0, changes.outgoing);
        self.inbound.changes.splice(..0, changes.incoming);
    }

    /// Takes over what a store has, in order. With the broker's session it goes on where it was, without it starts over.
    /// Nobody waits for these messages.
    pub fn restore(&mut self, outgoing: &[Entry], incoming: Vec<Entry>, now: u64) {
        for entry in outgoing {
            let message = entry.message_at(now).and_then(without_alias);
            let Some(message) = message else {
                self.outgoing_changes.push(Change::Remove(entry.key));
                continue;
            };
            self.unfinished.add(message.payload.len());
            let id = message.id;
            let awaits = match (message.qos, entry.stage) {
                (QoS::AtMostOnce, _) => None,
                _ if id == 0 || !self.ids.claim(id) => None,
                (QoS::ExactlyOnce, Stage::Released) => Some(Awaits::Pubcomp(message.clone())),
                (QoS::ExactlyOnce, Stage::Published) => Some(Awaits::Pubrec(message.clone())),
                (QoS::AtLeastOnce, _) => Some(Awaits::Puback(message.clone())),
            };
            match awaits {
                Some(awaits) => self.hold(id, entry.key, awaits),
                None => self.enqueue_anew(message, entry.key),
            }
        }
        for Entry { key, publish, length, .. } in incoming {
            if let Ok(id) = PacketId::try_from(key) {
                self.inbound.restore(id, publish, length);
            }
        }
    }

    /// A message of an earlier connection.
    fn hold(&mut self, id: PacketId, key: Key, awaits: Awaits) {
        let sequence = self.sequence;
        self.sequence += 1;
        let flight = Flight { sequence, key, token: None, awaits, in_window: false, sent_again: false, resumed: false };
        self.flights.insert(id, flight);
    }

    /// A message that never had an identifier, or whose identifier another one got meanwhile.
    fn enqueue_anew(&mut self, message: Publish, key: Key) {
        let id = if message.qos == QoS::AtMostOnce { 0 } else { self.ids.take_or_wait().unwrap_or(0) };
        if id != 0 {
            self.mark(key, Stage::Published, id);
        }
        let request = Request { token: None, packet: Publish { id, ..message } };
        self.queue.push_back(Queued::Publish(request, key));
    }

    /// Writes down how far a message is.
    pub(super) fn mark(&mut self, key: Key, stage: Stage, id: PacketId) {
        if key != 0 {
            self.outgoing_changes.push(Change::Mark { key, stage, id });
        }
    }

    /// A message is over.
    pub(super) fn forget_stored(&mut self, key: Key) {
        if key != 0 {
            self.outgoing_changes.push(Change::Remove(key));
        }
    }

    /// Other stores follow: messages of the ones before leave the session, and stay where they are.
    pub fn leave_stores(&mut self, error: &Error, events: &mut Vec<Event>) {
        let stored = self.flights.iter().filter(|(_, flight)| flight.key != 0);
        let stored: Vec<_> = stored.map(|(id, flight)| (flight.sequence, *id)).collect();
        for id in in_order(stored) {
            self.leave_to_store(id, error, events);
        }
        let (stored, kept) =
            std::mem::take(&mut self.queue).into_iter().partition(|queued| matches!(queued, Queued::Publish(_, 1..)));
        self.queue = kept;
        self.drop_all(stored, error, events);
        self.inbound.leave_store();
    }

    /// The client ends: what is in the store stays there for the next start, and leaves the session.
    pub(super) fn leave_to_store(&mut self, id: PacketId, error: &Error, events: &mut Vec<Event>) {
        if let Some(flight) = self.take_off(id) {
            complete(events, flight.token, |token| Completion::failure(token, error.clone()));
        }
    }
}

/// An alias means nothing on another connection. `None`: without it there is no topic.
fn without_alias(mut publish: Publish) -> Option<Publish> {
    if publish.topic.is_empty() {
        return None;
    }
    publish.properties.iter_mut().for_each(|properties| properties.topic_alias = None);
    Some(publish)
}
