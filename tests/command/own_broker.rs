//! `--broker` and `mqttscript broker`.

use std::net::TcpListener;

use rustix::process::Signal;

use crate::support::observer::{Observer, publish};
use crate::support::script::Script;

/// A program that publishes to itself.
fn echo(url: &str) -> String {
    format!(
        "let c = mqtt.connect({url});
         c.on(\"message\", |topic, message| {{ console.log(topic, message.to_string()); c.end(); }});
         c.subscribe(\"a\", || c.publish(\"a\", \"x\"));"
    )
}

#[test]
fn a_broker_beside_the_program() {
    let mut running = Script::new(
        "process.stdin.on(\"line\", |url| {
            let c = mqtt.connect(url);
            c.on(\"message\", |topic, message| { console.log(topic, message.to_string()); c.end(); });
            c.subscribe(\"a\", || c.publish(\"a\", \"x\"));
        });",
    )
    .flag("--broker=127.0.0.1:0")
    .stdout("a x\n")
    .stderr("broker listening on mqtt://127.0.0.1:[..]\n")
    .spawn();
    let line = running.wait_for_error_line("broker listening on mqtt://127.0.0.1:[..]");
    running.stdin_line(line.trim_start_matches("broker listening on "));
    running.wait_for_line("a x");
    running.finish();
}

#[test]
fn a_port_that_is_in_use() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("it is bound");
    Script::new("console.log(\"not run\");")
        .flag(format!("--broker={address}"))
        .code(1)
        .stderr(format!(
            "error: the broker cannot start: cannot listen on `{address}`: the address is already in use\nhelp: [..]port 0[..]\n"
        ))
        .run();
    Script::new("").flag("--broker=nonsense:port").code(1).stderr("error: [..]nonsense:port[..]\nhelp: [..]\n").run();
}

#[test]
fn a_broker_alone_until_a_signal() {
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143)] {
        let mut running = Script::bare()
            .flag("broker")
            .flag("--listen")
            .flag("mqtt://127.0.0.1:0")
            .stdout("listening on [..]\n")
            .code(code)
            .spawn();
        let line = running.wait_for_line("listening on mqtt://127.0.0.1:[..]");
        let url = line.trim_start_matches("listening on ").to_owned();
        let observer = Observer::subscribe(&url, "#", 1);
        publish(&url, "a", "x", 1, false);
        assert_eq!(observer.due().text(), "x");
        Script::new(echo(&format!("\"{url}\""))).stdout("a x\n").run();
        running.signal(signal);
        running.finish();
    }
}

#[test]
fn a_broker_that_cannot_start() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("mqtt://{}", taken.local_addr().expect("it is bound"));
    Script::bare()
        .flag("broker")
        .flag(format!("--listen={url}"))
        .code(1)
        .stderr("error: cannot listen on `[..]`: the address is already in use\nhelp: [..]\n")
        .run();
    let outcome = Script::bare().flag("broker").flag("--lissten=x").outcome();
    assert_eq!(outcome.code, Some(2), "{outcome}");
    assert!(outcome.stderr.contains("'--listen'"), "{outcome}");
}
