use std::time::Duration;

use rumqttc_v4::{ConnectReturnCode, Packet, QoS};

use crate::support::link::V5;
use crate::support::packets::v4;
use crate::support::peer::{Peer, free_port};
use crate::support::script::Running;
use crate::{login, script};

/// Starts `text` behind `let c = mqtt.connect(BROKER, OPTIONS); trace(c);`.
fn traced(peer: &Peer, options: &str, text: &str) -> Running {
    traced_at(&peer.url(), options, text)
}

fn traced_at(url: &str, options: &str, text: &str) -> Running {
    let text = format!("let c = mqtt.connect(\"BROKER\", #{{{options}}}); trace(c);\n{text}");
    script(url, &text).spawn()
}

/// The next lines of standard output are these.
#[track_caller]
fn prints(running: &mut Running, wanted: &str) {
    for line in wanted.lines().map(str::trim) {
        assert_eq!(running.next_line(), line, "wanted\n{wanted}\ngot\n{}", running.stdout_so_far());
    }
}

/// The rest of standard output is this, and then the program ends with `code`.
#[track_caller]
fn ends(mut running: Running, code: i32, wanted: &str) {
    prints(&mut running, wanted);
    let so_far = running.stdout_so_far();
    let outcome = running.outcome();
    assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str(), outcome.code), (so_far.as_str(), "", Some(code)));
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

/// T02, T05: refused. No `offline`, no retry; with an `error` listener the exit code is 0.
#[test]
fn a_refused_session() {
    for (code, text) in [
        (1, "Unacceptable protocol version"),
        (2, "Identifier rejected"),
        (3, "Server unavailable"),
        (4, "Bad username or password"),
        (5, "Not authorized"),
        (6, "undefined"),
    ] {
        let peer = Peer::listen();
        let running = traced(&peer, "reconnectPeriod: 1", "");
        let mut link = peer.accept();
        link.read_connect();
        link.send_bytes(&[0x20, 2, 0, code]);
        link.expect_closed();
        ends(running, 0, &format!("error: Connection refused: {text} {code}\nclose"));
    }
}

/// T05, version 5: CONNACK's properties are readable in the `error` listener, and gone in `close`.
#[test]
fn a_refused_session_of_version_5() {
    let peer = Peer::listen();
    let running = traced(
        &peer,
        "protocolVersion: 5, reconnectPeriod: 1",
        r#"c.on("error", |error| {
            console.log(error.name, JSON.stringify(c.serverProperties));
            console.log("" + error);
        });
        c.on("close", || console.log(c.serverProperties));"#,
    );
    let mut link = peer.accept_v5();
    link.read_connect();
    link.send_bytes(&[0x20, 10, 0, 0x87, 7, 0x1f, 0, 4, b'n', b'o', b'p', b'e']);
    link.expect_closed();
    ends(
        running,
        0,
        "error: Connection refused: Not authorized 135
        ErrorWithReasonCode {\"reasonString\":\"nope\"}
        ErrorWithReasonCode: Connection refused: Not authorized
        close
        undefined",
    );
}

/// T03.
#[test]
fn a_refused_session_that_is_tried_again() {
    let peer = Peer::listen();
    let mut running = traced(&peer, "reconnectOnConnackError: true, reconnectPeriod: 20", "");
    for _ in 0..2 {
        let mut link = peer.accept();
        link.read_connect();
        link.send(v4::refusal(ConnectReturnCode::NotAuthorized));
        link.expect_closed();
    }
    prints(
        &mut running,
        "error: Connection refused: Not authorized 5
        offline
        close reconnecting
        reconnect reconnecting
        error reconnecting: Connection refused: Not authorized 5
        close reconnecting
        reconnect reconnecting",
    );
    let mut link = peer.accept();
    link.handshake();
    prints(&mut running, "connect connected");
    link.close();
    prints(&mut running, "offline\nclose reconnecting");
    running.kill9();
}

/// T06.
#[test]
fn a_refused_connection() {
    let port = free_port();
    let mut running = traced_at(&format!("mqtt://127.0.0.1:{port}"), "reconnectPeriod: 20", "");
    prints(
        &mut running,
        &format!(
            "error: connect ECONNREFUSED 127.0.0.1:{port} ECONNREFUSED
            offline
            close reconnecting
            reconnect reconnecting
            error reconnecting: connect ECONNREFUSED 127.0.0.1:{port} ECONNREFUSED
            close reconnecting
            reconnect reconnecting"
        ),
    );
    running.kill9();
}

