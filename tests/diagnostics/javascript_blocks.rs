//! Maps, blocks and statements written as in JavaScript.

use crate::reports;

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
