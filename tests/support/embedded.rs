//! The embedded broker, through the library.

use std::thread;
use std::time::{Duration, Instant};

use mqttscript::broker::{Broker, Config, Error, Listen, Scheme, Tls};

use super::PATIENCE;
use super::broker::{Flavour, PASSWORD, Setup, USER};

/// A running embedded broker; stopped when it is dropped.
#[derive(Debug)]
pub struct Embedded {
    broker: Broker,
}

impl Embedded {
    /// Starts it; when this returns, it listens.
    #[track_caller]
    pub fn start(setup: &Setup) -> Self {
        let scheme = match setup.flavour {
            Flavour::Plain | Flavour::Password => Scheme::Mqtt,
            Flavour::Tls | Flavour::MutualTls => Scheme::Mqtts,
            Flavour::WebSocket => Scheme::Ws,
            Flavour::SecureWebSocket => Scheme::Wss,
        };
        let mut config = Config { listeners: vec![Listen::new(scheme, "127.0.0.1", setup.port)], ..Config::default() };
        if setup.has_side_port() {
            config.listeners.push(Listen::new(Scheme::Mqtt, "127.0.0.1", setup.side_port));
        }
        if setup.flavour == Flavour::Password {
            config.users.push((USER.into(), PASSWORD.into()));
        }
        if setup.flavour.is_tls() {
            config.tls = Some(Tls {
                ca: Some(setup.authority.pem().into()),
                cert: setup.server.cert.clone().into(),
                key: setup.server.key.clone().into(),
                require_client_cert: setup.flavour == Flavour::MutualTls,
            });
        }
        // A process that another thread is just starting has a copy of every socket until it runs its program: the
        // port of a broker that was stopped can be in use for that moment.
        let until = Instant::now() + PATIENCE;
        loop {
            match Broker::start(config.clone()) {
                Ok(broker) => return Self { broker },
                Err(Error::AddressInUse { .. }) if Instant::now() < until => thread::sleep(Duration::from_millis(1)),
                Err(error) => panic!("the embedded broker does not start: {error}"),
            }
        }
    }

    /// Stops it.
    pub fn stop(self) {
        self.broker.stop();
    }
}
