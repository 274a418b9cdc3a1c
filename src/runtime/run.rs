//! One run of a program: engine, top level, loop, exit code.

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rhai::{Dynamic, Engine};

use crate::api::error::ErrorValue;
use crate::api::host::{Host, Settings};
use crate::api::permissions::Permissions;
use crate::api::vocabulary::Names;
use crate::api::{self, Objects, console};
use crate::diagnostics::runtime_error::{HostError, explain_eval_error};
use crate::diagnostics::{Diagnostic, Source, render, syntax};
use crate::event_loop::incoming::{Incoming, Payload, SourceId};
use crate::event_loop::{Source as EventSource, Stop, Uncaught};
use crate::runtime::language::Language;
use crate::runtime::limits::{self, Exceeded, Limits, Memory};
use crate::runtime::modules::Modules;
use crate::runtime::program::Program;

/// Exit code of a script error, or of a client that gave up unheard.
const FAILURE: i32 = 1;

/// What to run, and how.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Name and text of the main script.
    pub name: String,
    /// Its text.
    pub text: String,
    /// The folder that `import` looks in.
    pub folder: PathBuf,
    /// `process.argv`.
    pub arguments: Vec<String>,
    /// What the program may do.
    pub permissions: Arc<Permissions>,
    /// `--exit-timeout`.
    pub exit_timeout: Duration,
    /// What it may take.
    pub limits: Limits,
    /// `--keep-going`: an uncaught error in a callback is reported, and the next event is handled.
    pub keep_going: bool,
}

/// How others end a run, and what they learn of it.
#[derive(Default)]
pub struct Remote {
    /// Set to end the run: also out of a callback that loops for ever.
    pub replaced: Arc<AtomicBool>,
    /// Whoever watches the run.
    pub watcher: Option<Watcher>,
}

/// Wakes the loop of a run, so that it looks around.
pub type Waker = Box<dyn Fn() + Send>;

/// What a watcher is told.
pub struct Watcher {
    /// Before the program starts: how to wake its loop.
    pub on_start: Box<dyn FnOnce(Waker) + Send>,
    /// Each time there are more: all files that the program is made of, apart from the main script.
    pub on_files: Box<dyn Fn(Files) + Send>,
}

/// The files that a program is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files {
    /// Those that it imported.
    pub modules: Vec<PathBuf>,
    /// Those that it has read.
    pub read: Vec<PathBuf>,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// The exit code.
    pub code: i32,
    /// SIGINT or SIGTERM has come meanwhile.
    pub signalled: bool,
}

/// What the thread is called that scripts run on.
pub const SCRIPT_THREAD: &str = "script";

/// Runs a program on a thread of its own, with the stack that scripts need.
pub fn run(plan: Plan, remote: Remote) -> Ended {
    let script = std::thread::Builder::new().name(SCRIPT_THREAD.into()).stack_size(plan.limits.stack_size());
    let failed = |message: String| {
        render::print(&Diagnostic::error(message));
        Ended { code: FAILURE, signalled: false }
    };
    match script.spawn(move || run_here(plan, remote)).map(std::thread::JoinHandle::join) {
        Ok(Ok(ended)) => ended,
        Ok(Err(panic)) => {
            let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
            failed(format!("internal error: {}", text.unwrap_or("panic")))
        }
        Err(error) => failed(format!("the script thread cannot be started: {error}")),
    }
}

/// Compiles a program without running it.
///
/// # Errors
/// What is wrong with it.
pub fn check(name: &str, text: &str) -> Result<(), Box<Diagnostic>> {
    let mut engine = Engine::new();
    Limits::default().set(&mut engine);
    let language = Language::install(&mut engine, Default::default());
    Program::compile(&engine, &language, Rc::new(Source { name: name.into(), text: text.into() })).map_err(Box::new)?;
    Ok(())
}

