//! Option `log` and `client.log`: each step of the client as a line of text.

use rhai::{Dynamic, Engine};

use crate::api::mqtt::client::Client;
use crate::mqtt::event::{Event, Observed};
use crate::mqtt::packet::Packet;

impl Client {
    /// Tells the option `log`, if there is one.
    pub(super) fn log(&self, engine: &Engine, text: impl FnOnce() -> String) {
        let Some(log) = &self.0.log else { return };
        let mut arguments = [Dynamic::from(text())];
        self.0
            .host
            .event_loop
            .call(engine, log, &mut arguments, |origin| format!("in the option `log` of the client made at {origin}"));
    }

    /// Tells of an event whose turn it is.
    pub(super) fn log_event(&self, engine: &Engine, event: &Event) {
        if self.0.log.is_some()
            && let Some(text) = describe(event)
        {
            self.log(engine, || text);
        }
    }
}

fn describe(event: &Event) -> Option<String> {
    Some(match event {
        Event::DialWanted { .. } => "asking for the options of the next attempt".into(),
        Event::Connected { keepalive, .. } => format!("connected, keepalive {keepalive} s"),
        Event::Reconnecting => "reconnecting".into(),
        Event::Offline { .. } => "offline".into(),
        Event::Closed { .. } => "closed".into(),
        Event::Failed { error, address, .. } => match &error.cause {
            Some(cause) => format!("error: {} ({cause}), at {address}", error.message),
            None => format!("error: {}, at {address}", error.message),
        },
        Event::GaveUp { .. } => "giving up".into(),
        Event::Warning { message, .. } => format!("warning: {message}"),
        Event::Crashed { message } => format!("internal error: {message}"),
        Event::OutOfReach => "too many messages are in front of what the script waits for".into(),
        Event::Room => "the queue has room again".into(),
        Event::OutgoingEmpty => "everything is sent and acknowledged".into(),
        Event::Ended { goes_on: false, .. } => "ended".into(),
        Event::PacketSent(observed) => format!("sent {}", line(observed)),
        Event::PacketReceived(observed) => format!("received {}", line(observed)),
        _ => return None,
    })
}

/// A packet in a few words: no payload, which may be long, and no credentials.
fn line(Observed { packet, .. }: &Observed) -> String {
    let name = packet.name().to_ascii_lowercase();
    match packet {
        Packet::Publish(publish) => {
            let topic = String::from_utf8_lossy(&publish.topic);
            let (qos, id, length) = (publish.qos.number(), publish.id, publish.payload.len());
            format!("{name} to `{topic}`, qos {qos}, id {id}, {length} bytes")
        }
        Packet::Connack(connack) => {
            format!("{name}, code {}, session present {}", connack.code, connack.session_present)
        }
        Packet::Puback(ack) | Packet::Pubrec(ack) | Packet::Pubrel(ack) | Packet::Pubcomp(ack) => {
            format!("{name}, id {}, code {}", ack.id, ack.reason)
        }
        Packet::Subscribe(subscribe) => {
            let filters: Vec<&str> = subscribe.filters.iter().map(|filter| filter.filter.as_str()).collect();
            format!("{name} {}, id {}", filters.join(" "), subscribe.id)
        }
        Packet::Unsubscribe(unsubscribe) => format!("{name} {}, id {}", unsubscribe.filters.join(" "), unsubscribe.id),
        Packet::Suback(grants) | Packet::Unsuback(grants) => {
            format!("{name}, id {}, codes {:?}", grants.id, grants.codes)
        }
        Packet::Disconnect(disconnect) => format!("{name}, code {}", disconnect.reason),
        _ => name,
    }
}
