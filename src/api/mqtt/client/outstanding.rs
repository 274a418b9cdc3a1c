//! Requests whose outcome is waited for.

use std::rc::Rc;

use slab::Slab;

use crate::event_loop::callback::Callback;
use crate::mqtt::event::Token;

/// Where a token says which place its request has.
const PLACE_BITS: u32 = 32;

/// Room that is kept for the next requests; what a larger burst took is given back.
const KEPT_PLACES: usize = 1024;

/// The requests of one client, by token. There may be as many as there are messages in a burst.
#[derive(Default)]
pub struct Outstanding {
    places: Slab<(Token, Pending)>,
    /// How many there were: a place is used again, a token is not.
    count: u32,
}

/// A request whose callback waits for its outcome.
pub struct Pending {
    /// What to call.
    pub callback: Option<Rc<Callback>>,
    /// Which call it was.
    pub kind: super::Kind,
}

impl Outstanding {
    /// Adds a request and names it.
    pub fn add(&mut self, pending: Pending) -> Token {
        self.count = self.count.wrapping_add(1);
        let place = self.places.vacant_entry();
        let token = Token::from(self.count) << PLACE_BITS | place.key() as Token;
        place.insert((token, pending));
        token
    }

    /// Takes a request; `None`: it is over already.
    pub fn take(&mut self, token: Token) -> Option<Pending> {
        let place = usize::try_from(token & Token::from(u32::MAX)).ok()?;
        if self.places.get(place)?.0 != token {
            return None;
        }
        let pending = self.places.remove(place).1;
        if self.places.is_empty() && self.places.capacity() > KEPT_PLACES {
            self.places.shrink_to_fit();
        }
        Some(pending)
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether nobody waits.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }
}
