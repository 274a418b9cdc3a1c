//! `messageIdProvider`, `subscribeBatchSize`, `log` and the other exports of `mqtt`.

use rumqttc_v4::{Packet, QoS, SubscribeFilter};

use crate::prelude::script;
use crate::support::link::{Link, V4};
use crate::support::packets::v4;
use crate::support::peer::Peer;
use crate::support::script::Script;

#[test]
fn a_unique_provider_starts_at_one_and_takes_the_lowest_free() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let ids = mqtt.UniqueMessageIdProvider();
        let c = mqtt.connect("BROKER", #{messageIdProvider: ids});
        console.log(c.getLastMessageId(), c.messageIdProvider.getLastAllocated());
        c.publishAsync("a", "", #{qos: 1});
        ids.register(1);
        c.publish("b", "", #{qos: 1});
        console.log(c.getLastMessageId());
        c.end();
        "#,
    )
    .stdout("undefined undefined\n2\n")
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(link.take_publish().pkid, 1);
    assert_eq!(link.take_publish().pkid, 2);
    link.expect_goodbye();
    running.finish();
}

#[test]
fn two_clients_may_share_a_provider() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let ids = mqtt.UniqueMessageIdProvider();
        let one = mqtt.connectAsync("BROKER", #{messageIdProvider: ids});
        let two = mqtt.connectAsync("BROKER", #{messageIdProvider: ids});
        one.publish("one", "", #{qos: 1});
        two.publish("two", "", #{qos: 1});
        one.end();
        two.end();
        "#,
    )
    .spawn();
    let mut one = peer.accept();
    one.handshake();
    let mut two = peer.accept();
    two.handshake();
    assert_eq!((one.read_publish().pkid, two.read_publish().pkid), (1, 2));
    one.send(v4::puback(1));
    two.send(v4::puback(2));
    one.expect_goodbye();
    two.expect_goodbye();
    running.finish();
}

#[test]
fn providers_by_themselves() {
    Script::new(
        r#"
        let mqtt = require("mqtt");
        let ids = mqtt.UniqueMessageIdProvider();
        console.log(ids.allocate(), ids.allocate(), ids.register(3), ids.register(3), ids.allocate());
        ids.deallocate(2);
        console.log(ids.allocate(), ids.getLastAllocated());
        ids.clear();
        console.log(ids.allocate(), ids);
        let counting = mqtt.DefaultMessageIdProvider();
        let first = counting.allocate();
        let next = if first == 65535 { 1 } else { first + 1 };
        console.log(counting.allocate() == next, counting.getLastAllocated() == next);
        try { ids.register(0); } catch (error) { console.log(error.message); }
        try { mqtt.connect("mqtt://h", #{messageIdProvider: #{}}); } catch (error) { console.log(error.message); }
        "#,
    )
    .stdout(
        "1 2 true false 4\n2 2\n1 UniqueMessageIdProvider { lastAllocated: 1 }\ntrue true\n\
         `register` takes a packet identifier from 1 to 65535 as `id` but got an integer\n\
         option `messageIdProvider` takes `mqtt.DefaultMessageIdProvider()` or `mqtt.UniqueMessageIdProvider()` but got a map\n",
    )
    .run();
}

fn filters(link: &mut Link<V4>) -> (u16, Vec<SubscribeFilter>) {
    match link.read() {
        Packet::Subscribe(subscribe) => (subscribe.pkid, subscribe.filters),
        other => panic!("a SUBSCRIBE was due, not {other:?}"),
    }
}

fn names(filters: &[SubscribeFilter]) -> Vec<&str> {
    filters.iter().map(|filter| filter.path.as_str()).collect()
}

#[test]
fn a_long_subscribe_goes_out_in_batches_and_is_answered_once() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER", #{subscribeBatchSize: 2, reconnectPeriod: 10});
        c.subscribe(["a", "b", "c", "d", "e"], #{qos: 1}, |error, granted, packet| {
            console.log(error, granted.map(|g| g.topic + g.qos), packet.granted);
        });
        c.subscribe(["a", "f", "b", "g", "h"], #{qos: 1}, |error, granted| {
            console.log(granted.map(|g| g.topic + g.qos));
            c.publish("done", "");
        });
        c.on("message", || c.end());
        "#,
    )
    .stdout("undefined [ 'a1', 'b1', 'c1', 'd1', 'e0' ] [ 0 ]\n[ 'a1', 'f1', 'b1', 'g1', 'h1' ]\n")
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    let mut parts = Vec::new();
    for wanted in [&["a", "b"][..], &["c", "d"], &["e"]] {
        let (id, got) = filters(&mut link);
        assert_eq!(names(&got), wanted);
        parts.push((id, got.len()));
    }
    // Nothing was granted yet, so the second call asks for all of its filters.
    for wanted in [&["a", "f"][..], &["b", "g"], &["h"]] {
        let (id, got) = filters(&mut link);
        assert_eq!(names(&got), wanted);
        parts.push((id, got.len()));
    }
    // The answers come in any order.
    link.send(v4::suback(parts[2].0, &[QoS::AtMostOnce]));
    for part in [0, 1, 3, 4, 5] {
        link.send(v4::suback(parts[part].0, &vec![QoS::AtLeastOnce; parts[part].1]));
    }
    assert_eq!(link.read_publish().topic, "done");
    link.close();
    // What is restored comes in batches too.
    let mut link = peer.accept();
    link.handshake();
    let mut restored = Vec::new();
    while restored.len() < 8 {
        let (id, got) = filters(&mut link);
        assert_eq!(got.len(), 2);
        restored.extend(got.iter().map(|filter| filter.path.clone()));
        link.send(v4::suback(id, &[QoS::AtLeastOnce; 2]));
    }
    restored.sort();
    assert_eq!(restored, ["a", "b", "c", "d", "e", "f", "g", "h"]);
    link.send(v4::publish("a", QoS::AtMostOnce, 0, ""));
    link.expect_goodbye();
    running.finish();
}

#[test]
fn a_refused_batch_fails_the_call_once() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER", #{subscribeBatchSize: 1});
        c.subscribe(["a", "b", "c"], |error, granted, packet| {
            console.log(error.name, error.message, granted.len());
            c.end();
        });
        "#,
    )
    .stdout("ErrorWithSubackPacket Subscribe error: Unspecified error 2\n")
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    let ids: Vec<u16> = (0..3).map(|_| filters(&mut link).0).collect();
    link.send(v4::suback(ids[0], &[QoS::AtMostOnce]));
    link.send_bytes(&[0x90, 3, ids[1].to_be_bytes()[0], ids[1].to_be_bytes()[1], 0x80]);
    link.send(v4::suback(ids[2], &[QoS::AtMostOnce]));
    link.expect_goodbye();
    running.finish();
}

