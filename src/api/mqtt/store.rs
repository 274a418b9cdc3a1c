//! `mqtt.Store`, and the stores that connect options ask for.

use std::cell::{Cell, RefCell};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use bytes::Bytes;
use rhai::{Dynamic, Engine, EvalAltResult, ImmutableString, Map};

use crate::api::arguments::{Arguments, Returned, method};
use crate::api::entries::stores;
use crate::api::error::ErrorValue;
use crate::api::fs::Access;
use crate::api::host::{Host, keep};
use crate::api::host_value::{self, HostValue, Shown};
use crate::api::mqtt::options::{other, qos};
use crate::api::mqtt::packet::PacketValue;
use crate::api::mqtt::properties::Of;
use crate::api::mqtt::reader::{OptionError, Reader, wrong};
use crate::api::mqtt::{payload, properties};
use crate::event_loop::callback::Callback;
use crate::mqtt::error::Error;
use crate::mqtt::packet::{Ack, Packet, PacketId, Publish, Version};
use crate::mqtt::store::{Change, Entry, FileStore, MemoryStore, Stage, Store, Stores};
use crate::mqtt::topic;

/// A store held by a script. Copies are the same store.
#[derive(Clone)]
pub struct StoreValue {
    host: Rc<Host>,
    store: Arc<dyn Store>,
}

impl StoreValue {
    /// A store of a client.
    pub fn new(host: &Rc<Host>, store: &Arc<dyn Store>) -> Self {
        Self { host: Rc::clone(host), store: Arc::clone(store) }
    }

    /// `mqtt.Store([options])`.
    ///
    /// # Errors
    /// Options that are none.
    pub fn make(host: &Rc<Host>, arguments: &Arguments) -> Returned {
        let options = arguments.get(0);
        let clean = match options.read_lock::<Map>() {
            Some(map) => {
                let reader = Reader::new(&map, "`mqtt.Store`");
                let read = || {
                    reader.only(stores::OPTIONS)?;
                    reader.flag("clean")
                };
                read().map_err(|error| error.to_error().raise())?.unwrap_or(true)
            }
            None if options.is_unit() => true,
            None => return Err(arguments.wrong(0, "options", "a map `#{...}`")),
        };
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new(clean));
        Ok(Dynamic::from(Self::new(host, &store)))
    }

    fn find(&self, id: PacketId) -> Result<Entry, Error> {
        let entries = self.store.entries()?;
        entries.into_iter().find(|entry| entry.publish.id == id).ok_or_else(|| Error::new("missing packet"))
    }

    fn put(&self, given: Given) -> Result<(), Error> {
        let held = self.find(given.id()).ok();
        match (given, held) {
            (Given::Publish(publish), held) => {
                let key = held.map_or(0, |entry| entry.key);
                self.store.put(Entry::new(key, publish, 0)).map(drop)
            }
            (Given::Pubrel(id), Some(Entry { key, .. })) => {
                self.store.apply(&[Change::Mark { key, stage: Stage::Released, id }])
            }
            (Given::Pubrel(_), None) => Err(Error::new("missing packet")),
        }
    }

    fn delete(&self, id: PacketId) -> Result<Dynamic, Error> {
        let entry = self.find(id)?;
        self.store.apply(&[Change::Remove(entry.key)])?;
        Ok(shown(entry))
    }

    /// Calls `callback(error, packet)` in the next turn.
    fn answer(&self, callback: Option<Rc<Callback>>, outcome: Result<Dynamic, Error>) {
        let Some(callback) = callback else { return };
        let host = Rc::clone(&self.host);
        let mut arguments = match outcome {
            Ok(packet) => [Dynamic::UNIT, packet],
            Err(error) => [Dynamic::from(ErrorValue::from(&error)), Dynamic::UNIT],
        };
        self.host.event_loop.defer(move |engine| {
            host.event_loop.call(engine, &callback, &mut arguments, |origin| {
                format!("in the callback of a store given at {origin}")
            });
        });
    }
}

/// A packet as MQTT.js keeps it.
fn shown(entry: Entry) -> Dynamic {
    let packet = match entry.stage {
        Stage::Published => Packet::Publish(entry.publish),
        Stage::Released => Packet::Pubrel(Ack::success(entry.publish.id)),
    };
    Dynamic::from(PacketValue::new(packet, entry.length, Version::V311))
}

impl HostValue for StoreValue {
    const NAME: &'static str = "Store";

    fn shown(&self) -> Shown {
        let count = self.store.entries().map_or(0, |entries| i64::try_from(entries.len()).unwrap_or(i64::MAX));
        Shown::Record { name: Self::NAME.into(), fields: vec![("length".into(), count.into())] }
    }

    fn same_as(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.store, &other.store)
    }
}

