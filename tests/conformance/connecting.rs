use rumqttc_v4::{ConnectReturnCode, Packet};

use crate::prelude::{ends, prints, script, traced, traced_at};
use crate::support::packets::v4;
use crate::support::peer::{Peer, free_port};

/// T02, T05: refused. No `offline`, no retry; with an `error` listener the exit code is 0.
#[test]
fn a_refused_session() {
    for (code, text) in [
        (1, "Unacceptable protocol version"),
        (2, "Identifier rejected"),
        (3, "Server unavailable"),
        (4, "Bad username or password"),
        (5, "Not authorized"),
        (6, "undefined"),
    ] {
        let peer = Peer::listen();
        let running = traced(&peer, "reconnectPeriod: 1", "");
        let mut link = peer.accept();
        link.read_connect();
        link.send_bytes(&[0x20, 2, 0, code]);
        link.expect_closed();
        ends(running, 0, &format!("error: Connection refused: {text} {code}\nclose"));
    }
}

/// T05, version 5: CONNACK's properties are readable in the `error` listener, and gone in `close`.
#[test]
fn a_refused_session_of_version_5() {
    let peer = Peer::listen();
    let running = traced(
        &peer,
        "protocolVersion: 5, reconnectPeriod: 1",
        r#"c.on("error", |error| {
            console.log(error.name, JSON.stringify(c.serverProperties));
            console.log("" + error);
        });
        c.on("close", || console.log(c.serverProperties));"#,
    );
    let mut link = peer.accept_v5();
    link.read_connect();
    link.send_bytes(&[0x20, 10, 0, 0x87, 7, 0x1f, 0, 4, b'n', b'o', b'p', b'e']);
    link.expect_closed();
    ends(
        running,
        0,
        "error: Connection refused: Not authorized 135
        ErrorWithReasonCode {\"reasonString\":\"nope\"}
        ErrorWithReasonCode: Connection refused: Not authorized
        close
        undefined",
    );
}

/// T03.
#[test]
fn a_refused_session_that_is_tried_again() {
    let peer = Peer::listen();
    let mut running = traced(&peer, "reconnectOnConnackError: true, reconnectPeriod: 20", "");
    for _ in 0..2 {
        let mut link = peer.accept();
        link.read_connect();
        link.send(v4::refusal(ConnectReturnCode::NotAuthorized));
        link.expect_closed();
    }
    prints(
        &mut running,
        "error: Connection refused: Not authorized 5
        offline
        close reconnecting
        reconnect reconnecting
        error reconnecting: Connection refused: Not authorized 5
        close reconnecting
        reconnect reconnecting",
    );
    let mut link = peer.accept();
    link.handshake();
    prints(&mut running, "connect connected");
    link.close();
    prints(&mut running, "offline\nclose reconnecting");
    running.kill9();
}

/// T06.
#[test]
fn a_refused_connection() {
    let port = free_port();
    let mut running = traced_at(&format!("mqtt://127.0.0.1:{port}"), "reconnectPeriod: 20", "");
    prints(
        &mut running,
        &format!(
            "error: connect ECONNREFUSED 127.0.0.1:{port} ECONNREFUSED
            offline
            close reconnecting
            reconnect reconnecting
            error reconnecting: connect ECONNREFUSED 127.0.0.1:{port} ECONNREFUSED
            close reconnecting
            reconnect reconnecting"
        ),
    );
    running.kill9();
}

/// MQTT.js ends with 0 and no word; a client that gave up without a listener is the test `unheard`.
#[test]
fn a_refused_connection_without_reconnects() {
    let port = free_port();
    let running = traced_at(&format!("mqtt://127.0.0.1:{port}"), "reconnectPeriod: 0", "");
    ends(running, 0, &format!("error: connect ECONNREFUSED 127.0.0.1:{port} ECONNREFUSED\nclose"));
}

/// T07.
#[test]
fn a_broker_that_does_not_answer_connect() {
    let peer = Peer::listen();
    let mut running = traced(&peer, "connectTimeout: 50, reconnectPeriod: 20", "");
    for _ in 0..2 {
        let mut link = peer.accept();
        link.read_connect();
        link.expect_closed();
    }
    prints(
        &mut running,
        "offline
        error reconnecting: connack timeout undefined
        close reconnecting
        reconnect reconnecting
        error reconnecting: connack timeout undefined
        close reconnecting",
    );
    running.kill9();
}

#[test]
fn no_connack_in_time_is_an_error_and_it_tries_again() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER", #{connectTimeout: 200, reconnectPeriod: 10});
        for name in ["offline", "close", "reconnect"] { let name = name; client.once(name, || console.log(name)); }
        client.on("error", |error| console.log(error.message));
        client.on("connect", || client.end());
    "#;
    let running = script(&peer.url(), text).stdout("offline\nconnack timeout\nclose\nreconnect\n").spawn();
    let mut link = peer.accept();
    link.read_connect();
    link.expect_closed();
    // 200 ms is enough for a peer that has nothing to wait for, but not for sure on a busy machine.
    loop {
        let mut link = peer.accept();
        link.read_connect();
        link.connack();
        if matches!(link.next(), Some(Packet::Disconnect)) {
            break;
        }
    }
    running.outcome();
}

/// T05: the codes of version 5, and what CONNACK says beside them.
#[test]
fn each_refusal_of_version_5() {
    for (code, text) in [
        (128, "Unspecified error"),
        (132, "Unsupported Protocol Version"),
        (133, "Client Identifier not valid"),
        (134, "Bad User Name or Password"),
        (136, "Server unavailable"),
        (138, "Banned"),
        (156, "Use another server"),
        (159, "Connection rate exceeded"),
    ] {
        let peer = Peer::listen();
        let listener = r#"c.on("error", |error| console.log(c.serverProperties.serverReference));"#;
        let running = traced(&peer, "protocolVersion: 5, reconnectPeriod: 1", listener);
        let mut link = peer.accept_v5();
        link.read_connect();
        link.send_bytes(&[&[0x20, 11, 0, code, 8, 0x1c, 0, 5][..], b"other"].concat());
        link.expect_closed();
        ends(running, 0, &format!("error: Connection refused: {text} {code}\nother\nclose"));
    }
}
