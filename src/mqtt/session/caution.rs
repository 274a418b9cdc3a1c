//! Messages after which the broker closes the connection: sent again on each new connection, such a message would keep the client from
//! doing anything else for ever.
//!
//! Connections are lost for many reasons, and a message is dropped only when nothing else explains the loss. A close counts against
//! a message when
//!
//! - the broker had accepted the connection, and closed it (or reset it) by itself, soon after the message went out,
//! - the message was sent again, not for the first time (unless the broker's DISCONNECT says what is wrong with it),
//! - nothing else was on its way that had no answer yet: no other message, no SUBSCRIBE, nothing of QoS 0, which never has one.
//!
//! After such a close the next connection is careful. It begins with a ping, and nothing is sent again before the answer: a link
//! that does not last that long is what fails, not a message. Then the first messages go out one at a time, each after the acknowledgement
//! of the one before, and then, with each acknowledgement, one more may be under way, so that thousands that wait on a slow link do
//! not take a round trip each. New requests wait behind them. What was acknowledged does not come again, so a message to blame comes to
//! be the first one soon. Two counts in a row, and the message is dropped. An attempt that fails in
//! between, as while a broker restarts, or a close for another reason, begins the count anew.

use crate::mqtt::error::Error;
use crate::mqtt::event::Event;
use crate::mqtt::packet::{PacketId, QoS};
use crate::mqtt::session::Session;
use crate::mqtt::session::flight::{Awaits, Flight};

/// Closes in a row that count against a message.
const STRIKES: u32 = 2;

/// So many messages go out one at a time before there may be more.
const SINGLY: usize = 3;

/// What a close by the broker says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evidence {
    /// Reason code of its DISCONNECT (version 5).
    reason: Option<u8>,
    /// The reason is about a message: its topic, size, payload, QoS or retain flag.
    names_message: bool,
}

impl Evidence {
    /// The connection was closed without a word.
    pub const SILENT: Self = Self { reason: None, names_message: false };

    /// DISCONNECT with this reason code; `None` where it is not about what the client sent, such as a shutdown or a takeover.
    pub const fn of(reason: u8) -> Option<Self> {
        let names_message = match reason {
            // Topic name invalid, packet too large, payload format invalid, retain not supported, QoS not supported.
            144 | 149 | 153 | 154 | 155 => true,
            // Unspecified, malformed packet, protocol error, implementation specific, not authorized.
            128 | 129 | 130 | 131 | 135 => false,
            _ => return None,
        };
        Some(Self { reason: Some(reason), names_message })
    }
}

/// What is known of messages that may be to blame.
#[derive(Debug, Default)]
pub struct Caution {
    /// Few messages at a time.
    is_careful: bool,
    /// Messages that were over on this connection, while it is careful.
    landed: usize,
    /// The ping that a careful connection begins with was not answered yet.
    unproven: bool,
    /// Something went out on this connection that is never acknowledged.
    pub(super) sent_unacknowledged: bool,
    /// The message that the last close counted against, by its sequence number, and how many did in a row.
    suspect: Option<(u64, u32)>,
}

impl Caution {
    /// A connection begins, with messages to send again or without.
    pub(super) const fn connected(&mut self, sends_again: bool) {
        self.sent_unacknowledged = false;
        self.landed = 0;
        self.unproven = self.is_careful && sends_again;
    }

    /// A message that was under way is over.
    pub(super) const fn landed(&mut self) {
        self.landed += 1;
    }

    /// How many messages may be under way.
    pub(super) fn window(&self) -> usize {
        if self.is_careful { self.landed.saturating_sub(SINGLY - 1).max(1) } else { usize::MAX }
    }
}

impl Session {
    /// Whether few messages are under way at a time on this connection.
    pub const fn is_careful(&self) -> bool {
        self.caution.is_careful
    }

    /// Whether a ping has to show first that the link carries anything.
    pub const fn is_unproven(&self) -> bool {
        self.caution.unproven
    }

    /// A ping was answered.
    pub fn prove(&mut self) {
        self.caution.unproven = false;
    }

    /// An acknowledgement does not come: the others must not wait for it.
    pub fn stop_being_careful(&mut self) {
        self.caution.is_careful = false;
        self.caution.unproven = false;
    }

    /// The connection was lost for a reason that no message is to blame for, or an attempt failed.
    pub fn acquit(&mut self) {
        self.stop_being_careful();
        self.caution.suspect = None;
    }

    /// The broker closed the connection soon after the last message went out. Whether a message may be to blame; one that
    /// twice in a row nothing else can be is dropped. Called before [`disconnected`](Self::disconnected).
    pub fn blame(&mut self, evidence: Evidence, events: &mut Vec<Event>) -> bool {
        let is_suspect =
            |flight: &Flight| flight.in_window && matches!(flight.awaits, Awaits::Puback(_) | Awaits::Pubrec(_));
        let suspects: Vec<PacketId> =
            self.flights.iter().filter(|(_, flight)| is_suspect(flight)).map(|(id, _)| *id).collect();
        let is_other = |flight: &Flight| !flight.is_publish() || (flight.in_window && !is_suspect(flight));
        let alone = !self.caution.sent_unacknowledged && !self.flights.values().any(is_other);
        let may_be =
            |id: &PacketId| evidence.names_message || self.flights.get(id).is_some_and(|flight| flight.sent_again);
        if !suspects.iter().any(may_be) {
            self.acquit();
            return false;
        }
        self.caution.is_careful = true;
        match suspects[..] {
            [id] if alone => self.count_against(id, evidence, events),
            _ => self.caution.suspect = None,
        }
        true
    }

    fn count_against(&mut self, id: PacketId, evidence: Evidence, events: &mut Vec<Event>) {
        let Some(flight) = self.flights.get(&id) else { return };
        let sequence = flight.sequence;
        let strikes = match self.caution.suspect {
            Some((suspect, strikes)) if suspect == sequence => strikes + 1,
            _ => 1,
        };
        self.caution.suspect = Some((sequence, strikes));
        let (Awaits::Puback(publish) | Awaits::Pubrec(publish)) = &flight.awaits else { return };
        if strikes < STRIKES {
            return;
        }
        self.caution.suspect = None;
        let qos = if publish.qos == QoS::ExactlyOnce { 2 } else { 1 };
        events.push(Event::Warning {
            message: format!(
                "a message was dropped: the broker closed the connection each time it was sent (topic `{}`, QoS {qos}, {} bytes)",
                publish.topic_str(),
                publish.payload.len(),
            ),
            help: "check that the broker allows this topic, and payloads of this size".into(),
        });
        let error = Error::new("Message dropped: the broker closed the connection each time it was sent");
        let error = evidence.reason.into_iter().fold(error, Error::with_reason);
        self.fail(id, &error, events);
    }
}
