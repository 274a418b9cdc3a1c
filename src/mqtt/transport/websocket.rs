//! MQTT in WebSocket frames: the upgrade request, and the frames as a stream of bytes.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use futures_util::{Sink, Stream};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::error::{Error as WsError, ProtocolError};
use tokio_tungstenite::tungstenite::handshake::client::{Request, Response};
use tokio_tungstenite::tungstenite::http::header::{HeaderName, HeaderValue, LOCATION, SEC_WEBSOCKET_PROTOCOL};
use tokio_tungstenite::tungstenite::protocol::{Message, WebSocketConfig};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::mqtt::error::Error;
use crate::mqtt::options::Endpoint;
use crate::mqtt::transport::Transport;
use crate::mqtt::transport::error::io_error;
use crate::mqtt::url::of as url;

/// The largest MQTT packet: a fixed header of 5 bytes and a remaining length of 268,435,455 (MQTT 5, 2.1.4). A broker may
/// put one into one frame.
const LARGEST_PACKET: usize = 5 + 268_435_455;

/// Upgrades `stream` to a WebSocket that speaks `sub_protocol`.
pub(super) async fn connect<S: Transport>(
    endpoint: &Endpoint,
    headers: &[(String, String)],
    sub_protocol: &'static str,
    largest_message: Option<usize>,
    stream: S,
) -> Result<WebSocket<S>, Error> {
    let request = request(endpoint, headers, sub_protocol)?;
    let largest = Some(largest_message.unwrap_or(LARGEST_PACKET));
    let config = WebSocketConfig::default().max_message_size(largest).max_frame_size(largest);
    let (frames, _) = client_async_with_config(request, stream, Some(config))
        .await
        .map_err(|error| upgrade_error(error, endpoint, sub_protocol))?;
    Ok(WebSocket { frames, received: Bytes::new(), ended: false })
}

fn request(endpoint: &Endpoint, headers: &[(String, String)], sub_protocol: &'static str) -> Result<Request, Error> {
    let mut request = url(endpoint)
        .into_client_request()
        .map_err(|error| Error::new(format!("`{}` is not a WebSocket URL: {error}", url(endpoint))))?;
    // [MQTT-6.0.0-3]
    request.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(sub_protocol));
    let mut given = std::collections::HashSet::new();
    for (name, value) in headers {
        let name = HeaderName::try_from(name)
            .map_err(|_| Error::new(format!("`{name}` in `wsOptions.headers` is not the name of an HTTP header")))?;
        let value = HeaderValue::try_from(value).map_err(|_| {
            Error::new(format!("the value of `{name}` in `wsOptions.headers` cannot stand in an HTTP header"))
        })?;
        // One of ours is replaced, one given twice is sent twice.
        if given.insert(name.clone()) {
            request.headers_mut().insert(name, value);
        } else {
            request.headers_mut().append(name, value);
        }
    }
    Ok(request)
}

/// Errors of the upgrade in the words of `ws`, the package MQTT.js uses.
fn upgrade_error(error: WsError, endpoint: &Endpoint, sub_protocol: &str) -> Error {
    let hung_up = || {
        Error::new("socket hang up").with_name("ECONNRESET").with_cause(format!(
            "`{}` closed the connection instead of answering: port {} may not be one for WebSocket",
            endpoint.host, endpoint.port
        ))
    };
    match error {
        WsError::Http(response) => refused(&response, endpoint),
        WsError::Protocol(ProtocolError::SecWebSocketSubProtocolError(error)) => Error::new(error.to_string())
            .with_cause(format!(
                "the server at `{}` does not offer the sub-protocol `{sub_protocol}`, so it is no MQTT broker",
                url(endpoint)
            )),
        WsError::Protocol(ProtocolError::HandshakeIncomplete) | WsError::ConnectionClosed => hung_up(),
        WsError::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => hung_up(),
        WsError::Io(error) => io_error(&error, "read"),
        WsError::Protocol(ProtocolError::HttparseError(_)) => Error::new("Parse Error: Expected HTTP/")
            .with_name("HPE_INVALID_CONSTANT")
            .with_cause(format!("`{}` does not speak WebSocket on port {}", endpoint.host, endpoint.port)),
        error => Error::new(error.to_string()).with_cause(format!("`{}` does not accept a WebSocket", url(endpoint))),
    }
}

