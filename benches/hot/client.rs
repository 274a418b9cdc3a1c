//! The session, filters by topic, packet identifiers.

use std::sync::Arc;

use bytes::Bytes;
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use mqttscript::mqtt::command::{Answer, Request};
use mqttscript::mqtt::event::Delivery;
use mqttscript::mqtt::filter_tree::FilterTree;
use mqttscript::mqtt::ids::PacketIds;
use mqttscript::mqtt::packet::{Ack, Connack, PacketId, Publish, QoS, Version};
use mqttscript::mqtt::queue::Queue;
use mqttscript::mqtt::session::Session;

/// Messages of one batch.
const BATCH: PacketId = 100;
/// The connection they come on.
const CONNECTION: u32 = 1;

fn message(qos: QoS, id: PacketId) -> Publish {
    Publish {
        topic: Bytes::from_static(b"sensors/kitchen/temperature"),
        payload: Bytes::from_static(&[b'x'; 64]),
        qos,
        id,
        ..Publish::default()
    }
}

fn session() -> Session {
    let mut session = Session::new(Version::V311, PacketIds::starting_after(0), true, Arc::default());
    session.start_receiving(None);
    session.connected(&Connack::default(), false);
    session
}

/// A batch arrives; QoS 1 is acknowledged when the program is done with it.
#[divan::bench(args = [0, 1])]
fn receiving(bencher: Bencher, qos: u8) {
    let qos = QoS::from_number(qos).expect("a quality of service");
    let mut session = session();
    bencher.counter(ItemsCount::new(BATCH)).bench_local(|| {
        let (mut events, mut out) = (Vec::new(), Vec::new());
        for id in 1..=BATCH {
            session.on_publish(message(qos, id), 95, CONNECTION, &mut events, &mut out).expect("the window is large");
        }
        if qos == QoS::AtLeastOnce {
            for id in 1..=BATCH {
                let delivery = Delivery { id, qos, connection: CONNECTION };
                session.acknowledge(delivery, Answer::Handled(0), CONNECTION, &mut out);
            }
        }
        (events, out)
    });
}

/// A batch goes out with QoS 1 and is acknowledged.
#[divan::bench]
fn publishing(bencher: Bencher) {
    let ids = PacketIds::starting_after(0);
    let queue = Arc::new(Queue::default());
    let mut session = Session::new(Version::V311, ids.clone(), true, Arc::clone(&queue));
    session.connected(&Connack::default(), false);
    bencher.counter(ItemsCount::new(BATCH)).bench_local(|| {
        let mut events = Vec::new();
        for token in 1..=u64::from(BATCH) {
            let packet = message(QoS::AtLeastOnce, ids.take().expect("a free identifier"));
            queue.add(packet.payload.len());
            session.publish(Request { token: Some(token), packet });
        }
        while let Some(outgoing) = session.next(&mut events) {
            let mqttscript::mqtt::packet::Packet::Publish(publish) = outgoing.packet else { continue };
            session.on_puback(Ack::success(publish.id), 2, &mut events);
        }
        assert_eq!(events.len(), usize::from(BATCH));
        events
    });
}

/// The filters of a topic among many.
#[divan::bench(args = [1, 100, 10_000])]
fn matching(bencher: Bencher, count: usize) {
    let mut tree = FilterTree::default();
    (0..count).for_each(|index| tree.insert(&format!("device/{index}/+/state"), index));
    let topics: Vec<_> = (0..100).map(|index| format!("device/{}/lamp/state", index % count)).collect();
    bencher
        .counter(ItemsCount::new(topics.len()))
        .bench_local(|| topics.iter().map(|topic| tree.matching(black_box(topic)).len()).sum::<usize>());
}

/// An identifier taken and given back while others stay in use.
#[divan::bench(args = [0, 1000, 65_000])]
fn identifiers(bencher: Bencher, in_use: usize) {
    let ids = PacketIds::lowest_first();
    (0..in_use).for_each(|_| assert!(ids.take().is_some()));
    bencher.bench_local(|| {
        let id = ids.take().expect("not all are in use");
        ids.give_back(id);
    });
}
