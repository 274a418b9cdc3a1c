//! Values as Node's `util.inspect` and `console.log` show them, where the types agree.
//!
//! `layout` decides when a container stays on one line and how long arrays are set in columns; `quote` writes text
//! inside containers. What has no counterpart in JavaScript (`char`, `blob`, timestamps) is shown like its next of kin.

mod layout;
mod quote;

use rhai::{Dynamic, FnPtr, ImmutableString};

use super::host_value::{self, Shown};
use super::text::float_to_text;
use super::view::{View, view};
pub use quote::quote;

/// Characters of one text that are shown.
const LONGEST_TEXT: usize = 10_000;

/// How much is shown.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Containers nested deeper than this are shown as `[Array]` and `[Object]`; -1 shows not even the outermost.
    pub depth: i32,
    /// Lines are kept below this many columns where the value allows it.
    pub break_length: usize,
    /// Elements of one array that are shown.
    pub max_array_length: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { depth: 2, break_length: 80, max_array_length: 100 }
    }
}

/// `value` as `util.inspect(value)`: text is quoted.
pub fn inspect(value: &Dynamic) -> String {
    inspect_with(value, Options::default())
}

/// `value` as an argument of `console.log`: text is bare.
pub fn inspect_bare(value: &Dynamic) -> String {
    match view(value) {
        View::Text(text) => text.to_string(),
        View::Char(character) => character.to_string(),
        _ => inspect(value),
    }
}

/// `value` as `util.inspect(value, options)`.
pub fn inspect_with(value: &Dynamic, options: Options) -> String {
    let mut inspector = Inspector { options, indentation: 0, current_depth: 0 };
    inspector.value(value, 0)
}

/// What a host type says about itself, laid out.
pub fn show(shown: Shown) -> String {
    let mut inspector = Inspector { options: Options::default(), indentation: 0, current_depth: 0 };
    inspector.shown(shown, 0)
}

/// The name of a script function; `None` for a closure.
pub fn function_name(function: &FnPtr) -> Option<&str> {
    let name = function.fn_name();
    (!name.starts_with("anon$") && !name.is_empty()).then_some(name)
}

/// The state of one walk, named after the fields of Node's `ctx`.
struct Inspector {
    options: Options,
    /// Columns that enclosing containers take; Node's `indentationLvl`.
    indentation: usize,
    /// Depth of the container laid out last; a container is put on one line only if it holds few levels.
    current_depth: i32,
}

impl Inspector {
    fn value(&mut self, value: &Dynamic, depth: i32) -> String {
        match view(value) {
            View::Unit => "undefined".to_owned(),
            View::Bool(flag) => flag.to_string(),
            View::Int(number) => number.to_string(),
            View::Float(number) if number == 0.0 && number.is_sign_negative() => "-0".to_owned(),
            View::Float(number) => float_to_text(number),
            View::Char(character) => quote(character.encode_utf8(&mut [0; 4])),
            View::Text(text) => self.text(&text),
            View::Function(function) => match function_name(&function) {
                Some(name) => format!("[Function: {name}]"),
                None => "[Function (anonymous)]".to_owned(),
            },
            View::Array(array) if array.is_empty() => "[]".to_owned(),
            View::Array(_) if depth > self.options.depth => "[Array]".to_owned(),
            View::Array(array) => self.array(&array, depth),
            View::Map(map) if map.is_empty() => "{}".to_owned(),
            View::Map(_) if depth > self.options.depth => "[Object]".to_owned(),
            View::Map(map) => {
                self.record("", map.iter().map(|(key, value)| (key.as_str(), value)).collect::<Vec<_>>(), depth)
            }
            View::Blob(bytes) => super::buffer::show(&bytes),
            View::Busy => "[Circular]".to_owned(),
            View::Other => match host_value::hooks(value).and_then(|hooks| (hooks.shown)(value)) {
                Some(shown) => self.shown(shown, depth),
                None => other(value),
            },
        }
    }

