//! `client.handleAuth` and `client.reauthenticate`: enhanced authentication, MQTT 5.

use std::cell::RefCell;
use std::rc::Rc;

use rhai::{Dynamic, Engine, EvalAltResult, FnPtr, Map, NativeCallContext};

use crate::api::arguments::{Arguments, method, type_word};
use crate::api::entries::request_options;
use crate::api::error::ErrorValue;
use crate::api::host::keep;
use crate::api::mqtt::client::done::{done, is_error};
use crate::api::mqtt::client::handling::not_a_function;
use crate::api::mqtt::client::publish::{NO_CONNECTION, wrong_options};
use crate::api::mqtt::client::{Client, Kind};
use crate::api::mqtt::packet::PacketValue;
use crate::api::mqtt::properties::{self, Of};
use crate::api::mqtt::reader::{OptionError, Reader};
use crate::api::text::to_text;
use crate::event_loop::callback::{Callback, Origin};
use crate::mqtt::client::auth::{AuthAnswer, CONTINUE};
use crate::mqtt::command::{Command, Request};
use crate::mqtt::error::Error;
use crate::mqtt::event::Observed;
use crate::mqtt::packet::{Auth, Packet, Version};

/// Re-authenticate.
const AGAIN: u8 = 25;

/// What a script puts into the authentication.
#[derive(Default)]
pub struct Authentication {
    /// `client.handleAuth`.
    handler: RefCell<Option<Rc<Callback>>>,
    /// What `done` was called with to reject the broker: the `error` event gets the value itself.
    rejected: RefCell<Option<Dynamic>>,
}

/// Registers the names.
pub fn register(engine: &mut Engine) {
    engine
        .register_get("handleAuth", |client: &mut Client| client.auth_handler())
        .register_set("handleAuth", |context: NativeCallContext, client: &mut Client, value: Dynamic| {
            client.set_auth_handler(&context, &value)
        });
    method::<Client>(engine, "reauthenticate", 0..=2, |receiver, mut arguments| {
        let client = super::control::client(receiver);
        let callback = client.take_callback(&mut arguments, 0, Kind::Reauthenticate)?;
        match client.reauthentication(&arguments) {
            Ok(packet) => {
                let token = client.expect_outcome(callback, Kind::Reauthenticate);
                client.order(Command::Reauthenticate(Request { token, packet }));
            }
            Err(error) => client.fail_call(&arguments, callback, error)?,
        }
        Ok(receiver.clone())
    });
}

/// An AUTH packet of a script: a map or a packet, with `reasonCode` and `properties`.
///
/// # Errors
/// Any other value, or properties that cannot be.
pub fn auth_of(value: &Dynamic, what: &str, default_reason: u8) -> Result<Auth, OptionError> {
    let mut map = Map::new();
    if let Some(packet) = value.read_lock::<PacketValue>() {
        for name in ["reasonCode", "properties"] {
            map.insert(name.into(), packet.get(name));
        }
    } else if let Some(given) = value.read_lock::<Map>() {
        map.clone_from(&given);
    } else {
        return Err(OptionError::Other {
            message: format!("{what} takes a map but got {}", type_word(value)),
            headline: None,
            help:
                "write `#{reasonCode: 24, properties: #{authenticationMethod: \"...\", authenticationData: \"...\"}}`"
                    .into(),
        });
    }
    let reader = Reader::new(&map, what);
    reader.only(request_options::AUTH)?;
    let properties = properties::given(&reader, Of::Auth)?;
    Ok(Auth { reason: reader.number("reasonCode")?.unwrap_or(default_reason), properties })
}

impl Client {
    /// The broker sent AUTH: the script answers, also while it blocks.
    pub(super) fn answer_auth(&self, engine: &Engine, auth: Auth, length: u32, attempt: u32) {
        let code = auth.reason;
        let handler = self.0.authentication.handler.borrow().clone();
        let Some(handler) = handler else {
            // What MQTT.js's own `handleAuth` says.
            self.reject_or_send(attempt, code, &[]).unwrap_or_default();
            return;
        };
        let client = self.clone();
        // A forgotten answer ends with the connect timeout.
        let done = done(move |values| client.reject_or_send(attempt, code, &values), || {});
        let packet = self.packet(Observed { packet: Packet::Auth(auth), length });
        let context = |origin: &Origin| format!("in the `handleAuth` set at {origin}");
        let called = self.0.host.event_loop.call(engine, &handler, &mut [packet, done], context);
        if called.is_none() {
            self.reject(attempt, Error::new("`handleAuth` failed"));
        }
    }

