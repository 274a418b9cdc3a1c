//! Will settings Example.

use rumqttc_v4::{LastWill, QoS};

use crate::support::broker::broker;
use crate::support::link::{Link, V4};
use crate::support::observer::{Observer, publish};
use crate::support::peer::Peer;
use crate::support::script::Script;
use crate::{interrupt, tutorial};

fn last_will(url: &str) -> Script {
    tutorial("last_will").arg(url).stdout("connected\n")
}

#[test]
fn killed() {
    let broker = broker();
    let url = broker.url();
    let observer = Observer::subscribe(&url, "#", 2);
    let mut running = last_will(&url).spawn();
    running.wait_for_line("connected");
    assert_eq!(observer.all(), []);
    let outcome = running.kill9();
    assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str()), ("connected\n", ""));
    let will = observer.due();
    assert_eq!((will.topic.as_str(), will.text().as_str(), will.qos, will.retain), ("connected", "offline", 0, false));
}

#[test]
fn ended_and_interrupted() {
    let broker = broker();
    let url = broker.url();
    let observer = Observer::subscribe(&url, "#", 2);
    last_will(&url).arg("end").run();
    let mut running = last_will(&url).code(130).spawn();
    running.wait_for_line("connected");
    interrupt(running);
    publish(&url, "over", "", 1, false);
    assert_eq!(observer.until("over"), []);
}

/// The broker may have accepted already: without DISCONNECT it would publish the will.
#[test]
fn interrupted_before_the_broker_answered() {
    let peer = Peer::listen();
    let running = tutorial("last_will").arg(peer.url()).code(130).spawn();
    let mut link: Link<V4> = peer.accept();
    link.read_connect();
    interrupt(running);
    link.expect_goodbye();
}

#[test]
fn on_the_wire() {
    let peer = Peer::listen();
    let mut running = last_will(&peer.url()).code(130).spawn();
    let mut link: Link<V4> = peer.accept();
    let connect = link.handshake();
    assert!(connect.client_id.starts_with("mqttjs-will-"), "{connect:?}");
    assert_eq!(connect.last_will, Some(LastWill::new("connected", "offline", QoS::AtMostOnce, false)));
    running.wait_for_line("connected");
    interrupt(running);
    link.expect_goodbye();
}
