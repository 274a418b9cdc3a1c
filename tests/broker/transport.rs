use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use mqttscript::broker::{Broker, Config, Listen, Scheme, Tls};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{self, Message, WebSocket};

use crate::wire::{Client, Hello, socket};

/// WebSocket messages as bytes; each write is a message.
struct Upgraded<S> {
    socket: WebSocket<S>,
    unread: io::Cursor<Vec<u8>>,
}

impl<S: Read + Write> Upgraded<S> {
    /// Upgrades, and gives the sub-protocol the broker chose.
    fn open(stream: S, path: &str, offered: &str) -> (Self, Option<String>) {
        let mut request = format!("ws://localhost{path}").into_client_request().expect("a URL");
        request.headers_mut().insert("Sec-WebSocket-Protocol", offered.parse().expect("a header"));
        let (socket, response) =
            tungstenite::client(request, stream).map_err(|error| error.to_string()).expect("the broker upgrades");
        let chosen = response.headers().get("Sec-WebSocket-Protocol").map(|name| name.to_str().unwrap().to_owned());
        (Self { socket, unread: io::Cursor::default() }, chosen)
    }
}

impl<S: Read + Write> Read for Upgraded<S> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        loop {
            let count = self.unread.read(buf)?;
            if count > 0 {
                return Ok(count);
            }
            match self.socket.read().map_err(io::Error::other)? {
                Message::Binary(bytes) => self.unread = io::Cursor::new(bytes.to_vec()),
                Message::Pong(_) => {}
                other => panic!("the broker sent {other:?}"),
            }
        }
    }
}

impl<S: Read + Write> Write for Upgraded<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.socket.send(Message::Binary(bytes.to_vec().into())).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.socket.flush().map_err(io::Error::other)
    }
}

type Pair = (rcgen::Certificate, KeyPair);

/// A certificate authority, the broker's certificate and a client's.
struct Certificates {
    ca: CertifiedIssuer<'static, KeyPair>,
    broker: Pair,
    client: Pair,
}

impl Certificates {
    fn new() -> Self {
        let mut params = CertificateParams::new(vec![]).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("an authority");
        let issue = |name: &str| {
            let key = KeyPair::generate().expect("a key");
            let params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
            (params.signed_by(&key, &ca).expect("a certificate"), key)
        };
        let (broker, client) = (issue("localhost"), issue("client"));
        Self { ca, broker, client }
    }

    fn tls(&self, require_client_cert: bool) -> Tls {
        Tls {
            ca: require_client_cert.then(|| self.ca.pem().into()),
            cert: self.broker.0.pem().into(),
            key: self.broker.1.serialize_pem().into(),
            require_client_cert,
        }
    }

    fn start(&self, scheme: Scheme, require_client_cert: bool) -> Broker {
        let listeners = vec![Listen::new(scheme, "127.0.0.1", 0)];
        let tls = Some(self.tls(require_client_cert));
        Broker::start(Config { listeners, tls, ..Config::default() }).expect("the broker starts")
    }

    fn wrap(&self, stream: TcpStream, client: Option<&Pair>) -> StreamOwned<ClientConnection, TcpStream> {
        let mut roots = RootCertStore::empty();
        roots.add(self.ca.der().clone()).expect("an authority");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("ring has them")
            .with_root_certificates(roots);
        let config = match client {
            Some((certificate, key)) => {
                let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
                builder.with_client_auth_cert(vec![certificate.der().clone()], key).expect("a pair")
            }
            None => builder.with_no_client_auth(),
        };
        let name = ServerName::try_from("localhost").expect("a name");
        StreamOwned::new(ClientConnection::new(Arc::new(config), name).expect("a configuration"), stream)
    }
}

fn echo<S: Read + Write>(mut client: Client<S>) {
    client.subscribe("t", 1);
    client.publish("t", "hi", 0, false);
    assert_eq!(client.message().payload, "hi");
}

#[test]
fn upgrades_to_websocket_on_any_path() {
    let broker = Broker::start(Config::default()).expect("the broker starts");
    for path in ["/", "/mqtt", "/some/where?else=1"] {
        for (offered, wanted) in [("mqtt", "mqtt"), ("mqttv3.1", "mqttv3.1"), ("chat, mqtt", "mqtt")] {
            let (stream, chosen) = Upgraded::open(socket(&broker), path, offered);
            assert_eq!(chosen.as_deref(), Some(wanted));
            echo(Client::connect(stream, &Hello::new(4, "a")));
        }
    }
}

#[test]
fn a_packet_may_span_websocket_messages_and_share_them() {
    let broker = Broker::start(Config::default()).expect("the broker starts");
    let (mut stream, _) = Upgraded::open(socket(&broker), "/", "mqtt");
    let hello = Hello::new(4, "a").bytes();
    stream.write_all(&hello[..5]).expect("half a CONNECT");
    stream.write_all(&[&hello[5..], &[0xc0, 0, 0xc0, 0]].concat()).expect("the rest and two PINGREQ");
    let mut answer = [0; 8];
    stream.read_exact(&mut answer).expect("CONNACK and two PINGRESP");
    assert_eq!(answer, [0x20, 2, 0, 0, 0xd0, 0, 0xd0, 0]);
}

#[test]
fn speaks_tls_and_refuses_to_go_without_where_it_is_asked_for() {
    let certificates = Certificates::new();
    let broker = certificates.start(Scheme::Mqtts, false);
    assert!(broker.url().starts_with("mqtts://127.0.0.1:"));
    echo(Client::connect(certificates.wrap(socket(&broker), None), &Hello::new(5, "a")));
    let (over_tls, _) = Upgraded::open(certificates.wrap(socket(&broker), None), "/mqtt", "mqtt");
    echo(Client::connect(over_tls, &Hello::new(4, "a")));

    let mut plain = Client { stream: io::BufReader::new(socket(&broker)), level: 4 };
    plain.send(&Hello::new(4, "a").bytes());
    assert_eq!(plain.closed(), None);
}

#[test]
fn one_port_speaks_plain_and_tls() {
    let certificates = Certificates::new();
    let broker = certificates.start(Scheme::Mqtt, false);
    let idle = socket(&broker);
    let mut half = socket(&broker);
    half.write_all(b"\x16\x03\x01").expect("the start of a handshake");
    echo(Client::connect(socket(&broker), &Hello::new(4, "a")));
    echo(Client::connect(certificates.wrap(socket(&broker), None), &Hello::new(4, "b")));
    drop((idle, half));
}

#[test]
fn insists_on_a_client_certificate() {
    let certificates = Certificates::new();
    let broker = certificates.start(Scheme::Mqtts, true);
    let with = |client| certificates.wrap(socket(&broker), client);
    echo(Client::connect(with(Some(&certificates.client)), &Hello::new(4, "a")));

    let strangers = Certificates::new();
    for mut refused in [with(None), with(Some(&strangers.client))] {
        let answer = refused.write_all(&Hello::new(4, "a").bytes()).and_then(|()| refused.read_exact(&mut [0]));
        let error = answer.expect_err("no CONNACK without the right certificate").to_string();
        assert!(error.starts_with("received fatal alert: "), "{error}");
    }
}
