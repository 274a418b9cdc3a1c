//! `Number`, numbers, `parseInt` and the like.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::function(
        "",
        "Number",
        (0, 1),
        "[value]",
        "The value as a number: text as JavaScript reads it, `true` as 1, a `Date` as its milliseconds; NaN \
         for what is none, 0 without an argument.",
    )
    .example(
        r#"
console.log(Number("21.5") + 1, Number("0x10"), Number("warm")); //=> 22.5 16 NaN
"#,
    ),
    Entry::function(
        "",
        "parseInt",
        (1, 2),
        "text[, radix]",
        "The whole number a text begins with, to a base of 2 to 36 (10, or 16 after `0x`); NaN if it begins \
         with none.",
    )
    .example(
        r#"
console.log(parseInt("21 degrees"), parseInt("ff", 16), parseInt("warm")); //=> 21 255 NaN
"#,
    ),
    Entry::function("", "parseFloat", (1, 1), "text", "The number a text begins with; NaN if it begins with none.")
        .example(
            r#"
console.log(parseFloat("21.5 degrees"), parseFloat("warm")); //=> 21.5 NaN
"#,
        ),
    Entry::function("", "isNaN", (1, 1), "value", "Whether `Number(value)` is NaN.").example(
        r#"
console.log(isNaN(Number("21.5")), isNaN("warm")); //=> false true
"#,
    ),
    Entry::function("", "isFinite", (1, 1), "value", "Whether `Number(value)` is neither NaN nor infinite.").example(
        r#"
console.log(isFinite("21.5"), isFinite(1.0 / 0.0), isFinite("warm")); //=> true false false
"#,
    ),
    Entry::function(
        "",
        "String",
        (0, 1),
        "[value]",
        "The value as text, the same as `to_string`; empty text without an argument.",
    )
    .example(
        r#"
console.log(String(21.0) + String(true)); //=> 21true
"#,
    ),
    Entry::function("", "Boolean", (0, 1), "[value]", "`false` for `()`, `false`, 0, NaN and empty text, else `true`.")
        .example(
            r#"
console.log(Boolean(""), Boolean(0), Boolean("off"), Boolean([])); //=> false false true true
"#,
        ),
    Entry::function("Number", "isInteger", (1, 1), "value", "Whether it is a number without a fraction; text is none.")
        .example(
            r#"
console.log(Number.isInteger(21.0), Number.isInteger(21.5), Number.isInteger("21")); //=> true false false
"#,
        ),
    Entry::function(
        "Number",
        "isNaN",
        (1, 1),
        "value",
        "Whether it is the number NaN; other than `isNaN` it does not look into text.",
    )
    .example(
        r#"
console.log(Number.isNaN(NaN), Number.isNaN("warm")); //=> true false
"#,
    ),
    Entry::function(
        "Number",
        "isFinite",
        (1, 1),
        "value",
        "Whether it is a finite number; other than `isFinite` it does not look into text.",
    )
    .example(
        r#"
console.log(Number.isFinite(21.5), Number.isFinite("21.5")); //=> true false
"#,
    ),
    Entry::function("Number", "parseInt", (1, 2), "text[, radix]", "The same as `parseInt`.").example(
        r#"
console.log(Number.parseInt("21 degrees")); //=> 21
"#,
    ),
    Entry::function("Number", "parseFloat", (1, 1), "text", "The same as `parseFloat`.").example(
        r#"
console.log(Number.parseFloat("21.5 degrees")); //=> 21.5
"#,
    ),
    Entry::property(
        "Number",
        "MAX_SAFE_INTEGER",
        "2^53 - 1, the last integer up to which floats have no gaps. Integers here go up to 2^63 - 1.",
    )
    .example(
        r#"
console.log(Number.MAX_SAFE_INTEGER); //=> 9007199254740991
"#,
    ),
    Entry::property("Number", "MIN_SAFE_INTEGER", "-(2^53 - 1), the first integer from which on floats have no gaps.")
        .example(
            r#"
console.log(Number.MIN_SAFE_INTEGER); //=> -9007199254740991
"#,
        ),
    Entry::property("Number", "MAX_VALUE", "The largest float that is not infinite.").example(
        r#"
console.log(Number.MAX_VALUE, Number.MAX_VALUE * 2.0); //=> 1.7976931348623157e+308 Infinity
"#,
    ),
    Entry::property("Number", "MIN_VALUE", "The smallest float above 0.").example(
        r#"
console.log(Number.MIN_VALUE, Number.MIN_VALUE / 2.0); //=> 5e-324 0
"#,
    ),
    Entry::property(
        "Number",
        "EPSILON",
        "The gap between 1 and the next float. Rhai's `==` forgives differences below it.",
    )
    .example(
        r#"
let sum = 0.1 + 0.2;
console.log(sum, sum == 0.3, sum - 0.3 < Number.EPSILON); //=> 0.30000000000000004 true true
"#,
    ),
    Entry::property("Number", "POSITIVE_INFINITY", "The same as `Infinity`.").example(
        r#"
console.log(Number.POSITIVE_INFINITY, isFinite(Number.POSITIVE_INFINITY)); //=> Infinity false
"#,
    ),
    Entry::property(
        "Number",
        "NEGATIVE_INFINITY",
        "A float smaller than every other number. Ask with `isFinite`, not with `==`.",
    )
    .example(
        r#"
let warmest = Number.NEGATIVE_INFINITY;
for degrees in [21, 18.5] { warmest = Math.max(warmest, degrees); }
console.log(warmest); //=> 21
"#,
    ),
    Entry::property("Number", "NaN", "The same as `NaN`.").example(
        r#"
console.log(Number.NaN, Number.isNaN(Number.NaN)); //=> NaN true
"#,
    ),
    Entry::function(
        "number",
        "toFixed",
        (0, 1),
        "[digits]",
        "The number as text with that many digits behind the point, 0 to 100; 0 if left out.",
    )
    .example(
        r#"
let mean = 64.0 / 3.0;
console.log(mean.toFixed(1), mean.toFixed()); //=> 21.3 21
"#,
    ),
    Entry::function(
        "number",
        "toPrecision",
        (1, 1),
        "digits",
        "The number as text with that many significant digits, 1 to 100.",
    )
    .example(
        r#"
console.log((64.0 / 3.0).toPrecision(3), (12345.6).toPrecision(2)); //=> 21.3 1.2e+4
"#,
    ),
    Entry::function(
        "number",
        "toString",
        (0, 1),
        "[radix]",
        "The number as text, to a base of 2 to 36; 10 if left out.",
    )
    .example(
        r#"
let flags = 10;
console.log(flags.toString(2), 255.toString(16)); //=> 1010 ff
"#,
    ),
];
