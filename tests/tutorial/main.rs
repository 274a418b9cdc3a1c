//! The programs in `scripts/`, the tutorial's and more, each run from outside on the broker of the run, with all that it prints, its
//! exit code, and what the broker sees of it; then the README's snippets and the standard modules in real programs.

#[path = "../support/mod.rs"]
mod support;

mod certificates;
mod clients;
mod connecting;
mod failures;
mod final_example;
mod more;
mod publishing;
mod readme;
mod stdlib;
mod subscribing;
mod tls;
mod version;
mod websocket;
mod will;

use std::path::PathBuf;

use rustix::process::Signal;

use support::script::{Outcome, Running, Script};

/// The folder of the programs.
fn scripts() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/scripts"))
}

fn read(path: PathBuf) -> String {
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A program of the tutorial, to be run as `mqttscript NAME.rhai`.
fn tutorial(name: &str) -> Script {
    let file = format!("{name}.rhai");
    let text = read(scripts().join(&file));
    Script::named(&file, text)
}

/// Ends a program that stays, with Ctrl-C, and checks it.
#[track_caller]
fn interrupt(mut running: Running) -> Outcome {
    running.signal(Signal::INT);
    running.finish()
}

/// The names of all programs, without `.rhai`.
fn names() -> Vec<String> {
    let entries = std::fs::read_dir(scripts()).expect("the folder is there");
    let files = entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("names are text"));
    let mut names: Vec<String> = files.filter_map(|file| file.strip_suffix(".rhai").map(str::to_owned)).collect();
    names.sort();
    names
}

#[test]
fn every_program_is_run_and_listed() {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tutorial"));
    let files = std::fs::read_dir(folder).expect("this folder");
    let tests: String = files.map(|entry| read(entry.expect("an entry").path())).collect();
    let list = read(scripts().join("README.md"));
    let names = names();
    assert_eq!(names.len(), 34);
    for name in names {
        assert!(tests.contains(&format!("tutorial(\"{name}\")")), "no test runs {name}.rhai");
        assert!(list.contains(&format!("[`{name}.rhai`]({name}.rhai)")), "scripts/README.md does not list {name}.rhai");
    }
}