#[test]
fn subscribe_async_waits_for_all_batches() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let c = mqtt.connectAsync("BROKER", #{subscribeBatchSize: 2});
        console.log(c.subscribeAsync(#{"a": 0, "b": 1, "c": 2}).map(|g| g.topic + g.qos));
        c.end();
        "#,
    )
    .stdout("[ 'a0', 'b1', 'c2' ]\n")
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(names(&link.grant()), ["a", "b"]);
    assert_eq!(names(&link.grant()), ["c"]);
    link.expect_goodbye();
    running.finish();
}

#[test]
fn log_is_told_of_each_step() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER", #{log: |text| console.log(text), messageIdProvider: mqtt.UniqueMessageIdProvider()});
        c.on("connect", || {
            c.log("my own line");
            c.publish("a/b", "hello", #{qos: 1}, || c.end());
        });
        "#,
    )
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    link.take_publish();
    link.expect_goodbye();
    let outcome = running.outcome();
    let lines: Vec<&str> = outcome.stdout.lines().filter(|line| !line.starts_with("sent connect")).collect();
    assert_eq!(
        lines,
        [
            "received connack, code 0, session present false",
            "connected, keepalive 60 s",
            "my own line",
            "sent publish to `a/b`, qos 1, id 1, 5 bytes",
            "received puback, id 1, code 0",
            "sent disconnect, code 0",
            "closed",
            "ended",
        ],
        "{outcome}"
    );
}

