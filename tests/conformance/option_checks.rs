//! Options that are misspelled, of the wrong type, of another world, or only written differently than elsewhere.

use rumqttc_v4::ConnectAuth;

use crate::prelude::{login, script};
use crate::support::peer::Peer;

/// Each of `options` makes `mqtt.connect` throw what stands beside it, before anybody is dialled.
#[track_caller]
fn refused(options: &[(&str, &str)]) {
    let peer = Peer::listen();
    let calls: String =
        options.iter().map(|(options, _)| format!("thrown(|| mqtt.connect(\"BROKER\", #{{{options}}}));\n")).collect();
    let outcome = script(&peer.url(), &calls).outcome();
    let got: Vec<&str> = outcome.stdout.lines().collect();
    let wanted: Vec<String> = options.iter().map(|(_, message)| format!("Error: {message}")).collect();
    assert_eq!(got, wanted, "{outcome}");
    peer.expect_nobody(std::time::Duration::from_millis(20));
}

/// What the report of an uncaught call offers instead.
#[track_caller]
fn helps(options: &str, help: &str) {
    let outcome = script("mqtts://127.0.0.1:1", &format!("mqtt.connect(\"BROKER\", #{{{options}}});")).outcome();
    assert!(outcome.code == Some(1) && outcome.stderr.ends_with(&format!("\nhelp: {help}\n")), "{outcome}");
}

#[test]
fn what_only_node_and_openssl_have() {
    refused(&[
        ("keyPath: \"k.pem\"", "`mqtt.connect` has no option `keyPath`"),
        ("certPath: \"c.pem\"", "`mqtt.connect` has no option `certPath`"),
        ("caPaths: [\"c.pem\"]", "`mqtt.connect` has no option `caPaths`"),
        (
            "checkServerIdentity: |host, cert| ()",
            "option `checkServerIdentity` is not available: a script cannot be asked in the middle of a TLS handshake",
        ),
        (
            "secureProtocol: \"TLSv1_2_method\"",
            "option `secureProtocol` is not available: it is a setting of OpenSSL, which is not used here",
        ),
        (
            "secureOptions: 4",
            "option `secureOptions` is not available: it is a setting of OpenSSL, which is not used here",
        ),
        ("agent: ()", "option `agent` is not available: there are no agents here"),
        ("lookup: || ()", "option `lookup` is not available: sockets are opened by the client itself"),
        ("crl: \"x\"", "option `crl` is not available: revocation lists are not looked at here"),
        ("secureContext: #{}", "option `secureContext` is not available: TLS settings are given one by one"),
    ]);
    helps("keyPath: \"k.pem\"", "did you mean `key`?");
    helps("caPaths: \"k.pem\"", "did you mean `ca`?");
    helps("checkServerIdentity: || ()", "write the name that the certificate holds: `servername: \"broker.example\"`");
    helps("secureProtocol: \"x\"", "write `minVersion: \"TLSv1.2\"` or `maxVersion: \"TLSv1.2\"`");
}

#[test]
fn misspelled_options_at_every_depth() {
    refused(&[
        ("socksProxi: \"x\"", "`mqtt.connect` has no option `socksProxi`"),
        ("keepAlive: 5", "`mqtt.connect` has no option `keepAlive`"),
        ("will: #{topic: \"a\", paylod: \"x\"}", "`will` has no option `paylod`"),
        ("reconnectPeriod: #{minimum: 5}", "`reconnectPeriod` has no option `minimum`"),
        ("wsOptions: #{Headers: #{}}", "`wsOptions` has no option `Headers`"),
        ("servers: [#{hostname: \"h\"}]", "an entry of `servers` has no option `hostname`"),
        ("servers: [#{host: \"h\", prot: 1}]", "an entry of `servers` has no option `prot`"),
        ("servers: [\"h\"]", "option `servers` takes an array of maps `#{host: \"...\", port: 1883}` but got text"),
        ("properties: #{recieveMaximum: 5}, protocolVersion: 5", "`properties` has no option `recieveMaximum`"),
        (
            "will: #{topic: \"a\", properties: #{willDelay: 5}}, protocolVersion: 5",
            "`will.properties` has no option `willDelay`",
        ),
    ]);
    helps("socksProxi: \"x\"", "did you mean `socksProxy`?");
    helps("keepAlive: 5", "did you mean `keepalive`?");
    helps("wsOptions: #{Headers: #{}}", "did you mean `headers`?");
    helps("servers: [#{hots: \"h\"}]", "did you mean `host`?");
}

