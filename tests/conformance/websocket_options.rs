//! `wsOptions` and `transformWsUrl`: what the upgrade request holds.

use std::io::{BufRead, BufReader};

use crate::prelude::script;
use crate::support::peer::Peer;
use crate::support::script::Running;

/// The request line and headers that the program sends to `peer`, header names in lower case.
#[track_caller]
fn request(peer: &Peer) -> Vec<String> {
    let stream = peer.accept_stream();
    stream.set_read_timeout(Some(std::time::Duration::from_secs(20))).expect("a timeout can be set");
    let lines = BufReader::new(stream).lines().map(|line| line.expect("the client sends a request"));
    let lower = |line: String| match line.split_once(": ") {
        Some((name, value)) => format!("{}: {value}", name.to_ascii_lowercase()),
        None => line,
    };
    lines.take_while(|line| !line.is_empty()).map(lower).collect()
}

fn dial(peer: &Peer, path: &str, options: &str) -> Running {
    let text = format!(
        "let n = 0; mqtt.connect(\"ws://{}{path}\", #{{reconnectPeriod: 10, {options}}}).on(\"error\", |e| ());",
        peer.address()
    );
    script("", &text).spawn()
}

#[track_caller]
fn assert_has(request: &[String], wanted: &[&str]) {
    for line in wanted {
        assert!(request.iter().any(|got| got == line), "no `{line}` in {request:#?}");
    }
}

#[test]
fn headers_origin_and_auth() {
    let peer = Peer::listen();
    let options =
        r#"wsOptions: #{headers: #{"X-Lab": 7, "Cookie": ["a=1", "b=2"]}, origin: "https://lab.example", auth: "u:p"}"#;
    let running = dial(&peer, "/mqtt?x=1", options);
    let request = request(&peer);
    assert_eq!(request[0], "GET /mqtt?x=1 HTTP/1.1");
    assert_has(
        &request,
        &[
            "x-lab: 7",
            "cookie: a=1",
            "cookie: b=2",
            "origin: https://lab.example",
            "authorization: Basic dTpw",
            "sec-websocket-protocol: mqtt",
        ],
    );
    running.kill9();
}

#[test]
fn the_sub_protocol_of_mqtt_3_1() {
    let peer = Peer::listen();
    let running = dial(&peer, "/", "protocolVersion: 3, protocolId: \"MQIsdp\"");
    assert_has(&request(&peer), &["sec-websocket-protocol: mqttv3.1"]);
    running.kill9();
}

#[test]
fn transform_ws_url_is_asked_at_each_attempt() {
    let peer = Peer::listen();
    let running = dial(&peer, "/mqtt", r#"transformWsUrl: |url| { n += 1; url + "?token=" + n }"#);
    assert_eq!(request(&peer)[0], "GET /mqtt?token=1 HTTP/1.1");
    assert_eq!(request(&peer)[0], "GET /mqtt?token=2 HTTP/1.1");
    running.kill9();
}

#[test]
fn transform_ws_url_gets_options_and_client_and_may_name_another_server() {
    let (peer, other) = (Peer::listen(), Peer::listen());
    let transform = format!(
        r#"clientId: "me", transformWsUrl: |url, options, client| {{
            options.keepalive = 7;
            "ws://user:word@{}/for/" + options.clientId + "/" + client.state
        }}"#,
        other.address()
    );
    let running = dial(&peer, "/mqtt", &transform);
    let request = request(&other);
    assert_eq!(request[0], "GET /for/me/connecting HTTP/1.1");
    assert_has(&request, &["authorization: Basic dXNlcjp3b3Jk"]);
    peer.expect_nobody(std::time::Duration::from_millis(1));
    running.kill9();
}

#[test]
fn transform_ws_url_is_only_asked_for_the_server_whose_turn_it_is() {
    let (one, two) = (Peer::listen(), Peer::listen());
    let text = format!(
        r#"
        let urls = [];
        let c = mqtt.connect(#{{
            servers: [
                #{{host: "127.0.0.1", port: {}, protocol: "ws"}},
                #{{host: "127.0.0.1", port: {}, protocol: "ws"}}
            ],
            reconnectPeriod: 10,
            transformWsUrl: |url| {{ urls.push(url); url + "?n=" + urls.len() }}
        }});
        c.on("error", |e| ());
        "#,
        one.port(),
        two.port()
    );
    let running = script("", &text).spawn();
    assert_eq!(request(&one)[0], "GET /?n=1 HTTP/1.1");
    assert_eq!(request(&two)[0], "GET /?n=2 HTTP/1.1");
    assert_eq!(request(&one)[0], "GET /?n=3 HTTP/1.1");
    running.kill9();
}

