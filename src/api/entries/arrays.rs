//! Arrays: JavaScript's names, and `Array`.

use crate::api::arguments::MOST;
use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::property("array", "length", "How many elements; the same as Rhai's `len`.").example(
        r#"
let readings = [21, 20, 22];
console.log(readings.length); //=> 3
"#,
    ),
    Entry::function(
        "array",
        "at",
        (1, 1),
        "index",
        "The element there, `()` beyond the ends; negative counts from the end.",
    )
    .example(
        r#"
let readings = [21, 20, 22];
console.log(readings.at(0), readings.at(-1), readings.at(9)); //=> 21 22 undefined
"#,
    ),
    Entry::function(
        "array",
        "concat",
        (0, MOST),
        "...values",
        "A new array with the values added at the end, the elements of arrays one by one.",
    )
    .example(
        r#"
console.log(["room/+"].concat(["alarm", "door"], "light")); //=> [ 'room/+', 'alarm', 'door', 'light' ]
"#,
    ),
    Entry::function(
        "array",
        "includes",
        (1, 2),
        "value[, start]",
        "Whether `value` is an element, at `start` or later.",
    )
    .example(
        r#"
console.log(["kitchen", "cellar"].includes("cellar")); //=> true
"#,
    ),
    Entry::function(
        "array",
        "indexOf",
        (1, 2),
        "value[, start]",
        "Where `value` is first, at `start` or later, or -1.",
    )
    .example(
        r#"
console.log(["kitchen", "cellar"].indexOf("cellar"), ["kitchen"].indexOf("hall")); //=> 1 -1
"#,
    ),
    Entry::function(
        "array",
        "lastIndexOf",
        (1, 2),
        "value[, start]",
        "Where `value` is last, at `start` or earlier, or -1.",
    )
    .example(
        r#"
console.log(["on", "off", "on"].lastIndexOf("on")); //=> 2
"#,
    ),
    Entry::function(
        "array",
        "join",
        (0, 1),
        "[separator]",
        "The elements as one text, with the separator or `,` between them.",
    )
    .example(
        r#"
console.log(["room", "kitchen", "temp"].join("/")); //=> room/kitchen/temp
"#,
    ),
    Entry::function(
        "array",
        "slice",
        (0, 2),
        "[start[, end]]",
        "A new array of the elements from `start` up to but not including `end`; negative positions count \
         from the end.",
    )
    .example(
        r#"
let readings = [18, 19, 21, 22];
console.log(readings.slice(1, 3), readings.slice(-1)); //=> [ 19, 21 ] [ 22 ]
"#,
    ),
    Entry::function("array", "keys", (0, 0), "", "An array of the positions.").example(
        r#"
for i in ["kitchen", "cellar"].keys() { console.log(i); }
//=> 0
//=> 1
"#,
    ),
    Entry::function("array", "values", (0, 0), "", "A copy of the array.").example(
        r#"
for room in ["kitchen", "cellar"].values() { console.log(room); }
//=> kitchen
//=> cellar
"#,
    ),
    Entry::function("array", "entries", (0, 0), "", "An array of `[position, element]`.").example(
        r#"
for entry in ["kitchen", "cellar"].entries() { console.log(entry[0] + ": " + entry[1]); }
//=> 0: kitchen
//=> 1: cellar
"#,
    ),
    Entry::function(
        "array",
        "flat",
        (0, 1),
        "[depth]",
        "A copy with arrays inside it opened up, `depth` levels deep (1).",
    )
    .example(
        r#"
console.log([[18, 19], [21, [22]]].flat()); //=> [ 18, 19, 21, [ 22 ] ]
"#,
    ),
    Entry::function(
        "array",
        "flatMap",
        (1, 1),
        "f(element, index, array)",
        "An array of the results of `f`, with those that are arrays opened up.",
    )
    .example(
        r#"
console.log(["kitchen", "cellar"].flatMap(|room| [room + "/temp", room + "/light"]).join(" "));
//=> kitchen/temp kitchen/light cellar/temp cellar/light
"#,
    ),
    Entry::function("array", "forEach", (1, 1), "f(element, index, array)", "Calls `f` for each element.").example(
        r#"
["kitchen", "cellar"].forEach(|room, i| console.log(i + 1, room));
//=> 1 kitchen
//=> 2 cellar
"#,
    ),
    Entry::function("array", "map", (1, 1), "f(element, index, array)", "An array of the results of `f`.").example(
        r#"
console.log(["kitchen", "cellar"].map(|room| `room/${room}/temp`)); //=> [ 'room/kitchen/temp', 'room/cellar/temp' ]
"#,
    ),
    Entry::function(
        "array",
        "filter",
        (1, 1),
        "f(element, index, array)",
        "A new array of the elements for which `f` holds.",
    )
    .example(
        r#"
console.log([18, 21, 25].filter(|degrees| degrees > 20)); //=> [ 21, 25 ]
"#,
    ),
    Entry::function(
        "array",
        "find",
        (1, 1),
        "f(element, index, array)",
        "The first element for which `f` holds, or `()`.",
    )
    .example(
        r#"
let rooms = [#{name: "cellar", degrees: 12}, #{name: "kitchen", degrees: 21}];
console.log(rooms.find(|room| room.degrees > 20).name); //=> kitchen
"#,
    ),
    Entry::function(
        "array",
        "findIndex",
        (1, 1),
        "f(element, index, array)",
        "The position of the first element for which `f` holds, or -1.",
    )
    .example(
        r#"
console.log([18, 21, 25].findIndex(|degrees| degrees > 20)); //=> 1
"#,
    ),
    Entry::function(
        "array",
        "findLast",
        (1, 1),
        "f(element, index, array)",
        "The last element for which `f` holds, or `()`.",
    )
    .example(
        r#"
console.log([18, 21, 25, 19].findLast(|degrees| degrees > 20)); //=> 25
"#,
    ),
    Entry::function(
        "array",
        "findLastIndex",
        (1, 1),
        "f(element, index, array)",
        "The position of the last element for which `f` holds, or -1.",
    )
    .example(
        r#"
console.log([18, 21, 25, 19].findLastIndex(|degrees| degrees > 20)); //=> 2
"#,
    ),
    Entry::function("array", "some", (1, 1), "f(element, index, array)", "Whether `f` holds for any element.").example(
        r#"
console.log([18, 21].some(|degrees| degrees > 20)); //=> true
"#,
    ),
    Entry::function("array", "every", (1, 1), "f(element, index, array)", "Whether `f` holds for all elements.")
        .example(
            r#"
console.log([18, 21].every(|degrees| degrees > 20)); //=> false
"#,
        ),
    Entry::function(
        "array",
        "reduce",
        (1, 2),
        "f(result, element, index, array), initial",
        "Folds the elements into one value. Without `initial` it starts with `()`, as in Rhai.",
    )
    .example(
        r#"
let readings = [18, 21, 24];
let sum = readings.reduce(|sum, degrees| sum + degrees, 0);
console.log(sum / readings.length); //=> 21
"#,
    ),
    Entry::function(
        "array",
        "reduceRight",
        (1, 2),
        "f(result, element, index, array)[, initial]",
        "Folds the elements into one value like `reduce`, from the last to the first.",
    )
    .example(
        r#"
console.log(["temp", "kitchen", "room"].reduceRight(|topic, level| topic + "/" + level, "home"));
//=> home/room/kitchen/temp
"#,
    ),
    Entry::function("array", "push", (1, MOST), "...values", "Adds the values at the end; returns the new length.")
        .example(
            r#"
let readings = [];
readings.push(21);
console.log(readings.push(22, 20), readings); //=> 3 [ 21, 22, 20 ]
"#,
        ),
    Entry::function(
        "array",
        "unshift",
        (1, MOST),
        "...values",
        "Adds the values at the start; returns the new length.",
    )
    .example(
        r#"
let queue = ["second"];
queue.unshift("first");
console.log(queue); //=> [ 'first', 'second' ]
"#,
    ),
    Entry::function("array", "reverse", (0, 0), "", "Reverses in place; returns the array.").example(
        r#"
console.log([18, 21, 24].reverse()); //=> [ 24, 21, 18 ]
"#,
    ),
    Entry::function(
        "array",
        "sort",
        (0, 1),
        "[compare(a, b)]",
        "Sorts in place; returns the array. `compare` returns a number below, at or above 0, or `true` for \
         `a` before `b`. Without it numbers are sorted by size and texts by the numbers of their characters.",
    )
    .example(
        r#"
let rooms = [#{name: "cellar", degrees: 12}, #{name: "attic", degrees: 9}];
rooms.sort(|a, b| a.degrees - b.degrees);
console.log(rooms[0].name, [10, 9, 1].sort()); //=> attic [ 1, 9, 10 ]
"#,
    ),
    Entry::function(
        "array",
        "splice",
        (1, MOST),
        "start[, count[, ...values]]",
        "Takes out `count` elements (all, if left out) from `start` on and puts the values there, in place; \
         returns an array of those taken out. An array as only value is inserted element by element, as in \
         Rhai.",
    )
    .example(
        r#"
let rooms = ["hall", "kitchen", "cellar"];
console.log(rooms.splice(1, 1, "bath"), rooms); //=> [ 'kitchen' ] [ 'hall', 'bath', 'cellar' ]
"#,
    ),
    Entry::function(
        "array",
        "fill",
        (1, 3),
        "value[, start[, end]]",
        "Overwrites the elements from `start` up to but not including `end` with `value`, in place; returns \
         the array.",
    )
    .example(
        r#"
console.log([1, 2, 3].fill(0), [1, 2, 3].fill(0, 1)); //=> [ 0, 0, 0 ] [ 1, 0, 0 ]
"#,
    ),
    Entry::function("Array", "isArray", (1, 1), "value", "Whether the value is an array.").example(
        r#"
console.log(Array.isArray(JSON.parse("[21, 22]")), Array.isArray("21, 22")); //=> true false
"#,
    ),
    Entry::function(
        "Array",
        "from",
        (1, 2),
        "value[, f(element, index)]",
        "A new array of the elements of an array, the characters of a text, the bytes of a Buffer, the \
         numbers of a range, or `n` times `()` of `#{length: n}`; with `f` of its results for them.",
    )
    .example(
        r#"
console.log(Array.from(1..4, |n| `sensor${n}`)); //=> [ 'sensor1', 'sensor2', 'sensor3' ]
"#,
    ),
    Entry::function("Array", "of", (0, MOST), "...values", "An array of the values, like `[...]`.").example(
        r#"
console.log(Array.of(18, 21)); //=> [ 18, 21 ]
"#,
    ),
];
