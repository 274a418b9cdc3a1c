//! `set_timeout` and its kin, with the tutorial's camelCase names as aliases.

use std::any::TypeId;
use std::rc::Rc;
use std::time::{Duration, Instant};

use rhai::{Dynamic, Engine, ImmutableString};

use crate::api::arguments::{Arguments, Returned, function, function_with};
use crate::api::host::{Host, keep_once};
use crate::api::host_value::{self, HostValue, Shown};
use crate::api::view::{View, view};
use crate::event_loop::timers::{Action, Timer, TimerId};

/// Node's longest delay, ms; what is longer fires at once, as in Node.
const LONGEST: f64 = 2_147_483_647.0;

/// What `set_timeout` returns.
#[derive(Debug, Clone)]
pub struct Timeout(TimerId);

impl HostValue for Timeout {
    const NAME: &'static str = "Timeout";

    fn shown(&self) -> Shown {
        Shown::Record { name: Self::NAME.into(), fields: vec![("id".into(), Dynamic::from(self.0.number as i64))] }
    }

    fn text(&self) -> ImmutableString {
        self.0.number.to_string().into()
    }

    fn same_as(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

/// Registers the functions.
pub fn register(engine: &mut Engine, host: &Rc<Host>) {
    host_value::register::<Timeout>(engine);
    for name in ["set_timeout", "setTimeout"] {
        let host = Rc::clone(host);
        function(engine, name, 1..=15, move |arguments| start(&host, &arguments, false));
    }
    for name in ["set_interval", "setInterval"] {
        let host = Rc::clone(host);
        function(engine, name, 1..=15, move |arguments| start(&host, &arguments, true));
    }
    for name in ["set_immediate", "setImmediate"] {
        let host = Rc::clone(host);
        function(engine, name, 1..=15, move |arguments| immediate(&host, &arguments));
    }
    for name in ["clear_timeout", "clear_interval", "clearTimeout", "clearInterval"] {
        let host = Rc::clone(host);
        function(engine, name, 0..=1, move |arguments| {
            if let Some(timeout) = arguments.get(0).read_lock::<Timeout>() {
                host.event_loop.timers.borrow_mut().clear(timeout.0);
            }
            Ok(Dynamic::UNIT)
        });
    }
    // Rhai's own `sleep` takes seconds, as an integer or a float.
    for taken in [TypeId::of::<i64>(), TypeId::of::<f64>(), TypeId::of::<Dynamic>()] {
        let host = Rc::clone(host);
        function_with(engine, "sleep", &[taken], move |arguments| {
            let until = Instant::now() + delay(&arguments, 0, "ms")?;
            host.event_loop.sleep_until(arguments.context.engine(), until)?;
            Ok(Dynamic::UNIT)
        });
    }
    for (name, referenced) in [("ref", true), ("unref", false)] {
        let host = Rc::clone(host);
        engine.register_fn(name, move |timeout: &mut Timeout| {
            host.event_loop.timers.borrow_mut().set_referenced(timeout.0, referenced);
            timeout.clone()
        });
    }
    let timers = Rc::clone(host);
    engine.register_fn("has_ref", move |timeout: &mut Timeout| {
        timers.event_loop.timers.borrow().is_referenced(timeout.0)
    });
    engine
        .register_fn("==", |a: Timeout, b: Timeout| a.same_as(&b))
        .register_fn("!=", |a: Timeout, b: Timeout| !a.same_as(&b));
}

fn start(host: &Rc<Host>, arguments: &Arguments, repeats: bool) -> Returned {
    let function = arguments.function(0, "callback")?;
    let extra = arguments.values.get(2..).filter(|extra| !extra.is_empty()).map(|extra| Rc::new(extra.to_vec()));
    let what = format_args!("the callback of `{}`", arguments.function);
    let callback = keep_once(arguments.context, function, extra.as_ref().map_or(0, |extra| extra.len()), what)?;
    let delay = delay(arguments, 1, if repeats { "period" } else { "delay" })?;
    let timer = Timer { action: Action::Call(callback, extra), period: repeats.then_some(delay), referenced: true };
    let id = host.event_loop.timers.borrow_mut().add(Instant::now(), delay, timer);
    Ok(Dynamic::from(Timeout(id)))
}

/// Runs a callback in the next turn.
///
/// # Errors
/// The first argument is no function.
pub fn immediate(host: &Rc<Host>, arguments: &Arguments) -> Returned {
    let function = arguments.function(0, "callback")?;
    let mut extra: Vec<Dynamic> = arguments.values.iter().skip(1).cloned().collect();
    let callback = keep_once(arguments.context, function, extra.len(), "the callback of `set_immediate`")?;
    let event_loop = Rc::clone(host);
    host.event_loop.defer(move |engine| {
        event_loop.event_loop.call(engine, &callback, &mut extra, |origin| {
            format!("in the callback of `set_immediate` called at {origin}")
        });
    });
    Ok(Dynamic::UNIT)
}

/// Milliseconds as Node reads them: missing, negative and zero are 1, too long is 1 too.
fn delay(arguments: &Arguments, index: usize, name: &str) -> Result<Duration, Box<rhai::EvalAltResult>> {
    let ms = match view(arguments.get(index)) {
        View::Unit => 1.0,
        View::Int(ms) => ms as f64,
        View::Float(ms) => ms,
        _ => return Err(arguments.wrong(index, name, "a number of milliseconds")),
    };
    let ms = if (1.0..=LONGEST).contains(&ms) { ms } else { 1.0 };
    Ok(Duration::from_secs_f64(ms / 1000.0))
}
