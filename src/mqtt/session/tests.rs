use std::sync::Arc;

use crate::mqtt::command::{Answer, Request};
use crate::mqtt::event::{Delivery, Event};
use crate::mqtt::ids::PacketIds;
use crate::mqtt::packet::{Ack, Connack, Grants, Packet, PacketId, Properties, Publish, QoS, Subscribe, Version};
use crate::mqtt::queue::Queue;
use crate::mqtt::session::{Outgoing, Session};

struct Fixture {
    session: Session,
    ids: PacketIds,
    unfinished: Arc<Queue>,
}

fn session() -> Fixture {
    let (ids, unfinished) = (PacketIds::starting_after(0), Arc::<Queue>::default());
    let session = Session::new(Version::V5, ids.clone(), true, Arc::clone(&unfinished));
    Fixture { session, ids, unfinished }
}

fn connack(session_present: bool, receive_maximum: u16) -> Connack {
    let properties = Properties { receive_maximum: Some(receive_maximum), ..Properties::default() };
    Connack { session_present, code: 0, properties: Some(Box::new(properties)) }
}

impl Fixture {
    fn publish(&mut self, qos: QoS) -> PacketId {
        let id = self.ids.take().unwrap_or(0);
        self.unfinished.add(0);
        self.session.publish(Request { token: None, packet: Publish { id, qos, ..Publish::default() } });
        id
    }

    /// All that may go out now.
    fn sent(&mut self) -> Vec<Packet> {
        std::iter::from_fn(|| self.session.next(&mut Vec::new()).map(|outgoing| outgoing.packet)).collect()
    }

    fn sent_ids(&mut self) -> Vec<PacketId> {
        let id = |packet| match packet {
            Packet::Publish(publish) => publish.id,
            other => panic!("{other:?} is no PUBLISH"),
        };
        self.sent().into_iter().map(id).collect()
    }
}

#[test]
fn a_removed_message_gives_its_place_in_the_window_back_only_if_it_had_one() {
    let mut fixture = session();
    fixture.session.connected(&connack(false, 2), false);
    let ids: Vec<_> = (0..4).map(|_| fixture.publish(QoS::AtLeastOnce)).collect();
    assert_eq!(fixture.sent_ids(), ids[..2]);
    // Waits in the queue: the window is as full as before.
    fixture.session.remove(ids[2], &mut Vec::new());
    assert_eq!(fixture.sent_ids(), [0; 0]);
    fixture.session.remove(ids[0], &mut Vec::new());
    assert_eq!(fixture.sent_ids(), ids[3..]);
    // Two on the wire; on a connection with room for one, the second waits to be replayed.
    fixture.session.disconnected(&mut Vec::new());
    fixture.session.connected(&connack(true, 1), false);
    assert_eq!(fixture.sent_ids(), ids[1..2]);
    let last = fixture.publish(QoS::AtLeastOnce);
    fixture.session.remove(ids[3], &mut Vec::new());
    assert_eq!(fixture.sent_ids(), [0; 0]);
    fixture.session.on_puback(Ack::success(ids[1]), 2, &mut Vec::new());
    assert_eq!(fixture.sent_ids(), [last]);
    assert_eq!(fixture.unfinished.load().messages, 1);
}

#[test]
fn a_message_that_cannot_be_written_gives_its_place_in_the_window_back() {
    let mut fixture = session();
    fixture.session.connected(&connack(false, 1), false);
    let ids = [fixture.publish(QoS::AtLeastOnce), fixture.publish(QoS::AtLeastOnce)];
    let packet = fixture.session.next(&mut Vec::new()).expect("there is room").packet;
    fixture.session.refuse(&packet, &crate::mqtt::error::Error::new("no"), &mut Vec::new());
    assert_eq!(fixture.sent_ids(), ids[1..]);
    assert_eq!(fixture.unfinished.load().messages, 1);
}

#[test]
fn subscriptions_are_restored_also_when_all_identifiers_were_in_use() {
    let mut fixture = session();
    fixture.session.connected(&connack(false, 10), false);
    let filter = crate::mqtt::packet::Subscription { filter: "a".into(), ..Default::default() };
    let id = fixture.ids.take().expect("free");
    let packet = Subscribe { id, filters: vec![filter], properties: None };
    fixture.session.subscribe(Request { token: None, packet });
    fixture.sent();
    let suback = Grants { id, codes: vec![0], properties: None };
    fixture.session.on_suback(suback, 3, &mut Vec::new()).expect("as many codes as filters");
    fixture.session.disconnected(&mut Vec::new());

    let first = fixture.publish(QoS::AtLeastOnce);
    for _ in 1..=usize::from(PacketId::MAX) {
        fixture.publish(QoS::AtLeastOnce);
    }
    fixture.session.connected(&connack(false, 10), true);
    assert_eq!(fixture.sent_ids().len(), 10, "publishes need not wait for the subscription");
    fixture.session.on_puback(Ack::success(first), 2, &mut Vec::new());
    let next = fixture.session.next(&mut Vec::new()).map(|outgoing| outgoing.packet);
    assert!(matches!(&next, Some(Packet::Subscribe(subscribe)) if subscribe.id == first), "{next:?}");
}

