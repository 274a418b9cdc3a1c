//! A session between a program and a broker, either of which does anything.

use std::collections::HashSet;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use mqttscript::mqtt::codec::{self, Frame};
use mqttscript::mqtt::command::{Answer, Request};
use mqttscript::mqtt::error::Error;
use mqttscript::mqtt::event::{Delivery, Event, Message, Token};
use mqttscript::mqtt::ids::PacketIds;
use mqttscript::mqtt::options::AutoAlias;
use mqttscript::mqtt::packet::{
    Connack, Packet, PacketId, Properties, Publish, QoS, Subscribe, Subscription, Unsubscribe, Version,
};
use mqttscript::mqtt::queue::{Load, Queue};
use mqttscript::mqtt::session::caution::Evidence;
use mqttscript::mqtt::session::{Outgoing, Session};
use mqttscript::mqtt::store::entry::Entry;
use mqttscript::mqtt::store::{Key, MemoryStore, Store};

use super::input::Input;
use super::peer;

const QOS: [QoS; 3] = [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce];
/// Far more packets than there are orders.
const ENDLESS: usize = 100_000;

/// The first bytes choose the version and what the client allows, each byte after them is an order or a packet.
pub fn packets(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let mut world = World::new(&mut input);
    while !input.is_empty() {
        world.step(&mut input);
    }
    world.end_well();
    world.end();
}

/// A message whose callbacks run.
struct Delivered {
    delivery: Delivery,
    /// The program is asked whether it takes it.
    asked: bool,
}

struct World {
    version: Version,
    session: Session,
    ids: PacketIds,
    unfinished: Arc<Queue>,
    store: MemoryStore,
    properties: Properties,
    events: Vec<Event>,
    /// Sent by the broker and not read yet.
    buffer: BytesMut,
    /// The broker's last packet.
    last: BytesMut,
    connection: u32,
    /// The broker's Receive Maximum, and the messages that count against it.
    window: usize,
    on_the_wire: HashSet<PacketId>,
    /// Callbacks to be called, and those that need not be any more.
    open: HashSet<Token>,
    withdrawn: HashSet<Token>,
    last_token: Token,
    delivered: Vec<Delivered>,
    seen_ids: HashSet<PacketId>,
}

impl World {
    fn new(input: &mut Input) -> Self {
        let version = input.one_of(&[Version::V5, Version::V311, Version::V31]);
        let (ids, unfinished) = (PacketIds::starting_after(0), Arc::new(Queue::default()));
        let properties = Properties {
            receive_maximum: input.sometimes(|input| 1 + input.below(4) as u16),
            topic_alias_maximum: input.sometimes(|input| input.below(4) as u16),
            ..Properties::default()
        };
        let mut world = Self {
            version,
            session: Session::new(version, ids.clone(), input.flag(), Arc::clone(&unfinished)),
            ids,
            unfinished,
            store: MemoryStore::new(false),
            properties,
            events: Vec::new(),
            buffer: BytesMut::new(),
            last: BytesMut::new(),
            connection: 0,
            window: usize::MAX,
            on_the_wire: HashSet::new(),
            open: HashSet::new(),
            withdrawn: HashSet::new(),
            last_token: 0,
            delivered: Vec::new(),
            seen_ids: HashSet::new(),
        };
        world.session.set_auto_alias(input.one_of(&[AutoAlias::Never, AutoAlias::Use, AutoAlias::Assign]));
        world.session.ask_before_taking(input.flag());
        world.session.set_subscribing(input.flag(), input.sometimes(|input| 1 + input.below(3)));
        let connack = peer::connack(input);
        world.connect(&connack);
        world
    }