    fn shown(&mut self, shown: Shown, depth: i32) -> String {
        match shown {
            Shown::Text(text) => text,
            Shown::Record { name, .. } if depth > self.options.depth => {
                if name.is_empty() {
                    "[Object]".to_owned()
                } else {
                    format!("[{name}]")
                }
            }
            Shown::Record { name, fields } => self.record(&name, pairs(&fields), depth),
            Shown::Error { text, fields } => {
                let text = if depth == 0 { text } else { format!("[{text}]") };
                if fields.is_empty() || depth > self.options.depth {
                    return text;
                }
                // Node's errors carry their stack, so their properties never share its line.
                self.current_depth = depth;
                let entries = self.entries(pairs(&fields), depth);
                layout::lines(&text, ["{", "}"], &entries, self.indentation)
            }
        }
    }

    fn text(&self, text: &str) -> String {
        // Long text with line breaks is shown line by line, as Node does inside containers and at the top alike.
        let length = text.encode_utf16().count();
        if length > LONGEST_TEXT {
            let cut: String = text.chars().take(LONGEST_TEXT).collect();
            let left = length - LONGEST_TEXT;
            return format!("{}... {left} more character{}", self.text(&cut), if left > 1 { "s" } else { "" });
        }
        if length > 16 && length + self.indentation + 4 > self.options.break_length {
            let lines: Vec<_> = text.split_inclusive('\n').map(quote).collect();
            return lines.join(&format!(" +\n{}", " ".repeat(self.indentation + 2)));
        }
        quote(text)
    }

    fn array(&mut self, array: &[Dynamic], depth: i32) -> String {
        self.current_depth = depth;
        let shown = array.len().min(self.options.max_array_length);
        let mut entries = Vec::with_capacity(shown + 1);
        for item in &array[..shown] {
            self.indentation += 2;
            entries.push(self.value(item, depth + 1));
            self.indentation -= 2;
        }
        let left = array.len() - shown;
        if left > 0 {
            entries.push(format!("... {left} more item{}", if left > 1 { "s" } else { "" }));
        }
        let count = entries.len();
        if count > 6 {
            let numbers = array.iter().take(count).all(|item| matches!(view(item), View::Int(_) | View::Float(_)));
            entries = layout::columns(entries, left > 0, numbers, self.indentation, self.options.break_length);
        }
        let grouped = entries.len() != count;
        self.braces("", ["[", "]"], &entries, depth, grouped)
    }

    fn record(&mut self, name: &str, fields: Vec<(&str, &Dynamic)>, depth: i32) -> String {
        if fields.is_empty() {
            return if name.is_empty() { "{}".to_owned() } else { format!("{name} {{}}") };
        }
        self.current_depth = depth;
        let entries = self.entries(fields, depth);
        let open = if name.is_empty() { "{".to_owned() } else { format!("{name} {{") };
        self.braces("", [&open, "}"], &entries, depth, false)
    }

    fn entries(&mut self, fields: Vec<(&str, &Dynamic)>, depth: i32) -> Vec<String> {
        let mut entries = Vec::with_capacity(fields.len());
        for (key, value) in fields {
            self.indentation += 2;
            let value = self.value(value, depth + 1);
            self.indentation -= 2;
            let bare = quote::is_bare_key(key);
            entries.push(if bare { format!("{key}: {value}") } else { format!("{}: {value}", quote(key)) });
        }
        entries
    }

    fn braces(&self, base: &str, braces: [&str; 2], entries: &[String], depth: i32, grouped: bool) -> String {
        // Node's `compact: 3`: at most three levels share a line.
        if self.current_depth - depth < 3
            && !grouped
            && let Some(line) = layout::one_line(base, braces, entries, self.indentation, self.options.break_length)
        {
            return line;
        }
        layout::lines(base, braces, entries, self.indentation)
    }
}

fn pairs(fields: &[(ImmutableString, Dynamic)]) -> Vec<(&str, &Dynamic)> {
    fields.iter().map(|(key, value)| (key.as_str(), value)).collect()
}

/// Rhai's rarer types (ranges, timestamps) as Rhai shows them; a type without a text by its bare name.
fn other(value: &Dynamic) -> String {
    let text = value.to_string();
    let name = value.type_name();
    if text == name { format!("[{}]", name.rsplit("::").next().unwrap_or(name)) } else { text }
}

#[cfg(test)]
mod tests;
