use rumqttc_v4::{ConnectReturnCode, Packet};

use crate::prelude::script;
use crate::support::packets::v4;
use crate::support::peer::{Peer, free_port};

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
