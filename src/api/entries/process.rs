//! `process`, its standard input and output.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::function(
        "process",
        "exit",
        (0, 1),
        "[code]",
        "Ends the program with `code`, or `process.exitCode`, or 0. Code 0 first sends what was accepted (at \
         most `--exit-timeout`); any other code does not, so that wills are published. Nothing behind it \
         runs.",
    )
    .example(
        r#"
if process.argv.get(9) == () {
    console.error("usage: ..."); //2> usage: ...
    process.exit(2); //exit> 2
}
"#,
    ),
    Entry::function("", "exit", (0, 1), "[code]", "The same as `process.exit`.").example(
        r#"
console.log("that is all"); //=> that is all
exit();
console.log("never printed");
"#,
    ),
    Entry::function(
        "process",
        "on",
        (2, 2),
        "event, listener",
        "Calls `listener` each time `event` happens: `exit`, `SIGINT` or `SIGTERM`. Returns `process`.",
    )
    .example(
        r#"
process.on("exit", |code| console.log("ends with " + code)); //=> ends with 0
"#,
    ),
    Entry::function("process", "addListener", (2, 2), "event, listener", "The same as `on`.").example(
        r#"
process.addListener("exit", |code| console.log("ends with " + code)); //=> ends with 0
"#,
    ),
    Entry::function("process", "removeListener", (2, 2), "event, listener", "The same as `off`.").example(
        r#"
let listener = |code| console.log("ends with " + code);
process.on("exit", listener);
process.removeListener("exit", listener);
"#,
    ),
    Entry::function(
        "process",
        "once",
        (2, 2),
        "event, listener",
        "Calls `listener` the next time `event` happens, only.",
    )
    .example(
        r#"
process.once("SIGINT", || {
    console.log("saving; press Ctrl-C again to stop at once");
    process.exit();
});
"#,
    ),
    Entry::function(
        "process",
        "off",
        (2, 2),
        "event, listener",
        "Removes the listener that was added last with this function.",
    )
    .example(
        r#"
fn farewell(code) { console.log("ends with " + code); }
let listener = |code| farewell(code);
process.on("exit", listener);
process.off("exit", listener);
"#,
    ),
    Entry::function("process", "uptime", (0, 0), "", "Seconds since the program started, a float.").example(
        r#"
console.log(process.uptime() < 60); //=> true
"#,
    ),
    Entry::function(
        "process",
        "hrtime",
        (0, 1),
        "[earlier]",
        "`[seconds, nanoseconds]` of a clock that never goes back, or of the time since `earlier`, such a \
         pair.",
    )
    .example(
        r#"
let start = process.hrtime();
let took = process.hrtime(start);
console.log(took[0], took[1] < 1000000000); //=> 0 true
"#,
    ),
    Entry::function("process", "memoryUsage", (0, 0), "", "The map `#{rss}`: the memory the process has, in bytes.")
        .example(
            r#"
console.log(process.memoryUsage().rss > 1000000); //=> true
"#,
        ),
    Entry::function("process", "cwd", (0, 0), "", "The current directory, which relative paths start from.").example(
        r#"
console.log(process.cwd().startsWith("/")); //=> true
"#,
    ),
    Entry::function(
        "process",
        "nextTick",
        (1, 15),
        "callback[, ...arguments]",
        "Calls `callback(...arguments)` in the next turn; the same as `set_immediate`.",
    )
    .example(
        r#"
process.nextTick(|room| console.log("then " + room), "cellar");
console.log("first kitchen");
//=> first kitchen
//=> then cellar
"#,
    ),
    Entry::property(
        "process",
        "argv",
        "An array: the path of the binary, the name of the script, and the script's arguments.",
    )
    .example(
        r#"
// mqttscript example.rhai kitchen cellar
for room in process.argv.slice(2) { console.log(room); }
//=> kitchen
//=> cellar
console.log(process.argv.get(4) ?? "no third room"); //=> no third room
"#,
    ),
    Entry::property(
        "process",
        "env",
        "The environment variables that `--allow-env` allows: `process.env.HOME`; `()` if one is not set.",
    )
    .example(
        r#"
let url = process.env.BROKER ?? "mqtt://localhost"; // with --allow-env=BROKER
console.log(url.startsWith("mqtt:")); //=> true
"#,
    ),
    Entry::property("process", "pid", "The process id, which is in the client identifiers of the tutorials.").example(
        r#"
console.log(process.pid > 0); //=> true
"#,
    ),
    Entry::property("process", "platform", "The system: `linux`, `darwin`, `win32`, ...").example(
        r#"
let folder = if process.platform == "win32" { process.env.TEMP } else { "/tmp" };
console.log(folder); //=> /tmp
"#,
    ),
    Entry::property("process", "version", "The version of this program, with a `v`.").example(
        r#"
console.log("mqttscript " + process.version); //~> mqttscript v0.1.0
"#,
    ),
    Entry::property("process", "stdin", "Standard input, see [`process.stdin`](#Stdin).").example(
        r#"
process.stdin.on("line", |line| console.log("read " + line));
//=> read kitchen
//=> read cellar
"#,
    ),
    Entry::property("process", "stdout", "Standard output, see [`process.stdout`](#Stdout).").example(
        r#"
process.stdout.write("21 degrees\n"); //=> 21 degrees
"#,
    ),
    Entry::property(
        "process",
        "exitCode",
        "The exit code of a program that ends by itself or by `process.exit()`; assignable, `()` until then.",
    )
    .example(
        r#"
process.exitCode = 3; //exit> 3
console.log("not all rooms answered"); //=> not all rooms answered
"#,
    ),
    Entry::event(
        "process",
        "exit",
        "code",
        "The program ends with this exit code, which `process.exitCode` can still change. Nothing that calls \
         back can be started any more.",
    )
    .example(
        r#"
process.on("exit", |code| {
    console.log("ends with " + code); //=> ends with 0
    process.exitCode = 4; //exit> 4
});
"#,
    ),
    Entry::event(
        "process",
        "SIGINT",
        "signal",
        "Ctrl-C. With a listener the program goes on unless the listener ends it.",
    )
    .example(
        r#"
let client = mqtt.connect("mqtt://localhost");
process.on("SIGINT", |signal| client.end());
client.on("connect", || client.end());
"#,
    ),
    Entry::event(
        "process",
        "SIGTERM",
        "signal",
        "The program is asked to end, for example by `systemctl stop`. With a listener it goes on unless the \
         listener ends it.",
    )
    .example(
        r#"
process.on("SIGTERM", |signal| {
    console.log("asked to stop by " + signal);
    process.exit(0);
});
"#,
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
    )
    .example(
        r#"
let n = 0;
process.stdin.on("line", |line| n += 1);
process.stdin.on("end", || console.log(`${n} lines`)); //=> 2 lines
"#,
    ),
    Entry::function("Stdin", "addListener", (2, 2), "event, listener", "The same as `on`.").example(
        r#"
process.stdin.addListener("end", || console.log("no more input")); //=> no more input
"#,
    ),
    Entry::function(
        "Stdin",
        "once",
        (2, 2),
        "event, listener",
        "Calls `listener` the next time `event` happens, only.",
    )
    .example(
        r#"
process.stdin.once("line", |line| console.log("first: " + line)); //=> first: kitchen
"#,
    ),
    Entry::event("Stdin", "line", "line", "A line has come, given without its line end.").example(
        r#"
let client = mqtt.connect("mqtt://localhost");
process.stdin.on("line", |line| client.publish("room/" + line, "on"));
process.stdin.on("end", || client.end());
"#,
    ),
    Entry::event("Stdin", "data", "line", "The same as `line`.").example(
        r#"
process.stdin.on("data", |line| console.log(line.toUpperCase()));
//=> KITCHEN
//=> CELLAR
"#,
    ),
    Entry::event("Stdin", "end", "", "Nothing more will come.").example(
        r#"
process.stdin.on("end", || console.log("no more input")); //=> no more input
"#,
    ),
];

/// `process.stdout`.
pub const STDOUT: &[Entry] = &[Entry::function(
    "Stdout",
    "write",
    (1, 1),
    "text",
    "Writes text, or the bytes of a Buffer, as it is: without a line end.",
)
.example(
    r#"
process.stdout.write("kitchen");
process.stdout.write(": 21\n");
//=> kitchen: 21
"#,
)];
