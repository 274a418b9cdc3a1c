//! Subscribing to Topics and Receiving Messages.

use rumqttc_v4::{QoS, SubscribeFilter};

use crate::support::broker::broker;
use crate::support::link::{Link, V4};
use crate::support::observer::publish;
use crate::support::peer::Peer;
use crate::{interrupt, tutorial};

/// The filters of the tutorial's list and object.
pub fn list_and_object() -> [Vec<SubscribeFilter>; 2] {
    let filter = |(topic, qos): &(&str, QoS)| SubscribeFilter::new((*topic).to_owned(), *qos);
    let list = ["topic2", "topic3", "topic4"].map(|topic| (topic, QoS::AtLeastOnce));
    let object = [("topic22", QoS::AtMostOnce), ("topic33", QoS::AtLeastOnce), ("topic44", QoS::AtLeastOnce)];
    [list.iter().map(filter).collect(), object.iter().map(filter).collect()]
}

#[test]
fn subscribe_three_ways() {
    let peer = Peer::listen();
    let running = tutorial("subscribe_three_ways").arg(peer.url()).code(130).spawn();
    let mut link: Link<V4> = peer.accept();
    link.handshake();
    let [list, object] = list_and_object();
    assert_eq!(link.grant(), [SubscribeFilter::new("topic".into(), QoS::AtLeastOnce)]);
    assert_eq!(link.grant(), list);
    assert_eq!(link.grant(), object);
    // Still the same connection.
    interrupt(running);
    link.expect_goodbye();
}

#[test]
fn subscribe_three_ways_is_granted() {
    let broker = broker();
    let mut running = tutorial("subscribe_three_ways")
        .flag("-v")
        .arg(broker.url())
        .stderr(
            "[..] DEBUG dialling address=[..]\n[..] DEBUG connected session_present=false keepalive=60\n[..] DEBUG granted codes=[1]\n\
             [..] DEBUG granted codes=[1, 1, 1]\n[..] DEBUG granted codes=[0, 1, 1]\n[..] DEBUG closed cause=asked for by the program\n",
        )
        .code(130)
        .spawn();
    running.wait_for_error_line("[..]codes=[0, 1, 1]");
    interrupt(running);
}

#[test]
fn print_packet() {
    let broker = broker();
    let url = broker.url();
    publish(&url, "testtopic", "test message", 1, true);
    let lines = |retain: bool, qos: u8, length: u8, id: &str| {
        format!(
            "message is test message\ntopic is testtopic\npacket ={{\"cmd\":\"publish\",\"retain\":{retain},\"qos\":{qos},\
             \"dup\":false,\"length\":{length},\"topic\":\"testtopic\",\"payload\":{{\"type\":\"Buffer\",\
             \"data\":[116,101,115,116,32,109,101,115,115,97,103,101]}}{id}}}\npacket retain ={retain}\n"
        )
    };
    let wanted = [lines(true, 1, 25, ",\"messageId\":1"), lines(false, 0, 23, "")].concat();
    let mut running = tutorial("print_packet").arg(&url).stdout(wanted).code(130).spawn();
    running.wait_for_line("packet retain =true");
    publish(&url, "testtopic", "test message", 0, false);
    running.wait_for_line("packet retain =false");
    interrupt(running);
}
