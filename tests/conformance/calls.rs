use rumqttc_v4::{Packet, QoS};

use crate::prelude::script;
use crate::support::link::{Link, V4};
use crate::support::packets::v4;
use crate::support::peer::Peer;
use crate::support::script::Script;

/// Runs `text` as the body of a `connect` listener and expects exactly DISCONNECT after it: nothing else may go out,
/// and the connection must stay until then.
#[track_caller]
fn nothing_goes_out(text: &str, stdout: &str) {
    let peer = Peer::listen();
    let text = format!("let c = mqtt.connect(\"BROKER\"); c.on(\"connect\", || {{ {text} c.end(); }});");
    let running = script(&peer.url(), &text).stdout(stdout).spawn();
    let mut link = peer.accept();
    link.handshake();
    link.expect_goodbye();
    running.finish();
}

#[test]
fn a_bad_filter_goes_to_the_callback_or_is_thrown_and_nothing_goes_out() {
    nothing_goes_out(
        r#"
        for filter in ["a/#/b", "b+d", "a#", "", "$share/g", "a\x00b"] {
            thrown(|| c.subscribe(filter));
            thrown(|| c.unsubscribe(filter));
            thrown(|| c.subscribe(["good", filter]));
            thrown(|| c.subscribeAsync(filter));
            thrown(|| c.unsubscribeAsync(filter));
            c.subscribe(filter, |error, granted, packet| console.log("callback:", error.message, granted, packet));
            c.unsubscribe(filter, |error, packet| console.log("callback:", error.message, packet));
        }
        "#,
        &{
            let filters = ["a/#/b", "b+d", "a#", "", "$share/g", "a\0b"];
            let thrown: String =
                filters.iter().map(|filter| format!("Error: Invalid topic {filter}\n").repeat(5)).collect();
            let told: String = filters
                .iter()
                .map(|filter| {
                    format!(
                        "callback: Invalid topic {filter} undefined undefined\ncallback: Invalid topic {filter} undefined\n"
                    )
                })
                .collect();
            format!("{thrown}{told}")
        },
    );
}

#[test]
fn a_list_without_a_filter_is_an_error() {
    nothing_goes_out(
        r#"
        for what in [[], #{}, ()] {
            thrown(|| c.subscribe(what));
            c.subscribe(what, |error| console.log("callback:", error.message));
        }
        thrown(|| c.unsubscribe([]));
        "#,
        &["Error", "Error", "Error", "Error", "callback", "callback", "callback"]
            .map(|who| format!("{who}: Invalid topic empty_topic_list\n"))
            .concat(),
    );
}

