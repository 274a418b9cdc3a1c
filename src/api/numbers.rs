//! Numbers and conversions: `Number`, `parseInt`, `parseFloat`, `isNaN`, `toFixed`, `String`, `Boolean`.
//!
//! A whole result is an integer where an integer can hold it exactly, so it can index and count.

use rhai::{Dynamic, Engine, ImmutableString};

use super::arguments::{Arguments, Returned, function, method};
use super::error::ErrorValue;
use super::text::{float_to_text, to_text};
use super::view::{View, truthy, view};

/// JavaScript's largest whole number without gaps below it; also where floats turn into integers at most.
pub const MAX_SAFE_INTEGER: i64 = (1 << 53) - 1;

/// The object `Number`.
#[derive(Clone)]
pub struct NumberClass;

/// A float as an integer if it is one, else as it is.
pub fn whole(number: f64) -> Dynamic {
    if number.fract() == 0.0 && number.abs() <= MAX_SAFE_INTEGER as f64 {
        (number as i64).into()
    } else {
        number.into()
    }
}

/// `Number(value)` as a float.
pub fn to_number(value: &Dynamic) -> f64 {
    match view(value) {
        View::Int(number) => number as f64,
        View::Float(number) => number,
        View::Bool(flag) => f64::from(u8::from(flag)),
        View::Map(_) | View::Function(_) | View::Busy | View::Unit => f64::NAN,
        _ => {
            let text = to_text(value);
            let text = text.trim();
            let radix = |digits: &str, radix| i64::from_str_radix(digits, radix).map_or(f64::NAN, |n| n as f64);
            match text.get(..2) {
                _ if text.is_empty() => 0.0,
                Some("0x" | "0X") => radix(&text[2..], 16),
                Some("0b" | "0B") => radix(&text[2..], 2),
                Some("0o" | "0O") => radix(&text[2..], 8),
                _ if float_prefix(text).len() == text.len() => parse_float(text),
                _ => f64::NAN,
            }
        }
    }
}

fn convert(value: &Dynamic) -> Dynamic {
    match view(value) {
        View::Int(number) => number.into(),
        View::Float(number) => number.into(),
        View::Text(text) if text.trim().parse::<i64>().is_ok() => text.trim().parse::<i64>().unwrap_or_default().into(),
        _ => whole(to_number(value)),
    }
}

/// The longest beginning of `text` that is a number.
fn float_prefix(text: &str) -> &str {
    let bytes = text.as_bytes();
    let digits = |mut at: usize| {
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        at
    };
    let start = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    if text[start..].starts_with("Infinity") {
        return &text[..start + "Infinity".len()];
    }
    let whole = digits(start);
    let mut end = whole;
    let mut any = whole > start;
    if bytes.get(whole) == Some(&b'.') {
        let fraction = digits(whole + 1);
        any |= fraction > whole + 1;
        if any {
            end = fraction;
        }
    }
    if !any {
        return "";
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = end + 1 + usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(sign);
        if exponent > sign {
            end = exponent;
        }
    }
    &text[..end]
}

/// `parseFloat(text)`.
pub fn parse_float(text: &str) -> f64 {
    // What `float_prefix` lets through is in the grammar of Rust's floats; an empty one is not.
    float_prefix(text.trim_start()).parse().unwrap_or(f64::NAN)
}