/// What a script puts in.
enum Given {
    Publish(Publish),
    Pubrel(PacketId),
}

impl Given {
    const fn id(&self) -> PacketId {
        match self {
            Self::Publish(publish) => publish.id,
            Self::Pubrel(id) => *id,
        }
    }
}

/// The fields of a packet: a map, or one that a listener or a store handed out.
fn fields(arguments: &Arguments) -> Result<Map, Box<EvalAltResult>> {
    let value = arguments.get(0);
    if let Some(map) = value.read_lock::<Map>() {
        return Ok(map.clone());
    }
    let packet = value.read_lock::<PacketValue>();
    let packet = packet.ok_or_else(|| arguments.wrong(0, "packet", "a packet or a map `#{messageId: ...}`"))?;
    let names = ["cmd", "messageId", "topic", "payload", "qos", "retain", "dup", "properties"];
    Ok(names.into_iter().map(|name| (name.into(), packet.get(name))).collect())
}

fn message_id(reader: &Reader) -> Result<PacketId, OptionError> {
    let id = reader.number_from("messageId", 1)?;
    id.ok_or_else(|| other("a packet in a store needs a `messageId`", "add `messageId: 1`, a number up to 65535"))
}

fn read_id(arguments: &Arguments) -> Result<PacketId, Box<EvalAltResult>> {
    let fields = fields(arguments)?;
    message_id(&Reader::new(&fields, "a packet")).map_err(|error| error.to_error().raise())
}

fn read_packet(arguments: &Arguments) -> Result<Given, Box<EvalAltResult>> {
    let fields = fields(arguments)?;
    let reader = Reader::new(&fields, "a packet");
    let read = || -> Result<Given, OptionError> {
        let id = message_id(&reader)?;
        match reader.text("cmd")?.as_deref() {
            None | Some("publish") => {}
            Some("pubrel") => return Ok(Given::Pubrel(id)),
            Some(_) => {
                let given = fields.get("cmd").cloned().unwrap_or_default();
                return Err(wrong("cmd", "`publish` or `pubrel`", &given));
            }
        }
        let name = reader.text("topic")?.unwrap_or_default();
        topic::check_name(&name).map_err(|error| other(&error.to_string(), &error.help()))?;
        Ok(Given::Publish(Publish {
            dup: reader.flag("dup")?.unwrap_or(false),
            qos: qos(&reader)?,
            retain: reader.flag("retain")?.unwrap_or(false),
            topic: Bytes::from(name.into_bytes()),
            id,
            payload: payload::bytes(fields.get("payload").unwrap_or(&Dynamic::UNIT)),
            properties: reader
                .map("properties")?
                .map(|map| properties::read(&map, "`properties`", Of::Publish))
                .transpose()?,
        }))
    };
    read().map_err(|error| error.to_error().raise())
}

/// The callback behind a packet, or the only argument.
fn callback(arguments: &Arguments, index: usize) -> Result<Option<Rc<Callback>>, Box<EvalAltResult>> {
    if arguments.get(index).is_unit() {
        return Ok(None);
    }
    let function = arguments.function(index, "callback")?;
    keep(arguments.context, function, 2, format_args!("the callback of `{}` (error, packet)", arguments.function))
        .map(Some)
}

/// What `createStream` gives: the packets there were, one `data` event each, then `end`.
#[derive(Clone)]
pub struct StreamValue(Rc<Stream>);

struct Stream {
    host: Rc<Host>,
    packets: RefCell<Vec<Dynamic>>,
    listeners: RefCell<Vec<(ImmutableString, Rc<Callback>)>>,
    flows: Cell<bool>,
}

impl StreamValue {
    fn call(&self, engine: &Engine, event: &str, arguments: &[Dynamic]) {
        let listeners = self.0.listeners.borrow().clone();
        for (_, listener) in listeners.iter().filter(|(name, _)| name == event) {
            self.0.host.event_loop.call(engine, listener, &mut arguments.to_vec(), |origin| {
                format!("in the `{event}` listener added at {origin}")
            });
        }
    }

    fn on(&self, arguments: &Arguments) -> Result<(), Box<EvalAltResult>> {
        let event = arguments.text(0);
        let most = match event.as_str() {
            "data" => 1,
            "end" => 0,
            _ => return Err(arguments.wrong(0, "event", "`data` or `end`")),
        };
        let listener =
            keep(arguments.context, arguments.function(1, "listener")?, most, "listener for a store's stream")?;
        self.0.listeners.borrow_mut().push((event, listener));
        if !self.0.flows.replace(true) {
            let stream = self.clone();
            self.0.host.event_loop.defer(move |engine| {
                for packet in stream.0.packets.take() {
                    stream.call(engine, "data", &[packet]);
                }
                stream.call(engine, "end", &[]);
            });
        }
        Ok(())
    }
}

