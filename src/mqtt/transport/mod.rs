//! The byte streams MQTT runs on: TCP, unix sockets, TLS and WebSocket, all as one [`Stream`].
//!
//! Dials one address and hands back the open stream. Knows nothing of MQTT packets, and does not try again: when and
//! where to dial is the connection's affair, and so is the time limit.

mod error;
mod tcp;
mod websocket;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;

use crate::mqtt::error::Error;
use crate::mqtt::options::{Endpoint, Options, Scheme, TlsOptions};
use crate::mqtt::packet::Version;
use crate::mqtt::tls;

pub use error::{explain, io_error};

/// What every stream can do. Writes may be buffered (TLS, WebSocket): flush after the last one. Over a WebSocket each
/// write is one binary frame.
pub trait Transport: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Transport for T {}

/// An open connection to a broker, before any MQTT.
pub type Stream = Box<dyn Transport>;

/// Opens streams for one client; keeps its TLS configuration from attempt to attempt.
pub struct Dialer {
    tls: TlsOptions,
    headers: Vec<(String, String)>,
    sub_protocol: &'static str,
    /// Built for the first TLS endpoint, because it reads the system's certificates.
    connector: Option<TlsConnector>,
}

impl Dialer {
    /// A dialer for these options; reads and checks nothing yet.
    pub fn new(options: &Options) -> Self {
        Self {
            tls: options.tls.clone(),
            headers: options.ws_headers.clone(),
            // [MQTT-6.0.0-3]; the older name is MQTT.js's for version 3.1.
            sub_protocol: if options.version == Version::V31 { "mqttv3.1" } else { "mqtt" },
            connector: None,
        }
    }

    /// Does what can fail before any dialling: for a TLS endpoint, reads `ca`, `cert` and `key`. A mistake there is one of
    /// the program, not of the network.
    ///
    /// # Errors
    /// See [`tls::client_config`].
    pub fn prepare(&mut self, endpoint: &Endpoint) -> Result<(), Error> {
        if endpoint.scheme.is_tls() {
            tls::server_name(&self.tls, &endpoint.host)?;
            self.connector()?;
        }
        Ok(())
    }

    /// Opens a stream to the broker at `endpoint`. Dropping the future ends the attempt.
    ///
    /// # Errors
    /// With Node's code and text (`connect ECONNREFUSED 127.0.0.1:1883`), and the cause in plain words.
    pub async fn open(&mut self, endpoint: &Endpoint) -> Result<Stream, Error> {
        if endpoint.scheme == Scheme::Unix {
            return tcp::connect_unix(&endpoint.path).await;
        }
        self.prepare(endpoint)?;
        let socket = tcp::connect(&endpoint.host, endpoint.port).await?;
        match endpoint.scheme {
            Scheme::Mqtts => Ok(Box::new(self.secure(endpoint, socket).await?)),
            Scheme::Ws => self.upgrade(endpoint, socket).await,
            Scheme::Wss => {
                let secured = self.secure(endpoint, socket).await?;
                self.upgrade(endpoint, secured).await
            }
            Scheme::Mqtt | Scheme::Unix => Ok(Box::new(socket)),
        }
    }

    fn connector(&mut self) -> Result<TlsConnector, Error> {
        if let Some(connector) = &self.connector {
            return Ok(connector.clone());
        }
        let connector = TlsConnector::from(tls::client_config(&self.tls)?);
        self.connector = Some(connector.clone());
        Ok(connector)
    }

    async fn secure<S: Transport>(&mut self, endpoint: &Endpoint, socket: S) -> Result<impl Transport + use<S>, Error> {
        let name = tls::server_name(&self.tls, &endpoint.host)?;
        let connector = self.connector()?;
        connector.connect(name, socket).await.map_err(|error| tls::handshake_error(&error, &endpoint.host))
    }

    async fn upgrade<S: Transport + 'static>(&self, endpoint: &Endpoint, stream: S) -> Result<Stream, Error> {
        let upgraded = websocket::connect(endpoint, &self.headers, self.sub_protocol, stream).await?;
        Ok(Box::new(upgraded))
    }
}
