//! `client.on_message`: listeners by topic filter.

use std::rc::Rc;

use rhai::{Dynamic, Engine, ImmutableString};

use crate::api::arguments::{Arguments, Returned, method};
use crate::api::error::ErrorValue;
use crate::api::host::keep;
use crate::api::mqtt::client::Client;
use crate::api::mqtt::client::control::client;
use crate::api::mqtt::client::handling::{Handed, MESSAGE_ARGUMENTS};
use crate::api::mqtt::client::publish::text_argument;
use crate::api::mqtt::client::subscribe::check_filter;
use crate::event_loop::callback::{Callback, Origin};
use crate::event_loop::emitter::Order;
use crate::mqtt::filter_tree::FilterTree;

/// The listeners of one client.
pub type FilterListeners = FilterTree<Rc<FilterListener>>;

/// One listener.
#[derive(Debug)]
pub struct FilterListener {
    /// As given; `$share/group/a` and `a` are two filters when listeners are removed.
    filter: ImmutableString,
    callback: Rc<Callback>,
    /// Its place among these and the `message` listeners.
    order: Order,
}

/// Registers the methods.
pub fn register(engine: &mut Engine) {
    method::<Client>(engine, "on_message", 2..=2, |receiver, arguments| add(receiver, &arguments));
    method::<Client>(engine, "off_message", 1..=2, |receiver, arguments| remove(receiver, &arguments));
}

fn add(receiver: &mut Dynamic, arguments: &Arguments) -> Returned {
    let client = client(receiver);
    let filter = filter_argument(arguments).map_err(ErrorValue::raise)?;
    let function = arguments.function(1, "listener")?;
    let what = format_args!("listener for messages on `{filter}` (topic, message, packet)");
    let callback = keep(arguments.context, function, MESSAGE_ARGUMENTS, what)?;
    let order = client.0.emitter.borrow_mut().take_order();
    let listener = FilterListener { filter: filter.clone(), callback, order };
    client.0.filter_listeners.borrow_mut().insert(&filter, Rc::new(listener));
    Ok(receiver.clone())
}

fn remove(receiver: &mut Dynamic, arguments: &Arguments) -> Returned {
    let client = client(receiver);
    let filter = filter_argument(arguments).map_err(ErrorValue::raise)?;
    let function = if arguments.get(1).is_unit() { None } else { Some(arguments.function(1, "listener")?) };
    let mut listeners = client.0.filter_listeners.borrow_mut();
    let Some(function) = function else {
        listeners.remove(&filter, |listener| listener.filter != filter);
        return Ok(receiver.clone());
    };
    // As `off` does: the one that was added last.
    let mut last = None;
    let is_meant = |listener: &FilterListener| listener.filter == filter && listener.callback.same_function(&function);
    listeners.remove(&filter, |listener| {
        last = last.max(is_meant(listener).then_some(listener.order));
        true
    });
    listeners.remove(&filter, |listener| Some(listener.order) != last);
    Ok(receiver.clone())
}

/// The first argument, a topic filter; the errors are those of `subscribe`.
pub(super) fn filter_argument(arguments: &Arguments) -> Result<ImmutableString, ErrorValue> {
    let filter = text_argument(arguments, 0, "filter")?;
    check_filter(&filter)?;
    Ok(filter)
}

impl Client {
    /// Calls whoever listens for a message: `message` listeners and those whose filter matches, in order of registration.
    pub(super) fn emit_message(&self, engine: &Engine, handed: &Handed) {
        let topic = handed.topic();
        let mut by_filter: Vec<_> =
            self.0.filter_listeners.borrow().matching(topic).into_iter().map(Rc::clone).collect();
        by_filter.sort_unstable_by_key(|listener| listener.order);
        let mut by_filter = by_filter.into_iter().peekable();
        let listeners = self.0.emitter.borrow_mut().listeners("message");
        let event_loop = &self.0.host.event_loop;
        let call = |callback: &Rc<Callback>, context: &dyn Fn(&Origin) -> String| {
            let _ = event_loop.call(engine, callback, &mut handed.arguments(callback.parameters()), context);
            event_loop.is_stopped()
        };
        let call_by_filter = |listener: &FilterListener| {
            let FilterListener { filter, .. } = listener;
            call(&listener.callback, &|origin| {
                format!("in the listener for messages on `{filter}` added at {origin}, for topic `{topic}`")
            })
        };
        for listener in listeners.iter() {
            while let Some(earlier) = by_filter.next_if(|earlier| earlier.order < listener.order) {
                if call_by_filter(&earlier) {
                    return;
                }
            }
            let context = |origin: &Origin| format!("in the `message` listener added at {origin}, for topic `{topic}`");
            if call(&listener.callback, &context) {
                return;
            }
        }
        for later in by_filter {
            if call_by_filter(&later) {
                return;
            }
        }
    }
}
