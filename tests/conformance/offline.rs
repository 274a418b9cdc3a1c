use rumqttc_v4::{Packet, QoS};

use crate::prelude::{ends, names, script, serve_to_the_end, traced};
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
