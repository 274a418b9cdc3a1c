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
use mqttscript::mqtt::store::Stores;
use rumqttc_v4::{Packet, QoS};
use rumqttc_v5::QoS as QoS5;

use crate::prelude::{expecting, script};
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
    let mut client = Client::start(&network, options, Stores::default(), Start::Now, false, None, sink)
        .expect("a thread can be started");
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
                    Event::Completed(_) | Event::Written(_) => order.push("flooded".into()),
                    _ => {}
                }
            }
        }
        assert_eq!(order, ["a", "flooded"]);
    });
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

/// T28, and QoS 2: `message` on PUBREL, acknowledged after the listeners.
#[test]
fn messages_and_their_packets() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER");
        c.on("message", |topic, payload, packet| {
            console.log(topic, "" + payload, payload.length, packet.qos, packet.retain, packet.dup, packet.messageId);
            if topic == "last" { c.end(); }
        });
        "#,
    )
    .stdout("a zero 4 0 false false undefined\nkept  0 0 true false undefined\nb one 3 1 false false 5\nlast two 3 2 false false 6\n")
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    link.send(v4::publish("a", QoS::AtMostOnce, 0, "zero"));
    link.send_bytes(&[0x31, 6, 0, 4, b'k', b'e', b'p', b't']);
    link.send(v4::publish("last", QoS::ExactlyOnce, 6, "two"));
    link.expect(v4::pubrec(6));
    link.send(v4::publish("b", QoS::AtLeastOnce, 5, "one"));
    link.expect(v4::puback(5));
    link.send(v4::pubrel(6));
    link.expect(v4::pubcomp(6));
    link.expect_goodbye();
    running.finish();
}

/// T35, but the program ends with a report; under `--keep-going` the next message comes.
#[test]
fn a_listener_that_throws() {
    let text = "let c = require(\"mqtt\").connect(\"BROKER\");\n\
                c.on(\"message\", |topic, payload| { console.log(topic); if topic == \"bad\" { throw \"no\"; } c.end(); });";
    for keep_going in [false, true] {
        let peer = Peer::listen();
        let mut running = crate::support::script::Script::new(text.replace("BROKER", &peer.url()));
        if keep_going {
            running = running.flag("--keep-going");
        }
        let running = running.spawn();
        let mut link = peer.accept();
        link.handshake();
        link.send(v4::publish("bad", QoS::AtMostOnce, 0, ""));
        link.send(v4::publish("good", QoS::AtMostOnce, 0, ""));
        if keep_going {
            link.expect_goodbye();
        } else {
            link.expect_closed();
        }
        let outcome = running.outcome();
        let wanted = if keep_going { ("bad\ngood\n", Some(0)) } else { ("bad\n", Some(1)) };
        assert_eq!((outcome.stdout.as_str(), outcome.code), wanted);
        let note = "note: in the `message` listener added at main.rhai:2:3, for topic `bad`\n";
        assert!(outcome.stderr.starts_with("error: no\n") && outcome.stderr.contains(note), "{outcome}");
    }
}

#[test]
fn the_flags_of_a_message() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.on("message", |topic, message, packet| {
            console.log(topic, "" + message, packet.cmd, packet.qos, packet.retain, packet.messageId);
            c.end();
        });
    "#;
    let running = expecting(&peer, "test message publish 1 true 5\n", text);
    let mut link = peer.accept();
    link.handshake();
    link.send_bytes(b"\x33\x0f\0\x04test\0\x05message");
    link.expect(v4::puback(5));
    link.expect_goodbye();
    running.finish();
}

/// Payloads are bytes: what is no UTF-8 shows as U+FFFD in text and is whole in the Buffer.
#[test]
fn payloads_are_bytes() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.on("message", |topic, message| {
            console.log(message.length, message[0], message[1], message.toString("hex"), "x" + message);
            c.end();
        });
    "#;
    let running = expecting(&peer, "2 255 0 ff00 x\u{fffd}\0\n", text);
    let mut link = peer.accept();
    link.handshake();
    link.send_bytes(b"\x30\x05\0\x01a\xff\0");
    link.expect_goodbye();
    running.finish();
}

#[test]
fn an_empty_payload() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.on("message", |topic, message| { console.log(message.length, message == ""); c.end(); });
    "#;
    let running = expecting(&peer, "0 true\n", text);
    let mut link = peer.accept();
    link.handshake();
    link.send_bytes(b"\x30\x03\0\x01a");
    link.expect_goodbye();
    running.finish();
}

#[test]
fn a_topic_beyond_ascii() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.on("message", |topic, message| { console.log(topic, "" + message); c.end(); });
    "#;
    let running = expecting(&peer, "国/🦀 好\n", text);
    let mut link = peer.accept();
    link.handshake();
    link.send(v4::publish("国/🦀", QoS::AtMostOnce, 0, "好"));
    link.expect_goodbye();
    running.finish();
}

