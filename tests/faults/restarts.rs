//! The broker goes and comes back while a program publishes 4,000 messages a second.

use std::collections::HashMap;

use rumqttc_v4::{Packet, PubRel, Publish, QoS};

use crate::row::{Row, resident};
use crate::size::size;
use crate::stage::Stage;
use crate::support::broker::is_mosquitto;
use crate::support::link::{Dialect, Link, V4};
use crate::support::packets::v4;
use crate::support::peer::Peer;
use crate::support::script::{Running, Script};
use crate::tally::Tally;

/// 40 messages each 10 ms. Prints `mark` when so many are over as `MARKS` says, and `over` for a line of standard input;
/// what happens to the connection goes to standard error, as nobody waits for each of it.
const PUBLISHER: &str = r#"
    let mqtt = require("mqtt");
    let c = mqtt.connect("BROKER", #{clientId: "publisher", reconnectPeriod: 50, OPTIONS});
    let next = 0;
    let over = 0;
    let failed = 0;
    let connects = 0;
    let marks = [MARKS 0];
    c.on("connect", || { connects += 1; console.error("connected"); });
    c.on("error", |error| if error.code == "ECONNREFUSED" { console.error("refused"); });
    let timer = setInterval(|| {
        for i in 0..40 {
            if next == TOTAL { return clearInterval(timer); }
            c.publish("out", "" + next, #{qos: QOS}, |error| {
                over += 1;
                if error != () { failed += 1; }
                if over == marks[0] { console.log("mark"); marks.shift(); }
            });
            next += 1;
        }
    }, 10);
    process.stdin.once("line", |line| c.end(|| console.log("over", failed, connects - 1)));
"#;

#[test]
fn a_broker_restarts_clean_sessions() {
    restarts("clean: true", 1);
}

#[test]
fn a_broker_restarts_kept_sessions() {
    restarts("clean: false", 1);
}

#[test]
fn a_broker_restarts_kept_sessions_qos_2() {
    restarts("clean: false", 2);
}

#[track_caller]
fn restarts(options: &str, qos: u8) {
    match qos {
        _ if !is_mosquitto() => scripted(options, qos),
        1 => real(options, qos),
        // Only in version 5 it says how many messages of QoS 2 it takes at a time. Below it acknowledges those that are too
        // many, drops them, and closes the connection.
        _ => real(&format!("{options}, protocolVersion: 5, properties: #{{sessionExpiryInterval: 99}}"), qos),
    }
}

/// Messages of a case. After a restart mosquitto 2.0.11 still has some of QoS 2 that were complete, and takes the next message with
/// the same identifier for one of them: identifiers are not to come around.
fn total(qos: u8) -> usize {
    if qos == 2 && is_mosquitto() { size().messages.min(60_000) } else { size().messages }
}

fn publisher(url: &str, options: &str, qos: u8) -> Running {
    let text = PUBLISHER.replace("BROKER", url).replace("OPTIONS", options);
    let marks: String = marks(total(qos)).into_iter().map(|(count, _)| format!("{count}, ")).collect();
    let text = text.replace("TOTAL", &total(qos).to_string()).replace("MARKS", &marks);
    Script::new(text.replace("QOS", &qos.to_string())).timeout(size().patience()).spawn()
}

/// What happens when so many messages are over, in order: the broker goes, or the program's memory is looked at.
fn marks(total: usize) -> Vec<(usize, Mark)> {
    let faults = size().faults;
    let restarts = (1..=faults).map(|restart| (total * restart / (faults + 1), Mark::Restart));
    // Not at one of the others.
    let samples =
        [total / 10, total / 2 + 1, total].into_iter().enumerate().map(|(place, at)| (at, Mark::Sample(place)));
    let mut marks: Vec<_> = restarts.chain(samples).collect();
    marks.sort_unstable();
    marks
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    Restart,
    Sample(usize),
}

/// The rest of a run and its row. With QoS 2 nothing may come twice where the session lives.
#[track_caller]
fn close(options: &str, qos: u8, broker: &str, mut running: Running, tally: &Tally, row: Row) {
    let total = total(qos);
    running.stdin_line("end");
    let words = running.wait_for_line("over [..]");
    let counts: Vec<usize> = words.split(' ').skip(1).map(|word| word.parse().expect("a count")).collect();
    let outcome = running.outcome();
    assert_eq!(outcome.code, Some(0), "{outcome}");
    let (lost, again) = (tally.lost(0..total), tally.again());
    let row = Row {
        scenario: format!("broker restarts, {options}, QoS {qos}"),
        broker: broker.into(),
        sent: total,
        observed: tally.observed(),
        lost: lost.len(),
        again: again.len(),
        reconnects: counts[1],
        longest_gap: tally.longest_gap(),
        ..row
    };
    row.report();
    assert!(lost.is_empty(), "lost {lost:?}\n{row}");
    assert_eq!(counts[0], 0, "failed\n{row}");
    // mosquitto orders as it likes, and forgets what it has sent to whom.
    let late = tally.late();
    assert!(late.is_empty() || is_mosquitto(), "out of order: {late:?}\n{row}");
    assert_eq!(counts[1], size().faults, "not a reconnect for each restart\n{row}");
    assert!(qos == 1 || is_mosquitto() || again.is_empty(), "QoS 2 came again: {again:?}\n{row}");
}

