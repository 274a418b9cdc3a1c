//! I/O errors in Node's words.

use std::io::{self, ErrorKind};

use crate::mqtt::error::Error;
use crate::mqtt::options::Endpoint;
use crate::mqtt::tls;

/// Node's error for a failed `what` (`read`, `write`, `connect`), for example `read ECONNRESET`.
pub fn io_error(error: &io::Error, what: &str) -> Error {
    match name(error) {
        Some((name, cause)) => Error::new(format!("{what} {name}")).with_name(name).with_cause(cause),
        None => Error::new(format!("{what}: {error}")),
    }
}

/// What a transport to `endpoint` that was open failed of: a TLS alert says more than the system does.
pub fn explain(error: &io::Error, endpoint: &Endpoint) -> Error {
    tls::explain(error, &endpoint.host).unwrap_or_else(|| io_error(error, "read"))
}

/// As [`io_error`], for an attempt to reach `address`: `connect ECONNREFUSED 127.0.0.1:1883`.
pub(super) fn connect_error(error: &io::Error, address: &str) -> Error {
    let mut connect = io_error(error, "connect");
    connect.message = format!("{} {address}", connect.message);
    connect
}

/// The name of a system error and what it means in plain words.
fn name(error: &io::Error) -> Option<(&'static str, &'static str)> {
    Some(match error.kind() {
        ErrorKind::ConnectionRefused => ("ECONNREFUSED", "connection refused"),
        ErrorKind::ConnectionReset => ("ECONNRESET", "the broker cut the connection"),
        ErrorKind::ConnectionAborted => ("ECONNABORTED", "the connection was aborted"),
        ErrorKind::BrokenPipe => ("EPIPE", "the broker closed the connection"),
        ErrorKind::UnexpectedEof => ("ECONNRESET", "the broker closed the connection without a goodbye"),
        ErrorKind::NotConnected => ("ENOTCONN", "the connection is closed"),
        ErrorKind::TimedOut => ("ETIMEDOUT", "no answer"),
        ErrorKind::HostUnreachable => ("EHOSTUNREACH", "the host cannot be reached"),
        ErrorKind::NetworkUnreachable => ("ENETUNREACH", "the network cannot be reached"),
        ErrorKind::NetworkDown => ("ENETDOWN", "the network is down"),
        ErrorKind::AddrNotAvailable => ("EADDRNOTAVAIL", "no local address or port is free for it"),
        ErrorKind::NotFound => ("ENOENT", "there is no such socket"),
        ErrorKind::PermissionDenied => ("EACCES", "permission denied"),
        _ => return unix_name(error),
    })
}

/// Errors that have no kind of their own.
#[cfg(unix)]
fn unix_name(error: &io::Error) -> Option<(&'static str, &'static str)> {
    match error.raw_os_error()? {
        libc::EMFILE => Some(("EMFILE", "this program has too many files and connections open")),
        libc::ENFILE => Some(("ENFILE", "the system has too many files and connections open")),
        libc::EPROTO => Some(("EPROTO", "protocol error")),
        libc::ENOTSOCK => Some(("ENOTSOCK", "it is not a socket")),
        _ => None,
    }
}

#[cfg(not(unix))]
fn unix_name(_error: &io::Error) -> Option<(&'static str, &'static str)> {
    None
}
