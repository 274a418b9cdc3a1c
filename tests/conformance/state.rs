use rumqttc_v4::{ConnectReturnCode, Packet};

use crate::prelude::script;
use crate::support::packets::v4;
use crate::support::peer::{Peer, free_port};

#[test]
fn what_is_queued_and_what_can_be_taken_back() {
    let peer = Peer::listen();
    let mut running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER");
        console.log(c.queued, c.state);
        c.publish("a", "kept", #{qos: 1}, |error, packet| { console.log("kept:", error, packet.cmd); });
        let first = c.getLastMessageId();
        c.publish("a", "removed", #{qos: 1}, |error, packet| { console.log("removed:", error.message, packet); });
        let second = c.getLastMessageId();
        c.publish("a", "0");
        console.log(c.queued, c.getLastMessageId() == second, second == first + 1 || second == 1);
        console.log(c.removeOutgoingMessage(second) == c);
        c.removeOutgoingMessage(first + 100);
        thrown(|| c.removeOutgoingMessage(0));
        thrown(|| c.removeOutgoingMessage("x"));
        c.on("connect", || console.log(c.state));
        c.on("message", || { console.log(c.queued); c.end(); console.log(c.state); });
        c.on("end", || console.log(c.state));
        "#,
    )
    .stdout(
        "0 connecting\n3 true true\ntrue\n\
         TypeError: `removeOutgoingMessage` takes a packet identifier from 1 to 65535 as `id` but got an integer\n\
         TypeError: `removeOutgoingMessage` takes a number as `id` but got text\n\
         removed: Message removed undefined\nconnected\nkept: undefined publish\n0\nending\nended\n",
    )
    .spawn();
    let mut link = peer.accept();
    link.read_connect();
    running.wait_for_line("removed: Message removed undefined");
    link.connack();
    assert_eq!(&link.take_publish().payload[..], b"kept");
    assert_eq!(&link.take_publish().payload[..], b"0");
    link.send_bytes(&[0x30, 3, 0, 1, b'a']);
    link.expect_goodbye();
    running.finish();
}

/// B16: "didn't get it to work"; here it does.
#[test]
fn a_client_over_a_stream_of_its_own() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        &format!(
            r#"
            let attempts = 0;
            let c = mqtt.Client(|client| {{
                attempts += 1;
                console.log("build", attempts, client.connected);
                net.connect({}, "127.0.0.1")
            }}, #{{clientId: "me", reconnectPeriod: 10}});
            c.on("connect", || if attempts == 2 {{ c.end(); }});
            "#,
            peer.port()
        ),
    )
    .stdout("build 1 false\nbuild 2 false\n")
    .spawn();
    let mut link = peer.accept();
    assert_eq!(link.handshake().client_id, "me");
    link.close();
    let mut link = peer.accept();
    link.handshake();
    link.expect_goodbye();
    running.finish();
}

