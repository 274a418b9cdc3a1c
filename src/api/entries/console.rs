//! `console`, `print`, `debug`.

use crate::api::arguments::MOST;
use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::function(
        "console",
        "log",
        (0, MOST),
        "...values",
        "Prints the values on one line, joined by blanks; `%s %d %i %f %j %o %O` in a first text are filled in.",
    ),
    Entry::function("console", "info", (0, MOST), "...values", "Same as `log`."),
    Entry::function("console", "debug", (0, MOST), "...values", "Same as `log`."),
    Entry::function("console", "warn", (0, MOST), "...values", "Prints to standard error."),
    Entry::function("console", "error", (0, MOST), "...values", "Prints to standard error."),
    Entry::function(
        "console",
        "trace",
        (0, MOST),
        "...values",
        "Prints `Trace: ...` and the place of the call to standard error.",
    ),
    Entry::function("console", "table", (0, 2), "data[, columns]", "Prints an array or map of rows as a table."),
    Entry::function(
        "console",
        "dir",
        (0, 2),
        "value[, #{depth}]",
        "Prints one value as `log` shows it inside others; `depth: ()` shows all levels.",
    ),
    Entry::function("console", "time", (0, 1), "[label]", "Starts a stopwatch."),
    Entry::function("console", "timeLog", (0, MOST), "[label, ...values]", "Prints the time since `time(label)`."),
    Entry::function("console", "timeEnd", (0, 1), "[label]", "Prints the time since `time(label)` and stops it."),
    Entry::function(
        "console",
        "assert",
        (0, MOST),
        "condition, ...values",
        "Prints `Assertion failed` to standard error unless the condition holds.",
    ),
    Entry::function("console", "count", (0, 1), "[label]", "Prints how often it was called with this label."),
    Entry::function("console", "countReset", (0, 1), "[label]", "Starts counting anew."),
    Entry::function("console", "group", (0, MOST), "...values", "Prints the values and indents what follows by two."),
    Entry::function("console", "groupEnd", (0, 0), "", "Ends the indentation of the last `group`."),
    Entry::function("", "print", (0, 1), "[value]", "Rhai's own: prints the value on a line."),
    Entry::function("", "debug", (0, 1), "[value]", "Rhai's own: prints the value as Rhai writes it."),
];
