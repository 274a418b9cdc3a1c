//! A store in a file: `client.publish` returns when the message is out of the process, so it survives its end, whatever
//! ends it. Within a second it is also synced to the disk, where it survives the end of the system.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::mqtt::error::Error;
use crate::mqtt::store::database::Fault;
use crate::mqtt::store::open::{MAGIC, MOVED, Open, VERSION};
use crate::mqtt::store::place::{read_at, sync_folder};
use crate::mqtt::store::{Change, Entry, Key, Store, Stores};

/// After this long at most, what was written goes into the database and is synced to the disk.
const SYNC_AFTER: Duration = Duration::from_secs(1);

/// Which messages an entry belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// Our own.
    Outgoing,
    /// The broker's.
    Incoming,
}

impl Side {
    /// The side of a byte.
    pub const fn of(byte: u8) -> Option<Self> {
        match byte {
            0 => Some(Self::Outgoing),
            1 => Some(Self::Incoming),
            _ => None,
        }
    }
}

/// See the module. Closed when it is dropped.
#[derive(Debug)]
pub struct FileStore(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    path: PathBuf,
    /// As the program wrote it.
    name: String,
    client_id: String,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// `None` while it is closed.
    open: Option<Open>,
    next_key: Key,
    mover: Option<JoinHandle<()>>,
}

impl FileStore {
    /// Opens the store at `path`, or makes it; `name` is what messages call it. Messages of another client identifier
    /// are as if they had never been sent.
    ///
    /// # Errors
    /// It is in use, is not a store, cannot be read or written, or is damaged: then it was renamed.
    pub fn open(path: &Path, name: &str, client_id: &str) -> Result<Arc<Self>, Error> {
        let shared = Shared {
            path: path.into(),
            name: name.into(),
            client_id: client_id.into(),
            state: Mutex::default(),
            changed: Condvar::new(),
        };
        let store = Self(Arc::new(shared));
        store.open_file()?;
        Ok(Arc::new(store))
    }

    /// Both sides of a store.
    pub fn sides(self: &Arc<Self>) -> Stores {
        let side = |side| Some(Arc::new(FileSide { store: Arc::clone(self), side }) as Arc<dyn Store>);
        Stores { outgoing: side(Side::Outgoing), incoming: side(Side::Incoming) }
    }

    fn open_file(&self) -> Result<(), Error> {
        let mut state = self.0.lock();
        if state.open.is_some() {
            return Ok(());
        }
        let mut open = self.0.open_file()?;
        let last = open.prepare(&self.0.client_id).map_err(|fault| self.0.refusal(fault))?;
        state.next_key = state.next_key.max(last + 1);
        state.open = Some(open);
        let shared = Arc::clone(&self.0);
        let mover = std::thread::Builder::new().name("store".into()).spawn(move || shared.move_on());
        state.mover = Some(mover.map_err(|error| self.0.failure(&error))?);
        Ok(())
    }

    fn close_file(&self) {
        let mut state = self.0.settled();
        if let Some(mut open) = state.open.take() {
            if let Err(fault) = open.move_all() {
                // It is still in the front part.
                tracing::warn!(store = self.0.name, %fault, "not moved");
            }
            let Open { file, database, .. } = open;
            // Writes its last page.
            drop(database);
            // Closing it does the same, but for a copy in a process that is just being started.
            let _ = file.unlock();
        }
        self.0.changed.notify_all();
        let mover = state.mover.take();
        drop(state);
        // Its panics are caught.
        let _ = mover.map(JoinHandle::join);
    }
}

impl Drop for FileStore {
    fn drop(&mut self) {
        self.close_file();
    }
}

/// One side of a [`FileStore`].
#[derive(Debug)]
struct FileSide {
    store: Arc<FileStore>,
    side: Side,
}

