//! `process`: arguments, environment, exit, signals, standard input.

use std::cell::{Cell, RefCell};
use std::io::BufRead;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rhai::{Array, Dynamic, Engine, EvalAltResult, Map, Position};

use crate::api::arguments::{Arguments, Returned, function, method};
use crate::api::console;
use crate::api::entries;
use crate::api::environment::Environment;
use crate::api::error::ErrorValue;
use crate::api::events::{review, takes};
use crate::api::host::{Host, keep};
use crate::api::host_value::{self, HostValue, Shown};
use crate::api::table::Entry;
use crate::event_loop::callback::Origin;
use crate::event_loop::emitter::Emitter;
use crate::event_loop::incoming::{Incoming, Payload, SourceId};
use crate::event_loop::{Source, Stop};

/// The `process` object.
#[derive(Clone)]
pub struct Process(Rc<Inner>);

struct Inner {
    host: Rc<Host>,
    emitter: RefCell<Emitter>,
    environment: Environment,
    stdin: Stdin,
    /// Told to the signal thread: the script handles SIGINT, SIGTERM, so a second one is no order to stop at once.
    handles: Arc<[AtomicBool; 2]>,
    exit_code: RefCell<Dynamic>,
    /// A signal has come.
    signalled: Cell<bool>,
    /// Told by the signal thread: a signal was sent to the script, which has not looked at it yet.
    waiting: Arc<AtomicBool>,
    /// Told to the signal thread: the run is over.
    closed: Arc<AtomicBool>,
}

/// `process.stdin`.
#[derive(Clone)]
pub struct Stdin(Rc<StdinInner>);

struct StdinInner {
    host: Rc<Host>,
    emitter: RefCell<Emitter>,
    source: Cell<Option<SourceId>>,
    open: Cell<bool>,
}

/// `process.stdout`.
#[derive(Debug, Clone)]
struct Stdout;

impl Process {
    /// The object of a host; signals are heard from now on.
    ///
    /// # Errors
    /// The signal handlers could not be installed.
    pub fn new(host: &Rc<Host>) -> std::io::Result<Self> {
        let handles: Arc<[AtomicBool; 2]> = Arc::default();
        let stdin = Stdin(Rc::new(StdinInner {
            host: Rc::clone(host),
            emitter: RefCell::default(),
            source: Cell::new(None),
            open: Cell::new(false),
        }));
        let (closed, waiting) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        let process = Self(Rc::new(Inner {
            host: Rc::clone(host),
            emitter: RefCell::default(),
            environment: Environment::new(host.access.permissions()),
            stdin,
            handles: Arc::clone(&handles),
            exit_code: RefCell::new(Dynamic::UNIT),
            signalled: Cell::new(false),
            waiting: Arc::clone(&waiting),
            closed: Arc::clone(&closed),
        }));
        let source = host.event_loop.add_source(|_| Rc::new(process.clone()));
        watch_signals(host, source, handles, waiting, closed)?;
        Ok(process)
    }

    /// Calls the `exit` listeners and gives the exit code: they may change it with `process.exitCode`.
    pub fn emit_exit(&self, engine: &Engine, code: i32) -> i32 {
        *self.0.exit_code.borrow_mut() = i64::from(code).into();
        let listeners = self.0.emitter.borrow_mut().listeners("exit");
        for listener in listeners.iter() {
            let mut arguments = [Dynamic::from(i64::from(code))];
            let context = |origin: &Origin| format!("in the `exit` listener added at {origin}");
            self.0.host.event_loop.call(engine, &listener.callback, &mut arguments, context);
        }
        self.exit_code().unwrap_or(code)
    }

    /// Whether a signal came that had no listener, or one that did.
    pub fn was_signalled(&self) -> bool {
        self.0.signalled.get()
    }

    /// Registers `exit`, which in Rhai alone would only leave the code that runs now.
    pub fn register_exit(&self, engine: &mut Engine) {
        let process = self.clone();
        function(engine, "exit", 0..=1, move |arguments| process.exit(&arguments));
    }

    /// Ends the program.
    fn exit(&self, arguments: &Arguments) -> Returned {
        let given = arguments.int(0, "code")?.map(|code| code as i32);
        let code = given.or_else(|| self.exit_code()).unwrap_or(0);
        self.0.host.event_loop.stop(Stop::Exit(code));
        // Not catchable: the script ends here.
        Err(Box::new(EvalAltResult::ErrorTerminated(Dynamic::UNIT, Position::NONE)))
    }

    /// The run is over: signals are for the next one.
    pub fn close(&self) {
        self.0.closed.store(true, Ordering::Relaxed);
    }

    /// What the script assigned to `process.exitCode`.
    pub fn exit_code(&self) -> Option<i32> {
        self.0.exit_code.borrow().as_int().ok().and_then(|code| i32::try_from(code).ok())
    }
}

