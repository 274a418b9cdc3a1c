//! `fs` and what `statSync` returns.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::function(
        "fs",
        "readFileSync",
        (1, 2),
        "path[, \"utf8\" or #{encoding}]",
        "The content as a Buffer, or as text if an encoding is given.",
    ),
    Entry::function(
        "fs",
        "writeFileSync",
        (2, 3),
        "path, data[, encoding or #{encoding, flag}]",
        "Writes text or bytes, replacing what was there.",
    ),
    Entry::function(
        "fs",
        "appendFileSync",
        (2, 3),
        "path, data[, encoding]",
        "Adds text or bytes at the end; makes the file if need be.",
    ),
    Entry::function("fs", "existsSync", (1, 1), "path", "Whether there is such a file or directory."),
    Entry::function("fs", "readdirSync", (0, 1), "[path]", "The names in a directory, sorted."),
    Entry::function(
        "fs",
        "mkdirSync",
        (1, 2),
        "path[, #{recursive}]",
        "Makes a directory, with its parents if `recursive`.",
    ),
    Entry::function("fs", "unlinkSync", (1, 1), "path", "Removes a file."),
    Entry::function(
        "fs",
        "rmSync",
        (1, 2),
        "path[, #{recursive, force}]",
        "Removes a file, or a directory if `recursive`; `force` forgives what is not there.",
    ),
    Entry::function("fs", "rmdirSync", (1, 2), "path[, #{recursive}]", "Removes an empty directory."),
    Entry::function("fs", "statSync", (1, 1), "path", "`size`, `mtimeMs`, `mode`, `isFile()`, `isDirectory()`."),
    Entry::property("Stats", "size", "Bytes."),
    Entry::property("Stats", "mode", "Type and permissions as the system has them."),
    Entry::property("Stats", "mtimeMs", "When it was last changed, in milliseconds since 1970."),
    Entry::function("Stats", "isFile", (0, 0), "", "Whether it is a file."),
    Entry::function("Stats", "isDirectory", (0, 0), "", "Whether it is a directory."),
    Entry::function("fs", "renameSync", (2, 2), "from, to", "Renames or moves."),
    Entry::function("fs", "copyFileSync", (2, 2), "from, to", "Copies a file."),
];
