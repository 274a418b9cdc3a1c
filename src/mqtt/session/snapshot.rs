//! What a session holds at one moment, for programs that look.

use crate::mqtt::packet::{Packet, PacketId};
use crate::mqtt::session::flight::Awaits;
use crate::mqtt::session::{Queued, Session};

/// What waits and what is under way.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Snapshot {
    /// Requests not sent yet, in call order.
    pub queue: Vec<Packet>,
    /// Requests with an identifier that are not over, sent or not, lowest identifier first.
    pub outgoing: Vec<Outstanding>,
}

/// A request that is not over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outstanding {
    /// Its packet identifier.
    pub id: PacketId,
    /// What kind of packet goes out next for it, in MQTT.js's words.
    pub cmd: &'static str,
    /// A lost connection ends it: subscribes and unsubscribes.
    pub volatile: bool,
    /// The filters of a subscribe.
    pub filters: Vec<String>,
}

impl Session {
    /// What waits and what is under way now.
    pub fn snapshot(&self) -> Snapshot {
        let queue: Vec<Packet> = self.queue.iter().map(Queued::packet).collect();
        let flights = self.flights.iter().map(|(id, flight)| match &flight.awaits {
            Awaits::Puback(_) | Awaits::Pubrec(_) => publish(*id, "publish"),
            Awaits::Pubcomp(_) => publish(*id, "pubrel"),
            Awaits::Suback { subscribe, .. } => of_packet(&Packet::Subscribe(subscribe.clone()), *id),
            Awaits::Unsuback(unsubscribe) => of_packet(&Packet::Unsubscribe(unsubscribe.clone()), *id),
        });
        let waiting = queue.iter().filter_map(|packet| id_of(packet).map(|id| of_packet(packet, id)));
        let mut outgoing: Vec<_> = flights.chain(waiting).collect();
        outgoing.sort_by_key(|outstanding| outstanding.id);
        Snapshot { queue, outgoing }
    }
}

impl Queued {
    fn packet(&self) -> Packet {
        match self {
            Self::Publish(request, _) => Packet::Publish(request.packet.clone()),
            Self::Subscribe(request) => Packet::Subscribe(request.packet.clone()),
            Self::Unsubscribe(request) => Packet::Unsubscribe(request.packet.clone()),
        }
    }
}

/// `None`: it has none, or has to wait for one.
fn id_of(packet: &Packet) -> Option<PacketId> {
    let id = match packet {
        Packet::Publish(publish) => publish.id,
        Packet::Subscribe(subscribe) => subscribe.id,
        Packet::Unsubscribe(unsubscribe) => unsubscribe.id,
        _ => 0,
    };
    (id != 0).then_some(id)
}

fn publish(id: PacketId, cmd: &'static str) -> Outstanding {
    Outstanding { id, cmd, volatile: false, filters: Vec::new() }
}

fn of_packet(packet: &Packet, id: PacketId) -> Outstanding {
    match packet {
        Packet::Subscribe(subscribe) => Outstanding {
            id,
            cmd: "subscribe",
            volatile: true,
            filters: subscribe.filters.iter().map(|filter| filter.filter.clone()).collect(),
        },
        Packet::Unsubscribe(_) => Outstanding { id, cmd: "unsubscribe", volatile: true, filters: Vec::new() },
        _ => publish(id, "publish"),
    }
}
