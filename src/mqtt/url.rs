//! Broker URLs: `mqtt://user:password@host:1883?clientId=x` and its kin, into parts. No I/O.
//!
//! Forms as in MQTT.js, except that what it guesses wrong is an error here: an unknown or missing scheme never becomes
//! plain MQTT, and user name and password are split before they are percent-decoded.

use std::borrow::Cow;
use std::net::Ipv6Addr;

use percent_encoding::percent_decode_str;
use url::{Host, ParseError, Url};

use crate::mqtt::error::Error;
use crate::mqtt::options::{Endpoint, Scheme};

/// All scheme names and what they stand for; a suggestion takes the first of equally near ones.
const SCHEMES: [(&str, Scheme); 8] = [
    ("mqtt", Scheme::Mqtt),
    ("mqtts", Scheme::Mqtts),
    ("ws", Scheme::Ws),
    ("wss", Scheme::Wss),
    ("tcp", Scheme::Mqtt),
    ("tls", Scheme::Mqtts),
    ("ssl", Scheme::Mqtts),
    ("mqtt+unix", Scheme::Unix),
];

/// Names of other worlds that no edit distance leads home.
const ALIENS: [(&str, &str); 4] = [("http", "ws"), ("https", "wss"), ("unix", "mqtt+unix"), ("websocket", "ws")];

/// The part of a help line that names the schemes.
const SCHEMES_HELP: &str = "schemes: mqtt, mqtts, ws, wss, mqtt+unix";

/// The parts of a broker URL. What the URL does not say is `None`, so that options and defaults can fill it in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Address {
    /// How to reach the broker.
    pub scheme: Scheme,
    /// Host name (lower case, punycode) or address without brackets.
    pub host: Option<String>,
    /// Port; 0 in the URL counts as not given.
    pub port: Option<u16>,
    /// WebSocket path with query, or the path of the unix socket.
    pub path: Option<String>,
    /// User name, percent-decoded.
    pub username: Option<String>,
    /// Password, percent-decoded.
    pub password: Option<String>,
    /// `?clientId=`.
    pub client_id: Option<String>,
}

/// The WebSocket URL of an endpoint.
pub fn of(endpoint: &Endpoint) -> String {
    let scheme = if endpoint.scheme.is_tls() { "wss" } else { "ws" };
    let host = match endpoint.host.parse::<Ipv6Addr>() {
        Ok(address) => format!("[{address}]"),
        Err(_) => endpoint.host.clone(),
    };
    // As browsers do, so that the `Host` header has a port only where it says something.
    let port = match endpoint.port {
        port if port == endpoint.scheme.default_port() => String::new(),
        port => format!(":{port}"),
    };
    let slash = if endpoint.path.starts_with('/') { "" } else { "/" };
    format!("{scheme}://{host}{port}{slash}{}", endpoint.path)
}

/// Reads a broker URL.
///
/// # Errors
/// When the scheme is missing or unknown, or host, port or credentials cannot be read. No password is ever repeated in
/// an error.
pub fn parse(text: &str) -> Result<Address, Error> {
    let text = text.trim();
    let is_name = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    let Some((name, rest)) = text.split_once("://").filter(|(name, _)| !name.is_empty() && is_name(name)) else {
        return Err(missing_scheme(text));
    };
    let scheme = scheme(name)?;
    // One scheme for all: the rules of `ws` in the URL standard differ from those of schemes it does not know.
    let url = Url::parse(&format!("mqtt://{rest}")).map_err(|error| invalid(text, rest, error))?;
    let host = match url.host_str() {
        None | Some("") => None,
        Some(host) => Some(match Host::parse(host).map_err(|error| invalid(text, rest, error))? {
            Host::Domain(name) => name,
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        }),
    };
    if let (Scheme::Unix, Some(host)) = (scheme, &host) {
        return Err(Error::new(format!(
            "`{}` is not the URL of a unix socket: its path must start with `/`",
            shown(text)
        ))
        .with_help(format!("write `mqtt+unix:///{host}{}`", url.path())));
    }
    Ok(Address {
        scheme,
        host,
        port: url.port().filter(|port| *port != 0),
        path: path(scheme, &url)?,
        username: decoded("user name", Some(url.username()).filter(|name| !name.is_empty()))?,
        password: decoded("password", url.password())?,
        client_id: url.query_pairs().find(|(key, _)| key == "clientId").map(|(_, value)| value.into_owned()),
    })
}

