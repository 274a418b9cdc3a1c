use std::collections::HashSet;
use std::path::{Path, PathBuf};

use rumqttc_v4::{Packet, Publish, QoS};
use rumqttc_v5::{PubAck, PubAckReason, PublishProperties, QoS as QoS5};
use rustix::process::Signal;
use tempfile::TempDir;

use crate::prelude::script;
use crate::store_qos_2::killed_at;
use crate::support::broker::broker;
use crate::support::link::{Link, V4};
use crate::support::observer::Observer;
use crate::support::packets::{v4, v5};
use crate::support::peer::{Peer, free_port};
use crate::support::script::Script;
use crate::version_5::no_limits;

/// Where a store is, for the runs of one case.
pub struct Place(TempDir);

impl Place {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder can be made"))
    }

    pub fn folder(&self) -> &Path {
        self.0.path()
    }

    pub fn path(&self) -> PathBuf {
        self.0.path().join("s")
    }

    /// `CLIENT` stands for `let c = mqtt.connect(...)` with this store, `STORE` for its path.
    pub fn script(&self, url: &str, options: &str, text: &str) -> Script {
        let client = "let c = mqtt.connect(\"BROKER\", #{clientId: \"me\", clean: false, store: STORE, OPTIONS});";
        let text = text.replace("CLIENT", client).replace("OPTIONS", options);
        script(url, &text.replace("STORE", &format!("{:?}", self.path()))).flag("--allow-write")
    }

    /// The names beside the store, sorted, and its own.
    pub fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.path()).expect("the folder is there");
        let mut names: Vec<_> =
            entries.map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    pub fn change(&self, change: impl FnOnce(&mut Vec<u8>)) {
        let mut bytes = std::fs::read(self.path()).expect("the store can be read");
        change(&mut bytes);
        std::fs::write(self.path(), bytes).expect("the store can be written");
    }

    /// Accepts these messages, topics `t0`, `t1`, ..., without a broker, and is killed.
    pub fn fill(&self, qos: &[u8]) {
        let url = format!("mqtt://127.0.0.1:{}", free_port());
        let publishes: String = qos
            .iter()
            .enumerate()
            .map(|(index, qos)| format!("c.publish(\"t{index}\", \"{index}\", #{{qos: {qos}}});"))
            .collect();
        let text = format!("CLIENT c.on(\"error\", || ()); {publishes} console.log(c.queued); c.wait(\"never\");");
        let mut running = self.script(&url, "", &text).spawn();
        running.wait_for_line(&qos.len().to_string());
        running.kill9();
    }

    /// What a start finds in the store.
    #[track_caller]
    pub fn expect_left(&self, topics: &[&str]) {
        let url = format!("mqtt://127.0.0.1:{}", free_port());
        let text = r#"
            CLIENT
            c.outgoingStore.createStream().on("data", |packet| console.log(packet.topic)).on("end", || process.exit(0));
        "#;
        let stdout: String = topics.iter().map(|topic| format!("{topic}\n")).collect();
        self.script(&url, "manualConnect: true", text).stdout(stdout).run();
    }
}

pub fn topic(publish: &Publish) -> String {
    String::from_utf8_lossy(&publish.topic).into_owned()
}

/// A PUBLISH as it comes again.
#[track_caller]
pub fn expect_again(link: &mut Link<V4>, name: &str, qos: QoS) -> u16 {
    let publish = link.read_publish();
    assert_eq!((topic(&publish).as_str(), publish.qos, publish.dup), (name, qos, true));
    publish.pkid
}

pub const END: &str = "CLIENT c.on(\"connect\", || c.end());";

