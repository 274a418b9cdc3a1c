//! What a client shows of its insides, and what may be done with the link under it.

use std::time::Duration;

use rumqttc_v4::{Packet, QoS};

use crate::prelude::{prints, script, traced};
use crate::support::packets::v4;
use crate::support::peer::Peer;

#[test]
fn queue_outgoing_and_topics_while_offline() {
    let peer = Peer::listen();
    let mut running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER", #{manualConnect: true, messageIdProvider: mqtt.UniqueMessageIdProvider()});
        console.log(c.queue, c.outgoing, c.messageIdToTopic);
        c.publish("a", "x");
        c.publish("b", "y", #{qos: 1});
        c.subscribe(["s/1", "s/2"]);
        c.unsubscribe("u");
        console.log(c.queue.map(|entry| entry.packet.cmd));
        console.log(c.queue[1].packet.topic, c.queue[1].packet.messageId);
        console.log(JSON.stringify(c.outgoing));
        console.log(c.messageIdToTopic);
        c.on("connect", || c.publish("end", "", || c.end()));
        c.connect();
        "#,
    )
    .spawn();
    prints(
        &mut running,
        "[] {} {}
        [ 'publish', 'publish', 'subscribe', 'unsubscribe' ]
        b 1
        {\"1\":{\"cmd\":\"publish\",\"volatile\":false},\"2\":{\"cmd\":\"subscribe\",\"volatile\":true},\"3\":{\"cmd\":\"unsubscribe\",\"volatile\":true}}
        { '2': [ 's/1', 's/2' ] }",
    );
    running.kill9();
}

#[test]
fn outgoing_while_acknowledgements_are_due() {
    let peer = Peer::listen();
    let mut running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER", #{messageIdProvider: mqtt.UniqueMessageIdProvider()});
        c.publish("a", "", #{qos: 1});
        c.publish("b", "", #{qos: 2});
        c.on("packetreceive", |packet| {
            if packet.cmd == "pubrec" { console.log(JSON.stringify(c.outgoing)); }
            if packet.cmd == "puback" { console.log(c.queue, c.outgoing); }
        });
        "#,
    )
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    link.read_publish();
    link.read_publish();
    link.send(v4::pubrec(2));
    link.expect(v4::pubrel(2));
    prints(&mut running, r#"{"1":{"cmd":"publish","volatile":false},"2":{"cmd":"pubrel","volatile":false}}"#);
    link.send(v4::puback(1));
    prints(&mut running, "[] { '2': { cmd: 'pubrel', volatile: false } }");
    running.kill9();
}

#[test]
fn destroying_the_stream_cuts_the_link_without_goodbye() {
    let peer = Peer::listen();
    let mut running = traced(
        &peer,
        "reconnectPeriod: 10",
        r#"
        let first = true;
        c.on("connect", || if first { first = false; c.stream.destroy(); } else { c.end(); });
        "#,
    );
    let mut link = peer.accept();
    link.handshake();
    link.expect_closed();
    let mut link = peer.accept();
    link.handshake();
    link.expect_goodbye();
    prints(
        &mut running,
        "connect connected
        offline
        close reconnecting
        reconnect reconnecting
        connect connected
        close disconnecting
        end disconnecting disconnected",
    );
    running.outcome();
}

#[test]
fn ending_the_stream_sends_what_was_accepted_first() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER", #{reconnectPeriod: 0});
        c.on("error", |e| ());
        c.on("connect", || {
            c.publish("a", "last");
            c.stream.end();
            console.log(c.stream.destroyed, c.stream);
        });
        c.on("close", || console.log(c.stream.destroyed));
        "#,
    )
    .stdout("false Stream { destroyed: false }\ntrue\n")
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(&link.read_publish().payload[..], b"last");
    link.expect_closed();
    running.finish();
}

#[test]
fn destroying_the_stream_ends_an_attempt_too() {
    let peer = Peer::listen();
    let mut running = traced(
        &peer,
        "reconnectPeriod: 10",
        r#"
        c.once("reconnect", || console.log("again"));
        process.stdin.on("line", |line| c.stream.destroy());
        "#,
    );
    let mut link = peer.accept();
    link.read_connect();
    running.stdin_line("cut");
    link.expect_closed();
    prints(&mut running, "offline\nclose reconnecting\nreconnect reconnecting\nagain");
    peer.accept().read_connect();
    running.kill9();
}

#[test]
fn a_ping_now() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER", #{reschedulePings: false});
        c.sendPing();
        c.on("connect", || { c.sendPing(); c.reschedulePing(); c.reschedulePing(true); });
        c.on("packetreceive", |packet| if packet.cmd == "pingresp" { c.end(); });
        "#,
    )
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    // The one that was asked for while there was no link is nowhere.
    link.expect(Packet::PingReq);
    link.send(Packet::PingResp);
    link.expect_goodbye();
    running.finish();
}

