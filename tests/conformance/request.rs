//! `request`, `requestAsync` and `reply`.

use rumqttc_v5::{Packet, PubAck, PubAckReason, Publish, PublishProperties, QoS, RetainForwardRule};

use crate::prelude::script;
use crate::support::broker::broker;
use crate::support::link::{Link, V5};
use crate::support::packets::v5;
use crate::support::peer::Peer;
use crate::support::script::Running;

fn start(peer: &Peer, options: &str, text: &str, stdout: &str) -> Running {
    let text = format!(
        "let c = mqtt.connect(\"BROKER\", #{{protocolVersion: 5, reconnectPeriod: 10, {options}}});\n\
         fn show(error, message, packet) {{ if error == () {{ console.log(\"\" + message, packet.topic != ()) }} else {{ console.log(error.message, error.code) }} }}\n{text}"
    );
    script(&peer.url(), &text).stdout(stdout).spawn()
}

fn connected(peer: &Peer, text: &str, stdout: &str) -> (Running, Link<V5>) {
    let running = start(peer, "", text, stdout);
    let mut link = peer.accept_v5();
    link.handshake();
    (running, link)
}

/// Grants the subscribe to the reply topic and returns the topic.
pub fn grant_replies(link: &mut Link<V5>) -> String {
    let filters = link.grant();
    assert_eq!((filters.len(), filters[0].qos), (1, QoS::AtLeastOnce));
    assert_eq!(filters[0].retain_forward_rule, RetainForwardRule::Never);
    filters[0].path.clone()
}

fn properties(publish: &Publish) -> PublishProperties {
    publish.properties.clone().expect("a request has properties")
}

/// The reply to a request.
pub fn reply(to: &Publish, payload: &str) -> Packet {
    let asked = properties(to);
    let mut packet = v5::publish(&asked.response_topic.expect("it wants a reply"), QoS::AtMostOnce, 0, payload);
    if let Packet::Publish(publish) = &mut packet {
        publish.properties =
            Some(PublishProperties { correlation_data: asked.correlation_data, ..PublishProperties::default() });
    }
    packet
}

