//! TLS: who we are. `cert`, `key`, `passphrase`, and PEM texts that are not what they should be.

use bytes::Bytes;
use mqttscript::mqtt::error::Error;
use mqttscript::mqtt::options::{Options, Scheme, TlsOptions};
use mqttscript::mqtt::tls::{client_config, explain};
use mqttscript::mqtt::transport::Dialer;
use pkcs8::pkcs5::pbes2::Parameters;
use pkcs8::{LineEnding, PrivateKeyInfoRef};
use rcgen::date_time_ymd;
use rustls::version::{TLS12, TLS13};
use tokio::io::AsyncReadExt;

use crate::certificates::{Authority, Identity, Server, params, tls_options};
use crate::{assert_code, assert_echo, endpoint, open, refused};

/// A broker that asks for client certificates, and options that trust it.
fn asking(authority: &Authority) -> (Server, Options) {
    let server = authority.issue(&params(&["localhost"])).server().asking_for_clients_of(authority);
    (server, authority.trusted())
}

/// The error of the first read: in TLS 1.3 a client certificate is judged after the handshake.
async fn read_error(options: &Options, server: Server) -> Error {
    let port = server.start().await;
    let mut stream = open(options, &endpoint(Scheme::Mqtts, "localhost", port)).await.unwrap();
    let error = stream.read_u8().await.unwrap_err();
    explain(&error, "localhost").unwrap_or_else(|| panic!("no TLS error: {error:?}"))
}

#[tokio::test]
async fn accepted() {
    let authority = Authority::new("Lab CA");
    let client = authority.issue(&params(&["client"]));
    for version in [&TLS12, &TLS13] {
        let (server, mut options) = asking(&authority);
        options.tls.cert = Some(client.pem.clone().into());
        options.tls.key = Some(client.key_pem());
        let port = server.version(version).start().await;
        assert_echo(open(&options, &endpoint(Scheme::Mqtts, "localhost", port)).await.unwrap()).await;
    }
}

#[tokio::test]
async fn missing() {
    let authority = Authority::new("Lab CA");
    let (server, options) = asking(&authority);
    let error = read_error(&options, server.version(&TLS13)).await;
    assert_code(&error, "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED");
    assert_eq!(error.cause.as_deref(), Some("the broker asks for a client certificate"));
    assert_eq!(
        error.help.as_deref(),
        Some("pass one: `#{ cert: fs.readFileSync(\"client.crt\"), key: fs.readFileSync(\"client.key\") }`")
    );

    // Before TLS 1.3 it is part of the handshake.
    let (server, options) = asking(&authority);
    let port = server.version(&TLS12).start().await;
    let error = refused(open(&options, &endpoint(Scheme::Mqtts, "localhost", port)).await);
    assert!(error.cause.as_deref().is_some_and(|cause| cause.contains("client certificate")), "{error:?}");
}

#[tokio::test]
async fn not_accepted() {
    let authority = Authority::new("Lab CA");
    let mut expired = params(&["client"]);
    expired.not_after = date_time_ymd(2020, 1, 2);
    for (client, code) in [
        (Authority::new("Other CA").issue(&params(&["client"])), "ERR_SSL_TLSV1_ALERT_UNKNOWN_CA"),
        (authority.issue(&expired), "ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED"),
    ] {
        let (server, mut options) = asking(&authority);
        options.tls.cert = Some(client.pem.clone().into());
        options.tls.key = Some(client.key_pem());
        assert_code(&read_error(&options, server.version(&TLS13)).await, code);
    }
}

fn encrypted(identity: &Identity, passphrase: &str) -> Bytes {
    let key = identity.key.serialize_der();
    let parameters = Parameters::generate_pbkdf2_sha256_aes256cbc(2048, b"saltsalt", [7; 16]).unwrap();
    let document =
        PrivateKeyInfoRef::try_from(key.as_slice()).unwrap().encrypt_with_params(parameters, passphrase).unwrap();
    let pem = document.to_pem("ENCRYPTED PRIVATE KEY", LineEnding::CRLF).unwrap();
    // OpenSSL writes such lines before keys it takes from a PKCS#12 file.
    format!("Bag Attributes\n    friendlyName: client\nKey Attributes: <No Attributes>\n{}", *pem).into()
}

