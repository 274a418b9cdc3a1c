//! Certificates made on the spot, and an echoing TLS server that shows them.

use std::sync::Arc;

use bytes::Bytes;
use mqttscript::mqtt::options::{Options, TlsOptions};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, Issuer, KeyPair, SigningKey};
use rustls::crypto::ring::{default_provider, sign::any_supported_type};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// A certificate authority of its own name.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate with its key.
pub struct Identity {
    pub chain: Vec<CertificateDer<'static>>,
    pub pem: String,
    pub key: KeyPair,
}

pub fn params(names: &[&str]) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).unwrap();
    params.distinguished_name.push(DnType::CommonName, "leaf");
    params
}

impl Authority {
    pub fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self::with(name, params)
    }

    pub fn with(name: &str, mut params: CertificateParams) -> Self {
        params.distinguished_name.push(DnType::CommonName, name);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    pub fn issue(&self, params: &CertificateParams) -> Identity {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        Identity { chain: vec![certificate.der().clone()], pem: certificate.pem(), key }
    }

    pub fn pem(&self) -> String {
        self.0.pem()
    }

    pub fn key(&self) -> &KeyPair {
        self.0.key()
    }

    pub fn der(&self) -> CertificateDer<'static> {
        self.0.der().clone()
    }

    /// Options that trust this authority alone.
    pub fn trusted(&self) -> Options {
        tls_options(|tls| tls.ca = vec![self.pem().into()])
    }
}

impl Identity {
    pub fn self_signed(params: &CertificateParams) -> Self {
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Self { chain: vec![certificate.der().clone()], pem: certificate.pem(), key }
    }

    /// Issues a certificate although it is no CA; `params` are its own.
    pub fn issue(&self, own: &CertificateParams, params: &CertificateParams) -> Self {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &Issuer::from_params(own, &self.key)).unwrap();
        Self { chain: vec![certificate.der().clone()], pem: certificate.pem(), key }
    }

    pub fn key_pem(&self) -> Bytes {
        self.key.serialize_pem().into()
    }

    /// A server that shows this certificate.
    pub fn server(&self) -> Server {
        Server::new(self)
    }
}

pub fn tls_options(change: impl FnOnce(&mut TlsOptions)) -> Options {
    let mut options = Options::default();
    change(&mut options.tls);
    options
}

/// An echoing TLS server in the making.
pub struct Server {
    certified: CertifiedKey,
    clients: Option<CertificateDer<'static>>,
    versions: Vec<&'static SupportedProtocolVersion>,
    alpn: Vec<Vec<u8>>,
}

impl Server {
    fn new(identity: &Identity) -> Self {
        let key = PrivateKeyDer::try_from(identity.key.serialize_der()).unwrap();
        let certified = CertifiedKey::new(identity.chain.clone(), any_supported_type(&key).unwrap());
        Self { certified, clients: None, versions: rustls::ALL_VERSIONS.to_vec(), alpn: Vec::new() }
    }

    /// Asks for client certificates issued by `authority`.
    pub fn asking_for_clients_of(mut self, authority: &Authority) -> Self {
        self.clients = Some(authority.der());
        self
    }

    pub fn version(mut self, version: &'static SupportedProtocolVersion) -> Self {
        self.versions = vec![version];
        self
    }

    pub fn alpn(mut self, protocol: &str) -> Self {
        self.alpn = vec![protocol.as_bytes().to_vec()];
        self
    }

    pub fn acceptor(self) -> TlsAcceptor {
        let provider = Arc::new(default_provider());
        let builder =
            ServerConfig::builder_with_provider(provider.clone()).with_protocol_versions(&self.versions).unwrap();
        let builder = match self.clients {
            None => builder.with_no_client_auth(),
            Some(authority) => {
                let mut roots = RootCertStore::empty();
                roots.add(authority).unwrap();
                let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
                builder.with_client_cert_verifier(verifier)
            }
        };
        let mut config = builder.with_cert_resolver(Arc::new(SingleCertAndKey::from(self.certified)));
        config.alpn_protocols = self.alpn;
        TlsAcceptor::from(Arc::new(config))
    }

    /// Serves until the test ends; the port.
    pub async fn start(self) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let acceptor = self.acceptor();
        tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    let (mut reader, mut writer) = tokio::io::split(acceptor.accept(socket).await?);
                    tokio::io::copy(&mut reader, &mut writer).await
                });
            }
        });
        port
    }
}

/// The certificate as X.509 v1: without version field and extensions, signed anew by `issuer`.
pub fn as_version_one(certificate: &CertificateDer<'_>, issuer: &KeyPair) -> CertificateDer<'static> {
    let (_, whole, _) = field(certificate);
    let (_, mut signed, rest) = field(whole);
    let (_, _, old_signature) = field(rest);
    let algorithm = &rest[..rest.len() - old_signature.len()];
    let mut old = Vec::new();
    while !signed.is_empty() {
        let (tag, _, rest) = field(signed);
        // [0] version, [3] extensions (RFC 5280, 4.1).
        if !matches!(tag, 0xa0 | 0xa3) {
            old.extend_from_slice(&signed[..signed.len() - rest.len()]);
        }
        signed = rest;
    }
    let signed = sequence(&[&old]);
    let signature = issuer.sign(&signed).unwrap();
    // A bit string of whole bytes.
    let header = [0x03, u8::try_from(signature.len() + 1).unwrap(), 0];
    sequence(&[&signed, algorithm, &header, &signature]).into()
}

/// Tag and content of the first DER field, and what follows it.
fn field(der: &[u8]) -> (u8, &[u8], &[u8]) {
    let (length, start) = match der[1] {
        short @ 0..=0x7f => (usize::from(short), 2),
        0x81 => (usize::from(der[2]), 3),
        0x82 => (usize::from(u16::from_be_bytes([der[2], der[3]])), 4),
        long => panic!("a length of {long:#x} in a certificate"),
    };
    (der[0], &der[start..start + length], &der[start + length..])
}

fn sequence(fields: &[&[u8]]) -> Vec<u8> {
    let content = fields.concat();
    let [high, low] = u16::try_from(content.len()).unwrap().to_be_bytes();
    let header: &[u8] = match content.len() {
        0..0x80 => &[0x30, low],
        0x80..0x100 => &[0x30, 0x81, low],
        _ => &[0x30, 0x82, high, low],
    };
    [header, &content].concat()
}