#[test]
fn what_transform_ws_url_may_not_return() {
    for (closure, message) in [
        ("|url| 5", "error: `transformWsUrl` must return a URL as text\n"),
        ("|url| \"mqtt://h\"", "error: `transformWsUrl` must return a URL that starts with `ws://` or `wss://`\n"),
        ("|url| \"h/mqtt\"", "error: `h/mqtt` is not a broker URL: [..]"),
        ("|url| throw \"no token\"", "error: no token\n"),
    ] {
        let outcome =
            script("", &format!("mqtt.connect(\"ws://127.0.0.1:1\", #{{transformWsUrl: {closure}}});")).outcome();
        let wanted = message.strip_suffix("[..]").unwrap_or(message);
        assert!(outcome.code == Some(1) && outcome.stderr.starts_with(wanted), "{outcome}");
    }
}

#[test]
fn options_of_ws_that_change_nothing() {
    let peer = Peer::listen();
    let options = "wsOptions: #{perMessageDeflate: true, followRedirects: false, maxRedirects: false, protocolVersion: 13, \
                   skipUTF8Validation: true, allowSynchronousEvents: true, autoPong: true, maxPayload: 1000}";
    let running = dial(&peer, "/mqtt", options);
    assert_eq!(request(&peer)[0], "GET /mqtt HTTP/1.1");
    running.kill9();
}

#[test]
fn a_handshake_that_takes_too_long() {
    let peer = Peer::listen();
    let options = "wsOptions: #{handshakeTimeout: 30}, reconnectPeriod: 0";
    let text =
        format!("mqtt.connect(\"ws://{}\", #{{{options}}}).on(\"error\", |e| console.log(e.message));", peer.address());
    let running = script("", &text).stdout("Opening handshake has timed out\n").spawn();
    let silent = peer.accept_stream();
    running.finish();
    drop(silent);
}

#[test]
fn ws_options_that_cannot_be() {
    let cases = [
        (r#"wsOptions: 5"#, "option `wsOptions` takes a map `#{...}` but got 5"),
        (r#"wsOptions: #{header: #{}}"#, "`wsOptions` has no option `header`"),
        (r#"wsOptions: #{headers: #{a: ()}}"#, "option `headers.a` takes text or an array of text but got `()`"),
        (r#"wsOptions: #{perMessageDeflate: 1}"#, "option `perMessageDeflate` takes `true` or `false` but got 1"),
        (
            r#"wsOptions: #{followRedirects: true}"#,
            "option `followRedirects`: a redirected WebSocket request is not followed",
        ),
        (r#"wsOptions: #{protocolVersion: 8}"#, "option `protocolVersion` takes 13, the version of RFC 6455 but got 8"),
        (r#"wsOptions: #{agent: 1}"#, "option `agent` is not available: there are no agents here"),
        (r#"wsOptions: #{minVersion: "TLSv1"}"#, "option `minVersion`: `TLSv1` is broken and not available"),
        (r#"wsOptions: #{ca: 5}"#, "option `ca` takes PEM text, a Buffer, a path, or an array of them but got 5"),
        (
            r#"createWebsocket: || 1"#,
            "option `createWebsocket` is not available: a script cannot make a WebSocket of its own",
        ),
        (
            r#"transformWsUrl: "ws://h""#,
            "option `transformWsUrl` takes a closure `|url, options, client| ...` but got text",
        ),
        (
            r#"transformWsUrl: |a, b, c, d| a"#,
            "the option `transformWsUrl` takes 4 parameters, but it is given 3 (url, options, client)",
        ),
    ];
    let text: String = cases
        .iter()
        .map(|(options, _)| format!("thrown(|| mqtt.connect(\"ws://127.0.0.1:1\", #{{{options}}}));\n"))
        .collect();
    let outcome = script("", &text).outcome();
    let got: Vec<&str> =
        outcome.stdout.lines().map(|line| line.split_once(": ").map_or(line, |(_, text)| text)).collect();
    let wanted: Vec<&str> = cases.iter().map(|(_, message)| *message).collect();
    assert_eq!(got, wanted, "{outcome}");
}
