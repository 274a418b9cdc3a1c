use std::net::Shutdown;

use rumqttc_v4::{ConnectReturnCode, Packet, QoS};

use crate::prelude::script;
use crate::support::certificates::Authority;
use crate::support::packets::v4;
use crate::support::peer::{Peer, free_port};
use crate::wire;

/// One line an outage; the next outage has its own.
#[test]
fn an_outage_is_told_once() {
    let port = free_port();
    let mut running = script(
        &format!("mqtt://127.0.0.1:{port}"),
        r#"let c = mqtt.connect("BROKER", #{reconnectPeriod: 10}); c.on("close", || console.log("close")); c.on("connect", || console.log("connect"));"#,
    )
    .spawn();
    for _ in 0..3 {
        running.wait_for_line("close");
    }
    let line = format!(
        "warning: cannot connect to mqtt://127.0.0.1:{port} (connection refused), trying again every 10 ms; start a broker with `mqttscript broker`"
    );
    running.wait_for_error_line(&line);
    assert_eq!(running.stderr_so_far(), format!("{line}\n"));
    let peer = Peer::listen_at(([127, 0, 0, 1], port).into());
    let mut link = peer.accept();
    link.handshake();
    running.wait_for_line("connect");
    peer.stop();
    link.close();
    running.wait_for_error_line(&line);
    for _ in 0..3 {
        running.wait_for_line("close");
    }
    assert_eq!(running.stderr_so_far(), format!("{line}\n{line}\n"));
    running.kill9();
}

#[test]
fn an_unknown_host() {
    let mut running = script("", r#"mqtt.connect("mqtt://nobody.invalid:1234", #{reconnectPeriod: 2500}); "#).spawn();
    running.wait_for_error_line(
        "warning: cannot connect to mqtt://nobody.invalid:1234 ([..]), trying again every 2.5 s[..]",
    );
    running.kill9();
}

#[test]
fn a_certificate_that_nobody_vouches_for() {
    let peer = Peer::listen();
    let server = Authority::new().server(&["localhost"]);
    let certificate = rustls_server(&server.cert, &server.key);
    let mut running = script(
        &format!("mqtts://127.0.0.1:{}", peer.port()),
        r#"mqtt.connect("BROKER", #{reconnectPeriod: #{min: 60000}, ca: "ca.pem"});"#,
    )
    .file("ca.pem", Authority::new().pem())
    .spawn();
    let mut socket = peer.accept_stream();
    let mut session = rustls::ServerConnection::new(certificate).expect("the configuration is good");
    while session.is_handshaking() {
        if session.complete_io(&mut socket).is_err() {
            break;
        }
    }
    running.wait_for_error_line(
        "warning: cannot connect to mqtts://127.0.0.1:[..] ([..]certificate of `127.0.0.1`[..]), trying again every 60 s",
    );
    let _ = socket.shutdown(Shutdown::Both);
    running.kill9();
}

fn rustls_server(cert: &str, key: &str) -> std::sync::Arc<rustls::ServerConfig> {
    use rustls::pki_types::pem::PemObject;
    let chain = vec![rustls::pki_types::CertificateDer::from_pem_slice(cert.as_bytes()).expect("a certificate")];
    let key = rustls::pki_types::PrivateKeyDer::from_pem_slice(key.as_bytes()).expect("a key");
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the versions fit the provider")
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .expect("the key is the certificate's");
    config.into()
}

#[test]
fn a_connection_that_the_client_gives_up() {
    let peer = Peer::listen();
    let mut running = script(&peer.url(), r#"mqtt.connect("BROKER", #{reconnectPeriod: 60000});"#).spawn();
    let mut link = peer.accept();
    link.handshake();
    link.send_bytes(b"HTTP");
    link.expect_closed();
    running.wait_for_error_line(&format!(
        "warning: lost the connection to {} (the broker sent something that is not MQTT: [..]), trying again every 60 s",
        peer.url()
    ));
    running.kill9();
}

/// Flags run ahead while the script blocks; what is said is true of the time when it happened.
#[test]
fn a_connection_that_is_lost_while_the_script_blocks() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{reconnectPeriod: 60000});
        c.on("message", || { console.log("busy"); while c.connected { sleep(5); } console.log("closed"); });
    "#;
    let mut running = script(&peer.url(), text).spawn();
    let mut link = peer.accept();
    link.handshake();
    link.send(v4::publish("a", QoS::AtMostOnce, 0, "x"));
    running.wait_for_line("busy");
    link.send_bytes(b"HTTP");
    link.expect_closed();
    running.wait_for_line("closed");
    running.wait_for_error_line(&format!("warning: lost the connection to {} ([..]), trying again [..]", peer.url()));
    running.kill9();
}

