//! A connection that was accepted: packets out and in, keep-alive, back-pressure, until something ends it.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::time::Duration;

use tokio::time::Instant;

use crate::mqtt::client::closing::{Cause, SOON};
use crate::mqtt::client::task::{Task, at, earliest};
use crate::mqtt::codec::Frame;
use crate::mqtt::command::LinkOrder;
use crate::mqtt::error::Error;
use crate::mqtt::event::{Completion, Event, Observed};
use crate::mqtt::link::{Link, Progress};
use crate::mqtt::packet::{Packet, QoS};
use crate::mqtt::session::{Outgoing, Written, connection_closed};
use crate::mqtt::transport;

/// How long DISCONNECT may take to get out.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// How long a graceful `end` still listens after the last acknowledgement, as MQTT.js does: a broker may acknowledge a
/// message first and then send it to those who subscribed to it, us among them.
const LISTEN_ON: Duration = Duration::from_millis(10);

/// When to ping and when to give the broker up (MQTT.js: after k seconds, and at 1.5 k).
struct Keepalive {
    period: Duration,
    next_ping: Instant,
    /// Set while an answer is due.
    give_up: Option<Instant>,
    /// The socket was left unread at some time since the ping: its answer may wait there.
    unread: bool,
}

impl Keepalive {
    fn new(period: Duration) -> Self {
        Self { period, next_ping: Instant::now() + period, give_up: None, unread: false }
    }

    fn deadline(&self) -> Option<Instant> {
        (!self.period.is_zero()).then(|| self.give_up.map_or(self.next_ping, |give_up| give_up.min(self.next_ping)))
    }

    /// The broker answered.
    fn restart(&mut self) {
        self.next_ping = Instant::now() + self.period;
        self.give_up = None;
    }

    /// Something came. Where an answer is due it may be behind that, on a slow link for long: the broker is there. (MQTT.js gives
    /// such a link up, and what is sent again on the next one makes that just as slow.)
    fn heard(&mut self) {
        if let Some(give_up) = &mut self.give_up {
            *give_up = Instant::now() + self.period / 2;
        }
    }

    /// PINGREQ goes out. Not answered, it is followed by others: the broker must hear of the client every k seconds.
    fn ping(&mut self) {
        let now = Instant::now();
        self.next_ping = now + self.period;
        self.give_up = Some(now + self.period / 2);
        self.unread = false;
    }
}

impl Task {
    /// Serves the connection until it is over, and says why it is.
    pub async fn serve(&mut self, link: &mut Link) -> Cause {
        let mut keepalive = Keepalive::new(self.keepalive);
        // What was asked for while there was no link is nobody's wish for this one.
        self.link_orders.retain(|order| matches!(order, LinkOrder::Cut { .. }));
        if self.session.is_unproven() {
            self.push(&Packet::Pingreq.into(), link);
        }
        // Packets that came together with CONNACK are in the buffer already.
        let mut flow = self.on_input(link, &mut keepalive);
        let cause = loop {
            if let ControlFlow::Break(cause) = flow {
                break cause;
            }
            flow = self.turn(link, &mut keepalive).await;
        };
        // Their bytes may or may not have left: at most once, and the callback learns of it.
        for Written { token, bytes } in link.take_unwritten() {
            self.session.finish_message(bytes);
            let failed = token.map(|token| Event::Completed(Completion::failure(token, connection_closed())));
            self.events.extend(failed);
        }
        cause
    }

    async fn turn(&mut self, link: &mut Link, keepalive: &mut Keepalive) -> ControlFlow<Cause> {
        self.take_waiting_orders();
        if let Err(error) = self.send_auth(link, true) {
            return ControlFlow::Break(Cause::Rejected(error));
        }
        self.end_caution();
        self.send_requests(link);
        for order in std::mem::take(&mut self.link_orders) {
            self.on_link_order(order, link, keepalive).await?;
        }
        if self.may_disconnect(link) {
            self.disconnect(link).await;
            return ControlFlow::Break(Cause::Ordered { was_connected: true });
        }
        if self.send_events() {
            self.lingering.handed();
        }
        if let Some(error) = self.store_failure.take() {
            return ControlFlow::Break(Cause::Failed(error));
        }
        let has_room = self.shared.backlog.has_room();
        keepalive.unread |= !has_room;
        let reading = has_room && link.takes_answers();
        let ending = self.ending.as_ref();
        // Once it has passed, only other events matter.
        let goodbye = ending.and_then(|ending| ending.goodbye).filter(|goodbye| *goodbye > Instant::now());
        let end_deadline = earliest(ending.map(|ending| ending.deadline), goodbye);
        let deadline = earliest(earliest(keepalive.deadline(), end_deadline), self.careful_until);
        tokio::select! {
            biased;
            progress = std::future::poll_fn(|cx| link.poll_progress(cx, reading)) => {
                let result = self.on_progress(progress, link, keepalive);
                self.report_written(link);
                result?;
                // Traffic must not keep pings from going out.
                self.on_deadline(link, keepalive)?;
            },
            orders = self.orders.recv() => match orders {
                Some(orders) => self.take(orders),
                None => return ControlFlow::Break(Cause::Gone),
            },
            () = at(deadline) => self.on_deadline(link, keepalive)?,
            () = self.lingering.look() => self.lingering.in_vain(),
        }
        ControlFlow::Continue(())
    }

