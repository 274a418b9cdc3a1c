//! The session: what outlives a socket. Requests in call order, what waits for an acknowledgement, QoS 2 messages that
//! were not released yet, and the subscriptions held. No I/O: packets in, packets and events out.
//!
//! rumqttc's `MqttState` is not used for this: it refuses identifiers above its window (a window of 65,535 costs 16 MB),
//! ties an acknowledgement to the arrival of a message instead of the end of its callbacks, and does not tell which
//! publish was acknowledged.

mod aliases;
mod batches;
pub mod caution;
mod flight;
mod inbound;
mod limits;
mod receiving;
mod sending;
mod snapshot;
mod stored;
mod subscriptions;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::sync::Arc;

use ahash::AHashMap;

use crate::mqtt::command::Request;
use crate::mqtt::error::Error;
use crate::mqtt::event::{Completion, Event, Token};
use crate::mqtt::ids::PacketIds;
use crate::mqtt::options::AutoAlias;
use crate::mqtt::packet::{Connack, Packet, PacketId, Publish, QoS, Subscribe, Unsubscribe, Version};
use crate::mqtt::queue::Queue;
use crate::mqtt::session::aliases::Aliases;
use crate::mqtt::session::batches::Batches;
use crate::mqtt::session::caution::Caution;
use crate::mqtt::session::flight::{Awaits, Flight};
use crate::mqtt::session::inbound::Inbound;
use crate::mqtt::session::limits::Limits;
pub use crate::mqtt::session::stored::Changes;
use crate::mqtt::session::subscriptions::Subscriptions;
use crate::mqtt::store::{Change, Key, Stage};

pub use snapshot::{Outstanding, Snapshot};

/// A packet to write, and who is told when its bytes are out.
#[derive(Debug)]
pub struct Outgoing {
    /// The packet.
    pub packet: Packet,
    /// Set for a QoS 0 publish: it is over once written.
    pub over_when_written: Option<Written>,
}

/// A QoS 0 publish whose bytes are on their way.
#[derive(Debug, Clone, Copy)]
pub struct Written {
    /// Whose callback.
    pub token: Option<Token>,
    /// Payload bytes.
    pub bytes: usize,
}

impl From<Packet> for Outgoing {
    fn from(packet: Packet) -> Self {
        Self { packet, over_when_written: None }
    }
}

/// A request that was accepted and not sent yet.
#[derive(Debug)]
enum Queued {
    /// With its key in the store; 0: in none.
    Publish(Request<Publish>, Key),
    Subscribe(Request<Subscribe>),
    Unsubscribe(Request<Unsubscribe>),
}

impl Queued {
    const fn token(&self) -> Option<Token> {
        match self {
            Self::Publish(request, _) => request.token,
            Self::Subscribe(request) => request.token,
            Self::Unsubscribe(request) => request.token,
        }
    }
}

/// See the module.
#[derive(Debug)]
pub struct Session {
    version: Version,
    ids: PacketIds,
    queue: VecDeque<Queued>,
    flights: AHashMap<PacketId, Flight>,
    /// How many of them are no publishes, and how many of those restore subscriptions.
    subscribing: usize,
    restoring: usize,
    /// Number of the next flight; replay goes in this order.
    sequence: u64,
    /// Subscriptions to restore on this connection, before all else, as soon as identifiers are free.
    restore: VecDeque<Subscribe>,
    /// Flights to send again on this connection, before the queue; those that are over meanwhile are passed over.
    replay: VecDeque<(u64, PacketId)>,
    /// QoS 1/2 publishes on the wire of this connection.
    in_window: usize,
    /// Those of QoS 2 among them.
    exactly_once: usize,
    limits: Limits,
    inbound: Inbound,
    caution: Caution,
    aliases: Aliases,
    auto_alias: AutoAlias,
    /// A message was refused on this connection and nobody waited for its outcome.
    told_of_refusal: bool,
    subscriptions: Subscriptions,
    /// The most filters of one SUBSCRIBE.
    subscribe_batch: Option<usize>,
    batches: Batches,
    /// Messages accepted and not over, as `client.queued` shows them.
    unfinished: Arc<Queue>,
    /// What the store of outgoing messages is still to be told.
    outgoing_changes: Vec<Change>,
}

