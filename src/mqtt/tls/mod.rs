//! TLS: from the options `ca`, `cert`, `key`, `ciphers`, ... to a rustls configuration, and from rustls' errors to Node's.
//!
//! Opens no socket: [`crate::mqtt::transport`] does. What a certificate lacks is found out while the handshake runs
//! (`verify`), where the certificates are still at hand; [`explain()`] finds that verdict again in an I/O error.

mod explain;
mod home_made;
mod pem;
mod pkcs12;
mod refusal;
mod signature;
mod suites;
mod verify;

use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::ring;
use rustls::pki_types::ServerName;

use crate::mqtt::error::Error;
use crate::mqtt::options::TlsOptions;

pub use explain::{explain, handshake_error};

/// Builds the configuration of one client's TLS connections. Reads the system's trusted certificates unless `ca` is
/// given, so build it once and keep it.
///
/// # Errors
/// When a PEM text cannot be read, `cert` and `key` do not belong together, the passphrase is wrong, or nothing is
/// trusted. The error names the option, and never holds key material.
pub fn client_config(options: &TlsOptions) -> Result<Arc<ClientConfig>, Error> {
    let mut provider = ring::default_provider();
    suites::choose(&mut provider, options)?;
    let versions = suites::versions(&provider, options)?;
    let provider = Arc::new(provider);
    let verifier = verify::verifier(options, &provider)?;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&versions)
        .map_err(|error| Error::new(error.to_string()))?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    let mut config = match pem::client_identity(options)? {
        None => builder.with_no_client_auth(),
        Some((chain, key)) => {
            builder.with_client_auth_cert(chain, key).map_err(|error| explain::bad_identity(&error))?
        }
    };
    config.alpn_protocols = options.alpn.iter().map(|name| name.clone().into_bytes()).collect();
    Ok(Arc::new(config))
}

/// The name that goes into SNI and is looked for in the certificate: option `servername`, else the host. An address is
/// looked for as an address and not sent.
///
/// # Errors
/// When it is neither a host name nor an address.
pub fn server_name(options: &TlsOptions, host: &str) -> Result<ServerName<'static>, Error> {
    let (name, origin) = match options.servername.as_deref() {
        None | Some("") => (host, "the host"),
        Some(name) => (name, "`servername`"),
    };
    ServerName::try_from(name.to_owned())
        .map_err(|_| Error::new(format!("{origin} `{name}` is not a host name that a certificate can be made for")))
}
