//! JavaScript that was left in.

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

#[test]
fn map_without_hash() {
    reports(
        r#"let options = {retain: true, qos: 1};"#,
        r#"
error: a map starts with `#{`, not `{`
 --> hello.rhai:1:15
  |
1 | let options = {retain: true, qos: 1};
  |               ^
help: write `#{retain: true, qos: 1}`
"#,
    );
}

#[test]
fn map_without_hash_as_argument() {
    reports(
        r#"client.publish("a", "b", {qos: 1, properties: {contentType: "text"}});"#,
        r#"
error: a map starts with `#{`, not `{`
 --> hello.rhai:1:26
  |
1 | client.publish("a", "b", {qos: 1, properties: {contentType: "text"}});
  |                          ^
help: write `#{qos: 1, properties: #{contentType: "text"}}`
"#,
    );
}

#[test]
fn map_without_hash_over_lines() {
    reports(
        r#"let options = {
    clientId: "mqttjs01",
    clean: true
};"#,
        r#"
error: a map starts with `#{`, not `{`
 --> hello.rhai:1:15
  |
1 | let options = {
  |               ^
help: write `#{ clientId: ...`
"#,
    );
}

#[test]
fn map_without_hash_inside_of_a_map() {
    reports(
        r#"let o = #{ will: {topic: "bye", payload: "x"} };"#,
        r#"
error: a map starts with `#{`, not `{`
 --> hello.rhai:1:18
  |
1 | let o = #{ will: {topic: "bye", payload: "x"} };
  |                  ^
help: write `#{topic: "bye", payload: "x"}`
"#,
    );
}

#[test]
fn if_without_braces() {
    reports(
        r#"if (count == 2) print(count);"#,
        r#"
error: the body of `if` stands in braces
 --> hello.rhai:1:17
  |
1 | if (count == 2) print(count);
  |                 ^^^^^^^^^^^^^
help: write `if count == 2 { print(count); }`
"#,
    );
}

#[test]
fn if_error_without_braces() {
    reports(
        r#"fn f(err) {
  if (err) throw err;
}"#,
        r#"
error: the body of `if` stands in braces
 --> hello.rhai:2:12
  |
2 |   if (err) throw err;
  |            ^^^^^^^^^^
help: write `if err != () { throw err; }`
"#,
    );
}

#[test]
fn else_without_braces() {
    reports(
        r#"if a { b(); } else c();"#,
        r#"
error: the body of `else` stands in braces
 --> hello.rhai:1:20
  |
1 | if a { b(); } else c();
  |                    ^^^^
help: write `else { c(); }`
"#,
    );
}

#[test]
fn missing_semicolon() {
    reports(
        r#"let a = 1
let b = 2;"#,
        r#"
error: `;` is missing after this statement
 --> hello.rhai:1:10
  |
1 | let a = 1
  |          ^
help: write `let a = 1;`
"#,
    );
}

#[test]
fn missing_semicolon_after_a_call() {
    reports(
        r#"client.on("connect", || {
  print(1);
})
print(2);"#,
        r#"
error: `;` is missing after this statement
 --> hello.rhai:3:3
  |
3 | })
  |   ^
help: write `});`
"#,
    );
}

#[test]
fn await_() {
    reports(
        r#"let packet = await client.publishAsync("a", "b");"#,
        r#"
error: calls that wait are written without `await`
 --> hello.rhai:1:14
  |
1 | let packet = await client.publishAsync("a", "b");
  |              ^^^^^
help: write `client.publishAsync("a", "b")`
"#,
    );
}

#[test]
fn async_function() {
    reports(
        r#"async function main() { }"#,
        r#"
error: functions are written without `async`
 --> hello.rhai:1:1
  |
1 | async function main() { }
  | ^^^^^
help: write `fn main() { ... }`
"#,
    );
}

#[test]
fn undefined() {
    reports(
        r#"let x = undefined;"#,
        r#"
error: a missing value is written `()`, not `undefined`
 --> hello.rhai:1:9
  |
1 | let x = undefined;
  |         ^^^^^^^^^
help: write `()`
"#,
    );
}

#[test]
fn type_of() {
    reports(
        r#"if typeof x === "undefined" { }"#,
        r#"
error: the type of a value is `type_of(x)`, not `typeof x`
 --> hello.rhai:1:4
  |
1 | if typeof x === "undefined" { }
  |    ^^^^^^
help: write `x == ()`
"#,
    );
}

#[test]
fn regular_expression() {
    reports(
        r#"let r = /abc/;"#,
        r#"
error: there are no regular expressions between slashes
 --> hello.rhai:1:9
  |
1 | let r = /abc/;
  |         ^
help: use the functions of text: `text.contains("abc")`, `split`, `index_of`, `replace`
"#,
    );
}

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
