//! `socksProxy` and `socksTimeout`.

use percent_encoding::percent_decode_str;
use url::Url;

use crate::api::mqtt::reader::{OptionError, Reader};
use crate::mqtt::options::{Proxy, SocksVersion};

/// Stands for the option where that is not given, as in MQTT.js.
const VARIABLE: &str = "MQTTJS_SOCKS_PROXY";

/// The port of SOCKS proxies (IANA).
const DEFAULT_PORT: u16 = 1080;

/// The proxy to go through: that of the option, or of the environment. An empty text is none.
///
/// # Errors
/// Not the URL of a SOCKS proxy.
pub fn proxy(reader: &Reader) -> Result<Option<Proxy>, OptionError> {
    let timeout = reader.milliseconds("socksTimeout")?.filter(|timeout| !timeout.is_zero());
    let (origin, url) = match reader.text("socksProxy")? {
        Some(url) => ("option `socksProxy`", url),
        None => (VARIABLE, std::env::var(VARIABLE).unwrap_or_default()),
    };
    if url.is_empty() {
        return Ok(None);
    }
    parse(&url, origin).map(|proxy| Some(Proxy { timeout, ..proxy }))
}

fn parse(text: &str, origin: &str) -> Result<Proxy, OptionError> {
    let bad = |message: &str, what: &str| OptionError::Other {
        message: message.into(),
        headline: Some(format!("{origin}: {what}")),
        help: "write `socks5h://localhost:1080` (schemes: socks4, socks4a, socks5, socks5h)".into(),
    };
    // The URL itself may hold a password, so no message repeats it.
    let url = Url::parse(text).map_err(|error| bad("bad SOCKS URL", &format!("not a URL: {error}")))?;
    let (version, resolves) = match url.scheme() {
        "socks5h" => (SocksVersion::V5, true),
        "socks5" => (SocksVersion::V5, false),
        "socks4a" => (SocksVersion::V4, true),
        "socks4" => (SocksVersion::V4, false),
        scheme => {
            return Err(bad("bad SOCKS URL: invalid protocol", &format!("`{scheme}` is not a kind of SOCKS proxy")));
        }
    };
    if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
        return Err(bad("bad SOCKS URL", "nothing may stand behind the port"));
    }
    let host = match url.host_str() {
        None | Some("") => return Err(bad("bad SOCKS URL", "the host is missing")),
        Some(host) => host.trim_start_matches('[').trim_end_matches(']').to_owned(),
    };
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let username = Some(url.username()).filter(|name| !name.is_empty()).map(decoded);
    let password = url.password().map(decoded);
    let too_long = |text: &Option<String>| text.as_ref().is_some_and(|text| text.len() > 255);
    if too_long(&username) || too_long(&password) {
        return Err(bad("bad SOCKS URL", "user name and password have 255 bytes at most"));
    }
    if version == SocksVersion::V4 && password.is_some() {
        return Err(bad("bad SOCKS URL", "SOCKS 4 has no password, only SOCKS 5 does"));
    }
    Ok(Proxy { version, resolves, host, port: url.port().unwrap_or(DEFAULT_PORT), username, password, timeout: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_credentials_and_ports() {
        let proxy = parse("socks5h://user:p%40ss@[::1]:9050", "").expect("a proxy");
        assert_eq!(
            (proxy.version, proxy.resolves, proxy.host.as_str(), proxy.port),
            (SocksVersion::V5, true, "::1", 9050)
        );
        assert_eq!((proxy.username.as_deref(), proxy.password.as_deref()), (Some("user"), Some("p@ss")));
        let proxy = parse("socks4://proxy/", "").expect("a proxy");
        assert_eq!((proxy.version, proxy.resolves, proxy.port), (SocksVersion::V4, false, 1080));
        assert!(parse("socks4a://proxy", "").expect("a proxy").resolves);
    }

    #[test]
    fn what_is_no_socks_url() {
        for text in ["http://proxy:1", "proxy:1080", "socks5://proxy/path", "socks4://u:p@proxy", "socks5://"] {
            assert!(parse(text, "").is_err(), "{text}");
        }
    }
}
