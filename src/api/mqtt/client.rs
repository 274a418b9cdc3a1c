//! `Client`: what `mqtt.connect` returns.

mod auth;
mod control;
mod done;
mod emit;
mod events;
mod handling;
mod inside;
mod log;
mod on_message;
mod outstanding;
mod publish;
mod report;
mod request;
mod room;
mod subscribe;
mod wait;
mod waits;

pub use self::auth::auth_of;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use rhai::{Dynamic, Engine, Map, NativeCallContext};

use crate::api::error::ErrorValue;
use crate::api::host::Host;
use crate::api::host_value::{self, HostValue, Shown};
use crate::api::mqtt::client::auth::Authentication;
use crate::api::mqtt::client::handling::Handling;
use crate::api::mqtt::client::outstanding::{Outstanding, Pending};
use crate::api::mqtt::packet::PropertiesValue;
use crate::api::mqtt::store::StoreValue;
use crate::event_loop::callback::{CallSite, Callback};
use crate::event_loop::emitter::Emitter;
use crate::event_loop::incoming::SourceId;
use crate::mqtt;
use crate::mqtt::event::{Event, Observed, Token};
use crate::mqtt::ids::PacketIds;
use crate::mqtt::options::{Options, Scheme};
use crate::mqtt::packet::Connack;
use crate::mqtt::store::Stores;

/// A client held by a script. Copies are the same client.
#[derive(Clone)]
pub struct Client(Rc<Inner>);

struct Inner {
    host: Rc<Host>,
    source: SourceId,
    /// Absent only while the client is being made.
    core: RefCell<Option<mqtt::client::Client>>,
    emitter: RefCell<Emitter>,
    /// `on_message`.
    filter_listeners: RefCell<on_message::FilterListeners>,
    requests: RefCell<request::Requests>,
    /// Events of the batch that is being delivered whose turn has not come.
    arrived: RefCell<VecDeque<Event>>,
    /// The script has blocked since they came, so they were noted.
    are_noted: Cell<bool>,
    pending: RefCell<Outstanding>,
    url: Option<String>,
    /// The option map, shared with the script.
    options: Dynamic,
    typed: RefCell<Options>,
    /// `mqtt.Client(streamBuilder, ...)`.
    builder: Option<Rc<Callback>>,
    /// What the network side waits for an answer to, while the script blocks.
    unanswered: RefCell<Vec<Event>>,
    /// An option closure or the stream builder is being asked.
    asking: Cell<bool>,
    /// Option `log`.
    log: Option<Rc<Callback>>,
    /// The call that made the client; options that are closures are called from there.
    context: CallSite,
    flags: Flags,
    keepalive: Cell<u16>,
    server_properties: RefCell<Option<PropertiesValue>>,
    handling: Handling,
    /// Calls that block the script now: one in the `handleAuth` or an option closure that another one asks.
    waits: Cell<usize>,
    /// The last wait ended because too many messages were in front of what it waited for.
    is_out_of_reach: Cell<bool>,
    refused: room::Refused,
    authentication: Authentication,
    /// CONNACK of this connection, or of the last one.
    connack: RefCell<Option<Observed>>,
}

#[derive(Debug, Default)]
struct Flags {
    connected: Cell<bool>,
    reconnecting: Cell<bool>,
    disconnecting: Cell<bool>,
    /// `None` until `end()` is complete for the first time, or `reconnect()` was called.
    disconnected: Cell<Option<bool>>,
    /// An attempt, a connection or a wait for the next attempt is going on.
    active: Cell<bool>,
    /// The client does not try again by itself. What it holds, and what it is given, fails unless it is revived at once.
    gave_up: Cell<bool>,
    /// The connection was lost and no attempt has begun since.
    offline: Cell<bool>,
    /// The program ends; only the end of this client counts.
    shutting_down: Cell<bool>,
    /// The connection that the script heard of last.
    connection: Cell<u32>,
    /// The network side is about to be told to fail what waits, see [`Client::disappoint_unless_revived`].
    is_disappointment_due: Cell<bool>,
    /// It has not heard yet that this one is over.
    is_close_due: Cell<bool>,
    /// Calls of `connect` and `reconnect` so far.
    connects: Cell<u32>,
}

