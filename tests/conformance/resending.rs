use std::collections::{HashMap, HashSet};

use rumqttc_v4::{Packet, QoS};
use rumqttc_v5::{PubComp, PubCompReason, QoS as QoS5};

use crate::prelude::{expecting, prints, script, serve_to_the_end, traced};
use crate::support::packets::{v4, v5};
use crate::support::peer::Peer;

const FOUR: &str = r#"
    let client = mqtt.connect("BROKER", #{protocolVersion: VERSION, clean: CLEAN, clientId: "me", reconnectPeriod: 10});
    for name in ["1", "2", "3", "4"] {
        let name = name;
        let qos = if name == "4" { 2 } else { 1 };
        client.publish("a", name, #{qos: qos}, |error| console.log(name, error));
    }
    client.once("close", || client.publish("a", "5", #{qos: 1}, || client.end()));
"#;

fn four(version: u8, clean: bool) -> String {
    FOUR.replace("VERSION", &version.to_string()).replace("CLEAN", &clean.to_string())
}

/// The first connection: all four are sent, 2 is acknowledged, 4 is received.
fn first(peer: &Peer) -> Vec<u16> {
    let mut link = peer.accept();
    link.handshake();
    let ids: Vec<u16> = (0..4).map(|_| link.read_publish().pkid).collect();
    link.send(v4::puback(ids[1]));
    link.send(v4::pubrec(ids[3]));
    link.expect(v4::pubrel(ids[3]));
    link.close();
    ids
}

fn again(payload: &str, qos: QoS, id: u16) -> Packet {
    let mut packet = v4::publish("a", qos, id, payload);
    if let Packet::Publish(publish) = &mut packet {
        publish.dup = true;
    }
    packet
}

#[test]
fn a_present_session_goes_on_with_the_same_ids_in_call_order_and_dup_set() {
    let peer = Peer::listen();
    let running =
        script(&peer.url(), &four(4, false)).stdout("2 undefined\n1 undefined\n3 undefined\n4 undefined\n").spawn();
    let ids = first(&peer);
    let mut link = peer.accept();
    link.handshake_with(true);
    link.expect(again("1", QoS::AtLeastOnce, ids[0]));
    link.expect(again("3", QoS::AtLeastOnce, ids[2]));
    link.expect(v4::pubrel(ids[3]));
    let fifth = link.read_publish();
    assert_eq!((&fifth.payload[..], fifth.dup), (&b"5"[..], false));
    link.send(v4::puback(ids[0]));
    link.send(v4::puback(ids[2]));
    link.send(v4::pubcomp(ids[3]));
    link.send(v4::puback(fifth.pkid));
    link.expect_goodbye();
    running.finish();
}

#[test]
fn without_the_session_everything_is_published_anew_also_what_was_released() {
    for clean in [true, false] {
        let peer = Peer::listen();
        let running =
            script(&peer.url(), &four(4, clean)).stdout("2 undefined\n1 undefined\n3 undefined\n4 undefined\n").spawn();
        let ids = first(&peer);
        let mut link = peer.accept();
        link.handshake();
        link.expect(again("1", QoS::AtLeastOnce, ids[0]));
        link.expect(again("3", QoS::AtLeastOnce, ids[2]));
        link.expect(again("4", QoS::ExactlyOnce, ids[3]));
        let fifth = link.read_publish();
        link.send(v4::puback(ids[0]));
        link.send(v4::puback(ids[2]));
        link.send(v4::pubrec(ids[3]));
        link.expect(v4::pubrel(ids[3]));
        link.send(v4::pubcomp(ids[3]));
        link.send(v4::puback(fifth.pkid));
        link.expect_goodbye();
        running.finish();
    }
}

/// "This is not an error during recovery": the broker completed it and its PUBCOMP was lost with the connection.
#[test]
fn a_pubcomp_for_an_id_that_the_broker_forgot_is_a_success_after_a_reconnect() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER", #{protocolVersion: 5, clean: false, clientId: "me", reconnectPeriod: 10});
        client.publish("a", "1", #{qos: 2}, |error| { console.log(error); client.end(); });
    "#;
    let running = script(&peer.url(), text).stdout("undefined\n").spawn();
    let mut link = peer.accept_v5();
    link.handshake();
    let id = link.read_publish().pkid;
    link.send(v5::pubrec(id));
    link.expect(v5::pubrel(id));
    link.close();
    let mut link = peer.accept_v5();
    link.handshake_with(true);
    link.expect(v5::pubrel(id));
    let forgotten = PubComp { pkid: id, reason: PubCompReason::PacketIdentifierNotFound, properties: None };
    link.send(rumqttc_v5::Packet::PubComp(forgotten));
    link.expect_goodbye();
    running.finish();
}

#[test]
fn a_new_process_goes_on_with_the_session_the_broker_has() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER", #{protocolVersion: 5, clean: false, clientId: "me"});
        client.on("connect", |connack| {
            console.log(connack.sessionPresent);
            client.publish("out", "x", #{qos: 1}, |error| console.log(error));
        });
        client.on("message", |topic, message, packet| {
            console.log(topic, packet.dup);
            if topic == "last" { client.end(); }
        });
    "#;
    let running = script(&peer.url(), text).stdout("true\nkept true\nundefined\nlast false\n").spawn();
    let mut link = peer.accept_v5();
    assert!(!link.handshake_with(true).connect.clean_start);
    // Left over from the earlier process: a release, a message, and an answer to a message nobody remembers.
    link.send(v5::pubrel(3));
    let mut kept = v5::publish("kept", QoS5::AtLeastOnce, 4, "x");
    if let rumqttc_v5::Packet::Publish(publish) = &mut kept {
        publish.dup = true;
    }
    link.send(v5::puback(5));
    link.send(kept);
    let (mut published, mut acknowledged, mut completed) = (None, false, false);
    while published.is_none() || !acknowledged || !completed {
        match link.read() {
            rumqttc_v5::Packet::PubComp(ack) => completed = ack.pkid == 3,
            rumqttc_v5::Packet::Publish(publish) => published = Some(publish.pkid),
            rumqttc_v5::Packet::PubAck(ack) => acknowledged = ack.pkid == 4,
            other => panic!("nobody asked for {other:?}"),
        }
    }
    link.send(v5::puback(published.expect("the loop ended")));
    link.send(v5::publish("last", QoS5::AtMostOnce, 0, ""));
    link.expect_goodbye();
    running.finish();
}

/// A broker that is killed in the middle of the traffic, with messages it has read and not acknowledged, and
/// acknowledgements that do not arrive.
#[test]
fn no_message_is_lost_when_the_broker_restarts_under_load() {
    const COUNT: usize = 3000;
    for clean in [true, false] {
        let mut peer = Peer::listen();
        let text = r#"
            let client = mqtt.connect("BROKER", #{clean: CLEAN, clientId: "me", reconnectPeriod: 10});
            client.on("error", || ());
            let next = 0;
            let calls = 0;
            let failed = 0;
            let timer = set_interval(|| {
                for i in 0..20 {
                    if next == COUNT { return clear_interval(timer); }
                    client.publish("a", "" + next, #{qos: 1 + next % 2}, |error| {
                        calls += 1;
                        if error != () { failed += 1; }
                        if calls == COUNT { client.end(|| console.log(calls, failed, client.queued)); }
                    });
                    next += 1;
                }
            }, 2);
        "#;
        let text = text.replace("CLEAN", &clean.to_string()).replace("COUNT", &COUNT.to_string());
        let running = script(&peer.url(), &text).stdout(format!("{COUNT} 0 0\n")).spawn();
        // What the broker has accepted: its session (QoS 2) dies with it.
        let mut received = HashMap::<String, usize>::new();
        for life in 0..3 {
            let mut link = peer.accept();
            link.handshake();
            let mut session = HashSet::new();
            let mut packets = 0;
            loop {
                let packet = link.read();
                packets += 1;
                match packet {
                    Packet::Publish(publish) => {
                        let name = String::from_utf8_lossy(&publish.payload).into_owned();
                        let id = publish.pkid;
                        if publish.qos == QoS::AtLeastOnce {
                            *received.entry(name).or_default() += 1;
                            // Every seventh acknowledgement is the one that the kill swallows.
                            if life == 2 || packets % 7 > 0 {
                                link.send(v4::puback(id));
                            }
                        } else {
                            if session.insert(id) {
                                *received.entry(name).or_default() += 1;
                            }
                            link.send(v4::pubrec(id));
                        }
                    }
                    Packet::PubRel(pubrel) => {
                        session.remove(&pubrel.pkid);
                        link.send(v4::pubcomp(pubrel.pkid));
                    }
                    Packet::PingReq => link.send(Packet::PingResp),
                    Packet::Disconnect => break,
                    other => panic!("no client sends {other:?}"),
                }
                if life < 2 && packets == 900 {
                    break;
                }
            }
            if life < 2 {
                let address = peer.stop();
                link.reset();
                peer = Peer::listen_at(address);
            }
        }
        running.finish();
        let lost: Vec<usize> = (0..COUNT).filter(|n| !received.contains_key(&n.to_string())).collect();
        assert!(lost.is_empty(), "lost with clean {clean}: {lost:?}");
    }
}

/// T19, T34: order kept, DUP set, `connect` first, one SUBSCRIBE for what was held.
#[test]
fn what_was_not_acknowledged_goes_out_again() {
    let peer = Peer::listen();
    let mut running = traced(
        &peer,
        "reconnectPeriod: 20",
        r#"c.subscribe("held", #{qos: 1}, |error| {
            for i in 1..4 { let k = i; c.publish("q", "" + k, #{qos: 1}, |error| console.log("acknowledged", k)); }
        });"#,
    );
    let mut link = peer.accept();
    link.handshake();
    link.grant();
    let first: Vec<_> = (0..3).map(|_| link.read_publish()).collect();
    link.close();
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(link.grant()[0].path, "held");
    for publish in first {
        assert!(!publish.dup);
        link.expect(Packet::Publish(rumqttc_v4::Publish { dup: true, ..publish.clone() }));
        link.send(v4::puback(publish.pkid));
    }
    prints(
        &mut running,
        "connect connected
        offline
        close reconnecting
        reconnect reconnecting
        connect connected
        acknowledged 1
        acknowledged 2
        acknowledged 3",
    );
    running.kill9();
}

/// `removeOutgoingMessage`: neither sent nor sent again.
#[test]
fn what_was_removed_is_not_sent_again() {
    for qos in [1, 2] {
        let peer = Peer::listen();
        let text = r#"
            let c = mqtt.connect("BROKER", #{reconnectPeriod: 1});
            c.publish("gone", "", #{qos: QOS}, |error| console.log(error.message));
            let id = c.getLastMessageId();
            c.once("close", || { c.removeOutgoingMessage(id); c.publish("kept", "", #{qos: QOS}, || c.end()); });
        "#
        .replace("QOS", &qos.to_string());
        let mut running = expecting(&peer, "Message removed\n", &text);
        let mut link = peer.accept();
        link.handshake();
        link.read_publish();
        link.close();
        let mut link = peer.accept();
        link.read_connect();
        // The new connection may be quicker than the script that hears of the old one's end.
        running.wait_for_line("Message removed");
        link.connack();
        assert_eq!(serve_to_the_end(&mut link), [format!("publish kept {qos}")]);
        running.finish();
    }
}

/// T34: in order, the same ids, DUP set (MQTT.js does not set it), and `connect` does not wait for them.
#[test]
fn three_go_out_again_in_order() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{reconnectPeriod: 1, clean: false, clientId: "me"});
        for name in ["1", "2", "3"] { let name = name; c.publish("a", name, #{qos: 1}, || console.log(name)); }
        let connects = 0;
        c.on("connect", || { connects += 1; if connects == 2 { console.log("connect"); c.publish("a", "new"); c.end(); } });
    "#;
    let running = expecting(&peer, "connect\n1\n2\n3\n", text);
    let mut link = peer.accept();
    link.handshake();
    let ids: Vec<u16> = (0..3).map(|_| link.read_publish().pkid).collect();
    link.close();
    let mut link = peer.accept();
    link.handshake_with(true);
    for (payload, id) in ["1", "2", "3"].into_iter().zip(&ids) {
        link.expect(again(payload, QoS::AtLeastOnce, *id));
    }
    // None is acknowledged yet.
    assert_eq!(&link.read_publish().payload[..], b"new");
    for id in ids {
        link.send(v4::puback(id));
    }
    link.expect_goodbye();
    running.finish();
}

/// T34: after PUBREC only PUBREL goes out again `[MQTT-4.4.0-1]`.
#[test]
fn a_pubrel_goes_out_again() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{reconnectPeriod: 1, clean: false, clientId: "me"});
        c.publish("a", "x", #{qos: 2}, |error, packet| { console.log(error, packet.cmd); c.end(); });
    "#;
    let running = expecting(&peer, "undefined pubrel\n", text);
    let mut link = peer.accept();
    link.handshake();
    let id = link.read_publish().pkid;
    link.send(v4::pubrec(id));
    link.expect(v4::pubrel(id));
    link.close();
    let mut link = peer.accept();
    link.handshake_with(true);
    link.expect(v4::pubrel(id));
    link.send(v4::pubcomp(id));
    link.expect_goodbye();
    running.finish();
}

/// A forced end is the end: nothing goes out again, and the callback has an error.
#[test]
fn nothing_goes_out_again_after_a_forced_end() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{reconnectPeriod: 60000});
        c.publish("a", "x", #{qos: 1}, |error| console.log(error.message));
        c.on("close", || c.end(true));
    "#;
    let running = expecting(&peer, "Connection closed\n", text);
    let mut link = peer.accept();
    link.handshake();
    link.read_publish();
    link.close();
    running.finish();
    peer.expect_nobody(std::time::Duration::from_millis(1));
}

/// QoS 0 that was handed to the socket is not sent again, whether it arrived or not.
#[test]
fn qos_0_goes_out_once() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{reconnectPeriod: 1});
        c.publish("zero", "", |error| console.log(error));
        c.publish("one", "", #{qos: 1}, || c.end());
    "#;
    let running = expecting(&peer, "undefined\n", text);
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(&link.read_publish().topic[..], b"zero");
    assert_eq!(&link.read_publish().topic[..], b"one");
    link.close();
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(serve_to_the_end(&mut link), ["publish one 1"]);
    running.finish();
}
