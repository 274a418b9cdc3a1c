//! An engine with the language extras, a recorded `print`, and `keep(f)`, which registers a callback.

use std::cell::RefCell;
use std::rc::Rc;

use mqttscript::api::fs::Access;
use mqttscript::diagnostics::{Diagnostic, Source};
use mqttscript::event_loop::callback::Callback;
use mqttscript::runtime::language::{HostObjects, Language};
use mqttscript::runtime::limits;
use mqttscript::runtime::modules::Modules;
use mqttscript::runtime::program::Program;
use rhai::{Dynamic, Engine, EvalAltResult, FnPtr, NativeCallContext};

/// A script host reduced to the language.
pub struct Host {
    pub engine: Engine,
    pub language: Language,
    pub printed: Rc<RefCell<Vec<String>>>,
    pub kept: Rc<RefCell<Vec<Rc<Callback>>>>,
}

/// A host object that holds text, to see that objects are shared and methods work on them.
#[derive(Clone, Default)]
pub struct Log(pub Rc<RefCell<Vec<String>>>);

impl Host {
    pub fn new() -> Self {
        let mut engine = Engine::new();
        limits::Limits::default().set(&mut engine);
        let printed = Rc::new(RefCell::new(Vec::new()));
        let record = printed.clone();
        engine.on_print(move |text| record.borrow_mut().push(text.to_string()));

        let kept: Rc<RefCell<Vec<Rc<Callback>>>> = Rc::default();
        let keep = kept.clone();
        engine.register_fn("keep", move |context: NativeCallContext, f: FnPtr| -> Result<(), Box<EvalAltResult>> {
            keep.borrow_mut().push(Rc::new(Callback::new(&context, f, usize::MAX, "callback")?));
            Ok(())
        });
        let keep = kept.clone();
        engine.register_fn("listen", move |context: NativeCallContext, f: FnPtr| -> Result<(), Box<EvalAltResult>> {
            let what = "listener for `message` (topic, payload, packet)";
            keep.borrow_mut().push(Rc::new(Callback::new(&context, f, 3, what)?));
            Ok(())
        });
        engine.register_type_with_name::<Log>("Log");
        engine.register_fn("add", |log: &mut Log, text: &str| log.0.borrow_mut().push(text.to_string()));
        engine.register_get("count", |log: &mut Log| log.0.borrow().len() as i64);
        engine.register_set("first", |log: &mut Log, text: &str| log.0.borrow_mut().insert(0, text.to_string()));
        engine.register_fn("new_log", Log::default);
        // Calls the closure while the receiver is borrowed, as a careless method would.
        engine.register_fn(
            "during",
            |context: NativeCallContext, _log: &mut Log, f: FnPtr| -> Result<Dynamic, Box<EvalAltResult>> {
                f.call_within_context(&context, ())
            },
        );
        engine.register_fn("fail", || -> Result<(), Box<EvalAltResult>> { Err("it failed".into()) });

        let objects = HostObjects::from([("host", Dynamic::from("the host")), ("log", Dynamic::from(Log::default()))]);
        let language = Language::install(&mut engine, objects);
        Self { engine, language, printed, kept }
    }

    /// With `import` relative to `directory`.
    pub fn importing(directory: &std::path::Path) -> (Self, Modules) {
        let mut host = Self::new();
        let modules = Modules::with_embedded(host.language.clone(), directory, Access::default(), embedded);
        host.engine.set_module_resolver(modules.clone());
        (host, modules)
    }

    pub fn compile(&self, text: &str) -> Result<Program, Diagnostic> {
        let source = Rc::new(Source { name: "main.rhai".into(), text: text.into() });
        Program::compile(&self.engine, &self.language, source)
    }

    pub fn run(&self, text: &str) -> Result<(), Box<EvalAltResult>> {
        self.compile(text).unwrap_or_else(|error| panic!("{error:?}")).run(&self.engine)
    }

    /// Calls the `index`th kept callback.
    pub fn call(&self, index: usize, mut arguments: Vec<Dynamic>) -> Result<Dynamic, Box<EvalAltResult>> {
        let callback = self.kept.borrow()[index].clone();
        callback.call(&self.engine, &mut arguments)
    }

    pub fn call_all(&self) {
        let kept = self.kept.borrow().clone();
        for callback in kept {
            let _ = callback.call(&self.engine, &mut []).unwrap_or_else(|error| panic!("{error}"));
        }
    }

    pub fn output(&self) -> String {
        self.printed.borrow().join(" ")
    }
}

fn embedded(name: &str) -> Option<&'static str> {
    (name == "greeting").then_some("let hello = \"hello\"; fn greet(name) { hello + \" \" + name }")
}

/// Runs `test` with the stack that scripts have: those of test threads are too small for the limits.
#[track_caller]
pub fn on_script_thread<T: Send>(test: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(limits::STACK_SIZE).spawn_scoped(scope, test);
        let result = thread.expect("a thread can be started").join();
        result.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// `text` behind a line of its own, from which on closures do not capture globals; what must come first stays there.
pub fn behind_a_line(text: &str) -> String {
    let line = if text.starts_with(['\u{feff}', '#']) { "" } else { "let first_line = ();\n" };
    format!("{line}{text}")
}

/// What `text` prints, its kept callbacks called in order after the top level; also [behind a line](behind_a_line).
#[track_caller]
pub fn prints(text: &str, expected: &str) {
    for text in [text.to_string(), behind_a_line(text)] {
        let output = on_script_thread(|| {
            let host = Host::new();
            host.run(&text).unwrap_or_else(|error| panic!("{error}"));
            host.call_all();
            host.output()
        });
        assert_eq!(output, expected, "in {text}");
    }
}

/// Message, line and column of the compile error of `text`; the same [behind a line](behind_a_line).
#[track_caller]
pub fn compile_error(text: &str) -> (String, usize, usize) {
    let error_of = |text: &str| {
        let Err(error) = Host::new().compile(text) else { panic!("compiles: {text}") };
        let span = error.labels.first().map(|label| (label.span.line, label.span.column)).unwrap_or_default();
        (error.message, span.0, span.1)
    };
    let (message, line, column) = error_of(text);
    let moved = behind_a_line(text);
    let added = moved.lines().count() - text.lines().count();
    assert_eq!(error_of(&moved), (message.clone(), line + added, column), "in {moved}");
    (message, line, column)
}

/// The error that running `text` ends with.
#[track_caller]
pub fn run_error(text: &str) -> Box<EvalAltResult> {
    let Err(error) = Host::new().run(text) else { panic!("runs: {text}") };
    error
}
