//! `client.publish`.

use std::borrow::Cow;
use std::rc::Rc;

use bytes::Bytes;
use rhai::{Dynamic, Engine, EvalAltResult, FnPtr, ImmutableString, Map};

use crate::api::arguments::{Arguments, Returned, method, type_word};
use crate::api::entries::request_options;
use crate::api::error::ErrorValue;
use crate::api::host::{keep, keep_once};
use crate::api::mqtt::client::{Client, Kind};
use crate::api::mqtt::options::qos;
use crate::api::mqtt::payload;
use crate::api::mqtt::properties::{self, Of};
use crate::api::mqtt::reader::{Reader, wrong};
use crate::api::table::Entry;
use crate::event_loop::callback::{Callback, Origin};
use crate::mqtt::command::Request;
use crate::mqtt::event::{Completion, Event};
use crate::mqtt::packet::{Publish, QoS, Version};
use crate::mqtt::topic;

/// Registers the methods.
pub fn register(engine: &mut Engine) {
    method::<Client>(engine, "publish", 2..=4, |receiver, mut arguments| {
        let client = super::control::client(receiver);
        let callback = client.take_callback(&mut arguments, 2, Kind::Publish)?;
        match message(&client, &arguments, &[]) {
            Ok(publish) => {
                let told = client.told_of_store(&arguments)?;
                if let Some(full) = client.take_room(arguments.context.engine(), &publish, callback.is_some())? {
                    client.refuse_message(callback, full)?;
                    return Ok(receiver.clone());
                }
                client.tell_stored(told, &publish);
                client.publish(publish, callback);
            }
            Err(error) => client.fail_call(&arguments, callback, error)?,
        }
        Ok(receiver.clone())
    });
    method::<Client>(engine, "publishAsync", 2..=3, |receiver, arguments| {
        let client = super::control::client(receiver);
        let publish = message(&client, &arguments, &[]).map_err(ErrorValue::raise)?;
        client.check_started(arguments.function)?;
        let told = client.told_of_store(&arguments)?;
        client.take_room_or_throw(arguments.context.engine(), &publish)?;
        client.tell_stored(told, &publish);
        client.publish_and_wait(arguments.context.engine(), publish)
    });
}

/// The message a call describes: topic, payload, options. `more`: options besides those of `publish`.
pub(super) fn message(client: &Client, arguments: &Arguments, more: &'static [Entry]) -> Result<Publish, ErrorValue> {
    client.check_open()?;
    message_on(client, &text_argument(arguments, 0, "topic")?, arguments, more)
}

/// The same on a topic that is not among the arguments.
pub(super) fn message_on(
    client: &Client,
    topic: &str,
    arguments: &Arguments,
    more: &'static [Entry],
) -> Result<Publish, ErrorValue> {
    let check = || topic::check_name(topic).map_err(|error| ErrorValue::new(error.to_string()).with_help(error.help()));
    if !topic.is_empty() {
        check()?;
    }
    let content = arguments.get(1);
    if content.is::<FnPtr>() {
        let message = format!("`{}` takes text, bytes or data as `payload` but got a function", arguments.function);
        let help = "the payload comes before the callback, an empty one as `()`";
        return Err(ErrorValue::new(message).with_class("TypeError").with_help(help));
    }
    let mut publish = Publish {
        topic: Bytes::copy_from_slice(topic.as_bytes()),
        payload: payload::bytes(content),
        ..Publish::default()
    };
    let options = arguments.get(2);
    if !options.is_unit() {
        let map = options.read_lock::<Map>().ok_or_else(|| wrong_options(arguments, 2))?;
        let what: Cow<str> = match arguments.function {
            "publish" | "publishAsync" => "`publish`".into(),
            other => format!("`{other}`").into(),
        };
        let reader = Reader::new(&map, &what);
        let read = || {
            reader.only(request_options::PUBLISH.iter().chain(more))?;
            let given = properties::given(&reader, Of::Publish)?;
            Ok((qos(&reader)?, reader.flag("retain")?, reader.flag("dup")?, given))
        };
        let (qos, retain, dup, given) =
            read().map_err(|error: crate::api::mqtt::reader::OptionError| error.to_error())?;
        publish.qos = qos;
        publish.retain = retain.unwrap_or(false);
        publish.dup = dup.unwrap_or(false) && qos != QoS::AtMostOnce;
        // As in MQTT.js: below version 5 there are no properties.
        publish.properties = given.filter(|_| client.version() == Version::V5);
    }
    // A topic alias stands for the name.
    let has_alias = publish.properties.as_ref().is_some_and(|properties| properties.topic_alias.is_some());
    if topic.is_empty() && !has_alias {
        check()?;
    }
    let offline = !client.0.flags.connected.get();
    if publish.qos == QoS::AtMostOnce && offline && !client.0.typed.borrow().queue_qos_zero {
        return Err(ErrorValue::new(NO_CONNECTION));
    }
    Ok(publish)
}

