//! Messages on their way in: QoS 2 messages wait for their release, topic aliases get their names back.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use bytes::Bytes;

use crate::mqtt::command::Answer;
use crate::mqtt::error::Error;
use crate::mqtt::event::{Delivery, Event, Message};
use crate::mqtt::packet::{Ack, Packet, PacketId, Properties, Publish, QoS};
use crate::mqtt::session::flight::FIRST_REFUSAL;
use crate::mqtt::session::{Outgoing, Session};
use crate::mqtt::store::{Change, Entry as Stored};

/// Payload bytes of QoS 2 messages that a broker may send without releasing any. They are not in the backlog: unread, a PUBREL
/// behind them would never come.
const MOST_UNRELEASED: usize = 256 << 20;

/// What was received and is not over.
#[derive(Debug, Default)]
pub struct Inbound {
    /// QoS 2 messages until PUBCOMP.
    unreleased: HashMap<PacketId, Stage>,
    /// Payload bytes of those that wait for PUBREL.
    unreleased_bytes: usize,
    /// Topic aliases of this connection `[MQTT-3.3.2-7]`.
    aliases: HashMap<u16, Bytes>,
    /// How many topic aliases this client allows the broker.
    most_aliases: u16,
    /// QoS 2 messages of this connection that the broker still counts against the Receive Maximum it was given.
    window: HashSet<PacketId>,
    /// That Receive Maximum.
    receive_maximum: u16,
    /// The program says whether it takes a QoS 2 message before PUBREC.
    asks: bool,
    /// Messages handed to the program whose acknowledgement is still to come, on this connection.
    undelivered: usize,
    /// QoS 2 messages are kept in a store from PUBREC to PUBCOMP.
    pub(super) keeps: bool,
    /// What that store is still to be told.
    pub(super) changes: Vec<Change>,
}

/// How far an incoming QoS 2 message is.
#[derive(Debug)]
enum Stage {
    /// The message and its remaining length; the program was asked on that connection whether it takes it.
    Asked(Publish, u32, u32),
    /// The message and its remaining length, until PUBREL.
    Received(Publish, u32),
    /// Handed to the program on that connection; its callbacks still run.
    Released(u32),
}

impl Inbound {
    /// The broker has no session: what was not released is not ours any more.
    pub fn clear(&mut self) {
        self.unreleased_bytes = 0;
        let over: Vec<_> = self.unreleased.drain().map(|(id, _)| id).collect();
        over.into_iter().for_each(|id| self.forget_stored(id));
    }

    /// A message of a store that the broker has not released yet.
    pub fn restore(&mut self, id: PacketId, publish: Publish, length: u32) {
        self.unreleased_bytes += publish.payload.len();
        if let Some(Stage::Received(before, _)) = self.unreleased.insert(id, Stage::Received(publish, length)) {
            self.unreleased_bytes -= before.payload.len();
        }
    }

    /// What the store has stays there.
    pub fn leave_store(&mut self) {
        if self.keeps {
            self.unreleased.clear();
            self.unreleased_bytes = 0;
        }
    }

    /// A message is received, before PUBREC says so.
    fn store(&mut self, publish: &Publish, length: u32) {
        if self.keeps {
            self.changes.push(Change::Put(Stored::new(publish.id.into(), publish.clone(), length)));
        }
    }

    fn forget_stored(&mut self, id: PacketId) {
        if self.keeps {
            self.changes.push(Change::Remove(id.into()));
        }
    }

    fn remove(&mut self, id: PacketId) {
        self.unreleased.remove(&id);
        self.forget_stored(id);
    }

    /// # Errors
    /// The broker released too little of what it sent.
    fn check_unreleased(&self, bytes: usize) -> Result<(), Error> {
        if self.unreleased_bytes == 0 || self.unreleased_bytes + bytes <= MOST_UNRELEASED {
            return Ok(());
        }
        let count = self.unreleased.values().filter(|stage| matches!(stage, Stage::Received(..))).count();
        let text = format!("Quota exceeded: {} bytes in {count} QoS 2 messages wait for PUBREL", self.unreleased_bytes);
        Err(Error::new(text).with_reason(151))
    }

