//! Mistakes and the whole report that each of them gets.

mod javascript_blocks;
mod javascript_statements;
mod javascript_words;
mod render;
mod running_errors;
mod running_names;
mod running_values;
mod syntax;

use mqttscript::diagnostics::runtime_error::{HostError, Vocabulary, explain_eval_error};
use mqttscript::diagnostics::syntax::explain_parse_error;
use mqttscript::diagnostics::{Diagnostic, Source, render::render};
use rhai::module_resolvers::StaticModuleResolver;
use rhai::{Dynamic, Engine, EvalAltResult, FnPtr, Module, OptimizationLevel, Position, Scope};
use std::rc::Rc;

/// A module that divides by zero one call deep.
const MODULE: &str = "fn half(x) {\n  divide(x, 0)\n}\nfn divide(a, b) { a / b }\n";

/// A host type, as the client is one.
#[derive(Clone)]
struct Client;

/// What a host function throws.
#[derive(Clone)]
struct TopicError(String);

/// A few names of the API.
struct Names;

impl Vocabulary for Names {
    fn members_of(&self, type_name: &str) -> Vec<&str> {
        match type_name {
            "Client" => vec!["publish", "subscribe", "unsubscribe", "connected", "end", "on"],
            "mqtt" => vec!["connect"],
            _ => vec![],
        }
    }

    fn functions(&self) -> Vec<&str> {
        vec!["set_timeout", "set_interval", "setTimeout", "require"]
    }

    fn parameters_of(&self, object: &str, name: &str) -> Option<String> {
        let parameters = match (object, name) {
            ("", "set_timeout" | "setTimeout") => "callback, delay",
            ("Client", "subscribe") => "topic[, options][, callback]",
            ("Client", "publish") => "topic, payload[, options][, callback]",
            ("Client", "end") => "[force][, options][, callback]",
            _ => return None,
        };
        Some(parameters.to_string())
    }

    fn objects(&self) -> Vec<&str> {
        vec!["console", "process", "mqtt"]
    }
}

fn engine() -> Engine {
    let mut engine = Engine::new();
    engine.set_optimization_level(OptimizationLevel::None).set_max_operations(100_000);
    engine.register_type_with_name::<Client>("Client").register_get("connected", |_: &mut Client| true);
    engine.register_fn("client", || Client);
    engine.register_fn("subscribe", |_: &mut Client, topic: &str| -> Result<(), Box<EvalAltResult>> {
        Err(EvalAltResult::ErrorRuntime(Dynamic::from(TopicError(topic.to_string())), Position::NONE).into())
    });
    engine.register_fn("publish", |_: &mut Client, _topic: &str, _payload: &str| ());
    engine.register_fn("set_timeout", |_callback: FnPtr, _delay: i64| ());
    engine.register_fn("setTimeout", |_callback: FnPtr, _delay: i64| ());
    let mut ast = engine.compile(MODULE).expect("the module compiles");
    ast.set_source("lib/half.rhai");
    let module = Module::eval_ast_as_new(Scope::new(), &ast, &engine).expect("the module runs");
    let mut resolver = StaticModuleResolver::new();
    resolver.insert("half", module);
    engine.set_module_resolver(resolver);
    engine
}

/// The diagnostic a script gets, whether it compiles or not.
fn diagnose(script: &str) -> Diagnostic {
    let engine = engine();
    let main = Rc::new(Source { name: "hello.rhai".to_string(), text: script.to_string() });
    let mut ast = match engine.compile(script.strip_prefix('\u{feff}').unwrap_or(script)) {
        Ok(ast) => ast,
        Err(error) => return explain_parse_error(&error, &main),
    };
    ast.set_source("hello.rhai");
    let error = engine.run_ast(&ast).expect_err("the script fails");
    let module = Rc::new(Source { name: "lib/half.rhai".to_string(), text: MODULE.to_string() });
    let sources = |name: &str| (name == "lib/half.rhai").then(|| Rc::clone(&module));
    let host = |value: &Dynamic| {
        let TopicError(topic) = value.clone().try_cast::<TopicError>()?;
        Some(HostError {
            message: format!("`{topic}` is not a topic filter: `#` may only be the last level"),
            notes: vec!["nothing was sent".to_string()],
            helps: vec!["`sensors/#` matches everything below `sensors`".to_string()],
            call: None,
        })
    };
    explain_eval_error(&error, &sources, &main, &Names, &host)
}

/// Compares the whole report; `expected` starts with a line feed for the sake of reading.
#[track_caller]
fn reports(script: &str, expected: &str) {
    let report = render(&diagnose(script), false);
    assert_eq!(report, expected.strip_prefix('\n').unwrap_or(expected), "\n{report}");
}