/// `parseInt(text, radix)`; `None` is NaN. Beyond 64 bits it is a float.
pub fn parse_int(text: &str, radix: u32) -> Option<Dynamic> {
    let text = text.trim_start();
    let (negative, text) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let hexadecimal = text.get(..2).is_some_and(|prefix| prefix.eq_ignore_ascii_case("0x"));
    let (text, radix) = match radix {
        0 | 16 if hexadecimal => (&text[2..], 16),
        10 if hexadecimal => (&text[2..], 16),
        0 => (text, 10),
        radix => (text, radix),
    };
    if !(2..=36).contains(&radix) {
        return None;
    }
    let mut digits = text.chars().map_while(|character| character.to_digit(radix)).peekable();
    digits.peek()?;
    let mut exact = Some(0_i64);
    let mut float = 0.0_f64;
    for digit in digits {
        exact = exact.and_then(|sum| sum.checked_mul(i64::from(radix))?.checked_add(i64::from(digit)));
        float = float * f64::from(radix) + f64::from(digit);
    }
    Some(match exact {
        Some(number) => (if negative { -number } else { number }).into(),
        None => (if negative { -float } else { float }).into(),
    })
}

fn parse_int_call(arguments: &Arguments) -> Returned {
    let radix = arguments.int(1, "radix")?.unwrap_or(0);
    // No radix: 10, or 16 for text that starts with `0x`.
    let parsed = u32::try_from(radix).ok().and_then(|radix| parse_int(&arguments.text(0), radix));
    Ok(parsed.unwrap_or(f64::NAN.into()))
}

/// Digits formatted beyond those wanted: enough to tell an exact half from its neighbours, which differ in the 17th.
const SPARE: usize = 40;

/// Cuts `SPARE` digits off a decimal text and rounds halves up, as JavaScript does; Rust rounds them to even.
fn cut(text: &str) -> String {
    let (kept, dropped) = text.split_at(text.len() - SPARE);
    let up = dropped.starts_with(['5', '6', '7', '8', '9']);
    let mut out = kept.trim_end_matches('.').as_bytes().to_vec();
    if up {
        let mut carry = true;
        for digit in out.iter_mut().rev().filter(|digit| **digit != b'.') {
            carry = *digit == b'9';
            *digit = if carry { b'0' } else { *digit + 1 };
            if !carry {
                break;
            }
        }
        if carry {
            out.insert(0, b'1');
        }
    }
    out.into_iter().map(char::from).collect()
}

/// `toFixed(digits)`, from the exact binary value as JavaScript does.
pub fn to_fixed(number: f64, digits: usize) -> String {
    if !number.is_finite() || number.abs() >= 1e21 {
        return float_to_text(number);
    }
    let text = cut(&format!("{:.*}", digits + SPARE, number.abs()));
    if number < 0.0 { format!("-{text}") } else { text }
}

fn to_radix(number: f64, radix: u32) -> String {
    if radix == 10 || !number.is_finite() {
        return float_to_text(number);
    }
    let digit = |value: f64| char::from_digit(value as u32, radix).unwrap_or('0');
    let mut whole = number.abs().trunc();
    let mut fraction = number.abs().fract();
    let base = f64::from(radix);
    let mut out = Vec::new();
    while whole >= 1.0 {
        out.push(digit(whole % base));
        whole = (whole / base).trunc();
    }
    if out.is_empty() {
        out.push('0');
    }
    if number < 0.0 {
        out.push('-');
    }
    out.reverse();
    if fraction > 0.0 {
        out.push('.');
        // Every binary digit is within 52 places of the first; so are those of the bases above it.
        for _ in 0..52 {
            fraction *= base;
            out.push(digit(fraction.trunc()));
            fraction = fraction.fract();
            if fraction == 0.0 {
                break;
            }
        }
    }
    out.into_iter().collect()
}

fn to_precision(number: f64, digits: usize) -> String {
    if !number.is_finite() {
        return float_to_text(number);
    }
    let exact = format!("{:.*e}", digits - 1 + SPARE, number.abs());
    let (mantissa, exponent) = exact.split_once('e').unwrap_or((&exact, "0"));
    let mut exponent: i32 = exponent.parse().unwrap_or(0);
    let mut significant: String = cut(mantissa).chars().filter(char::is_ascii_digit).collect();
    if significant.len() > digits {
        // Rounded up to the next power of ten.
        significant.pop();
        exponent += 1;
    }
    let sign = if number < 0.0 { "-" } else { "" };
    let point = |digits: &str, at: usize| match digits.split_at(at) {
        (whole, "") => whole.to_owned(),
        (whole, fraction) => format!("{whole}.{fraction}"),
    };
    if exponent < -6 || exponent >= digits as i32 {
        let mark = if exponent < 0 { '-' } else { '+' };
        format!("{sign}{}e{mark}{}", point(&significant, 1), exponent.abs())
    } else if exponent < 0 {
        format!("{sign}0.{}{significant}", "0".repeat(exponent.unsigned_abs() as usize - 1))
    } else {
        format!("{sign}{}", point(&significant, exponent as usize + 1))
    }
}