/// What mosquitto allows: a version 5 client is told, as its Receive Maximum.
const IN_FLIGHT: u16 = 20;

/// With mosquitto: stopped in order, as only then it writes down what it acknowledged.
#[track_caller]
fn real(options: &str, qos: u8) {
    let mut stage = Stage::start(IN_FLIGHT);
    let mut running = publisher(&stage.broker.url(), options, qos);
    let mut memory = [None; 3];
    for (_, mark) in marks(total(qos)) {
        running.wait_for_line("mark");
        match mark {
            Mark::Sample(place) => memory[place] = resident(running.id()),
            Mark::Restart => {
                stage.broker.stop();
                running.wait_for_error_line("refused");
                stage.broker.start_again();
                running.wait_for_error_line("connected");
            }
        }
    }
    stage.finish();
    close(options, qos, stage.name(), running, &stage.tally, Row { resident: memory, ..Row::default() });
}

/// With a scripted peer: what it has acknowledged is what it has, down to the packet at which it goes.
#[track_caller]
fn scripted(options: &str, qos: u8) {
    let mut peer = Peer::listen();
    let mut running = publisher(&peer.url(), options, qos);
    let tally = Tally::default();
    let mut session = Session::default();
    let (mut memory, mut marks, mut restarts) = ([None; 3], marks(total(qos)).into_iter().peekable(), 0);
    loop {
        let mut link = peer.accept();
        let connect = link.read_connect();
        let present = restarts > 0 && !connect.clean_session;
        link.send(V4::connack(present));
        running.wait_for_error_line("connected");
        if !present {
            session = Session::default();
        }
        let mut goes = || {
            while let Some((_, mark)) = marks.next_if(|(count, _)| *count <= tally.observed()) {
                match mark {
                    Mark::Sample(place) => memory[place] = resident(running.id()),
                    Mark::Restart => return true,
                }
            }
            if tally.observed() == total(qos) {
                running.stdin_line("end");
            }
            false
        };
        if session.serve(&mut link, &tally, &mut goes) {
            break;
        }
        restarts += 1;
        let address = peer.stop();
        if restarts % 2 == 0 {
            link.close()
        } else {
            link.reset()
        }
        running.wait_for_error_line("refused");
        peer = Peer::listen_at(address);
    }
    close(options, qos, "scripted peer", running, &tally, Row { resident: memory, ..Row::default() });
}

/// Packets that are taken before the link goes, and not answered. Fewer than messages of QoS 2 are under way at a time.
const UNANSWERED: usize = 15;

/// What a broker keeps of a client: messages under way, by identifier, which may not be given to another one meanwhile.
#[derive(Debug, Default)]
struct Session(HashMap<u16, String>);

impl Session {
    /// Takes messages until DISCONNECT (true), or, once `goes` says so, some more without an answer.
    #[track_caller]
    fn serve(&mut self, link: &mut Link<V4>, tally: &Tally, goes: &mut impl FnMut() -> bool) -> bool {
        let mut unanswered = 0;
        while unanswered < UNANSWERED {
            unanswered += usize::from(unanswered > 0 || goes());
            let answers = unanswered == 0;
            let answer = match link.read() {
                Packet::Publish(publish) => self.take(&publish, tally, answers),
                Packet::PubRel(PubRel { pkid }) => {
                    self.0.remove(&pkid);
                    v4::pubcomp(pkid)
                }
                Packet::Disconnect => return true,
                other => panic!("no client sends {other:?}"),
            };
            if answers {
                link.send(answer);
            }
        }
        false
    }

    #[track_caller]
    fn take(&mut self, publish: &Publish, tally: &Tally, answers: bool) -> Packet {
        let (id, number) = (publish.pkid, String::from_utf8_lossy(&publish.payload).into_owned());
        let held = self.0.insert(id, number.clone());
        assert!(held.as_ref().is_none_or(|held| *held == number), "identifier {id} was in use");
        // A message of QoS 2 is known by its identifier until it is released.
        if publish.qos == QoS::AtLeastOnce || held.is_none() {
            let is_new = tally.take(&number);
            assert!(is_new || publish.dup, "{number} came again without DUP");
        }
        match publish.qos {
            QoS::ExactlyOnce => v4::pubrec(id),
            _ => {
                if answers {
                    self.0.remove(&id);
                }
                v4::puback(id)
            }
        }
    }
}