    fn step(&mut self, input: &mut Input) {
        match input.below(16) {
            0 => self.receive(input.bytes(64)),
            1..=3 => {
                let packet = peer::acknowledgement(input, &self.outstanding());
                self.receive_packet(&packet);
            }
            4 | 5 => self.receive_packet(&peer::publish(input)),
            6 => self.receive_packet(&peer::release(input)),
            7 => self.receive_packet(&peer::odd(input)),
            8 => {
                let again = self.last.clone();
                self.receive(&again);
            }
            9 | 10 => self.publish(input),
            11 => self.subscribe(input),
            12 => self.unsubscribe(input),
            13 => self.acknowledge(input),
            14 => self.other_order(input),
            _ => self.reconnect(input),
        }
        self.settle();
        self.send();
    }

    fn outstanding(&self) -> Vec<PacketId> {
        self.session.snapshot().outgoing.iter().map(|outstanding| outstanding.id).collect()
    }

    fn receive_packet(&mut self, packet: &Packet) {
        self.last = peer::written(packet, self.version);
        let bytes = self.last.clone();
        self.receive(&bytes);
    }

    /// Reads what the broker sent, as the connection does; what it may not send ends the connection.
    fn receive(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
        loop {
            match codec::decode(&mut self.buffer, self.version, 1 << 16) {
                Ok(Some(Frame { packet, length })) => {
                    if matches!(packet, Packet::Disconnect(_)) || !self.take(packet, length) {
                        self.disconnect();
                        self.connect(&Connack::default());
                        return;
                    }
                }
                Ok(None) => return,
                Err(_) => {
                    self.disconnect();
                    self.connect(&Connack::default());
                    return;
                }
            }
        }
    }

    /// Whether the connection goes on.
    fn take(&mut self, packet: Packet, length: u32) -> bool {
        let (before, releases) = (self.events.len(), matches!(packet, Packet::Pubrel(_)));
        let mut out = Vec::new();
        let result = self.session.on_packet(packet, length, self.connection, &mut self.events, &mut out);
        assert!(out.len() <= 1, "one packet is answered with {out:?}");
        for event in &self.events[before..] {
            if let Event::Message(message) = event {
                assert_eq!(message.packet.qos == QoS::ExactlyOnce, releases, "QoS 2 is handed out when it is released");
                assert!(!message.topic.is_empty() || message.packet.topic.is_empty());
            }
        }
        self.settle();
        let alive = result.is_ok();
        for outgoing in out.into_iter().filter(|_| alive) {
            self.write(&outgoing);
        }
        alive
    }

    fn token(&mut self, input: &mut Input) -> Option<Token> {
        let token = input.byte() < 200;
        token.then(|| {
            self.last_token += 1;
            self.open.insert(self.last_token);
            self.last_token
        })
    }

    fn id(&mut self) -> PacketId {
        self.ids.take_or_wait().unwrap_or(0)
    }

    fn publish(&mut self, input: &mut Input) {
        let qos = input.one_of(&QOS);
        let id = if qos == QoS::AtMostOnce { 0 } else { self.id() };
        let topic = Bytes::from_static(input.one_of(&[b"a", b"b", b"c/d", b""]));
        let topic_alias = input.sometimes(|input| input.below(5) as u16).filter(|_| self.version == Version::V5);
        let properties =
            topic_alias.map(|alias| Box::new(Properties { topic_alias: Some(alias), ..Properties::default() }));
        let payload = Bytes::from(vec![b'y'; usize::from(input.byte())]);
        let retain = input.flag();
        let packet = Publish { dup: false, qos, retain, topic, id, payload, properties };
        let token = self.token(input);
        let stored = qos != QoS::AtMostOnce && input.flag();
        self.unfinished.add(packet.payload.len());
        if stored {
            let key = self.store.put(Entry::new(0, packet.clone(), 0)).expect("memory takes it");
            self.session.publish_stored(Request { token, packet }, key);
        } else {
            self.session.publish(Request { token, packet });
        }
    }

    fn subscribe(&mut self, input: &mut Input) {
        let filter = |input: &mut Input| Subscription {
            filter: input.one_of(&["a", "b/#", "+/c", "$share/g/a", "d"]).into(),
            qos: input.one_of(&QOS),
            ..Subscription::default()
        };
        let filters = (0..=input.below(4)).map(|_| filter(input)).collect();
        let packet = Subscribe { id: self.id(), filters, properties: None };
        let token = self.token(input);
        self.session.subscribe(Request { token, packet });
    }

