use rumqttc_v4::{Packet, QoS};

use crate::prelude::{ends, expecting, names, script, serve_to_the_end, traced};
use crate::support::packets::v4;
use crate::support::peer::Peer;

/// T11. Without a callback the message is lost in silence: the option asks for it.
#[test]
fn without_a_queue_qos_0_needs_a_connection() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER", #{queueQoSZero: false});
        c.publish("lost", "x");
        c.publish("lost", "x", |error| console.log(error.message));
        thrown(|| c.publishAsync("lost", "x"));
        c.publish("kept", "x", #{qos: 1}, |error| { console.log(error); c.end(); });
        "#,
    )
    .stdout("Error: No connection to broker\nNo connection to broker\nundefined\n")
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(link.take_publish().topic, "kept");
    link.expect_goodbye();
    running.finish();
}

/// T10, but in call order, and `connect` does not wait for the backlog.
#[test]
fn calls_before_connack_go_out_in_call_order() {
    let peer = Peer::listen();
    let running = traced(
        &peer,
        "",
        r#"c.publish("q", "a", |error, packet| console.log("a", error, packet));
        c.publish("q", "b", #{qos: 1}, |error, packet| console.log("b", error, packet.cmd));
        c.publish("q", "c", #{qos: 2}, |error, packet| console.log("c", error, packet.cmd));
        c.subscribe("t/#", #{qos: 2}, |error, granted| console.log("d", error, JSON.stringify(granted)));
        c.unsubscribe("u", |error, packet| { console.log("e", error, packet.cmd); c.end(); });"#,
    );
    let mut link = peer.accept();
    link.handshake();
    for (payload, qos) in [("a", QoS::AtMostOnce), ("b", QoS::AtLeastOnce), ("c", QoS::ExactlyOnce)] {
        let publish = link.read_publish();
        assert_eq!((&publish.payload[..], publish.qos), (payload.as_bytes(), qos));
        match qos {
            QoS::AtMostOnce => {}
            QoS::AtLeastOnce => link.send(v4::puback(publish.pkid)),
            QoS::ExactlyOnce => link.send(v4::pubrec(publish.pkid)),
        }
    }
    link.grant();
    let Packet::Unsubscribe(unsubscribe) = link.read() else { panic!("UNSUBSCRIBE was due") };
    let Packet::PubRel(release) = link.read() else { panic!("PUBREL was due") };
    link.send(v4::pubcomp(release.pkid));
    link.send(v4::unsuback(unsubscribe.pkid));
    link.expect_goodbye();
    ends(
        running,
        0,
        r#"connect connected
        a undefined undefined
        b undefined publish
        d undefined [{"qos":2,"topic":"t/#"}]
        c undefined pubrel
        e undefined unsuback
        close disconnecting
        end disconnecting disconnected"#,
    );
}

#[test]
fn what_was_subscribed_while_offline_goes_out_once() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER", #{reconnectPeriod: 10});
        client.subscribe("a");
        client.once("close", || client.subscribe("b", || client.end()));
    "#;
    let running = script(&peer.url(), text).spawn();
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(names(&link.grant()), [("a", QoS::AtMostOnce)]);
    link.close();
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(serve_to_the_end(&mut link), ["subscribe a", "subscribe b"]);
    running.finish();
}

/// `queued` counts the messages; what waits is on its way in `connect`.
#[test]
fn what_is_asked_for_is_queued() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.publish("test", "test");
        c.publish("test", "test", #{qos: 1});
        c.subscribe("test");
        c.unsubscribe("test");
        console.log(c.queued);
        c.on("connect", || c.end(|| console.log(c.queued)));
    "#;
    let running = expecting(&peer, "2\n0\n", text);
    let mut link = peer.accept();
    link.handshake();
    let wanted = ["publish test 0", "publish test 1", "subscribe test", "unsubscribe test"];
    assert_eq!(serve_to_the_end(&mut link), wanted);
    drop(link);
    running.finish();
}

/// T11, with what is queued all the same.
#[test]
fn without_a_queue_for_qos_0_the_rest_waits() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{queueQoSZero: false});
        c.publish("zero", "", |error| console.log(error.message));
        c.publish("one", "", #{qos: 1});
        c.publish("two", "", #{qos: 2});
        c.subscribe("test");
        c.unsubscribe("test");
        c.on("connect", || { c.publish("now", ""); c.end(); });
    "#;
    let running = expecting(&peer, "No connection to broker\n", text);
    let mut link = peer.accept();
    link.handshake();
    let wanted = ["publish one 1", "publish two 2", "subscribe test", "unsubscribe test", "publish now 0"];
    assert_eq!(serve_to_the_end(&mut link), wanted);
    running.finish();
}

/// Once per outage, however many attempts it has.
#[test]
fn offline_comes_once_per_outage() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{reconnectPeriod: 1});
        for name in ["offline", "close"] { let name = name; c.on(name, || console.log(name)); }
        let connects = 0;
        c.on("connect", || { connects += 1; console.log("connect"); if connects == 2 { c.removeAllListeners("close"); c.end(); } });
    "#;
    let running = expecting(&peer, "offline\nclose\nclose\nclose\nconnect\noffline\nclose\nclose\nconnect\n", text);
    for _ in 0..3 {
        peer.accept().close();
    }
    let mut link = peer.accept();
    link.handshake();
    link.close();
    peer.accept().close();
    let mut link = peer.accept();
    link.handshake();
    link.expect_goodbye();
    running.finish();
}