    /// `done(error, packet)` for an AUTH packet with reason code `code`.
    fn reject_or_send(&self, attempt: u32, code: u8, values: &[Dynamic]) -> Result<(), Box<EvalAltResult>> {
        if is_error(values.first()) {
            let value = values.first().cloned().unwrap_or(Dynamic::UNIT);
            let message = match value.read_lock::<ErrorValue>() {
                Some(error) => error.message().to_string(),
                None => to_text(&value).to_string(),
            };
            *self.0.authentication.rejected.borrow_mut() = Some(value);
            self.reject(attempt, Error::new(message));
            return Ok(());
        }
        if code != CONTINUE {
            return Ok(());
        }
        match values.get(1).filter(|packet| !packet.is_unit()) {
            Some(packet) => {
                let auth = auth_of(packet, "the answer of `handleAuth`", CONTINUE)
                    .map_err(|error| error.to_error().raise())?;
                let auth = self.with_method(auth);
                self.order(Command::Auth { attempt, answer: AuthAnswer::Send(auth) });
            }
            None => {
                let error = "Protocol error: No auth packet to continue the authentication exchange";
                let help = "set `client.handleAuth = |packet, done| done.call((), #{reasonCode: 24, properties: ...})`";
                self.reject(attempt, Error::new(error).with_reason(130).with_help(help));
            }
        }
        Ok(())
    }

    fn reject(&self, attempt: u32, error: Error) {
        self.order(Command::Auth { attempt, answer: AuthAnswer::Reject(error) });
    }

    /// The value with which the script rejected the broker, if this error is about that.
    pub(super) fn rejection(&self, error: &Error) -> Option<Dynamic> {
        let is_meant = |value: &mut Dynamic| match value.read_lock::<ErrorValue>() {
            Some(given) => given.message() == error.message,
            None => to_text(value) == error.message.as_str(),
        };
        self.0.authentication.rejected.borrow_mut().take_if(is_meant)
    }

    /// Every AUTH packet names the method of CONNECT `[MQTT-4.12.0-5]`: it may be left out.
    fn with_method(&self, mut auth: Auth) -> Auth {
        let method = self.0.typed.borrow().properties.as_ref().and_then(|p| p.authentication_method.clone());
        let properties = auth.properties.get_or_insert_default();
        properties.authentication_method = properties.authentication_method.take().or(method);
        auth
    }

    fn reauthentication(&self, arguments: &Arguments) -> Result<Auth, ErrorValue> {
        self.check_open()?;
        let has_method =
            self.0.typed.borrow().properties.as_ref().is_some_and(|given| given.authentication_method.is_some());
        if self.version() != Version::V5 || !has_method {
            return Err(ErrorValue::new("`reauthenticate` needs an authentication method in the connect options")
                .with_help("add `protocolVersion: 5, properties: #{authenticationMethod: \"...\"}`"));
        }
        let given = match arguments.get(0) {
            value if value.is_unit() => None,
            value => {
                let map = value.read_lock::<Map>().ok_or_else(|| wrong_options(arguments, 0))?;
                Some(properties::read(&map, "`reauthenticate`", Of::Auth).map_err(|error| error.to_error())?)
            }
        };
        if !self.0.flags.connected.get() {
            return Err(ErrorValue::new(NO_CONNECTION));
        }
        Ok(self.with_method(Auth { reason: AGAIN, properties: given }))
    }

    fn set_auth_handler(&self, context: &NativeCallContext, value: &Dynamic) -> Result<(), Box<EvalAltResult>> {
        let handler = match value.read_lock::<FnPtr>() {
            _ if value.is_unit() => None,
            Some(function) => Some(keep(context, function.clone(), 2, "`handleAuth` (packet, done)")?),
            None => return Err(not_a_function("handleAuth", "|packet, done| done.call((), #{...})", value)),
        };
        *self.0.authentication.handler.borrow_mut() = handler;
        Ok(())
    }

    /// `client.handleAuth`; `()` when none was set.
    fn auth_handler(&self) -> Dynamic {
        let handler = self.0.authentication.handler.borrow();
        handler.as_ref().map_or(Dynamic::UNIT, |handler| handler.function().clone().into())
    }
}
