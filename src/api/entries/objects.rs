//! Maps, and `Object`.

use crate::api::arguments::MOST;
use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::function("Object", "keys", (1, 1), "map", "The keys, sorted."),
    Entry::function("Object", "values", (1, 1), "map", "The values in the order of their keys."),
    Entry::function("Object", "entries", (1, 1), "map", "An array of `[key, value]`."),
    Entry::function("Object", "fromEntries", (1, 1), "entries", "A map of an array of `[key, value]`."),
    Entry::function(
        "Object",
        "assign",
        (1, MOST),
        "target, ...sources",
        "The target with everything of the sources; the target itself is left as it is, so use what is returned.",
    ),
    Entry::function("Object", "is", (2, 2), "a, b", "Whether two values are the same."),
    Entry::function("Object", "freeze", (1, 1), "value", "The value; nothing is frozen."),
    Entry::function("map", "hasOwnProperty", (1, 1), "key", "Whether the map has the key."),
];
