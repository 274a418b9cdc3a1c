//! `mqttscript doc`: the reference in the terminal.

use std::io::Write;
use std::process::ExitCode;

use crate::api::reference;
use crate::diagnostics::{Diagnostic, render};

/// Prints what `name` is, or all objects.
pub fn run(name: Option<&str>) -> ExitCode {
    let text = match name {
        None => reference::overview(),
        Some(name) => match reference::lookup(name) {
            Ok(text) => text,
            Err(closest) => {
                let unknown = Diagnostic::error(format!("scripts have no `{name}`"));
                render::print(&match closest {
                    Some(closest) => unknown.help(format!("did you mean `mqttscript doc {closest}`?")),
                    None => unknown.help("`mqttscript doc` lists the objects"),
                });
                return ExitCode::FAILURE;
            }
        },
    };
    // Nobody reading is no failure.
    drop(std::io::stdout().write_all(text.as_bytes()));
    ExitCode::SUCCESS
}
