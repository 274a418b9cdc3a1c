//! `pfx`, `minVersion`, `maxVersion`, `ciphers`, and `wss` with TLS settings of its own.

use mqttscript::mqtt::options::{Endpoint, Scheme, TlsVersion};
use mqttscript::mqtt::tls::client_config;
use p12_keystore::{
    Certificate, EncryptionAlgorithm, KeyStore, KeyStoreEntry, MacAlgorithm, PrivateKey, PrivateKeyChain,
};
use rustls::version::{TLS12, TLS13};

use crate::certificates::{Authority, Identity, params, tls_options};
use crate::tls::{assert_opens, dial};
use crate::{assert_code, assert_echo, endpoint, open, refused};

/// A PKCS#12 file with this identity.
fn pfx(identity: &Identity, passphrase: &str, algorithm: EncryptionAlgorithm) -> Vec<u8> {
    let key = PrivateKey::from_der(&identity.key.serialize_der()).unwrap();
    let certificates: Vec<_> = identity.chain.iter().map(|one| Certificate::from_der(one).unwrap()).collect();
    let mut store = KeyStore::new();
    store.add_entry("me", KeyStoreEntry::PrivateKeyChain(PrivateKeyChain::new("me", key, certificates)));
    store.writer(passphrase).encryption_algorithm(algorithm).mac_algorithm(MacAlgorithm::HmacSha256).write().unwrap()
}

#[tokio::test]
async fn a_pkcs12_file_is_who_we_are() {
    let authority = Authority::new("Lab CA");
    let client = authority.issue(&params(&["client"]));
    for algorithm in
        [EncryptionAlgorithm::PbeWithHmacSha256AndAes256, EncryptionAlgorithm::PbeWithShaAnd3KeyTripleDesCbc]
    {
        let server = authority.issue(&params(&["localhost"])).server().asking_for_clients_of(&authority);
        let mut options = authority.trusted();
        options.tls.pfx = Some(pfx(&client, "secret", algorithm).into());
        options.tls.passphrase = Some("secret".into());
        assert_opens(&options, "localhost", server).await;
    }
}

#[test]
fn a_pkcs12_file_that_cannot_be_opened() {
    let client = Authority::new("Lab CA").issue(&params(&["client"]));
    let file = pfx(&client, "secret", EncryptionAlgorithm::PbeWithHmacSha256AndAes256);
    let error = |bytes: Vec<u8>, passphrase: Option<&str>| {
        let options = tls_options(|tls| {
            tls.reject_unauthorized = false;
            tls.pfx = Some(bytes.into());
            tls.passphrase = passphrase.map(Into::into);
        });
        client_config(&options.tls).unwrap_err()
    };
    let wrong = error(file.clone(), Some("other"));
    assert_eq!(
        (wrong.message.as_str(), wrong.cause.as_deref()),
        ("mac verify failure", Some("`passphrase` does not open `pfx`"))
    );
    let missing = error(file.clone(), None);
    assert_eq!(missing.cause.as_deref(), Some("`pfx` is encrypted and the option `passphrase` is missing"));
    assert!(missing.help.is_some());
    assert_eq!(error(client.pem.clone().into(), None).cause.as_deref(), Some("`pfx` is PEM, not PKCS#12"));
    assert_eq!(error(file[..100].to_vec(), Some("secret")).message, "not enough data");
}

#[tokio::test]
async fn versions_have_bounds() {
    let authority = Authority::new("Lab CA");
    let server = || authority.issue(&params(&["localhost"])).server();
    let mut options = authority.trusted();
    options.tls.min_version = Some(TlsVersion::V13);
    assert_opens(&options, "localhost", server().version(&TLS13)).await;
    assert_code(&dial(&options, "localhost", server().version(&TLS12)).await, "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION");
    options.tls.min_version = None;
    options.tls.max_version = Some(TlsVersion::V12);
    assert_opens(&options, "localhost", server().version(&TLS12)).await;
    assert_code(&dial(&options, "localhost", server().version(&TLS13)).await, "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION");
}

#[tokio::test]
async fn suites_can_be_chosen() {
    let authority = Authority::new("Lab CA");
    let server = || authority.issue(&params(&["localhost"])).server();
    let mut options = authority.trusted();
    options.tls.ciphers = Some("ECDHE-ECDSA-AES128-GCM-SHA256".into());
    // None of TLS 1.3 among them, so that is not offered.
    assert_opens(&options, "localhost", server()).await;
    refused(open(&options, &endpoint(Scheme::Mqtts, "localhost", server().version(&TLS13).start().await)).await);
    options.tls.ciphers = Some("TLS_CHACHA20_POLY1305_SHA256".into());
    assert_opens(&options, "localhost", server()).await;
}

/// The TLS settings of `wsOptions` are for `wss` alone.
#[tokio::test]
async fn wss_may_trust_others_than_mqtts() {
    let (one, other) = (Authority::new("One"), Authority::new("Other"));
    let mut options = one.trusted();
    options.wss_tls = Some(other.trusted().tls);
    let port = one.issue(&params(&["localhost"])).server().start().await;
    assert_echo(open(&options, &endpoint(Scheme::Mqtts, "localhost", port)).await.unwrap()).await;
    let wss = Endpoint { path: "/".into(), ..endpoint(Scheme::Wss, "localhost", port) };
    assert_code(&refused(open(&options, &wss).await), "UNABLE_TO_VERIFY_LEAF_SIGNATURE");
}
