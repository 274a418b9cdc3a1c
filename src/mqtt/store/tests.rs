use std::path::PathBuf;

use tempfile::TempDir;

use super::*;
use crate::mqtt::packet::{Publish, QoS};
use crate::mqtt::store::Stage;
use crate::mqtt::store::open::{DATABASE, FRONT, SYSTEM};

struct Folder {
    folder: TempDir,
    path: PathBuf,
}

/// A store's sides as one.
struct Opened {
    _store: Arc<FileStore>,
    outgoing: Arc<dyn Store>,
    incoming: Arc<dyn Store>,
}

impl Folder {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let path = folder.path().join("s");
        Self { folder, path }
    }

    fn try_open(&self) -> Result<Opened, Error> {
        let store = FileStore::open(&self.path, "s", "me")?;
        let Stores { outgoing, incoming } = store.sides();
        let (outgoing, incoming) = (outgoing.expect("a file has both"), incoming.expect("a file has both"));
        Ok(Opened { _store: store, outgoing, incoming })
    }

    #[track_caller]
    fn open(&self) -> Opened {
        self.try_open().unwrap_or_else(|error| panic!("{error} ({:?})", error.cause))
    }

    /// As it is after `kill -9`: a copy of the file at this moment.
    fn killed(&self) -> Self {
        let other = Self::new();
        std::fs::copy(&self.path, &other.path).expect("files can be copied");
        other
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).expect("the folder is there");
        let mut names: Vec<_> =
            entries.map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    fn change(&self, change: impl FnOnce(&mut Vec<u8>)) {
        let mut bytes = std::fs::read(&self.path).expect("the store can be read");
        change(&mut bytes);
        std::fs::write(&self.path, bytes).expect("the store can be written");
    }
}

fn entry(id: u16, payload: impl Into<bytes::Bytes>) -> Entry {
    let publish =
        Publish { qos: QoS::ExactlyOnce, topic: "t".into(), id, payload: payload.into(), ..Publish::default() };
    Entry::new(0, publish, 0)
}

#[track_caller]
fn put(store: &dyn Store, id: u16) -> Key {
    store.put(entry(id, format!("payload {id}"))).expect("the store takes it")
}

#[track_caller]
fn ids(store: &dyn Store) -> Vec<u16> {
    store.entries().expect("the store can be read").iter().map(|entry| entry.publish.id).collect()
}

#[test]
fn what_was_put_in_is_there_after_a_kill_and_after_a_close() {
    let folder = Folder::new();
    let store = folder.open();
    let keys: Vec<_> = (1..=5).map(|id| put(&*store.outgoing, id)).collect();
    let mark = Change::Mark { key: keys[1], stage: Stage::Released, id: 2 };
    store.outgoing.apply(&[Change::Remove(keys[0]), mark, Change::Remove(keys[3])]).expect("written");
    store.incoming.apply(&[Change::Put(Entry { key: 9, ..entry(9, "in") })]).expect("written");
    let killed = folder.killed();
    drop(store);
    for folder in [&killed, &folder] {
        let store = folder.open();
        let entries = store.outgoing.entries().expect("readable");
        let left: Vec<_> = entries.iter().map(|entry| (entry.key, entry.publish.id, entry.stage)).collect();
        let wanted = [(keys[1], 2, Stage::Released), (keys[2], 3, Stage::Published), (keys[4], 5, Stage::Published)];
        assert_eq!(left, wanted);
        assert_eq!(ids(&*store.incoming), [9]);
        assert_eq!(put(&*store.outgoing, 6), 6, "keys go on");
    }
}

#[test]
fn a_kill_may_come_at_any_time() {
    let folder = Folder::new();
    let mut live = Vec::new();
    for round in 0..4u16 {
        let store = folder.open();
        for id in 0..40 {
            let id = round * 40 + id + 1;
            live.push((put(&*store.outgoing, id), id));
            if id % 3 == 0 {
                let (key, _) = live.remove(usize::from(id) % live.len());
                store.outgoing.apply(&[Change::Remove(key)]).expect("written");
            }
            if id % 17 == 0 {
                // Moves everything into the database.
                assert_eq!(ids(&*store.outgoing).len(), live.len());
            }
            if id % 9 == 0 {
                let killed = folder.killed();
                let wanted: Vec<_> = live.iter().map(|(_, id)| *id).collect();
                assert_eq!(ids(&*killed.open().outgoing), wanted, "at {id}");
            }
        }
    }
}

