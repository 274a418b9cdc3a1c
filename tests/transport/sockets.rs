//! TCP and unix sockets.

use mqttscript::mqtt::options::{Options, Scheme};
use mqttscript::mqtt::transport::io_error;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

use crate::{assert_code, assert_echo, endpoint, open, refused};

#[tokio::test]
async fn tcp() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                let (mut reader, mut writer) = socket.split();
                tokio::io::copy(&mut reader, &mut writer).await
            });
        }
    });
    assert_echo(open(&Options::default(), &endpoint(Scheme::Mqtt, "127.0.0.1", port)).await.unwrap()).await;
    assert_echo(open(&Options::default(), &endpoint(Scheme::Mqtt, "localhost", port)).await.unwrap()).await;
}

#[tokio::test]
async fn refused_connection() {
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap().port()
    };
    for scheme in [Scheme::Mqtt, Scheme::Ws] {
        let error = refused(open(&Options::default(), &endpoint(scheme, "127.0.0.1", port)).await);
        assert_eq!(error.message, format!("connect ECONNREFUSED 127.0.0.1:{port}"));
        assert_code(&error, "ECONNREFUSED");
        assert_eq!(error.cause.as_deref(), Some("connection refused"));
    }
}

#[tokio::test]
async fn unknown_host() {
    let error = refused(open(&Options::default(), &endpoint(Scheme::Mqtt, "nosuch.invalid", 1883)).await);
    // A machine that reaches no name server cannot tell that there is no such host.
    if error.message.contains("EAI_AGAIN") {
        assert_eq!(error.message, "getaddrinfo EAI_AGAIN nosuch.invalid");
        return;
    }
    assert_eq!(error.message, "getaddrinfo ENOTFOUND nosuch.invalid");
    assert_code(&error, "ENOTFOUND");
    assert_eq!(error.cause.as_deref(), Some("the host name `nosuch.invalid` is unknown"));
}

#[tokio::test]
async fn reset_while_reading() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut stream = open(&Options::default(), &endpoint(Scheme::Mqtt, "127.0.0.1", port)).await.unwrap();
    let (socket, _) = listener.accept().await.unwrap();
    socket.set_zero_linger().unwrap();
    drop(socket);
    let error = io_error(&stream.read_u8().await.unwrap_err(), "read");
    assert_eq!(error.message, "read ECONNRESET");
    assert_code(&error, "ECONNRESET");
}

#[cfg(unix)]
mod unix {
    use mqttscript::mqtt::options::{Endpoint, Options, Scheme};
    use tokio::net::UnixListener;

    use crate::{assert_code, assert_echo, open, refused};

    #[tokio::test]
    async fn socket() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("broker.sock").to_str().unwrap().to_owned();
        let endpoint = Endpoint { scheme: Scheme::Unix, path: path.clone(), ..Endpoint::default() };

        let error = refused(open(&Options::default(), &endpoint).await);
        assert_eq!(error.message, format!("connect ENOENT {path}"));
        assert_code(&error, "ENOENT");

        let listener = UnixListener::bind(&path).unwrap();
        let server = tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.unwrap();
            let (mut reader, mut writer) = socket.split();
            tokio::io::copy(&mut reader, &mut writer).await.unwrap();
        });
        assert_echo(open(&Options::default(), &endpoint).await.unwrap()).await;
        server.await.unwrap();

        let error = refused(open(&Options::default(), &endpoint).await);
        assert_eq!(error.message, format!("connect ECONNREFUSED {path}"));
    }
}
