//! An independent client of MQTT 3.1.1, which every broker here speaks: it counts what scripts publish, and publishes
//! what they are to receive. It reads when it is asked; what comes in between waits in its socket.

use std::collections::HashSet;
use std::net::TcpStream;

use rumqttc_v4::{Connect, ConnectReturnCode, Packet, Publish, QoS, Subscribe, SubscribeReasonCode};

use crate::support::link::{Link, V4};
use crate::support::packets::v4::{puback, pubcomp, pubrec, pubrel};

/// A message as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub topic: String,
    pub payload: Vec<u8>,
    pub qos: u8,
    pub retain: bool,
}

impl Message {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.payload).into_owned()
    }
}

#[derive(Debug)]
pub struct Observer {
    link: Link<V4>,
    early: Vec<Publish>,
    /// QoS 2 identifiers not yet released.
    held: HashSet<u16>,
    next_id: u16,
}

impl Observer {
    /// Logs in with a clean session, `url` as `mqtt://[user:password@]host:port`.
    #[track_caller]
    pub fn connect(url: &str) -> Self {
        let parsed = url::Url::parse(url).unwrap_or_else(|error| panic!("`{url}` is not a URL: {error}"));
        let address = (parsed.host_str().unwrap_or_default(), parsed.port().unwrap_or(1883));
        let stream = TcpStream::connect(address).unwrap_or_else(|error| panic!("cannot reach {url}: {error}"));
        let mut link = Link::<V4>::over(stream);
        let mut connect = Connect::new(format!("observer-{}", fastrand::u64(..)));
        connect.keep_alive = 60;
        connect.clean_session = true;
        if let Some(password) = parsed.password() {
            connect.set_credentials(parsed.username(), password.as_bytes().to_vec());
        }
        link.send(Packet::Connect(connect));
        match link.read() {
            Packet::ConnAck(connack) if connack.code == ConnectReturnCode::Success => {}
            other => panic!("{url} refused the observer: {other:?}"),
        }
        Self { link, early: Vec::new(), held: HashSet::new(), next_id: 1 }
    }

    /// Subscribes; returns when it is granted, so that nothing published from now on is missed.
    #[track_caller]
    pub fn subscribe(url: &str, filter: &str, qos: u8) -> Self {
        let mut observer = Self::connect(url);
        let mut subscribe = Subscribe::new(filter, level(qos));
        subscribe.pkid = observer.id();
        observer.link.send(Packet::Subscribe(subscribe));
        loop {
            match observer.link.read() {
                Packet::SubAck(suback) => {
                    let granted = matches!(suback.return_codes[..], [SubscribeReasonCode::Success(_)]);
                    assert!(granted, "the observer's `{filter}` was not granted: {suback:?}");
                    return observer;
                }
                // The broker may send retained messages before the SUBACK `[MQTT-3.8.4-3]`.
                Packet::Publish(publish) => observer.early.push(publish),
                other => panic!("SUBACK was due, but {other:?} came"),
            }
        }
    }

    fn id(&mut self) -> u16 {
        let id = self.next_id;
        self.next_id = id.checked_add(1).unwrap_or(1);
        id
    }

    /// The next message, which is due.
    #[track_caller]
    pub fn due(&mut self) -> Message {
        loop {
            let packet = if self.early.is_empty() { self.link.read() } else { Packet::Publish(self.early.remove(0)) };
            match packet {
                Packet::Publish(publish) => {
                    let id = publish.pkid;
                    let is_new = match publish.qos {
                        QoS::AtMostOnce => true,
                        QoS::AtLeastOnce => {
                            self.link.send(puback(id));
                            true
                        }
                        QoS::ExactlyOnce => {
                            self.link.send(pubrec(id));
                            self.held.insert(id)
                        }
                    };
                    if is_new {
                        return Message {
                            topic: String::from_utf8_lossy(&publish.topic).into_owned(),
                            payload: publish.payload.to_vec(),
                            qos: publish.qos as u8,
                            retain: publish.retain,
                        };
                    }
                }
                Packet::PubRel(release) => {
                    self.held.remove(&release.pkid);
                    self.link.send(pubcomp(release.pkid));
                }
                other => panic!("a message was due, but {other:?} came"),
            }
        }
    }

    /// The broker's answer to what was published under `id`; messages that come in between are passed over.
    #[track_caller]
    fn acknowledgement(&mut self, id: u16) -> Packet {
        loop {
            let packet = self.link.read();
            let acknowledged = match &packet {
                // aMQTT sends retained messages also to who did not subscribe.
                Packet::Publish(_) => continue,
                Packet::PubAck(ack) => ack.pkid,
                Packet::PubRec(ack) => ack.pkid,
                Packet::PubComp(ack) => ack.pkid,
                _ => 0,
            };
            assert_eq!(acknowledged, id, "an acknowledgement of {id} was due, but {packet:?} came");
            return packet;
        }
    }

    /// All messages up to the one on `topic` (which is not returned): publish that one last to know that no other is
    /// on its way.
    #[track_caller]
    pub fn until(&mut self, topic: &str) -> Vec<Message> {
        let mut messages = Vec::new();
        loop {
            let message = self.due();
            if message.topic == topic {
                return messages;
            }
            messages.push(message);
        }
    }
}

/// Publishes one message and waits until the broker has it.
#[track_caller]
pub fn publish(url: &str, topic: &str, payload: impl AsRef<[u8]>, qos: u8, retain: bool) {
    publish_all(url, [(topic, payload.as_ref(), qos, retain)]);
}

/// Publishes messages over one connection and waits until the broker has them.
#[track_caller]
pub fn publish_all<'a>(url: &str, messages: impl IntoIterator<Item = (&'a str, &'a [u8], u8, bool)>) {
    let mut observer = Observer::connect(url);
    for (topic, payload, qos, retain) in messages {
        let mut publish = Publish::new(topic, level(qos), payload.to_vec());
        publish.retain = retain;
        let id = if qos == 0 { 0 } else { observer.id() };
        publish.pkid = id;
        observer.link.send(Packet::Publish(publish));
        // RabbitMQ 3.10.8 answers QoS 2 with PUBACK.
        if qos > 0 && matches!(observer.acknowledgement(id), Packet::PubRec(_)) {
            observer.link.send(pubrel(id));
            observer.acknowledgement(id);
        }
    }
    // A question that is answered after what came before: QoS 0 has no other sign of having arrived.
    observer.link.send(Packet::PingReq);
    while let Packet::Publish(_) = observer.link.read() {}
    observer.link.send(Packet::Disconnect);
    observer.link.close();
}

/// Removes what is retained on `topic`.
#[track_caller]
pub fn clear_retained(url: &str, topic: &str) {
    publish(url, topic, "", 1, true);
}

#[track_caller]
fn level(qos: u8) -> QoS {
    match qos {
        0 => QoS::AtMostOnce,
        1 => QoS::AtLeastOnce,
        2 => QoS::ExactlyOnce,
        _ => panic!("{qos} is not a QoS"),
    }
}
