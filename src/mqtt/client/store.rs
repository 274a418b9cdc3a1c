//! What the task does with the client's stores: writes to them before packets go out, and takes over what is in them.

use std::sync::Arc;

use crate::mqtt::client::task::Task;
use crate::mqtt::error::Error;
use crate::mqtt::event::Event;
use crate::mqtt::session::connection_closed;
use crate::mqtt::store::entry::now;
use crate::mqtt::store::{Store, Stores};

impl Task {
    /// Takes over what the stores have.
    ///
    /// # Errors
    /// One of them cannot be read.
    pub fn use_stores(&mut self, stores: Stores) -> Result<(), Error> {
        self.stores = stores;
        self.session.keep_incoming(self.stores.incoming.is_some());
        let entries = |store: &Option<Arc<dyn Store>>| match store {
            Some(store) => store.entries(),
            None => Ok(Vec::new()),
        };
        let (outgoing, incoming) = (entries(&self.stores.outgoing)?, entries(&self.stores.incoming)?);
        self.session.restore(&outgoing, incoming, now());
        Ok(())
    }

    /// Writes what packets in front of the socket depend on. A failure is left in [`Task::store_failure`].
    pub fn save(&mut self) {
        if !self.session.has_changes() {
            return;
        }
        let mut changes = self.session.take_changes();
        if self.stores_closed {
            // Its client has ended; the entry is still there at the next start.
            return;
        }
        let sides = [(&self.stores.outgoing, &mut changes.outgoing), (&self.stores.incoming, &mut changes.incoming)];
        for (store, changes) in sides {
            match store {
                Some(store) if !changes.is_empty() => match store.apply(changes) {
                    Ok(()) => changes.clear(),
                    Err(error) => self.store_failure = Some(error),
                },
                _ => changes.clear(),
            }
        }
        self.session.put_back(changes);
    }

    /// Other stores from now on. What the ones before have stays there.
    pub fn change_stores(&mut self, stores: Stores) {
        self.save();
        self.session.leave_stores(&connection_closed(), &mut self.events);
        if let Err(error) = self.use_stores(stores) {
            self.refuse_store(error);
        }
    }

    /// The client ended. Where it goes on at once, it does so with what the stores kept.
    pub fn leave_stores(&mut self, goes_on: bool) {
        if self.stores.is_empty() {
            return;
        }
        self.save();
        self.session.leave_stores(&connection_closed(), &mut self.events);
        if goes_on {
            if let Err(error) = self.use_stores(self.stores.clone()) {
                self.refuse_store(error);
            }
            return;
        }
        self.stores.all().for_each(|store| store.close());
        self.stores_closed = true;
    }

    /// Before the client connects after an end. False when it cannot, of which the program is told.
    pub fn reopen_stores(&mut self) -> bool {
        if !std::mem::take(&mut self.stores_closed) {
            return true;
        }
        let reopened = self.stores.all().try_for_each(|store| store.reopen());
        match reopened.and_then(|()| self.use_stores(self.stores.clone())) {
            Ok(()) => true,
            Err(error) => {
                self.stores_closed = true;
                self.connects += 1;
                self.refuse_store(error);
                false
            }
        }
    }

    fn refuse_store(&mut self, error: Error) {
        self.events.push(Event::GaveUp { connects: self.connects, unheard: None });
        self.fail_for_good(error);
    }
}
