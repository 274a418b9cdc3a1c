//! Maps, and `Object`.

use crate::api::arguments::MOST;
use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::function("Object", "keys", (1, 1), "map", "An array of the keys, sorted.").example(
        r#"
console.log(Object.keys(#{kitchen: 21, cellar: 12})); //=> [ 'cellar', 'kitchen' ]
"#,
    ),
    Entry::function("Object", "values", (1, 1), "map", "An array of the values in the order of their keys.").example(
        r#"
console.log(Object.values(#{kitchen: 21, cellar: 12})); //=> [ 12, 21 ]
"#,
    ),
    Entry::function("Object", "entries", (1, 1), "map", "An array of `[key, value]` in the order of the keys.")
        .example(
            r#"
for entry in Object.entries(#{kitchen: 21, cellar: 12}) { console.log(entry[0], entry[1]); }
//=> cellar 12
//=> kitchen 21
"#,
        ),
    Entry::function("Object", "fromEntries", (1, 1), "entries", "A map of an array of `[key, value]`.").example(
        r#"
console.log(Object.fromEntries([["kitchen", 21], ["cellar", 12]])); //=> { cellar: 12, kitchen: 21 }
"#,
    ),
    Entry::function(
        "Object",
        "assign",
        (1, MOST),
        "target, ...sources",
        "The target with everything of the sources; the target itself is left as it is, so use what is \
         returned.",
    )
    .example(
        r#"
let defaults = #{qos: 0, retain: false};
console.log(Object.assign(defaults, #{qos: 1})); //=> { qos: 1, retain: false }
"#,
    ),
    Entry::function("Object", "is", (2, 2), "a, b", "Whether two values are the same; NaN is the same as NaN.")
        .example(
            r#"
console.log(Object.is("on", "on"), Object.is(NaN, NaN), Object.is(1, "1")); //=> true true false
"#,
        ),
    Entry::function(
        "Object",
        "freeze",
        (1, 1),
        "value",
        "Returns the value; nothing is frozen. A Rhai `const` can be neither assigned nor changed.",
    )
    .example(
        r#"
let limits = Object.freeze(#{low: 19, high: 21});
console.log(limits.low); //=> 19
"#,
    ),
    Entry::function("map", "hasOwnProperty", (1, 1), "key", "Whether the map has the key.").example(
        r#"
let rooms = #{kitchen: 21};
console.log(rooms.hasOwnProperty("kitchen"), rooms.hasOwnProperty("cellar")); //=> true false
"#,
    ),
];