/// MQTT.js ends with 0 and no word; a client that gave up without a listener is the test `unheard`.
#[test]
fn a_refused_connection_without_reconnects() {
    let port = free_port();
    let running = traced_at(&format!("mqtt://127.0.0.1:{port}"), "reconnectPeriod: 0", "");
    ends(running, 0, &format!("error: connect ECONNREFUSED 127.0.0.1:{port} ECONNREFUSED\nclose"));
}

/// T06 with `end()` in the listener. MQTT.js emits `end` before `close`; here the order is that of every other end.
#[test]
fn an_end_in_the_error_listener() {
    let port = free_port();
    let running = traced_at(
        &format!("mqtt://127.0.0.1:{port}"),
        "",
        r#"c.once("error", || c.end(|| console.log("callback" + flags(c))));"#,
    );
    ends(
        running,
        0,
        &format!(
            "error: connect ECONNREFUSED 127.0.0.1:{port} ECONNREFUSED
            close disconnecting
            end disconnecting disconnected
            callback disconnecting disconnected"
        ),
    );
}

/// T07.
#[test]
fn a_broker_that_does_not_answer_connect() {
    let peer = Peer::listen();
    let mut running = traced(&peer, "connectTimeout: 50, reconnectPeriod: 20", "");
    for _ in 0..2 {
        let mut link = peer.accept();
        link.read_connect();
        link.expect_closed();
    }
    prints(
        &mut running,
        "offline
        error reconnecting: connack timeout undefined
        close reconnecting
        reconnect reconnecting
        error reconnecting: connack timeout undefined
        close reconnecting",
    );
    running.kill9();
}

/// T08.
#[test]
fn a_broker_that_does_not_answer_pings() {
    let peer = Peer::listen();
    let mut running = traced(&peer, "keepalive: 1, reconnectPeriod: 20", "");
    let mut link = peer.accept();
    link.handshake();
    link.expect(Packet::PingReq);
    link.expect_closed();
    peer.accept().handshake();
    prints(
        &mut running,
        "connect connected
        offline connected
        error connected reconnecting: Keepalive timeout undefined
        close reconnecting
        reconnect reconnecting
        connect connected",
    );
    running.kill9();
}

/// T20.
#[test]
fn a_broker_that_closes_or_resets() {
    let peer = Peer::listen();
    let mut running = traced(&peer, "reconnectPeriod: 20", "");
    let mut link = peer.accept();
    link.handshake();
    prints(&mut running, "connect connected");
    link.close();
    prints(&mut running, "offline\nclose reconnecting\nreconnect reconnecting");
    let mut link = peer.accept();
    link.handshake();
    prints(&mut running, "connect connected");
    link.reset();
    prints(
        &mut running,
        "error connected: read ECONNRESET ECONNRESET
        offline
        close reconnecting
        reconnect reconnecting",
    );
    running.kill9();
}

/// T20 with `reconnectPeriod: 0`.
#[test]
fn a_lost_connection_without_reconnects() {
    let peer = Peer::listen();
    let mut running = traced(&peer, "reconnectPeriod: 0", "");
    let mut link = peer.accept();
    link.handshake();
    prints(&mut running, "connect connected");
    link.close();
    ends(running, 0, "close");
}

/// T22.
#[test]
fn a_broker_that_says_goodbye() {
    let peer = Peer::listen();
    let mut running = traced(
        &peer,
        "protocolVersion: 5, reconnectPeriod: 20",
        r#"c.on("disconnect", |packet| console.log(JSON.stringify(packet)));"#,
    );
    let mut link = peer.accept_v5();
    link.handshake();
    prints(&mut running, "connect connected");
    link.send_bytes(&[0xe0, 8, 139, 6, 0x1f, 0, 3, b'b', b'y', b'e']);
    link.expect_closed();
    peer.accept_v5().handshake();
    prints(
        &mut running,
        r#"disconnect connected
        {"cmd":"disconnect","retain":false,"qos":0,"dup":false,"length":8,"topic":null,"payload":null,"reasonCode":139,"properties":{"reasonString":"bye"}}
        offline
        close reconnecting
        reconnect reconnecting
        connect connected"#,
    );
    running.kill9();
}

