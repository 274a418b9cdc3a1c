//! aMQTT, in a virtual environment of its own.

use std::process::Command;

use super::{PASSWORD, Setup, USER, cache, first_line, serve};
use crate::support::PATIENCE;
use crate::support::process::Process;

#[track_caller]
pub(super) fn start(setup: &Setup) -> Vec<Process> {
    let authentication = if setup.is_locked() {
        let passwords = setup.write("passwords", &format!("{USER}:{}\n", hash()));
        format!("FileAuthPlugin:\n    password_file: {}", passwords.display())
    } else {
        "AnonymousAuthPlugin:\n    allow_anonymous: true".to_owned()
    };
    let text = format!(
        "listeners:\n  default:\n    type: tcp\n    bind: 127.0.0.1:{}\n  ws:\n    type: ws\n    bind: 127.0.0.1:{}\n\
         plugins:\n  amqtt.plugins.authentication.{authentication}\n",
        setup.port, setup.ws_port
    );
    let mut command = Command::new(cache().join("amqtt/bin/amqtt"));
    command.arg("-c").arg(setup.write("amqtt.yaml", &text)).env("PYTHONUNBUFFERED", "1");
    let ws = format!("Listener 'ws' bind to 127.0.0.1:{}", setup.ws_port);
    vec![serve(setup, command, |line| line.contains(&ws))]
}

#[track_caller]
pub(super) fn version() -> String {
    first_line(python(), &["-c", "import amqtt; print(amqtt.__version__)"])
}

#[track_caller]
fn hash() -> String {
    let print = format!("from pwdlib.hashers.argon2 import Argon2Hasher; print(Argon2Hasher().hash({PASSWORD:?}))");
    let mut command = Command::new(python());
    command.args(["-c", &print]);
    let outcome = Process::start(command, false).wait(PATIENCE);
    assert_eq!(outcome.code, Some(0), "the password cannot be hashed\n{outcome}");
    outcome.stdout.trim().to_owned()
}

fn python() -> std::path::PathBuf {
    cache().join("amqtt/bin/python")
}
