//! Text: JavaScript's names.

use crate::api::arguments::MOST;
use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::property("string", "length", "How many characters; Rhai's `len`."),
    Entry::function(
        "string",
        "at",
        (1, 1),
        "index",
        "The character there as text, `()` beyond the ends; negative counts from the end.",
    ),
    Entry::function("string", "charAt", (0, 1), "[index]", "The character there as text, empty beyond the end."),
    Entry::function("string", "charCodeAt", (0, 1), "[index]", "The code of the character there, NaN beyond the end."),
    Entry::function(
        "string",
        "codePointAt",
        (0, 1),
        "[index]",
        "The code of the character there, `()` beyond the end.",
    ),
    Entry::function("string", "concat", (0, MOST), "...values", "The text with the values joined on."),
    Entry::function("string", "startsWith", (1, 2), "text[, start]", "Whether it starts so."),
    Entry::function("string", "endsWith", (1, 2), "text[, end]", "Whether it ends so."),
    Entry::function("string", "includes", (1, 2), "text[, start]", "Whether it occurs."),
    Entry::function("string", "indexOf", (1, 2), "text[, start]", "Where it occurs first, or -1."),
    Entry::function("string", "lastIndexOf", (1, 2), "text[, start]", "Where it occurs last, or -1."),
    Entry::function("string", "slice", (0, 2), "[start[, end]]", "A part; negative positions count from the end."),
    Entry::function("string", "substring", (1, 2), "start[, end]", "A part between two positions in any order."),
    Entry::function("string", "substr", (1, 2), "start[, length]", "A part of a given length."),
    Entry::function("string", "toUpperCase", (0, 0), "", "In capitals."),
    Entry::function("string", "toLowerCase", (0, 0), "", "In small letters."),
    Entry::function(
        "string",
        "trim",
        (0, 0),
        "",
        "Rhai's own: without blanks at both ends, in place; also returns the text.",
    ),
    Entry::function("string", "trimStart", (0, 0), "", "A copy without blanks at the start."),
    Entry::function("string", "trimEnd", (0, 0), "", "A copy without blanks at the end."),
    Entry::function("string", "padStart", (1, 2), "length[, filler]", "A copy filled up at the start."),
    Entry::function("string", "padEnd", (1, 2), "length[, filler]", "A copy filled up at the end."),
    Entry::function("string", "repeat", (1, 1), "count", "The text that many times."),
    Entry::function(
        "string",
        "replace",
        (2, 2),
        "text, by",
        "Rhai's own: replaces every occurrence, in place; also returns the text. `replaceAll` leaves the text as it is.",
    ),
    Entry::function("string", "replaceAll", (2, 2), "text, by", "A copy with every occurrence replaced."),
    Entry::function("string", "localeCompare", (1, 1), "other", "-1, 0 or 1."),
    Entry::function(
        "string",
        "split",
        (0, 2),
        "[separator[, most]]",
        "Rhai's own: an array of the parts; without a separator at blanks.",
    ),
    Entry::function("String", "fromCharCode", (0, MOST), "...codes", "Text of the characters with these codes."),
    Entry::function("", "encodeURIComponent", (1, 1), "text", "The text with what is special in a URL as `%20`."),
    Entry::function("", "decodeURIComponent", (1, 1), "text", "The text that was so encoded."),
];
