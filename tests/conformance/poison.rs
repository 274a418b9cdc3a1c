//! Messages after which the broker closes the connection again and again.

use rumqttc_v4::{Packet, Publish, QoS};
use rumqttc_v5::{Disconnect, DisconnectReasonCode, QoS as QoS5};

use crate::prelude::script;
use crate::support::link::{Link, V4, V5};
use crate::support::packets::v4;
use crate::support::peer::Peer;
use crate::support::script::Running;

const WARNING: &str = "warning: a message was dropped: the broker closed the connection each time it was sent (topic `bad`, QoS QOS, 3 bytes)\n\
                       help: check that the broker allows this topic, and payloads of this size\n";

fn start(peer: &Peer, text: &str, stdout: &str, stderr: &str) -> Running {
    let text = format!(
        "let c = mqtt.connect(\"BROKER\", #{{reconnectPeriod: 10}});\n\
         fn tell(name) {{ |error, packet| {{ if error == () {{ console.log(name) }} else {{ console.log(name, error.message) }} }} }}\n{text}"
    );
    script(&peer.url(), &text).stdout(stdout).stderr(stderr).spawn()
}

fn accept(peer: &Peer) -> Link<V4> {
    let mut link = peer.accept();
    link.handshake();
    link
}

/// The next connection is careful: a ping shows first that the link carries anything.
fn accept_careful(peer: &Peer) -> Link<V4> {
    let mut link = accept(peer);
    link.expect(Packet::PingReq);
    link.send(Packet::PingResp);
    link
}

/// The next PUBLISH is this one, and the connection is closed on it.
#[track_caller]
fn close_on(mut link: Link<V4>, topic: &str, again: bool) {
    expect(&mut link, topic, again);
    link.close();
}

#[track_caller]
fn expect(link: &mut Link<V4>, topic: &str, again: bool) -> Publish {
    let publish = link.read_publish();
    assert_eq!((std::str::from_utf8(&publish.topic).expect("text"), publish.dup), (topic, again));
    publish
}

const DROPPED: &str = "Message dropped: the broker closed the connection each time it was sent";

