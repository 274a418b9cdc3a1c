//! `docs/mqttjs.md` names what there is, all of it, and nothing else.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use mqttscript::api::entries::all;

use crate::support::script::Script;

/// The sections whose tables name names, and the object they belong to.
const SECTIONS: &[(&str, &str)] = &[
    ("`mqtt`", "mqtt"),
    ("Methods", "Client"),
    ("Properties", "Client"),
    ("Events", "Client"),
    ("Options of `mqtt.connect`", "options"),
    ("`wsOptions`", "wsOptions"),
    ("`will`", "will"),
    ("`servers`", "servers"),
    ("Options of `client.publish`", "publish options"),
    ("Options of `client.subscribe`", "subscribe options"),
    ("Options of `client.unsubscribe`", "unsubscribe options"),
    ("Options of `client.end`", "end options"),
    ("Options of `client.reconnect`", "reconnect options"),
    ("Stores", "Store"),
    ("Message identifiers", "MessageIdProvider"),
];

/// A name in the page.
struct Named {
    object: &'static str,
    name: String,
    /// `same`, `better`, `different`, `absent`, or `ours`.
    word: String,
}

/// What stands between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// All names of the page.
fn named() -> Vec<Named> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/mqttjs.md");
    let page = std::fs::read_to_string(path).expect("the page is there");
    let mut found = Vec::new();
    let mut object = None;
    let mut in_table = false;
    for line in page.lines() {
        if line.starts_with('#') {
            let title = line.trim_start_matches(['#', ' ']);
            object = SECTIONS.iter().find(|(section, _)| *section == title).map(|(_, object)| *object);
        }
        in_table = line.starts_with("| name |") || in_table && line.starts_with('|');
        let Some(object) = object else { continue };
        let add = |word: &str| {
            let word = word.to_owned();
            move |name: &str| Named { object, name: name.to_owned(), word: word.clone() }
        };
        if let Some(ours) = line.strip_prefix("Ours alone: ") {
            let names = ours.split_once(". ").map_or(ours, |(names, _)| names);
            found.extend(quoted(names).map(add("ours")));
        } else if in_table {
            let mut cells = line.split('|').skip(1);
            let (names, word) = (cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
            found.extend(quoted(names).map(add(word.trim().trim_matches('*'))));
        }
    }
    found
}

#[test]
fn what_is_said_to_exist_is_in_the_tables_and_all_of_it_is_named() {
    let named = named();
    let mut faults = String::new();
    for Named { object, name, word } in &named {
        let entry = all().find(|entry| entry.object == *object && entry.name == *name);
        let fault = match (word.as_str(), entry) {
            ("same" | "better" | "different" | "ours", Some(_)) | ("absent", None) => continue,
            // There only to say what to use instead.
            ("absent", Some(entry)) if entry.doc.starts_with("Throws") => continue,
            ("absent", Some(_)) => "is said to be absent and is there",
            (_, None) => "is said to be there and is not in the tables",
            _ => "has no word that says what it is",
        };
        writeln!(faults, "{object} `{name}` {fault}").expect("a String takes all");
    }
    let objects: BTreeSet<_> = SECTIONS.iter().map(|(_, object)| *object).collect();
    for entry in all().filter(|entry| objects.contains(entry.object)) {
        if !named.iter().any(|named| named.object == entry.object && named.name == entry.name) {
            writeln!(faults, "{} `{}` is not in docs/mqttjs.md", entry.object, entry.name).expect("a String takes all");
        }
    }
    for (section, object) in SECTIONS {
        assert!(named.iter().any(|named| named.object == *object), "no table below {section}");
    }
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn options_that_are_absent_are_refused() {
    for (object, options) in [("options", "#{manualConnect: true}"), ("wsOptions", "#{}")] {
        let absent = |named: &Named| named.object == object && named.word == "absent";
        let names: Vec<_> = named().into_iter().filter(absent).map(|named| named.name).collect();
        assert!(names.len() > 3, "{object}: {names:?}");
        let put = if object == "options" { "options" } else { "#{manualConnect: true, wsOptions: options}" };
        Script::new(format!(
            r#"
            for name in {names:?} {{
                let options = {options};
                options[name] = 1;
                try {{ mqtt.connect("wss://localhost", {put}); console.log(name + " was taken"); }} catch {{}}
            }}
            "#,
        ))
        .run();
    }
}
