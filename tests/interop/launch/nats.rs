//! The NATS server: its MQTT needs JetStream, and JetStream a name and a folder.

use std::process::Command;

use super::{PASSWORD, Setup, USER, first_line, program, serve};
use crate::support::process::Process;

#[track_caller]
pub(super) fn start(setup: &Setup) -> Vec<Process> {
    let login = if setup.is_locked() {
        format!("authorization {{ user: {USER}, password: {PASSWORD} }}\n")
    } else {
        String::new()
    };
    let text = format!(
        "server_name: interop\nlisten: \"127.0.0.1:-1\"\nmax_payload: 4MB\n{login}\
         jetstream {{ store_dir: {store:?}, max_mem: 64MB, max_file: 256MB }}\n\
         mqtt {{ listen: \"127.0.0.1:{port}\" }}\n\
         websocket {{ listen: \"127.0.0.1:{ws_port}\", no_tls: true }}\n",
        store = setup.folder.path().join("store").display().to_string(),
        port = setup.port,
        ws_port = setup.ws_port,
    );
    let mut command = Command::new(program("nats-server"));
    command.arg("-c").arg(setup.write("nats.conf", &text));
    vec![serve(setup, command, |line| line.ends_with("Server is ready"))]
}

/// `nats-server: v2.9.10`
#[track_caller]
pub(super) fn version() -> String {
    first_line(program("nats-server"), &["--version"]).trim_start_matches("nats-server: v").to_owned()
}