/// T23.
#[test]
fn a_manual_start_and_a_second_life() {
    let peer = Peer::listen();
    let running = traced(
        &peer,
        "manualConnect: true",
        r#"console.log("made" + flags(c), c.state);
        c.on("end", || console.log(c.disconnected));
        set_timeout(|| {
            c.connect();
            console.log("called" + flags(c), c.disconnected);
        }, 30);
        c.once("connect", || c.end(|| {
            c.connect();
            console.log("again" + flags(c), c.disconnected, c.state);
            c.once("connect", || c.end());
        }));"#,
    );
    peer.expect_nobody(Duration::from_millis(5));
    for _ in 0..2 {
        let mut link = peer.accept();
        link.handshake();
        link.expect_goodbye();
    }
    ends(
        running,
        0,
        "made offline
        called undefined
        connect connected
        close disconnecting
        end disconnecting disconnected
        true
        again false connecting
        connect connected
        close disconnecting
        end disconnecting disconnected
        true",
    );
}

/// T24. As in MQTT.js, except that requests are accepted meanwhile: the flags do not say `disconnecting`.
#[test]
fn a_reconnect_while_connected() {
    let peer = Peer::listen();
    let running = traced(
        &peer,
        "",
        r#"c.once("connect", || {
            c.reconnect();
            c.publish("a", "kept", #{qos: 1}, |error| { console.log("published", error); c.end(); });
        });"#,
    );
    let mut link = peer.accept();
    link.handshake();
    link.expect_goodbye();
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(&link.take_publish().payload[..], b"kept");
    link.expect_goodbye();
    ends(
        running,
        0,
        "connect connected
        reconnect connected
        close
        end disconnected
        connect connected
        published undefined
        close disconnecting
        end disconnecting disconnected",
    );
}

/// T25: the recipe for a new password. MQTT.js also emits a late `offline` and reconnects once more.
#[test]
fn a_new_password_and_a_reconnect_after_a_refusal() {
    let peer = Peer::listen();
    let running = traced(
        &peer,
        r#"username: "u", password: "old""#,
        r#"c.once("error", || { c.options.password = "new"; c.reconnect(); });
        c.once("connect", || c.end());"#,
    );
    let mut link = peer.accept();
    assert_eq!(link.read_connect().auth, login("u", "old"));
    link.send(v4::refusal(ConnectReturnCode::BadUserNamePassword));
    link.expect_closed();
    let mut link = peer.accept();
    assert_eq!(link.handshake().auth, login("u", "new"));
    link.expect_goodbye();
    ends(
        running,
        0,
        "error: Connection refused: Bad username or password 4
        close
        reconnect
        connect connected
        close disconnecting
        end disconnecting disconnected",
    );
}

/// As in MQTT.js the end is completed first; callbacks see a client that is ending.
#[test]
fn a_revival_during_an_end() {
    for (call, event) in [("connect", ""), ("reconnect", "reconnect\n")] {
        let peer = Peer::listen();
        let running = traced(
            &peer,
            "",
            &format!(
                r#"c.once("connect", || {{
                    c.end(|| console.log("callback"));
                    c.{call}();
                    console.log("called" + flags(c));
                    thrown(|| c.publishAsync("a", "b"));
                    c.once("connect", || c.end());
                }});"#
            ),
        );
        for _ in 0..2 {
            let mut link = peer.accept();
            link.handshake();
            link.expect_goodbye();
        }
        ends(
            running,
            0,
            &format!(
                "connect connected
                called connected disconnecting
                Error: client disconnecting
                close disconnecting
                end disconnecting disconnected
                callback
                {event}connect connected
                close disconnecting
                end disconnecting disconnected"
            ),
        );
    }
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

