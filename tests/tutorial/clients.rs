//! Connection to Multiple Brokers, and the questions Q1, Q2, Q3 and Q5.

use rumqttc_v4::{QoS, SubscribeFilter};
use rustix::process::Signal;

use crate::support::broker::broker;
use crate::support::link::{Link, V4};
use crate::support::observer::publish;
use crate::support::packets::v4;
use crate::support::peer::Peer;
use crate::{interrupt, tutorial};

#[test]
fn two_brokers() {
    let (one, two) = (broker(), broker());
    let mut running = tutorial("two_brokers").args([one.url(), two.url()]).spawn();
    let mut lines = [running.next_line(), running.next_line()];
    running.signal(Signal::INT);
    let outcome = running.outcome();
    lines.sort();
    assert_eq!(lines, ["1 connected", "2 connected"]);
    assert_eq!((outcome.code, outcome.stdout.len(), outcome.stderr.as_str()), (Some(130), 24, ""), "{outcome}");
}

#[test]
fn two_brokers_on_the_wire() {
    let (one, two) = (Peer::listen(), Peer::listen());
    let mut running =
        tutorial("two_brokers").args([one.url(), two.url()]).stdout("1 connected\n2 connected\n").code(130).spawn();
    let mut links: [Link<V4>; 2] = [one.accept(), two.accept()];
    let ids = links.each_mut().map(|link| link.read_connect().client_id);
    assert!(ids.iter().all(|id| id.starts_with("mqttjs-")), "{ids:?}");
    for (link, line) in links.iter_mut().zip(["1 connected", "2 connected"]) {
        link.connack();
        running.wait_for_line(line);
    }
    interrupt(running);
    links.iter_mut().for_each(Link::<V4>::expect_goodbye);
}

const OWN: &str = "connected\nmessage is test message\ntopic is testtopic/own\n";

#[test]
fn publish_and_subscribe() {
    let broker = broker();
    tutorial("publish_and_subscribe").arg(broker.url()).stdout(OWN).run();
}

#[test]
fn publish_and_subscribe_use_one_connection() {
    let peer = Peer::listen();
    let running = tutorial("publish_and_subscribe").arg(peer.url()).stdout(OWN).spawn();
    let mut link: Link<V4> = peer.accept();
    link.handshake();
    assert_eq!(link.grant(), [SubscribeFilter::new("testtopic/own".into(), QoS::AtLeastOnce)]);
    let published = link.take_publish();
    assert_eq!((&published.topic[..], published.qos), (&b"testtopic/own"[..], QoS::AtLeastOnce));
    link.send(v4::publish("testtopic/own", QoS::AtMostOnce, 0, published.payload));
    link.expect_goodbye();
    running.finish();
}

#[test]
fn reconnect() {
    let mut broker = broker();
    let url = broker.url();
    let mut running = tutorial("reconnect")
        .arg(&url)
        .stdout("connected\nmessage is before\ntopic is testtopic\nconnected\nmessage is after\ntopic is testtopic\n")
        // One line for the outage, which begins with a reset if the broker closed before it had read the last PUBACK.
        .stderr(format!("warning: [..] to {url} ([..]), trying again every 1 s[..]\n"))
        .code(130)
        .spawn();
    // Retained: it waits for the subscription, of which nothing else can be seen.
    running.wait_for_line("connected");
    publish(&url, "testtopic", "before", 1, true);
    running.wait_for_line("topic is testtopic");
    broker.stop();
    running.wait_for_error_line("warning: [..]trying again every 1 s[..]");
    broker.start_again();
    publish(&url, "testtopic", "after", 1, true);
    running.wait_for_line("topic is testtopic");
    interrupt(running);
}

#[test]
fn reconnect_subscribes_once_per_connection() {
    let peer = Peer::listen();
    let mut running = tutorial("reconnect").arg(peer.url()).stdout("connected\nconnected\n").code(130).spawn();
    for _ in 0..2 {
        let mut link: Link<V4> = peer.accept();
        assert_eq!(link.handshake().client_id, "mqttjs01");
        assert_eq!(link.grant(), [SubscribeFilter::new("testtopic".into(), QoS::AtLeastOnce)]);
        running.wait_for_line("connected");
        // Whatever came after that SUBSCRIBE would be ahead of this answer.
        link.send(v4::publish("other", QoS::AtLeastOnce, 1, ""));
        link.expect(v4::puback(1));
        link.close();
    }
    drop(running.kill9());
}

#[test]
fn same_client_id() {
    let broker = broker();
    let mut running = tutorial("same_client_id").args([broker.url().as_str(), "50"]).spawn();
    for _ in 0..2 {
        running.wait_for_error_line("help: [..]");
    }
    running.signal(Signal::INT);
    let outcome = running.outcome();
    let warning = "warning: the broker keeps closing the connection of `mqttjs01`: probably another client uses this id\n\
                   help: give each client an id of its own, for example `clientId: \"name-\" + Math.floor(Math.random() * \
                   10000)`\n";
    assert_eq!((outcome.code, outcome.stderr), (Some(130), warning.repeat(2)));
    for line in ["1 connected", "2 connected"] {
        assert!(outcome.stdout.lines().filter(|seen| *seen == line).count() >= 2, "{}", outcome.stdout);
    }
    assert!(outcome.stdout.lines().all(|line| ["1 connected", "2 connected"].contains(&line)), "{}", outcome.stdout);
}
