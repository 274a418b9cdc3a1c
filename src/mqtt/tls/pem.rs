//! `ca`, `cert`, `key` and `passphrase`: PEM texts into what rustls takes.

use pkcs8::{EncryptedPrivateKeyInfoRef, SecretDocument};
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::mqtt::error::Error;
use crate::mqtt::options::TlsOptions;
use crate::mqtt::tls::pkcs12;

const ENCRYPTED_BEGIN: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
const ENCRYPTED_END: &str = "-----END ENCRYPTED PRIVATE KEY-----";

/// The certificates of option `ca`.
pub(super) fn authorities(options: &TlsOptions) -> Result<Vec<CertificateDer<'static>>, Error> {
    let lists = options.ca.iter().map(|pem| certificates("ca", pem)).collect::<Result<Vec<_>, Error>>()?;
    Ok(lists.into_iter().flatten().collect())
}

/// Client certificate chain and key, from `cert` and `key` or from `pfx`; `None` when there are neither.
pub(super) fn client_identity(
    options: &TlsOptions,
) -> Result<Option<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)>, Error> {
    match (&options.cert, &options.key) {
        (None, None) => {
            options.pfx.as_deref().map(|pfx| pkcs12::identity(pfx, options.passphrase.as_deref())).transpose()
        }
        (Some(_), None) => {
            Err(Error::new("`cert` is given without `key`: the private key of the certificate is missing")
                .with_help("add `key: fs.readFileSync(\"client.key\")`"))
        }
        (None, Some(_)) => {
            Err(Error::new("`key` is given without `cert`: the certificate of the private key is missing")
                .with_help("add `cert: fs.readFileSync(\"client.crt\")`"))
        }
        (Some(cert), Some(key)) => {
            Ok(Some((certificates("cert", cert)?, private_key(key, options.passphrase.as_deref())?)))
        }
    }
}

fn certificates(option: &str, text: &[u8]) -> Result<Vec<CertificateDer<'static>>, Error> {
    let certificates = CertificateDer::pem_slice_iter(text)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| unreadable(option, &error))?;
    if certificates.is_empty() { Err(lacking(option, "certificate", text)) } else { Ok(certificates) }
}

fn private_key(text: &[u8], passphrase: Option<&str>) -> Result<PrivateKeyDer<'static>, Error> {
    if contains(text, ENCRYPTED_BEGIN) {
        return decrypted(text, passphrase);
    }
    if contains(text, "Proc-Type: 4,ENCRYPTED") {
        return Err(Error::new("`key` is encrypted in the old OpenSSL format, which is not supported")
            .with_help("convert it: `openssl pkcs8 -topk8 -in client.key -out client.pkcs8.key`"));
    }
    if contains(text, "BEGIN OPENSSH PRIVATE KEY") {
        return Err(Error::new("`key` is an OpenSSH key; TLS needs one in PKCS#8, PKCS#1 or SEC1 form"));
    }
    PrivateKeyDer::from_pem_slice(text).map_err(|error| match error {
        pem::Error::NoItemsFound => lacking("key", "private key", text),
        error => unreadable("key", &error),
    })
}

fn decrypted(text: &[u8], passphrase: Option<&str>) -> Result<PrivateKeyDer<'static>, Error> {
    let Some(passphrase) = passphrase else {
        return Err(Error::new("`key` is encrypted and the option `passphrase` is missing")
            .with_name("ERR_MISSING_PASSPHRASE")
            .with_help(
                "add `passphrase: \"...\"`, or read it from the environment: `passphrase: env.KEY_PASSPHRASE`",
            ));
    };
    let section =
        encrypted_section(text).ok_or_else(|| Error::new("`key` is not valid PEM: its end line is missing"))?;
    let (_, document) =
        SecretDocument::from_pem(section).map_err(|_| Error::new("`key` is not valid PEM: bad base64 in it"))?;
    let info = EncryptedPrivateKeyInfoRef::try_from(document.as_bytes()).map_err(|_| {
        Error::new("`key` is encrypted in a way that is not supported").with_help(
            "encrypt it anew: `openssl pkcs8 -in client.key -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256 -out new.key`",
        )
    })?;
    // Wrong padding and wrong content both mean the wrong passphrase: decryption itself cannot tell.
    let key = info.decrypt(passphrase).map_err(|_| {
        Error::new("bad decrypt").with_name("ERR_OSSL_BAD_DECRYPT").with_cause("`passphrase` does not decrypt `key`")
    })?;
    Ok(PrivatePkcs8KeyDer::from(key.as_bytes().to_vec()).into())
}

/// The encrypted key without what OpenSSL may write around it, such as "Bag Attributes".
fn encrypted_section(text: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(text).ok()?;
    let start = text.find(ENCRYPTED_BEGIN)?;
    let end = start + text[start..].find(ENCRYPTED_END)? + ENCRYPTED_END.len();
    Some(&text[start..end])
}

fn unreadable(option: &str, error: &pem::Error) -> Error {
    // The error's own text may quote lines of the file, which for a key are secret.
    let why = match error {
        pem::Error::MissingSectionEnd { .. } => "its end line is missing",
        pem::Error::IllegalSectionStart { .. } => "its begin line is broken",
        pem::Error::Base64Decode(_) => "bad base64 in it",
        _ => "it cannot be read",
    };
    Error::new(format!("`{option}` is not valid PEM: {why}"))
}

/// `option` holds no `wanted`: says what it holds instead, where that is plain.
fn lacking(option: &str, wanted: &str, text: &[u8]) -> Error {
    let error = Error::new(format!("`{option}` holds no {wanted}"));
    if text.is_empty() {
        return error.with_cause("it is empty");
    }
    if contains(text, "PRIVATE KEY-----") {
        return error.with_cause("it holds a private key").with_help("did you swap `cert` and `key`?");
    }
    if contains(text, "BEGIN CERTIFICATE REQUEST") {
        return error.with_cause("it holds a certificate request, which a CA has yet to sign");
    }
    if contains(text, "BEGIN CERTIFICATE") {
        return error.with_cause("it holds a certificate").with_help("did you swap `cert` and `key`?");
    }
    // 0x30 starts an ASN.1 sequence.
    if text[0] == 0x30 {
        let command = if wanted == "certificate" { "x509" } else { "pkey" };
        return error
            .with_cause("it is DER, not PEM")
            .with_help(format!("convert it: `openssl {command} -inform der -in file.der -out file.pem`"));
    }
    error.with_cause("it is not PEM: no line `-----BEGIN ...-----` in it")
}

fn contains(text: &[u8], wanted: &str) -> bool {
    text.windows(wanted.len()).any(|window| window == wanted.as_bytes())
}
