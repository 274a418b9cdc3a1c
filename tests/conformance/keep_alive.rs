use std::time::Instant;

use rumqttc_v4::Packet;

use crate::prelude::{LAST, expecting, prints, script, traced};
use crate::support::packets::v4;
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

/// A callback that never returns stops the script, not the pings.
#[test]
fn pings_go_on_while_a_callback_loops() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"let c = mqtt.connect("BROKER", #{keepalive: 1}); c.on("connect", || { console.log("looping"); loop {} });"#,
    )
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    link.expect(Packet::PingReq);
    running.kill9();
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

/// Without messages a ping each second, and the connection stays as long as they are answered.
#[test]
fn pings_come_at_the_interval() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{keepalive: 1});
        for name in ["close", "error"] { let name = name; c.on(name, || console.log(name)); }
        c.on("packetreceive", |packet| if packet.cmd == "pingresp" { console.log("answered"); });
        c.on("message", || { c.removeAllListeners("close"); c.end(); });
    "#;
    let running = expecting(&peer, "answered\nanswered\n", text);
    let mut link = peer.accept();
    link.handshake();
    for _ in 0..2 {
        let start = Instant::now();
        link.expect(Packet::PingReq);
        assert!(start.elapsed().as_millis() > 800, "{:?}", start.elapsed());
        link.send(Packet::PingResp);
    }
    link.send_bytes(LAST);
    link.expect_goodbye();
    running.finish();
}

/// With 0 there are none `[MQTT-3.1.2.10]`.
#[test]
fn no_pings_without_an_interval() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{keepalive: 0});
        c.on("connect", || set_timeout(|| c.end(), 1300));
    "#;
    let running = expecting(&peer, "", text);
    let mut link = peer.accept();
    assert_eq!(link.handshake().keep_alive, 0);
    link.expect_goodbye();
    running.finish();
}

/// T09: what the broker does not acknowledge does not show that it is there. The traffic never stops before the ping.
#[test]
fn messages_of_qos_0_do_not_put_pings_off() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{keepalive: 1});
        let timer = ();
        c.on("connect", || timer = set_interval(|| c.publish("a", "x"), 50));
        c.on("packetreceive", |packet| if packet.cmd == "pingresp" { clear_interval(timer); c.end(); });
    "#;
    let running = expecting(&peer, "", text);
    let mut link = peer.accept();
    link.handshake();
    loop {
        match link.read() {
            Packet::Publish(_) => link.send_bytes(&[0x30, 3, 0, 1, b'a']),
            Packet::PingReq => link.send(Packet::PingResp),
            Packet::Disconnect => break,
            other => panic!("{other:?}"),
        }
    }
    running.finish();
}

/// T09: an acknowledgement does, so the ping comes no sooner than an interval after the last one.
#[test]
fn acknowledgements_put_pings_off() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{keepalive: 1});
        c.on("connect", || set_timeout(|| c.publish("a", "x", #{qos: 1}), 500));
        c.on("packetreceive", |packet| if packet.cmd == "pingresp" { c.end(); });
    "#;
    let running = expecting(&peer, "", text);
    let mut link = peer.accept();
    link.handshake();
    link.take_publish();
    let start = Instant::now();
    link.expect(Packet::PingReq);
    assert!(start.elapsed().as_millis() > 900, "{:?}", start.elapsed());
    link.send(Packet::PingResp);
    link.expect_goodbye();
    running.finish();
}

/// `reschedulePings: false`: pings come although every message is acknowledged.
#[test]
fn acknowledgements_that_do_not_put_pings_off() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{keepalive: 1, reschedulePings: false});
        fn next() { if c.connected { c.publish("a", "x", #{qos: 1}, || set_timeout(next, 50)); } }
        c.on("connect", || next());
        c.on("packetreceive", |packet| if packet.cmd == "pingresp" { c.end(true); });
    "#;
    let running = expecting(&peer, "", text);
    let mut link = peer.accept();
    link.handshake();
    while let Some(packet) = link.next() {
        match packet {
            Packet::Publish(publish) => {
                let _ = link.try_send(v4::puback(publish.pkid));
            }
            Packet::PingReq => link.send(Packet::PingResp),
            other => panic!("{other:?}"),
        }
    }
    running.finish();
}

/// Version 5: the broker's interval counts, not the option's `[MQTT-3.2.2-21]`.
#[test]
fn pings_come_at_the_interval_of_the_broker() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5});
        c.on("packetreceive", |packet| if packet.cmd == "pingresp" { c.end(); });
    "#;
    let running = expecting(&peer, "", text);
    let mut link = peer.accept_v5();
    assert_eq!(link.read_connect().connect.keep_alive, 60);
    link.send_bytes(&[0x20, 6, 0, 0, 3, 0x13, 0, 1]);
    link.expect_bytes(&[0xc0, 0]);
    link.send_bytes(&[0xd0, 0]);
    link.expect_goodbye();
    running.finish();
}

/// A half-open link: the broker took a message and is never heard of again. The message goes out again afterwards.
#[test]
fn a_dead_link_loses_no_message() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{keepalive: 1, reconnectPeriod: 1});
        c.on("error", |error| console.log(error.message));
        c.publish("a", "x", #{qos: 1}, |error| { console.log(error); c.end(); });
    "#;
    let running = expecting(&peer, "Keepalive timeout\nundefined\n", text);
    let mut dead = peer.accept();
    dead.handshake();
    dead.read_publish();
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(&link.take_publish().payload[..], b"x");
    link.expect_goodbye();
    running.finish();
}
