//! `require`.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[Entry::function(
    "",
    "require",
    (1, 1),
    "name",
    "A host object by its Node name, with or without `node:`: `mqtt`, `fs`, `net`, `tls`, `process`, \
         `buffer`, `perf_hooks`, `console`. Throws an `Error` with `code` `MODULE_NOT_FOUND` for another \
         name.",
)
.example(
    r#"
let fs = require("node:fs");
console.log(fs.existsSync("no such file")); //=> false
"#,
)];
