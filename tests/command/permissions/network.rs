//! `--allow-net`.

use std::net::TcpStream;

use super::refused;
use crate::support::peer::Peer;
use crate::support::script::Script;

/// Nobody has dialled it so far.
#[track_caller]
fn assert_undisturbed(peer: &Peer) {
    let own = TcpStream::connect(peer.address()).expect("it listens");
    let first = peer.accept_stream();
    assert_eq!(first.peer_addr().ok(), own.local_addr().ok(), "somebody was first");
}

#[test]
fn connecting_needs_no_flag() {
    for flags in [vec![], vec!["--allow-net"], vec!["--allow-net", "--allow-net=elsewhere"]] {
        let peer = Peer::listen();
        let script = Script::new(format!("mqtt.connect(\"{}\");", peer.url()));
        let running = flags.iter().fold(script, |script, flag| script.flag(flag)).spawn();
        peer.accept().handshake();
        running.kill9();
    }
}

#[test]
fn with_hosts_only_these_are_dialled() {
    let peer = Peer::listen();
    let line = format!("let client = mqtt.connect(\"{}\");", peer.url());
    let address = peer.address();
    Script::new(&line)
        .flag("--allow-net=broker.lab,127.0.0.2")
        .code(1)
        .stderr(refused(
            "1:19",
            &format!("connect to `{address}`"),
            &line,
            "                  ^^^^^^^",
            &format!("run it with `--allow-net={address}` before the script"),
        ))
        .run();
    assert_undisturbed(&peer);
}

#[test]
fn a_host_with_and_without_its_port() {
    for with_port in [false, true] {
        let peer = Peer::listen();
        let allowed = if with_port { peer.address().to_string() } else { "127.0.0.1".into() };
        let script = Script::new(format!("mqtt.connect(\"{}\");", peer.url())).flag(format!("--allow-net={allowed}"));
        let running = script.spawn();
        peer.accept().handshake();
        running.kill9();
    }
}

#[test]
fn another_port_of_an_allowed_host_is_refused() {
    Script::new("try { mqtt.connect(\"mqtt://127.0.0.1:2\"); } catch (e) { console.log(e); }")
        .flag("--allow-net=127.0.0.1:1")
        .stdout(
            "Error: Requires net access to \"127.0.0.1:2\", run again with the --allow-net flag {\n  code: \
             'ERR_ACCESS_DENIED',\n  permission: 'Net',\n  resource: '127.0.0.1:2'\n}\n",
        )
        .run();
}

/// What a call says about permissions with `--allow-net=allowed.lab,[::2]:7,*.below.lab,./allowed.sock`.
#[track_caller]
fn answer(call: &str) -> String {
    let text = format!(
        "try {{ {call}; console.log(\"allowed\"); }} catch (e) {{ console.log(e.code ?? e.message, e[\"resource\"]); }} process.exit(1);"
    );
    let script =
        Script::new(text).flag("--allow-net=allowed.lab,[::2]:7").flag("--allow-net=*.below.lab,./allowed.sock");
    script.outcome().stdout.trim_end().to_owned()
}

#[test]
fn every_way_to_name_a_broker_is_checked() {
    for (call, resource) in [
        ("mqtt.connect(\"mqtt://other.lab\")", "other.lab:1883"),
        ("mqtt.connect(\"mqtts://other.lab\")", "other.lab:8883"),
        ("mqtt.connect(\"ws://other.lab/mqtt\")", "other.lab:80"),
        ("mqtt.connect(\"wss://other.lab:9\")", "other.lab:9"),
        ("mqtt.connect(\"mqtt://allowed.lab.other\")", "allowed.lab.other:1883"),
        ("mqtt.connect(\"mqtt://allowed.lab@other.lab\")", "other.lab:1883"),
        ("mqtt.connect(\"mqtt://below.lab\")", "below.lab:1883"),
        ("mqtt.connect(\"mqtt://xbelow.lab\")", "xbelow.lab:1883"),
        ("mqtt.connect(\"mqtt://[::2]:8\")", "[::2]:8"),
        ("mqtt.connect(#{host: \"other.lab\"})", "other.lab:1883"),
        ("mqtt.connect(\"mqtt://allowed.lab\", #{host: \"other.lab\"})", "other.lab:1883"),
        ("mqtt.connect(\"mqtt://allowed.lab\", #{hostname: \"other.lab\", port: 5})", "other.lab:5"),
        (
            "mqtt.connect(\"mqtt://allowed.lab\", #{servers: [#{host: \"allowed.lab\"}, #{host: \"other.lab\"}]})",
            "other.lab:1883",
        ),
        ("mqtt.connect()", "localhost:1883"),
        ("mqtt.connect(\"mqtt://other.lab\", #{manualConnect: true})", "other.lab:1883"),
        ("mqtt.connect(\"mqtt://other.lab\", #{username: || \"x\"})", "other.lab:1883"),
        ("mqtt.connectAsync(\"mqtt://other.lab\")", "other.lab:1883"),
        ("mqtt.connect(\"mqtt+unix:///other.sock\")", "/other.sock"),
        ("mqtt.connect(#{protocol: \"mqtt+unix\", path: \"other.sock\"})", "./other.sock"),
        ("mqtt.connect(\"mqtt://allowed.lab\", #{unixSocket: true, path: \"/other.sock\"})", "/other.sock"),
        ("require(\"net\").connect(1883, \"other.lab\")", "other.lab:1883"),
        ("require(\"net\").connect(1883)", "localhost:1883"),
        ("require(\"net\").connect(\"/other.sock\")", "/other.sock"),
        ("require(\"net\").createConnection(#{port: 1, host: \"other.lab\"})", "other.lab:1"),
        ("require(\"tls\").connect(#{port: 1, host: \"other.lab\"})", "other.lab:1"),
        ("require(\"tls\").connect(1, \"other.lab\", #{servername: \"allowed.lab\"})", "other.lab:1"),
    ] {
        assert_eq!(answer(call), format!("ERR_ACCESS_DENIED {resource}"), "{call}");
    }
}

