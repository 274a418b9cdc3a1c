use crate::prelude::refused;

#[test]
fn options_that_cannot_be() {
    refused(&[
        (r#"mqtt.connect("BROKER", #{password: "x"})"#, "Error: option `password` needs `username` below MQTT 5"),
        (
            r#"mqtt.connect("BROKER", #{keepalive: -1})"#,
            "Error: option `keepalive` takes a whole number from 0 to 65535 but got -1",
        ),
        (
            r#"mqtt.connect("BROKER", #{keepalive: 65536})"#,
            "Error: option `keepalive` takes a whole number from 0 to 65535 but got 65536",
        ),
        (
            r#"mqtt.connect("BROKER", #{keepalive: 1.5})"#,
            "Error: option `keepalive` takes a whole number from 0 to 65535 but got 1.5",
        ),
        (
            r#"mqtt.connect("BROKER", #{keepalive: "60"})"#,
            "Error: option `keepalive` takes a whole number from 0 to 65535 but got text",
        ),
        (
            r#"mqtt.connect("BROKER", #{protocolVersion: 7})"#,
            "Error: option `protocolVersion` takes 3 (MQTT 3.1), 4 (MQTT 3.1.1) or 5 (MQTT 5) but got 7",
        ),
        (r#"mqtt.connect("BROKER", #{will: #{payload: "x"}})"#, "Error: option `will` needs a `topic`"),
        (
            r#"mqtt.connect("BROKER", #{will: #{topic: "a/#"}})"#,
            "Error: option `will`: `a/#` is not a topic to publish to: `#` is a wildcard, only `subscribe` takes those",
        ),
        (r#"mqtt.connect("BROKER", #{will: #{topic: "a", qos: 3}})"#, "Error: option `qos` takes 0, 1 or 2 but got 3"),
        (
            r#"mqtt.connect("BROKER", #{protocolVersion: 5, properties: #{receiveMaximum: "a"}})"#,
            "Error: option `receiveMaximum` takes a whole number from 1 to 65535 but got text",
        ),
        (
            r#"mqtt.connect("BROKER", #{protocolVersion: 5, properties: #{foo: 1}})"#,
            "Error: `properties` has no option `foo`",
        ),
        (r#"mqtt.connect("BROKER", #{clientId: 12345})"#, "Error: option `clientId` takes text but got 12345"),
        (r#"mqtt.connect("BROKER", #{clean: false})"#, "Error: Missing clientId for unclean clients"),
        (r#"mqtt.connect("BROKER", #{clean: "no"})"#, "Error: option `clean` takes `true` or `false` but got text"),
        (r#"mqtt.connect("BROKER", #{clientID: "x"})"#, "Error: `mqtt.connect` has no option `clientID`"),
        (
            r#"mqtt.connect("BROKER", #{reconnectPeriod: -1})"#,
            "Error: option `reconnectPeriod` takes a number of milliseconds, 0 or more but got -1",
        ),
        (
            r#"mqtt.connect("BROKER", #{reconnectPeriod: #{minimum: 1}})"#,
            "Error: `reconnectPeriod` has no option `minimum`",
        ),
        (
            r#"mqtt.connect("BROKER", #{port: 70000})"#,
            "Error: option `port` takes a whole number from 0 to 65535 but got 70000",
        ),
        (r#"mqtt.connect("BROKER", 5)"#, "TypeError: `connect` takes a map `#{...}` as `options` but got an integer"),
        (r#"mqtt.connect(5)"#, "TypeError: `connect` takes a URL or a map of options as `url` but got an integer"),
        (
            r#"mqtt.connect("BROKER", #{manualConnect: true}).publishAsync("a", "b")"#,
            "Error: `publishAsync` would wait for ever before `client.connect()`",
        ),
        (
            r#"mqtt.connectAsync("BROKER", #{manualConnect: true})"#,
            "Error: `connectAsync` would wait for ever with `manualConnect: true`",
        ),
    ]);
}
