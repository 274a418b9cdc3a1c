//! Typed connect options: what the client does, without any I/O. Defaults are MQTT.js's.

use std::time::Duration;

use bytes::Bytes;

use crate::mqtt::packet::{Auth, Properties, Version, Will};
use crate::mqtt::queue::{QueueLimit, QueuePolicy};

/// How to reach a broker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scheme {
    /// `mqtt://`, `tcp://`: plain TCP, port 1883.
    #[default]
    Mqtt,
    /// `mqtts://`, `ssl://`, `tls://`: TLS, port 8883.
    Mqtts,
    /// `ws://`: WebSocket, port 80.
    Ws,
    /// `wss://`: WebSocket over TLS, port 443.
    Wss,
    /// `mqtt+unix://`: a unix socket.
    Unix,
}

impl Scheme {
    /// Its name in a URL.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mqtt => "mqtt",
            Self::Mqtts => "mqtts",
            Self::Ws => "ws",
            Self::Wss => "wss",
            Self::Unix => "mqtt+unix",
        }
    }

    /// The port used when none is given; 0 for a unix socket.
    pub const fn default_port(self) -> u16 {
        match self {
            Self::Mqtt => 1883,
            Self::Mqtts => 8883,
            Self::Ws => 80,
            Self::Wss => 443,
            Self::Unix => 0,
        }
    }

    /// Whether the bytes go over TLS.
    pub const fn is_tls(self) -> bool {
        matches!(self, Self::Mqtts | Self::Wss)
    }

    /// Whether the bytes go over a WebSocket.
    pub const fn is_websocket(self) -> bool {
        matches!(self, Self::Ws | Self::Wss)
    }
}

/// One address to dial.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Endpoint {
    /// How.
    pub scheme: Scheme,
    /// Host name or address without brackets; empty for a unix socket.
    pub host: String,
    /// Port; 0 for a unix socket.
    pub port: u16,
    /// WebSocket path with query (`/mqtt?x=1`), or the path of the unix socket.
    pub path: String,
}

/// TLS settings. PEM texts, already read from disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsOptions {
    /// Trusted certificate authorities; empty: those of the system.
    pub ca: Vec<Bytes>,
    /// Client certificate chain.
    pub cert: Option<Bytes>,
    /// Client private key.
    pub key: Option<Bytes>,
    /// Passphrase of an encrypted private key.
    pub passphrase: Option<String>,
    /// Whether a certificate that cannot be verified ends the attempt.
    pub reject_unauthorized: bool,
    /// Name for SNI and certificate check instead of the host.
    pub servername: Option<String>,
    /// ALPN protocols, most wanted first.
    pub alpn: Vec<String>,
    /// Client certificate chain and private key in one, PKCS#12; its passphrase is `passphrase`.
    pub pfx: Option<Bytes>,
    /// The oldest TLS version to accept; `None`: 1.2.
    pub min_version: Option<TlsVersion>,
    /// The newest TLS version to offer; `None`: 1.3.
    pub max_version: Option<TlsVersion>,
    /// Cipher suites by their OpenSSL names, separated by colons.
    pub ciphers: Option<String>,
}

/// A TLS version that is still safe to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TlsVersion {
    /// TLS 1.2.
    V12,
    /// TLS 1.3.
    V13,
}

/// A SOCKS proxy that the connection goes through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proxy {
    /// Which SOCKS.
    pub version: SocksVersion,
    /// The proxy looks the broker's name up (`socks4a`, `socks5h`); otherwise this side does.
    pub resolves: bool,
    /// Host name or address of the proxy, without brackets.
    pub host: String,
    /// Port of the proxy.
    pub port: u16,
    /// User name.
    pub username: Option<String>,
    /// Password, SOCKS 5 only.
    pub password: Option<String>,
    /// Longest negotiation with the proxy; `None`: as long as the attempt may take.
    pub timeout: Option<Duration>,
}

/// The two SOCKS protocols.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SocksVersion {
    /// SOCKS 4 and 4a: IPv4 addresses and names, a user name without a password.
    V4,
    /// SOCKS 5 (RFC 1928), with user name and password (RFC 1929).
    V5,
}

/// What a WebSocket connection is held to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WebSocketLimits {
    /// The largest message to accept, bytes; `None`: the largest MQTT packet.
    pub largest_message: Option<usize>,
    /// From dialling to the end of the upgrade; `None`: as long as the attempt may take.
    pub handshake_timeout: Option<Duration>,
}

impl Default for TlsOptions {
    fn default() -> Self {
        Self {
            ca: Vec::new(),
            cert: None,
            key: None,
            passphrase: None,
            reject_unauthorized: true,
            servername: None,
            alpn: Vec::new(),
            pfx: None,
            min_version: None,
            max_version: None,
            ciphers: None,
        }
    }
}

