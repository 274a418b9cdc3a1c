//! `Buffer`.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::function(
        "Buffer",
        "from",
        (1, 2),
        "value[, encoding]",
        "Bytes of a text (`utf8`, `hex`, `base64`, `base64url`, `latin1`, `ascii`, `utf16le`), an array of numbers, a blob or a Buffer.",
    ),
    Entry::function("Buffer", "alloc", (1, 3), "size[, fill[, encoding]]", "`size` bytes, all 0 or repeating `fill`."),
    Entry::function("Buffer", "concat", (1, 2), "list[, length]", "One Buffer of all Buffers in an array."),
    Entry::function("Buffer", "byteLength", (1, 2), "text[, encoding]", "How many bytes a text takes."),
    Entry::function("Buffer", "isBuffer", (1, 1), "value", "Whether a value is a Buffer."),
    Entry::function("Buffer", "isEncoding", (1, 1), "name", "Whether `toString` knows an encoding."),
    Entry::function("Buffer", "compare", (2, 2), "a, b", "-1, 0 or 1, byte by byte."),
    Entry::property("Buffer", "length", "How many bytes."),
    Entry::function("Buffer", "len", (0, 0), "", "How many bytes."),
    Entry::function(
        "Buffer",
        "toString",
        (0, 3),
        "[encoding[, start[, end]]]",
        "The bytes as text; bytes that are not UTF-8 become U+FFFD.",
    ),
    Entry::function("Buffer", "json", (0, 0), "", "The value that the bytes describe as JSON; throws as `JSON.parse`."),
    Entry::function("Buffer", "slice", (0, 2), "[start[, end]]", "A part; negative positions count from the end."),
    Entry::function("Buffer", "subarray", (0, 2), "[start[, end]]", "Same as `slice`."),
    Entry::function("Buffer", "equals", (1, 1), "other", "Whether the bytes are the same; `==` also takes text."),
    Entry::function("Buffer", "includes", (1, 3), "value[, start[, encoding]]", "Whether text, bytes or a byte occur."),
    Entry::function(
        "Buffer",
        "indexOf",
        (1, 3),
        "value[, start[, encoding]]",
        "Where text, bytes or a byte occur first, or -1.",
    ),
    Entry::function("Buffer", "lastIndexOf", (1, 3), "value[, start[, encoding]]", "Where they occur last, or -1."),
    Entry::function("Buffer", "to_blob", (0, 0), "", "The bytes as Rhai's blob."),
    Entry::function("Buffer", "toJSON", (0, 0), "", "`#{type: \"Buffer\", data: [...]}`."),
    Entry::function(
        "Buffer",
        "fill",
        (1, 3),
        "value[, start[, end]]",
        "Overwrites bytes with a number or text, in place.",
    ),
    Entry::function(
        "Buffer",
        "write",
        (1, 4),
        "text[, offset[, length]][, encoding]",
        "Writes text in place; returns the bytes written.",
    ),
    Entry::function(
        "",
        "Buffer",
        (1, 2),
        "value[, encoding]",
        "Old form of `Buffer.from`; of a number, `Buffer.alloc`.",
    ),
    Entry::function("Buffer", "allocUnsafe", (1, 1), "size", "Same as `alloc`."),
    Entry::function("Buffer", "contains", (1, 1), "value", "What `value in buffer` asks."),
    Entry::function("Buffer", "is_empty", (0, 0), "", "Whether there are no bytes."),
];