    fn unsubscribe(&mut self, input: &mut Input) {
        let filters = (0..=input.below(2)).map(|_| input.one_of(&["a", "b/#", "d"]).into()).collect();
        let packet = Unsubscribe { id: self.id(), filters, properties: None };
        let token = self.token(input);
        self.session.unsubscribe(Request { token, packet });
    }

    fn acknowledge(&mut self, input: &mut Input) {
        if self.delivered.is_empty() {
            return;
        }
        let place = input.below(self.delivered.len());
        let Delivered { delivery, asked } = self.delivered.swap_remove(place);
        let code = input.one_of(&[0, 0, 16, 128, 151]);
        let answer = match (asked, input.below(8)) {
            (_, 7) => Answer::None,
            (true, _) => Answer::Taken(code),
            (false, _) => Answer::Handled(code),
        };
        let mut out = Vec::new();
        self.session.acknowledge(delivery, answer, self.connection, &mut out);
        assert!(out.len() <= 1, "one message is answered with {out:?}");
        out.iter().for_each(|outgoing| self.write(outgoing));
    }

    fn other_order(&mut self, input: &mut Input) {
        match input.below(4) {
            0 => {
                let outstanding = self.outstanding();
                let id = if outstanding.is_empty() { input.u16() } else { input.one_of(&outstanding) };
                self.session.remove(id, &mut self.events);
            }
            1 => {
                let open: Vec<Token> = (1..=self.last_token).filter(|token| self.open.contains(token)).collect();
                if !open.is_empty() {
                    let token = input.one_of(&open);
                    self.session.withdraw(token);
                    self.open.remove(&token);
                    self.withdrawn.insert(token);
                }
            }
            2 => self.session.stop_being_careful(),
            _ => {
                self.disconnect();
                self.session.disappoint(&Error::new("gave up"), &mut self.events);
                self.settle();
                assert!(self.open.is_empty(), "{:?} wait for ever", self.open);
                self.connect(&Connack::default());
            }
        }
    }

    fn reconnect(&mut self, input: &mut Input) {
        match input.below(4) {
            0 => {
                self.session.blame(Evidence::SILENT, &mut self.events);
            }
            1 => {
                if let Some(evidence) = Evidence::of(input.byte()) {
                    self.session.blame(evidence, &mut self.events);
                }
            }
            2 => self.session.acquit(),
            _ => {}
        }
        self.disconnect();
        let connack = peer::connack(input);
        self.connect(&connack);
    }

    fn disconnect(&mut self) {
        self.session.disconnected(&mut self.events);
        self.settle();
    }

    fn connect(&mut self, connack: &Connack) {
        self.buffer.clear();
        self.on_the_wire.clear();
        self.connection += 1;
        let maximum = connack.properties.as_ref().and_then(|properties| properties.receive_maximum);
        self.window = maximum.filter(|maximum| *maximum > 0).map_or(usize::MAX, usize::from);
        self.session.start_receiving(Some(&self.properties));
        self.session.connected(connack, self.connection > 1);
        self.send();
    }

    /// All that may go out now goes out.
    fn send(&mut self) -> Vec<Packet> {
        let mut sent = Vec::new();
        while let Some(outgoing) = self.session.next(&mut self.events) {
            self.write(&outgoing);
            sent.push(outgoing.packet);
            assert!(sent.len() < ENDLESS, "packets without end");
        }
        self.settle();
        sent
    }

    fn write(&mut self, outgoing: &Outgoing) {
        let packet = &outgoing.packet;
        let mut out = BytesMut::new();
        match codec::encode(packet, self.version, &mut out) {
            Ok(_) => self.count(packet),
            Err(error) if outgoing.over_when_written.is_none() => {
                self.session.refuse(packet, &Error::new(error.to_string()), &mut self.events);
            }
            Err(_) => self.session.unwritten(packet),
        }
        if let Some(written) = outgoing.over_when_written {
            self.session.finish_message(written.bytes);
            written.token.into_iter().for_each(|token| self.complete(token));
        }
    }

