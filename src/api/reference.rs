//! The tables as text for people: `docs/api.md`, and what `mqttscript doc` prints.

use std::fmt::Write as _;

use crate::api::entries::{OBJECTS, all, object_of};
use crate::api::table::{Entry, Kind, Object};
use crate::diagnostics::suggest;

const FRONT: &str = "\
# Reference

Every name a script can use beside the [language itself](https://rhai.rs/book/). `mqttscript doc NAME` shows the same in
a terminal.

The examples are whole programs. `//=> text` says what a line prints (`//~>`: something like it, the numbers differ;
`//2>`: to standard error), `//exit>` with what exit code the program ends. They expect a broker on `localhost`;
`mqttscript --broker FILE` brings one along. Those that write files or read the environment need
[permissions](../README.md#permissions).

In parameters, `[...]` can be left out, and `...name` stands for any number of arguments.
";

/// The entry as a script writes it: `client.publish(topic, payload[, options][, callback])`.
pub fn signature(entry: &Entry) -> String {
    let owner = owner(entry);
    match entry.kind {
        Kind::Function => format!("{owner}{}({})", entry.name, entry.parameters),
        Kind::Property => format!("{owner}{}", entry.name),
        Kind::Event => format!("{owner}on(\"{}\", |{}| ...)", entry.name, entry.parameters),
        Kind::Option => format!("{}: {}", entry.name, entry.parameters),
    }
}

/// What stands before the name, with its dot.
fn owner(entry: &Entry) -> String {
    match object_of(entry) {
        Some(_) if entry.of_class => format!("{}.", entry.object),
        Some(object) if !object.receiver.is_empty() => format!("{}.", object.receiver),
        _ => String::new(),
    }
}

/// The name by which the reference and `mqttscript doc` know the entry: `client.publish`, `options.will`.
pub fn full_name(entry: &Entry) -> String {
    match entry.kind {
        Kind::Option => format!("{}.{}", entry.object, entry.name),
        Kind::Event => format!("{}event.{}", owner(entry), entry.name),
        Kind::Function | Kind::Property => owner(entry) + entry.name,
    }
}

fn anchor(entry: &Entry) -> String {
    // `Buffer` is an object and a function.
    if entry.object.is_empty() { format!("globals.{}", entry.name) } else { full_name(entry).replace(' ', "-") }
}

/// The name by which the reference knows an object.
fn object_anchor(object: &Object) -> String {
    if object.name.is_empty() { "globals".into() } else { object.name.replace(' ', "-") }
}

fn entries_of(object: &Object) -> impl Iterator<Item = &'static Entry> + use<'_> {
    all().filter(|entry| entry.object == object.name)
}

/// All of `docs/api.md`.
pub fn markdown() -> String {
    let mut out = String::from(FRONT);
    out += "\n## Contents\n\n";
    for object in OBJECTS {
        let links: Vec<String> =
            entries_of(object).map(|entry| format!("[`{}`](#{})", entry.name, anchor(entry))).collect();
        line(&mut out, format_args!("- [{}](#{}): {}", object.title, object_anchor(object), links.join(", ")));
    }
    for object in OBJECTS {
        line(&mut out, format_args!("\n<a id=\"{}\"></a>\n## {}\n", object_anchor(object), object.title));
        line(&mut out, format_args!("{}", object.doc));
        for entry in entries_of(object) {
            line(&mut out, format_args!("\n<a id=\"{}\"></a>\n### {}\n", anchor(entry), heading(entry)));
            line(&mut out, format_args!("`{}`\n", code(&signature(entry))));
            line(&mut out, format_args!("{}\n\n```rhai\n{}\n```", entry.doc, entry.program()));
        }
    }
    out
}

fn heading(entry: &Entry) -> String {
    match entry.kind {
        Kind::Event => format!("event `{}`", entry.name),
        _ => entry.name.replace('_', "\\_"),
    }
}

/// Text within one pair of backticks.
fn code(text: &str) -> String {
    text.replace('`', "")
}

fn line(out: &mut String, text: std::fmt::Arguments) {
    writeln!(out, "{text}").expect("a String takes all");
}

/// What `mqttscript doc` prints without a name: the objects.
pub fn overview() -> String {
    let mut out =
        String::from("mqttscript doc NAME shows one of these, or a name such as client.publish or options.will:\n\n");
    let width = OBJECTS.iter().map(|object| object_anchor(object).len()).max().unwrap_or(0);
    for object in OBJECTS {
        // What has no name in a script says only as title whose it is.
        let text = if object.receiver.is_empty() { object.title } else { first_sentence(object.doc) };
        line(&mut out, format_args!("  {:width$}  {}", object_anchor(object), plain(text)));
    }
    out
}

/// What `mqttscript doc` prints for a name: an object with its entries, or all entries of that name.
///
/// # Errors
/// Nothing has that name; with the name that was probably meant.
pub fn lookup(name: &str) -> Result<String, Option<String>> {
    let name = name.trim().trim_end_matches("()");
    let object = OBJECTS.iter().find(|object| [object.name, &object_anchor(object), object.receiver].contains(&name));
    let matching: Vec<&Entry> = all().filter(|entry| is_called(entry, name)).collect();
    match (object, &*matching) {
        (Some(object), _) if !name.is_empty() => Ok(matching.iter().fold(object_text(object), |out, entry| {
            // `Buffer` and `Error` are also functions.
            format!("{out}\n{}", entry_text(entry))
        })),
        (_, []) => Err(closest(name)),
        (_, some) => Ok(some.iter().map(|entry| entry_text(entry)).collect::<Vec<_>>().join("\n")),
    }
}

fn is_called(entry: &Entry, name: &str) -> bool {
    entry.name == name || full_name(entry) == name || format!("{}.{}", entry.object, entry.name) == name
}

fn closest(name: &str) -> Option<String> {
    let full: Vec<String> = all().map(full_name).collect();
    let names: Vec<&str> = all().map(|entry| entry.name).chain(OBJECTS.iter().map(|object| object.name)).collect();
    if let Some(near) = suggest::closest(name, full.iter().map(String::as_str).chain(names.iter().copied())) {
        return Some(near.into());
    }
    // The right name of something else, or a misspelled one.
    let (_, last) = name.rsplit_once('.')?;
    let same = names.iter().find(|known| **known == last).copied();
    same.or_else(|| suggest::closest(last, names)).map(Into::into)
}

fn object_text(object: &Object) -> String {
    let mut out = format!("{}\n\n{}\n\n", plain(object.title), plain(object.doc));
    for entry in entries_of(object) {
        line(&mut out, format_args!("  {}\n      {}", plain(&signature(entry)), plain(first_sentence(entry.doc))));
    }
    out
}

fn entry_text(entry: &Entry) -> String {
    let mut out = format!("{}\n\n  {}\n\n", plain(&signature(entry)), plain(entry.doc));
    if entry.kind == Kind::Option {
        out.insert_str(0, &format!("{}, key of {}\n\n", full_name(entry), entry.object));
    }
    for text in entry.program().lines() {
        line(&mut out, format_args!("{}", format!("    {text}").trim_end()));
    }
    out
}

/// Without what Markdown needs.
fn plain(text: &str) -> String {
    let mut out = text.replace('`', "");
    // `[text](address)` becomes `text`.
    while let Some(middle) = out.find("](") {
        let Some(end) = out[middle..].find(')') else { break };
        let Some(start) = out[..middle].rfind('[') else { break };
        out.replace_range(middle..=middle + end, "");
        out.remove(start);
    }
    out
}

fn first_sentence(text: &str) -> &str {
    text.split_inclusive(". ").next().unwrap_or(text).trim_end()
}