/// Which call it was; decides what the callback is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Publish,
    /// The publish of a request.
    Request(request::RequestId),
    /// The subscribe to the topic that replies come on.
    ReplyTopic,
    Subscribe,
    Unsubscribe,
    Reauthenticate,
    End,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Publish => "publish",
            Self::Request(_) => "request",
            Self::Subscribe | Self::ReplyTopic => "subscribe",
            Self::Unsubscribe => "unsubscribe",
            Self::Reauthenticate => "reauthenticate",
            Self::End => "end",
        }
    }
}

/// How a client is made.
pub struct Plan {
    /// As given.
    pub url: Option<String>,
    /// As given, shared with the script.
    pub options: Dynamic,
    /// What they mean.
    pub typed: Options,
    /// Where messages are kept.
    pub stores: Stores,
    /// Do not connect by itself.
    pub manual: bool,
    /// Ask before each attempt: some options are closures.
    pub asks: bool,
    /// The option `customHandleAcks`.
    pub acks: Option<Rc<Callback>>,
    /// `mqtt.Client(streamBuilder, ...)`.
    pub builder: Option<Rc<Callback>>,
    /// Option `messageIdProvider`.
    pub ids: Option<PacketIds>,
    /// Option `log`.
    pub log: Option<Rc<Callback>>,
    /// The call that makes the client.
    pub context: CallSite,
}

impl Client {
    /// Makes a client and, unless it is to be started by hand, starts it.
    ///
    /// # Errors
    /// `ca`, `cert` or `key` cannot be used, or the network thread could not be started.
    pub fn start(host: &Rc<Host>, plan: Plan) -> Result<Self, mqtt::error::Error> {
        let mut made = None;
        let asks = plan.asks || plan.builder.is_some();
        let typed = plan.typed.clone();
        let source = host.event_loop.add_source(|source| {
            let client = Self(Rc::new(Inner {
                host: Rc::clone(host),
                source,
                core: RefCell::default(),
                emitter: RefCell::default(),
                filter_listeners: RefCell::default(),
                requests: RefCell::default(),
                arrived: RefCell::default(),
                are_noted: Cell::new(false),
                pending: RefCell::default(),
                url: plan.url,
                options: plan.options,
                keepalive: Cell::new(plan.typed.keepalive),
                typed: RefCell::new(plan.typed),
                builder: plan.builder,
                unanswered: RefCell::default(),
                asking: Cell::new(false),
                log: plan.log,
                context: plan.context,
                flags: Flags { active: Cell::new(!plan.manual), ..Flags::default() },
                server_properties: RefCell::default(),
                handling: Handling::new(plan.acks),
                waits: Cell::new(0),
                is_out_of_reach: Cell::new(false),
                refused: room::Refused::default(),
                authentication: Authentication::default(),
                connack: RefCell::default(),
            }));
            made = Some(client.clone());
            Rc::new(client)
        });
        let client = made.expect("add_source calls its argument");
        let sender = host.event_loop.sender();
        let sink = Box::new(move |events| {
            let payload = crate::event_loop::incoming::Payload::Mqtt(events);
            sender.send(crate::event_loop::incoming::Incoming { source, payload }).is_ok()
        });
        let start = if plan.manual { mqtt::client::Start::Manual } else { mqtt::client::Start::Now };
        let core = mqtt::client::Client::start(&host.network, typed, plan.stores, start, asks, plan.ids, sink)
            .inspect_err(|_| host.event_loop.remove_source(source))?;
        *client.0.core.borrow_mut() = Some(core);
        client.observe_packets();
        Ok(client)
    }

    /// Gives an order to the network side.
    fn order(&self, command: mqtt::command::Command) {
        if self.with_core(|core| core.order(command)) {
            self.0.host.event_loop.flush_later(self.0.source);
        }
    }