#[test]
fn more_than_the_front_part_holds_and_a_message_larger_than_it() {
    let folder = Folder::new();
    let store = folder.open();
    let keys: Vec<_> = (1..=300).map(|id| store.outgoing.put(entry(id, vec![7; 10_000])).expect("written")).collect();
    let large = store.outgoing.put(entry(301, vec![8; 3 << 20])).expect("written");
    let last = put(&*store.outgoing, 302);
    let removed: Vec<_> = keys.iter().map(|key| Change::Remove(*key)).collect();
    store.outgoing.apply(&removed).expect("written");
    let killed = folder.killed().open();
    let left: Vec<_> =
        killed.outgoing.entries().expect("readable").iter().map(|e| (e.key, e.publish.payload.len())).collect();
    assert_eq!(left, [(large, 3 << 20), (last, 11)]);
}

#[test]
fn a_store_has_one_client() {
    let folder = Folder::new();
    let store = folder.open();
    let error = folder.try_open().err().expect("it is in use");
    assert_eq!(error.message, "the store `s` is in use by another client or process");
    store.outgoing.close();
    assert!(store.outgoing.put(entry(1, "x")).is_err(), "its client has ended");
    let other = folder.open();
    assert!(store.outgoing.reopen().is_err());
    drop(other);
    store.outgoing.reopen().expect("free again");
    put(&*store.outgoing, 1);
    assert_eq!(folder.names(), ["s"]);
}

#[test]
fn another_client_identifier_starts_over() {
    let folder = Folder::new();
    let store = folder.open();
    let key = put(&*store.outgoing, 1);
    store.outgoing.apply(&[Change::Mark { key, stage: Stage::Released, id: 1 }]).expect("written");
    store.incoming.apply(&[Change::Put(Entry { key: 4, ..entry(4, "in") })]).expect("written");
    drop(store);
    let Stores { outgoing, incoming } = FileStore::open(&folder.path, "s", "other").expect("a store").sides();
    let (outgoing, incoming) = (outgoing.expect("both"), incoming.expect("both"));
    assert_eq!(outgoing.entries().expect("readable")[0].stage, Stage::Published);
    assert_eq!(ids(&*incoming), [0; 0]);
}

#[test]
fn what_is_no_store_is_left_as_it_is() {
    for text in ["a note that is longer than the first bytes of a store", "short", "mqttscript script\n"] {
        let folder = Folder::new();
        std::fs::write(&folder.path, text).expect("writable");
        let error = folder.try_open().err().expect("no store");
        assert_eq!(error.message, "the file `s` is not a store");
        assert_eq!(std::fs::read(&folder.path).expect("readable"), text.as_bytes());
        assert_eq!(folder.names(), ["s"]);
    }
}

/// A store with messages in the database and in the front part, as after a kill.
fn filled() -> Folder {
    let folder = Folder::new();
    let store = folder.open();
    for id in 1..=20 {
        put(&*store.outgoing, id);
    }
    assert_eq!(ids(&*store.outgoing).len(), 20, "now in the database");
    for id in 21..=40 {
        put(&*store.outgoing, id);
    }
    folder.killed()
}

#[track_caller]
fn expect_kept_aside(folder: &Folder) {
    let damaged = std::fs::read(&folder.path).expect("readable");
    let error = folder.try_open().err().expect("it is damaged");
    assert_eq!(error.message, "the store `s` is damaged and was kept as `s.damaged-1`");
    assert_eq!(folder.names(), ["s.damaged-1"]);
    let kept = std::fs::read(folder.folder.path().join("s.damaged-1")).expect("readable");
    assert!(kept.len() >= damaged.len().min(usize::try_from(DATABASE).expect("1 MiB")), "nothing was cut off");
    // The next start begins anew, and damage done to that is kept beside the first.
    drop(folder.open());
    folder.change(|bytes| bytes.truncate(100));
    assert!(folder.try_open().is_err());
    assert_eq!(folder.names(), ["s.damaged-1", "s.damaged-2"]);
}

