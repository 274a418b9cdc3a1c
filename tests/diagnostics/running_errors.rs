//! What scripts and the host throw, and where it came from.

use crate::reports;

#[test]
fn thrown_text() {
    reports(
        r#"fn check(x) {
  if x > 1 { throw "too many"; }
}
check(2);"#,
        r#"
error: too many
 --> hello.rhai:2:14
  |
2 |   if x > 1 { throw "too many"; }
  |              ^^^^^
note: called from the top level at hello.rhai:4:1
"#,
    );
}

#[test]
fn thrown_map() {
    reports(
        r#"throw #{ message: "no answer", code: 5 };"#,
        r#"
error: no answer
 --> hello.rhai:1:1
  |
1 | throw #{ message: "no answer", code: 5 };
  | ^^^^^
note: thrown with code: 5
"#,
    );
}

#[test]
fn thrown_nothing() {
    reports(
        r#"throw;"#,
        r#"
error: `throw` without a value
 --> hello.rhai:1:1
  |
1 | throw;
  | ^^^^^
help: throw a text that says why: `throw "no answer"`
"#,
    );
}

#[test]
fn host_error() {
    reports(
        r#"let client = client();
client.subscribe("sensors/#/temp");"#,
        r#"
error: `sensors/#/temp` is not a topic filter: `#` may only be the last level
 --> hello.rhai:2:8
  |
2 | client.subscribe("sensors/#/temp");
  |        ^^^^^^^^^
note: nothing was sent
help: `sensors/#` matches everything below `sensors`
"#,
    );
}

#[test]
fn call_chain() {
    reports(
        r#"fn publish(topic) {
  send(topic);
}
fn send(topic) { topic.size(1) }
let f = || publish("a");
f.call();"#,
        r#"
error: `topic` is text and has no method `size`
 --> hello.rhai:4:24
  |
4 | fn send(topic) { topic.size(1) }
  |                        ^^^^
note: called from `publish` at hello.rhai:2:3
note: called from a closure at hello.rhai:5:12
note: called from the top level at hello.rhai:6:3
help: did you mean `len`?
"#,
    );
}

#[test]
fn error_in_a_module() {
    reports(
        r#"import "half" as half;
half::half(4);"#,
        r#"
error: division by zero: `4 / 0`
 --> lib/half.rhai:4:21
  |
4 | fn divide(a, b) { a / b }
  |                     ^
note: called from `half` at lib/half.rhai:2:3
note: called from the top level at hello.rhai:2:7
help: check it first: `if b != 0 { ... }`
"#,
    );
}

#[test]
fn missing_module() {
    reports(
        r#"import "nowhere" as n;"#,
        r#"
error: there is no module `nowhere`
 --> hello.rhai:1:8
  |
1 | import "nowhere" as n;
  |        ^^^^^^^^^
"#,
    );
}

#[test]
fn module_syntax_for_an_object() {
    reports(
        r#"mqtt::connect("a");"#,
        r#"
error: `mqtt` is not an imported module
 --> hello.rhai:1:1
  |
1 | mqtt::connect("a");
  | ^^^^
help: write `mqtt.connect`
"#,
    );
}
