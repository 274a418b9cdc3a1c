//! Websocket Connections, with the misspelled scheme of the page.

use std::io::{BufRead, BufReader};

use crate::support::broker::{Broker, Flavour};
use crate::support::peer::Peer;
use crate::tls::{stays, with_certificates};
use crate::tutorial;

#[test]
fn websocket() {
    let broker = Broker::start(Flavour::WebSocket);
    stays(tutorial("websocket").arg(broker.url()).stdout("connected\n").code(130), "connected");
}

#[test]
fn websocket_asks_for_the_root_path_and_mqtt() {
    let peer = Peer::listen();
    let running = tutorial("websocket").arg(format!("ws://{}", peer.address())).spawn();
    let mut head = BufReader::new(peer.accept_stream()).lines().map(|line| line.expect("a line"));
    assert_eq!(head.next().as_deref(), Some("GET / HTTP/1.1"));
    let head: Vec<String> = head.take_while(|line| !line.is_empty()).map(|line| line.to_lowercase()).collect();
    assert!(head.contains(&"sec-websocket-protocol: mqtt".to_owned()), "{head:#?}");
    drop(running.kill9());
}

#[test]
fn wss() {
    let broker = Broker::start(Flavour::SecureWebSocket);
    for host in ["localhost", "127.0.0.1"] {
        let url = broker.url_by(host);
        stays(with_certificates(tutorial("wss"), &broker, &url).stdout("connected\n"), "connected");
    }
}

#[test]
fn wsss() {
    // With -v it would say that it dials.
    tutorial("wsss")
        .flag("-v")
        .stderr(
            "\
error: unknown protocol `wsss`, did you mean `wss`?
  --> wsss.rhai:15:19
   |
15 | let client = mqtt.connect(url, options);
   |                   ^^^^^^^
help: use one of the schemes: mqtt, mqtts, ws, wss, mqtt+unix, or tcp, ssl, tls
",
        )
        .code(1)
        .run();
}
