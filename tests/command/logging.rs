//! `-v`, `-vv` and `MQTTSCRIPT_LOG`: on stderr only, and no secrets.

use crate::support::broker::{Broker, Flavour, PASSWORD, USER};
use crate::support::peer::Peer;
use crate::support::script::{Outcome, Script};

const PAYLOAD: &str = "pay-and-load";

fn program(url: &str) -> Script {
    Script::new(format!(
        "let c = mqtt.connect(\"{url}\", #{{username: \"{USER}\", password: \"{PASSWORD}\", protocolVersion: 5,
            will: #{{topic: \"w\", payload: \"{PAYLOAD}\"}}}});
         c.on(\"message\", |t, m| {{ console.log(\"got\", m.length); c.end(); }});
         c.subscribe(\"a\", #{{qos: 2}}, || c.publish(\"a\", \"{PAYLOAD}\", #{{qos: 2}}));"
    ))
}

#[track_caller]
fn hides(outcome: &Outcome, secrets: &[&str]) {
    let bytes = |text: &str| format!("{:?}", text.as_bytes()).trim_matches(['[', ']']).to_owned();
    for secret in secrets {
        assert!(!outcome.stderr.contains(secret) && !outcome.stderr.contains(&bytes(secret)), "{secret} {outcome}");
    }
}

#[track_caller]
fn says_no_secrets(outcome: &Outcome) {
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(0), "got 12\n"), "{outcome}");
    assert!(outcome.stderr.contains("dialling"), "{outcome}");
    hides(outcome, &[PASSWORD, PAYLOAD]);
    assert!(!outcome.stderr.contains('\u{1b}'), "colours without a terminal: {outcome}");
}

#[test]
fn more_and_more_on_stderr() {
    let broker = Broker::start(Flavour::Password);
    for flag in ["-v", "-vv", "--verbose"] {
        says_no_secrets(&program(&broker.url()).flag(flag).outcome());
    }
    for filter in ["mqttscript=trace", "trace"] {
        says_no_secrets(&program(&broker.url()).env("MQTTSCRIPT_LOG", filter).outcome());
    }
    // Those in the URL neither.
    let url = broker.url().replace("mqtt://", &format!("mqtt://{USER}:{PASSWORD}@"));
    says_no_secrets(&program(&url).flag("-vv").outcome());
}

#[test]
fn the_broker_beside_the_program() {
    let text = format!(
        "let c = mqtt.connect(process.argv[2], #{{password: \"{PASSWORD}\", username: \"u\"}});
         c.on(\"message\", |t, m| {{ console.log(\"got\", m.length); c.end(); }});
         c.subscribe(\"a\", || c.publish(\"a\", \"{PAYLOAD}\"));"
    );
    let port = crate::support::peer::free_port();
    let outcome = Script::new(text)
        .flag(format!("--broker=127.0.0.1:{port}"))
        .arg(format!("mqtt://127.0.0.1:{port}"))
        .env("MQTTSCRIPT_LOG", "trace")
        .outcome();
    says_no_secrets(&outcome);
}

#[test]
fn what_a_refusing_broker_sends_is_not_logged() {
    let peer = Peer::listen();
    let text = format!(
        "let c = mqtt.connect(\"{}\", #{{protocolVersion: 5, username: \"{USER}\", password: \"{PASSWORD}\"}});
         c.on(\"error\", |error| console.log(error.message));",
        peer.url()
    );
    let running = Script::new(text).env("MQTTSCRIPT_LOG", "trace").spawn();
    let mut link = peer.accept_v5();
    link.read();
    // CONNACK, 0x87 not authorized, with Authentication Data and a User Property.
    let data = PAYLOAD.as_bytes();
    let length = u8::try_from(data.len()).expect("it is short");
    let properties = [&[0x16, 0, length][..], data, &[0x26, 0, 1, b'k', 0, length], data].concat();
    let head = [0x20, 3 + properties.len() as u8, 0, 0x87, properties.len() as u8];
    link.send_bytes(&[&head[..], &properties].concat());
    let outcome = running.outcome();
    assert_eq!(outcome.stdout, "Connection refused: Not authorized\n");
    assert!(outcome.stderr.contains("refused: Connection refused: Not authorized"), "{outcome}");
    hides(&outcome, &[PASSWORD, PAYLOAD]);
}

#[test]
fn silence_without_being_asked() {
    let broker = Broker::start(Flavour::Password);
    program(&broker.url()).env("MQTTSCRIPT_LOG", "").stdout("got 12\n").run();
    program(&broker.url()).env("RUST_LOG", "trace").stdout("got 12\n").run();
}
