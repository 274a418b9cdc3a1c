use rumqttc_v4::QoS;
use rustix::process::Signal;

use crate::store_file::{END, Place, expect_again};
use crate::support::link::{Link, V4};
use crate::support::packets::v4;
use crate::support::peer::Peer;

/// Publishes one QoS 2 message and is killed at a stage of its exchange; returns its identifier.
pub fn killed_at(place: &Place, stage: u8) -> u16 {
    let peer = Peer::listen();
    let text = r#"CLIENT c.publish("t", "x", #{qos: 2}, || console.log("done")); c.wait("never");"#;
    let mut running = place.script(&peer.url(), "", text).spawn();
    let mut link = peer.accept();
    link.handshake();
    let id = link.read_publish().pkid;
    if stage >= 1 {
        link.send(v4::pubrec(id));
        link.expect(v4::pubrel(id));
    }
    if stage >= 2 {
        link.send(v4::pubcomp(id));
        // Written before anything that was sent later is answered.
        link.send(v4::publish("a", QoS::ExactlyOnce, 1, ""));
        link.expect(v4::pubrec(1));
    }
    running.signal(Signal::KILL);
    running.outcome();
    id
}

#[test]
fn killed_before_pubrec_the_message_comes_again() {
    for session in [true, false] {
        let (place, peer) = (Place::new(), Peer::listen());
        let id = killed_at(&place, 0);
        let running = place.script(&peer.url(), "", END).spawn();
        let mut link = peer.accept();
        link.handshake_with(session);
        assert_eq!(expect_again(&mut link, "t", QoS::ExactlyOnce), id);
        link.send(v4::pubrec(id));
        link.expect(v4::pubrel(id));
        link.send(v4::pubcomp(id));
        link.expect_goodbye();
        running.finish();
        place.expect_left(&[]);
    }
}

#[test]
fn killed_after_pubrec_only_pubrel_comes_again() {
    let (place, peer) = (Place::new(), Peer::listen());
    let id = killed_at(&place, 1);
    let running = place.script(&peer.url(), "", END).spawn();
    let mut link = peer.accept();
    link.handshake_with(true);
    link.expect(v4::pubrel(id));
    link.send(v4::pubcomp(id));
    link.expect_goodbye();
    running.finish();
    place.expect_left(&[]);
}

#[test]
fn killed_after_pubrec_and_without_the_session_it_is_published_anew() {
    let (place, peer) = (Place::new(), Peer::listen());
    let id = killed_at(&place, 1);
    let mut running = place.script(&peer.url(), "", END).spawn();
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(expect_again(&mut link, "t", QoS::ExactlyOnce), id);
    running.signal(Signal::KILL);
    running.outcome();
    // That it starts over was written down: the broker may have a session now that knows nothing of a release.
    let running = place.script(&peer.url(), "", END).spawn();
    let mut link = peer.accept();
    link.handshake_with(true);
    assert_eq!(expect_again(&mut link, "t", QoS::ExactlyOnce), id);
    link.send(v4::pubrec(id));
    link.expect(v4::pubrel(id));
    link.send(v4::pubcomp(id));
    link.expect_goodbye();
    running.finish();
}

#[test]
fn killed_after_pubcomp_nothing_comes_again() {
    let (place, peer) = (Place::new(), Peer::listen());
    killed_at(&place, 2);
    let running = place.script(&peer.url(), "", END).spawn();
    let mut link = peer.accept();
    link.handshake_with(true);
    link.expect_goodbye();
    running.finish();
}

const LISTEN: &str = r#"
    CLIENT
    c.on("message", |topic, message| {
        console.log(topic, "" + message);
        if topic == "stop" { c.end(); }
        if topic == "stuck" { console.log("waits"); c.wait("never"); }
    });
"#;

/// Receives a QoS 2 message as number 5, and is killed before (0) or after (1) its release was answered.
fn received_and_killed(place: &Place, name: &str, released: bool) {
    let peer = Peer::listen();
    let mut running = place.script(&peer.url(), "", LISTEN).spawn();
    let mut link = peer.accept();
    link.handshake();
    link.send(v4::publish(name, QoS::ExactlyOnce, 5, "x"));
    link.expect(v4::pubrec(5));
    if released {
        link.send(v4::pubrel(5));
        if name == "stuck" {
            running.wait_for_line("waits");
        } else {
            link.expect(v4::pubcomp(5));
        }
    }
    running.signal(Signal::KILL);
    running.outcome();
}

/// Goes on with the session and ends it.
fn listen_again(place: &Place, stdout: &str, session: bool, act: impl FnOnce(&mut Link<V4>)) {
    let peer = Peer::listen();
    let running = place.script(&peer.url(), "", LISTEN).stdout(stdout).spawn();
    let mut link = peer.accept();
    link.handshake_with(session);
    act(&mut link);
    link.send(v4::publish("stop", QoS::AtMostOnce, 0, ""));
    link.expect_goodbye();
    running.finish();
}

fn release(link: &mut Link<V4>) {
    link.send(v4::pubrel(5));
    link.expect(v4::pubcomp(5));
}

#[test]
fn an_incoming_message_that_was_received_is_delivered_when_it_is_released_after_a_kill() {
    let place = Place::new();
    received_and_killed(&place, "in", false);
    listen_again(&place, "in x\nstop \n", true, release);
}

#[test]
fn an_incoming_message_that_comes_again_after_a_kill_is_delivered_once() {
    let place = Place::new();
    received_and_killed(&place, "in", false);
    listen_again(&place, "in x\nstop \n", true, |link| {
        link.send(v4::publish("in", QoS::ExactlyOnce, 5, "x"));
        link.expect(v4::pubrec(5));
        release(link);
    });
}

#[test]
fn an_incoming_message_that_was_handled_is_not_delivered_again_after_a_kill() {
    let place = Place::new();
    received_and_killed(&place, "in", true);
    listen_again(&place, "stop \n", true, release);
}

#[test]
fn an_incoming_message_whose_callbacks_had_not_returned_is_delivered_again_after_a_kill() {
    let place = Place::new();
    received_and_killed(&place, "stuck", true);
    let peer = Peer::listen();
    let mut running = place.script(&peer.url(), "", LISTEN).spawn();
    let mut link = peer.accept();
    link.handshake_with(true);
    link.send(v4::pubrel(5));
    running.wait_for_line("stuck x");
    running.kill9();
}

#[test]
fn an_incoming_message_of_a_session_that_is_gone_is_not_delivered() {
    let place = Place::new();
    received_and_killed(&place, "in", false);
    listen_again(&place, "stop \n", false, release);
    // Nor if a session is there again later.
    listen_again(&place, "stop \n", true, release);
}
