//! `net` and `tls`.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::function(
        "net",
        "connect",
        (1, 3),
        "port[, host] | path | #{port, host, path}",
        "A TCP or unix socket stream for `mqtt.Client`.",
    ),
    Entry::function(
        "net",
        "createConnection",
        (1, 3),
        "port[, host] | path | #{port, host, path}",
        "The same as `connect`.",
    ),
    Entry::function(
        "tls",
        "connect",
        (1, 4),
        "port[, host][, options] | #{port, host, ca, ...}",
        "A TLS stream for `mqtt.Client`; takes the TLS options of `mqtt.connect`.",
    ),
];
