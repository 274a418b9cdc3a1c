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
let client = mqtt.Client(|client| net.connect(1883, "127.0.0.1"));
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
let client = mqtt.Client(|client| net.createConnection(#{host: "127.0.0.1", port: 1883}));
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
let client = mqtt.Client(|client| tls.connect(#{host: "localhost", port: 8883, ca: "ca.pem"}));
client.on("connect", || {
    console.log("connected"); //=> connected
    client.end();
});
"#,
    ),
];
