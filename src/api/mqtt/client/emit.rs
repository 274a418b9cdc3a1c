//! The EventEmitter methods of a client.

use rhai::{Array, Dynamic, Engine, EvalAltResult, FnPtr, ImmutableString, NativeCallContext};

use crate::api::arguments::{Arguments, Returned, method};
use crate::api::entries::events::ENTRIES;
use crate::api::events;
use crate::api::host::keep;
use crate::api::mqtt::client::Client;
use crate::api::mqtt::client::control::client;
use crate::api::report;
use crate::diagnostics::Diagnostic;
use crate::event_loop::callback::{Origin, call_now};

/// Registers the methods.
pub fn register(engine: &mut Engine) {
    for (name, once, in_front) in [
        ("on", false, false),
        ("addListener", false, false),
        ("once", true, false),
        ("prependListener", false, true),
        ("prependOnceListener", true, true),
    ] {
        method::<Client>(engine, name, 2..=2, move |receiver, arguments| add(receiver, &arguments, once, in_front));
    }
    for name in ["off", "removeListener"] {
        method::<Client>(engine, name, 2..=2, |receiver, arguments| {
            let (event, function) = (arguments.text(0), arguments.function(1, "listener")?);
            let client = client(receiver);
            let removed = client.0.emitter.borrow_mut().remove(&event, &function);
            client.observe_packets();
            if removed {
                client.tell_of_change(arguments.context, "removeListener", &event, function)?;
            }
            Ok(receiver.clone())
        });
    }
    method::<Client>(engine, "removeAllListeners", 0..=1, |receiver, arguments| {
        let client = client(receiver);
        let event = arguments.some_text(0);
        let removed = event.as_deref().map(|event| client.0.emitter.borrow().all(event));
        client.0.emitter.borrow_mut().remove_all(event.as_deref());
        if event.is_none() {
            client.0.filter_listeners.take();
        }
        client.observe_packets();
        // Without a name Node tells of nothing either: the listeners for it are gone too.
        for (event, removed) in event.iter().zip(&removed) {
            for listener in removed.iter().rev() {
                let function = listener.callback.function().clone();
                client.tell_of_change(arguments.context, "removeListener", event, function)?;
            }
        }
        Ok(receiver.clone())
    });
    method::<Client>(engine, "emit", 1..=15, |receiver, arguments| {
        let client = client(receiver);
        let event = arguments.text(0);
        let listeners = client.0.emitter.borrow_mut().listeners(&event);
        for listener in listeners.iter() {
            if listener.once {
                let function = listener.callback.function().clone();
                client.tell_of_change(arguments.context, "removeListener", &event, function)?;
            }
            let mut values = arguments.values[1..].to_vec();
            if let Some(count) = listener.callback.parameters() {
                values.resize(count, Dynamic::UNIT);
            }
            let _ = call_now(arguments.context, listener.callback.function(), values)?;
        }
        Ok((!listeners.is_empty()).into())
    });
    method::<Client>(engine, "listenerCount", 1..=2, |receiver, arguments| {
        let listeners = client(receiver).0.emitter.borrow().all(&arguments.text(0));
        let count = match arguments.get(1) {
            value if value.is_unit() => listeners.len(),
            _ => {
                let function = arguments.function(1, "listener")?;
                listeners.iter().filter(|listener| listener.callback.same_function(&function)).count()
            }
        };
        Ok(Dynamic::from(i64::try_from(count).unwrap_or(i64::MAX)))
    });
    for name in ["listeners", "rawListeners"] {
        method::<Client>(engine, name, 1..=1, |receiver, arguments| {
            let listeners = client(receiver).0.emitter.borrow().all(&arguments.text(0));
            let functions = listeners.iter().map(|listener| Dynamic::from(listener.callback.function().clone()));
            Ok(functions.collect::<Array>().into())
        });
    }
    engine.register_fn("eventNames", |client: &mut Client| -> Array {
        client.0.emitter.borrow().names().cloned().map(Dynamic::from).collect()
    });
    method::<Client>(engine, "setMaxListeners", 1..=1, |receiver, arguments| {
        let most = arguments.get(0).as_int().ok().and_then(|most| usize::try_from(most).ok());
        let most = most.ok_or_else(|| arguments.wrong(0, "n", "a number, 0 or more"))?;
        client(receiver).0.emitter.borrow_mut().set_most(most);
        Ok(receiver.clone())
    });
    engine.register_fn("getMaxListeners", |client: &mut Client| {
        i64::try_from(client.0.emitter.borrow().most()).unwrap_or(i64::MAX)
    });
}

