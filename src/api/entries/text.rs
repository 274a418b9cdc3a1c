//! `to_string` and the values that have no object.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::function("", "toString", (1, 1), "value", "The value as text; the same as `to_string`.").example(
        r#"
console.log("retain: " + toString(true)); //=> retain: true
"#,
    ),
    Entry::property(
        "",
        "NaN",
        "Not a number: what a calculation without a result gives. It equals nothing, not even itself; ask \
         with `isNaN`.",
    )
    .example(
        r#"
let degrees = Number("n/a");
console.log(degrees, degrees == NaN, isNaN(degrees)); //=> NaN false true
"#,
    ),
    Entry::property("", "Infinity", "A float larger than every other number. Ask with `isFinite`, not with `==`.")
        .example(
            r#"
let coldest = Infinity;
for degrees in [21, 18.5, 23] { coldest = Math.min(coldest, degrees); }
console.log(coldest); //=> 18.5
"#,
        ),
    Entry::property("", "undefined", "JavaScript's name for `()`: no value.").example(
        r#"
let room = #{name: "kitchen"};
console.log(room.degrees == undefined, room.degrees); //=> true undefined
"#,
    ),
    Entry::function(
        "",
        "to_string",
        (1, 1),
        "value",
        "The value as text: whole floats without `.0`, arrays as `1,2,3`, maps as `[object Object]`, `()` as \
         nothing.",
    )
    .example(
        r#"
console.log("[" + to_string(21.0) + "] [" + to_string([1, 2]) + "] [" + to_string(()) + "]"); //=> [21] [1,2] []
"#,
    ),
];