fn digits(arguments: &Arguments, least: i64, otherwise: i64) -> Result<usize, Box<rhai::EvalAltResult>> {
    let digits = arguments.int(0, "digits")?.unwrap_or(otherwise);
    if (least..=100).contains(&digits) {
        return Ok(digits as usize);
    }
    let message = format!("{}() argument must be between {least} and 100", arguments.function);
    Err(ErrorValue::new(message).with_class("RangeError").raise())
}

fn register_methods<T: Clone + 'static>(engine: &mut Engine) {
    method::<T>(engine, "toFixed", 0..=1, |this, arguments| {
        let digits = digits(&arguments, 0, 0)?;
        Ok(to_fixed(to_number(this), digits).into())
    });
    method::<T>(engine, "toPrecision", 1..=1, |this, arguments| {
        Ok(to_precision(to_number(this), digits(&arguments, 1, 1)?).into())
    });
    method::<T>(engine, "toString", 0..=1, |this, arguments| {
        let radix = arguments.int(0, "radix")?.unwrap_or(10);
        match (radix, view(this)) {
            (10, _) => Ok(to_text(this).into()),
            (2..=36, _) => Ok(to_radix(to_number(this), radix as u32).into()),
            _ => {
                let message = "toString() radix argument must be between 2 and 36";
                Err(ErrorValue::new(message).with_class("RangeError").raise())
            }
        }
    });
}

/// Registers the functions, `Number` and what numbers can do.
pub fn register(engine: &mut Engine) {
    register_methods::<i64>(engine);
    register_methods::<f64>(engine);
    engine
        .register_fn("Number", |value: Dynamic| convert(&value))
        .register_fn("Number", || 0_i64)
        .register_fn("String", |value: Dynamic| match view(&value) {
            // Asked for on its own, nothing is said, and not nothing.
            View::Unit => ImmutableString::from("undefined"),
            _ => to_text(&value),
        })
        .register_fn("String", || "")
        .register_fn("Boolean", |value: Dynamic| truthy(&value))
        .register_fn("Boolean", || false)
        .register_fn("isNaN", |value: Dynamic| to_number(&value).is_nan())
        .register_fn("isFinite", |value: Dynamic| to_number(&value).is_finite())
        .register_fn("parseFloat", |value: Dynamic| whole(parse_float(&to_text(&value))));
    function(engine, "parseInt", 1..=2, |arguments| parse_int_call(&arguments));
    engine.register_type_with_name::<NumberClass>("NumberConstructor");
    method::<NumberClass>(engine, "parseInt", 1..=2, |_, arguments| parse_int_call(&arguments));
    engine
        .register_fn("parseFloat", |_: &mut NumberClass, value: Dynamic| whole(parse_float(&to_text(&value))))
        .register_fn("isInteger", |_: &mut NumberClass, value: Dynamic| match view(&value) {
            View::Int(_) => true,
            View::Float(number) => number.is_finite() && number.fract() == 0.0,
            _ => false,
        })
        .register_fn(
            "isNaN",
            |_: &mut NumberClass, value: Dynamic| matches!(view(&value), View::Float(n) if n.is_nan()),
        )
        .register_fn("isFinite", |_: &mut NumberClass, value: Dynamic| match view(&value) {
            View::Int(_) => true,
            View::Float(number) => number.is_finite(),
            _ => false,
        })
        .register_get("MAX_SAFE_INTEGER", |_: &mut NumberClass| MAX_SAFE_INTEGER)
        .register_get("MIN_SAFE_INTEGER", |_: &mut NumberClass| -MAX_SAFE_INTEGER)
        .register_get("MAX_VALUE", |_: &mut NumberClass| f64::MAX)
        .register_get("MIN_VALUE", |_: &mut NumberClass| f64::from_bits(1))
        .register_get("EPSILON", |_: &mut NumberClass| f64::EPSILON)
        .register_get("POSITIVE_INFINITY", |_: &mut NumberClass| f64::INFINITY)
        .register_get("NEGATIVE_INFINITY", |_: &mut NumberClass| f64::NEG_INFINITY)
        .register_get("NaN", |_: &mut NumberClass| f64::NAN);
}

