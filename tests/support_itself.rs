//! Tests of the test support, with sockets of this process only: nothing has to be installed.

mod support;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use rumqttc_v4::{ConnectReturnCode, Packet, QoS};
use rustix::process::Signal;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};

use support::PATIENCE;
use support::certificates::{Authority, Identity};
use support::link::{Link, V4, V5};
use support::observer::{self, Observer};
use support::packets::{v4, v5};
use support::pattern::{difference, line_fits};
use support::peer::{Peer, free_port};
use support::process::{Process, Stream};
use support::script::Script;

/// What a failing assertion says.
fn failure<T>(action: impl FnOnce() -> T) -> String {
    let panic = catch_unwind(AssertUnwindSafe(action)).err().expect("it should have failed");
    let text = match panic.downcast::<String>() {
        Ok(text) => *text,
        Err(panic) => (*panic.downcast::<&str>().expect("panics have a text")).to_owned(),
    };
    // Without the colours of a diff.
    let mut parts = text.split('\x1b');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |plain, part| plain + part.split_once('m').map_or("", |(_, rest)| rest))
}

fn client<D: support::link::Dialect>(peer: &Peer) -> Link<D> {
    Link::over(TcpStream::connect(peer.address()).expect("the peer listens"))
}

fn connect(id: &str) -> Packet {
    Packet::Connect(rumqttc_v4::Connect::new(id))
}

#[test]
fn a_peer_shakes_hands_and_exchanges_exact_packets() {
    let peer = Peer::listen();
    let mut client: Link<V4> = client(&peer);
    client.send(connect("me"));
    let mut link = peer.accept();
    assert_eq!(link.handshake().client_id, "me");
    client.expect_bytes(&[0x20, 2, 0, 0]);

    client.send_bytes(&[0x82, 6, 0, 7, 0, 1, b'a', 1]);
    let filters = link.grant();
    assert_eq!((filters.len(), filters[0].path.as_str(), filters[0].qos), (1, "a", QoS::AtLeastOnce));
    client.expect(v4::suback(7, &[QoS::AtLeastOnce]));

    // Byte by byte, so that a packet is put together from pieces.
    for byte in [0x32, 6, 0, 1, b'a', 0, 9, b'x'] {
        client.send_bytes(&[byte]);
    }
    let publish = link.take_publish();
    assert_eq!((publish.pkid, &publish.payload[..]), (9, &b"x"[..]));
    client.expect(v4::puback(9));

    client.send(v4::publish("a", QoS::ExactlyOnce, 10, "y"));
    client.send(v4::pubrel(10));
    assert_eq!(link.take_publish().qos, QoS::ExactlyOnce);
    client.expect(v4::pubrec(10));
    client.expect(v4::pubcomp(10));

    client.send(Packet::Disconnect);
    client.close();
    link.expect_goodbye();
}

#[test]
fn a_peer_speaks_version_5() {
    let peer = Peer::listen();
    let mut client: Link<V5> = client(&peer);
    let connect = rumqttc_v5::Connect { keep_alive: 5, client_id: "me".into(), clean_start: true, properties: None };
    client.send(rumqttc_v5::Packet::Connect(connect, None, rumqttc_v5::ConnectAuth::None));
    let mut link = peer.accept_v5();
    assert_eq!(link.handshake_with(true).connect.keep_alive, 5);
    client.expect_bytes(&[0x20, 3, 1, 0, 0]);
    client.send(v5::publish("a", rumqttc_v5::QoS::AtLeastOnce, 3, "x"));
    assert_eq!(link.take_publish().pkid, 3);
    client.expect(v5::puback(3));
}

