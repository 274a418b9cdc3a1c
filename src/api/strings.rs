//! JavaScript's names for what text can do, beside Rhai's own. Positions count characters, as Rhai's do.
//!
//! Where both have a name, Rhai's meaning stays: `replace` replaces every occurrence and `trim`, `replace` change the
//! text they are called on. They also return it, so `let short = text.trim()` is right in both languages.

use std::any::TypeId;

use rhai::{Array, Dynamic, Engine, EvalAltResult, ImmutableString};

use super::arguments::{Arguments, MOST, Returned, clamp_index, function, method, method_with};
use super::error::ErrorValue;
use super::text::to_text;

/// The object `String`.
#[derive(Clone)]
pub struct StringClass;

fn this(receiver: &Dynamic) -> ImmutableString {
    to_text(receiver)
}

fn length(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().count() }
}

/// Where the character with this number starts, in bytes; the end beyond it.
fn byte_at(text: &str, index: usize) -> usize {
    if text.is_ascii() {
        return index.min(text.len());
    }
    text.char_indices().nth(index).map_or(text.len(), |(at, _)| at)
}

fn part(text: &str, start: usize, end: usize) -> ImmutableString {
    if start >= end {
        return ImmutableString::new();
    }
    text[byte_at(text, start)..byte_at(text, end)].into()
}

