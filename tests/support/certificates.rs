//! A certificate authority of one's own and what it issues: X.509 version 3, as rustls wants, PEM.

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};

/// A certificate authority.
#[derive(Debug)]
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

/// A certificate with its private key, both PEM.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The certificate.
    pub cert: String,
    /// The private key, PKCS #8.
    pub key: String,
}

impl Authority {
    /// A new authority, trusted by nobody yet.
    pub fn new() -> Self {
        Self::named("mqttscript test authority")
    }

    /// One of that name.
    pub fn named(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let issuer = CertifiedIssuer::self_signed(params, key()).expect("the parameters are valid");
        Self { issuer }
    }

    /// Its certificate, PEM: what a client trusts as `ca`.
    pub fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// A server certificate for these names and addresses, such as `pi2.home`, `localhost`, `127.0.0.1`.
    #[track_caller]
    pub fn server(&self, names: &[&str]) -> Identity {
        self.issue(server_params(names))
    }

    /// A server certificate that ended in 2001.
    #[track_caller]
    pub fn expired_server(&self, names: &[&str]) -> Identity {
        let mut params = server_params(names);
        params.not_before = date_time_ymd(2000, 1, 1);
        params.not_after = date_time_ymd(2001, 1, 1);
        self.issue(params)
    }

    /// A server certificate that begins in 4000.
    #[track_caller]
    pub fn early_server(&self, names: &[&str]) -> Identity {
        let mut params = server_params(names);
        params.not_before = date_time_ymd(4000, 1, 1);
        params.not_after = date_time_ymd(4001, 1, 1);
        self.issue(params)
    }

    /// A client certificate with this common name.
    pub fn client(&self, name: &str) -> Identity {
        self.issue(client_params(name))
    }

    /// A client certificate that ended in 2001.
    pub fn expired_client(&self, name: &str) -> Identity {
        let mut params = client_params(name);
        params.not_before = date_time_ymd(2000, 1, 1);
        params.not_after = date_time_ymd(2001, 1, 1);
        self.issue(params)
    }

    fn issue(&self, params: CertificateParams) -> Identity {
        let key = key();
        let cert = params.signed_by(&key, &self.issuer).expect("the parameters are valid");
        Identity { cert: cert.pem(), key: key.serialize_pem() }
    }
}

impl Identity {
    /// A server certificate that nobody issued.
    #[track_caller]
    pub fn self_signed(names: &[&str]) -> Self {
        let key = key();
        let cert = server_params(names).self_signed(&key).expect("the parameters are valid");
        Self { cert: cert.pem(), key: key.serialize_pem() }
    }
}

impl Default for Authority {
    fn default() -> Self {
        Self::new()
    }
}

#[track_caller]
fn server_params(names: &[&str]) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names.clone())
        .unwrap_or_else(|error| panic!("a certificate cannot be for {names:?}: {error}"));
    params.distinguished_name.push(DnType::CommonName, names.first().cloned().unwrap_or_default());
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params
}

fn client_params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params
}

fn key() -> KeyPair {
    KeyPair::generate().expect("keys can be generated")
}
