//! `console`: what a program says, to standard output and standard error.
//!
//! `format` makes the line, `output` writes it, `table` draws boxes. `print` and `debug` of Rhai take the same way.

mod format;
pub mod output;
mod table;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use rhai::{Dynamic, Engine, EvalAltResult, ImmutableString, Position};

use super::arguments::{Arguments, MOST, method};
use super::inspect::{Options, inspect_with};
use super::text::to_text;
use super::view::{View, truthy, view};
pub use format::format;

/// The object `console`.
#[derive(Debug, Clone, Default)]
pub struct Console(Rc<RefCell<State>>);

#[derive(Debug, Default)]
struct State {
    indentation: usize,
    timers: HashMap<ImmutableString, Instant>,
    counts: HashMap<ImmutableString, u64>,
}

#[derive(Clone, Copy)]
enum To {
    Out,
    Err,
}

impl Console {
    fn write(&self, to: To, text: &str) {
        let indentation = self.0.borrow().indentation;
        let indented;
        let text = if indentation == 0 {
            text
        } else {
            let indent = " ".repeat(indentation);
            indented = format!("{indent}{}", text.replace('\n', &format!("\n{indent}")));
            &indented
        };
        match to {
            To::Out => output::out(text),
            To::Err => output::err(text),
        }
    }

    fn warning(&self, text: &str) {
        output::err(&format!("Warning: {text}"));
    }

    fn time_log(&self, method: &str, label: &ImmutableString, data: &[Dynamic]) -> bool {
        let Some(started) = self.0.borrow().timers.get(label).copied() else {
            self.warning(&format!("No such label '{label}' for console.{method}()"));
            return false;
        };
        let mut line = format!("{label}: {}", duration_text(started.elapsed()));
        for value in data {
            line.push(' ');
            line.push_str(&super::inspect::inspect_bare(value));
        }
        self.write(To::Out, &line);
        true
    }
}

/// As Node prints what `console.time` measured: `12.345ms`, `1.234s`, `1:02.345 (m:ss.mmm)`.
fn duration_text(duration: Duration) -> String {
    let milliseconds = duration.as_secs_f64() * 1000.0;
    if milliseconds < 1000.0 {
        let rounded = (milliseconds * 1000.0).round() / 1000.0;
        return format!("{}ms", super::text::float_to_text(rounded));
    }
    let seconds = duration.as_secs_f64();
    let (minutes, hours) = (duration.as_secs() / 60 % 60, duration.as_secs() / 3600);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{:06.3} (h:mm:ss.mmm)", seconds % 60.0)
    } else if minutes > 0 {
        format!("{minutes}:{:06.3} (m:ss.mmm)", seconds % 60.0)
    } else {
        format!("{seconds:.3}s")
    }
}

fn console(receiver: &Dynamic) -> Console {
    receiver.read_lock::<Console>().map(|console| console.clone()).unwrap_or_default()
}

fn label(arguments: &Arguments) -> ImmutableString {
    arguments.some_text(0).unwrap_or_else(|| "default".into())
}

fn place(arguments: &Arguments) -> String {
    let position = arguments.context.call_position();
    let source = arguments.context.call_source().unwrap_or("");
    match (position.line(), position.position()) {
        (Some(line), Some(column)) if source.is_empty() => format!("{line}:{column}"),
        (Some(line), Some(column)) => format!("{source}:{line}:{column}"),
        _ => source.to_owned(),
    }
}

