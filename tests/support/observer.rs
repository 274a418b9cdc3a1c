//! An independent MQTT client that subscribes and records what is published, and one that publishes.
//!
//! Both speak MQTT 5 over plain TCP, so that properties are seen too and `retain` is the publisher's (retain as
//! published). URLs are `mqtt://[user:password@]host:port`.

use std::collections::HashSet;
use std::net::{Shutdown, TcpStream};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rumqttc_v5::{
    Connect, ConnectAuth, ConnectProperties, ConnectReturnCode, Disconnect, DisconnectReasonCode, Packet, Publish,
    PublishProperties, QoS, Subscribe, SubscribeFilter, SubscribeReasonCode,
};

use super::PATIENCE;
use super::link::{Link, V5};
use super::packets::v5::{puback, pubcomp, pubrec, pubrel};

/// A message as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Topic name.
    pub topic: String,
    /// Payload.
    pub payload: Vec<u8>,
    /// Quality of service, 0 to 2.
    pub qos: u8,
    /// Retain flag, as it was published.
    pub retain: bool,
    /// Whether it was marked as a repeated delivery.
    pub dup: bool,
    /// Version 5 properties.
    pub properties: Option<PublishProperties>,
}

impl Message {
    /// The payload as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.payload).into_owned()
    }
}

impl From<Publish> for Message {
    fn from(publish: Publish) -> Self {
        Self {
            topic: String::from_utf8_lossy(&publish.topic).into_owned(),
            payload: publish.payload.to_vec(),
            qos: publish.qos as u8,
            retain: publish.retain,
            dup: publish.dup,
            properties: publish.properties,
        }
    }
}

/// A subscribed client on a thread of its own.
#[derive(Debug)]
pub struct Observer {
    came: Receiver<Message>,
    all: Arc<Mutex<Vec<Message>>>,
    _following: Following,
}

/// A subscribed client on a thread of its own that keeps nothing: for more messages than memory is for.
#[derive(Debug)]
pub struct Following {
    socket: TcpStream,
    thread: Option<JoinHandle<()>>,
}

impl Following {
    /// Continues (or begins) the session of `client_id`, which stays at the broker when this is dropped. Each message goes
    /// to `take` when it was acknowledged.
    #[track_caller]
    pub fn session(
        url: &str,
        client_id: &str,
        filter: &str,
        qos: u8,
        take: impl FnMut(Message) + Send + 'static,
    ) -> Self {
        let (link, present) = connect(url, client_id, false);
        // Subscribing again would bring the retained messages again.
        Self::start(link, (!present).then_some((filter, qos)), take)
    }

    #[track_caller]
    fn start(
        mut link: Link<V5>,
        subscription: Option<(&str, u8)>,
        mut take: impl FnMut(Message) + Send + 'static,
    ) -> Self {
        let mut early = Vec::new();
        if let Some((filter, qos)) = subscription {
            let mut filter = SubscribeFilter::new(filter, level(qos));
            filter.preserve_retain = true;
            let mut subscribe = Subscribe::new(filter, None);
            subscribe.pkid = 1;
            link.send(Packet::Subscribe(subscribe));
            loop {
                match link.read() {
                    Packet::SubAck(suback) => {
                        let granted = [SubscribeReasonCode::Success(level(qos))];
                        assert_eq!(suback.return_codes, granted, "the observer's subscription was not granted");
                        break;
                    }
                    // The broker may send retained messages before the SUBACK `[MQTT-3.8.4-2]`.
                    Packet::Publish(publish) => early.push(publish),
                    other => panic!("SUBACK was due, but {other:?} came"),
                }
            }
        }
        let socket = link.socket();
        let thread = std::thread::spawn(move || follow(&mut link, early, &mut take));
        Self { socket, thread: Some(thread) }
    }
}

impl Observer {
    /// Subscribes; returns when the broker has granted it, so that nothing published from now on is missed.
    #[track_caller]
    pub fn subscribe(url: &str, filter: &str, qos: u8) -> Self {
        let link = connect(url, "", true).0;
        Self::start(link, Some((filter, qos)))
    }

    /// Continues (or begins) the session of `client_id`, which stays at the broker when this observer is dropped.
    #[track_caller]
    pub fn session(url: &str, client_id: &str, filter: &str, qos: u8) -> Self {
        let (link, present) = connect(url, client_id, false);
        // Subscribing again would bring the retained messages again.
        Self::start(link, (!present).then_some((filter, qos)))
    }

    #[track_caller]
    fn start(link: Link<V5>, subscription: Option<(&str, u8)>) -> Self {
        let (sender, came) = channel();
        let all = Arc::new(Mutex::new(Vec::new()));
        let record = Arc::clone(&all);
        let following = Following::start(link, subscription, move |message: Message| {
            record.lock().expect("nobody panics with the lock").push(message.clone());
            // Nobody has to look at what came.
            let _ = sender.send(message);
        });
        Self { came, all, _following: following }
    }

    /// The next message; fails if none comes within `limit`.
    #[track_caller]
    pub fn next(&self, limit: Duration) -> Message {
        match self.came.recv_timeout(limit) {
            Ok(message) => message,
            Err(RecvTimeoutError::Timeout) => panic!("no message within {limit:?}, so far: {:#?}", self.all()),
            Err(RecvTimeoutError::Disconnected) => {
                panic!("the broker closed the observer's connection, so far: {:#?}", self.all())
            }
        }
    }

    /// The next message, which is due.
    #[track_caller]
    pub fn due(&self) -> Message {
        self.next(PATIENCE)
    }

