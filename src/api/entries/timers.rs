//! Timers.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::function(
        "",
        "set_timeout",
        (1, 15),
        "callback[, delay, ...arguments]",
        "Calls `callback(...arguments)` once, `delay` ms from now; returns a `Timeout`.",
    ),
    Entry::function(
        "",
        "set_interval",
        (1, 15),
        "callback[, period, ...arguments]",
        "Calls `callback(...arguments)` every `period` ms; returns a `Timeout`.",
    ),
    Entry::function(
        "",
        "set_immediate",
        (1, 15),
        "callback[, ...arguments]",
        "Calls `callback(...arguments)` in the next turn, before timers and events.",
    ),
    Entry::function(
        "",
        "clear_timeout",
        (0, 1),
        "timeout",
        "Stops a timeout or an interval; anything else is ignored.",
    ),
    Entry::function("", "clear_interval", (0, 1), "timeout", "The same as `clear_timeout`."),
    Entry::function("", "setTimeout", (1, 15), "callback[, delay, ...arguments]", "`set_timeout` as Node spells it."),
    Entry::function(
        "",
        "setInterval",
        (1, 15),
        "callback[, period, ...arguments]",
        "`set_interval` as Node spells it.",
    ),
    Entry::function("", "setImmediate", (1, 15), "callback[, ...arguments]", "`set_immediate` as Node spells it."),
    Entry::function("", "clearTimeout", (0, 1), "timeout", "`clear_timeout` as Node spells it."),
    Entry::function("", "clearInterval", (0, 1), "timeout", "`clear_interval` as Node spells it."),
    Entry::function(
        "",
        "sleep",
        (1, 1),
        "ms",
        "Blocks the script for `ms` milliseconds; other events queue up meanwhile.",
    ),
    Entry::function("Timeout", "ref", (0, 0), "", "Keeps the program alive while the timer is pending (the default)."),
    Entry::function("Timeout", "unref", (0, 0), "", "Lets the program end although the timer is pending."),
    Entry::function("Timeout", "has_ref", (0, 0), "", "Whether the timer keeps the program alive."),
];
