use rumqttc_v4::{Packet, QoS};

use crate::prelude::{ends, expecting, prints, script, serve_to_the_end, traced};
use crate::support::broker::broker;
use crate::support::packets::v4;
use crate::support::peer::Peer;

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

#[test]
fn end_sends_and_awaits_what_was_accepted_before() {
    for start in ["go_on();", r#"client.on("connect", go_on);"#] {
        let peer = Peer::listen();
        let text = r#"
            let client = mqtt.connect("BROKER");
            let good = 0;
            fn go_on() {
                for i in 0..100 { client.publish("a", "" + i, #{qos: 1}, |error| if error == () { good += 1; }); }
                client.end(|| console.log(good, client.queued));
            }
        "#;
        let running = script(&peer.url(), &format!("{text}{start}")).stdout("100 0\n").spawn();
        let mut link = peer.accept();
        link.handshake();
        for n in 0..100 {
            assert_eq!(link.take_publish().payload, n.to_string());
        }
        link.expect_goodbye();
        running.finish();
    }
}

#[test]
fn end_does_not_wait_for_ever_for_a_broker_that_never_acknowledges() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER", #{endTimeout: 200});
        client.publish("a", "1", #{qos: 1}, |error| console.log(error.message));
        client.publish("a", "2", #{qos: 2}, |error| console.log(error.message));
        client.subscribe("a", |error| console.log(error.message));
        client.on("outgoingEmpty", || console.log("outgoingEmpty"));
        client.end(|| console.log("end", client.queued));
    "#;
    let stdout = "Connection closed\nConnection closed\nConnection closed\nend 0\n";
    let mut running = script(&peer.url(), text).spawn();
    let mut link = peer.accept();
    link.handshake();
    link.read_publish();
    link.read_publish();
    link.read();
    link.expect_goodbye();
    running.close_stdin();
    let outcome = running.outcome();
    assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str(), outcome.code), (stdout, "", Some(0)));
}

#[test]
fn end_by_force_says_no_goodbye() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER");
        client.publish("a", "1", #{qos: 1}, |error| console.log(error.message));
        client.on("message", || client.end(true, || console.log("end")));
    "#;
    let running = script(&peer.url(), text).stdout("Connection closed\nend\n").spawn();
    let mut link = peer.accept();
    link.handshake();
    link.read_publish();
    link.send(v4::publish("a", rumqttc_v4::QoS::AtMostOnce, 0, ""));
    link.expect_closed();
    running.finish();
}

/// T01.
#[test]
fn connect_and_end() {
    let peer = Peer::listen();
    let running = traced(
        &peer,
        "",
        r#"console.log("start" + flags(c), c.disconnected);
        c.on("connect", || {
            c.end(|error| console.log("callback" + flags(c), error));
            console.log("returned" + flags(c), c.disconnected);
        });"#,
    );
    let mut link = peer.accept();
    link.handshake();
    link.expect_goodbye();
    ends(
        running,
        0,
        "start undefined
        connect connected
        returned connected disconnecting undefined
        close disconnecting
        end disconnecting disconnected
        callback disconnecting disconnected undefined",
    );
}

#[test]
fn a_forced_end() {
    let peer = Peer::listen();
    let running = traced(
        &peer,
        "",
        r#"c.on("connect", || {
            c.publish("a", "never", #{qos: 1}, |error| console.log("publish:", error.message));
            c.end(true, |error| console.log("callback" + flags(c), error));
            console.log("returned" + flags(c));
        });"#,
    );
    let mut link = peer.accept();
    link.handshake();
    link.expect_closed();
    // MQTT.js forgets the publish; here every callback is called.
    ends(
        running,
        0,
        "connect connected
        returned connected disconnecting
        close disconnecting
        publish: Connection closed
        end disconnecting disconnected
        callback disconnecting disconnected undefined",
    );
}

/// T18, without MQTT.js's 10 ms before DISCONNECT.
#[test]
fn an_end_waits_for_acknowledgements() {
    let peer = Peer::listen();
    let mut running = traced(
        &peer,
        "",
        r#"c.on("connect", || {
            c.publish("a", "x", #{qos: 1}, |error, packet| console.log("publish:", error, packet.cmd));
            c.end(|error| console.log("callback", error));
            console.log("returned");
        });"#,
    );
    let mut link = peer.accept();
    link.handshake();
    let publish = link.read_publish();
    prints(&mut running, "connect connected\nreturned");
    link.send(v4::puback(publish.pkid));
    link.expect_goodbye();
    ends(
        running,
        0,
        "publish: undefined publish
        outgoingEmpty connected disconnecting
        close disconnecting
        end disconnecting disconnected
        callback undefined",
    );
}

/// MQTT.js waits for ever.
#[test]
fn an_end_gives_up_after_its_timeout() {
    let peer = Peer::listen();
    let running = traced(
        &peer,
        "endTimeout: 50",
        r#"c.on("connect", || {
            c.publish("a", "x", #{qos: 1}, |error| console.log("publish:", error.message));
            c.end(|error| console.log("callback", error));
        });"#,
    );
    let mut link = peer.accept();
    link.handshake();
    link.read_publish();
    link.expect(Packet::Disconnect);
    link.expect_closed();
    let outcome = running.outcome();
    assert_eq!(
        outcome.stdout,
        "connect connected\nclose disconnecting\npublish: Connection closed\nend disconnecting disconnected\ncallback undefined\n"
    );
}

