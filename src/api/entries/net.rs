//! `net` and `tls`.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::function(
        "net",
        "connect",
        (1, 3),
        "port[, host] | path | #{port, host, path}",
        "A TCP or unix socket stream, for `mqtt.Client`. The connection is made when the client asks for it.",
    )
    .example(
        r#"
let net = require("net");
let url = "mqtt://localhost";
let port = parseInt(url.split(":").get(2) ?? "1883");
let client = mqtt.Client(|client| net.connect(port, "127.0.0.1"));
client.on("connect", || {
    console.log("connected"); //=> connected
    client.end();
});
"#,
    ),
    Entry::function(
        "net",
        "createConnection",
        (1, 3),
        "port[, host] | path | #{port, host, path}",
        "The same as `connect`.",
    )
    .example(
        r#"
let net = require("net");
let port = parseInt("mqtt://localhost".split(":").get(2) ?? "1883");
let client = mqtt.Client(|client| net.createConnection(#{host: "127.0.0.1", port: port}));
client.on("connect", || client.end());
"#,
    ),
    Entry::function(
        "tls",
        "connect",
        (1, 4),
        "port[, host][, options] | #{port, host, ca, ...}",
        "A TLS stream, for `mqtt.Client`; takes the TLS options of `mqtt.connect`: `ca`, `cert`, `key`, \
         `passphrase`, `rejectUnauthorized`, `servername`, `ALPNProtocols`.",
    )
    .example(
        r#"
let tls = require("tls");
let port = parseInt("mqtts://localhost".split(":").get(2) ?? "8883");
let client = mqtt.Client(|client| tls.connect(#{host: "localhost", port: port, ca: "ca.pem"}));
client.on("connect", || {
    console.log("connected"); //=> connected
    client.end();
});
"#,
    ),
];
