//! `--allow-read`, `--allow-write`, `--allow-env`, `--allow-net`, `--allow-all`: what a program may do, and what it is told
//! when it may not.

mod environment;
mod flags;
mod network;
mod reading;
mod ways_around;
mod writing;

use tempfile::TempDir;

/// A folder of its own with a file `secret`, somewhere else than the script.
fn outside() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("secret"), "secret text").expect("a file");
    folder
}

/// The path of `name` in `folder`, as scripts and flags write it.
fn path(folder: &TempDir, name: &str) -> String {
    folder.path().join(name).to_str().expect("its name is text").to_owned()
}

/// What an uncaught refusal at `place` (line:column) of the script says.
fn refused(place: &str, deed: &str, line: &str, marks: &str, help: &str) -> String {
    let number = place.split(':').next().expect("a line");
    let gap = " ".repeat(number.len());
    format!(
        "error: the program may not {deed}\n{gap}--> main.rhai:{place}\n{gap} |\n{number} | {line}\n{gap} | {marks}\nhelp: {help}\n"
    )
}