#[test]
fn a_store_cut_short_is_kept_aside() {
    let length = std::fs::metadata(&filled().path).expect("readable").len();
    for left in [0, 7, 100, FRONT + 50, DATABASE, DATABASE + 5000, length / 2, length - 4096, length - 1] {
        let folder = filled();
        folder.change(|bytes| bytes.truncate(usize::try_from(left).expect("small")));
        expect_kept_aside(&folder);
    }
}

#[test]
fn a_store_with_zeros_or_noise_where_messages_are_is_kept_aside() {
    let front = usize::try_from(FRONT).expect("small");
    let database = usize::try_from(DATABASE).expect("small");
    let places = [
        512..520,
        1024..1036,
        front..front + 8,
        front + 100..front + 120,
        front..front + 4096,
        front + 4..front + 5,
        database..database + 4096,
        database + 4096..database + 40_000,
    ];
    for place in places {
        for noise in [false, true] {
            let folder = filled();
            let mut random = fastrand::Rng::with_seed(7);
            folder.change(|bytes| {
                bytes[place.clone()].iter_mut().for_each(|byte| *byte = if noise { random.u8(..) } else { 0 });
            });
            expect_kept_aside(&folder);
        }
    }
}

/// One changed byte somewhere: either nothing that counts was there, or it is noticed.
#[test]
fn no_damage_loses_a_message_without_a_word() {
    let whole = filled();
    let bytes = std::fs::read(&whole.path).expect("readable");
    let used: Vec<_> = (0..bytes.len()).filter(|at| bytes[*at] != 0).collect();
    let mut random = fastrand::Rng::with_seed(11);
    for _ in 0..25 {
        let at = used[random.usize(..used.len())];
        let folder = Folder::new();
        std::fs::write(&folder.path, &bytes).expect("writable");
        folder.change(|bytes| bytes[at] ^= 1 << random.u8(0..8));
        match folder.try_open() {
            Ok(store) => assert_eq!(ids(&*store.outgoing), (1..=40).collect::<Vec<_>>(), "byte {at}"),
            Err(error) => assert!(error.message.contains("s"), "{error}"),
        }
    }
}

#[test]
fn records_that_the_end_of_the_system_took_are_no_damage() {
    let folder = filled();
    folder.change(|bytes| {
        let (front, system) = (usize::try_from(FRONT).expect("small"), usize::try_from(SYSTEM).expect("small"));
        bytes[front + 200..front + 5000].fill(0);
        bytes[system] ^= 1;
    });
    let left = ids(&*folder.open().outgoing);
    assert!((20..40).contains(&left.len()), "{left:?}");
    assert_eq!(left, (1..=u16::try_from(left.len()).expect("few")).collect::<Vec<_>>());
}

#[test]
fn a_folder_or_a_path_that_cannot_be_is_an_error() {
    let folder = Folder::new();
    std::fs::create_dir(&folder.path).expect("makeable");
    assert!(folder.try_open().is_err());
    let missing = folder.folder.path().join("no/such/s");
    let error = FileStore::open(&missing, "no/such/s", "me").expect_err("no such folder");
    assert!(error.message.starts_with("cannot use the store `no/such/s`: "), "{error}");
}

#[test]
#[cfg(unix)]
fn a_device_is_no_store_and_stays_where_it_is() {
    let folder = Folder::new();
    std::os::unix::fs::symlink("/dev/null", &folder.path).expect("links can be made");
    assert_eq!(folder.try_open().err().expect("no store").message, "the file `s` is not a store");
    assert_eq!(folder.names(), ["s"]);
}

#[test]
fn what_a_kill_left_of_an_unfinished_store_is_used_up() {
    let folder = Folder::new();
    let path = with_suffix(&folder.path, ".new-store");
    std::fs::write(&path, vec![7; 10_000_000]).expect("writable");
    put(&*folder.open().outgoing, 1);
    assert_eq!(folder.names(), ["s"]);
    assert_eq!(ids(&*folder.open().outgoing), [1]);
}

#[test]
fn only_one_of_those_that_make_a_store_together_has_it() {
    for _ in 0..5 {
        let folder = Folder::new();
        let stores: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| folder.try_open())).collect();
            threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
        });
        assert!(stores.iter().filter(|store| store.is_ok()).count() <= 1);
        assert!(stores.iter().flat_map(|store| store.as_ref().err()).all(|error| error.message.contains("in use")));
        assert_eq!(folder.names(), ["s"]);
    }
}
