use std::io::Write;
use std::net::Shutdown;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use mqttscript::mqtt::client::{Client, Start};
use mqttscript::mqtt::command::{Command, Request};
use mqttscript::mqtt::event::Event;
use mqttscript::mqtt::network::Network;
use mqttscript::mqtt::options::{Endpoint, Options, Scheme};
use mqttscript::mqtt::packet::Publish;
use rumqttc_v4::{Packet, QoS};
use rumqttc_v5::{PublishProperties, QoS as QoS5};

use crate::prelude::script;
use crate::support::PATIENCE;
use crate::support::link::{Dialect, V4};
use crate::support::packets::{v4, v5};
use crate::support::peer::Peer;

/// A broker with messages for a session often sends them together with CONNACK.
#[test]
fn messages_in_the_same_write_as_connack_arrive() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER");
        client.on("connect", || console.log("connect"));
        client.on("message", |topic, message| { console.log("" + message); client.end(); });
    "#;
    let running = script(&peer.url(), text).stdout("connect\nhello\n").spawn();
    let mut link = peer.accept();
    link.read_connect();
    let mut bytes = V4::encode(&V4::connack(false));
    bytes.extend(V4::encode(&v4::publish("a", QoS::AtMostOnce, 0, "hello")));
    link.send_bytes(&bytes);
    link.expect_goodbye();
    running.finish();
}

#[test]
fn the_last_messages_before_the_end_of_the_stream_arrive() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER");
        client.on("message", |topic, message| console.log("" + message));
        client.on("close", || { console.log("close"); client.end(); });
    "#;
    let running = script(&peer.url(), text).stdout("0\n1\n2\nclose\n").spawn();
    let mut link = peer.accept();
    link.handshake();
    for n in 0..3 {
        link.send(v4::publish("a", QoS::AtMostOnce, 0, n.to_string()));
    }
    link.close();
    running.finish();
}

#[test]
fn the_last_messages_before_disconnect_arrive_also_while_the_script_floods() {
    for flood in [0, 400] {
        let peer = Peer::listen();
        let text = r#"
            let client = mqtt.connect("BROKER", #{protocolVersion: 5});
            client.on("message", |topic, message| console.log("" + message));
            client.on("disconnect", |packet| console.log("disconnect", packet.reasonCode));
            client.on("close", || { console.log("close"); client.end(true); });
            client.on("error", |error| console.log(error.message));
            client.on("connect", || for i in 0..FLOOD { client.publish("flood", Buffer.alloc(100000)); });
        "#;
        let text = text.replace("FLOOD", &flood.to_string());
        let running = script(&peer.url(), &text).stdout("0\n1\n2\ndisconnect 139\nclose\n").spawn();
        let mut link = peer.accept_v5();
        link.handshake();
        if flood > 0 {
            // The flood does not fit the buffers: the client is stuck in writing.
            link.read_publish();
        }
        for n in 0..3 {
            link.send(v5::publish("a", QoS5::AtMostOnce, 0, n.to_string()));
        }
        let reason_code = rumqttc_v5::DisconnectReasonCode::ServerShuttingDown;
        link.send(rumqttc_v5::Packet::Disconnect(rumqttc_v5::Disconnect { reason_code, properties: None }));
        // With what it sent unread, the client also gets a reset.
        link.close();
        running.finish();
    }
}

#[test]
fn messages_arrive_in_the_middle_of_an_outbound_flood() {
    const COUNT: u64 = 60_000;
    let peer = Peer::listen();
    let endpoint = Endpoint { scheme: Scheme::Mqtt, host: "127.0.0.1".into(), port: peer.port(), path: "/".into() };
    let options = Options { endpoints: vec![endpoint], ..Options::default() };
    let (sender, events) = std::sync::mpsc::channel();
    let network = Network::default();
    let sink = Box::new(move |events| sender.send(events).is_ok());
    let mut client = Client::start(&network, options, Start::Now, false, sink).expect("a thread can be started");
    let payload = Bytes::from(vec![b'x'; 1000]);
    for token in 1..=COUNT {
        let packet = Publish { topic: "flood".into(), payload: payload.clone(), ..Publish::default() };
        client.order(Command::Publish(Request { token: (token == COUNT).then_some(token), packet }));
    }
    client.flush();
    let mut link = peer.accept();
    link.handshake();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for n in 0..COUNT {
                link.read_publish();
                if n == 1000 {
                    link.send(v4::publish("a", QoS::AtMostOnce, 0, "now"));
                }
            }
        });
        let mut order = Vec::new();
        while order.len() < 2 {
            for event in events.recv_timeout(PATIENCE).expect("both come") {
                match event {
                    Event::Message(message) => order.push(String::from_utf8_lossy(&message.topic).into_owned()),
                    Event::Completed(_) => order.push("flooded".into()),
                    _ => {}
                }
            }
        }
        assert_eq!(order, ["a", "flooded"]);
    });
}

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

