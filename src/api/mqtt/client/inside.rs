//! What MQTT.js shows of its insides: `queue`, `outgoing`, `stream`, pings, and the like.

use rhai::{Array, Dynamic, Engine, EvalAltResult, FnPtr, Map};

use crate::api::arguments::method;
use crate::api::host_value::{self, HostValue, Shown};
use crate::api::mqtt::client::Client;
use crate::api::mqtt::client::control::client;
use crate::api::mqtt::exports::no_keepalive_manager;
use crate::api::mqtt::ids::Provider;
use crate::mqtt::command::{Command, LinkOrder};
use crate::mqtt::event::Observed;

/// `client.stream`: the link under a client.
#[derive(Clone)]
struct Stream(Client);

impl HostValue for Stream {
    const NAME: &'static str = "Stream";

    fn shown(&self) -> Shown {
        Shown::Record { name: Self::NAME.into(), fields: vec![("destroyed".into(), self.is_destroyed().into())] }
    }

    fn same_as(&self, other: &Self) -> bool {
        self.0.same_as(&other.0)
    }
}

impl Stream {
    fn is_destroyed(&self) -> bool {
        !self.0.0.flags.connected.get()
    }
}

/// Registers the properties and methods.
pub fn register(engine: &mut Engine) {
    host_value::register::<Stream>(engine);
    engine
        .register_get("destroyed", |stream: &mut Stream| stream.is_destroyed())
        .register_get("queue", |client: &mut Client| client.queue())
        .register_get("outgoing", |client: &mut Client| client.outgoing())
        .register_get("messageIdToTopic", |client: &mut Client| client.topics_by_id())
        .register_get("messageIdProvider", |client: &mut Client| client.with_core(|core| Provider::of(core.ids())))
        .register_get("queueQoSZero", |client: &mut Client| client.0.typed.borrow().queue_qos_zero)
        .register_set("queueQoSZero", |client: &mut Client, queue: bool| client.set_queue_qos_zero(queue))
        .register_get("_reconnectCount", |client: &mut Client| client.attempts())
        .register_get("stream", |client: &mut Client| Stream(client.clone()))
        .register_get("noop", |_: &mut Client| noop())
        .register_get("keepaliveManager", |_: &mut Client| -> Result<Dynamic, Box<EvalAltResult>> {
            Err(no_keepalive_manager("client.keepaliveManager"))
        });
    method::<Stream>(engine, "destroy", 0..=1, |receiver, _| {
        stream(receiver).0.order(Command::Link(LinkOrder::Cut { flush: false }));
        Ok(receiver.clone())
    });
    method::<Stream>(engine, "end", 0..=0, |receiver, _| {
        stream(receiver).0.order(Command::Link(LinkOrder::Cut { flush: true }));
        Ok(receiver.clone())
    });
    method::<Client>(engine, "sendPing", 0..=0, |receiver, _| {
        client(receiver).order_if_connected(LinkOrder::Ping);
        Ok(Dynamic::UNIT)
    });
    method::<Client>(engine, "reschedulePing", 0..=1, |receiver, arguments| {
        let force = match arguments.get(0) {
            value if value.is_unit() => false,
            value => value.as_bool().map_err(|_| arguments.wrong(0, "force", "`true` or `false`"))?,
        };
        client(receiver).order_if_connected(LinkOrder::PutOffPing { force });
        Ok(Dynamic::UNIT)
    });
    method::<Client>(engine, "onKeepaliveTimeout", 0..=0, |receiver, _| {
        client(receiver).order_if_connected(LinkOrder::GiveUp);
        Ok(Dynamic::UNIT)
    });
    method::<Client>(engine, "log", 1..=15, |receiver, arguments| {
        let words: Vec<_> = arguments.values.iter().map(crate::api::text::to_text).collect();
        let text = words.join(" ");
        tracing::debug!("{text}");
        client(receiver).log(arguments.context.engine(), || text);
        Ok(Dynamic::UNIT)
    });
}

fn stream(receiver: &Dynamic) -> Stream {
    receiver.read_lock::<Stream>().map(|stream| stream.clone()).expect("methods are registered for streams")
}

/// A function that takes anything and does nothing.
#[expect(deprecated, reason = "Rhai marks what may change so; there is no other way to make a function of one's own")]
fn noop() -> Result<FnPtr, Box<EvalAltResult>> {
    FnPtr::from_fn("noop", |_, _| Ok(Dynamic::UNIT))
}

impl Client {
    /// An order for the link that the script knows of.
    fn order_if_connected(&self, order: LinkOrder) {
        if self.0.flags.connected.get() {
            self.order(Command::Link(order));
        }
    }

    /// What is accepted and not on the wire.
    fn queue(&self) -> Array {
        let queue = self.with_core(|core| core.inspect()).session.queue;
        let entry = |packet| {
            let packet = self.packet(Observed { packet, length: 0 });
            Dynamic::from(Map::from([("packet".into(), packet)]))
        };
        queue.into_iter().map(entry).collect()
    }

    /// What has an identifier and is not over.
    fn outgoing(&self) -> Map {
        let outgoing = self.with_core(|core| core.inspect()).session.outgoing;
        let entry = |cmd: &'static str, volatile: bool| {
            Dynamic::from(Map::from([("cmd".into(), cmd.into()), ("volatile".into(), volatile.into())]))
        };
        outgoing.into_iter().map(|one| (one.id.to_string().into(), entry(one.cmd, one.volatile))).collect()
    }

    /// The filters of subscribes that are not answered.
    fn topics_by_id(&self) -> Map {
        let outgoing = self.with_core(|core| core.inspect()).session.outgoing;
        let subscribes = outgoing.into_iter().filter(|one| one.cmd == "subscribe");
        let topics = |filters: Vec<String>| filters.into_iter().map(Dynamic::from).collect::<Array>().into();
        subscribes.map(|one| (one.id.to_string().into(), topics(one.filters))).collect()
    }

    /// MQTT.js counts through `servers` and starts anew behind the last.
    fn attempts(&self) -> i64 {
        let attempts = self.with_core(|core| core.inspect()).attempts;
        let servers = self.0.typed.borrow().endpoints.len();
        let place = if attempts == 0 { 0 } else { (attempts - 1) % servers + 1 };
        i64::try_from(place).unwrap_or(i64::MAX)
    }

    fn set_queue_qos_zero(&self, queue: bool) {
        self.0.typed.borrow_mut().queue_qos_zero = queue;
        // The options are read anew before a later attempt.
        if let Some(mut options) = self.0.options.clone().write_lock::<Map>() {
            options.insert("queueQoSZero".into(), queue.into());
        }
    }
}
