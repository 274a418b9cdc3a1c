//! Through a SOCKS proxy: the negotiation is `tokio-socks`'s, dialling and the words of errors are ours.

use std::io::ErrorKind;
use std::net::SocketAddr;

use tokio::net::{TcpStream, lookup_host};
use tokio_socks::TargetAddr;
use tokio_socks::tcp::{Socks4Stream, Socks5Stream};

use crate::mqtt::error::Error;
use crate::mqtt::options::{Proxy, SocksVersion};
use crate::mqtt::transport::tcp;

/// Host names have 253 characters at most (RFC 1035, 2.3.4).
const LONGEST_HOST: usize = 253;

/// Connects to `host:port` through `proxy`.
pub(super) async fn connect(proxy: &Proxy, host: &str, port: u16) -> Result<TcpStream, Error> {
    let negotiation = negotiate(proxy, host, port);
    let Some(limit) = proxy.timeout else { return negotiation.await };
    tokio::time::timeout(limit, negotiation).await.unwrap_or_else(|_| {
        Err(failed("Proxy connection timed out", proxy, "did not answer within `socksTimeout`".into()))
    })
}

async fn negotiate(proxy: &Proxy, host: &str, port: u16) -> Result<TcpStream, Error> {
    let target = target(proxy, host, port).await?;
    let socket = tcp::connect(&proxy.host, proxy.port).await.map_err(|error| {
        let cause = error.cause.clone().unwrap_or_else(|| error.message.clone());
        error.with_cause(format!("the SOCKS proxy at {} cannot be reached: {cause}", address(proxy)))
    })?;
    let broker = format!("{host}:{port}");
    match proxy.version {
        SocksVersion::V4 => {
            let opened = match proxy.username.as_deref() {
                None => Socks4Stream::connect_with_socket(socket, target).await,
                Some(user) => Socks4Stream::connect_with_userid_and_socket(socket, target, user).await,
            };
            opened.map(Socks4Stream::into_inner)
        }
        SocksVersion::V5 => {
            let opened = match proxy.username.as_deref() {
                None => Socks5Stream::connect_with_socket(socket, target).await,
                Some(user) => {
                    let password = proxy.password.as_deref().unwrap_or_default();
                    Socks5Stream::connect_with_password_and_socket(socket, target, user, password).await
                }
            };
            opened.map(Socks5Stream::into_inner)
        }
    }
    .map_err(|error| refused(&error, proxy, &broker))
}

/// What the proxy is asked for: a name where it looks names up, else an address.
async fn target(proxy: &Proxy, host: &str, port: u16) -> Result<TargetAddr<'static>, Error> {
    if host.len() > LONGEST_HOST {
        return Err(tcp::unknown_host(host));
    }
    let literal = host.parse().ok().map(|ip| SocketAddr::new(ip, port));
    if proxy.resolves && literal.is_none() {
        return Ok(TargetAddr::Domain(host.to_owned().into(), port));
    }
    let mut addresses: Vec<SocketAddr> = match literal {
        Some(address) => vec![address],
        None => lookup_host((host, port)).await.map_err(|error| tcp::lookup_error(&error, host))?.collect(),
    };
    if proxy.version == SocksVersion::V4 {
        addresses.retain(SocketAddr::is_ipv4);
        if addresses.is_empty() {
            return Err(failed(
                "Socks4 Proxy rejected connection",
                proxy,
                format!("speaks SOCKS 4, which has no IPv6, and `{host}` has no IPv4 address"),
            )
            .with_help("use `socks5://` or `socks5h://`"));
        }
    }
    addresses.first().map(|address| TargetAddr::Ip(*address)).ok_or_else(|| tcp::unknown_host(host))
}

fn address(proxy: &Proxy) -> String {
    format!("{}:{}", proxy.host, proxy.port)
}

/// MQTT.js gives every failure behind the proxy this code.
fn failed(message: &str, proxy: &Proxy, what: String) -> Error {
    Error::new(message).with_name("SOCKS").with_cause(format!("the SOCKS proxy at {} {what}", address(proxy)))
}

/// What the proxy answered: MQTT.js's text, and the same in plain words.
fn refused(error: &tokio_socks::Error, proxy: &Proxy, broker: &str) -> Error {
    use tokio_socks::Error as Socks;
    let rejected = |why: &str, what: String| {
        let message = match proxy.version {
            SocksVersion::V4 => "Socks4 Proxy rejected connection - (Failed)".to_owned(),
            SocksVersion::V5 => format!("Socks5 proxy rejected connection - {why}"),
        };
        failed(&message, proxy, what)
    };
    match error {
        Socks::Io(error) if error.kind() == ErrorKind::UnexpectedEof => {
            failed("Socket closed", proxy, "closed the connection instead of answering: is it a SOCKS proxy?".into())
        }
        Socks::Io(error) => {
            let error = super::io_error(error, "read");
            let cause = error.cause.clone().unwrap_or_else(|| error.message.clone());
            error.with_cause(format!("the SOCKS proxy at {} failed: {cause}", address(proxy)))
        }
        Socks::PasswordAuthFailure(_) => {
            failed("Socks5 Authentication failed", proxy, "refused the user name and password".into())
                .with_help("write them in its URL: `socksProxy: \"socks5://user:password@host:1080\"`")
        }
        Socks::NoAcceptableAuthMethods | Socks::UnknownAuthMethod | Socks::AuthorizationRequired => {
            let message = "Received invalid Socks5 initial handshake (no accepted authentication type)";
            let what = if proxy.username.is_some() {
                "takes no user name and password"
            } else {
                "wants a user name and password"
            };
            failed(message, proxy, what.into())
                .with_help("write them in its URL: `socksProxy: \"socks5://user:password@host:1080\"`")
        }
        Socks::IdentdAuthFailure | Socks::InvalidUserIdAuthFailure => {
            failed("Socks4 Proxy rejected connection - (RejectedIdent)", proxy, "refused the user name".into())
        }
        Socks::ConnectionNotAllowedByRuleset => {
            rejected("NotAllowed", format!("does not allow connections to {broker}"))
        }
        Socks::NetworkUnreachable => rejected("NetworkUnreachable", format!("cannot reach the network of {broker}")),
        Socks::HostUnreachable => rejected("HostUnreachable", format!("cannot reach {broker}")),
        Socks::ConnectionRefused => {
            rejected("ConnectionRefused", format!("reached {broker}, which refused the connection"))
        }
        Socks::TtlExpired => rejected("TTLExpired", format!("got no answer from {broker}")),
        Socks::CommandNotSupported => rejected("CommandNotSupported", "does not open connections".into()),
        Socks::AddressTypeNotSupported => {
            rejected("AddressNotSupported", format!("does not take the kind of address that {broker} has"))
        }
        Socks::GeneralSocksServerFailure => rejected("Failure", format!("could not connect to {broker}")),
        Socks::InvalidAuthValues(_) => {
            failed("Socks5 Authentication failed", proxy, "takes user names and passwords of 1 to 255 bytes".into())
        }
        other => failed(
            "Received invalid Socks5 initial handshake response",
            proxy,
            format!("did not answer in SOCKS ({other}): is it a SOCKS proxy?"),
        ),
    }
}
