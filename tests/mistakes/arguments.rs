//! Calls with other arguments than the function takes, of host functions and the script's own.

use crate::reports;

#[test]
fn swapped_for_a_timer() {
    reports(
        r#"set_timeout(500, || print("tick"));"#,
        r#"
error: `set_timeout` takes (callback[, delay, ...arguments]) but got (integer, function)
 --> main.rhai:1:1
  |
1 | set_timeout(500, || print("tick"));
  | ^^^^^^^^^^^
help: swap them: `set_timeout(|| print("tick"), 500)`
"#,
    );
}

#[test]
fn swapped_in_camel_case() {
    reports(
        r#"let client = mqtt.connect("mqtt://localhost");
setInterval(5000, || client.publish("topic", "message"));"#,
        r#"
error: `setInterval` takes (callback[, period, ...arguments]) but got (integer, function)
 --> main.rhai:2:1
  |
2 | setInterval(5000, || client.publish("topic", "message"));
  | ^^^^^^^^^^^
help: swap them: `setInterval(|| client.publish("topic", "message"), 5000)`
"#,
    );
}

#[test]
fn swapped_for_a_listener() {
    reports(
        r#"let client = mqtt.connect("mqtt://localhost");
client.on(|| print("connected"), "connect");"#,
        r#"
error: `on` takes (event, listener) but got (function, text)
 --> main.rhai:2:8
  |
2 | client.on(|| print("connected"), "connect");
  |        ^^
help: swap them: `client.on("connect", || print("connected"))`
"#,
    );
}

