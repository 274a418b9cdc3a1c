//! Loops, modules, classes and the like of JavaScript.

use crate::reports;

#[test]
fn for_with_three_parts() {
    reports(
        r#"for (let i = 0; i < list.len(); i++) { print(i); }"#,
        r#"
error: `for` takes a variable and a range, not three parts
 --> hello.rhai:1:5
  |
1 | for (let i = 0; i < list.len(); i++) { print(i); }
  |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
help: write `for i in 0..list.len() { ... }`
"#,
    );
}

#[test]
fn for_downwards() {
    reports(
        r#"for (var i = 10; i >= 0; i--) { print(i); }"#,
        r#"
error: `for` takes a variable and a range, not three parts
 --> hello.rhai:1:5
  |
1 | for (var i = 10; i >= 0; i--) { print(i); }
  |     ^^^^^^^^^^^^^^^^^^^^^^^^^
help: write `for i in range(10, -1, -1) { ... }`
"#,
    );
}

#[test]
fn for_of() {
    reports(
        r#"for (const x of list) { print(x); }"#,
        r#"
error: a loop over a list is written with `in`, not `of`
 --> hello.rhai:1:14
  |
1 | for (const x of list) { print(x); }
  |              ^^
help: write `for x in list { ... }`
"#,
    );
}

#[test]
fn for_in_parentheses() {
    reports(
        r#"for (x in list) { print(x); }"#,
        r#"
error: `for` takes no parentheses
 --> hello.rhai:1:5
  |
1 | for (x in list) { print(x); }
  |     ^^^^^^^^^^^
help: write `for x in list { ... }`
help: for the keys of a map: `for x in list.keys() { ... }`
"#,
    );
}

#[test]
fn switch_case() {
    reports(
        r#"switch (x) {
  case "a": print(1); break;
  default: print(2);
}"#,
        r#"
error: a case of `switch` is written `value => ...`, not `case value: ...`
 --> hello.rhai:2:3
  |
2 |   case "a": print(1); break;
  |   ^^^^
help: write `"a" => { ... },` without `break`, and `_ => { ... }` for `default`
"#,
    );
}

#[test]
fn import_of_a_host_module() {
    reports(
        r#"import mqtt from "mqtt";"#,
        r#"
error: modules are imported with `import "mqtt" as ...`
 --> hello.rhai:1:1
  |
1 | import mqtt from "mqtt";
  | ^^^^^^^^^^^^^^^^^^^^^^^
help: write `let mqtt = require("mqtt");`
"#,
    );
}

#[test]
fn import_of_a_module() {
    reports(
        r#"import { parse } from "./lib/parse.js";"#,
        r#"
error: modules are imported with `import "./lib/parse.js" as ...`
 --> hello.rhai:1:1
  |
1 | import { parse } from "./lib/parse.js";
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
note: its functions are `parse::parse(...)`
help: write `import "./lib/parse.js" as parse;`
"#,
    );
}

#[test]
fn logical_assignment() {
    reports(
        r#"options.qos ||= 1;"#,
        r#"
error: there is no `||=`
 --> hello.rhai:1:13
  |
1 | options.qos ||= 1;
  |             ^^^
help: write `options.qos = options.qos ?? 1`
"#,
    );
}

#[test]
fn class() {
    reports(
        r#"class Sensor { }"#,
        r#"
error: there are no classes
 --> hello.rhai:1:1
  |
1 | class Sensor { }
  | ^^^^^
help: write a function that returns a map: `fn Sensor() { #{ ... } }`
"#,
    );
}

#[test]
fn several_variables() {
    reports(
        r#"let a = 1, b = 2;"#,
        r#"
error: `let` declares one variable
 --> hello.rhai:1:10
  |
1 | let a = 1, b = 2;
  |          ^
help: write `let a = 1; let b = 2;`
"#,
    );
}

#[test]
fn destructuring() {
    reports(
        r#"let {a, b} = f();"#,
        r#"
error: `let` declares one variable
 --> hello.rhai:1:5
  |
1 | let {a, b} = f();
  |     ^^^^^^
help: write `let value = f(); let a = value.a;` and so on
"#,
    );
}

#[test]
fn spread() {
    reports(
        r#"let all = [...list, 1];"#,
        r#"
error: there is no spread operator `...`
 --> hello.rhai:1:12
  |
1 | let all = [...list, 1];
  |            ^^^
help: join arrays with `+`: `[1, 2] + list`
"#,
    );
}

#[test]
fn delete() {
    reports(
        r#"delete options.will;"#,
        r#"
error: an entry of a map is removed with `remove`, not `delete`
 --> hello.rhai:1:1
  |
1 | delete options.will;
  | ^^^^^^
help: write `options.remove("will")`
"#,
    );
}

#[test]
fn or_with_a_default() {
    reports(
        r#"let port = options.port || 1883;"#,
        r#"
error: `||` takes `true` or `false` on both sides
 --> hello.rhai:1:25
  |
1 | let port = options.port || 1883;
  |                         ^^
help: for a value that may be missing write `options.port ?? 1883`
"#,
    );
}

#[test]
fn first_of_several_leftovers() {
    reports(
        r#"let a = 1;
var b = 2;
let c = b === 2 ? 'x1' : 'y1';"#,
        r#"
error: variables are declared with `let`, not `var`
 --> hello.rhai:2:1
  |
2 | var b = 2;
  | ^^^
help: write `let b`
"#,
    );
}
