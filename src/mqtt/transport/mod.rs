//! The byte streams MQTT runs on: TCP (also through a SOCKS proxy), unix sockets, TLS and WebSocket, all as one [`Stream`].
//!
//! Dials one address and hands back the open stream. Knows nothing of MQTT packets, and does not try again: when and
//! where to dial is the connection's affair, and so is the time limit.

mod error;
mod socks;
mod tcp;
mod websocket;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;

use crate::mqtt::error::Error;
use crate::mqtt::options::{Endpoint, Options, Proxy, Scheme, TlsOptions, WebSocketLimits};
use crate::mqtt::packet::Version;
use crate::mqtt::tls;

pub use error::{explain, io_error};

/// What every stream can do. Writes may be buffered (TLS, WebSocket): flush after the last one. Over a WebSocket each
/// write is one binary frame.
pub trait Transport: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Transport for T {}

/// An open connection to a broker, before any MQTT.
pub type Stream = Box<dyn Transport>;

/// Opens streams for one client; keeps its TLS configurations from attempt to attempt.
pub struct Dialer {
    settings: Settings,
    /// Built for the first TLS endpoint, because it reads the system's certificates.
    connector: Option<TlsConnector>,
    /// The same for `wss`, where that has settings of its own.
    wss_connector: Option<TlsConnector>,
    /// What opens streams instead.
    #[cfg(test)]
    in_memory: Option<Box<dyn FnMut() -> Result<Stream, Error> + Send + Sync>>,
}

/// The options that a dialer goes by.
#[derive(Debug, Clone, PartialEq)]
struct Settings {
    tls: TlsOptions,
    wss_tls: Option<TlsOptions>,
    headers: Vec<(String, String)>,
    limits: WebSocketLimits,
    proxy: Option<Proxy>,
    sub_protocol: &'static str,
}

impl Settings {
    fn of(options: &Options) -> Self {
        Self {
            tls: options.tls.clone(),
            wss_tls: options.wss_tls.clone(),
            headers: options.ws_headers.clone(),
            limits: options.ws_limits,
            proxy: options.proxy.clone(),
            // [MQTT-6.0.0-3]; the older name is MQTT.js's for version 3.1.
            sub_protocol: if options.version == Version::V31 { "mqttv3.1" } else { "mqtt" },
        }
    }
}

impl Dialer {
    /// A dialer for these options; reads and checks nothing yet.
    pub fn new(options: &Options) -> Self {
        Self {
            settings: Settings::of(options),
            connector: None,
            wss_connector: None,
            #[cfg(test)]
            in_memory: None,
        }
    }

    /// Opens streams with `open`, wherever to.
    #[cfg(test)]
    pub fn in_memory(options: &Options, open: impl FnMut() -> Result<Stream, Error> + Send + Sync + 'static) -> Self {
        Self { in_memory: Some(Box::new(open)), ..Self::new(options) }
    }

    /// Goes by these options from now on. TLS configurations are kept where nothing has changed.
    pub fn use_options(&mut self, options: &Options) {
        let settings = Settings::of(options);
        if settings.tls != self.settings.tls || settings.wss_tls != self.settings.wss_tls {
            (self.connector, self.wss_connector) = (None, None);
        }
        self.settings = settings;
    }

    /// Does what can fail before any dialling: for a TLS endpoint, reads `ca`, `cert` and `key`. A mistake there is one of
    /// the program, not of the network.
    ///
    /// # Errors
    /// See [`tls::client_config`].
    pub fn prepare(&mut self, endpoint: &Endpoint) -> Result<(), Error> {
        if endpoint.scheme.is_tls() {
            tls::server_name(self.tls(endpoint), &endpoint.host)?;
            self.connector(endpoint)?;
        }
        Ok(())
    }

    /// Opens a stream to the broker at `endpoint`. Dropping the future ends the attempt.
    ///
    /// # Errors
    /// With Node's code and text (`connect ECONNREFUSED 127.0.0.1:1883`), and the cause in plain words.
    pub async fn open(&mut self, endpoint: &Endpoint) -> Result<Stream, Error> {
        #[cfg(test)]
        if let Some(open) = &mut self.in_memory {
            return open();
        }
        if endpoint.scheme == Scheme::Unix {
            return tcp::connect_unix(&endpoint.path).await;
        }
        self.prepare(endpoint)?;
        let limit = self.settings.limits.handshake_timeout.filter(|_| endpoint.scheme.is_websocket());
        let Some(limit) = limit else { return self.open_network(endpoint).await };
        tokio::time::timeout(limit, self.open_network(endpoint)).await.unwrap_or_else(|_| {
            Err(Error::new("Opening handshake has timed out")
                .with_name("ETIMEDOUT")
                .with_cause("no WebSocket within `wsOptions.handshakeTimeout`"))
        })
    }

    async fn open_network(&mut self, endpoint: &Endpoint) -> Result<Stream, Error> {
        let socket = match &self.settings.proxy {
            None => tcp::connect(&endpoint.host, endpoint.port).await?,
            Some(proxy) => socks::connect(proxy, &endpoint.host, endpoint.port).await?,
        };
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

    fn tls(&self, endpoint: &Endpoint) -> &TlsOptions {
        let own = self.settings.wss_tls.as_ref().filter(|_| endpoint.scheme == Scheme::Wss);
        own.unwrap_or(&self.settings.tls)
    }

    fn connector(&mut self, endpoint: &Endpoint) -> Result<TlsConnector, Error> {
        let separate = endpoint.scheme == Scheme::Wss && self.settings.wss_tls.is_some();
        let kept = if separate { &self.wss_connector } else { &self.connector };
        if let Some(connector) = kept {
            return Ok(connector.clone());
        }
        let connector = TlsConnector::from(tls::client_config(self.tls(endpoint))?);
        *(if separate { &mut self.wss_connector } else { &mut self.connector }) = Some(connector.clone());
        Ok(connector)
    }

    async fn secure<S: Transport>(&mut self, endpoint: &Endpoint, socket: S) -> Result<impl Transport + use<S>, Error> {
        let name = tls::server_name(self.tls(endpoint), &endpoint.host)?;
        let connector = self.connector(endpoint)?;
        connector.connect(name, socket).await.map_err(|error| tls::handshake_error(&error, &endpoint.host))
    }

    async fn upgrade<S: Transport + 'static>(&self, endpoint: &Endpoint, stream: S) -> Result<Stream, Error> {
        let Settings { headers, limits, sub_protocol, .. } = &self.settings;
        let upgraded = websocket::connect(endpoint, headers, sub_protocol, limits.largest_message, stream).await?;
        Ok(Box::new(upgraded))
    }
}
