//! Messages on their way in: QoS 2 messages wait for their release, topic aliases get their names back.

use std::collections::HashMap;

use bytes::Bytes;

use crate::mqtt::error::Error;
use crate::mqtt::event::{Delivery, Event, Message};
use crate::mqtt::packet::{Ack, Packet, PacketId, Publish, QoS};
use crate::mqtt::session::{Outgoing, Session};

/// What was received and is not over.
#[derive(Debug, Default)]
pub struct Inbound {
    /// QoS 2 messages until PUBCOMP.
    unreleased: HashMap<PacketId, Stage>,
    /// Topic aliases of this connection `[MQTT-3.3.2-7]`.
    aliases: HashMap<u16, Bytes>,
    /// How many topic aliases this client allows the broker.
    most_aliases: u16,
    /// Messages handed to the program whose acknowledgement is still to come, on this connection.
    undelivered: usize,
}

/// How far an incoming QoS 2 message is.
#[derive(Debug)]
enum Stage {
    /// The message and its remaining length, until PUBREL.
    Received(Publish, u32),
    /// Handed to the program on that connection; its callbacks still run.
    Released(u32),
}

impl Inbound {
    /// The broker has no session: what was not released is not ours any more.
    pub fn clear(&mut self) {
        self.unreleased.clear();
    }
}

impl Session {
    /// Starts counting for a new connection; `most_aliases` is what CONNECT allowed.
    pub fn start_receiving(&mut self, most_aliases: u16) {
        self.inbound.aliases.clear();
        self.inbound.most_aliases = most_aliases;
        self.inbound.undelivered = 0;
    }

    /// PUBLISH from the broker. QoS 0 and 1 go to the program, QoS 2 waits for PUBREL.
    ///
    /// # Errors
    /// A topic alias that was not allowed or not introduced.
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
            // A repeated PUBLISH must not replace or deliver the first one again `[MQTT-4.3.3-10]`.
            self.inbound.unreleased.entry(id).or_insert_with(|| Stage::Received(Publish { topic, ..publish }, length));
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
            out.push(Packet::Pubcomp(Ack::success(ack.id)).into());
            return;
        };
        // Released before: its callbacks still run, PUBCOMP follows.
        if let Stage::Received(publish, length) = stage {
            let (packet, length) = (std::mem::take(publish), *length);
            *stage = Stage::Released(connection);
            self.deliver(Message { topic: packet.topic.clone(), packet, length, connection }, events);
        }
    }

    /// The program handled a message.
    pub fn acknowledge(&mut self, delivery: Delivery, reason: u8, connection: u32, out: &mut Vec<Outgoing>) {
        let current = delivery.connection == connection;
        if current {
            self.inbound.undelivered = self.inbound.undelivered.saturating_sub(1);
        }
        let ack = Ack { reason, ..Ack::success(delivery.id) };
        if delivery.qos == QoS::ExactlyOnce {
            // A QoS 2 identifier belongs to the session: the release may have come through an older connection. Where
            // the session was lost since, the broker may have given the identifier to another message.
            let stage = self.inbound.unreleased.get(&delivery.id);
            if matches!(stage, Some(Stage::Released(through)) if *through == delivery.connection) {
                self.inbound.unreleased.remove(&delivery.id);
                out.push(Packet::Pubcomp(ack).into());
            }
        } else if current {
            out.push(Packet::Puback(ack).into());
        }
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
