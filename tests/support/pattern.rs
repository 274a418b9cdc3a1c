//! Whole-output comparison, with `[..]` for the part of a line that differs from run to run (ports, times).

use pretty_assertions::StrComparison;

/// Compares all of `got` with `wanted`; a difference is shown as a diff of lines.
pub fn difference(wanted: &str, got: &str) -> Option<String> {
    if wanted == got {
        return None;
    }
    let (wanted_lines, got_lines): (Vec<&str>, Vec<&str>) = (lines(wanted), lines(got));
    // A line that fits its pattern is shown as it came, so that the diff has only what is wrong.
    let shown: Vec<&str> = wanted_lines
        .iter()
        .enumerate()
        .map(|(index, wanted)| match got_lines.get(index) {
            Some(got) if line_fits(wanted, got) => got,
            _ => wanted,
        })
        .copied()
        .collect();
    if shown == got_lines {
        return None;
    }
    Some(StrComparison::new(got, &shown.join("\n")).to_string())
}

/// Unlike `str::lines`: a missing or doubled newline at the end, or a CR, makes a difference.
fn lines(text: &str) -> Vec<&str> {
    text.split('\n').collect()
}

/// Whether `line` is `pattern` with any text for each `[..]`.
pub fn line_fits(pattern: &str, line: &str) -> bool {
    let mut parts = pattern.split("[..]");
    let first = parts.next().expect("split gives at least one part");
    let Some(mut rest) = line.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}
