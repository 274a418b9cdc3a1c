//! TLS: which brokers are trusted, and what a refusal says.

use mqttscript::mqtt::options::{Options, Scheme};
use mqttscript::mqtt::transport::Dialer;
use rcgen::{KeyPair, date_time_ymd};
use rustls::version::{TLS12, TLS13};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

use crate::certificates::{Authority, Identity, Server, as_version_one, params, tls_options};
use crate::{assert_code, assert_echo, endpoint, open, refused};

pub async fn dial(options: &Options, host: &str, server: Server) -> mqttscript::mqtt::error::Error {
    let port = server.start().await;
    refused(open(options, &endpoint(Scheme::Mqtts, host, port)).await)
}

pub async fn assert_opens(options: &Options, host: &str, server: Server) {
    let port = server.start().await;
    assert_echo(open(options, &endpoint(Scheme::Mqtts, host, port)).await.unwrap()).await;
}

#[tokio::test]
async fn trusted_by_name_and_by_address() {
    let authority = Authority::new("Lab CA");
    let identity = authority.issue(&params(&["localhost", "127.0.0.1"]));
    assert_opens(&authority.trusted(), "localhost", identity.server()).await;
    assert_opens(&authority.trusted(), "127.0.0.1", identity.server()).await;
    assert_opens(&authority.trusted(), "localhost", identity.server().version(&TLS12)).await;
}

#[tokio::test]
async fn a_dialer_opens_again_and_again() {
    let authority = Authority::new("Lab CA");
    let port = authority.issue(&params(&["localhost"])).server().start().await;
    let mut dialer = Dialer::new(&authority.trusted());
    // In a task, as a client does.
    let attempts = tokio::spawn(async move {
        for _ in 0..3 {
            assert_echo(dialer.open(&endpoint(Scheme::Mqtts, "localhost", port)).await.unwrap()).await;
        }
    });
    attempts.await.unwrap();
}

#[tokio::test]
async fn several_authorities_in_one_text_and_in_several() {
    let (one, two, three) = (Authority::new("One"), Authority::new("Two"), Authority::new("Three"));
    let options = tls_options(|tls| tls.ca = vec![format!("{}{}", one.pem(), two.pem()).into(), three.pem().into()]);
    for authority in [one, two, three] {
        assert_opens(&options, "localhost", authority.issue(&params(&["localhost"])).server()).await;
    }
}

#[tokio::test]
async fn name_mismatch() {
    let authority = Authority::new("Lab CA");
    let identity = authority.issue(&params(&["pi2.home", "10.0.0.1"]));

    let error = dial(&authority.trusted(), "localhost", identity.server()).await;
    assert_code(&error, "ERR_TLS_CERT_ALTNAME_INVALID");
    assert_eq!(
        error.message,
        "Hostname/IP does not match certificate's altnames: Host: localhost. is not in the cert's altnames: \
         DNS:pi2.home, IP Address:10.0.0.1"
    );
    assert_eq!(error.cause.as_deref(), Some("the certificate is for `pi2.home`, `10.0.0.1`, not for `localhost`"));
    assert_eq!(
        error.help.as_deref(),
        Some("connect to `pi2.home`, or expect that name: `#{ servername: \"pi2.home\" }`")
    );

    let error = dial(&authority.trusted(), "127.0.0.1", identity.server()).await;
    assert_eq!(
        error.message,
        "Hostname/IP does not match certificate's altnames: IP: 127.0.0.1 is not in the cert's list: 10.0.0.1"
    );
}

#[tokio::test]
async fn servername_is_checked_and_sent() {
    let authority = Authority::new("Lab CA");
    let acceptor = authority.issue(&params(&["pi2.home"])).server().acceptor();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = tokio::spawn(async move {
        let (socket, _) = listener.accept().await.unwrap();
        let stream = acceptor.accept(socket).await.unwrap();
        stream.get_ref().1.server_name().map(str::to_owned)
    });
    let mut options = authority.trusted();
    options.tls.servername = Some("pi2.home".into());
    open(&options, &endpoint(Scheme::Mqtts, "127.0.0.1", port)).await.unwrap();
    assert_eq!(server.await.unwrap().as_deref(), Some("pi2.home"));
}

