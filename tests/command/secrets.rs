//! Passwords, keys and payloads are in no log, at any level, and in no diagnostic.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use crate::support::broker::{Broker, Flavour, USER};
use crate::support::certificates::Authority;
use crate::support::peer::Peer;
use crate::support::script::{Outcome, Running, Script};

/// Part of everything that must not be told.
const SECRET: &str = "hunter2";
/// Base64 of `me:hunter2`.
const SECRET_HEADER: &str = "bWU6aHVudGVyMg";

/// Neither as it is, nor as a list of bytes, nor in hexadecimal digits, nor as a header.
#[track_caller]
fn tells_no_secret(outcome: &Outcome) {
    let bytes = format!("{:?}", SECRET.as_bytes()).trim_matches(['[', ']']).to_owned();
    let digits: String = SECRET.bytes().map(|byte| format!("{byte:02x}")).collect();
    for secret in [SECRET, SECRET_HEADER, &bytes, &digits] {
        assert!(!outcome.stderr.contains(secret), "`{secret}` was told: {outcome}");
    }
}

/// With everything logged.
fn loud(text: &str) -> Script {
    Script::new(text).env("MQTTSCRIPT_LOG", "trace")
}

#[track_caller]
fn logged_no_secret(running: Running, stdout: &str) {
    let outcome = running.outcome();
    assert_eq!(outcome.stdout, stdout, "{outcome}");
    assert!(outcome.stderr.contains("dialling"), "nothing was logged: {outcome}");
    tells_no_secret(&outcome);
}

/// Every field of CONNECT, PUBLISH and AUTH that holds something of the program's, both ways.
#[test]
fn packets_of_mqtt_5() {
    let peer = Peer::listen();
    let text = r#"
        let text = process.argv[3];
        let c = mqtt.connect(process.argv[2], #{
            protocolVersion: 5, reconnectPeriod: 0, username: "me", password: Buffer.from(text),
            will: #{topic: "w", payload: text, properties: #{correlationData: Buffer.from(text), userProperties: #{k: text}}},
            properties: #{authenticationMethod: "m", authenticationData: Buffer.from(text), userProperties: #{k: text}},
        });
        c.handleAuth = |packet, done| done.call((), #{reasonCode: 24, properties: #{
            authenticationMethod: "m", authenticationData: packet.properties.authenticationData}});
        let properties = #{correlationData: Buffer.from(text), userProperties: #{k: text}, contentType: text};
        c.on("message", |topic, message| {
            c.publish("out", message, #{qos: 1, properties: properties}, |error| {
                console.log(error.message);
                c.end();
            });
        });
        c.on("error", |error| console.log(error.message));
    "#;
    let running = loud(text).args([&peer.url(), SECRET]).spawn();
    let mut link = peer.accept_v5();
    link.read_frame();
    // AUTH with Authentication Data, and CONNACK with a User Property.
    let length = SECRET.len() as u8;
    let data = [&[0x15, 0, 1, b'm', 0x16, 0, length][..], SECRET.as_bytes()].concat();
    let of_user = [&[0x26, 0, 1, b'k', 0, length][..], SECRET.as_bytes()].concat();
    link.send_bytes(&[&[0xf0, data.len() as u8 + 2, 24, data.len() as u8][..], &data].concat());
    link.read_frame();
    link.send_bytes(&[&[0x20, of_user.len() as u8 + 3, 0, 0, of_user.len() as u8][..], &of_user].concat());
    let body = [&[0, 1, b'a', of_user.len() as u8][..], &of_user, SECRET.as_bytes()].concat();
    link.send_bytes(&[&[0x30, body.len() as u8][..], &body].concat());
    let publish = link.read_frame();
    let place = publish.windows(3).position(|bytes| bytes == b"out").expect("a topic");
    // PUBACK: not authorized, with a reason that repeats the secret.
    let reason = [&[0x1f, 0, length][..], SECRET.as_bytes()].concat();
    let head = [0x40, reason.len() as u8 + 4, publish[place + 3], publish[place + 4], 135, reason.len() as u8];
    link.send_bytes(&[&head[..], &reason].concat());
    link.read_frame();
    link.close();
    logged_no_secret(running, "Publish error: Not authorized\n");
}

