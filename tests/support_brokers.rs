//! The brokers that tests are given: every flavour lets in whom it should, and nobody else.

mod support;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use rumqttc_v4::{Connect, ConnectReturnCode, Packet};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};

use support::broker::{Broker, Flavour, PASSWORD, USER, broker};
use support::certificates::Identity;
use support::link::{Dialect, Link, V4};
use support::observer::{Observer, publish};

/// A message goes through, seen by observers.
fn carries(broker: &Broker) {
    let url = broker.observer_url();
    let observer = Observer::subscribe(&url, "a/#", 2);
    publish(&url, "a/b", "x", 2, false);
    let message = observer.due();
    assert_eq!((message.topic.as_str(), message.text().as_str(), message.qos), ("a/b", "x", 2));
}

fn address(broker: &Broker) -> (&'static str, u16) {
    ("127.0.0.1", broker.port())
}

#[test]
fn plain() {
    let broker = broker();
    assert_eq!(broker.url(), broker.observer_url());
    carries(&broker);
}

#[test]
fn retained_messages_are_cleared_and_a_session_is_continued() {
    let broker = broker();
    let url = broker.observer_url();
    publish(&url, "kept", "old", 1, true);
    let observer = Observer::session(&url, "me", "kept", 1);
    assert_eq!(observer.due().text(), "old");
    drop(observer);
    support::observer::clear_retained(&url, "kept");
    publish(&url, "kept", "new", 1, false);
    let observer = Observer::session(&url, "me", "kept", 1);
    let missed: Vec<_> = [observer.due(), observer.due()].iter().map(|message| message.text()).collect();
    assert_eq!(missed, ["", "new"]);
}

#[test]
fn password() {
    let broker = Broker::start(Flavour::Password);
    carries(&broker);
    let mut connect = Connect::new("me");
    for (user, password, allowed) in [(USER, PASSWORD, true), (USER, "wrong", false), ("eve", PASSWORD, false)] {
        let mut link: Link<V4> = Link::over(TcpStream::connect(address(&broker)).expect("it listens"));
        connect.set_credentials(user, password);
        link.send(Packet::Connect(connect.clone()));
        let Packet::ConnAck(connack) = link.read() else { panic!("CONNACK was due") };
        assert_eq!(connack.code == ConnectReturnCode::Success, allowed, "{user} {password}");
    }
}

/// Logs in over TLS.
fn over_tls(broker: &Broker, client: Option<&Identity>) -> Result<Packet, String> {
    let certificate = |pem: &str| CertificateDer::from_pem_slice(pem.as_bytes()).expect("a certificate");
    let mut roots = rustls::RootCertStore::empty();
    roots.add(certificate(&broker.ca())).expect("an authority");
    let builder = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the provider knows the default versions")
        .with_root_certificates(roots);
    let config = match client {
        Some(client) => {
            let key = PrivateKeyDer::from_pem_slice(client.key.as_bytes()).expect("a private key");
            builder.with_client_auth_cert(vec![certificate(&client.cert)], key).expect("they belong together")
        }
        None => builder.with_no_client_auth(),
    };
    let name = ServerName::try_from("pi2.home").expect("a name");
    let tls = rustls::ClientConnection::new(Arc::new(config), name).expect("a usable configuration");
    let tcp = TcpStream::connect(address(broker)).expect("it listens");
    tcp.set_read_timeout(Some(support::PATIENCE)).expect("a positive timeout");
    let mut stream = rustls::StreamOwned::new(tls, tcp);
    stream.write_all(&V4::encode(&Packet::Connect(Connect::new("me")))).map_err(|error| error.to_string())?;
    let mut connack = [0; 4];
    stream.read_exact(&mut connack).map_err(|error| error.to_string())?;
    V4::decode(&connack)
}

#[test]
fn tls() {
    let broker = Broker::start(Flavour::Tls);
    assert_eq!(over_tls(&broker, None), Ok(V4::connack(false)));
    carries(&broker);
}

#[test]
fn mutual_tls() {
    let broker = Broker::start(Flavour::MutualTls);
    let client = broker.authority().client("steve");
    assert_eq!(over_tls(&broker, Some(&client)), Ok(V4::connack(false)));
    let refused = over_tls(&broker, None);
    assert!(refused.is_err(), "{refused:?}");
    carries(&broker);
}

#[test]
fn websocket() {
    let broker = Broker::start(Flavour::WebSocket);
    let mut socket = TcpStream::connect(address(&broker)).expect("it listens");
    socket.set_read_timeout(Some(support::PATIENCE)).expect("a positive timeout");
    let request = "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                   Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\
                   Sec-WebSocket-Protocol: mqtt\r\n\r\n";
    socket.write_all(request.as_bytes()).expect("it reads");
    let mut answer = [0; 12];
    socket.read_exact(&mut answer).expect("it answers");
    assert_eq!(&answer, b"HTTP/1.1 101");
    carries(&broker);
}

#[test]
fn it_stops_and_starts_again_on_its_port() {
    let mut broker = broker();
    let mut link: Link<V4> = Link::over(TcpStream::connect(address(&broker)).expect("it listens"));
    link.send(Packet::Connect(Connect::new("me")));
    link.expect(V4::connack(false));
    broker.stop();
    link.expect_closed();
    assert!(TcpStream::connect(address(&broker)).is_err());
    broker.start_again();
    carries(&broker);
}
