//! `client.state` and `client.queued`, as they change.

use rumqttc_v4::QoS;

use crate::prelude::script;
use crate::support::packets::v4;
use crate::support::peer::{Peer, free_port};

#[test]
fn every_state_in_its_turn() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER", #{reconnectPeriod: 10, manualConnect: true});
        console.log("made", c.state);
        c.connect();
        console.log("told to connect", c.state);
        for name in ["connect", "close", "reconnect", "offline", "end"] { let event = name; c.on(event, || console.log(event, c.state)); }
        c.on("message", || { c.end(); console.log("told to end", c.state); });
        "#,
    )
    .stdout(
        "made offline\ntold to connect connecting\nconnect connected\noffline offline\nclose offline\nreconnect reconnecting\n\
         connect connected\ntold to end ending\nclose ending\nend ended\n",
    )
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    link.close();
    let mut link = peer.accept();
    link.handshake();
    link.send(v4::publish("a", QoS::AtMostOnce, 0, ""));
    link.expect_goodbye();
    running.finish();
}

#[test]
fn a_client_that_gave_up_is_offline_and_one_that_is_revived_connects() {
    let port = free_port();
    script(
        "",
        &format!(
            r#"
            let c = mqtt.connect("mqtt://127.0.0.1:{port}", #{{reconnectPeriod: 0}});
            c.on("error", |error| console.log(error.code, c.state));
            c.once("close", || {{
                console.log("close", c.state);
                c.connect();
                console.log("again", c.state);
                c.end(|| console.log(c.state));
            }});
            "#
        ),
    )
    .stdout("ECONNREFUSED offline\nclose offline\nagain connecting\nended\n")
    .run();
}

#[test]
fn queued_counts_until_a_message_is_written_or_acknowledged() {
    let peer = Peer::listen();
    let mut running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER");
        c.publish("a", "");
        c.publish("b", "", #{qos: 1});
        c.publish("c", "", #{qos: 2});
        c.subscribe("d");
        console.log(c.queued);
        c.on("message", || { console.log(c.queued); if c.queued == 0 { c.end(); } });
        "#,
    )
    .stdout("3\n2\n1\n1\n0\n")
    .spawn();
    let look = || v4::publish("look", QoS::AtMostOnce, 0, "");
    let mut link = peer.accept();
    link.handshake();
    link.read_publish();
    let (one, two) = (link.read_publish(), link.read_publish());
    link.grant();
    link.send(look());
    // Each answer goes out only when the one before was seen.
    running.wait_for_line("2");
    link.send(v4::puback(one.pkid));
    link.send(look());
    running.wait_for_line("1");
    link.send(v4::pubrec(two.pkid));
    link.expect(v4::pubrel(two.pkid));
    link.send(look());
    running.wait_for_line("1");
    link.send(v4::pubcomp(two.pkid));
    link.send(look());
    link.expect_goodbye();
    running.finish();
}
