//! One attempt: dial, CONNECT, CONNACK; then [`serve`](super::serve) until it is over.

use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::Instant;

use crate::mqtt::client::Start;
use crate::mqtt::client::closing::{Cause, SOON, describe};
use crate::mqtt::client::task::{Cut, Next, Phase, Task, at, earliest};
use crate::mqtt::codec::Frame;
use crate::mqtt::error::Error;
use crate::mqtt::event::{Event, Observed};
use crate::mqtt::link::{Link, Progress};
use crate::mqtt::options::{Endpoint, Options};
use crate::mqtt::packet::{Connack, Connect, Packet, Version};
use crate::mqtt::reason;
use crate::mqtt::transport::{self, Dialer};

/// The largest packet MQTT can express, bytes `[MQTT-2.2.3]`.
const LARGEST_PACKET: usize = 268_435_460;

impl Task {
    /// Dials, opens the session and serves it until it is over. Emits what MQTT.js emits, in its order.
    pub async fn attempt(&mut self) -> Next {
        self.phase = Phase::Attempting;
        self.connect_ordered = false;
        self.reconnect_ordered = false;
        let until = Instant::now() + self.options.connect_timeout;
        let opened = match self.ask_where_to_dial(until).await {
            // As with dialling: it is over when the connection is open.
            Ok(()) => Box::pin(self.open(until)).await,
            Err(cause) => Err(cause),
        };
        let cause = match opened {
            Ok((mut link, connack)) => {
                self.begin(&connack);
                let since = Instant::now();
                let cause = self.serve(&mut link).await;
                if self.find_culprit(&cause) {
                    // Then it is no fight over the client id.
                    self.kicks = 0;
                } else {
                    self.count_kick(since.elapsed(), &cause);
                }
                self.close_link(link, &cause).await;
                cause
            }
            // Unless there is more to do than that.
            Err(Cause::Ordered { .. }) if self.is_cut() && self.ending.is_none() && !self.reconnect_ordered => {
                self.session.acquit();
                Cause::Cut
            }
            Err(cause) => {
                if !matches!(cause, Cause::Ordered { .. }) {
                    // It is the broker or the network that was gone: in a fight over the client id, each connection is accepted.
                    self.kicks = 0;
                }
                self.session.acquit();
                cause
            }
        };
        self.link_orders.clear();
        self.close(cause)
    }

    /// Lets the program give address and credentials, if it wants to.
    async fn ask_where_to_dial(&mut self, until: Instant) -> Result<(), Cause> {
        if !self.shared.asks.load(Ordering::Relaxed) {
            return Ok(());
        }
        self.dial = None;
        self.events.push(Event::DialWanted { endpoint: self.endpoint });
        while self.dial.is_none() {
            self.send_events();
            tokio::select! {
                orders = self.orders.recv() => match orders {
                    Some(orders) => self.take(orders),
                    None => return Err(Cause::Gone),
                },
                () = tokio::time::sleep_until(until) => return Err(Cause::ConnackTimeout),
            }
            if self.end_is_due() || self.is_cut() {
                return Err(Cause::Ordered { was_connected: false });
            }
        }
        let Some(options) = self.dial.take().flatten() else {
            return Err(Cause::NotDialled(Error::new(
                "no address for this attempt: an option closure or the stream builder failed",
            )));
        };
        self.use_options(*options);
        Ok(())
    }

    fn use_options(&mut self, options: Options) {
        self.dialer.use_options(&options);
        self.session.set_version(options.version);
        self.session.set_subscribing(options.remembers(), options.subscribe_batch);
        self.session.set_auto_alias(options.auto_alias);
        self.options = options;
    }

