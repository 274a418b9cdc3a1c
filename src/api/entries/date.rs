//! `Date`.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::function(
        "",
        "Date",
        (0, 7),
        "[milliseconds | text | year, month[, day, hours, minutes, seconds, milliseconds]]",
        "A moment: now without arguments, or of milliseconds since 1970, of an ISO 8601 text, or of its parts \
         in local time. JavaScript's `new Date(...)`. Months count from 0.",
    )
    .example(
        r#"
console.log(Date(0), Date("2026-01-31T12:00:00Z")); //=> 1970-01-01T00:00:00.000Z 2026-01-31T12:00:00.000Z
console.log(Date(2026, 0, 31).getDate()); //=> 31
"#,
    ),
    Entry::function("Date", "now", (0, 0), "", "Milliseconds since 1970, an integer.").of_class().example(
        r#"
let start = Date.now();
sleep(5);
console.log(Date.now() - start >= 5); //=> true
"#,
    ),
    Entry::function(
        "Date",
        "parse",
        (1, 1),
        "text",
        "Milliseconds since 1970 of an ISO 8601 text, or NaN. A date without a time is midnight UTC.",
    )
    .of_class()
    .example(
        r#"
console.log(Date.parse("1970-01-02"), Date.parse("tomorrow")); //=> 86400000 NaN
"#,
    ),
    Entry::function(
        "Date",
        "toISOString",
        (0, 0),
        "",
        "The moment in UTC, for example `2026-01-31T12:00:00.000Z`. Throws a `RangeError` if it is no valid \
         moment.",
    )
    .example(
        r#"
console.log(Date(1769862645678).toISOString()); //=> 2026-01-31T12:30:45.678Z
"#,
    ),
    Entry::function("Date", "getTime", (0, 0), "", "Milliseconds since 1970; NaN if it is no valid moment.").example(
        r#"
console.log(Date("1970-01-01T00:01:00Z").getTime()); //=> 60000
"#,
    ),
    Entry::function("Date", "valueOf", (0, 0), "", "The same as `getTime`.").example(
        r#"
console.log(Date(60000).valueOf()); //=> 60000
"#,
    ),
    Entry::function(
        "Date",
        "toJSON",
        (0, 0),
        "",
        "What `JSON.stringify` writes: the same as `toISOString`, `()` if it is no valid moment.",
    )
    .example(
        r#"
console.log(JSON.stringify(#{at: Date(0)})); //=> {"at":"1970-01-01T00:00:00.000Z"}
console.log(Date(0).toJSON()); //=> 1970-01-01T00:00:00.000Z
"#,
    ),
    Entry::function("Date", "toDateString", (0, 0), "", "The day in local time, for example `Sat Jan 31 2026`.")
        .example(
            r#"
console.log(Date(2026, 0, 31).toDateString()); //=> Sat Jan 31 2026
"#,
        ),
    Entry::function(
        "Date",
        "toTimeString",
        (0, 0),
        "",
        "The time of day in local time, for example `12:00:00 GMT+0000`.",
    )
    .example(
        r#"
console.log(Date(2026, 0, 31, 12, 30).toTimeString()); //=> 12:30:00 GMT+0000
"#,
    ),
    Entry::function(
        "Date",
        "toLocaleDateString",
        (0, 2),
        "[locale[, options]]",
        "The day in local time, for example `1/31/2026`. Locale and options are accepted and not looked at.",
    )
    .example(
        r#"
console.log(Date(2026, 0, 31).toLocaleDateString()); //=> 1/31/2026
"#,
    ),
    Entry::function(
        "Date",
        "toLocaleTimeString",
        (0, 2),
        "[locale[, options]]",
        "The time of day in local time, for example `12:00:00 PM`. Locale and options are accepted and not \
         looked at.",
    )
    .example(
        r#"
console.log(Date(2026, 0, 31, 13, 30).toLocaleTimeString()); //=> 1:30:00 PM
"#,
    ),
    Entry::function("Date", "getTimezoneOffset", (0, 0), "", "Minutes from local time to UTC: -60 in Paris in winter.")
        .example(
            r#"
console.log(Date(0).getTimezoneOffset()); //=> 0
"#,
        ),
    Entry::function(
        "Date",
        "toString",
        (0, 0),
        "",
        "The moment in local time, for example `Sat Jan 31 2026 12:00:00 GMT+0000`.",
    )
    .example(
        r#"
console.log(Date(2026, 0, 31, 12).toString()); //=> Sat Jan 31 2026 12:00:00 GMT+0000
"#,
    ),
    Entry::function(
        "Date",
        "toLocaleString",
        (0, 2),
        "[locale[, options]]",
        "The moment in local time, for example `1/31/2026, 12:00:00 PM`. Locale and options are accepted and \
         not looked at.",
    )
    .example(
        r#"
console.log(Date(2026, 0, 31, 13, 30).toLocaleString()); //=> 1/31/2026, 1:30:00 PM
"#,
    ),
];

/// `getFullYear` and `getUTCFullYear` and the like: the name, what it is, and what it is at 12:30:45.678 on the last of
/// January 2026.
macro_rules! part {
    ($name:literal, $what:literal, $value:literal) => {
        [
            Entry::function("Date", concat!("get", $name), (0, 0), "", concat!("In local time ", $what, "."))
                .example(concat!("console.log(Date(2026, 0, 31, 12, 30, 45, 678).get", $name, "()); //=> ", $value)),
            Entry::function("Date", concat!("getUTC", $name), (0, 0), "", concat!("In UTC ", $what, "."))
                .example(concat!("console.log(Date(\"2026-01-31T12:30:45.678Z\").getUTC", $name, "()); //=> ", $value)),
        ]
    };
}

/// The parts of a moment.
pub const PART_ENTRIES: &[Entry] = PART_TABLE.as_flattened();

const PART_TABLE: &[[Entry; 2]] = &[
    part!("FullYear", "the year", "2026"),
    part!("Month", "the month, 0 for January", "0"),
    part!("Date", "the day of the month, from 1", "31"),
    part!("Day", "the day of the week, 0 for Sunday", "6"),
    part!("Hours", "the hour", "12"),
    part!("Minutes", "the minute", "30"),
    part!("Seconds", "the second", "45"),
    part!("Milliseconds", "the millisecond", "678"),
];
