//! WebSocket: the upgrade request, frames as a stream of bytes, and peers that are no MQTT broker.

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use mqttscript::mqtt::options::{Endpoint, Options, Scheme};
use mqttscript::mqtt::packet::Version;
use mqttscript::mqtt::transport::{Stream, io_error};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::http::HeaderMap;
use tokio_tungstenite::{WebSocketStream, accept_hdr_async};

use crate::certificates::{Authority, params};
use crate::{assert_code, open, refused};

async fn listen(scheme: Scheme, path: &str) -> (TcpListener, Endpoint) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, Endpoint { scheme, host: "localhost".into(), port, path: path.into() })
}

/// What a client asked for.
struct Asked {
    path: String,
    headers: HeaderMap,
}

/// Accepts one client, taking the sub-protocol it offers.
async fn accept<S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin>(socket: S) -> (WebSocketStream<S>, Asked) {
    let mut asked = None;
    #[expect(clippy::result_large_err, reason = "the type is tungstenite's")]
    let callback = |request: &Request, mut response: Response| -> Result<Response, ErrorResponse> {
        let headers = request.headers().clone();
        if let Some(protocol) = headers.get("sec-websocket-protocol") {
            response.headers_mut().insert("sec-websocket-protocol", protocol.clone());
        }
        asked = Some(Asked { path: request.uri().to_string(), headers });
        Ok(response)
    };
    let frames = accept_hdr_async(socket, callback).await.unwrap();
    (frames, asked.unwrap())
}

/// Both ends of one WebSocket.
async fn pair() -> (Stream, WebSocketStream<TcpStream>) {
    let (listener, endpoint) = listen(Scheme::Ws, "/mqtt").await;
    let options = Options::default();
    let server = async { accept(listener.accept().await.unwrap().0).await.0 };
    let (client, server) = tokio::join!(open(&options, &endpoint), server);
    (client.unwrap(), server)
}

#[tokio::test]
async fn upgrade_request() {
    let (listener, endpoint) = listen(Scheme::Ws, "/path?token=x").await;
    let headers = vec![("Authorization".to_owned(), "Bearer abc".to_owned()), ("x-lab".to_owned(), "1".to_owned())];
    for (version, protocol) in [(Version::V31, "mqttv3.1"), (Version::V311, "mqtt"), (Version::V5, "mqtt")] {
        let options = Options { version, ws_headers: headers.clone(), ..Options::default() };
        let server = async { accept(listener.accept().await.unwrap().0).await.1 };
        let (client, asked) = tokio::join!(open(&options, &endpoint), server);
        client.unwrap();
        assert_eq!(asked.path, "/path?token=x");
        assert_eq!(asked.headers["sec-websocket-protocol"], protocol);
        assert_eq!(asked.headers["host"], format!("localhost:{}", endpoint.port));
        assert_eq!(asked.headers["authorization"], "Bearer abc");
        assert_eq!(asked.headers["x-lab"], "1");
    }
}

#[tokio::test]
async fn over_tls() {
    let authority = Authority::new("Lab CA");
    let acceptor = authority.issue(&params(&["localhost"])).server().acceptor();
    let (listener, endpoint) = listen(Scheme::Wss, "/").await;
    let server = async {
        let secured = acceptor.accept(listener.accept().await.unwrap().0).await.unwrap();
        accept(secured).await.0
    };
    let options = authority.trusted();
    let (client, mut server) = tokio::join!(open(&options, &endpoint), server);
    let mut client = client.unwrap();
    client.write_all(b"ping").await.unwrap();
    client.flush().await.unwrap();
    assert_eq!(server.next().await.unwrap().unwrap(), Message::binary(&b"ping"[..]));
}

#[tokio::test]
async fn one_write_is_one_binary_frame() {
    let (mut client, mut server) = pair().await;
    let large = Bytes::from(vec![7; 300_000]);
    let writes = async {
        client.write_all(b"one").await.unwrap();
        client.write_all(&large).await.unwrap();
        client.flush().await.unwrap();
    };
    let reads = async { [server.next().await.unwrap().unwrap(), server.next().await.unwrap().unwrap()] };
    let ((), frames) = tokio::join!(writes, reads);
    assert_eq!(frames, [Message::binary(&b"one"[..]), Message::binary(large.clone())]);
}

#[tokio::test]
async fn frames_need_not_keep_to_packets() {
    let (mut client, mut server) = pair().await;
    for part in ["he", "", "l", "lo world"] {
        server.send(Message::binary(part.as_bytes().to_vec())).await.unwrap();
    }
    let mut text = [0; 11];
    client.read_exact(&mut text[..4]).await.unwrap();
    client.read_exact(&mut text[4..]).await.unwrap();
    assert_eq!(&text, b"hello world");
}

#[tokio::test]
async fn a_frame_larger_than_common_limits() {
    let (mut client, mut server) = pair().await;
    let large = Bytes::from(vec![7; 17 * 1024 * 1024]);
    let mut received = vec![0; large.len()];
    let (sent, read) = tokio::join!(server.send(Message::binary(large.clone())), client.read_exact(&mut received));
    sent.unwrap();
    read.unwrap();
    assert!(received == large);
}

