//! `require`.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[Entry::function(
    "",
    "require",
    (1, 1),
    "name",
    "A host object by its Node name: `mqtt`, `fs`, `net`, `tls`, `process`, ...",
)];