impl Store for FileSide {
    fn put(&self, mut entry: Entry) -> Result<Key, Error> {
        let shared = &self.store.0;
        let mut state = shared.lock();
        if let Some(open) = state.open.as_mut().filter(|open| open.stuck && !open.moving) {
            // What is left of the front part is for acknowledgements; nothing more is accepted that might never be synced.
            open.move_all().map_err(|fault| shared.failure(&fault))?;
        }
        if entry.key == 0 {
            entry.key = state.next_key;
        }
        let key = entry.key;
        let mut state = shared.write(state, self.side, &[Change::Put(entry)])?;
        state.next_key = state.next_key.max(key + 1);
        Ok(key)
    }

    fn apply(&self, changes: &[Change]) -> Result<(), Error> {
        let shared = &self.store.0;
        shared.write(shared.lock(), self.side, changes).map(drop)
    }

    fn entries(&self) -> Result<Vec<Entry>, Error> {
        let shared = &self.store.0;
        let mut state = shared.settled();
        let Some(open) = &mut state.open else { return Err(shared.closed()) };
        open.entries(self.side).map_err(|fault| shared.failure(&fault))
    }

    fn close(&self) {
        self.store.close_file();
    }

    fn reopen(&self) -> Result<(), Error> {
        self.store.open_file()
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // What a panic leaves behind is found at the next start, as after any other end.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state while nothing is on its way into the database.
    fn settled(&self) -> MutexGuard<'_, State> {
        self.settle(self.lock())
    }

