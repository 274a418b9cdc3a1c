//! How a connection or an attempt ends: which events, in which order, and what comes next.

use std::fmt;
use std::time::Duration;

use tokio::time::timeout;

use crate::mqtt::client::task::{Next, Task};
use crate::mqtt::codec::DecodeError;
use crate::mqtt::error::{Code, Error};
use crate::mqtt::event::Event;
use crate::mqtt::link::Link;
use crate::mqtt::options::{Endpoint, ReconnectPolicy, Scheme};
use crate::mqtt::packet::{Connack, Disconnect, Packet, Version};
use crate::mqtt::reason;
use crate::mqtt::session::caution::Evidence;

/// How long the peer gets to close after we did.
const GOODBYE: Duration = Duration::from_millis(300);
/// A connection that the broker closes within this time of accepting it may be a fight over the client id; within this time of a
/// message, the message may be to blame.
pub const SOON: Duration = Duration::from_secs(5);
/// After so many in a row the program is told.
const KICKS_TO_WARN: u32 = 2;

/// Reason codes of DISCONNECT `[MQTT-3.14.2.1]`.
const MALFORMED_PACKET: u8 = 129;
const PROTOCOL_ERROR: u8 = 130;

/// Why a connection or an attempt is over.
#[derive(Debug)]
pub enum Cause {
    /// The transport could not be opened.
    NotDialled(Error),
    /// The broker refused the session.
    Refused {
        /// As the program sees it.
        error: Error,
        /// Its CONNACK.
        connack: Connack,
    },
    /// No CONNACK within `connectTimeout`.
    ConnackTimeout,
    /// No answer to a ping.
    KeepaliveTimeout,
    /// The peer closed the transport.
    Lost,
    /// The transport failed.
    Failed(Error),
    /// The peer sent what is not MQTT.
    Broken(Error),
    /// The peer sent a packet that it may not send here.
    Violated(Error),
    /// The program takes the broker's part of an authentication for wrong.
    Rejected(Error),
    /// The broker sent DISCONNECT (version 5) with this reason code.
    Disconnected(u8),
    /// The program asked for it: an `end`, or a reconnect.
    Ordered {
        /// The session was open.
        was_connected: bool,
    },
    /// The program cut the link.
    Cut,
    /// The program is gone.
    Gone,
}

/// For the log: nothing of what packets carry.
impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotDialled(error) => write!(f, "not dialled: {error}"),
            Self::Refused { error, .. } => write!(f, "refused: {error}"),
            Self::ConnackTimeout => f.write_str("no CONNACK in time"),
            Self::KeepaliveTimeout => f.write_str("no answer to a ping"),
            Self::Lost => f.write_str("closed by the broker"),
            Self::Failed(error) => write!(f, "failed: {error}"),
            Self::Broken(error) => write!(f, "no MQTT: {error}"),
            Self::Violated(error) => write!(f, "against the protocol: {error}"),
            Self::Rejected(error) => write!(f, "rejected by the program: {error}"),
            Self::Disconnected(reason) => write!(f, "DISCONNECT with code {reason}"),
            Self::Ordered { .. } => f.write_str("asked for by the program"),
            Self::Cut => f.write_str("cut by the program"),
            Self::Gone => f.write_str("the program is gone"),
        }
    }
}

impl Cause {
    /// The peer's bytes are no packet, or too large a one.
    pub fn of(error: DecodeError) -> Self {
        match error {
            DecodeError::TooLarge { .. } => Self::Violated(error.into()),
            _ => Self::Broken(error.into()),
        }
    }

    /// What DISCONNECT tells the broker of its fault (version 5) `[MQTT-4.13.1]`.
    fn reason_code(&self) -> Option<u8> {
        match self {
            Self::Broken(_) => Some(MALFORMED_PACKET),
            Self::Violated(Error { code: Some(Code::Reason(code)), .. }) => Some(*code),
            Self::Violated(_) => Some(PROTOCOL_ERROR),
            _ => None,
        }
    }
}

impl Task {
    /// Emits the events of a close in MQTT.js's order and says what comes next.
    pub fn close(&mut self, cause: Cause) -> Next {
        tracing::debug!(%cause, "closed");
        self.session.disconnected(&mut self.events);
        self.exchange.abandon(&mut self.events);
        let next = self.close_for(cause);
        self.accepted = false;
        next
    }