#[test]
fn a_refused_session_ends_the_program() {
    for (code, text, help) in [
        (5, "Not authorized", "check `username` and `password` in the connect options"),
        (2, "Identifier rejected", "choose another `clientId`"),
        (1, "Unacceptable protocol version", "choose another `protocolVersion`: 3, 4 or 5"),
    ] {
        let peer = Peer::listen();
        let running = script(&peer.url(), r#"mqtt.connect("BROKER");"#)
            .code(1)
            .stderr(format!(
                "error: the broker at {} refused the connection (code {code}): {text}\nhelp: {help}\n",
                peer.url()
            ))
            .spawn();
        let mut link = peer.accept();
        link.read_connect();
        link.send_bytes(&[0x20, 2, 0, code]);
        link.expect_closed();
        running.finish();
    }
}

#[test]
fn a_refused_session_that_is_tried_again_is_told_once() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"let c = mqtt.connect("BROKER", #{reconnectOnConnackError: true, reconnectPeriod: 10}); c.on("connect", || c.end());"#,
    )
    .stderr(format!(
        "warning: the broker at {} refused the connection (code 3): Server unavailable\nnote: trying again every 10 ms\n",
        peer.url()
    ))
    .spawn();
    for _ in 0..2 {
        let mut link = peer.accept();
        link.read_connect();
        link.send(v4::refusal(ConnectReturnCode::ServiceUnavailable));
        link.expect_closed();
    }
    let mut link = peer.accept();
    link.handshake();
    link.expect_goodbye();
    running.finish();
}