impl Client {
    /// `cbStorePut`, if it is given.
    fn told_of_store(&self, arguments: &Arguments) -> Result<Option<Rc<Callback>>, Box<EvalAltResult>> {
        let options = arguments.get(2).read_lock::<Map>();
        let given = options.and_then(|options| Reader::new(&options, "`publish`").value("cbStorePut").cloned());
        let Some(value) = given else { return Ok(None) };
        let Some(function) = value.read_lock::<FnPtr>().map(|function| function.clone()) else {
            return Err(wrong("cbStorePut", "a closure", &value).to_error().raise());
        };
        keep(arguments.context, function, 0, "the option `cbStorePut` of `publish` ()").map(Some)
    }

    /// Calls `cbStorePut`, once for a message that is kept until it is acknowledged, before anything comes of it.
    fn tell_stored(&self, callback: Option<Rc<Callback>>, publish: &Publish) {
        let Some(callback) = callback else { return };
        if publish.qos != QoS::AtMostOnce {
            let host = Rc::clone(&self.0.host);
            self.0.host.event_loop.defer(move |engine| {
                host.event_loop.call(engine, &callback, &mut [], |origin| {
                    format!("in the option `cbStorePut` of the `publish` called at {origin}")
                });
            });
        }
    }

    /// Accepts a message that has its room.
    pub(super) fn publish(&self, mut publish: Publish, callback: Option<Rc<Callback>>) {
        if publish.qos != QoS::AtMostOnce {
            publish.id = self.with_core(|core| core.take_id());
        }
        let token = self.expect_outcome(callback, Kind::Publish);
        self.accept(Request { token, packet: publish });
    }

    /// Hands a message over. One that cannot be stored fails in the next turn.
    fn accept(&self, request: Request<Publish>) {
        let token = request.token;
        match self.with_core(|core| core.publish(request)) {
            Ok(is_first) => self.handed_over(is_first),
            Err(error) => {
                let client = self.clone();
                self.0.host.event_loop.defer(move |engine| match token {
                    Some(token) => client.deliver_event(engine, Event::Completed(Completion::failure(token, error))),
                    None => client.emit_error(engine, &ErrorValue::from(&error)),
                });
            }
        }
    }

    fn publish_and_wait(&self, engine: &Engine, mut publish: Publish) -> Returned {
        if publish.qos != QoS::AtMostOnce {
            publish.id = self.with_core(|core| core.take_id());
        }
        let token = self.new_token(None, Kind::Publish);
        let request = Request { token: Some(token), packet: publish };
        match self.with_core(|core| core.publish(request)) {
            Ok(is_first) => self.handed_over(is_first),
            Err(error) => {
                self.forget(token);
                return Err(ErrorValue::from(&error).raise());
            }
        }
        let completion = self.wait_for_completion(engine, token)?;
        Ok(completion.packet.map_or(Dynamic::UNIT, |observed| self.packet(observed)))
    }