    /// Counts a QoS 2 message. Those of QoS 1 are not counted, as in MQTT.js: mosquitto 2.0 sends more of them than it was allowed
    /// once the first ones are acknowledged, and they cost nothing that back-pressure does not bound.
    ///
    /// # Errors
    /// The broker has more of them under way than this client allowed `[MQTT-3.3.4-9]`.
    fn count(&mut self, id: PacketId) -> Result<(), Error> {
        let most = self.receive_maximum;
        if self.window.len() >= usize::from(most) && !self.window.contains(&id) {
            let count = self.window.len() + 1;
            let text =
                format!("Receive Maximum exceeded: {count} inbound QoS 2 messages in flight, receiveMaximum is {most}");
            let help =
                "some brokers do not keep to `receiveMaximum` (mosquitto 2.0 is one): leave it out of `properties`";
            return Err(Error::new(text).with_reason(147).with_help(help));
        }
        self.window.insert(id);
        Ok(())
    }

    /// A QoS 2 identifier belongs to the session: the message may have come through an older connection. Where the
    /// session was lost since, the broker may have given the identifier to another message.
    fn answer_twice_acknowledged(&mut self, delivery: Delivery, answer: Answer) -> Option<Packet> {
        let id = delivery.id;
        let stage = self.unreleased.get_mut(&id)?;
        let through = match stage {
            Stage::Asked(_, _, through) | Stage::Released(through) => *through,
            Stage::Received(..) => return None,
        };
        if through != delivery.connection {
            return None;
        }
        match (stage, answer) {
            (stage @ Stage::Asked(..), Answer::Taken(0)) => {
                if let Stage::Asked(publish, length, _) = stage {
                    let (publish, length) = (std::mem::take(publish), *length);
                    self.unreleased_bytes += publish.payload.len();
                    *stage = Stage::Received(publish.clone(), length);
                    self.store(&publish, length);
                }
                Some(Packet::Pubrec(Ack::success(id)))
            }
            (Stage::Asked(..), Answer::Taken(reason)) => {
                self.unreleased.remove(&id);
                if reason >= FIRST_REFUSAL {
                    self.window.remove(&id);
                }
                Some(Packet::Pubrec(Ack { reason, ..Ack::success(id) }))
            }
            (Stage::Released(_), Answer::Handled(reason)) => {
                self.remove(id);
                self.window.remove(&id);
                Some(Packet::Pubcomp(Ack { reason, ..Ack::success(id) }))
            }
            // Where it was asked for, the broker sends it again on another connection; where it was handed out, that
            // must not happen twice: another PUBREL is answered then.
            _ => {
                self.remove(id);
                None
            }
        }
    }
}

impl Session {
    /// Starts counting for a new connection; `allowed` are the properties of CONNECT.
    pub fn start_receiving(&mut self, allowed: Option<&Properties>) {
        self.inbound.aliases.clear();
        self.inbound.most_aliases = allowed.and_then(|p| p.topic_alias_maximum).unwrap_or(0);
        self.inbound.window.clear();
        self.inbound.receive_maximum = allowed.and_then(|p| p.receive_maximum).unwrap_or(u16::MAX);
        self.inbound.undelivered = 0;
    }

    /// Whether the program is asked before PUBREC.
    pub fn ask_before_taking(&mut self, asks: bool) {
        self.inbound.asks = asks;
    }

    /// PUBLISH from the broker. QoS 0 and 1 go to the program, QoS 2 waits for PUBREL.
    ///
    /// # Errors
    /// A topic alias that was not allowed or not introduced, more QoS 2 messages than the Receive Maximum allows, or than fit into
    /// memory without a release.
    pub fn on_publish(
        &mut self,
        publish: Publish,
        length: u32,
        connection: u32,
        events: &mut Vec<Event>,
        out: &mut Vec<Outgoing>,
    ) -> Result<(), Error> {
        let topic = self.resolve_topic(&publish)?;
        if publish.qos == QoS::ExactlyOnce {
            let id = publish.id;
            self.inbound.count(id)?;
            self.inbound.check_unreleased(publish.payload.len())?;
            // A repeated PUBLISH must not replace or deliver the first one again `[MQTT-4.3.3-10]`.
            match self.inbound.unreleased.entry(id) {
                // Its PUBREC follows.
                Entry::Occupied(stage) if matches!(stage.get(), Stage::Asked(..)) => return Ok(()),
                Entry::Occupied(_) => {}
                Entry::Vacant(place) if self.inbound.asks => {
                    place.insert(Stage::Asked(Publish { topic: topic.clone(), ..publish.clone() }, length, connection));
                    self.inbound.undelivered += 1;
                    events.push(Event::Arrived(Message { topic, packet: publish, length, connection }));
                    return Ok(());
                }
                Entry::Vacant(place) => {
                    let publish = Publish { topic, ..publish };
                    self.inbound.unreleased_bytes += publish.payload.len();
                    if self.inbound.keeps {
                        let entry = Stored::new(id.into(), publish.clone(), length);
                        self.inbound.changes.push(Change::Put(entry));
                    }
                    place.insert(Stage::Received(publish, length));
                }
            }
            out.push(Packet::Pubrec(Ack::success(id)).into());
            return Ok(());
        }
        self.deliver(Message { topic, packet: publish, length, connection }, events);
        Ok(())
    }