#[test]
fn a_payload_of_a_megabyte() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.on("message", |topic, message| { console.log(message.length, message[999999]); c.end(); });
    "#;
    let running = expecting(&peer, "1000000 7\n", text);
    let mut link = peer.accept();
    link.handshake();
    link.send(v4::publish("a", QoS::AtMostOnce, 0, vec![7; 1_000_000]));
    link.expect_goodbye();
    running.finish();
}

/// Bytes may come one by one.
#[test]
fn a_message_in_crumbs() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.on("message", |topic, message| { console.log(topic, "" + message); c.end(); });
    "#;
    let running = expecting(&peer, "ab hello\n", text);
    let mut link = peer.accept();
    link.handshake();
    for byte in b"\x30\x09\0\x02abhello" {
        link.send_bytes(&[*byte]);
    }
    link.expect_goodbye();
    running.finish();
}

/// In the order of their registration, `once` once, `prependListener` first.
#[test]
fn several_listeners() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.on("message", |topic| console.log("on", topic));
        c.once("message", |topic| console.log("once", topic));
        c.prependListener("message", |topic| console.log("first", topic));
        c.on("message", |topic| if topic == "b" { c.end(); });
        console.log(c.listenerCount("message"));
    "#;
    let running = expecting(&peer, "4\nfirst a\non a\nonce a\nfirst b\non b\n", text);
    let mut link = peer.accept();
    link.handshake();
    for topic in ["a", "b"] {
        link.send(v4::publish(topic, QoS::AtMostOnce, 0, ""));
    }
    link.expect_goodbye();
    running.finish();
}

/// What a session kept arrives without any SUBSCRIBE, T26; what matches nothing is delivered all the same.
#[test]
fn a_message_that_nobody_asked_for() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{clean: false, clientId: "me"});
        c.on("connect", |connack| console.log("connect", connack.sessionPresent));
        c.on("message", |topic| { console.log(topic); c.end(); });
    "#;
    let running = expecting(&peer, "connect true\nkept\n", text);
    let mut link = peer.accept();
    link.handshake_with(true);
    link.send(v4::publish("kept", QoS::AtLeastOnce, 1, ""));
    link.expect(v4::puback(1));
    link.expect_goodbye();
    running.finish();
}

/// T39: a retained message in the same write as SUBACK. MQTT.js delivers it before the callback of `subscribe`; here both
/// come in the order of their packets.
#[test]
fn a_retained_message_comes_after_the_grant() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.on("message", |topic, message, packet| { console.log("message", packet.retain); c.end(); });
        c.subscribe("a", || console.log("granted"));
    "#;
    let running = expecting(&peer, "granted\nmessage true\n", text);
    let mut link = peer.accept();
    link.handshake();
    let frame = link.read_frame();
    link.send_bytes(&[0x90, 3, frame[2], frame[3], 0, 0x31, 3, 0, 1, b'a']);
    link.expect_goodbye();
    running.finish();
}

/// T35: MQTT.js never delivers again after a listener threw. Here the program ends, or goes on with `--keep-going`.
#[test]
fn a_listener_that_throws_under_keep_going() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.on("message", |topic| { if topic == "bad" { throw "oops"; } console.log(topic); c.end(); });
    "#;
    let mut running = script(&peer.url(), text).flag("--keep-going").spawn();
    let mut link = peer.accept();
    link.handshake();
    link.send(v4::publish("bad", QoS::AtLeastOnce, 1, ""));
    link.expect(v4::puback(1));
    link.send(v4::publish("good", QoS::AtMostOnce, 0, ""));
    running.wait_for_line("good");
    link.expect_goodbye();
    let outcome = running.outcome();
    assert!(outcome.stderr.contains("oops"), "{outcome}");
}

/// T29: brokers may send one copy for each subscription that matches, each with its QoS `[MQTT-3.3.4-2]`; all are delivered.
#[test]
fn a_broker_with_overlapping_subscriptions() {
    let peer = Peer::listen();
    let text = r##"
        let c = mqtt.connect("BROKER");
        c.subscribe(#{"o/#": 0, "o/1": 1});
        c.on("message", |topic, message, packet| { console.log(topic, packet.qos); if packet.qos == 0 { c.end(); } });
    "##;
    let running = expecting(&peer, "o/1 1\no/1 0\n", text);
    let mut link = peer.accept();
    link.handshake();
    link.grant();
    link.send(v4::publish("o/1", QoS::AtLeastOnce, 1, "x"));
    link.expect(v4::puback(1));
    link.send(v4::publish("o/1", QoS::AtMostOnce, 0, "x"));
    link.expect_goodbye();
    running.finish();
}
