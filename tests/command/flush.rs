//! What is still sent when the program ends, and what is not.

use rumqttc_v4::{Packet, QoS};

use crate::support::broker::broker;
use crate::support::observer::Observer;
use crate::support::packets::v4::{puback, publish};
use crate::support::peer::Peer;
use crate::support::script::Script;

#[test]
fn publishes_before_the_end_arrive() {
    let broker = broker();
    for (index, end) in
        ["process.exit(0);", "process.exit();", "c.end();", "set_immediate(|| process.exit(0));"].iter().enumerate()
    {
        for connected in [false, true] {
            let topic = format!("t{index}/{connected}");
            let observer = Observer::subscribe(&broker.observer_url(), &format!("{topic}/#"), 2);
            let publishes =
                format!("for i in 0..50 {{ c.publish(`{topic}/${{i}}`, `${{i}}`, #{{qos: i % 3}}); }} {end}");
            let body = if connected { format!("c.on(\"connect\", || {{ {publishes} }});") } else { publishes };
            Script::new(format!(
                "let c = mqtt.connect(\"{}\", #{{will: #{{topic: \"{topic}/will\", payload: \"will\"}}}}); {body}",
                broker.url()
            ))
            .run();
            // The broker keeps the order within a QoS.
            let mut seen: Vec<_> = (0..50).map(|_| observer.due()).map(|m| (m.qos, m.text())).collect();
            seen.sort_by_key(|(qos, _)| *qos);
            let mut wanted: Vec<_> = (0..50).map(|i| (i % 3, i.to_string())).collect();
            wanted.sort_by_key(|(qos, _)| *qos);
            assert_eq!(seen, wanted, "{end} {connected}");
            // With a DISCONNECT there is no will: the next message from elsewhere is the next one here.
            crate::support::observer::publish(&broker.observer_url(), &format!("{topic}/marker"), "", 1, false);
            assert_eq!(observer.due().topic, format!("{topic}/marker"));
        }
    }
}

#[test]
fn exit_0_waits_for_acknowledgements_and_says_goodbye() {
    let peer = Peer::listen();
    let running = Script::new(format!(
        "let c = mqtt.connect(\"{}\"); c.on(\"connect\", || {{ c.publish(\"a\", \"0\"); c.publish(\"a\", \"1\", #{{qos: 1}}, || console.log(\"no callback any more\")); process.exit(0); }});",
        peer.url()
    ))
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    link.expect(publish("a", QoS::AtMostOnce, 0, "0"));
    let second = link.read_publish();
    assert_eq!(second.payload, "1");
    link.send(puback(second.pkid));
    link.expect_goodbye();
    running.finish();
}

#[test]
fn exit_3_and_errors_say_no_goodbye() {
    for (end, code) in [("process.exit(3);", 3), ("throw \"x\";", 1), ("nothing();", 1)] {
        let peer = Peer::listen();
        let running =
            Script::new(format!("let c = mqtt.connect(\"{}\"); c.on(\"connect\", || {{ {end} }});", peer.url()))
                .spawn();
        let mut link = peer.accept();
        link.handshake();
        link.expect_closed();
        let outcome = running.outcome();
        assert_eq!(outcome.code, Some(code), "{outcome}");
        if code == 1 {
            assert!(outcome.stderr.contains("in the `connect` listener added at main.rhai:1:"), "{outcome}");
        }
    }
}

#[test]
fn the_will_is_published_after_exit_3() {
    let broker = broker();
    let observer = Observer::subscribe(&broker.observer_url(), "#", 0);
    Script::new(format!(
        "let c = mqtt.connect(\"{}\", #{{will: #{{topic: \"will\", payload: \"gone\"}}}}); c.on(\"connect\", || process.exit(3));",
        broker.url()
    ))
    .code(3)
    .run();
    assert_eq!(observer.due().text(), "gone");
}

#[test]
fn exit_while_the_script_waits() {
    // Blocked in a call, `exit` comes from a listener that a stream of events cannot reach: a signal or a dial option.
    let peer = Peer::listen();
    let running = Script::new(format!(
        "let n = 0;
         let c = mqtt.connect(\"{}\", #{{reconnectPeriod: 1, username: || {{ n += 1; if n == 2 {{ process.exit(6); }} \"u\" }}}});
         try {{ c.publishAsync(\"a\", \"x\", #{{qos: 1}}); }} catch (e) {{ console.log(\"caught\", e); }}
         console.log(\"on\");",
        peer.url()
    ))
    .code(6)
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    link.read_publish();
    link.close();
    running.finish();
}

#[test]
fn a_broker_that_does_not_answer_is_not_waited_for() {
    let peer = Peer::listen();
    let running = Script::new(format!(
        "let c = mqtt.connect(\"{}\"); c.on(\"connect\", || {{ c.publish(\"a\", \"x\", #{{qos: 1}}); process.exit(0); }});",
        peer.url()
    ))
    .flag("--exit-timeout=50")
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    link.read_publish();
    running.finish();
    assert!(matches!(link.next(), Some(Packet::Disconnect) | None));
}

#[test]
fn callbacks_that_take_too_long() {
    let peer = Peer::listen();
    let running = Script::new(format!(
        "let c = mqtt.connect(\"{}\", #{{keepalive: 1}});
c.on(\"connect\", || {{
    try {{ loop {{}} }} catch (e) {{ console.log(\"caught\"); }}
}});",
        peer.url()
    ))
    .flag("--max-callback-time=2500")
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    // The network goes on although the script loops.
    link.expect(Packet::PingReq);
    link.send(Packet::PingResp);
    link.expect(Packet::PingReq);
    link.send(Packet::PingResp);
    while link.next().is_some() {}
    let outcome = running.outcome();
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(1), ""), "{outcome}");
    assert!(outcome.stderr.starts_with("error: the callback ran longer than 2500 ms\n --> main.rhai:2:3"), "{outcome}");
    assert!(outcome.stderr.contains("`--max-callback-time`"), "{outcome}");
}

#[test]
fn a_callback_within_a_callback_does_not_stop_the_clock() {
    let text =
        "let c = mqtt.connect(#{manualConnect: true}); c.on(\"x\", || ()); set_timeout(|| { c.emit(\"x\"); loop {} });";
    let outcome = Script::new(text).flag("--max-callback-time=20").outcome();
    assert_eq!(outcome.code, Some(1), "{outcome}");
    Script::new("set_timeout(|| console.log(\"quick\")); let n = 0; while n < 100000 { n += 1; }")
        .flag("--max-callback-time=1000")
        .stdout("quick\n")
        .run();
    // Only the one that is too long ends.
    let text = "set_timeout(|| loop {}); set_timeout(|| console.log(\"on\"), 5);";
    let outcome = Script::new(text).flag("--max-callback-time=20").flag("--keep-going").outcome();
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(0), "on\n"), "{outcome}");
}
