//! Words and operators of JavaScript that Rhai has not.

use crate::reports;

#[test]
fn var_for_let() {
    reports(
        r#"var count = 0;"#,
        r#"
error: variables are declared with `let`, not `var`
 --> main.rhai:1:1
  |
1 | var count = 0;
  | ^^^
help: write `let count`
"#,
    );
}

#[test]
fn escaped_backtick() {
    reports(
        r#"let name = "x"; console.log(`no function \`${name}\``);"#,
        r#"
error: a backtick ends the text, also after `\`
 --> main.rhai:1:29
  |
1 | let name = "x"; console.log(`no function \`${name}\``);
  |                             ^^^^^^^^^^^^^^^
help: write two backticks in a row for one in the text
"#,
    );
    reports(
        r#"console.log(`a \`b\` c`);"#,
        r#"
error: a backtick ends the text, also after `\`
 --> main.rhai:1:13
  |
1 | console.log(`a \`b\` c`);
  |             ^^^^^
help: write two backticks in a row for one in the text
"#,
    );
}

#[test]
fn function_for_fn() {
    reports(
        r#"function publish(topic) { print(topic); }"#,
        r#"
error: functions are declared with `fn`, not `function`
 --> main.rhai:1:1
  |
1 | function publish(topic) { print(topic); }
  | ^^^^^^^^
help: write `fn publish(topic) { ... }`
"#,
    );
}

#[test]
fn function_as_an_argument() {
    reports(
        r#"set_timeout(function() { print("tick"); }, 100);"#,
        r#"
error: closures are written `|a, b| { ... }`, not `function(a, b) { ... }`
 --> main.rhai:1:13
  |
1 | set_timeout(function() { print("tick"); }, 100);
  |             ^^^^^^^^
help: write `|| { ... }`
"#,
    );
}