impl HostValue for StreamValue {
    const NAME: &'static str = "StoreStream";

    fn shown(&self) -> Shown {
        Shown::Text("StoreStream {}".into())
    }
}

/// Registers the types.
pub fn register(engine: &mut Engine) {
    host_value::register::<StoreValue>(engine);
    host_value::register::<StreamValue>(engine);
    engine
        .register_fn("==", |a: StoreValue, b: StoreValue| a.same_as(&b))
        .register_fn("!=", |a: StoreValue, b: StoreValue| !a.same_as(&b));
    method::<StoreValue>(engine, "put", 1..=2, |receiver, arguments| {
        let store = store_of(receiver);
        let callback = callback(&arguments, 1)?;
        let outcome = store.put(read_packet(&arguments)?).map(|()| Dynamic::UNIT);
        store.answer(callback, outcome);
        Ok(receiver.clone())
    });
    method::<StoreValue>(engine, "get", 2..=2, |receiver, arguments| {
        let store = store_of(receiver);
        store.answer(callback(&arguments, 1)?, store.find(read_id(&arguments)?).map(shown));
        Ok(receiver.clone())
    });
    method::<StoreValue>(engine, "del", 1..=2, |receiver, arguments| {
        let store = store_of(receiver);
        let callback = callback(&arguments, 1)?;
        store.answer(callback, store.delete(read_id(&arguments)?));
        Ok(receiver.clone())
    });
    method::<StoreValue>(engine, "createStream", 0..=0, |receiver, _| {
        let StoreValue { host, store } = store_of(receiver);
        let entries = store.entries().map_err(|error| ErrorValue::from(&error).raise())?;
        let packets = entries.into_iter().map(shown).collect::<Vec<_>>();
        let stream = Stream { host, packets: packets.into(), listeners: RefCell::default(), flows: Cell::new(false) };
        Ok(Dynamic::from(StreamValue(Rc::new(stream))))
    });
    method::<StoreValue>(engine, "close", 0..=1, |receiver, arguments| {
        let store = store_of(receiver);
        let callback = callback(&arguments, 0)?;
        store.store.close();
        store.answer(callback, Ok(Dynamic::UNIT));
        Ok(Dynamic::UNIT)
    });
    method::<StreamValue>(engine, "on", 2..=2, |receiver, arguments| {
        let stream = receiver.read_lock::<StreamValue>().map(|stream| stream.clone());
        stream.expect("methods are registered for streams").on(&arguments)?;
        Ok(receiver.clone())
    });
}

fn store_of(receiver: &Dynamic) -> StoreValue {
    receiver.read_lock::<StoreValue>().map(|store| store.clone()).expect("methods are registered for stores")
}

/// The stores that connect options ask for.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The option `store`.
    pub file: Option<String>,
    /// The options `outgoingStore` and `incomingStore`.
    pub given: Stores,
}

/// Reads the options about stores; nothing is opened.
///
/// # Errors
/// Values of another type, or a file together with other stores.
pub fn read(reader: &Reader) -> Result<Asked, OptionError> {
    let file = reader.text("store")?;
    let given = read_given(reader)?;
    if file.as_ref().is_some_and(String::is_empty) {
        return Err(other("option `store` is empty", "give the path of a file: `store: \"queue.store\"`"));
    }
    if file.is_some() && !given.is_empty() {
        return Err(other(
            "option `store` does not go with `outgoingStore` and `incomingStore`",
            "a file keeps both: leave the other two out",
        ));
    }
    Ok(Asked { file, given })
}

/// The options `outgoingStore` and `incomingStore`.
///
/// # Errors
/// Values of another type.
pub fn read_given(reader: &Reader) -> Result<Stores, OptionError> {
    let store = |name: &str| {
        let Some(value) = reader.value(name) else { return Ok(None) };
        let store = value.read_lock::<StoreValue>().map(|store| Arc::clone(&store.store));
        store.map(Some).ok_or_else(|| wrong(name, "a store, made with `mqtt.Store()`", value))
    };
    Ok(Stores { outgoing: store("outgoingStore")?, incoming: store("incomingStore")? })
}

impl Asked {
    /// The stores, opened.
    ///
    /// # Errors
    /// The program may not write the file, or the store cannot be opened.
    pub fn open(self, access: &Access, client_id: &str) -> Result<Stores, Box<EvalAltResult>> {
        let Some(name) = self.file else { return Ok(self.given) };
        let path: PathBuf = access.check_write(&name)?;
        let store = FileStore::open(&path, &name, client_id);
        store.map(|store| store.sides()).map_err(|error| ErrorValue::from(&error).raise())
    }
}
