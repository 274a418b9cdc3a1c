//! A mosquitto process with a generated configuration.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::process::Signal;

use super::PATIENCE;
use super::broker::{DENIED, Flavour, PASSWORD, Setup, USER};
use super::process::{Process, Stream};

/// A running mosquitto; killed when it is dropped.
#[derive(Debug)]
pub struct Mosquitto {
    process: Process,
}

impl Mosquitto {
    /// Starts it and waits until it listens. A missing mosquitto is a failure: it was asked for.
    #[track_caller]
    pub fn start(setup: &Setup) -> Self {
        let folder = setup.folder.path();
        let configuration = folder.join("mosquitto.conf");
        write(&configuration, &configure(setup));
        let mut command = Command::new(program());
        command.arg("-c").arg(&configuration).current_dir(folder);
        let process = Process::start(command, false);
        process.wait_until("line that says it runs", PATIENCE, |output| {
            output.of(Stream::Stderr).lines().any(|line| line.ends_with(" running")).then_some(())
        });
        Self { process }
    }

    /// Stops it in order and waits for its end.
    #[track_caller]
    pub fn stop(mut self) {
        self.process.signal(Signal::TERM);
        let outcome = self.process.wait(PATIENCE);
        assert_eq!(outcome.code, Some(0), "mosquitto failed\n{outcome}");
    }
}

/// Where it is: distributions put it into `sbin`, which is not in everybody's `PATH`.
#[track_caller]
fn program() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let places = std::env::split_paths(&path).chain(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from));
    places.map(|place| place.join("mosquitto")).find(|program| program.is_file()).expect(
        "MQTTSCRIPT_TEST_BROKER=mosquitto asks for mosquitto, but it is not installed: apt-get install mosquitto",
    )
}

#[track_caller]
fn configure(setup: &Setup) -> String {
    let folder = setup.folder.path();
    let flavour = setup.flavour;
    let log = if setup.lasting.is_some() { "information" } else { "all" };
    let mut text = format!("per_listener_settings true\nlog_dest stderr\nlog_type {log}\nset_tcp_nodelay true\n");
    // Running as root it would become another user, who cannot read this folder.
    text.push_str("user root\n");
    let mut line = |words: &str| writeln!(text, "{words}").expect("a String takes whatever is written");
    match setup.lasting {
        None => line("persistence false"),
        Some(in_flight) => {
            // Only a stop in order writes everything down: `kill -9` would lose what was acknowledged.
            line("persistence true\nautosave_interval 0\nmax_queued_messages 0");
            line(&format!("max_inflight_messages {in_flight}"));
        }
    }
    line(&format!("listener {} 127.0.0.1", setup.port));
    line(&format!("allow_anonymous {}", flavour != Flavour::Password));
    if flavour == Flavour::Password {
        let (passwords, acl) = (folder.join("passwords"), folder.join("acl"));
        write(&passwords, &format!("{USER}:{PASSWORD}\n"));
        hash_passwords(&passwords);
        write(&acl, &format!("user {USER}\ntopic readwrite #\ntopic deny {DENIED}/#\n"));
        line(&format!("password_file {}", passwords.display()));
        line(&format!("acl_file {}", acl.display()));
    }
    if flavour.is_tls() {
        for (name, pem) in
            [("cafile", &setup.authority.pem()), ("certfile", &setup.server.cert), ("keyfile", &setup.server.key)]
        {
            let path = folder.join(format!("{name}.pem"));
            write(&path, pem);
            line(&format!("{name} {}", path.display()));
        }
        line(&format!("require_certificate {}", flavour == Flavour::MutualTls));
    }
    if flavour.is_websocket() {
        line("protocol websockets");
    }
    if setup.has_side_port() {
        line(&format!("listener {} 127.0.0.1", setup.side_port));
        line("allow_anonymous true");
    }
    text
}

#[track_caller]
fn hash_passwords(path: &Path) {
    let mut command = Command::new("mosquitto_passwd");
    command.arg("-U").arg(path);
    let outcome = Process::start(command, false).wait(PATIENCE);
    assert_eq!(outcome.code, Some(0), "mosquitto_passwd failed\n{outcome}");
}

#[track_caller]
fn write(path: &Path, text: &str) {
    std::fs::write(path, text).expect("files can be written in a temporary folder");
}
