//! `pfx`: certificate chain and private key in one PKCS#12 file.

use p12_keystore::error::Error as Broken;
use p12_keystore::{KeyStore, Pkcs12ImportPolicy};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::mqtt::error::Error;

/// The client's certificate chain, its own first, and its key.
///
/// # Errors
/// The passphrase is wrong or missing, or there is no certificate with its key.
pub(super) fn identity(
    pfx: &[u8],
    passphrase: Option<&str>,
) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), Error> {
    let store = KeyStore::from_pkcs12(pfx, passphrase.unwrap_or_default(), Pkcs12ImportPolicy::Relaxed)
        .map_err(|error| unreadable(&error, pfx, passphrase))?;
    let (_, chain) = store.private_key_chain().filter(|(_, chain)| !chain.certs().is_empty()).ok_or_else(|| {
        Error::new("`pfx` holds no certificate with its private key")
            .with_help("make one: `openssl pkcs12 -export -in client.crt -inkey client.key -out client.p12`")
    })?;
    let certificates = chain.certs().iter().map(|one| CertificateDer::from(one.as_der().to_vec())).collect();
    Ok((certificates, PrivatePkcs8KeyDer::from(chain.key().as_der().to_vec()).into()))
}

fn unreadable(error: &Broken, pfx: &[u8], passphrase: Option<&str>) -> Error {
    match error {
        // The check sum over the content goes by the passphrase.
        Broken::MacError(_) | Broken::Pkcs5Error(_) | Broken::UnpadError if passphrase.is_none() => {
            Error::new("mac verify failure")
                .with_name("ERR_CRYPTO_OPERATION_FAILED")
                .with_cause("`pfx` is encrypted and the option `passphrase` is missing")
                .with_help(
                    "add `passphrase: \"...\"`, or read it from the environment: `passphrase: env.PFX_PASSPHRASE`",
                )
        }
        Broken::MacError(_) | Broken::Pkcs5Error(_) | Broken::UnpadError => Error::new("mac verify failure")
            .with_name("ERR_CRYPTO_OPERATION_FAILED")
            .with_cause("`passphrase` does not open `pfx`"),
        _ if pfx.starts_with(b"-----BEGIN") => Error::new("not enough data")
            .with_cause("`pfx` is PEM, not PKCS#12")
            .with_help("give PEM files as `cert` and `key`"),
        Broken::UnsupportedEncryptionScheme | Broken::UnsupportedMacAlgorithm => {
            Error::new("`pfx` is encrypted in a way that is not supported")
                .with_help("make it anew: `openssl pkcs12 -export -in client.crt -inkey client.key -out client.p12`")
        }
        other => Error::new("not enough data").with_cause(format!("`pfx` is not a PKCS#12 file: {other}")),
    }
}
