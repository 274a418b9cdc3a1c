//! Final Script Example, as it was meant and as it was printed. The interval is shorter than the page's 5 s.

use std::time::{Duration, Instant};

use rumqttc_v4::{QoS, SubscribeFilter};

use crate::subscribing::list_and_object;
use crate::support::broker::broker;
use crate::support::link::{Link, V4};
use crate::support::observer::{Observer, publish};
use crate::support::packets::v4;
use crate::support::peer::Peer;
use crate::tutorial;

const BEFORE: &str = "connected flag  false\nsubscribing to topics\nend of script\nconnected  true\n";
const PUBLISHING: &str = "publishing test message\n";
const RECEIVED: &str = "message is test message\ntopic is testtopic\n";

/// Long enough to be connected by then, also on a busy machine.
const PERIOD: &str = "500";

#[test]
fn final_example() {
    let broker = broker();
    let url = broker.url();
    let script = || tutorial("final_example").args([url.as_str(), PERIOD]);
    let start = Instant::now();
    script().stdout([BEFORE, PUBLISHING, RECEIVED, PUBLISHING, RECEIVED].concat()).run();
    assert!(start.elapsed() >= Duration::from_secs(1), "two periods");
    // Now the message is retained: it comes once more.
    script().stdout([BEFORE, RECEIVED, PUBLISHING, RECEIVED, PUBLISHING, RECEIVED].concat()).run();
}

#[test]
fn final_example_as_printed() {
    let broker = broker();
    let url = broker.url();
    let observer = Observer::subscribe(&url, "#", 2);
    tutorial("final_example_as_printed")
        .args([url.as_str(), PERIOD])
        .stdout([BEFORE, PUBLISHING, RECEIVED, PUBLISHING].concat())
        .run();
    publish(&url, "over", "", 1, false);
    let seen = observer.until("over");
    assert_eq!(seen.len(), 1, "the second one is not sent: {seen:#?}");
    assert_eq!((seen[0].topic.as_str(), seen[0].text().as_str()), ("testtopic", "test message"));
    assert_eq!((seen[0].qos, seen[0].retain), (1, true));
}

/// Reads the tutorial's publication, sends it back as a broker does, and acknowledges it last.
fn echo(link: &mut Link<V4>, id: u16) {
    let published = link.read_publish();
    assert_eq!((published.qos, published.retain, published.dup), (QoS::AtLeastOnce, true, false));
    assert_eq!((&published.topic[..], &published.payload[..]), (&b"testtopic"[..], &b"test message"[..]));
    link.send(v4::publish("testtopic", QoS::AtLeastOnce, id, "test message"));
    link.expect(v4::puback(id));
    link.send(v4::puback(published.pkid));
}

#[test]
fn the_order_on_the_wire() {
    let peer = Peer::listen();
    let running = tutorial("final_example")
        .args([peer.url().as_str(), PERIOD])
        .stdout([BEFORE, PUBLISHING, RECEIVED, PUBLISHING, RECEIVED].concat())
        .spawn();
    let mut link: Link<V4> = peer.accept();
    assert_eq!(link.handshake().client_id, "mqttjs01");
    let [list, object] = list_and_object();
    assert_eq!(link.grant(), [SubscribeFilter::new("testtopic".into(), QoS::AtLeastOnce)]);
    assert_eq!(link.grant(), list);
    assert_eq!(link.grant(), object);
    echo(&mut link, 1);
    echo(&mut link, 2);
    link.expect_goodbye();
    running.finish();
}

/// MQTT.js waits 10 ms between the last acknowledgement and DISCONNECT, which is what lets a program see its own
/// message when the broker acknowledges first.
#[test]
fn a_message_right_after_the_last_acknowledgement_is_received() {
    let peer = Peer::listen();
    let running = tutorial("final_example").args([peer.url().as_str(), PERIOD]).spawn();
    let mut link: Link<V4> = peer.accept();
    link.handshake();
    for _ in 0..3 {
        link.grant();
    }
    link.take_publish();
    let last = link.read_publish();
    let acknowledged = Instant::now();
    link.send(v4::puback(last.pkid));
    link.send(v4::publish("testtopic", QoS::AtMostOnce, 0, "test message"));
    link.expect_goodbye();
    assert!(acknowledged.elapsed() >= Duration::from_millis(10));
    drop(running.outcome());
}