#[test]
fn a_peer_says_what_came_instead() {
    let peer = Peer::listen();
    let mut client: Link<V4> = client(&peer);
    let mut link = peer.accept();

    client.send(v4::publish("a", QoS::AtMostOnce, 0, "one"));
    let text = failure(|| link.expect(v4::publish("a", QoS::AtMostOnce, 0, "two")));
    assert!(text.contains("another packet came") && text.contains("one") && text.contains("two"), "{text}");

    client.send(Packet::PingReq);
    let text = failure(|| link.expect_bytes(&[0xe0, 0]));
    assert!(text.contains("c0 00") && text.contains("e0 00"), "{text}");
    link.expect_bytes(&[0xc0, 0]);

    client.send(Packet::PingReq);
    let text = failure(|| link.expect_closed());
    assert!(text.contains("the end of the connection was due, but this came: PingReq"), "{text}");

    client.send(Packet::PingReq);
    let text = failure(|| link.expect_silence(PATIENCE));
    assert!(text.contains("silence was due, but this came: PingReq"), "{text}");

    client.send(v4::refusal(ConnectReturnCode::NotAuthorized));
    let text = failure(|| link.read_connect());
    assert!(text.contains("CONNECT was due, but ConnAck"), "{text}");

    client.send_bytes(&[0x30, 5, 0]);
    client.close();
    let text = failure(|| link.read());
    assert!(text.contains("the connection was closed; an incomplete packet:\n30 05 00"), "{text}");
    let text = failure(|| link.expect_closed());
    assert!(text.contains("ended in the middle of a packet"), "{text}");
}

#[test]
fn a_peer_closes_and_resets() {
    let peer = Peer::listen();
    let mut client: Link<V4> = client(&peer);
    peer.accept().close();
    client.expect_closed();

    let mut socket = TcpStream::connect(peer.address()).expect("the peer listens");
    peer.accept().reset();
    let error = socket.read(&mut [0]).expect_err("a reset is no end of file");
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
}

#[test]
fn a_stopped_peer_refuses_and_can_listen_again() {
    let peer = Peer::listen();
    let address = peer.stop();
    assert!(TcpStream::connect(address).is_err());
    let peer = Peer::listen_at(address);
    drop(client::<V4>(&peer));
    peer.accept().expect_closed();
    assert!(TcpStream::connect(("127.0.0.1", free_port())).is_err());
}

/// Plays the broker for one observer connection.
fn serve(peer: &Peer) -> Link<V5> {
    let mut link = peer.accept_v5();
    link.handshake();
    link
}

#[test]
fn an_observer_records_and_acknowledges() {
    let peer = Peer::listen();
    let url = peer.url();
    std::thread::scope(|scope| {
        let observing = scope.spawn(|| Observer::subscribe(&url, "a/#", 2));
        let mut link = serve(&peer);
        let rumqttc_v5::Packet::Subscribe(subscribe) = link.read() else { panic!("SUBSCRIBE was due") };
        assert_eq!((subscribe.filters[0].path.as_str(), subscribe.filters[0].preserve_retain), ("a/#", true));
        // What is retained may come before the SUBACK.
        link.send(v5::publish("a/0", rumqttc_v5::QoS::AtMostOnce, 0, "zero"));
        link.send(v5::suback(subscribe.pkid, &[rumqttc_v5::QoS::ExactlyOnce]));
        let observer = observing.join().expect("the observer is granted");
        assert_eq!(observer.due().text(), "zero");

        link.send(v5::publish("a/1", rumqttc_v5::QoS::AtLeastOnce, 1, "one"));
        link.expect(v5::puback(1));
        // Repeated before it was released: one message.
        for _ in 0..2 {
            link.send(v5::publish("a/2", rumqttc_v5::QoS::ExactlyOnce, 2, "two"));
            link.expect(v5::pubrec(2));
        }
        link.send(v5::pubrel(2));
        link.expect(v5::pubcomp(2));
        link.send(v5::publish("end", rumqttc_v5::QoS::AtMostOnce, 0, ""));
        let seen: Vec<_> = observer.until("end").into_iter().map(|message| (message.text(), message.qos)).collect();
        assert_eq!(seen, [("one".to_owned(), 1), ("two".to_owned(), 2)]);
        assert_eq!(observer.all().len(), 4);

        let text = failure(|| observer.next(Duration::from_millis(1)));
        assert!(text.contains("no message within 1ms"), "{text}");
        drop(observer);
        link.expect_closed();
    });
}

