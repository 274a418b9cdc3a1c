//! Links that fail as networks do, both ways: a program takes messages and sends each on, through a [`Proxy`]; who publishes
//! to it and who observes are at the broker itself.

use std::sync::Arc;
use std::time::Duration;

use rumqttc_v5::{Publish, QoS};

use crate::row::Row;
use crate::size::size;
use crate::stage::{Stage, follow};
use crate::support::broker::is_mosquitto;
use crate::support::observer::{publish, publish_all};
use crate::support::proxy::{Cut, Proxy, Visit, Weather};
use crate::support::script::Script;

/// Odd numbers come and go with QoS 2, even ones with QoS 1.
const RULE: &str = r#"
    let mqtt = require("mqtt");
    let c = mqtt.connect("BROKER", #{
        clientId: "rule", clean: false, keepalive: KEEPALIVE, connectTimeout: 5000, endTimeout: 60000,
        reconnectPeriod: #{min: 50, max: 400, factor: 2, jitter: 0.2} OPTIONS
    });
    let failed = 0;
    let connects = 0;
    c.on("connect", || { connects += 1; console.error("connected"); });
    c.on("error", || ());
    c.subscribe("in/#", #{qos: 2}, |error| console.log("subscribed", error));
    c.on("message", |topic, message, packet| {
        if topic == "in/end" { return c.end(|| console.log("over", failed, connects - 1)); }
        c.publish("out", message, #{qos: packet.qos}, |error| if error != () { failed += 1; });
    });
"#;

/// What mosquitto allows. It looks for a message among all that are under way, so that more of them make it slow.
const IN_FLIGHT: u16 = 1000;

/// Messages that may be at the broker and not observed yet. mosquitto 2.0 sends more than it should as soon as the first ones
/// are acknowledged, and gives their packet identifiers to others from 65,536 on, those that are in use too: then it calls the
/// answers a protocol error, on each new connection again.
const AHEAD: usize = 4000;

/// `reconnectPeriod` of the rule.
const LEAST: Duration = Duration::from_millis(50);
const MOST: Duration = Duration::from_millis(400);
const JITTER: f64 = 0.2;
/// What a busy machine may take longer than planned.
const SLACK: Duration = Duration::from_secs(5);

/// What happens to the link of a case.
#[derive(Debug, Clone, Copy)]
struct Course {
    name: &'static str,
    weather: Weather,
    /// Ends of the link while messages flow, one after the other.
    cuts: &'static [Cut],
    /// Each of them comes so often, before what was sent again can be acknowledged.
    times: usize,
    /// Attempts that are turned away after each.
    denials: u32,
    /// Of the program, seconds.
    keepalive: u16,
    messages: usize,
}

impl Course {
    fn new(name: &'static str) -> Self {
        Self {
            name,
            weather: Weather::FINE,
            cuts: &[],
            times: 1,
            denials: 0,
            keepalive: 60,
            messages: size().slow_messages,
        }
    }
}

/// A lost segment comes after the time that TCP waits before it sends it again.
const LOSSY: Weather =
    Weather { loss: 5, pause: (Duration::from_millis(200), Duration::from_millis(400)), ..Weather::FINE };
const SLOW: Weather = Weather { delay: Duration::from_millis(300), ..Weather::FINE };

#[test]
fn cut_in_order() {
    run(Course { cuts: &[Cut::Close], denials: 2, messages: size().messages, ..Course::new("cut (FIN)") });
}

#[test]
fn cut_with_a_reset() {
    run(Course { cuts: &[Cut::Reset], denials: 2, messages: size().messages, ..Course::new("cut (RST)") });
}

#[test]
fn half_open() {
    run(Course { cuts: &[Cut::HalfOpen], keepalive: 1, messages: size().messages, ..Course::new("half-open") });
}

#[test]
fn slow() {
    run(Course { weather: SLOW, ..Course::new("300 ms each way") });
}

#[test]
fn slow_and_cut() {
    // Twice, so that a message may be to blame: what was under way must not go out one by one for ever.
    let cuts = &[Cut::Reset, Cut::Close];
    run(Course { weather: SLOW, cuts, times: 2, denials: 1, ..Course::new("300 ms each way, cut twice each time") });
}

#[test]
fn lossy() {
    run(Course { weather: LOSSY, ..Course::new("5 % of segments lost at first") });
}

#[test]
fn one_byte_at_a_time() {
    run(Course { weather: Weather { segment: 1, ..Weather::FINE }, ..Course::new("1 byte per segment") });
}

#[test]
fn all_at_once() {
    let weather = Weather { delay: Duration::from_millis(50), segment: 40, ..LOSSY };
    let cuts = &[Cut::Close, Cut::HalfOpen, Cut::Reset];
    run(Course {
        weather,
        cuts,
        denials: 1,
        keepalive: 3,
        ..Course::new("50 ms, 5 % loss, 40 bytes per segment, cut")
    });
}

#[track_caller]
fn run(course: Course) {
    let total = course.messages;
    let stage = Stage::start(IN_FLIGHT);
    let proxy = Proxy::before(stage.broker.port());
    let text = RULE.replace("BROKER", &proxy.url()).replace("KEEPALIVE", &course.keepalive.to_string());
    // Only in version 5 mosquitto says how many messages of QoS 2 it takes at a time.
    let options = if is_mosquitto() { ", protocolVersion: 5, properties: #{sessionExpiryInterval: 99}" } else { "" };
    let text = text.replace("OPTIONS", options);
    let mut running = Script::new(text).timeout(size().patience()).spawn();
    running.wait_for_line("subscribed undefined");
    running.wait_for_error_line("connected");
    proxy.set(course.weather);
    let url = stage.broker.url();
    let tally = Arc::clone(&stage.tally);
    let messages = (0..total).inspect(move |number| tally.wait_for(number.saturating_sub(AHEAD))).map(message);
    let feeding = std::thread::spawn(move || publish_all(&url, messages));
    let faults = if course.cuts.is_empty() { 0 } else { size().faults };
    let marks = (1..=faults).map(|fault| total * fault / (faults + 1));
    let resident = follow(&stage.tally, &mut running, total, marks, |running, fault| {
        for _ in 0..course.times {
            proxy.deny(course.denials);
            proxy.cut(course.cuts[fault % course.cuts.len()]);
            running.wait_for_error_line("connected");
        }
    });
    feeding.join().expect("whoever feeds does not fail");
    publish(&stage.broker.url(), "in/end", "", 1, false);
    let words = running.wait_for_line("over [..]");
    let counts: Vec<usize> = words.split(' ').skip(1).map(|word| word.parse().expect("a count")).collect();
    let outcome = running.outcome();
    stage.finish();
    let (lost, again, late) = (stage.tally.lost(0..total), stage.tally.again(), stage.tally.late());
    let row = Row {
        scenario: course.name.into(),
        broker: stage.name().into(),
        sent: total,
        observed: stage.tally.observed(),
        lost: lost.len(),
        again: again.len(),
        reconnects: counts[1],
        longest_gap: stage.tally.longest_gap(),
        resident,
    };
    row.report();
    let twice: Vec<_> = again.iter().filter(|number| *number % 2 == 1).collect();
    let is_quiet = outcome.stderr.lines().all(|line| line == "connected");
    assert!(is_quiet && outcome.code == Some(0), "{outcome}");
    assert!(lost.is_empty(), "lost: {lost:?}\n{row}");
    assert!(twice.is_empty(), "QoS 2 came again: {twice:?}\n{row}");
    assert_eq!(counts[0], 0, "failed\n{row}");
    assert!(late.is_empty() || !stage.keeps_order(), "out of order: {late:?}\n{row}");
    // A busy machine may be late with the answer to a ping as well.
    assert!(counts[1] >= faults * course.times, "a cut went unnoticed\n{row}");
    if course.cuts.is_empty() {
        assert!(again.is_empty(), "the link was whole\n{row}");
    }
    keeps_to_the_policy(&proxy.visits(), course.keepalive);
}

fn message(number: usize) -> Publish {
    let qos = if number % 2 == 1 { QoS::ExactlyOnce } else { QoS::AtLeastOnce };
    Publish::new("in", qos, number.to_string(), None)
}

/// Not sooner than `reconnectPeriod` says, and not much later; `keepalive` seconds and half of that may pass before a link that
/// is half-open is given up.
#[track_caller]
fn keeps_to_the_policy(visits: &[Visit], keepalive: u16) {
    let mut denials = 0;
    let unnoticed = Duration::from_secs(keepalive.into()) * 3 / 2;
    for pair in visits.windows(2) {
        let [before, after] = pair else { unreachable!("windows of two") };
        let waited = after.began.saturating_duration_since(before.ended.expect("the next one came after its end"));
        denials = if before.denied { denials + 1 } else { 0 };
        let least = (LEAST * 2_u32.pow(denials)).min(MOST).mul_f64(1.0 - JITTER);
        let most = MOST.mul_f64(1.0 + JITTER) + unnoticed + SLACK;
        assert!(least <= waited && waited <= most, "waited {waited:?}, not {least:?} to {most:?}: {visits:#?}");
    }
}
