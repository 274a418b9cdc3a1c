//! What the program asks of the network side.

use crate::mqtt::client::auth::AuthAnswer;
use crate::mqtt::event::{Delivery, Token};
use crate::mqtt::options::Options;
use crate::mqtt::packet::{Auth, Disconnect, PacketId, Publish, Subscribe, Unsubscribe};
use crate::mqtt::session::Snapshot;
use crate::mqtt::store::{Key, Stores};

/// One order to a client; orders are carried out in the order given.
#[derive(Debug)]
pub enum Command {
    /// Send a message.
    Publish(Request<Publish>),
    /// Send a message that the store has under this key.
    PublishStored(Request<Publish>, Key),
    /// Ask for messages.
    Subscribe(Request<Subscribe>),
    /// Ask for no more.
    Unsubscribe(Request<Unsubscribe>),
    /// The program is done with a message.
    Acknowledge {
        /// Which.
        delivery: Delivery,
        /// How.
        answer: Answer,
    },
    /// Open the connection, also after an `end`.
    Connect,
    /// Drop what is open and connect now.
    Reconnect,
    /// Use these stores from now on, with what is in them.
    UseStores(Stores),
    /// Answer to `Event::DialWanted`; `None`: the program could not say, treat it as a failed attempt.
    Dial(Option<Box<Options>>),
    /// Answer to `Event::AuthWanted`.
    Auth {
        /// As there.
        attempt: u32,
        /// What to do.
        answer: AuthAnswer,
    },
    /// Authenticate again, on the connection there is.
    Reauthenticate(Request<Auth>),
    /// Forget a message that was not acknowledged yet.
    Remove(PacketId),
    /// Nobody waits for the outcome of this publish any more: if it was not sent yet, it is not sent at all.
    Withdraw(Token),
    /// The client gave up and is not revived: whoever waits for an outcome learns that there is none.
    Disappoint,
    /// Do something with the link that is open; without one, nothing happens.
    Link(LinkOrder),
    /// Tell what waits and what is under way.
    Inspect(std::sync::mpsc::Sender<Inspection>),
    /// Finish: flush, DISCONNECT, close.
    End(End),
    /// The program blocks until the `end` is complete: messages whose callbacks run, or wait their turn, are not acknowledged
    /// before.
    LeaveDeliveries,
    /// The backlog was worked off: read on.
    ReadOn,
}

/// What a program may do with the link under its client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkOrder {
    /// Send PINGREQ now.
    Ping,
    /// Count the time to the next ping from now on.
    PutOffPing {
        /// Also with `reschedulePings: false`.
        force: bool,
    },
    /// Give the link up as one on which no answer came.
    GiveUp,
    /// Cut the link without DISCONNECT, so that the broker publishes the will; or end the attempt to open one.
    Cut {
        /// Send first what is on its way to the socket.
        flush: bool,
    },
}

/// The answer to [`Command::Inspect`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Inspection {
    /// What the session holds.
    pub session: Snapshot,
    /// Attempts so far: each takes the next endpoint.
    pub attempts: usize,
}

/// What the program says about a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Its callbacks returned. The reason code goes out in version 5; 0 is success.
    Handled(u8),
    /// For a QoS 2 message that was announced with `Event::Arrived`: taken (0), or refused with that reason code.
    Taken(u8),
    /// It is not acknowledged.
    None,
}

/// A request with the callback that waits for it.
#[derive(Debug)]
pub struct Request<T> {
    /// Whose callback; `None`: nobody waits.
    pub token: Option<Token>,
    /// The packet; its identifier is 0 when all were in use, then one is taken when it goes out.
    pub packet: T,
}

/// How to finish.
#[derive(Debug, Clone, Default)]
pub struct End {
    /// Whose callback.
    pub token: Option<Token>,
    /// Cut the connection: no flush, no DISCONNECT, the will is published.
    pub force: bool,
    /// The DISCONNECT to send.
    pub disconnect: Disconnect,
    /// Longest flush, instead of the option `endTimeout`.
    pub timeout: Option<std::time::Duration>,
    /// Wait for the acknowledgements of messages whose callbacks still run.
    pub await_deliveries: bool,
}
