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

fn run(program: &str, secure: &Secure) -> Result<(), String> {
    let claims = Claims::of(program);
    let mut text = program.to_owned();
    // A broker of its own: nothing kept by one example is seen by another.
    let mut brokers = Vec::new();
    for (scheme, address) in [("ws", "ws://localhost"), ("mqtt", "mqtt://localhost"), ("mqtt", "1883")] {
        if text.contains(address) {
            let (broker, url) = start(scheme);
            let port = url.rsplit(':').next().expect("split gives one");
            text = text.replace(address, if address == "1883" { port } else { &url });
            brokers.push(broker);
        }
    }
    let secure_url = if program.contains(":8884") {
        text = text.replace(":8884", "");
        secure.mutual.url_by("localhost")
    } else {
        secure.tls.url_by("localhost")
    };
    text = text.replace("mqtts://localhost", &secure_url);
    text = text.replace("8883", &secure.tls.port().to_string());
    let broker = if program.contains(":8884") { &secure.mutual } else { &secure.tls };
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
