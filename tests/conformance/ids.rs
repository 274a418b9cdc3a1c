use crate::prelude::{expecting, script};
use crate::support::packets::v4;
use crate::support::peer::Peer;

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

/// An id is never 0, and never one that is still in use `[MQTT-2.3.1-1]`.
#[test]
fn ids_in_use_are_not_given_again() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        for i in 0..1000 { c.publish("a", "", #{qos: 1}); }
        c.end();
    "#;
    let running = expecting(&peer, "", text);
    let mut link = peer.accept();
    link.handshake();
    let ids: std::collections::HashSet<u16> = (0..1000).map(|_| link.read_publish().pkid).collect();
    assert!(ids.len() == 1000 && !ids.contains(&0), "{}", ids.len());
    for id in ids {
        link.send(v4::puback(id));
    }
    link.expect_goodbye();
    running.finish();
}

/// SUBSCRIBE, UNSUBSCRIBE and PUBLISH share the ids.
#[test]
fn requests_share_the_ids() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER");
        c.subscribe("a");
        let first = c.getLastMessageId();
        c.unsubscribe("b");
        c.publish("c", "", #{qos: 2});
        let last = c.getLastMessageId();
        console.log(last - first == 2 || last < 3);
        c.publish("d", "");
        console.log(c.getLastMessageId() == last);
        c.end();
    "#;
    let running = expecting(&peer, "true\ntrue\n", text);
    let mut link = peer.accept();
    link.handshake();
    let ids: std::collections::HashSet<Vec<u8>> = (0..2).map(|_| link.read_frame()[2..4].to_vec()).collect();
    assert_eq!(ids.len(), 2);
    assert!(!ids.contains(link.read_publish().pkid.to_be_bytes().as_slice()));
    running.kill9();
}
