//! `mqttscript broker`, as a user starts it.

use std::process::Command;

use super::{PASSWORD, Setup, USER, serve};
use crate::support::process::Process;

#[track_caller]
pub(super) fn start(setup: &Setup) -> Vec<Process> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mqttscript"));
    let (mqtt, ws) = (format!("mqtt://127.0.0.1:{}", setup.port), format!("ws://127.0.0.1:{}", setup.ws_port));
    command.args(["broker", "--listen", &mqtt, "--listen", &ws]);
    if setup.is_locked() {
        command.arg("--password-file").arg(setup.write("passwords", &format!("{USER}:{PASSWORD}\n")));
    }
    vec![serve(setup, command, |line| line == format!("listening on {ws}"))]
}