/// When to try again after a lost or failed connection.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReconnectPolicy {
    /// Delay before the first reconnect; zero: never reconnect.
    pub min: Duration,
    /// Longest delay.
    pub max: Duration,
    /// Each delay is the one before times this.
    pub factor: f64,
    /// Share of the delay that is random, 0 to 1.
    pub jitter: f64,
    /// Reconnects after the first try; 0: for ever.
    pub attempts: u32,
}

impl ReconnectPolicy {
    /// MQTT.js's fixed `reconnectPeriod`.
    pub const fn fixed(period: Duration) -> Self {
        Self { min: period, max: period, factor: 1.0, jitter: 0.0, attempts: 0 }
    }

    /// Whether it never tries again.
    pub const fn is_never(&self) -> bool {
        self.min.is_zero()
    }
}

/// Which messages get topic aliases without being asked to (version 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AutoAlias {
    /// None.
    #[default]
    Never,
    /// Those whose topic has an alias already.
    Use,
    /// All; the alias used longest ago is assigned anew when the broker takes no more.
    Assign,
}

/// Everything the client needs to know to connect and to keep a session.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Addresses, tried in turn; never empty.
    pub endpoints: Vec<Endpoint>,
    /// Protocol version.
    pub version: Version,
    /// Client identifier.
    pub client_id: String,
    /// Start without an old session.
    pub clean: bool,
    /// Keep alive, seconds; 0 turns it off.
    pub keepalive: u16,
    /// User name.
    pub username: Option<String>,
    /// Password.
    pub password: Option<Bytes>,
    /// Last will.
    pub will: Option<Will>,
    /// CONNECT properties, version 5.
    pub properties: Option<Box<Properties>>,
    /// AUTH to send right after CONNECT, version 5.
    pub auth_packet: Option<Auth>,
    /// When to try again.
    pub reconnect: ReconnectPolicy,
    /// Try again also after a refused CONNACK.
    pub reconnect_on_connack_error: bool,
    /// From dialling to CONNACK.
    pub connect_timeout: Duration,
    /// Longest graceful `end`.
    pub end_timeout: Duration,
    /// Restore subscriptions after a reconnect without a session.
    pub resubscribe: bool,
    /// Keep QoS 0 publishes made while offline.
    pub queue_qos_zero: bool,
    /// How much may wait to be sent and acknowledged.
    pub queue_limit: QueueLimit,
    /// What to do with a message beyond that.
    pub queue_policy: QueuePolicy,
    /// How long the program waits for room at most; zero: as long as it takes.
    pub queue_timeout: Duration,
    /// Which messages get topic aliases by themselves.
    pub auto_alias: AutoAlias,
    /// The program decides how QoS 1 and 2 messages are acknowledged.
    pub custom_acks: bool,
    /// Sending QoS 1/2 acknowledgements and requests puts off the next ping.
    pub reschedule_pings: bool,
    /// The most filters of one SUBSCRIBE; `None`: any number.
    pub subscribe_batch: Option<usize>,
    /// TLS settings.
    pub tls: TlsOptions,
    /// TLS settings of `wss`, where they differ.
    pub wss_tls: Option<TlsOptions>,
    /// Extra headers of the WebSocket upgrade request.
    pub ws_headers: Vec<(String, String)>,
    /// Limits of a WebSocket connection.
    pub ws_limits: WebSocketLimits,
    /// The proxy between here and the broker.
    pub proxy: Option<Proxy>,
}

impl Options {
    /// Whether subscriptions are remembered, to be restored: MQTT.js does so only where a reconnect can come.
    pub const fn remembers(&self) -> bool {
        self.resubscribe && !self.reconnect.is_never()
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            endpoints: vec![Endpoint {
                scheme: Scheme::Mqtt,
                host: "localhost".into(),
                port: Scheme::Mqtt.default_port(),
                path: "/".into(),
            }],
            version: Version::default(),
            client_id: String::new(),
            clean: true,
            keepalive: 60,
            username: None,
            password: None,
            will: None,
            properties: None,
            auth_packet: None,
            reconnect: ReconnectPolicy::fixed(Duration::from_millis(1000)),
            reconnect_on_connack_error: false,
            connect_timeout: Duration::from_millis(30_000),
            end_timeout: Duration::from_millis(10_000),
            resubscribe: true,
            queue_qos_zero: true,
            queue_limit: QueueLimit::default(),
            queue_policy: QueuePolicy::default(),
            queue_timeout: Duration::from_millis(30_000),
            auto_alias: AutoAlias::Never,
            custom_acks: false,
            reschedule_pings: true,
            subscribe_batch: None,
            tls: TlsOptions::default(),
            wss_tls: None,
            ws_headers: Vec::new(),
            ws_limits: WebSocketLimits::default(),
            proxy: None,
        }
    }
}