#[test]
fn what_was_accepted_before_a_kill_is_sent_in_order_before_what_is_new() {
    for session in [false, true] {
        let (place, peer) = (Place::new(), Peer::listen());
        place.fill(&[1, 2, 1, 2]);
        let text = r#"
            CLIENT
            console.log(c.queued);
            c.publish("new", "x", #{qos: 1}, |error| { console.log("new", error, c.queued); c.end(); });
        "#;
        let running = place.script(&peer.url(), "", text).stdout("4\nnew undefined 0\n").spawn();
        let mut link = peer.accept();
        link.handshake_with(session);
        let ids: Vec<_> = [QoS::AtLeastOnce, QoS::ExactlyOnce, QoS::AtLeastOnce, QoS::ExactlyOnce]
            .into_iter()
            .enumerate()
            .map(|(index, qos)| expect_again(&mut link, &format!("t{index}"), qos))
            .collect();
        let new = link.read_publish();
        assert_eq!((topic(&new).as_str(), new.dup), ("new", false));
        link.send(v4::puback(ids[0]));
        link.send(v4::pubrec(ids[1]));
        link.expect(v4::pubrel(ids[1]));
        link.send(v4::pubcomp(ids[1]));
        link.send(v4::puback(ids[2]));
        link.send(v4::pubrec(ids[3]));
        link.expect(v4::pubrel(ids[3]));
        link.send(v4::pubcomp(ids[3]));
        link.send(v4::puback(new.pkid));
        link.expect_goodbye();
        running.finish();
        place.expect_left(&[]);
    }
}

#[test]
fn clean_sessions_keep_a_store_too() {
    let (place, peer) = (Place::new(), Peer::listen());
    place.fill(&[1]);
    let text = "let c = mqtt.connect(\"BROKER\", #{clientId: \"me\", store: STORE}); c.on(\"connect\", || c.end());";
    let running = place.script(&peer.url(), "", text).spawn();
    let mut link = peer.accept();
    assert!(link.handshake().clean_session);
    let id = expect_again(&mut link, "t0", QoS::AtLeastOnce);
    link.send(v4::puback(id));
    link.expect_goodbye();
    running.finish();
    place.expect_left(&[]);
}

#[test]
fn messages_of_quality_0_are_not_stored() {
    let place = Place::new();
    place.fill(&[0, 1, 0]);
    place.expect_left(&["t1"]);
}

/// Takes messages until the client is killed or says goodbye. What the broker has: `got`, and QoS 2 identifiers in
/// `held`.
pub fn take_some(link: &mut Link<V4>, got: &mut Vec<usize>, held: &mut HashSet<u16>, most: usize) -> bool {
    let (mut packets, mut unanswered) = (0, 0);
    loop {
        match link.read() {
            Packet::Publish(publish) => {
                let number = String::from_utf8_lossy(&publish.payload).parse().expect("payloads are numbers");
                if publish.qos == QoS::AtLeastOnce || held.insert(publish.pkid) {
                    got.push(number);
                }
                packets += 1;
                // Some answers are what the kill swallows; of QoS 2 not so many that the client waits for them.
                if packets % 5 == 0 && most < usize::MAX && unanswered < 10 {
                    unanswered += usize::from(publish.qos == QoS::ExactlyOnce);
                } else {
                    let id = publish.pkid;
                    link.send(if publish.qos == QoS::AtLeastOnce { v4::puback(id) } else { v4::pubrec(id) });
                }
            }
            Packet::PubRel(pubrel) => {
                held.remove(&pubrel.pkid);
                link.send(v4::pubcomp(pubrel.pkid));
            }
            Packet::Disconnect => return true,
            other => panic!("no client sends {other:?}"),
        }
        if packets == most {
            return false;
        }
    }
}

/// The numbers in the order they came first.
pub fn firsts(got: &[usize]) -> Vec<usize> {
    let mut seen = HashSet::new();
    got.iter().copied().filter(|number| seen.insert(*number)).collect()
}

#[test]
fn a_burst_with_kills_in_the_middle_loses_nothing_and_keeps_its_order() {
    for session in [true, false] {
        let (place, peer) = (Place::new(), Peer::listen());
        let text = r#"
            CLIENT
            let next = FIRST;
            let last = FIRST + 2000;
            while next < last {
                c.publish("t", "" + next, #{qos: 1 + next % 2});
                next += 1;
                if next % 50 == 0 { console.log(next); sleep(1); }
            }
            c.wait("never");
        "#;
        let (mut got, mut held, mut first) = (Vec::new(), HashSet::new(), 0);
        for _ in 0..3 {
            let mut running = place.script(&peer.url(), "", &text.replace("FIRST", &first.to_string())).spawn();
            let mut link = peer.accept();
            link.handshake_with(session);
            if !session {
                held.clear();
            }
            take_some(&mut link, &mut got, &mut held, 300);
            running.signal(Signal::KILL);
            let outcome = running.outcome();
            // Accepted for sure; more may have been.
            let accepted: usize = outcome.stdout.lines().last().map_or(first, |line| line.parse().expect("a number"));
            let reached = got.iter().max().map_or(0, |most| most + 1);
            // The numbers go on behind whatever may be in the store.
            first = accepted.max(reached).next_multiple_of(50) + 100;
        }
        let running = place.script(&peer.url(), "", END).spawn();
        let mut link = peer.accept();
        link.handshake_with(session);
        if !session {
            held.clear();
        }
        assert!(take_some(&mut link, &mut got, &mut held, usize::MAX));
        running.finish();
        let order = firsts(&got);
        assert!(order.is_sorted(), "with session {session}: {order:?}");
        // Of each run everything from its first number on, without a gap.
        let gaps: Vec<_> = order.windows(2).filter(|pair| pair[1] != pair[0] + 1).collect();
        assert!(gaps.iter().all(|pair| pair[1] % 50 == 0), "with session {session}: {gaps:?}");
        assert!(gaps.len() <= 2, "with session {session}: {gaps:?}");
        if session {
            let twice: Vec<_> = got.iter().filter(|number| *number % 2 == 1).collect();
            assert_eq!(twice.iter().collect::<HashSet<_>>().len(), twice.len(), "QoS 2 came twice");
        }
        place.expect_left(&[]);
    }
}

#[test]
fn a_real_broker_gets_every_message_and_quality_2_once() {
    const COUNT: usize = 200;
    let (place, broker) = (Place::new(), broker());
    let observer = Observer::subscribe(&broker.observer_url(), "t", 2);
    let text = r#"
        CLIENT
        for i in FROM..TO {
            c.publish("t", "" + i, #{qos: 2});
            if i % 10 == 9 { console.log(i + 1); sleep(1); }
        }
    "#;
    let part = |from: usize, to: usize| text.replace("FROM", &from.to_string()).replace("TO", &to.to_string());
    let mut running = place
        .script(
            &broker.url(),
            "protocolVersion: 5, properties: #{sessionExpiryInterval: 100}",
            &format!("{} c.wait(\"never\");", part(0, COUNT / 2)),
        )
        .spawn();
    running.wait_for_line(&(COUNT / 2).to_string());
    running.kill9();
    let rest = format!("{} c.end(|| console.log(\"over\"));", part(COUNT / 2, COUNT));
    let mut running =
        place.script(&broker.url(), "protocolVersion: 5, properties: #{sessionExpiryInterval: 100}", &rest).spawn();
    running.wait_for_line("over");
    let got: Vec<usize> = (0..COUNT).map(|_| observer.due().text().parse().expect("a number")).collect();
    assert_eq!(got, (0..COUNT).collect::<Vec<_>>());
    assert_eq!(running.outcome().code, Some(0));
}

#[test]
fn what_end_could_not_deliver_is_there_at_the_next_start() {
    let (place, peer) = (Place::new(), Peer::listen());
    let text = r#"
        CLIENT
        c.publish("t", "x", #{qos: 1}, |error| console.log(error.message));
        c.once("message", || c.end(|| console.log("ended")));
    "#;
    let stdout = "Connection closed\nended\n";
    let running = place.script(&peer.url(), "endTimeout: 50", text).stdout(stdout).spawn();
    let mut link = peer.accept();
    link.handshake();
    link.read_publish();
    link.send(v4::publish("now", QoS::AtMostOnce, 0, ""));
    link.expect_goodbye();
    running.finish();
    place.expect_left(&["t"]);
}

#[test]
fn a_client_that_ended_and_connects_again_sends_what_was_left() {
    let (place, peer) = (Place::new(), Peer::listen());
    let text = r#"
        CLIENT
        c.publish("t", "x", #{qos: 1});
        c.once("end", || { c.connect(); c.once("connect", || console.log(c.queued)); });
        c.once("message", || c.end());
    "#;
    let running = place.script(&peer.url(), "endTimeout: 50", text).stdout("1\n").spawn();
    let mut link = peer.accept();
    link.handshake();
    let id = link.read_publish().pkid;
    link.send(v4::publish("now", QoS::AtMostOnce, 0, ""));
    link.expect_goodbye();
    let mut link = peer.accept();
    link.handshake_with(true);
    assert_eq!(expect_again(&mut link, "t", QoS::AtLeastOnce), id);
    link.send(v4::puback(id));
    // Nothing ends it any more.
    drop(running);
}

#[test]
fn a_client_that_gave_up_leaves_its_messages() {
    let place = Place::new();
    let url = format!("mqtt://127.0.0.1:{}", free_port());
    let text = r#"
        CLIENT
        c.on("error", |error| console.log(error.code));
        c.publish("t", "x", #{qos: 2}, |error| console.log(error.message));
    "#;
    place.script(&url, "reconnectPeriod: 0", text).stdout("ECONNREFUSED\nConnection closed\n").run();
    place.expect_left(&["t"]);
}

#[test]
fn a_signal_leaves_what_could_not_be_delivered() {
    let (place, peer) = (Place::new(), Peer::listen());
    let text = "CLIENT c.publish(\"t\", \"x\", #{qos: 1}); console.log(\"out\");";
    let mut running = place.script(&peer.url(), "", text).flag("--exit-timeout=100").spawn();
    let mut link = peer.accept();
    link.handshake();
    link.read_publish();
    running.wait_for_line("out");
    running.signal(Signal::TERM);
    running.outcome();
    place.expect_left(&["t"]);
}

#[test]
fn a_message_that_is_taken_back_leaves_the_store() {
    let place = Place::new();
    let url = format!("mqtt://127.0.0.1:{}", free_port());
    let text = r#"
        CLIENT
        c.on("error", || ());
        c.publish("t0", "x", #{qos: 1}, |error| { console.log(error.message); process.exit(1); });
        let id = c.getLastMessageId();
        c.publish("t1", "x", #{qos: 1});
        c.removeOutgoingMessage(id);
    "#;
    place.script(&url, "", text).stdout("Message removed\n").code(1).run();
    place.expect_left(&["t1"]);
}

#[test]
fn a_refused_message_leaves_the_store() {
    let (place, peer) = (Place::new(), Peer::listen());
    let text = r#"
        CLIENT
        c.publish("t", "x", #{qos: 1}, |error| { console.log(error.code); c.end(); });
    "#;
    let running = place.script(&peer.url(), "protocolVersion: 5", text).stdout("135\n").spawn();
    let mut link = peer.accept_v5();
    link.handshake();
    let id = link.read_publish().pkid;
    link.send(rumqttc_v5::Packet::PubAck(PubAck { pkid: id, reason: PubAckReason::NotAuthorized, properties: None }));
    link.expect_goodbye();
    running.finish();
    place.expect_left(&[]);
}

#[test]
fn a_message_beyond_the_brokers_limits_leaves_the_store() {
    let (place, peer) = (Place::new(), Peer::listen());
    place.fill(&[2, 1]);
    let running = place.script(&peer.url(), "protocolVersion: 5", END).spawn();
    let mut link = peer.accept_v5();
    let properties = rumqttc_v5::ConnAckProperties { max_qos: Some(1), ..no_limits() };
    link.read_connect();
    link.send(v5::connack(false, properties));
    let publish = link.read_publish();
    assert_eq!(&publish.topic[..], b"t1");
    link.send(v5::puback(publish.pkid));
    link.expect_goodbye();
    running.finish();
    place.expect_left(&[]);
}

#[test]
fn options_and_properties_of_a_message_survive() {
    let (place, peer) = (Place::new(), Peer::listen());
    let text = r#"
        CLIENT
        c.on("error", || ());
        c.publish("t", "x", #{qos: 2, retain: true, properties: #{
            userProperties: #{a: "b"}, contentType: "text", messageExpiryInterval: 1000, responseTopic: "r",
            correlationData: "c", payloadFormatIndicator: true,
        }});
        console.log("out");
        c.wait("never");
    "#;
    let nobody = format!("mqtt://127.0.0.1:{}", free_port());
    let mut running = place.script(&nobody, "protocolVersion: 5", text).spawn();
    running.wait_for_line("out");
    running.kill9();
    let running = place.script(&peer.url(), "protocolVersion: 5", END).spawn();
    let mut link = peer.accept_v5();
    link.handshake();
    let publish = link.read_publish();
    let properties = publish.properties.expect("it had some");
    assert!(properties.message_expiry_interval.is_some_and(|left| (900..=1000).contains(&left)));
    let wanted = PublishProperties {
        user_properties: vec![("a".into(), "b".into())],
        content_type: Some("text".into()),
        response_topic: Some("r".into()),
        correlation_data: Some("c".into()),
        payload_format_indicator: Some(1),
        message_expiry_interval: properties.message_expiry_interval,
        ..PublishProperties::default()
    };
    assert_eq!((properties, publish.qos, publish.retain), (wanted, QoS5::ExactlyOnce, true));
    drop(running);
}

#[test]
fn a_message_whose_time_is_over_is_not_sent() {
    let (place, peer) = (Place::new(), Peer::listen());
    let text = r#"
        CLIENT
        c.on("error", || ());
        c.publish("gone", "x", #{qos: 1, properties: #{messageExpiryInterval: 0}});
        c.publish("here", "x", #{qos: 1, properties: #{messageExpiryInterval: 1000}});
        console.log("out");
        c.wait("never");
    "#;
    let nobody = format!("mqtt://127.0.0.1:{}", free_port());
    let mut running = place.script(&nobody, "protocolVersion: 5", text).spawn();
    running.wait_for_line("out");
    running.kill9();
    let running = place.script(&peer.url(), "protocolVersion: 5", END).spawn();
    let mut link = peer.accept_v5();
    link.handshake();
    let publish = link.read_publish();
    assert_eq!(&publish.topic[..], b"here");
    link.send(v5::puback(publish.pkid));
    link.expect_goodbye();
    running.finish();
    place.expect_left(&[]);
}

#[test]
fn another_client_id_publishes_everything_anew() {
    let (place, peer) = (Place::new(), Peer::listen());
    let id = killed_at(&place, 1);
    let text = "let c = mqtt.connect(\"BROKER\", #{clientId: \"you\", clean: false, store: STORE}); c.on(\"connect\", || c.end());";
    let running = place.script(&peer.url(), "", text).spawn();
    let mut link = peer.accept();
    link.handshake_with(true);
    assert_eq!(expect_again(&mut link, "t", QoS::ExactlyOnce), id);
    drop(running);
}

#[test]
fn a_store_without_a_client_id_is_warned_of() {
    let (place, peer) = (Place::new(), Peer::listen());
    let text = "let c = mqtt.connect(\"BROKER\", #{store: STORE}); c.on(\"connect\", || c.end());";
    let stderr = "warning: with a `store` but without a `clientId`, each run is another client to the broker\n\
                  help: add `clientId: \"...\"`, or stored QoS 2 messages may arrive twice after a restart\n";
    let running = place.script(&peer.url(), "", text).stderr(stderr).spawn();
    let mut link = peer.accept();
    link.handshake();
    link.expect_goodbye();
    running.finish();
}
