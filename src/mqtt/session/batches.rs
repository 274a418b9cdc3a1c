//! `subscribeBatchSize`: one call of `subscribe` as several SUBSCRIBEs, whose outcomes become one again.

use std::collections::HashMap;

use crate::mqtt::command::Request;
use crate::mqtt::event::{Completion, Event, Grant, Token};
use crate::mqtt::packet::{PacketId, Subscribe};
use crate::mqtt::session::{Queued, Session};

/// The calls that went out in parts.
#[derive(Debug, Default)]
pub struct Batches(HashMap<Token, Parts>);

/// What came of the parts of one call so far.
#[derive(Debug)]
struct Parts {
    /// Parts that are not over.
    open: usize,
    /// One has failed, and the call with it.
    told: bool,
    /// Those that were sent, in call order, with their identifiers, and what came of them.
    sent: Vec<(PacketId, Option<Completion>)>,
}

impl Batches {
    /// A call gets one part more.
    fn split(&mut self, token: Token) {
        self.0.entry(token).or_insert(Parts { open: 1, told: false, sent: Vec::new() }).open += 1;
    }

    /// The next part of a call, if it has several, goes out.
    fn send(&mut self, token: Token, id: PacketId) {
        if let Some(parts) = self.0.get_mut(&token) {
            parts.sent.push((id, None));
        }
    }

    /// The outcome of a call, once its last part is over or one has failed.
    fn outcome(&mut self, id: PacketId, completion: Completion) -> Option<Completion> {
        let Some(parts) = self.0.get_mut(&completion.token) else { return Some(completion) };
        let (token, failed) = (completion.token, completion.error.is_some());
        parts.open -= 1;
        let is_last = parts.open == 0;
        // What comes after a failure is for nobody: the call is over.
        if parts.told {
            if is_last {
                self.0.remove(&token);
            }
            return None;
        }
        let place = parts.sent.iter_mut().find(|(sent, outcome)| *sent == id && outcome.is_none());
        place.into_iter().for_each(|(_, outcome)| *outcome = Some(completion.clone()));
        if !failed && !is_last {
            return None;
        }
        parts.told = true;
        let sent = std::mem::take(&mut parts.sent);
        if is_last {
            self.0.remove(&token);
        }
        let parts = sent.into_iter().filter_map(|(_, outcome)| outcome);
        let mut whole = Completion { granted: Vec::new(), ..completion };
        for part in parts {
            whole.granted.extend(part.granted);
            if !failed {
                whole.packet = part.packet.or(whole.packet);
            }
        }
        Some(whole)
    }
}

impl Session {
    /// Takes from a SUBSCRIBE what is too much for one, and puts it in front of the queue. `held` has one place for each of its
    /// filters; those that need not be asked for again do not count.
    pub(super) fn take_batch(
        &mut self,
        subscribe: &mut Subscribe,
        held: &mut Vec<Option<Grant>>,
        token: Option<Token>,
    ) {
        self.split_batch(subscribe, held, token);
        if let Some(token) = token {
            self.batches.send(token, subscribe.id);
        }
    }

    fn split_batch(&mut self, subscribe: &mut Subscribe, held: &mut Vec<Option<Grant>>, token: Option<Token>) {
        let Some(most) = self.subscribe_batch else { return };
        let mut asked = held.iter().enumerate().filter(|(_, grant)| grant.is_none()).map(|(place, _)| place);
        let Some(place) = asked.nth(most) else { return };
        let filters = subscribe.filters.split_off(place);
        held.truncate(place);
        if let Some(token) = token {
            self.batches.split(token);
        }
        let id = self.ids.take_or_wait().unwrap_or(0);
        let packet = Subscribe { id, filters, properties: subscribe.properties.clone() };
        self.queue.push_front(Queued::Subscribe(Request { token, packet }));
    }

    /// Tells of the outcome of a subscribe, unless there are other parts to wait for.
    pub(super) fn complete_subscribe(&mut self, id: PacketId, completion: Completion, events: &mut Vec<Event>) {
        events.extend(self.batches.outcome(id, completion).map(Event::Completed));
    }
}
