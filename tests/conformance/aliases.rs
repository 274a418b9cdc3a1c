use crate::prelude::script;
use crate::support::peer::Peer;
use crate::wire::{GOODBYE, accept, complaint, next_id, p2, publish, success};

const ALIAS: u8 = 35;
const ALIAS_MAXIMUM: u8 = 34;

fn alias(alias: u16) -> Vec<u8> {
    p2(ALIAS, alias)
}

fn takes(most: u16) -> Vec<u8> {
    p2(ALIAS_MAXIMUM, most)
}

#[test]
fn an_alias_that_was_introduced_stands_for_its_topic() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5});
        c.publish("a/b", "1", #{properties: #{topicAlias: 2}});
        c.publish("", "2", #{properties: #{topicAlias: 2}});
        c.publish("c", "3", #{properties: #{topicAlias: 2}});
        c.publish("", "4", #{properties: #{topicAlias: 2}});
        c.end();
    "#;
    let running = script(&peer.url(), text).spawn();
    let mut link = accept(&peer, &[takes(2)]);
    link.expect_bytes(&publish(0, "a/b", 0, &[alias(2)], "1"));
    link.expect_bytes(&publish(0, "", 0, &[alias(2)], "2"));
    link.expect_bytes(&publish(0, "c", 0, &[alias(2)], "3"));
    link.expect_bytes(&publish(0, "", 0, &[alias(2)], "4"));
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}

#[test]
fn an_alias_above_the_brokers_maximum_is_refused() {
    for (properties, allowed) in [(vec![takes(2)], true), (Vec::new(), false)] {
        let peer = Peer::listen();
        let text = r#"
            let c = mqtt.connect("BROKER", #{protocolVersion: 5});
            c.on("connect", || {
                c.publish("a", "1", #{properties: #{topicAlias: 3}}, |error| console.log(error.message));
                c.publish("a", "2", #{qos: 1, properties: #{topicAlias: 3}}, |error| console.log(error.message));
                c.publish("a", "3", #{properties: #{topicAlias: 2}}, |error| console.log(error));
                c.publish("end", "");
                c.end();
            });
        "#;
        let refused = "Sending Topic Alias out of range\n";
        let last = if allowed { "undefined" } else { "Error: Sending Topic Alias out of range" };
        let running = script(&peer.url(), text).stdout(format!("{refused}{refused}{last}\n")).spawn();
        let mut link = accept(&peer, &properties);
        if allowed {
            link.expect_bytes(&publish(0, "a", 0, &[alias(2)], "3"));
        }
        link.expect_bytes(&publish(0, "end", 0, &[], ""));
        link.expect_bytes(GOODBYE);
        link.close();
        running.finish();
    }
}

#[test]
fn an_empty_topic_without_a_known_alias_is_refused() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5});
        c.on("connect", || {
            c.publish("", "1", #{properties: #{topicAlias: 1}}, |error| console.log("1", error.message));
            c.publish("", "2", #{qos: 2, properties: #{topicAlias: 1}}, |error| console.log("2", error.message));
            c.publish("", "3", |error| console.log("3", error.message));
            try { c.publishAsync("", "4", #{properties: #{topicAlias: 1}}); } catch (error) { console.log("async", error.message); }
            c.end();
        });
    "#;
    let stdout = "async Unregistered Topic Alias\n3 an empty string is not a topic: it needs at least one character\n1 Unregistered Topic Alias\n2 Unregistered Topic Alias\n";
    let running = script(&peer.url(), text).stdout(stdout).spawn();
    let mut link = accept(&peer, &[takes(5)]);
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}

/// What `packet.topic` shows is what goes over the wire; the callback gets the message with its name.
#[test]
fn known_aliases_are_used_without_being_asked_for() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5, autoUseTopicAlias: true});
        c.on("packetsend", |packet| if packet.cmd == "publish" { console.log("sent", packet.topic); });
        c.publish("a", "1");
        c.publish("a", "2", #{properties: #{topicAlias: 1}});
        c.publish("a", "3", #{qos: 1}, |error, packet| console.log(packet.topic, packet.properties));
        c.publish("b", "4");
        c.end();
    "#;
    let running = script(&peer.url(), text).stdout("sent a\nsent a\nsent \nsent b\na undefined\n").spawn();
    let mut link = accept(&peer, &[takes(5)]);
    link.expect_bytes(&publish(0, "a", 0, &[], "1"));
    link.expect_bytes(&publish(0, "a", 0, &[alias(1)], "2"));
    let id = next_id(&mut link, "");
    link.expect_bytes(&publish(0, "b", 0, &[], "4"));
    link.send_bytes(&success(0x40, id));
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}

#[test]
fn every_topic_gets_an_alias_and_the_one_used_longest_ago_is_given_away() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5, autoAssignTopicAlias: true});
        for topic in ["a", "b", "a", "c", "b", "c"] { c.publish(topic, "x"); }
        c.end();
    "#;
    let running = script(&peer.url(), text).spawn();
    let mut link = accept(&peer, &[takes(2)]);
    for (topic, number) in [("a", 1), ("b", 2), ("", 1), ("c", 2), ("b", 1), ("", 2)] {
        link.expect_bytes(&publish(0, topic, 0, &[alias(number)], "x"));
    }
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}

#[test]
fn a_broker_that_takes_no_aliases_gets_none() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5, autoAssignTopicAlias: true});
        for topic in ["a", "a"] { c.publish(topic, "x"); }
        c.end();
    "#;
    let running = script(&peer.url(), text).spawn();
    let mut link = accept(&peer, &[]);
    for _ in 0..2 {
        link.expect_bytes(&publish(0, "a", 0, &[], "x"));
    }
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}

#[test]
fn below_version_5_there_are_no_aliases() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{autoAssignTopicAlias: true});
        c.publish("a", "x", #{properties: #{topicAlias: 1}}, |error| { console.log(error); c.end(); });
    "#;
    let running = script(&peer.url(), text).stdout("undefined\n").spawn();
    let mut link = peer.accept();
    link.handshake();
    link.expect_bytes(b"\x30\x04\x00\x01ax");
    link.expect_goodbye();
    running.finish();
}