    /// PUBREL: the QoS 2 message goes to the program; PUBCOMP follows when its callbacks returned.
    pub fn on_pubrel(&mut self, ack: &Ack, connection: u32, events: &mut Vec<Event>, out: &mut Vec<Outgoing>) {
        let Some(stage) = self.inbound.unreleased.get_mut(&ack.id) else {
            // Not known, so it was completed before: say so again, or the broker asks for ever.
            self.inbound.window.remove(&ack.id);
            out.push(Packet::Pubcomp(Ack::success(ack.id)).into());
            return;
        };
        // Released before: its callbacks still run, PUBCOMP follows.
        if let Stage::Received(publish, length) = stage {
            let (packet, length) = (std::mem::take(publish), *length);
            self.inbound.unreleased_bytes -= packet.payload.len();
            *stage = Stage::Released(connection);
            self.deliver(Message { topic: packet.topic.clone(), packet, length, connection }, events);
        }
    }

    /// The program is done with a message.
    pub fn acknowledge(&mut self, delivery: Delivery, answer: Answer, connection: u32, out: &mut Vec<Outgoing>) {
        let current = delivery.connection == connection;
        if current {
            self.inbound.undelivered = self.inbound.undelivered.saturating_sub(1);
        }
        let packet = match (delivery.qos, answer) {
            (QoS::ExactlyOnce, _) => self.inbound.answer_twice_acknowledged(delivery, answer),
            (_, Answer::Handled(reason)) if current => {
                Some(Packet::Puback(Ack { reason, ..Ack::success(delivery.id) }))
            }
            _ => None,
        };
        out.extend(packet.map(Outgoing::from));
    }

    /// Whether messages were handed out on this connection whose callbacks did not return yet.
    pub fn awaits_deliveries(&self) -> bool {
        self.inbound.undelivered > 0
    }

    fn deliver(&mut self, message: Message, events: &mut Vec<Event>) {
        if message.wants_acknowledgement() {
            self.inbound.undelivered += 1;
        }
        events.push(Event::Message(message));
    }

    fn resolve_topic(&mut self, publish: &Publish) -> Result<Bytes, Error> {
        let Some(alias) = publish.properties.as_ref().and_then(|properties| properties.topic_alias) else {
            return Ok(publish.topic.clone());
        };
        if alias == 0 || alias > self.inbound.most_aliases {
            let most = self.inbound.most_aliases;
            let text = match (most, alias) {
                (0, _) => "Received a PUBLISH Topic Alias but no Topic Alias Maximum was advertised".into(),
                (_, 0) => "Received Topic Alias 0 is outside the valid range 1-65535".into(),
                _ => {
                    format!("Received Topic Alias {alias} is outside the advertised Topic Alias Maximum range 1-{most}")
                }
            };
            return Err(Error::new(text)
                .with_reason(148)
                .with_cause(format!("the broker used topic alias {alias}, this client allowed {most}")));
        }
        if publish.topic.is_empty() {
            return self.inbound.aliases.get(&alias).cloned().ok_or_else(|| {
                Error::new("Received unregistered Topic Alias")
                    .with_reason(130)
                    .with_cause(format!("topic alias {alias} was not introduced"))
            });
        }
        self.inbound.aliases.insert(alias, publish.topic.clone());
        Ok(publish.topic.clone())
    }
}
