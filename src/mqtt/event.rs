//! What the network side tells the program, in the order MQTT.js emits it.

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;

use crate::mqtt::error::Error;
use crate::mqtt::packet::{Auth, Connack, Disconnect, Packet, PacketId, Properties, Publish, QoS, Subscription};

/// Names a pending request of the program; its outcome comes back as [`Event::Completed`].
pub type Token = u64;

/// A packet that was received or sent, with its remaining length as MQTT.js prints it.
#[derive(Debug, Clone, PartialEq)]
pub struct Observed {
    /// The packet.
    pub packet: Packet,
    /// MQTT remaining length, bytes; 0 for a packet that was not read from a socket.
    pub length: u32,
}

/// Something that happened to a client.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The address and credentials for the next attempt are wanted; answered by `Command::Dial`.
    DialWanted {
        /// Which of the endpoints is next, counted on and on: its remainder by their number is the place.
        endpoint: usize,
    },
    /// The broker sent AUTH (version 5); answered by `Command::Auth`.
    AuthWanted {
        /// AUTH.
        auth: Auth,
        /// Remaining length.
        length: u32,
        /// Names the attempt to connect, for the answer.
        attempt: u32,
    },
    /// The broker accepted the session.
    Connected {
        /// CONNACK.
        connack: Connack,
        /// Remaining length of CONNACK.
        length: u32,
        /// Keep alive in force, seconds.
        keepalive: u16,
        /// Its number.
        connection: u32,
    },
    /// A new attempt starts.
    Reconnecting,
    /// The first close of an outage.
    Offline {
        /// It is this side that gives the link up, and has not closed it yet.
        link_is_up: bool,
        /// As in `Closed`.
        connection: u32,
    },
    /// A transport, or an attempt to open one, is over.
    Closed {
        /// The number of the last connection that was accepted. A program that blocks may hear of a later one before.
        connection: u32,
    },
    /// The broker said why it leaves (version 5).
    Disconnected {
        /// DISCONNECT.
        packet: Disconnect,
        /// Remaining length.
        length: u32,
    },
    /// Something went wrong.
    Failed {
        /// What.
        error: Error,
        /// Where it was dialling, for the report when nobody listens.
        address: String,
        /// Whether this connection had been accepted, for the same report.
        was_connected: bool,
        /// When it tries again; `None`: it does not.
        next_try: Option<Duration>,
        /// Whether this is the first error since the last good connection.
        first: bool,
        /// The refused CONNACK's properties are readable while its error is handled.
        connack: Option<Box<Connack>>,
    },
    /// The client does not try again by itself. Comes before the events that tell why.
    GaveUp {
        /// Orders to connect taken so far: where the program gave more, it will try again.
        connects: u32,
        /// What to tell if nobody listens for errors; `None`: an error follows.
        unheard: Option<String>,
    },
    /// Worth telling, once.
    Warning {
        /// What.
        message: String,
        /// What to do.
        help: String,
    },
    /// A message arrived. After its callbacks the program releases it from the backlog and,
    /// if it [`wants_acknowledgement`](Message::wants_acknowledgement), answers `Command::Acknowledge`.
    Message(Message),
    /// A QoS 2 message arrived, and the program wants to say whether it takes it: `Command::Acknowledge` with
    /// `Answer::Taken`. It counts in the backlog until then.
    Arrived(Message),
    /// So many messages are in front of the answer that the program waits for, that it is not read.
    OutOfReach,
    /// The program waits for room in the queue, and there is some.
    Room,
    /// Every byte of every request is out and acknowledged, during a graceful end.
    OutgoingEmpty,
    /// A packet was sent (only when asked for).
    PacketSent(Observed),
    /// A packet was received (only when asked for).
    PacketReceived(Observed),
    /// A request is over.
    Completed(Completion),
    /// The bytes of these messages of QoS 0 were handed to the socket: all were requests, and succeeded.
    Written(VecDeque<Token>),
    /// The network side of this client broke down, by a mistake of ours. Nothing follows.
    Crashed {
        /// What it said.
        message: String,
    },
    /// `end` is complete.
    Ended {
        /// Orders to connect taken so far: where the program gave more, it connects again.
        connects: u32,
        /// Only a link ended: `Command::Reconnect` opens the next one.
        goes_on: bool,
    },
}

/// An application message.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Topic name, also where the packet carried only an alias.
    pub topic: Bytes,
    /// The packet as received.
    pub packet: Publish,
    /// Remaining length of the packet.
    pub length: u32,
    /// Which connection it came through; an acknowledgement is only good there.
    pub connection: u32,
}

impl Message {
    /// Whether the broker waits for an answer.
    pub fn wants_acknowledgement(&self) -> bool {
        self.packet.qos != QoS::AtMostOnce
    }
}

/// The outcome of a publish, subscribe, unsubscribe or end.
#[derive(Debug, Clone, PartialEq)]
pub struct Completion {
    /// Whose.
    pub token: Token,
    /// What went wrong, if anything.
    pub error: Option<Error>,
    /// The packet a callback gets: the stored PUBLISH or PUBREL, the refusing acknowledgement, SUBACK or UNSUBACK.
    pub packet: Option<Observed>,
    /// A subscribe's filters with the QoS granted (or wanted, where it failed); codes of 128 and above were refused.
    pub granted: Vec<Grant>,
}

impl Completion {
    /// A success without a packet.
    pub const fn success(token: Token) -> Self {
        Self { token, error: None, packet: None, granted: Vec::new() }
    }

    /// A failure without a packet.
    pub const fn failure(token: Token, error: Error) -> Self {
        Self { token, error: Some(error), packet: None, granted: Vec::new() }
    }
}

/// One filter of a subscribe and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Grant {
    /// As asked for.
    pub subscription: Subscription,
    /// Those of the call.
    pub properties: Option<Box<Properties>>,
    /// Granted QoS, or a refusal of 128 and above.
    pub code: u8,
}

impl Grant {
    /// As if everything was granted.
    pub fn as_wanted(subscription: Subscription, properties: Option<Box<Properties>>) -> Self {
        Self { code: subscription.qos.number(), subscription, properties }
    }
}

/// The identifier and kind of a delivered message, for its acknowledgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivery {
    /// Packet identifier.
    pub id: PacketId,
    /// Its QoS, 1 or 2.
    pub qos: QoS,
    /// Which connection it came through.
    pub connection: u32,
}
