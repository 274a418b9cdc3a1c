//! The Connection Method, The URL, ClientId, and the notes on `mqtt.Client` and `manualConnect`.

use bytes::Bytes;
use rumqttc_v4::{Connect, ConnectAuth};

use crate::support::broker::{Broker, Flavour, broker};
use crate::support::link::{Link, V4};
use crate::support::peer::{Peer, free_port};
use crate::support::script::Script;
use crate::{interrupt, tutorial};

/// The CONNECT of a program that sets no more than its client id.
fn plain_connect() -> Connect {
    Connect { keep_alive: 60, ..Connect::new("mqttjs01") }
}

/// Runs a program that stays until Ctrl-C: exactly one connection with this CONNECT, nothing else on it, DISCONNECT.
#[track_caller]
fn stays(script: impl FnOnce(&str) -> Script, connect: &Connect, line: &str) {
    let peer = Peer::listen();
    let mut running = script(&peer.url()).spawn();
    let mut link: Link<V4> = peer.accept();
    assert_eq!(&link.handshake(), connect);
    running.wait_for_line(line);
    interrupt(running);
    link.expect_goodbye();
}

#[test]
fn first_connect() {
    let broker = broker();
    let mut running = tutorial("first_connect").arg(broker.url()).stdout("connected\n").code(130).spawn();
    running.wait_for_line("connected");
    interrupt(running);
}

#[test]
fn first_connect_on_the_wire() {
    let script = |url: &str| tutorial("first_connect").arg(url).stdout("connected\n").code(130);
    stays(script, &plain_connect(), "connected");
}

#[test]
fn connected_flag() {
    const FLAGS: &str = "connected flag  false\nconnected  true\n";
    let broker = broker();
    let mut running = tutorial("connected_flag").arg(broker.url()).stdout(FLAGS).code(130).spawn();
    running.wait_for_line("connected  true");
    interrupt(running);
    let script = |url: &str| tutorial("connected_flag").arg(url).stdout(FLAGS).code(130);
    stays(script, &plain_connect(), "connected  true");
}

#[test]
fn username_password() {
    let broker = Broker::start(Flavour::Password);
    tutorial("username_password").arg(broker.url()).stdout("connected\n").run();
}

#[test]
fn username_password_on_the_wire() {
    let peer = Peer::listen();
    let running = tutorial("username_password").arg(peer.url()).stdout("connected\n").spawn();
    let mut link: Link<V4> = peer.accept();
    let auth = ConnectAuth::UsernamePassword { username: "steve".into(), password: Bytes::from_static(b"password") };
    assert_eq!(link.handshake(), Connect { auth, ..plain_connect() });
    link.expect_goodbye();
    running.finish();
}

#[test]
fn port_in_url() {
    let broker = broker();
    let elsewhere = format!("mqtt://127.0.0.1:{}", free_port());
    // The second time the port of the options wins over the one of the URL.
    for arguments in [vec![broker.url()], vec![elsewhere, broker.port().to_string()]] {
        let mut running = tutorial("port_in_url").args(arguments).stdout("connected\n").code(130).spawn();
        running.wait_for_line("connected");
        interrupt(running);
    }
}

#[test]
fn random_client_id() {
    let broker = broker();
    let script = || tutorial("random_client_id").stdout("mqttjs-[..]\nconnected\n").code(130);
    let mut running = script().arg(broker.url()).spawn();
    running.wait_for_line("connected");
    interrupt(running);

    let peer = Peer::listen();
    let mut running = script().arg(peer.url()).spawn();
    let id = running.next_line();
    let number: u32 = id.strip_prefix("mqttjs-").and_then(|digits| digits.parse().ok()).expect("a number");
    assert!(number < 10_000 && id == format!("mqttjs-{number}"), "{id}");
    let mut link: Link<V4> = peer.accept();
    assert_eq!(link.handshake(), Connect { client_id: id, ..plain_connect() });
    running.wait_for_line("connected");
    interrupt(running);
    link.expect_goodbye();
}

#[test]
fn client_stream_builder() {
    let broker = broker();
    let mut running = tutorial("client_stream_builder").arg(broker.url()).stdout("connected\n").code(130).spawn();
    running.wait_for_line("connected");
    interrupt(running);
    let script = |url: &str| tutorial("client_stream_builder").arg(url).stdout("connected\n").code(130);
    stays(script, &plain_connect(), "connected");
}

#[test]
fn manual_connect() {
    let broker = broker();
    tutorial("manual_connect").arg(broker.url()).stdout("connected flag  false\nconnected  true\n").run();
}

#[test]
fn manual_connect_opens_nothing_by_itself() {
    let text = crate::read(crate::scripts().join("manual_connect.rhai"));
    let without = text.strip_suffix("client.connect();\n").expect("its last line");
    let peer = Peer::listen();
    Script::new(without).arg(peer.url()).stdout("connected flag  false\n").run();
    // Who comes first is this test itself.
    let own = std::net::TcpStream::connect(peer.address()).expect("it listens");
    assert_eq!(peer.accept_stream().peer_addr().ok(), own.local_addr().ok());
}