/// What is asked for during an outage goes out in the order of the calls, before what `connect` listeners ask for.
#[test]
fn calls_during_an_outage_go_out_in_call_order() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{reconnectPeriod: 1});
        c.once("close", || {
            c.publish("A", "");
            c.publish("B", "", #{qos: 1});
            c.subscribe("C");
            c.publish("D", "", #{qos: 2});
            c.publish("E", "");
            c.once("connect", || { c.publish("F", ""); c.end(); });
        });
    "#;
    let running = expecting(&peer, "", text);
    let mut link = peer.accept();
    link.handshake();
    link.close();
    let mut link = peer.accept();
    link.handshake();
    let wanted = ["publish A 0", "publish B 1", "subscribe C", "publish D 2", "publish E 0", "publish F 0"];
    assert_eq!(serve_to_the_end(&mut link), wanted);
    running.finish();
}

/// T19: MQTT.js fails it at the next failed attempt and sends it later; here it is called back once, with the grant.
#[test]
fn a_subscribe_during_an_outage_is_called_back_once() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{reconnectPeriod: 1});
        c.once("close", || c.subscribe("a", |error, granted| { console.log(error, granted[0].topic); c.end(); }));
    "#;
    let running = expecting(&peer, "undefined a\n", text);
    let mut link = peer.accept();
    link.handshake();
    link.close();
    for _ in 0..2 {
        peer.accept().close();
    }
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(serve_to_the_end(&mut link), ["subscribe a"]);
    running.finish();
}

/// The state that the contract names, at each point.
#[test]
fn the_state_of_a_client() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{reconnectPeriod: 30});
        console.log(c.state);
        c.once("close", || { console.log(c.state); set_immediate(|| console.log(c.state)); });
        c.once("reconnect", || console.log(c.state));
        let connects = 0;
        c.on("connect", || {
            console.log(c.state);
            connects += 1;
            if connects == 2 { c.end(|| console.log(c.state)); console.log(c.state); }
        });
    "#;
    let stdout = "connecting\nconnected\n[..]\n[..]\nreconnecting\nconnected\nending\nended\n";
    let running = expecting(&peer, stdout, text);
    let mut link = peer.accept();
    link.handshake();
    link.close();
    let mut link = peer.accept();
    link.handshake();
    link.expect_goodbye();
    running.finish();
}
