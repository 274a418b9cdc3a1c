//! Requests on the wire that wait for an acknowledgement, and what each acknowledgement does to them.

use crate::mqtt::error::Error;
use crate::mqtt::event::{Completion, Event, Grant, Observed, Token};
use crate::mqtt::packet::{Ack, Grants, Packet, PacketId, Publish, Subscribe, Unsubscribe, Version};
use crate::mqtt::reason;
use crate::mqtt::session::{Outgoing, Session, complete};
use crate::mqtt::store::{Key, Stage};

/// Reason codes from here on are refusals; 16 (no matching subscribers) is a success.
pub const FIRST_REFUSAL: u8 = 128;
/// Packet Identifier not found.
const UNKNOWN_ID: u8 = 146;

/// A request on the wire.
#[derive(Debug)]
pub struct Flight {
    /// Its place in call order.
    pub sequence: u64,
    /// Its key in the store; 0: in none.
    pub key: Key,
    /// Whose callback.
    pub token: Option<Token>,
    /// What it waits for.
    pub awaits: Awaits,
    /// Whether it counts against the Receive Maximum of this connection.
    pub in_window: bool,
    /// Whether it was sent on more than one connection.
    pub sent_again: bool,
    /// Whether a released QoS 2 message was released again on a later connection.
    pub resumed: bool,
}

/// What a [`Flight`] waits for, with what is needed to send it again.
#[derive(Debug)]
pub enum Awaits {
    /// QoS 1.
    Puback(Publish),
    /// QoS 2, nothing heard yet.
    Pubrec(Publish),
    /// QoS 2, released. The message is kept: with the broker's session lost it must be published anew.
    Pubcomp(Publish),
    /// A subscribe; `grants` holds what was already held, one per filter of the call, `None` for those asked for.
    Suback {
        /// As sent.
        subscribe: Subscribe,
        /// Already held.
        grants: Vec<Option<Grant>>,
        /// Sent by the client itself after a reconnect.
        again: bool,
    },
    /// An unsubscribe.
    Unsuback(Unsubscribe),
}

impl Flight {
    /// Whether it carries a message.
    pub const fn is_publish(&self) -> bool {
        matches!(self.awaits, Awaits::Puback(_) | Awaits::Pubrec(_) | Awaits::Pubcomp(_))
    }

    /// Whether it carries a message of QoS 2.
    pub const fn is_exactly_once(&self) -> bool {
        matches!(self.awaits, Awaits::Pubrec(_) | Awaits::Pubcomp(_))
    }

    /// Payload bytes of the message that it carries.
    pub const fn payload_length(&self) -> Option<usize> {
        match &self.awaits {
            Awaits::Puback(publish) | Awaits::Pubrec(publish) | Awaits::Pubcomp(publish) => Some(publish.payload.len()),
            Awaits::Suback { .. } | Awaits::Unsuback(_) => None,
        }
    }

    /// Whether nobody asked for it: the client restores subscriptions.
    pub const fn is_resubscribe(&self) -> bool {
        matches!(self.awaits, Awaits::Suback { again: true, .. })
    }

    /// The broker has no session: a released QoS 2 message starts over. Whether it is one.
    pub fn start_over(&mut self) -> bool {
        let Awaits::Pubcomp(publish) = &mut self.awaits else { return false };
        self.awaits = Awaits::Pubrec(std::mem::take(publish));
        self.resumed = false;
        true
    }

    /// What goes out on the next connection; a message gets DUP `[MQTT-3.3.1-1]`.
    pub fn packet_to_send_again(&mut self) -> Packet {
        match &mut self.awaits {
            Awaits::Puback(publish) | Awaits::Pubrec(publish) => {
                publish.dup = true;
                Packet::Publish(publish.clone())
            }
            Awaits::Pubcomp(publish) => {
                self.resumed = true;
                Packet::Pubrel(Ack::success(publish.id))
            }
            Awaits::Suback { subscribe, .. } => Packet::Subscribe(subscribe.clone()),
            Awaits::Unsuback(unsubscribe) => Packet::Unsubscribe(unsubscribe.clone()),
        }
    }

    /// The filters of a subscribe as they were asked for, as MQTT.js hands them to a failed callback.
    pub fn granted_on_failure(&self) -> Vec<Grant> {
        match &self.awaits {
            Awaits::Suback { subscribe, .. } => subscribe
                .filters
                .iter()
                .map(|wanted| Grant::as_wanted(wanted.clone(), subscribe.properties.clone()))
                .collect(),
            _ => Vec::new(),
        }
    }
}

impl Session {
    /// PUBACK. It completes QoS 2 too while nothing else was heard, as in MQTT.js: a broker that takes QoS 2 as QoS 1
    /// (RabbitMQ up to 3.12) answers so, and never with PUBREC.
    pub fn on_puback(&mut self, ack: Ack, length: u32, events: &mut Vec<Event>) {
        if !matches!(self.awaits(ack.id), Some(Awaits::Puback(_) | Awaits::Pubrec(_))) {
            return;
        }
        let Some(Flight { token, awaits: Awaits::Puback(publish) | Awaits::Pubrec(publish), .. }) = self.land(ack.id)
        else {
            return;
        };
        if let Some(token) = token {
            let completion = match publish_error(ack.reason) {
                Some(error) => refused(token, error, Packet::Puback(ack), length),
                None => success(token, Packet::Publish(publish)),
            };
            events.push(Event::Completed(completion));
        }
    }

