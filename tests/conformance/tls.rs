use crate::prelude::script;
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
