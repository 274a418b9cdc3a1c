use std::time::Instant;

use rumqttc_v4::Packet;

use crate::prelude::{prints, script, traced};
use crate::support::peer::Peer;

/// T08.
#[test]
fn a_broker_that_does_not_answer_pings() {
    let peer = Peer::listen();
    let mut running = traced(&peer, "keepalive: 1, reconnectPeriod: 20", "");
    let mut link = peer.accept();
    link.handshake();
    link.expect(Packet::PingReq);
    link.expect_closed();
    peer.accept().handshake();
    prints(
        &mut running,
        "connect connected
        offline connected
        error connected reconnecting: Keepalive timeout undefined
        close reconnecting
        reconnect reconnecting
        connect connected",
    );
    running.kill9();
}

#[test]
fn no_answer_to_a_ping_is_an_error_and_it_tries_again() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER", #{keepalive: 1, reconnectPeriod: 10});
        for name in ["offline", "close", "reconnect"] { let name = name; client.once(name, || console.log(name)); }
        client.on("error", |error| console.log(error.message));
        let connects = 0;
        client.on("connect", || { connects += 1; if connects == 2 { client.end(); } });
    "#;
    let stdout = "offline\nKeepalive timeout\nclose\nreconnect\n";
    let running = script(&peer.url(), text).stdout(stdout).spawn();
    let mut link = peer.accept();
    link.handshake();
    let start = Instant::now();
    link.expect(Packet::PingReq);
    link.expect_closed();
    assert!(start.elapsed().as_millis() > 1300, "{:?}", start.elapsed());
    let mut link = peer.accept();
    link.handshake();
    link.expect_goodbye();
    running.finish();
}

#[test]
fn pings_go_on_while_the_script_sleeps() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER", #{keepalive: 1});
        client.on("connect", || { sleep(2300); client.end(); });
        client.on("error", |error| console.log(error.message));
    "#;
    let running = script(&peer.url(), text).spawn();
    let mut link = peer.accept();
    link.handshake();
    let mut pings = 0;
    while link.read() == Packet::PingReq {
        link.send(Packet::PingResp);
        pings += 1;
    }
    link.expect_closed();
    assert!(pings >= 2, "{pings}");
    running.finish();
}

/// The broker's keep alive wins for this connection; the option stays.
#[test]
fn the_keep_alive_of_the_broker() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5, keepalive: 100});
        console.log(c.keepalive, c.serverProperties, c.options.keepalive);
        c.on("connect", |connack| {
            console.log(c.keepalive, c.serverProperties.serverKeepAlive, connack.properties.serverKeepAlive, c.options.keepalive);
            c.end();
        });
        c.on("close", || console.log(c.serverProperties));
        "#,
    )
    .stdout("100 undefined 100\n7 7 7 100\nundefined\n")
    .spawn();
    let mut link = peer.accept_v5();
    link.read_connect();
    link.send_bytes(&[0x20, 6, 0, 0, 3, 0x13, 0, 7]);
    link.expect_goodbye();
    running.finish();
}
