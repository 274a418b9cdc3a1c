//! A store file while it is open.
//!
//! | from byte | what |
//! |---|---|
//! | 0 | [`MAGIC`], version |
//! | 512, 1024 | marks: the numbers of the last record moved and written |
//! | 1536 | which start of the system opened it last |
//! | 4096 | the front part |
//! | 4096 + 1 MiB | the database |
//!
//! The marks tell what must be there: a file that has less is damaged, and is kept aside.

use std::fs::File;
use std::io;
use std::sync::Arc;

use crate::mqtt::store::database::{Database, Fault};
use crate::mqtt::store::file::Side;
use crate::mqtt::store::front::{Front, Recorded};
use crate::mqtt::store::place::{read_at, read_mark, this_system, write_at, write_mark};
use crate::mqtt::store::{Change, Entry, Key, Stage};

/// The first bytes of a store.
pub const MAGIC: &[u8; 16] = b"mqttscript store";
/// Of the layout; follows on [`MAGIC`].
pub const VERSION: u32 = 1;
/// The mark of what the database has.
pub const MOVED: u64 = 512;
const WRITTEN: u64 = 1024;
/// Which start of the system opened it last.
pub const SYSTEM: u64 = 1536;
/// The front part.
pub const FRONT: u64 = 4096;
const FRONT_SIZE: usize = 1 << 20;
/// The database.
pub const DATABASE: u64 = FRONT + FRONT_SIZE as u64;

/// See the module.
#[derive(Debug)]
pub struct Open {
    /// Locked.
    pub file: Arc<File>,
    /// What was written last.
    pub front: Front,
    /// What was moved on.
    pub database: Arc<Database>,
    /// What the front part has and the database has not.
    pub pending: Vec<Recorded>,
    /// A batch is on its way into the database.
    pub moving: bool,
    /// The database did not take the last batch.
    pub stuck: bool,
}

impl Open {
    /// Writes an empty store.
    pub fn make(file: &Arc<File>, client_id: &str) -> Result<(), Fault> {
        file.set_len(0)?;
        file.set_len(DATABASE)?;
        write_at(file, 0, &[&MAGIC[..], &VERSION.to_be_bytes()].concat())?;
        write_mark(file, MOVED, 0)?;
        write_mark(file, WRITTEN, 0)?;
        write_at(file, SYSTEM, &this_system())?;
        Database::open(Arc::clone(file), DATABASE)?.begin(client_id)?;
        file.sync_all()?;
        Ok(())
    }

    /// Takes over what is in the file, which must be there and whole.
    pub fn new(file: File) -> Result<Self, Fault> {
        if file.metadata()?.len() <= DATABASE {
            return Err(Fault::Damaged("its end is missing".into()));
        }
        let file = Arc::new(file);
        let database = Database::open(Arc::clone(&file), DATABASE)?;
        let moved = database.moved()?;
        let (front, pending) = Front::open(Arc::clone(&file), FRONT, FRONT_SIZE, moved)?;
        // What was not synced may be lost with the system, in any order; what was synced may not.
        let system = this_system();
        let mut last_system = vec![0; system.len()];
        read_at(&file, SYSTEM, &mut last_system)?;
        // Where the system has no name, nobody knows whether it is another one.
        let is_same = !system.is_empty() && last_system == system;
        let has_all = front.last() >= read_mark(&file, WRITTEN)? || !is_same;
        if moved < read_mark(&file, MOVED)? || !has_all {
            return Err(Fault::Damaged("messages are missing".into()));
        }
        // In this order: a mark of an earlier start of the system must not pass for one of this.
        write_mark(&file, WRITTEN, front.last())?;
        write_at(&file, SYSTEM, &system)?;
        Ok(Self { file, front, database: Arc::new(database), pending, moving: false, stuck: false })
    }

    /// Writes a mark.
    pub fn mark(&self, place: u64, number: u64) -> io::Result<()> {
        write_mark(&self.file, place, number)
    }

    /// Moves everything into the database.
    pub fn move_all(&mut self) -> Result<(), Fault> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let last = self.front.last();
        self.stuck = true;
        self.database.take(&self.pending, last)?;
        self.mark(MOVED, last)?;
        self.stuck = false;
        self.pending.clear();
        self.front.begin_again();
        Ok(())
    }

    /// Writes a record to the front part; false when it does not fit.
    pub fn record(&mut self, side: Side, changes: &[Change]) -> Result<bool, Fault> {
        let fits = self.front.write(side, changes)?;
        if fits {
            self.mark(WRITTEN, self.front.last())?;
            self.pending.extend(recorded(side, changes));
        }
        Ok(fits)
    }

    /// Moves everything into the database, then writes a record.
    pub fn make_room_for(&mut self, side: Side, changes: &[Change]) -> Result<(), Fault> {
        self.move_all()?;
        if self.record(side, changes)? {
            return Ok(());
        }
        // Larger than the whole front part, which only has its number, beside a change that changes nothing: should the
        // transaction fail, no record that follows has a number that the database takes for one of its own.
        self.record(side, &[Change::Remove(0)])?;
        let held = self.pending.len();
        self.pending.extend(recorded(side, changes));
        self.move_all().inspect_err(|_| self.pending.truncate(held))
    }

    /// All entries of a side, in order.
    pub fn entries(&mut self, side: Side) -> Result<Vec<Entry>, Fault> {
        self.move_all()?;
        self.database.entries(side)
    }

    /// Makes it ready for this client. Returns the key of the last outgoing message.
    pub fn prepare(&mut self, client_id: &str) -> Result<Key, Fault> {
        if !self.database.is_of_client(client_id)? {
            // In this order, so that it is done at the next start if this one is killed in between.
            self.start_over()?;
            self.database.set_client(client_id)?;
        }
        Ok(self.entries(Side::Outgoing)?.last().map_or(0, |entry| entry.key))
    }

    /// Another client's session knows nothing of what was sent and received in this one.
    fn start_over(&mut self) -> Result<(), Fault> {
        let mut changes = Vec::new();
        for Entry { key, publish, .. } in self.entries(Side::Outgoing)? {
            let change = Change::Mark { key, stage: Stage::Published, id: publish.id };
            changes.push(Recorded { side: Side::Outgoing, change });
        }
        for Entry { key, .. } in self.entries(Side::Incoming)? {
            changes.push(Recorded { side: Side::Incoming, change: Change::Remove(key) });
        }
        self.database.take(&changes, self.front.last())
    }
}

fn recorded(side: Side, changes: &[Change]) -> impl Iterator<Item = Recorded> {
    changes.iter().map(move |change| Recorded { side, change: change.clone() })
}
