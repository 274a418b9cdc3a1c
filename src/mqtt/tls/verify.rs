//! Who is trusted: the check of a broker's certificate, and the check that is left with `rejectUnauthorized: false`.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, OtherError, RootCertStore, SignatureScheme};
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::mqtt::error::Error;
use crate::mqtt::options::TlsOptions;
use crate::mqtt::tls::refusal::Refused;
use crate::mqtt::tls::{home_made, pem, signature};

/// The verifier that the options ask for.
pub(super) fn verifier(
    options: &TlsOptions,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, Error> {
    let authorities = pem::authorities(options)?;
    let algorithms = provider.signature_verification_algorithms;
    if !options.reject_unauthorized {
        return Ok(Arc::new(AnyCertificate { algorithms }));
    }
    let roots = if options.ca.is_empty() { system_roots()? } else { given_roots(&authorities)? };
    let chain = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone())
        .build()
        .map_err(|error| Error::new(error.to_string()))?;
    Ok(Arc::new(TrustedCertificate { chain, authorities, algorithms }))
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
    authorities: Vec<CertificateDer<'static>>,
    algorithms: WebPkiSupportedAlgorithms,
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
            Err(rustls::Error::InvalidCertificate(reason)) => {
                let mut refused = Refused { reason, end_entity, intermediates, server_name };
                match home_made::judge(&refused, &self.authorities, &self.algorithms, now) {
                    Ok(()) => return Ok(ServerCertVerified::assertion()),
                    Err(reason) => refused.reason = reason,
                }
                let error = refused.explain(!self.authorities.is_empty());
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
        signature::verify_tls12(message, cert, dss, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        signature::verify_tls13(message, cert, dss, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

/// `rejectUnauthorized: false`: any certificate will do, but the peer must own its key.
#[derive(Debug)]
struct AnyCertificate {
    algorithms: WebPkiSupportedAlgorithms,
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
        signature::verify_tls12(message, cert, dss, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        signature::verify_tls13(message, cert, dss, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