/// T17: the second `end` is called back at once, and there is one `end` event.
#[test]
fn an_end_after_an_end() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.on("end", || {
            console.log("end");
            console.log(c.end(|error| console.log("again", error)) == c);
        });
        c.on("connect", || console.log(c.end() == c, c.end() == c));
    "#;
    let running = expecting(&peer, "true true\nend\ntrue\nagain undefined\n", text);
    let mut link = peer.accept();
    link.handshake();
    link.expect_goodbye();
    running.finish();
}

/// T30: "disconnect with will" `[MQTT-3.14.2.1]`.
#[test]
fn a_reason_and_properties_of_version_5() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5});
        c.on("connect", || c.end(false, #{reasonCode: 4, properties: #{sessionExpiryInterval: 7, reasonString: "bye"}}));
    "#;
    let running = expecting(&peer, "", text);
    let mut link = peer.accept_v5();
    link.handshake();
    link.expect_bytes(b"\xe0\x0d\x04\x0b\x11\0\0\0\x07\x1f\0\x03bye");
    link.expect_closed();
    running.finish();
}

/// SUBACK and UNSUBACK are waited for as acknowledgements of messages are.
#[test]
fn an_end_waits_for_grants() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.on("connect", || {
            c.subscribe("a", |error| console.log("granted", error));
            c.unsubscribe("b", |error| console.log("released", error));
            c.end(|| console.log("end"));
        });
    "#;
    let running = expecting(&peer, "granted undefined\nreleased undefined\nend\n", text);
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(serve_to_the_end(&mut link), ["subscribe a", "unsubscribe b"]);
    drop(link);
    running.finish();
}

/// A half-open link: the broker never closes its side after DISCONNECT. Everything ends all the same.
#[test]
fn a_broker_that_keeps_the_socket_open() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.on("connect", || c.end(|| console.log("end")));
    "#;
    let running = expecting(&peer, "end\n", text);
    let mut link = peer.accept();
    link.handshake();
    link.expect(Packet::Disconnect);
    running.finish();
    link.expect_closed();
}

/// What arrives after `end` was called and before the end is delivered.
#[test]
fn a_message_while_an_end_waits() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.on("message", |topic| console.log(topic));
        c.on("connect", || { c.publish("out", "", #{qos: 1}); c.end(|| console.log("end")); });
    "#;
    let running = expecting(&peer, "late\nend\n", text);
    let mut link = peer.accept();
    link.handshake();
    let id = link.read_publish().pkid;
    link.send(v4::publish("late", QoS::AtLeastOnce, 3, ""));
    link.expect(v4::puback(3));
    link.send(v4::puback(id));
    link.expect_goodbye();
    running.finish();
}

/// `connected` is false in `close`, and stays so.
#[test]
fn a_broker_that_hangs_up() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{reconnectPeriod: 0});
        c.on("error", |error| console.log(error.message));
        c.on("connect", || console.log("connect", c.connected));
        c.on("close", || { console.log("close", c.connected); c.end(|| console.log("end", c.connected)); });
    "#;
    let running = expecting(&peer, "connect true\nclose false\nend false\n", text);
    let mut link = peer.accept();
    link.handshake();
    link.close();
    running.finish();
}

/// The other half of the socket may still be open: FIN from the broker is the end.
#[test]
fn a_broker_that_closes_its_half() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{reconnectPeriod: 0});
        c.on("error", |error| console.log(error.message));
        c.on("close", || console.log("close"));
    "#;
    let running = expecting(&peer, "close\n", text);
    let mut link = peer.accept();
    link.handshake();
    link.socket().shutdown(std::net::Shutdown::Write).unwrap();
    link.expect_closed();
    running.finish();
}

/// No end, no timer, no attempt: the program is over when all clients have ended.
#[test]
fn two_clients_end_one_after_the_other() {
    let peer = Peer::listen();
    let text = r#"
        let a = mqtt.connect("BROKER", #{clientId: "a"});
        a.on("connect", || {
            let b = mqtt.connect("BROKER", #{clientId: "b"});
            a.end(|| console.log("a", a.state));
            b.on("connect", || b.end(|| console.log("b", b.state)));
        });
    "#;
    let mut running = expecting(&peer, "a ended\nb ended\n", text);
    let mut first = peer.accept();
    assert_eq!(first.handshake().client_id, "a");
    let mut second = peer.accept();
    assert_eq!(second.read_connect().client_id, "b");
    first.expect_goodbye();
    // Only now: else the two ends could come in either order.
    running.wait_for_line("a ended");
    second.connack();
    second.expect_goodbye();
    running.finish();
}

/// A program may make one client for each job.
#[test]
fn a_client_that_has_ended_and_is_forgotten_takes_no_room() {
    let broker = broker();
    script(
        &broker.url(),
        r#"
        let jobs = 0;
        let before = 0;
        fn job() {
            let client = mqtt.connectAsync("BROKER");
            client.endAsync();
            jobs += 1;
            let used = process.memoryUsage().rss / 1024;
            if jobs == 100 { before = used; }
            // 300 clients that are kept take more than 10,000 KiB.
            if jobs == 400 { return console.log(if used - before < 4000 { "small" } else { used - before }); }
            set_timeout(|| job(), 1);
        }
        job();
        "#,
    )
    .stdout("small\n")
    .run();
}