/// The aliases of a connection end with it: what is sent again, and what waited, has its full name.
#[test]
fn messages_are_sent_again_with_their_full_topics() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5, reconnectPeriod: 10});
        c.publish("a/b", "1", #{qos: 1, properties: #{topicAlias: 1, contentType: "t"}});
        c.publish("", "2", #{qos: 1, properties: #{topicAlias: 1}});
        c.once("close", || {
            c.publish("", "3", #{properties: #{topicAlias: 1}});
            c.publish("d", "4", #{properties: #{topicAlias: 1}});
            c.publish("", "5", #{properties: #{topicAlias: 1}});
            c.publish("", "6", #{properties: #{topicAlias: 2}}, |error| { console.log(error.message); c.end(); });
            console.log("asked");
        });
    "#;
    let mut running = script(&peer.url(), text).stdout("asked\nUnregistered Topic Alias\n").spawn();
    let mut link = accept(&peer, &[takes(5)]);
    let first = next_id(&mut link, "a/b");
    let second = next_id(&mut link, "");
    link.close();
    // Or there is a connection again, which knows no alias.
    running.wait_for_line("asked");
    let mut link = accept(&peer, &[takes(5)]);
    link.expect_bytes(&publish(0b1010, "a/b", first, &[crate::wire::ps(3, "t")], "1"));
    link.expect_bytes(&publish(0b1010, "a/b", second, &[], "2"));
    link.expect_bytes(&publish(0, "a/b", 0, &[], "3"));
    link.expect_bytes(&publish(0, "d", 0, &[alias(1)], "4"));
    link.expect_bytes(&publish(0, "d", 0, &[], "5"));
    link.send_bytes(&success(0x40, first));
    link.send_bytes(&success(0x40, second));
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}

/// An alias makes a packet longer the first time; with it the message must not become too large.
#[test]
fn a_message_that_fits_only_without_an_alias_goes_without_one() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5, autoAssignTopicAlias: true});
        c.publish("a", "0123456789", |error| console.log(error));
        c.publish("a", "0123456", |error| console.log(error));
        c.end();
    "#;
    let running = script(&peer.url(), text).stdout("undefined\nundefined\n").spawn();
    let mut link = accept(&peer, &[takes(5), crate::wire::p4(39, 16)]);
    link.expect_bytes(&publish(0, "a", 0, &[], "0123456789"));
    link.expect_bytes(&publish(0, "a", 0, &[alias(1)], "0123456"));
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}

#[test]
fn aliases_of_the_broker_are_resolved_and_end_with_the_connection() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5, reconnectPeriod: 10, properties: #{topicAliasMaximum: 2}});
        c.on("message", |topic, message, packet| console.log(topic, "" + message, packet.topic == ""));
        c.on("error", |error| { console.log(error.message, error.code); if error.code == 148 { c.end(true); } });
    "#;
    let stdout = "a 1 false\na 2 true\nb 3 false\nb 4 true\nReceived unregistered Topic Alias 130\n\
                  Received Topic Alias 3 is outside the advertised Topic Alias Maximum range 1-2 148\n";
    let running = script(&peer.url(), text).stdout(stdout).spawn();
    let mut link = accept(&peer, &[]);
    for (topic, payload) in [("a", "1"), ("", "2"), ("b", "3"), ("", "4")] {
        link.send_bytes(&publish(0, topic, 0, &[alias(2)], payload));
    }
    link.close();
    let mut link = accept(&peer, &[]);
    link.send_bytes(&publish(0, "", 0, &[alias(2)], "5"));
    link.expect_bytes(&complaint(130));
    link.expect_closed();
    let mut link = accept(&peer, &[]);
    link.send_bytes(&publish(0, "c", 0, &[alias(3)], "6"));
    link.expect_bytes(&complaint(148));
    link.expect_closed();
    running.finish();
}
