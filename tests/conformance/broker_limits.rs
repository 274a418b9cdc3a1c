use crate::mqtt5::{DISCONNECT, SUBACK, subscribe};
use crate::prelude::script;
use crate::support::peer::Peer;
use crate::wire::{GOODBYE, accept, grants, p1, p4, publish, reason};

/// What a broker says it does not have is not asked for: it would end the connection.
#[test]
fn subscriptions_the_broker_does_not_have_are_refused_here() {
    let peer = Peer::listen();
    let script_text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5});
        let tell = |error, granted| console.log(error.message, granted.map(|grant| grant.qos));
        c.subscribe("a/#", tell);
        c.subscribe(["b", "$share/g/b", "+"], #{qos: 1}, tell);
        c.subscribe("c", #{properties: #{subscriptionIdentifier: 1}}, tell);
        c.subscribe("d", |error, granted| { console.log(error, granted[0].qos); c.end(); });
    "#;
    let stdout = "Subscribe error: Wildcard Subscriptions not supported [ 162 ]\n\
                  Subscribe error: Subscription Identifiers not supported [ 161 ]\n\
                  Subscribe error: Wildcard Subscriptions not supported [ 1, 158, 162 ]\nundefined 0\n";
    let running = script(&peer.url(), script_text).stdout(stdout).spawn();
    let mut link = accept(&peer, &[p1(40, 0), p1(41, 0), p1(42, 0)]);
    let filters = |subscribe: &rumqttc_v5::Subscribe| -> Vec<String> {
        subscribe.filters.iter().map(|filter| filter.path.clone()).collect()
    };
    let first = subscribe(&mut link);
    assert_eq!(filters(&first), ["b"]);
    let second = subscribe(&mut link);
    assert_eq!(filters(&second), ["d"]);
    link.send_bytes(&grants(SUBACK, first.pkid, &[], &[1]));
    link.send_bytes(&grants(SUBACK, second.pkid, &[], &[0]));
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}

#[test]
fn only_what_the_next_broker_has_is_restored() {
    let peer = Peer::listen();
    let script_text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5, reconnectPeriod: 10});
        c.subscribe("a/#");
        c.subscribe("b", #{properties: #{subscriptionIdentifier: 1, userProperties: #{k: "v"}}}, || console.log("subscribed"));
        c.on("message", || c.end());
    "#;
    let mut running = script(&peer.url(), script_text).stdout("subscribed\n").spawn();
    let mut link = accept(&peer, &[]);
    for _ in 0..2 {
        let id = subscribe(&mut link).pkid;
        link.send_bytes(&grants(SUBACK, id, &[], &[0]));
    }
    running.wait_for_line("subscribed");
    link.close();
    let mut link = accept(&peer, &[p1(40, 0), p1(41, 0)]);
    let restored = subscribe(&mut link);
    assert_eq!(restored.filters[0].path, "b");
    let given = restored.properties.expect("properties");
    assert_eq!((given.id, given.user_properties.len()), (None, 1));
    link.send_bytes(&grants(SUBACK, restored.pkid, &[], &[0]));
    link.send_bytes(&publish(0, "b", 0, &[], "x"));
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}

#[test]
fn requests_larger_than_the_broker_takes_are_refused_here() {
    let peer = Peer::listen();
    let script_text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5});
        let long = "a/long/name/of/a/topic/that/does/not/fit";
        c.subscribe(long, |error, granted| console.log(error.message, granted[0].topic == long));
        c.unsubscribe(long, |error| console.log(error.message, error.code));
        c.publish(long, "", |error| console.log(error.message, error.code));
        c.subscribe("a", |error| { console.log(error); c.end(#{reasonCode: 4, properties: #{reasonString: long}}); });
    "#;
    let stdout = "Subscribe error: Packet too large true\nUnsubscribe error: Packet too large 149\n\
                  Publish error: Packet too large 149\nundefined\n";
    let running = script(&peer.url(), script_text).stdout(stdout).spawn();
    let mut link = accept(&peer, &[p4(39, 30)]);
    let id = subscribe(&mut link).pkid;
    link.send_bytes(&grants(SUBACK, id, &[], &[0]));
    // What it says beside its code is left out [MQTT-3.14.2-3].
    link.expect_bytes(&reason(DISCONNECT, 4, &[]));
    link.close();
    running.finish();
}

#[test]
fn a_message_that_is_not_sent_and_not_waited_for_is_told_once() {
    let peer = Peer::listen();
    let script_text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5});
        for i in 0..3 { c.publish("a", "x", #{retain: true}); }
        c.end();
    "#;
    let running = script(&peer.url(), script_text).spawn();
    let mut link = accept(&peer, &[p1(37, 0)]);
    link.expect_bytes(GOODBYE);
    link.close();
    let outcome = running.outcome();
    assert_eq!(outcome.stderr.matches("was not sent: the broker does not retain messages").count(), 1, "{outcome}");
}