#[test]
fn an_observer_continues_its_session_without_subscribing_again() {
    let peer = Peer::listen();
    let url = peer.url();
    std::thread::scope(|scope| {
        let observing = scope.spawn(|| Observer::session(&url, "me", "a", 1));
        let mut link = peer.accept_v5();
        let connect = link.handshake_with(true).connect;
        assert_eq!((connect.client_id.as_str(), connect.clean_start), ("me", false));
        let observer = observing.join().expect("the observer is accepted");
        link.send(v5::publish("a", rumqttc_v5::QoS::AtLeastOnce, 1, "kept"));
        link.expect(v5::puback(1));
        assert_eq!(observer.due().text(), "kept");
    });
}

#[test]
fn publish_waits_for_the_acknowledgements() {
    let peer = Peer::listen();
    let url = peer.url().replace("mqtt://", "mqtt://steve:secret@");
    std::thread::scope(|scope| {
        for qos in 0..=2 {
            let publishing = scope.spawn({
                let url = &url;
                move || observer::publish(url, "a", "x", qos, true)
            });
            let mut link = peer.accept_v5();
            let auth = link.handshake().auth;
            let rumqttc_v5::ConnectAuth::UsernamePassword { username, password } = auth else { panic!("{auth:?}") };
            assert_eq!((username.as_str(), &password[..]), ("steve", &b"secret"[..]));
            let publish = link.take_publish();
            assert_eq!((publish.qos as u8, publish.retain), (qos, true));
            link.expect(rumqttc_v5::Packet::PingReq);
            assert!(!publishing.is_finished());
            link.send(rumqttc_v5::Packet::PingResp);
            link.expect_goodbye();
            publishing.join().expect("it was acknowledged");
        }
    });
}

#[test]
fn output_is_compared_whole() {
    assert_eq!(difference("a\n", "a\n"), None);
    assert_eq!(difference("port [..], again [..]!\nb\n", "port 17, again 17!\nb\n"), None);
    for (wanted, got) in
        [("a\n", "a"), ("", "\n"), ("a\n", "a\r\n"), ("a\nb\n", "a\n"), ("a\n", "a\nb\n"), ("[..]", "a\nb")]
    {
        assert!(difference(wanted, got).is_some(), "{wanted:?} {got:?}");
    }
    let shown = difference("port [..]\nx\n", "port 17\ny\n").expect("x is not y");
    assert!(!shown.contains("[..]"), "{shown}");
    for (pattern, line, fits) in [
        ("[..]", "", true),
        ("a[..]a", "a", false),
        ("a[..]b[..]c", "a--b--c", true),
        ("a[..]", "ba", false),
        ("a", "aa", false),
    ] {
        assert_eq!(line_fits(pattern, line), fits, "{pattern} {line}");
    }
}

fn shell(text: &str, stdin: bool) -> Process {
    let mut command = Command::new("sh");
    command.args(["-c", text]);
    Process::start(command, stdin)
}

#[test]
fn a_process_is_read_signalled_and_killed() {
    let mut process = shell("echo out; echo err >&2; exit 3", false);
    let outcome = process.wait(PATIENCE);
    assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str(), outcome.code), ("out\n", "err\n", Some(3)));

    let mut process = shell("echo ready; read line; echo \"got $line\"; exec sleep 1000", true);
    let ready = |output: &support::process::Output| output.of(Stream::Stdout).ends_with("ready\n").then_some(());
    process.wait_until("ready", PATIENCE, ready);
    process.write_stdin(b"it\n");
    process.wait_until("echo", PATIENCE, |output| output.of(Stream::Stdout).ends_with("got it\n").then_some(()));
    let text = failure(|| process.wait_until("word", Duration::from_millis(1), |_| None::<()>));
    assert!(text.contains("no word within 1ms") && text.contains("got it"), "{text}");
    process.signal(Signal::INT);
    assert_eq!(process.wait(PATIENCE).signal, Some(Signal::INT.as_raw()));

    let process = shell("exec sleep 1000", false);
    let id = process.id();
    drop(process);
    let pid = rustix::process::Pid::from_raw(i32::try_from(id).expect("ids are small")).expect("an id is not 0");
    assert!(rustix::process::test_kill_process(pid).is_err(), "it still runs");

    let text = failure(|| shell("echo said", false).wait_until("word", PATIENCE, |_| None::<()>));
    assert!(text.contains("ended before word") && text.contains("said"), "{text}");
}

