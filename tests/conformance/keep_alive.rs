use std::time::Instant;

use rumqttc_v4::Packet;

use crate::prelude::script;
use crate::support::peer::Peer;

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
