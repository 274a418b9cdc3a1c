//! `console.table`: rows and columns in a box, laid out as Node does.

use rhai::{Dynamic, ImmutableString};
use unicode_width::UnicodeWidthStr;

use crate::api::inspect::{Options, inspect_with};
use crate::api::view::{View, view};

/// One column: its head and its cells, `None` where a row has no such property.
type Column = (String, Vec<Option<String>>);

/// The box, or `None` if `data` is neither an array nor a map. `wanted`: only these columns.
pub fn table(data: &Dynamic, wanted: Option<&[ImmutableString]>) -> Option<String> {
    let rows: Vec<(String, Dynamic)> = match view(data) {
        View::Array(items) => items.iter().enumerate().map(|(index, item)| (index.to_string(), item.clone())).collect(),
        View::Map(map) => map.iter().map(|(key, value)| (key.to_string(), value.clone())).collect(),
        _ => return None,
    };
    let mut columns: Vec<Column> = Vec::new();
    let mut values: Vec<Option<String>> = vec![None; rows.len()];
    for (row, (_, item)) in rows.iter().enumerate() {
        let fields = fields(item);
        if fields.is_none() && wanted.is_none() {
            values[row] = Some(cell(item));
            continue;
        }
        let fields = fields.unwrap_or_default();
        let names: Vec<String> = match wanted {
            Some(wanted) => wanted.iter().map(ToString::to_string).collect(),
            None => fields.iter().map(|(name, _)| name.clone()).collect(),
        };
        for name in names {
            let value = fields.iter().find(|(field, _)| *field == name).map(|(_, value)| cell(value));
            let at = columns.iter().position(|(head, _)| *head == name).unwrap_or_else(|| {
                columns.push((name, vec![None; rows.len()]));
                columns.len() - 1
            });
            columns[at].1[row] = value;
        }
    }
    let index = rows.into_iter().map(|(key, _)| Some(key)).collect();
    columns.insert(0, ("(index)".to_owned(), index));
    if values.iter().any(Option::is_some) {
        columns.push(("Values".to_owned(), values));
    }
    Some(draw(&columns))
}

/// The properties of a row; `None` for what is a single value.
fn fields(item: &Dynamic) -> Option<Vec<(String, Dynamic)>> {
    match view(item) {
        View::Array(items) => {
            Some(items.iter().enumerate().map(|(index, item)| (index.to_string(), item.clone())).collect())
        }
        View::Map(map) => Some(map.iter().map(|(key, value)| (key.to_string(), value.clone())).collect()),
        View::Function(_) => Some(Vec::new()),
        _ => None,
    }
}

fn cell(value: &Dynamic) -> String {
    let wide = matches!(view(value), View::Map(map) if map.len() > 2);
    let depth = if wide { -1 } else { 0 };
    inspect_with(value, Options { depth, break_length: usize::MAX / 2, max_array_length: 3 })
}

fn draw(columns: &[Column]) -> String {
    let widths: Vec<usize> = columns
        .iter()
        .map(|(head, cells)| {
            let cells = cells.iter().flatten().map(|cell| cell.width());
            cells.chain([head.width()]).max().unwrap_or(0)
        })
        .collect();
    let rule = |left: char, middle: &str, right: char| {
        let parts: Vec<String> = widths.iter().map(|width| "─".repeat(width + 2)).collect();
        format!("{left}{}{right}", parts.join(middle))
    };
    let row = |cells: Vec<&str>| {
        let padded: Vec<String> = cells
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell}{}", " ".repeat(width - cell.width())))
            .collect();
        format!("│ {} │", padded.join(" │ "))
    };
    let mut lines = vec![rule('┌', "┬", '┐')];
    lines.push(row(columns.iter().map(|(head, _)| head.as_str()).collect()));
    lines.push(rule('├', "┼", '┤'));
    for index in 0..columns[0].1.len() {
        lines.push(row(columns.iter().map(|(_, cells)| cells[index].as_deref().unwrap_or("")).collect()));
    }
    lines.push(rule('└', "┴", '┘'));
    lines.join("\n")
}
