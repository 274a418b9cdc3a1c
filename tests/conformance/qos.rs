use rumqttc_v4::QoS;

use crate::prelude::script;
use crate::support::packets::v4;
use crate::support::peer::Peer;

#[test]
fn messages_are_acknowledged_after_their_callbacks_returned() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER");
        client.on("message", |topic| { client.publishAsync("handling", topic, #{qos: 1}); });
        client.on("message", |topic| if topic == "end" { client.end(); });
    "#;
    let running = script(&peer.url(), text).spawn();
    let mut link = peer.accept();
    link.handshake();
    link.send(v4::publish("one", QoS::AtLeastOnce, 8, "x"));
    assert_eq!(&link.take_publish().payload[..], b"one");
    link.expect(v4::puback(8));
    link.send(v4::publish("two", QoS::ExactlyOnce, 9, "x"));
    link.expect(v4::pubrec(9));
    link.send(v4::pubrel(9));
    assert_eq!(&link.take_publish().payload[..], b"two");
    link.expect(v4::pubcomp(9));
    link.send(v4::publish("end", QoS::AtLeastOnce, 10, "x"));
    assert_eq!(&link.take_publish().payload[..], b"end");
    // Also the one whose callback ends the client.
    link.expect(v4::puback(10));
    link.expect_goodbye();
    running.finish();
}

#[test]
fn repeated_qos_2_packets_deliver_once_and_are_answered_each_time() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER");
        client.on("message", |topic, message| {
            console.log("" + message);
            if topic == "end" { client.end(); }
        });
    "#;
    let running = script(&peer.url(), text).stdout("first\nbye\n").spawn();
    let mut link = peer.accept();
    link.handshake();
    link.send(v4::publish("a", QoS::ExactlyOnce, 7, "first"));
    link.expect(v4::pubrec(7));
    link.send(v4::publish("a", QoS::ExactlyOnce, 7, "again"));
    link.expect(v4::pubrec(7));
    for _ in 0..2 {
        link.send(v4::pubrel(7));
        link.expect(v4::pubcomp(7));
    }
    // Never heard of: the broker must be able to finish it, in both directions.
    link.send(v4::pubrel(99));
    link.expect(v4::pubcomp(99));
    link.send(v4::pubrec(98));
    link.expect(v4::pubrel(98));
    link.send(v4::publish("end", QoS::AtMostOnce, 0, "bye"));
    link.expect_goodbye();
    running.finish();
}
