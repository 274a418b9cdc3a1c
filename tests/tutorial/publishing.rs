//! Publishing Messages.

use std::time::{Duration, Instant};

use rumqttc_v4::QoS;

use crate::support::broker::broker;
use crate::support::link::{Link, V4};
use crate::support::observer::{Message, Observer, publish};
use crate::support::peer::Peer;
use crate::{interrupt, tutorial};

/// A message of `testtopic`, as an observer sees it.
fn message(qos: u8, retain: bool) -> Message {
    let (topic, payload) = ("testtopic".into(), b"test message".to_vec());
    Message { topic, payload, qos, retain, dup: false, properties: None }
}

/// What an observer has seen of a program that is over.
fn seen(url: &str, observer: &Observer) -> Vec<Message> {
    publish(url, "over", "", 1, false);
    observer.until("over").into_iter().map(plain).collect()
}

/// Brokers may or may not attach an empty list of properties.
fn plain(message: Message) -> Message {
    Message { properties: None, ..message }
}

#[test]
fn publish_simple() {
    let broker = broker();
    let url = broker.url();
    let observer = Observer::subscribe(&url, "#", 2);
    tutorial("publish_simple").args([url.as_str(), "end"]).run();
    // A broker keeps the order of each QoS, not across them `[MQTT-4.6.0-6]`.
    let mut seen = seen(&url, &observer);
    seen.sort_by_key(|message| message.qos);
    assert_eq!(seen, [message(0, false), message(1, true)]);
}

#[test]
fn publish_simple_stays() {
    let peer = Peer::listen();
    let running = tutorial("publish_simple").arg(peer.url()).code(130).spawn();
    let mut link: Link<V4> = peer.accept();
    link.handshake();
    for (qos, retain) in [(QoS::AtMostOnce, false), (QoS::AtLeastOnce, true)] {
        let publish = link.take_publish();
        assert_eq!((publish.qos, publish.retain, publish.dup), (qos, retain, false));
        assert_eq!((&publish.topic[..], &publish.payload[..]), (&b"testtopic"[..], &b"test message"[..]));
    }
    interrupt(running);
    link.expect_goodbye();
}

#[test]
fn publish_retained() {
    let broker = broker();
    let url = broker.url();
    let observer = Observer::subscribe(&url, "#", 2);
    let running = tutorial("publish_retained").arg(&url).code(130).spawn();
    assert_eq!(plain(observer.due()), message(1, true));
    interrupt(running);
    // Who subscribes later gets it as retained.
    let late = Observer::subscribe(&url, "testtopic", 2);
    assert_eq!(plain(late.due()), message(1, true));
    assert_eq!(seen(&url, &observer), []);
}

#[test]
fn publish_when_connected() {
    let broker = broker();
    let url = broker.url();
    let observer = Observer::subscribe(&url, "#", 2);
    let mut running = tutorial("publish_when_connected").arg(&url).stdout("not connected yet\n").code(130).spawn();
    running.wait_for_line("not connected yet");
    interrupt(running);
    assert_eq!(seen(&url, &observer), []);

    let peer = Peer::listen();
    let running = tutorial("publish_when_connected").arg(peer.url()).stdout("not connected yet\n").code(130).spawn();
    let mut link: Link<V4> = peer.accept();
    link.handshake();
    interrupt(running);
    link.expect_goodbye();
}

#[test]
fn publish_interval() {
    const PERIOD: Duration = Duration::from_millis(100);
    let broker = broker();
    let url = broker.url();
    let observer = Observer::subscribe(&url, "#", 2);
    let start = Instant::now();
    let mut running = tutorial("publish_interval").arg(&url).arg(PERIOD.as_millis().to_string()).code(130).spawn();
    for count in 1..=3 {
        running.wait_for_line("publishing test message");
        assert!(start.elapsed() >= PERIOD * count, "number {count} came too early");
    }
    // The first may have come before the connection: then it is not published.
    assert_eq!(plain(observer.due()), message(1, true));
    running.signal(rustix::process::Signal::INT);
    let outcome = running.outcome();
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(130), ""), "{outcome}");
    assert!(outcome.stdout.lines().all(|line| line == "publishing test message"), "{outcome}");
    assert!(seen(&url, &observer).into_iter().all(|seen| seen == message(1, true)));
}
