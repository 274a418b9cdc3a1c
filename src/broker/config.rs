//! What a broker is told: where to listen, who may connect, with which certificate.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use bytes::Bytes;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio_rustls::TlsAcceptor;
use url::{Host, Url};

use super::Error;

/// The largest packet MQTT has, in bytes: a remaining length of four bytes and its fixed header.
pub const MAX_PACKET_SIZE: u32 = 268_435_455 + 5;

/// Where to listen and whom to let in.
#[derive(Debug, Clone)]
pub struct Config {
    /// One socket each; at least one.
    pub listeners: Vec<Listen>,
    /// Names and passwords; none lets everybody in, under any name.
    pub users: Vec<(String, String)>,
    /// Needed by `mqtts://` and `wss://`; with it the other listeners speak TLS as well to who begins with it.
    pub tls: Option<Tls>,
    /// The largest packet accepted, in bytes; MQTT 5 clients are told.
    pub max_packet_size: u32,
}

impl Default for Config {
    /// Plain MQTT on a free port of 127.0.0.1, for everybody.
    fn default() -> Self {
        Self {
            listeners: vec![Listen::new(Scheme::Mqtt, "127.0.0.1", 0)],
            users: Vec::new(),
            tls: None,
            max_packet_size: MAX_PACKET_SIZE,
        }
    }
}

/// What a listener is for. MQTT and WebSocket are told apart by their first byte, so the difference between `Mqtt` and
/// `Ws` is only what [`Broker::url`](super::Broker::url) says; `Mqtts` and `Wss` refuse whoever comes without TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// `mqtt://`, port 1883.
    Mqtt,
    /// `mqtts://`, port 8883.
    Mqtts,
    /// `ws://`, port 80.
    Ws,
    /// `wss://`, port 443.
    Wss,
}

impl Scheme {
    /// As it stands in a URL, without `://`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mqtt => "mqtt",
            Self::Mqtts => "mqtts",
            Self::Ws => "ws",
            Self::Wss => "wss",
        }
    }

    /// Whether a connection without TLS is refused.
    pub fn needs_tls(self) -> bool {
        matches!(self, Self::Mqtts | Self::Wss)
    }

    fn default_port(self) -> u16 {
        match self {
            Self::Mqtt => 1883,
            Self::Mqtts => 8883,
            Self::Ws => 80,
            Self::Wss => 443,
        }
    }
}

/// One address to listen on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listen {
    /// What for.
    pub scheme: Scheme,
    /// An address of this machine or a name for one; an IPv6 address without brackets.
    pub host: String,
    /// 0 picks a free one.
    pub port: u16,
}

impl Listen {
    /// An address from its parts.
    pub fn new(scheme: Scheme, host: impl Into<String>, port: u16) -> Self {
        Self { scheme, host: host.into(), port }
    }

    /// `host:port`, an IPv6 address in brackets.
    pub fn address(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }

    /// `scheme://host:port`.
    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme.as_str(), self.address())
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url())
    }
}

impl FromStr for Listen {
    type Err = Error;

    /// Reads `scheme://host[:port]`; the port defaults to the scheme's.
    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = |reason: &str| Error::Url { url: text.into(), reason: reason.into() };
        if !text.contains("://") {
            return Err(wrong("the scheme is missing"));
        }
        let url = Url::parse(text).map_err(|error| wrong(&error.to_string()))?;
        let scheme = match url.scheme() {
            "mqtt" | "tcp" => Scheme::Mqtt,
            "mqtts" | "ssl" | "tls" => Scheme::Mqtts,
            "ws" => Scheme::Ws,
            "wss" => Scheme::Wss,
            other => return Err(wrong(&format!("the scheme `{other}` is unknown"))),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong("a listener has no user name, users come from the password file"));
        }
        let host = match url.host() {
            Some(Host::Ipv6(address)) => address.to_string(),
            Some(host) => host.to_string(),
            None => return Err(wrong("the host is missing")),
        };
        Ok(Self { scheme, host, port: url.port().unwrap_or_else(|| scheme.default_port()) })
    }
}

/// Certificates in PEM form.
#[derive(Debug, Clone)]
pub struct Tls {
    /// Who signed the certificates of clients. With it, a client certificate that comes is checked.
    pub ca: Option<Bytes>,
    /// The broker's certificate, with its chain.
    pub cert: Bytes,
    /// The certificate's private key.
    pub key: Bytes,
    /// Refuse TLS clients without a certificate; needs `ca`.
    pub require_client_cert: bool,
}

impl Tls {
    /// The server side of TLS with these certificates.
    pub(super) fn acceptor(&self) -> Result<TlsAcceptor, Error> {
        let refused = |error: &dyn fmt::Display| Error::Certificate { reason: error.to_string() };
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| refused(&error))?;
        let builder = match &self.ca {
            Some(ca) => {
                let mut roots = RootCertStore::empty();
                for certificate in certificates(ca, "ca")? {
                    roots.add(certificate).map_err(|error| refused(&error))?;
                }
                let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
                let verifier = if self.require_client_cert { verifier } else { verifier.allow_unauthenticated() };
                builder.with_client_cert_verifier(verifier.build().map_err(|error| refused(&error))?)
            }
            None if self.require_client_cert => return Err(Error::CaMissing),
            None => builder.with_no_client_auth(),
        };
        let key =
            PrivateKeyDer::from_pem_slice(&self.key).map_err(|_| Error::Pem { part: "key", wanted: "private key" })?;
        let config =
            builder.with_single_cert(certificates(&self.cert, "cert")?, key).map_err(|error| refused(&error))?;
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}

fn certificates(pem: &[u8], part: &'static str) -> Result<Vec<CertificateDer<'static>>, Error> {
    let none = Error::Pem { part, wanted: "certificate" };
    match CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>() {
        Ok(found) if !found.is_empty() => Ok(found),
        _ => Err(none),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_listeners() {
        let read = |text: &str| text.parse::<Listen>().map(|listen| listen.url()).map_err(|error| error.to_string());
        assert_eq!(read("mqtt://127.0.0.1:1883").as_deref(), Ok("mqtt://127.0.0.1:1883"));
        assert_eq!(read("mqtt://localhost").as_deref(), Ok("mqtt://localhost:1883"));
        assert_eq!(read("mqtts://0.0.0.0").as_deref(), Ok("mqtts://0.0.0.0:8883"));
        assert_eq!(read("ws://[::1]:0/mqtt").as_deref(), Ok("ws://[::1]:0"));
        assert_eq!(read("wss://localhost").as_deref(), Ok("wss://localhost:443"));
        assert_eq!(
            read("localhost:1883"),
            Err("`localhost:1883` is not an address to listen on: the scheme is missing".into())
        );
        assert_eq!(
            read("http://localhost"),
            Err("`http://localhost` is not an address to listen on: the scheme `http` is unknown".into())
        );
        assert!(read("mqtt://me:secret@localhost").is_err());
        assert!(read("mqtt://:1883").is_err());
    }

    #[test]
    fn says_which_pem_is_wrong() {
        let tls = Tls { ca: None, cert: Bytes::new(), key: Bytes::from("nothing"), require_client_cert: false };
        let error = tls.acceptor().map(|_| ()).expect_err("there is no key");
        assert_eq!(error.to_string(), "`key` holds no private key in PEM form");
        let tls = Tls { require_client_cert: true, ..tls };
        assert!(matches!(tls.acceptor().map(|_| ()), Err(Error::CaMissing)));
    }
}
