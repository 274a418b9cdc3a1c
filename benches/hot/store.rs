//! A message into a store file and out of it again.

use bytes::Bytes;
use divan::Bencher;
use mqttscript::mqtt::packet::{Publish, QoS};
use mqttscript::mqtt::store::Change;
use mqttscript::mqtt::store::entry::Entry;
use mqttscript::mqtt::store::file::FileStore;

fn entry() -> Entry {
    let publish = Publish {
        topic: Bytes::from_static(b"sensors/kitchen/temperature"),
        payload: Bytes::from_static(&[b'x'; 64]),
        qos: QoS::AtLeastOnce,
        id: 7,
        ..Publish::default()
    };
    Entry::new(0, publish, 0)
}

/// What `client.publish` waits for, and what an acknowledgement costs: the front part of the file.
#[divan::bench]
fn putting_and_removing(bencher: Bencher) {
    let folder = tempfile::tempdir().expect("a folder for the store");
    let store = FileStore::open(&folder.path().join("bench.store"), "bench.store", "bench").expect("a new store");
    let side = store.sides().outgoing.expect("a store has this side");
    let entry = entry();
    bencher.bench_local(|| {
        let key = side.put(entry.clone()).expect("there is room");
        side.apply(&[Change::Remove(key)]).expect("it was put in");
    });
}
