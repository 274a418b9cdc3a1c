use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::{Message, WebSocket, accept_hdr};

use crate::prelude::script;
use crate::support::broker::{Broker, Flavour};
use crate::support::peer::Peer;

/// CONNACK and DISCONNECT.
const CONNACK: &[u8] = &[0x20, 2, 0, 0];
const DISCONNECT: &[u8] = &[0xe0, 0];

/// Takes the next connection as a WebSocket; gives the path and the headers that were asked for, in lower case.
#[track_caller]
fn accept(peer: &Peer) -> (WebSocket<TcpStream>, String, String) {
    let (mut path, mut headers) = (String::new(), String::new());
    #[expect(clippy::result_large_err, reason = "the type is tungstenite's")]
    let callback = |request: &Request, mut response: Response| -> Result<Response, ErrorResponse> {
        path = request.uri().to_string();
        headers = format!("{:?}", request.headers()).to_lowercase();
        if let Some(protocol) = request.headers().get("sec-websocket-protocol") {
            response.headers_mut().insert("sec-websocket-protocol", protocol.clone());
        }
        Ok(response)
    };
    let frames = accept_hdr(peer.accept_stream(), callback).unwrap();
    (frames, path, headers)
}

/// The next packet, which this client sends as one binary frame.
#[track_caller]
fn read(frames: &mut WebSocket<TcpStream>) -> Vec<u8> {
    loop {
        match frames.read().unwrap() {
            Message::Binary(bytes) => return bytes.to_vec(),
            Message::Ping(_) | Message::Pong(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

fn send(frames: &mut WebSocket<TcpStream>, bytes: &'static [u8]) {
    frames.send(Message::Binary(bytes.into())).unwrap();
}

/// DISCONNECT and then the closing handshake.
#[track_caller]
fn goodbye(mut frames: WebSocket<TcpStream>) {
    assert_eq!(read(&mut frames), DISCONNECT);
    while let Ok(message) = frames.read() {
        assert!(matches!(message, Message::Close(_)), "{message:?}");
    }
}

fn ws(peer: &Peer) -> String {
    format!("ws://{}", peer.address())
}

#[test]
fn packets_go_in_binary_frames() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{clientId: "me"});
        c.on("connect", || c.publish("a", "x"));
        c.on("message", |topic, message| { console.log(topic, "" + message); c.end(); });
    "#;
    let running = script(&ws(&peer), text).stdout("b y\n").spawn();
    let (mut frames, path, headers) = accept(&peer);
    assert_eq!(path, "/");
    assert!(headers.contains(r#""sec-websocket-protocol": "mqtt""#), "{headers}");
    assert_eq!(read(&mut frames), b"\x10\x0e\0\x04MQTT\x04\x02\0\x3c\0\x02me");
    send(&mut frames, CONNACK);
    assert_eq!(read(&mut frames), b"\x30\x04\0\x01ax");
    send(&mut frames, b"\x30\x04\0\x01by");
    goodbye(frames);
    running.finish();
}

/// MQTT 3.1 has a sub-protocol of its own.
#[test]
fn version_3_1_asks_for_its_own_protocol() {
    let peer = Peer::listen();
    let text =
        r#"let c = mqtt.connect("BROKER", #{protocolVersion: 3, protocolId: "MQIsdp"}); c.on("connect", || c.end());"#;
    let running = script(&ws(&peer), text).spawn();
    let (mut frames, _, headers) = accept(&peer);
    assert!(headers.contains(r#""sec-websocket-protocol": "mqttv3.1""#), "{headers}");
    read(&mut frames);
    send(&mut frames, CONNACK);
    goodbye(frames);
    running.finish();
}

#[test]
fn path_and_query_of_the_url_are_asked_for() {
    let peer = Peer::listen();
    let text = r#"let c = mqtt.connect("BROKER/mqtt?token=1%20"); c.on("connect", || c.end());"#;
    let running = script(&ws(&peer), text).spawn();
    let (mut frames, path, _) = accept(&peer);
    assert_eq!(path, "/mqtt?token=1%20");
    read(&mut frames);
    send(&mut frames, CONNACK);
    goodbye(frames);
    running.finish();
}

#[test]
fn headers_of_the_request() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{wsOptions: #{headers: #{"X-Token": "abc"}}});
        c.on("connect", || c.end());
    "#;
    let running = script(&ws(&peer), text).spawn();
    let (mut frames, _, headers) = accept(&peer);
    assert!(headers.contains(r#""x-token": "abc""#), "{headers}");
    read(&mut frames);
    send(&mut frames, CONNACK);
    goodbye(frames);
    running.finish();
}

/// A frame may hold a part of a packet or several `[MQTT-6.0.0-2]`.
#[test]
fn frames_need_not_keep_to_packets() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.on("message", |topic| { console.log(topic); if topic == "c" { c.end(); } });
    "#;
    let running = script(&ws(&peer), text).stdout("a\nb\nc\n").spawn();
    let (mut frames, ..) = accept(&peer);
    read(&mut frames);
    send(&mut frames, b"\x20\x02\0");
    send(&mut frames, b"\0\x30\x03\0\x01a\x30");
    send(&mut frames, b"\x03\0\x01b\x30\x03\0\x01c");
    goodbye(frames);
    running.finish();
}

#[test]
fn a_lost_websocket_is_opened_again() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{reconnectPeriod: 1});
        for name in ["offline", "close", "reconnect", "connect"] { let name = name; c.on(name, || console.log(name)); }
        c.on("message", || { c.removeAllListeners("close"); c.end(); });
    "#;
    let stdout = "connect\noffline\nclose\nreconnect\nconnect\n";
    let running = script(&ws(&peer), text).stdout(stdout).spawn();
    let (mut frames, ..) = accept(&peer);
    read(&mut frames);
    send(&mut frames, CONNACK);
    frames.close(None).unwrap();
    while frames.read().is_ok() {}
    let (mut frames, ..) = accept(&peer);
    read(&mut frames);
    send(&mut frames, CONNACK);
    send(&mut frames, b"\x30\x03\0\x01a");
    goodbye(frames);
    running.finish();
}

/// T31: a server that speaks HTTP, but no WebSocket.
#[test]
fn an_answer_other_than_101() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{reconnectPeriod: 0});
        c.on("error", |error| console.log(error.message));
        c.on("close", || console.log("close"));
    "#;
    let running = script(&ws(&peer), text).stdout("Unexpected server response: 404\nclose\n").spawn();
    let mut stream = peer.accept_stream();
    for line in BufReader::new(&stream).lines() {
        if line.unwrap().is_empty() {
            break;
        }
    }
    stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n").unwrap();
    running.finish();
}

/// T31: a broker that speaks plain MQTT hangs up.
#[test]
fn a_plain_port() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{reconnectPeriod: 0});
        c.on("error", |error| console.log(error.code));
        c.on("close", || console.log("close"));
    "#;
    let running = script(&ws(&peer), text).stdout("ECONNRESET\nclose\n").spawn();
    let mut stream = peer.accept_stream();
    let mut first = [0; 3];
    stream.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"GET");
    drop(stream);
    running.finish();
}

