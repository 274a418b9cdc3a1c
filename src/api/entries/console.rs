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
        "Prints the values on one line, joined by blanks; `%s %d %i %f %j %o %O` in a first text are filled \
         in.",
    )
    .example(
        r#"
console.log("kitchen", 21.5, [1, 2], #{retain: true}); //=> kitchen 21.5 [ 1, 2 ] { retain: true }
console.log("%s has %d degrees", "kitchen", 21); //=> kitchen has 21 degrees
"#,
    ),
    Entry::function("console", "info", (0, MOST), "...values", "The same as `log`.").example(
        r#"
console.info("connected to", "localhost"); //=> connected to localhost
"#,
    ),
    Entry::function("console", "debug", (0, MOST), "...values", "The same as `log`: always printed.").example(
        r#"
console.debug("payload", Buffer.from("on")); //=> payload <Buffer 6f 6e>
"#,
    ),
    Entry::function(
        "console",
        "warn",
        (0, MOST),
        "...values",
        "Prints the values to standard error, as `log` does to standard output.",
    )
    .example(
        r#"
console.warn("battery is low:", 12, "%"); //2> battery is low: 12 %
"#,
    ),
    Entry::function(
        "console",
        "error",
        (0, MOST),
        "...values",
        "Prints the values to standard error, as `log` does to standard output.",
    )
    .example(
        r#"
console.error("no reading from", "cellar"); //2> no reading from cellar
"#,
    ),
    Entry::function(
        "console",
        "trace",
        (0, MOST),
        "...values",
        "Prints `Trace: ...` and the place of the call to standard error.",
    )
    .example(
        r#"
console.trace("how did I get here?");
//2> Trace: how did I get here?
//2>     at example.rhai:1:9
"#,
    ),
    Entry::function(
        "console",
        "table",
        (0, 2),
        "data[, columns]",
        "Prints an array or map of rows as a table, with all columns or those named. Anything else is printed \
         as by `log`.",
    )
    .example(
        r#"
console.table([#{room: "kitchen", degrees: 21}, #{room: "cellar", degrees: 12}]);
//=> ┌─────────┬─────────┬───────────┐
//=> │ (index) │ degrees │ room      │
//=> ├─────────┼─────────┼───────────┤
//=> │ 0       │ 21      │ 'kitchen' │
//=> │ 1       │ 12      │ 'cellar'  │
//=> └─────────┴─────────┴───────────┘
"#,
    ),
    Entry::function(
        "console",
        "dir",
        (0, 2),
        "value[, #{depth}]",
        "Prints one value as `log` shows it inside others; `depth` is how many levels are shown (2), `()` for \
         all.",
    )
    .example(
        r#"
let house = #{floor: #{room: #{sensor: #{degrees: 21}}}};
console.dir(house, #{depth: 0}); //=> { floor: [Object] }
"#,
    ),
    Entry::function(
        "console",
        "time",
        (0, 1),
        "[label]",
        "Starts a stopwatch called `label`, `default` if left out; `timeLog` and `timeEnd` read it.",
    )
    .example(
        r#"
console.time("reply");
console.timeEnd("reply"); //~> reply: 0.051ms
"#,
    ),
    Entry::function(
        "console",
        "timeLog",
        (0, MOST),
        "[label, ...values]",
        "Prints the time since `time(label)`, with the values behind it.",
    )
    .example(
        r#"
console.time("start");
console.timeLog("start", "read the rooms"); //~> start: 0.051ms read the rooms
"#,
    ),
    Entry::function(
        "console",
        "timeEnd",
        (0, 1),
        "[label]",
        "Prints the time since `time(label)` and stops that stopwatch.",
    )
    .example(
        r#"
console.time("sort");
[3, 1, 2].sort();
console.timeEnd("sort"); //~> sort: 0.087ms
"#,
    ),
    Entry::function(
        "console",
        "assert",
        (0, MOST),
        "condition, ...values",
        "Prints `Assertion failed` and the values to standard error if `condition` is `()`, `false`, 0, NaN \
         or empty text; goes on in any case.",
    )
    .example(
        r#"
let degrees = 95;
console.assert(degrees < 80, "too hot:", degrees); //2> Assertion failed: too hot: 95
"#,
    ),
    Entry::function(
        "console",
        "count",
        (0, 1),
        "[label]",
        "Prints how often it was called with this label, `default` if left out.",
    )
    .example(
        r#"
for topic in ["room/kitchen", "room/cellar"] { console.count("messages"); }
//=> messages: 1
//=> messages: 2
"#,
    ),
    Entry::function("console", "countReset", (0, 1), "[label]", "Starts counting anew with this label.").example(
        r#"
console.count("today"); //=> today: 1
console.countReset("today");
console.count("today"); //=> today: 1
"#,
    ),
    Entry::function(
        "console",
        "group",
        (0, MOST),
        "...values",
        "Prints the values and indents what follows by two more blanks.",
    )
    .example(
        r#"
console.group("kitchen"); //=> kitchen
console.log("21 degrees"); //=>   21 degrees
"#,
    ),
    Entry::function("console", "groupEnd", (0, 0), "", "Ends the indentation of the last `group`.").example(
        r#"
console.group("kitchen"); //=> kitchen
console.log("window open"); //=>   window open
console.groupEnd();
console.log("done"); //=> done
"#,
    ),
    Entry::function(
        "",
        "print",
        (0, 1),
        "[value]",
        "Rhai's own: prints the value on a line, whole floats without `.0`.",
    )
    .example(
        r#"
print("21 degrees"); //=> 21 degrees
"#,
    ),
    Entry::function("", "debug", (0, 1), "[value]", "Rhai's own: prints the value as Rhai writes it, text in quotes.")
        .example(
            r#"
debug("on"); //=> "on"
"#,
        ),
];
