//! Listeners by event name, as Node's `EventEmitter` keeps them.

use std::rc::Rc;

use rhai::{FnPtr, ImmutableString};

use crate::event_loop::callback::Callback;

/// A callback bound to an event name.
#[derive(Debug, Clone)]
pub struct Listener {
    /// What to call.
    pub callback: Rc<Callback>,
    /// Whether it is removed before its first call.
    pub once: bool,
    /// Its place among all listeners of the object; goes up within a list.
    pub order: Order,
}

/// A place in the order of registration; those that were put in front of others are below zero.
pub type Order = i64;

/// The listeners of one object.
#[derive(Debug, Default)]
pub struct Emitter {
    /// In order of first registration. Lists are copied when they change, so that an emit in progress sees the old one.
    events: Vec<(ImmutableString, Rc<Vec<Listener>>)>,
    /// The last place given out, and the first.
    last: Order,
    first: Order,
    /// How many listeners of one event are no mistake; `None`: [`MOST_LISTENERS`], 0: any number.
    most: Option<usize>,
    /// Events that have had more.
    crowded: Vec<ImmutableString>,
}

/// More listeners of one event than this look as if they were added again and again, says Node.
pub const MOST_LISTENERS: usize = 10;

impl Emitter {
    /// Adds a listener behind the others, or in front of them.
    pub fn add(&mut self, event: &str, callback: Rc<Callback>, once: bool, in_front: bool) {
        let order = if in_front {
            self.first -= 1;
            self.first
        } else {
            self.take_order()
        };
        let listener = Listener { callback, once, order };
        let place = self.position(event).unwrap_or_else(|| {
            self.events.push((event.into(), Rc::default()));
            self.events.len() - 1
        });
        let listeners = Rc::make_mut(&mut self.events[place].1);
        listeners.insert(if in_front { 0 } else { listeners.len() }, listener);
    }

    /// How many listeners of one event are no mistake; 0: any number.
    pub fn most(&self) -> usize {
        self.most.unwrap_or(MOST_LISTENERS)
    }

    /// Changes that.
    pub fn set_most(&mut self, most: usize) {
        self.most = Some(most);
    }

    /// How many listeners an event has, if that is too many and was not said before.
    pub fn overcrowded(&mut self, event: &str) -> Option<usize> {
        let count = self.count(event);
        if self.most() == 0 || count <= self.most() || self.crowded.iter().any(|known| known == event) {
            return None;
        }
        self.crowded.push(event.into());
        Some(count)
    }

    /// The listeners of an event, in order; nothing changes.
    pub fn all(&self, event: &str) -> Rc<Vec<Listener>> {
        self.position(event).map_or_else(Rc::default, |place| Rc::clone(&self.events[place].1))
    }

    /// The next place in the order of registration, for a listener that is kept elsewhere.
    pub fn take_order(&mut self) -> Order {
        self.last += 1;
        self.last
    }

    /// Removes the listener that was added last with this function. Whether there was one.
    pub fn remove(&mut self, event: &str, function: &FnPtr) -> bool {
        let Some(place) = self.position(event) else { return false };
        let found = self.events[place].1.iter().rposition(|listener| listener.callback.same_function(function));
        if let Some(index) = found {
            self.take(place, index);
        }
        found.is_some()
    }

    /// Removes all listeners of one event, or of all.
    pub fn remove_all(&mut self, event: Option<&str>) {
        self.events.retain(|(name, _)| event.is_some_and(|event| name != event));
    }

    /// The listeners to call now, in order. Those for one call are removed.
    pub fn listeners(&mut self, event: &str) -> Rc<Vec<Listener>> {
        let Some(place) = self.position(event) else { return Rc::default() };
        let listeners = Rc::clone(&self.events[place].1);
        if listeners.iter().any(|listener| listener.once) {
            let rest: Vec<_> = listeners.iter().filter(|listener| !listener.once).cloned().collect();
            if rest.is_empty() {
                self.events.remove(place);
            } else {
                self.events[place].1 = Rc::new(rest);
            }
        }
        listeners
    }

    /// How many listeners an event has.
    pub fn count(&self, event: &str) -> usize {
        self.position(event).map_or(0, |place| self.events[place].1.len())
    }

    /// The events that have listeners, in order of first registration.
    pub fn names(&self) -> impl Iterator<Item = &ImmutableString> {
        self.events.iter().map(|(name, _)| name)
    }

    fn position(&self, event: &str) -> Option<usize> {
        self.events.iter().position(|(name, _)| name == event)
    }

    fn take(&mut self, place: usize, index: usize) {
        let listeners = Rc::make_mut(&mut self.events[place].1);
        listeners.remove(index);
        if listeners.is_empty() {
            self.events.remove(place);
        }
    }
}
