//! Messages in both directions.

use crate::bench::Bench;
use crate::observer::{Observer, clear_retained, publish, publish_all};

pub fn publish_at_each_qos(bench: &Bench) {
    for version in bench.versions() {
        let mut observer = Observer::subscribe(&bench.url(), "out/#", 2);
        let text = r#"
            let c = mqtt.connect("BROKER", #{protocolVersion: VERSION});
            for qos in 0..=2 { c.publishAsync("out/a", qos, #{qos: qos}); }
            c.publishAsync("out/end", "", #{qos: 1});
            c.end();
        "#;
        bench.script(*version, text).run();
        let seen = observer.until("out/end");
        let seen: Vec<(String, u8)> = seen.iter().map(|message| (message.text(), message.qos)).collect();
        assert_eq!(seen, [("0".into(), 0), ("1".into(), 1), ("2".into(), 2)]);
    }
}

pub fn receive_at_each_qos(bench: &Bench) {
    for version in bench.versions() {
        let text = r#"
            let c = mqtt.connect("BROKER", #{protocolVersion: VERSION});
            let seen = [];
            c.on("message", |topic, message, packet| {
                // A message of QoS 2 is there when it was released, so that later ones of the others may overtake it.
                seen.push(`${topic} ${message} ${packet.qos} ${packet.retain}`);
                seen.sort();
                if seen.len() == 3 { console.log(seen.join("\n")); c.end(); }
            });
            let granted = c.subscribeAsync("in/#", #{qos: 2});
            console.log("granted", granted[0].qos);
        "#;
        let stdout = "granted 2\nin/a 0 0 false\nin/a 1 1 false\nin/a 2 2 false\n";
        let mut running = bench.script(*version, text).stdout(stdout).spawn();
        running.wait_for_line("granted [..]");
        let messages = [("in/a", "0", 0), ("in/a", "1", 1), ("in/a", "2", 2)];
        publish_all(&bench.url(), messages.map(|(topic, text, qos)| (topic, text.as_bytes(), qos, false)));
        running.finish();
    }
}

pub fn retained(bench: &Bench) {
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
                c.subscribeAsync("kept/#", #{qos: 1});
                c.publishAsync("kept/end", "end", #{qos: 1});
            "#;
            bench.script(*version, text).stdout(stdout).run();
        };
        set("old");
        set("new");
        get("kept/a new true\nkept/end end false\n");
        set("");
        get("kept/end end false\n");
    }
    publish(&bench.url(), "kept-here", "by another", 1, true);
    let mut observer = Observer::subscribe(&bench.url(), "kept-here", 1);
    assert!(observer.due().retain);
    clear_retained(&bench.url(), "kept-here");
}

/// Subscribes, publishes to itself and says what came, and how often.
fn echo(filters: &str, topics: &str) -> String {
    r#"
    let c = mqtt.connect("BROKER", #{protocolVersion: VERSION});
    let seen = [];
    let topics = TOPICS;
    c.on("message", |topic, message| {
        if message == "end" { console.log(seen.join(" ")); c.end(); } else { seen.push(topic); }
    });
    c.subscribeAsync(FILTERS, #{qos: 1});
    for topic in topics { c.publishAsync(topic, "x", #{qos: 1}); }
    c.publishAsync(topics[0], "end", #{qos: 1});
    "#
    .replace("FILTERS", filters)
    .replace("TOPICS", topics)
}

pub fn wildcards(bench: &Bench) {
    for version in bench.versions() {
        let topics = r#"["wild/a/b", "wild/a", "wild/a/b/c", "wild", "untamed/a/b", "wild//b"]"#;
        bench.script(*version, &echo("\"wild/+/b\"", topics)).stdout("wild/a/b wild//b\n").run();
        let all = "wild/a/b wild/a wild/a/b/c wild wild//b\n";
        bench.script(*version, &echo("\"wild/#\"", topics)).stdout(all).run();
        bench.script(*version, &echo("\"+/a/b\"", topics)).stdout("wild/a/b untamed/a/b\n").run();
    }
}

pub fn overlapping_filters(bench: &Bench) {
    for version in bench.versions() {
        let text = echo(r#"["over/#", "over/a"]"#, r#"["over/a"]"#);
        bench.script(*version, &text).stdout("over/a\n").run();
    }
}

pub fn shared_subscription(bench: &Bench) {
    for version in bench.versions() {
        let text = r#"
            let c = mqtt.connect("BROKER", #{protocolVersion: VERSION});
            c.on("message", |topic, message| {
                if topic == "share/end" { c.end(); } else { console.log(`${message}`); }
            });
            c.subscribeAsync(["$share/group/share/a", "share/end"], #{qos: 1});
            console.log("ready");
        "#;
        let mut running = [(); 2].map(|()| bench.script(*version, text).spawn());
        running.iter_mut().for_each(|running| drop(running.wait_for_line("ready")));
        let payloads: Vec<String> = (0..20).map(|n| n.to_string()).collect();
        publish_all(&bench.url(), payloads.iter().map(|text| ("share/a", text.as_bytes(), 1, false)));
        publish(&bench.url(), "share/end", "", 1, false);
        let got = running.map(|running| {
            let outcome = running.outcome();
            assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""), "{outcome}");
            outcome.stdout.lines().skip(1).map(|line| line.parse().expect("a number")).collect::<Vec<u32>>()
        });
        assert!(got.iter().all(|numbers| !numbers.is_empty()), "one of them got nothing: {got:?}");
        let mut all = got.concat();
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
