use std::io::{Read, Write};

use crate::prelude::{login, refused, script};
use crate::support::peer::Peer;
use crate::support::script::Script;

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

/// Percent-encoded, split at the first colon; MQTT.js splits at the last one.
#[test]
fn credentials_of_a_url() {
    for (given, username, password) in [("u:p", "u", "p"), ("u%40home:p%2F", "u@home", "p/"), ("u:a:b", "u", "a:b")] {
        let peer = Peer::listen();
        let text = r#"let c = mqtt.connect("BROKER"); c.on("connect", || c.end());"#;
        let running = script(&format!("mqtt://{given}@{}", peer.address()), text).spawn();
        let mut link = peer.accept();
        assert_eq!(link.handshake().auth, login(username, password), "{given}");
        link.expect_goodbye();
        running.finish();
    }
}

#[test]
fn options_instead_of_a_url() {
    let peer = Peer::listen();
    let text = format!(
        r#"let c = mqtt.connect(#{{host: "127.0.0.1", port: {}, clientId: "me"}}); c.on("connect", || c.end());"#,
        peer.port()
    );
    let running = script("", &text).spawn();
    let mut link = peer.accept();
    assert_eq!(link.handshake().client_id, "me");
    link.expect_goodbye();
    running.finish();
}

/// `hostname` wins over `host`, which wins over the URL.
#[test]
fn names_of_the_host() {
    let peer = Peer::listen();
    for options in [r#"host: "127.0.0.1""#, r#"host: "nowhere.invalid", hostname: "127.0.0.1""#] {
        let text = format!(
            r#"let c = mqtt.connect("mqtt://nowhere.invalid:{}", #{{{options}}}); c.on("connect", || c.end());"#,
            peer.port()
        );
        let running = script("", &text).spawn();
        let mut link = peer.accept();
        link.handshake();
        link.expect_goodbye();
        running.finish();
    }
}

#[test]
fn a_unix_socket() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("broker.sock");
    let listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
    let text = r#"let c = mqtt.connect("BROKER"); c.on("connect", || { console.log("connect"); c.end(); });"#;
    let running = script(&format!("mqtt+unix://{}", path.display()), text).stdout("connect\n").spawn();
    let (mut stream, _) = listener.accept().unwrap();
    let mut connect = [0; 2];
    stream.read_exact(&mut connect).unwrap();
    stream.write_all(&[0x20, 2, 0, 0]).unwrap();
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).unwrap();
    assert!(rest.ends_with(&[0xe0, 0]), "{rest:?}");
    running.finish();
}

/// Schemes and hosts in any case, blanks around, and what TCP has no use for.
#[test]
fn spellings_of_a_url() {
    let peer = Peer::listen();
    let at = peer.address();
    for url in [
        format!("tcp://{at}"),
        format!("MQTT://{at}"),
        format!("  mqtt://{at} "),
        format!("mqtt://{at}/some/path?x=1#fragment"),
        format!("mqtt://LOCALHOST:{}", peer.port()),
    ] {
        let running = script("", &format!(r#"let c = mqtt.connect("{url}"); c.on("connect", || c.end());"#)).spawn();
        let mut link = peer.accept();
        link.handshake();
        link.expect_goodbye();
        running.finish();
    }
    for scheme in ["mqtts", "ssl", "tls", "wss", "SSL"] {
        let text = format!(r#"let c = mqtt.connect("{scheme}://{at}"); c.on("error", |error| ());"#);
        let running = script("", &text).spawn();
        let mut first = [0; 2];
        peer.accept_stream().read_exact(&mut first).unwrap();
        assert_eq!(first, [0x16, 3], "{scheme}: a TLS handshake");
        running.kill9();
    }
}

/// Read off the refusals, so that nobody needs these ports.
#[test]
fn ports_by_default() {
    let cases = [
        (r#""mqtt://h""#, 1883),
        (r#""tcp://h""#, 1883),
        (r#""mqtt://h:0""#, 1883),
        (r#""mqtts://h""#, 8883),
        (r#""ssl://h""#, 8883),
        (r#""tls://h""#, 8883),
        (r#""ws://h/mqtt""#, 80),
        (r#""wss://h""#, 443),
        (r##"#{host: "h"}"##, 1883),
        (r##"#{host: "h", protocol: "mqtts"}"##, 8883),
    ];
    let calls: String = cases.iter().map(|(what, _)| format!("thrown(|| mqtt.connect({what}));\n")).collect();
    let stdout: String = cases
        .iter()
        .map(|(_, port)| format!("[..]Requires net access to \"h:{port}\", run again with the --allow-net flag\n"))
        .collect();
    script("", &calls).flag("--allow-net=elsewhere").stdout(stdout).run();
    script("", "thrown(|| mqtt.connect());")
        .flag("--allow-net=elsewhere")
        .stdout("[..]Requires net access to \"localhost:1883\", run again with the --allow-net flag\n")
        .run();
}
