//! `Date`: moments in milliseconds since 1970, as in JavaScript, in the time zone of the system.

use jiff::{Timestamp, Zoned, civil, tz::TimeZone};
use rhai::{Dynamic, Engine, EvalAltResult, ImmutableString};

use super::arguments::{Arguments, Returned, function, method};
use super::error::ErrorValue;
use super::host_value::{self, HostValue, Shown};
use super::json::{JsonError, JsonWriter};
use super::numbers::{to_number, whole};
use super::text::to_text;
use super::view::{View, view};

/// The object `Date`.
#[derive(Clone)]
pub struct DateClass;

/// A moment; `None` is JavaScript's `Invalid Date`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Date(Option<Timestamp>);

impl Date {
    fn now() -> Self {
        Self::from_milliseconds(Timestamp::now().as_millisecond() as f64)
    }

    fn from_milliseconds(milliseconds: f64) -> Self {
        let exact = milliseconds.is_finite().then_some(milliseconds as i64);
        Self(exact.and_then(|exact| Timestamp::from_millisecond(exact).ok()))
    }

    /// ISO 8601; a date alone is midnight UTC, a date with a time but no zone is local, as in JavaScript.
    fn parse(text: &str) -> Self {
        let text = text.trim();
        if let Ok(moment) = text.parse::<Timestamp>() {
            return Self(Some(moment));
        }
        let zone = if text.len() <= "2026-01-31".len() { TimeZone::UTC } else { TimeZone::system() };
        let civil = text.parse::<civil::DateTime>().ok();
        Self(civil.and_then(|civil| civil.to_zoned(zone).ok()).map(|zoned| zoned.timestamp()))
    }

    fn milliseconds(self) -> Dynamic {
        self.0.map_or(f64::NAN.into(), |moment| moment.as_millisecond().into())
    }

    fn local(self) -> Option<Zoned> {
        self.0.map(|moment| moment.to_zoned(TimeZone::system()))
    }

    fn utc(self) -> Option<Zoned> {
        self.0.map(|moment| moment.to_zoned(TimeZone::UTC))
    }

    fn formatted(self, format: &str) -> String {
        self.local().map_or_else(|| "Invalid Date".to_owned(), |local| local.strftime(format).to_string())
    }

    fn iso(self) -> Option<String> {
        self.utc().map(|utc| utc.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string())
    }
}

impl HostValue for Date {
    const NAME: &'static str = "Date";

    fn shown(&self) -> Shown {
        Shown::Text(self.iso().unwrap_or_else(|| "Invalid Date".to_owned()))
    }

    fn text(&self) -> ImmutableString {
        self.formatted("%a %b %d %Y %H:%M:%S GMT%z").into()
    }

    fn write_json(&self, out: &mut JsonWriter) -> Result<(), JsonError> {
        match self.iso() {
            Some(text) => out.text(&text),
            None => out.null(),
        }
    }

    fn same_as(&self, other: &Self) -> bool {
        self == other
    }
}

/// `Date(...)`.
fn make(arguments: &Arguments) -> Returned {
    if arguments.values.len() > 1 {
        let part = |index, otherwise| arguments.int(index, "part").map(|given| given.unwrap_or(otherwise));
        // Months and days beyond their range carry over, so they are added to the first of January.
        let start = i16::try_from(part(0, 1970)?).ok().and_then(|year| civil::Date::new(year, 1, 1).ok());
        let (months, days) = (part(1, 0)?, part(2, 1)? - 1);
        let (hours, minutes, seconds, milliseconds) = (part(3, 0)?, part(4, 0)?, part(5, 0)?, part(6, 0)?);
        let civil = start.and_then(|start| {
            let month = start.at(0, 0, 0, 0).checked_add(jiff::Span::new().try_months(months).ok()?).ok()?;
            let rest = jiff::Span::new().try_days(days).ok()?.try_hours(hours).ok()?;
            let rest =
                rest.try_minutes(minutes).ok()?.try_seconds(seconds).ok()?.try_milliseconds(milliseconds).ok()?;
            month.checked_add(rest).ok()
        });
        let moment = civil.and_then(|civil| civil.to_zoned(TimeZone::system()).ok()).map(|zoned| zoned.timestamp());
        return Ok(Dynamic::from(Date(moment)));
    }
    let value = arguments.get(0);
    Ok(Dynamic::from(match view(value) {
        _ if arguments.values.is_empty() => Date::now(),
        View::Text(text) => Date::parse(&text),
        _ => match value.read_lock::<Date>() {
            Some(date) => *date,
            None => Date::from_milliseconds(to_number(value)),
        },
    }))
}

/// Reads one part of a moment in a time zone.
type Part = fn(&Zoned) -> i64;

const PARTS: [(&str, &str, Part); 8] = [
    ("getFullYear", "getUTCFullYear", |at| i64::from(at.year())),
    ("getMonth", "getUTCMonth", |at| i64::from(at.month()) - 1),
    ("getDate", "getUTCDate", |at| i64::from(at.day())),
    ("getDay", "getUTCDay", |at| i64::from(at.weekday().to_sunday_zero_offset())),
    ("getHours", "getUTCHours", |at| i64::from(at.hour())),
    ("getMinutes", "getUTCMinutes", |at| i64::from(at.minute())),
    ("getSeconds", "getUTCSeconds", |at| i64::from(at.second())),
    ("getMilliseconds", "getUTCMilliseconds", |at| i64::from(at.millisecond())),
];

