use crate::prelude::{nothing_goes_out, script};
use crate::support::peer::Peer;
use crate::support::script::Script;

/// T16: MQTT.js reports success for these with QoS 0 and poisons the connection with QoS 1.
#[test]
fn a_topic_that_cannot_be_published_to_goes_to_the_callback_or_is_thrown() {
    let messages = [
        "`a/#` is not a topic to publish to: `#` is a wildcard, only `subscribe` takes those",
        "`+/b` is not a topic to publish to: `+` is a wildcard, only `subscribe` takes those",
        "`a\\0b` is not a topic: it contains the null character",
        "an empty string is not a topic: it needs at least one character",
        "a topic of 65536 bytes is too long: 65535 is the most",
    ];
    let thrown: String = messages.iter().map(|message| format!("Error: {message}\n").repeat(4)).collect();
    let told: String = messages.iter().map(|message| format!("callback: {message} undefined\n").repeat(2)).collect();
    nothing_goes_out(
        r#"
        let long = "";
        long.pad(65536, "x");
        for topic in ["a/#", "+/b", "a\x00b", "", long] {
            for qos in [0, 1] {
                thrown(|| c.publish(topic, "x", #{qos: qos}));
                thrown(|| c.publishAsync(topic, "x", #{qos: qos}));
                c.publish(topic, "x", #{qos: qos}, |error, packet| console.log("callback:", error.message, packet));
            }
        }
        "#,
        &format!("{thrown}{told}"),
    );
}

#[test]
fn wrong_publish_arguments_are_errors_of_the_call() {
    nothing_goes_out(
        r#"
        thrown(|| c.publish(5, "x"));
        thrown(|| c.publish((), "x"));
        thrown(|| c.publish("t", "x", #{qos: 3}));
        thrown(|| c.publish("t", "x", #{qos: "1"}));
        thrown(|| c.publish("t", "x", #{retain: 1}));
        thrown(|| c.publish("t", "x", #{Retain: true}));
        thrown(|| c.publish("t", "x", 1));
        thrown(|| c.publish("t", "x", #{qos: 1}, "callback"));
        c.publish("t", "x", #{qos: 3}, |error| console.log("callback:", error.message));
        "#,
        "TypeError: `publish` takes text as `topic` but got an integer\n\
         TypeError: `publish` takes text as `topic` but got `()`\n\
         Error: option `qos` takes 0, 1 or 2 but got 3\n\
         Error: option `qos` takes 0, 1 or 2 but got text\n\
         Error: option `retain` takes `true` or `false` but got 1\n\
         Error: `publish` has no option `Retain`\n\
         TypeError: `publish` takes a map as `options` but got an integer\n\
         TypeError: `publish` takes a function as `callback` but got text\n\
         callback: option `qos` takes 0, 1 or 2 but got 3\n",
    );
}

#[test]
fn wrong_version_5_properties_are_errors_of_the_call() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5});
        c.on("connect", || {
            thrown(|| c.publish("t", "x", #{properties: #{messageExpiryInterval: "60"}}));
            thrown(|| c.publish("t", "x", #{properties: #{messageExpiryInterval: -1}}));
            thrown(|| c.publish("t", "x", #{properties: #{responseTopic: 5}}));
            thrown(|| c.publish("t", "x", #{properties: #{payloadFormatIndicator: 1}}));
            thrown(|| c.publish("t", "x", #{properties: #{contenttype: "text"}}));
            thrown(|| c.publish("t", "x", #{properties: "text"}));
            thrown(|| c.subscribe("t", #{properties: #{subscriptionIdentifier: 0}}));
            c.publish("t", "x", #{properties: #{foo: 1}}, |error| { console.log("callback:", error.message); c.end(); });
        });
        "#,
    )
    .stdout(
        "Error: option `messageExpiryInterval` takes a whole number from 0 to 4294967295 but got text\n\
         Error: option `messageExpiryInterval` takes a whole number from 0 to 4294967295 but got -1\n\
         Error: option `responseTopic` takes text but got 5\n\
         Error: option `payloadFormatIndicator` takes `true` or `false` but got 1\n\
         Error: `properties` has no option `contenttype`\n\
         Error: option `properties` takes a map `#{...}` but got text\n\
         Error: option `subscriptionIdentifier` takes a whole number from 1 to 268435455 but got 0\n\
         callback: `properties` has no option `foo`\n",
    )
    .spawn();
    let mut link = peer.accept_v5();
    link.handshake();
    link.expect_goodbye();
    running.finish();
}

#[test]
fn an_uncaught_bad_topic_says_what_to_write() {
    Script::new(
        "let client = require(\"mqtt\").connect(\"mqtt://127.0.0.1:1\");\nclient.publish(\"home/+/light\", \"on\");",
    )
    .code(1)
    .stderr(
        r#"error: `home/+/light` is not a topic to publish to: `+` is a wildcard, only `subscribe` takes those
 --> main.rhai:2:8
  |
2 | client.publish("home/+/light", "on");
  |        ^^^^^^^
help: write the whole topic, for example `home/light`
"#,
    )
    .run();
}
