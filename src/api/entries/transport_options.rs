//! The options of `mqtt.connect` about the way to the broker: proxies, TLS versions, WebSocket requests.

use crate::api::table::Entry;

/// The options of `mqtt.connect`.
pub const ENTRIES: &[Entry] = &[
    Entry::option(
        "socksProxy",
        "URL: `socks5h://`, `socks5://`, `socks4a://` or `socks4://`, user and password allowed; default the environment variable `MQTTJS_SOCKS_PROXY`",
        "Goes through a SOCKS proxy, also for `ws` and `wss`. With `socks5h` and `socks4a` the proxy looks the broker's name up. An empty text: no proxy.",
    )
    .example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("mqtt://broker.example", #{
    socksProxy: "socks5h://user:secret@localhost:1080",
    manualConnect: true
});
console.log(client.state); //=> offline
"#,
    ),
    Entry::option("socksTimeout", "ms; default as long as `connectTimeout` lasts", "Longest negotiation with the SOCKS proxy.")
        .example(
            r#"let mqtt = require("mqtt");
let options = #{socksProxy: "socks5h://localhost:1080", socksTimeout: 5000, manualConnect: true};
let client = mqtt.connect("mqtt://broker.example", options);
console.log(client.options.socksTimeout); //=> 5000
"#,
        ),
    Entry::option(
        "transformWsUrl",
        "closure `(url, options, client)` that returns a URL",
        "Asked before each attempt for the WebSocket URL to dial, for URLs with a fresh signature or token.",
    )
    .example(
        r#"let mqtt = require("mqtt");
let attempts = 0;
let client = mqtt.connect("ws://broker.example/mqtt", #{
    transformWsUrl: |url| { attempts += 1; url + "?attempt=" + attempts },
    manualConnect: true
});
console.log(attempts); //=> 0
"#,
    ),
    Entry::option(
        "pfx",
        "Buffer or path",
        "Client certificate and private key in one PKCS#12 file; `passphrase` opens it.",
    )
    .example(
        r#"let mqtt = require("mqtt");
try {
    mqtt.connect("mqtts://broker.example", #{pfx: "client.p12", passphrase: "secret"});
} catch (error) {
    console.log(error.message); //=> option `pfx`: ENOENT: no such file or directory, open 'client.p12'
}
"#,
    ),
    Entry::option("minVersion", "`TLSv1.2` or `TLSv1.3`; default `TLSv1.2`", "The oldest TLS version to accept.").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("mqtts://broker.example", #{
    minVersion: "TLSv1.3",
    rejectUnauthorized: false,
    manualConnect: true
});
console.log(client.options.minVersion); //=> TLSv1.3
"#,
    ),
    Entry::option("maxVersion", "`TLSv1.2` or `TLSv1.3`; default `TLSv1.3`", "The newest TLS version to offer.").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("mqtts://broker.example", #{
    maxVersion: "TLSv1.2",
    rejectUnauthorized: false,
    manualConnect: true
});
console.log(client.options.maxVersion); //=> TLSv1.2
"#,
    ),
    Entry::option(
        "ciphers",
        "OpenSSL's names, separated by colons",
        "The cipher suites to offer, most wanted first. There are those of TLS 1.3 and the `ECDHE` ones with `GCM` or `CHACHA20`; `HIGH` and `DEFAULT` mean all of them.",
    )
    .example(
        r#"let mqtt = require("mqtt");
try {
    mqtt.connect("mqtts://broker.example", #{ciphers: "RC4-SHA"});
} catch (error) {
    console.log(error.message); //=> option `ciphers`: there is no cipher suite `RC4-SHA` here
}
"#,
    ),
    Entry::option(
        "defaultProtocol",
        "`mqtt`, `mqtts`, `ws`, `wss`, ...",
        "The protocol where neither a URL nor `protocol` names one, for entries of `servers` above all.",
    )
    .example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect(#{
    servers: [#{host: "one.example", port: 8080}, #{host: "two.example", protocol: "mqtt"}],
    defaultProtocol: "ws",
    manualConnect: true
});
console.log(client.options.servers.len()); //=> 2
"#,
    ),
];

/// Keys of `wsOptions` besides `headers`.
pub const WS_OPTIONS: &[Entry] = &[
    key("origin", "text", "The header `Origin` of the WebSocket request."),
    key("auth", "`user:password`", "The header `Authorization: Basic ...` of the WebSocket request."),
    key("handshakeTimeout", "ms", "From dialling to the end of the WebSocket upgrade."),
    key("maxPayload", "bytes; default 268435460", "The largest WebSocket message to accept; 0: the default."),
    key("ca", "as of `mqtt.connect`", "Trusted authorities for `wss`; wins over the option beside `wsOptions`."),
    key("cert", "as of `mqtt.connect`", "Client certificate for `wss`."),
    key("key", "as of `mqtt.connect`", "Its private key."),
    key("pfx", "as of `mqtt.connect`", "Certificate and key for `wss`, PKCS#12."),
    key("passphrase", "text", "Passphrase of `key` or `pfx`."),
    key(
        "rejectUnauthorized",
        "true or false; default true",
        "Whether the certificate of a `wss` broker must be verified.",
    ),
    key(
        "servername",
        "text; default the host",
        "The name to ask for and to find in the certificate of a `wss` broker.",
    ),
    key("ALPNProtocols", "array of text", "Application protocols offered in the TLS handshake of `wss`."),
    key("minVersion", "`TLSv1.2` or `TLSv1.3`", "The oldest TLS version to accept for `wss`."),
    key("maxVersion", "`TLSv1.2` or `TLSv1.3`", "The newest TLS version to offer for `wss`."),
    key("ciphers", "OpenSSL's names, separated by colons", "The cipher suites to offer for `wss`."),
    key("perMessageDeflate", "true or false", "Accepted for MQTT.js; frames are never compressed here."),
    key("followRedirects", "false", "Redirects are not followed."),
    key("maxRedirects", "false", "Redirects are not followed."),
    key("protocolVersion", "13", "The WebSocket version; there is no other."),
    key("skipUTF8Validation", "true or false", "Accepted for MQTT.js; MQTT frames are binary."),
    key("allowSynchronousEvents", "true or false", "Accepted for MQTT.js; has no effect here."),
    key("autoPong", "true or false", "Accepted for MQTT.js; WebSocket pings are always answered."),
];

const fn key(name: &'static str, values: &'static str, doc: &'static str) -> Entry {
    Entry::key("wsOptions", name, values, doc)
}