fn run_here(plan: Plan, remote: Remote) -> Ended {
    let failed = |diagnostic: &Diagnostic| {
        render::print(diagnostic);
        Ended { code: FAILURE, signalled: false }
    };
    let mut engine = Engine::new();
    plan.limits.set(&mut engine);
    let host = Host::new(Settings {
        arguments: plan.arguments,
        exit_timeout: plan.exit_timeout,
        permissions: plan.permissions,
        started: Instant::now(),
    });
    let Objects { names, process } = match api::register(&mut engine, &host) {
        Ok(objects) => objects,
        Err(error) => return failed(&Diagnostic::error(format!("signals cannot be handled: {error}"))),
    };
    let language = Language::install(&mut engine, names);
    let modules = Modules::new(language.clone(), plan.folder, host.access.clone());
    engine.set_module_resolver(modules.clone());
    // Only a watcher keeps the other end; without one nobody can end the run from outside.
    let is_watched = remote.watcher.is_some();
    let replaced = is_watched.then(|| Arc::clone(&remote.replaced));
    let memory = Memory::watch(plan.limits.memory);
    limits::watch(&mut engine, &host, &plan.limits, &memory, replaced);
    let sleeper = memory.clone();
    host.event_loop.around_sleep(move |asleep| sleeper.note_sleep(asleep));
    let main = Rc::new(Source { name: plan.name, text: plan.text });
    let program = match Program::compile(&engine, &language, Rc::clone(&main)) {
        Ok(program) => program,
        Err(diagnostic) => {
            process.close();
            return failed(&diagnostic);
        }
    };
    if let Some(warning) = syntax::warning(&main) {
        api::report::print(&warning);
    }
    // Set here only, so it is free.
    let _ = host.program.set(Box::new(language.clone()));
    let reporter = Reporter { language, main };
    let to_report = reporter.clone();
    host.event_loop.set_report(plan.keep_going, move |uncaught| to_report.report(uncaught));
    let control = host.event_loop.add_source(|_| Rc::new(Control(Rc::clone(&host), Arc::clone(&remote.replaced))));
    // Before output is written: whoever reads it may change a file at once.
    let tell_files = remote.watcher.map(|watcher| {
        (watcher.on_start)(waker(&host, control));
        tell_files(&host, modules, watcher.on_files)
    });
    let flusher = Rc::clone(&host);
    host.event_loop.before_sleep(move || {
        console::output::flush();
        if console::output::broken_pipe() {
            // Whoever read our output has gone: that is no error.
            flusher.event_loop.stop(Stop::Exit(0));
        }
    });

    if let Err(error) = program.run(&engine) {
        host.event_loop.fail_top_level(Uncaught { error, callback: None, context: String::new() });
    }
    let stop = host.event_loop.take_stop().or_else(|| host.event_loop.run(&engine));
    let code = finish(&engine, &host, &process, stop, &reporter);
    host.event_loop.close();
    process.close();
    memory.stop();
    console::output::flush();
    if let Some(tell_files) = tell_files {
        tell_files();
        // The process goes on, so nothing of this run may.
        host.network.stop();
        host.event_loop.clear();
        reporter.language.clear();
    } else {
        // The process ends now: freeing some thousand functions one by one would take a fifth of a short run.
        std::mem::forget(engine);
    }
    Ended { code, signalled: process.was_signalled() }
}

/// Tells `on_files` what the program is made of, each time before it sleeps if that has grown; gives what does so.
fn tell_files(host: &Rc<Host>, modules: Modules, on_files: Box<dyn Fn(Files)>) -> Rc<dyn Fn()> {
    let told = RefCell::new(Files::default());
    let files_of = Rc::clone(host);
    let tell: Rc<dyn Fn()> = Rc::new(move || {
        let files = Files { modules: modules.paths(), read: files_of.access.paths_read() };
        if *told.borrow() != files {
            on_files(files.clone());
            told.replace(files);
        }
    });
    let before_sleep = Rc::clone(&tell);
    host.event_loop.before_sleep(move || before_sleep());
    tell
}

