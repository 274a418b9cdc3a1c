//! Names of variables, constants, host objects and events that nobody declared.

use crate::{goes_on, reports};

#[test]
fn module_syntax_for_an_object() {
    reports(
        r#"let client = mqtt::connect("mqtt://localhost");"#,
        r#"
error: `mqtt` is not an imported module
 --> main.rhai:1:14
  |
1 | let client = mqtt::connect("mqtt://localhost");
  |              ^^^^
help: write `mqtt.connect`
"#,
    );
}

#[test]
fn variable_of_the_script() {
    reports(
        r#"let count = 1;
print(cuont);"#,
        r#"
error: there is no variable `cuont`
 --> main.rhai:2:7
  |
2 | print(cuont);
  |       ^^^^^
help: did you mean `count`?
"#,
    );
}

#[test]
fn host_object() {
    reports(
        r#"consle.log("started");"#,
        r#"
error: there is no variable `consle`
 --> main.rhai:1:1
  |
1 | consle.log("started");
  | ^^^^^^
help: did you mean `console`?
"#,
    );
}

#[test]
fn host_object_in_lower_case() {
    reports(
        r#"let data = json.parse("{}");"#,
        r#"
error: there is no variable `json`
 --> main.rhai:1:12
  |
1 | let data = json.parse("{}");
  |            ^^^^
help: did you mean `JSON`?
"#,
    );
}

#[test]
fn nothing_near() {
    reports(
        r#"let sum = 1 + nam;"#,
        r#"
error: there is no variable `nam`
 --> main.rhai:1:15
  |
1 | let sum = 1 + nam;
  |               ^^^
help: declare it first: `let nam = ...;`
"#,
    );
}

#[test]
fn variable_inside_of_a_function() {
    reports(
        r#"fn start() { let count = 0; tick(); }
fn tick() { count += 1; }
start();"#,
        r#"
error: there is no variable `count`
 --> main.rhai:2:13
  |
1 | fn start() { let count = 0; tick(); }
  |                  ----- visible only inside of this block or function
2 | fn tick() { count += 1; }
  |             ^^^^^
note: called from `start` at main.rhai:1:29
note: called from the top level at main.rhai:3:1
help: declare it at the top level to use it everywhere: `let count;`
"#,
    );
}

#[test]
fn what_require_does_not_have() {
    reports(
        r#"let mqtt = require("mqttt");"#,
        r#"
error: there is no host object `mqttt` to require
 --> main.rhai:1:12
  |
1 | let mqtt = require("mqttt");
  |            ^^^^^^^
help: did you mean `require("mqtt")`?
"#,
    );
}

#[test]
fn require_of_a_file() {
    reports(
        r#"let helpers = require("./helpers");"#,
        r#"
error: there is no host object `./helpers` to require
 --> main.rhai:1:15
  |
1 | let helpers = require("./helpers");
  |               ^^^^^^^
help: load a Rhai file with `import "helpers" as name;`
"#,
    );
}

#[test]
fn assignment_to_a_constant() {
    reports(
        r#"const PORT = 1883;
PORT = 1884;"#,
        r#"
error: `PORT` is a constant and cannot be assigned to
 --> main.rhai:2:1
  |
1 | const PORT = 1883;
  |       ---- declared as a constant here
2 | PORT = 1884;
  | ^^^^
help: declare it with `let PORT`
"#,
    );
}

#[test]
fn assignment_to_a_host_object() {
    reports(
        r#"console = 5;"#,
        r#"
error: `console` is a constant and cannot be assigned to
 --> main.rhai:1:1
  |
1 | console = 5;
  | ^^^^^^^
"#,
    );
}

#[test]
fn nothing_has_no_members() {
    reports(
        r#"let data = #{};
console.log(data.sensor.temp);"#,
        r#"
error: `data.sensor` is nothing, `()`, and has no property `temp`
 --> main.rhai:2:25
  |
2 | console.log(data.sensor.temp);
  |                         ^^^^
help: check it first: `if data.sensor != () { ... }`
"#,
    );
}

#[test]
fn event_of_a_client() {
    goes_on(
        r#"let client = mqtt.connect("mqtt://localhost", #{ manualConnect: true });
client.on("mesage", |topic| print(topic));
client.on("mesage", |topic| print(topic));
client.end(true);"#,
        "",
        r#"
warning: `Client` has no event `mesage`, and nothing here emits it
 --> main.rhai:2:8
  |
2 | client.on("mesage", |topic| print(topic));
  |        ^^
help: did you mean `message`?
"#,
    );
}

#[test]
fn event_of_ones_own() {
    goes_on(
        r#"let client = mqtt.connect("mqtt://localhost", #{ manualConnect: true });
client.on("messages", || print("mine"));
client.emit("messages");
client.end(true);"#,
        r#"mine
"#,
        "",
    );
}

#[test]
fn event_of_the_process() {
    goes_on(
        r#"process.on("SIGNIT", || process.exit(0));"#,
        "",
        r#"
warning: `process` has no event `SIGNIT`, and nothing here emits it
 --> main.rhai:1:9
  |
1 | process.on("SIGNIT", || process.exit(0));
  |         ^^
help: did you mean `SIGINT`?
"#,
    );
}

#[test]
fn readline_of_node() {
    reports(
        r#"let readline = require("readline");"#,
        r#"
error: there is no host object `readline` to require
 --> main.rhai:1:16
  |
1 | let readline = require("readline");
  |                ^^^^^^^
help: read lines with `process.stdin.on("line", |line| ...)`
"#,
    );
}
