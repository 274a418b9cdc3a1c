use std::time::Duration;

use rumqttc_v4::{ConnectReturnCode, Packet};

use crate::prelude::login;
use crate::prelude::{ends, prints, traced, traced_at};
use crate::support::packets::v4;
use crate::support::peer::{Peer, free_port};

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

/// MQTT.js leaves the socket open, or hangs; here the attempt is given up, or flushed first. DISCONNECT goes out because the
/// broker may have accepted already, and would publish the will.
#[test]
fn an_end_before_connack() {
    for (call, forced) in [("c.end(", false), ("c.end(true, ", true)] {
        let peer = Peer::listen();
        let mut running = traced(
            &peer,
            "",
            &format!(r#"process.stdin.on("line", || {call}|error| console.log("callback" + flags(c), error)));"#),
        );
        let mut link = peer.accept();
        link.read_connect();
        running.stdin_line("now");
        if forced {
            link.expect_closed();
        } else {
            link.expect_goodbye();
        }
        running.close_stdin();
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
