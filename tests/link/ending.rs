use rumqttc_v4::ConnectReturnCode;

use crate::script;
use crate::support::packets::v4;
use crate::support::peer::Peer;

#[test]
fn end_sends_and_awaits_what_was_accepted_before() {
    for start in ["send();", r#"client.on("connect", send);"#] {
        let peer = Peer::listen();
        let text = r#"
            let client = mqtt.connect(URL);
            let good = 0;
            fn send() {
                for i in 0..100 { client.publish("a", "" + i, #{qos: 1}, |error| if error == () { good += 1; }); }
                client.end(|| console.log(good, client.queued));
            }
        "#;
        let running = script(&peer, &format!("{text}{start}")).stdout("100 0\n").spawn();
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
        let client = mqtt.connect(URL, #{endTimeout: 200});
        client.publish("a", "1", #{qos: 1}, |error| console.log(error.message));
        client.publish("a", "2", #{qos: 2}, |error| console.log(error.message));
        client.subscribe("a", |error| console.log(error.message));
        client.on("outgoingEmpty", || console.log("outgoingEmpty"));
        client.end(|| console.log("end", client.queued));
    "#;
    let stdout = "Connection closed\nConnection closed\nConnection closed\nend 0\n";
    let mut running = script(&peer, text).spawn();
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
        let client = mqtt.connect(URL, #{endTimeout: 100, reconnectPeriod: 10});
        client.on("error", || ());
        client.publish("a", "0", |error| console.log(error.message));
        client.publish("a", "1", #{qos: 1}, |error| console.log(error.message));
        client.end(|| console.log("end", client.queued));
    "#;
    let script = script(&peer, text).stdout("Connection closed\nConnection closed\nend 0\n");
    peer.stop();
    script.run();
}

#[test]
fn end_by_force_says_no_goodbye() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect(URL);
        client.publish("a", "1", #{qos: 1}, |error| console.log(error.message));
        client.on("message", || client.end(true, || console.log("end")));
    "#;
    let running = script(&peer, text).stdout("Connection closed\nend\n").spawn();
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
        let client = mqtt.connect(URL, #{manualConnect: true});
        client.connect();
        client.publish("a", "1", #{qos: 1}, |error| console.log(error));
        client.end();
    "#;
    let running = script(&peer, text).stdout("undefined\n").spawn();
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
            let client = mqtt.connect(URL);
            for name in ["close", "end", "reconnect"] { let name = name; client.on(name, || console.log(name)); }
            client.once("connect", || {
                client.publish("a", "1", #{qos: 1});
                client.end();
                client.WORD();
                client.once("connect", || client.end());
            });
        "#;
        let stdout = format!("close\nend\n{events}close\nend\n");
        let running = script(&peer, &text.replace("WORD", word)).stdout(stdout).spawn();
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
        let client = mqtt.connect(URL, #{username: "me", password: "wrong"});
        client.publish("a", "kept", #{qos: 1});
        client.once("error", |error| {
            console.log(error.message);
            client.options.password = "right";
            client.reconnect();
        });
        client.on("connect", || client.end());
    "#;
    let running = script(&peer, text).stdout("Connection refused: Not authorized\n").spawn();
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