#[test]
fn what_is_allowed_passes_however_it_is_named() {
    for call in [
        "mqtt.connect(\"mqtt://allowed.lab:5\")",
        "mqtt.connect(\"mqtt://ALLOWED.lab.:5\")",
        "mqtt.connect(\"mqtt://a.b.below.lab\")",
        "mqtt.connect(\"mqtt://[0:0::2]:7\")",
        "mqtt.connect(#{host: \"::2\", port: 7})",
        "mqtt.connect(#{protocol: \"mqtt+unix\", path: \"x/../allowed.sock\"})",
        "require(\"net\").connect(\"allowed.sock\")",
        "require(\"net\").connect(1, \"allowed.lab\")",
        // Whom the builder names is asked when it does.
        "mqtt.Client(|client| require(\"net\").connect(1, \"allowed.lab\"))",
    ] {
        assert_eq!(answer(call), "allowed undefined".split(' ').next().unwrap_or_default(), "{call}");
    }
}

#[test]
fn a_stream_builder_is_refused_when_it_names_somebody_else() {
    let peer = Peer::listen();
    let line = format!("mqtt.Client(|client| require(\"net\").connect({}, \"127.0.0.1\"));", peer.port());
    let address = peer.address();
    let outcome = Script::new(&line).flag("--allow-net=other.lab").outcome();
    assert_eq!(outcome.code, Some(1));
    assert!(outcome.stderr.starts_with(&format!("error: the program may not connect to `{address}`\n")), "{outcome}");
    assert!(
        outcome.stderr.ends_with(&format!("help: run it with `--allow-net={address}` before the script\n")),
        "{outcome}"
    );
    assert_undisturbed(&peer);
}

#[test]
fn options_that_change_later_are_checked_at_the_next_attempt() {
    let (allowed, other) = (Peer::listen(), Peer::listen());
    let text = format!(
        "let client = mqtt.connect(\"{}\", #{{reconnectPeriod: 1}});
client.on(\"connect\", || {{ client.options.port = {}; client.reconnect(); }});",
        allowed.url(),
        other.port()
    );
    let running = Script::new(text)
        .flag(format!("--allow-net={}", allowed.address()))
        .code(1)
        .stderr(format!(
            "error: the program may not connect to `{0}`\nnote: while asking where to connect\nhelp: run it with `--allow-net={0}` before the script\n",
            other.address()
        ))
        .spawn();
    allowed.accept().handshake();
    running.finish();
    assert_undisturbed(&other);
}

#[cfg(feature = "broker")]
#[test]
fn a_broker_of_the_script_listens_only_where_it_may() {
    let line = "let broker = mqtt.broker();";
    Script::new(line)
        .flag("--allow-net=broker.lab,127.0.0.1:1")
        .code(1)
        .stderr(refused(
            "1:19",
            "listen on `127.0.0.1`",
            line,
            "                  ^^^^^^",
            "run it with `--allow-net=127.0.0.1` before the script",
        ))
        .run();
    Script::new("let broker = mqtt.broker(); console.log(broker.port > 0); broker.end();")
        .flag("--allow-net=127.0.0.1")
        .stdout("true\n")
        .run();
    Script::new(
        "try { mqtt.broker(#{host: \"0.0.0.0\", port: 5}) } catch (e) { console.log(e.permission, e.resource); }",
    )
    .flag("--allow-net=127.0.0.1,0.0.0.0:6")
    .stdout("Net 0.0.0.0:5\n")
    .run();
}

#[test]
fn the_broker_of_the_command_line_needs_no_flag_but_connecting_to_it_does() {
    let outcome = Script::new("mqtt.connect(\"mqtt://127.0.0.1:1\");")
        .flag("--broker=127.0.0.1:0")
        .flag("--allow-net=a")
        .outcome();
    assert_eq!(outcome.code, Some(1));
    assert!(outcome.stderr.contains("error: the program may not connect to `127.0.0.1:1`\n"), "{outcome}");
}