/// Reads a scheme by its name, as in option `protocol`; upper case and a `:` at the end are allowed.
///
/// # Errors
/// When there is no such scheme; the error names the nearest one.
pub fn scheme(name: &str) -> Result<Scheme, Error> {
    let name = name.trim();
    let name = name.strip_suffix(':').unwrap_or(name).to_ascii_lowercase();
    if let Some((_, scheme)) = SCHEMES.iter().find(|(known, _)| *known == name) {
        return Ok(*scheme);
    }
    let suggestion = nearest(&name).map(|known| format!(", did you mean `{known}`?")).unwrap_or_default();
    Err(Error::new(format!("unknown protocol `{}`{suggestion}", shown_unread(&name)))
        .with_help(format!("use one of the {SCHEMES_HELP}, or tcp, ssl, tls")))
}

fn nearest(name: &str) -> Option<&'static str> {
    if let Some((_, known)) = ALIENS.iter().find(|(alien, _)| *alien == name) {
        return Some(known);
    }
    SCHEMES
        .iter()
        .map(|(known, _)| (strsim::damerau_levenshtein(name, known), *known))
        .filter(|(distance, known)| *distance <= known.len().div_ceil(3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

/// Only WebSocket and unix socket URLs have a path of meaning; elsewhere it is dropped as MQTT.js does.
fn path(scheme: Scheme, url: &Url) -> Result<Option<String>, Error> {
    match scheme {
        Scheme::Mqtt | Scheme::Mqtts => Ok(None),
        Scheme::Unix => decoded("socket path", Some(url.path()).filter(|path| !path.is_empty())),
        Scheme::Ws | Scheme::Wss => Ok(match (url.path(), url.query()) {
            ("", None) => None,
            ("", Some(query)) => Some(format!("/?{query}")),
            (path, None) => Some(path.to_owned()),
            (path, Some(query)) => Some(format!("{path}?{query}")),
        }),
    }
}

fn decoded(what: &str, text: Option<&str>) -> Result<Option<String>, Error> {
    let Some(text) = text else { return Ok(None) };
    let Ok(decoded) = percent_decode_str(text).decode_utf8() else {
        return Err(Error::new(format!("the {what} in the broker URL is not UTF-8"))
            .with_help("percent-encode its UTF-8 bytes: `ü` is `%C3%BC`"));
    };
    Ok(Some(decoded.into_owned()))
}

fn missing_scheme(text: &str) -> Error {
    let error = Error::new("Missing protocol");
    if text.is_empty() {
        return error
            .with_cause("the broker URL is empty")
            .with_help(format!("write `mqtt://localhost:1883` ({SCHEMES_HELP})"));
    }
    // `mqtt:host`, `mqtt:/host`, `mqtt//host`: the scheme is there; but `mqtt:1883` is a host named `mqtt`.
    let is_port = |rest: &str| rest.strip_prefix(':').is_some_and(|port| port.bytes().all(|b| b.is_ascii_digit()));
    let (scheme, rest) = SCHEMES
        .iter()
        .filter_map(|(known, _)| {
            let (head, rest) = text.split_at_checked(known.len())?;
            let found = head.eq_ignore_ascii_case(known) && rest.starts_with([':', '/']) && !is_port(rest);
            found.then_some((*known, rest))
        })
        .max_by_key(|(known, _)| known.len())
        .unwrap_or((if text.ends_with(":8883") { "mqtts" } else { "mqtt" }, text));
    // A `:` that nothing is in front of begins a password: `://:password@host`.
    let after = rest.strip_prefix(':').filter(|after| rest.len() < text.len() || after.starts_with('/'));
    let rest = after.unwrap_or(rest).trim_start_matches('/');
    let start = &text[..text.len() - rest.len()];
    let (text, wanted) = (format!("{start}{}", shown_unread(rest)), format!("{scheme}://{}", shown_unread(rest)));
    error
        .with_cause(format!("`{text}` is not a broker URL: the scheme is missing, did you mean `{wanted}`?"))
        .with_help(format!("write `{wanted}` ({SCHEMES_HELP})"))
}

fn invalid(text: &str, rest: &str, error: ParseError) -> Error {
    let (shown, port) = (shown(text), port_text(rest));
    if cuts_password(rest) {
        let (sign, code) = match rest[authority(rest).len()..].chars().next() {
            Some('?') => ('?', "%3F"),
            Some('#') => ('#', "%23"),
            _ => ('/', "%2F"),
        };
        return Error::new(format!("the password in the broker URL has a `{sign}`, at which a URL takes it to end"))
            .with_help(format!("write `{code}` in place of `{sign}`, or give the option `password`"));
    }
    match error {
        ParseError::InvalidPort => Error::new(format!("invalid port `{port}`"))
            .with_cause(format!("`{shown}` is not a broker URL: the port `{port}` is not a number from 1 to 65535")),
        ParseError::EmptyHost => Error::new(format!("`{shown}` is not a broker URL: the host is missing"))
            .with_help("write `mqtt://localhost:1883`"),
        error => Error::new(format!("`{shown}` is not a broker URL: {error}")),
    }
}

/// The authority of a URL ends where path, query or fragment starts.
fn authority(rest: &str) -> &str {
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

/// Whether the authority ends within a password, because that has a `/`, `?` or `#`: where the port should be stands
/// something else, and there is an `@` further on.
fn cuts_password(rest: &str) -> bool {
    let (authority, port) = (authority(rest), port_text(rest));
    !authority.contains('@') && rest.contains('@') && !port.is_empty() && port.parse::<u16>().is_err()
}

/// What stands where the port should be.
fn port_text(rest: &str) -> &str {
    let authority = authority(rest);
    let host_port = authority.rsplit_once('@').map_or(authority, |(_, host_port)| host_port);
    let after_brackets = host_port.rsplit_once(']').map_or(host_port, |(_, port)| port);
    after_brackets.rsplit_once(':').map_or("", |(_, port)| port)
}

/// The URL as it may be shown: without its password.
fn shown(text: &str) -> Cow<'_, str> {
    let start = text.find("//").map_or(0, |at| at + 2);
    let rest = &text[start..];
    covered(text, start, if cuts_password(rest) { rest } else { authority(rest) })
}

/// What cannot be read as a URL may hold a password anywhere before its last `@`.
fn shown_unread(text: &str) -> Cow<'_, str> {
    covered(text, 0, text)
}

/// `text` without the password in its `authority`, which begins at `start`.
fn covered<'a>(text: &'a str, start: usize, authority: &str) -> Cow<'a, str> {
    let Some((credentials, _)) = authority.rsplit_once('@') else { return Cow::Borrowed(text) };
    let Some((username, _)) = credentials.split_once(':') else { return Cow::Borrowed(text) };
    Cow::Owned(format!("{}{username}:***{}", &text[..start], &text[start + credentials.len()..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn tcp(host: &str, port: Option<u16>) -> Address {
        Address { host: Some(host.into()), port, ..Address::default() }
    }

    #[test]
    fn schemes() {
        for (text, scheme) in [
            ("mqtt://h", Scheme::Mqtt),
            ("tcp://h", Scheme::Mqtt),
            ("mqtts://h", Scheme::Mqtts),
            ("ssl://h", Scheme::Mqtts),
            ("tls://h", Scheme::Mqtts),
            ("ws://h", Scheme::Ws),
            ("wss://h", Scheme::Wss),
        ] {
            assert_eq!(address(text), Address { scheme, ..tcp("h", None) }, "{text}");
        }
    }

    #[test]
    fn scheme_names_of_the_option_protocol() {
        for (name, wanted) in SCHEMES {
            assert_eq!(scheme(name), Ok(wanted));
            assert_eq!(scheme(&format!("{name}:")), Ok(wanted));
        }
        assert_eq!(scheme("MQTTS"), Ok(Scheme::Mqtts));
        assert_eq!(scheme("wsss").unwrap_err().message, "unknown protocol `wsss`, did you mean `wss`?");
        assert!(scheme("").is_err());
    }

    #[test]
    fn case_blanks_fragment_and_path() {
        assert_eq!(address("  MQTT://Broker.LAB:1#frag "), tcp("broker.lab", Some(1)));
        assert_eq!(address("mqtt://h:1883/some/path?x=1"), tcp("h", Some(1883)));
        assert_eq!(address("mqtt://bücher.example"), tcp("xn--bcher-kva.example", None));
        assert_eq!(address("mqtt://my_broker:80"), tcp("my_broker", Some(80)));
    }

    #[test]
    fn addresses() {
        assert_eq!(address("mqtt://1.2.3.4:1883"), tcp("1.2.3.4", Some(1883)));
        assert_eq!(address("mqtt://[::1]:1883"), tcp("::1", Some(1883)));
        assert_eq!(address("mqtt://u:p@[fe80::1]").host.as_deref(), Some("fe80::1"));
        assert_eq!(address("mqtt://").host, None);
    }

    #[test]
    fn websocket_paths_keep_their_query() {
        for (text, path) in [
            ("ws://h", None),
            ("ws://h/", Some("/")),
            ("ws://h/mqtt", Some("/mqtt")),
            ("wss://h/path?x", Some("/path?x")),
            ("ws://h?x=1#f", Some("/?x=1")),
            ("ws://h/a%20b", Some("/a%20b")),
        ] {
            assert_eq!(address(text).path.as_deref(), path, "{text}");
        }
        assert_eq!(address("ws://h:80").port, Some(80));
    }

    #[test]
    fn unix_sockets() {
        let socket = |path: &str| Address { scheme: Scheme::Unix, path: Some(path.into()), ..Address::default() };
        assert_eq!(address("mqtt+unix:///run/mosquitto.sock"), socket("/run/mosquitto.sock"));
        assert_eq!(address("mqtt+unix:///run/my%20broker.sock"), socket("/run/my broker.sock"));
        let error = parse("mqtt+unix://run/a.sock").unwrap_err();
        assert_eq!(error.help.as_deref(), Some("write `mqtt+unix:///run/a.sock`"));
    }

    #[test]
    fn credentials_split_at_the_first_colon_before_decoding() {
        for (text, username, password) in [
            ("mqtt://u:p@h", Some("u"), Some("p")),
            ("mqtt://u@h", Some("u"), None),
            ("mqtt://u:@h", Some("u"), None),
            ("mqtt://:p@h", None, Some("p")),
            ("mqtt://u:a:b@h", Some("u"), Some("a:b")),
            ("mqtt://u:a%3Ab@h", Some("u"), Some("a:b")),
            ("mqtt://u%3Av:p%40ss@h", Some("u:v"), Some("p@ss")),
            ("mqtt://u:p@ss@h", Some("u"), Some("p@ss")),
            ("mqtt://%C3%BC:100%@h", Some("ü"), Some("100%")),
        ] {
            let address = address(text);
            assert_eq!((address.username.as_deref(), address.password.as_deref()), (username, password), "{text}");
            assert_eq!(address.host.as_deref(), Some("h"));
        }
        assert_eq!(parse("mqtt://u:%FF@h").unwrap_err().message, "the password in the broker URL is not UTF-8");
    }

    #[test]
    fn a_password_that_cuts_the_url_short_is_not_shown() {
        for (text, sign, code) in [
            ("mqtt://u:se/cret@h", '/', "%2F"),
            ("mqtt://u:se#cret@h:1883/path", '#', "%23"),
            ("wss://u:se?cret@h/path?x=1", '?', "%3F"),
        ] {
            let error = parse(text).unwrap_err();
            let wanted = format!("the password in the broker URL has a `{sign}`, at which a URL takes it to end");
            assert_eq!((error.message, error.cause), (wanted, None), "{text}");
            assert_eq!(error.help, Some(format!("write `{code}` in place of `{sign}`, or give the option `password`")));
        }
        for text in ["u:se/cret@h", "mqtt:/u:se#cret@h", "mqtt:/u:cret@h", "u:cret@h", "//u:se?cret@h"] {
            let error = parse(text).unwrap_err();
            assert!(!format!("{error:?}").contains("cret"), "{text}: {error:?}");
        }
        assert_eq!(shown("ws://h:80/a@b"), "ws://h:80/a@b");
        assert_eq!(shown("ws://[::1]/a@b"), "ws://[::1]/a@b");
    }

    #[test]
    fn client_id_in_the_query() {
        assert_eq!(address("mqtt://h?clientId=abc").client_id.as_deref(), Some("abc"));
        assert_eq!(address("ws://h/p?x=1&clientId=a%20b").client_id.as_deref(), Some("a b"));
        assert_eq!(address("mqtt://h?clientid=abc").client_id, None);
    }

    #[test]
    fn unknown_schemes_get_a_suggestion() {
        for (text, message) in [
            ("wsss://h", "unknown protocol `wsss`, did you mean `wss`?"),
            ("mqtss://h", "unknown protocol `mqtss`, did you mean `mqtts`?"),
            ("mqttss://h", "unknown protocol `mqttss`, did you mean `mqtts`?"),
            ("MQQT://h", "unknown protocol `mqqt`, did you mean `mqtt`?"),
            ("tsl://h", "unknown protocol `tsl`, did you mean `tls`?"),
            ("http://h", "unknown protocol `http`, did you mean `ws`?"),
            ("https://h", "unknown protocol `https`, did you mean `wss`?"),
            ("unix:///s", "unknown protocol `unix`, did you mean `mqtt+unix`?"),
            ("gopher://h", "unknown protocol `gopher`"),
        ] {
            let error = parse(text).unwrap_err();
            assert_eq!(error.message, message, "{text}");
            assert!(error.help.is_some());
        }
    }

    #[test]
    fn a_missing_scheme_names_the_url_to_write() {
        for (text, wanted) in [
            ("localhost:1883", "mqtt://localhost:1883"),
            ("localhost:8883", "mqtts://localhost:8883"),
            ("1.2.3.4:1883", "mqtt://1.2.3.4:1883"),
            ("broker", "mqtt://broker"),
            ("//h", "mqtt://h"),
            ("mqtt//h", "mqtt://h"),
            ("mqtts:h:8883", "mqtts://h:8883"),
            ("mqtt:/h", "mqtt://h"),
            ("wss-host", "mqtt://wss-host"),
            ("mqtt:1883", "mqtt://mqtt:1883"),
            ("://h", "mqtt://h"),
        ] {
            let error = parse(text).unwrap_err();
            assert_eq!(error.message, "Missing protocol", "{text}");
            assert_eq!(
                error.cause,
                Some(format!("`{text}` is not a broker URL: the scheme is missing, did you mean `{wanted}`?"))
            );
            assert_eq!(error.help, Some(format!("write `{wanted}` (schemes: mqtt, mqtts, ws, wss, mqtt+unix)")));
        }
        assert_eq!(parse(" ").unwrap_err().cause.as_deref(), Some("the broker URL is empty"));
    }

    #[test]
    fn a_missing_scheme_gives_no_password_away() {
        for text in ["://:secret-pw@h", ":secret-pw@h", "//:secret-pw@h", "mqtt::secret-pw@h", "u:secret-pw@h"] {
            let error = parse(text).unwrap_err();
            let said = format!("{} {:?} {:?}", error.message, error.cause, error.help);
            assert!(said.contains(":***@h") && !said.contains("secret-pw"), "{said}");
        }
    }

    #[test]
    fn bad_ports_and_hosts() {
        for (text, port) in [("mqtt://h:abc", "abc"), ("mqtt://u:p@[::1]:70000/x", "70000"), ("ws://h:-1", "-1")] {
            assert_eq!(parse(text).unwrap_err().message, format!("invalid port `{port}`"), "{text}");
        }
        assert_eq!(address("mqtt://h:0").port, None);
        assert_eq!(
            parse("mqtt://:1883").unwrap_err().message,
            "`mqtt://:1883` is not a broker URL: the host is missing"
        );
        assert!(parse("mqtt://[::1").is_err());
        assert!(parse("mqtt://a b").is_err());
    }

    #[test]
    fn errors_never_show_a_password() {
        for text in [
            "mqtt://u:secret@h:abc",
            "u:secret@h",
            "mqtt//u:secret@h",
            "mqtt://u:secret@a b",
            "mqtt:u:secret@h",
            "u:secret@h//a",
            "mqtt:u//@h:secret@a",
            "mqtt:u//u:p@secret@a",
        ] {
            let error = parse(text).unwrap_err();
            assert!(!format!("{error:?}").contains("secret"), "{error:?}");
        }
    }
}
