//! Names that do not exist, and calls that do not fit.

use crate::reports;

#[test]
fn misspelled_method() {
    reports(
        r#"let client = client();
client.subscibe("sensors/#");"#,
        r#"
error: `Client` has no method `subscibe`
 --> hello.rhai:2:8
  |
2 | client.subscibe("sensors/#");
  |        ^^^^^^^^
help: did you mean `subscribe`?
"#,
    );
}

#[test]
fn swapped_arguments() {
    reports(
        r#"


setTimeout(500, || print("tick"));"#,
        r#"
error: `setTimeout` takes (callback, delay) but got (integer, function)
 --> hello.rhai:4:1
  |
4 | setTimeout(500, || print("tick"));
  | ^^^^^^^^^^
help: swap them: `setTimeout(|| print("tick"), 500)`
"#,
    );
}

#[test]
fn swapped_arguments_of_a_method_stay() {
    reports(
        r#"let c = client();
c.subscribe(1, "a");"#,
        r#"
error: `subscribe` takes (topic[, options][, callback]) but got (integer, text)
 --> hello.rhai:2:3
  |
2 | c.subscribe(1, "a");
  |   ^^^^^^^^^
"#,
    );
}

#[test]
fn missing_argument() {
    reports(
        r#"set_timeout(|| 1);"#,
        r#"
error: `set_timeout` takes (callback, delay) but got (function)
 --> hello.rhai:1:1
  |
1 | set_timeout(|| 1);
  | ^^^^^^^^^^^
"#,
    );
}

#[test]
fn misspelled_function() {
    reports(
        r#"set_timout(|| 1, 5);"#,
        r#"
error: there is no function `set_timout`
 --> hello.rhai:1:1
  |
1 | set_timout(|| 1, 5);
  | ^^^^^^^^^^
help: did you mean `set_timeout`?
"#,
    );
}

#[test]
fn function_of_javascript() {
    reports(
        r#"parseInt("5");"#,
        r#"
error: there is no function `parseInt`
 --> hello.rhai:1:1
  |
1 | parseInt("5");
  | ^^^^^^^^
help: did you mean `parse_int`?
"#,
    );
}

#[test]
fn payload_as_an_object() {
    reports(
        r#"let payload = blob(4, 0);
  print(payload.temp);"#,
        r#"
error: `payload` is bytes and has no property `temp`
 --> hello.rhai:2:17
  |
2 |   print(payload.temp);
  |                 ^^^^
help: decode it first: `let data = JSON.parse(payload);`
"#,
    );
}

#[test]
fn misspelled_property() {
    reports(
        r#"let c = client();
print(c.conected);"#,
        r#"
error: `Client` has no property `conected`
 --> hello.rhai:2:9
  |
2 | print(c.conected);
  |         ^^^^^^^^
help: did you mean `connected`?
"#,
    );
}

#[test]
fn function_read_as_a_property() {
    reports(
        r#"let c = client();
c.end;"#,
        r#"
error: `end` of `Client` is a function
 --> hello.rhai:2:3
  |
2 | c.end;
  |   ^^^
help: call it: `c.end()`
"#,
    );
}

#[test]
fn read_only_property() {
    reports(
        r#"let c = client();
c.connected = false;"#,
        r#"
error: `connected` of `Client` cannot be set to a bool
 --> hello.rhai:2:3
  |
2 | c.connected = false;
  |   ^^^^^^^^^
"#,
    );
}

#[test]
fn property_of_nothing() {
    reports(
        r#"let packet = #{};
print(packet.properties.topicAlias);"#,
        r#"
error: `packet.properties` is nothing, `()`, and has no property `topicAlias`
 --> hello.rhai:2:25
  |
2 | print(packet.properties.topicAlias);
  |                         ^^^^^^^^^^
help: check it first: `if packet.properties != () { ... }`
"#,
    );
}

#[test]
fn method_of_javascript() {
    reports(
        r#"print("abc".toUpperCase());"#,
        r#"
error: `"abc"` is text and has no method `toUpperCase`
 --> hello.rhai:1:13
  |
1 | print("abc".toUpperCase());
  |             ^^^^^^^^^^^
help: did you mean `to_upper`?
"#,
    );
}

#[test]
fn misspelled_variable() {
    reports(
        r#"let counter = 0;
countre += 1;"#,
        r#"
error: there is no variable `countre`
 --> hello.rhai:2:1
  |
2 | countre += 1;
  | ^^^^^^^
help: did you mean `counter`?
"#,
    );
}

#[test]
fn misspelled_object() {
    reports(
        r#"consol.log("x");"#,
        r#"
error: there is no variable `consol`
 --> hello.rhai:1:1
  |
1 | consol.log("x");
  | ^^^^^^
help: did you mean `console`?
"#,
    );
}

#[test]
fn variable_of_another_block() {
    reports(
        r#"fn f() { let inner = 1; }
print(inner);"#,
        r#"
error: there is no variable `inner`
 --> hello.rhai:2:7
  |
1 | fn f() { let inner = 1; }
  |              ----- visible only inside of this block or function
2 | print(inner);
  |       ^^^^^
help: declare it at the top level to use it everywhere: `let inner;`
"#,
    );
}

#[test]
fn unknown_variable() {
    reports(
        r#"print(nothing_like_it);"#,
        r#"
error: there is no variable `nothing_like_it`
 --> hello.rhai:1:7
  |
1 | print(nothing_like_it);
  |       ^^^^^^^^^^^^^^^
help: declare it first: `let nothing_like_it = ...;`
"#,
    );
}

#[test]
fn undefined() {
    reports(
        r#"if x() == undefined { }
fn x() { 1 }"#,
        r#"
error: a missing value is written `()`, not `undefined`
 --> hello.rhai:1:11
  |
1 | if x() == undefined { }
  |           ^^^^^^^^^
help: write `()`
"#,
    );
}
