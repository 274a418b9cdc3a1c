//! What stands in the tables, and `docs/api.md`.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::Path;

use mqttscript::api::entries::{OBJECTS, all, object_of};
use mqttscript::api::reference;
use mqttscript::api::table::Kind;

#[test]
fn the_written_reference_is_that_of_the_tables() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/api.md");
    let generated = reference::markdown();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &generated).expect("docs/api.md can be written");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    let line = written.lines().zip(generated.lines()).position(|(written, generated)| written != generated);
    assert!(
        written == generated,
        "docs/api.md is not what the tables say, from line {} on: run `UPDATE=1 cargo test --test reference`",
        line.unwrap_or(written.lines().count().min(generated.lines().count())) + 1
    );
}

#[test]
fn every_entry_is_complete() {
    let mut faults = String::new();
    let mut fault = |name: &str, what: &str| writeln!(faults, "{name}: {what}").expect("a String takes all");
    let mut seen = HashSet::new();
    for entry in all() {
        let name = reference::full_name(entry);
        if object_of(entry).is_none() {
            fault(&name, "its object is not in `entries::OBJECTS`");
        }
        if !seen.insert(name.clone()) {
            fault(&name, "it is there twice");
        }
        if entry.doc.split_whitespace().count() < 2 || !entry.doc.ends_with(['.', ')', ':']) {
            fault(&name, "its text is no sentence");
        }
        if entry.program().is_empty() {
            fault(&name, "it has no example");
        } else if !entry.program().contains(entry.name) {
            fault(&name, "its example does not use it");
        }
        if entry.kind == Kind::Option && entry.parameters.is_empty() {
            fault(&name, "it does not say what it takes");
        }
        let (fewest, most) = entry.arity;
        if entry.kind == Kind::Function && (fewest > most || (most > 0) == entry.parameters.is_empty()) {
            fault(&name, "its parameters are not those of its arity");
        }
    }
    for object in OBJECTS {
        if !all().any(|entry| entry.object == object.name) {
            fault(object.name, "it has no entries");
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn links_within_the_reference_lead_somewhere() {
    let text = reference::markdown();
    let mut places = HashSet::new();
    for place in text.split("<a id=\"").skip(1) {
        let place = place.split('"').next().expect("split gives one");
        assert!(places.insert(place), "two places are #{place}");
    }
    for link in text.split("](#").skip(1) {
        let target = link.split(')').next().expect("split gives one");
        assert!(places.contains(target), "nothing is at #{target}");
    }
}