#[test]
fn a_client_over_a_tls_stream() {
    let peer = Peer::listen();
    let mut running = script(
        "",
        &format!(r#"mqtt.Client(|client| tls.connect({}, "127.0.0.1", #{{rejectUnauthorized: false}}));"#, peer.port()),
    )
    .spawn();
    let mut first = [0; 3];
    std::io::Read::read_exact(&mut peer.accept_stream(), &mut first).expect("it says hello");
    assert_eq!(first[..2], [0x16, 3], "a TLS handshake");
    assert!(!running.has_ended());
    running.kill9();
}

#[test]
fn a_stream_builder_that_returns_nonsense_ends_the_program() {
    for (builder, message) in [
        ("|client| 5", "error: the stream builder of `mqtt.Client` must return a stream\n"),
        ("|client| throw \"no\"", "error: no\n"),
        ("|client| ()", "error: the stream builder of `mqtt.Client` must return a stream\n"),
    ] {
        let outcome = script("", &format!("mqtt.Client({builder});")).outcome();
        assert!(outcome.code == Some(1) && outcome.stderr.starts_with(message), "{outcome}");
    }
    script("", "thrown(|| mqtt.Client(5)); thrown(|| mqtt.Client(|a, b| 5));")
        .stdout(
            "TypeError: `Client` takes a function as `streamBuilder` but got an integer\n\
             TypeError: the stream builder of `mqtt.Client` takes 2 parameters, but it is given 1 (client)\n",
        )
        .run();
}

/// T40.
#[test]
fn connect_async() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let c = mqtt.connectAsync("BROKER", #{clientId: "me"});
        console.log(c.connected, c.state);
        console.log(JSON.stringify(c.subscribeAsync(["a", "b"], #{qos: 1})));
        console.log(c.publishAsync("t", "0"));
        console.log(c.publishAsync("t", "1", #{qos: 1}).cmd);
        console.log(c.publishAsync("t", "2", #{qos: 2}).cmd);
        console.log(c.unsubscribeAsync("a").cmd);
        thrown(|| c.subscribeAsync("denied"));
        console.log(c.endAsync(), c.disconnected, c.state);
        thrown(|| c.publishAsync("t", "late"));
        console.log(c.endAsync());
        "#,
    )
    .stdout(
        "true connected\n[{\"qos\":1,\"topic\":\"a\"},{\"qos\":1,\"topic\":\"b\"}]\nundefined\npublish\npubrel\nunsuback\n\
         [..]: Subscribe error: Unspecified error\nundefined true ended\nError: client disconnecting\nundefined\n",
    )
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    link.grant();
    for _ in 0..3 {
        link.take_publish();
    }
    let Packet::Unsubscribe(unsubscribe) = link.read() else { panic!("UNSUBSCRIBE was due") };
    link.send(v4::unsuback(unsubscribe.pkid));
    let Packet::Subscribe(subscribe) = link.read() else { panic!("SUBSCRIBE was due") };
    let [high, low] = subscribe.pkid.to_be_bytes();
    link.send_bytes(&[0x90, 3, high, low, 0x80]);
    link.expect_goodbye();
    running.finish();
}

/// T40: the first error rejects, also where the client would have tried again.
#[test]
fn connect_async_that_fails() {
    let port = free_port();
    script(
        &format!("mqtt://127.0.0.1:{port}"),
        r#"try { mqtt.connectAsync("BROKER"); } catch (e) { console.log(e.message, e.code); }"#,
    )
    .stdout(format!("connect ECONNREFUSED 127.0.0.1:{port} ECONNREFUSED\n"))
    .run();
    let peer = Peer::listen();
    let running =
        script(&peer.url(), r#"try { mqtt.connectAsync("BROKER"); } catch (e) { console.log("" + e, e.code); }"#)
            .stdout("ErrorWithReasonCode: Connection refused: Not authorized 5\n")
            .spawn();
    let mut link = peer.accept();
    link.read_connect();
    link.send(v4::refusal(ConnectReturnCode::NotAuthorized));
    link.expect_closed();
    running.finish();
    let peer = Peer::listen();
    let running = script(&peer.url(), r#"thrown(|| mqtt.connectAsync("BROKER", #{}, false));"#)
        .stdout("Error: Couldn't connect to server\n")
        .spawn();
    peer.accept().close();
    running.finish();
}

/// The broker's keep alive wins for this connection; the option stays.
#[test]
fn the_keep_alive_of_the_broker() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5, keepalive: 100});
        console.log(c.keepalive, c.serverProperties, c.options.keepalive);
        c.on("connect", |connack| {
            console.log(c.keepalive, c.serverProperties.serverKeepAlive, connack.properties.serverKeepAlive, c.options.keepalive);
            c.end();
        });
        c.on("close", || console.log(c.serverProperties));
        "#,
    )
    .stdout("100 undefined 100\n7 7 7 100\nundefined\n")
    .spawn();
    let mut link = peer.accept_v5();
    link.read_connect();
    link.send_bytes(&[0x20, 6, 0, 0, 3, 0x13, 0, 7]);
    link.expect_goodbye();
    running.finish();
}