    async fn on_link_order(
        &mut self,
        order: LinkOrder,
        link: &mut Link,
        keepalive: &mut Keepalive,
    ) -> ControlFlow<Cause> {
        match order {
            LinkOrder::Ping => self.push(&Packet::Pingreq.into(), link),
            LinkOrder::PutOffPing { force } if force || self.options.reschedule_pings => keepalive.restart(),
            LinkOrder::PutOffPing { .. } => {}
            LinkOrder::GiveUp => return ControlFlow::Break(Cause::KeepaliveTimeout),
            LinkOrder::Cut { flush } => {
                if flush {
                    // A peer that takes no bytes any more does not get the last ones.
                    let _ = tokio::time::timeout(LAST_WORDS, link.flush()).await;
                    self.report_written(link);
                }
                return ControlFlow::Break(Cause::Cut);
            }
        }
        ControlFlow::Continue(())
    }

    /// Puts what may go out into the output, as far as it has room.
    fn send_requests(&mut self, link: &mut Link) {
        let mut out = Vec::new();
        for (delivery, answer) in std::mem::take(&mut self.acknowledgements) {
            self.session.acknowledge(delivery, answer, self.connection, &mut out);
        }
        self.push_answers(out, link);
        // A link that is about to end takes no more; what waits goes out on the next one.
        while !self.reconnect_ordered && link.has_room() {
            let Some(outgoing) = self.session.next(&mut self.events) else { break };
            self.push(&outgoing, link);
        }
    }

    fn push_answers(&mut self, out: Vec<Outgoing>, link: &mut Link) {
        let before = link.waiting();
        out.iter().for_each(|outgoing| self.push(outgoing, link));
        link.count_answers(before);
    }

    fn push(&mut self, outgoing: &Outgoing, link: &mut Link) {
        match link.push(outgoing) {
            Ok(length) => {
                self.note_message(&outgoing.packet);
                self.report_sent(&outgoing.packet, length);
            }
            // Everything was checked when it was accepted; what still does not fit the wire ends with its own error
            // instead of the connection's.
            Err(error) => {
                let error = Error::new(error.to_string());
                if let Some(Written { token, bytes }) = outgoing.over_when_written {
                    self.session.unwritten(&outgoing.packet);
                    self.session.finish_message(bytes);
                    self.events.extend(token.map(|token| Event::Completed(Completion::failure(token, error))));
                } else {
                    self.session.refuse(&outgoing.packet, &error, &mut self.events);
                }
            }
        }
    }

    fn note_message(&mut self, packet: &Packet) {
        if matches!(packet, Packet::Publish(publish) if publish.qos != QoS::AtMostOnce) {
            let now = Instant::now();
            self.published_at = Some(now);
            self.careful_until = self.careful_until.map(|_| now + SOON);
        }
    }

    /// Messages go out one at a time only as long as they are acknowledged in time.
    fn end_caution(&mut self) {
        let Some(until) = self.careful_until else { return };
        if !self.session.is_careful() || until <= Instant::now() {
            self.session.stop_being_careful();
            self.careful_until = None;
        }
    }

    fn report_written(&mut self, link: &mut Link) {
        let mut tokens = VecDeque::new();
        while let Some(Written { token, bytes }) = link.next_written() {
            self.session.finish_message(bytes);
            tokens.extend(token);
        }
        if !tokens.is_empty() {
            self.events.push(Event::Written(tokens));
        }
    }

    /// Tells the program of a sent packet, if it wants to know.
    pub fn report_sent(&mut self, packet: &Packet, length: u32) {
        tracing::trace!(packet = packet.name(), length, "sent");
        if self.is_observed() {
            self.events.push(Event::PacketSent(Observed { packet: packet.clone(), length: 0 }));
        }
    }

