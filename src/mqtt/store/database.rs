//! The back part of a store file: a `redb` database that begins behind the front part.
//!
//! It is changed in one transaction per batch, each of them synced to the disk.

use std::collections::HashSet;
use std::fs::File;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use redb::{Builder, ReadableDatabase, ReadableTable, StorageBackend, TableDefinition};

use crate::mqtt::store::file::Side;
use crate::mqtt::store::front::Recorded;
use crate::mqtt::store::{Change, Entry, Key};

const OUTGOING: TableDefinition<u64, &[u8]> = TableDefinition::new("outgoing");
const INCOMING: TableDefinition<u64, &[u8]> = TableDefinition::new("incoming");
const STATE: TableDefinition<&str, &[u8]> = TableDefinition::new("state");

/// In [`STATE`]: the number of the last record of the front part that is in here.
const MOVED: &str = "moved";
/// In [`STATE`]: the client identifier of the session.
const CLIENT: &str = "client";

/// Pages kept in memory, bytes. What is stored is read once, at the start.
const CACHE: usize = 256 << 10;

/// Why the database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// What it has is not what was written.
    #[error("{0}")]
    Damaged(String),
    /// The system says no.
    #[error("{0}")]
    Io(#[from] io::Error),
}

impl From<redb::Error> for Fault {
    fn from(error: redb::Error) -> Self {
        // Not there, or not what it should be: also told as I/O errors.
        let is_damage = |kind| matches!(kind, io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData);
        match error {
            redb::Error::Io(error) if !is_damage(error.kind()) => Self::Io(error),
            other => Self::Damaged(other.to_string()),
        }
    }
}

macro_rules! faults {
    ($($error:ty),*) => {
        $(impl From<$error> for Fault {
            fn from(error: $error) -> Self {
                redb::Error::from(error).into()
            }
        })*
    };
}

faults!(redb::DatabaseError, redb::TransactionError, redb::TableError, redb::StorageError, redb::CommitError);

/// After a failure it is tried again when this long has passed: opening it means reading all of it.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// See the module.
#[derive(Debug)]
pub struct Database {
    part: Part,
    state: Mutex<State>,
}

#[derive(Debug)]
enum State {
    Open(redb::Database),
    /// `redb` takes nothing more after a failure, until it is opened again.
    Failed {
        at: Instant,
        why: String,
    },
}

impl Database {
    /// Opens the database that begins at `start`, or makes it if the file ends there.
    ///
    /// # Errors
    /// It is damaged, or cannot be read or written.
    pub fn open(file: Arc<File>, start: u64) -> Result<Self, Fault> {
        let part = Part { file, start };
        let state = Mutex::new(State::Open(part.open()?));
        Ok(Self { part, state })
    }