/// Registers the methods of `console` and sends `print` and `debug` the same way.
pub fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Console>("console");
    for (name, to) in [("log", To::Out), ("info", To::Out), ("warn", To::Err), ("error", To::Err)] {
        method::<Console>(engine, name, 0..=MOST, move |this, arguments| {
            console(this).write(to, &format(&arguments.values));
            if output::broken_pipe() {
                // A loop that prints for ever ends here.
                return Err(EvalAltResult::ErrorTerminated(Dynamic::UNIT, Position::NONE).into());
            }
            Ok(Dynamic::UNIT)
        });
    }
    // Rhai hands what a function named `debug` returns to `on_debug`, which prints it.
    method::<Console>(engine, "debug", 0..=MOST, |this, arguments| {
        let indent = " ".repeat(console(this).0.borrow().indentation);
        let text = format(&arguments.values).replace('\n', &format!("\n{indent}"));
        Ok(ImmutableString::from(format!("{indent}{text}")).into())
    });
    engine.on_debug(|text, _, _| output::out(text));
    engine.on_print(output::out);
    method::<Console>(engine, "trace", 0..=MOST, |this, arguments| {
        let text = format(&arguments.values);
        let head = if text.is_empty() { "Trace".to_owned() } else { format!("Trace: {text}") };
        let place = place(&arguments);
        let text = if place.is_empty() { head } else { format!("{head}\n    at {place}") };
        console(this).write(To::Err, &text);
        Ok(Dynamic::UNIT)
    });
    method::<Console>(engine, "table", 0..=2, |this, arguments| {
        let wanted = match view(arguments.get(1)) {
            View::Unit => None,
            View::Array(names) => Some(names.iter().map(to_text).collect::<Vec<_>>()),
            _ => return Err(arguments.wrong(1, "columns", "an array of names")),
        };
        let text = table::table(arguments.get(0), wanted.as_deref()).unwrap_or_else(|| format(&arguments.values));
        console(this).write(To::Out, &text);
        Ok(Dynamic::UNIT)
    });
    method::<Console>(engine, "dir", 0..=2, |this, arguments| {
        let mut options = Options::default();
        if let View::Map(map) = view(arguments.get(1)) {
            match map.get("depth").map(view) {
                Some(View::Int(depth)) => options.depth = depth.clamp(-1, i64::from(i32::MAX)) as i32,
                Some(View::Unit | View::Float(_)) => options.depth = i32::MAX,
                _ => {}
            }
        }
        console(this).write(To::Out, &inspect_with(arguments.get(0), options));
        Ok(Dynamic::UNIT)
    });
    method::<Console>(engine, "assert", 0..=MOST, |this, mut arguments| {
        if truthy(arguments.get(0)) {
            return Ok(Dynamic::UNIT);
        }
        let first = match arguments.values.get(1) {
            None => "Assertion failed".to_owned(),
            Some(value) => format!("Assertion failed: {}", to_text(value)),
        };
        arguments.values.drain(..arguments.values.len().min(2));
        arguments.values.insert(0, first.into());
        console(this).write(To::Err, &format(&arguments.values));
        Ok(Dynamic::UNIT)
    });
    register_timers(engine);
    register_groups(engine);
}

fn register_timers(engine: &mut Engine) {
    method::<Console>(engine, "time", 0..=1, |this, arguments| {
        let (console, label) = (console(this), label(&arguments));
        if console.0.borrow().timers.contains_key(&label) {
            console.warning(&format!("Label '{label}' already exists for console.time()"));
        } else {
            console.0.borrow_mut().timers.insert(label, Instant::now());
        }
        Ok(Dynamic::UNIT)
    });
    method::<Console>(engine, "timeLog", 0..=MOST, |this, arguments| {
        console(this).time_log("timeLog", &label(&arguments), arguments.values.get(1..).unwrap_or(&[]));
        Ok(Dynamic::UNIT)
    });
    method::<Console>(engine, "timeEnd", 0..=1, |this, arguments| {
        let (console, label) = (console(this), label(&arguments));
        if console.time_log("timeEnd", &label, &[]) {
            console.0.borrow_mut().timers.remove(&label);
        }
        Ok(Dynamic::UNIT)
    });
}

fn register_groups(engine: &mut Engine) {
    method::<Console>(engine, "count", 0..=1, |this, arguments| {
        let (console, label) = (console(this), label(&arguments));
        let count = {
            let mut state = console.0.borrow_mut();
            let count = state.counts.entry(label.clone()).or_default();
            *count += 1;
            *count
        };
        console.write(To::Out, &format!("{label}: {count}"));
        Ok(Dynamic::UNIT)
    });
    method::<Console>(engine, "countReset", 0..=1, |this, arguments| {
        let (console, label) = (console(this), label(&arguments));
        if console.0.borrow_mut().counts.remove(&label).is_none() {
            console.warning(&format!("Count for '{label}' does not exist"));
        }
        Ok(Dynamic::UNIT)
    });
    method::<Console>(engine, "group", 0..=MOST, |this, arguments| {
        let console = console(this);
        if !arguments.values.is_empty() {
            console.write(To::Out, &format(&arguments.values));
        }
        console.0.borrow_mut().indentation += 2;
        Ok(Dynamic::UNIT)
    });
    method::<Console>(engine, "groupEnd", 0..=0, |this, _| {
        let console = console(this);
        let mut state = console.0.borrow_mut();
        state.indentation = state.indentation.saturating_sub(2);
        Ok(Dynamic::UNIT)
    });
}

#[cfg(test)]
mod tests;
