//! Who is trusted: the check of a broker's certificate, and the check that is left with `rejectUnauthorized: false`.

use std::fmt;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature,
    verify_tls13_signature_with_raw_key,
};
use rustls::pki_types::{CertificateDer, ServerName, SubjectPublicKeyInfoDer, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, OtherError, RootCertStore, SignatureScheme};
use x509_parser::prelude::{ASN1Time, FromDer, X509Certificate};

use crate::mqtt::error::Error;
use crate::mqtt::options::TlsOptions;
use crate::mqtt::tls::pem;
use crate::mqtt::tls::refusal::Refused;

/// The verifier that the options ask for.
pub(super) fn verifier(
    options: &TlsOptions,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, Error> {
    let pinned = pem::authorities(options)?;
    if !options.reject_unauthorized {
        return Ok(Arc::new(AnyCertificate { algorithms: provider.signature_verification_algorithms }));
    }
    let roots = if options.ca.is_empty() { system_roots()? } else { given_roots(&pinned)? };
    let chain = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone())
        .build()
        .map_err(|error| Error::new(error.to_string()))?;
    Ok(Arc::new(TrustedCertificate { chain, pinned }))
}

fn given_roots(authorities: &[CertificateDer<'static>]) -> Result<RootCertStore, Error> {
    let mut roots = RootCertStore::empty();
    for authority in authorities {
        roots.add(authority.clone()).map_err(|error| {
            Error::new("`ca` holds a certificate that cannot be read").with_cause(error.to_string())
        })?;
    }
    Ok(roots)
}

fn system_roots() -> Result<RootCertStore, Error> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    // Systems carry certificates that webpki does not take; the others still count.
    roots.add_parsable_certificates(found.certs);
    if !roots.is_empty() {
        return Ok(roots);
    }
    let error =
        Error::new("unable to get local issuer certificate").with_name("UNABLE_TO_GET_ISSUER_CERT_LOCALLY").with_help(
            "pass the broker's CA: `#{ ca: fs.readFileSync(\"ca.crt\") }`, or install the system's CA certificates",
        );
    Err(match found.errors.first() {
        None => error.with_cause("this system has no trusted CA certificates"),
        Some(first) => error.with_cause(format!("the trusted CA certificates of this system cannot be read: {first}")),
    })
}

/// The certificate as x509-parser sees it; webpki keeps its findings to itself.
pub(super) fn parsed<'a>(certificate: &'a CertificateDer<'_>) -> Option<X509Certificate<'a>> {
    X509Certificate::from_der(certificate).ok().map(|(_, parsed)| parsed)
}

/// Whether it is older than X.509 v3: no extensions, so no names and no CA mark.
pub(super) fn is_old(certificate: &X509Certificate<'_>) -> bool {
    certificate.version().0 < 2
}

/// The usual check, with errors that know the certificates.
#[derive(Debug)]
struct TrustedCertificate {
    chain: Arc<WebPkiServerVerifier>,
    /// Option `ca`; empty when the system's are used.
    pinned: Vec<CertificateDer<'static>>,
}

impl TrustedCertificate {
    /// `openssl req -x509` makes self-signed certificates marked as CA. webpki takes none of those for a server, but who
    /// passes that very certificate as `ca` means it, and OpenSSL agrees.
    fn is_pinned(&self, certificate: &CertificateDer<'_>, name: &ServerName<'_>, now: UnixTime) -> bool {
        let is_self_signed = parsed(certificate).is_some_and(|x509| {
            let now = i64::try_from(now.as_secs()).ok().and_then(|now| ASN1Time::from_timestamp(now).ok());
            x509.subject() == x509.issuer() && now.is_some_and(|now| x509.validity().is_valid_at(now))
        });
        is_self_signed
            && self.pinned.iter().any(|pinned| pinned == certificate)
            && ParsedCertificate::try_from(certificate).is_ok_and(|parsed| verify_server_name(&parsed, name).is_ok())
    }
}

impl ServerCertVerifier for TrustedCertificate {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        match self.chain.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now) {
            Err(rustls::Error::InvalidCertificate(_)) if self.is_pinned(end_entity, server_name, now) => {
                Ok(ServerCertVerified::assertion())
            }
            Err(rustls::Error::InvalidCertificate(reason)) => {
                let refused = Refused { reason, end_entity, intermediates, server_name };
                let error = refused.explain(!self.pinned.is_empty());
                Err(CertificateError::Other(OtherError(Arc::new(error))).into())
            }
            outcome => outcome,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.chain.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.chain.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.chain.supported_verify_schemes()
    }
}

/// `rejectUnauthorized: false`: any certificate will do, but the peer must own its key.
struct AnyCertificate {
    algorithms: WebPkiSupportedAlgorithms,
}

impl AnyCertificate {
    /// As [`verify_tls12_signature`], for certificates that webpki does not parse, such as those of X.509 v1.
    fn verify_tls12_with_bare_key(
        &self,
        message: &[u8],
        certificate: &X509Certificate<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let key = &certificate.public_key().subject_public_key.data;
        let (_, algorithms) = self
            .algorithms
            .mapping
            .iter()
            .find(|(scheme, _)| *scheme == dss.scheme)
            .ok_or(CertificateError::BadSignature)?;
        if algorithms.iter().any(|algorithm| algorithm.verify_signature(key, message, dss.signature()).is_ok()) {
            Ok(HandshakeSignatureValid::assertion())
        } else {
            Err(CertificateError::BadSignature.into())
        }
    }
}

impl fmt::Debug for AnyCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AnyCertificate")
    }
}

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        match parsed(cert).filter(is_old) {
            Some(certificate) => self.verify_tls12_with_bare_key(message, &certificate, dss),
            None => verify_tls12_signature(message, cert, dss, &self.algorithms),
        }
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        match parsed(cert).filter(is_old) {
            Some(certificate) => {
                let key = SubjectPublicKeyInfoDer::from(certificate.public_key().raw);
                verify_tls13_signature_with_raw_key(message, &key, dss, &self.algorithms)
            }
            None => verify_tls13_signature(message, cert, dss, &self.algorithms),
        }
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
