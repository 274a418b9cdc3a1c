//! The deepest that a script may go must fit the stack of its thread.

use crate::support::script::Script;

fn nested(count: usize, inner: &str) -> String {
    format!("{}{inner}{}", "id(".repeat(count), ")".repeat(count))
}

#[track_caller]
fn ends_with_too_many_calls(text: &str) {
    let outcome = Script::new(format!("fn id(x) {{ x }}\n{text}")).outcome();
    assert_eq!((outcome.code, outcome.signal), (Some(1), None), "{outcome}");
    assert!(outcome.stderr.starts_with("error: too many calls inside of each other\n"), "{outcome}");
}

#[test]
fn calls_nested_as_deep_as_may_be_in_every_call() {
    ends_with_too_many_calls(&format!("fn f() {{ {} }}\nf();", nested(126, "f()")));
    let outcome = Script::new(format!("fn id(x) {{ x }} console.log({});", nested(300, "1"))).outcome();
    assert_eq!(outcome.code, Some(1), "{outcome}");
    assert!(outcome.stderr.contains("help: store parts of it in variables first"), "{outcome}");
}

#[test]
fn listeners_that_emit_their_own_event() {
    ends_with_too_many_calls(&format!(
        "let c = mqtt.connect(#{{host: \"127.0.0.1\", manualConnect: true}});
         c.on(\"x\", || {{ {} }});\nc.emit(\"x\");",
        nested(100, "c.emit(\"x\")")
    ));
}

#[test]
fn closures_in_variables() {
    ends_with_too_many_calls(&format!("let f = || {{ {} }};\nset_timeout(f);", nested(100, "f()")));
}
