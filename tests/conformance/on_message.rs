//! `client.on_message`: listeners by topic filter.

use rumqttc_v4::{Packet, QoS};

use crate::prelude::script;
use crate::support::broker::broker;
use crate::support::link::{Link, V4};
use crate::support::packets::v4;
use crate::support::peer::Peer;
use crate::support::script::Running;

/// Starts a script that is connected as `c` to the peer.
fn connected(peer: &Peer, text: &str, stdout: &str) -> (Running, Link<V4>) {
    let text = format!("let c = mqtt.connect(\"BROKER\");\n{text}");
    let running = script(&peer.url(), &text).stdout(stdout).spawn();
    let mut link = peer.accept();
    link.handshake();
    (running, link)
}

fn send(link: &mut Link<V4>, topic: &str) {
    link.send(v4::publish(topic, QoS::AtMostOnce, 0, "x"));
}

#[test]
fn a_listener_gets_what_matches_and_no_message_listener_is_needed() {
    let peer = Peer::listen();
    let text = r#"
        c.on_message("a/+", |topic, message, packet| console.log(topic, "" + message, packet.qos));
        c.on_message("end", || c.end());
    "#;
    let (running, mut link) = connected(&peer, text, "a/b x 0\na/ x 0\n");
    for topic in ["a", "a/b", "a/b/c", "b/a", "a/", "end"] {
        send(&mut link, topic);
    }
    link.expect_goodbye();
    running.finish();
}

