//! Certificates that are not accepted, on either side: the whole text, and nothing of MQTT leaves the client before it knows
//! whom it talks to.

use std::io::Read;
use std::net::TcpStream;
use std::sync::Arc;

use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, SupportedProtocolVersion};

use crate::prelude::script;
use crate::support::certificates::{Authority, Identity};
use crate::support::peer::Peer;

const CLIENT_HELP: &str =
    "pass one: `#{ cert: fs.readFileSync(\"client.crt\"), key: fs.readFileSync(\"client.key\") }`";

fn certificate(pem: &str) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(pem.as_bytes()).expect("a certificate")
}

/// A TLS server with this certificate; it asks for one of `clients`, if given.
fn server(
    identity: &Identity,
    clients: Option<&Authority>,
    version: &'static SupportedProtocolVersion,
) -> Arc<ServerConfig> {
    let provider = Arc::new(default_provider());
    let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(&[version])
        .expect("the version fits the provider");
    let config = match clients {
        None => config.with_no_client_auth(),
        Some(authority) => {
            let mut roots = RootCertStore::empty();
            roots.add(certificate(&authority.pem())).expect("it is an authority");
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build();
            config.with_client_cert_verifier(verifier.expect("there is an authority"))
        }
    };
    let key = PrivateKeyDer::from_pem_slice(identity.key.as_bytes()).expect("a key");
    let config = config.with_single_cert(vec![certificate(&identity.cert)], key);
    Arc::new(config.expect("the key is the certificate's"))
}

/// Serves until the client or the server gives up; what the client said inside of TLS until then.
fn heard(config: &Arc<ServerConfig>, mut socket: TcpStream) -> Vec<u8> {
    socket.set_read_timeout(Some(crate::support::PATIENCE)).expect("a timeout can be set");
    let mut session = ServerConnection::new(Arc::clone(config)).expect("the configuration is good");
    let mut said = Vec::new();
    while session.complete_io(&mut socket).is_ok_and(|(read, _)| read > 0) {
        // It ends with an error where there is no more yet.
        let _ = session.reader().read_to_end(&mut said);
        if !said.is_empty() {
            break;
        }
    }
    // The alert that says why.
    let _ = session.complete_io(&mut socket);
    said
}

/// What the program, which dials `localhost` with these options and listens to no errors, writes on standard error. `me` is its own
/// certificate.
#[track_caller]
fn is_refused(config: &Arc<ServerConfig>, options: &str, files: [(&str, &str); 3], wanted: &str) {
    let peer = Peer::listen_at(([127, 0, 0, 1], 0).into());
    let url = format!("mqtts://localhost:{}", peer.port());
    let text = format!(
        "let c = mqtt.connect(\"BROKER\", #{{reconnectPeriod: 0, username: \"me\", password: \"hunter2\", {options}}});
         c.on(\"connect\", || console.log(\"connect\"));"
    );
    let mut program = script(&url, &text).stderr(wanted.replace("URL", &url)).code(1);
    for (name, text) in files {
        program = program.file(name, text);
    }
    let running = program.spawn();
    let said = heard(config, peer.accept_stream());
    assert!(said.is_empty(), "the client said {said:?} to {config:?}");
    running.finish();
}

/// Without a word of MQTT, and with the whole text.
#[test]
fn brokers_that_are_not_trusted() {
    let (authority, other) = (Authority::new(), Authority::new());
    let named = authority.server(&["pi2.home"]);
    let good = authority.server(&["localhost"]);
    let of_itself = Identity::self_signed(&["localhost"]);
    let ca = authority.pem();
    let other_ca = other.pem();
    let issuer = "`CN=mqttscript test authority`";
    for (identity, options, ca, cause, help) in [
        (
            authority.expired_server(&["localhost"]),
            "ca: \"ca.pem\"",
            &ca,
            "the certificate of `localhost` expired on 2001-01-01",
            "ask whoever runs the broker to renew its certificate",
        ),
        (
            authority.early_server(&["localhost"]),
            "ca: \"ca.pem\"",
            &ca,
            "the certificate of `localhost` is not valid before 4000-01-01",
            "check the clock of this machine: `date`",
        ),
        (
            named,
            "ca: \"ca.pem\"",
            &ca,
            "the certificate is for `pi2.home`, not for `localhost`",
            "connect to `pi2.home`, or expect that name: `#{ servername: \"pi2.home\" }`",
        ),
        (
            good.clone(),
            "ca: \"ca.pem\"",
            &other_ca,
            "the signature on the certificate of `localhost` is not by the key of its CA `CN=mqttscript test authority`: is it \
             another CA of the same name?",
            "pass the CA that issued it: `#{ ca: fs.readFileSync(\"ca.crt\") }`",
        ),
        (
            Authority::named("Lab CA").server(&["localhost"]),
            "ca: \"ca.pem\"",
            &ca,
            "the certificate of `localhost` is issued by `CN=Lab CA`, which is not in `ca`",
            "pass its CA: `#{ ca: fs.readFileSync(\"ca.crt\") }`",
        ),
        (
            good,
            "",
            &ca,
            &format!("the certificate of `localhost` is issued by {issuer}, which is not trusted"),
            "pass its CA: `#{ ca: fs.readFileSync(\"ca.crt\") }`",
        ),
        (
            of_itself,
            "",
            &ca,
            "the certificate of `localhost` is self-signed and not trusted",
            "pass that certificate: `#{ ca: fs.readFileSync(\"server.crt\") }`",
        ),
    ] {
        for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
            let wanted = format!("warning: cannot connect to URL ({cause}), giving up\nhelp: {help}\n");
            let files = [("ca.pem", ca.as_str()), ("unused", ""), ("unused", "")];
            is_refused(&server(&identity, None, version), options, files, &wanted);
        }
    }
}