#[cfg(test)]
mod tests {
    use rhai::{Dynamic, Engine, Scope};

    fn text(script: &str) -> String {
        let mut engine = Engine::new();
        crate::api::text::register(&mut engine);
        crate::api::error::register(&mut engine);
        super::register(&mut engine);
        let mut scope = Scope::new();
        scope.push("Number", super::NumberClass);
        let value = engine.eval_with_scope::<Dynamic>(&mut scope, script).expect("the script runs");
        crate::api::inspect::inspect_bare(&value)
    }

    #[test]
    fn text_becomes_numbers_as_in_javascript() {
        let script = r#"[parseInt("12px"), parseInt("ff", 16), parseInt("0x1f"), parseInt("x"), parseInt("-7.9"), parseInt(3.9)]"#;
        assert_eq!(text(script), "[ 12, 255, 31, NaN, -7, 3 ]");
        let script =
            r#"[parseFloat("3.5kg"), parseFloat(".5"), parseFloat("1e3x"), parseFloat("4.0"), parseFloat("-")]"#;
        assert_eq!(text(script), "[ 3.5, 0.5, 1000, 4, NaN ]");
        let script = r#"[Number("5"), Number(" 5.5 "), Number("5x"), Number(""), Number(true), Number("0x10")]"#;
        assert_eq!(text(script), "[ 5, 5.5, NaN, 0, 1, 16 ]");
        assert_eq!(
            text(r#"[isNaN("x"), isNaN("5"), isFinite(1), Number.isInteger(5.0), Number.isNaN("x")]"#),
            "[ true, false, true, true, false ]"
        );
        assert_eq!(text("Number(\"21\") / 2"), "10");
    }

    #[test]
    fn numbers_become_text_as_in_javascript() {
        let script = "[1.005.toFixed(2), 21.456.toFixed(1), 5.toFixed(2), 2.5.toFixed(0), (-1.5).toFixed(0), 0.5.toFixed(0), 1.45.toFixed(1)]";
        assert_eq!(text(script), "[\n  '1.00', '21.5',\n  '5.00', '3',\n  '-2',   '1',\n  '1.4'\n]");
        assert_eq!(
            text("[255.toString(16), 255.toString(2), 0.5.toString(2), 21.0.toString()]"),
            "[ 'ff', '11111111', '0.1', '21' ]"
        );
        assert_eq!(
            text("[123.456.toPrecision(4), 0.00001.toPrecision(1), 123456.toPrecision(2)]"),
            "[ '123.5', '0.00001', '1.2e+5' ]"
        );
        let script = "[9049.625.toPrecision(6), (-99672.5).toPrecision(5), 99.95.toPrecision(3), 999.5.toPrecision(3)]";
        assert_eq!(text(script), "[ '9049.63', '-99673', '100', '1.00e+3' ]");
        assert_eq!(
            text("[String(5.0), Boolean(\"\"), Boolean(\"x\"), String(())]"),
            "[ '5', false, true, 'undefined' ]"
        );
    }
}
