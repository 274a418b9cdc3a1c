use rumqttc_v4::ConnectReturnCode;

use crate::prelude::{login, script};
use crate::support::certificates::Authority;
use crate::support::packets::v4;
use crate::support::peer::Peer;
use crate::support::script::Script;

/// Each line of `calls` throws what stands beside it, and nobody is dialled.
#[track_caller]
fn refused(calls: &[(&str, &str)]) {
    let peer = Peer::listen();
    let text: String = calls.iter().map(|(call, _)| format!("thrown(|| {call});\n")).collect();
    let stdout: String = calls.iter().map(|(_, message)| format!("{message}\n")).collect();
    script(&peer.url(), &text).stdout(stdout).run();
    peer.expect_nobody(std::time::Duration::from_millis(20));
}

#[test]
fn options_that_cannot_be() {
    refused(&[
        (r#"mqtt.connect("BROKER", #{password: "x"})"#, "Error: option `password` needs `username` below MQTT 5"),
        (
            r#"mqtt.connect("BROKER", #{keepalive: -1})"#,
            "Error: option `keepalive` takes a whole number from 0 to 65535 but got -1",
        ),
        (
            r#"mqtt.connect("BROKER", #{keepalive: 65536})"#,
            "Error: option `keepalive` takes a whole number from 0 to 65535 but got 65536",
        ),
        (
            r#"mqtt.connect("BROKER", #{keepalive: 1.5})"#,
            "Error: option `keepalive` takes a whole number from 0 to 65535 but got 1.5",
        ),
        (
            r#"mqtt.connect("BROKER", #{keepalive: "60"})"#,
            "Error: option `keepalive` takes a whole number from 0 to 65535 but got text",
        ),
        (
            r#"mqtt.connect("BROKER", #{protocolVersion: 7})"#,
            "Error: option `protocolVersion` takes 3 (MQTT 3.1), 4 (MQTT 3.1.1) or 5 (MQTT 5) but got 7",
        ),
        (r#"mqtt.connect("BROKER", #{will: #{payload: "x"}})"#, "Error: option `will` needs a `topic`"),
        (
            r#"mqtt.connect("BROKER", #{will: #{topic: "a/#"}})"#,
            "Error: option `will`: `a/#` is not a topic to publish to: `#` is a wildcard, only `subscribe` takes those",
        ),
        (r#"mqtt.connect("BROKER", #{will: #{topic: "a", qos: 3}})"#, "Error: option `qos` takes 0, 1 or 2 but got 3"),
        (
            r#"mqtt.connect("BROKER", #{protocolVersion: 5, properties: #{receiveMaximum: "a"}})"#,
            "Error: option `receiveMaximum` takes a whole number from 1 to 65535 but got text",
        ),
        (
            r#"mqtt.connect("BROKER", #{protocolVersion: 5, properties: #{foo: 1}})"#,
            "Error: `properties` has no option `foo`",
        ),
        (r#"mqtt.connect("BROKER", #{clientId: 12345})"#, "Error: option `clientId` takes text but got 12345"),
        (r#"mqtt.connect("BROKER", #{clean: false})"#, "Error: Missing clientId for unclean clients"),
        (r#"mqtt.connect("BROKER", #{clean: "no"})"#, "Error: option `clean` takes `true` or `false` but got text"),
        (r#"mqtt.connect("BROKER", #{clientID: "x"})"#, "Error: `mqtt.connect` has no option `clientID`"),
        (
            r#"mqtt.connect("BROKER", #{reconnectPeriod: -1})"#,
            "Error: option `reconnectPeriod` takes a number of milliseconds, 0 or more but got -1",
        ),
        (
            r#"mqtt.connect("BROKER", #{reconnectPeriod: #{minimum: 1}})"#,
            "Error: `reconnectPeriod` has no option `minimum`",
        ),
        (
            r#"mqtt.connect("BROKER", #{port: 70000})"#,
            "Error: option `port` takes a whole number from 0 to 65535 but got 70000",
        ),
        (r#"mqtt.connect("BROKER", 5)"#, "TypeError: `connect` takes a map `#{...}` as `options` but got an integer"),
        (r#"mqtt.connect(5)"#, "TypeError: `connect` takes a URL or a map of options as `url` but got an integer"),
        (
            r#"mqtt.connect("BROKER", #{manualConnect: true}).publishAsync("a", "b")"#,
            "Error: `publishAsync` would wait for ever before `client.connect()`",
        ),
        (
            r#"mqtt.connectAsync("BROKER", #{manualConnect: true})"#,
            "Error: `connectAsync` would wait for ever with `manualConnect: true`",
        ),
    ]);
}

/// MQTT.js dials most of these in clear text.
#[test]
fn urls_that_cannot_be() {
    let peer = Peer::listen();
    let at = peer.address();
    refused(&[
        (&format!(r#"mqtt.connect("wsss://{at}")"#), "Error: unknown protocol `wsss`, did you mean `wss`?"),
        (&format!(r#"mqtt.connect("http://{at}")"#), "Error: unknown protocol `http`, did you mean `ws`?"),
        (
            &format!(r#"mqtt.connect(#{{protocol: "mqtss", host: "127.0.0.1", port: {}}})"#, at.port()),
            "Error: unknown protocol `mqtss`, did you mean `mqtts`?",
        ),
        (&format!(r#"mqtt.connect("{at}")"#), "Error: Missing protocol"),
        (r#"mqtt.connect("broker")"#, "Error: Missing protocol"),
        (r#"mqtt.connect("//h")"#, "Error: Missing protocol"),
        (r#"mqtt.connect("mqtt//h")"#, "Error: Missing protocol"),
        (r#"mqtt.connect("")"#, "Error: Missing protocol"),
        (r#"mqtt.connect("mqtt://h:abc")"#, "Error: invalid port `abc`"),
    ]);
    peer.expect_nobody(std::time::Duration::from_millis(1));
}

/// Case 2 of the messages to reach.
#[test]
fn an_uncaught_url_without_a_scheme_says_what_to_write() {
    Script::new("let mqtt = require(\"mqtt\");\nlet client = mqtt.connect(\"localhost:1883\");")
        .code(1)
        .stderr(
            r#"error: `localhost:1883` is not a broker URL: the scheme is missing, did you mean `mqtt://localhost:1883`?
 --> main.rhai:2:19
  |
2 | let client = mqtt.connect("localhost:1883");
  |                   ^^^^^^^
help: write `mqtt://localhost:1883` (schemes: mqtt, mqtts, ws, wss, mqtt+unix)
"#,
        )
        .run();
}

#[test]
fn certificates_that_cannot_be_used() {
    let authority = Authority::new();
    let (one, other) = (authority.client("one"), authority.client("other"));
    let peer = Peer::listen();
    let cases = [
        (r#"ca: "none.pem""#, "Error: option `ca`: ENOENT: no such file or directory, open 'none.pem'"),
        (r#"ca: "text.pem""#, "Error: `ca` holds no certificate"),
        (r#"ca: ["ca.pem", "text.pem"]"#, "Error: `ca` holds no certificate"),
        (r#"ca: "broken.pem""#, "Error: `ca` is not valid PEM: [..]"),
        (r#"ca: 5"#, "Error: option `ca` takes PEM text, a Buffer, a path, or an array of them but got 5"),
        (
            r#"ca: "ca.pem", cert: "one.crt""#,
            "Error: `cert` is given without `key`: the private key of the certificate is missing",
        ),
        (
            r#"ca: "ca.pem", key: "one.key""#,
            "Error: `key` is given without `cert`: the certificate of the private key is missing",
        ),
        (r#"ca: "ca.pem", cert: "one.crt", key: "text.pem""#, "Error: `key` holds no private key"),
        (r#"ca: "ca.pem", cert: "text.pem", key: "one.key""#, "Error: `cert` holds no certificate"),
        (r#"ca: "ca.pem", cert: "one.crt", key: "other.key""#, "Error: [..]"),
    ];
    let text: String = cases
        .iter()
        .map(|(options, _)| format!("thrown(|| mqtt.connect(\"mqtts://{}\", #{{{options}}}));\n", peer.address()))
        .collect();
    let stdout: String = cases.iter().map(|(_, message)| format!("{message}\n")).collect();
    script("", &text)
        .file("ca.pem", authority.pem())
        .file("one.crt", &one.cert)
        .file("one.key", &one.key)
        .file("other.key", &other.key)
        .file("text.pem", "no certificate")
        .file("broken.pem", "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n")
        .stdout(stdout)
        .run();
    // Uncaught: the file is named, and the code is 1.
    Script::new("require(\"mqtt\").connect(\"mqtts://127.0.0.1\", #{ca: \"none.pem\"});")
        .code(1)
        .stderr(
            r#"error: option `ca`: ENOENT: no such file or directory, open 'none.pem'
 --> main.rhai:1:17
  |
1 | require("mqtt").connect("mqtts://127.0.0.1", #{ca: "none.pem"});
  |                 ^^^^^^^
help: give the path of a PEM file, or its text: `ca: fs.readFileSync("...")`
"#,
        )
        .run();
    peer.expect_nobody(std::time::Duration::from_millis(20));
}

/// A client certificate needs a protocol, and makes a plain one secure.
#[test]
fn a_client_certificate_promotes_the_protocol() {
    let authority = Authority::new();
    let client = authority.client("steve");
    let peer = Peer::listen();
    let mut running = script(
        &peer.url(),
        r#"
        thrown(|| mqtt.connect(#{host: "127.0.0.1", cert: "c.crt", key: "c.key"}));
        mqtt.connect("BROKER", #{ca: "ca.pem", cert: "c.crt", key: "c.key"});
        "#,
    )
    .file("ca.pem", authority.pem())
    .file("c.crt", &client.cert)
    .file("c.key", &client.key)
    .spawn();
    running.wait_for_line("Error: Missing secure protocol key");
    let mut first = [0; 3];
    std::io::Read::read_exact(&mut peer.accept_stream(), &mut first).expect("it says hello");
    assert_eq!(first[..2], [0x16, 3], "a TLS handshake");
    running.kill9();
}

#[test]
fn options_win_over_the_url() {
    let peer = Peer::listen();
    let url = "mqtt://url:secret@127.0.0.1:1?clientId=url";
    let running = script(
        "",
        &format!(
            r#"let c = mqtt.connect("{url}", #{{port: {}, username: "u", password: "p", clientId: "me"}}); c.on("connect", || c.end());"#,
            peer.port()
        ),
    )
    .spawn();
    let mut link = peer.accept();
    let connect = link.handshake();
    assert_eq!((connect.client_id.as_str(), connect.auth), ("me", login("u", "p")));
    link.expect_goodbye();
    running.finish();
    let running = script(
        "",
        &format!(
            r#"let c = mqtt.connect("mqtt://u%3Ax:a%3Ab%40@{}?clientId=abc"); c.on("connect", || c.end());"#,
            peer.address()
        ),
    )
    .spawn();
    let mut link = peer.accept();
    let connect = link.handshake();
    assert_eq!((connect.client_id.as_str(), connect.auth), ("abc", login("u:x", "a:b@")));
    link.expect_goodbye();
    running.finish();
}

#[test]
fn changed_options_count_at_the_next_attempt() {
    let peer = Peer::listen();
    let other = Peer::listen();
    let running = script(
        &peer.url(),
        &format!(
            r#"
            let c = mqtt.connect("BROKER", #{{username: "u", password: "one", reconnectPeriod: 10}});
            console.log(c.options.username, c.options.keepalive, c.options.clean);
            c.once("close", || {{ c.options.password = "two"; c.options.port = {}; c.options.keepalive = 7; }});
            c.on("connect", || if c.keepalive == 7 {{ c.end(); }});
            "#,
            other.port()
        ),
    )
    .stdout("u 60 true\n")
    .spawn();
    let mut link = peer.accept();
    let first = link.handshake();
    assert_eq!((first.auth, first.keep_alive), (login("u", "one"), 60));
    link.close();
    let mut link = other.accept();
    let second = link.handshake();
    assert_eq!((second.auth, second.keep_alive), (login("u", "two"), 7));
    assert_eq!(second.client_id, first.client_id, "made up once");
    link.expect_goodbye();
    running.finish();
}

#[test]
fn closures_are_asked_at_each_attempt() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let ids = 0;
        let names = 0;
        let words = 0;
        let c = mqtt.connect("BROKER", #{
            clientId: || { ids += 1; "id" + ids },
            username: || { names += 1; "user" + names },
            password: || { words += 1; Buffer.from("pass" + words) },
            reconnectPeriod: 10
        });
        c.on("connect", || if ids == 2 { c.end(); });
        "#,
    )
    .spawn();
    for count in 1..=2 {
        let mut link = peer.accept();
        let connect = link.handshake();
        assert_eq!(connect.client_id, format!("id{count}"));
        assert_eq!(connect.auth, login(&format!("user{count}"), &format!("pass{count}")));
        if count == 1 {
            link.close();
        } else {
            link.expect_goodbye();
        }
    }
    running.finish();
}

#[test]
fn a_closure_that_throws_or_gives_nonsense_ends_the_program() {
    for (closure, message) in [
        ("|| throw \"no token\"", "error: no token\n"),
        ("|| 5", "error: option `password` takes text or a Buffer but got 5\n"),
    ] {
        let peer = Peer::listen();
        let text = format!("let c = mqtt.connect(\"BROKER\", #{{username: \"u\", password: {closure}}});");
        let outcome = script(&peer.url(), &text).outcome();
        assert!(outcome.code == Some(1) && outcome.stderr.starts_with(message), "{outcome}");
        peer.expect_nobody(std::time::Duration::from_millis(1));
    }
}

/// T33.
#[test]
fn servers_take_turns() {
    let (one, two) = (Peer::listen(), Peer::listen());
    let running = script(
        "",
        &format!(
            r#"
            let c = mqtt.connect(#{{
                servers: [#{{host: "127.0.0.1", port: {}}}, #{{host: "127.0.0.1", port: {}}}],
                reconnectPeriod: 10
            }});
            c.on("message", || c.end());
            "#,
            one.port(),
            two.port()
        ),
    )
    .spawn();
    for (peer, last) in [(&one, false), (&two, false), (&one, true)] {
        let mut link = peer.accept();
        link.handshake();
        if last {
            link.send_bytes(&[0x30, 3, 0, 1, b'a']);
            link.expect_goodbye();
        } else {
            link.close();
        }
    }
    // Each was left once only, and soon: that may be another client with the same id.
    let outcome = running.outcome();
    assert_eq!((outcome.stdout.as_str(), outcome.code), ("", Some(0)));
}

#[test]
fn reconnects_as_the_policy_says() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER", #{
            reconnectOnConnackError: true,
            reconnectPeriod: #{min: 20, max: 80, factor: 2, jitter: 0, attempts: 4}
        });
        c.on("error", || ());
        let closed = 0;
        c.on("close", || closed = performance.now());
        c.on("reconnect", || {
            // Timers are late, never early.
            let waited = performance.now() - closed;
            console.log("reconnect", waited >= 15);
        });
        c.on("close", || console.log("close", c.state));
        "#,
    )
    .stdout(format!("close offline\n{}", "reconnect true\nclose offline\n".repeat(4)))
    .spawn();
    let begin = std::time::Instant::now();
    for _ in 0..5 {
        let mut link = peer.accept();
        link.read_connect();
        link.send(v4::refusal(ConnectReturnCode::ServiceUnavailable));
        link.expect_closed();
    }
    assert!(begin.elapsed().as_millis() >= 20 + 40 + 80 + 80);
    running.finish();
}
