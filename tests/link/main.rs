//! The MQTT client against a peer that answers packet by packet: order, acknowledgements, lost connections, silence.

/// `end` in every situation, and what revives a client.
mod ending;
/// Messages on their way in: acknowledgements, QoS 2, aliases, a slow script.
mod receiving;
/// Messages on their way out: order, acknowledgements, the broker's limits.
mod sending;
/// What a new connection sends again, with and without the broker's session.
mod sessions;
/// Time-outs and pings.
mod silence;
/// SUBSCRIBE, UNSUBSCRIBE and what a reconnect restores.
mod subscribing;
#[path = "../support/mod.rs"]
mod support;

use support::link::{Link, V4};
use support::packets::v4;
use support::peer::Peer;
use support::script::Script;

/// A script that connects to `peer`: `URL` in its text stands for the peer's.
fn script(peer: &Peer, text: &str) -> Script {
    Script::new(text.replace("URL", &format!("{:?}", peer.url())))
}

/// Answers everything as a broker does until DISCONNECT, and tells what came.
fn serve_to_the_end(link: &mut Link<V4>) -> Vec<String> {
    use rumqttc_v4::{Packet, QoS};
    let mut seen = Vec::new();
    loop {
        match link.read() {
            Packet::Publish(publish) => {
                let topic = String::from_utf8_lossy(&publish.topic).into_owned();
                seen.push(format!("publish {topic} {}", publish.qos as u8));
                match publish.qos {
                    QoS::AtMostOnce => {}
                    QoS::AtLeastOnce => link.send(v4::puback(publish.pkid)),
                    QoS::ExactlyOnce => link.send(v4::pubrec(publish.pkid)),
                }
            }
            Packet::PubRel(pubrel) => link.send(v4::pubcomp(pubrel.pkid)),
            Packet::Subscribe(subscribe) => {
                let names: Vec<_> = subscribe.filters.iter().map(|filter| filter.path.as_str()).collect();
                seen.push(format!("subscribe {}", names.join(" ")));
                let grants: Vec<_> = subscribe.filters.iter().map(|filter| filter.qos).collect();
                link.send(v4::suback(subscribe.pkid, &grants));
            }
            Packet::Unsubscribe(unsubscribe) => {
                seen.push(format!("unsubscribe {}", unsubscribe.topics.join(" ")));
                link.send(v4::unsuback(unsubscribe.pkid));
            }
            Packet::PingReq => link.send(Packet::PingResp),
            Packet::Disconnect => return seen,
            other => panic!("no client sends {other:?}"),
        }
    }
}
