//! `performance`.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[Entry::function(
    "performance",
    "now",
    (0, 0),
    "",
    "Milliseconds since the program started, a float with microseconds.",
)];
