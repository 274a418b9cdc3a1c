//! Puts the functions that every program runs at its start next to each other in the binary.
//!
//! For each page of a program that is run Linux maps the 64 KiB around it, and what is mapped counts as memory of the process.
//! Spread over all of the binary, the functions of a start take half as much again. Their names are in `build/start.txt`, made by
//! `cargo xtask order`; names that another compiler or another version of a crate gives to functions are not found, and nothing
//! else changes.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::{env, fs};

const NAMES: &str = "build/start.txt";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={NAMES}");
    let target = env::var("TARGET").expect("cargo names the target");
    let is_release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    if !is_release || !target.contains("linux") {
        return;
    }
    let folder = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo names the folder"));
    let arguments = [
        format!("-Wl,--symbol-ordering-file={}", folder.join(NAMES).display()),
        "-Wl,--no-warn-symbol-ordering".into(),
    ];
    if takes(&target, &arguments) {
        for argument in &arguments {
            println!("cargo::rustc-link-arg-bins={argument}");
        }
    }
}

/// Whether the linker knows these arguments; lld does.
fn takes(target: &str, arguments: &[String]) -> bool {
    let folder = PathBuf::from(env::var_os("OUT_DIR").expect("cargo names a folder for what is built"));
    let source = folder.join("linked.rs");
    if fs::write(&source, "fn main() {}\n").is_err() {
        return false;
    }
    let mut command = Command::new(env::var_os("RUSTC").expect("cargo names the compiler"));
    command.arg("--target").arg(target).arg("-o").arg(folder.join("linked")).arg(&source);
    if let Some(linker) = env::var_os("RUSTC_LINKER") {
        command.arg("-C").arg(format!("linker={}", linker.display()));
    }
    command.args(env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default().split('\x1f').filter(|flag| !flag.is_empty()));
    for argument in arguments {
        command.arg("-C").arg(format!("link-arg={argument}"));
    }
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}
