//! `performance`.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[Entry::function(
    "performance",
    "now",
    (0, 0),
    "",
    "Milliseconds since the program started, a float with microseconds.",
)
.example(
    r#"
let start = performance.now();
let sum = 0;
for i in 0..1000 { sum += i; }
console.log(`summed up in ${(performance.now() - start).toFixed(3)} ms`); //~> summed up in 0.524 ms
"#,
)];