/// A real broker: MQTT 3.1.1 and 5, all QoS, there and back.
#[test]
fn a_round_trip() {
    let broker = Broker::start(Flavour::WebSocket);
    for version in [4, 5] {
        let text = format!(
            r#"
            let c = mqtt.connect("BROKER", #{{protocolVersion: {version}}});
            let came = 0;
            c.on("message", |topic, message, packet| {{
                console.log("" + message, packet.qos);
                came += 1;
                if came == 3 {{ c.end(); }}
            }});
            c.subscribe("a", #{{qos: 2}}, || for qos in 0..3 {{ c.publish("a", "m" + qos, #{{qos: qos}}); }});
            "#
        );
        let outcome = script(&broker.url(), &text).outcome();
        let mut lines: Vec<&str> = outcome.stdout.lines().collect();
        lines.sort_unstable();
        assert_eq!((lines, outcome.code), (vec!["m0 0", "m1 1", "m2 2"], Some(0)), "{outcome}");
    }
}

#[test]
fn over_tls() {
    let broker = Broker::start(Flavour::SecureWebSocket);
    let text = r#"
        let c = mqtt.connect("BROKER", #{ca: "ca.pem"});
        c.on("connect", || { console.log("connect"); c.end(); });
    "#;
    script(&broker.url_by("localhost"), text).file("ca.pem", broker.ca()).stdout("connect\n").run();
}
