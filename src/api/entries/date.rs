//! `Date`.

use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::function(
        "",
        "Date",
        (0, 7),
        "[milliseconds | text | year, month[, day, hours, minutes, seconds, milliseconds]]",
        "A moment, now without arguments; JavaScript's `new Date(...)`. Months count from 0.",
    ),
    Entry::function("Date", "now", (0, 0), "", "Milliseconds since 1970, an integer."),
    Entry::function("Date", "parse", (1, 1), "text", "Milliseconds since 1970 of an ISO 8601 text, or NaN."),
    Entry::function("Date", "toISOString", (0, 0), "", "For example `2026-01-31T12:00:00.000Z`."),
    Entry::function("Date", "getTime", (0, 0), "", "Milliseconds since 1970."),
    Entry::function("Date", "valueOf", (0, 0), "", "Same as `getTime`."),
    Entry::function("Date", "toJSON", (0, 0), "", "Same as `toISOString`."),
    Entry::function("Date", "toDateString", (0, 0), "", "For example `Sat Jan 31 2026`."),
    Entry::function("Date", "toTimeString", (0, 0), "", "For example `12:00:00 GMT+0000`."),
    Entry::function("Date", "toLocaleDateString", (0, 2), "", "For example `1/31/2026`."),
    Entry::function("Date", "toLocaleTimeString", (0, 2), "", "For example `12:00:00 PM`."),
    Entry::function("Date", "getTimezoneOffset", (0, 0), "", "Minutes from local time to UTC."),
    Entry::function("Date", "toString", (0, 0), "", "For example `Sat Jan 31 2026 12:00:00 GMT+0000`."),
    Entry::function("Date", "toLocaleString", (0, 2), "", "For example `1/31/2026, 12:00:00 PM`."),
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
