//! Why a broker does not start, as data.

use std::io;
use std::path::PathBuf;

/// A reason [`Broker::start`](super::Broker::start), or the reading of its files, gave up.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The configuration names no listener.
    #[error("the broker has no listener")]
    NoListeners,
    /// Another program, or another broker of this one, has the port.
    #[error("cannot listen on `{address}`: the address is already in use")]
    AddressInUse {
        /// `host:port`.
        address: String,
    },
    /// The system refuses the port, mostly one below 1024.
    #[error("cannot listen on `{address}`: permission denied")]
    PermissionDenied {
        /// `host:port`.
        address: String,
    },
    /// The host is no address of this machine, or no name it can resolve.
    #[error("cannot listen on `{address}`: {source}")]
    Bind {
        /// `host:port`.
        address: String,
        /// What the system said.
        source: io::Error,
    },
    /// A URL that does not say where to listen.
    #[error("`{url}` is not an address to listen on: {reason}")]
    Url {
        /// As it was written.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// An `mqtts://` or `wss://` listener without certificate and key.
    #[error("`{url}` needs a certificate and a key")]
    TlsMissing {
        /// The listener.
        url: String,
    },
    /// A client certificate is required, but there is nothing to check it against.
    #[error("client certificates are required, but there is no `ca` to check them against")]
    CaMissing,
    /// PEM text that holds no certificate, or no key.
    #[error("`{part}` holds no {wanted} in PEM form")]
    Pem {
        /// `ca`, `cert` or `key`.
        part: &'static str,
        /// `certificate` or `private key`.
        wanted: &'static str,
    },
    /// Certificates or key that rustls refuses.
    #[error("the broker's certificate cannot be used: {reason}")]
    Certificate {
        /// What rustls said.
        reason: String,
    },
    /// A file that cannot be read.
    #[error("cannot read `{}`: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A line of the password file that is no `name:password`.
    #[error("{file}:{line}: {reason}")]
    PasswordLine {
        /// The file's name.
        file: String,
        /// From 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// A password file without a line that says something; the broker would let everybody in.
    #[error("{file} names no user")]
    NoUsers {
        /// The file's name.
        file: String,
    },
    /// The system gave no thread or no event queue.
    #[error("cannot start the broker: {source}")]
    Thread {
        /// What the system said.
        source: io::Error,
    },
}

impl Error {
    /// What to do about it, if there is something to say.
    pub fn help(&self) -> Option<String> {
        Some(match self {
            Self::NoListeners => "listen on one address at least, for example `mqtt://127.0.0.1:1883`".into(),
            Self::AddressInUse { address } => {
                let (host, port) = address.rsplit_once(':').unwrap_or((address, "1883"));
                format!(
                    "stop the program that listens there (`lsof -i :{port}` names it), or take another port: port 0 picks \
                     a free one, as in `mqtt://{host}:0`"
                )
            }
            Self::PermissionDenied { .. } => "take a port above 1023, for example 1883".into(),
            Self::Bind { .. } => {
                "the host must be an address of this machine: `127.0.0.1`, or `0.0.0.0` for all of them".into()
            }
            Self::Url { .. } => "write `mqtt://127.0.0.1:1883` (schemes: mqtt, mqtts, ws, wss)".into(),
            Self::TlsMissing { .. } => "give `cert` and `key`, each a PEM file".into(),
            Self::CaMissing => "give `ca`, the certificate that signed those of the clients".into(),
            Self::Pem { wanted: "private key", .. } => "the text must start with `-----BEGIN PRIVATE KEY-----`".into(),
            Self::Pem { .. } => "the text must start with `-----BEGIN CERTIFICATE-----`".into(),
            Self::Certificate { .. } => {
                "`cert` must be an X.509 v3 certificate and `key` the key it was made for".into()
            }
            Self::PasswordLine { .. } | Self::NoUsers { .. } => {
                "write one `name:password` a line; `#` starts a comment".into()
            }
            Self::File { .. } | Self::Thread { .. } => return None,
        })
    }
}
