//! Timers.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::function(
        "",
        "set_timeout",
        (1, 15),
        "callback[, delay, ...arguments]",
        "Calls `callback(...arguments)` once, `delay` milliseconds from now (1 if left out), and returns a \
         [`Timeout`](#Timeout). It keeps the program running until then.",
    )
    .example(
        r#"
set_timeout(|room| console.log(room + ": light off"), 10, "kitchen"); //=> kitchen: light off
"#,
    ),
    Entry::function(
        "",
        "set_interval",
        (1, 15),
        "callback[, period, ...arguments]",
        "Calls `callback(...arguments)` every `period` milliseconds (1 if left out), and returns a \
         [`Timeout`](#Timeout). It keeps the program running until it is cleared.",
    )
    .example(
        r#"
let n = 0;
let timer = set_interval(|| {
    n += 1;
    console.log("reading", n);
    if n == 2 { clear_interval(timer); }
}, 10);
//=> reading 1
//=> reading 2
"#,
    ),
    Entry::function(
        "",
        "set_immediate",
        (1, 15),
        "callback[, ...arguments]",
        "Calls `callback(...arguments)` in the next turn, before timers and events.",
    )
    .example(
        r#"
set_immediate(|| console.log("then this"));
console.log("first this");
//=> first this
//=> then this
"#,
    ),
    Entry::function(
        "",
        "clear_timeout",
        (0, 1),
        "timeout",
        "Stops a timeout, an interval or an immediate before it is due; anything else is ignored.",
    )
    .example(
        r#"
let alarm = set_timeout(|| console.log("no reading"), 50);
set_timeout(|| {
    console.log("a reading came"); //=> a reading came
    clear_timeout(alarm);
}, 10);
"#,
    ),
    Entry::function("", "clear_interval", (0, 1), "timeout", "The same as `clear_timeout`.").example(
        r#"
let timer = set_interval(|| console.log("tick"), 50);
clear_interval(timer);
console.log("stopped"); //=> stopped
"#,
    ),
    Entry::function("", "setTimeout", (1, 15), "callback[, delay, ...arguments]", "`set_timeout` as Node spells it.")
        .example(
            r#"
setTimeout(|| console.log("light off"), 10); //=> light off
"#,
        ),
    Entry::function(
        "",
        "setInterval",
        (1, 15),
        "callback[, period, ...arguments]",
        "`set_interval` as Node spells it.",
    )
    .example(
        r#"
let timer = setInterval(|| {
    console.log("first reading"); //=> first reading
    clearInterval(timer);
}, 10);
"#,
    ),
    Entry::function("", "setImmediate", (1, 15), "callback[, ...arguments]", "`set_immediate` as Node spells it.")
        .example(
            r#"
setImmediate(|| console.log("in the next turn")); //=> in the next turn
"#,
        ),
    Entry::function("", "clearTimeout", (0, 1), "timeout", "`clear_timeout` as Node spells it.").example(
        r#"
let alarm = setTimeout(|| console.log("no reading"), 50);
clearTimeout(alarm);
console.log("alarm off"); //=> alarm off
"#,
    ),
    Entry::function("", "clearInterval", (0, 1), "timeout", "`clear_interval` as Node spells it.").example(
        r#"
let timer = setInterval(|| console.log("tick"), 50);
clearInterval(timer);
console.log("stopped"); //=> stopped
"#,
    ),
    Entry::function(
        "",
        "sleep",
        (1, 1),
        "ms",
        "Blocks the script for `ms` milliseconds; timers and messages wait meanwhile, pings still go out. \
         Prefer `set_timeout`.",
    )
    .example(
        r#"
let start = Date.now();
sleep(20);
console.log(Date.now() - start >= 20); //=> true
"#,
    ),
    Entry::function(
        "Timeout",
        "ref",
        (0, 0),
        "",
        "Keeps the program running while the timer is pending, as at first; returns the timer.",
    )
    .example(
        r#"
let timer = set_timeout(|| console.log("done"), 10); //=> done
timer.unref();
timer.ref();
"#,
    ),
    Entry::function(
        "Timeout",
        "unref",
        (0, 0),
        "",
        "Lets the program end although the timer is pending; returns the timer.",
    )
    .example(
        r#"
set_interval(|| console.log("still here"), 60000).unref();
console.log("nothing else to do"); //=> nothing else to do
"#,
    ),
    Entry::function("Timeout", "has_ref", (0, 0), "", "Whether the timer keeps the program running.").example(
        r#"
let timer = set_timeout(|| (), 10);
console.log(timer.has_ref(), timer.unref().has_ref()); //=> true false
"#,
    ),
];
