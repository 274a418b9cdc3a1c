//! The embedded broker behind one small type: [`Broker::start`] listens, [`Broker::stop`] gives the port back.
//!
//! Routing, sessions, retained messages and the protocol itself are `mqtt5`'s. What arrives on a socket is ours, because
//! programs meet this broker where they would meet mosquitto:
//!
//! | file | owns |
//! |---|---|
//! | `config` | listeners, users, certificates: what [`Broker::start`] is told |
//! | `listener` | sockets: accept, tell TLS, WebSocket and MQTT apart, within a time limit |
//! | `connect` | the CONNECT packet as `mqtt5` accepts it (MQTT 3.1, any client id, keep-alive 0) |
//! | `link` | one connection as bytes: batches what is written, gives up on who never reads |
//! | `outgoing` | packets on their way out, without what only `mqtt5` knows about |
//! | `engine` | the pieces of `mqtt5` put together |
//! | `users` | names and passwords |
//!
//! Sessions and retained messages live in memory and end with the broker. Nobody here knows of scripts.

mod config;
mod connect;
mod engine;
mod error;
mod link;
mod listener;
mod outgoing;
mod users;

use std::thread::{self, JoinHandle};

use tokio::sync::oneshot;

pub use config::{Config, Listen, MAX_PACKET_SIZE, Scheme, Tls};
pub use error::Error;
pub use users::{parse_passwords, read_password_file};

use engine::Engine;

/// A running broker, on a thread of its own. Dropping it stops it.
#[derive(Debug)]
pub struct Broker {
    urls: Vec<String>,
    port: u16,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Broker {
    /// Listens on every address of `config`; when it returns, connections are accepted.
    ///
    /// # Errors
    ///
    /// An address that cannot be bound, a listener that needs a certificate and has none, or certificates that cannot
    /// be used. Nothing is left listening then.
    pub fn start(config: Config) -> Result<Self, Error> {
        if config.listeners.is_empty() {
            return Err(Error::NoListeners);
        }
        let tls = config.tls.as_ref().map(Tls::acceptor).transpose()?;
        let sockets = config
            .listeners
            .iter()
            .map(|listen| listener::bind(listen, tls.as_ref()))
            .collect::<Result<Vec<_>, _>>()?;
        let urls: Vec<String> = sockets.iter().map(|socket| socket.address.url()).collect();
        let port = sockets[0].address.port;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|source| Error::Thread { source })?;
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new()
            .name("mqtt broker".into())
            .spawn(move || runtime.block_on(listener::serve(sockets, Engine::new(&config), stopped)))
            .map_err(|source| Error::Thread { source })?;
        Ok(Self { urls, port, stop: Some(stop), thread: Some(thread) })
    }

    /// The URL of every listener, in the order of [`Config::listeners`], with the port it really has.
    pub fn urls(&self) -> &[String] {
        &self.urls
    }

    /// The URL of the first listener, for example `mqtt://127.0.0.1:43211`.
    pub fn url(&self) -> &str {
        &self.urls[0]
    }

    /// The port of the first listener.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Closes every connection and gives the ports back; MQTT 5 clients are told "server shutting down" (0x8B).
    /// Takes at most about half a second, which only a client that does not read can use up.
    pub fn stop(self) {
        drop(self);
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        // The sender's end is the signal; a thread that is gone already needs none.
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the broker's thread panicked");
        }
    }
}
