//! SIGINT and SIGTERM.

use rustix::process::Signal;

use crate::support::peer::Peer;
use crate::support::script::Script;

const SIGNALS: [(Signal, &str, i32); 2] = [(Signal::INT, "SIGINT", 130), (Signal::TERM, "SIGTERM", 143)];

#[test]
fn every_client_ends_gracefully() {
    for (signal, _, code) in SIGNALS {
        let peer = Peer::listen();
        let mut running = Script::new(format!(
            "let c = mqtt.connect(\"{}\"); c.on(\"connect\", || console.log(\"ready\"));
             process.on(\"exit\", || console.log(\"no exit listener, as in Node\"));",
            peer.url()
        ))
        .stdout("ready\n")
        .code(code)
        .spawn();
        let mut link = peer.accept();
        link.handshake();
        running.wait_for_line("ready");
        running.signal(signal);
        link.expect_goodbye();
        running.finish();
    }
}

#[test]
fn a_program_that_blocks_ends_too() {
    for block in [
        "sleep(100000);",
        "loop { sleep(1); }",
        "c.publishAsync(\"a\", \"x\", #{qos: 1});",
        "try { sleep(100000); } catch { }",
    ] {
        for text in [
            format!("console.error(\"ready\"); {block} console.log(\"on\");"),
            format!("set_timeout(|| {{ console.error(\"ready\"); {block} console.log(\"on\"); }});"),
        ] {
            let peer = Peer::listen();
            let mut running = Script::new(format!("let c = mqtt.connect(\"{}\"); {text}", peer.url()))
                .flag("--exit-timeout=10")
                .stderr("ready\n")
                .code(130)
                .spawn();
            let mut link = peer.accept();
            link.handshake();
            running.wait_for_error_line("ready");
            running.signal(Signal::INT);
            running.finish();
        }
    }
}

#[test]
fn listeners() {
    for (signal, name, _) in SIGNALS {
        let mut running = Script::new(format!(
            "let t = set_interval(|| (), 1000);
             process.on(\"{name}\", |which| {{ console.log(\"got\", which); clear_interval(t); }}); console.log(\"ready\");"
        ))
        .stdout(format!("ready\ngot {name}\n"))
        .spawn();
        running.wait_for_line("ready");
        running.signal(signal);
        running.finish();
    }
    let mut running = Script::new(
        "set_interval(|| (), 1000); process.once(\"SIGINT\", || console.log(\"once\")); console.log(\"ready\");",
    )
    .stdout("ready\nonce\n")
    .code(130)
    .spawn();
    running.wait_for_line("ready");
    running.signal(Signal::INT);
    running.wait_for_line("once");
    running.signal(Signal::INT);
    running.finish();
}

#[test]
fn a_listener_may_exit() {
    let mut running =
        Script::new("set_interval(|| (), 1000); process.on(\"SIGINT\", || process.exit(9)); console.log(\"ready\");")
            .stdout("ready\n")
            .code(9)
            .spawn();
    running.wait_for_line("ready");
    running.signal(Signal::INT);
    running.finish();
}

#[test]
fn a_second_signal_ends_a_program_that_does_not_listen() {
    for listener in ["", "process.on(\"SIGINT\", || console.log(\"heard\"));"] {
        for (signal, _, code) in SIGNALS {
            let mut running = Script::new(format!("{listener} console.error(\"ready\"); loop {{}}"))
                .stderr("ready\n")
                .code(code)
                .spawn();
            running.wait_for_error_line("ready");
            running.signal(Signal::INT);
            // The kernel makes one of two equal signals that wait at the same time.
            while !running.has_ended() {
                running.signal(signal);
                std::thread::yield_now();
            }
            let outcome = running.outcome();
            assert!(outcome.code == Some(code) || outcome.code == Some(130), "{outcome}");
        }
    }
}

#[test]
fn a_second_signal_ends_the_flush() {
    let peer = Peer::listen();
    let mut running = Script::new(format!(
        "let c = mqtt.connect(\"{}\"); c.on(\"connect\", || c.publish(\"a\", \"x\", #{{qos: 1}}));",
        peer.url()
    ))
    .flag("--exit-timeout=100000")
    .code(130)
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    link.read_publish();
    // Never acknowledged, so the first one would wait for long.
    while !running.has_ended() {
        running.signal(Signal::INT);
        std::thread::yield_now();
    }
    running.finish();
}
