use rumqttc_v4::Packet;

use crate::prelude::{ends, expecting, script, traced, traced_at};
use crate::support::peer::{Peer, free_port};

#[test]
fn end_gives_up_a_broker_that_is_not_there() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER", #{endTimeout: 100, reconnectPeriod: 10});
        client.on("error", || ());
        client.publish("a", "0", |error| console.log(error.message));
        client.publish("a", "1", #{qos: 1}, |error| console.log(error.message));
        client.end(|| console.log("end", client.queued));
    "#;
    let script = script(&peer.url(), text).stdout("Connection closed\nConnection closed\nend 0\n");
    peer.stop();
    script.run();
}

#[test]
fn connect_publish_end_in_one_go_publishes() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER", #{manualConnect: true});
        client.connect();
        client.publish("a", "1", #{qos: 1}, |error| console.log(error));
        client.end();
    "#;
    let running = script(&peer.url(), text).stdout("undefined\n").spawn();
    let mut link = peer.accept();
    link.handshake();
    link.take_publish();
    link.expect_goodbye();
    running.finish();
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

/// Any subset of `force`, options and callback, in this order.
#[test]
fn what_end_may_be_given() {
    for (arguments, goodbye) in [
        ("", true),
        ("false", true),
        ("|| console.log(1)", true),
        ("#{}", true),
        ("false, #{}", true),
        ("false, #{}, ()", true),
        ("#{}, || console.log(1)", true),
        ("false, #{}, || console.log(1)", true),
        ("true", false),
        ("true, || console.log(1)", false),
        ("true, #{}, || console.log(1)", false),
    ] {
        let peer = Peer::listen();
        let text = format!(r#"let c = mqtt.connect("BROKER"); c.on("connect", || c.end({arguments}));"#);
        let running = expecting(&peer, if arguments.contains("log") { "1\n" } else { "" }, &text);
        let mut link = peer.accept();
        link.handshake();
        if goodbye {
            link.expect(Packet::Disconnect);
        }
        link.expect_closed();
        running.finish();
    }
}

#[test]
fn what_end_may_not_be_given() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.on("connect", || {
            thrown(|| c.end(#{}, 5));
            thrown(|| c.end(5));
            thrown(|| c.end(true, "x"));
            console.log(c.state);
            c.end();
        });
    "#;
    let stdout = "TypeError: `end` takes a function as `callback` but got an integer\n\
                  TypeError: `end` takes a map as `options` but got an integer\n\
                  TypeError: `end` takes a map as `options` but got text\nconnected\n";
    let running = expecting(&peer, stdout, text);
    let mut link = peer.accept();
    link.handshake();
    link.expect_goodbye();
    running.finish();
}