    async fn open(&mut self, until: Instant) -> Result<(Link, Connack), Cause> {
        let endpoint = self.options.endpoints[self.endpoint % self.options.endpoints.len()].clone();
        self.endpoint = self.endpoint.wrapping_add(1);
        tracing::debug!(address = %describe(&endpoint), "dialling");
        let mut dialer = std::mem::replace(&mut self.dialer, Dialer::new(&self.options));
        let target = endpoint.clone();
        // Apart from the attempt: what a handshake needs must not take room as long as the connection lasts.
        let dial = Box::pin(async move { (dialer.open(&target).await, dialer) });
        let dialled = self.during(Some(until), dial).await;
        let stream = match dialled {
            Ok((result, dialer)) => {
                self.dialer = dialer;
                result.map_err(Cause::NotDialled)?
            }
            Err(cut) => return Err(cut.into()),
        };
        let properties = self.options.properties.as_deref();
        let largest = properties.and_then(|p| p.maximum_packet_size).map_or(LARGEST_PACKET, |size| size as usize);
        self.exchange.start();
        let mut link = Link::new(stream, self.options.version, largest);
        let connect = Packet::Connect(Box::new(self.connect_packet()));
        let length =
            link.push_packet(connect.clone()).map_err(|error| Cause::NotDialled(Error::new(error.to_string())))?;
        // As in MQTT.js, what a client that starts by itself sends first cannot be observed, whether or not a listener was quick.
        let is_observable = self.start == Start::Manual || self.endpoint > 1;
        if is_observable {
            self.report_sent(&connect, length);
        }
        if let Some(auth) = self.options.auth_packet.clone().map(Packet::Auth) {
            let length =
                link.push_packet(auth.clone()).map_err(|error| Cause::NotDialled(Error::new(error.to_string())))?;
            if is_observable {
                self.report_sent(&auth, length);
            }
        }
        let Frame { packet, length } = match self.first_packet(&mut link, &endpoint, until).await {
            Ok(frame) => frame,
            Err(cause) => {
                // The broker may have taken CONNECT, and the will in it, already; DISCONNECT need not wait for the
                // answer [MQTT-3.1.4-5].
                if matches!(cause, Cause::Ordered { .. }) && !self.is_cut() {
                    self.disconnect(&mut link).await;
                }
                if !self.is_cut() {
                    self.close_link(link, &cause).await;
                }
                return Err(cause);
            }
        };
        // Also when nobody listens yet: the script may add its listener later in the turn that made the client.
        self.events.push(Event::PacketReceived(Observed { packet: packet.clone(), length }));
        match packet {
            Packet::Connack(connack) if connack.code == 0 => {
                let keepalive = self.keepalive_of(&connack);
                tracing::debug!(session_present = connack.session_present, keepalive, "connected");
                let connection = self.connection.wrapping_add(1);
                self.events.push(Event::Connected { connack: connack.clone(), length, keepalive, connection });
                Ok((link, connack))
            }
            Packet::Connack(connack) => {
                let text = reason::text(connack.code).unwrap_or("undefined");
                let error = Error::new(format!("Connection refused: {text}")).with_reason(connack.code);
                Err(Cause::Refused { error, connack })
            }
            other => {
                let error = Error::new("Protocol error: the first packet is not CONNACK")
                    .with_reason(130)
                    .with_cause(format!("the broker answered CONNECT with {}", other.name()));
                let cause = Cause::Violated(error);
                self.close_link(link, &cause).await;
                Err(cause)
            }
        }
    }

    /// The packet that answers CONNECT, after whatever has to be said about the authentication.
    async fn first_packet(&mut self, link: &mut Link, endpoint: &Endpoint, until: Instant) -> Result<Frame, Cause> {
        loop {
            while let Some(Frame { packet, length }) = link.next_frame().map_err(Cause::of)? {
                let Packet::Auth(auth) = packet else { return Ok(Frame { packet, length }) };
                self.events.push(Event::PacketReceived(Observed { packet: Packet::Auth(auth.clone()), length }));
                self.on_auth(auth, length).map_err(Cause::Violated)?;
            }
            self.send_events();
            if self.is_ordered() {
                return Err(Cut::Ordered.into());
            }
            self.send_auth(link, false).map_err(Cause::Rejected)?;
            let deadline = earliest(Some(until), self.ending.as_ref().map(|ending| ending.deadline));
            tokio::select! {
                biased;
                progress = std::future::poll_fn(|cx| link.poll_progress(cx, true)) => match progress {
                    Progress::Read | Progress::Written => {}
                    Progress::Closed => return Err(Cause::Lost),
                    Progress::Failed(error) => return Err(Cause::Failed(transport::explain(&error, endpoint))),
                },
                orders = self.orders.recv() => match orders {
                    Some(orders) => self.take(orders),
                    None => return Err(Cause::Gone),
                },
                () = at(deadline) => if until <= Instant::now() {
                    return Err(Cause::ConnackTimeout);
                },
            }
        }
    }

    fn connect_packet(&self) -> Connect {
        let options = &self.options;
        Connect {
            version: options.version,
            client_id: options.client_id.clone(),
            clean: options.clean,
            keepalive: options.keepalive,
            username: options.username.clone(),
            password: options.password.clone(),
            will: options.will.clone(),
            properties: options.properties.clone(),
        }
    }

    /// Keep alive in force: the broker's word wins (version 5) `[MQTT-3.2.2-21]`.
    pub fn keepalive_of(&self, connack: &Connack) -> u16 {
        let given = connack.properties.as_ref().and_then(|properties| properties.server_keep_alive);
        given.unwrap_or(self.options.keepalive)
    }

    fn begin(&mut self, connack: &Connack) {
        let first = self.connection == 0;
        self.connection = self.connection.wrapping_add(1);
        self.published_at = None;
        self.failures = 0;
        self.offline = false;
        self.failed = false;
        self.accepted = true;
        self.session.start_receiving(self.options.properties.as_deref());
        // Below 3.1.1 a broker cannot say whether it has the session; as in MQTT.js it is believed to keep it.
        let may_be_gone = self.options.version != Version::V31 && !connack.session_present;
        let restore = self.options.resubscribe && !first && (self.options.clean || may_be_gone);
        self.session.connected(connack, restore);
        self.careful_until = self.session.is_careful().then(|| Instant::now() + SOON);
        self.keepalive = Duration::from_secs(self.keepalive_of(connack).into());
    }
}

impl From<Cut> for Cause {
    fn from(cut: Cut) -> Self {
        match cut {
            Cut::TimedOut => Self::ConnackTimeout,
            Cut::Ordered => Self::Ordered { was_connected: false },
            Cut::Gone => Self::Gone,
        }
    }
}
