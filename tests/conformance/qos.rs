use rumqttc_v4::QoS;

use crate::prelude::{expecting, script, serve_to_the_end};
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

/// mosquitto takes 20 unless it is told otherwise and drops what is beyond, which it cannot say below version 5.
#[test]
fn twenty_messages_of_qos_2_are_under_way_at_most() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        for n in 0..21 { c.publish("a", `${n}`, #{qos: 2}); }
        c.end();
    "#;
    let running = script(&peer.url(), text).spawn();
    let mut link = peer.accept();
    link.handshake();
    let mut ids: Vec<_> = (0..20).map(|_| link.read_publish().pkid).collect();
    let first = ids.remove(0);
    link.send(v4::pubrec(first));
    link.expect(v4::pubrel(first));
    link.send(v4::pubcomp(first));
    let last = link.read_publish();
    assert_eq!(&last.payload[..], b"20");
    ids.push(last.pkid);
    for id in ids {
        link.send(v4::pubrec(id));
        link.expect(v4::pubrel(id));
        link.send(v4::pubcomp(id));
    }
    link.expect_goodbye();
    running.finish();
}

/// Each has its own id, and acknowledgements may come in any order below the same QoS `[MQTT-4.6]`.
#[test]
fn acknowledgements_in_another_order() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        for name in ["a", "b", "c"] { let name = name; c.publish(name, "", #{qos: 1}, || console.log(name)); }
        c.end();
    "#;
    let running = expecting(&peer, "c\na\nb\n", text);
    let mut link = peer.accept();
    link.handshake();
    let ids: Vec<u16> = (0..3).map(|_| link.read_publish().pkid).collect();
    for index in [2, 0, 1] {
        link.send(v4::puback(ids[index]));
    }
    link.expect_goodbye();
    running.finish();
}

/// The second PUBREC for one message is answered like the first.
#[test]
fn a_pubrec_that_comes_twice() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.publish("a", "x", #{qos: 2}, |error, packet| { console.log(error, packet.cmd); c.end(); });
    "#;
    let running = expecting(&peer, "undefined pubrel\n", text);
    let mut link = peer.accept();
    link.handshake();
    let id = link.read_publish().pkid;
    for _ in 0..2 {
        link.send(v4::pubrec(id));
        link.expect(v4::pubrel(id));
    }
    link.send(v4::pubcomp(id));
    link.expect_goodbye();
    running.finish();
}

/// The broker's ids are its own: one may be in use in both directions at once `[MQTT-2.3.1]`.
#[test]
fn one_id_in_both_directions() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.on("message", |topic, message, packet| console.log(topic, packet.messageId == c.getLastMessageId()));
        c.publish("out", "x", #{qos: 2}, || { console.log("out"); c.end(); });
    "#;
    let running = expecting(&peer, "in true\nout\n", text);
    let mut link = peer.accept();
    link.handshake();
    let id = link.read_publish().pkid;
    link.send(v4::publish("in", QoS::ExactlyOnce, id, "y"));
    link.expect(v4::pubrec(id));
    link.send(v4::pubrel(id));
    link.expect(v4::pubcomp(id));
    link.send(v4::pubrec(id));
    link.expect(v4::pubrel(id));
    link.send(v4::pubcomp(id));
    link.expect_goodbye();
    running.finish();
}

/// After the exchange is complete the same id is another message.
#[test]
fn an_id_of_qos_2_can_be_used_again() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.on("message", |topic, message| { console.log("" + message); if message == "second" { c.end(); } });
    "#;
    let running = expecting(&peer, "first\nsecond\n", text);
    let mut link = peer.accept();
    link.handshake();
    for payload in ["first", "second"] {
        link.send(v4::publish("a", QoS::ExactlyOnce, 7, payload));
        link.expect(v4::pubrec(7));
        link.send(v4::pubrel(7));
        link.expect(v4::pubcomp(7));
    }
    link.expect_goodbye();
    running.finish();
}

/// A repeated QoS 1 message is delivered again: at least once means so.
#[test]
fn a_repeated_message_of_qos_1_comes_twice() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.on("message", |topic, message, packet| { console.log(packet.dup); if packet.dup { c.end(); } });
    "#;
    let running = expecting(&peer, "false\ntrue\n", text);
    let mut link = peer.accept();
    link.handshake();
    for flags in [0x32, 0x3a] {
        link.send_bytes(&[flags, 5, 0, 1, b'a', 0, 9]);
        link.expect(v4::puback(9));
    }
    link.expect_goodbye();
    running.finish();
}

/// A message of QoS 2 whose PUBREL never came is not delivered a second time on the next connection of the session.
#[test]
fn a_message_of_qos_2_across_connections_comes_once() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{clean: false, clientId: "me", reconnectPeriod: 1});
        c.on("message", |topic, message| { console.log("" + message); if topic == "z" { c.end(); } });
    "#;
    let running = expecting(&peer, "once\nlast\n", text);
    let mut link = peer.accept();
    link.handshake();
    link.send(v4::publish("a", QoS::ExactlyOnce, 7, "once"));
    link.expect(v4::pubrec(7));
    link.close();
    let mut link = peer.accept();
    link.handshake_with(true);
    link.send_bytes(&[0x3c, 9, 0, 1, b'a', 0, 7, b'o', b'n', b'c', b'e']);
    link.expect(v4::pubrec(7));
    link.send(v4::pubrel(7));
    link.expect(v4::pubcomp(7));
    link.send(v4::publish("z", QoS::AtMostOnce, 0, "last"));
    link.expect_goodbye();
    running.finish();
}

/// QoS 0 overtakes nothing: all leave in the order of the calls.
#[test]
fn every_qos_in_one_order() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        for i in 0..9 { c.publish("" + i, "", #{qos: i % 3}); }
        c.end();
    "#;
    let running = expecting(&peer, "", text);
    let mut link = peer.accept();
    link.handshake();
    let wanted: Vec<String> = (0..9).map(|i| format!("publish {i} {}", i % 3)).collect();
    assert_eq!(serve_to_the_end(&mut link), wanted);
    running.finish();
}

/// As MQTT.js: RabbitMQ up to 3.12 takes QoS 2 as QoS 1 and says so in this way, and a message that waits for PUBREC
/// would wait for ever.
#[test]
fn a_puback_completes_qos_2_too() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER");
        client.publish("a", "x", #{qos: 2}, |error, packet| {
            console.log(error == (), packet.cmd, packet.qos);
            client.end();
        });
    "#;
    let running = script(&peer.url(), text).stdout("true publish 2\n").spawn();
    let mut link = peer.accept();
    link.handshake();
    let id = link.read_publish().pkid;
    link.send(v4::puback(id));
    link.expect_goodbye();
    running.finish();
}

/// Once PUBREC came, only PUBCOMP ends it.
#[test]
fn a_puback_does_not_complete_what_was_released() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER");
        client.publish("a", "x", #{qos: 2}, |error, packet| {
            console.log(error == (), packet.cmd);
            client.end();
        });
    "#;
    let running = script(&peer.url(), text).stdout("true pubrel\n").spawn();
    let mut link = peer.accept();
    link.handshake();
    let id = link.read_publish().pkid;
    link.send(v4::pubrec(id));
    link.expect(v4::pubrel(id));
    link.send(v4::puback(id));
    link.send(v4::pubcomp(id));
    link.expect_goodbye();
    running.finish();
}
