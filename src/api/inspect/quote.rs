//! Text as Node shows it inside a container.

use std::fmt::Write;

/// `text` in single quotes, or in double quotes or backticks if that saves escapes.
pub fn quote(text: &str) -> String {
    let mark = match (text.contains('\''), text.contains('"')) {
        (false, _) => '\'',
        (true, false) => '"',
        (true, true) if !text.contains('`') && !text.contains("${") => '`',
        (true, true) => '\'',
    };
    let mut out = String::with_capacity(text.len() + 2);
    out.push(mark);
    for character in text.chars() {
        match character {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\\' => out.push_str("\\\\"),
            '\'' if mark == '\'' => out.push_str("\\'"),
            // Writing to a `String` cannot fail.
            control if (control as u32) < 0x20 || (0x7f..=0x9f).contains(&(control as u32)) => {
                let _ = write!(out, "\\x{:02X}", control as u32);
            }
            other => out.push(other),
        }
    }
    out.push(mark);
    out
}

/// Whether a key is shown without quotes.
pub fn is_bare_key(key: &str) -> bool {
    let mut bytes = key.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