#[tokio::test]
async fn ping_is_answered_while_reading() {
    let (mut client, mut server) = pair().await;
    let serve = async {
        server.send(Message::Ping("?".into())).await.unwrap();
        assert_eq!(server.next().await.unwrap().unwrap(), Message::Pong("?".into()));
        server.send(Message::binary(&b"!"[..])).await.unwrap();
    };
    let ((), read) = tokio::join!(serve, client.read_u8());
    assert_eq!(read.unwrap(), b'!');
}

#[tokio::test]
async fn a_text_frame_is_an_error() {
    let (mut client, mut server) = pair().await;
    server.send(Message::text("hello")).await.unwrap();
    let error = io_error(&client.read_u8().await.unwrap_err(), "read");
    assert_eq!(error.message, "read: the broker sent a text frame; MQTT goes in binary frames");
}

#[tokio::test]
async fn close_ends_the_stream() {
    let (mut client, mut server) = pair().await;
    server.send(Message::binary(&b"bye"[..])).await.unwrap();
    server.close(None).await.unwrap();
    let mut rest = Vec::new();
    let (read, answer) = tokio::join!(client.read_to_end(&mut rest), server.next());
    read.unwrap();
    assert_eq!(rest, b"bye");
    assert!(matches!(answer, Some(Ok(Message::Close(_)))), "{answer:?}");
    assert_eq!(client.read(&mut [0]).await.unwrap(), 0);

    // Without a Close frame it is the end as well.
    let (mut client, server) = pair().await;
    drop(server);
    assert_eq!(client.read(&mut [0]).await.unwrap(), 0);
}

#[tokio::test]
async fn shutdown_sends_close() {
    let (mut client, mut server) = pair().await;
    client.write_all(b"bye").await.unwrap();
    client.shutdown().await.unwrap();
    assert_eq!(server.next().await.unwrap().unwrap(), Message::binary(&b"bye"[..]));
    assert!(matches!(server.next().await, Some(Ok(Message::Close(_)))));
}

/// The error when the peer reads the request and answers `answer`.
async fn answered(path: &str, answer: &'static str) -> (mqttscript::mqtt::error::Error, Endpoint) {
    let (listener, endpoint) = listen(Scheme::Ws, path).await;
    let server = async {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            request.push(socket.read_u8().await.unwrap());
        }
        socket.write_all(answer.as_bytes()).await.unwrap();
        socket.shutdown().await.unwrap();
    };
    let options = Options::default();
    let (outcome, ()) = tokio::join!(open(&options, &endpoint), server);
    (refused(outcome), endpoint)
}

#[tokio::test]
async fn other_answers_than_101() {
    let (error, endpoint) = answered("/", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n").await;
    let url = format!("ws://localhost:{}/", endpoint.port);
    assert_eq!(error.message, "Unexpected server response: 404");
    assert_eq!(error.cause, Some(format!("the HTTP server at `{url}` answered 404 Not Found")));
    assert_eq!(error.help, Some(format!("most brokers want the path `/mqtt`: `{url}mqtt`")));

    let (error, _) = answered("/mqtt", "HTTP/1.1 301 Moved Permanently\r\nLocation: wss://x/\r\n\r\n").await;
    assert_eq!(error.message, "Unexpected server response: 301");
    assert_eq!(error.help.as_deref(), Some("it points to `wss://x/`"));

    let (error, _) = answered("/mqtt", "HTTP/1.1 401 Unauthorized\r\n\r\n").await;
    assert_eq!(error.message, "Unexpected server response: 401");
    assert!(error.help.is_some_and(|help| help.contains("Authorization")));
}

#[tokio::test]
async fn peers_without_websocket() {
    let (error, _) = answered("/", "\x20\x02\0\0 no HTTP\r\n\r\n").await;
    assert_eq!(error.message, "Parse Error: Expected HTTP/");
    let (error, endpoint) = answered("/", "").await;
    assert_eq!(error.message, "socket hang up");
    assert_code(&error, "ECONNRESET");
    assert_eq!(
        error.cause,
        Some(format!(
            "`localhost` closed the connection instead of answering: port {} may not be one for WebSocket",
            endpoint.port
        ))
    );
}

#[tokio::test]
async fn a_websocket_server_without_mqtt() {
    let (listener, endpoint) = listen(Scheme::Ws, "/chat").await;
    let server = async {
        let (socket, _) = listener.accept().await.unwrap();
        tokio_tungstenite::accept_async(socket).await
    };
    let options = Options::default();
    let (outcome, _) = tokio::join!(open(&options, &endpoint), server);
    let error = refused(outcome);
    assert_eq!(error.message, "Server sent no subprotocol");
    assert!(error.cause.is_some_and(|cause| cause.contains("it is no MQTT broker")));
}

#[tokio::test]
async fn bad_headers() {
    let (_listener, endpoint) = listen(Scheme::Ws, "/").await;
    for (name, value) in [("bad name", "x"), ("x-lab", "line\nbreak")] {
        let options = Options { ws_headers: vec![(name.into(), value.into())], ..Options::default() };
        let error = refused(open(&options, &endpoint).await);
        assert!(error.message.contains(&format!("`{name}` in `wsOptions.headers`")), "{error:?}");
    }
}
