//! Options that MQTT.js, Node or a browser has and this program has not: each refused with what to write instead.

use rhai::{Dynamic, Map};

use crate::api::mqtt::reader::{OptionError, Reader, wrong};

use super::other;

/// Options that MQTT.js declares and never looks at, and those that work.
const MISNAMED: [(&str, &str); 3] = [("keyPath", "key"), ("certPath", "cert"), ("caPaths", "ca")];

const ASK_NOBODY: &str = "a script cannot be asked in the middle of a TLS handshake";
const OPENSSL: &str = "it is a setting of OpenSSL, which is not used here";
const TLS_HELP: &str = "leave it out; `minVersion`, `maxVersion` and `ciphers` say what TLS may offer";
const SOCKET: &str = "sockets are opened by the client itself";

/// Name, why there is none, and what to do.
const REFUSED: &[(&str, &str, &str)] = &[
    (
        "createWebsocket",
        "a script cannot make a WebSocket of its own",
        "write headers and TLS settings into `wsOptions: #{headers: #{...}}`; `transformWsUrl: |url| ...` gives the URL of each attempt",
    ),
    ("checkServerIdentity", ASK_NOBODY, "write the name that the certificate holds: `servername: \"broker.example\"`"),
    ("agent", "there are no agents here", "a proxy is `socksProxy: \"socks5h://localhost:1080\"`"),
    ("createConnection", SOCKET, "`mqtt.Client(|client| net.connect(1883, \"localhost\"), options)` names the stream"),
    ("socket", SOCKET, "`mqtt.Client(|client| tls.connect(8883, \"localhost\"), options)` names the stream"),
    ("lookup", SOCKET, "write the address as `host` and the name as `servername`"),
    ("family", SOCKET, "write the address as `host` and the name as `servername`"),
    ("localAddress", SOCKET, "leave it out: the system chooses"),
    ("localPort", SOCKET, "leave it out: the system chooses"),
    ("secureContext", "TLS settings are given one by one", "write `ca`, `cert` and `key` themselves"),
    ("secureProtocol", OPENSSL, "write `minVersion: \"TLSv1.2\"` or `maxVersion: \"TLSv1.2\"`"),
    ("secureOptions", OPENSSL, TLS_HELP),
    ("ecdhCurve", OPENSSL, TLS_HELP),
    ("sigalgs", OPENSSL, TLS_HELP),
    ("dhparam", OPENSSL, TLS_HELP),
    ("minDHSize", OPENSSL, TLS_HELP),
    ("honorCipherOrder", OPENSSL, TLS_HELP),
    ("clientCertEngine", OPENSSL, "give `cert` and `key`, or `pfx`"),
    ("privateKeyEngine", OPENSSL, "give `cert` and `key`, or `pfx`"),
    ("privateKeyIdentifier", OPENSSL, "give `cert` and `key`, or `pfx`"),
    ("allowPartialTrustChain", OPENSSL, "give the certificate to trust as `ca`"),
    ("crl", "revocation lists are not looked at here", "leave it out"),
    ("requestOCSP", "OCSP is not looked at here", "leave it out"),
    ("session", "TLS sessions are resumed by themselves", "leave it out"),
    ("sessionTimeout", "TLS sessions are resumed by themselves", "leave it out"),
    ("pskCallback", ASK_NOBODY, "give `cert` and `key`, or `pfx`"),
    ("SNICallback", ASK_NOBODY, "write `servername: \"broker.example\"`"),
    ("requestCert", "it is for servers", "leave it out"),
    ("enableTrace", "TLS is traced on the command line", "start with `mqttscript -vv`"),
    ("generateMask", "frames are masked by the client itself", "leave it out"),
    ("finishRequest", "the request is sent by the client itself", "write headers as `headers: #{...}`"),
];

/// # Errors
/// An option that does nothing in MQTT.js or cannot be here.
pub fn refuse(map: &Map, what: &str) -> Result<(), OptionError> {
    for name in map.keys() {
        if let Some((_, right)) = MISNAMED.iter().find(|(wrong, _)| wrong == name) {
            return Err(OptionError::Unknown {
                what: what.into(),
                name: name.to_string(),
                help: Some(format!("did you mean `{right}`?")),
            });
        }
        if let Some((_, why, help)) = REFUSED.iter().find(|(refused, ..)| refused == name) {
            return Err(other(&format!("option `{name}` is not available: {why}"), help));
        }
    }
    Ok(())
}

/// Options of browsers and of MQTT.js's insides. They have no effect here; a wrong type is an error all the same.
///
/// # Errors
/// A wrong type.
pub fn check_ineffective(reader: &Reader) -> Result<(), OptionError> {
    for name in ["writeCache", "forceNativeWebSocket", "binary", "objectMode"] {
        reader.flag(name)?;
    }
    for name in ["browserBufferSize", "browserBufferTimeout"] {
        reader.milliseconds(name)?;
    }
    reader.text("encoding")?;
    let Some(variant) = reader.value("timerVariant") else { return Ok(()) };
    let known = |value: &Dynamic| {
        value.is_map()
            || value.clone().into_string().is_ok_and(|name| ["auto", "worker", "native"].contains(&name.as_str()))
    };
    if known(variant) {
        Ok(())
    } else {
        Err(wrong("timerVariant", "\"auto\", \"worker\", \"native\" or a map", variant))
    }
}
