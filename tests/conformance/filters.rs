use crate::prelude::{expecting, nothing_goes_out};
use crate::support::peer::Peer;
use crate::support::script::Script;

#[test]
fn a_bad_filter_goes_to_the_callback_or_is_thrown_and_nothing_goes_out() {
    nothing_goes_out(
        r#"
        for filter in ["a/#/b", "b+d", "a#", "", "$share/g", "a\x00b"] {
            thrown(|| c.subscribe(filter));
            thrown(|| c.unsubscribe(filter));
            thrown(|| c.subscribe(["good", filter]));
            thrown(|| c.subscribeAsync(filter));
            thrown(|| c.unsubscribeAsync(filter));
            c.subscribe(filter, |error, granted, packet| console.log("callback:", error.message, granted, packet));
            c.unsubscribe(filter, |error, packet| console.log("callback:", error.message, packet));
        }
        "#,
        &{
            let filters = ["a/#/b", "b+d", "a#", "", "$share/g", "a\0b"];
            let thrown: String =
                filters.iter().map(|filter| format!("Error: Invalid topic {filter}\n").repeat(5)).collect();
            let told: String = filters
                .iter()
                .map(|filter| {
                    format!(
                        "callback: Invalid topic {filter} undefined undefined\ncallback: Invalid topic {filter} undefined\n"
                    )
                })
                .collect();
            format!("{thrown}{told}")
        },
    );
}

#[test]
fn a_list_without_a_filter_is_an_error() {
    nothing_goes_out(
        r#"
        for what in [[], #{}, ()] {
            thrown(|| c.subscribe(what));
            c.subscribe(what, |error| console.log("callback:", error.message));
        }
        thrown(|| c.unsubscribe([]));
        "#,
        &["Error", "Error", "Error", "Error", "callback", "callback", "callback"]
            .map(|who| format!("{who}: Invalid topic empty_topic_list\n"))
            .concat(),
    );
}