/// Ends the program for the reason given; gives its exit code.
fn finish(
    engine: &Engine,
    host: &Rc<Host>,
    process: &api::process::Process,
    stop: Option<Stop>,
    reporter: &Reporter,
) -> i32 {
    let code = match stop {
        None if host.gave_up.get() => FAILURE,
        None => process.exit_code().unwrap_or(0),
        Some(Stop::Exit(code)) => code,
        Some(Stop::Uncaught(_)) if console::output::broken_pipe() => 0,
        Some(Stop::Uncaught(uncaught)) => {
            reporter.report(&uncaught);
            FAILURE
        }
        Some(Stop::Signal(signal)) => {
            console::output::flush();
            host.event_loop.shut_down(host.settings.exit_timeout);
            return 128 + signal;
        }
        Some(Stop::Replaced) => {
            host.event_loop.shut_down(host.settings.exit_timeout);
            return 0;
        }
    };
    let changed = process.emit_exit(engine, code);
    let code = match host.event_loop.take_stop() {
        Some(Stop::Uncaught(uncaught)) if !console::output::broken_pipe() => {
            reporter.report(&uncaught);
            FAILURE
        }
        Some(Stop::Exit(code)) => code,
        _ => changed,
    };
    if code == 0 {
        console::output::flush();
        host.event_loop.shut_down(host.settings.exit_timeout);
    }
    code
}

/// Turns uncaught errors into diagnostics.
#[derive(Clone)]
struct Reporter {
    language: Language,
    main: Rc<Source>,
}

impl Reporter {
    fn report(&self, uncaught: &Uncaught) {
        if console::output::broken_pipe() {
            // It is how the script was stopped, and that is no error.
            return;
        }
        let global = |source: &str, name: &str| self.language.value(source, name);
        let takes = |source: &str, name: &str| self.language.parameters_of(source, name);
        let module = |path: &str| self.language.functions_of_module(path);
        let home = |closure: &str| self.language.source_of_closure(closure);
        let objects = self.language.names(&self.main.name);
        let names = Names { objects, global: &global, module: &module, home: &home, takes: &takes };
        let sources = |name: &str| self.language.source(name);
        let mut diagnostic = explain_eval_error(&uncaught.error, &sources, &self.main, &names, &host_error);
        if let Some(callback) = &uncaught.callback {
            // The loop called it; the context says where it was registered.
            let from_loop = format!("called from the top level at {}", callback.origin());
            diagnostic.notes.retain(|note| *note != from_loop);
        }
        if !uncaught.context.is_empty() {
            diagnostic.notes.push(uncaught.context.clone());
        }
        api::report::print(&diagnostic);
    }
}

/// A host error's cause and help, for diagnostics only.
fn host_error(value: &Dynamic) -> Option<HostError> {
    if let Some(error) = value.read_lock::<ErrorValue>() {
        return Some(HostError {
            message: error.text_for_report(),
            notes: error.cause().into_iter().collect(),
            helps: error.help().into_iter().collect(),
            call: error.call(),
        });
    }
    value.read_lock::<Exceeded>().map(|exceeded| HostError {
        message: exceeded.message(),
        notes: Vec::new(),
        helps: vec![exceeded.help().into()],
        call: None,
    })
}

/// Lets other threads end the run.
struct Control(Rc<Host>, Arc<AtomicBool>);

impl EventSource for Control {
    fn deliver(&self, _engine: &Engine, _payload: Payload) {
        if self.1.load(Ordering::Relaxed) {
            self.0.event_loop.stop(Stop::Replaced);
        }
    }

    fn put_aside(&self, engine: &Engine, payload: Payload) -> Option<Payload> {
        self.deliver(engine, payload);
        None
    }

    fn keeps_alive(&self) -> bool {
        false
    }
}

fn waker(host: &Rc<Host>, source: SourceId) -> Waker {
    let sender = host.event_loop.sender();
    Box::new(move || {
        // A loop that has ended needs no waking.
        let _ = sender.send(Incoming { source, payload: Payload::Wake });
    })
}
