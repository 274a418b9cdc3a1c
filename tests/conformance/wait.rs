//! `client.wait`: the script blocks until something happens.

use rumqttc_v4::{ConnectReturnCode, QoS};

use crate::prelude::script;
use crate::support::broker::broker;
use crate::support::link::{Link, V4};
use crate::support::packets::v4;
use crate::support::peer::{Peer, free_port};
use crate::support::script::Running;

fn connected(peer: &Peer, text: &str, stdout: &str) -> (Running, Link<V4>) {
    let text = format!("let c = mqtt.connect(\"BROKER\", #{{reconnectPeriod: 10}});\n{text}");
    let running = script(&peer.url(), &text).stdout(stdout).spawn();
    let mut link = peer.accept();
    link.handshake();
    (running, link)
}

fn send(link: &mut Link<V4>, topic: &str) {
    link.send(v4::publish(topic, QoS::AtMostOnce, 0, "x"));
}

#[test]
fn connect_and_a_message_from_a_broker() {
    let broker = broker();
    script(
        &broker.url(),
        r#"
        let c = mqtt.connect("BROKER");
        let connack = c.wait("connect");
        console.log(connack.cmd, connack.sessionPresent, c.connected);
        c.subscribeAsync("a/+");
        c.publish("a/1", "hello", #{qos: 1});
        let packet = c.wait("a/+");
        console.log(packet.cmd, packet.topic, "" + packet.payload);
        console.log(c.endAsync());
        "#,
    )
    .stdout("connack false true\npublish a/1 hello\nundefined\n")
    .run();
}

#[test]
fn connect_returns_at_once_if_connected() {
    let peer = Peer::listen();
    let text = r#"
        console.log(c.wait("connect").cmd);
        console.log(c.wait("connect", 0).returnCode);
        c.on("message", || { console.log(c.wait("connect", 0).cmd); c.end(); });
    "#;
    let (running, mut link) = connected(&peer, text, "connack\n0\nconnack\n");
    send(&mut link, "a");
    link.expect_goodbye();
    running.finish();
}

#[test]
fn listeners_of_the_awaited_event_run_in_order_and_others_wait() {
    let peer = Peer::listen();
    let text = r#"
        c.on("connect", || console.log("connect 1"));
        c.once("connect", || console.log("connect 2"));
        c.on("message", |topic| console.log("message", topic));
        c.on_message("b", |topic| console.log("filter", topic));
        c.wait("connect");
        console.log("waited");
        c.wait("b");
        console.log("got b");
        c.on("message", |topic| if topic == "c" { c.end(); });
    "#;
    let stdout = "connect 1\nconnect 2\nwaited\nmessage b\nfilter b\ngot b\nmessage a\nmessage c\n";
    let (running, mut link) = connected(&peer, text, stdout);
    send(&mut link, "a");
    send(&mut link, "b");
    send(&mut link, "c");
    link.expect_goodbye();
    running.finish();
}

/// The event's first argument is the topic.
#[test]
fn the_event_message_gives_the_topic() {
    let peer = Peer::listen();
    let text = r#"console.log(c.wait("message")); console.log(c.wait("message")); c.end();"#;
    let (running, mut link) = connected(&peer, text, "a/b\nc\n");
    send(&mut link, "a/b");
    send(&mut link, "c");
    link.expect_goodbye();
    running.finish();
}

#[test]
fn an_event_name_wins_over_a_filter() {
    let peer = Peer::listen();
    let text = r#"
        c.wait("connect");
        // Once: a busy machine begins another attempt before the end, and that closes too.
        c.once("close", || console.log("closed"));
        console.log(c.wait("close"));
        c.end();
    "#;
    let (running, mut link) = connected(&peer, text, "closed\nundefined\n");
    send(&mut link, "close");
    link.close();
    running.finish();
}

/// Both came in one read, and the first one's listener waits for the second.
#[test]
fn in_a_callback_it_finds_what_came_together_with_the_message_that_is_handled() {
    let peer = Peer::listen();
    let text = r#"
        c.on("message", |topic| {
            console.log("begin", topic);
            if topic == "first" { console.log("got", c.wait("third", 5000).topic); }
            if topic == "second" { c.end(); }
            console.log("end", topic);
        });
    "#;
    let stdout = "begin first\nbegin third\nend third\ngot third\nend first\nbegin second\nend second\n";
    let (running, mut link) = connected(&peer, text, stdout);
    let bytes: Vec<u8> = ["first", "second", "third"]
        .iter()
        .flat_map(|topic| <V4 as crate::support::link::Dialect>::encode(&v4::publish(topic, QoS::AtMostOnce, 0, "x")))
        .collect();
    link.send_bytes(&bytes);
    link.expect_goodbye();
    running.finish();
}

#[test]
fn it_finds_what_an_earlier_blocking_call_put_aside() {
    let peer = Peer::listen();
    let text = r#"
        c.publishAsync("go", "", #{qos: 1});
        console.log(c.wait("b", 0).topic, c.wait("a", 0).topic);
        c.on("message", |topic| { console.log("later", topic); c.end(); });
    "#;
    let (running, mut link) = connected(&peer, text, "b a\nlater c\n");
    let publish = link.read_publish();
    for topic in ["a", "b", "c"] {
        send(&mut link, topic);
    }
    link.send(v4::puback(publish.pkid));
    link.expect_goodbye();
    running.finish();
}

#[test]
fn the_awaited_message_is_acknowledged_and_the_others_when_their_turn_comes() {
    let peer = Peer::listen();
    let text = r#"
        let packet = c.wait("b");
        console.log(packet.qos, packet.messageId);
        c.publishAsync("between", "", #{qos: 1});
        c.on("message", || c.end());
    "#;
    let (running, mut link) = connected(&peer, text, "1 8\n");
    link.send(v4::publish("a", QoS::AtLeastOnce, 7, ""));
    link.send(v4::publish("b", QoS::AtLeastOnce, 8, ""));
    link.expect(v4::puback(8));
    assert_eq!(&link.take_publish().topic[..], b"between");
    link.expect(v4::puback(7));
    link.expect_goodbye();
    running.finish();
}

#[test]
fn past_the_timeout_it_throws_and_the_program_can_go_on() {
    let peer = Peer::listen();
    let text = r#"
        c.wait("connect");
        for what in ["a/+", "message", "close"] {
            try { c.wait(what, 20); } catch (e) { console.log(e.message, e.code); }
        }
        c.end();
    "#;
    let stdout = "a message on `a/+` did not come within 20 ms ETIMEDOUT\n`message` did not come within 20 ms ETIMEDOUT\n\
                  `close` did not come within 20 ms ETIMEDOUT\n";
    let (running, mut link) = connected(&peer, text, stdout);
    link.expect_goodbye();
    running.finish();
}

#[test]
fn traffic_that_never_pauses_does_not_keep_the_timeout_away() {
    let peer = Peer::listen();
    let text = r#"thrown(|| c.wait("never", 100)); c.end(true); fs.existsSync("x");"#;
    let (running, link) = connected(&peer, text, "Error: a message on `never` did not come within 100 ms\n");
    let mut socket = link.socket();
    let message = <V4 as crate::support::link::Dialect>::encode(&v4::publish("a", QoS::AtMostOnce, 0, "x"));
    while std::io::Write::write_all(&mut socket, &message).is_ok() {}
    running.finish();
}

#[test]
fn an_uncaught_timeout_says_that_wait_does_not_subscribe() {
    let peer = Peer::listen();
    let running = script(&peer.url(), "let c = mqtt.connect(\"BROKER\");\nc.wait(\"a/#\", 20);")
        .code(1)
        .stderr(
            "error: a message on `a/#` did not come within 20 ms\n[..]\n  |\n[..]\n  |[..]\n\
             help: `wait` does not subscribe: call `client.subscribe(\"a/#\");` before\n",
        )
        .spawn();
    running.finish();
}

#[test]
fn the_last_error_meanwhile_is_told() {
    let port = free_port();
    script(&format!("mqtt://127.0.0.1:{port}"), "let c = mqtt.connect(\"BROKER\");\nc.wait(\"connect\", 200);")
        .code(1)
        .stderr(format!(
            "error: `connect` did not come within 200 ms\n[..]\n  |\n[..]\n  |[..]\n\
             note: the last error meanwhile: connect ECONNREFUSED 127.0.0.1:{port}\n"
        ))
        .run();
}

#[test]
fn a_client_that_has_ended_or_gives_up_throws_at_once() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.on("error", |error| console.log("listener", error.message));
        thrown(|| c.wait("connect"));
        thrown(|| c.wait("message"));
        console.log(c.wait("error").message);
        thrown(|| c.wait("error"));
        c.endAsync();
        console.log(c.wait("end"));
        thrown(|| c.wait("end"));
        thrown(|| c.wait("a"));
    "#;
    let running = script(&peer.url(), text)
        .stdout(
            "Error: `connect` cannot come any more, the client gave up\n\
             Error: `message` cannot come any more, the client gave up\n\
             listener Connection refused: Not authorized\nConnection refused: Not authorized\n\
             Error: `error` cannot come any more, the client gave up\n\
             undefined\nError: `end` cannot come any more, the client has ended\n\
             Error: a message on `a` cannot come any more, the client has ended\n",
        )
        .spawn();
    let mut link = peer.accept();
    link.read_connect();
    link.send(v4::refusal(ConnectReturnCode::NotAuthorized));
    link.expect_closed();
    running.finish();
}

#[test]
fn a_client_that_is_not_told_to_connect_throws_at_once() {
    script(
        "",
        r#"
        let c = mqtt.connect("mqtt://127.0.0.1:1", #{manualConnect: true});
        thrown(|| c.wait("connect"));
        thrown(|| c.wait("a/#/b"));
        thrown(|| c.wait(""));
        thrown(|| c.wait(5));
        thrown(|| c.wait("a", -1));
        thrown(|| c.wait("a", "soon"));
        "#,
    )
    .stdout(
        "Error: `wait` would wait for ever before `client.connect()`\nError: Invalid topic a/#/b\nError: Invalid topic \n\
         TypeError: `wait` takes text as `filter` but got an integer\n\
         TypeError: `wait` takes a number of milliseconds, 0 or more, as `timeout_ms` but got an integer\n\
         TypeError: `wait` takes a number of milliseconds, 0 or more, as `timeout_ms` but got text\n",
    )
    .run();
}

#[test]
fn end_and_close_of_an_end_that_is_going_on() {
    let peer = Peer::listen();
    let text = r#"
        c.wait("connect");
        c.on("end", || console.log("listener"));
        c.end();
        console.log(c.wait("close"));
        console.log(c.wait("end"), c.state);
    "#;
    let (running, mut link) = connected(&peer, text, "undefined\nlistener\nundefined ended\n");
    link.expect_goodbye();
    running.finish();
}

#[test]
fn a_listener_that_throws_ends_the_wait_and_the_program() {
    let peer = Peer::listen();
    let text = "let c = mqtt.connect(\"BROKER\"); c.on(\"connect\", || throw \"no\"); try { c.wait(\"connect\"); } catch { } console.log(\"never\");";
    let running = script(&peer.url(), text).spawn();
    let mut link = peer.accept();
    link.handshake();
    link.expect_closed();
    let outcome = running.outcome();
    assert_eq!((outcome.stdout.as_str(), outcome.code), ("", Some(1)), "{outcome}");
    assert!(outcome.stderr.starts_with("error: no\n"), "{outcome}");
}

#[test]
fn packets_can_be_awaited_and_are_reported_only_meanwhile() {
    let peer = Peer::listen();
    let text = r#"
        console.log(c.wait("packetreceive").cmd, c.listenerCount("packetreceive"));
        c.publish("a", "x", #{qos: 1});
        console.log(c.wait("packetreceive").cmd, c.listenerCount("packetreceive"));
        c.end();
    "#;
    let (running, mut link) = connected(&peer, text, "connack 0\npuback 0\n");
    link.take_publish();
    link.expect_goodbye();
    running.finish();
}

/// What the network side asks for stood behind the event whose listener blocks.
#[test]
fn a_listener_that_blocks_does_not_keep_the_next_attempt_away() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{reconnectPeriod: 10, clientId: || "me"});
        c.once("close", || { console.log(c.wait("connect", 5000).cmd); c.end(); });
    "#;
    let running = script(&peer.url(), text).stdout("connack\n").spawn();
    let mut link = peer.accept();
    link.handshake();
    link.close();
    let mut link = peer.accept();
    link.handshake();
    link.expect_goodbye();
    running.finish();
}
