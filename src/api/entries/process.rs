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
    Entry::function("process", "on", (2, 2), "event, listener", "`exit` (`listener(code)`), `SIGINT` or `SIGTERM`."),
    Entry::function("process", "once", (2, 2), "event, listener", "Like `on`, for one time."),
    Entry::function("process", "off", (2, 2), "event, listener", "Removes a listener."),
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
    Entry::property(
        "process",
        "env",
        "The environment variables that `--allow-env` allows: `process.env.HOME`; `()` if one is not set.",
    ),
    Entry::property("process", "pid", "The process id."),
    Entry::property("process", "platform", "`linux`, `darwin`, `win32`, ..."),
    Entry::property("process", "version", "The version of this program."),
    Entry::property("process", "stdin", "Standard input: `process.stdin.on(\"line\", |line| ...)`."),
    Entry::property("process", "stdout", "Standard output: `process.stdout.write(text)`."),
    Entry::property("process", "exitCode", "The exit code of a program that ends by itself; assignable."),
    Entry::function("Stdin", "on", (2, 2), "event, listener", "`line` (`listener(text)`) or `end`."),
    Entry::function("Stdout", "write", (1, 1), "text", "Writes text as it is, without a line end."),
];