fn index_of(receiver: &Dynamic, arguments: &Arguments, last: bool) -> Result<Option<usize>, Box<EvalAltResult>> {
    let (text, wanted) = (this(receiver), arguments.text(0));
    let length = length(&text) as i64;
    let found = if last {
        let start = arguments.int(1, "start")?.unwrap_or(i64::MAX).clamp(0, length) as usize;
        let end = (byte_at(&text, start) + wanted.len()).min(text.len());
        let end = (end..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
        text[..end].rfind(wanted.as_str())
    } else {
        let from = byte_at(&text, arguments.int(1, "start")?.unwrap_or(0).clamp(0, length) as usize);
        text[from..].find(wanted.as_str()).map(|at| from + at)
    };
    Ok(found.map(|at| self::length(&text[..at])))
}

fn character(receiver: &Dynamic, arguments: &Arguments) -> Result<Option<char>, Box<EvalAltResult>> {
    let index = arguments.int(0, "index")?.unwrap_or(0);
    Ok(usize::try_from(index).ok().and_then(|index| this(receiver).chars().nth(index)))
}

fn pad(receiver: &Dynamic, arguments: &Arguments, at_start: bool) -> Returned {
    let text = this(receiver);
    let wanted = arguments.int(0, "length")?.unwrap_or(0).clamp(0, LONGEST as i64) as usize;
    let filler = arguments.some_text(1).unwrap_or_else(|| " ".into());
    let missing = wanted.saturating_sub(length(&text));
    if missing == 0 || filler.is_empty() {
        return Ok(text.into());
    }
    let filling: String = filler.chars().cycle().take(missing).collect();
    let padded = if at_start { filling + text.as_str() } else { text.to_string() + filling.as_str() };
    Ok(padded.into())
}

/// Longest text that `repeat` and `padStart` make; V8's limit.
const LONGEST: usize = (1 << 29) - 24;

fn repeat(receiver: &mut Dynamic, arguments: Arguments) -> Returned {
    let text = this(receiver);
    let count = arguments.int(0, "count")?.unwrap_or(0);
    let fits = usize::try_from(count).ok().filter(|count| text.len().saturating_mul(*count) <= LONGEST);
    match fits {
        Some(count) => Ok(text.repeat(count).into()),
        None => Err(ErrorValue::new(format!("Invalid count value: {count}")).with_class("RangeError").raise()),
    }
}

/// Rhai's in-place change that also returns the new text; a constant only returns it.
fn in_place(receiver: &mut Dynamic, changed: ImmutableString) -> Dynamic {
    if !receiver.is_read_only()
        && let Some(mut text) = receiver.write_lock::<ImmutableString>()
    {
        *text = changed.clone();
    }
    changed.into()
}

/// Registers what text can do.
pub fn register(engine: &mut Engine) {
    engine.register_get("length", |text: &mut ImmutableString| length(text) as i64);
    register_parts(engine);
    register_searches(engine);
    engine
        .register_fn("toUpperCase", |text: &mut ImmutableString| text.to_uppercase())
        .register_fn("toLowerCase", |text: &mut ImmutableString| text.to_lowercase())
        .register_fn("trimStart", |text: &mut ImmutableString| ImmutableString::from(text.trim_start()))
        .register_fn("trimEnd", |text: &mut ImmutableString| ImmutableString::from(text.trim_end()))
        .register_fn("localeCompare", |text: &mut ImmutableString, other: Dynamic| {
            text.as_str().cmp(to_text(&other).as_str()) as i64
        });
    method::<ImmutableString>(engine, "trim", 0..=0, |this, _| {
        let text = to_text(this);
        Ok(in_place(this, text.trim().into()))
    });
    let kinds = [TypeId::of::<ImmutableString>(), TypeId::of::<char>(), TypeId::of::<Dynamic>()];
    for types in kinds.iter().flat_map(|find| kinds.map(|by| [*find, by])) {
        method_with::<ImmutableString>(engine, "replace", &types, |this, arguments| {
            let text = to_text(this).replace(arguments.text(0).as_str(), &arguments.text(1));
            Ok(in_place(this, text.into()))
        });
    }
    method::<ImmutableString>(engine, "replaceAll", 2..=2, |this, arguments| {
        Ok(to_text(this).replace(arguments.text(0).as_str(), &arguments.text(1)).into())
    });
    method::<ImmutableString>(engine, "concat", 0..=MOST, |this, arguments| {
        let mut text = to_text(this).to_string();
        arguments.values.iter().for_each(|value| text.push_str(&to_text(value)));
        Ok(text.into())
    });
    method::<ImmutableString>(engine, "padStart", 1..=2, |this, arguments| pad(this, &arguments, true));
    method::<ImmutableString>(engine, "padEnd", 1..=2, |this, arguments| pad(this, &arguments, false));
    method::<ImmutableString>(engine, "repeat", 1..=1, repeat);
    engine.register_type_with_name::<StringClass>("StringConstructor");
    method::<StringClass>(engine, "fromCharCode", 0..=MOST, |_, arguments| {
        let mut units = Vec::new();
        for index in 0..arguments.values.len() {
            units.push(arguments.int(index, "code")?.unwrap_or(0) as u16);
        }
        Ok(String::from_utf16_lossy(&units).into())
    });
    function(engine, "encodeURIComponent", 1..=1, |arguments| {
        Ok(percent_encoding::utf8_percent_encode(&arguments.text(0), URI_COMPONENT).to_string().into())
    });
    function(engine, "decodeURIComponent", 1..=1, |arguments| {
        let text = arguments.text(0);
        let decoded = percent_encoding::percent_decode_str(&text).decode_utf8();
        let text = decoded.map_err(|_| ErrorValue::new("URI malformed").with_class("URIError").raise())?;
        Ok(ImmutableString::from(text.as_ref()).into())
    });
}

/// What `encodeURIComponent` escapes.
const URI_COMPONENT: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

fn register_parts(engine: &mut Engine) {
    method::<ImmutableString>(engine, "at", 1..=1, |this, arguments| {
        let text = to_text(this);
        let index = arguments.int(0, "index")?.unwrap_or(0);
        let index = if index < 0 { length(&text) as i64 + index } else { index };
        let found = usize::try_from(index).ok().and_then(|index| text.chars().nth(index));
        Ok(found.map_or(Dynamic::UNIT, |found| ImmutableString::from(found.to_string()).into()))
    });
    method::<ImmutableString>(engine, "charAt", 0..=1, |this, arguments| {
        Ok(character(this, &arguments)?.map(String::from).unwrap_or_default().into())
    });
    method::<ImmutableString>(engine, "charCodeAt", 0..=1, |this, arguments| {
        Ok(character(this, &arguments)?.map_or(f64::NAN.into(), |found| Dynamic::from(found as i64)))
    });
    method::<ImmutableString>(engine, "codePointAt", 0..=1, |this, arguments| {
        Ok(character(this, &arguments)?.map_or(Dynamic::UNIT, |found| Dynamic::from(found as i64)))
    });
    method::<ImmutableString>(engine, "slice", 0..=2, |this, arguments| {
        let text = to_text(this);
        let length = length(&text);
        let start = clamp_index(arguments.int(0, "start")?.unwrap_or(0), length);
        let end = clamp_index(arguments.int(1, "end")?.unwrap_or(i64::MAX), length);
        Ok(part(&text, start, end).into())
    });
    method::<ImmutableString>(engine, "substring", 1..=2, |this, arguments| {
        let text = to_text(this);
        let length = length(&text);
        let start = arguments.int(0, "start")?.unwrap_or(0).clamp(0, length as i64) as usize;
        let end = arguments.int(1, "end")?.unwrap_or(i64::MAX).clamp(0, length as i64) as usize;
        Ok(part(&text, start.min(end), start.max(end)).into())
    });
    method::<ImmutableString>(engine, "substr", 1..=2, |this, arguments| {
        let text = to_text(this);
        let length = length(&text);
        let start = clamp_index(arguments.int(0, "start")?.unwrap_or(0), length);
        let count = arguments.int(1, "length")?.unwrap_or(i64::MAX).clamp(0, length as i64) as usize;
        Ok(part(&text, start, (start + count).min(length)).into())
    });
}

fn register_searches(engine: &mut Engine) {
    let position = |found: Option<usize>| Dynamic::from(found.map_or(-1, |index| index as i64));
    method::<ImmutableString>(engine, "indexOf", 1..=2, move |this, arguments| {
        index_of(this, &arguments, false).map(position)
    });
    method::<ImmutableString>(engine, "lastIndexOf", 1..=2, move |this, arguments| {
        index_of(this, &arguments, true).map(position)
    });
    method::<ImmutableString>(engine, "includes", 1..=2, |this, arguments| {
        Ok(index_of(this, &arguments, false)?.is_some().into())
    });
    method::<ImmutableString>(engine, "startsWith", 1..=2, |this, arguments| {
        let text = to_text(this);
        let start = arguments.int(1, "start")?.unwrap_or(0).max(0) as usize;
        Ok(text[byte_at(&text, start)..].starts_with(arguments.text(0).as_str()).into())
    });
    method::<ImmutableString>(engine, "endsWith", 1..=2, |this, arguments| {
        let text = to_text(this);
        let end = arguments.int(1, "end")?.map_or(text.len(), |end| byte_at(&text, end.max(0) as usize));
        Ok(text[..end].ends_with(arguments.text(0).as_str()).into())
    });
}

/// The parts of a text as an array, one character each (`Array.from(text)`).
pub fn characters(text: &str) -> Array {
    text.chars().map(|character| ImmutableString::from(character.to_string()).into()).collect()
}

#[cfg(test)]
mod tests {
    use rhai::{Dynamic, Engine, Scope};

    fn shown(script: &str) -> String {
        let mut engine = Engine::new();
        crate::api::text::register(&mut engine);
        crate::api::error::register(&mut engine);
        super::register(&mut engine);
        let mut scope = Scope::new();
        scope.push("String", super::StringClass);
        let value = engine.eval_with_scope::<Dynamic>(&mut scope, script).expect("the script runs");
        crate::api::inspect::inspect(&value)
    }

    #[test]
    fn parts_are_those_of_javascript() {
        let script = r#"let s = "hello"; [s.slice(1, 3), s.slice(-3), s.slice(2), s.slice(3, 1), s.slice(-3, -1)]"#;
        assert_eq!(shown(script), "[ 'el', 'llo', 'llo', '', 'll' ]");
        let script =
            r#"let s = "hello"; [s.substring(3, 1), s.substring(-5, 2), s.substring(2), s.substr(-3, 2), s.substr(1)]"#;
        assert_eq!(shown(script), "[ 'el', 'he', 'llo', 'll', 'ello' ]");
        let script = r#"let s = "grün"; [s.charAt(2), s.charAt(9), s.charCodeAt(2), s.at(-1), s.at(9), s.length]"#;
        assert_eq!(shown(script), "[ 'ü', '', 252, 'n', undefined, 4 ]");
    }

    #[test]
    fn searches_are_those_of_javascript() {
        let script = r#"let s = "a/b/c"; [s.indexOf("/"), s.indexOf("/", 2), s.lastIndexOf("/"), s.lastIndexOf("/", 2), s.indexOf("x")]"#;
        assert_eq!(shown(script), "[ 1, 3, 3, 1, -1 ]");
        let script = r#"let s = "über/all"; [s.includes("/a"), s.startsWith("ü"), s.endsWith("all"), s.startsWith("b", 1), s.indexOf("/"), s.endsWith("/", 5)]"#;
        assert_eq!(shown(script), "[ true, true, true, true, 4, true ]");
    }

    #[test]
    fn copies_are_changed_and_not_the_text() {
        let script = r#"let s = " aXa "; [s.trimStart(), s.trimEnd(), s.toUpperCase(), s.toLowerCase(), s.replaceAll("a", "b"), s]"#;
        assert_eq!(shown(script), "[ 'aXa ', ' aXa', ' AXA ', ' axa ', ' bXb ', ' aXa ' ]");
        let script =
            r#"["5".padStart(3, "0"), "ab".padEnd(5, "xy"), "ab".repeat(3), "a".concat(1, "b"), "x".padStart(3)]"#;
        assert_eq!(shown(script), "[ '005', 'abxyx', 'ababab', 'a1b', '  x' ]");
        assert_eq!(
            shown(r#"[encodeURIComponent("a b/ü"), decodeURIComponent("a%20b"), String.fromCharCode(72, 105)]"#),
            "[ 'a%20b%2F%C3%BC', 'a b', 'Hi' ]"
        );
    }

    #[test]
    fn rhais_own_changes_happen_in_place_and_are_returned() {
        assert_eq!(shown(r#"let s = "  x "; let t = s.trim(); [s, t]"#), "[ 'x', 'x' ]");
        assert_eq!(shown(r#"let s = "a-a"; let t = s.replace("a", "b"); [s, t]"#), "[ 'b-b', 'b-b' ]");
        assert_eq!(shown(r#"const S = " x "; let t = S.trim(); [S, t]"#), "[ ' x ', 'x' ]");
        assert_eq!(shown(r#"let m = #{s: " x "}; m.s.trim(); m.s"#), "'x'");
        assert_eq!(shown(r#"let s = "abc"; s.replace('b', 'x'); s"#), "'axc'");
    }

    #[test]
    fn a_negative_count_is_a_range_error() {
        assert_eq!(
            shown(r#"let m = (); try { "a".repeat(-1) } catch (e) { m = `${e}` } m"#),
            "'RangeError: Invalid count value: -1'"
        );
    }
}
