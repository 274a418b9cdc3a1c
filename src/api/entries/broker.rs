//! `Broker`, which `mqtt.broker` starts, and its options.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::property("Broker", "url", "Its URL for `mqtt.connect`, with the port it really has.").example(
        r#"
let broker = mqtt.broker();
console.log(broker.url == "mqtt://127.0.0.1:" + broker.port); //=> true
broker.end();
"#,
    ),
    Entry::property("Broker", "port", "Its port.").example(
        r#"
let broker = mqtt.broker(#{port: 0});
console.log(broker.port > 0); //=> true
broker.end();
"#,
    ),
    Entry::function(
        "Broker",
        "end",
        (0, 1),
        "[callback]",
        "Closes its connections and gives the port back; MQTT 5 clients are told why. Sessions and retained \
         messages are gone.",
    )
    .example(
        r#"
let broker = mqtt.broker();
broker.end(|| console.log("ended")); //=> ended
"#,
    ),
];

/// The options of `mqtt.broker`.
pub const OPTIONS: &[Entry] = &[
    Entry::key("broker options", "port", "0 to 65535; default 0", "The port to listen on; 0 picks a free one.")
        .example(
            r#"
let broker = mqtt.broker(#{port: 0});
console.log(broker.port > 0); //=> true
broker.end();
"#,
        ),
    Entry::key(
        "broker options",
        "host",
        "text; default `127.0.0.1`",
        "The address of this machine to listen on; `0.0.0.0` for all of them.",
    )
    .example(
        r#"
let broker = mqtt.broker(#{host: "0.0.0.0"}); // anybody in this network may connect
console.log(broker.url.startsWith("mqtt://")); //=> true
broker.end();
"#,
    ),
    Entry::key(
        "broker options",
        "users",
        "map of text: `#{name: \"password\"}`",
        "Lets in only these; without it everybody may connect.",
    )
    .example(
        r#"
let broker = mqtt.broker(#{users: #{anna: "secret"}});
let client = mqtt.connect(broker.url, #{username: "anna", password: "guessed"});
client.on("error", |error| {
    console.log(error.message); //=> Connection refused: Not authorized
    broker.end();
});
"#,
    ),
    Entry::key("broker options", "cert", "PEM text, Buffer or path", "Its certificate; with `key` it speaks TLS.")
        .example(
            r#"
let broker = mqtt.broker(#{cert: "client.pem", key: "client.key"});
console.log(broker.url.startsWith("mqtts://")); //=> true
broker.end();
"#,
        ),
    Entry::key("broker options", "key", "PEM text, Buffer or path", "The private key of `cert`.").example(
        r#"
let broker = mqtt.broker(#{cert: "client.pem", key: fs.readFileSync("client.key")});
console.log(broker.url.startsWith("mqtts://")); //=> true
broker.end();
"#,
    ),
    Entry::key(
        "broker options",
        "ca",
        "PEM text, Buffer, path, or an array",
        "Lets in only clients with a certificate that these signed.",
    )
    .example(
        r#"
let broker = mqtt.broker(#{cert: "client.pem", key: "client.key", ca: "ca.pem"});
let stranger = mqtt.connect(broker.url, #{rejectUnauthorized: false, reconnectPeriod: 0});
stranger.on("error", |error| console.log("not let in")); //=> not let in
stranger.on("close", || broker.end());
"#,
    ),
];
