//! `Error` and its kinds.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::function("", "Error", (0, 1), "[message]", "Makes an error, to be thrown: `throw Error(\"text\")`."),
    Entry::function("", "TypeError", (1, 1), "message", "An error of this name."),
    Entry::function("", "RangeError", (1, 1), "message", "An error of this name."),
    Entry::function("", "SyntaxError", (1, 1), "message", "An error of this name."),
    Entry::property("Error", "message", "What went wrong; assignable."),
    Entry::property("Error", "name", "`Error`, `TypeError`, ...; assignable."),
    Entry::property(
        "Error",
        "code",
        "Node's code such as `ENOENT`, or an MQTT reason code; `()` if there is none. Assignable.",
    ),
    Entry::property("Error", "stack", "The error as one text, `Error: message`."),
];
