//! Messages in both directions.

use crate::bench::Bench;
use crate::launch::Kind;
use crate::observer::{Message, Observer, clear_retained, publish, publish_all};

/// Which QoS a message of each QoS arrives with, at a subscriber that asked for QoS 2. A message of QoS 2 is there when
/// it was released, so that later ones may overtake it, and the embedded broker sends QoS 1 before QoS 0: the order
/// holds for each QoS `[MQTT-4.6.0-6]`.
fn delivered(bench: &Bench) -> &'static [&'static str] {
    match bench.kind() {
        Kind::Amqtt => {
            // aMQTT 0.12.1, against `[MQTT-3.8.4-6]`: at most the QoS of the message.
            bench.quirk("delivers with the subscription's QoS, also what was published with a lower one");
            &["0 at 2", "1 at 2", "2 at 2"]
        }
        Kind::Rabbitmq => {
            // RabbitMQ 3.10.8 answers a PUBLISH of QoS 2 with PUBACK.
            bench.quirk("takes QoS 2 as QoS 1, published and subscribed");
            &["0 at 0", "1 at 1", "2 at 1"]
        }
        Kind::Nats => &["0 at 0", "1 at 1"],
        _ => &["0 at 0", "1 at 1", "2 at 2"],
    }
}

pub fn publish_at_each_qos(bench: &Bench) {
    let count = delivered(bench).len();
    for version in bench.versions() {
        let mut observer = Observer::subscribe(&bench.url(), "out/#", 2);
        let text = r#"
            let c = mqtt.connect("BROKER", #{protocolVersion: VERSION});
            for qos in 0..COUNT { c.publishAsync("out/a", qos, #{qos: qos}); }
            c.publishAsync("out/end", "", #{qos: 1});
            c.end();
        "#;
        bench.script(*version, &text.replace("COUNT", &count.to_string())).run();
        // The last one overtakes QoS 2, too.
        let mut seen: Vec<_> = (0..=count).map(|_| observer.due()).filter(|message| message.topic == "out/a").collect();
        seen.sort_by_key(Message::text);
        let seen: Vec<String> = seen.iter().map(|message| format!("{} at {}", message.text(), message.qos)).collect();
        assert_eq!(seen, delivered(bench));
    }
    if bench.kind() == Kind::Nats {
        // NATS 2.9.10: QoS 2 came with 2.10. A client that reconnects publishes again, so this one does not.
        bench.quirk("closes the connection when QoS 2 is published");
        let text = r#"
            let c = mqtt.connect("BROKER", #{protocolVersion: VERSION, reconnectPeriod: 0});
            c.on("close", || console.log("closed"));
            c.publish("out/a", "2", #{qos: 2}, |error| console.log(error.message));
        "#;
        let stderr = format!("warning: lost the connection to {} (the broker closed it), giving up\n", bench.url());
        bench.script(4, text).stdout("closed\nConnection closed\n").stderr(stderr).code(1).run();
    }
}

pub fn receive_at_each_qos(bench: &Bench) {
    let delivered = delivered(bench);
    let granted = match bench.kind() {
        Kind::Rabbitmq => 1,
        Kind::Nats => {
            bench.quirk("grants at most QoS 1");
            1
        }
        _ => 2,
    };
    for version in bench.versions() {
        let text = r#"
            let c = mqtt.connect("BROKER", #{protocolVersion: VERSION});
            let seen = [];
            c.on("message", |topic, message, packet| {
                seen.push(`${message} at ${packet.qos}`);
                seen.sort();
                if seen.len() == COUNT { console.log(seen.join("\n")); c.end(); }
            });
            let granted = c.subscribeAsync("in/#", #{qos: 2});
            console.log("granted", granted[0].qos);
        "#;
        let stdout = format!("granted {granted}\n{}\n", delivered.join("\n"));
        let text = text.replace("COUNT", &delivered.len().to_string());
        let mut running = bench.script(*version, &text).stdout(stdout).spawn();
        running.wait_for_line("granted [..]");
        let messages = [("0", 0), ("1", 1), ("2", 2)].into_iter().take(delivered.len());
        publish_all(&bench.url(), messages.map(|(text, qos)| ("in/a", text.as_bytes(), qos, false)));
        running.finish();
    }
}

pub fn retained(bench: &Bench) {
    let filters = if bench.kind() == Kind::Rabbitmq {
        // RabbitMQ 3.10.8 looks retained messages up by the filter as if it were a topic.
        bench.quirk("retained messages are sent for filters without wildcards only");
        r#"["kept/a", "kept/end"]"#
    } else {
        "\"kept/#\""
    };
    for version in bench.versions() {
        let set = |payload: &str| {
            let text = r#"
                let c = mqtt.connect("BROKER", #{protocolVersion: VERSION});
                c.publishAsync("kept/a", "PAYLOAD", #{qos: 1, retain: true});
                c.end();
            "#;
            bench.script(*version, &text.replace("PAYLOAD", payload)).run();
        };
        // The last message of each run is not retained: behind it nothing else is on its way.
        let get = |stdout: &str| {
            let text = r#"
                let c = mqtt.connect("BROKER", #{protocolVersion: VERSION});
                c.on("message", |topic, message, packet| {
                    console.log(`${topic} ${message} ${packet.retain}`);
                    if topic == "kept/end" { c.end(); }
                });
                c.subscribeAsync(FILTERS, #{qos: 1});
                c.publishAsync("kept/end", "end", #{qos: 1});
            "#;
            bench.script(*version, &text.replace("FILTERS", filters)).stdout(stdout).run();
        };
        set("old");
        set("new");
        get("kept/a new true\nkept/end end false\n");
        set("");
        get("kept/end end false\n");
    }
    if bench.kind() == Kind::Amqtt {
        // aMQTT 0.12.1 sends each client that connects the retained messages of all filters anybody subscribed to.
        bench.quirk("retained messages are also sent to clients that did not subscribe");
        let _other = Observer::subscribe(&bench.url(), "unasked", 1);
        publish(&bench.url(), "unasked", "here", 1, true);
        let text = r#"
            let c = mqtt.connect("BROKER", #{protocolVersion: VERSION});
            c.on("message", |topic, message, packet| {
                console.log(`${topic} ${message} ${packet.retain}`);
                c.end();
            });
        "#;
        bench.script(4, text).stdout("unasked here true\n").run();
        clear_retained(&bench.url(), "unasked");
    }
}

/// Subscribes, publishes to itself and says on which topics something came, of which there are `count`.
fn echo(filter: &str, count: usize, topics: &str) -> String {
    r#"
    let c = mqtt.connect("BROKER", #{protocolVersion: VERSION});
    let seen = [];
    let topics = TOPICS;
    // Each topic ends with a message of its own: NATS keeps the order of `wild` and `wild/a` only by itself, as `wild/#`
    // is two subscriptions there.
    let ended = 0;
    c.on("message", |topic, message| {
        if message == "x" { seen.push(topic); } else { ended += 1; }
        if ended == COUNT { seen.sort(); console.log(seen.join(" ")); c.end(); }
    });
    c.subscribeAsync(FILTER, #{qos: 1});
    for payload in ["x", "end"] {
        for topic in topics { c.publishAsync(topic, payload, #{qos: 1}); }
    }
    "#
    .replace("FILTER", filter)
    .replace("COUNT", &count.to_string())
    .replace("TOPICS", topics)
}

pub fn wildcards(bench: &Bench) {
    let topics = r#"["wild", "wild//b", "wild/a", "wild/a/b", "wild/a/b/c", "untamed/a/b"]"#;
    for (filter, seen) in [
        ("wild/+/b", &["wild//b", "wild/a/b"][..]),
        ("wild/#", &["wild", "wild//b", "wild/a", "wild/a/b", "wild/a/b/c"]),
        ("+/a/b", &["untamed/a/b", "wild/a/b"]),
    ] {
        for version in bench.versions() {
            let text = echo(&format!("{filter:?}"), seen.len(), topics);
            bench.script(*version, &text).stdout(format!("{}\n", seen.join(" "))).run();
        }
    }
}

pub fn overlapping_filters(bench: &Bench) {
    for version in bench.versions() {
        // Once or once for each filter: both are allowed `[MQTT-3.3.5-1]`.
        let count = match (bench.kind(), version) {
            (Kind::Aedes | Kind::Aedes2 | Kind::Rabbitmq, _) | (Kind::Mosquitto, 4) => 1,
            _ => 2,
        };
        let text = r#"
            let c = mqtt.connect("BROKER", #{protocolVersion: VERSION});
            let seen = 0;
            let ended = 0;
            c.on("message", |topic, message| {
                if message == "x" { seen += 1; } else { ended += 1; }
                if ended == COUNT { console.log(seen); c.end(); }
            });
            c.subscribeAsync(["over/#", "over/a"], #{qos: 1});
            c.publishAsync("over/a", "x", #{qos: 1});
            c.publishAsync("over/a", "end", #{qos: 1});
        "#;
        let text = text.replace("COUNT", &count.to_string());
        bench.script(*version, &text).stdout(format!("{count}\n")).run();
    }
}

pub fn shared_subscription(bench: &Bench) {
    for version in bench.versions() {
        let text = r#"
            let c = mqtt.connect("BROKER", #{protocolVersion: VERSION});
            c.on("message", |topic, message| {
                if topic == "share/end" { c.end(); } else { console.log(`${message}`); }
            });
            c.subscribeAsync("share/end", #{qos: 1});
            c.subscribe("$share/group/share/a", #{qos: 1}, |error, granted| {
                console.log(if error == () { `granted ${granted[0].qos}` } else { error.message });
                console.log("ready");
            });
        "#;
        let mut running = [(); 2].map(|()| bench.script(*version, text).spawn());
        running.iter_mut().for_each(|running| drop(running.wait_for_line("ready")));
        let payloads: Vec<String> = (0..20).map(|n| n.to_string()).collect();
        publish_all(&bench.url(), payloads.iter().map(|text| ("share/a", text.as_bytes(), 1, false)));
        publish(&bench.url(), "share/end", "", 1, false);
        let got = running.map(|running| {
            let outcome = running.outcome();
            assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""), "{outcome}");
            let mut lines = outcome.stdout.lines().map(str::to_owned);
            (lines.next().unwrap_or_default(), lines.skip(1).collect::<Vec<String>>())
        });
        let answer = match (bench.kind(), version) {
            (Kind::Embedded | Kind::Mosquitto, _) => None,
            (Kind::Aedes2, 5) => {
                bench.quirk("no shared subscriptions: MQTT 5 is refused them with code 158");
                Some("Subscribe error: Shared Subscriptions not supported")
            }
            _ => {
                bench.quirk("no shared subscriptions: `$share/...` is a filter like any other");
                Some("granted 1")
            }
        };
        if let Some(answer) = answer {
            assert_eq!(got, [(); 2].map(|()| (answer.to_owned(), Vec::new())));
            continue;
        }
        assert!(got.iter().all(|(answer, _)| answer == "granted 1"), "{got:?}");
        assert!(got.iter().all(|(_, numbers)| !numbers.is_empty()), "one of them got nothing: {got:?}");
        let mut all: Vec<u32> = got.iter().flat_map(|got| &got.1).map(|n| n.parse().expect("a number")).collect();
        all.sort_unstable();
        assert_eq!(all, (0..20).collect::<Vec<u32>>());
    }
}

pub fn unsubscribe(bench: &Bench) {
    for version in bench.versions() {
        let text = r#"
            let c = mqtt.connect("BROKER", #{protocolVersion: VERSION});
            c.on("message", |topic, message| {
                console.log(`${topic} ${message}`);
                if message == "end" { c.end(); return; }
                c.unsubscribeAsync("un/a");
                c.publish("un/a", "not seen", #{qos: 1});
                c.publish("un/b", "end", #{qos: 1});
            });
            c.subscribeAsync(["un/a", "un/b"], #{qos: 1});
            c.publish("un/a", "seen", #{qos: 1});
        "#;
        bench.script(*version, text).stdout("un/a seen\nun/b end\n").run();
    }
}

pub fn large_payload(bench: &Bench) {
    for version in bench.versions() {
        let mut observer = Observer::subscribe(&bench.url(), "large", 1);
        let text = r#"
            let c = mqtt.connect("BROKER", #{protocolVersion: VERSION});
            let text = "0123456789abcdef";
            for n in 0..16 { text += text; }
            c.on("message", |topic, message| {
                console.log(message.length, message == text);
                c.end();
            });
            c.subscribeAsync("large", #{qos: 1});
            c.publishAsync("large", text, #{qos: 1});
        "#;
        bench.script(*version, text).stdout("1048576 true\n").run();
        let message = observer.due();
        assert_eq!((message.payload.len(), &message.payload[..4]), (1 << 20, &b"0123"[..]));
    }
}

pub fn thousand_in_order(bench: &Bench) {
    for version in bench.versions() {
        let mut observer = Observer::subscribe(&bench.url(), "many/#", 1);
        let text = r#"
            let c = mqtt.connect("BROKER", #{protocolVersion: VERSION});
            let next = 0;
            c.on("message", |topic, message| {
                if message != next.to_string() { console.log(`wanted ${next}, got ${message}`); }
                next += 1;
                if next == 1000 { c.publish("many/end", "", #{qos: 1}); c.end(); }
            });
            c.subscribeAsync("many/a", #{qos: 1});
            for n in 0..1000 { c.publish("many/a", n, #{qos: 1}); }
        "#;
        bench.script(*version, text).run();
        let numbers: Vec<String> = observer.until("many/end").iter().map(|message| message.text()).collect();
        assert_eq!(numbers, (0..1000).map(|n| n.to_string()).collect::<Vec<_>>());
    }
}
