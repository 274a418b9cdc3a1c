//! `wsOptions`: what MQTT.js hands to its WebSocket library.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rhai::{Array, Dynamic};

use crate::api::entries::{connect_maps, transport_options};
use crate::api::fs::Access;
use crate::api::mqtt::reader::{OptionError, Reader, wrong};
use crate::api::text::to_text;
use crate::mqtt::options::{TlsOptions, WebSocketLimits};

use super::{foreign, other, tls};

/// What `wsOptions` says.
#[derive(Debug, Default)]
pub struct WebSocketOptions {
    /// Headers of the request.
    pub headers: Vec<(String, String)>,
    /// Limits of the connection.
    pub limits: WebSocketLimits,
    /// TLS settings of `wss` where they differ from those of the client.
    pub tls: Option<TlsOptions>,
}

/// Reads `wsOptions`. `base` are the TLS options beside it.
///
/// # Errors
/// What cannot be done, or a wrong type.
pub fn read(reader: &Reader, access: &Access, base: &TlsOptions) -> Result<WebSocketOptions, OptionError> {
    let Some(map) = reader.map("wsOptions")? else { return Ok(WebSocketOptions::default()) };
    let reader = Reader::new(&map, "`wsOptions`");
    foreign::refuse(&map, "`wsOptions`")?;
    reader.only(connect_maps::WS_OPTIONS.iter().chain(transport_options::WS_OPTIONS))?;
    let mut headers = Vec::new();
    for (name, value) in reader.map("headers")?.unwrap_or_default() {
        header(&mut headers, &name, &value)?;
    }
    headers.extend(reader.text("origin")?.map(|origin| ("Origin".to_owned(), origin)));
    if let Some(credentials) = reader.text("auth")? {
        headers.push(basic_authorization(&credentials));
    }
    let compression = reader.value("perMessageDeflate").filter(|value| value.as_bool().is_err());
    if let Some(value) = compression {
        return Err(wrong("perMessageDeflate", "`true` or `false`", value));
    }
    for name in ["followRedirects", "maxRedirects"] {
        if reader.value(name).is_some_and(|value| !matches!(value.as_bool(), Ok(false))) {
            let help = "write the URL that it leads to, or ask for it in `transformWsUrl: |url| ...`";
            return Err(other(&format!("option `{name}`: a redirected WebSocket request is not followed"), help));
        }
    }
    if let Some(value) = reader.value("protocolVersion").filter(|value| value.as_int() != Ok(13)) {
        return Err(wrong("protocolVersion", "13, the version of RFC 6455", value));
    }
    let limits = WebSocketLimits {
        largest_message: reader
            .number_in::<i64>("maxPayload", 0, i64::MAX)?
            .filter(|most| *most > 0)
            .map(|most| most as usize),
        handshake_timeout: reader.milliseconds("handshakeTimeout")?.filter(|timeout| !timeout.is_zero()),
    };
    let has_tls = tls::NAMES.iter().any(|name| reader.value(name).is_some());
    let tls = has_tls.then(|| tls::tls_over(&reader, access, base.clone())).transpose()?;
    Ok(WebSocketOptions { headers, limits, tls })
}

/// A header; with an array of values it is sent once for each.
fn header(headers: &mut Vec<(String, String)>, name: &str, value: &Dynamic) -> Result<(), OptionError> {
    match value.read_lock::<Array>() {
        Some(values) => values.iter().try_for_each(|value| header(headers, name, value)),
        None if value.is_unit() => Err(wrong(&format!("headers.{name}"), "text or an array of text", value)),
        None => {
            headers.push((name.to_owned(), to_text(value).to_string()));
            Ok(())
        }
    }
}

/// `user:password` as a header.
pub fn basic_authorization(credentials: &str) -> (String, String) {
    ("Authorization".to_owned(), format!("Basic {}", BASE64_STANDARD.encode(credentials)))
}