/// A login that is refused, without anybody who listens: what is told without any flag.
#[test]
fn a_refused_login() {
    let broker = Broker::start(Flavour::Password);
    let with_login = broker.url().replace("mqtt://", &format!("mqtt://me:{SECRET}@"));
    let in_options = format!("#{{username: \"{USER}\", password: \"{SECRET}\"}}");
    for (url, options) in [(with_login, "#{}"), (broker.url(), &in_options)] {
        for level in ["", "trace"] {
            let text = format!("mqtt.connect(\"{url}\", {options});");
            let outcome = Script::new(text).env("MQTTSCRIPT_LOG", level).outcome();
            assert_eq!(outcome.code, Some(1), "{outcome}");
            assert!(outcome.stderr.contains("refused the connection"), "{outcome}");
            tells_no_secret(&outcome);
        }
    }
}

#[test]
fn headers_and_query_of_a_web_socket() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect(process.argv[2], #{reconnectPeriod: 0, wsOptions: #{
            auth: "me:" + process.argv[3], headers: #{"X-Key": process.argv[3], Cookie: "session=" + process.argv[3]}}});
        c.on("error", |error| console.log(error.message));
    "#;
    let url = format!("ws://{}/mqtt?token={SECRET}", peer.address());
    let running = loud(text).args([&url, SECRET]).spawn();
    let stream = peer.accept_stream();
    let request = request(&stream);
    assert!(request.iter().any(|line| line.contains(SECRET_HEADER)), "{request:?}");
    let refusal = format!("HTTP/1.1 401 Unauthorized\r\nX-Why: {SECRET}\r\nContent-Length: 7\r\n\r\n{SECRET}");
    (&stream).write_all(refusal.as_bytes()).expect("the client reads");
    drop(stream);
    logged_no_secret(running, "Unexpected server response: 401\n");
}