/// MQTT.js sends some of these as broken packets; the contract has an error at the call.
#[test]
fn wrong_subscribe_arguments_are_errors_of_the_call() {
    nothing_goes_out(
        r##"
        thrown(|| c.subscribe("t", #{qos: 3}));
        thrown(|| c.subscribe("t", #{qos: "1"}));
        thrown(|| c.subscribe("t", #{qos: -1}));
        thrown(|| c.subscribe(#{t: 3}));
        thrown(|| c.subscribe(#{t: "1"}));
        thrown(|| c.subscribe(#{t: #{qos: 5}}));
        thrown(|| c.subscribe(#{t: #{Qos: 1}}));
        thrown(|| c.subscribe(5));
        thrown(|| c.subscribe([#{topic: "a"}]));
        thrown(|| c.subscribe("t", 1));
        thrown(|| c.subscribe("t", #{nl: 1}));
        thrown(|| c.subscribe("t", #{rh: 3}));
        thrown(|| c.unsubscribe(5));
        thrown(|| c.unsubscribe("t", #{qos: 1}));
        c.subscribe("t", #{qos: 3}, |error| console.log("callback:", error.message));
        "##,
        "Error: option `qos` takes 0, 1 or 2 but got 3\n\
         Error: option `qos` takes 0, 1 or 2 but got text\n\
         Error: option `qos` takes 0, 1 or 2 but got -1\n\
         Error: option `t` takes a QoS (0, 1 or 2) or a map `#{qos: 1}` but got 3\n\
         Error: option `t` takes a QoS (0, 1 or 2) or a map `#{qos: 1}` but got text\n\
         Error: option `qos` takes 0, 1 or 2 but got 5\n\
         Error: `t` has no option `Qos`\n\
         Error: `subscribe` takes text, an array of text or a map but got an integer\n\
         Error: `subscribe` takes an array of text but an entry is a map\n\
         TypeError: `subscribe` takes a map as `options` but got an integer\n\
         Error: option `nl` takes `true` or `false` but got 1\n\
         Error: option `rh` takes a whole number from 0 to 2 but got 3\n\
         Error: `unsubscribe` takes text, an array of text or a map but got an integer\n\
         Error: `unsubscribe` has no option `qos`\n\
         callback: option `qos` takes 0, 1 or 2 but got 3\n",
    );
}

/// MQTT.js reports success for these with QoS 0 and poisons the connection with QoS 1.
#[test]
fn a_topic_that_cannot_be_published_to_goes_to_the_callback_or_is_thrown() {
    let messages = [
        "`a/#` is not a topic to publish to: `#` is a wildcard, only `subscribe` takes those",
        "`+/b` is not a topic to publish to: `+` is a wildcard, only `subscribe` takes those",
        "`a\\0b` is not a topic: it contains the null character",
        "an empty string is not a topic: it needs at least one character",
        "a topic of 65536 bytes is too long: 65535 is the most",
    ];
    let thrown: String = messages.iter().map(|message| format!("Error: {message}\n").repeat(4)).collect();
    let told: String = messages.iter().map(|message| format!("callback: {message} undefined\n").repeat(2)).collect();
    nothing_goes_out(
        r#"
        let long = "";
        long.pad(65536, "x");
        for topic in ["a/#", "+/b", "a\x00b", "", long] {
            for qos in [0, 1] {
                thrown(|| c.publish(topic, "x", #{qos: qos}));
                thrown(|| c.publishAsync(topic, "x", #{qos: qos}));
                c.publish(topic, "x", #{qos: qos}, |error, packet| console.log("callback:", error.message, packet));
            }
        }
        "#,
        &format!("{thrown}{told}"),
    );
}

#[test]
fn wrong_publish_arguments_are_errors_of_the_call() {
    nothing_goes_out(
        r#"
        thrown(|| c.publish(5, "x"));
        thrown(|| c.publish((), "x"));
        thrown(|| c.publish("t", "x", #{qos: 3}));
        thrown(|| c.publish("t", "x", #{qos: "1"}));
        thrown(|| c.publish("t", "x", #{retain: 1}));
        thrown(|| c.publish("t", "x", #{Retain: true}));
        thrown(|| c.publish("t", "x", 1));
        thrown(|| c.publish("t", "x", #{qos: 1}, "callback"));
        c.publish("t", "x", #{qos: 3}, |error| console.log("callback:", error.message));
        "#,
        "TypeError: `publish` takes text as `topic` but got an integer\n\
         TypeError: `publish` takes text as `topic` but got `()`\n\
         Error: option `qos` takes 0, 1 or 2 but got 3\n\
         Error: option `qos` takes 0, 1 or 2 but got text\n\
         Error: option `retain` takes `true` or `false` but got 1\n\
         Error: `publish` has no option `Retain`\n\
         TypeError: `publish` takes a map as `options` but got an integer\n\
         TypeError: `publish` takes a function as `callback` but got text\n\
         callback: option `qos` takes 0, 1 or 2 but got 3\n",
    );
}

#[test]
fn wrong_version_5_properties_are_errors_of_the_call() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5});
        c.on("connect", || {
            thrown(|| c.publish("t", "x", #{properties: #{messageExpiryInterval: "60"}}));
            thrown(|| c.publish("t", "x", #{properties: #{messageExpiryInterval: -1}}));
            thrown(|| c.publish("t", "x", #{properties: #{responseTopic: 5}}));
            thrown(|| c.publish("t", "x", #{properties: #{payloadFormatIndicator: 1}}));
            thrown(|| c.publish("t", "x", #{properties: #{contenttype: "text"}}));
            thrown(|| c.publish("t", "x", #{properties: "text"}));
            thrown(|| c.subscribe("t", #{properties: #{subscriptionIdentifier: 0}}));
            c.publish("t", "x", #{properties: #{foo: 1}}, |error| { console.log("callback:", error.message); c.end(); });
        });
        "#,
    )
    .stdout(
        "Error: option `messageExpiryInterval` takes a whole number from 0 to 4294967295 but got text\n\
         Error: option `messageExpiryInterval` takes a whole number from 0 to 4294967295 but got -1\n\
         Error: option `responseTopic` takes text but got 5\n\
         Error: option `payloadFormatIndicator` takes `true` or `false` but got 1\n\
         Error: `properties` has no option `contenttype`\n\
         Error: option `properties` takes a map `#{...}` but got text\n\
         Error: option `subscriptionIdentifier` takes a whole number from 1 to 268435455 but got 0\n\
         callback: `properties` has no option `foo`\n",
    )
    .spawn();
    let mut link = peer.accept_v5();
    link.handshake();
    link.expect_goodbye();
    running.finish();
}

#[test]
fn what_a_payload_may_be() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER");
        c.publish("t", "text");
        c.publish("t", Buffer.from("ff00", "hex"));
        c.publish("t", blob(2, 0x41));
        c.publish("t", 21);
        c.publish("t", 21.5);
        c.publish("t", 2.0);
        c.publish("t", true);
        c.publish("t", #{b: [1, ()], a: "x"});
        c.publish("t", [1, 2.5, "z"]);
        c.publish("t", ());
        c.publish("t", "");
        c.end();
        "#,
    )
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    for wanted in [
        &b"text"[..],
        b"\xff\0",
        b"AA",
        b"21",
        b"21.5",
        b"2",
        b"true",
        br#"{"a":"x","b":[1,null]}"#,
        br#"[1,2.5,"z"]"#,
        b"",
        b"",
    ] {
        link.expect(v4::publish("t", QoS::AtMostOnce, 0, wanted));
    }
    link.expect_goodbye();
    running.finish();
}

#[test]
fn the_map_form_takes_numbers_maps_and_empty_maps() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER");
        c.subscribe(#{a: 0, b: 1, c: #{}, d: #{qos: 2}}, |error, granted| {
            console.log(error, JSON.stringify(granted));
            c.end();
        });
        "#,
    )
    .stdout(
        "undefined [{\"qos\":0,\"topic\":\"a\"},{\"qos\":1,\"topic\":\"b\"},{\"qos\":0,\"topic\":\"c\"},{\"qos\":2,\"topic\":\"d\"}]\n",
    )
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    let asked: Vec<_> = link.grant().into_iter().map(|filter| (filter.path, filter.qos as u8)).collect();
    assert_eq!(asked, [("a".into(), 0), ("b".into(), 1), ("c".into(), 0), ("d".into(), 2)]);
    link.expect_goodbye();
    running.finish();
}

/// T17. As in MQTT.js, but callbacks come in the next turn; an unheard `error` event is said on stderr.
#[test]
fn calls_after_end_are_told_client_disconnecting() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER");
        fn all(when) {
            c.publish("a", "b", |error, packet| console.log(when, "publish", error.message, error.code, packet));
            c.publish("a", "b");
            c.subscribe("a", |error| console.log(when, "subscribe", error.message));
            c.subscribe("a");
            c.unsubscribe("a", |error| console.log(when, "unsubscribe", error.message));
            c.end(|error| console.log(when, "end", error));
            thrown(|| c.publishAsync("a", "b"));
            c.endAsync();
        }
        c.on("error", |error| console.log("error event:", error.message));
        c.on("end", || { console.log("end event"); set_timeout(|| all("later"), 20); });
        c.on("connect", || { c.end(); all("now"); });
        "#,
    )
    .stdout(
        "Error: client disconnecting\n\
         now publish client disconnecting undefined undefined\n\
         error event: client disconnecting\n\
         now subscribe client disconnecting\n\
         error event: client disconnecting\n\
         now unsubscribe client disconnecting\n\
         now end undefined\n\
         end event\n\
         Error: client disconnecting\n\
         later publish client disconnecting undefined undefined\n\
         error event: client disconnecting\n\
         later subscribe client disconnecting\n\
         error event: client disconnecting\n\
         later unsubscribe client disconnecting\n\
         later end undefined\n",
    )
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    link.expect_goodbye();
    running.finish();
}

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

/// Case 7 of the messages to reach: `message` is MQTT.js's where it is caught, ours where it is not.
#[test]
fn an_uncaught_bad_filter_says_what_to_write() {
    Script::new(
        "let client = require(\"mqtt\").connect(\"mqtt://127.0.0.1:1\");\nclient.subscribe(\"sensors/#/temp\");",
    )
    .code(1)
    .stderr(
        r#"error: `sensors/#/temp` is not a topic filter: `#` may only be the last level
 --> main.rhai:2:8
  |
2 | client.subscribe("sensors/#/temp");
  |        ^^^^^^^^^
help: `sensors/+/temp` matches one level there, `sensors/#` everything below `sensors`
"#,
    )
    .run();
    Script::new(
        "let client = require(\"mqtt\").connect(\"mqtt://127.0.0.1:1\", #{manualConnect: true});\n\
         client.subscribe(\"sensors/#/temp\", |error| throw error);",
    )
    .code(1)
    .stderr(
        r#"error: `sensors/#/temp` is not a topic filter: `#` may only be the last level
 --> main.rhai:2:44
  |
2 | client.subscribe("sensors/#/temp", |error| throw error);
  |                                            ^^^^^
note: in the callback given at main.rhai:2:8
help: `sensors/+/temp` matches one level there, `sensors/#` everything below `sensors`
"#,
    )
    .run();
}

#[test]
fn an_uncaught_bad_topic_says_what_to_write() {
    Script::new(
        "let client = require(\"mqtt\").connect(\"mqtt://127.0.0.1:1\");\nclient.publish(\"home/+/light\", \"on\");",
    )
    .code(1)
    .stderr(
        r#"error: `home/+/light` is not a topic to publish to: `+` is a wildcard, only `subscribe` takes those
 --> main.rhai:2:8
  |
2 | client.publish("home/+/light", "on");
  |        ^^^^^^^
help: write the whole topic, for example `home/light`
"#,
    )
    .run();
}

/// T15, but the accepted filter stays and is restored, and `granted` says which one was refused.
#[test]
fn a_refused_filter_is_an_error_and_the_others_stay() {
    let peer = Peer::listen();
    let mut running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER", #{reconnectPeriod: 20});
        c.subscribe(["good", "bad"], #{qos: 1}, |error, granted, packet| {
            console.log("" + error, error.code, JSON.stringify(error.packet.granted));
            console.log(JSON.stringify(granted), JSON.stringify(packet.granted));
        });
        "#,
    )
    .spawn();
    let wanted = [
        "ErrorWithSubackPacket: Subscribe error: Unspecified error undefined [1,128]",
        "[{\"qos\":1,\"topic\":\"good\"},{\"qos\":128,\"topic\":\"bad\"}] [1,128]",
    ];
    let mut link: Link<V4> = peer.accept();
    link.handshake();
    let Packet::Subscribe(subscribe) = link.read() else { panic!("SUBSCRIBE was due") };
    let [high, low] = subscribe.pkid.to_be_bytes();
    link.send_bytes(&[0x90, 4, high, low, 1, 0x80]);
    link.close();
    let mut link = peer.accept();
    link.handshake();
    let restored: Vec<_> = link.grant().into_iter().map(|filter| filter.path).collect();
    assert_eq!(restored, ["good"]);
    for line in wanted {
        running.wait_for_line(line);
    }
    running.kill9();
}