#[test]
fn helpers_of_the_module() {
    Script::new(
        r##"
        let mqtt = require("mqtt");
        let id = mqtt.defaultId();
        console.log(id.len(), id.starts_with("mqttjs_"), mqtt.Client.defaultId() != id);
        console.log(mqtt.validateTopics(["a/b", "+/#"]), mqtt.validateTopics(["a", "a#", "#/b"]), mqtt.validateTopics([]));
        console.log(mqtt.MQTTJS_VERSION, mqtt.Client.VERSION, mqtt.MqttClient.VERSION);
        let error = mqtt.ErrorWithReasonCode("no", 135);
        console.log("" + error, error.code);
        try { throw mqtt.ErrorWithSubackPacket("x", #{granted: [128]}); } catch (e) { console.log(e.name, e.packet.granted); }
        try { mqtt.KeepaliveManager((), "auto"); } catch (e) { console.log(e.message); }
        try { mqtt.validateTopics("a"); } catch (e) { console.log(e.message); }
        "##,
    )
    .stdout(
        "15 true true\nundefined a# empty_topic_list\n5.16.0 5.16.0 5.16.0\nErrorWithReasonCode: no 135\n\
         ErrorWithSubackPacket [ 128 ]\n\
         `mqtt.KeepaliveManager` is not available: pings are sent beside the script, so that they never wait for it\n\
         `validateTopics` takes an array of text as `filters` but got text\n",
    )
    .run();
}

/// The texts of all error messages.
#[test]
fn reason_codes_have_their_texts() {
    const TEXTS: [(u8, &str); 44] = [
        (0, ""),
        (1, "Unacceptable protocol version"),
        (2, "Identifier rejected"),
        (3, "Server unavailable"),
        (4, "Bad username or password"),
        (5, "Not authorized"),
        (16, "No matching subscribers"),
        (17, "No subscription existed"),
        (128, "Unspecified error"),
        (129, "Malformed Packet"),
        (130, "Protocol Error"),
        (131, "Implementation specific error"),
        (132, "Unsupported Protocol Version"),
        (133, "Client Identifier not valid"),
        (134, "Bad User Name or Password"),
        (135, "Not authorized"),
        (136, "Server unavailable"),
        (137, "Server busy"),
        (138, "Banned"),
        (139, "Server shutting down"),
        (140, "Bad authentication method"),
        (141, "Keep Alive timeout"),
        (142, "Session taken over"),
        (143, "Topic Filter invalid"),
        (144, "Topic Name invalid"),
        (145, "Packet identifier in use"),
        (146, "Packet Identifier not found"),
        (147, "Receive Maximum exceeded"),
        (148, "Topic Alias invalid"),
        (149, "Packet too large"),
        (150, "Message rate too high"),
        (151, "Quota exceeded"),
        (152, "Administrative action"),
        (153, "Payload format invalid"),
        (154, "Retain not supported"),
        (155, "QoS not supported"),
        (156, "Use another server"),
        (157, "Server moved"),
        (158, "Shared Subscriptions not supported"),
        (159, "Connection rate exceeded"),
        (160, "Maximum connect time"),
        (161, "Subscription Identifiers not supported"),
        (162, "Wildcard Subscriptions not supported"),
        (163, "undefined"),
    ];
    let codes: Vec<u8> = TEXTS.iter().map(|(code, _)| *code).collect();
    let stdout: String = TEXTS.iter().map(|(code, text)| format!("{code} {text}\n")).collect();
    script("", &format!("for code in {codes:?} {{ console.log(code, mqtt.ReasonCodes[code]); }}")).stdout(stdout).run();
}
