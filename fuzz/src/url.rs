//! Broker URLs.

use mqttscript::mqtt::options::Endpoint;
use mqttscript::mqtt::url;

/// The bytes are a URL.
pub fn url(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let _ = url::scheme(&text);
    match url::parse(&text) {
        Ok(address) => {
            assert_ne!(address.port, Some(0), "port 0 counts as not given");
            assert_ne!(address.host.as_deref(), Some(""), "an empty host counts as not given");
            let endpoint = Endpoint {
                scheme: address.scheme,
                host: address.host.clone().unwrap_or_else(|| "localhost".into()),
                port: address.port.unwrap_or(address.scheme.default_port()),
                path: address.path.clone().unwrap_or_else(|| "/".into()),
            };
            if !address.scheme.is_websocket() {
                return;
            }
            let again = url::parse(&url::of(&endpoint)).expect("what was read can be written and read again");
            assert_eq!((again.scheme, &again.host), (address.scheme, &Some(endpoint.host)));
            assert_eq!(again.port.unwrap_or(again.scheme.default_port()), endpoint.port);
            assert_eq!((again.username, again.password), (None, None));
        }
        Err(error) => {
            let said = format!("{} {}", error.message, error.help.unwrap_or_default());
            if let Some(password) = password(&text) {
                assert!(!said.contains(password), "`{text}` gives the password away: {said}");
            }
        }
    }
}

/// What stands between `user:` and the last `@` of the authority, where it is long enough to be nothing else.
fn password(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("://")?;
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let (credentials, _) = authority.rsplit_once('@')?;
    let (_, password) = credentials.split_once(':')?;
    // What also stands elsewhere may be repeated from there.
    let is_once = text.matches(password).count() == 1;
    (password.len() >= 8 && is_once && !"unknown protocol schemes mqtts mqtt+unix".contains(password))
        .then_some(password)
}
