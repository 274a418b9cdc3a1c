//! rustls' errors in the words and codes of Node, with a cause in plain words and what to do about it.

use std::error::Error as StdError;
use std::io;

use rustls::{AlertDescription, CertificateError, InconsistentKeys};

use crate::mqtt::error::Error;
use crate::mqtt::transport::io_error;

/// What to do when the broker wants to know who we are.
const CLIENT_CERTIFICATE_HELP: &str =
    "pass one: `#{ cert: fs.readFileSync(\"client.crt\"), key: fs.readFileSync(\"client.key\") }`";

/// What a TLS failure inside an I/O error means; `None` when the error is not one of TLS. `server_name` is the name or
/// address that was dialled.
///
/// In TLS 1.3 the broker's verdict on the client certificate comes after the handshake: the first read then fails, so ask
/// here about read errors too.
pub fn explain(error: &io::Error, server_name: &str) -> Option<Error> {
    let error = error.get_ref()?.downcast_ref::<rustls::Error>()?;
    Some(match error {
        rustls::Error::InvalidCertificate(reason) => verdict(reason).unwrap_or_else(|| {
            Error::new(format!("the certificate of `{server_name}` is not accepted: {error}"))
                .with_name("CERT_REJECTED")
        }),
        rustls::Error::AlertReceived(alert) => explain_alert(*alert),
        rustls::Error::InvalidMessage(_) => Error::new("wrong version number")
            .with_name("ERR_SSL_WRONG_VERSION_NUMBER")
            .with_cause(format!("`{server_name}` does not speak TLS on this port"))
            .with_help("use the broker's TLS port (mostly 8883, or 443 for wss), or `mqtt://` or `ws://` for this one"),
        rustls::Error::PeerIncompatible(_) => Error::new("unsupported protocol")
            .with_name("ERR_SSL_UNSUPPORTED_PROTOCOL")
            .with_cause(format!("`{server_name}` and this client share no TLS version or cipher ({error})")),
        error => Error::new(error.to_string()).with_name("EPROTO"),
    })
}

/// What a failed TLS handshake with `server_name` means.
pub fn handshake_error(error: &io::Error, server_name: &str) -> Error {
    if let Some(error) = explain(error, server_name) {
        return error;
    }
    let hung_up = Error::new("Client network socket disconnected before secure TLS connection was established")
        .with_name("ECONNRESET")
        .with_cause(format!(
            "`{server_name}` closed the connection during the TLS handshake: the port may not be one for TLS"
        ));
    match error.kind() {
        io::ErrorKind::UnexpectedEof => hung_up,
        io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => {
            Error { message: io_error(error, "read").message, ..hung_up }
        }
        _ => io_error(error, "read"),
    }
}

/// `cert` and `key` do not make an identity.
pub(super) fn bad_identity(error: &rustls::Error) -> Error {
    match error {
        rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => Error::new("key values mismatch")
            .with_name("ERR_OSSL_X509_KEY_VALUES_MISMATCH")
            .with_cause("the certificate in `cert` does not belong to the private key in `key`")
            .with_help("compare what `openssl x509 -pubkey -noout -in client.crt` and `openssl pkey -pubout -in client.key` print"),
        rustls::Error::InvalidCertificate(_) => {
            Error::new("`cert` holds a certificate that cannot be used").with_cause(error.to_string())
        }
        error => Error::new("`key` holds a private key that cannot be used").with_cause(error.to_string()),
    }
}

/// The verdict that our own verifier put into the error.
fn verdict(reason: &CertificateError) -> Option<Error> {
    let CertificateError::Other(other) = reason else { return None };
    let inner: &(dyn StdError + 'static) = other.0.as_ref();
    inner.downcast_ref::<Error>().cloned()
}

/// The peer's alerts: OpenSSL's texts and codes (RFC 8446, 6.2).
fn explain_alert(alert: AlertDescription) -> Error {
    let (message, code, cause) = match alert {
        AlertDescription::CertificateRequired => (
            "tlsv13 alert certificate required",
            "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED",
            "the broker asks for a client certificate",
        ),
        AlertDescription::HandshakeFailure => (
            "sslv3 alert handshake failure",
            "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE",
            "the broker broke off the handshake: it may ask for a client certificate, or share no cipher with this client",
        ),
        AlertDescription::BadCertificate => (
            "sslv3 alert bad certificate",
            "ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE",
            "the broker does not accept the client certificate in `cert`",
        ),
        AlertDescription::UnsupportedCertificate => (
            "sslv3 alert unsupported certificate",
            "ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE",
            "the broker does not accept this kind of client certificate",
        ),
        AlertDescription::CertificateRevoked => (
            "sslv3 alert certificate revoked",
            "ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED",
            "the client certificate in `cert` is revoked",
        ),
        AlertDescription::CertificateExpired => (
            "sslv3 alert certificate expired",
            "ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED",
            "the client certificate in `cert` has expired",
        ),
        AlertDescription::CertificateUnknown => (
            "sslv3 alert certificate unknown",
            "ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN",
            "the broker does not accept the client certificate in `cert`",
        ),
        AlertDescription::UnknownCA => (
            "tlsv1 alert unknown ca",
            "ERR_SSL_TLSV1_ALERT_UNKNOWN_CA",
            "the broker does not trust the CA that issued the client certificate in `cert`",
        ),
        AlertDescription::AccessDenied => (
            "tlsv1 alert access denied",
            "ERR_SSL_TLSV1_ALERT_ACCESS_DENIED",
            "the broker denies access to the client certificate in `cert`",
        ),
        AlertDescription::DecryptError => (
            "tlsv1 alert decrypt error",
            "ERR_SSL_TLSV1_ALERT_DECRYPT_ERROR",
            "the broker could not verify the signature of the client certificate or of the handshake",
        ),
        AlertDescription::ProtocolVersion => (
            "tlsv1 alert protocol version",
            "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION",
            "the broker speaks neither TLS 1.2 nor TLS 1.3",
        ),
        AlertDescription::InternalError => (
            "tlsv1 alert internal error",
            "ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR",
            "the broker failed in the TLS handshake; its log tells why",
        ),
        AlertDescription::UnrecognisedName => (
            "tlsv1 unrecognized name",
            "ERR_SSL_TLSV1_UNRECOGNIZED_NAME",
            "the broker has no certificate for this host name; the option `servername` sets another",
        ),
        AlertDescription::NoApplicationProtocol => (
            "tlsv1 alert no application protocol",
            "ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL",
            "the broker knows none of the protocols in `ALPNProtocols`",
        ),
        other => return Error::new(format!("the broker broke off the TLS connection: {other:?}")).with_name("EPROTO"),
    };
    let error = Error::new(message).with_name(code).with_cause(cause);
    match alert {
        AlertDescription::CertificateRequired | AlertDescription::HandshakeFailure => {
            error.with_help(CLIENT_CERTIFICATE_HELP)
        }
        AlertDescription::BadCertificate
        | AlertDescription::UnsupportedCertificate
        | AlertDescription::CertificateUnknown
        | AlertDescription::UnknownCA
        | AlertDescription::AccessDenied => {
            error.with_help("pass a certificate that the broker trusts, with its key: `#{ cert: ..., key: ... }`")
        }
        AlertDescription::CertificateRevoked => error.with_help("ask whoever issued it for a new one"),
        AlertDescription::CertificateExpired => error.with_help(
            "ask whoever issued it for a new one; `openssl x509 -enddate -noout -in client.crt` prints its end",
        ),
        _ => error,
    }
}
