//! The EventEmitter methods of a client.

use rhai::{Array, Dynamic, Engine, EvalAltResult, ImmutableString};

use crate::api::arguments::{Arguments, Returned, method};
use crate::api::entries::events::ENTRIES;
use crate::api::events;
use crate::api::host::keep;
use crate::api::mqtt::client::Client;
use crate::api::mqtt::client::control::client;
use crate::event_loop::callback::{Origin, call_now};

/// Registers the methods.
pub fn register(engine: &mut Engine) {
    for (name, once, in_front) in
        [("on", false, false), ("addListener", false, false), ("once", true, false), ("prependListener", false, true)]
    {
        method::<Client>(engine, name, 2..=2, move |receiver, arguments| add(receiver, &arguments, once, in_front));
    }
    for name in ["off", "removeListener"] {
        method::<Client>(engine, name, 2..=2, |receiver, arguments| {
            let (event, function) = (arguments.text(0), arguments.function(1, "listener")?);
            let client = client(receiver);
            client.0.emitter.borrow_mut().remove(&event, &function);
            client.observe_packets();
            Ok(receiver.clone())
        });
    }
    method::<Client>(engine, "removeAllListeners", 0..=1, |receiver, arguments| {
        let client = client(receiver);
        let event = arguments.some_text(0);
        client.0.emitter.borrow_mut().remove_all(event.as_deref());
        if event.is_none() {
            client.0.filter_listeners.take();
        }
        client.observe_packets();
        Ok(receiver.clone())
    });
    method::<Client>(engine, "emit", 1..=15, |receiver, arguments| {
        let client = client(receiver);
        let listeners = client.0.emitter.borrow_mut().listeners(&arguments.text(0));
        for listener in listeners.iter() {
            let mut values = arguments.values[1..].to_vec();
            if let Some(count) = listener.callback.parameters() {
                values.resize(count, Dynamic::UNIT);
            }
            let _ = call_now(arguments.context, listener.callback.function(), values)?;
        }
        Ok((!listeners.is_empty()).into())
    });
    method::<Client>(engine, "listenerCount", 1..=1, |receiver, arguments| {
        let count = client(receiver).0.emitter.borrow().count(&arguments.text(0));
        Ok(Dynamic::from(i64::try_from(count).unwrap_or(i64::MAX)))
    });
    engine.register_fn("eventNames", |client: &mut Client| -> Array {
        client.0.emitter.borrow().names().cloned().map(Dynamic::from).collect()
    });
    method::<Client>(engine, "setMaxListeners", 1..=1, |receiver, _| Ok(receiver.clone()));
}

fn add(receiver: &mut Dynamic, arguments: &Arguments, once: bool, in_front: bool) -> Returned {
    let client = client(receiver);
    let event = event_name(arguments)?;
    let function = arguments.function(1, "listener")?;
    let (most, given) = events::takes(ENTRIES, &event);
    let callback = keep(arguments.context, function, most, &format!("listener for `{event}`{given}"))?;
    if most == usize::MAX {
        events::review(&client.0.host, "Client", &event, ENTRIES, callback.origin());
    }
    client.0.emitter.borrow_mut().add(&event, callback, once, in_front);
    client.observe_packets();
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
        let observed = emitter.count("packetsend") + emitter.count("packetreceive") > 0;
        self.with_core(|core| core.observe(observed));
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
