//! Runs the example of every entry with the real binary: it prints exactly what its comments say.

use std::any::Any;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use mqttscript::api::entries::all;
use mqttscript::api::reference::full_name;
use mqttscript::broker as embedded;

use crate::support::broker::{Broker, Flavour, is_mosquitto};
use crate::support::script::Script;

/// Certificates take a while to make, so these brokers serve all examples; no example keeps anything there.
struct Secure {
    tls: Broker,
    mutual: Broker,
}

#[test]
fn every_example_does_what_it_says() {
    let wanted = std::env::var("EXAMPLE").ok();
    let mut programs: Vec<(String, &str)> = Vec::new();
    for entry in all().filter(|entry| !entry.program().is_empty()) {
        let name = full_name(entry);
        if wanted.as_ref().is_some_and(|wanted| !name.contains(wanted)) {
            continue;
        }
        match programs.iter_mut().find(|(_, program)| *program == entry.program()) {
            Some((names, _)) => *names = format!("{names}, {name}"),
            None => programs.push((name, entry.program())),
        }
    }
    let secure = Secure { tls: Broker::start(Flavour::Tls), mutual: Broker::start(Flavour::MutualTls) };
    let next = AtomicUsize::new(0);
    let faults = Mutex::new(BTreeSet::new());
    // More than there are cores: most examples wait for timers and answers.
    let workers = std::thread::available_parallelism().map_or(4, |cores| cores.get() * 3);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some((name, program)) = programs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    // One that does not end panics.
                    let result = catch_unwind(AssertUnwindSafe(|| run(program, &secure)));
                    if let Err(fault) = result.unwrap_or_else(|_| Err(format!("does not end\n{program}"))) {
                        faults.lock().expect("no worker panics with it").insert(format!("{name}: {fault}"));
                    }
                }
            });
        }
    });
    let faults = faults.into_inner().expect("no worker panics with it");
    let text: String = faults.iter().map(|fault| format!("{fault}\n\n")).collect();
    assert!(faults.is_empty(), "{} of {} examples do not do what they say:\n\n{text}", faults.len(), programs.len());
}

/// What the comments of an example say.
#[derive(Debug, Default)]
struct Claims {
    stdout: Vec<String>,
    stderr: Vec<String>,
    code: i32,
}

impl Claims {
    fn of(program: &str) -> Self {
        let mut claims = Self::default();
        for line in program.lines() {
            for (marker, numbers_differ) in [("//=>", false), ("//~>", true)] {
                if let Some((_, text)) = line.split_once(marker) {
                    let text = text.strip_prefix(' ').unwrap_or(text);
                    claims.stdout.push(if numbers_differ { without_numbers(text) } else { text.to_owned() });
                }
            }
            if let Some((_, text)) = line.split_once("//2>") {
                claims.stderr.push(text.strip_prefix(' ').unwrap_or(text).to_owned());
            }
            if let Some((_, code)) = line.split_once("//exit>") {
                claims.code = code.trim().parse().expect("an exit code is a number");
            }
        }
        claims.stdout.sort();
        claims
    }
}

fn without_numbers(text: &str) -> String {
    let mut plain = String::new();
    for character in text.chars() {
        let character = if character.is_ascii_digit() { '0' } else { character };
        // Decimals are numbers too.
        if character != '0' || !plain.ends_with('0') {
            plain.push(character);
        }
    }
    plain.replace("0.0", "0")
}

/// Starts a broker, and gives its URL. The embedded one picks its port itself: so many ports as this takes, other tests that
/// run beside it could come upon.
fn start(scheme: &str) -> (Box<dyn Any>, String) {
    if is_mosquitto() {
        let broker = Broker::start(if scheme == "ws" { Flavour::WebSocket } else { Flavour::Plain });
        let url = broker.url();
        return (Box::new(broker), url);
    }
    let listen = format!("{scheme}://127.0.0.1:0").parse().expect("this is where it can listen");
    let config = embedded::Config { listeners: vec![listen], ..embedded::Config::default() };
    let broker = embedded::Broker::start(config).expect("a broker can be started");
    let url = broker.url().to_owned();
    (Box::new(broker), url)
}

/// Puts the test's addresses in the place of those that programs name: each is asked for once, and what stands in its place is
/// not looked at again.
fn with_addresses(program: &str, mut by: impl FnMut(&'static str) -> String) -> String {
    const NAMED: [&str; 6] =
        ["mqtts://localhost:8884", "mqtts://localhost", "mqtt://localhost", "ws://localhost", "1883", "8883"];
    let mut known: Vec<(&str, String)> = Vec::new();
    let mut text = String::new();
    let mut rest = program;
    while let Some(next) = rest.chars().next() {
        let Some(named) = NAMED.into_iter().find(|named| rest.starts_with(named)) else {
            text.push(next);
            rest = &rest[next.len_utf8()..];
            continue;
        };
        if !known.iter().any(|(address, _)| *address == named) {
            known.push((named, by(named)));
        }
        text.extend(known.iter().find(|(address, _)| *address == named).map(|(_, own)| own.as_str()));
        rest = &rest[named.len()..];
    }
    text
}

fn run(program: &str, secure: &Secure) -> Result<(), String> {
    let claims = Claims::of(program);
    // Brokers of its own: nothing kept by one example is seen by another.
    let mut brokers = Vec::new();
    let mut own = |scheme: &str| {
        let (broker, url) = start(scheme);
        brokers.push(broker);
        url
    };
    let broker = if program.contains(":8884") { &secure.mutual } else { &secure.tls };
    let text = with_addresses(program, |address| match address {
        "ws://localhost" => own("ws"),
        "mqtt://localhost" => own("mqtt"),
        "1883" => own("mqtt").rsplit(':').next().expect("split gives one").to_owned(),
        "8883" => broker.port().to_string(),
        _ => broker.url_by("localhost"),
    });
    let client = broker.authority().client("client");
    let outcome = Script::named("example.rhai", text)
        .flag("--allow-all")
        .file("ca.pem", broker.ca())
        .file("client.pem", &client.cert)
        .file("client.key", &client.key)
        .args(["kitchen", "cellar"])
        .stdin("kitchen\ncellar\n")
        .env("TZ", "UTC")
        .outcome();
    let mut printed: Vec<String> = outcome.stdout.lines().map(str::to_owned).collect();
    for line in &mut printed {
        if !claims.stdout.contains(line) && claims.stdout.contains(&without_numbers(line)) {
            *line = without_numbers(line);
        }
    }
    printed.sort();
    let stderr: Vec<&str> = outcome.stderr.lines().collect();
    let good = printed == claims.stdout && stderr == claims.stderr && outcome.code == Some(claims.code);
    if good { Ok(()) } else { Err(format!("says {claims:?}\n{program}\n{outcome}")) }
}