/// The messages of a session over a web socket, as the broker sends and takes them.
#[test]
fn messages_over_a_web_socket() {
    let broker = Broker::start(Flavour::WebSocket);
    let text = r#"
        let c = mqtt.connect(process.argv[2], #{username: "me", password: process.argv[3]});
        c.on("message", |topic, message| { console.log(message.length); c.end(); });
        c.subscribe("a", || c.publish("a", process.argv[3]));
    "#;
    logged_no_secret(loud(text).args([&broker.url(), SECRET]).spawn(), "7\n");
}

#[track_caller]
fn request(stream: &TcpStream) -> Vec<String> {
    stream.set_read_timeout(Some(crate::support::PATIENCE)).expect("a timeout can be set");
    let lines = BufReader::new(stream).lines().map(|line| line.expect("the client sends a request"));
    lines.take_while(|line| !line.is_empty()).collect()
}

/// User name and password of a proxy that takes them not.
#[test]
fn a_proxy_that_refuses() {
    let proxy = Peer::listen();
    let text = r#"
        let c = mqtt.connect("mqtt://broker.example", #{reconnectPeriod: 0, socksProxy: process.argv[2]});
    "#;
    let url = format!("socks5h://me:{SECRET}@{}", proxy.address());
    let running = loud(text).args([&url]).spawn();
    let mut stream = proxy.accept_stream();
    stream.set_read_timeout(Some(crate::support::PATIENCE)).expect("a timeout can be set");
    let mut hello = [0; 4];
    stream.read_exact(&mut hello).expect("the client offers a password");
    stream.write_all(&[5, 2]).expect("the client reads");
    let mut login = [0; 5 + SECRET.len()];
    stream.read_exact(&mut login).expect("the client sends it");
    stream.write_all(&[1, 1]).expect("the client reads");
    drop(stream);
    let outcome = running.outcome();
    assert!(outcome.stderr.contains("cannot connect to"), "{outcome}");
    tells_no_secret(&outcome);
}

/// Keys and passphrases: of no use, wrong, and good.
#[test]
fn keys_and_passphrases() {
    let broker = Broker::start(Flavour::MutualTls);
    let client = broker.authority().client("me");
    let other = Authority::new().client("other");
    // Of the key itself.
    let inside = client.key.lines().nth(1).expect("a key has lines").to_owned();
    for (options, connects) in [
        (r#"cert: "c.crt", key: "c.key", passphrase: "hunter2""#, true),
        (r#"cert: "c.crt", key: "other.key", passphrase: "hunter2""#, false),
        (r#"cert: "c.crt", key: #{pem: fs.readFileSync("c.key"), passphrase: "hunter2"}"#, true),
        (r#"cert: "c.crt", key: "encrypted.key", passphrase: "hunter2""#, false),
        (r#"pfx: "c.key", passphrase: "hunter2""#, false),
        (r#"cert: "c.key", key: "c.crt", passphrase: "hunter2""#, false),
    ] {
        let text = format!(
            "let fs = require(\"fs\"); mqtt.connect(\"{}\", #{{ca: \"ca.pem\", {options}}})
                 .on(\"connect\", || {{ console.log(\"connect\"); process.exit(0); }});",
            broker.url_by("localhost")
        );
        let encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
        let outcome = loud(&text)
            .file("ca.pem", broker.ca())
            .file("c.crt", &client.cert)
            .file("c.key", &client.key)
            .file("other.key", &other.key)
            .file("encrypted.key", encrypted)
            .outcome();
        assert_eq!(outcome.stdout, if connects { "connect\n" } else { "" }, "{options} {outcome}");
        tells_no_secret(&outcome);
        assert!(!outcome.stderr.contains(&inside), "a piece of the key was told: {outcome}");
    }
}

/// A source line that a diagnostic shows, and source that a help repeats.
#[test]
fn what_is_shown_of_the_script() {
    for (text, shown) in [
        (
            "mqtt.connect(\"mqtt://me:hunter2@host\", #{password: \"hunter2\", qos: 1});",
            "1 | mqtt.connect(\"mqtt://me:*******@host\", #{password: \"*******\", qos: 1});",
        ),
        ("let o = #{passphrase: \"hunter2\" key: 1};", "1 | let o = #{passphrase: \"*******\" key: 1};"),
        (
            "let x = new mqtt.connect(\"mqtt://me:hunter2@host\");",
            "1 | let x = new mqtt.connect(\"mqtt://me:*******@host\");",
        ),
    ] {
        let outcome = Script::new(text).outcome();
        assert_eq!(outcome.code, Some(1), "{outcome}");
        assert!(outcome.stderr.lines().any(|line| line == shown), "{outcome}");
        tells_no_secret(&outcome);
    }
}

/// Wrong URLs are repeated without what may be a password.
#[test]
fn urls_that_cannot_be_used() {
    for url in [
        "mqtt://me:hunter2@host:99999",
        "me:hunter2@host",
        "nothing://me:hunter2@host",
        "mqtt://me:hunter2@",
        "mqtt+unix://me:hunter2@host",
        "mqtt://me:hunter2@bad host",
        "mqtt://me:hunter2/@host",
    ] {
        let outcome = Script::new("mqtt.connect(process.argv[2]);").arg(url).outcome();
        assert_eq!(outcome.code, Some(1), "{url} {outcome}");
        assert!(!outcome.stderr.contains(SECRET), "{url} {outcome}");
        let options = "mqtt.connect(\"mqtt://127.0.0.1:1\", #{socksProxy: process.argv[2]});";
        let outcome = Script::new(options).arg(url.replace("mqtt://", "socks5://")).outcome();
        assert!(!outcome.stderr.contains(SECRET), "{url} {outcome}");
    }
}

/// Messages wait in it, and are nobody else's business.
#[cfg(unix)]
#[test]
fn a_store_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let text = r#"
        let c = mqtt.connect("mqtt://127.0.0.1:1", #{clientId: "me", store: "s.db", manualConnect: true});
        c.publish("a", "b", #{qos: 1});
        console.log("kept");
        setInterval(|| (), 60000);
    "#;
    let mut running = Script::new(text).flag("--allow-write").spawn();
    running.wait_for_line("kept");
    let file = std::fs::metadata(running.folder().join("s.db")).expect("the store is there");
    assert_eq!(file.permissions().mode() & 0o777, 0o600);
    running.kill9();
}
