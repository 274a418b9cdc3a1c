//! `Error`: what is thrown and handed to callbacks.
//!
//! An error is one object however often it is copied, as in JavaScript: a property set in one place is seen everywhere.

use std::cell::RefCell;
use std::rc::Rc;

use rhai::{Dynamic, Engine, EvalAltResult, ImmutableString, Position};

use super::host_value::{self, HostValue, Shown};
use super::text::to_text;
use crate::diagnostics::runtime_error::HostCall;
use crate::mqtt;

/// A script-visible error.
#[derive(Debug, Clone)]
pub struct ErrorValue(Rc<RefCell<Fields>>);

#[derive(Debug)]
struct Fields {
    name: ImmutableString,
    message: ImmutableString,
    /// `code` and whatever else was set, in the order in which it was set.
    properties: Vec<(ImmutableString, Dynamic)>,
    /// What it means; only diagnostics show it.
    cause: Option<String>,
    /// What to do about it; only diagnostics show it.
    help: Option<String>,
    /// What a diagnostic says instead of the message, which is Node's or MQTT.js's.
    headline: Option<String>,
    /// The call, if it is about the type of an argument; only diagnostics look at it.
    call: Option<HostCall>,
}

impl ErrorValue {
    /// An `Error` with a message.
    pub fn new(message: impl Into<ImmutableString>) -> Self {
        Self(Rc::new(RefCell::new(Fields {
            name: "Error".into(),
            message: message.into(),
            properties: Vec::new(),
            cause: None,
            help: None,
            headline: None,
            call: None,
        })))
    }

    /// Sets `name`, for example `TypeError`.
    #[must_use]
    pub fn with_class(self, name: &str) -> Self {
        self.0.borrow_mut().name = name.into();
        self
    }

    /// Sets a property such as `code` or `packet`.
    #[must_use]
    pub fn with(self, name: &str, value: impl Into<Dynamic>) -> Self {
        self.set(name, value.into());
        self
    }

    /// What to do about it; for diagnostics, scripts do not see it.
    #[must_use]
    pub fn with_help(self, help: impl Into<String>) -> Self {
        self.0.borrow_mut().help = Some(help.into());
        self
    }

    /// Says in our own words what it means; for diagnostics, scripts do not see it.
    #[must_use]
    pub fn with_cause(self, cause: impl Into<String>) -> Self {
        self.0.borrow_mut().cause = Some(cause.into());
        self
    }

    /// Says it in our own words, where the message is Node's or MQTT.js's; for diagnostics, scripts do not see it.
    #[must_use]
    pub fn with_headline(self, headline: impl Into<String>) -> Self {
        self.0.borrow_mut().headline = Some(headline.into());
        self
    }

    /// The call whose argument has another type than wanted; for diagnostics, scripts do not see it.
    #[must_use]
    pub fn with_call(self, call: HostCall) -> Self {
        self.0.borrow_mut().call = Some(call);
        self
    }

    /// See [`Self::with_call`].
    pub fn call(&self) -> Option<HostCall> {
        self.0.borrow().call.clone()
    }

    /// See [`Self::with_cause`].
    pub fn cause(&self) -> Option<String> {
        self.0.borrow().cause.clone()
    }

    /// The text for a diagnostic: our own words where there are any, else the message.
    pub fn text_for_report(&self) -> String {
        let fields = self.0.borrow();
        fields.headline.clone().unwrap_or_else(|| fields.message.to_string())
    }

    /// See [`Self::with_help`].
    pub fn help(&self) -> Option<String> {
        self.0.borrow().help.clone()
    }

    /// The error's own text.
    pub fn message(&self) -> ImmutableString {
        self.0.borrow().message.clone()
    }

    /// A property; `()` if it was never set.
    pub fn get(&self, name: &str) -> Dynamic {
        let fields = self.0.borrow();
        match name {
            "name" => fields.name.clone().into(),
            "message" => fields.message.clone().into(),
            "stack" => describe(&fields).into(),
            _ => {
                fields.properties.iter().find(|(key, _)| key == name).map_or(Dynamic::UNIT, |(_, value)| value.clone())
            }
        }
    }

    /// Sets a property.
    pub fn set(&self, name: &str, value: Dynamic) {
        let mut fields = self.0.borrow_mut();
        match name {
            "name" => fields.name = to_text(&value),
            "message" => {
                fields.message = to_text(&value);
                // The script's words count now.
                fields.headline = None;
            }
            _ => match fields.properties.iter_mut().find(|(key, _)| key == name) {
                Some((_, slot)) => *slot = value,
                None => fields.properties.push((name.into(), value)),
            },
        }
    }

    /// Ready to be returned from a host function: thrown, and caught by `catch (err)` as this error.
    pub fn raise(self) -> Box<EvalAltResult> {
        Box::new(EvalAltResult::ErrorRuntime(Dynamic::from(self), Position::NONE))
    }
}

