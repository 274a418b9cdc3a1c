//! What holds for all values together.

use rhai::{Dynamic, Engine, Scope};

use super::entries::VALUE_TABLES;
use super::table::{Entry, Kind};
use super::{fs, register_values, value_objects};

/// An engine and a scope with everything of this layer, for the tests of its files.
pub(super) fn engine() -> (Engine, Scope<'static>) {
    let mut engine = Engine::new();
    engine.set_max_expr_depths(0, 0).set_max_call_levels(64);
    // What the runtime does for all words after a dot.
    #[allow(deprecated)]
    engine.on_parse_token(|token, _, _| match token {
        rhai::Token::Reserved(word) if &**word == "debug" => rhai::Token::Identifier(word),
        other => other,
    });
    register_values(&mut engine, &fs::Access::default());
    let mut scope = Scope::new();
    for (name, value) in value_objects() {
        scope.push_constant_dynamic(name, value);
    }
    (engine, scope)
}

/// What `console.log` shows of the value of a script, or the text of the error it throws.
pub(super) fn shown(script: &str) -> String {
    let (engine, mut scope) = engine();
    match engine.eval_with_scope::<Dynamic>(&mut scope, script) {
        Ok(value) => super::inspect::inspect_bare(&value),
        Err(error) => match error.unwrap_inner() {
            rhai::EvalAltResult::ErrorRuntime(value, _) => super::text::to_text(value).to_string(),
            error => error.to_string(),
        },
    }
}

/// What a script prints: (standard output, standard error).
pub(super) fn printed(script: &str) -> (String, String) {
    let (engine, mut scope) = engine();
    let (result, out, err) = super::console::output::capture(|| engine.eval_with_scope::<Dynamic>(&mut scope, script));
    assert!(result.is_ok(), "{result:?}");
    (out, err)
}

fn receiver(entry: &Entry) -> Option<&'static str> {
    Some(match entry.object {
        "string" => "\"text\"",
        "array" => "[1, 2]",
        "map" => "#{a: 1}",
        "number" => "5",
        "Error" => "Error(\"x\")",
        "console" | "JSON" | "Math" | "Number" | "String" | "Array" | "Object" | "performance" => entry.object,
        "Buffer" | "Date" if entry.of_class => entry.object,
        "Buffer" => "Buffer.from(\"12345678\")",
        "Date" => "Date(0)",
        _ => return None,
    })
}

#[test]
fn every_name_in_the_tables_exists_with_every_number_of_arguments() {
    let (engine, scope) = engine();
    for entry in VALUE_TABLES.iter().copied().flatten() {
        // `fs` has tests of its own; `split` is Rhai's and takes text only.
        if ["fs", "Stats"].contains(&entry.object) || (entry.object, entry.name) == ("string", "split") {
            continue;
        }
        let receiver = receiver(entry).map(|receiver| format!("{receiver}.")).unwrap_or_default();
        for count in entry.arity.0..=entry.arity.1.min(entry.arity.0 + 3) {
            let script = match entry.kind {
                Kind::Property => format!("{receiver}{}", entry.name),
                _ => format!("{receiver}{}({})", entry.name, vec!["1"; count].join(", ")),
            };
            let run = || engine.eval_with_scope::<Dynamic>(&mut scope.clone(), &script);
            let (result, ..) = super::console::output::capture(run);
            if let Err(error) = result {
                let text = error.to_string();
                assert!(!text.contains("not found") && !text.contains("not registered"), "{script}: {text}");
            }
        }
    }
}

#[test]
fn the_lines_of_the_tutorial_print_what_node_prints() {
    let script = r#"
        let message = Buffer.from("test message");
        console.log("message is " + message);
        console.log("connected flag  " + false);
        console.log("publishing", "test");
        console.log("Can't connect" + Error("connack timeout"));
        let t = 21.0;
        console.log(`temperature ${t}`, 21.0, [21.0, ()]);
        print("whole " + 4.0);
    "#;
    let (out, err) = printed(script);
    assert_eq!(
        out,
        "message is test message\nconnected flag  false\npublishing test\nCan't connectError: connack timeout\n\
         temperature 21 21 [ 21, undefined ]\nwhole 4\n"
    );
    assert_eq!(err, "");
}
