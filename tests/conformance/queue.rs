use std::time::Duration;

use rumqttc_v4::{Packet, QoS};

use crate::prelude::{expecting, refused, script};
use crate::support::packets::{v4, v5};
use crate::support::peer::{Peer, free_port};

/// With a callback it gets the error in the next turn; `publishAsync` throws. What was accepted before is sent, and
/// there is room again for as many as are over.
#[test]
fn a_message_beyond_the_bound_is_an_error_and_takes_no_place() {
    let peer = Peer::listen();
    let running = expecting(
        &peer,
        "called 3\n\
         Error: queue is full: 3 messages wait, `maxQueue` is 3\n\
         d queue is full: 3 messages wait, `maxQueue` is 3\n\
         e queue is full: 3 messages wait, `maxQueue` is 3\n\
         a undefined\nb undefined\nc undefined\n\
         0\nf undefined\n",
        r#"
        let c = mqtt.connect("BROKER", #{maxQueue: 3, manualConnect: true});
        for name in ["a", "b", "c", "d", "e"] {
            let topic = name;
            c.publish(topic, "x", #{qos: 1}, |error| {
                console.log(topic, if error == () { "undefined" } else { error.message });
                if topic == "c" {
                    console.log(c.queued);
                    c.publish("f", "x", |error| { console.log("f", error); c.end(); });
                }
            });
        }
        console.log("called", c.queued);
        c.connect();
        thrown(|| c.publishAsync("g", "x"));
        "#,
    );
    let mut link = peer.accept();
    link.handshake();
    for topic in ["a", "b", "c"] {
        assert_eq!(link.take_publish().topic, topic);
    }
    link.expect(v4::publish("f", QoS::AtMostOnce, 0, "x"));
    link.expect_goodbye();
    running.finish();
}

#[test]
fn payload_bytes_count_too_and_one_message_may_be_larger_if_it_is_alone() {
    let peer = Peer::listen();
    let running = expecting(
        &peer,
        "queue is full: 12 bytes wait in 2 messages, `maxQueueBytes` is 16\n\
         queue is full: 39 bytes wait in 1 message, `maxQueueBytes` is 16\n",
        r#"
        let c = mqtt.connect("BROKER", #{maxQueueBytes: 16, manualConnect: true});
        c.publish("a", "12345678");
        c.publish("b", "1234");
        c.publish("refused", "12345", |error| console.log(error.message));
        c.publish("c", "1234", || {
            c.publish("d", "a message that is larger than the bound", #{qos: 1}, || c.end());
            c.publish("refused", "", |error| console.log(error.message));
        });
        c.connect();
        "#,
    );
    let mut link = peer.accept();
    link.handshake();
    for (topic, payload) in [("a", "12345678"), ("b", "1234"), ("c", "1234")] {
        link.expect(v4::publish(topic, QoS::AtMostOnce, 0, payload));
    }
    assert_eq!(link.take_publish().topic, "d");
    link.expect_goodbye();
    running.finish();
}

/// One `error` event for all that were refused in a turn, however many: a loop that never ends must not fill the memory
/// with errors either.
#[test]
fn without_a_callback_there_is_one_error_event_for_many_messages() {
    let peer = Peer::listen();
    let running = expecting(
        &peer,
        "100 2\nError queue is full: 2 messages wait, `maxQueue` is 2 98\n",
        r#"
        let c = mqtt.connect("BROKER", #{maxQueue: 2, manualConnect: true});
        c.on("error", |error| { console.log(error.name, error.message, error.refused); c.connect(); });
        c.on("connect", || c.end());
        for n in 0..100 { c.publish("a", n); }
        console.log(100, c.queued);
        "#,
    );
    let mut link = peer.accept();
    link.handshake();
    for payload in ["0", "1"] {
        link.expect(v4::publish("a", QoS::AtMostOnce, 0, payload));
    }
    link.expect_goodbye();
    running.finish();
}

/// Said once, and again only after the queue was half empty.
#[test]
fn nobody_listens_when_messages_are_refused() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER", #{maxQueue: 4, manualConnect: true});
        fn flood() { for n in 0..10 { c.publish("a", n); } }
        flood();
        set_timeout(|| { flood(); c.connect(); }, 1);
        c.on("connect", || set_timeout(|| { flood(); c.end(); }, 50));
        "#,
    )
    .stderr(
        "warning: queue is full: 4 messages wait, `maxQueue` is 4; 6 messages were not taken\n  \
         |\n  = help: publish the next message in the callback of an earlier one, or write `queuePolicy: \"wait\"`\n",
    )
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    for payload in ["0", "1", "2", "3"] {
        link.expect(v4::publish("a", QoS::AtMostOnce, 0, payload));
    }
    while let Some(Packet::Publish(_)) = link.next() {}
    let outcome = running.outcome();
    assert!(outcome.stderr.starts_with("warning: queue is full: 4 messages wait"), "{outcome}");
    assert!(outcome.stderr.matches("warning").count() <= 2, "{outcome}");
}

/// A loop that goes on publishing within one callback, over a link that takes nothing: the bound holds, whatever comes
/// of the messages, and so does the memory.
#[test]
fn a_tight_loop_over_a_stalled_link_meets_the_bound() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER", #{maxQueue: 1000});
        let payload = "x";
        payload.pad(10000, "x");
        c.on("error", |error| { console.log(error.message, error.refused > 40000); process.exit(0); });
        c.on("connect", || {
            let before = process.memoryUsage().rss;
            for n in 0..50000 { c.publish("a", payload); }
            console.log(c.queued, process.memoryUsage().rss - before < 64000000);
        });
        "#,
    )
    .flag("--exit-timeout=10")
    .stdout("1000 true\nqueue is full: 1000 messages wait, `maxQueue` is 1000 true\n")
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    // Read by nobody until the program is over.
    running.finish();
}

