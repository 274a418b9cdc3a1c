use std::io::Write;

use rumqttc_v4::{Packet, QoS};

use crate::prelude::script;
use crate::support::link::{Link, V4};
use crate::support::packets::v4;
use crate::support::peer::Peer;
use crate::support::script::Running;

/// Three messages of each QoS whose callbacks say so, then a message that ends the program.
fn busy(peer: &Peer, options: &str) -> Running {
    let text = format!(
        r#"
        let c = mqtt.connect("BROKER", #{{reconnectPeriod: 20{options}}});
        c.on("error", |error| console.log("error " + error.message));
        c.on("message", |topic| if topic == "the end" {{ c.end(); }});
        let send = |qos, number| {{
            c.publish("q" + qos, "" + number, #{{qos: qos}}, |error| console.log("q" + qos, number, error));
        }};
        for qos in 1..=2 {{
            for number in 1..=3 {{ send.call(qos, number); }}
        }}
        "#
    );
    script(&peer.url(), &text).spawn()
}

/// The identifiers of the six messages, in call order.
fn take_six(link: &mut Link<V4>) -> Vec<u16> {
    (0..6).map(|_| link.read_publish().pkid).collect()
}

fn end(link: &mut Link<V4>) {
    link.send(v4::publish("the end", QoS::AtMostOnce, 0, ""));
    link.expect_goodbye();
}

#[test]
fn acknowledgements_out_of_order() {
    let peer = Peer::listen();
    let running = busy(&peer, "");
    let mut link = peer.accept();
    link.handshake();
    let ids = take_six(&mut link);
    for id in [ids[2], ids[0], ids[1]] {
        link.send(v4::puback(id));
    }
    // Each is released when its PUBREC comes [MQTT-4.3.3-1], whatever the order.
    for id in [ids[5], ids[3], ids[4]] {
        link.send(v4::pubrec(id));
        link.expect(v4::pubrel(id));
    }
    for id in [ids[4], ids[5], ids[3]] {
        link.send(v4::pubcomp(id));
    }
    end(&mut link);
    assert_eq!(
        running.outcome().stdout,
        "q1 3 undefined\nq1 1 undefined\nq1 2 undefined\nq2 2 undefined\nq2 3 undefined\nq2 1 undefined\n"
    );
}

/// Each callback is called once, and what comes after that is about nothing.
#[test]
fn acknowledgements_twice_and_of_the_wrong_kind() {
    let peer = Peer::listen();
    let running = busy(&peer, "");
    let mut link = peer.accept();
    link.handshake();
    let ids = take_six(&mut link);
    for id in &ids[..3] {
        // Neither completes QoS 1.
        link.send(v4::pubcomp(*id));
        link.send(v4::suback(*id, &[QoS::AtMostOnce]));
        link.send(v4::unsuback(*id));
        link.send(v4::puback(*id));
        link.send(v4::puback(*id));
    }
    for id in &ids[3..] {
        // Nothing to complete before PUBREC.
        link.send(v4::pubcomp(*id));
        for _ in 0..2 {
            link.send(v4::pubrec(*id));
            link.expect(v4::pubrel(*id));
        }
        // It is too late for this one.
        link.send(v4::puback(*id));
        link.send(v4::pubcomp(*id));
        link.send(v4::pubcomp(*id));
    }
    end(&mut link);
    assert_eq!(
        running.outcome().stdout,
        "q1 1 undefined\nq1 2 undefined\nq1 3 undefined\nq2 1 undefined\nq2 2 undefined\nq2 3 undefined\n"
    );
}

/// A PUBREC of nothing is released, and a PUBREL of nothing completed: the broker would ask for ever.
#[test]
fn exchanges_that_this_side_knows_nothing_of() {
    let peer = Peer::listen();
    let running = busy(&peer, "");
    let mut link = peer.accept();
    link.handshake();
    let ids = take_six(&mut link);
    let free = (1..).find(|id| !ids.contains(id)).expect("most are free");
    link.send(v4::pubrec(free));
    link.expect(v4::pubrel(free));
    link.send(v4::pubrel(free));
    link.expect(v4::pubcomp(free));
    link.send(v4::pubcomp(u16::MAX));
    link.send(v4::puback(ids[0]));
    link.send(v4::publish("the end", QoS::AtMostOnce, 0, ""));
    // Five are not over: the program waits for them.
    for id in &ids[1..3] {
        link.send(v4::puback(*id));
    }
    for id in &ids[3..] {
        link.send(v4::pubrec(*id));
        link.expect(v4::pubrel(*id));
        link.send(v4::pubcomp(*id));
    }
    link.expect_goodbye();
    assert_eq!(
        running.outcome().stdout,
        "q1 1 undefined\nq1 2 undefined\nq1 3 undefined\nq2 1 undefined\nq2 2 undefined\nq2 3 undefined\n"
    );
}

/// A QoS 2 message is handed out once, however often it and its PUBREL come.
#[test]
fn a_message_and_its_release_twice() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER");
        c.on("error", |error| console.log("error " + error.message));
        c.on("message", |topic, message| { console.log(topic, "" + message); if topic == "the end" { c.end(); } });
        "#,
    )
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    for text in ["first", "second"] {
        link.send(v4::publish("a", QoS::ExactlyOnce, 7, text));
        link.expect(v4::pubrec(7));
    }
    link.send(v4::pubrel(7));
    link.expect(v4::pubcomp(7));
    link.send(v4::pubrel(7));
    link.expect(v4::pubcomp(7));
    link.send(v4::publish("a", QoS::ExactlyOnce, 7, "third"));
    link.expect(v4::pubrec(7));
    link.send(v4::pubrel(7));
    link.expect(v4::pubcomp(7));
    end(&mut link);
    assert_eq!(running.outcome().stdout, "a first\na third\nthe end \n");
}