    fn on_progress(&mut self, progress: Progress, link: &mut Link, keepalive: &mut Keepalive) -> ControlFlow<Cause> {
        match progress {
            Progress::Written => ControlFlow::Continue(()),
            Progress::Read => {
                keepalive.heard();
                self.on_input(link, keepalive)
            }
            Progress::Closed => ControlFlow::Break(Cause::Lost),
            Progress::Failed(error) => {
                let endpoints = &self.options.endpoints;
                let endpoint = &endpoints[self.endpoint.wrapping_sub(1) % endpoints.len()];
                ControlFlow::Break(Cause::Failed(transport::explain(&error, endpoint)))
            }
        }
    }

    /// Handles the packets that were read.
    fn on_input(&mut self, link: &mut Link, keepalive: &mut Keepalive) -> ControlFlow<Cause> {
        loop {
            match link.next_frame() {
                Ok(Some(frame)) => self.on_frame(frame, link, keepalive)?,
                Ok(None) => return ControlFlow::Continue(()),
                Err(error) => return ControlFlow::Break(Cause::of(error)),
            }
        }
    }

    fn on_frame(&mut self, frame: Frame, link: &mut Link, keepalive: &mut Keepalive) -> ControlFlow<Cause> {
        let Frame { packet, length } = frame;
        tracing::trace!(packet = packet.name(), length, "received");
        if self.is_observed() {
            self.events.push(Event::PacketReceived(Observed { packet: packet.clone(), length }));
        }
        let is_ack = !matches!(packet, Packet::Publish(_));
        if matches!(packet, Packet::Pingresp) || (is_ack && self.options.reschedule_pings) {
            keepalive.restart();
        }
        let mut out = Vec::new();
        let result = match packet {
            Packet::Disconnect(packet) => {
                let reason = packet.reason;
                self.events.push(Event::Disconnected { packet, length });
                return ControlFlow::Break(Cause::Disconnected(reason));
            }
            Packet::Auth(auth) => self.on_auth(auth, length),
            packet => self.session.on_packet(packet, length, self.connection, &mut self.events, &mut out),
        };
        if let Err(error) = result {
            return ControlFlow::Break(Cause::Violated(error));
        }
        self.push_answers(out, link);
        ControlFlow::Continue(())
    }

    fn on_deadline(&mut self, link: &mut Link, keepalive: &mut Keepalive) -> ControlFlow<Cause> {
        let now = Instant::now();
        if keepalive.deadline().is_none_or(|deadline| deadline > now) {
            return ControlFlow::Continue(());
        }
        if keepalive.give_up.take_if(|give_up| *give_up <= now).is_some() && !keepalive.unread {
            return ControlFlow::Break(Cause::KeepaliveTimeout);
        }
        // An unread answer is no missing answer: while the script lags behind, pings go on and nothing is declared dead.
        if keepalive.next_ping > now {
            return ControlFlow::Continue(());
        }
        keepalive.ping();
        self.push(&Packet::Pingreq.into(), link);
        ControlFlow::Continue(())
    }

    /// Whether an `end`, or a reconnect, may close the connection now.
    fn may_disconnect(&mut self, link: &Link) -> bool {
        if self.reconnect_ordered {
            return true;
        }
        let Some(ending) = &mut self.ending else { return false };
        let now = Instant::now();
        if ending.end.force || ending.deadline <= now {
            return true;
        }
        let flushed = !self.session.has_unfinished_requests() && link.is_flushed();
        if flushed && std::mem::take(&mut ending.had_unfinished) {
            self.events.push(Event::OutgoingEmpty);
            ending.goodbye = Some(now + LISTEN_ON);
        }
        let delivered = !(ending.end.await_deliveries && self.session.awaits_deliveries());
        flushed && delivered && ending.goodbye.is_none_or(|goodbye| goodbye <= now)
    }

    /// Sends DISCONNECT, unless the end is forced.
    pub async fn disconnect(&mut self, link: &mut Link) {
        let packet = match &self.ending {
            Some(ending) if ending.end.force => return,
            Some(ending) => ending.end.disconnect.clone(),
            None => Default::default(),
        };
        let mut packet = Packet::Disconnect(packet);
        if !self.session.fits(&packet)
            && let Packet::Disconnect(disconnect) = &mut packet
        {
            // What it says beside its code may be left out.
            disconnect.properties = None;
        }
        self.push(&packet.into(), link);
        self.save();
        if self.store_failure.take().is_some() {
            // What waits for the socket must not go out without it.
            return;
        }
        // A peer that takes no bytes any more does not hear goodbye.
        let _ = tokio::time::timeout(LAST_WORDS, link.flush()).await;
        self.report_written(link);
    }
}
