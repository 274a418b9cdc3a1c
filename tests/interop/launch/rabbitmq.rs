//! RabbitMQ with its MQTT and WebSocket plugins, as a node of its own: own name, ports, port mapper and folders.

use std::path::PathBuf;
use std::process::Command;

use super::{PASSWORD, Setup, USER, program, serve};
use crate::support::PATIENCE;
use crate::support::peer::free_port;
use crate::support::process::{Process, Stream};

#[track_caller]
pub(super) fn start(setup: &Setup) -> Vec<Process> {
    let folder = setup.folder.path();
    let text = format!(
        "listeners.tcp = none\nmqtt.listeners.tcp.1 = 127.0.0.1:{}\nmqtt.allow_anonymous = {}\n\
         web_mqtt.tcp.ip = 127.0.0.1\nweb_mqtt.tcp.port = {}\n\
         default_user = {USER}\ndefault_pass = {PASSWORD}\nmqtt.default_user = {USER}\nmqtt.default_pass = {PASSWORD}\n\
         log.console = true\nlog.file = false\n",
        setup.port,
        !setup.is_locked(),
        setup.ws_port
    );
    let configuration = setup.write("rabbitmq.conf", &text);
    let plugins = setup.write("enabled_plugins", "[rabbitmq_mqtt,rabbitmq_web_mqtt].\n");
    // Erlang starts a port mapper that outlives it, unless one is there.
    let mapper_port = free_port().to_string();
    let mut command = Command::new(program("epmd"));
    command.args(["-port", &mapper_port, "-address", "127.0.0.1", "-d", "-d"]);
    let mapper = Process::start(command, false);
    mapper.wait_until("line that says it is ready", PATIENCE, |output| {
        output.of(Stream::Stderr).contains("entering the main select() loop").then_some(())
    });
    let mut command = Command::new(installation().join("sbin/rabbitmq-server"));
    command
        .env("HOME", folder)
        .env("ERL_EPMD_PORT", &mapper_port)
        .env("ERL_EPMD_ADDRESS", "127.0.0.1")
        .env("RABBITMQ_NODENAME", format!("interop-{}@localhost", setup.port))
        .env("RABBITMQ_DIST_PORT", free_port().to_string())
        .env("RABBITMQ_CONF_ENV_FILE", "/dev/null")
        .env("RABBITMQ_CONFIG_FILE", configuration)
        .env("RABBITMQ_ENABLED_PLUGINS_FILE", plugins)
        .env("RABBITMQ_MNESIA_BASE", folder.join("mnesia"))
        .env("RABBITMQ_LOG_BASE", folder.join("log"))
        .env("RABBITMQ_FEATURE_FLAGS_FILE", folder.join("flags"))
        .env("RABBITMQ_GENERATED_CONFIG_DIR", folder.join("generated"))
        .env("RABBITMQ_PID_FILE", folder.join("pid"))
        // So that the process that is started here becomes the node instead of watching over it.
        .env("RABBITMQ_ALLOW_INPUT", "1")
        .env(
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
            "-noinput +S 2:2 +sbwt none -kernel inet_dist_use_interface {127,0,0,1}",
        );
    vec![mapper, serve(setup, command, |line| line.contains("Server startup complete"))]
}

/// The newest of `/usr/lib/rabbitmq/lib/rabbitmq_server-3.10.8`. The programs in `PATH` want to be another user.
#[track_caller]
fn installation() -> PathBuf {
    let found = std::fs::read_dir("/usr/lib/rabbitmq/lib").into_iter().flatten().flatten().map(|entry| entry.path());
    found.max().expect("RabbitMQ is not installed: `.ci/interop` installs what it needs")
}

#[track_caller]
pub(super) fn version() -> String {
    let folder = installation();
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    name.trim_start_matches("rabbitmq_server-").to_owned()
}
