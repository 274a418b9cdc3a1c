//! What does not compile or is no condition, as other languages write it.

use crate::{goes_on, reports};

#[test]
fn condition_that_is_an_error() {
    reports(
        r#"fn check(err) {
  if err { console.log(err); }
}
check(Error("no answer"));"#,
        r#"
error: a condition must be `true` or `false` but got Error
 --> main.rhai:2:6
  |
2 |   if err { console.log(err); }
  |      ^^^
note: called from the top level at main.rhai:4:1
help: write `if err != () { ... }`
"#,
    );
}

#[test]
fn condition_that_is_a_global_number() {
    reports(
        r#"let count = 5;
while count { count -= 1; }"#,
        r#"
error: a condition must be `true` or `false` but got integer
 --> main.rhai:2:7
  |
2 | while count { count -= 1; }
  |       ^^^^^
help: write `while count != 0 { ... }`
"#,
    );
}

#[test]
fn call_without_parentheses() {
    reports(
        r#"console.log "started";"#,
        r#"
error: the arguments of a call stand in parentheses
 --> main.rhai:1:13
  |
1 | console.log "started";
  |             ^^^^^^^^^
help: write `console.log("started")`
"#,
    );
}

#[test]
fn else_if_of_another_language() {
    reports(
        r#"let qos = 1;
if (qos == 0) { print(0) } elif (qos == 1) { print(1) }"#,
        r#"
error: `else if` is not spelled `elif`
 --> main.rhai:2:28
  |
2 | if (qos == 0) { print(0) } elif (qos == 1) { print(1) }
  |                            ^^^^
help: write `else if`
"#,
    );
}

#[test]
fn comment_of_another_language() {
    reports(
        r#"# publishes once"#,
        r#"
error: comments start with `//`, not `#`
 --> main.rhai:1:1
  |
1 | # publishes once
  | ^
help: write `// ...`; a map starts with `#{`
"#,
    );
}

#[test]
fn missing_semicolon() {
    reports(
        r#"let topic = "sensors/1"
let qos = 1;"#,
        r#"
error: `;` is missing after this statement
 --> main.rhai:1:24
  |
1 | let topic = "sensors/1"
  |                        ^
help: write `let topic = "sensors/1";`
"#,
    );
}

#[test]
fn missing_equals_sign() {
    reports(
        r#"let count 5;"#,
        r#"
error: `=` is missing between the name and its value
 --> main.rhai:1:11
  |
1 | let count 5;
  |           ^
help: write `let count = 5`
"#,
    );
}

#[test]
fn parentheses_for_closure_bars() {
    reports(
        r#"set_timeout((a, b) print(a), 5);"#,
        r#"
error: parentheses hold one value
 --> main.rhai:1:13
  |
1 | set_timeout((a, b) print(a), 5);
  |             ^
help: for a list write `[a, b]`, for a closure `|a, b| ...`
"#,
    );
}

#[test]
fn closure_bar_left_out() {
    reports(
        r#"set_timeout(|a, b { print(a); }, 5);"#,
        r#"
error: the parameters of a closure end with `|`
 --> main.rhai:1:19
  |
1 | set_timeout(|a, b { print(a); }, 5);
  |                   ^
help: write `|` before `{`
"#,
    );
}

#[test]
fn undefined_is_a_value() {
    goes_on(
        r#"let missing = undefined;
console.log(missing == (), missing == null, !missing);"#,
        r#"true true true
"#,
        "",
    );
}
