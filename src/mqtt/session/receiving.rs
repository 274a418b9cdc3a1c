//! What each packet of the broker does to the session.

use crate::mqtt::error::Error;
use crate::mqtt::event::Event;
use crate::mqtt::packet::Packet;
use crate::mqtt::session::{Outgoing, Session};

impl Session {
    /// A packet of the connection with that number. What DISCONNECT and AUTH do is the connection's business, not the
    /// session's: they are passed over.
    ///
    /// # Errors
    /// The broker may not send that, or not now. The connection has to end.
    pub fn on_packet(
        &mut self,
        packet: Packet,
        length: u32,
        connection: u32,
        events: &mut Vec<Event>,
        out: &mut Vec<Outgoing>,
    ) -> Result<(), Error> {
        match packet {
            Packet::Publish(publish) => return self.on_publish(publish, length, connection, events, out),
            Packet::Puback(ack) => self.on_puback(ack, length, events),
            Packet::Pubrec(ack) => self.on_pubrec(ack, length, events, out),
            Packet::Pubrel(ack) => self.on_pubrel(&ack, connection, events, out),
            Packet::Pubcomp(ack) => self.on_pubcomp(ack, length, events),
            Packet::Suback(suback) => {
                tracing::debug!(codes = ?suback.codes, "granted");
                return self.on_suback(suback, length, events);
            }
            Packet::Unsuback(unsuback) => self.on_unsuback(unsuback, length, events),
            Packet::Pingresp => self.prove(),
            Packet::Disconnect(_) | Packet::Auth(_) => {}
            Packet::Connack(_) => return Err(violation("duplicate CONNACK on the same network connection")),
            Packet::Connect(_) | Packet::Subscribe(_) | Packet::Unsubscribe(_) | Packet::Pingreq => {
                let cause = format!("the broker sent {}", packet.name());
                return Err(violation("a packet that only clients send").with_cause(cause));
            }
        }
        Ok(())
    }
}

/// The broker sent what it may not send here.
fn violation(what: &str) -> Error {
    Error::new(format!("Protocol error: {what}")).with_reason(130)
}
