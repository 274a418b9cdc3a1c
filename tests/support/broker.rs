//! Where a test gets a broker from: the embedded one, or mosquitto with `MQTTSCRIPT_TEST_BROKER=mosquitto`.
//!
//! Each has a port of its own on 127.0.0.1 and is stopped when it is dropped.

use tempfile::TempDir;

use super::certificates::{Authority, Identity};
use super::embedded::Embedded;
use super::mosquitto::Mosquitto;
use super::peer::free_port;

/// The user of [`Flavour::Password`].
pub const USER: &str = "steve";
/// Their password.
pub const PASSWORD: &str = "password";
/// With mosquitto and [`Flavour::Password`], nobody may publish to or receive from topics below this one. The embedded
/// broker has no access control lists.
pub const DENIED: &str = "denied";

/// What a broker asks of its clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// Nothing.
    Plain,
    /// [`USER`] and [`PASSWORD`].
    Password,
    /// TLS.
    Tls,
    /// TLS with a client certificate.
    MutualTls,
    /// WebSocket.
    WebSocket,
    /// WebSocket over TLS.
    SecureWebSocket,
}

impl Flavour {
    /// Whether it speaks TLS.
    pub fn is_tls(self) -> bool {
        matches!(self, Self::Tls | Self::MutualTls | Self::SecureWebSocket)
    }

    /// Whether it speaks WebSocket.
    pub fn is_websocket(self) -> bool {
        matches!(self, Self::WebSocket | Self::SecureWebSocket)
    }
}

/// What a broker is started with.
#[derive(Debug)]
pub struct Setup {
    /// What it asks of its clients.
    pub flavour: Flavour,
    /// The port for them.
    pub port: u16,
    /// Another port without TLS, WebSocket or client certificates, for observers.
    pub side_port: u16,
    /// Who signed [`server`](Self::server) and is trusted to sign client certificates.
    pub authority: Authority,
    /// The server's certificate and key.
    pub server: Identity,
    /// A folder of its own.
    pub folder: TempDir,
    /// With mosquitto, sessions and what waits in them survive a stop in order, no limit but memory is set for them, and so
    /// many messages may be under way to or from each client.
    pub lasting: Option<u16>,
}

impl Setup {
    /// Whether observers need the side port.
    pub fn has_side_port(&self) -> bool {
        self.flavour.is_tls() || self.flavour.is_websocket()
    }
}

#[derive(Debug)]
enum Running {
    Embedded(Embedded),
    Mosquitto(Mosquitto),
}

/// A broker.
#[derive(Debug)]
pub struct Broker {
    setup: Setup,
    running: Option<Running>,
}

/// A broker that asks for nothing.
#[track_caller]
pub fn broker() -> Broker {
    Broker::start(Flavour::Plain)
}

/// Whether brokers are mosquitto's.
#[track_caller]
pub fn is_mosquitto() -> bool {
    match std::env::var("MQTTSCRIPT_TEST_BROKER").as_deref() {
        Ok("mosquitto") => true,
        Ok("embedded") | Err(_) => false,
        Ok(other) => panic!("MQTTSCRIPT_TEST_BROKER is `mosquitto` or `embedded`, not `{other}`"),
    }
}

impl Broker {
    /// Starts one; its certificate, if it has one, is for `localhost`, `127.0.0.1` and `pi2.home`.
    #[track_caller]
    pub fn start(flavour: Flavour) -> Self {
        Self::start_named(flavour, &["localhost", "127.0.0.1", "pi2.home"])
    }

    /// Starts one with a certificate for other names.
    #[track_caller]
    pub fn start_named(flavour: Flavour, names: &[&str]) -> Self {
        let authority = Authority::new();
        let server = authority.server(names);
        Self::start_with(flavour, authority, server)
    }

    /// Starts one with this certificate, such as an expired one.
    #[track_caller]
    pub fn start_with(flavour: Flavour, authority: Authority, server: Identity) -> Self {
        Self::start_setup(flavour, authority, server, None)
    }

    /// Starts one that asks for nothing. With mosquitto it loses no session and no message, also not when it is stopped
    /// and started again; `in_flight` messages may be under way to or from each client.
    #[track_caller]
    pub fn start_lasting(in_flight: u16) -> Self {
        let authority = Authority::new();
        let server = authority.server(&["localhost"]);
        Self::start_setup(Flavour::Plain, authority, server, Some(in_flight))
    }

    #[track_caller]
    fn start_setup(flavour: Flavour, authority: Authority, server: Identity, lasting: Option<u16>) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let setup = Setup { flavour, port: free_port(), side_port: free_port(), authority, server, folder, lasting };
        let mut broker = Self { setup, running: None };
        broker.start_again();
        broker
    }

    /// Its URL for scripts, by address: `mqtt://`, `mqtts://`, `ws://` or `wss://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        self.url_by("127.0.0.1")
    }

    /// The same by another name for this machine, such as `localhost`.
    pub fn url_by(&self, host: &str) -> String {
        let scheme = match self.setup.flavour {
            Flavour::Plain | Flavour::Password => "mqtt",
            Flavour::Tls | Flavour::MutualTls => "mqtts",
            Flavour::WebSocket => "ws",
            Flavour::SecureWebSocket => "wss",
        };
        format!("{scheme}://{host}:{}", self.port())
    }

    /// Its port for scripts.
    pub fn port(&self) -> u16 {
        self.setup.port
    }

    /// Its URL for observers and [`publish`](super::observer::publish): plain TCP, with what they need to log in.
    pub fn observer_url(&self) -> String {
        if self.setup.has_side_port() {
            format!("mqtt://127.0.0.1:{}", self.setup.side_port)
        } else if self.setup.flavour == Flavour::Password {
            format!("mqtt://{USER}:{PASSWORD}@127.0.0.1:{}", self.port())
        } else {
            self.url()
        }
    }

    /// The certificate to trust, PEM.
    pub fn ca(&self) -> String {
        self.setup.authority.pem()
    }

    /// Its certificate authority, for client certificates.
    pub fn authority(&self) -> &Authority {
        &self.setup.authority
    }

    /// Stops it: connections are cut and new ones refused. Sessions and retained messages are gone, unless they last.
    #[track_caller]
    pub fn stop(&mut self) {
        match self.running.take() {
            Some(Running::Embedded(embedded)) => embedded.stop(),
            Some(Running::Mosquitto(mosquitto)) => mosquitto.stop(),
            None => panic!("the broker was stopped already"),
        }
    }

    /// Starts it on the same port after [`stop`](Self::stop).
    #[track_caller]
    pub fn start_again(&mut self) {
        assert!(self.running.is_none(), "the broker is running");
        self.running = Some(if is_mosquitto() {
            Running::Mosquitto(Mosquitto::start(&self.setup))
        } else {
            Running::Embedded(Embedded::start(&self.setup))
        });
    }
}