    /// Takes the callback from the end of the arguments; `()` there is none.
    pub(super) fn take_callback(
        &self,
        arguments: &mut Arguments,
        first_optional: usize,
        kind: Kind,
    ) -> Result<Option<Rc<Callback>>, Box<EvalAltResult>> {
        let is_function = arguments.values.last().is_some_and(Dynamic::is::<FnPtr>);
        if !is_function || arguments.values.len() <= first_optional {
            // publish(topic, payload, #{...}, ()): a callback that was left out. `end` also takes `force`.
            let limit = first_optional + if matches!(kind, Kind::End) { 2 } else { 1 };
            if arguments.values.len() > limit && arguments.values.last().is_some_and(Dynamic::is_unit) {
                arguments.values.pop();
            }
            if arguments.values.len() > limit {
                return Err(arguments.wrong(limit, "callback", "a function"));
            }
            return Ok(None);
        }
        let function = arguments.values.pop().and_then(Dynamic::try_cast::<FnPtr>);
        let (most, given) = match kind {
            Kind::Publish => (2, "(error, packet)"),
            Kind::Request(_) | Kind::ReplyTopic => (3, "(error, message, packet)"),
            Kind::Subscribe => (3, "(error, granted, packet)"),
            Kind::Unsubscribe | Kind::Reauthenticate => (2, "(error, packet)"),
            Kind::End => (1, "(error)"),
        };
        let Some(function) = function else { return Ok(None) };
        let name = arguments.function;
        keep_once(arguments.context, function, most, format_args!("the callback of `{name}` {given}")).map(Some)
    }

    /// A call that cannot be carried out: its callback is told in the next turn, else the error is thrown.
    pub(super) fn fail_call(
        &self,
        arguments: &Arguments,
        callback: Option<Rc<Callback>>,
        error: ErrorValue,
    ) -> Result<(), Box<EvalAltResult>> {
        if let Some(callback) = callback {
            let host = Rc::clone(&self.0.host);
            self.0.host.event_loop.defer(move |engine| {
                host.event_loop.call(engine, &callback, &mut [Dynamic::from(error)], |origin| {
                    format!("in the callback given at {origin}")
                });
            });
            return Ok(());
        }
        if error.message() == NO_CONNECTION {
            // `queueQoSZero: false` asks for it.
            return Ok(());
        }
        if error.message() == CLIENT_DISCONNECTING {
            // As in MQTT.js an `error` event, not an exception.
            let client = self.clone();
            let (function, origin) = (arguments.function.to_string(), Origin::of(arguments.context));
            self.0.host.event_loop.defer(move |engine| client.emit_error_of_call(engine, &error, &function, &origin));
            return Ok(());
        }
        Err(error.raise())
    }

    /// # Errors
    /// `end()` was called.
    pub(super) fn check_open(&self) -> Result<(), ErrorValue> {
        if self.0.flags.disconnecting.get() { Err(ErrorValue::new(CLIENT_DISCONNECTING)) } else { Ok(()) }
    }
}

/// MQTT.js's text.
pub const NO_CONNECTION: &str = "No connection to broker";
const CLIENT_DISCONNECTING: &str = "client disconnecting";

/// An argument that must be text.
pub(super) fn text_argument(arguments: &Arguments, index: usize, name: &str) -> Result<ImmutableString, ErrorValue> {
    let value = arguments.get(index);
    value.read_lock::<ImmutableString>().map(|text| text.clone()).ok_or_else(|| {
        let message = format!("`{}` takes text as `{name}` but got {}", arguments.function, type_word(value));
        ErrorValue::new(message).with_class("TypeError")
    })
}

/// The error for options that are no map.
pub(super) fn wrong_options(arguments: &Arguments, index: usize) -> ErrorValue {
    let given = type_word(arguments.get(index));
    ErrorValue::new(format!("`{}` takes a map as `options` but got {given}", arguments.function))
        .with_class("TypeError")
        .with_help("write options as `#{qos: 1}`")
}