const FORMATS: [(&str, &str); 5] = [
    ("toDateString", "%a %b %d %Y"),
    ("toTimeString", "%H:%M:%S GMT%z"),
    ("toLocaleString", "%-m/%-d/%Y, %-I:%M:%S %p"),
    ("toLocaleDateString", "%-m/%-d/%Y"),
    ("toLocaleTimeString", "%-I:%M:%S %p"),
];

/// Registers `Date(...)`, `Date.now` and what dates can do.
pub fn register(engine: &mut Engine) {
    host_value::register::<Date>(engine);
    function(engine, "Date", 0..=7, |arguments| make(&arguments));
    engine
        .register_type_with_name::<DateClass>("DateConstructor")
        .register_fn("now", |_: &mut DateClass| Date::now().milliseconds())
        .register_fn("parse", |_: &mut DateClass, text: Dynamic| Date::parse(&to_text(&text)).milliseconds());
    for (local, utc, part) in PARTS {
        engine.register_fn(local, move |date: &mut Date| {
            date.local().map_or(Dynamic::from(f64::NAN), |at| part(&at).into())
        });
        engine
            .register_fn(utc, move |date: &mut Date| date.utc().map_or(Dynamic::from(f64::NAN), |at| part(&at).into()));
    }
    for (name, format) in FORMATS {
        // Locale and options are accepted and not looked at: there is one format, that of `en-US`.
        let most = if name.contains("Locale") { 2 } else { 0 };
        method::<Date>(engine, name, 0..=most, move |this, _| {
            Ok(this.read_lock::<Date>().map_or_else(String::new, |date| date.formatted(format)).into())
        });
    }
    engine
        .register_fn("toISOString", |date: &mut Date| -> Result<String, Box<EvalAltResult>> {
            date.iso().ok_or_else(|| ErrorValue::new("Invalid time value").with_class("RangeError").raise())
        })
        .register_fn("toJSON", |date: &mut Date| date.iso().map_or(Dynamic::UNIT, Dynamic::from))
        .register_fn("getTime", |date: &mut Date| date.milliseconds())
        .register_fn("valueOf", |date: &mut Date| date.milliseconds())
        .register_fn("getTimezoneOffset", |date: &mut Date| {
            date.local().map_or(f64::NAN.into(), |at| whole(f64::from(-at.offset().seconds()) / 60.0))
        })
        .register_fn("-", |a: Date, b: Date| whole(to_number(&a.milliseconds()) - to_number(&b.milliseconds())))
        .register_fn("==", |a: Date, b: Date| a == b)
        .register_fn("!=", |a: Date, b: Date| a != b)
        .register_fn("<", |a: Date, b: Date| a.0 < b.0)
        .register_fn("<=", |a: Date, b: Date| a.0 <= b.0)
        .register_fn(">", |a: Date, b: Date| a.0 > b.0)
        .register_fn(">=", |a: Date, b: Date| a.0 >= b.0);
}

#[cfg(test)]
mod tests {
    use rhai::{Dynamic, Engine, Scope};

    fn shown(script: &str) -> String {
        let mut engine = Engine::new();
        crate::api::text::register(&mut engine);
        super::register(&mut engine);
        let mut scope = Scope::new();
        scope.push("Date", super::DateClass);
        let value = engine.eval_with_scope::<Dynamic>(&mut scope, script).expect("the script runs");
        crate::api::inspect::inspect(&value)
    }

    #[test]
    fn iso_text_goes_both_ways() {
        assert_eq!(shown("Date(0).toISOString()"), "'1970-01-01T00:00:00.000Z'");
        assert_eq!(shown("Date(\"2026-01-31T12:30:45.678Z\").getTime()"), "1769862645678");
        assert_eq!(shown("Date(\"2026-01-31\").toISOString()"), "'2026-01-31T00:00:00.000Z'");
        assert_eq!(shown("Date.parse(\"nonsense\")"), "NaN");
        assert_eq!(shown("Date(1769862645678)"), "2026-01-31T12:30:45.678Z");
    }

    #[test]
    fn parts_and_differences() {
        assert_eq!(
            shown(
                "let d = Date(1769862645678); [d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate(), d.getUTCDay(), d.getUTCHours(), d.getUTCMilliseconds()]"
            ),
            "[ 2026, 0, 31, 6, 12, 678 ]"
        );
        assert_eq!(shown("Date(5000) - Date(2000)"), "3000");
        assert_eq!(
            shown("let d = Date(2026, 0, 31, 12); [d.getFullYear(), d.getMonth(), d.getDate(), d.getHours()]"),
            "[ 2026, 0, 31, 12 ]"
        );
        assert_eq!(shown("Date(2026, 12, 1).getMonth()"), "0");
        assert_eq!(shown("[Date(1) < Date(2), Date(1) == Date(1), type_of(Date.now())]"), "[ true, true, 'i64' ]");
    }

    #[test]
    fn now_is_now() {
        let before = jiff::Timestamp::now().as_millisecond();
        let now: i64 = shown("Date.now()").parse().expect("an integer");
        assert!((before..=jiff::Timestamp::now().as_millisecond()).contains(&now));
    }
}