/// MQTT.js leaves the socket open, or hangs; here the attempt is given up, or flushed first.
#[test]
fn an_end_before_connack() {
    for (call, ordered) in [("c.end(", false), ("c.end(true, ", true)] {
        let peer = Peer::listen();
        let mut running = traced(
            &peer,
            "",
            &format!(r#"process.stdin.on("line", || {call}|error| console.log("callback" + flags(c), error)));"#),
        );
        let mut link = peer.accept();
        link.read_connect();
        running.stdin_line("now");
        link.expect_closed();
        running.close_stdin();
        let _ = ordered;
        ends(
            running,
            0,
            "close disconnecting
            end disconnecting disconnected
            callback disconnecting disconnected undefined",
        );
    }
}

#[test]
fn an_end_before_connack_with_something_to_send() {
    let peer = Peer::listen();
    let running = traced(
        &peer,
        "",
        r#"c.publish("a", "0");
        c.publish("a", "1", #{qos: 1}, |error, packet| console.log("publish:", error, packet.cmd));
        c.subscribe("b", |error| console.log("subscribe:", error));
        c.end(|error| console.log("callback" + flags(c), error));"#,
    );
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(&link.take_publish().payload[..], b"0");
    assert_eq!(&link.take_publish().payload[..], b"1");
    link.grant();
    link.expect_goodbye();
    ends(
        running,
        0,
        "connect connected disconnecting
        publish: undefined publish
        subscribe: undefined
        outgoingEmpty connected disconnecting
        close disconnecting
        end disconnecting disconnected
        callback disconnecting disconnected undefined",
    );
}

/// As in MQTT.js: nothing is open, so there is no `close`.
#[test]
fn an_end_between_two_attempts() {
    let port = free_port();
    let running = traced_at(
        &format!("mqtt://127.0.0.1:{port}"),
        "reconnectPeriod: 60000",
        r#"c.publish("a", "never", |error| console.log("publish:", error.message));
        c.once("close", || set_timeout(|| c.end(true, || console.log("callback" + flags(c))), 5));"#,
    );
    ends(
        running,
        0,
        &format!(
            "error: connect ECONNREFUSED 127.0.0.1:{port} ECONNREFUSED
            offline
            close reconnecting
            publish: Connection closed
            end reconnecting disconnecting disconnected
            callback reconnecting disconnecting disconnected"
        ),
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

/// T10, but in call order, and `connect` does not wait for the backlog.
#[test]
fn calls_before_connack_go_out_in_call_order() {
    let peer = Peer::listen();
    let running = traced(
        &peer,
        "",
        r#"c.publish("q", "a", |error, packet| console.log("a", error, packet));
        c.publish("q", "b", #{qos: 1}, |error, packet| console.log("b", error, packet.cmd));
        c.publish("q", "c", #{qos: 2}, |error, packet| console.log("c", error, packet.cmd));
        c.subscribe("t/#", #{qos: 2}, |error, granted| console.log("d", error, JSON.stringify(granted)));
        c.unsubscribe("u", |error, packet| { console.log("e", error, packet.cmd); c.end(); });"#,
    );
    let mut link = peer.accept();
    link.handshake();
    for (payload, qos) in [("a", QoS::AtMostOnce), ("b", QoS::AtLeastOnce), ("c", QoS::ExactlyOnce)] {
        let publish = link.read_publish();
        assert_eq!((&publish.payload[..], publish.qos), (payload.as_bytes(), qos));
        match qos {
            QoS::AtMostOnce => {}
            QoS::AtLeastOnce => link.send(v4::puback(publish.pkid)),
            QoS::ExactlyOnce => link.send(v4::pubrec(publish.pkid)),
        }
    }
    link.grant();
    let Packet::Unsubscribe(unsubscribe) = link.read() else { panic!("UNSUBSCRIBE was due") };
    let Packet::PubRel(release) = link.read() else { panic!("PUBREL was due") };
    link.send(v4::pubcomp(release.pkid));
    link.send(v4::unsuback(unsubscribe.pkid));
    link.expect_goodbye();
    ends(
        running,
        0,
        r#"connect connected
        a undefined undefined
        b undefined publish
        d undefined [{"qos":2,"topic":"t/#"}]
        c undefined pubrel
        e undefined unsuback
        close disconnecting
        end disconnecting disconnected"#,
    );
}

/// T12, T27: what is held is not asked for again, and its callback has the QoS held instead of `[]`.
#[test]
fn a_filter_that_is_held_is_not_asked_for_again() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER");
        fn show(what, granted, packet) { console.log(what, JSON.stringify(granted), packet == ()); }
        c.subscribe("a", #{qos: 1}, |error, granted, packet| {
            show("first", granted, packet);
            c.subscribe("a", #{qos: 1}, |error, granted, packet| show("same", granted, packet));
            c.subscribe("a", |error, granted, packet| show("lower", granted, packet));
            c.subscribe(["a", "b"], #{qos: 1}, |error, granted, packet| show("one more", granted, packet));
            c.subscribe("a", #{qos: 2}, |error, granted, packet| { show("higher", granted, packet); c.end(); });
        });
        "#,
    )
    .stdout(
        "first [{\"qos\":1,\"topic\":\"a\"}] false\n\
         same [{\"qos\":1,\"topic\":\"a\"}] true\n\
         lower [{\"qos\":1,\"topic\":\"a\"}] true\n\
         one more [{\"qos\":1,\"topic\":\"a\"},{\"qos\":1,\"topic\":\"b\"}] false\n\
         higher [{\"qos\":2,\"topic\":\"a\"}] false\n",
    )
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    let mut asked = || link.grant().into_iter().map(|f| format!("{} {}", f.path, f.qos as u8)).collect::<Vec<_>>();
    assert_eq!(asked(), ["a 1"]);
    assert_eq!(asked(), ["b 1"]);
    assert_eq!(asked(), ["a 2"]);
    link.expect_goodbye();
    running.finish();
}

/// T19, T34: order kept, DUP set, `connect` first, one SUBSCRIBE for what was held.
#[test]
fn what_was_not_acknowledged_goes_out_again() {
    let peer = Peer::listen();
    let mut running = traced(
        &peer,
        "reconnectPeriod: 20",
        r#"c.subscribe("held", #{qos: 1}, |error| {
            for i in 1..4 { let k = i; c.publish("q", "" + k, #{qos: 1}, |error| console.log("acknowledged", k)); }
        });"#,
    );
    let mut link = peer.accept();
    link.handshake();
    link.grant();
    let first: Vec<_> = (0..3).map(|_| link.read_publish()).collect();
    link.close();
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(link.grant()[0].path, "held");
    for publish in first {
        assert!(!publish.dup);
        link.expect(Packet::Publish(rumqttc_v4::Publish { dup: true, ..publish.clone() }));
        link.send(v4::puback(publish.pkid));
    }
    prints(
        &mut running,
        "connect connected
        offline
        close reconnecting
        reconnect reconnecting
        connect connected
        acknowledged 1
        acknowledged 2
        acknowledged 3",
    );
    running.kill9();
}

/// T26.
#[test]
fn a_session_that_is_present_needs_no_subscribe() {
    let peer = Peer::listen();
    let running = traced(
        &peer,
        r#"clean: false, clientId: "me", reconnectPeriod: 20"#,
        r#"c.once("connect", || c.subscribe("held"));
        c.on("message", |topic, payload, packet| { console.log(topic, "" + payload); c.end(); });"#,
    );
    let mut link = peer.accept();
    link.handshake();
    link.grant();
    link.close();
    let mut link = peer.accept();
    link.handshake_with(true);
    link.send(v4::publish("held", QoS::AtLeastOnce, 7, "kept"));
    link.expect(v4::puback(7));
    link.expect_goodbye();
    ends(
        running,
        0,
        "connect connected
        offline
        close reconnecting
        reconnect reconnecting
        connect connected
        message connected
        held kept
        close disconnecting
        end disconnecting disconnected",
    );
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

/// The order of packets and events on one connection. MQTT.js's very first CONNECT cannot be observed unless it is
/// started by hand.
#[test]
fn packets_are_seen_in_order() {
    let peer = Peer::listen();
    let running = traced(
        &peer,
        "manualConnect: true",
        r#"c.on("packetsend", |packet| console.log("send", packet.cmd));
        c.on("packetreceive", |packet| console.log("receive", packet.cmd));
        c.once("connect", || c.publish("a", "x", #{qos: 1}, |error, packet| { console.log("callback"); c.end(); }));
        c.connect();"#,
    );
    let mut link = peer.accept();
    link.handshake();
    link.take_publish();
    link.expect_goodbye();
    ends(
        running,
        0,
        "send connect
        receive connack
        connect connected
        send publish
        receive puback
        callback
        send disconnect
        close disconnecting
        end disconnecting disconnected",
    );
}

/// Version 5: a broker's limits are kept, and its refusals have codes.
#[test]
fn refused_messages_of_version_5() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5});
        fn tell(error, packet) { console.log("" + error, error.code, packet.cmd, packet.reasonCode); }
        c.publish("denied", "1", #{qos: 1}, |error, packet| tell(error, packet));
        c.publish("denied", "2", #{qos: 2}, |error, packet| tell(error, packet));
        c.publish("nobody", "3", #{qos: 1}, |error, packet| { console.log(error, packet.cmd); c.end(); });
        "#,
    )
    .stdout(
        "ErrorWithReasonCode: Publish error: Not authorized 135 puback 135\n\
         ErrorWithReasonCode: Publish error: Not authorized 135 pubrec 135\n\
         undefined publish\n",
    )
    .spawn();
    let mut link: crate::support::link::Link<V5> = peer.accept_v5();
    link.handshake();
    for (first, code) in [(0x40, 135), (0x50, 135), (0x40, 16)] {
        let [high, low] = link.read_publish().pkid.to_be_bytes();
        link.send_bytes(&[first, 3, high, low, code]);
    }
    link.expect_goodbye();
    running.finish();
}
