use rumqttc_v4::QoS;

use crate::prelude::{expecting, script};
use crate::support::packets::v4;
use crate::support::peer::{Peer, free_port};

/// A URL where nobody listens.
fn nowhere() -> String {
    format!("mqtt://127.0.0.1:{}", free_port())
}

#[test]
fn a_store_gives_back_what_was_put_in_and_calls_back_in_the_next_turn() {
    let text = r#"
        let store = mqtt.Store();
        store.put(#{cmd: "publish", messageId: 3, topic: "a", payload: "x", qos: 1}, |error| console.log("put", error));
        store.get(#{messageId: 3}, |error, packet| {
            console.log(error, packet.cmd, packet.topic, "" + packet.payload, packet.messageId);
        });
        store.get(#{messageId: 4}, |error, packet| console.log(error.message, packet));
        store.del(#{messageId: 3}, |error, packet| console.log(error, packet.messageId));
        store.del(#{messageId: 3}, |error| console.log(error.message));
        console.log("first");
    "#;
    let stdout =
        "first\nput undefined\nundefined publish a x 3\nmissing packet undefined\nundefined 3\nmissing packet\n";
    script("", text).stdout(stdout).run();
}

#[test]
fn a_stream_gives_packets_in_the_order_they_were_put_in() {
    let text = r#"
        let store = mqtt.Store();
        for id in [9, 2, 5] { store.put(#{messageId: id, topic: "t" + id, qos: 2}); }
        store.put(#{messageId: 2, topic: "other", qos: 1}).put(#{cmd: "pubrel", messageId: 5});
        store.createStream()
            .on("end", || console.log("end"))
            .on("data", |packet| console.log(packet.cmd, packet.messageId, packet.topic));
    "#;
    let stdout = "publish 9 t9\npublish 2 other\npubrel 5 undefined\nend\n";
    script("", text).stdout(stdout).run();
}

#[test]
fn closing_forgets_everything_unless_it_is_not_clean() {
    let text = r#"
        for clean in [true, false] {
            let store = mqtt.Store(#{clean: clean});
            store.put(#{messageId: 1, topic: "a"});
            store.close(|| store.get(#{messageId: 1}, |error, packet| console.log(error == ())));
        }
    "#;
    script("", text).stdout("false\ntrue\n").run();
}

#[test]
fn what_is_no_packet_or_option_is_refused() {
    let text = r#"
        let store = mqtt.Store();
        thrown(|| store.put(#{topic: "a"}));
        thrown(|| store.put(#{messageId: 0, topic: "a"}));
        thrown(|| store.put(#{messageId: 1, topic: "a/#"}));
        thrown(|| store.put(#{messageId: 1, cmd: "puback"}));
        thrown(|| store.put("a"));
        thrown(|| store.createStream().on("close", || ()));
        thrown(|| mqtt.Store(#{clear: true}));
        thrown(|| mqtt.Store(true));
        thrown(|| mqtt.connect("BROKER", #{outgoingStore: #{}}));
    "#;
    let outcome = script(&nowhere(), text).outcome();
    assert_eq!(outcome.code, Some(0), "{outcome}");
    let starts = [
        "Error: a packet in a store needs a `messageId`",
        "Error: option `messageId` takes a whole number from 1 to 65535 but got 0",
        "Error: topic",
        "Error: option `cmd` takes `publish` or `pubrel` but got text",
        "TypeError: `put` takes a packet or a map `#{messageId: ...}` as `packet` but got text",
        "TypeError: `on` takes `data` or `end` as `event` but got text",
        "Error: `mqtt.Store` has no option `clear`",
        "TypeError: `Store` takes a map `#{...}` as `options` but got a boolean",
        "Error: option `outgoingStore` takes a store, made with `mqtt.Store()` but got a map",
    ];
    let lines: Vec<_> = outcome.stdout.lines().collect();
    assert_eq!(lines.len(), starts.len(), "{outcome}");
    for (line, start) in lines.iter().zip(starts) {
        assert!(line.starts_with(start) || start == "Error: topic", "{line:?} for {start:?}");
    }
}

#[test]
fn a_client_keeps_accepted_messages_in_its_store_until_they_are_acknowledged() {
    let peer = Peer::listen();
    let text = r#"
        let store = mqtt.Store();
        let c = mqtt.connect("BROKER", #{outgoingStore: store});
        console.log(c.outgoingStore == store, c.incomingStore);
        c.publish("zero", "x");
        c.publish("one", "x", #{qos: 1}, || {
            console.log("acknowledged");
            list();
            c.end();
        });
        fn list() {
            store.createStream().on("data", |packet| console.log("held", packet.topic)).on("end", || console.log("end"));
        }
        list();
    "#;
    let running = expecting(&peer, "true undefined\nheld one\nend\nacknowledged\nend\n", text);
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(&link.read_publish().topic[..], b"zero");
    let one = link.read_publish();
    link.send(v4::puback(one.pkid));
    link.expect_goodbye();
    running.finish();
}

#[test]
fn a_second_client_delivers_what_the_first_left() {
    let peer = Peer::listen();
    let text = r#"
        let store = mqtt.Store(#{clean: false});
        let first = mqtt.connect("NOWHERE", #{outgoingStore: store});
        first.on("error", || ());
        first.publish("a", "1", #{qos: 1});
        first.publish("a", "2", #{qos: 2});
        first.end(true, || {
            let second = mqtt.connect("BROKER", #{outgoingStore: store});
            console.log(second.queued);
            second.publish("a", "3", #{qos: 1}, || second.end());
        });
    "#;
    let running = expecting(&peer, "2\n", &text.replace("NOWHERE", &nowhere()));
    let mut link = peer.accept();
    link.handshake();
    let publishes = [link.read_publish(), link.read_publish(), link.read_publish()];
    let ids = publishes.each_ref().map(|publish| publish.pkid);
    let came = publishes.map(|publish| (publish.payload, publish.qos));
    let wanted = [("1", QoS::AtLeastOnce), ("2", QoS::ExactlyOnce), ("3", QoS::AtLeastOnce)];
    assert_eq!(came, wanted.map(|(payload, qos)| (payload.into(), qos)));
    link.send(v4::puback(ids[0]));
    link.send(v4::pubrec(ids[1]));
    link.expect(v4::pubrel(ids[1]));
    link.send(v4::pubcomp(ids[1]));
    link.send(v4::puback(ids[2]));
    link.expect_goodbye();
    running.finish();
}

#[test]
fn a_clean_store_is_empty_after_the_end() {
    let text = r#"
        let store = mqtt.Store();
        let c = mqtt.connect("BROKER", #{outgoingStore: store});
        c.on("error", || ());
        c.publish("a", "1", #{qos: 1});
        c.end(true, || store.createStream().on("data", || console.log("held")).on("end", || console.log("end")));
    "#;
    script(&nowhere(), text).stdout("end\n").run();
}

#[test]
fn reconnect_takes_other_stores_and_leaves_the_old_ones_as_they_are() {
    let peer = Peer::listen();
    let text = r#"
        let old = mqtt.Store();
        let other = mqtt.Store();
        other.put(#{messageId: 7, topic: "new", payload: "x", qos: 1});
        let c = mqtt.connect("BROKER", #{outgoingStore: old});
        c.publish("old", "x", #{qos: 1}, |error| console.log("old", error.message));
        c.on("message", || {
            c.reconnect(#{outgoingStore: other});
            console.log(c.outgoingStore == other);
            old.get(#{messageId: c.getLastMessageId()}, |error, packet| console.log("still", packet.topic));
            c.once("connect", || c.end());
        });
    "#;
    let running = expecting(&peer, "true\nstill old\nold Connection closed\n", text);
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(&link.read_publish().topic[..], b"old");
    link.send(v4::publish("go", QoS::AtMostOnce, 0, ""));
    link.expect_goodbye();
    let mut link = peer.accept();
    link.handshake();
    let publish = link.read_publish();
    assert_eq!((&publish.topic[..], publish.pkid), (&b"new"[..], 7));
    link.send(v4::puback(7));
    link.expect_goodbye();
    running.finish();
}

#[test]
fn reconnect_with_the_same_stores_keeps_what_is_pending() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{outgoingStore: mqtt.Store(), incomingStore: mqtt.Store()});
        c.publish("a", "x", #{qos: 1}, |error| { console.log(error); c.end(); });
        c.on("message", || c.reconnect(#{incomingStore: c.incomingStore, outgoingStore: c.outgoingStore}));
    "#;
    let running = expecting(&peer, "undefined\n", text);
    let mut link = peer.accept();
    link.handshake();
    let id = link.read_publish().pkid;
    link.send(v4::publish("go", QoS::AtMostOnce, 0, ""));
    link.expect_goodbye();
    let mut link = peer.accept();
    link.handshake();
    let publish = link.read_publish();
    assert_eq!((publish.pkid, publish.dup), (id, true));
    link.send(v4::puback(id));
    link.expect_goodbye();
    running.finish();
}

#[test]
fn an_incoming_store_has_quality_2_messages_until_they_were_handled() {
    let peer = Peer::listen();
    let text = r#"
        let store = mqtt.Store();
        let c = mqtt.connect("BROKER", #{incomingStore: store, clientId: "me", clean: false});
        fn list(what) {
            let topics = [];
            store.createStream().on("data", |packet| topics.push(packet.topic)).on("end", || console.log(what, topics));
        }
        c.on("message", |topic| {
            if topic == "two" { list("handled"); }
            if topic == "look" { list("received"); }
            if topic == "stop" { list("over"); c.end(); }
        });
    "#;
    let running = expecting(&peer, "received [ 'two' ]\nhandled [ 'two' ]\nover []\n", text);
    let mut link = peer.accept();
    link.handshake();
    link.send(v4::publish("two", QoS::ExactlyOnce, 8, "x"));
    link.expect(v4::pubrec(8));
    link.send(v4::publish("look", QoS::AtMostOnce, 0, ""));
    link.send(v4::pubrel(8));
    link.expect(v4::pubcomp(8));
    link.send(v4::publish("stop", QoS::AtMostOnce, 0, ""));
    link.expect_goodbye();
    running.finish();
}

#[test]
fn an_incoming_store_goes_on_with_a_message_that_another_client_received() {
    let peer = Peer::listen();
    let text = r#"
        let store = mqtt.Store(#{clean: false});
        let options = #{incomingStore: store, clientId: "me", clean: false};
        let first = mqtt.connect("BROKER", options);
        first.on("message", || first.end(|| {
            let second = mqtt.connect("BROKER", options);
            second.on("message", |topic, message| { console.log(topic, "" + message); second.end(); });
        }));
    "#;
    let running = expecting(&peer, "two x\n", text);
    let mut link = peer.accept();
    link.handshake();
    link.send(v4::publish("two", QoS::ExactlyOnce, 8, "x"));
    link.expect(v4::pubrec(8));
    link.send(v4::publish("go", QoS::AtMostOnce, 0, ""));
    link.expect_goodbye();
    let mut link = peer.accept();
    link.handshake_with(true);
    link.send(v4::pubrel(8));
    link.expect(v4::pubcomp(8));
    link.expect_goodbye();
    running.finish();
}