    fn close_for(&mut self, cause: Cause) -> Next {
        match cause {
            Cause::Gone => Next::Gone,
            Cause::Ordered { was_connected } => {
                self.events.push(Event::Closed { connection: self.connection });
                if was_connected && self.ending.is_none() {
                    self.events.push(Event::Ended { connects: self.connects, goes_on: true });
                }
                self.next_by_order()
            }
            Cause::Refused { error, connack } => {
                let retry = self.options.reconnect_on_connack_error;
                let next = if retry { self.next_after_failure(None) } else { self.give_up(None) };
                self.fail(error, next, Some(connack));
                if next != Next::Idle {
                    self.go_offline(false);
                }
                self.closed(next)
            }
            Cause::NotDialled(error) | Cause::Failed(error) | Cause::Broken(error) => {
                let next = self.next_after_failure(None);
                self.fail(error, next, None);
                self.go_offline(false);
                self.closed(next)
            }
            Cause::ConnackTimeout => self.give_link_up(Error::new("connack timeout")),
            Cause::KeepaliveTimeout => self.give_link_up(Error::new("Keepalive timeout")),
            Cause::Violated(error) | Cause::Rejected(error) => self.give_link_up(error),
            Cause::Cut => self.close_by_broker("the program cut it".into()),
            Cause::Lost => self.close_by_broker("the broker closed it".into()),
            Cause::Disconnected(code) => self.close_by_broker(match reason::text(code) {
                Some(text) => format!("the broker closed it: {text}"),
                None => format!("the broker closed it with code {code}"),
            }),
        }
    }

    /// The broker, or the program itself, closed the link. No error, as in MQTT.js; `cause` is for those who wonder why the program ends.
    fn close_by_broker(&mut self, cause: String) -> Next {
        let unheard = format!("lost the connection to {} ({cause}), giving up", describe(self.tried()));
        let next = self.next_after_failure(Some(unheard));
        self.go_offline(false);
        self.closed(next)
    }

    /// The endpoint of this attempt.
    fn tried(&self) -> &Endpoint {
        let endpoints = &self.options.endpoints;
        &endpoints[self.endpoint.wrapping_sub(1) % endpoints.len()]
    }

    /// MQTT.js 5.15 and later emits `offline` before the error where it is the client that closes.
    fn give_link_up(&mut self, error: Error) -> Next {
        let next = self.next_after_failure(None);
        self.go_offline(true);
        self.fail(error, next, None);
        self.closed(next)
    }

    fn fail(&mut self, error: Error, next: Next, connack: Option<Connack>) {
        let first = !std::mem::replace(&mut self.failed, true);
        let next_try = match next {
            Next::Wait(delay) => Some(delay),
            _ => None,
        };
        let (address, was_connected, connack) = (describe(self.tried()), self.accepted, connack.map(Box::new));
        self.events.push(Event::Failed { error, address, was_connected, next_try, first, connack });
    }

    /// An error after which nothing is tried.
    pub fn fail_for_good(&mut self, error: Error) {
        self.failed = false;
        self.fail(error, Next::Idle, None);
        self.failed = false;
    }

    fn go_offline(&mut self, link_is_up: bool) {
        if !std::mem::replace(&mut self.offline, true) && !self.options.reconnect.is_never() {
            self.events.push(Event::Offline { link_is_up, connection: self.connection });
        }
    }

    fn closed(&mut self, next: Next) -> Next {
        self.events.push(Event::Closed { connection: self.connection });
        if self.end_is_due() {
            self.finish_end();
            return Next::Idle;
        }
        if next == Next::Idle {
            self.finish_end();
        }
        next
    }

    /// Goes before the events that tell why: a listener of those may connect again.
    fn give_up(&mut self, unheard: Option<String>) -> Next {
        if self.ending.is_none() {
            // Whoever does so starts anew.
            self.failed = false;
            self.failures = 0;
            self.events.push(Event::GaveUp { connects: self.connects, unheard });
        }
        Next::Idle
    }

    fn next_after_failure(&mut self, unheard: Option<String>) -> Next {
        let policy = self.options.reconnect;
        if policy.is_never() || (policy.attempts > 0 && self.failures >= policy.attempts) {
            return self.give_up(unheard);
        }
        let delay = delay_before(&policy, self.failures, fastrand::f64());
        self.failures = self.failures.saturating_add(1);
        Next::Wait(delay)
    }

    /// Ends a transport: politely after an orderly DISCONNECT, at once if the broker does not keep to the protocol.
    pub async fn close_link(&mut self, link: Link, cause: &Cause) {
        let forced = self.ending.as_ref().is_some_and(|ending| ending.end.force);
        if matches!(cause, Cause::Ordered { .. }) && !forced {
            // A peer that does not close in time is left to the kernel.
            let _ = timeout(GOODBYE, link.shut_down()).await;
        } else if let Some(reason) = cause.reason_code().filter(|_| self.options.version == Version::V5) {
            self.complain(link, reason).await;
        }
    }

