//! Words and operators of JavaScript that were left in.

use crate::reports;

#[test]
fn var() {
    reports(
        r#"var x = 1;"#,
        r#"
error: variables are declared with `let`, not `var`
 --> hello.rhai:1:1
  |
1 | var x = 1;
  | ^^^
help: write `let x`
"#,
    );
}

#[test]
fn closure_with_function() {
    reports(
        r#"client.on("message", function(topic, payload) {
    print(topic);
});"#,
        r#"
error: closures are written `|a, b| { ... }`, not `function(a, b) { ... }`
 --> hello.rhai:1:22
  |
1 | client.on("message", function(topic, payload) {
  |                      ^^^^^^^^
help: write `|topic, payload| { ... }`
"#,
    );
}

#[test]
fn named_function() {
    reports(
        r#"let a = 1;
function publish(topic, msg) { print(topic); }"#,
        r#"
error: functions are declared with `fn`, not `function`
 --> hello.rhai:2:1
  |
2 | function publish(topic, msg) { print(topic); }
  | ^^^^^^^^
help: write `fn publish(topic, msg) { ... }`
"#,
    );
}

#[test]
fn named_function_in_a_block() {
    reports(
        r#"if true {
  function inner(a) { a }
}"#,
        r#"
error: functions are declared with `fn`, not `function`
 --> hello.rhai:2:3
  |
2 |   function inner(a) { a }
  |   ^^^^^^^^
note: `fn` stands at the top level only; a closure can be made anywhere
help: write `let inner = |a| { ... };` and call it with `inner.call(...)`
"#,
    );
}

#[test]
fn strict_equality() {
    reports(
        r#"if count === 2 { print(1); }"#,
        r#"
error: values are compared with `==`, not `===`
 --> hello.rhai:1:10
  |
1 | if count === 2 { print(1); }
  |          ^^^
help: write `count == 2`
"#,
    );
}

#[test]
fn strict_inequality() {
    reports(
        r#"let x = a.b !== undefined;"#,
        r#"
error: values are compared with `!=`, not `!==`
 --> hello.rhai:1:13
  |
1 | let x = a.b !== undefined;
  |             ^^^
help: write `a.b != ()`
"#,
    );
}

#[test]
fn single_quotes() {
    reports(
        r#"let client = client();

client.on('message', |topic, payload| print(topic));"#,
        r#"
error: `'message'` is not a single character
 --> hello.rhai:3:11
  |
3 | client.on('message', |topic, payload| print(topic));
  |           ^^^^^^^^^
help: strings take double quotes: `"message"`
"#,
    );
}

#[test]
fn single_quotes_with_double_quotes_inside() {
    reports(
        r#"print('say "hi"');"#,
        r#"
error: `'say "hi"'` is not a single character
 --> hello.rhai:1:7
  |
1 | print('say "hi"');
  |       ^^^^^^^^^^
help: strings take double quotes: `"say \"hi\""`
"#,
    );
}

#[test]
fn increment() {
    reports(
        r#"let i = 0;
i++;"#,
        r#"
error: a variable is counted with `+= 1`, not `++`
 --> hello.rhai:2:2
  |
2 | i++;
  |  ^^
help: write `i += 1`, as a statement of its own
"#,
    );
}

#[test]
fn decrement_before() {
    reports(
        r#"let i = 0;
--i;"#,
        r#"
error: a variable is counted with `-= 1`, not `--`
 --> hello.rhai:2:1
  |
2 | --i;
  | ^^
help: write `i -= 1`, as a statement of its own
"#,
    );
}

#[test]
fn ternary() {
    reports(
        r#"let a = count > 2 ? "many" : "few";"#,
        r#"
error: a choice is written with `if` and `else`, not `?` and `:`
 --> hello.rhai:1:19
  |
1 | let a = count > 2 ? "many" : "few";
  |                   ^
help: write `if count > 2 { "many" } else { "few" }`
"#,
    );
}

#[test]
fn arrow() {
    reports(
        r#"set_timeout(() => { print(1); }, 500);"#,
        r#"
error: closures are written `|a, b| ...`, not `(a, b) => ...`
 --> hello.rhai:1:13
  |
1 | set_timeout(() => { print(1); }, 500);
  |             ^^^^^
help: write `|| { ... }`
"#,
    );
}

#[test]
fn arrow_with_parameters() {
    reports(
        r#"client.on("message", (topic, payload) => print(topic));"#,
        r#"
error: closures are written `|a, b| ...`, not `(a, b) => ...`
 --> hello.rhai:1:22
  |
1 | client.on("message", (topic, payload) => print(topic));
  |                      ^^^^^^^^^^^^^^^^^^^
help: write `|topic, payload| print(topic)`
"#,
    );
}

#[test]
fn arrow_with_one_parameter() {
    reports(
        r#"let f = x => x + 1;"#,
        r#"
error: closures are written `|a, b| ...`, not `(a, b) => ...`
 --> hello.rhai:1:9
  |
1 | let f = x => x + 1;
  |         ^^^^
help: write `|x| x + 1`
"#,
    );
}

#[test]
fn arrow_after_bars() {
    reports(
        r#"client.on("x", |a, b| => { 1 });"#,
        r#"
error: the body of a closure follows its parameters, without `=>`
 --> hello.rhai:1:23
  |
1 | client.on("x", |a, b| => { 1 });
  |                       ^^
help: write `|a, b| { ... }`
"#,
    );
}

#[test]
fn new() {
    reports(
        r#"let store = new Store(5);"#,
        r#"
error: objects are made without `new`
 --> hello.rhai:1:13
  |
1 | let store = new Store(5);
  |             ^^^
help: write `Store(5)`
"#,
    );
}

#[test]
fn new_error() {
    reports(
        r#"throw new Error("no answer");"#,
        r#"
error: objects are made without `new`
 --> hello.rhai:1:7
  |
1 | throw new Error("no answer");
  |       ^^^
help: write `throw Error("no answer")`
"#,
    );
}
