//! Line breaking and columns, rule by rule those of Node's `reduceToSingleString` and `groupArrayElements`.

use unicode_width::UnicodeWidthStr;

/// Node's `compact`.
const COMPACT: usize = 3;
/// The comma and the blank behind an element.
const SEPARATOR: usize = 2;

/// All entries on one line, unless that would be too long or an entry is itself broken.
pub fn one_line(
    base: &str,
    braces: [&str; 2],
    entries: &[String],
    indentation: usize,
    break_length: usize,
) -> Option<String> {
    let start = entries.len() + indentation + utf16(braces[0]) + utf16(base) + 10;
    let mut total = entries.len() + start;
    if total + entries.len() > break_length {
        return None;
    }
    for entry in entries {
        total += utf16(entry);
        if total > break_length || entry.contains('\n') {
            return None;
        }
    }
    let base = if base.is_empty() { String::new() } else { format!("{base} ") };
    Some(format!("{base}{} {} {}", braces[0], entries.join(", "), braces[1]))
}

/// One entry a line.
pub fn lines(base: &str, braces: [&str; 2], entries: &[String], indentation: usize) -> String {
    let indent = format!("\n{}", " ".repeat(indentation));
    let base = if base.is_empty() { String::new() } else { format!("{base} ") };
    let between = format!(",{indent}  ");
    format!("{base}{}{indent}  {}{indent}{}", braces[0], entries.join(&between), braces[1])
}

/// Sets more than six array elements in columns if they are of similar length.
///
/// `rest`: the last entry is `... n more items` and stays on its own line; `numbers`: columns are right-aligned.
pub fn columns(
    entries: Vec<String>,
    rest: bool,
    numbers: bool,
    indentation: usize,
    break_length: usize,
) -> Vec<String> {
    let shown = entries.len() - usize::from(rest);
    let widths: Vec<usize> = entries[..shown].iter().map(|entry| entry.width()).collect();
    let total: usize = widths.iter().map(|width| width + SEPARATOR).sum();
    let longest = widths.iter().copied().max().unwrap_or(0);
    let slot = longest + SEPARATOR;
    let alike = total as f64 / slot as f64 > 5.0 || longest <= 6;
    if slot * 3 + indentation >= break_length || !alike {
        return entries;
    }
    // Aims at a block about as high as wide, a character being 2.5 times as high as wide.
    let bias = (slot as f64 - total as f64 / entries.len() as f64).sqrt();
    let biased = (slot as f64 - 3.0 - bias).max(1.0);
    let square = (((2.5 * biased * shown as f64).sqrt() / biased) + 0.5).floor() as usize;
    let count = square.min((break_length - indentation) / slot).min(COMPACT * 4).min(15);
    if count <= 1 {
        return entries;
    }
    let column_widths: Vec<usize> = (0..count)
        .map(|column| widths.iter().skip(column).step_by(count).copied().max().unwrap_or(0) + SEPARATOR)
        .collect();
    let mut out = Vec::with_capacity(shown / count + 2);
    for (row, row_widths) in entries[..shown].chunks(count).zip(widths.chunks(count)) {
        let mut line = String::new();
        for (column, (entry, width)) in row.iter().zip(row_widths).enumerate() {
            let last = column + 1 == row.len();
            if numbers {
                let room = column_widths[column] - SEPARATOR;
                line.extend(std::iter::repeat_n(' ', room.saturating_sub(*width)));
            }
            line.push_str(entry);
            if !last {
                line.push_str(", ");
                if !numbers {
                    let room = column_widths[column] - SEPARATOR;
                    line.extend(std::iter::repeat_n(' ', room.saturating_sub(*width)));
                }
            }
        }
        out.push(line);
    }
    if rest && let Some(more) = entries.last() {
        out.push(more.clone());
    }
    out
}

fn utf16(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.encode_utf16().count() }
}