    /// Does something with it, opening it first after a failure.
    fn with<T>(&self, act: impl FnOnce(&redb::Database) -> Result<T, Fault>) -> Result<T, Fault> {
        // What a panic leaves behind is what a failure does: it refuses everything.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let done = match &*state {
            State::Open(open) => act(open),
            State::Failed { at, why } if at.elapsed() < RETRY_AFTER => return Err(io::Error::other(why.clone()).into()),
            State::Failed { .. } => self.part.open().and_then(|open| {
                let done = act(&open)?;
                *state = State::Open(open);
                Ok(done)
            }),
        };
        if let Err(fault) = &done {
            *state = State::Failed { at: Instant::now(), why: fault.to_string() };
        }
        done
    }

    /// Makes the tables of a new database.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn begin(&self, client_id: &str) -> Result<(), Fault> {
        self.with(|open| {
            let transaction = open.begin_write()?;
            transaction.open_table(OUTGOING)?;
            transaction.open_table(INCOMING)?;
            {
                let mut state = transaction.open_table(STATE)?;
                state.insert(MOVED, &0u64.to_be_bytes()[..])?;
                state.insert(CLIENT, client_id.as_bytes())?;
            }
            transaction.commit()?;
            Ok(())
        })
    }

    /// The number of the last record that is in here.
    ///
    /// # Errors
    /// It is damaged or cannot be read.
    pub fn moved(&self) -> Result<u64, Fault> {
        self.with(|open| {
            let transaction = open.begin_read()?;
            let value = transaction.open_table(STATE)?.get(MOVED)?;
            let number = value.and_then(|value| value.value().try_into().ok()).map(u64::from_be_bytes);
            number.ok_or_else(|| Fault::Damaged("it does not say how far it is".into()))
        })
    }

    /// Whether this is the client identifier of the session.
    ///
    /// # Errors
    /// It is damaged or cannot be read.
    pub fn is_of_client(&self, client_id: &str) -> Result<bool, Fault> {
        self.with(|open| {
            let transaction = open.begin_read()?;
            let held = transaction.open_table(STATE)?.get(CLIENT)?;
            Ok(held.is_some_and(|held| held.value() == client_id.as_bytes()))
        })
    }

    /// Sets the client identifier of the session.
    ///
    /// # Errors
    /// It is damaged or cannot be written.
    pub fn set_client(&self, client_id: &str) -> Result<(), Fault> {
        self.with(|open| {
            let transaction = open.begin_write()?;
            transaction.open_table(STATE)?.insert(CLIENT, client_id.as_bytes())?;
            transaction.commit()?;
            Ok(())
        })
    }

    /// Makes the changes of these records, up to number `last`, in one transaction.
    ///
    /// # Errors
    /// It cannot be written; it is as before then.
    pub fn take(&self, records: &[Recorded], last: u64) -> Result<(), Fault> {
        self.with(|open| {
            let transaction = open.begin_write()?;
            {
                let mut outgoing = transaction.open_table(OUTGOING)?;
                let mut incoming = transaction.open_table(INCOMING)?;
                let mut bytes = BytesMut::new();
                for Recorded { side, change } in needed(records) {
                    let table = match side {
                        Side::Outgoing => &mut outgoing,
                        Side::Incoming => &mut incoming,
                    };
                    match change {
                        Change::Put(entry) => {
                            bytes.clear();
                            entry.write(&mut bytes).map_err(|error| Fault::Damaged(error.to_string()))?;
                            table.insert(entry.key, &bytes[..])?;
                        }
                        Change::Mark { key, stage, id } => {
                            let held = table.get(key)?.map(|held| held.value().to_vec());
                            if let Some(mut held) = held {
                                Entry::mark(&mut held, *stage, *id);
                                table.insert(key, &held[..])?;
                            }
                        }
                        Change::Remove(key) => {
                            table.remove(key)?;
                        }
                    }
                }
                transaction.open_table(STATE)?.insert(MOVED, &last.to_be_bytes()[..])?;
            }
            transaction.commit()?;
            Ok(())
        })
    }

    /// All entries of one side, in order.
    ///
    /// # Errors
    /// It is damaged or cannot be read.
    pub fn entries(&self, side: Side) -> Result<Vec<Entry>, Fault> {
        self.with(|open| {
            let table = open.begin_read()?.open_table(match side {
                Side::Outgoing => OUTGOING,
                Side::Incoming => INCOMING,
            })?;
            let mut entries = Vec::new();
            for row in table.iter()? {
                let (key, value) = row?;
                entries.push(read_entry(key.value(), value.value())?);
            }
            Ok(entries)
        })
    }
}

/// The changes that count in the end, in order: most messages are over by the time a batch comes here.
fn needed(records: &[Recorded]) -> impl Iterator<Item = &Recorded> {
    let mut settled = HashSet::new();
    let mut kept = Vec::new();
    for record in records.iter().rev() {
        let (key, settles) = match &record.change {
            Change::Put(entry) => (entry.key, true),
            Change::Mark { key, .. } => (*key, false),
            Change::Remove(key) => (*key, true),
        };
        if settled.contains(&(record.side, key)) {
            continue;
        }
        if settles {
            settled.insert((record.side, key));
        }
        kept.push(record);
    }
    kept.into_iter().rev()
}

fn read_entry(key: Key, bytes: &[u8]) -> Result<Entry, Fault> {
    let entry = Entry::read(key, Bytes::copy_from_slice(bytes));
    entry.ok_or_else(|| Fault::Damaged(format!("message {key} cannot be read")))
}

/// The part of a file from `start` on.
#[derive(Debug, Clone)]
struct Part {
    file: Arc<File>,
    start: u64,
}

impl Part {
    fn open(&self) -> Result<redb::Database, Fault> {
        let mut builder = Builder::new();
        // Without the check it would trust the file, and could panic on a damaged one.
        builder.set_cache_size(CACHE).set_check_integrity_on_open(true);
        Ok(builder.create_with_backend(self.clone())?)
    }
}

impl StorageBackend for Part {
    fn len(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len().saturating_sub(self.start))
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        super::place::read_at(&self.file, self.start + offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.file.set_len(self.start + len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        super::place::write_at(&self.file, self.start + offset, data)
    }
}
