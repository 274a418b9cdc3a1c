//! Steady load for as long as it is told: one program publishes, another one takes every message, and neither grows.

use crate::row::{Row, resident};
use crate::size::size;
use crate::stage::Stage;
use crate::support::script::{Running, Script};

/// Prints `mark` when so many are over as `MARKS` says; a line of standard input ends it.
const PUBLISHER: &str = r#"
    let mqtt = require("mqtt");
    let c = mqtt.connect("BROKER", #{clientId: "publisher"});
    let next = 0;
    let over = 0;
    let failed = 0;
    let marks = [MARKS 0];
    let began = Date.now();
    let timer = setInterval(|| {
        // What is due by now: a late timer makes up for it.
        let due = (Date.now() - began) * RATE / 1000;
        while next < due {
            if next == TOTAL { return clearInterval(timer); }
            c.publish("out", "" + next, #{qos: 1}, |error| {
                over += 1;
                if error != () { failed += 1; }
                if over == marks[0] { console.log("mark"); marks.shift(); }
            });
            next += 1;
        }
    }, 5);
    process.stdin.once("line", |line| c.end(|| console.log("over", failed)));
"#;

/// Each message is the next one: nothing is missing, nothing comes twice.
const SUBSCRIBER: &str = r#"
    let mqtt = require("mqtt");
    let c = mqtt.connect("BROKER", #{clientId: "subscriber"});
    let next = 0;
    let odd = 0;
    c.on("message", |topic, message| {
        if topic == "out/end" { return c.end(|| console.log("over", next, odd)); }
        if message.toString() != "" + next { odd += 1; }
        next += 1;
    });
    c.subscribe("out/#", #{qos: 1}, |error| console.log("subscribed", error));
"#;

/// What a program may grow by between a tenth and all of the messages, KiB.
const GROWTH: u64 = 8 << 10;

#[test]
fn steady_load() {
    let total = size().soak_rate * usize::try_from(size().soak.as_secs()).expect("hours fit");
    let stage = Stage::start(u16::MAX);
    let mut subscriber = start(&stage, SUBSCRIBER);
    subscriber.wait_for_line("subscribed undefined");
    let marks = [total / 10, total / 2, total].map(|mark| format!("{mark}, ")).concat();
    let mut publisher = start(&stage, &PUBLISHER.replace("MARKS", &marks).replace("TOTAL", &total.to_string()));
    let (mut memory, mut memory_behind) = ([None; 3], [None; 3]);
    for (sample, sample_behind) in memory.iter_mut().zip(&mut memory_behind) {
        publisher.wait_for_line("mark");
        *sample = resident(publisher.id());
        *sample_behind = resident(subscriber.id());
    }
    publisher.stdin_line("end");
    publisher.wait_for_line("over 0");
    stage.finish();
    subscriber.wait_for_line(&format!("over {total} 0"));
    assert_eq!((publisher.outcome().code, subscriber.outcome().code), (Some(0), Some(0)));
    let (lost, again) = (stage.tally.lost(0..total), stage.tally.again());
    let row = Row {
        scenario: format!("{} messages a second for {} s, publisher", size().soak_rate, size().soak.as_secs()),
        broker: stage.name().into(),
        sent: total,
        observed: stage.tally.observed(),
        lost: lost.len(),
        again: again.len(),
        reconnects: 0,
        longest_gap: stage.tally.longest_gap(),
        resident: memory,
    };
    row.report();
    let row_behind = Row {
        scenario: row.scenario.replace("publisher", "subscriber"),
        broker: row.broker.clone(),
        resident: memory_behind,
        ..row
    };
    row_behind.report();
    assert!(lost.is_empty() && again.is_empty(), "{row}");
    for Row { resident: [early, _, late], scenario, .. } in [&row, &row_behind] {
        let grown = late.zip(*early).map_or(0, |(late, early)| late.saturating_sub(early));
        assert!(grown <= GROWTH, "{scenario}: {early:?} KiB became {late:?} KiB");
    }
}

fn start(stage: &Stage, text: &str) -> Running {
    let text = text.replace("BROKER", &stage.broker.url()).replace("RATE", &size().soak_rate.to_string());
    Script::new(text).timeout(size().patience()).spawn()
}