/// An HTTP answer other than 101.
fn refused(response: &Response, endpoint: &Endpoint) -> Error {
    let status = response.status();
    let error = Error::new(format!("Unexpected server response: {}", status.as_u16()))
        .with_cause(format!("the HTTP server at `{}` answered {status}", url(endpoint)));
    let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
    match (status.as_u16(), location) {
        (300..=399, Some(location)) => error.with_help(format!("it points to `{location}`")),
        (401 | 403, _) => {
            error.with_help("pass what it asks for: `#{ wsOptions: #{ headers: #{ Authorization: \"...\" } } }`")
        }
        (_, _) if matches!(endpoint.path.as_str(), "" | "/") => {
            error.with_help(format!("most brokers want the path `/mqtt`: `{}mqtt`", url(endpoint)))
        }
        _ => error,
    }
}

/// The binary frames of a WebSocket as a stream of bytes. Packets need not keep to frames [MQTT-6.0.0-2].
pub(super) struct WebSocket<S> {
    frames: WebSocketStream<S>,
    /// What is left of the last frame.
    received: Bytes,
    ended: bool,
}

impl<S: Transport> AsyncRead for WebSocket<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        while this.received.is_empty() {
            if this.ended {
                return Poll::Ready(Ok(()));
            }
            match ready!(Pin::new(&mut this.frames).poll_next(cx)) {
                Some(Ok(Message::Binary(bytes))) => this.received = bytes,
                Some(Ok(Message::Text(_))) => {
                    // [MQTT-6.0.0-1]
                    this.ended = true;
                    let text = "the broker sent a text frame; MQTT goes in binary frames";
                    return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, text)));
                }
                // The next read sends the answer to these.
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                Some(Ok(Message::Close(_))) => {
                    this.ended = true;
                    // The answer goes out as far as it can; nobody waits for it.
                    let _ = Pin::new(&mut this.frames).poll_flush(cx);
                }
                None => this.ended = true,
                Some(Err(error)) => {
                    this.ended = true;
                    if !is_end(&error) {
                        return Poll::Ready(Err(into_io(error)));
                    }
                }
            }
        }
        let length = this.received.len().min(buffer.remaining());
        buffer.put_slice(&this.received[..length]);
        this.received.advance(length);
        Poll::Ready(Ok(()))
    }
}

impl<S: Transport> AsyncWrite for WebSocket<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &[u8]) -> Poll<io::Result<usize>> {
        if buffer.is_empty() {
            return Poll::Ready(Ok(0));
        }
        let mut frames = Pin::new(&mut self.get_mut().frames);
        ready!(frames.as_mut().poll_ready(cx)).map_err(into_io)?;
        frames.start_send(Message::Binary(Bytes::copy_from_slice(buffer))).map_err(into_io)?;
        Poll::Ready(Ok(buffer.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().frames).poll_flush(cx).map_err(into_io)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match ready!(Pin::new(&mut self.get_mut().frames).poll_close(cx)) {
            Err(error) if !is_end(&error) => Poll::Ready(Err(into_io(error))),
            _ => Poll::Ready(Ok(())),
        }
    }
}

/// A connection that ends without a Close frame has ended all the same; Node's `ws` makes no error of it either.
fn is_end(error: &WsError) -> bool {
    matches!(
        error,
        WsError::ConnectionClosed
            | WsError::AlreadyClosed
            | WsError::Protocol(ProtocolError::ResetWithoutClosingHandshake)
    )
}

fn into_io(error: WsError) -> io::Error {
    match error {
        WsError::Io(error) => error,
        error if is_end(&error) => io::Error::new(io::ErrorKind::BrokenPipe, error),
        error => io::Error::new(io::ErrorKind::InvalidData, error),
    }
}