    /// A request was given to the network side; `is_first`: nothing else waited to be handed over.
    fn handed_over(&self, is_first: bool) {
        if is_first {
            self.0.host.event_loop.flush_later(self.0.source);
        }
        if self.0.flags.gave_up.get() {
            self.disappoint_unless_revived();
        }
    }

    /// Gives a request to the network side.
    fn request(&self, command: mqtt::command::Command) {
        let is_first = self.with_core(|core| core.order(command));
        self.handed_over(is_first);
    }

    /// After a client gave up nothing would ever answer its requests: their callbacks are told in the next turn, unless a listener has
    /// revived it by then.
    fn disappoint_unless_revived(&self) {
        if self.0.flags.is_disappointment_due.replace(true) {
            return;
        }
        let client = self.clone();
        self.0.host.event_loop.defer(move |_| {
            client.0.flags.is_disappointment_due.set(false);
            if client.0.flags.gave_up.get() {
                client.order(mqtt::command::Command::Disappoint);
            }
        });
    }

    fn with_core<T>(&self, use_core: impl FnOnce(&mut mqtt::client::Client) -> T) -> T {
        use_core(self.0.core.borrow_mut().as_mut().expect("set before the client is handed out"))
    }

    /// Remembers who waits for an outcome. Nobody waits for a publish without a callback.
    fn expect_outcome(&self, callback: Option<Rc<Callback>>, kind: Kind) -> Option<Token> {
        callback.is_some().then(|| self.new_token(callback, kind))
    }

    fn new_token(&self, callback: Option<Rc<Callback>>, kind: Kind) -> Token {
        let token = self.0.pending.borrow_mut().add(Pending { callback, kind });
        if self.0.handling.is_waiting() {
            self.read_on_if_needed();
        }
        token
    }

    /// One of the stores in use, if there is one.
    fn store(&self, which: impl FnOnce(&Stores) -> &Option<std::sync::Arc<dyn mqtt::store::Store>>) -> Dynamic {
        let store = self.with_core(|core| which(core.stores()).clone());
        store.map_or(Dynamic::UNIT, |store| Dynamic::from(StoreValue::new(&self.0.host, &store)))
    }

    fn version(&self) -> mqtt::packet::Version {
        self.0.typed.borrow().version
    }

    fn is_disconnected(&self) -> bool {
        self.0.flags.disconnected.get() == Some(true)
    }

    fn state(&self) -> &'static str {
        let flags = &self.0.flags;
        if self.is_disconnected() {
            "ended"
        } else if flags.disconnecting.get() {
            "ending"
        } else if flags.connected.get() {
            "connected"
        } else if flags.offline.get() || !flags.active.get() {
            "offline"
        } else if flags.reconnecting.get() {
            "reconnecting"
        } else {
            "connecting"
        }
    }

    fn set_connected(&self, connack: &Connack, length: u32, keepalive: u16) {
        let flags = &self.0.flags;
        flags.connected.set(true);
        flags.reconnecting.set(false);
        flags.offline.set(false);
        flags.active.set(true);
        flags.gave_up.set(false);
        self.0.keepalive.set(keepalive);
        self.set_server_properties(connack);
        *self.0.connack.borrow_mut() =
            Some(Observed { packet: mqtt::packet::Packet::Connack(connack.clone()), length });
    }

    fn set_server_properties(&self, connack: &Connack) {
        *self.0.server_properties.borrow_mut() = connack.properties.as_deref().map(PropertiesValue::new);
    }

    fn set_closed(&self) {
        self.0.flags.connected.set(false);
        *self.0.server_properties.borrow_mut() = None;
    }
}

impl HostValue for Client {
    const NAME: &'static str = "Client";

    fn shown(&self) -> Shown {
        let flags = &self.0.flags;
        Shown::Record {
            name: Self::NAME.into(),
            fields: vec![
                ("connected".into(), flags.connected.get().into()),
                ("state".into(), self.state().into()),
                ("clientId".into(), self.0.typed.borrow().client_id.clone().into()),
            ],
        }
    }

