//! The TLS options, of `mqtt.connect` and of its `wsOptions`.

use bytes::Bytes;
use rhai::{Array, Dynamic, ImmutableString, Map};

use crate::api::fs::{Access, Unread};
use crate::api::mqtt::reader::{OptionError, Reader, bytes_of, wrong};
use crate::mqtt::options::{TlsOptions, TlsVersion};

use super::other;

/// The names of the TLS options.
pub const NAMES: [&str; 11] = [
    "ca",
    "cert",
    "key",
    "pfx",
    "passphrase",
    "rejectUnauthorized",
    "servername",
    "ALPNProtocols",
    "minVersion",
    "maxVersion",
    "ciphers",
];

/// The TLS options of a map.
///
/// # Errors
/// A wrong type, or a file that cannot be read.
pub fn tls(reader: &Reader, access: &Access) -> Result<TlsOptions, OptionError> {
    tls_over(reader, access, TlsOptions::default())
}

/// The TLS options of a map; what it leaves out is that of `base`.
///
/// # Errors
/// A wrong type, or a file that cannot be read.
pub fn tls_over(reader: &Reader, access: &Access, base: TlsOptions) -> Result<TlsOptions, OptionError> {
    let ca = pems(reader, access, "ca")?;
    let cert = pems(reader, access, "cert")?.into_iter().reduce(join_pems);
    let key = sole(reader, access, "key", "pem")?;
    let pfx = sole(reader, access, "pfx", "buf")?;
    let own_passphrase = [&key, &pfx].into_iter().flatten().find_map(|identity| identity.passphrase.clone());
    Ok(TlsOptions {
        ca: if ca.is_empty() { base.ca } else { ca },
        cert: cert.or(base.cert),
        key: key.map(|key| key.bytes).or(base.key),
        pfx: pfx.map(|pfx| pfx.bytes).or(base.pfx),
        passphrase: own_passphrase.or(reader.text("passphrase")?).or(base.passphrase),
        reject_unauthorized: reader.flag("rejectUnauthorized")?.unwrap_or(base.reject_unauthorized),
        servername: reader.text("servername")?.filter(|name| !name.is_empty()).or(base.servername),
        alpn: match reader.array("ALPNProtocols")? {
            None => base.alpn,
            Some(names) => names
                .iter()
                .map(|name| name.clone().into_string().map_err(|_| wrong("ALPNProtocols", "an array of text", name)))
                .collect::<Result<_, _>>()?,
        },
        min_version: version(reader, "minVersion")?.or(base.min_version),
        max_version: version(reader, "maxVersion")?.or(base.max_version),
        ciphers: reader.text("ciphers")?.filter(|list| !list.is_empty()).or(base.ciphers),
    })
}

fn version(reader: &Reader, name: &str) -> Result<Option<TlsVersion>, OptionError> {
    let Some(value) = reader.value(name) else { return Ok(None) };
    match reader.text(name)?.as_deref() {
        Some("TLSv1.2") => Ok(Some(TlsVersion::V12)),
        Some("TLSv1.3") => Ok(Some(TlsVersion::V13)),
        Some(old @ ("TLSv1" | "TLSv1.1" | "SSLv3")) => Err(other(
            &format!("option `{name}`: `{old}` is broken and not available"),
            &format!("write `{name}: \"TLSv1.2\"`, or leave it out"),
        )),
        _ => Err(wrong(name, "\"TLSv1.2\" or \"TLSv1.3\"", value)),
    }
}

/// Two PEM texts as one.
pub fn join_pems(mut chain: Bytes, next: Bytes) -> Bytes {
    chain = [chain.as_ref(), b"\n", next.as_ref()].concat().into();
    chain
}

/// A private key or PKCS#12 file, and the passphrase that Node lets it have for itself.
struct Identity {
    bytes: Bytes,
    passphrase: Option<String>,
}

/// One of it, alone or in an array, as it is or in a map under `field`.
fn sole(reader: &Reader, access: &Access, name: &str, field: &str) -> Result<Option<Identity>, OptionError> {
    let Some(value) = reader.value(name) else { return Ok(None) };
    let value = match value.read_lock::<Array>() {
        None => value.clone(),
        Some(list) if list.len() == 1 => list[0].clone(),
        Some(list) if list.is_empty() => return Ok(None),
        Some(_) => {
            return Err(other(
                &format!("option `{name}` takes one, as a client shows one certificate"),
                &format!("give the one that the broker knows: `{name}: fs.readFileSync(\"...\")`"),
            ));
        }
    };
    let Some(map) = value.read_lock::<Map>() else {
        return file(access, name, &value).map(|bytes| Some(Identity { bytes, passphrase: None }));
    };
    let passphrase = Reader::new(&map, &format!("`{name}`")).text("passphrase")?;
    let inner = map.get(field).ok_or_else(|| wrong(name, &format!("a map with `{field}`"), &value))?;
    file(access, name, inner).map(|bytes| Some(Identity { bytes, passphrase }))
}

/// PEM text, a Buffer, a path, or an array of them.
fn pems(reader: &Reader, access: &Access, name: &str) -> Result<Vec<Bytes>, OptionError> {
    let Some(value) = reader.value(name) else { return Ok(Vec::new()) };
    match value.read_lock::<Array>() {
        Some(list) => list.iter().map(|value| file(access, name, value)).collect(),
        None => Ok(vec![file(access, name, value)?]),
    }
}

fn file(access: &Access, name: &str, value: &Dynamic) -> Result<Bytes, OptionError> {
    let is_pfx = name == "pfx";
    if let Some(text) = value.read_lock::<ImmutableString>()
        && !text.contains("-----BEGIN")
    {
        return access.read(&text).map_err(|error| match error {
            Unread::Refused(refusal) => OptionError::Refused(refusal),
            Unread::Failed(error) => OptionError::Other {
                message: format!("option `{name}`: {error}"),
                headline: None,
                help: if is_pfx {
                    "give the path of a PKCS#12 file, or its bytes: `pfx: fs.readFileSync(\"...\")`".into()
                } else {
                    format!("give the path of a PEM file, or its text: `{name}: fs.readFileSync(\"...\")`")
                },
            },
        });
    }
    let wanted = if is_pfx { "a Buffer or a path" } else { "PEM text, a Buffer, a path, or an array of them" };
    bytes_of(value).ok_or_else(|| wrong(name, wanted, value))
}