#[tokio::test]
async fn encrypted_key() {
    let authority = Authority::new("Lab CA");
    let client = authority.issue(&params(&["client"]));
    let (server, mut options) = asking(&authority);
    options.tls.cert = Some(client.pem.clone().into());
    options.tls.key = Some(encrypted(&client, "open sesame"));

    let error = client_config(&options.tls).unwrap_err();
    assert_eq!(error.message, "`key` is encrypted and the option `passphrase` is missing");
    assert_code(&error, "ERR_MISSING_PASSPHRASE");

    options.tls.passphrase = Some("open barley".into());
    let error = client_config(&options.tls).unwrap_err();
    assert_eq!(error.cause.as_deref(), Some("`passphrase` does not decrypt `key`"));
    assert_code(&error, "ERR_OSSL_BAD_DECRYPT");
    assert!(!format!("{error:?}").contains("barley"));

    options.tls.passphrase = Some("open sesame".into());
    let port = server.start().await;
    assert_echo(open(&options, &endpoint(Scheme::Mqtts, "localhost", port)).await.unwrap()).await;
}

#[track_caller]
fn assert_unusable(change: impl FnOnce(&mut TlsOptions), message: &str) -> Error {
    let options = tls_options(change);
    let error = client_config(&options.tls).expect_err(message);
    assert_eq!(error.message, message);
    // The same mistake is found before any socket is opened.
    assert_eq!(Dialer::new(&options).prepare(&endpoint(Scheme::Wss, "localhost", 1)), Err(error.clone()));
    error
}

#[test]
fn texts_that_are_not_what_they_should_be() {
    let identity = Identity::self_signed(&params(&["localhost"]));
    let other = Identity::self_signed(&params(&["localhost"]));
    let (cert, key) = (Bytes::from(identity.pem.clone()), identity.key_pem());
    let both = |cert: &Bytes, key: &Bytes| {
        let (cert, key) = (cert.clone(), key.clone());
        move |tls: &mut TlsOptions| (tls.cert, tls.key) = (Some(cert), Some(key))
    };

    let error = assert_unusable(|tls| tls.ca = vec!["hello".into()], "`ca` holds no certificate");
    assert_eq!(error.cause.as_deref(), Some("it is not PEM: no line `-----BEGIN ...-----` in it"));
    let error = assert_unusable(|tls| tls.ca = vec![Bytes::new()], "`ca` holds no certificate");
    assert_eq!(error.cause.as_deref(), Some("it is empty"));
    let der = Bytes::copy_from_slice(&identity.chain[0]);
    let error = assert_unusable(|tls| tls.ca = vec![der], "`ca` holds no certificate");
    assert_eq!(error.help.as_deref(), Some("convert it: `openssl x509 -inform der -in file.der -out file.pem`"));

    let error = assert_unusable(both(&key, &cert), "`cert` holds no certificate");
    assert_eq!(error.cause.as_deref(), Some("it holds a private key"));
    let error = assert_unusable(both(&cert, &cert), "`key` holds no private key");
    assert_eq!(error.help.as_deref(), Some("did you swap `cert` and `key`?"));

    assert_unusable(
        |tls| tls.cert = Some(cert.clone()),
        "`cert` is given without `key`: the private key of the certificate is missing",
    );
    assert_unusable(
        |tls| tls.key = Some(key.clone()),
        "`key` is given without `cert`: the certificate of the private key is missing",
    );
    let error = assert_unusable(both(&cert, &other.key_pem()), "key values mismatch");
    assert_eq!(error.cause.as_deref(), Some("the certificate in `cert` does not belong to the private key in `key`"));

    let half = key.slice(..key.len() / 2);
    assert_unusable(both(&cert, &half), "`key` is not valid PEM: its end line is missing");
    let broken = identity.key.serialize_pem().replacen("\nM", "\n!secret!", 1).into();
    let error = assert_unusable(both(&cert, &broken), "`key` is not valid PEM: bad base64 in it");
    assert!(!format!("{error:?}").contains("secret"));
    let old = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n".into();
    let error =
        assert_unusable(both(&cert, &old), "`key` is encrypted in the old OpenSSL format, which is not supported");
    assert!(error.help.is_some());
}
