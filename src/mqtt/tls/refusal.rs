//! Why a broker's certificate was not accepted: Node's text and code, and what the certificate says instead.

use std::net::IpAddr;

use rustls::CertificateError;
use rustls::pki_types::{CertificateDer, ServerName};
use x509_parser::prelude::{ASN1Time, GeneralName, X509Certificate};

use crate::mqtt::error::Error;
use crate::mqtt::tls::verify::parsed;

/// A broker's certificate that was not accepted, with all that explains why.
pub(super) struct Refused<'a> {
    pub(super) reason: CertificateError,
    pub(super) end_entity: &'a CertificateDer<'a>,
    pub(super) intermediates: &'a [CertificateDer<'a>],
    pub(super) server_name: &'a ServerName<'a>,
}

impl Refused<'_> {
    /// Node's error for it. `own_authorities`: option `ca` was given.
    pub(super) fn explain(&self, own_authorities: bool) -> Error {
        let host = self.server_name.to_str();
        let Some(certificate) = parsed(self.end_entity) else {
            return Error::new("the broker's certificate cannot be read").with_name("CERT_REJECTED");
        };
        match &self.reason {
            CertificateError::UnknownIssuer => self.unknown_issuer(&certificate, own_authorities),
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Error::new("certificate has expired")
                .with_name("CERT_HAS_EXPIRED")
                .with_cause(self.validity(&host, "expired on", |certificate, now| {
                    let end = certificate.validity().not_after;
                    (end < now).then_some(end)
                }))
                .with_help("ask whoever runs the broker to renew its certificate"),
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                Error::new("certificate is not yet valid")
                    .with_name("CERT_NOT_YET_VALID")
                    .with_cause(self.validity(&host, "is not valid before", |certificate, now| {
                        let start = certificate.validity().not_before;
                        (start > now).then_some(start)
                    }))
                    .with_help("check the clock of this machine: `date`")
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                self.wrong_name(&certificate)
            }
            CertificateError::BadSignature => Error::new("certificate signature failure")
                .with_name("CERT_SIGNATURE_FAILURE")
                .with_cause(format!(
                    "the signature on the certificate of `{host}` is not by the key of its CA `{}`: is it another CA of the \
                     same name?",
                    certificate.issuer()
                ))
                .with_help("pass the CA that issued it: `#{ ca: fs.readFileSync(\"ca.crt\") }`"),
            CertificateError::Revoked => Error::new("certificate revoked")
                .with_name("CERT_REVOKED")
                .with_cause(format!("the certificate of `{host}` is revoked")),
            CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
                Error::new("unsuitable certificate purpose")
                    .with_name("INVALID_PURPOSE")
                    .with_cause(format!("the certificate of `{host}` is not made for servers (its extendedKeyUsage)"))
            }
            _ if certificate.subject() == certificate.issuer() => self.unknown_issuer(&certificate, own_authorities),
            reason => Error::new(format!("the certificate of `{host}` is not accepted: {reason}")).with_name("CERT_REJECTED"),
        }
    }

    /// Which of OpenSSL's four ways to say "unknown issuer" fits the chain that came.
    fn unknown_issuer(&self, certificate: &X509Certificate<'_>, own_authorities: bool) -> Error {
        let host = self.server_name.to_str();
        let is_self_signed = certificate.subject() == certificate.issuer();
        let last_is_self_signed =
            self.intermediates.last().and_then(parsed).is_some_and(|last| last.subject() == last.issuer());
        let (message, code) = if is_self_signed {
            ("self-signed certificate", "DEPTH_ZERO_SELF_SIGNED_CERT")
        } else if last_is_self_signed {
            ("self-signed certificate in certificate chain", "SELF_SIGNED_CERT_IN_CHAIN")
        } else if self.intermediates.is_empty() {
            ("unable to verify the first certificate", "UNABLE_TO_VERIFY_LEAF_SIGNATURE")
        } else {
            ("unable to get local issuer certificate", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY")
        };
        let trust = if own_authorities { "not in `ca`" } else { "not trusted" };
        let (cause, file) = if is_self_signed {
            (format!("the certificate of `{host}` is self-signed and {trust}"), "server.crt")
        } else {
            (format!("the certificate of `{host}` is issued by `{}`, which is {trust}", certificate.issuer()), "ca.crt")
        };
        let what = if is_self_signed { "that certificate" } else { "its CA" };
        Error::new(message)
            .with_name(code)
            .with_cause(cause)
            .with_help(format!("pass {what}: `#{{ ca: fs.readFileSync(\"{file}\") }}`"))
    }

    /// The first certificate for which `date` finds something wrong, and when.
    fn validity(
        &self,
        host: &str,
        verb: &str,
        date: impl Fn(&X509Certificate<'_>, ASN1Time) -> Option<ASN1Time>,
    ) -> String {
        let now = ASN1Time::now();
        if let Some(date) = parsed(self.end_entity).and_then(|certificate| date(&certificate, now)) {
            return format!("the certificate of `{host}` {verb} {}", date.to_datetime().date());
        }
        let issuer = self.intermediates.iter().filter_map(parsed).find_map(|issuer| {
            let date = date(&issuer, now)?;
            Some(format!("the CA certificate `{}` {verb} {}", issuer.subject(), date.to_datetime().date()))
        });
        issuer.unwrap_or_else(|| format!("a certificate in the chain of `{host}` is outside its time"))
    }

    fn wrong_name(&self, certificate: &X509Certificate<'_>) -> Error {
        let host = self.server_name.to_str();
        let names = Names::of(certificate);
        let reason = match self.server_name {
            ServerName::IpAddress(_) => format!("IP: {host} is not in the cert's list: {}", names.addresses.join(", ")),
            _ if !names.hosts.is_empty() => format!("Host: {host}. is not in the cert's altnames: {}", names.as_node()),
            _ => match common_name(certificate) {
                Some(common_name) => format!("Host: {host}. is not cert's CN: {common_name}"),
                None => "Cert does not contain a DNS name".to_owned(),
            },
        };
        let error = Error::new(format!("Hostname/IP does not match certificate's altnames: {reason}"))
            .with_name("ERR_TLS_CERT_ALTNAME_INVALID");
        let all = names.all().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        if all.is_empty() {
            let kind = if matches!(self.server_name, ServerName::IpAddress(_)) { "IP" } else { "DNS" };
            return error
                .with_cause(match common_name(certificate) {
                    Some(name) => {
                        format!("the certificate is for `{name}`, not for `{host}`; it has no subjectAltName")
                    }
                    None => "the certificate names no host".to_owned(),
                })
                .with_help(format!("make it anew with the extension `subjectAltName={kind}:{host}`"));
        }
        let error = error.with_cause(format!("the certificate is for {all}, not for `{host}`"));
        match names.all().find(|name| !name.starts_with('*')) {
            Some(name) => {
                error.with_help(format!("connect to `{name}`, or expect that name: `#{{ servername: \"{name}\" }}`"))
            }
            None => error,
        }
    }
}

fn common_name(certificate: &X509Certificate<'_>) -> Option<String> {
    certificate.subject().iter_common_name().next()?.as_str().ok().map(str::to_owned)
}

/// The subject alternative names of a certificate that can name a broker.
struct Names {
    hosts: Vec<String>,
    addresses: Vec<String>,
}

impl Names {
    fn of(certificate: &X509Certificate<'_>) -> Self {
        let mut names = Self { hosts: Vec::new(), addresses: Vec::new() };
        let extension = certificate.subject_alternative_name().ok().flatten();
        for name in extension.iter().flat_map(|extension| &extension.value.general_names) {
            match name {
                GeneralName::DNSName(name) => names.hosts.push((*name).to_owned()),
                GeneralName::IPAddress(bytes) => names.addresses.extend(address(bytes)),
                _ => {}
            }
        }
        names
    }

    fn all(&self) -> impl Iterator<Item = &String> {
        self.hosts.iter().chain(&self.addresses)
    }

    /// Node's `subjectaltname` text.
    fn as_node(&self) -> String {
        let hosts = self.hosts.iter().map(|host| format!("DNS:{host}"));
        hosts.chain(self.addresses.iter().map(|address| format!("IP Address:{address}"))).collect::<Vec<_>>().join(", ")
    }
}

fn address(bytes: &[u8]) -> Option<String> {
    let v4 = <[u8; 4]>::try_from(bytes).map(|bytes| IpAddr::from(bytes).to_string());
    v4.or_else(|_| <[u8; 16]>::try_from(bytes).map(|bytes| IpAddr::from(bytes).to_string())).ok()
}