#[test]
fn swapped_options_and_callback() {
    reports(
        r#"let client = mqtt.connect("mqtt://localhost");
client.publish("topic", "message", || print("sent"), #{ qos: 1 });"#,
        r#"
error: `publish` takes (topic, payload[, options][, callback]) but got (text, text, function, map)
 --> main.rhai:2:8
  |
2 | client.publish("topic", "message", || print("sent"), #{ qos: 1 });
  |        ^^^^^^^
help: swap them: `client.publish("topic", "message", #{ qos: 1 }, || print("sent"))`
"#,
    );
}

#[test]
fn none_for_a_timer() {
    reports(
        r#"set_timeout();"#,
        r#"
error: `set_timeout` takes (callback[, delay, ...arguments]) but got no arguments
 --> main.rhai:1:1
  |
1 | set_timeout();
  | ^^^^^^^^^^^
"#,
    );
}

#[test]
fn text_for_a_callback() {
    reports(
        r#"set_timeout("print(1)", 500);"#,
        r#"
error: `set_timeout` takes a function as `callback` but got text
 --> main.rhai:1:1
  |
1 | set_timeout("print(1)", 500);
  | ^^^^^^^^^^^
help: pass a closure: `|| { ... }`
"#,
    );
}

#[test]
fn called_for_a_callback() {
    reports(
        r#"fn connected() { 1 }
let client = mqtt.connect("mqtt://localhost");
client.on("connect", connected());"#,
        r#"
error: `on` takes a function as `listener` but got an integer
 --> main.rhai:3:8
  |
3 | client.on("connect", connected());
  |        ^^
note: `connected()` calls the function at once and passes on what it returns
help: pass the function itself: `connected`
"#,
    );
}

#[test]
fn called_with_an_argument_for_a_callback() {
    reports(
        r#"fn publish(topic) { 1 }
set_interval(publish("topic"), 5000);"#,
        r#"
error: `set_interval` takes a function as `callback` but got an integer
 --> main.rhai:2:1
  |
2 | set_interval(publish("topic"), 5000);
  | ^^^^^^^^^^^^
note: the call is made at once, and what it returns is passed on
help: pass a closure: `|| publish("topic")`
"#,
    );
}

#[test]
fn text_for_a_delay() {
    reports(
        r#"set_timeout(|| print("tick"), "500");"#,
        r#"
error: `set_timeout` takes a number of milliseconds as `delay` but got text
 --> main.rhai:1:1
  |
1 | set_timeout(|| print("tick"), "500");
  | ^^^^^^^^^^^
help: write the number without quotes: `500`
"#,
    );
}

#[test]
fn text_for_an_exit_code() {
    reports(
        r#"process.exit("x");"#,
        r#"
error: `exit` takes a number as `code` but got text
 --> main.rhai:1:9
  |
1 | process.exit("x");
  |         ^^^^
"#,
    );
}

#[test]
fn payload_missing() {
    reports(
        r#"let client = mqtt.connect("mqtt://localhost");
client.publish("topic");"#,
        r#"
error: `publish` takes (topic, payload[, options][, callback]) but got (text)
 --> main.rhai:2:8
  |
2 | client.publish("topic");
  |        ^^^^^^^
"#,
    );
}

#[test]
fn number_for_a_topic() {
    reports(
        r#"let client = mqtt.connect("mqtt://localhost");
client.publish(5, "message");"#,
        r#"
error: `publish` takes text as `topic` but got an integer
 --> main.rhai:2:8
  |
2 | client.publish(5, "message");
  |        ^^^^^^^
"#,
    );
}

#[test]
fn listener_missing() {
    reports(
        r#"let client = mqtt.connect("mqtt://localhost");
client.on("message");"#,
        r#"
error: `on` takes (event, listener) but got (text)
 --> main.rhai:2:8
  |
2 | client.on("message");
  |        ^^
"#,
    );
}

#[test]
fn options_that_are_a_list() {
    reports(
        r#"mqtt.connect("mqtt://localhost", ["clean"]);"#,
        r#"
error: `connect` takes a map `#{...}` as `options` but got an array
 --> main.rhai:1:6
  |
1 | mqtt.connect("mqtt://localhost", ["clean"]);
  |      ^^^^^^^
"#,
    );
}

#[test]
fn one_too_many() {
    reports(
        r#"mqtt.connect("mqtt://localhost", #{}, |client| print(client));"#,
        r#"
error: `connect` takes ([url][, options]) but got (text, map, function)
 --> main.rhai:1:6
  |
1 | mqtt.connect("mqtt://localhost", #{}, |client| print(client));
  |      ^^^^^^^
"#,
    );
}

#[test]
fn callback_with_too_many_parameters() {
    reports(
        r#"let client = mqtt.connect("mqtt://localhost");
client.on("message", |topic, message, packet, client| print(topic));"#,
        r#"
error: listener for `message` takes 4 parameters, but the event gives 3 (topic, payload, packet)
 --> main.rhai:2:8
  |
2 | client.on("message", |topic, message, packet, client| print(topic));
  |        ^^
"#,
    );
}

#[test]
fn timer_callback_with_a_parameter() {
    reports(
        r#"set_timeout(|x| print(x), 5);"#,
        r#"
error: the callback of `set_timeout` takes 1 parameter, but it is given 0
 --> main.rhai:1:1
  |
1 | set_timeout(|x| print(x), 5);
  | ^^^^^^^^^^^
"#,
    );
}

#[test]
fn collection_callback_with_too_many_parameters() {
    reports(
        r#"[1, 2].forEach(|a, b, c, d| print(a));"#,
        r#"
error: the callback of `forEach` takes 4 parameters, but it is given 3 (element, index, array)
 --> main.rhai:1:8
  |
1 | [1, 2].forEach(|a, b, c, d| print(a));
  |        ^^^^^^^
"#,
    );
}

#[test]
fn closure_in_a_local() {
    reports(
        r#"fn run() {
  let double = |x| x * 2;
  print(double(2));
}
run();"#,
        r#"
error: there is no function `double`
 --> main.rhai:3:9
  |
3 |   print(double(2));
  |         ^^^^^^
note: `double` is a variable here
note: called from the top level at main.rhai:5:1
help: if it holds a closure, call it with `double.call(2)`
"#,
    );
}

#[test]
fn closure_in_a_parameter() {
    reports(
        r#"fn run(done) { done("text"); }
run(|x| print(x));"#,
        r#"
error: there is no function `done`
 --> main.rhai:1:16
  |
1 | fn run(done) { done("text"); }
  |                ^^^^
note: `done` is a variable here
note: called from the top level at main.rhai:2:1
help: if it holds a closure, call it with `done.call("text")`
"#,
    );
}

#[test]
fn closure_in_a_global() {
    reports(
        r#"let double = |x| x * 2;
double(1, 2);"#,
        r#"
error: `double` takes (x) but got (integer, integer)
 --> main.rhai:2:1
  |
1 | let double = |x| x * 2;
  |     ------ declared here
2 | double(1, 2);
  | ^^^^^^
"#,
    );
}

#[test]
fn closure_made_elsewhere() {
    reports(
        r#"fn adder(a) { |b| a + b }
let add_one = adder(1);
add_one();"#,
        r#"
error: `add_one` takes 1 argument but got no arguments
 --> main.rhai:3:1
  |
3 | add_one();
  | ^^^^^^^
"#,
    );
}

#[test]
fn global_that_is_no_closure() {
    reports(
        r#"let count = 5;
count(2);"#,
        r#"
error: `count` is an integer and cannot be called
 --> main.rhai:2:1
  |
2 | count(2);
  | ^^^^^
"#,
    );
}

#[test]
fn function_of_the_script() {
    reports(
        r#"fn add(a, b) { a + b }
add(1);"#,
        r#"
error: `add` takes (a, b) but got (integer)
 --> main.rhai:2:1
  |
1 | fn add(a, b) { a + b }
  |    --- declared here
2 | add(1);
  | ^^^
"#,
    );
}

#[test]
fn json_without_text() {
    reports(
        r#"JSON.parse();"#,
        r#"
error: `parse` takes (text) but got no arguments
 --> main.rhai:1:6
  |
1 | JSON.parse();
  |      ^^^^^
"#,
    );
}

#[test]
fn encoding_that_is_none() {
    reports(
        r#"Buffer.from("text", "utf9");"#,
        r#"
error: Unknown encoding: utf9
 --> main.rhai:1:8
  |
1 | Buffer.from("text", "utf9");
  |        ^^^^
help: encodings are utf8, hex, base64, base64url, latin1, ascii, utf16le
"#,
    );
}