/// MQTT.js sends some of these as broken packets; the contract has an error at the call.
#[test]
fn wrong_subscribe_arguments_are_errors_of_the_call() {
    nothing_goes_out(
        r##"
        thrown(|| c.subscribe("t", #{qos: 3}));
        thrown(|| c.subscribe("t", #{qos: "1"}));
        thrown(|| c.subscribe("t", #{qos: -1}));
        thrown(|| c.subscribe(#{t: 3}));
        thrown(|| c.subscribe(#{t: "1"}));
        thrown(|| c.subscribe(#{t: #{qos: 5}}));
        thrown(|| c.subscribe(#{t: #{Qos: 1}}));
        thrown(|| c.subscribe(5));
        thrown(|| c.subscribe([#{topic: "a"}]));
        thrown(|| c.subscribe("t", 1));
        thrown(|| c.subscribe("t", #{nl: 1}));
        thrown(|| c.subscribe("t", #{rh: 3}));
        thrown(|| c.unsubscribe(5));
        thrown(|| c.unsubscribe("t", #{qos: 1}));
        c.subscribe("t", #{qos: 3}, |error| console.log("callback:", error.message));
        "##,
        "Error: option `qos` takes 0, 1 or 2 but got 3\n\
         Error: option `qos` takes 0, 1 or 2 but got text\n\
         Error: option `qos` takes 0, 1 or 2 but got -1\n\
         Error: option `t` takes a QoS (0, 1 or 2) or a map `#{qos: 1}` but got 3\n\
         Error: option `t` takes a QoS (0, 1 or 2) or a map `#{qos: 1}` but got text\n\
         Error: option `qos` takes 0, 1 or 2 but got 5\n\
         Error: `t` has no option `Qos`\n\
         Error: `subscribe` takes text, an array of text or a map but got an integer\n\
         Error: `subscribe` takes an array of text but an entry is a map\n\
         TypeError: `subscribe` takes a map as `options` but got an integer\n\
         Error: option `nl` takes `true` or `false` but got 1\n\
         Error: option `rh` takes a whole number from 0 to 2 but got 3\n\
         Error: `unsubscribe` takes text, an array of text or a map but got an integer\n\
         Error: `unsubscribe` has no option `qos`\n\
         callback: option `qos` takes 0, 1 or 2 but got 3\n",
    );
}

/// Case 7 of the messages to reach: `message` is MQTT.js's where it is caught, ours where it is not.
#[test]
fn an_uncaught_bad_filter_says_what_to_write() {
    Script::new(
        "let client = require(\"mqtt\").connect(\"mqtt://127.0.0.1:1\");\nclient.subscribe(\"sensors/#/temp\");",
    )
    .code(1)
    .stderr(
        r#"error: `sensors/#/temp` is not a topic filter: `#` may only be the last level
 --> main.rhai:2:8
  |
2 | client.subscribe("sensors/#/temp");
  |        ^^^^^^^^^
help: `sensors/+/temp` matches one level there, `sensors/#` everything below `sensors`
"#,
    )
    .run();
    Script::new(
        "let client = require(\"mqtt\").connect(\"mqtt://127.0.0.1:1\", #{manualConnect: true});\n\
         client.subscribe(\"sensors/#/temp\", |error| throw error);",
    )
    .code(1)
    .stderr(
        r#"error: `sensors/#/temp` is not a topic filter: `#` may only be the last level
 --> main.rhai:2:44
  |
2 | client.subscribe("sensors/#/temp", |error| throw error);
  |                                            ^^^^^
note: in the callback given at main.rhai:2:8
help: `sensors/+/temp` matches one level there, `sensors/#` everything below `sensors`
"#,
    )
    .run();
}

#[test]
fn well_formed_filters_go_out() {
    const FILTERS: [&str; 13] = [
        "+",
        "+/event",
        "event/+",
        "#",
        "event/#",
        "system/event/+",
        "system/+/event",
        "system/+/event/#",
        "system/+/+/new_device",
        "/",
        "//",
        "$SYS/#",
        "a b",
    ];
    let peer = Peer::listen();
    let text = format!(
        r#"let c = mqtt.connect("BROKER"); c.subscribe({FILTERS:?}, |error, granted| {{ console.log(error, granted.len()); c.end(); }});"#
    );
    let running = expecting(&peer, "undefined 13\n", &text);
    let mut link = peer.accept();
    link.handshake();
    let asked: Vec<String> = link.grant().into_iter().map(|filter| filter.path).collect();
    assert_eq!(asked, FILTERS);
    link.expect_goodbye();
    running.finish();
}

/// MQTT.js lets some of these out, and the broker drops the connection.
#[test]
fn badly_formed_filters_never_go_out() {
    const FILTERS: [&str; 7] = ["#/event", "event#", "event+", "system/#/event", "system/+/#/event", "a/b+", ""];
    let wanted: String = FILTERS.iter().map(|filter| format!("Invalid topic {filter} undefined\n")).collect();
    nothing_goes_out(
        &format!(r#"for f in {FILTERS:?} {{ c.subscribe(f, |error, granted| console.log(error.message, granted)); }}"#),
        &wanted,
    );
}

/// One bad filter fails the call: the good ones do not go out either.
#[test]
fn one_bad_filter_among_good_ones() {
    nothing_goes_out(
        r##"c.subscribe(["good", "bad#", "worse#"], |error| console.log(error.message));
        c.subscribe(#{"good": 1, "+bad": 1}, |error| console.log(error.message));"##,
        "Invalid topic bad#\nInvalid topic +bad\n",
    );
}

/// A share needs a name without wildcards and a filter behind it `[MQTT-4.8.2-1]`.
#[test]
fn a_share_without_a_name_or_filter() {
    const FILTERS: [&str; 4] = ["$share//a", "$share/g", "$share/+/a", "$share/g/"];
    let wanted: String = FILTERS.iter().map(|filter| format!("Invalid topic {filter}\n")).collect();
    nothing_goes_out(
        &format!("for filter in {FILTERS:?} {{ c.subscribe(filter, |error| console.log(error.message)); }}"),
        &wanted,
    );
}
