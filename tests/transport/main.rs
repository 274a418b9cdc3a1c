//! Streams to real listeners on 127.0.0.1: what opens, and what every failure says.

mod certificates;
mod client_certificate;
mod home_made;
mod sockets;
mod tls;
mod tls_choices;
mod websocket;

use mqttscript::mqtt::error::{Code, Error};
use mqttscript::mqtt::options::{Endpoint, Options, Scheme};
use mqttscript::mqtt::transport::{Dialer, Stream};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

fn endpoint(scheme: Scheme, host: &str, port: u16) -> Endpoint {
    Endpoint { scheme, host: host.into(), port, path: "/".into() }
}

async fn open(options: &Options, endpoint: &Endpoint) -> Result<Stream, Error> {
    Dialer::new(options).open(endpoint).await
}

#[track_caller]
fn refused(outcome: Result<Stream, Error>) -> Error {
    match outcome {
        Ok(_) => panic!("the stream opened"),
        Err(error) => error,
    }
}

#[track_caller]
fn assert_code(error: &Error, code: &'static str) {
    assert_eq!(error.code, Some(Code::Name(code)), "{error:?}");
}

/// Sends some bytes to an echoing peer and waits for them.
async fn assert_echo(mut stream: Stream) {
    stream.write_all(b"ping").await.unwrap();
    stream.flush().await.unwrap();
    let mut answer = [0; 4];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"ping");
}
