//! Where messages are kept that must outlive the connection, and with a file the process.
//!
//! | file | owns |
//! |---|---|
//! | `mod` | what a store can do |
//! | `entry` | one message with its state, and its bytes |
//! | `memory` | a store that ends with the process |
//! | `file` | one file: making and locking it, damage, and the thread that moves messages on |
//! | `open` | its layout, and what is done with it while it is open |
//! | `front` | its front part: what was written last, not yet in the database |
//! | `database` | its back part, a `redb` database |
//! | `place` | reading and writing at a place of a file |
//!
//! The program's side puts a message in before `publish` returns; the network side changes and removes it. A client
//! without a store has none of this.

pub mod entry;
pub mod file;
pub mod memory;

mod database;
mod front;
mod open;
mod place;

use std::fmt;
use std::sync::Arc;

pub use crate::mqtt::store::entry::{Entry, Stage};
pub use crate::mqtt::store::file::FileStore;
pub use crate::mqtt::store::memory::MemoryStore;

use crate::mqtt::error::Error;
use crate::mqtt::packet::PacketId;

/// Names an entry of a store. Those of outgoing messages grow in call order, from 1; those of incoming messages are their
/// packet identifiers.
pub type Key = u64;

/// What happens to the entries of a store.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// A new entry, or a new content of that key.
    Put(Entry),
    /// An entry goes on to another stage, or got its packet identifier. Nothing if there is no such entry.
    Mark {
        /// Which.
        key: Key,
        /// Its stage from now on.
        stage: Stage,
        /// Its packet identifier from now on.
        id: PacketId,
    },
    /// An entry is over. Nothing if there is no such entry.
    Remove(Key),
}

/// Keeps entries in the order of their keys.
pub trait Store: fmt::Debug + Send + Sync {
    /// Puts an entry in and returns its key; with the key 0 it gets the next free one.
    ///
    /// # Errors
    /// It could not be written; it is not in the store then.
    fn put(&self, entry: Entry) -> Result<Key, Error>;

    /// Makes these changes, all or none.
    ///
    /// # Errors
    /// They could not be written.
    fn apply(&self, changes: &[Change]) -> Result<(), Error>;

    /// All entries, in order.
    ///
    /// # Errors
    /// They could not be read.
    fn entries(&self) -> Result<Vec<Entry>, Error>;

    /// The client ended: nothing more is written until [`reopen`](Self::reopen).
    fn close(&self);

    /// The client goes on after an end. Nothing if the store was not closed.
    ///
    /// # Errors
    /// The store cannot be used any more.
    fn reopen(&self) -> Result<(), Error>;
}

/// The stores of one client; either may be missing.
#[derive(Debug, Clone, Default)]
pub struct Stores {
    /// Messages accepted and not acknowledged.
    pub outgoing: Option<Arc<dyn Store>>,
    /// QoS 2 messages received and not released.
    pub incoming: Option<Arc<dyn Store>>,
}

impl Stores {
    /// The stores there are.
    pub fn all(&self) -> impl Iterator<Item = &Arc<dyn Store>> {
        self.outgoing.iter().chain(&self.incoming)
    }

    /// Whether both are the same ones.
    pub fn are(&self, other: &Self) -> bool {
        let same = |one: &Option<Arc<dyn Store>>, other: &Option<Arc<dyn Store>>| match (one, other) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (one, other) => one.is_none() && other.is_none(),
        };
        same(&self.outgoing, &other.outgoing) && same(&self.incoming, &other.incoming)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.outgoing.is_none() && self.incoming.is_none()
    }
}
