use crate::prelude::script;
use crate::support::broker::{Broker, Flavour, is_mosquitto};
use crate::support::certificates::Authority;
use crate::support::peer::Peer;
use crate::support::script::Script;

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

/// Read off the ClientHello: extension 16, one name of four bytes.
#[test]
fn application_protocols_are_offered() {
    let peer = Peer::listen();
    let text = format!(
        r#"let c = mqtt.connect("mqtts://127.0.0.1:{}", #{{ALPNProtocols: ["mqtt"], reconnectPeriod: 0}}); c.on("error", |e| ());"#,
        peer.port()
    );
    let running = script("", &text).spawn();
    let mut stream = peer.accept_stream();
    let mut hello = [0; 4096];
    let length = std::io::Read::read(&mut stream, &mut hello).expect("ClientHello comes");
    let wanted = b"\x00\x10\x00\x07\x00\x05\x04mqtt";
    assert!(hello[..length].windows(wanted.len()).any(|bytes| bytes == wanted), "{:?}", &hello[..length]);
    drop(stream);
    running.finish();
}

/// A script that says how its one attempt went.
fn attempt(broker: &Broker, host: &str, options: &str) -> Script {
    let text = format!(
        r#"
        let c = mqtt.connect("BROKER", #{{reconnectPeriod: 0, {options}}});
        c.on("error", |error| console.log(error.code));
        c.on("connect", || {{ console.log("connect"); c.end(); }});
        "#
    );
    script(&broker.url_by(host), &text).file("ca.pem", broker.ca())
}

/// T32.
#[test]
fn a_certificate_of_a_trusted_authority() {
    let broker = Broker::start(Flavour::Tls);
    attempt(&broker, "localhost", r#"ca: "ca.pem""#).stdout("connect\n").run();
    attempt(&broker, "127.0.0.1", r#"ca: fs.readFileSync("ca.pem")"#).stdout("connect\n").run();
    attempt(&broker, "127.0.0.1", r#"ca: [fs.readFileSync("ca.pem", "utf8")]"#).stdout("connect\n").run();
}

/// T32, once per attempt where MQTT.js emits it twice.
#[test]
fn a_certificate_of_an_unknown_authority() {
    let broker = Broker::start(Flavour::Tls);
    // Mosquitto's OpenSSL sends the authority's own certificate along.
    let code = if is_mosquitto() { "SELF_SIGNED_CERT_IN_CHAIN" } else { "UNABLE_TO_VERIFY_LEAF_SIGNATURE" };
    attempt(&broker, "localhost", "").stdout(format!("{code}\n")).run();
}

/// T32.
#[test]
fn a_certificate_for_another_name() {
    let broker = Broker::start_named(Flavour::Tls, &["pi2.home"]);
    attempt(&broker, "localhost", r#"ca: "ca.pem""#).stdout("ERR_TLS_CERT_ALTNAME_INVALID\n").run();
    attempt(&broker, "localhost", r#"ca: "ca.pem", servername: "pi2.home""#).stdout("connect\n").run();
}

/// T32.
#[test]
fn a_certificate_that_nobody_checks() {
    let broker = Broker::start_named(Flavour::Tls, &["pi2.home"]);
    attempt(&broker, "localhost", "rejectUnauthorized: false").stdout("connect\n").run();
}

#[test]
fn an_expired_certificate() {
    let authority = Authority::new();
    let server = authority.expired_server(&["localhost"]);
    let broker = Broker::start_with(Flavour::Tls, authority, server);
    attempt(&broker, "localhost", r#"ca: "ca.pem""#).stdout("CERT_HAS_EXPIRED\n").run();
}

/// T32: with a certificate and key of its own.
#[test]
fn a_broker_that_asks_for_a_certificate() {
    let broker = Broker::start(Flavour::MutualTls);
    let me = broker.authority().client("me");
    attempt(&broker, "localhost", r#"ca: "ca.pem", cert: "me.crt", key: fs.readFileSync("me.key")"#)
        .file("me.crt", &me.cert)
        .file("me.key", &me.key)
        .stdout("connect\n")
        .run();
    let outcome = attempt(&broker, "localhost", r#"ca: "ca.pem""#).outcome();
    assert!(outcome.stdout.starts_with("E") && !outcome.stdout.contains("connect\n"), "{outcome}");
}

/// T31: each speaks what the other does not.
#[test]
fn tls_to_a_plain_port_and_back() {
    let plain = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{reconnectPeriod: 0});
        c.on("error", |error| console.log(error.code));
        c.on("close", || console.log("close"));
    "#;
    let running = script(&format!("mqtts://{}", plain.address()), text).stdout("ECONNRESET\nclose\n").spawn();
    let mut stream = plain.accept_stream();
    let mut first = [0; 2];
    std::io::Read::read_exact(&mut stream, &mut first).unwrap();
    assert_eq!(first, [0x16, 3], "a TLS handshake");
    drop(stream);
    running.finish();
    let broker = Broker::start(Flavour::Tls);
    let outcome = script(&broker.url().replace("mqtts", "mqtt"), text).outcome();
    assert!(outcome.stdout.ends_with("close\n"), "{outcome}");
}