#[test]
fn wrong_types() {
    refused(&[
        (
            "subscribeBatchSize: 0",
            "option `subscribeBatchSize` takes a whole number from 1 to 9223372036854775807 but got 0",
        ),
        ("log: 5", "option `log` takes a closure `|text| ...` but got 5"),
        ("query: \"clientId=x\"", "option `query` takes a map `#{...}` but got text"),
        ("auth: 5", "option `auth` takes text but got 5"),
        ("defaultProtocol: \"mqtss\"", "unknown protocol `mqtss`, did you mean `mqtts`?"),
        (
            "timerVariant: \"wroker\"",
            "option `timerVariant` takes \"auto\", \"worker\", \"native\" or a map but got text",
        ),
        ("writeCache: 1", "option `writeCache` takes `true` or `false` but got 1"),
        ("minVersion: \"TLSv1.1\"", "option `minVersion`: `TLSv1.1` is broken and not available"),
        ("maxVersion: 1.3", "option `maxVersion` takes text but got 1.3"),
        ("minVersion: \"1.2\"", "option `minVersion` takes \"TLSv1.2\" or \"TLSv1.3\" but got text"),
        ("pfx: 5", "option `pfx` takes a Buffer or a path but got 5"),
        ("key: [\"-----BEGIN a\", \"-----BEGIN b\"]", "option `key` takes one, as a client shows one certificate"),
    ]);
}

#[test]
fn tls_options_that_leave_nothing_over() {
    let cases = [
        ("ciphers: \"RC4-SHA\"", "option `ciphers`: there is no cipher suite `RC4-SHA` here"),
        ("ciphers: \"!aNULL\"", "option `ciphers` leaves no cipher suite"),
        ("minVersion: \"TLSv1.3\", maxVersion: \"TLSv1.2\"", "option `minVersion` is newer than `maxVersion`"),
        (
            "minVersion: \"TLSv1.3\", ciphers: \"ECDHE-RSA-AES128-GCM-SHA256\"",
            "no suite of `ciphers` is one of the TLS versions that `minVersion` and `maxVersion` allow",
        ),
        ("pfx: Buffer.from(\"nonsense\")", "not enough data"),
    ];
    let calls: String = cases
        .iter()
        .map(|(options, _)| {
            format!("thrown(|| mqtt.connect(\"mqtts://127.0.0.1:1\", #{{{options}, rejectUnauthorized: false}}));\n")
        })
        .collect();
    let stdout: String = cases.iter().map(|(_, message)| format!("Error: {message}\n")).collect();
    script("", &calls).stdout(stdout).run();
}

#[test]
fn options_of_browsers_have_no_effect() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"let c = mqtt.connect("BROKER", #{
            forceNativeWebSocket: true, browserBufferSize: 65536, browserBufferTimeout: 500, binary: true, objectMode: false,
            encoding: "utf8", my: (), timerVariant: "worker", writeCache: false
        });
        c.on("connect", || c.end());"#,
    )
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    link.expect_goodbye();
    running.finish();
}

/// The CONNECT that these options lead to.
#[track_caller]
fn connect(options: &str) -> rumqttc_v4::Connect {
    let peer = Peer::listen();
    let text = format!("let c = mqtt.connect(\"BROKER\", #{{{options}}}); c.on(\"connect\", || c.end());");
    let running = script(&peer.url(), &text).spawn();
    let mut link = peer.accept();
    let connect = link.handshake();
    link.expect_goodbye();
    running.finish();
    connect
}

#[test]
fn auth_and_query_are_what_stands_in_a_url() {
    assert_eq!(connect("auth: \"u:a:b\"").auth, login("u", "a:b"));
    assert_eq!(connect("auth: \"u:p\", username: \"v\", password: \"q\"").auth, login("v", "q"));
    assert!(matches!(connect("auth: \"u\"").auth, ConnectAuth::Username { .. }));
    assert_eq!(connect("query: #{clientId: \"q\", other: 1}").client_id, "q");
    assert_eq!(connect("query: #{clientId: \"q\"}, clientId: \"me\"").client_id, "me");
}

#[test]
fn default_protocol_is_for_those_that_name_none() {
    let peer = Peer::listen();
    let running = script(
        "",
        &format!(
            r#"let c = mqtt.connect(#{{defaultProtocol: "ws", host: "127.0.0.1", port: {}}}); c.on("error", |e| ());"#,
            peer.port()
        ),
    )
    .spawn();
    let mut first = [0; 4];
    std::io::Read::read_exact(&mut peer.accept_stream(), &mut first).expect("it asks for an upgrade");
    assert_eq!(&first, b"GET ");
    running.kill9();
}
