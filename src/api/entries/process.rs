//! `process`, its standard input and output.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::function(
        "process",
        "exit",
        (0, 1),
        "[code]",
        "Ends the program. Code 0 first sends what was accepted (at most `--exit-timeout`); any other code does not, so that wills are published.",
    ),
    Entry::function("", "exit", (0, 1), "[code]", "The same as `process.exit`."),
    Entry::function(
        "process",
        "on",
        (2, 2),
        "event, listener",
        "Calls `listener` each time `event` happens; returns `process`.",
    ),
    Entry::function("process", "addListener", (2, 2), "event, listener", "The same as `on`."),
    Entry::function("process", "removeListener", (2, 2), "event, listener", "The same as `off`."),
    Entry::function(
        "process",
        "once",
        (2, 2),
        "event, listener",
        "Calls `listener` the next time `event` happens, only.",
    ),
    Entry::function(
        "process",
        "off",
        (2, 2),
        "event, listener",
        "Removes the listener that was added last with this function.",
    ),
    Entry::function("process", "uptime", (0, 0), "", "Seconds since the program started."),
    Entry::function(
        "process",
        "hrtime",
        (0, 1),
        "[earlier]",
        "`[seconds, nanoseconds]` of a clock that never goes back, or since `earlier`.",
    ),
    Entry::function("process", "memoryUsage", (0, 0), "", "`#{rss}`: memory in use, bytes."),
    Entry::function("process", "cwd", (0, 0), "", "The current directory."),
    Entry::function("process", "nextTick", (1, 15), "callback[, ...arguments]", "The same as `set_immediate`."),
    Entry::property("process", "argv", "The binary, the script and its arguments."),
    Entry::property("process", "env", "The environment, as a map."),
    Entry::property("process", "pid", "The process id."),
    Entry::property("process", "platform", "`linux`, `darwin`, `win32`, ..."),
    Entry::property("process", "version", "The version of this program."),
    Entry::property("process", "stdin", "Standard input: `process.stdin.on(\"line\", |line| ...)`."),
    Entry::property("process", "stdout", "Standard output: `process.stdout.write(text)`."),
    Entry::property("process", "exitCode", "The exit code of a program that ends by itself; assignable."),
    Entry::event(
        "process",
        "exit",
        "code",
        "The program ends with this exit code; `process.exitCode` can still change it. Nothing is waited for any more.",
    ),
    Entry::event(
        "process",
        "SIGINT",
        "signal",
        "Ctrl-C. With a listener the program goes on unless the listener ends it.",
    ),
    Entry::event(
        "process",
        "SIGTERM",
        "signal",
        "The program is asked to end, for example by `systemctl stop`. With a listener it goes on unless the listener ends it.",
    ),
];

/// `process.stdin`.
pub const STDIN: &[Entry] = &[
    Entry::function(
        "Stdin",
        "on",
        (2, 2),
        "event, listener",
        "Calls `listener` each time `event` happens; returns `process.stdin`.",
    ),
    Entry::function("Stdin", "addListener", (2, 2), "event, listener", "The same as `on`."),
    Entry::function(
        "Stdin",
        "once",
        (2, 2),
        "event, listener",
        "Calls `listener` the next time `event` happens, only.",
    ),
    Entry::event("Stdin", "line", "line", "A line has come, given without its end."),
    Entry::event("Stdin", "data", "line", "The same as `line`."),
    Entry::event("Stdin", "end", "", "Nothing more will come."),
];

/// `process.stdout`.
pub const STDOUT: &[Entry] =
    &[Entry::function("Stdout", "write", (1, 1), "text", "Writes text as it is, without a line end.")];
