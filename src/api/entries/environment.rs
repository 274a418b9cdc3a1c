//! `process.env`.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::function(
        "env",
        "get",
        (1, 1),
        "name",
        "The variable, `()` if it is not set; the same as `process.env.NAME`. An error if `--allow-env` does \
         not allow it.",
    )
    .example(
        r#"
process.env.ROOM = "kitchen"; // with --allow-env=ROOM
console.log(process.env.get("ROOM")); //=> kitchen
"#,
    ),
    Entry::function("env", "contains", (1, 1), "name", "Whether the variable is set; also `name in process.env`.")
        .example(
            r#"
process.env.ROOM = "kitchen"; // with --allow-env=ROOM
console.log(process.env.contains("ROOM")); //=> true
"#,
        ),
    Entry::function("env", "hasOwnProperty", (1, 1), "name", "The same as `contains`.").example(
        r#"
process.env.ROOM = "kitchen"; // with --allow-env=ROOM
console.log(process.env.hasOwnProperty("ROOM")); //=> true
"#,
    ),
    Entry::function("env", "keys", (0, 0), "", "The names of the variables that may be seen, sorted.").example(
        r#"
process.env.ROOM = "kitchen"; // with --allow-env=ROOM
console.log(process.env.keys().contains("ROOM")); //=> true
"#,
    ),
    Entry::function("env", "values", (0, 0), "", "Their values, in the order of `keys`.").example(
        r#"
process.env.ROOM = "kitchen"; // with --allow-env=ROOM
console.log(process.env.values().contains("kitchen")); //=> true
"#,
    ),
    Entry::function("env", "len", (0, 0), "", "How many variables may be seen.").example(
        r#"
process.env.ROOM = "kitchen"; // with --allow-env=ROOM
console.log(process.env.len() > 0); //=> true
"#,
    ),
];
