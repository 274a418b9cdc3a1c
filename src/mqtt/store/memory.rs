//! A store that ends with the process: MQTT.js's default `Store`.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::mqtt::error::Error;
use crate::mqtt::store::{Change, Entry, Key, Store};

/// Entries in memory.
#[derive(Debug)]
pub struct MemoryStore {
    entries: Mutex<BTreeMap<Key, Entry>>,
    /// Whether [`close`](Store::close) forgets everything.
    clean: bool,
}

impl MemoryStore {
    /// An empty store. `clean`: it forgets everything when its client ends.
    pub const fn new(clean: bool) -> Self {
        Self { entries: Mutex::new(BTreeMap::new()), clean }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Key, Entry>> {
        // A panic cannot leave the map half changed: every change is one call on it.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    fn put(&self, mut entry: Entry) -> Result<Key, Error> {
        let mut entries = self.lock();
        if entry.key == 0 {
            entry.key = entries.last_key_value().map_or(1, |(last, _)| last + 1);
        }
        let key = entry.key;
        entries.insert(key, entry);
        Ok(key)
    }

    fn apply(&self, changes: &[Change]) -> Result<(), Error> {
        let mut entries = self.lock();
        for change in changes {
            match change {
                Change::Put(entry) => {
                    entries.insert(entry.key, entry.clone());
                }
                Change::Mark { key, stage, id } => {
                    if let Some(entry) = entries.get_mut(key) {
                        (entry.stage, entry.publish.id) = (*stage, *id);
                    }
                }
                Change::Remove(key) => {
                    entries.remove(key);
                }
            }
        }
        Ok(())
    }

    fn entries(&self) -> Result<Vec<Entry>, Error> {
        Ok(self.lock().values().cloned().collect())
    }

    fn close(&self) {
        if self.clean {
            self.lock().clear();
        }
    }

    fn reopen(&self) -> Result<(), Error> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mqtt::packet::Publish;
    use crate::mqtt::store::Stage;

    fn entry(id: u16) -> Entry {
        Entry::new(0, Publish { id, ..Publish::default() }, 0)
    }

    #[test]
    fn entries_stay_in_the_order_they_were_put_in() {
        let store = MemoryStore::new(true);
        let keys: Vec<_> = [9, 3, 5].map(|id| store.put(entry(id)).expect("memory")).into();
        assert_eq!(keys, [1, 2, 3]);
        let mark = Change::Mark { key: 3, stage: Stage::Released, id: 6 };
        store.apply(&[mark, Change::Remove(2), Change::Remove(8)]).expect("memory");
        let left: Vec<_> = store.entries().expect("memory").iter().map(|e| (e.publish.id, e.stage)).collect();
        assert_eq!(left, [(9, Stage::Published), (6, Stage::Released)]);
    }

    #[test]
    fn closing_forgets_everything_unless_told_otherwise() {
        for clean in [true, false] {
            let store = MemoryStore::new(clean);
            store.put(entry(1)).expect("memory");
            store.close();
            assert_eq!(store.entries().expect("memory").is_empty(), clean);
        }
    }
}
