//! `JSON`.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::function(
        "JSON",
        "parse",
        (1, 1),
        "text",
        "The value that a text, Buffer or blob of JSON describes: objects as maps, whole numbers as integers, \
         `null` as `()`. Throws an `Error` with Node's text if it is not JSON.",
    )
    .example(
        r#"
let reading = JSON.parse("{\"room\": \"kitchen\", \"degrees\": 21.5, \"alarm\": null}");
console.log(reading.room, reading.degrees, reading.alarm); //=> kitchen 21.5 undefined
try { JSON.parse("on"); } catch (error) { console.log(error.name); } //=> SyntaxError
"#,
    ),
    Entry::function(
        "JSON",
        "stringify",
        (1, 3),
        "value[, (), indent]",
        "The value as JSON text; `indent` is a number of blanks or a text per level. Functions are left out, \
         NaN and `()` become `null`; of `()` or a function itself it returns `()`.",
    )
    .example(
        r#"
console.log(JSON.stringify(#{room: "kitchen", degrees: [21, 21.5]}));
//=> {"degrees":[21,21.5],"room":"kitchen"}
console.log(JSON.stringify(#{on: true}, (), 2));
//=> {
//=>   "on": true
//=> }
"#,
    ),
];