    /// PUBREC: the message is released, or over if it was refused.
    pub fn on_pubrec(&mut self, ack: Ack, length: u32, events: &mut Vec<Event>, out: &mut Vec<Outgoing>) {
        let flight = self.flights.get_mut(&ack.id);
        let key = flight.as_ref().map_or(0, |flight| flight.key);
        match flight.map(|flight| &mut flight.awaits) {
            Some(Awaits::Pubrec(_)) if ack.reason >= FIRST_REFUSAL => {
                let Some(flight) = self.land(ack.id) else { return };
                if let (Some(token), Some(error)) = (flight.token, publish_error(ack.reason)) {
                    events.push(Event::Completed(refused(token, error, Packet::Pubrec(ack), length)));
                }
            }
            Some(awaits @ Awaits::Pubrec(_)) => {
                if let Awaits::Pubrec(publish) = awaits {
                    *awaits = Awaits::Pubcomp(std::mem::take(publish));
                }
                self.mark(key, Stage::Released, ack.id);
                out.push(Packet::Pubrel(Ack::success(ack.id)).into());
            }
            // A repeated PUBREC, or one for a message this side does not know: release it, or the broker keeps it.
            _ => {
                out.push(Packet::Pubrel(Ack { reason: self.unknown_id_reason(ack.id), ..Ack::success(ack.id) }).into())
            }
        }
    }

    /// PUBCOMP.
    pub fn on_pubcomp(&mut self, ack: Ack, length: u32, events: &mut Vec<Event>) {
        if !matches!(self.awaits(ack.id), Some(Awaits::Pubcomp(_))) {
            return;
        }
        let Some(Flight { token: Some(token), resumed, .. }) = self.land(ack.id) else { return };
        // The broker had completed it before the connection was lost: no error during recovery `[MQTT5 table 3-8]`.
        let error = publish_error(ack.reason).filter(|_| !(resumed && ack.reason == UNKNOWN_ID));
        let completion = match error {
            Some(error) => refused(token, error, Packet::Pubcomp(ack), length),
            None => success(token, Packet::Pubrel(Ack::success(ack.id))),
        };
        events.push(Event::Completed(completion));
    }

    /// SUBACK. Refused filters are forgotten, the others stay subscribed.
    ///
    /// # Errors
    /// The number of codes is not that of the filters: the broker broke the protocol `[MQTT-3.8.4-5]`.
    pub fn on_suback(&mut self, suback: Grants, length: u32, events: &mut Vec<Event>) -> Result<(), Error> {
        let Some(Awaits::Suback { subscribe, .. }) = self.awaits(suback.id) else { return Ok(()) };
        let (got, asked) = (suback.codes.len(), subscribe.filters.len());
        if got != asked {
            let error =
                Error::new(format!("Protocol error: suback granted {got} reason code(s) for {asked} subscription(s)"));
            self.fail(suback.id, &error, events);
            return Err(error);
        }
        let Some(Flight { token, awaits: Awaits::Suback { subscribe, grants, .. }, .. }) = self.land(suback.id) else {
            return Ok(());
        };
        self.subscriptions.granted(&subscribe, &suback.codes);
        let Some(token) = token else { return Ok(()) };
        let mut answers = subscribe.filters.into_iter().zip(&suback.codes);
        let granted: Vec<Grant> = grants
            .into_iter()
            .filter_map(|held| {
                let properties = subscribe.properties.clone();
                held.or_else(|| answers.next().map(|(s, code)| Grant { subscription: s, properties, code: *code }))
            })
            .collect();
        let error = subscribe_error(&granted, "the broker refused");
        let id = suback.id;
        let packet = Some(Observed { packet: Packet::Suback(suback), length });
        self.complete_subscribe(id, Completion { token, error, packet, granted }, events);
        Ok(())
    }

    /// UNSUBACK.
    pub fn on_unsuback(&mut self, unsuback: Grants, length: u32, events: &mut Vec<Event>) {
        if !matches!(self.awaits(unsuback.id), Some(Awaits::Unsuback(_))) {
            return;
        }
        let Some(flight) = self.land(unsuback.id) else { return };
        let packet = Some(Observed { packet: Packet::Unsuback(unsuback), length });
        complete(events, flight.token, |token| Completion { packet, ..Completion::success(token) });
    }

    fn awaits(&self, id: PacketId) -> Option<&Awaits> {
        self.flights.get(&id).map(|flight| &flight.awaits)
    }

    /// `Packet Identifier not found` `[MQTT-4.3.3-7]` where the version has reason codes and the id is not ours.
    fn unknown_id_reason(&self, id: PacketId) -> u8 {
        if self.version == Version::V5 && !self.flights.contains_key(&id) { UNKNOWN_ID } else { 0 }
    }
}

/// The error for refused filters, with MQTT.js's text for the last one; `who` did it.
pub fn subscribe_error(granted: &[Grant], who: &str) -> Option<Error> {
    let refusals: Vec<&Grant> = granted.iter().filter(|grant| grant.code >= FIRST_REFUSAL).collect();
    let last = refusals.last()?;
    let names: Vec<_> = refusals.iter().map(|grant| format!("`{}`", grant.subscription.filter)).collect();
    let text = reason::text(last.code).unwrap_or("Unspecified error");
    Some(Error::new(format!("Subscribe error: {text}")).with_cause(format!("{who} {}", names.join(", "))))
}

fn publish_error(code: u8) -> Option<Error> {
    // MQTT.js: every code from 1 on is an error, but for 16 (no matching subscribers).
    if code == 0 || code == 16 {
        return None;
    }
    let text = reason::text(code).unwrap_or("Unspecified error");
    Some(Error::new(format!("Publish error: {text}")).with_reason(code))
}

fn success(token: Token, packet: Packet) -> Completion {
    Completion { packet: Some(Observed { packet, length: 0 }), ..Completion::success(token) }
}

fn refused(token: Token, error: Error, packet: Packet, length: u32) -> Completion {
    Completion { packet: Some(Observed { packet, length }), ..Completion::failure(token, error) }
}