/// Callbacks that are to be told take memory too.
#[test]
fn a_loop_that_never_lets_callbacks_run_ends_with_a_throw() {
    let running = script(
        "mqtt://127.0.0.1:1",
        r#"
        let c = mqtt.connect("BROKER", #{maxQueue: 1, manualConnect: true});
        let told = 0;
        let calls = 0;
        try {
            loop { calls += 1; c.publish("a", "x", |error| told += 1); }
        } catch (error) {
            console.log(calls, error.message);
        }
        set_timeout(|| { console.log(told); c.end(true); }, 1);
        "#,
    );
    running.stdout("10002 queue is full: 1 message waits, `maxQueue` is 1\n10000\n").run();
}

/// While the script waits for room pings go on, acknowledgements are read, and other events wait their turn.
#[test]
fn publish_waits_for_room_if_told_to() {
    let peer = Peer::listen();
    let running = expecting(
        &peer,
        "called 2\na\nmessage\nb\nc\n",
        r#"
        let c = mqtt.connect("BROKER", #{maxQueue: 2, queuePolicy: "wait", keepalive: 1});
        c.on("message", |topic| console.log(topic));
        c.on("connect", || {
            for name in ["a", "b", "c"] {
                let topic = name;
                c.publish(topic, "x", #{qos: 1}, |error| { console.log(topic); if topic == "c" { c.end(); } });
            }
            console.log("called", c.queued);
        });
        "#,
    );
    let mut link = peer.accept();
    link.handshake();
    let [a, b] = ["a", "b"].map(|topic| {
        let publish = link.read_publish();
        assert_eq!(publish.topic, topic);
        publish.pkid
    });
    link.expect(Packet::PingReq);
    link.send(Packet::PingResp);
    link.send(v4::puback(a));
    link.send(v4::publish("message", QoS::AtMostOnce, 0, ""));
    let c = link.read_publish();
    assert_eq!(c.topic, "c");
    link.send(v4::puback(b));
    link.send(v4::puback(c.pkid));
    link.expect_goodbye();
    running.finish();
}

/// Every message gets through a queue of one, in order, whatever its QoS and however it is published.
#[test]
fn all_messages_pass_a_narrow_queue_in_order() {
    let peer = Peer::listen();
    let running = expecting(
        &peer,
        "",
        r#"
        let c = mqtt.connect("BROKER", #{maxQueue: 1, queuePolicy: "wait", maxQueueBytes: 2});
        for n in 0..300 {
            if n % 10 == 9 { c.publishAsync("a", n, #{qos: 1}); } else { c.publish("a", n, #{qos: n % 3}); }
        }
        c.end();
        "#,
    );
    let mut link = peer.accept();
    link.handshake();
    for n in 0..300 {
        assert_eq!(link.take_publish().payload, n.to_string().as_bytes());
    }
    link.expect_goodbye();
    running.finish();
}

/// The connection is lost while the script waits, and the next one brings the room.
#[test]
fn waiting_for_room_goes_on_over_a_reconnect() {
    let peer = Peer::listen();
    let running = expecting(
        &peer,
        "two\n",
        r#"
        let c = mqtt.connect("BROKER", #{maxQueue: 1, queuePolicy: "wait", reconnectPeriod: 10, queueTimeout: 0});
        c.publish("one", "x", #{qos: 1});
        c.publish("two", "x", #{qos: 1}, || { console.log("two"); c.end(); });
        "#,
    );
    let mut link = peer.accept();
    link.handshake();
    let one = link.read_publish();
    assert_eq!(one.topic, "one");
    link.close();
    let mut link = peer.accept();
    link.handshake();
    let again = link.take_publish();
    assert_eq!((&again.topic[..], again.dup), (&b"one"[..], true));
    assert_eq!(link.take_publish().topic, "two");
    link.expect_goodbye();
    running.finish();
}

/// Nothing waits for ever: not for a broker that is away, not for a client that gave up or was never started, not from
/// a closure that the client waits for.
#[test]
fn where_no_room_comes_waiting_ends_with_the_error() {
    let url = format!("mqtt://127.0.0.1:{}", free_port());
    let text = r#"
        const FULL = #{maxQueue: 1, queuePolicy: "wait", queueTimeout: 30, reconnectPeriod: 5};
        let away = mqtt.connect("BROKER", FULL);
        away.on("error", |error| ());
        away.publish("a", "x");
        thrown(|| away.publishAsync("a", "x"));
        away.end(true);

        let manual = mqtt.connect("BROKER", FULL + #{manualConnect: true, queueTimeout: 0});
        manual.publish("a", "x");
        manual.publish("a", "x", |error| console.log("manual", error.message));

        let gives_up = mqtt.connect("BROKER", FULL + #{reconnectPeriod: 0, queueTimeout: 0});
        gives_up.on("error", |error| ());
        gives_up.publish("a", "x");
        gives_up.publish("a", "x", |error| console.log("gave up", error.message));

        let asked = 0;
        let asking = mqtt.connect("BROKER", FULL + #{queueTimeout: 0, username: || {
            if asked == 1 {
                asking.publish("a", "x");
                asking.publish("a", "x", |error| { console.log("asked", error.message); asking.end(true); });
            }
            asked += 1;
            "name"
        }});
        asking.on("error", |error| ());
    "#;
    let full = "queue is full: 1 message waits, `maxQueue` is 1";
    let outcome = script(&url, text).timeout(Duration::from_secs(20)).outcome();
    let mut lines: Vec<_> = outcome.stdout.lines().collect();
    lines.sort_unstable();
    let wanted =
        [format!("Error: {full}"), format!("asked {full}"), format!("gave up {full}"), format!("manual {full}")];
    assert_eq!(lines, wanted, "{outcome}");
}

/// Signals are heard while the script waits for room.
#[test]
fn a_signal_ends_the_wait_for_room() {
    let peer = Peer::listen();
    let mut running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER", #{maxQueue: 1, queuePolicy: "wait", queueTimeout: 0});
        c.publish("a", "x", #{qos: 1});
        console.error("waits");
        c.publish("b", "x");
        console.log("not reached");
        "#,
    )
    .flag("--exit-timeout=10")
    .stderr("waits\n")
    .code(130)
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(link.read_publish().topic, "a");
    running.wait_for_error_line("waits");
    running.signal(rustix::process::Signal::INT);
    link.expect_goodbye();
    running.finish();
}

/// What a store has from an earlier run waits as well.
#[test]
fn messages_of_a_store_count() {
    let peer = Peer::listen();
    let options = r#"#{clientId: "m", clean: false, store: "m.store", maxQueue: 2, manualConnect: true}"#;
    let text = format!(
        r#"
        let c = mqtt.connect("BROKER", {options});
        console.log(c.queued);
        c.publish("a", "1", #{{qos: 1}}, |error| ());
        c.publish("a", "2", #{{qos: 1}}, |error| ());
        c.end(true, || {{
            let c = mqtt.connect("BROKER", {options});
            console.log(c.queued);
            c.publish("a", "3", #{{qos: 1}}, |error| {{ console.log(error.message); c.connect(); }});
            c.on("connect", || c.end());
        }});
        "#
    );
    let running = script(&peer.url(), &text)
        .flag("--allow-write")
        .stdout("0\n2\nqueue is full: 2 messages wait, `maxQueue` is 2\n")
        .spawn();
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(link.take_publish().payload, "1");
    assert_eq!(link.take_publish().payload, "2");
    link.expect_goodbye();
    running.finish();
}

#[test]
fn requests_and_replies_need_room_too() {
    let peer = Peer::listen();
    let running = expecting(
        &peer,
        "request queue is full: 1 message waits, `maxQueue` is 1\n\
         Error: queue is full: 1 message waits, `maxQueue` is 1\n\
         reply queue is full: 1 message waits, `maxQueue` is 1\n",
        r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5, maxQueue: 1});
        c.on("message", |topic, message, packet| {
            c.publish("waits", "x", #{qos: 1}, || c.end());
            c.request("a", "x", |error| console.log("request", error.message));
            set_immediate(|| {
                thrown(|| c.requestAsync("a", "x"));
                c.reply(packet, "x", |error| console.log("reply", error.message));
                set_immediate(|| c.publish("on", "", |error| ()));
            });
        });
        "#,
    );
    let mut link = peer.accept_v5();
    link.handshake();
    let mut question = v5::publish("q", rumqttc_v5::QoS::AtMostOnce, 0, "?");
    if let rumqttc_v5::Packet::Publish(publish) = &mut question {
        let properties = rumqttc_v5::PublishProperties {
            response_topic: Some("r".into()),
            ..rumqttc_v5::PublishProperties::default()
        };
        publish.properties = Some(properties);
    }
    link.send(question);
    let waits = link.read_publish();
    assert_eq!(waits.topic, "waits");
    let mut running = running;
    running.wait_for_line("reply [..]");
    link.send(v5::puback(waits.pkid));
    link.expect_goodbye();
    running.finish();
}

#[test]
fn bounds_that_cannot_be() {
    refused(&[
        (
            r#"mqtt.connect("BROKER", #{maxQueue: 0})"#,
            "Error: option `maxQueue` takes a whole number from 1 to 100000000 but got 0",
        ),
        (
            r#"mqtt.connect("BROKER", #{maxQueueBytes: "1 MB"})"#,
            "Error: option `maxQueueBytes` takes a whole number from 1 to 68719476736 but got text",
        ),
        (
            r#"mqtt.connect("BROKER", #{queuePolicy: "drop"})"#,
            "Error: option `queuePolicy` takes \"error\" or \"wait\" but got \"drop\"",
        ),
        (
            r#"mqtt.connect("BROKER", #{queuePolicy: true})"#,
            "Error: option `queuePolicy` takes \"error\" or \"wait\" but got true",
        ),
        (
            r#"mqtt.connect("BROKER", #{queueTimeout: -1})"#,
            "Error: option `queueTimeout` takes a number of milliseconds, 0 or more but got -1",
        ),
    ]);
}
