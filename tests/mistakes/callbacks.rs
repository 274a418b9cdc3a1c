//! Mistakes that show only when a callback runs: what it was called for stands in the report.

use crate::support::broker::broker;
use crate::{expected, mistake, reports};

#[test]
fn endless_recursion() {
    reports(
        r#"fn again(count) { again(count + 1) }
set_timeout(|| again(0), 1);"#,
        r#"
error: too many calls inside of each other
 --> main.rhai:2:1
  |
2 | set_timeout(|| again(0), 1);
  | ^^^^^^^^^^^
note: in the timeout set at main.rhai:2:1
help: a function that calls itself needs a condition under which it stops
help: where it has one, allow more with `--max-call-depth`
"#,
    );
}

#[test]
fn event_that_emits_itself() {
    reports(
        r#"let client = mqtt.connect("mqtt://localhost");
client.on("mine", || client.emit("mine"));
client.emit("mine");"#,
        r#"
error: too many calls inside of each other
 --> main.rhai:3:8
  |
3 | client.emit("mine");
  |        ^^^^
help: a function that calls itself needs a condition under which it stops
help: where it has one, allow more with `--max-call-depth`
"#,
    );
}

#[test]
fn timeout() {
    reports(
        r#"fn tick() {
  throw "no answer";
}
set_timeout(|| tick(), 1);"#,
        r#"
error: no answer
 --> main.rhai:2:3
  |
2 |   throw "no answer";
  |   ^^^^^
note: called from a closure at main.rhai:4:16
note: in the timeout set at main.rhai:4:1
"#,
    );
}

#[test]
fn interval() {
    reports(
        r#"set_interval(|| { throw Error("no answer"); }, 1);"#,
        r#"
error: no answer
 --> main.rhai:1:19
  |
1 | set_interval(|| { throw Error("no answer"); }, 1);
  |                   ^^^^^
note: in the interval set at main.rhai:1:1
"#,
    );
}

#[test]
fn exit_listener() {
    reports(
        r#"process.on("exit", |code| code.finish());"#,
        r#"
error: `code` is an integer and has no method `finish`
 --> main.rhai:1:32
  |
1 | process.on("exit", |code| code.finish());
  |                                ^^^^^^
note: in the `exit` listener added at main.rhai:1:9
"#,
    );
}

#[test]
fn json_in_a_timeout() {
    reports(
        r#"set_timeout(|| JSON.parse("{temp: 21}"), 1);"#,
        r#"
error: Expected property name or '}' in JSON at position 1
 --> main.rhai:1:21
  |
1 | set_timeout(|| JSON.parse("{temp: 21}"), 1);
  |                     ^^^^^
note: in the timeout set at main.rhai:1:1
"#,
    );
}

#[test]
fn wrong_topic_in_a_timeout() {
    reports(
        r#"let client = mqtt.connect("mqtt://localhost", #{ manualConnect: true });
set_immediate(|| client.publish("home/+/light", "on"));"#,
        r#"
error: `home/+/light` is not a topic to publish to: `+` is a wildcard, only `subscribe` takes those
 --> main.rhai:2:25
  |
2 | set_immediate(|| client.publish("home/+/light", "on"));
  |                         ^^^^^^^
note: in the callback of `set_immediate` called at main.rhai:2:1
help: write the whole topic, for example `home/light`
"#,
    );
}

#[test]
fn collection_function() {
    reports(
        r#"[1, 2].forEach(|x| x.publish());"#,
        r#"
error: `x` is an integer and has no method `publish`
 --> main.rhai:1:22
  |
1 | [1, 2].forEach(|x| x.publish());
  |                      ^^^^^^^
note: called from the top level at main.rhai:1:8
"#,
    );
}

#[test]
fn emitted_by_the_script() {
    reports(
        r#"let client = mqtt.connect("mqtt://localhost");
client.on("message", |topic, payload| {
  print(payload.temp);
});
client.emit("message", "sensors/1", Buffer.from("{}"));"#,
        r#"
error: `payload` is bytes and has no property `temp`
 --> main.rhai:3:17
  |
3 |   print(payload.temp);
  |                 ^^^^
note: called from the top level at main.rhai:5:8
help: decode it first: `let data = JSON.parse(payload);`
"#,
    );
}

#[test]
fn this_in_a_closure() {
    reports(
        r#"set_timeout(|| this.publish("topic", "message"), 1);"#,
        r#"
error: `this` has no value here
 --> main.rhai:1:16
  |
1 | set_timeout(|| this.publish("topic", "message"), 1);
  |                ^^^^
note: it is the value that a function is called on: `x.f()`
note: in the timeout set at main.rhai:1:1
"#,
    );
}

#[test]
fn message_listener() {
    let broker = broker();
    mistake(
        r#"let client = mqtt.connect(process.argv[2]);
client.subscribe("sensors/#");
client.publish("sensors/1", "{}");


client.on("message", |topic, payload| {
  print(payload.temp);
});"#,
    )
    .arg(broker.url())
    .stderr(expected(
        r#"
error: `payload` is bytes and has no property `temp`
 --> main.rhai:7:17
  |
7 |   print(payload.temp);
  |                 ^^^^
note: in the `message` listener added at main.rhai:6:8, for topic `sensors/1`
help: decode it first: `let data = JSON.parse(payload);`
"#,
    ))
    .run();
}

#[test]
fn call_chain_from_a_connect_listener() {
    let broker = broker();
    mistake(
        r#"let client = mqtt.connect(process.argv[2]);
fn first(options) { options.start() }
fn connected(options) { first(options) }
client.on("connect", || connected(5));"#,
    )
    .arg(broker.url())
    .stderr(expected(
        r#"
error: `options` is an integer and has no method `start`
 --> main.rhai:2:29
  |
2 | fn first(options) { options.start() }
  |                             ^^^^^
note: called from `connected` at main.rhai:3:25
note: called from a closure at main.rhai:4:25
note: in the `connect` listener added at main.rhai:4:8
"#,
    ))
    .run();
}

#[test]
fn publish_callback() {
    let broker = broker();
    mistake(
        r#"let client = mqtt.connect(process.argv[2]);
client.publish("topic", "message", #{ qos: 1 }, |err| {
  if err { console.log("failed"); }
  client.finish();
});"#,
    )
    .arg(broker.url())
    .stderr(expected(
        r#"
error: a condition must be `true` or `false` but got nothing
 --> main.rhai:3:6
  |
3 |   if err { console.log("failed"); }
  |      ^^^
note: in the callback of `publish` called at main.rhai:2:8
help: write `if err != () { ... }`
"#,
    ))
    .run();
}