#[test]
fn it_does_not_subscribe() {
    let peer = Peer::listen();
    let (running, mut link) =
        connected(&peer, r#"c.on_message("a", || ()); c.on("connect", || c.publish("b", ""));"#, "");
    link.expect(v4::publish("b", QoS::AtMostOnce, 0, ""));
    drop(running.kill9());
}

#[test]
fn all_that_match_are_called_in_order_of_registration_also_among_message_listeners() {
    let peer = Peer::listen();
    let text = r##"
        c.on_message("#", || console.log("1 all"));
        c.on("message", || console.log("2 message"));
        c.on_message("a/b", || console.log("3 exact"));
        c.on_message("x", || console.log("never"));
        c.on_message("a/+", || console.log("4 level"));
        c.once("message", || console.log("5 once"));
        c.prependListener("message", || console.log("0 in front"));
        c.on_message("a/b", || console.log("6 exact again"));
        c.on_message("end", || c.end());
    "##;
    let first = "0 in front\n1 all\n2 message\n3 exact\n4 level\n5 once\n6 exact again\n";
    let rest = "0 in front\n1 all\n2 message\n";
    let (running, mut link) = connected(&peer, text, &format!("{first}{rest}"));
    send(&mut link, "a/b");
    send(&mut link, "end");
    link.expect_goodbye();
    running.finish();
}

/// `[MQTT-4.7.2-1]`
#[test]
fn wildcards_in_front_do_not_match_dollar_topics() {
    let peer = Peer::listen();
    let text = r##"
        for filter in ["#", "+/up", "$SYS/#", "$SYS/+"] { let f = filter; c.on_message(f, |topic| console.log(f, topic)); }
        c.on_message("end", || c.end());
    "##;
    let (running, mut link) = connected(&peer, text, "$SYS/# $SYS/up\n$SYS/+ $SYS/up\n# end\n");
    send(&mut link, "$SYS/up");
    send(&mut link, "end");
    link.expect_goodbye();
    running.finish();
}

/// Messages of a shared subscription carry their topic only `[MQTT-4.8.2]`.
#[test]
fn a_shared_subscription_matches_as_its_filter() {
    let peer = Peer::listen();
    let text = r#"c.on_message("$share/workers/job/+", |topic| { console.log(topic); c.end(); });"#;
    let (running, mut link) = connected(&peer, text, "job/1\n");
    send(&mut link, "workers/job/1");
    send(&mut link, "job/1");
    link.expect_goodbye();
    running.finish();
}

#[test]
fn off_message_removes_the_last_of_this_function_or_all_of_the_filter() {
    let peer = Peer::listen();
    let text = r##"
        fn a(topic) { console.log("a"); }
        fn b(topic) { console.log("b"); }
        c.on_message("t", Fn("a")).on_message("t", Fn("b")).on_message("t", Fn("a")).on_message("#", || console.log("all"));
        c.on_message("$share/g/t", || console.log("shared"));
        c.on_message("1", || c.off_message("t", Fn("a")));
        c.on_message("2", || c.off_message("t").off_message("nobody").off_message("t", Fn("a")));
        c.on_message("3", || c.off_message("#").off_message("$share/g/t"));
        c.on_message("end", || c.end());
    "##;
    let stdout = "a\nb\na\nall\nshared\nall\na\nb\nall\nshared\nall\nall\nshared\nall\n";
    let (running, mut link) = connected(&peer, text, stdout);
    for topic in ["t", "1", "t", "2", "t", "3", "t", "end"] {
        send(&mut link, topic);
    }
    link.expect_goodbye();
    running.finish();
}

/// As with every event, a change counts from the next message on.
#[test]
fn a_listener_that_is_added_or_removed_by_another_counts_from_the_next_message_on() {
    let peer = Peer::listen();
    let text = r#"
        let later = |topic| console.log("later");
        c.on_message("t", || { console.log("first"); c.on_message("t", later); });
        c.on_message("u", || { console.log("u1"); c.off_message("u"); });
        c.on_message("u", || console.log("u2"));
        c.on_message("end", || c.end());
    "#;
    let (running, mut link) = connected(&peer, text, "first\nu1\nu2\nfirst\nlater\n");
    for topic in ["t", "u", "t", "u", "end"] {
        send(&mut link, topic);
    }
    link.expect_goodbye();
    running.finish();
}

#[test]
fn remove_all_listeners_of_everything_removes_these_too() {
    let peer = Peer::listen();
    let text = r#"
        c.on_message("a", || console.log("a"));
        c.on_message("1", || c.removeAllListeners("message"));
        c.on_message("2", || { c.removeAllListeners(); c.on("message", |topic| { console.log(topic); c.end(); }); });
    "#;
    let (running, mut link) = connected(&peer, text, "a\na\na\n");
    for topic in ["a", "1", "a", "2", "a"] {
        send(&mut link, topic);
    }
    link.expect_goodbye();
    running.finish();
}

#[test]
fn a_filter_that_cannot_be_is_an_error_at_the_call() {
    script(
        "",
        r#"
        let c = mqtt.connect("mqtt://127.0.0.1:1", #{manualConnect: true});
        thrown(|| c.on_message("a/#/b", || ()));
        thrown(|| c.on_message("", || ()));
        thrown(|| c.on_message("a+", || ()));
        thrown(|| c.on_message("$share/g", || ()));
        thrown(|| c.off_message("a#"));
        thrown(|| c.on_message(5, || ()));
        thrown(|| c.on_message("a", 5));
        thrown(|| c.on_message("a", |a, b, c, d| ()));
        "#,
    )
    .stdout(
        "Error: Invalid topic a/#/b\nError: Invalid topic \nError: Invalid topic a+\nError: Invalid topic $share/g\n\
         Error: Invalid topic a#\n\
         TypeError: `on_message` takes text as `filter` but got an integer\n\
         TypeError: `on_message` takes a function as `listener` but got an integer\n\
         TypeError: listener for messages on `a` takes 4 parameters, but the event gives 3 (topic, message, packet)\n",
    )
    .run();
}

#[test]
fn the_error_for_a_bad_filter_says_what_to_write() {
    script("", r#"mqtt.connect("mqtt://127.0.0.1:1", #{manualConnect: true}).on_message("a/#/b", || ());"#)
        .code(1)
        .stderr(
            "error: `a/#/b` is not a topic filter: `#` may only be the last level\n[..]\n  |\n[..]\n  |[..]\n\
             help: `a/+/b` matches one level there, `a/#` everything below `a`\n",
        )
        .run();
}

#[test]
fn the_acknowledgement_follows_after_all_listeners_returned() {
    let peer = Peer::listen();
    let text = r#"
        c.on_message("a", || { c.publishAsync("one", "", #{qos: 1}); });
        c.on_message("+", || { c.publishAsync("two", "", #{qos: 1}); });
        c.on_message("end", || c.end());
    "#;
    let (running, mut link) = connected(&peer, text, "");
    link.send(v4::publish("a", QoS::AtLeastOnce, 7, ""));
    assert_eq!(&link.take_publish().topic[..], b"one");
    assert_eq!(&link.take_publish().topic[..], b"two");
    link.expect(v4::puback(7));
    link.send(v4::publish("a", QoS::ExactlyOnce, 8, ""));
    link.expect(v4::pubrec(8));
    link.send(v4::pubrel(8));
    assert_eq!(&link.take_publish().topic[..], b"one");
    assert_eq!(&link.take_publish().topic[..], b"two");
    link.expect(v4::pubcomp(8));
    send(&mut link, "end");
    assert_eq!(&link.take_publish().topic[..], b"two");
    link.expect_goodbye();
    running.finish();
}

#[test]
fn what_a_listener_throws_ends_the_program_and_the_message_is_not_acknowledged() {
    let peer = Peer::listen();
    let text = "let c = mqtt.connect(\"BROKER\");\nc.on_message(\"a/+\", |topic| throw \"no\");\nc.on(\"message\", || console.log(\"never\"));";
    let running = script(&peer.url(), text)
        .code(1)
        .stderr("error: no\n[..]\n  |\n[..]\n  |[..]\nnote: in the listener for messages on `a/+` added at main.rhai:3:3, for topic `a/b`\n")
        .spawn();
    let mut link = peer.accept();
    link.handshake();
    link.send(v4::publish("a/b", QoS::AtLeastOnce, 7, ""));
    link.expect_closed();
    running.finish();
}

#[test]
fn under_keep_going_the_others_and_the_next_message_follow() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.on_message("a", || throw "no");
        c.on_message("a", || console.log("goes on"));
        c.on_message("end", || c.end());
    "#;
    let running = script(&peer.url(), text).flag("--keep-going").spawn();
    let mut link = peer.accept();
    link.handshake();
    link.send(v4::publish("a", QoS::AtLeastOnce, 7, ""));
    link.expect(v4::puback(7));
    send(&mut link, "end");
    link.expect(Packet::Disconnect);
    let outcome = running.outcome();
    assert_eq!((outcome.stdout.as_str(), outcome.code), ("goes on\n", Some(0)), "{outcome}");
    assert!(outcome.stderr.starts_with("error: no\n"), "{outcome}");
}

/// Three thousand devices with a handler each; a look at every filter for every message would take minutes.
#[test]
fn filters_that_do_not_match_cost_nothing() {
    let broker = broker();
    script(
        &broker.url(),
        r#"
        let c = mqtt.connect("BROKER");
        let count = 0;
        for i in 0..3000 {
            let n = i;
            c.on_message(`device/${n}/+/state`, |topic| { count += n; if topic == "device/2999/last/state" { console.log(count); c.end(); } });
        }
        c.subscribe("device/#", || {
            for i in 0..400 { c.publish(`device/${i * 7}/lamp/state`, "on"); }
            c.publish("device/2999/last/state", "");
        });
        "#,
    )
    .stdout(format!("{}\n", (0..400).map(|i| i * 7).sum::<i64>() + 2999))
    .run();
}
