//! Mosquitto, with a persistent session store that is its memory.

use std::process::Command;

use super::{PASSWORD, Setup, USER, first_line, program, serve};
use crate::support::PATIENCE;
use crate::support::process::Process;

#[track_caller]
pub(super) fn start(setup: &Setup) -> Vec<Process> {
    // Running as root it would become another user, who cannot read this folder.
    let mut text =
        String::from("user root\nlog_dest stderr\nlog_type all\npersistence false\nmax_packet_size 4194304\n");
    text += &format!("allow_anonymous {}\n", !setup.is_locked());
    if setup.is_locked() {
        let passwords = setup.write("passwords", &format!("{USER}:{PASSWORD}\n"));
        let mut hash = Command::new(program("mosquitto_passwd"));
        hash.arg("-U").arg(&passwords);
        let outcome = Process::start(hash, false).wait(PATIENCE);
        assert_eq!(outcome.code, Some(0), "mosquitto_passwd failed\n{outcome}");
        text += &format!("password_file {}\n", passwords.display());
    }
    text += &format!("listener {} 127.0.0.1\n", setup.port);
    text += &format!("listener {} 127.0.0.1\nprotocol websockets\n", setup.ws_port);
    let mut command = Command::new(program("mosquitto"));
    command.arg("-c").arg(setup.write("mosquitto.conf", &text));
    vec![serve(setup, command, |line| line.ends_with(" running"))]
}

/// `mosquitto version 2.0.11`
#[track_caller]
pub(super) fn version() -> String {
    first_line(program("mosquitto"), &["-h"]).rsplit(' ').next().unwrap_or_default().to_owned()
}
