//! `end`, `connect`, `reconnect` and the methods about single messages.

use std::rc::Rc;

use rhai::{Dynamic, Engine, EvalAltResult, Map};

use crate::api::arguments::{Arguments, Returned, method, type_word};
use crate::api::entries::{request_options, stores};
use crate::api::error::ErrorValue;
use crate::api::mqtt::client::publish::wrong_options;
use crate::api::mqtt::client::{Client, Kind};
use crate::api::mqtt::ids::{self, Provider};
use crate::api::mqtt::properties::{self, Of};
use crate::api::mqtt::reader::{OptionError, Reader};
use crate::api::mqtt::store::read_given;
use crate::mqtt::command::{Command, End};
use crate::mqtt::packet::{Disconnect, PacketId, Version};
use crate::mqtt::store::Stores;

/// The client a method was called on.
pub fn client(receiver: &Dynamic) -> Client {
    receiver.read_lock::<Client>().map(|client| client.clone()).expect("methods are registered for clients")
}

/// Registers the methods.
pub fn register(engine: &mut Engine) {
    method::<Client>(engine, "end", 0..=3, |receiver, mut arguments| {
        let client = client(receiver);
        let callback = client.take_callback(&mut arguments, 0, Kind::End)?;
        let end = end_of(&client, &arguments).map_err(ErrorValue::raise)?;
        if client.is_ended(end.force) {
            // As in MQTT.js: the callback of a second `end` runs without waiting for the first.
            if let Some(callback) = callback {
                let host = Rc::clone(&client.0.host);
                client.0.host.event_loop.defer(move |engine| {
                    host.event_loop.call(engine, &callback, &mut [], |origin| {
                        format!("in the callback of `end` called at {origin}")
                    });
                });
            }
            return Ok(receiver.clone());
        }
        let token = client.new_token(callback, Kind::End);
        client.start_end(End { token: Some(token), await_deliveries: true, ..end });
        Ok(receiver.clone())
    });
    method::<Client>(engine, "endAsync", 0..=2, |receiver, arguments| {
        let client = client(receiver);
        let end = end_of(&client, &arguments).map_err(ErrorValue::raise)?;
        if client.is_ended(end.force) {
            return Ok(Dynamic::UNIT);
        }
        client.check_not_asking(arguments.function)?;
        let token = client.new_token(None, Kind::End);
        // Not for the messages whose callbacks run: this may be one of them.
        client.start_end(End { token: Some(token), ..end });
        client.wait_for_completion(arguments.context.engine(), token)?;
        Ok(Dynamic::UNIT)
    });
    method::<Client>(engine, "connect", 0..=0, |receiver, _| {
        client(receiver).revive(Command::Connect);
        Ok(receiver.clone())
    });
    method::<Client>(engine, "reconnect", 0..=1, |receiver, arguments| {
        let client = client(receiver);
        client.change_stores(&arguments)?;
        client.revive(Command::Reconnect);
        Ok(receiver.clone())
    });
    method::<Client>(engine, "removeOutgoingMessage", 1..=1, remove);
    engine.register_fn("getLastMessageId", |client: &mut Client| {
        client.with_core(|core| ids::last(&Provider::of(core.ids())))
    });
}

fn remove(receiver: &mut Dynamic, arguments: Arguments) -> Returned {
    let id = arguments.int(0, "id")?.and_then(|id| PacketId::try_from(id).ok()).filter(|id| *id != 0);
    let id = id.ok_or_else(|| arguments.wrong(0, "id", "a packet identifier from 1 to 65535"))?;
    client(receiver).order(Command::Remove(id));
    Ok(receiver.clone())
}

impl Client {
    /// Whether an `end` has nothing to add.
    fn is_ended(&self, force: bool) -> bool {
        let flags = &self.0.flags;
        self.is_disconnected() || (flags.disconnecting.get() && !force)
    }

    /// Ends a client that never got anywhere.
    pub(super) fn give_up(&self) {
        self.start_end(End { force: true, ..End::default() });
    }

    fn start_end(&self, end: End) {
        self.0.flags.disconnecting.set(true);
        self.order(Command::End(end));
    }

    /// The options of `reconnect`. Without them everything stays as it is.
    fn change_stores(&self, arguments: &Arguments) -> Result<(), Box<EvalAltResult>> {
        let options = arguments.get(0);
        if options.is_unit() {
            return Ok(());
        }
        let map = options.read_lock::<Map>().ok_or_else(|| wrong_options(arguments, 0).raise())?;
        let reader = Reader::new(&map, "`reconnect`");
        let read = || {
            reader.only(stores::RECONNECT)?;
            read_given(&reader)
        };
        let given = read().map_err(|error| error.to_error().raise())?;
        let used = self.with_core(|core| core.stores().clone());
        let wanted = Stores {
            outgoing: given.outgoing.or_else(|| used.outgoing.clone()),
            incoming: given.incoming.or_else(|| used.incoming.clone()),
        };
        if !wanted.are(&used) && self.with_core(|core| core.use_stores(wanted)) {
            self.0.host.event_loop.flush_later(self.0.source);
        }
        Ok(())
    }

    fn revive(&self, command: Command) {
        let flags = &self.0.flags;
        // As in MQTT.js an `end` that is going on is completed first.
        if !flags.disconnecting.get() || self.is_disconnected() {
            flags.disconnecting.set(false);
            if self.is_disconnected() || matches!(command, Command::Reconnect) {
                flags.disconnected.set(Some(false));
            }
        }
        flags.active.set(true);
        flags.offline.set(false);
        flags.gave_up.set(false);
        flags.connects.set(flags.connects.get().wrapping_add(1));
        // It left when it had ended.
        let event_loop = &self.0.host.event_loop;
        event_loop.restore_source(self.0.source, Rc::new(self.clone()));
        self.order(command);
        event_loop.flush_later(self.0.source);
    }
}

/// `[force][, options]`.
fn end_of(client: &Client, arguments: &Arguments) -> Result<End, ErrorValue> {
    let mut end = End::default();
    let mut index = 0;
    if let Ok(force) = arguments.get(0).as_bool() {
        end.force = force;
        index = 1;
    } else if arguments.get(0).is_unit() && arguments.values.len() > 1 {
        index = 1;
    }
    let options = arguments.get(index);
    if options.is_unit() {
        return Ok(end);
    }
    let map = options.read_lock::<Map>().ok_or_else(|| wrong_options(arguments, index))?;
    if let Some(more) = arguments.values.get(index + 1).filter(|more| !more.is_unit()) {
        let message = format!("`{}` takes a function as `callback` but got {}", arguments.function, type_word(more));
        return Err(ErrorValue::new(message).with_class("TypeError"));
    }
    let reader = Reader::new(&map, "`end`");
    let read = || -> Result<Disconnect, OptionError> {
        reader.only(request_options::END)?;
        let given = properties::given(&reader, Of::Disconnect)?;
        Ok(Disconnect { reason: reader.number("reasonCode")?.unwrap_or(0), properties: given })
    };
    let disconnect = read().map_err(|error| error.to_error())?;
    if client.version() == Version::V5 {
        end.disconnect = disconnect;
    }
    Ok(end)
}
