//! `console.log(format, ...)`: arguments joined by blanks, `%s` and its kin replaced, as Node's `util.format`.

use rhai::Dynamic;

use crate::api::inspect::{Options, inspect, inspect_bare, inspect_with};
use crate::api::numbers::{parse_float, parse_int, to_number};
use crate::api::text::{float_to_text, to_text};
use crate::api::view::{View, view};
use crate::api::{host_value, json};

/// The line that `console.log(arguments...)` prints.
pub fn format(arguments: &[Dynamic]) -> String {
    let Some(first) = arguments.first() else { return String::new() };
    if arguments.len() == 1 {
        return inspect_bare(first);
    }
    let mut out = String::new();
    let mut used = 0;
    if let View::Text(text) = view(first) {
        used = 1;
        if text.contains('%') {
            used = fill(&mut out, &text, arguments);
        } else {
            out.push_str(&text);
        }
    }
    for (index, value) in arguments.iter().enumerate().skip(used) {
        if index > 0 {
            out.push(' ');
        }
        out.push_str(&inspect_bare(value));
    }
    out
}

/// Replaces the placeholders of `text` while arguments last; returns how many arguments were used, the text included.
fn fill(out: &mut String, text: &str, arguments: &[Dynamic]) -> usize {
    let mut used = 1;
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let Some(sign) = rest[at + 1..].chars().next() else {
            out.push('%');
            return used;
        };
        rest = &rest[at + 1..];
        if sign == '%' {
            out.push('%');
            rest = &rest[1..];
            continue;
        }
        let value = arguments.get(used).filter(|_| "sdifjoOc".contains(sign));
        let Some(value) = value else {
            out.push('%');
            continue;
        };
        used += 1;
        rest = &rest[sign.len_utf8()..];
        match sign {
            's' => out.push_str(&plain(value)),
            'd' => out.push_str(&float_to_text(to_number(value))),
            'i' => out.push_str(&parse_int(&to_text(value), 10).map_or("NaN".into(), |number| to_text(&number))),
            'f' => out.push_str(&float_to_text(parse_float(&to_text(value)))),
            'j' => out.push_str(&match json::stringify(value, "") {
                Ok(text) => text.unwrap_or_else(|| "undefined".to_owned()),
                Err(_) => "[Circular]".to_owned(),
            }),
            'o' => out.push_str(&inspect_with(value, Options { depth: 4, ..Options::default() })),
            'O' => out.push_str(&inspect(value)),
            // `%c` is CSS, which a terminal has not.
            _ => {}
        }
    }
    out.push_str(rest);
    used
}

/// `%s`: text as it is, containers shown one level deep.
fn plain(value: &Dynamic) -> String {
    match view(value) {
        View::Unit => "undefined".to_owned(),
        View::Float(number) if number == 0.0 && number.is_sign_negative() => "-0".to_owned(),
        View::Array(_) | View::Map(_) => inspect_with(value, Options { depth: 0, ..Options::default() }),
        View::Other if host_value::hooks(value).is_none() => inspect(value),
        _ => to_text(value).to_string(),
    }
}