impl From<&mqtt::error::Error> for ErrorValue {
    fn from(error: &mqtt::error::Error) -> Self {
        let mut value = Self::new(error.message.clone());
        match &error.code {
            Some(mqtt::error::Code::Name(name)) => value = value.with("code", *name),
            Some(mqtt::error::Code::Reason(reason)) => value = value.with("code", i64::from(*reason)),
            None => {}
        }
        value.0.borrow_mut().cause.clone_from(&error.cause);
        value.0.borrow_mut().help.clone_from(&error.help);
        value
    }
}

fn describe(fields: &Fields) -> String {
    if fields.message.is_empty() { fields.name.to_string() } else { format!("{}: {}", fields.name, fields.message) }
}

impl HostValue for ErrorValue {
    const NAME: &'static str = "Error";

    fn shown(&self) -> Shown {
        let fields = self.0.borrow();
        Shown::Error { text: describe(&fields), fields: fields.properties.clone() }
    }

    fn text(&self) -> ImmutableString {
        describe(&self.0.borrow()).into()
    }

    fn same_as(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Registers the type and `Error(message)`.
pub fn register(engine: &mut Engine) {
    host_value::register::<ErrorValue>(engine);
    engine
        .register_fn("Error", |message: Dynamic| ErrorValue::new(to_text(&message)))
        .register_fn("Error", || ErrorValue::new(""))
        // A callback's error that is none: `if !error { ... }`.
        .register_fn("!", |(): ()| true)
        .register_fn("==", |a: ErrorValue, b: ErrorValue| a.same_as(&b))
        .register_fn("!=", |a: ErrorValue, b: ErrorValue| !a.same_as(&b));
    for class in ["TypeError", "RangeError", "SyntaxError"] {
        engine.register_fn(class, move |message: Dynamic| ErrorValue::new(to_text(&message)).with_class(class));
    }
    for name in ["name", "message", "code", "stack"] {
        engine.register_get(name, move |error: &mut ErrorValue| error.get(name));
        engine.register_set(name, move |error: &mut ErrorValue, value: Dynamic| error.set(name, value));
    }
    engine
        .register_indexer_get(|error: &mut ErrorValue, name: ImmutableString| error.get(&name))
        .register_indexer_set(|error: &mut ErrorValue, name: ImmutableString, value: Dynamic| error.set(&name, value));
}

#[cfg(test)]
mod tests {
    use rhai::{Dynamic, Engine};

    use super::ErrorValue;
    use crate::api::{inspect, json};

    fn engine() -> Engine {
        let mut engine = Engine::new();
        crate::api::text::register(&mut engine);
        super::register(&mut engine);
        engine
    }

    fn text(script: &str) -> String {
        engine().eval::<Dynamic>(script).expect("the script runs").to_string()
    }

    #[test]
    fn joins_as_name_and_message() {
        assert_eq!(text("\"Can't connect\" + Error(\"no route\")"), "Can't connectError: no route");
        assert_eq!(text("`${Error(\"x\")}`"), "Error: x");
        assert_eq!(
            text("let e = Error(\"x\"); e.name = \"MyError\"; e.message += \"y\"; e.to_string()"),
            "MyError: xy"
        );
    }

    #[test]
    fn is_caught_as_it_was_thrown() {
        assert_eq!(text("let m = (); try { throw Error(\"x\") } catch (e) { m = e.message } m"), "x");
        let thrown = engine().run("throw Error(\"x\")").expect_err("it throws");
        assert!(matches!(*thrown, rhai::EvalAltResult::ErrorRuntime(ref value, _) if value.is::<ErrorValue>()));
    }

    #[test]
    fn properties_are_shared_and_compare_with_unit() {
        assert_eq!(text("let e = Error(\"x\"); let f = e; f.code = 5; e.code"), "5");
        assert_eq!(text("let e = Error(\"x\"); e.packet = #{a: 1}; e.packet.a"), "1");
        assert_eq!(
            text("let e = Error(\"x\"); [e == (), e != (), e == e, e == Error(\"x\"), e.other == ()]"),
            "[false, true, true, false, true]"
        );
    }

    #[test]
    fn not_asks_whether_there_is_none() {
        assert_eq!(text("let e = Error(\"x\"); [!e, !(), !e.code]"), "[false, true, true]");
    }

    #[test]
    fn is_shown_with_its_properties() {
        let _types = engine();
        let plain = Dynamic::from(ErrorValue::new("x"));
        assert_eq!(inspect::inspect(&plain), "Error: x");
        let coded = Dynamic::from(ErrorValue::new("x").with("code", "ENOENT"));
        assert_eq!(inspect::inspect(&coded), "Error: x {\n  code: 'ENOENT'\n}");
        assert_eq!(inspect::inspect(&vec![plain].into()), "[ [Error: x] ]");
        assert_eq!(json::stringify(&coded, "").expect("no circle").as_deref(), Some("{\"code\":\"ENOENT\"}"));
    }
}
