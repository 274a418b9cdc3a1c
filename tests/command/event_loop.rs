//! What runs when, and when the program ends.

use std::time::{Duration, Instant};

use rumqttc_v4::QoS;

use crate::support::broker::broker;
use crate::support::observer;
use crate::support::packets::v4::{puback, publish};
use crate::support::peer::Peer;
use crate::support::script::Script;

#[test]
fn a_program_ends_by_itself() {
    let broker = broker();
    Script::new(format!(
        "let c = mqtt.connect(\"{}\"); c.on(\"connect\", || c.end()); c.on(\"close\", || console.log(\"close\"));
         console.log(\"top\");",
        broker.url()
    ))
    .stdout("top\nclose\n")
    .run();
    Script::new("let c = mqtt.connect(#{manualConnect: true}); console.log(c.state);").stdout("offline\n").run();
}

#[test]
fn messages_wait_for_the_end_of_the_top_level() {
    let broker = broker();
    observer::publish(&broker.observer_url(), "kept", "retained", 1, true);
    Script::new(format!(
        "let c = mqtt.connectAsync(\"{}\");
         c.subscribeAsync(\"kept\");
         c.publishAsync(\"x\", \"\", #{{qos: 1}});
         sleep(30);
         console.log(\"last line\");
         c.on(\"message\", |t, m| {{ console.log(t, m.to_string()); c.end(); }});",
        broker.url()
    ))
    .stdout("last line\nkept retained\n")
    .run();
}

#[test]
fn events_come_in_the_order_of_their_arrival() {
    let peer = Peer::listen();
    let running = Script::new(format!(
        "let c = mqtt.connect(\"{}\");
         c.on(\"connect\", || {{ console.log(\"connect\"); c.subscribe(\"a\", #{{qos: 1}}, || console.log(\"granted\")); }});
         c.on(\"message\", |t, m| {{
             console.log(m.to_string());
             if m == \"2\" {{ c.publishAsync(\"b\", \"from a callback\", #{{qos: 1}}); sleep(5); console.log(\"after the wait\"); }}
             if m == \"6\" {{ c.end(); }}
         }});",
        peer.url()
    ))
    .stdout("connect\n1\ngranted\n2\nafter the wait\n3\n4\n5\n6\n")
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    // In one write, so that they come as one batch.
    let rumqttc_v4::Packet::Subscribe(subscribe) = link.read() else { panic!("SUBSCRIBE was due") };
    link.send(publish("a", QoS::AtMostOnce, 0, "1"));
    link.send(crate::support::packets::v4::suback(subscribe.pkid, &[QoS::AtLeastOnce]));
    for text in ["2", "3", "4"] {
        link.send(publish("a", QoS::AtMostOnce, 0, text));
    }
    let asked = link.read_publish();
    link.send(publish("a", QoS::AtMostOnce, 0, "5"));
    link.send(puback(asked.pkid));
    link.send(publish("a", QoS::AtMostOnce, 0, "6"));
    link.expect_goodbye();
    running.finish();
}

#[test]
fn sleep_lets_events_queue_up() {
    let peer = Peer::listen();
    let mut running = Script::new(format!(
        "let c = mqtt.connect(\"{}\");
         c.on(\"message\", |t, m| {{ console.log(m.to_string()); if m == \"3\" {{ c.end(); }} }});
         process.stdin.on(\"line\", |line| {{ console.log(\"sleep\"); set_timeout(|| console.log(\"timer\"), 1); sleep(50); console.log(\"awake\"); }});
         process.stdin.on(\"end\", || ());
         c.on(\"connect\", || console.log(\"ready\"));",
        peer.url()
    ))
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    running.wait_for_line("ready");
    running.stdin_line("go");
    running.close_stdin();
    running.wait_for_line("sleep");
    for text in ["1", "2", "3"] {
        link.send(publish("a", QoS::AtMostOnce, 0, text));
    }
    link.expect_goodbye();
    let outcome = running.outcome();
    assert!(outcome.stdout.ends_with("sleep\nawake\ntimer\n1\n2\n3\n"), "{outcome}");
}

#[test]
fn sleep_takes_its_time() {
    Script::new(
        "let started = performance.now(); sleep(30); let took = performance.now() - started; console.log(took >= 30.0);
         sleep(0); sleep(-1);",
    )
    .stdout("true\n")
    .run();
}

#[test]
fn traffic_does_not_keep_sleep_from_ending() {
    let broker = broker();
    // Every message makes another one, so that something arrives all the time.
    let mut flood = Script::new(format!(
        "let c = mqtt.connect(\"{0}\"); let d = mqtt.connect(\"{0}\");
         c.subscribe(\"loop\", || {{ for i in 0..50 {{ c.publish(\"loop\", \"\"); }} console.log(\"ready\"); }});
         c.on(\"message\", |t, m| c.publish(\"loop\", \"\"));
         process.on(\"SIGTERM\", || process.exit(1));",
        broker.url()
    ))
    .spawn();
    flood.wait_for_line("ready");
    Script::new(format!(
        "let c = mqtt.connectAsync(\"{}\"); c.subscribeAsync(\"loop\"); sleep(20); console.log(\"awake\"); process.exit(2);",
        broker.url()
    ))
    .stdout("awake\n")
    .code(2)
    .run();
    drop(flood.kill9());
}

#[test]
fn lines_of_standard_input() {
    let mut running = Script::new(
        "process.stdin.on(\"line\", |line| console.log(`[${line}]`)); process.stdin.on(\"end\", || console.log(\"end\"));
         console.log(\"top\");",
    )
    .stdout("top\n[one]\n[]\n[two ä]\n[three]\nend\n")
    .stdin("one\n\ntwo ä\r\n")
    .spawn();
    running.wait_for_line("[two ä]");
    running.stdin_line("three");
    running.finish();
    Script::new("process.stdin.on(\"line\", |line| console.log(line));")
        .stdin("no line end")
        .stdout("no line end\n")
        .run();
    // Without a listener nobody waits for it.
    let running = Script::new("process.stdin;").spawn();
    running.finish();
}

#[test]
fn output_of_a_busy_program_appears() {
    for text in [
        "console.log(\"one\"); console.log(\"two\"); loop {}",
        "set_timeout(|| { console.log(\"one\"); print(\"two\"); loop {} });",
        "console.log(\"one\"); fn again() { set_immediate(again); } again(); console.log(\"two\");",
        "console.log(\"one\"); sleep(1500); console.log(\"two\"); loop {}",
    ] {
        let mut running = Script::new(text).spawn();
        running.wait_for_line("one");
        running.wait_for_line("two");
        assert_eq!(running.kill9().stdout, "one\ntwo\n");
    }
}

#[test]
fn emit_runs_listeners_at_once() {
    Script::new(
        "let c = mqtt.connect(#{manualConnect: true});
         c.on(\"mine\", |a, b| console.log(\"first\", a, b)); c.on(\"mine\", || console.log(\"second\"));
         c.once(\"mine\", |a, b, c, d, e| console.log(\"once\", e == ()));
         console.log(\"before\"); c.emit(\"mine\", 1, \"x\"); console.log(\"after\"); c.emit(\"mine\", 2);",
    )
    .stdout("before\nfirst 1 x\nsecond\nonce true\nafter\nfirst 2 undefined\nsecond\n")
    .run();
}

#[test]
fn methods_of_a_client_do_not_call_back_before_they_return() {
    Script::new(
        "let c = mqtt.connect(#{manualConnect: true});
         c.subscribe(\"bad/#/filter\", |e| console.log(\"subscribe\", e.message));
         c.publish(\"a/+\", \"x\", |e| console.log(\"publish\", e.message));
         c.end(|| console.log(\"end\"));
         console.log(\"top\");",
    )
    .stdout("top\nsubscribe [..]\npublish [..]\nend\n")
    .run();
}

/// Clock ticks of processor time that a process has used.
#[cfg(target_os = "linux")]
fn processor_time(id: u32) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{id}/stat")).expect("it runs");
    let fields: Vec<&str> = text.rsplit(')').next().expect("there is a name").split_whitespace().collect();
    fields[11].parse::<u64>().expect("utime") + fields[12].parse::<u64>().expect("stime")
}

#[test]
#[cfg(target_os = "linux")]
fn an_idle_program_uses_no_processor() {
    let peer = Peer::listen();
    let mut running = Script::new(format!(
        "let c = mqtt.connect(\"{}\", #{{keepalive: 60}}); set_timeout(|| (), 100000); process.stdin.on(\"line\", || ());
         c.on(\"connect\", || console.log(\"ready\"));",
        peer.url()
    ))
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    running.wait_for_line("ready");
    let (before, started) = (processor_time(running.id()), Instant::now());
    link.expect_silence(Duration::from_secs(1));
    let used = processor_time(running.id()) - before;
    // 10 ms each: a loop that spins would use about as much as has passed.
    assert!(used <= 10, "{used} ticks in {:?}", started.elapsed());
}