fn watch_signals(
    host: &Rc<Host>,
    source: SourceId,
    handles: Arc<[AtomicBool; 2]>,
    waiting: Arc<AtomicBool>,
    closed: Arc<AtomicBool>,
) -> std::io::Result<()> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let sender = host.event_loop.sender();
    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM])?;
    std::thread::Builder::new().name("signals".into()).spawn(move || {
        let mut seen = false;
        for signal in signals.forever() {
            if closed.load(Ordering::Relaxed) {
                return;
            }
            let handled = handles[usize::from(signal == SIGTERM)].load(Ordering::Relaxed);
            if (seen && !handled) || waiting.swap(true, Ordering::Relaxed) {
                // The first one is being served, or the script does not come to it, perhaps for ever: a second signal
                // ends the program at once.
                signal_hook::low_level::exit(128 + signal);
            }
            seen |= !handled;
            if sender.send(Incoming { source, payload: Payload::Signal(signal) }).is_err() {
                return;
            }
        }
    })?;
    Ok(())
}

impl Source for Process {
    fn deliver(&self, engine: &Engine, payload: Payload) {
        let Payload::Signal(signal) = payload else { return };
        self.note_signal();
        let name = if signal == signal_hook::consts::SIGTERM { "SIGTERM" } else { "SIGINT" };
        let listeners = self.0.emitter.borrow_mut().listeners(name);
        if listeners.is_empty() {
            self.0.host.event_loop.stop(Stop::Signal(signal));
        }
        for listener in listeners.iter() {
            let mut arguments = [Dynamic::from(name)];
            let context = |origin: &Origin| format!("in the `{name}` listener added at {origin}");
            self.0.host.event_loop.call(engine, &listener.callback, &mut arguments, context);
        }
    }

    fn put_aside(&self, _engine: &Engine, payload: Payload) -> Option<Payload> {
        match payload {
            // Blocked in a call: without a listener the program ends now, not after the call.
            Payload::Signal(signal)
                if !self.0.handles[usize::from(signal == signal_hook::consts::SIGTERM)].load(Ordering::Relaxed) =>
            {
                self.note_signal();
                self.0.host.event_loop.stop(Stop::Signal(signal));
                None
            }
            other => Some(other),
        }
    }

    fn keeps_alive(&self) -> bool {
        false
    }
}

impl Source for Stdin {
    fn deliver(&self, engine: &Engine, payload: Payload) {
        let Payload::Line(line) = payload else { return };
        let call = |event: &str, arguments: &[Dynamic]| {
            let listeners = self.0.emitter.borrow_mut().listeners(event);
            for listener in listeners.iter() {
                let context =
                    |origin: &Origin| format!("in the `{event}` listener of `process.stdin` added at {origin}");
                self.0.host.event_loop.call(engine, &listener.callback, &mut arguments.to_vec(), context);
            }
        };
        match line {
            Some(line) => {
                let line = Dynamic::from(line);
                call("line", std::slice::from_ref(&line));
                call("data", &[line]);
            }
            None => {
                self.0.open.set(false);
                call("end", &[]);
            }
        }
    }

    fn keeps_alive(&self) -> bool {
        self.0.open.get()
    }
}

impl Stdin {
    /// Reads standard input from the first listener on, in a thread of its own: a read cannot be interrupted.
    fn open(&self) -> std::io::Result<()> {
        if self.0.source.get().is_some() {
            return Ok(());
        }
        let source = self.0.host.event_loop.add_source(|_| Rc::new(self.clone()));
        self.0.source.set(Some(source));
        self.0.open.set(true);
        let sender = self.0.host.event_loop.sender();
        std::thread::Builder::new().name("stdin".into()).spawn(move || {
            for line in std::io::stdin().lock().split(b'\n') {
                let Ok(mut line) = line else { break };
                if line.last() == Some(&b'\r') {
                    line.pop();
                }
                let line = String::from_utf8_lossy(&line).into_owned();
                if sender.send(Incoming { source, payload: Payload::Line(Some(line)) }).is_err() {
                    return;
                }
            }
            // Nobody is left to tell when the loop is gone.
            let _ = sender.send(Incoming { source, payload: Payload::Line(None) });
        })?;
        Ok(())
    }
}

impl HostValue for Process {
    const NAME: &'static str = "process";

    fn shown(&self) -> Shown {
        Shown::Record { name: Self::NAME.into(), fields: vec![("pid".into(), i64::from(std::process::id()).into())] }
    }
}

