//! What must hold for every input, with the corpus of `fuzz/` and with inputs made up here. See `fuzz/src/lib.rs`.

#[path = "../fuzz/src/lib.rs"]
mod harness;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::{Strategy, any};
use proptest::test_runner::{Config, TestError, TestRunner};

use harness::TARGETS;

/// Inputs made up for each target.
const CASES: u32 = 256;

#[test]
fn the_corpus() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    for (name, target) in TARGETS {
        let files: Vec<_> = fs::read_dir(folder.join(name)).expect("each target has a corpus").collect();
        assert!(files.len() > 20, "the corpus of `{name}` has {} files", files.len());
        for file in files {
            let path = file.expect("the corpus can be read").path();
            let bytes = fs::read(&path).expect("the corpus can be read");
            if catch_unwind(AssertUnwindSafe(|| target(&bytes))).is_err() {
                panic!("`{name}` fails with {}", path.display());
            }
        }
    }
}

/// Bytes of any kind, often small ones, which are choices of most targets.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    vec(proptest::prop_oneof![any::<u8>(), 0..20_u8], 0..400)
}

/// Text out of what the languages are made of.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let piece = proptest::sample::select(vec![
        "a",
        "/",
        "+",
        "#",
        "$share/",
        "-",
        "\n",
        "mqtt",
        "://",
        "@",
        ":",
        "?clientId=",
        "%41",
        "[::1]",
        "{",
        "}",
        "[",
        "]",
        "\"",
        ",",
        "1",
        "-1.5e3",
        "null",
        "true",
        "\\u00e9",
        " ",
        "let ",
        "const ",
        "fn ",
        "=>",
        "=",
        ";",
        "`${",
        "}`",
        "(",
        ")",
        "|x|",
        "'",
        "/*",
        "*/",
        "//",
        "é",
        "import ",
        "function ",
        "async ",
        "x.y",
        "#{",
    ]);
    vec(piece, 0..40).prop_map(|pieces| pieces.concat().into_bytes())
}

#[test]
fn made_up_inputs() {
    for (name, target) in TARGETS {
        // A script needs a stack of its own and an engine.
        let cases = if name == "script" { CASES / 8 } else { CASES };
        let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
        let strategy = proptest::prop_oneof![bytes(), text()];
        if let Err(TestError::Fail(reason, input)) = runner.run(&strategy, |input| {
            target(&input);
            Ok(())
        }) {
            panic!("`{name}` fails with {input:?}: {reason}");
        }
    }
}