    /// All messages up to the one on `topic` (which is not returned): publish that one last to know that no other
    /// is on its way.
    #[track_caller]
    pub fn until(&self, topic: &str) -> Vec<Message> {
        let until = Instant::now() + PATIENCE;
        let mut messages = Vec::new();
        loop {
            let message = self.next(until.saturating_duration_since(Instant::now()));
            if message.topic == topic {
                return messages;
            }
            messages.push(message);
        }
    }

    /// Everything that came so far.
    pub fn all(&self) -> Vec<Message> {
        self.all.lock().expect("nobody panics with the lock").clone()
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        // Without DISCONNECT: it would be all the same, as there is no will.
        let _ = self.socket.shutdown(Shutdown::Both);
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

/// Acknowledges and hands on what comes, until the connection ends.
fn follow(link: &mut Link<V5>, early: Vec<Publish>, take: &mut impl FnMut(Message)) {
    // QoS 2 identifiers that were not released yet: a repeated PUBLISH with one of them is the same message.
    let mut held = HashSet::new();
    let mut early = early.into_iter();
    while let Some(packet) = early.next().map(Packet::Publish).or_else(|| link.next()) {
        let answered = match packet {
            Packet::Publish(publish) => {
                // The answer goes out first: whoever has seen a message may drop the observer, and it must not come again.
                let id = publish.pkid;
                let (answered, is_new) = match publish.qos {
                    QoS::AtMostOnce => (Ok(()), true),
                    QoS::AtLeastOnce => (link.try_send(puback(id)), true),
                    QoS::ExactlyOnce => (link.try_send(pubrec(id)), held.insert(id)),
                };
                if is_new {
                    take(publish.into());
                }
                answered
            }
            Packet::PubRel(pubrel) => {
                held.remove(&pubrel.pkid);
                link.try_send(pubcomp(pubrel.pkid))
            }
            Packet::PingReq => link.try_send(Packet::PingResp),
            _ => Ok(()),
        };
        if answered.is_err() {
            return;
        }
    }
}

/// Publishes one message and waits until the broker has it.
#[track_caller]
pub fn publish(url: &str, topic: &str, payload: impl AsRef<[u8]>, qos: u8, retain: bool) {
    let mut publish = Publish::new(topic, level(qos), payload.as_ref().to_vec(), None);
    publish.retain = retain;
    publish_all(url, [publish]);
}

/// Removes what is retained on `topic`.
#[track_caller]
pub fn clear_retained(url: &str, topic: &str) {
    publish(url, topic, "", 1, true);
}

/// Publishes messages, with properties if need be, over one connection and waits until the broker has them.
/// Packet identifiers are set here.
#[track_caller]
pub fn publish_all(url: &str, messages: impl IntoIterator<Item = Publish>) {
    let mut link = connect(url, "", true).0;
    for (index, mut message) in messages.into_iter().enumerate() {
        let qos = message.qos;
        if qos != QoS::AtMostOnce {
            message.pkid = u16::try_from(index % 65_535 + 1).expect("at most 65,535");
        }
        let id = message.pkid;
        link.send(Packet::Publish(message));
        match qos {
            QoS::AtMostOnce => {}
            QoS::AtLeastOnce => accepted(link.read(), id),
            QoS::ExactlyOnce => {
                accepted(link.read(), id);
                link.send(pubrel(id));
                accepted(link.read(), id);
            }
        }
    }
    // A question that is answered after what came before: QoS 0 has no other sign of having arrived.
    link.send(Packet::PingReq);
    link.expect(Packet::PingResp);
    link.send(Packet::Disconnect(Disconnect::new(DisconnectReasonCode::NormalDisconnection)));
    link.close();
}

/// An acknowledgement of `id`. Its reason does not matter: "no subscribers" is one, and a test sees a refusal by
/// what does not arrive.
#[track_caller]
fn accepted(packet: Packet, id: u16) {
    let got = match &packet {
        Packet::PubAck(ack) => ack.pkid,
        Packet::PubRec(ack) => ack.pkid,
        Packet::PubComp(ack) => ack.pkid,
        _ => 0,
    };
    assert_eq!(got, id, "an acknowledgement of {id} was due, but {packet:?} came");
}

/// Opens a connection; also says whether the broker had a session.
#[track_caller]
fn connect(url: &str, client_id: &str, clean: bool) -> (Link<V5>, bool) {
    let parsed = url::Url::parse(url).unwrap_or_else(|error| panic!("`{url}` is not a URL: {error}"));
    assert_eq!(parsed.scheme(), "mqtt", "observers speak plain TCP, not `{url}`");
    let host = parsed.host_str().unwrap_or_default();
    let port = parsed.port().unwrap_or(1883);
    let stream =
        TcpStream::connect((host, port)).unwrap_or_else(|error| panic!("the observer cannot reach {url}: {error}"));
    let mut link = Link::<V5>::over(stream);
    let properties = ConnectProperties {
        // As long as the broker likes: `u32::MAX` never ends `[MQTT5 3.1.2.11.2]`.
        session_expiry_interval: (!clean).then_some(u32::MAX),
        ..ConnectProperties::new()
    };
    let auth = match (parsed.username(), parsed.password()) {
        ("", _) => ConnectAuth::None,
        (username, None) => ConnectAuth::Username { username: username.to_owned() },
        (username, Some(password)) => ConnectAuth::UsernamePassword {
            username: username.to_owned(),
            password: bytes::Bytes::copy_from_slice(password.as_bytes()),
        },
    };
    let connect =
        Connect { keep_alive: 0, client_id: client_id.to_owned(), clean_start: clean, properties: Some(properties) };
    link.send(Packet::Connect(connect, None, auth));
    match link.read() {
        Packet::ConnAck(connack) if connack.code == ConnectReturnCode::Success => (link, connack.session_present),
        other => panic!("{url} refused the observer: {other:?}"),
    }
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
