//! PUBLISH from bytes and to bytes.

use bytes::{Bytes, BytesMut};
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use mqttscript::mqtt::codec::{decode, encode};
use mqttscript::mqtt::packet::{Packet, Publish, QoS, Version};

/// Packets of one batch.
const BATCH: usize = 100;

const CASES: [(Version, usize); 4] =
    [(Version::V311, 64), (Version::V311, 1024), (Version::V5, 64), (Version::V5, 1024)];

fn publish(size: usize) -> Packet {
    Packet::Publish(Publish {
        topic: Bytes::from_static(b"sensors/kitchen/temperature"),
        payload: vec![b'x'; size].into(),
        qos: QoS::AtLeastOnce,
        id: 7,
        ..Publish::default()
    })
}

#[divan::bench(args = CASES)]
fn encoding(bencher: Bencher, (version, size): (Version, usize)) {
    let packet = publish(size);
    bencher.counter(ItemsCount::new(BATCH)).with_inputs(|| BytesMut::with_capacity(BATCH * (size + 64))).bench_values(
        |mut out| {
            for _ in 0..BATCH {
                let length = encode(black_box(&packet), version, &mut out);
                assert!(length.is_ok());
            }
            out
        },
    );
}

#[divan::bench(args = CASES)]
fn decoding(bencher: Bencher, (version, size): (Version, usize)) {
    let mut bytes = BytesMut::new();
    for _ in 0..BATCH {
        encode(&publish(size), version, &mut bytes).expect("the packet fits this version");
    }
    bencher.counter(ItemsCount::new(BATCH)).with_inputs(|| bytes.clone()).bench_values(|mut bytes| {
        let mut count = 0;
        while let Ok(Some(frame)) = decode(&mut bytes, version, usize::MAX) {
            black_box(frame);
            count += 1;
        }
        assert_eq!(count, BATCH);
    });
}