#[test]
fn a_keepalive_timeout_by_hand() {
    let peer = Peer::listen();
    let mut running = traced(&peer, "reconnectPeriod: 10", "c.once(\"connect\", || c.onKeepaliveTimeout());");
    let mut link = peer.accept();
    link.handshake();
    link.expect_closed();
    prints(
        &mut running,
        "connect connected
        offline connected
        error connected reconnecting: Keepalive timeout undefined
        close reconnecting
        reconnect reconnecting",
    );
    running.kill9();
}

#[test]
fn queue_qos_zero_may_change_at_any_time() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER", #{manualConnect: true});
        c.publish("kept", "");
        c.queueQoSZero = false;
        console.log(c.queueQoSZero, c.options.queueQoSZero);
        c.publish("lost", "", |error| console.log(error.message));
        c.queueQoSZero = true;
        c.publish("kept too", "", || c.end());
        setTimeout(|| c.connect(), 0);
        "#,
    )
    .stdout("false false\nNo connection to broker\n")
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(link.read_publish().topic, "kept");
    assert_eq!(link.read_publish().topic, "kept too");
    link.expect_goodbye();
    running.finish();
}

#[test]
fn the_count_of_servers_tried() {
    let (one, two) = (Peer::listen(), Peer::listen());
    let mut running = script(
        "",
        &format!(
            r#"
            let c = mqtt.connect(#{{
                servers: [#{{host: "127.0.0.1", port: {}}}, #{{host: "127.0.0.1", port: {}}}],
                reconnectPeriod: 10, manualConnect: true
            }});
            console.log(c._reconnectCount);
            c.on("connect", || console.log(c._reconnectCount));
            c.connect();
            "#,
            one.port(),
            two.port()
        ),
    )
    .spawn();
    running.wait_for_line("0");
    for (peer, count) in [(&one, "1"), (&two, "2"), (&one, "1")] {
        let mut link = peer.accept();
        link.handshake();
        running.wait_for_line(count);
        link.close();
    }
    running.kill9();
}

#[test]
fn functions_that_do_nothing_and_what_is_refused() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER");
        let noop = c.noop; console.log(noop.call(), noop.call(1, 2));
        thrown(|| c.keepaliveManager);
        thrown(|| c.reschedulePing(1));
        c.publish("a", "", #{qos: 1}, c.noop);
        c.on("connect", || c.end(c.noop));
        "#,
    )
    .stdout(
        "undefined undefined\n\
         Error: `client.keepaliveManager` is not available: pings are sent beside the script, so that they never wait for it\n\
         TypeError: `reschedulePing` takes `true` or `false` as `force` but got an integer\n",
    )
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    link.take_publish();
    link.expect_goodbye();
    running.finish();
}

/// Once per message, as soon as it is accepted, and before anything comes of it.
#[test]
fn cb_store_put_is_called_before_the_outcome() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER");
        c.publish("q1", "", #{qos: 1, cbStorePut: || console.log("stored 1")}, || console.log("done 1"));
        c.publish("q2", "", #{qos: 2, cbStorePut: || console.log("stored 2")}, || { console.log("done 2"); c.end(); });
        c.publish("q0", "", #{cbStorePut: || console.log("never: QoS 0 is not stored")});
        thrown(|| c.publish("a", "", #{qos: 1, cbStorePut: 5}));
        "#,
    )
    .stdout("Error: option `cbStorePut` takes a closure but got 5\nstored 1\nstored 2\ndone 1\ndone 2\n")
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    link.take_publish();
    let second = link.read_publish();
    link.send(v4::pubrec(second.pkid));
    assert_eq!(link.read_publish().qos, QoS::AtMostOnce);
    link.expect(v4::pubrel(second.pkid));
    link.send(v4::pubcomp(second.pkid));
    link.expect_goodbye();
    running.finish();
    peer.expect_nobody(Duration::from_millis(1));
}
