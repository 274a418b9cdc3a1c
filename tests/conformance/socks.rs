//! `socksProxy`: the test is proxy and broker in one, so that every byte of the negotiation is seen.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::prelude::{prints, script, traced_at};
use crate::support::link::{Link, V4};
use crate::support::peer::Peer;

/// The broker of all cases: nobody is there, the proxy is what is dialled.
const BROKER: &str = "mqtt://broker.example:1883";

#[track_caller]
fn expect(stream: &mut TcpStream, wanted: &[u8]) {
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout can be set");
    let mut got = vec![0; wanted.len()];
    stream.read_exact(&mut got).expect("the client goes on");
    assert_eq!(got, wanted);
}

fn send(stream: &mut TcpStream, bytes: &[u8]) {
    stream.write_all(bytes).expect("the client reads");
}

/// A request of SOCKS 5 for `broker.example:1883`.
fn named() -> Vec<u8> {
    [&[5, 1, 0, 3, 14][..], b"broker.example", &1883_u16.to_be_bytes()].concat()
}

const SUCCESS_V5: [u8; 10] = [5, 0, 0, 1, 127, 0, 0, 1, 0, 0];

/// The program connects, and ends.
#[track_caller]
fn expect_session(stream: TcpStream) {
    let mut link = Link::<V4>::over(stream);
    link.handshake();
    link.expect_goodbye();
}

fn through(broker: &str, options: &str) -> crate::support::script::Script {
    script(broker, &format!("let c = mqtt.connect(\"BROKER\", #{{{options}}}); c.on(\"connect\", || c.end());"))
}

#[test]
fn socks5h_leaves_the_name_to_the_proxy() {
    let proxy = Peer::listen();
    let running = through(BROKER, &format!("socksProxy: \"socks5h://{}\"", proxy.address())).spawn();
    let mut stream = proxy.accept_stream();
    expect(&mut stream, &[5, 1, 0]);
    send(&mut stream, &[5, 0]);
    expect(&mut stream, &named());
    send(&mut stream, &SUCCESS_V5);
    expect_session(stream);
    running.finish();
}

#[test]
fn socks5_asks_for_an_address() {
    let proxy = Peer::listen();
    let running = through("mqtt://127.0.0.9:1884", &format!("socksProxy: \"socks5://{}\"", proxy.address())).spawn();
    let mut stream = proxy.accept_stream();
    expect(&mut stream, &[5, 1, 0]);
    send(&mut stream, &[5, 0]);
    expect(&mut stream, &[5, 1, 0, 1, 127, 0, 0, 9, 7, 92]);
    send(&mut stream, &SUCCESS_V5);
    expect_session(stream);
    running.finish();
}

#[test]
fn socks5_with_user_name_and_password() {
    let proxy = Peer::listen();
    let url = format!("socks5h://me:s%3Acret@{}", proxy.address());
    let running = through(BROKER, &format!("socksProxy: \"{url}\"")).spawn();
    let mut stream = proxy.accept_stream();
    expect(&mut stream, &[5, 2, 0, 2]);
    send(&mut stream, &[5, 2]);
    expect(&mut stream, b"\x01\x02me\x06s:cret");
    send(&mut stream, &[1, 0]);
    expect(&mut stream, &named());
    send(&mut stream, &SUCCESS_V5);
    expect_session(stream);
    running.finish();
}

#[test]
fn socks4_asks_for_an_address_and_names_the_user() {
    let proxy = Peer::listen();
    let url = format!("socks4://me@{}", proxy.address());
    let running = through("mqtt://127.0.0.9:1884", &format!("socksProxy: \"{url}\"")).spawn();
    let mut stream = proxy.accept_stream();
    expect(&mut stream, b"\x04\x01\x07\x5c\x7f\x00\x00\x09me\x00");
    send(&mut stream, &[0, 0x5a, 0, 0, 0, 0, 0, 0]);
    expect_session(stream);
    running.finish();
}

#[test]
fn socks4a_leaves_the_name_to_the_proxy() {
    let proxy = Peer::listen();
    let running = through(BROKER, &format!("socksProxy: \"socks4a://{}\"", proxy.address())).spawn();
    let mut stream = proxy.accept_stream();
    expect(&mut stream, b"\x04\x01\x07\x5b\x00\x00\x00\x01\x00broker.example\x00");
    send(&mut stream, &[0, 0x5a, 0, 0, 0, 0, 0, 0]);
    expect_session(stream);
    running.finish();
}

/// In MQTT.js the proxy is only for TCP and TLS, and a WebSocket goes around it in silence.
#[test]
fn a_websocket_goes_through_the_proxy_too() {
    let proxy = Peer::listen();
    let running =
        through("ws://broker.example/mqtt", &format!("socksProxy: \"socks5h://{}\"", proxy.address())).spawn();
    let mut stream = proxy.accept_stream();
    expect(&mut stream, &[5, 1, 0]);
    send(&mut stream, &[5, 0]);
    expect(&mut stream, &[&[5, 1, 0, 3, 14][..], b"broker.example", &80_u16.to_be_bytes()].concat());
    send(&mut stream, &SUCCESS_V5);
    expect(&mut stream, b"GET /mqtt HTTP/1.1\r\nHost: broker.example\r\n");
    running.kill9();
}

