//! Text: JavaScript's names.

use crate::api::arguments::MOST;
use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::property("string", "length", "How many characters; the same as Rhai's `len`.").example(
        r#"
console.log("Küche".length); //=> 5
"#,
    ),
    Entry::function(
        "string",
        "at",
        (1, 1),
        "index",
        "The character there as text, `()` beyond the ends; negative counts from the end.",
    )
    .example(
        r#"
console.log("kitchen".at(0), "kitchen".at(-1), "kitchen".at(9)); //=> k n undefined
"#,
    ),
    Entry::function(
        "string",
        "charAt",
        (0, 1),
        "[index]",
        "The character there as text, empty beyond the end; the first if `index` is left out.",
    )
    .example(
        r#"
console.log("kitchen".charAt(1)); //=> i
"#,
    ),
    Entry::function(
        "string",
        "charCodeAt",
        (0, 1),
        "[index]",
        "The Unicode number of the character there, the first if `index` is left out; NaN beyond the end.",
    )
    .example(
        r#"
console.log("A".charCodeAt(0), "A".charCodeAt(1)); //=> 65 NaN
"#,
    ),
    Entry::function(
        "string",
        "codePointAt",
        (0, 1),
        "[index]",
        "The Unicode number of the character there, the first if `index` is left out; `()` beyond the end.",
    )
    .example(
        r#"
console.log("€".codePointAt(0)); //=> 8364
"#,
    ),
    Entry::function("string", "concat", (0, MOST), "...values", "The text with the values joined on.").example(
        r#"
console.log("room/".concat("kitchen", "/", 21)); //=> room/kitchen/21
"#,
    ),
    Entry::function(
        "string",
        "startsWith",
        (1, 2),
        "text[, start]",
        "Whether the text starts with `text`, or has it at position `start`.",
    )
    .example(
        r#"
console.log("room/kitchen".startsWith("room/"), "room/kitchen".startsWith("kit", 5)); //=> true true
"#,
    ),
    Entry::function(
        "string",
        "endsWith",
        (1, 2),
        "text[, end]",
        "Whether the text, or its first `end` characters, ends with `text`.",
    )
    .example(
        r#"
console.log("room/kitchen/temp".endsWith("/temp"), "room/kitchen/temp".endsWith("kitchen", 12)); //=> true true
"#,
    ),
    Entry::function("string", "includes", (1, 2), "text[, start]", "Whether `text` occurs at `start` or later.")
        .example(
            r#"
console.log("room/kitchen".includes("kit"), "room/kitchen".includes("room", 1)); //=> true false
"#,
        ),
    Entry::function(
        "string",
        "indexOf",
        (1, 2),
        "text[, start]",
        "Where `text` occurs first at `start` or later, or -1.",
    )
    .example(
        r#"
let topic = "room/kitchen/temp";
console.log(topic.indexOf("/"), topic.indexOf("/", 5), topic.indexOf("cellar")); //=> 4 12 -1
"#,
    ),
    Entry::function(
        "string",
        "lastIndexOf",
        (1, 2),
        "text[, start]",
        "Where `text` occurs last, at `start` or earlier, or -1.",
    )
    .example(
        r#"
let topic = "room/kitchen/temp";
console.log(topic.slice(topic.lastIndexOf("/") + 1)); //=> temp
"#,
    ),
    Entry::function(
        "string",
        "slice",
        (0, 2),
        "[start[, end]]",
        "A copy of the characters from `start` up to but not including `end`; negative positions count from \
         the end.",
    )
    .example(
        r#"
let topic = "room/kitchen/temp";
console.log(topic.slice(5, 12), topic.slice(-4)); //=> kitchen temp
"#,
    ),
    Entry::function(
        "string",
        "substring",
        (1, 2),
        "start[, end]",
        "A copy of the characters between two positions, in any order; negative ones count as 0.",
    )
    .example(
        r#"
console.log("room/kitchen".substring(5), "room/kitchen".substring(4, 0)); //=> kitchen room
"#,
    ),
    Entry::function(
        "string",
        "substr",
        (1, 2),
        "start[, length]",
        "A copy of `length` characters from `start` on; a negative `start` counts from the end.",
    )
    .example(
        r#"
console.log("room/kitchen".substr(5, 3), "room/kitchen".substr(-3)); //=> kit hen
"#,
    ),
    Entry::function("string", "toUpperCase", (0, 0), "", "A copy in capitals.").example(
        r#"
console.log("on".toUpperCase()); //=> ON
"#,
    ),
    Entry::function("string", "toLowerCase", (0, 0), "", "A copy in small letters.").example(
        r#"
console.log("Kitchen".toLowerCase()); //=> kitchen
"#,
    ),
    Entry::function(
        "string",
        "trim",
        (0, 0),
        "",
        "Rhai's own: takes the blanks off both ends, in place; also returns the text.",
    )
    .example(
        r#"
let line = "  on \n";
line.trim();
console.log(`[${line}]`); //=> [on]
"#,
    ),
    Entry::function("string", "trimStart", (0, 0), "", "A copy without blanks, tabs and line ends at the start.")
        .example(
            r#"
console.log("[" + "  on ".trimStart() + "]"); //=> [on ]
"#,
        ),
    Entry::function("string", "trimEnd", (0, 0), "", "A copy without blanks, tabs and line ends at the end.").example(
        r#"
console.log("[" + "  on ".trimEnd() + "]"); //=> [  on]
"#,
    ),
    Entry::function(
        "string",
        "padStart",
        (1, 2),
        "length[, filler]",
        "A copy filled up at the start to `length` characters, with blanks or `filler`.",
    )
    .example(
        r#"
console.log("7".padStart(3), "7".padStart(3, "0")); //=>   7 007
"#,
    ),
    Entry::function(
        "string",
        "padEnd",
        (1, 2),
        "length[, filler]",
        "A copy filled up at the end to `length` characters, with blanks or `filler`.",
    )
    .example(
        r#"
for room in ["kitchen", "cellar"] { console.log(room.padEnd(8, ".") + " 21"); }
//=> kitchen. 21
//=> cellar.. 21
"#,
    ),
    Entry::function("string", "repeat", (1, 1), "count", "The text `count` times in a row.").example(
        r#"
console.log("-".repeat(12)); //=> ------------
"#,
    ),
    Entry::function(
        "string",
        "replace",
        (2, 2),
        "text, by",
        "Rhai's own: replaces every occurrence, in place; also returns the text. `replaceAll` leaves the text \
         as it is.",
    )
    .example(
        r#"
let topic = "room/kitchen/temp";
topic.replace("temp", "light");
console.log(topic); //=> room/kitchen/light
"#,
    ),
    Entry::function("string", "replaceAll", (2, 2), "text, by", "A copy with every occurrence of `text` replaced.")
        .example(
            r#"
console.log("room.kitchen.temp".replaceAll(".", "/")); //=> room/kitchen/temp
"#,
        ),
    Entry::function(
        "string",
        "localeCompare",
        (1, 1),
        "other",
        "-1, 0 or 1: whether the text comes before, with or after `other`, by the numbers of the characters.",
    )
    .example(
        r#"
let rooms = ["kitchen", "cellar", "hall"];
rooms.sort(|a, b| a.localeCompare(b));
console.log(rooms.join(" ")); //=> cellar hall kitchen
"#,
    ),
    Entry::function(
        "string",
        "split",
        (0, 2),
        "[separator[, most]]",
        "Rhai's own: an array of the parts between the separators, at most `most`; without a separator those \
         between blanks.",
    )
    .example(
        r#"
let levels = "room/kitchen/temp".split("/");
console.log(levels[1], levels.length); //=> kitchen 3
"#,
    ),
    Entry::function(
        "String",
        "fromCharCode",
        (0, MOST),
        "...codes",
        "Text of the characters with these Unicode numbers.",
    )
    .example(
        r#"
console.log(String.fromCharCode(79, 75)); //=> OK
"#,
    ),
    Entry::function(
        "",
        "encodeURIComponent",
        (1, 1),
        "text",
        "The text with what is special in a URL, and what is not ASCII, as `%` and two hex digits for each \
         byte.",
    )
    .example(
        r#"
console.log("mqtt://" + encodeURIComponent("me@home") + "@broker"); //=> mqtt://me%40home@broker
"#,
    ),
    Entry::function(
        "",
        "decodeURIComponent",
        (1, 1),
        "text",
        "The text that `encodeURIComponent` made this of. Throws a `URIError` if that is not possible.",
    )
    .example(
        r#"
console.log(decodeURIComponent("me%40home")); //=> me@home
"#,
    ),
];