/// In TLS 1.2 the broker's verdict comes before the end of the handshake. In 1.3 it comes after it: there the client may have sent
/// CONNECT, encrypted, to a broker that it knows; so only 1.2 is held to silence here.
#[test]
fn clients_that_are_not_trusted() {
    let authority = Authority::new();
    let identity = authority.server(&["localhost"]);
    let ca = authority.pem();
    let with_certificate = r#"ca: "ca.pem", cert: "me.crt", key: "me.key""#;
    for (options, me, cause, help) in [
        (r#"ca: "ca.pem""#, authority.client("me"), "the broker asks for a client certificate", CLIENT_HELP),
        (
            with_certificate,
            Authority::named("Lab CA").client("me"),
            "the broker does not trust the CA that issued the client certificate in `cert`",
            "pass a certificate that the broker trusts, with its key: `#{ cert: ..., key: ... }`",
        ),
        (
            with_certificate,
            authority.expired_client("me"),
            "the client certificate in `cert` has expired",
            "ask whoever issued it for a new one; `openssl x509 -enddate -noout -in client.crt` prints its end",
        ),
    ] {
        let wanted = format!("warning: cannot connect to URL ({cause}), giving up\nhelp: {help}\n");
        let files = [("ca.pem", ca.as_str()), ("me.crt", me.cert.as_str()), ("me.key", me.key.as_str())];
        is_refused(&server(&identity, Some(&authority), &rustls::version::TLS12), options, files, &wanted);
    }
}

/// The same in TLS 1.3: no `connect`, and the same words where the alert is the same.
#[test]
fn clients_that_are_not_trusted_after_the_handshake() {
    let authority = Authority::new();
    let identity = authority.server(&["localhost"]);
    let config = server(&identity, Some(&authority), &rustls::version::TLS13);
    let (stranger, late) = (Authority::named("Lab CA").client("me"), authority.expired_client("me"));
    for (me, cause) in [
        (None, "the broker asks for a client certificate"),
        (Some(stranger), "the broker does not trust the CA that issued the client certificate in `cert`"),
        (Some(late), "the client certificate in `cert` has expired"),
    ] {
        let peer = Peer::listen();
        let url = format!("mqtts://localhost:{}", peer.port());
        let options = if me.is_some() { r#"ca: "ca.pem", cert: "me.crt", key: "me.key""# } else { r#"ca: "ca.pem""# };
        let text = format!(
            "let c = mqtt.connect(\"BROKER\", #{{reconnectPeriod: 0, password: \"hunter2\", username: \"me\", {options}}});
             c.on(\"connect\", || console.log(\"connect\"));"
        );
        let mut program = script(&url, &text).file("ca.pem", authority.pem());
        if let Some(me) = me {
            program = program.file("me.crt", me.cert).file("me.key", me.key);
        }
        let running = program.spawn();
        let _ = heard(&config, peer.accept_stream());
        let outcome = running.outcome();
        let warning = format!("warning: cannot connect to {url} ({cause}), giving up\n");
        assert!(outcome.stderr.starts_with(&warning) && outcome.stdout.is_empty(), "{outcome}");
        assert!(!outcome.stderr.contains("hunter2"), "{outcome}");
    }
}

/// Nobody is dialled.
#[test]
fn a_key_that_is_not_the_certificates() {
    let authority = Authority::new();
    let (one, other) = (authority.client("one"), authority.client("other"));
    let peer = Peer::listen();
    script("", "let o = #{cert: \"one.crt\", key: \"other.key\"};\nmqtt.connect(\"mqtts://\" + process.argv[2], o);")
        .arg(peer.address().to_string())
        .file("one.crt", one.cert)
        .file("other.key", other.key)
        .code(1)
        .stderr(
            "error: key values mismatch
 --> main.rhai:3:6
  |
3 | mqtt.connect(\"mqtts://\" + process.argv[2], o);
  |      ^^^^^^^
note: the certificate in `cert` does not belong to the private key in `key`
help: compare what `openssl x509 -pubkey -noout -in client.crt` and `openssl pkey -pubout -in client.key` print
",
        )
        .run();
    peer.expect_nobody(std::time::Duration::from_millis(20));
}
