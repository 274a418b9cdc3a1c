//! Methods, properties and functions that do not exist: did-you-mean from the tables.

use crate::reports;

#[test]
fn method_of_a_client() {
    reports(
        r#"let client = mqtt.connect("mqtt://localhost");
client.subscibe("sensors/#");"#,
        r#"
error: `Client` has no method `subscibe`
 --> main.rhai:2:8
  |
2 | client.subscibe("sensors/#");
  |        ^^^^^^^^
help: did you mean `subscribe`?
"#,
    );
}

#[test]
fn method_of_another_client() {
    for (wrong, right) in [("send", "publish"), ("close", "end"), ("disconnect", "end")] {
        let marks = "^".repeat(wrong.len());
        reports(
            &format!("let client = mqtt.connect(\"mqtt://localhost\");\nclient.{wrong}();"),
            &format!(
                "
error: `Client` has no method `{wrong}`
 --> main.rhai:2:8
  |
2 | client.{wrong}();
  |        {marks}
help: did you mean `{right}`?
"
            ),
        );
    }
}

#[test]
fn property_of_a_client() {
    reports(
        r#"let client = mqtt.connect("mqtt://localhost");
console.log(client.conected);"#,
        r#"
error: `Client` has no property `conected`
 --> main.rhai:2:20
  |
2 | console.log(client.conected);
  |                    ^^^^^^^^
help: did you mean `connected`?
"#,
    );
}

#[test]
fn property_called_as_a_function() {
    reports(
        r#"let client = mqtt.connect("mqtt://localhost");
if client.connected() { print("connected"); }"#,
        r#"
error: `connected` of `Client` is a property, not a function
 --> main.rhai:2:11
  |
2 | if client.connected() { print("connected"); }
  |           ^^^^^^^^^
help: read it without parentheses: `client.connected`
"#,
    );
}

#[test]
fn function_read_as_a_property() {
    reports(
        r#"set_timeout(JSON.parse, 5);"#,
        r#"
error: `parse` of `JSON` is a function
 --> main.rhai:1:18
  |
1 | set_timeout(JSON.parse, 5);
  |                  ^^^^^
help: call it: `JSON.parse(text)`
help: or pass it on in a closure: `|text| JSON.parse(text)`
"#,
    );
}

#[test]
fn function_assigned_to() {
    reports(
        r#"let client = mqtt.connect("mqtt://localhost");
client.publish = 5;"#,
        r#"
error: `publish` of `Client` is a function and cannot be set to an integer
 --> main.rhai:2:8
  |
2 | client.publish = 5;
  |        ^^^^^^^
"#,
    );
}

#[test]
fn method_of_console() {
    reports(
        r#"console.lgo("started");"#,
        r#"
error: `console` has no method `lgo`
 --> main.rhai:1:9
  |
1 | console.lgo("started");
  |         ^^^
help: did you mean `log`?
"#,
    );
}

#[test]
fn method_of_process() {
    reports(
        r#"process.exist(1);"#,
        r#"
error: `process` has no method `exist`
 --> main.rhai:1:9
  |
1 | process.exist(1);
  |         ^^^^^
help: did you mean `exit`?
"#,
    );
}

#[test]
fn method_of_fs() {
    reports(
        r#"let text = fs.readFileSinc("settings.json");"#,
        r#"
error: `fs` has no method `readFileSinc`
 --> main.rhai:1:15
  |
1 | let text = fs.readFileSinc("settings.json");
  |               ^^^^^^^^^^^^
help: did you mean `readFileSync`?
"#,
    );
}

#[test]
fn method_of_json() {
    reports(
        r#"let data = JSON.parce("{}");"#,
        r#"
error: `JSON` has no method `parce`
 --> main.rhai:1:17
  |
1 | let data = JSON.parce("{}");
  |                 ^^^^^
help: did you mean `parse`?
"#,
    );
}

#[test]
fn method_of_math() {
    reports(
        r#"let half = Math.flor(1.5);"#,
        r#"
error: `Math` has no method `flor`
 --> main.rhai:1:17
  |
1 | let half = Math.flor(1.5);
  |                 ^^^^
help: did you mean `floor`?
"#,
    );
}

#[test]
fn method_of_buffer_itself() {
    reports(
        r#"let bytes = Buffer.form("text");"#,
        r#"
error: `Buffer` has no method `form`
 --> main.rhai:1:20
  |
1 | let bytes = Buffer.form("text");
  |                    ^^^^
help: did you mean `from`?
"#,
    );
}

#[test]
fn method_of_a_buffer() {
    reports(
        r#"let text = Buffer.from("text").tostring();"#,
        r#"
error: `Buffer` has no method `tostring`
 --> main.rhai:1:32
  |
1 | let text = Buffer.from("text").tostring();
  |                                ^^^^^^^^
help: did you mean `toString`?
"#,
    );
}

#[test]
fn property_of_a_buffer() {
    reports(
        r#"let payload = Buffer.from("text");
console.log(payload.lenght);"#,
        r#"
error: `payload` is bytes and has no property `lenght`
 --> main.rhai:2:21
  |
2 | console.log(payload.lenght);
  |                     ^^^^^^
help: did you mean `length`?
"#,
    );
}

#[test]
fn payload_taken_for_an_object() {
    reports(
        r#"let payload = Buffer.from("{}");
console.log(payload.temp);"#,
        r#"
error: `payload` is bytes and has no property `temp`
 --> main.rhai:2:21
  |
2 | console.log(payload.temp);
  |                     ^^^^
help: decode it first: `let data = JSON.parse(payload);`
"#,
    );
}

#[test]
fn method_of_mqtt() {
    reports(
        r#"let client = mqtt.conect("mqtt://localhost");"#,
        r#"
error: `mqtt` has no method `conect`
 --> main.rhai:1:19
  |
1 | let client = mqtt.conect("mqtt://localhost");
  |                   ^^^^^^
help: did you mean `connect`?
"#,
    );
}

#[test]
fn method_of_text() {
    reports(
        r#"let topic = "a/b";
console.log(topic.toUpercase());"#,
        r#"
error: `topic` is text and has no method `toUpercase`
 --> main.rhai:2:19
  |
2 | console.log(topic.toUpercase());
  |                   ^^^^^^^^^^
help: did you mean `toUpperCase`?
"#,
    );
}

#[test]
fn property_of_an_array() {
    reports(
        r#"let topics = ["a", "b"];
console.log(topics.lenght);"#,
        r#"
error: `topics` is an array and has no property `lenght`
 --> main.rhai:2:20
  |
2 | console.log(topics.lenght);
  |                    ^^^^^^
help: did you mean `length`?
"#,
    );
}

#[test]
fn function_of_our_own() {
    reports(
        r#"set_timout(|| print("tick"), 500);"#,
        r#"
error: there is no function `set_timout`
 --> main.rhai:1:1
  |
1 | set_timout(|| print("tick"), 500);
  | ^^^^^^^^^^
help: did you mean `set_timeout`?
"#,
    );
}

#[test]
fn function_in_camel_case() {
    reports(
        r#"setTimeOut(|| print("tick"), 500);"#,
        r#"
error: there is no function `setTimeOut`
 --> main.rhai:1:1
  |
1 | setTimeOut(|| print("tick"), 500);
  | ^^^^^^^^^^
help: did you mean `setTimeout`?
"#,
    );
}

#[test]
fn function_that_is_a_method() {
    reports(
        r#"log("started");"#,
        r#"
error: there is no function `log`
 --> main.rhai:1:1
  |
1 | log("started");
  | ^^^
help: did you mean `Math.log` or `console.log`?
"#,
    );
}