/// Delivers a QoS 2 message with identifier 1.
fn receive(session: &mut Session, payload: &'static str, connection: u32, release: bool) -> Vec<Event> {
    let (mut events, mut out) = (Vec::new(), Vec::<Outgoing>::new());
    let publish =
        Publish { id: 1, qos: QoS::ExactlyOnce, topic: "a".into(), payload: payload.into(), ..Publish::default() };
    session.on_publish(publish, 9, connection, &mut events, &mut out).expect("no alias");
    if release {
        session.on_pubrel(&Ack::success(1), connection, &mut events, &mut out);
    }
    events
}

#[test]
fn a_late_acknowledgement_does_not_complete_another_message_of_a_new_session() {
    let delivery = |connection| Delivery { id: 1, qos: QoS::ExactlyOnce, connection };
    for session_present in [true, false] {
        let Fixture { mut session, .. } = session();
        session.start_receiving(None);
        session.connected(&connack(false, 10), false);
        assert_eq!(receive(&mut session, "old", 1, true).len(), 1);
        // The connection is lost while its callbacks run.
        session.disconnected(&mut Vec::new());
        session.start_receiving(None);
        session.connected(&connack(session_present, 10), false);
        let mut out = Vec::new();
        if session_present {
            session.acknowledge(delivery(1), Answer::Handled(0), 2, &mut out);
            assert!(matches!(&out[..], [Outgoing { packet: Packet::Pubcomp(ack), .. }] if ack.id == 1), "{out:?}");
            continue;
        }
        receive(&mut session, "new", 2, false);
        session.acknowledge(delivery(1), Answer::Handled(0), 2, &mut out);
        assert!(out.is_empty(), "{out:?}");
        let mut events = Vec::new();
        session.on_pubrel(&Ack::success(1), 2, &mut events, &mut out);
        assert!(
            matches!(&events[..], [Event::Message(message)] if &message.packet.payload[..] == b"new"),
            "{events:?}"
        );
        session.acknowledge(delivery(2), Answer::Handled(0), 2, &mut out);
        assert_eq!(out.len(), 1, "{out:?}");
    }
}

/// Payloads that are not in the backlog: only PUBREL brings them to the program, and it stands behind them.
#[test]
fn a_broker_that_releases_nothing_is_left_before_memory_is_full() {
    let mut session = session().session;
    session.connected(&connack(false, 10), false);
    session.start_receiving(None);
    let payload = bytes::Bytes::from(vec![0; 1 << 20]);
    let send = |id: u16, session: &mut Session| {
        let publish = Publish { id, qos: QoS::ExactlyOnce, payload: payload.clone(), ..Publish::default() };
        session.on_publish(publish, 9, 1, &mut Vec::new(), &mut Vec::new())
    };
    for id in 1..=256 {
        send(id, &mut session).expect("there is room");
    }
    let error = send(257, &mut session).expect_err("there is none");
    assert_eq!(error.message, "Quota exceeded: 268435456 bytes in 256 QoS 2 messages wait for PUBREL");
    session.on_pubrel(&Ack::success(7), 1, &mut Vec::new(), &mut Vec::new());
    send(257, &mut session).expect("one was released");
    send(258, &mut session).expect_err("only one was");
}