#[test]
fn the_environment_names_a_proxy_and_an_empty_option_none() {
    let proxy = Peer::listen();
    let url = format!("socks5h://{}", proxy.address());
    let running = through(BROKER, "").env("MQTTJS_SOCKS_PROXY", &url).spawn();
    expect(&mut proxy.accept_stream(), &[5, 1, 0]);
    running.kill9();

    let broker = Peer::listen();
    let running = through(&broker.url(), "socksProxy: \"\"").env("MQTTJS_SOCKS_PROXY", &url).spawn();
    expect_session(broker.accept_stream());
    running.finish();
}

/// One attempt through a proxy that answers the greeting with `answers`, each after it has read as many bytes.
#[track_caller]
fn refused(url: &str, answers: &[(usize, &[u8])], wanted: &str) {
    let proxy = Peer::listen();
    let url = url.replace("PROXY", &proxy.address().to_string());
    let mut running = traced_at(BROKER, &format!("socksProxy: \"{url}\", reconnectPeriod: 0"), "");
    let mut stream = proxy.accept_stream();
    for (count, answer) in answers {
        stream.read_exact(&mut vec![0; *count]).expect("the client goes on");
        send(&mut stream, answer);
    }
    drop(stream);
    prints(&mut running, &format!("error: {wanted} SOCKS\nclose"));
}

#[test]
fn what_a_proxy_may_answer() {
    let anybody: (usize, &[u8]) = (3, &[5, 0]);
    let rejected = |code: u8| [5, code, 0, 1, 0, 0, 0, 0, 0, 0];
    for (code, name) in [
        (1, "Failure"),
        (2, "NotAllowed"),
        (3, "NetworkUnreachable"),
        (4, "HostUnreachable"),
        (5, "ConnectionRefused"),
        (6, "TTLExpired"),
        (7, "CommandNotSupported"),
        (8, "AddressNotSupported"),
    ] {
        let answers: [(usize, &[u8]); 2] = [anybody, (21, &rejected(code))];
        refused("socks5h://PROXY", &answers, &format!("Socks5 proxy rejected connection - {name}"));
    }
    refused("socks5h://u:p@PROXY", &[(4, &[5, 2]), (5, &[1, 1])], "Socks5 Authentication failed");
    refused(
        "socks5h://PROXY",
        &[(3, &[5, 0xff])],
        "Received invalid Socks5 initial handshake (no accepted authentication type)",
    );
    refused(
        "socks5h://PROXY",
        &[(3, b"HTTP/1.1 400 Bad Request")],
        "Received invalid Socks5 initial handshake response",
    );
    refused("socks5h://PROXY", &[(3, &[])], "Socket closed");
    refused("socks4a://PROXY", &[(24, &[0, 0x5b, 0, 0, 0, 0, 0, 0])], "Socks4 Proxy rejected connection - (Failed)");
    refused(
        "socks4a://PROXY",
        &[(24, &[0, 0x5d, 0, 0, 0, 0, 0, 0])],
        "Socks4 Proxy rejected connection - (RejectedIdent)",
    );
}

#[test]
fn a_silent_proxy_is_given_up_and_tried_again() {
    let proxy = Peer::listen();
    let options = format!("socksProxy: \"socks5h://{}\", socksTimeout: 30, reconnectPeriod: 10", proxy.address());
    let mut running = traced_at(BROKER, &options, "");
    let first = proxy.accept_stream();
    prints(
        &mut running,
        "error: Proxy connection timed out SOCKS\noffline\nclose reconnecting\nreconnect reconnecting",
    );
    let second = proxy.accept_stream();
    drop((first, second));
    running.kill9();
}

#[test]
fn nobody_listens_and_the_proxy_refuses() {
    let proxy = Peer::listen();
    let running = script(
        BROKER,
        &format!("mqtt.connect(\"BROKER\", #{{socksProxy: \"socks5h://{}\", reconnectPeriod: 0}});", proxy.address()),
    )
    .code(1)
    .stderr(format!(
        "warning: cannot connect to mqtt://broker.example:1883 (the SOCKS proxy at {} reached broker.example:1883, which refused the connection), giving up\n",
        proxy.address()
    ))
    .spawn();
    let mut stream = proxy.accept_stream();
    expect(&mut stream, &[5, 1, 0]);
    send(&mut stream, &[5, 0]);
    expect(&mut stream, &named());
    send(&mut stream, &[5, 5, 0, 1, 0, 0, 0, 0, 0, 0]);
    running.finish();
}

#[test]
fn proxies_that_cannot_be() {
    script(
        BROKER,
        r#"
        thrown(|| mqtt.connect("BROKER", #{socksProxy: "http://localhost:8080"}));
        thrown(|| mqtt.connect("BROKER", #{socksProxy: "localhost:1080"}));
        thrown(|| mqtt.connect("BROKER", #{socksProxy: "socks5://localhost/x"}));
        thrown(|| mqtt.connect("BROKER", #{socksProxy: 1080}));
        thrown(|| mqtt.connect("BROKER", #{socksProxy: "socks5://h", socksTimeout: "1 s"}));
        thrown(|| mqtt.connect("BROKER", #{socksproxy: "socks5://h"}));
        "#,
    )
    .stdout(
        "Error: bad SOCKS URL: invalid protocol\nError: bad SOCKS URL: invalid protocol\nError: bad SOCKS URL\n\
         Error: option `socksProxy` takes text but got 1080\n\
         Error: option `socksTimeout` takes a number of milliseconds, 0 or more but got text\n\
         Error: `mqtt.connect` has no option `socksproxy`\n",
    )
    .run();
}