/// Registers the types.
pub fn register(engine: &mut Engine) {
    host_value::register::<Process>(engine);
    engine.register_type_with_name::<Stdin>("Stdin").register_type_with_name::<Stdout>("Stdout");
    method::<Process>(engine, "exit", 0..=1, |receiver, arguments| process(receiver).exit(&arguments));
    for (name, once) in [("on", false), ("addListener", false), ("once", true)] {
        method::<Process>(engine, name, 2..=2, move |receiver, arguments| {
            let process = process(receiver);
            add(&process.0.host, "process", &process.0.emitter, entries::process::ENTRIES, &arguments, once)?;
            process.update_handles();
            Ok(receiver.clone())
        });
        method::<Stdin>(engine, name, 2..=2, move |receiver, arguments| {
            let stdin = receiver.read_lock::<Stdin>().map(|stdin| stdin.clone()).expect("registered for `Stdin`");
            add(&stdin.0.host, "process.stdin", &stdin.0.emitter, entries::process::STDIN, &arguments, once)?;
            stdin.open().map_err(|error| ErrorValue::new(format!("standard input cannot be read: {error}")).raise())?;
            Ok(receiver.clone())
        });
    }
    for name in ["off", "removeListener"] {
        method::<Process>(engine, name, 2..=2, |receiver, arguments| {
            let process = process(receiver);
            process.0.emitter.borrow_mut().remove(&arguments.text(0), &arguments.function(1, "listener")?);
            process.update_handles();
            Ok(receiver.clone())
        });
    }
    method::<Process>(engine, "nextTick", 1..=15, |receiver, arguments| {
        crate::api::timers::immediate(&process(receiver).0.host, &arguments)
    });
    method::<Process>(engine, "hrtime", 0..=1, |receiver, arguments| {
        let now = process(receiver).0.host.settings.started.elapsed();
        Ok(parts(now.saturating_sub(earlier(arguments.get(0)))))
    });
    engine
        .register_fn("uptime", |process: &mut Process| seconds_since(process.0.host.settings.started))
        .register_fn("memoryUsage", |_: &mut Process| memory())
        .register_fn("cwd", |_: &mut Process| current_folder())
        .register_get("argv", |process: &mut Process| -> Array {
            process.0.host.settings.arguments.iter().cloned().map(Dynamic::from).collect()
        })
        .register_get("env", |process: &mut Process| process.0.environment.clone())
        .register_get("pid", |_: &mut Process| i64::from(std::process::id()))
        .register_get("platform", |_: &mut Process| platform())
        .register_get("version", |_: &mut Process| concat!("v", env!("CARGO_PKG_VERSION")))
        .register_get("stdin", |process: &mut Process| process.0.stdin.clone())
        .register_get("stdout", |_: &mut Process| Stdout)
        .register_get("exitCode", |process: &mut Process| process.0.exit_code.borrow().clone())
        .register_set("exitCode", |process: &mut Process, code: Dynamic| *process.0.exit_code.borrow_mut() = code);
    method::<Stdout>(engine, "write", 1..=1, |_, arguments| {
        console::output::out_raw(&arguments.text(0));
        Ok(true.into())
    });
}

fn process(receiver: &Dynamic) -> Process {
    receiver.read_lock::<Process>().map(|process| process.clone()).expect("methods are registered for `process`")
}

impl Process {
    fn note_signal(&self) {
        self.0.signalled.set(true);
        self.0.waiting.store(false, Ordering::Relaxed);
    }

    fn update_handles(&self) {
        for (handles, name) in self.0.handles.iter().zip(["SIGINT", "SIGTERM"]) {
            handles.store(self.0.emitter.borrow().count(name) > 0, Ordering::Relaxed);
        }
    }
}

fn add(
    host: &Host,
    object: &str,
    emitter: &RefCell<Emitter>,
    known: &[Entry],
    arguments: &Arguments,
    once: bool,
) -> Result<(), Box<EvalAltResult>> {
    let event = arguments.text(0);
    let (most, given) = takes(known, &event);
    let function = arguments.function(1, "listener")?;
    let callback = keep(arguments.context, function, most, format_args!("listener for `{event}`{given}"))?;
    if most == usize::MAX {
        review(host, object, &event, known, callback.origin());
    }
    emitter.borrow_mut().add(&event, callback, once, false);
    Ok(())
}

fn seconds_since(started: Instant) -> f64 {
    started.elapsed().as_secs_f64()
}

fn parts(time: Duration) -> Dynamic {
    let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    vec![Dynamic::from(seconds), Dynamic::from(i64::from(time.subsec_nanos()))].into()
}

fn earlier(value: &Dynamic) -> Duration {
    let Some(parts) = value.read_lock::<Array>() else { return Duration::ZERO };
    let part =
        |index: usize| parts.get(index).and_then(|part| part.as_int().ok()).and_then(|part| u64::try_from(part).ok());
    Duration::from_secs(part(0).unwrap_or(0)) + Duration::from_nanos(part(1).unwrap_or(0))
}

fn memory() -> Map {
    let rss = memory_stats::memory_stats().map_or(0, |stats| stats.physical_mem);
    Map::from([("rss".into(), i64::try_from(rss).unwrap_or(i64::MAX).into())])
}

fn current_folder() -> Returned {
    std::env::current_dir()
        .map(|path| path.to_string_lossy().into_owned().into())
        .map_err(|error| ErrorValue::new(format!("the current directory cannot be read: {error}")).raise())
}

/// Node's names for operating systems.
const fn platform() -> &'static str {
    if cfg!(target_os = "macos") {
        "darwin"
    } else if cfg!(windows) {
        "win32"
    } else {
        std::env::consts::OS
    }
}