#[test]
fn a_client_that_gave_up_tells_who_waits_and_keeps_the_rest() {
    let mut fixture = session();
    let unheard = fixture.publish(QoS::AtLeastOnce);
    fixture.unfinished.add(0);
    let awaited = Publish { id: fixture.ids.take().expect("free"), qos: QoS::AtLeastOnce, ..Publish::default() };
    let awaited_id = awaited.id;
    fixture.session.publish(Request { token: Some(1), packet: awaited });
    let subscribe = Subscribe { id: fixture.ids.take().expect("free"), ..Subscribe::default() };
    fixture.session.subscribe(Request { token: Some(2), packet: subscribe });

    let mut events = Vec::new();
    fixture.session.disappoint(&crate::mqtt::session::connection_closed(), &mut events);

    let told: Vec<u64> = events
        .iter()
        .filter_map(|event| match event {
            Event::Completed(completion) if completion.error.is_some() => Some(completion.token),
            _ => None,
        })
        .collect();
    assert_eq!(told, [1, 2]);
    assert_eq!(fixture.unfinished.load().messages, 1);
    fixture.session.connected(&connack(false, 10), true);
    let ids: Vec<PacketId> = fixture
        .sent()
        .iter()
        .map(|packet| match packet {
            Packet::Publish(publish) => publish.id,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(ids, [unheard]);
    assert_ne!(unheard, awaited_id);
}

#[test]
fn after_two_closes_messages_go_one_at_a_time_until_they_are_told_otherwise() {
    use crate::mqtt::session::caution::Evidence;
    let mut fixture = session();
    let ids: Vec<_> = (0..3).map(|_| fixture.publish(QoS::AtLeastOnce)).collect();
    fixture.session.connected(&connack(false, 10), false);
    assert_eq!(fixture.sent_ids(), ids);
    assert!(!fixture.session.blame(Evidence::SILENT, &mut Vec::new()), "each was sent for the first time");
    fixture.session.disconnected(&mut Vec::new());
    fixture.session.connected(&connack(true, 10), false);
    assert_eq!(fixture.sent_ids(), ids);
    assert!(fixture.session.blame(Evidence::SILENT, &mut Vec::new()));
    fixture.session.disconnected(&mut Vec::new());
    fixture.session.connected(&connack(true, 10), false);
    assert_eq!(fixture.sent_ids(), [0; 0], "the link has carried nothing yet");
    fixture.session.prove();
    assert_eq!(fixture.sent_ids(), ids[..1]);
    fixture.session.on_puback(Ack::success(ids[0]), 2, &mut Vec::new());
    assert_eq!(fixture.sent_ids(), ids[1..2]);
    // Its acknowledgement does not come.
    fixture.session.stop_being_careful();
    assert_eq!(fixture.sent_ids(), ids[2..]);
}

/// A call that went out in several SUBSCRIBEs is over with its first failure; what comes of the others is for nobody.
#[test]
fn a_subscribe_in_batches_is_answered_once_whatever_becomes_of_its_parts() {
    type End = fn(&mut Fixture, &[PacketId], &mut Vec<Event>);
    let ends: [End; 4] = [
        // One is refused, the others are granted.
        |fixture, ids, events| {
            for (place, id) in ids.iter().enumerate() {
                let codes = vec![if place == 0 { 128 } else { 0 }];
                let _ = fixture.session.on_suback(Grants { id: *id, codes, properties: None }, 3, events);
            }
        },
        |fixture, _, events| fixture.session.disconnected(events),
        |fixture, _, events| fixture.session.abandon(&super::connection_closed(), events),
        |fixture, _, events| fixture.session.disappoint(&super::connection_closed(), events),
    ];
    for end in ends {
        // The last part may wait still.
        for sent in [2, 3] {
            let mut fixture = session();
            fixture.session.set_subscribing(false, Some(1));
            fixture.session.connected(&connack(false, 10), false);
            let filter = |name: &str| crate::mqtt::packet::Subscription { filter: name.into(), ..Default::default() };
            let filters = ["a", "b", "c"].map(filter).to_vec();
            let packet = Subscribe { id: fixture.ids.take().expect("free"), filters, properties: None };
            fixture.session.subscribe(Request { token: Some(1), packet });
            let mut events = Vec::new();
            let ids: Vec<PacketId> = std::iter::from_fn(|| fixture.session.next(&mut events))
                .take(sent)
                .map(|outgoing| match outgoing.packet {
                    Packet::Subscribe(subscribe) => subscribe.id,
                    other => panic!("{other:?} is no SUBSCRIBE"),
                })
                .collect();
            assert_eq!(ids.len(), sent);
            end(&mut fixture, &ids, &mut events);
            fixture.session.abandon(&super::connection_closed(), &mut events);
            let told = events.iter().filter(|event| matches!(event, Event::Completed(_))).count();
            assert_eq!(told, 1, "{events:?}");
        }
    }
}

/// On a slow link a round trip each would take hours.
#[test]
fn after_two_closes_thousands_need_few_round_trips() {
    use crate::mqtt::session::caution::Evidence;
    let mut fixture = session();
    let ids: Vec<_> = (0..10_000).map(|_| fixture.publish(QoS::AtLeastOnce)).collect();
    fixture.session.connected(&connack(false, u16::MAX), false);
    for _ in 0..2 {
        assert_eq!(fixture.sent_ids(), ids);
        fixture.session.blame(Evidence::SILENT, &mut Vec::new());
        fixture.session.disconnected(&mut Vec::new());
        fixture.session.connected(&connack(true, u16::MAX), false);
    }
    fixture.session.prove();
    let mut trips = Vec::new();
    while fixture.session.has_unfinished_requests() {
        let sent = fixture.sent_ids();
        sent.iter().for_each(|id| fixture.session.on_puback(Ack::success(*id), 2, &mut Vec::new()));
        trips.push(sent.len());
    }
    assert_eq!(trips[..5], [1, 1, 1, 1, 2], "the first ones go one at a time");
    assert!(trips.len() < 20, "{trips:?}");
}