impl Session {
    /// An empty session. `remembers`: subscriptions are restored after a reconnect.
    pub fn new(version: Version, ids: PacketIds, remembers: bool, unfinished: Arc<Queue>) -> Self {
        Self {
            version,
            ids,
            queue: VecDeque::new(),
            flights: AHashMap::new(),
            subscribing: 0,
            restoring: 0,
            sequence: 0,
            restore: VecDeque::new(),
            replay: VecDeque::new(),
            in_window: 0,
            exactly_once: 0,
            limits: Limits::of(&Connack::default()),
            inbound: Inbound::default(),
            caution: Caution::default(),
            aliases: Aliases::new(0),
            auto_alias: AutoAlias::default(),
            told_of_refusal: false,
            subscriptions: Subscriptions::new(remembers),
            subscribe_batch: None,
            batches: Batches::default(),
            unfinished,
            outgoing_changes: Vec::new(),
        }
    }

    /// Changes the protocol version, from the next connection on.
    pub fn set_version(&mut self, version: Version) {
        self.version = version;
    }

    /// Changes which messages get topic aliases by themselves.
    pub fn set_auto_alias(&mut self, auto_alias: AutoAlias) {
        self.auto_alias = auto_alias;
    }

    /// Changes whether subscriptions are restored, and how many filters one SUBSCRIBE has at most.
    pub fn set_subscribing(&mut self, remembers: bool, batch: Option<usize>) {
        self.subscriptions.set_remembering(remembers);
        self.subscribe_batch = batch;
    }

    /// Accepts a message. The program counted it in `unfinished`.
    pub fn publish(&mut self, request: Request<Publish>) {
        self.publish_stored(request, 0);
    }

    /// Accepts a subscribe.
    pub fn subscribe(&mut self, request: Request<Subscribe>) {
        self.queue.push_back(Queued::Subscribe(request));
    }

    /// Accepts an unsubscribe; its filters are not restored any more from now on, whatever the broker answers. A
    /// subscribe that is still in front of it is forgotten when the unsubscribe goes out.
    pub fn unsubscribe(&mut self, request: Request<Unsubscribe>) {
        self.subscriptions.forget(&request.packet.filters);
        self.queue.push_back(Queued::Unsubscribe(request));
    }

    /// Whether a request is not over yet.
    pub fn has_unfinished_requests(&self) -> bool {
        !self.queue.is_empty() || self.flights.len() > self.restoring
    }

    /// Starts on a new connection: what must be sent again is lined up in call order.
    pub fn connected(&mut self, connack: &Connack, restore_subscriptions: bool) {
        self.limits = Limits::of(connack);
        self.in_window = 0;
        self.exactly_once = 0;
        self.start_aliases(connack);
        self.told_of_refusal = false;
        if !connack.session_present {
            self.inbound.clear();
            for (id, flight) in &mut self.flights {
                if flight.start_over() && flight.key != 0 {
                    self.outgoing_changes.push(Change::Mark { key: flight.key, stage: Stage::Published, id: *id });
                }
            }
        }
        self.restore.clear();
        if restore_subscriptions {
            let restored = self.subscriptions.to_restore(self.version, self.subscribe_batch).into_iter();
            self.restore.extend(restored.filter_map(|subscribe| self.limits.restrict(subscribe)));
        }
        self.flights.values_mut().for_each(|flight| flight.in_window = false);
        let mut again: Vec<_> = self.flights.iter().map(|(id, flight)| (flight.sequence, *id)).collect();
        again.sort_unstable();
        self.replay = again.into();
        self.caution.connected(!self.replay.is_empty());
    }

    /// The transport is gone: subscribes and unsubscribes on the wire fail, publishes wait for the next connection.
    pub fn disconnected(&mut self, events: &mut Vec<Event>) {
        self.restore.clear();
        self.replay.clear();
        let lost: Vec<_> = self
            .flights
            .iter()
            .filter(|(_, flight)| !flight.is_publish())
            .map(|(id, flight)| (flight.sequence, *id))
            .collect();
        for id in in_order(lost) {
            self.fail(id, &connection_closed(), events);
        }
    }