#[test]
fn a_message_that_was_sent_again_twice_in_vain_is_dropped_and_the_others_go_on() {
    for qos in [1, 2] {
        let peer = Peer::listen();
        let text = format!(
            r#"
            c.publish("bad", "xyz", #{{qos: {qos}}}, tell("bad"));
            c.once("close", || {{ c.publish("good", "", #{{qos: {qos}}}, |error| {{ console.log("good", error, c.queued); c.end(); }}); }});
            "#
        );
        let stdout = format!("bad {DROPPED}\ngood undefined 0\n");
        let running = start(&peer, &text, &stdout, &WARNING.replace("QOS", &qos.to_string()));
        close_on(accept(&peer), "bad", false);
        // With others behind it, nobody can tell whose fault it is.
        let mut link = accept(&peer);
        expect(&mut link, "bad", true);
        expect(&mut link, "good", false);
        link.close();
        // So now they go one at a time.
        close_on(accept_careful(&peer), "bad", true);
        close_on(accept_careful(&peer), "bad", true);
        let mut link = accept_careful(&peer);
        assert_eq!(&link.take_publish().topic[..], b"good");
        link.expect_goodbye();
        running.finish();
    }
}

#[test]
fn alone_it_is_dropped_after_the_second_time_it_was_sent_again() {
    let peer = Peer::listen();
    let text = r#"c.publish("bad", "xyz", #{qos: 1}, |error| { console.log(error.message, error.code); c.end(); });"#;
    let running = start(&peer, text, &format!("{DROPPED} undefined\n"), &WARNING.replace("QOS", "1"));
    close_on(accept(&peer), "bad", false);
    close_on(accept(&peer), "bad", true);
    close_on(accept_careful(&peer), "bad", true);
    running.finish();
}

/// Never silently.
#[test]
fn without_a_callback_there_is_the_warning() {
    let peer = Peer::listen();
    let text = r#"c.publish("bad", "xyz", #{qos: 1}); c.on("message", || c.end());"#;
    let running = start(&peer, text, "", &WARNING.replace("QOS", "1"));
    close_on(accept(&peer), "bad", false);
    close_on(accept(&peer), "bad", true);
    close_on(accept_careful(&peer), "bad", true);
    let mut link = accept(&peer);
    link.send(v4::publish("end", QoS::AtMostOnce, 0, ""));
    link.expect_goodbye();
    running.finish();
}

#[test]
fn among_several_the_culprit_is_found_and_all_others_arrive_in_order() {
    let peer = Peer::listen();
    let text = r#"
        c.publish("a", "", #{qos: 1}, tell("a"));
        c.publish("bad", "xyz", #{qos: 1}, tell("bad"));
        c.publish("b", "", #{qos: 1}, tell("b"));
        c.on("connect", || c.publish("hello", ""));
        c.publish("c", "", #{qos: 1}, |error| { console.log("c", error); c.end(); });
    "#;
    let stdout = format!("a\nbad {DROPPED}\nb\nc undefined\n");
    let running = start(&peer, text, &stdout, &WARNING.replace("QOS", "1"));
    // The broker closes when it comes to the bad one; what it has not read by then is lost.
    let mut link = accept(&peer);
    expect(&mut link, "a", false);
    close_on(link, "bad", false);
    let mut link = accept(&peer);
    expect(&mut link, "a", true);
    close_on(link, "bad", true);
    // One at a time from here on: nothing follows before the acknowledgement, not even QoS 0.
    let mut link = accept_careful(&peer);
    let a = expect(&mut link, "a", true);
    link.send(v4::puback(a.pkid));
    close_on(link, "bad", true);
    close_on(accept_careful(&peer), "bad", true);
    let mut link = accept_careful(&peer);
    let mut seen = Vec::new();
    loop {
        match link.read() {
            Packet::Publish(publish) => {
                if publish.qos == QoS::AtLeastOnce {
                    seen.push(String::from_utf8_lossy(&publish.topic).into_owned());
                    link.send(v4::puback(publish.pkid));
                } else {
                    assert_eq!(seen, ["b", "c"], "the requests wait until all was sent again");
                }
            }
            Packet::Disconnect => break,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(seen, ["b", "c"]);
    running.finish();
}

#[test]
fn it_is_not_dropped_while_the_broker_restarts() {
    let peer = Peer::listen();
    let text = r#"
        c.on("connect", || console.log("connect"));
        c.on("error", |error| console.log(error.code));
        c.publish("bad", "xyz", #{qos: 1}, |error| { console.log(error); c.end(); });
    "#;
    let mut running = start(&peer, text, "", "");
    let mut peer = peer;
    // Each time it comes up, it goes down again on the message.
    for closes in [2, 1, 1] {
        for _ in 0..closes {
            let mut link = accept(&peer);
            assert_eq!(&link.read_publish().topic[..], b"bad");
            // What is refused from here on belongs to this round.
            running.wait_for_line("connect");
            link.close();
        }
        let address = peer.stop();
        running.wait_for_line("ECONNREFUSED");
        peer = Peer::listen_at(address);
    }
    let mut link = accept(&peer);
    let publish = expect(&mut link, "bad", true);
    link.send(v4::puback(publish.pkid));
    link.expect_goodbye();
    let outcome = running.outcome();
    let (refused, rest) = outcome.stdout.rsplit_once("ECONNREFUSED\n").expect("it was refused");
    // Reset: it waited to be accepted when the broker went down.
    assert!(refused.lines().all(|line| ["connect", "ECONNREFUSED", "ECONNRESET"].contains(&line)), "{outcome}");
    assert_eq!((rest, outcome.stderr.as_str(), outcome.code), ("connect\nundefined\n", "", Some(0)), "{outcome}");
}

#[test]
fn a_close_long_after_the_message_or_before_it_counts_for_nothing() {
    let peer = Peer::listen();
    let text = r#"c.publish("bad", "xyz", #{qos: 1}, |error| { console.log(error); c.end(); });"#;
    let running = start(&peer, text, "", "");
    close_on(accept(&peer), "bad", false);
    close_on(accept(&peer), "bad", true);
    // Refused, so nothing was sent.
    peer.accept().close();
    close_on(accept(&peer), "bad", true);
    peer.accept().close();
    let mut link = accept(&peer);
    let publish = expect(&mut link, "bad", true);
    link.send(v4::puback(publish.pkid));
    link.expect_goodbye();
    let outcome = running.outcome();
    assert_eq!((outcome.stdout.as_str(), outcome.code), ("undefined\n", Some(0)), "{outcome}");
    assert!(!outcome.stderr.contains("dropped"), "{outcome}");
}

#[test]
fn an_acknowledgement_after_the_first_time_ends_the_suspicion() {
    let peer = Peer::listen();
    let text = r#"
        c.publish("bad", "xyz", #{qos: 1}, tell("first"));
        c.on("message", || c.publish("bad", "xyz", #{qos: 1}, |error| { console.log(error); c.end(); }));
    "#;
    let running = start(&peer, text, "first\nundefined\n", "");
    close_on(accept(&peer), "bad", false);
    close_on(accept(&peer), "bad", true);
    let mut link = accept_careful(&peer);
    let publish = expect(&mut link, "bad", true);
    link.send(v4::puback(publish.pkid));
    link.send(v4::publish("again", QoS::AtMostOnce, 0, ""));
    close_on(link, "bad", false);
    close_on(accept(&peer), "bad", true);
    let mut link = accept_careful(&peer);
    let publish = expect(&mut link, "bad", true);
    link.send(v4::puback(publish.pkid));
    link.expect_goodbye();
    running.finish();
}

/// Connections that last only so long that something can be sent: it is the link that fails.
#[test]
fn it_is_not_dropped_while_the_link_fails_each_time_before_anything_can_be_answered() {
    for qos in [1, 2] {
        let peer = Peer::listen();
        let text = format!(
            r#"for name in ["a", "b"] {{ c.publish(name, "xyz", #{{qos: {qos}}}); }} c.publish("c", "", #{{qos: 1}}, |error| {{ console.log(error); c.end(); }});"#
        );
        let running = start(&peer, &text, "", "");
        for _ in 0..12 {
            let mut link = accept(&peer);
            // Or a ping.
            link.read();
            link.close();
        }
        let mut link = accept(&peer);
        let mut seen = Vec::new();
        loop {
            match link.read() {
                Packet::Publish(publish) => {
                    seen.push(String::from_utf8_lossy(&publish.topic).into_owned());
                    let id = publish.pkid;
                    link.send(if publish.qos == QoS::AtLeastOnce { v4::puback(id) } else { v4::pubrec(id) });
                }
                Packet::PubRel(pubrel) => link.send(v4::pubcomp(pubrel.pkid)),
                Packet::PingReq => link.send(Packet::PingResp),
                Packet::Disconnect => break,
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(seen, ["a", "b", "c"]);
        let outcome = running.outcome();
        assert_eq!((outcome.stdout.as_str(), outcome.code), ("undefined\n", Some(0)), "{outcome}");
        assert!(!outcome.stderr.contains("dropped"), "{outcome}");
    }
}

/// The broker took the message with PUBREC: what closes the connection is something else.
#[test]
fn a_released_message_is_never_to_blame() {
    let peer = Peer::listen();
    let text = r#"c.publish("a", "xyz", #{qos: 2}, |error| { console.log(error); c.end(); });"#;
    let running = start(&peer, text, "undefined\n", "");
    let mut link = accept(&peer);
    let id = expect(&mut link, "a", false).pkid;
    link.send(v4::pubrec(id));
    link.expect(v4::pubrel(id));
    link.close();
    for _ in 0..3 {
        let mut link = peer.accept();
        link.handshake_with(true);
        link.expect(v4::pubrel(id));
        link.close();
    }
    let mut link = peer.accept();
    link.handshake_with(true);
    link.expect(v4::pubrel(id));
    link.send(v4::pubcomp(id));
    link.expect_goodbye();
    let outcome = running.outcome();
    assert_eq!((outcome.stdout.as_str(), outcome.code), ("undefined\n", Some(0)), "{outcome}");
    assert!(!outcome.stderr.contains("dropped"), "{outcome}");
}

fn start_v5(peer: &Peer, stdout: &str, stderr: &str) -> Running {
    let text = r#"
        let c = mqtt.connect("BROKER", #{reconnectPeriod: 10, protocolVersion: 5});
        c.publish("bad", "xyz", #{qos: 1}, |error| { console.log(error == (), if error == () { 0 } else { error.code }); c.end(); });
    "#;
    script(&peer.url(), text).stdout(stdout).stderr(stderr).spawn()
}

fn disconnect(mut link: Link<V5>, reason_code: DisconnectReasonCode) {
    let publish = link.read_publish();
    assert_eq!(publish.qos, QoS5::AtLeastOnce);
    link.send(rumqttc_v5::Packet::Disconnect(Disconnect { reason_code, properties: None }));
    link.close();
}

fn accept_v5(peer: &Peer) -> Link<V5> {
    let mut link = peer.accept_v5();
    link.handshake();
    link
}

#[test]
fn a_reason_that_names_the_message_counts_from_the_first_time_on() {
    for (reason, code) in [
        (DisconnectReasonCode::TopicNameInvalid, 144),
        (DisconnectReasonCode::PacketTooLarge, 149),
        (DisconnectReasonCode::PayloadFormatInvalid, 153),
    ] {
        let peer = Peer::listen();
        let running = start_v5(&peer, &format!("false {code}\n"), &WARNING.replace("QOS", "1"));
        disconnect(accept_v5(&peer), reason);
        let mut link = accept_v5(&peer);
        link.expect(rumqttc_v5::Packet::PingReq);
        link.send(rumqttc_v5::Packet::PingResp);
        disconnect(link, reason);
        running.finish();
    }
}

#[test]
fn a_reason_that_is_about_something_else_never_counts() {
    for reason in [
        DisconnectReasonCode::ServerShuttingDown,
        DisconnectReasonCode::ServerBusy,
        DisconnectReasonCode::AdministrativeAction,
        DisconnectReasonCode::KeepAliveTimeout,
    ] {
        let peer = Peer::listen();
        let running = start_v5(&peer, "true 0\n", "");
        for _ in 0..5 {
            disconnect(accept_v5(&peer), reason);
        }
        let mut link = accept_v5(&peer);
        link.take_publish();
        link.expect_goodbye();
        let outcome = running.outcome();
        assert_eq!((outcome.stdout.as_str(), outcome.code), ("true 0\n", Some(0)), "{outcome}");
        assert!(!outcome.stderr.contains("dropped"), "{outcome}");
    }
}
