use std::time::Duration;

use rumqttc_v4::ConnectReturnCode;

use crate::prelude::{ends, login, script, traced};
use crate::support::packets::v4;
use crate::support::peer::Peer;

#[test]
fn a_client_revived_while_it_ends_ends_and_connects_again() {
    for (word, events) in [("connect", ""), ("reconnect", "reconnect\n")] {
        let peer = Peer::listen();
        let text = r#"
            let client = mqtt.connect("BROKER");
            for name in ["close", "end", "reconnect"] { let name = name; client.on(name, || console.log(name)); }
            client.once("connect", || {
                client.publish("a", "1", #{qos: 1});
                client.end();
                client.WORD();
                client.once("connect", || client.end());
            });
        "#;
        let stdout = format!("close\nend\n{events}close\nend\n");
        let running = script(&peer.url(), &text.replace("WORD", word)).stdout(stdout).spawn();
        for messages in [1, 0] {
            let mut link = peer.accept();
            link.handshake();
            for _ in 0..messages {
                link.take_publish();
            }
            link.expect_goodbye();
        }
        running.finish();
    }
}

#[test]
fn a_refused_client_can_try_again_from_its_error_listener() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER", #{username: "me", password: "wrong"});
        client.publish("a", "kept", #{qos: 1});
        client.once("error", |error| {
            console.log(error.message);
            client.options.password = "right";
            client.reconnect();
        });
        client.on("connect", || client.end());
    "#;
    let running = script(&peer.url(), text).stdout("Connection refused: Not authorized\n").spawn();
    let mut link = peer.accept();
    link.read_connect();
    link.send(v4::refusal(ConnectReturnCode::NotAuthorized));
    link.expect_closed();
    let mut link = peer.accept();
    let connect = link.handshake();
    assert!(format!("{connect:?}").contains("right"), "{connect:?}");
    assert_eq!(&link.take_publish().payload[..], b"kept");
    link.expect_goodbye();
    running.finish();
}

#[test]
fn a_client_that_gave_up_fails_what_it_holds_and_what_it_is_given_until_it_is_revived() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER", #{reconnectPeriod: 0});
        fn tell(what, error) { console.log(what, if error == () { "done" } else { error.message }); }
        client.publish("a", "0", |error| tell("publish 0", error));
        client.publish("a", "1", #{qos: 1}, |error| tell("publish 1", error));
        client.subscribe("a", |error| tell("subscribe", error));
        client.unsubscribe("a", |error| tell("unsubscribe", error));
        client.on("error", |error| console.log(error.message));
        client.once("close", || {
            console.log("close");
            for f in [|| client.publishAsync("b", "", #{qos: 2}), || client.subscribeAsync("b"), || client.unsubscribeAsync("b")] {
                try { f.call(); } catch (error) { tell("async", error); }
            }
            client.publish("c", "", #{qos: 1}, |error| {
                tell("late", error);
                console.log(client.queued);
                client.reconnect();
                client.publish("d", "", #{qos: 1}, |error| { tell("revived", error); client.end(); });
            });
        });
    "#;
    let stdout = "Connection refused: Not authorized\n\
        close\n\
        async Connection closed\n\
        async Connection closed\n\
        async Connection closed\n\
        publish 0 Connection closed\n\
        publish 1 Connection closed\n\
        subscribe Connection closed\n\
        unsubscribe Connection closed\n\
        late Connection closed\n\
        0\n\
        revived done\n";
    let running = script(&peer.url(), text).stdout(stdout).spawn();
    let mut link = peer.accept();
    link.read_connect();
    link.send(v4::refusal(ConnectReturnCode::NotAuthorized));
    link.expect_closed();
    let mut link = peer.accept();
    link.handshake();
    assert_eq!(link.take_publish().topic, "d");
    link.expect_goodbye();
    running.finish();
}

#[test]
fn a_lost_connection_without_retries_fails_what_waits_for_an_acknowledgement() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER", #{reconnectPeriod: 0});
        client.on("error", || ());
        client.publish("a", "", #{qos: 1}, |error| console.log(error.message, client.queued));
    "#;
    let running = script(&peer.url(), text).stdout("Connection closed 0\n").spawn();
    let mut link = peer.accept();
    link.handshake();
    link.read_publish();
    link.close();
    running.finish();
}

#[test]
fn a_blocked_script_learns_that_its_client_gave_up() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER", #{reconnectPeriod: 0});
        client.on("error", |error| console.log(error.message));
        try { client.publishAsync("a", ""); } catch (error) { console.log(error.message); }
        try { client.subscribeAsync("a"); } catch (error) { console.log(error.message); }
    "#;
    let stdout = "Connection closed\nConnection closed\nConnection refused: Not authorized\n";
    let running = script(&peer.url(), text).stdout(stdout).spawn();
    let mut link = peer.accept();
    link.read_connect();
    link.send(v4::refusal(ConnectReturnCode::NotAuthorized));
    link.expect_closed();
    running.finish();
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