    /// Fails everything that is not over, in call order: the client ends and cannot send it any more. A store keeps its
    /// messages.
    pub fn abandon(&mut self, error: &Error, events: &mut Vec<Event>) {
        self.restore.clear();
        self.replay.clear();
        let all: Vec<_> = self.flights.iter().map(|(id, flight)| (flight.sequence, *id)).collect();
        for id in in_order(all) {
            match self.flights.get(&id).map_or(0, |flight| flight.key) {
                0 => self.fail(id, error, events),
                _ => self.leave_to_store(id, error, events),
            }
        }
        let queue = std::mem::take(&mut self.queue);
        self.drop_all(queue, error, events);
    }

    /// The client gave up: whoever waits for an outcome learns that there is none. Requests that nobody waits for are kept
    /// for a later order to connect; one whose caller was told of a failure is not, or it might be made twice. Messages
    /// of a store are kept in any case: they are there at the next start, too.
    pub fn disappoint(&mut self, error: &Error, events: &mut Vec<Event>) {
        let awaited = self.flights.iter().filter(|(_, flight)| flight.token.is_some());
        let awaited: Vec<_> = awaited.map(|(id, flight)| (flight.sequence, *id)).collect();
        for id in in_order(awaited) {
            match self.flights.get_mut(&id) {
                Some(flight) if flight.key != 0 => {
                    complete(events, flight.token.take(), |token| Completion::failure(token, error.clone()));
                }
                _ => self.fail(id, error, events),
            }
        }
        let (awaited, kept) = std::mem::take(&mut self.queue)
            .into_iter()
            .partition(|queued| queued.token().is_some() && !matches!(queued, Queued::Publish(_, 1..)));
        self.queue = kept;
        self.drop_all(awaited, error, events);
        for queued in &mut self.queue {
            if let Queued::Publish(request, 1..) = queued {
                complete(events, request.token.take(), |token| Completion::failure(token, error.clone()));
            }
        }
    }

    fn drop_all(&mut self, requests: VecDeque<Queued>, error: &Error, events: &mut Vec<Event>) {
        for queued in requests {
            match &queued {
                Queued::Publish(request, _) => self.drop_message(&request.packet),
                Queued::Subscribe(request) => self.drop_id(request.packet.id),
                Queued::Unsubscribe(request) => self.drop_id(request.packet.id),
            }
            if let Some(token) = queued.token() {
                // A part of a subscribe, as much as one on the wire.
                self.complete_subscribe(0, Completion::failure(token, error.clone()), events);
            }
        }
    }

    /// A message that waited in the queue is over.
    fn drop_message(&self, packet: &Publish) {
        self.finish_message(packet.payload.len());
        if packet.qos != QoS::AtMostOnce {
            self.drop_id(packet.id);
        }
    }

    /// An identifier of a request in the queue; 0 waits for one.
    fn drop_id(&self, id: PacketId) {
        match id {
            0 => self.ids.wait_no_more(),
            id => self.ids.give_back(id),
        }
    }

    /// Forgets the message `id`, acknowledged or not; its callback gets `Message removed`.
    pub fn remove(&mut self, id: PacketId, events: &mut Vec<Event>) {
        let error = Error::new("Message removed");
        if self.flights.get(&id).is_some_and(Flight::is_publish) {
            self.fail(id, &error, events);
            return;
        }
        let is_meant = |queued: &Queued| matches!(queued, Queued::Publish(r, _) if r.packet.id == id && id != 0);
        if let Some(Queued::Publish(request, key)) = self.take_out(is_meant) {
            self.forget_stored(key);
            self.ids.give_back(id);
            self.finish_message(request.packet.payload.len());
            complete(events, request.token, |token| Completion::failure(token, error));
        }
    }