#[tokio::test]
async fn unknown_authority() {
    let (authority, other) = (Authority::new("Lab CA"), Authority::new("Other CA"));
    let mut identity = authority.issue(&params(&["localhost"]));

    let error = dial(&other.trusted(), "localhost", identity.server()).await;
    assert_code(&error, "UNABLE_TO_VERIFY_LEAF_SIGNATURE");
    assert_eq!(error.message, "unable to verify the first certificate");
    assert_eq!(
        error.cause.as_deref(),
        Some("the certificate of `localhost` is issued by `CN=Lab CA`, which is not in `ca`")
    );
    assert_eq!(error.help.as_deref(), Some("pass its CA: `#{ ca: fs.readFileSync(\"ca.crt\") }`"));

    identity.chain.push(authority.der());
    let error = dial(&other.trusted(), "localhost", identity.server()).await;
    assert_code(&error, "SELF_SIGNED_CERT_IN_CHAIN");
    assert_eq!(error.message, "self-signed certificate in certificate chain");

    // Whatever this system trusts, it is not the CA made above.
    let error = dial(&Options::default(), "localhost", identity.server()).await;
    assert!(error.help.as_deref().is_some_and(|help| help.contains("ca: fs.readFileSync(\"ca.crt\")")), "{error:?}");
}

#[tokio::test]
async fn another_authority_of_the_same_name() {
    let (authority, impostor) = (Authority::new("Lab CA"), Authority::new("Lab CA"));
    let error = dial(&authority.trusted(), "localhost", impostor.issue(&params(&["localhost"])).server()).await;
    assert_code(&error, "CERT_SIGNATURE_FAILURE");
}

#[tokio::test]
async fn outside_its_time() {
    let authority = Authority::new("Lab CA");
    let mut expired = params(&["localhost"]);
    expired.not_after = date_time_ymd(2020, 1, 2);
    let error = dial(&authority.trusted(), "localhost", authority.issue(&expired).server()).await;
    assert_code(&error, "CERT_HAS_EXPIRED");
    assert_eq!(error.message, "certificate has expired");
    assert_eq!(error.cause.as_deref(), Some("the certificate of `localhost` expired on 2020-01-02"));

    let mut early = params(&["localhost"]);
    early.not_before = date_time_ymd(4000, 1, 2);
    let error = dial(&authority.trusted(), "localhost", authority.issue(&early).server()).await;
    assert_code(&error, "CERT_NOT_YET_VALID");
    assert_eq!(error.cause.as_deref(), Some("the certificate of `localhost` is not valid before 4000-01-02"));
}

#[tokio::test]
async fn reject_unauthorized_false_takes_any_certificate() {
    let options = tls_options(|tls| tls.reject_unauthorized = false);
    let authority = Authority::new("Lab CA");
    let mut expired = params(&["pi2.home"]);
    expired.not_after = date_time_ymd(2020, 1, 2);
    let mut old = Identity::self_signed(&params(&[]));
    old.chain = vec![as_version_one(&old.chain[0], &old.key)];
    for identity in [authority.issue(&expired), Identity::self_signed(&params(&[])), old] {
        for version in [&TLS12, &TLS13] {
            assert_opens(&options, "localhost", identity.server().version(version)).await;
        }
    }
}

#[tokio::test]
async fn reject_unauthorized_false_still_wants_the_key_of_the_certificate() {
    let options = tls_options(|tls| tls.reject_unauthorized = false);
    for version in [&TLS12, &TLS13] {
        for is_old in [false, true] {
            let mut identity = Identity::self_signed(&params(&[]));
            if is_old {
                identity.chain = vec![as_version_one(&identity.chain[0], &identity.key)];
            }
            identity.key = KeyPair::generate().unwrap();
            let error = dial(&options, "localhost", identity.server().version(version)).await;
            assert_code(&error, "CERT_REJECTED");
            assert!(error.message.contains("BadSignature"), "{error:?}");
        }
    }
}

#[tokio::test]
async fn alpn() {
    let authority = Authority::new("Lab CA");
    let identity = authority.issue(&params(&["localhost"]));
    let mut options = authority.trusted();
    options.tls.alpn = vec!["mqtt".into()];
    assert_opens(&options, "localhost", identity.server().alpn("mqtt")).await;
    let error = dial(&options, "localhost", identity.server().alpn("http/1.1")).await;
    assert_code(&error, "ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL");
}

#[tokio::test]
async fn a_peer_without_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = endpoint(Scheme::Mqtts, "127.0.0.1", listener.local_addr().unwrap().port());
    let options = tls_options(|tls| tls.reject_unauthorized = false);

    let answer = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        socket.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        // Keep the socket until the client has read: closing it with unread bytes would reset the connection.
        (listener, socket)
    });
    let error = refused(open(&options, &endpoint).await);
    assert_code(&error, "ERR_SSL_WRONG_VERSION_NUMBER");
    assert_eq!(error.cause.as_deref(), Some("`127.0.0.1` does not speak TLS on this port"));
    let (listener, _) = answer.await.unwrap();

    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        socket.shutdown().await.unwrap();
        (listener, socket)
    });
    let error = refused(open(&options, &endpoint).await);
    assert_code(&error, "ECONNRESET");
    assert_eq!(error.message, "Client network socket disconnected before secure TLS connection was established");
}