    fn settle<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        let is_moving = |state: &mut State| state.open.as_ref().is_some_and(|open| open.moving);
        self.changed.wait_while(state, is_moving).unwrap_or_else(PoisonError::into_inner)
    }

    fn write<'a>(
        &'a self,
        mut state: MutexGuard<'a, State>,
        side: Side,
        changes: &[Change],
    ) -> Result<MutexGuard<'a, State>, Error> {
        let Some(open) = &mut state.open else { return Err(self.closed()) };
        let was_idle = open.pending.is_empty() && !open.moving;
        if open.record(side, changes).map_err(|fault| self.failure(&fault))? {
            if was_idle {
                self.changed.notify_all();
            }
            return Ok(state);
        }
        let mut state = self.settle(state);
        let Some(open) = &mut state.open else { return Err(self.closed()) };
        open.make_room_for(side, changes).map_err(|fault| self.failure(&fault))?;
        self.changed.notify_all();
        Ok(state)
    }

    /// Moves what was written into the database, batch after batch, until the store is closed.
    fn move_on(&self) {
        let mut state = self.lock();
        loop {
            let is_idle = |state: &mut State| state.open.as_ref().is_some_and(|open| open.pending.is_empty());
            state = self.changed.wait_while(state, is_idle).unwrap_or_else(PoisonError::into_inner);
            let is_open = |state: &mut State| state.open.is_some();
            state =
                self.changed.wait_timeout_while(state, SYNC_AFTER, is_open).unwrap_or_else(PoisonError::into_inner).0;
            let Some(open) = &mut state.open else { return };
            if open.pending.is_empty() {
                continue;
            }
            // The program writes on while the disk works.
            let (batch, last) = (std::mem::take(&mut open.pending), open.front.last());
            let database = Arc::clone(&open.database);
            open.moving = true;
            drop(state);
            // A panic must not leave those that wait for the batch waiting.
            let moved = catch_unwind(AssertUnwindSafe(|| database.take(&batch, last)));
            let moved = moved.unwrap_or_else(|_| Err(Fault::Damaged("it panicked".into())));
            drop(database);
            state = self.lock();
            if let Some(open) = &mut state.open {
                open.moving = false;
                open.stuck = moved.is_err();
                match moved.and_then(|()| Ok(open.mark(MOVED, last)?)) {
                    Ok(()) if open.front.last() == last => open.front.begin_again(),
                    Ok(()) => {}
                    Err(fault) => {
                        // Still in the front part. Who publishes next learns of it.
                        tracing::warn!(store = self.name, %fault, "not moved");
                        open.pending.splice(..0, batch);
                    }
                }
            }
            self.changed.notify_all();
        }
    }

    fn open_file(&self) -> Result<Open, Error> {
        let file = loop {
            match OpenOptions::new().read(true).write(true).open(&self.path) {
                Ok(file) => break file,
                Err(error) if error.kind() == io::ErrorKind::NotFound => self.make().map_err(|e| self.refusal(e))?,
                Err(error) => return Err(self.failure(&error)),
            }
        };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Error::new(format!("the store `{}` is in use by another client or process", self.name))
                    .with_help("give each client a store of its own"));
            }
            Err(TryLockError::Error(error)) => return Err(self.failure(&error)),
        }
        self.check_kind(&file)?;
        Open::new(file).map_err(|fault| self.refusal(fault))
    }

    /// # Errors
    /// The file is something else, which stays as it is.
    fn check_kind(&self, file: &File) -> Result<(), Error> {
        let metadata = file.metadata().map_err(|error| self.failure(&error))?;
        let length = metadata.len();
        let mut head = [0; MAGIC.len() + 4];
        let held = head.len().min(usize::try_from(length).unwrap_or(usize::MAX));
        read_at(file, 0, &mut head[..held]).map_err(|error| self.failure(&error))?;
        let (magic, version) = head.split_at(MAGIC.len());
        // Not a file: a device, a pipe. Those must not be taken for a damaged store, which is renamed.
        if !metadata.is_file() || magic[..held.min(MAGIC.len())] != MAGIC[..held.min(MAGIC.len())] {
            return Err(Error::new(format!("the file `{}` is not a store", self.name))
                .with_help("give `store` the path of a file that does not exist yet; this one was left as it is"));
        }
        let is_newer = held == head.len() && version > &VERSION.to_be_bytes()[..];
        if is_newer && version[..3] == [0; 3] {
            return Err(Error::new(format!("the store `{}` is of a newer version of this program", self.name))
                .with_help("update the program, or give `store` another path"));
        }
        Ok(())
    }

    /// Makes an empty store, whole or not at all, unless somebody else has just made it.
    fn make(&self) -> Result<(), Fault> {
        // What a kill left of an earlier one is written over.
        let draft = with_suffix(&self.path, ".new-store");
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        // Messages are nobody else's business.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&draft)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                // Somebody else is at it, a matter of milliseconds.
                std::thread::sleep(Duration::from_millis(1));
                return Ok(());
            }
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        // It was opened here before it got its name there.
        if self.path.exists() {
            // Made anew here, or by somebody else who comes to this line, too.
            let _ = std::fs::remove_file(&draft);
            return Ok(());
        }
        if !draft.exists() {
            return Ok(());
        }
        // Locked until it has its name.
        let file = Arc::new(file);
        Open::make(&file, &self.client_id)?;
        std::fs::rename(&draft, &self.path)?;
        Ok(sync_folder(&self.path)?)
    }

    /// The error for a store that cannot be opened. A damaged one is kept aside.
    fn refusal(&self, fault: Fault) -> Error {
        let why = match fault {
            Fault::Io(error) => return self.failure(&error),
            Fault::Damaged(why) => why,
        };
        let aside = (1..).map(|number| format!(".damaged-{number}"));
        let free = aside.map(|suffix| (with_suffix(&self.path, &suffix), suffix)).find(|(path, _)| !path.exists());
        let (path, suffix) = free.expect("there are more numbers than files");
        let name = &self.name;
        match std::fs::rename(&self.path, path) {
            Ok(()) => Error::new(format!("the store `{name}` is damaged and was kept as `{name}{suffix}`"))
                .with_cause(why)
                .with_help("start the program again to go on with an empty store"),
            Err(error) => Error::new(format!("the store `{name}` is damaged"))
                .with_cause(format!("{why}; it cannot be renamed: {error}"))
                .with_help("move it away to go on with an empty store"),
        }
    }

    fn failure(&self, error: &dyn std::fmt::Display) -> Error {
        Error::new(format!("cannot use the store `{}`: {error}", self.name))
    }

    fn closed(&self) -> Error {
        self.failure(&"its client has ended")
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