#[test]
fn arrow_function() {
    reports(
        r#"let client = mqtt.connect("mqtt://localhost");
client.on("message", (topic, message) => {
    console.log(topic);
});"#,
        r#"
error: closures are written `|a, b| ...`, not `(a, b) => ...`
 --> main.rhai:2:22
  |
2 | client.on("message", (topic, message) => {
  |                      ^^^^^^^^^^^^^^^^^^^
help: write `|topic, message| { ... }`
"#,
    );
}

#[test]
fn single_quotes() {
    reports(
        r#"let client = mqtt.connect("mqtt://localhost");

client.on('message', |topic, payload| print(topic));"#,
        r#"
error: `'message'` is not a single character
 --> main.rhai:3:11
  |
3 | client.on('message', |topic, payload| print(topic));
  |           ^^^^^^^^^
help: strings take double quotes: `"message"`
"#,
    );
}

#[test]
fn single_quotes_around_one_letter() {
    reports(
        r#"let topics = #{ 'a': 1 };"#,
        r#"
error: the name of an entry stands in double quotes, or in none
 --> main.rhai:1:17
  |
1 | let topics = #{ 'a': 1 };
  |                 ^^^
help: write `"a"`
"#,
    );
}

#[test]
fn three_equals_signs() {
    reports(
        r#"let client = mqtt.connect("mqtt://localhost");
if (client.connected === true) { print("connected"); }"#,
        r#"
error: values are compared with `==`, not `===`
 --> main.rhai:2:22
  |
2 | if (client.connected === true) { print("connected"); }
  |                      ^^^
help: write `client.connected == true`
"#,
    );
}

#[test]
fn not_null() {
    reports(
        r#"let error = ();
if (error !== null) { print(error); }"#,
        r#"
error: values are compared with `!=`, not `!==`
 --> main.rhai:2:11
  |
2 | if (error !== null) { print(error); }
  |           ^^^
help: write `error != ()`
"#,
    );
}

#[test]
fn counting_up() {
    reports(
        r#"let count = 0;
count++;"#,
        r#"
error: a variable is counted with `+= 1`, not `++`
 --> main.rhai:2:6
  |
2 | count++;
  |      ^^
help: write `count += 1`, as a statement of its own
"#,
    );
}

#[test]
fn conditional_operator() {
    reports(
        r#"let count = 1;
let text = count == 1 ? "one" : "more";"#,
        r#"
error: a choice is written with `if` and `else`, not `?` and `:`
 --> main.rhai:2:23
  |
2 | let text = count == 1 ? "one" : "more";
  |                       ^
help: write `if count == 1 { "one" } else { "more" }`
"#,
    );
}

#[test]
fn new_object() {
    reports(
        r#"let now = new Date().toISOString();"#,
        r#"
error: objects are made without `new`
 --> main.rhai:1:11
  |
1 | let now = new Date().toISOString();
  |           ^^^
help: write `Date().toISOString()`
"#,
    );
}

#[test]
fn new_error() {
    reports(
        r#"throw new Error("no answer");"#,
        r#"
error: objects are made without `new`
 --> main.rhai:1:7
  |
1 | throw new Error("no answer");
  |       ^^^
help: write `throw Error("no answer")`
"#,
    );
}

#[test]
fn map_without_a_hash() {
    reports(
        r#"let client = mqtt.connect("mqtt://localhost", { clientId: "mqttjs01", clean: true });"#,
        r#"
error: a map starts with `#{`, not `{`
 --> main.rhai:1:47
  |
1 | let client = mqtt.connect("mqtt://localhost", { clientId: "mqttjs01", clean: true });
  |                                               ^
help: write `#{ clientId: "mqttjs01", clean: true }`
"#,
    );
}

#[test]
fn body_without_braces() {
    reports(
        r#"let connected = true;
if (connected) console.log("connected");"#,
        r#"
error: the body of `if` stands in braces
 --> main.rhai:2:16
  |
2 | if (connected) console.log("connected");
  |                ^^^^^^^^^^^^^^^^^^^^^^^^^
help: write `if connected { console.log("connected"); }`
"#,
    );
}

#[test]
fn for_with_three_parts() {
    reports(
        r#"for (let i = 0; i < 10; i++) { console.log(i); }"#,
        r#"
error: `for` takes a variable and a range, not three parts
 --> main.rhai:1:5
  |
1 | for (let i = 0; i < 10; i++) { console.log(i); }
  |     ^^^^^^^^^^^^^^^^^^^^^^^^
help: write `for i in 0..10 { ... }`
"#,
    );
}

#[test]
fn for_over_a_number() {
    reports(
        r#"for i in 5 { print(i); }"#,
        r#"
error: `for` runs over an array, a range, text or the keys of a map
 --> main.rhai:1:10
  |
1 | for i in 5 { print(i); }
  |          ^
help: write `for i in 0..5 { ... }`
"#,
    );
}

#[test]
fn for_of() {
    reports(
        r#"for (const topic of ["a", "b"]) { console.log(topic); }"#,
        r#"
error: a loop over a list is written with `in`, not `of`
 --> main.rhai:1:18
  |
1 | for (const topic of ["a", "b"]) { console.log(topic); }
  |                  ^^
help: write `for topic in ["a", "b"] { ... }`
"#,
    );
}

#[test]
fn async_function() {
    reports(
        r#"async fn start(url) { }"#,
        r#"
error: functions are written without `async`
 --> main.rhai:1:1
  |
1 | async fn start(url) { }
  | ^^^^^
help: write `fn start(url) { ... }`
"#,
    );
}

#[test]
fn async_arrow_function() {
    reports(
        r#"set_timeout(async (x) => { print(x); }, 1);"#,
        r#"
error: functions are written without `async`
 --> main.rhai:1:13
  |
1 | set_timeout(async (x) => { print(x); }, 1);
  |             ^^^^^
help: write `|x| { ... }`
"#,
    );
}

#[test]
fn awaited_call() {
    reports(
        r#"let client = await mqtt.connectAsync("mqtt://localhost");"#,
        r#"
error: calls that wait are written without `await`
 --> main.rhai:1:14
  |
1 | let client = await mqtt.connectAsync("mqtt://localhost");
  |              ^^^^^
help: write `mqtt.connectAsync("mqtt://localhost")`
"#,
    );
}

#[test]
fn then() {
    reports(
        r#"let count = 5;
count.then(|| print("done"));"#,
        r#"
error: `count` is an integer and has no method `then`
 --> main.rhai:2:7
  |
2 | count.then(|| print("done"));
  |       ^^^^
note: there are no promises: calls that end in `Async` wait, and return the outcome or throw
help: use the value itself: `let result = client.publishAsync(topic, payload);`
"#,
    );
}

#[test]
fn typeof_as_a_call_that_compiles() {
    reports(
        r#"let count = 1;
if typeof(count) == "number" { print("x"); }"#,
        r#"
error: the type of a value is `type_of(x)`, not `typeof(x)`
 --> main.rhai:2:4
  |
2 | if typeof(count) == "number" { print("x"); }
  |    ^^^^^^
note: numbers are integers, `"i64"`, or floats, `"f64"`
help: write `type_of(count) == "i64"`
"#,
    );
}

#[test]
fn typeof_as_a_call() {
    reports(
        r#"let count = 5;
if typeof(count) === "number" { print("x"); }"#,
        r#"
error: the type of a value is `type_of(x)`, not `typeof x`
 --> main.rhai:2:4
  |
2 | if typeof(count) === "number" { print("x"); }
  |    ^^^^^^
note: numbers are integers, `"i64"`, or floats, `"f64"`
help: write `type_of(count) == "i64"`
"#,
    );
}

#[test]
fn switch_with_cases() {
    reports(
        r#"let qos = 1;
switch (qos) { case 1: print("one"); break; default: print("other"); }"#,
        r#"
error: a case of `switch` is written `value => ...`, not `case value: ...`
 --> main.rhai:2:16
  |
2 | switch (qos) { case 1: print("one"); break; default: print("other"); }
  |                ^^^^
help: write `1 => { ... },` without `break`, and `_ => { ... }` for `default`
"#,
    );
}

#[test]
fn destructuring() {
    reports(
        r#"const { connect } = require("mqtt");"#,
        r#"
error: `const` declares one variable
 --> main.rhai:1:7
  |
1 | const { connect } = require("mqtt");
  |       ^^^^^^^^^^^
help: write `let value = require("mqtt"); const connect = value.connect;` and so on
"#,
    );
}

#[test]
fn import_from() {
    reports(
        r#"import mqtt from "mqtt";"#,
        r#"
error: modules are imported with `import "mqtt" as ...`
 --> main.rhai:1:1
  |
1 | import mqtt from "mqtt";
  | ^^^^^^^^^^^^^^^^^^^^^^^
help: write `let mqtt = require("mqtt");`
"#,
    );
}

#[test]
fn default_with_or() {
    reports(
        r#"let options = ();
let chosen = options || "none";"#,
        r#"
error: `||` takes `true` or `false` on both sides
 --> main.rhai:2:22
  |
2 | let chosen = options || "none";
  |                      ^^
help: for a value that may be missing write `options ?? "none"`
"#,
    );
}

#[test]
fn closure_called_where_it_has_no_name() {
    reports(
        r#"let handlers = [|n| print(n)];
handlers[0](7);"#,
        r#"
error: a closure that has no name takes `.call`
 --> main.rhai:2:12
  |
2 | handlers[0](7);
  |            ^
help: write `handlers[0].call(7)`
"#,
    );
}

#[test]
fn method_passed_without_a_closure() {
    reports(
        r#"setTimeout(console.log, 1, "tick");"#,
        r#"
error: `log` of `console` is a function
 --> main.rhai:1:20
  |
1 | setTimeout(console.log, 1, "tick");
  |                    ^^^
help: call it: `console.log(values)`
help: or pass it on in a closure: `|values| console.log(values)`
"#,
    );
}
