//! Sockets: bind, accept, and find out what a connection speaks.
//!
//! One port serves everything: TLS begins with 0x16, a WebSocket upgrade with the `G` of `GET`, MQTT with CONNECT (0x10).
//! Each connection has its own task and [`ARRIVAL`] to get as far as its CONNECT, so nobody waits for somebody else.

use std::io;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use mqtt5::broker::websocket_server::WebSocketStreamWrapper;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_tungstenite::accept_hdr_async_with_config;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::http::header::SEC_WEBSOCKET_PROTOCOL;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use super::connect::{CONNECT, Connect};
use super::engine::Engine;
use super::link::{Link, Stream};
use super::outgoing::frame_length;
use super::{Error, Listen};

/// From the first byte to the whole CONNECT.
const ARRIVAL: Duration = Duration::from_secs(10);

/// The largest CONNECT: client id, will, name and password may have 64 KiB each, user properties come on top.
const LARGEST_CONNECT: usize = 1024 * 1024;

/// WebSocket sub-protocols MQTT goes by, the second one before it was standardised.
const SUBPROTOCOLS: [&str; 2] = ["mqtt", "mqttv3.1"];

/// A bound socket.
pub(super) struct Socket {
    /// With the port it really has.
    pub(super) address: Listen,
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
}

/// Binds one listener.
pub(super) fn bind(listen: &Listen, tls: Option<&TlsAcceptor>) -> Result<Socket, Error> {
    if listen.scheme.needs_tls() && tls.is_none() {
        return Err(Error::TlsMissing { url: listen.url() });
    }
    let failed = |source: io::Error| {
        let address = listen.address();
        match source.kind() {
            io::ErrorKind::AddrInUse => Error::AddressInUse { address },
            io::ErrorKind::PermissionDenied => Error::PermissionDenied { address },
            _ => Error::Bind { address, source },
        }
    };
    let mut addresses: Vec<SocketAddr> =
        (listen.host.as_str(), listen.port).to_socket_addrs().map_err(failed)?.collect();
    // `localhost` is two addresses; clients try 127.0.0.1 in any case.
    addresses.sort_by_key(SocketAddr::is_ipv6);
    let listener = TcpListener::bind(addresses.as_slice()).map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    let port = listener.local_addr().map_err(failed)?.port();
    Ok(Socket { address: Listen { port, ..listen.clone() }, listener, tls: tls.cloned() })
}

/// Serves all sockets until `stopped` fires or its sender is dropped; then they are closed.
pub(super) async fn serve(sockets: Vec<Socket>, engine: Engine, stopped: oneshot::Receiver<()>) {
    let engine = Arc::new(engine);
    let (open, closed) = mpsc::channel(1);
    let mut tasks = JoinSet::new();
    for socket in sockets {
        tasks.spawn(accept(socket, Arc::clone(&engine), open.clone()));
    }
    drop(open);
    tokio::select! {
        _ = stopped => {}
        () = engine.keep_house() => {}
    }
    tasks.shutdown().await;
    engine.farewell(closed).await;
}

async fn accept(socket: Socket, engine: Arc<Engine>, open: mpsc::Sender<()>) {
    let listener = match tokio::net::TcpListener::from_std(socket.listener) {
        Ok(listener) => listener,
        Err(error) => {
            tracing::error!("cannot accept on `{}`: {error}", socket.address);
            return;
        }
    };
    let needs_tls = socket.address.scheme.needs_tls();
    loop {
        let (tcp, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                // Mostly too many open files: trying again at once would only burn the processor.
                tracing::warn!("cannot accept a connection on `{}`: {error}", socket.address);
                sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let (engine, tls, open) = (Arc::clone(&engine), socket.tls.clone(), open.clone());
        let mut closing = engine.closing();
        tokio::spawn(async move {
            let arrived = tokio::select! {
                biased;
                _ = closing.recv() => return,
                arrived = timeout(ARRIVAL, arrive(tcp, peer, tls, needs_tls, &engine)) => arrived,
            };
            match arrived {
                Ok(Ok(link)) => engine.handle(link, peer).await,
                Ok(Err(error)) => tracing::debug!(%peer, "not a client: {error}"),
                Err(_) => tracing::debug!(%peer, "no CONNECT within {} s", ARRIVAL.as_secs()),
            }
            drop(open);
        });
    }
}

/// Takes a connection through TLS and WebSocket, as far as it wants them, and reads its CONNECT.
async fn arrive(
    tcp: TcpStream,
    peer: SocketAddr,
    tls: Option<TlsAcceptor>,
    needs_tls: bool,
    engine: &Engine,
) -> io::Result<Link> {
    tcp.set_nodelay(true)?;
    let mut first = [0];
    tcp.peek(&mut first).await?;
    let stream: Box<dyn Stream> = match tls {
        Some(tls) if first[0] == 0x16 => Box::new(tls.accept(tcp).await?),
        _ if needs_tls => return Err(wrong("TLS is required here")),
        _ => Box::new(tcp),
    };
    let mut stream = BufReader::new(stream);
    let stream: Box<dyn Stream> =
        if stream.fill_buf().await?.first() == Some(&b'G') { upgrade(stream, engine).await? } else { Box::new(stream) };
    read_connect(stream, peer, engine).await
}

/// Answers a WebSocket upgrade on any path.
async fn upgrade(stream: BufReader<Box<dyn Stream>>, engine: &Engine) -> io::Result<Box<dyn Stream>> {
    let config = WebSocketConfig::default().max_message_size(Some(engine.max_packet_size())).max_frame_size(None);
    let stream =
        accept_hdr_async_with_config(stream, choose_subprotocol, Some(config)).await.map_err(io::Error::other)?;
    Ok(Box::new(WebSocketStreamWrapper::new(stream)))
}

#[expect(clippy::result_large_err, clippy::unnecessary_wraps, reason = "tungstenite's callback looks like this")]
fn choose_subprotocol(request: &Request, mut response: Response) -> Result<Response, ErrorResponse> {
    let offered = request.headers().get_all(SEC_WEBSOCKET_PROTOCOL).iter().filter_map(|value| value.to_str().ok());
    let chosen = offered
        .flat_map(|names| names.split(','))
        .find_map(|name| SUBPROTOCOLS.into_iter().find(|known| *known == name.trim()));
    if let Some(name) = chosen {
        response.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(name));
    }
    Ok(response)
}

async fn read_connect(mut stream: Box<dyn Stream>, peer: SocketAddr, engine: &Engine) -> io::Result<Link> {
    let mut buffer = BytesMut::new();
    loop {
        if buffer.first().is_some_and(|first| *first != CONNECT) {
            return Err(wrong("the first packet is no CONNECT"));
        }
        let length = frame_length(&buffer).ok_or_else(|| wrong("malformed remaining length"))?;
        if length.is_some_and(|length| length > LARGEST_CONNECT.min(engine.max_packet_size())) {
            return Err(wrong("the CONNECT is too large"));
        }
        if let Some(length) = length
            && let Some((frame, rest)) = buffer.split_at_checked(length)
        {
            return Ok(Link::new(stream, peer, &Connect::adapt(frame), rest, engine.received()));
        }
        if stream.read_buf(&mut buffer).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
}

fn wrong(reason: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}
