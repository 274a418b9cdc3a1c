//! `to_string` and the values that have no object.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::function("", "toString", (1, 1), "value", "Same as `to_string`."),
    Entry::property("", "NaN", "Not a number."),
    Entry::property("", "Infinity", "Infinity."),
    Entry::property("", "undefined", "`()`."),
    Entry::function(
        "",
        "to_string",
        (1, 1),
        "value",
        "The value as text: whole floats without `.0`, arrays as `1,2,3`, maps as `[object Object]`, `()` as nothing.",
    ),
];
