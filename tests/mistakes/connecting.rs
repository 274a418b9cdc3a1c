//! Options, URLs, topics and files that cannot be meant.

use crate::reports;

#[test]
fn misspelled_option() {
    reports(
        r#"let client = mqtt.connect("mqtt://localhost", #{ clientID: "kitchen" });"#,
        r#"
error: `mqtt.connect` has no option `clientID`
 --> main.rhai:1:19
  |
1 | let client = mqtt.connect("mqtt://localhost", #{ clientID: "kitchen" });
  |                   ^^^^^^^
help: did you mean `clientId`?
"#,
    );
}

#[test]
fn beginning_of_an_option() {
    reports(
        r#"let client = mqtt.connect("mqtt://localhost", #{ user: "steve" });"#,
        r#"
error: `mqtt.connect` has no option `user`
 --> main.rhai:1:19
  |
1 | let client = mqtt.connect("mqtt://localhost", #{ user: "steve" });
  |                   ^^^^^^^
help: did you mean `username`?
"#,
    );
}

#[test]
fn option_of_another_client() {
    reports(
        r#"mqtt.connect("mqtt://localhost", #{ will: #{ topic: "gone", message: "x" } });"#,
        r#"
error: `will` has no option `message`
 --> main.rhai:1:6
  |
1 | mqtt.connect("mqtt://localhost", #{ will: #{ topic: "gone", message: "x" } });
  |      ^^^^^^^
help: did you mean `payload`?
"#,
    );
}

#[test]
fn option_of_messages() {
    reports(
        r#"let client = mqtt.connect("mqtt://localhost", #{ qos: 1 });"#,
        r#"
error: `mqtt.connect` has no option `qos`
 --> main.rhai:1:19
  |
1 | let client = mqtt.connect("mqtt://localhost", #{ qos: 1 });
  |                   ^^^^^^^
help: it goes with each call: `client.publish(topic, payload, #{qos: 1})`, `client.subscribe(filter, #{qos: 1})`
"#,
    );
}

#[test]
fn option_that_is_nearly_none() {
    reports(
        r#"mqtt.connect("mqtt://localhost", #{ reconnectPeriod: #{ backoff: 2 } });"#,
        r#"
error: `reconnectPeriod` has no option `backoff`
 --> main.rhai:1:6
  |
1 | mqtt.connect("mqtt://localhost", #{ reconnectPeriod: #{ backoff: 2 } });
  |      ^^^^^^^
help: it has `min`, `max`, `factor`, `jitter` and `attempts`
"#,
    );
    reports(
        r#"mqtt.connect("mqtt://localhost", #{ backoff: 2 });"#,
        r#"
error: `mqtt.connect` has no option `backoff`
 --> main.rhai:1:6
  |
1 | mqtt.connect("mqtt://localhost", #{ backoff: 2 });
  |      ^^^^^^^
help: `mqttscript doc options` lists them
"#,
    );
}

#[test]
fn misspelled_option_of_the_will() {
    reports(
        r#"mqtt.connect("mqtt://localhost", #{ will: #{ topc: "gone", payload: "x" } });"#,
        r#"
error: `will` has no option `topc`
 --> main.rhai:1:6
  |
1 | mqtt.connect("mqtt://localhost", #{ will: #{ topc: "gone", payload: "x" } });
  |      ^^^^^^^
help: did you mean `topic`?
"#,
    );
}

#[test]
fn misspelled_property() {
    reports(
        r#"mqtt.connect("mqtt://localhost", #{ protocolVersion: 5, properties: #{ sessionExpiry: 60 } });"#,
        r#"
error: `properties` has no option `sessionExpiry`
 --> main.rhai:1:6
  |
1 | mqtt.connect("mqtt://localhost", #{ protocolVersion: 5, properties: #{ sessionExpiry: 60 } });
  |      ^^^^^^^
help: did you mean `sessionExpiryInterval`?
"#,
    );
}

#[test]
fn misspelled_option_of_publish() {
    reports(
        r#"let client = mqtt.connect("mqtt://localhost");
client.publish("topic", "message", #{ retian: true });"#,
        r#"
error: `publish` has no option `retian`
 --> main.rhai:2:8
  |
2 | client.publish("topic", "message", #{ retian: true });
  |        ^^^^^^^
help: did you mean `retain`?
"#,
    );
}

#[test]
fn misspelled_option_of_subscribe() {
    reports(
        r#"let client = mqtt.connect("mqtt://localhost");
client.subscribe("topic", #{ Qos: 1 });"#,
        r#"
error: `subscribe` has no option `Qos`
 --> main.rhai:2:8
  |
2 | client.subscribe("topic", #{ Qos: 1 });
  |        ^^^^^^^^^
help: did you mean `qos`?
"#,
    );
}

#[test]
fn option_of_the_wrong_type() {
    reports(
        r#"mqtt.connect("mqtt://localhost", #{ keepalive: "60" });"#,
        r#"
error: option `keepalive` takes a whole number from 0 to 65535 but got text
 --> main.rhai:1:6
  |
1 | mqtt.connect("mqtt://localhost", #{ keepalive: "60" });
  |      ^^^^^^^
"#,
    );
}

#[test]
fn quality_of_service_three() {
    reports(
        r#"let client = mqtt.connect("mqtt://localhost");
client.publish("topic", "message", #{ qos: 3 });"#,
        r#"
error: option `qos` takes 0, 1 or 2 but got 3
 --> main.rhai:2:8
  |
2 | client.publish("topic", "message", #{ qos: 3 });
  |        ^^^^^^^
"#,
    );
}

#[test]
fn number_for_the_options() {
    reports(
        r#"let client = mqtt.connect("mqtt://localhost");
client.subscribe("topic", 1);"#,
        r#"
error: `subscribe` takes a map as `options` but got an integer
 --> main.rhai:2:8
  |
2 | client.subscribe("topic", 1);
  |        ^^^^^^^^^
help: write options as `#{qos: 1}`
"#,
    );
}

#[test]
fn scheme_missing() {
    reports(
        r#"let client = mqtt.connect("localhost:1883");"#,
        r#"
error: `localhost:1883` is not a broker URL: the scheme is missing, did you mean `mqtt://localhost:1883`?
 --> main.rhai:1:19
  |
1 | let client = mqtt.connect("localhost:1883");
  |                   ^^^^^^^
help: write `mqtt://localhost:1883` (schemes: mqtt, mqtts, ws, wss, mqtt+unix)
"#,
    );
}

#[test]
fn scheme_misspelled() {
    reports(
        r#"let client = mqtt.connect("mqt://localhost");"#,
        r#"
error: unknown protocol `mqt`, did you mean `mqtt`?
 --> main.rhai:1:19
  |
1 | let client = mqtt.connect("mqt://localhost");
  |                   ^^^^^^^
help: use one of the schemes: mqtt, mqtts, ws, wss, mqtt+unix, or tcp, ssl, tls
"#,
    );
}

#[test]
fn port_too_large() {
    reports(
        r#"let client = mqtt.connect("mqtt://localhost:99999");"#,
        r#"
error: `mqtt://localhost:99999` is not a broker URL: the port `99999` is not a number from 1 to 65535
 --> main.rhai:1:19
  |
1 | let client = mqtt.connect("mqtt://localhost:99999");
  |                   ^^^^^^^
"#,
    );
}

#[test]
fn wrong_filter() {
    reports(
        r#"let client = mqtt.connect("mqtt://localhost");
client.subscribe("sensors/#/temp");"#,
        r#"
error: `sensors/#/temp` is not a topic filter: `#` may only be the last level
 --> main.rhai:2:8
  |
2 | client.subscribe("sensors/#/temp");
  |        ^^^^^^^^^
help: `sensors/+/temp` matches one level there, `sensors/#` everything below `sensors`
"#,
    );
}

#[test]
fn empty_filter() {
    reports(
        r#"let client = mqtt.connect("mqtt://localhost");
client.subscribe("");"#,
        r#"
error: an empty string is not a topic filter: it needs at least one character
 --> main.rhai:2:8
  |
2 | client.subscribe("");
  |        ^^^^^^^^^
help: write `#` for every topic
"#,
    );
}

#[test]
fn no_filters() {
    reports(
        r#"let client = mqtt.connect("mqtt://localhost");
client.subscribe([]);"#,
        r#"
error: the list of topic filters is empty
 --> main.rhai:2:8
  |
2 | client.subscribe([]);
  |        ^^^^^^^^^
help: name at least one, for example `sensors/#`
"#,
    );
}

#[test]
fn wildcard_published_to() {
    reports(
        r#"let client = mqtt.connect("mqtt://localhost");
client.publish("home/+/light", "on");"#,
        r#"
error: `home/+/light` is not a topic to publish to: `+` is a wildcard, only `subscribe` takes those
 --> main.rhai:2:8
  |
2 | client.publish("home/+/light", "on");
  |        ^^^^^^^
help: write the whole topic, for example `home/light`
"#,
    );
}

#[test]
fn certificate_file_missing() {
    reports(
        r#"let client = mqtt.connect("mqtts://localhost", #{ ca: "lab-ca.pem" });"#,
        r#"
error: option `ca`: ENOENT: no such file or directory, open 'lab-ca.pem'
 --> main.rhai:1:19
  |
1 | let client = mqtt.connect("mqtts://localhost", #{ ca: "lab-ca.pem" });
  |                   ^^^^^^^
help: give the path of a PEM file, or its text: `ca: fs.readFileSync("...")`
"#,
    );
}