/// All that is in flight is sent again on the next connection, and its callbacks are called then.
#[test]
fn garbage_among_acknowledgements() {
    let garbage: [(&[u8], &str); 3] = [
        (&[0x00, 0x00], "Not supported"),
        // Nobody waits for 256 MiB.
        (&[0x40, 0xff, 0xff, 0xff, 0x7f], "Malformed puback"),
        (&[0x90, 2, 0, 1], "Malformed suback, no payload specified"),
    ];
    for (bytes, message) in garbage {
        let peer = Peer::listen();
        let mut running = busy(&peer, "");
        let mut link = peer.accept();
        link.handshake();
        let ids = take_six(&mut link);
        link.send(v4::puback(ids[0]));
        link.send(v4::pubrec(ids[3]));
        link.expect(v4::pubrel(ids[3]));
        link.send_bytes(bytes);
        running.wait_for_line("q1 1 undefined");
        running.wait_for_line(&format!("error {message}"));
        link.expect_closed();
        let mut link = peer.accept();
        // It still has the session.
        link.handshake_with(true);
        for id in &ids[1..3] {
            let publish = link.read_publish();
            assert_eq!((publish.pkid, publish.dup, publish.qos), (*id, true, QoS::AtLeastOnce));
        }
        link.expect(v4::pubrel(ids[3]));
        for id in &ids[4..] {
            assert_eq!(link.read_publish().pkid, *id);
        }
        for id in &ids[1..3] {
            link.send(v4::puback(*id));
        }
        link.send(v4::pubcomp(ids[3]));
        for id in &ids[4..] {
            link.send(v4::pubrec(*id));
            link.expect(v4::pubrel(*id));
            link.send(v4::pubcomp(*id));
        }
        end(&mut link);
        let outcome = running.outcome();
        assert!(
            outcome
                .stdout
                .ends_with("q1 2 undefined\nq1 3 undefined\nq2 1 undefined\nq2 2 undefined\nq2 3 undefined\n"),
            "{outcome}"
        );
        assert_eq!((outcome.stderr.as_str(), outcome.code), ("", Some(0)));
    }
}

/// The callback learns of it, as with too few.
#[test]
fn a_suback_with_too_many_codes() {
    for codes in [&[][..], &[0, 0], &[0; 100]] {
        let peer = Peer::listen();
        let running = script(
            &peer.url(),
            r#"
            let c = mqtt.connect("BROKER", #{reconnectPeriod: 20, resubscribe: false});
            c.on("error", |error| console.log("error"));
            c.subscribe("a", |error| { console.log("callback " + error.name); c.once("connect", || c.end()); });
            "#,
        )
        .spawn();
        let mut link = peer.accept();
        link.handshake();
        let Packet::Subscribe(subscribe) = link.read() else { panic!("SUBSCRIBE was due") };
        let [high, low] = subscribe.pkid.to_be_bytes();
        link.send_bytes(&[&[0x90, 2 + codes.len() as u8, high, low], codes].concat());
        link.expect_closed();
        let mut link = peer.accept();
        link.handshake();
        link.expect_goodbye();
        let outcome = running.outcome();
        let printed: Vec<&str> = outcome.stdout.lines().collect();
        // Without any code it is no SUBACK at all [MQTT-3.9.3]: the link is dropped, the callback hears of that.
        assert!(printed.contains(&"error") && printed.iter().any(|line| line.starts_with("callback ")), "{outcome}");
        assert_eq!(outcome.code, Some(0));
    }
}

/// Each PUBREC of nothing is answered. A broker that takes no answers is not read any more, and is given up in the end, or its
/// answers would fill the memory.
#[test]
fn a_flood_from_a_broker_that_reads_nothing() {
    /// Far more than the sockets hold.
    const MOST: usize = 64 << 20;
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER", #{keepalive: 1, reconnectPeriod: 20});
        c.on("error", |error| console.log(error.message));
        c.on("message", || c.end());
        "#,
    )
    .stdout("Keepalive timeout\n")
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    let flood = [0x50, 2, 0, 9].repeat(16 << 10);
    let mut sent = 0;
    while link.socket().write_all(&flood).is_ok() {
        sent += flood.len();
        assert!(sent < MOST, "{sent} bytes of answers that nobody takes");
    }
    let mut link = peer.accept();
    link.handshake();
    end(&mut link);
    running.finish();
}
