//! Every name is used in a test that is not about the reference.

use std::collections::HashSet;
use std::path::Path;

use mqttscript::api::entries::all;
use mqttscript::api::reference::full_name;

/// All words of what tests run: test files, the programs in `scripts/` and `stdlib/` (which tests run), and the unit tests
/// in `src/`.
fn tested_words() -> HashSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut words = HashSet::new();
    for folder in ["tests", "scripts", "stdlib", "src"] {
        collect(&root.join(folder), folder == "src", &mut words);
    }
    words
}

fn collect(folder: &Path, source: bool, words: &mut HashSet<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder can be read") {
        let path = entry.expect("a folder can be read").path();
        if path.is_dir() {
            if !path.ends_with("tests/reference") {
                collect(&path, source, words);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "rhai") {
            let text = std::fs::read_to_string(&path).expect("a source can be read");
            // Of a source file only its tests count.
            let is_tests = !source || path.ends_with("tests.rs");
            let text = if is_tests { &text } else { text.split_once("#[cfg(test)]").map_or("", |(_, tests)| tests) };
            words.extend(
                text.split(|character: char| !character.is_alphanumeric() && character != '_').map(str::to_owned),
            );
        }
    }
}

#[test]
fn every_name_is_used_in_a_test() {
    let words = tested_words();
    let missing: Vec<String> = all().filter(|entry| !words.contains(entry.name)).map(full_name).collect();
    assert!(missing.is_empty(), "{} names are used in no test: {missing:#?}", missing.len());
}