    fn same_as(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Registers the type.
pub fn register(engine: &mut Engine) {
    host_value::register::<Client>(engine);
    engine
        .register_get("connected", |client: &mut Client| client.0.flags.connected.get())
        .register_get("reconnecting", |client: &mut Client| client.0.flags.reconnecting.get())
        .register_get("disconnecting", |client: &mut Client| client.0.flags.disconnecting.get())
        .register_get("disconnected", |client: &mut Client| {
            client.0.flags.disconnected.get().map_or(Dynamic::UNIT, Dynamic::from)
        })
        .register_get("options", |client: &mut Client| {
            // The script may change them from here on.
            client.with_core(|core| core.ask(true));
            client.0.options.clone()
        })
        .register_get("keepalive", |client: &mut Client| i64::from(client.0.keepalive.get()))
        .register_get("serverProperties", |client: &mut Client| {
            client.0.server_properties.borrow().clone().map_or(Dynamic::UNIT, Dynamic::from)
        })
        .register_get("state", |client: &mut Client| client.state())
        .register_get("queued", |client: &mut Client| {
            i64::try_from(client.with_core(|core| core.unfinished().messages)).unwrap_or(i64::MAX)
        })
        .register_get("handleMessage", |client: &mut Client| client.handler())
        .register_set("handleMessage", |context: NativeCallContext, client: &mut Client, value: Dynamic| {
            client.set_handler(&context, &value)
        })
        .register_fn("==", |a: Client, b: Client| a.same_as(&b))
        .register_fn("!=", |a: Client, b: Client| !a.same_as(&b));
    engine
        .register_get("outgoingStore", |client: &mut Client| client.store(|stores| &stores.outgoing))
        .register_get("incomingStore", |client: &mut Client| client.store(|stores| &stores.incoming));
    publish::register(engine);
    subscribe::register(engine);
    control::register(engine);
    inside::register(engine);
    auth::register(engine);
    emit::register(engine);
    on_message::register(engine);
    wait::register(engine);
    request::register(engine);
}

/// An error of the client core as a script sees it, with MQTT.js's class names.
fn error_value(error: &mqtt::error::Error) -> ErrorValue {
    let value = ErrorValue::from(error);
    match error.code {
        Some(mqtt::error::Code::Reason(_)) => value.with_class("ErrorWithReasonCode"),
        _ => value,
    }
}

/// The options a script gave, with what MQTT.js fills in; if `dials`, also whom the client dials. What was left out because a script
/// may change something that it would then contradict: `hostname`, which wins over `host`, and `protocolId`. A password in a URL is
/// not shown.
pub fn shown_options(given: &Map, typed: &Options, dials: bool) -> Map {
    let mut shown = given.clone();
    let mut fill = |name: &str, value: Dynamic| {
        shown.entry(name.into()).or_insert(value);
    };
    fill("clientId", typed.client_id.clone().into());
    fill("keepalive", i64::from(typed.keepalive).into());
    fill("clean", typed.clean.into());
    fill("resubscribe", typed.resubscribe.into());
    fill("protocolVersion", i64::from(super::options::version_number(typed.version)).into());
    fill("reconnectPeriod", i64::try_from(typed.reconnect.min.as_millis()).unwrap_or(i64::MAX).into());
    fill("reschedulePings", typed.reschedule_pings.into());
    if let Some(username) = &typed.username {
        fill("username", username.clone().into());
    }
    if let Some(endpoint) = typed.endpoints.first().filter(|_| dials) {
        fill("protocol", endpoint.scheme.name().into());
        if endpoint.scheme != Scheme::Unix {
            fill("host", endpoint.host.clone().into());
            fill("port", i64::from(endpoint.port).into());
        }
        if endpoint.scheme == Scheme::Unix || endpoint.scheme.is_websocket() {
            fill("path", endpoint.path.clone().into());
        }
    }
    fill("connectTimeout", i64::try_from(typed.connect_timeout.as_millis()).unwrap_or(i64::MAX).into());
    shown
}