#[test]
fn the_binary_is_run_and_stray_output_fails() {
    let version = || Script::bare().flag("--version");
    let said = version().outcome().stdout;
    version().stdout(&said).run();
    let text = failure(|| version().stdout("something else\n").run());
    assert!(text.contains("stdout: ") && text.contains("something else"), "{text}");
    let text = failure(|| version().stdout(&said).stderr("nothing\n").run());
    assert!(text.contains("stderr: ") && !text.contains("stdout: "), "{text}");
    let text = failure(|| version().stdout(&said).code(7).run());
    assert!(text.contains("wanted (exit code, signal) (Some(7), None), got (Some(0), None)"), "{text}");
}

/// A TLS handshake over memory: what the client says about the server's certificate.
fn handshake(
    authority: &Authority,
    server: &Identity,
    client: Option<&Identity>,
    name: &str,
) -> Result<(), rustls::Error> {
    let parse = |pem: &str| vec![CertificateDer::from_pem_slice(pem.as_bytes()).expect("a certificate")];
    let key = |pem: &str| PrivateKeyDer::from_pem_slice(pem.as_bytes()).expect("a private key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = rustls::RootCertStore::empty();
    roots.add(parse(&authority.pem()).remove(0))?;
    let roots = Arc::new(roots);

    let verifier =
        rustls::server::WebPkiClientVerifier::builder_with_provider(Arc::clone(&roots), Arc::clone(&provider));
    let verifier = verifier.allow_unauthenticated().build().expect("there is an authority");
    let server = rustls::ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()?
        .with_client_cert_verifier(verifier)
        .with_single_cert(parse(&server.cert), key(&server.key))?;
    let builder = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots);
    let presents = client.is_some();
    let config = match client {
        Some(client) => builder.with_client_auth_cert(parse(&client.cert), key(&client.key))?,
        None => builder.with_no_client_auth(),
    };
    let name = ServerName::try_from(name.to_owned()).expect("a server name");
    let mut client = rustls::ClientConnection::new(Arc::new(config), name)?;
    let mut server = rustls::ServerConnection::new(Arc::new(server))?;
    while client.is_handshaking() || server.is_handshaking() {
        let mut wire = Vec::new();
        client.write_tls(&mut wire).expect("memory takes it");
        server.read_tls(&mut wire.as_slice()).expect("memory gives it");
        server.process_new_packets()?;
        let mut wire = Vec::new();
        server.write_tls(&mut wire).expect("memory takes it");
        client.read_tls(&mut wire.as_slice()).expect("memory gives it");
        client.process_new_packets()?;
    }
    assert_eq!(server.peer_certificates().is_some(), presents);
    Ok(())
}

#[test]
fn certificates_are_what_they_say() {
    let authority = Authority::new();
    let names = ["pi2.home", "localhost", "127.0.0.1"];
    let server = authority.server(&names);
    for name in names {
        assert_eq!(handshake(&authority, &server, None, name), Ok(()));
    }
    assert_eq!(handshake(&authority, &server, Some(&authority.client("steve")), "pi2.home"), Ok(()));
    let refused = |result: Result<(), rustls::Error>| result.expect_err("it should be refused").to_string();
    let text = refused(handshake(&authority, &server, None, "other.home"));
    assert!(text.contains("not valid for name"), "{text}");
    let text = refused(handshake(&authority, &authority.expired_server(&names), None, "localhost"));
    assert!(text.contains("expired"), "{text}");
    let text = refused(handshake(&Authority::new(), &server, None, "localhost"));
    assert!(text.contains("UnknownIssuer") || text.contains("BadSignature"), "{text}");
    let text = refused(handshake(&authority, &server, Some(&Authority::new().client("eve")), "localhost"));
    assert!(text.contains("invalid peer certificate"), "{text}");
}

#[test]
fn a_peer_socket_can_carry_something_else() {
    let peer = Peer::listen();
    let mut client = TcpStream::connect(peer.address()).expect("the peer listens");
    client.write_all(b"GET").expect("the peer reads");
    let mut got = [0; 3];
    peer.accept_stream().read_exact(&mut got).expect("the client wrote");
    assert_eq!(&got, b"GET");
}