#[test]
fn a_question_and_its_answer_over_a_broker() {
    let broker = broker();
    script(
        &broker.url(),
        r##"
        let a = mqtt.connect("BROKER", #{protocolVersion: 5, clientId: "asker/+#"});
        let b = mqtt.connect("BROKER", #{protocolVersion: 5});
        b.on_message("sum", |topic, message, packet| {
            let numbers = message.json();
            b.reply(packet, numbers[0] + numbers[1], #{qos: 1, properties: #{contentType: "number"}});
        });
        a.on("message", || console.log("never"));
        b.subscribe("sum", || {
            a.request("sum", [1, 2], |error, message, packet| {
                console.log(error, "" + message, packet.properties.contentType);
                a.request("sum", [3, 4], #{qos: 2, retain: false}, |error, message| {
                    console.log("" + message);
                    a.end(); b.end();
                });
            });
        });
        "##,
    )
    .stdout("undefined 3 number\n7\n")
    .run();
}

#[test]
fn the_reply_topic_is_subscribed_to_once_and_before_the_first_request() {
    let peer = Peer::listen();
    let text = r#"
        c.request("one", "1", show);
        c.request("two", "2", #{qos: 1, properties: #{contentType: "text/plain", userProperties: #{a: "b"}}}, show);
        c.on_message("end", || c.end());
    "#;
    let (running, mut link) = connected(&peer, text, "second true\nfirst true\n");
    let topic = grant_replies(&mut link);
    assert!(topic.starts_with("mqttscript/replies/mqttjs_"), "{topic}");
    let one = link.read_publish();
    assert_eq!((&one.topic[..], one.qos, &one.payload[..]), (&b"one"[..], QoS::AtMostOnce, &b"1"[..]));
    let two = link.take_publish();
    let (first, second) = (properties(&one), properties(&two));
    assert_eq!(
        (first.response_topic.as_deref(), &first.response_topic),
        (Some(topic.as_str()), &second.response_topic)
    );
    assert_ne!(first.correlation_data, second.correlation_data);
    assert_eq!(second.content_type.as_deref(), Some("text/plain"));
    assert_eq!(second.user_properties, [("a".to_owned(), "b".to_owned())]);
    link.send(reply(&two, "second"));
    link.send(reply(&one, "first"));
    // Late ones and strangers.
    link.send(reply(&one, "again"));
    link.send(v5::publish(&topic, QoS::AtMostOnce, 0, "nothing"));
    link.send(v5::publish("end", QoS::AtMostOnce, 0, ""));
    link.expect_goodbye();
    running.finish();
}

#[test]
fn the_reply_topic_is_below_the_response_information_of_the_broker() {
    let peer = Peer::listen();
    let text = r#"c.on("connect", || c.request("a", "", |error, message| { console.log("" + message); c.end(); }));"#;
    let running = start(&peer, "properties: #{requestResponseInformation: true}", text, "yes\n");
    let mut link = peer.accept_v5();
    link.read_connect();
    // CONNACK with response information `mine/`.
    link.send_bytes(&[0x20, 11, 0, 0, 8, 26, 0, 5, b'm', b'i', b'n', b'e', b'/']);
    let topic = grant_replies(&mut link);
    assert!(topic.starts_with("mine/") && !topic.starts_with("mine//"), "{topic}");
    let request = link.read_publish();
    link.send(reply(&request, "yes"));
    link.expect_goodbye();
    running.finish();
}

#[test]
fn no_reply_in_time_is_an_error_and_a_late_one_is_dropped() {
    let peer = Peer::listen();
    let text = r#"
        c.request("a/b", "", #{timeout: 1000}, |error, message, packet| {
            console.log(error.message, error.code, message, packet);
            c.publish("now", "");
        });
        c.on("message", |topic| { console.log(topic); c.end(); });
    "#;
    let (running, mut link) =
        connected(&peer, text, "no reply from `a/b` within 1000 ms ETIMEDOUT undefined undefined\nend\n");
    grant_replies(&mut link);
    let request = link.read_publish();
    assert_eq!(&link.read_publish().topic[..], b"now");
    link.send(reply(&request, "late"));
    link.send(v5::publish("end", QoS::AtMostOnce, 0, ""));
    link.expect_goodbye();
    running.finish();
}

#[test]
fn a_request_that_timed_out_before_it_could_be_sent_is_not_sent_later() {
    let peer = Peer::listen();
    let text = r#"
        c.request("door", "open", #{timeout: 1}, show);
        c.request("door", "open", #{timeout: 1, qos: 1}, |error| { show(error, (), ()); console.log(c.queued); c.publish("after", ""); });
        c.end();
    "#;
    let text = text.replace("c.end();", "c.on(\"connect\", || c.end());");
    let mut running = start(
        &peer,
        "",
        &text,
        "no reply from `door` within 1 ms ETIMEDOUT\nno reply from `door` within 1 ms ETIMEDOUT\n[..]\n",
    );
    let mut link = peer.accept_v5();
    link.read_connect();
    running.wait_for_line("no reply[..]");
    running.wait_for_line("no reply[..]");
    running.next_line();
    link.connack();
    grant_replies(&mut link);
    assert_eq!(&link.read_publish().topic[..], b"after");
    link.expect_goodbye();
    running.finish();
}

#[test]
fn a_lost_connection_fails_requests_that_were_sent_and_keeps_the_others() {
    let peer = Peer::listen();
    let text = r#"
        c.request("sent", "", show);
        c.request("unacknowledged", "", #{qos: 1}, |error, message| { console.log("" + message); c.end(); });
        c.once("close", || console.log("close"));
    "#;
    let (running, mut link) = connected(&peer, text, "Connection closed undefined\nclose\nanswer\n");
    let topic = grant_replies(&mut link);
    assert_eq!(&link.read_publish().topic[..], b"sent");
    link.read_publish();
    link.close();
    let mut link = peer.accept_v5();
    link.handshake();
    assert_eq!(grant_replies(&mut link), topic, "restored, and first");
    let again = link.take_publish();
    assert!(again.dup);
    link.send(reply(&again, "answer"));
    link.expect_goodbye();
    running.finish();
}

#[test]
fn after_a_reconnect_the_subscription_is_there_once() {
    for (resubscribe, session_present) in [("true", false), ("false", false), ("true", true)] {
        let peer = Peer::listen();
        let text = r#"
            c.request("one", "", |error, message| c.publish("close", ""));
            c.once("close", || c.once("connect", || c.request("two", "", |error, message| { console.log("" + message); c.end(); })));
        "#;
        let clean = if session_present { "clean: false, clientId: \"me\", " } else { "" };
        let running = start(&peer, &format!("{clean}resubscribe: {resubscribe}"), text, "2\n");
        let mut link = peer.accept_v5();
        link.handshake();
        grant_replies(&mut link);
        let one = link.read_publish();
        link.send(reply(&one, "1"));
        link.read_publish();
        link.close();
        let mut link = peer.accept_v5();
        link.handshake_with(session_present);
        if !session_present {
            grant_replies(&mut link);
        }
        let two = link.read_publish();
        link.send(reply(&two, "2"));
        link.expect_goodbye();
        running.finish();
    }
}

#[test]
fn a_refused_publish_and_a_refused_reply_topic() {
    let peer = Peer::listen();
    let text = r#"
        c.request("one", "", #{qos: 1}, |error| {
            console.log(error.message, error.code);
            c.reconnect();
            c.once("connect", || c.request("two", "", |error| { console.log(error.message); c.end(); }));
        });
    "#;
    let running = start(
        &peer,
        "resubscribe: false",
        text,
        "Publish error: Not authorized 135\nSubscribe error: Not authorized\n",
    );
    let mut link = peer.accept_v5();
    link.handshake();
    grant_replies(&mut link);
    let one = link.read_publish();
    link.send(Packet::PubAck(PubAck { pkid: one.pkid, reason: PubAckReason::NotAuthorized, properties: None }));
    link.expect_goodbye();
    let mut link = peer.accept_v5();
    link.handshake();
    let Packet::Subscribe(subscribe) = link.read() else { panic!("SUBSCRIBE was due") };
    link.read_publish();
    let [high, low] = subscribe.pkid.to_be_bytes();
    link.send_bytes(&[0x90, 4, high, low, 0, 0x87]);
    link.expect_goodbye();
    running.finish();
}

#[test]
fn an_ended_client_and_one_that_gives_up() {
    let peer = Peer::listen();
    let text = r#"
        c.request("a", "", show);
        c.once("connect", || {
            c.end(true);
            c.request("b", "", show);
        });
    "#;
    let (running, _link) = connected(&peer, text, "client disconnecting undefined\nConnection closed undefined\n");
    running.finish();
    let peer = Peer::listen();
    let text = r#"
        c.on("error", || ());
        c.request("a", "", show);
        c.on("close", || c.request("b", "", show));
    "#;
    let running = start(&peer, "", text, "Connection closed undefined\nConnection closed undefined\n");
    let mut link = peer.accept_v5();
    link.read_connect();
    link.send(v5::refusal(rumqttc_v5::ConnectReturnCode::NotAuthorized));
    link.expect_closed();
    running.finish();
}

#[test]
fn what_cannot_be_a_request() {
    script(
        "",
        r#"
        let old = mqtt.connect("mqtt://127.0.0.1:1", #{manualConnect: true});
        let c = mqtt.connect("mqtt://127.0.0.1:1", #{manualConnect: true, protocolVersion: 5});
        fn show(error) { console.log(error.message); }
        old.request("a", "", show);
        thrown(|| old.requestAsync("a", ""));
        c.request("a/+", "", show);
        c.request("a", "", #{tiemout: 5}, show);
        c.request("a", "", #{timeout: -1}, show);
        c.request("a", "", #{qos: 3}, show);
        c.request("a", "", #{properties: #{responseTopic: "b"}}, show);
        thrown(|| c.request("a", "", #{}));
        thrown(|| c.request("a", "", |a, b, c, d| ()));
        thrown(|| c.requestAsync("a", ""));
        "#,
    )
    .stdout(
        "Error: `requestAsync` needs MQTT 5\n\
         TypeError: `request` takes a function as `callback` but got a map\n\
         TypeError: the callback of `request` takes 4 parameters, but it is given 3 (error, message, packet)\n\
         Error: `requestAsync` would wait for ever before `client.connect()`\n\
         `request` needs MQTT 5\n\
         `a/+` is not a topic to publish to: `+` is a wildcard, only `subscribe` takes those\n\
         `request` has no option `tiemout`\n\
         option `timeout` takes a number of milliseconds, 0 or more but got -1\n\
         option `qos` takes 0, 1 or 2 but got 3\n\
         `request` sets `responseTopic` and `correlationData` itself\n",
    )
    .run();
}

#[test]
fn request_async_returns_the_message() {
    let peer = Peer::listen();
    let text = r#"
        c.on("message", |topic| console.log("later", topic));
        let message = c.requestAsync("one", "?", #{qos: 1});
        console.log("" + message, message.length);
        thrown(|| c.requestAsync("two", "", #{timeout: 20}));
        thrown(|| c.requestAsync("three", "", #{qos: 1}));
        c.on("message", || c.end());
    "#;
    let stdout =
        "yes 3\nError: no reply from `two` within 20 ms\nErrorWithReasonCode: Publish error: Not authorized\nlater x\n";
    let (running, mut link) = connected(&peer, text, stdout);
    grant_replies(&mut link);
    let one = link.take_publish();
    link.send(v5::publish("x", QoS::AtMostOnce, 0, ""));
    let mut answer = reply(&one, "yes");
    if let Packet::Publish(publish) = &mut answer {
        (publish.qos, publish.pkid) = (QoS::AtLeastOnce, 9);
    }
    link.send(answer);
    link.expect(v5::puback(9));
    assert_eq!(&link.read_publish().topic[..], b"two");
    let three = link.read_publish();
    link.send(Packet::PubAck(PubAck { pkid: three.pkid, reason: PubAckReason::NotAuthorized, properties: None }));
    link.expect_goodbye();
    running.finish();
}

#[test]
fn request_async_ends_with_a_lost_connection() {
    let peer = Peer::listen();
    let (running, mut link) =
        connected(&peer, r#"thrown(|| c.requestAsync("a", "")); c.end(true);"#, "Error: Connection closed\n");
    grant_replies(&mut link);
    link.read_publish();
    link.close();
    running.finish();
}

#[test]
fn a_blocked_request_and_one_with_a_callback_side_by_side() {
    let peer = Peer::listen();
    let text = r#"
        c.request("one", "", |error, message| { console.log("callback", "" + message); c.end(); });
        console.log("blocked", "" + c.requestAsync("two", ""));
    "#;
    let (running, mut link) = connected(&peer, text, "blocked 2\ncallback 1\n");
    grant_replies(&mut link);
    let (one, two) = (link.read_publish(), link.read_publish());
    link.send(reply(&one, "1"));
    link.send(reply(&two, "2"));
    link.expect_goodbye();
    running.finish();
}

#[test]
fn a_reply_goes_to_the_response_topic_with_the_correlation_data() {
    let peer = Peer::listen();
    let text = r#"
        c.on_message("ask", |topic, message, packet| c.reply(packet, "pong"));
        c.on_message("end", |topic, message, packet| {
            thrown(|| c.reply(packet, ""));
            c.reply(packet, "", |error| { console.log(error.message); c.end(); });
            thrown(|| c.reply("ask", ""));
        });
    "#;
    let stdout = "Error: the packet has no `responseTopic`: whoever sent it wants no reply\n\
                  TypeError: `reply` takes a packet as `packet` but got text\n\
                  the packet has no `responseTopic`: whoever sent it wants no reply\n";
    let (running, mut link) = connected(&peer, text, stdout);
    let mut ask = v5::publish("ask", QoS::AtMostOnce, 0, "ping");
    let wanted = |topic: Option<&str>| PublishProperties {
        response_topic: topic.map(Into::into),
        correlation_data: Some(vec![0, 255, 7].into()),
        ..PublishProperties::default()
    };
    if let Packet::Publish(publish) = &mut ask {
        publish.properties = Some(wanted(Some("back/here")));
    }
    link.send(ask);
    let mut pong = v5::publish("back/here", QoS::AtMostOnce, 0, "pong");
    if let Packet::Publish(publish) = &mut pong {
        publish.properties = Some(wanted(None));
    }
    link.expect(pong);
    link.send(v5::publish("end", QoS::AtMostOnce, 0, ""));
    link.expect_goodbye();
    running.finish();
}

#[test]
fn below_mqtt_5_reply_says_what_to_do() {
    let broker = broker();
    script(
        &broker.url(),
        "let c = mqtt.connect(\"BROKER\");\nc.on(\"message\", |topic, message, packet| {\n    c.reply(packet, \"\");\n});\nc.subscribe(\"a\");\nc.publish(\"a\", \"\");",
    )
    .code(1)
    .stderr(
        "error: `reply` needs MQTT 5\n[..]\n  |\n[..]\n  |[..]\nnote: in the `message` listener added at main.rhai:3:3, for topic `a`\n\
         help: add `protocolVersion: 5` to the connect options\n",
    )
    .run();
}

#[test]
fn a_program_that_waits_does_not_answer_itself() {
    let broker = broker();
    let text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5});
        c.on_message("sum", |topic, message, packet| c.reply(packet, "3"));
        c.subscribeAsync("sum");
        c.requestAsync("sum", [1, 2], #{timeout: 50});
    "#;
    script(&broker.url(), text)
        .stderr(
            "error: no reply from `sum` within 50 ms\n --> main.rhai:5:11\n  |\n[..]\n  |[..]\n\
             help: the answer must come from another program, this one waits; \
             `client.request(topic, payload, callback)` does not\n",
        )
        .code(1)
        .run();
}