    /// The window is kept `[MQTT-3.3.4-9]`.
    fn count(&mut self, packet: &Packet) {
        let id = match packet {
            Packet::Publish(publish) if publish.qos != QoS::AtMostOnce => publish.id,
            Packet::Subscribe(subscribe) => subscribe.id,
            Packet::Unsubscribe(unsubscribe) => unsubscribe.id,
            _ => return,
        };
        assert_ne!(id, 0, "a request without an identifier");
        self.seen_ids.insert(id);
        if !matches!(packet, Packet::Publish(_)) {
            return;
        }
        assert!(self.on_the_wire.insert(id), "identifier {id} is used twice");
        assert!(self.on_the_wire.len() <= self.window, "{} messages, {} allowed", self.on_the_wire.len(), self.window);
    }

    /// Takes note of what the program is told, and of what is over.
    fn settle(&mut self) {
        for event in std::mem::take(&mut self.events) {
            match event {
                Event::Completed(completion) => self.complete(completion.token),
                Event::Message(message) => self.deliver(&message, false),
                Event::Arrived(message) => self.deliver(&message, true),
                _ => {}
            }
        }
        let outstanding: HashSet<PacketId> = self.outstanding().into_iter().collect();
        self.on_the_wire.retain(|id| outstanding.contains(id));
        let changes = self.session.take_changes();
        self.store.apply(&changes.outgoing).expect("memory takes it");
        assert!(changes.incoming.is_empty(), "nothing is kept on the way in");
    }

    fn complete(&mut self, token: Token) {
        assert!(self.open.remove(&token) || self.withdrawn.remove(&token), "callback {token} is called twice");
    }

    fn deliver(&mut self, message: &Message, asked: bool) {
        if message.wants_acknowledgement() {
            let Publish { id, qos, .. } = message.packet;
            let delivery = Delivery { id, qos, connection: message.connection };
            self.delivered.push(Delivered { delivery, asked });
        }
    }

    /// A broker that answers everything leaves nothing to do.
    fn end_well(&mut self) {
        self.disconnect();
        self.session.acquit();
        self.connection += 1;
        self.window = usize::MAX;
        self.on_the_wire.clear();
        self.buffer.clear();
        self.session.start_receiving(Some(&self.properties));
        self.session.connected(&Connack::default(), true);
        let mut rounds = 0;
        loop {
            let sent = self.send();
            if sent.is_empty() {
                break;
            }
            let mut answers: Vec<Packet> = sent.iter().filter_map(peer::answer).collect();
            while let Some(packet) = answers.pop() {
                let mut out = Vec::new();
                let result = self.session.on_packet(packet, 2, self.connection, &mut self.events, &mut out);
                result.expect("a good answer");
                answers.extend(out.iter().filter_map(|outgoing| peer::answer(&outgoing.packet)));
                self.settle();
            }
            rounds += 1;
            assert!(rounds < ENDLESS, "answers without end");
        }
        assert!(!self.session.has_unfinished_requests(), "{:?} are never over", self.session.snapshot());
        assert!(self.open.is_empty(), "callbacks {:?} are never called", self.open);
        assert_eq!(self.unfinished.load(), Load { messages: 0, bytes: 0 }, "messages counted and not over");
        let left: Vec<Key> = self.store.entries().expect("memory").iter().map(|entry| entry.key).collect();
        assert!(left.is_empty(), "the store keeps {left:?}");
    }

    /// Whatever was in use is free again.
    fn end(mut self) {
        self.session.disconnected(&mut self.events);
        self.session.abandon(&Error::new("ended"), &mut self.events);
        self.settle();
        for id in std::mem::take(&mut self.seen_ids) {
            assert!(self.ids.claim(id), "identifier {id} was not given back");
        }
    }
}