#[test]
fn attempts_that_are_used_up_end_the_program() {
    let port = free_port();
    script(
        &format!("mqtt://127.0.0.1:{port}"),
        r#"let c = mqtt.connect("BROKER", #{reconnectPeriod: #{min: 10, max: 10, jitter: 0, attempts: 2}}); c.on("close", || console.log("close"));"#,
    )
    .stdout("close\nclose\nclose\n")
    .stderr(format!("warning: cannot connect to mqtt://127.0.0.1:{port} (connection refused), trying again every 10 ms; start a broker with `mqttscript broker`\nwarning: cannot connect to mqtt://127.0.0.1:{port} (connection refused), giving up; start a broker with `mqttscript broker`\n"))
    .code(1)
    .run();
    script(&format!("mqtt://127.0.0.1:{port}"), r#"mqtt.connect("BROKER", #{reconnectPeriod: 0});"#)
        .stderr(format!("warning: cannot connect to mqtt://127.0.0.1:{port} (connection refused), giving up; start a broker with `mqttscript broker`\n"))
        .code(1)
        .run();
}

/// MQTT.js ends in silence, with 0.
#[test]
fn a_lost_connection_without_reconnects_ends_the_program() {
    for (version, goodbye, cause) in
        [(4, &[][..], "the broker closed it"), (5, &[0xe0, 1, 139], "the broker closed it: Server shutting down")]
    {
        let peer = Peer::listen();
        let running = script(
            &peer.url(),
            &format!(r#"mqtt.connect("BROKER", #{{reconnectPeriod: 0, protocolVersion: {version}}});"#),
        )
        .stderr(format!("warning: lost the connection to {} ({cause}), giving up\n", peer.url()))
        .code(1)
        .spawn();
        let mut link = peer.accept();
        let _ = link.read_frame();
        link.send_bytes(if version == 5 { &[0x20, 3, 0, 0, 0] } else { &[0x20, 2, 0, 0] });
        link.send_bytes(goodbye);
        link.close();
        running.finish();
    }
}

#[test]
fn a_refused_subscribe_without_a_callback() {
    let peer = Peer::listen();
    let mut running = script(&peer.url(), r#"let c = mqtt.connect("BROKER"); c.subscribe(["good", "bad"]);"#).spawn();
    let mut link = peer.accept();
    link.handshake();
    let Packet::Subscribe(subscribe) = link.read() else { panic!("SUBSCRIBE was due") };
    let [high, low] = subscribe.pkid.to_be_bytes();
    link.send_bytes(&[0x90, 4, high, low, 0, 0x80]);
    for line in [
        "warning: Subscribe error: Unspecified error",
        "note: the broker refused `bad`",
        "help: add a callback to be told: `client.subscribe(filter, |error, granted| ...)`",
    ] {
        running.wait_for_error_line(line);
    }
    running.kill9();
}

#[test]
fn a_publish_after_end_without_anybody_to_tell() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"let c = mqtt.connect("BROKER"); c.once("connect", || { c.end(); c.publish("a", "b"); });"#,
    )
    .stderr(
        "warning: `publish` after `end`: client disconnecting\n --> main.rhai:[..]\n  |\n[..]\n  |[..]^^^^^^^\n\
             help: call `end` when it is done: in its callback, for example `|| client.end()`\n",
    )
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    link.expect_goodbye();
    running.finish();
}

#[test]
fn version_5_properties_for_an_older_version() {
    for options in [
        "properties: #{sessionExpiryInterval: 60}",
        "properties: #{sessionExpiryInterval: 60}, username: || \"u\"",
        "will: #{topic: \"w\", properties: #{willDelayInterval: 5}}",
    ] {
        let peer = Peer::listen();
        let running = script(
            &peer.url(),
            &format!(r#"let c = mqtt.connect("BROKER", #{{{options}}}); c.on("connect", || c.end());"#),
        )
        .stderr(
            "warning: `properties` have no effect below MQTT 5\n\
                     help: add `protocolVersion: 5` to the connect options\n",
        )
        .spawn();
        let mut link = peer.accept();
        link.handshake();
        link.expect_goodbye();
        running.finish();
    }
}

const KICKED: [&str; 2] = [
    "warning: the broker keeps closing the connection of `twin`: probably another client uses this id",
    "help: give each client an id of its own, for example `clientId: \"name-\" + Math.floor(Math.random() * 10000)`",
];

/// T21: a broker that just closes.
#[test]
fn a_client_that_is_kicked_out_again_and_again() {
    let peer = Peer::listen();
    let mut running =
        script(&peer.url(), r#"mqtt.connect("BROKER", #{clientId: "twin", reconnectPeriod: 10});"#).spawn();
    for _ in 0..3 {
        let mut link = peer.accept();
        link.handshake();
        link.close();
    }
    for line in KICKED {
        running.wait_for_error_line(line);
    }
    peer.accept().handshake();
    assert_eq!(running.stderr_so_far(), format!("{}\n{}\n", KICKED[0], KICKED[1]), "told once");
    running.kill9();
}

#[test]
fn a_broker_that_restarts_is_no_fight_over_the_client_id() {
    const SHUTTING_DOWN: u8 = 139;
    let peer = Peer::listen();
    let text = r#"
        let connections = 0;
        let c = mqtt.connect("BROKER", #{protocolVersion: 5, reconnectPeriod: 10});
        c.on("connect", || { connections += 1; if connections == 4 { c.end(); } });
    "#;
    let running = script(&peer.url(), text).stderr("").spawn();
    for _ in 0..3 {
        let mut link = wire::accept(&peer, &[]);
        link.send_bytes(&wire::reason(0xE0, SHUTTING_DOWN, &[]));
        link.close();
    }
    wire::accept(&peer, &[]).expect_bytes(wire::GOODBYE);
    running.finish();
}

/// A broker that says so.
#[test]
fn a_client_whose_session_is_taken_over() {
    let peer = Peer::listen();
    let mut running =
        script(&peer.url(), r#"mqtt.connect("BROKER", #{clientId: "twin", reconnectPeriod: 10, protocolVersion: 5});"#)
            .spawn();
    for _ in 0..2 {
        let mut link = peer.accept_v5();
        link.handshake();
        link.send_bytes(&[0xe0, 1, 142]);
        link.expect_closed();
    }
    for line in KICKED {
        running.wait_for_error_line(line);
    }
    running.kill9();
}