fn add(receiver: &mut Dynamic, arguments: &Arguments, once: bool, in_front: bool) -> Returned {
    let client = client(receiver);
    let event = event_name(arguments)?;
    let function = arguments.function(1, "listener")?;
    let (most, given) = events::takes(ENTRIES, &event);
    let callback = keep(arguments.context, function, most, format_args!("listener for `{event}`{given}"))?;
    if most == usize::MAX {
        events::review(&client.0.host, "Client", &event, ENTRIES, callback.origin());
    }
    client.tell_of_change(arguments.context, "newListener", &event, callback.function().clone())?;
    client.0.emitter.borrow_mut().add(&event, callback, once, in_front);
    client.observe_packets();
    let overcrowded = client.0.emitter.borrow_mut().overcrowded(&event);
    if let Some(count) = overcrowded {
        let message = format!("{count} `{event}` listeners are on one client, each is called for each event");
        let help = "add listeners outside of callbacks and loops, or allow more: `client.setMaxListeners(20)`";
        report::print(&Diagnostic::warning(message).help(help));
    }
    Ok(receiver.clone())
}

fn event_name(arguments: &Arguments) -> Result<ImmutableString, Box<EvalAltResult>> {
    let name = arguments.get(0);
    name.read_lock::<ImmutableString>()
        .map(|name| name.clone())
        .ok_or_else(|| arguments.wrong(0, "event", "the name of an event"))
}

impl Client {
    /// Packets are only reported while somebody listens: it costs a copy of each.
    pub(super) fn observe_packets(&self) {
        let emitter = self.0.emitter.borrow();
        let observed = self.0.log.is_some() || emitter.count("packetsend") + emitter.count("packetreceive") > 0;
        self.with_core(|core| core.observe(observed));
    }

    /// Node's `newListener` and `removeListener`, for the listener of `event`.
    fn tell_of_change(
        &self,
        context: &NativeCallContext,
        change: &str,
        event: &ImmutableString,
        listener: FnPtr,
    ) -> Result<(), Box<EvalAltResult>> {
        let told = self.0.emitter.borrow_mut().listeners(change);
        for one in told.iter() {
            let arguments = vec![event.clone().into(), Dynamic::from(listener.clone())];
            let _ = call_now(context, one.callback.function(), arguments)?;
        }
        Ok(())
    }

    /// Calls the listeners of `event`, in order. Whether there were any.
    pub(super) fn emit(
        &self,
        engine: &Engine,
        event: &str,
        arguments: &[Dynamic],
        context: impl Fn(&Origin) -> String,
    ) -> bool {
        let listeners = self.0.emitter.borrow_mut().listeners(event);
        for listener in listeners.iter() {
            let mut arguments = arguments.to_vec();
            self.0.host.event_loop.call(engine, &listener.callback, &mut arguments, &context);
            if self.0.host.event_loop.is_stopped() {
                break;
            }
        }
        !listeners.is_empty()
    }

    /// Calls the listeners of an event whose name says it all.
    pub(super) fn emit_plain(&self, engine: &Engine, event: &'static str, arguments: &[Dynamic]) -> bool {
        self.emit(engine, event, arguments, |origin| format!("in the `{event}` listener added at {origin}"))
    }

    /// Whether anybody listens for errors.
    pub(super) fn has_error_listener(&self) -> bool {
        self.0.emitter.borrow().count("error") > 0
    }
}