    /// Forgets a message that was not sent yet; nobody is told.
    pub fn withdraw(&mut self, token: Token) {
        let is_meant = |queued: &Queued| matches!(queued, Queued::Publish(r, _) if r.token == Some(token));
        if let Some(Queued::Publish(request, key)) = self.take_out(is_meant) {
            self.forget_stored(key);
            self.drop_message(&request.packet);
        }
    }

    /// Takes a request out of the queue. Looks from both ends at once: it is mostly among the oldest or the newest.
    fn take_out(&mut self, is_meant: impl Fn(&Queued) -> bool) -> Option<Queued> {
        let last = self.queue.len().checked_sub(1)?;
        let places = (0..=last / 2).flat_map(|place| [place, last - place]);
        let place = places.into_iter().find(|place| is_meant(&self.queue[*place]))?;
        self.queue.remove(place)
    }

    fn track(&mut self, id: PacketId, key: Key, token: Option<Token>, awaits: Awaits) {
        let sequence = self.sequence;
        self.sequence += 1;
        let flight = Flight { sequence, key, token, awaits, in_window: false, sent_again: false, resumed: false };
        let in_window = flight.is_publish();
        self.in_window += usize::from(in_window);
        self.exactly_once += usize::from(flight.is_exactly_once());
        self.subscribing += usize::from(!in_window);
        self.restoring += usize::from(flight.is_resubscribe());
        self.flights.insert(id, Flight { in_window, ..flight });
    }

    /// A request is over: its last acknowledgement came, or it failed.
    fn land(&mut self, id: PacketId) -> Option<Flight> {
        let flight = self.take_off(id)?;
        self.forget_stored(flight.key);
        Some(flight)
    }

    /// Takes a request off the wire.
    fn take_off(&mut self, id: PacketId) -> Option<Flight> {
        let flight = self.flights.remove(&id)?;
        self.ids.give_back(id);
        if flight.in_window {
            self.in_window -= 1;
            self.exactly_once -= usize::from(flight.is_exactly_once());
            self.caution.landed();
        }
        self.restoring -= usize::from(flight.is_resubscribe());
        match flight.payload_length() {
            Some(bytes) => self.finish_message(bytes),
            None => self.subscribing -= 1,
        }
        Some(flight)
    }

    fn fail(&mut self, id: PacketId, error: &Error, events: &mut Vec<Event>) {
        if let Some(flight) = self.land(id) {
            let granted = flight.granted_on_failure();
            if let Some(token) = flight.token {
                let completion = Completion { granted, ..Completion::failure(token, error.clone()) };
                self.complete_subscribe(id, completion, events);
            }
        }
    }

    /// A packet of a request cannot be written: the request fails instead of the connection.
    pub fn refuse(&mut self, packet: &Packet, error: &Error, events: &mut Vec<Event>) {
        self.unwritten(packet);
        let id = match packet {
            Packet::Publish(publish) => publish.id,
            Packet::Subscribe(subscribe) => subscribe.id,
            Packet::Unsubscribe(unsubscribe) => unsubscribe.id,
            _ => return,
        };
        self.fail(id, error, events);
    }

    /// A packet did not go out: the broker does not know the alias in it.
    pub fn unwritten(&mut self, packet: &Packet) {
        if let Packet::Publish(Publish { properties: Some(properties), .. }) = packet
            && let Some(alias) = properties.topic_alias
        {
            self.aliases.forget(alias);
        }
    }

    /// A message with so much payload is over: written, acknowledged or failed.
    pub fn finish_message(&self, bytes: usize) {
        self.unfinished.remove(bytes);
    }
}

/// MQTT.js's error for requests that a lost connection ended.
pub fn connection_closed() -> Error {
    Error::new("Connection closed")
}

fn complete(events: &mut Vec<Event>, token: Option<Token>, completion: impl FnOnce(Token) -> Completion) {
    if let Some(token) = token {
        events.push(Event::Completed(completion(token)));
    }
}

fn in_order(mut flights: Vec<(u64, PacketId)>) -> impl Iterator<Item = PacketId> {
    flights.sort_unstable();
    flights.into_iter().map(|(_, id)| id)
}
