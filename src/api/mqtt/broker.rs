//! `mqtt.broker`: the embedded broker, started by a script.

use std::cell::RefCell;
use std::rc::Rc;

use rhai::{Dynamic, Engine, ImmutableString, Map};

use crate::api::arguments::{Arguments, Returned, method, type_word};
use crate::api::entries;
use crate::api::error::ErrorValue;
use crate::api::fs::Access;
use crate::api::host::{Host, keep};
use crate::api::host_value::{self, HostValue, Shown};
use crate::api::mqtt::options;
use crate::api::mqtt::reader::{OptionError, Reader};
use crate::broker::{Broker, Config, Error, Listen, Scheme, Tls};
use crate::event_loop::Source;
use crate::event_loop::incoming::{Payload, SourceId};

/// A broker held by a script. Copies are the same broker.
#[derive(Clone)]
pub struct BrokerValue(Rc<Inner>);

struct Inner {
    host: Rc<Host>,
    source: SourceId,
    /// Absent once it was ended.
    broker: RefCell<Option<Broker>>,
    url: ImmutableString,
    port: u16,
}

impl Source for BrokerValue {
    fn deliver(&self, _engine: &Engine, _payload: Payload) {}

    fn keeps_alive(&self) -> bool {
        self.0.broker.borrow().is_some()
    }

    fn close(&self) {
        self.stop();
    }
}

impl BrokerValue {
    fn stop(&self) {
        // Its clients are told, and the port is free when this returns.
        drop(self.0.broker.take());
        self.0.host.event_loop.remove_source(self.0.source);
    }
}

impl HostValue for BrokerValue {
    const NAME: &'static str = "Broker";

    fn shown(&self) -> Shown {
        let fields = vec![("url".into(), self.0.url.clone().into()), ("port".into(), i64::from(self.0.port).into())];
        Shown::Record { name: Self::NAME.into(), fields }
    }

    fn same_as(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Registers the type.
pub fn register(engine: &mut Engine) {
    host_value::register::<BrokerValue>(engine);
    engine
        .register_get("url", |broker: &mut BrokerValue| broker.0.url.clone())
        .register_get("port", |broker: &mut BrokerValue| i64::from(broker.0.port))
        .register_fn("==", |a: BrokerValue, b: BrokerValue| a.same_as(&b))
        .register_fn("!=", |a: BrokerValue, b: BrokerValue| !a.same_as(&b));
    method::<BrokerValue>(engine, "end", 0..=1, end);
}

fn end(receiver: &mut Dynamic, arguments: Arguments) -> Returned {
    let broker = receiver.read_lock::<BrokerValue>().map(|broker| broker.clone());
    let broker = broker.expect("methods are registered for brokers");
    let callback = if arguments.get(0).is_unit() {
        None
    } else {
        let function = arguments.function(0, "callback")?;
        Some(keep(arguments.context, function, 1, "the callback of `end` (error)")?)
    };
    broker.stop();
    if let Some(callback) = callback {
        let host = Rc::clone(&broker.0.host);
        broker.0.host.event_loop.defer(move |engine| {
            let context = |origin: &_| format!("in the callback of `end` called at {origin}");
            host.event_loop.call(engine, &callback, &mut [], context);
        });
    }
    Ok(receiver.clone())
}

/// `mqtt.broker([options])`.
///
/// # Errors
/// Options that cannot be, or the broker cannot start.
pub fn start(host: &Rc<Host>, arguments: &Arguments) -> Returned {
    let map = match arguments.get(0) {
        value if value.is_unit() => Map::new(),
        value => {
            let map = value.read_lock::<Map>().map(|map| map.clone());
            map.ok_or_else(|| arguments.wrong(0, "options", "a map `#{...}`"))?
        }
    };
    let config = config(&map, &host.access).map_err(|error| error.to_error().raise())?;
    for Listen { host: name, port, .. } in &config.listeners {
        host.access.permissions().check_listen(name, *port).map_err(|refusal| refusal.raise())?;
    }
    let broker = Broker::start(config).map_err(|error| failure(&error).raise())?;
    let (url, port) = (broker.url().into(), broker.port());
    let mut made = None;
    host.event_loop.add_source(|source| {
        let inner = Inner { host: Rc::clone(host), source, broker: RefCell::new(Some(broker)), url, port };
        let value = made.insert(BrokerValue(Rc::new(inner)));
        Rc::new(value.clone())
    });
    Ok(Dynamic::from(made.expect("add_source calls its argument")))
}

fn config(map: &Map, access: &Access) -> Result<Config, OptionError> {
    let reader = Reader::new(map, "`mqtt.broker`");
    reader.only(entries::broker::OPTIONS)?;
    let tls = tls(&reader, access)?;
    let scheme = if tls.is_some() { Scheme::Mqtts } else { Scheme::Mqtt };
    let host = reader.text("host")?.unwrap_or_else(|| "127.0.0.1".into());
    let listen = Listen::new(scheme, host, reader.number("port")?.unwrap_or(0));
    Ok(Config { listeners: vec![listen], users: users(&reader)?, tls, ..Config::default() })
}

fn users(reader: &Reader) -> Result<Vec<(String, String)>, OptionError> {
    let Some(map) = reader.map("users")? else { return Ok(Vec::new()) };
    let users = map.iter().map(|(name, password)| {
        let text = password.read_lock::<ImmutableString>().map(|text| text.to_string());
        let text = text.ok_or_else(|| OptionError::Wrong {
            name: format!("users.{name}"),
            wanted: "a password as text".into(),
            // Not the value: it is a password.
            given: type_word(password).into(),
        })?;
        Ok((name.to_string(), text))
    });
    let users: Vec<_> = users.collect::<Result<_, _>>()?;
    if users.is_empty() {
        // Without users the broker lets everybody in, which is not what an empty list says.
        return Err(other(
            "option `users` names nobody",
            "write `users: #{name: \"password\"}`, or leave it out to let everybody in",
        ));
    }
    Ok(users)
}

fn tls(reader: &Reader, access: &Access) -> Result<Option<Tls>, OptionError> {
    let given = options::tls::tls(reader, access)?;
    let ca = given.ca.into_iter().reduce(options::tls::join_pems);
    match (given.cert, given.key) {
        (Some(cert), Some(key)) => Ok(Some(Tls { require_client_cert: ca.is_some(), ca, cert, key })),
        (None, None) if ca.is_none() => Ok(None),
        (None, None) => Err(other(
            "option `ca` is for client certificates, and needs `cert` and `key`",
            "give the broker a certificate of its own: `cert: \"broker.crt\", key: \"broker.key\"`",
        )),
        (Some(_), None) => Err(other("option `cert` needs `key` too", "write `key: \"broker.key\"`")),
        (None, Some(_)) => Err(other("option `key` needs `cert` too", "write `cert: \"broker.crt\"`")),
    }
}

fn other(message: &str, help: &str) -> OptionError {
    OptionError::Other { message: message.into(), headline: None, help: help.into() }
}

fn failure(error: &Error) -> ErrorValue {
    let value = ErrorValue::new(error.to_string());
    let help = match error {
        Error::AddressInUse { .. } => Some("take another port; port 0, the default, picks a free one".into()),
        _ => error.help(),
    };
    let value = help.into_iter().fold(value, ErrorValue::with_help);
    match error {
        Error::AddressInUse { .. } => value.with("code", "EADDRINUSE"),
        Error::PermissionDenied { .. } => value.with("code", "EACCES"),
        _ => value,
    }
}
