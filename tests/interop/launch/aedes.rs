//! Aedes, behind a server of our own: it is a library.

use std::path::Path;
use std::process::Command;

use super::{PASSWORD, Setup, USER, cache, first_line, program, serve};
use crate::support::process::Process;

#[track_caller]
pub(super) fn start(setup: &Setup) -> Vec<Process> {
    let folder = cache().join(setup.kind.name());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop/launch/aedes.mjs");
    // Where the system's Node is too old for it, one lies beside it.
    let own = folder.join("node_modules/.bin/node");
    let mut command = Command::new(if own.exists() { own } else { program("node") });
    command.arg(script).arg(folder).args([setup.port.to_string(), setup.ws_port.to_string()]);
    if setup.is_locked() {
        command.args([USER, PASSWORD]);
    }
    vec![serve(setup, command, |line| line == "ready")]
}

#[track_caller]
pub(super) fn version(name: &str) -> String {
    let package = cache().join(name).join("node_modules/aedes/package.json");
    let print = format!("console.log(require({:?}).version)", package.display().to_string());
    first_line(program("node"), &["-e", &print])
}
