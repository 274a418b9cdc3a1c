//! A broker, and behind it an independent observer with a session of its own that lasts.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use crate::row::{Resident, resident};
use crate::support::broker::{Broker, is_mosquitto};
use crate::support::observer::{Following, publish};
use crate::support::script::Running;
use crate::tally::{END, Tally};

/// Where scripts publish their numbers: `out/QOS`.
const FILTER: &str = "out/#";
const OBSERVER: &str = "observer";

/// See the module.
#[derive(Debug)]
pub struct Stage {
    /// What the observer has seen.
    pub tally: Arc<Tally>,
    // Goes before the broker does.
    _observer: Observer,
    /// The broker; a stop and a start again lose nothing with mosquitto.
    pub broker: Broker,
}

/// Dropped, it goes. Not looked at: what it sees goes to the tally.
#[derive(Debug)]
#[expect(dead_code, reason = "they are there to be dropped")]
enum Observer {
    /// With mosquitto, none of the code here.
    MosquittoSub(Kept),
    /// With the embedded broker.
    Following(Following),
}

/// A process that is killed when it is dropped.
#[derive(Debug)]
struct Kept(Child);

impl Drop for Kept {
    fn drop(&mut self) {
        // Both fail only if it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Stage {
    /// Starts both; from now on nothing is missed. With mosquitto, `in_flight` messages may be under way to or from each client.
    #[track_caller]
    pub fn start(in_flight: u16) -> Self {
        let broker = Broker::start_lasting(in_flight);
        let tally = Arc::new(Tally::default());
        let observer = if is_mosquitto() {
            Observer::MosquittoSub(mosquitto_sub(broker.port(), &tally))
        } else {
            let seen = Arc::clone(&tally);
            let take = move |message: crate::support::observer::Message| {
                seen.take(&message.text());
            };
            Observer::Following(Following::session(&broker.url(), OBSERVER, FILTER, 2, take))
        };
        Self { tally, _observer: observer, broker }
    }

    /// What the table calls it.
    pub fn name(&self) -> &'static str {
        if is_mosquitto() { "mosquitto, mosquitto_sub" } else { "embedded, raw observer" }
    }

    /// Whether the observer is sent messages in the order in which the broker took them. mosquitto lets some overtake those that
    /// wait for room, where it limits how many are under way.
    pub fn keeps_order(&self) -> bool {
        !is_mosquitto()
    }

    /// Waits until all that was published before has been observed.
    #[track_caller]
    pub fn finish(&self) {
        publish(&self.broker.url(), "out/end", END, 2, false);
        self.tally.wait_for_end();
    }
}

#[track_caller]
fn mosquitto_sub(port: u16, tally: &Arc<Tally>) -> Kept {
    let command = || {
        let mut command = Command::new("mosquitto_sub");
        let port = port.to_string();
        command.args(["-p", &port, "-c", "-i", OBSERVER, "-q", "2", "-t", FILTER, "-F", "%p"]);
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        command
    };
    // Leaves when its subscription was granted; the session stays.
    let status = command().arg("-E").status().expect("mosquitto_sub is installed");
    assert!(status.success(), "mosquitto_sub -E: {status}");
    let mut child = command().stderr(Stdio::null()).spawn().expect("mosquitto_sub is installed");
    let lines = BufReader::new(child.stdout.take().expect("stdout is piped")).lines();
    let seen = Arc::clone(tally);
    std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            seen.take(&line);
        }
        seen.give_up("mosquitto_sub ended".into());
    });
    Kept(child)
}

/// Does `act` whenever a mark is reached, and gives the program's memory at a tenth, half and all of `total`.
#[track_caller]
pub fn follow(
    tally: &Tally,
    running: &mut Running,
    total: usize,
    marks: impl IntoIterator<Item = usize>,
    mut act: impl FnMut(&mut Running, usize),
) -> [Resident; 3] {
    let samples = [total / 10, total / 2, total];
    let marks =
        marks.into_iter().map(|mark| (mark, None)).chain(samples.into_iter().zip(0..).map(|(at, n)| (at, Some(n))));
    let mut marks: Vec<(usize, Option<usize>)> = marks.collect();
    marks.sort_unstable();
    let mut memory = [None; 3];
    let mut acts = 0;
    for (mark, sample) in marks {
        tally.wait_for(mark);
        match sample {
            Some(number) => memory[number] = resident(running.id()),
            None => {
                act(running, acts);
                acts += 1;
            }
        }
    }
    memory
}
