//! Certificates as home-made CAs issue them and OpenSSL takes them, but webpki does not.
//!
//! `openssl req -x509` makes a self-signed certificate marked as CA, and `openssl x509 -req` one of X.509 v1; both name
//! their host only in the common name. They are accepted under a CA that the program passed in `ca`, never under those of
//! the system, and with the checks OpenSSL and Node make: signature, time, name.

use rustls::CertificateError;
use rustls::client::verify_server_name;
use rustls::crypto::WebPkiSupportedAlgorithms;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use x509_parser::prelude::{ASN1Time, X509Certificate};

use crate::mqtt::tls::refusal::Refused;
use crate::mqtt::tls::signature::is_signed_by;
use crate::mqtt::tls::verify::{is_old, parsed};

/// Looks again at a certificate that webpki refused.
///
/// # Errors
/// The reason why it stays refused; for X.509 v1, which webpki does not look into, the true one.
pub(super) fn judge(
    refused: &Refused<'_>,
    authorities: &[CertificateDer<'static>],
    algorithms: &WebPkiSupportedAlgorithms,
    now: UnixTime,
) -> Result<(), CertificateError> {
    let Some(certificate) = parsed(refused.end_entity) else { return Err(refused.reason.clone()) };
    // webpki looks at the name last, so when it names that, everything else is in order.
    let is_trusted = match refused.reason {
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => !authorities.is_empty(),
        _ if is_old(&certificate) => {
            if !is_issued_by_any(&certificate, authorities, algorithms, now) {
                return Err(CertificateError::UnknownIssuer);
            }
            true
        }
        _ => certificate.subject() == certificate.issuer() && authorities.iter().any(|one| one == refused.end_entity),
    };
    if !is_trusted {
        return Err(refused.reason.clone());
    }
    let Some(time) = asn1_time(now) else { return Err(refused.reason.clone()) };
    if time > certificate.validity().not_after {
        return Err(CertificateError::Expired);
    }
    if time < certificate.validity().not_before {
        return Err(CertificateError::NotValidYet);
    }
    if has_name(refused, &certificate, authorities) { Ok(()) } else { Err(CertificateError::NotValidForName) }
}

fn has_name(refused: &Refused<'_>, certificate: &X509Certificate<'_>, authorities: &[CertificateDer<'static>]) -> bool {
    // Name constraints of a CA are not checked against common names, so the two do not go together.
    let mut issuers = authorities.iter().chain(refused.intermediates);
    let is_unconstrained = issuers.all(|issuer| parsed(issuer).is_some_and(|issuer| has_no_constraints(&issuer)));
    (is_unconstrained && is_common_name(certificate, refused.server_name))
        || ParsedCertificate::try_from(refused.end_entity)
            .is_ok_and(|parsed| verify_server_name(&parsed, refused.server_name).is_ok())
}

fn has_no_constraints(issuer: &X509Certificate<'_>) -> bool {
    matches!(issuer.name_constraints(), Ok(None))
}

/// As Node: the common name counts for host names, and only when the certificate has no subjectAltName.
fn is_common_name(certificate: &X509Certificate<'_>, name: &ServerName<'_>) -> bool {
    let ServerName::DnsName(name) = name else { return false };
    let has_no_names = matches!(certificate.subject_alternative_name(), Ok(None));
    let mut common_names = certificate.subject().iter_common_name().filter_map(|common_name| common_name.as_str().ok());
    has_no_names && common_names.any(|common_name| common_name.eq_ignore_ascii_case(name.as_ref()))
}

fn is_issued_by_any(
    certificate: &X509Certificate<'_>,
    authorities: &[CertificateDer<'static>],
    algorithms: &WebPkiSupportedAlgorithms,
    now: UnixTime,
) -> bool {
    authorities.iter().filter_map(parsed).any(|authority| {
        authority.subject() == certificate.issuer()
            && may_issue(&authority)
            && is_valid_at(&authority, now)
            && is_signed_by(certificate, &authority, algorithms)
    })
}

/// A CA says so in its basic constraints; before X.509 v3 being self-signed was all there was.
fn may_issue(authority: &X509Certificate<'_>) -> bool {
    if is_old(authority) {
        return authority.subject() == authority.issuer();
    }
    let is_ca = matches!(authority.basic_constraints(), Ok(Some(constraints)) if constraints.value.ca);
    let may_sign = match authority.key_usage() {
        Ok(usage) => usage.is_none_or(|usage| usage.value.key_cert_sign()),
        Err(_) => false,
    };
    is_ca && may_sign
}

fn is_valid_at(certificate: &X509Certificate<'_>, now: UnixTime) -> bool {
    asn1_time(now).is_some_and(|now| certificate.validity().is_valid_at(now))
}

fn asn1_time(time: UnixTime) -> Option<ASN1Time> {
    ASN1Time::from_timestamp(i64::try_from(time.as_secs()).ok()?).ok()
}