fn aliased(topic: &str, alias: u16, payload: &str) -> rumqttc_v5::Packet {
    let mut packet = v5::publish(topic, QoS5::AtMostOnce, 0, payload);
    if let rumqttc_v5::Packet::Publish(publish) = &mut packet {
        publish.properties = Some(PublishProperties { topic_alias: Some(alias), ..PublishProperties::default() });
    }
    packet
}

#[test]
fn topic_aliases_get_their_names_back() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER", #{protocolVersion: 5, properties: #{topicAliasMaximum: 2}, reconnectPeriod: 10});
        client.on("message", |topic, message| console.log(topic, "" + message));
        client.on("error", |error| { console.log(error.message, error.code); client.end(true); });
    "#;
    let stdout = "a 1\na 2\nb 3\nc 4\nc 5\nb 6\nReceived Topic Alias 3 is outside the advertised Topic Alias Maximum range 1-2 148\n";
    let running = script(&peer.url(), text).stdout(stdout).spawn();
    let mut link = peer.accept_v5();
    link.handshake();
    for (topic, alias, payload) in
        [("a", 1, "1"), ("", 1, "2"), ("b", 2, "3"), ("c", 1, "4"), ("", 1, "5"), ("", 2, "6"), ("d", 3, "7")]
    {
        link.send(aliased(topic, alias, payload));
    }
    link.expect_closed();
    running.finish();
}

/// Aliases belong to a connection: on the next one they are not known `[MQTT-3.3.2-7]`.
#[test]
fn topic_aliases_end_with_their_connection() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER", #{protocolVersion: 5, properties: #{topicAliasMaximum: 2}, reconnectPeriod: 10});
        client.on("message", |topic, message| console.log(topic, "" + message));
        client.on("error", |error| { console.log(error.message, error.code); client.end(true); });
    "#;
    let running = script(&peer.url(), text).stdout("a 1\nReceived unregistered Topic Alias 130\n").spawn();
    let mut link = peer.accept_v5();
    link.handshake();
    link.send(aliased("a", 1, "1"));
    link.close();
    let mut link = peer.accept_v5();
    link.handshake();
    link.send(aliased("", 1, "2"));
    link.expect_closed();
    running.finish();
}

/// Memory stays bounded by leaving the socket unread, nothing is dropped, and the broker hears pings all the while;
/// their answers wait behind the messages, and that is no keep-alive time-out.
#[test]
fn a_slow_script_stops_reading_and_loses_nothing_and_pings_go_on() {
    const COUNT: usize = 1000;
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER", #{keepalive: 1});
        let count = 0;
        client.on("message", |topic, message| {
            if count == 0 { while !fs.existsSync("go") {} }
            count += 1;
            if topic == "end" { console.log(count); client.end(); }
        });
        client.on("close", || console.log("close"));
    "#;
    let running = script(&peer.url(), text).stdout(format!("{}\nclose\n", COUNT + 1)).spawn();
    let mut link = peer.accept();
    link.handshake();
    let mut socket = link.socket();
    let sent = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let message = V4::encode(&v4::publish("a", QoS::AtMostOnce, 0, vec![b'x'; 64 << 10]));
            for _ in 0..COUNT {
                socket.write_all(&message).expect("the client reads, late");
                sent.fetch_add(1, Ordering::SeqCst);
            }
            let rest = [Packet::PingResp, v4::publish("end", QoS::AtMostOnce, 0, "")];
            rest.iter().for_each(|packet| socket.write_all(&V4::encode(packet)).expect("the client reads"));
        });
        let start = Instant::now();
        for _ in 0..3 {
            link.expect(Packet::PingReq);
        }
        // Every keep-alive period, not every one and a half: that is when the broker closes. A busy machine gets half
        // a period more.
        assert!(start.elapsed() < Duration::from_millis(4500), "{:?}", start.elapsed());
        // Long enough for all of it, had it been read.
        let taken = sent.load(Ordering::SeqCst);
        assert!(taken < COUNT, "all {COUNT} messages were read while the script was busy");
        running.write_file("go", "");
    });
    loop {
        match link.read() {
            Packet::PingReq => {}
            Packet::Disconnect => break,
            other => panic!("no client sends {other:?}"),
        }
    }
    drop(link.socket().shutdown(Shutdown::Both));
    running.finish();
}

#[test]
fn what_a_callback_did_does_not_wait_for_slow_callbacks_behind_it() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER");
        client.on("message", |topic| {
            if topic == "last" {
                while !fs.existsSync("go") {}
                client.end();
                return;
            }
            client.publish("answer", "");
            let start = performance.now();
            while performance.now() - start < 10.0 {}
        });
    "#;
    let running = script(&peer.url(), text).spawn();
    let mut link = peer.accept();
    link.handshake();
    let messages = ["first", "last"].map(|topic| V4::encode(&v4::publish(topic, QoS::AtMostOnce, 0, "")));
    link.send_bytes(&messages.concat());
    link.expect(v4::publish("answer", QoS::AtMostOnce, 0, ""));
    running.write_file("go", "");
    link.expect_goodbye();
    running.finish();
}
