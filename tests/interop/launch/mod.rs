//! Starts and stops real brokers.
//!
//! Each is a process of its own with generated configuration in a folder of its own, listens on 127.0.0.1 for MQTT and
//! (where it can) WebSocket, and is ended by the id it was started with. What `.ci/interop` installs beyond the
//! system's packages is below [`cache`]. A broker that is missing is a failure: it was asked for.

mod aedes;
mod amqtt;
mod embedded;
mod mosquitto;
mod nats;
mod rabbitmq;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use rustix::process::Signal;
use tempfile::TempDir;

use crate::support::PATIENCE;
use crate::support::peer::free_port;
use crate::support::process::{Process, Stream};

/// The user of a broker with [`Doors::Locked`].
pub const USER: &str = "steve";
/// Their password.
pub const PASSWORD: &str = "password";

/// A broker's software.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The one that is part of `mqttscript`, as `mqttscript broker`.
    Embedded,
    /// Mosquitto, of the system's packages.
    Mosquitto,
    /// Aedes 1, of npm: no MQTT 5.
    Aedes,
    /// Aedes 2, of npm: MQTT 5 too.
    Aedes2,
    /// The NATS server with JetStream, of the system's packages.
    Nats,
    /// aMQTT, of PyPI.
    Amqtt,
    /// RabbitMQ with its MQTT plugins, of the system's packages.
    Rabbitmq,
}

impl Kind {
    /// All of them, those that start slowly last.
    pub const ALL: [Self; 7] =
        [Self::Embedded, Self::Mosquitto, Self::Aedes, Self::Aedes2, Self::Nats, Self::Amqtt, Self::Rabbitmq];

    /// What `MQTTSCRIPT_TEST_BROKER` calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Embedded => "embedded",
            Self::Mosquitto => "mosquitto",
            Self::Aedes => "aedes",
            Self::Aedes2 => "aedes2",
            Self::Nats => "nats",
            Self::Amqtt => "amqtt",
            Self::Rabbitmq => "rabbitmq",
        }
    }

    /// The version that runs here.
    #[track_caller]
    pub fn version(self) -> String {
        match self {
            Self::Embedded => env!("CARGO_PKG_VERSION").to_owned(),
            Self::Mosquitto => mosquitto::version(),
            Self::Aedes | Self::Aedes2 => aedes::version(self.name()),
            Self::Nats => nats::version(),
            Self::Amqtt => amqtt::version(),
            Self::Rabbitmq => rabbitmq::version(),
        }
    }

    /// Whether scenarios can share one without seeing each other's messages. aMQTT 0.12.1 sends each client that
    /// connects the retained messages of every filter that anybody has subscribed to.
    pub fn can_be_shared(self) -> bool {
        self != Self::Amqtt
    }
}

/// Who is let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doors {
    /// Everybody.
    Open,
    /// [`USER`] with [`PASSWORD`].
    Locked,
}

/// What a broker is started with.
#[derive(Debug)]
struct Setup {
    kind: Kind,
    doors: Doors,
    port: u16,
    ws_port: u16,
    folder: TempDir,
}

impl Setup {
    /// Writes a file into its folder.
    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).expect("files can be written in a temporary folder");
        path
    }

    fn is_locked(&self) -> bool {
        self.doors == Doors::Locked
    }
}

/// A broker; ended when it is dropped.
#[derive(Debug)]
pub struct Broker {
    setup: Setup,
    /// In the order in which they were started.
    processes: Vec<Process>,
}

impl Broker {
    /// Starts one; when this returns, it listens.
    #[track_caller]
    pub fn start(kind: Kind, doors: Doors) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let setup = Setup { kind, doors, port: free_port(), ws_port: free_port(), folder };
        let mut broker = Self { setup, processes: Vec::new() };
        broker.start_again();
        broker
    }

    /// Its address over TCP, without a user.
    pub fn url(&self) -> String {
        format!("mqtt://127.0.0.1:{}", self.setup.port)
    }

    /// Its address over WebSocket.
    pub fn ws_url(&self) -> String {
        // RabbitMQ serves this path only, the others any; `/mqtt` is what MQTT.js's examples have.
        let path = if self.setup.kind == Kind::Rabbitmq { "/ws" } else { "/mqtt" };
        format!("ws://127.0.0.1:{}{path}", self.setup.ws_port)
    }

    /// Starts it on the same ports with the same folder after [`stop`](Self::stop).
    #[track_caller]
    pub fn start_again(&mut self) {
        assert!(self.processes.is_empty(), "the broker is running");
        self.processes = match self.setup.kind {
            Kind::Embedded => embedded::start(&self.setup),
            Kind::Mosquitto => mosquitto::start(&self.setup),
            Kind::Aedes | Kind::Aedes2 => aedes::start(&self.setup),
            Kind::Nats => nats::start(&self.setup),
            Kind::Amqtt => amqtt::start(&self.setup),
            Kind::Rabbitmq => rabbitmq::start(&self.setup),
        };
    }

    /// Asks it to stop and waits for its end.
    #[track_caller]
    pub fn stop(&mut self) {
        while let Some(mut process) = self.processes.pop() {
            process.signal(Signal::TERM);
            process.wait(PATIENCE);
        }
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        // Some leave their own children behind when they are killed; `Process` kills what does not end.
        for process in self.processes.iter_mut().rev() {
            if !process.has_ended() {
                process.signal(Signal::TERM);
                process.ended_within(PATIENCE);
            }
        }
    }
}

/// Where `.ci/interop` installs what is not of the system's packages: below `target/`, so that a second run is quick.
fn cache() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/interop")
}

/// A program of the system; distributions put servers into `sbin`, which is not in everybody's `PATH`.
#[track_caller]
fn program(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let places = std::env::split_paths(&path).chain(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from));
    let found = places.map(|place| place.join(name)).find(|program| program.is_file());
    found.unwrap_or_else(|| panic!("`{name}` is not installed: `.ci/interop` installs what it needs"))
}

/// How long a server may take to start: RabbitMQ needs 12 seconds on a machine that does nothing else.
const START: Duration = Duration::from_secs(180);

/// Starts a server in its folder and waits until `ready` finds in its output that it listens.
#[track_caller]
fn serve(setup: &Setup, mut command: Command, ready: impl Fn(&str) -> bool) -> Process {
    command.current_dir(setup.folder.path());
    let process = Process::start(command, false);
    process.wait_until("line that says it is ready", START, |output| {
        [Stream::Stdout, Stream::Stderr].iter().any(|stream| output.of(*stream).lines().any(&ready)).then_some(())
    });
    process
}

/// The first line that a command prints.
#[track_caller]
fn first_line(program: impl AsRef<std::ffi::OsStr>, arguments: &[&str]) -> String {
    let mut command = Command::new(program);
    command.args(arguments);
    let outcome = Process::start(command, false).wait(PATIENCE);
    outcome.stdout.lines().next().unwrap_or_default().to_owned()
}