    /// Says in DISCONNECT why the link is dropped, if the socket takes it; nothing waits for a peer of that kind.
    async fn complain(&mut self, mut link: Link, reason: u8) {
        let packet = Packet::Disconnect(Disconnect { reason, properties: None });
        if !self.session.fits(&packet) {
            return;
        }
        let Ok(length) = link.push_packet(packet.clone()) else { return };
        self.report_sent(&packet, length);
        self.save();
        if self.store_failure.is_none() && matches!(timeout(Duration::ZERO, link.flush()).await, Ok(Ok(()))) {
            // Unread input would make the kernel answer with a reset, which can overtake the packet.
            tokio::spawn(timeout(GOODBYE, link.shut_down()));
        }
    }

    /// Whether a message may be to blame for a close: see [`caution`](crate::mqtt::session::caution).
    pub fn find_culprit(&mut self, cause: &Cause) -> bool {
        let is_reset = |error: &Error| matches!(error.code, Some(Code::Name("ECONNRESET" | "EPIPE")));
        let evidence = match cause {
            Cause::Lost => Some(Evidence::SILENT),
            Cause::Failed(error) if is_reset(error) => Some(Evidence::SILENT),
            Cause::Disconnected(reason) => Evidence::of(*reason),
            _ => None,
        };
        let is_soon = self.published_at.is_some_and(|published_at| published_at.elapsed() < SOON);
        match evidence.filter(|_| is_soon) {
            Some(evidence) => self.session.blame(evidence, &mut self.events),
            None => {
                self.session.acquit();
                false
            }
        }
    }

    /// Two clients with the same id throw each other out for ever; say so instead of flapping in silence.
    pub fn count_kick(&mut self, lived: Duration, cause: &Cause) {
        /// Session taken over.
        const TAKEN_OVER: u8 = 142;
        match cause {
            Cause::Disconnected(TAKEN_OVER) => self.kicks += 1,
            // Below version 5 the broker cannot say why.
            Cause::Lost if lived < SOON => self.kicks += 1,
            _ => self.kicks = 0,
        }
        if self.kicks >= KICKS_TO_WARN && !self.warned_of_kicks {
            self.warned_of_kicks = true;
            let id = &self.options.client_id;
            self.events.push(Event::Warning {
                message: format!("the broker keeps closing the connection of `{id}`: probably another client uses this id"),
                help: "give each client an id of its own, for example `clientId: \"name-\" + Math.floor(Math.random() * 10000)`".into(),
            });
        }
    }
}

/// The delay before reconnect number `attempt` (from 0); `random` is 0 to 1.
fn delay_before(policy: &ReconnectPolicy, attempt: u32, random: f64) -> Duration {
    let exponent = i32::try_from(attempt.min(1000)).unwrap_or(1000);
    let base = (policy.min.as_secs_f64() * policy.factor.powi(exponent)).min(policy.max.as_secs_f64());
    // Jitter spreads clients both ways, so that the mean delay stays what was asked for.
    Duration::from_secs_f64(base * (1.0 + policy.jitter * (2.0 * random - 1.0)))
}

/// An address as a person writes it, without credentials: signed WebSocket URLs have theirs in the query.
pub fn describe(endpoint: &Endpoint) -> String {
    let Endpoint { scheme, host, port, path } = endpoint;
    let host = if host.contains(':') { format!("[{host}]") } else { host.clone() };
    match scheme {
        Scheme::Mqtt => format!("mqtt://{host}:{port}"),
        Scheme::Mqtts => format!("mqtts://{host}:{port}"),
        Scheme::Ws => format!("ws://{host}:{port}{}", without_query(path)),
        Scheme::Wss => format!("wss://{host}:{port}{}", without_query(path)),
        Scheme::Unix => format!("mqtt+unix://{path}"),
    }
}

fn without_query(path: &str) -> &str {
    path.split_once('?').map_or(path, |(path, _)| path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_without_the_query() {
        let path = "/mqtt?token=secret".to_string();
        let endpoint = Endpoint { scheme: Scheme::Wss, host: "::1".into(), port: 443, path };
        assert_eq!(describe(&endpoint), "wss://[::1]:443/mqtt");
    }

    #[test]
    fn delays_grow_to_the_maximum_and_jitter_spreads_them() {
        let policy = ReconnectPolicy {
            min: Duration::from_millis(500),
            max: Duration::from_secs(30),
            factor: 2.0,
            jitter: 0.2,
            attempts: 0,
        };
        assert_eq!(delay_before(&policy, 0, 0.5), Duration::from_millis(500));
        assert_eq!(delay_before(&policy, 3, 0.5), Duration::from_secs(4));
        assert_eq!(delay_before(&policy, 5000, 0.5), Duration::from_secs(30));
        assert_eq!(delay_before(&policy, 0, 0.0), Duration::from_millis(400));
        assert_eq!(delay_before(&policy, 0, 1.0), Duration::from_millis(600));
    }
}
