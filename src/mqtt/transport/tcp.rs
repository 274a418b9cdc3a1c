//! TCP and unix sockets.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use crate::mqtt::error::Error;
use crate::mqtt::transport::Stream;
use crate::mqtt::transport::error::connect_error;

/// How long an address may stay silent before the next one is tried beside it (RFC 8305, 5).
const NEXT_ADDRESS_AFTER: Duration = Duration::from_millis(250);

/// Connects to the first address of `host` that answers. When none does, the error is that of the last one.
pub(super) async fn connect(host: &str, port: u16) -> Result<TcpStream, Error> {
    let addresses: Vec<_> = lookup_host((host, port)).await.map_err(|error| lookup_error(&error, host))?.collect();
    let socket = race(addresses).await.map_err(|failed| match failed {
        Some((address, error)) => connect_error(&error, &format!("{}:{port}", address.ip())),
        None => unknown_host(host),
    })?;
    // MQTT packets are small and mostly wait for an answer: never hold one back for the next.
    socket.set_nodelay(true).map_err(|error| connect_error(&error, host))?;
    Ok(socket)
}

/// Tries the addresses in order, the next one as soon as the one before failed or took long.
async fn race(addresses: Vec<SocketAddr>) -> Result<TcpStream, Option<(SocketAddr, io::Error)>> {
    let mut untried = addresses.into_iter().enumerate();
    let mut attempts = FuturesUnordered::new();
    let mut last: Option<(usize, SocketAddr, io::Error)> = None;
    loop {
        if let Some((index, address)) = untried.next() {
            attempts.push(async move { (index, address, TcpStream::connect(address).await) });
        }
        let outcome = if untried.len() == 0 {
            attempts.next().await
        } else {
            match timeout(NEXT_ADDRESS_AFTER, attempts.next()).await {
                Ok(outcome) => outcome,
                Err(_) => continue,
            }
        };
        match outcome {
            Some((_, _, Ok(socket))) => return Ok(socket),
            Some((index, address, Err(error))) => {
                if last.as_ref().is_none_or(|(earlier, ..)| *earlier < index) {
                    last = Some((index, address, error));
                }
            }
            None => return Err(last.map(|(_, address, error)| (address, error))),
        }
    }
}

pub(super) fn unknown_host(host: &str) -> Error {
    Error::new(format!("getaddrinfo ENOTFOUND {host}"))
        .with_name("ENOTFOUND")
        .with_cause(format!("the host name `{host}` is unknown"))
}

pub(super) fn lookup_error(error: &io::Error, host: &str) -> Error {
    // The standard library keeps the resolver's code to itself; these are the texts of EAI_AGAIN in glibc and musl.
    let text = error.to_string();
    if text.ends_with("Temporary failure in name resolution") || text.ends_with("Try again") {
        return Error::new(format!("getaddrinfo EAI_AGAIN {host}"))
            .with_name("EAI_AGAIN")
            .with_cause(format!("the host name `{host}` cannot be looked up now: no name server answers"));
    }
    unknown_host(host)
}

/// Connects to the unix socket at `path`.
#[cfg(unix)]
pub(super) async fn connect_unix(path: &str) -> Result<Stream, Error> {
    match tokio::net::UnixStream::connect(path).await {
        Ok(socket) => Ok(Box::new(socket)),
        Err(error) => Err(connect_error(&error, path)),
    }
}

/// Unix sockets exist on unix only.
#[cfg(not(unix))]
pub(super) async fn connect_unix(path: &str) -> Result<Stream, Error> {
    Err(Error::new(format!("connect {path}: this system has no unix sockets")))
}
