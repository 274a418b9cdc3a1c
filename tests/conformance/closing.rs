use rumqttc_v4::ConnectReturnCode;

use crate::prelude::script;
use crate::support::packets::v4;
use crate::support::peer::Peer;

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
fn connect_async_does_not_wait_for_a_client_that_gave_up() {
    let peer = Peer::listen();
    let text = r#"
        try { mqtt.connectAsync("BROKER", #{reconnectPeriod: 0}); } catch (error) { console.log(error.message); }
    "#;
    let running = script(&peer.url(), text).stdout("Couldn't connect to server\n").spawn();
    let mut link = peer.accept();
    link.read_connect();
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
