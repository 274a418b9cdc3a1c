//! `kill -9` of the program under load: what it has accepted is in its store, and arrives.

use rustix::process::Signal;
use tempfile::TempDir;

use crate::row::{Row, resident};
use crate::size::size;
use crate::stage::Stage;
use crate::support::broker::is_mosquitto;
use crate::support::script::{Running, Script};

const CLIENT: &str = r#"
    let mqtt = require("mqtt");
    let c = mqtt.connect("BROKER", #{clientId: "publisher", clean: false, reconnectPeriod: 50, store: STORE OPTIONS});
    c.on("error", || ());
"#;

/// Numbers from `FIRST` on, odd ones with QoS 2; each is printed when its `publish` has returned.
const LOAD: &str = r#"
    let next = FIRST;
    setInterval(|| {
        for i in 0..40 {
            c.publish("out", "" + next, #{qos: 1 + next % 2});
            console.log(next);
            next += 1;
        }
    }, 10);
"#;

/// Sends what is left.
const DRAIN: &str = r#"c.on("connect", || c.end());"#;

/// The numbers of one run end below those of the next.
const RUN: usize = 1_000_000;

#[test]
fn kills_of_a_program_with_a_store() {
    let stage = Stage::start(20);
    let place = tempfile::tempdir().expect("a temporary folder can be made");
    let mut random = fastrand::Rng::with_seed(7);
    let kills = size().kills;
    let (mut accepted, mut memory) = (Vec::new(), [None; 3]);
    for run in 0..kills {
        let text = LOAD.replace("FIRST", &(run * RUN).to_string());
        let mut running = start(&stage, &place, &text);
        for _ in 0..random.usize(1..size().between_kills) {
            running.next_line();
        }
        for (sample, at) in memory.iter_mut().zip([kills / 10, kills / 2, kills - 1]) {
            if run == at {
                *sample = resident(running.id());
            }
        }
        running.signal(Signal::KILL);
        let outcome = running.outcome();
        assert_eq!(outcome.stderr, "", "run {run}");
        // The last line may be cut off.
        let whole = outcome.stdout.rfind('\n').map_or("", |end| &outcome.stdout[..end]);
        accepted.extend(whole.lines().map(|line| line.parse::<usize>().expect("a number")));
    }
    start(&stage, &place, DRAIN).finish();
    stage.finish();
    let (lost, again, late) = (stage.tally.lost(accepted.iter().copied()), stage.tally.again(), stage.tally.late());
    let row = Row {
        scenario: format!("kill -9, {kills} times, store"),
        broker: stage.name().into(),
        sent: accepted.len(),
        observed: stage.tally.observed(),
        lost: lost.len(),
        again: again.len(),
        reconnects: kills,
        longest_gap: stage.tally.longest_gap(),
        resident: memory,
    };
    row.report();
    let twice: Vec<_> = again.iter().filter(|number| *number % 2 == 1).collect();
    assert!(lost.is_empty(), "lost: {lost:?}\n{row}");
    assert!(twice.is_empty(), "QoS 2 came again: {twice:?}\n{row}");
    assert!(late.is_empty() || !stage.keeps_order(), "out of order: {late:?}\n{row}");
    // One of each run may be accepted and not be printed any more, with all that were made in the same turn.
    assert!(row.observed <= row.sent + 40 * kills, "{row}");
}

fn start(stage: &Stage, place: &TempDir, text: &str) -> Running {
    // Only in version 5 mosquitto says how many messages of QoS 2 it takes at a time.
    let options = if is_mosquitto() { ", protocolVersion: 5, properties: #{sessionExpiryInterval: 99}" } else { "" };
    let store = format!("{:?}", place.path().join("store"));
    let client = CLIENT.replace("BROKER", &stage.broker.url()).replace("STORE", &store).replace("OPTIONS", options);
    Script::new(format!("{client}\n{text}")).flag("--allow-write").timeout(size().patience()).spawn()
}
