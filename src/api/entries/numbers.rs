//! `Number`, numbers, `parseInt` and the like.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::function("", "Number", (0, 1), "[value]", "The value as a number; NaN for what is none."),
    Entry::function("", "parseInt", (1, 2), "text[, radix]", "The whole number a text begins with, or NaN."),
    Entry::function("", "parseFloat", (1, 1), "text", "The number a text begins with, or NaN."),
    Entry::function("", "isNaN", (1, 1), "value", "Whether `Number(value)` is NaN."),
    Entry::function("", "isFinite", (1, 1), "value", "Whether `Number(value)` is neither NaN nor infinite."),
    Entry::function("", "String", (0, 1), "[value]", "The value as text."),
    Entry::function("", "Boolean", (0, 1), "[value]", "`false` for `()`, `false`, 0, NaN and empty text, else `true`."),
    Entry::function("Number", "isInteger", (1, 1), "value", "Whether it is a number without a fraction."),
    Entry::function("Number", "isNaN", (1, 1), "value", "Whether it is NaN."),
    Entry::function("Number", "isFinite", (1, 1), "value", "Whether it is a finite number."),
    Entry::function("Number", "parseInt", (1, 2), "text[, radix]", "Same as `parseInt`."),
    Entry::function("Number", "parseFloat", (1, 1), "text", "Same as `parseFloat`."),
    Entry::property("Number", "MAX_SAFE_INTEGER", "2^53 - 1."),
    Entry::property("Number", "MIN_SAFE_INTEGER", "-(2^53 - 1)."),
    Entry::property("Number", "MAX_VALUE", "The largest float."),
    Entry::property("Number", "MIN_VALUE", "The smallest positive float."),
    Entry::property("Number", "EPSILON", "The gap between 1 and the next float."),
    Entry::property("Number", "POSITIVE_INFINITY", "Infinity."),
    Entry::property("Number", "NEGATIVE_INFINITY", "-Infinity."),
    Entry::property("Number", "NaN", "Not a number."),
    Entry::function(
        "number",
        "toFixed",
        (0, 1),
        "[digits]",
        "The number as text with that many digits behind the point.",
    ),
    Entry::function("number", "toPrecision", (1, 1), "digits", "The number as text with that many significant digits."),
    Entry::function("number", "toString", (0, 1), "[radix]", "The number as text to a base of 2 to 36."),
];
