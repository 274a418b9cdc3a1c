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
    key("origin", "text", "The header `Origin` of the WebSocket request.").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("ws://localhost", #{wsOptions: #{origin: "https://lab.example"}, manualConnect: true});
console.log(client.state); //=> offline
"#,
    ),
    key("auth", "`user:password`", "The header `Authorization: Basic ...` of the WebSocket request.").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("ws://localhost", #{wsOptions: #{auth: "user:secret"}, manualConnect: true});
console.log(client.state); //=> offline
"#,
    ),
    key("handshakeTimeout", "ms", "From dialling to the end of the WebSocket upgrade.").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("ws://localhost", #{wsOptions: #{handshakeTimeout: 5000}, manualConnect: true});
console.log(client.state); //=> offline
"#,
    ),
    key("maxPayload", "bytes; default 268435460", "The largest WebSocket message to accept; 0: the default.").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("ws://localhost", #{wsOptions: #{maxPayload: 65536}, manualConnect: true});
console.log(client.state); //=> offline
"#,
    ),
    key("ca", "as of `mqtt.connect`", "Trusted authorities for `wss`; wins over the option beside `wsOptions`.")
        .example(
            r#"let mqtt = require("mqtt");
try {
    mqtt.connect("wss://broker.example", #{wsOptions: #{ca: "none.pem"}});
} catch (error) {
    console.log(error.message); //=> option `ca`: ENOENT: no such file or directory, open 'none.pem'
}
"#,
        ),
    key("cert", "as of `mqtt.connect`", "Client certificate for `wss`.").example(
        r#"let mqtt = require("mqtt");
try {
    mqtt.connect("wss://broker.example", #{wsOptions: #{cert: "none.pem"}});
} catch (error) {
    console.log(error.message); //=> option `cert`: ENOENT: no such file or directory, open 'none.pem'
}
"#,
    ),
    key("key", "as of `mqtt.connect`", "Its private key.").example(
        r#"let mqtt = require("mqtt");
try {
    mqtt.connect("wss://broker.example", #{wsOptions: #{key: "none.pem"}});
} catch (error) {
    console.log(error.message); //=> option `key`: ENOENT: no such file or directory, open 'none.pem'
}
"#,
    ),
    key("pfx", "as of `mqtt.connect`", "Certificate and key for `wss`, PKCS#12.").example(
        r#"let mqtt = require("mqtt");
try {
    mqtt.connect("wss://broker.example", #{wsOptions: #{pfx: "none.p12"}});
} catch (error) {
    console.log(error.message); //=> option `pfx`: ENOENT: no such file or directory, open 'none.p12'
}
"#,
    ),
    key("passphrase", "text", "Passphrase of `key` or `pfx`.").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("ws://localhost", #{wsOptions: #{passphrase: "secret"}, manualConnect: true});
console.log(client.state); //=> offline
"#,
    ),
    key(
        "rejectUnauthorized",
        "true or false; default true",
        "Whether the certificate of a `wss` broker must be verified.",
    )
    .example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("ws://localhost", #{wsOptions: #{rejectUnauthorized: false}, manualConnect: true});
console.log(client.state); //=> offline
"#,
    ),
    key(
        "servername",
        "text; default the host",
        "The name to ask for and to find in the certificate of a `wss` broker.",
    )
    .example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("ws://localhost", #{wsOptions: #{servername: "broker.example"}, manualConnect: true});
console.log(client.state); //=> offline
"#,
    ),
    key("ALPNProtocols", "array of text", "Application protocols offered in the TLS handshake of `wss`.").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("ws://localhost", #{wsOptions: #{ALPNProtocols: ["http/1.1"]}, manualConnect: true});
console.log(client.state); //=> offline
"#,
    ),
    key("minVersion", "`TLSv1.2` or `TLSv1.3`", "The oldest TLS version to accept for `wss`.").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("ws://localhost", #{wsOptions: #{minVersion: "TLSv1.3"}, manualConnect: true});
console.log(client.state); //=> offline
"#,
    ),
    key("maxVersion", "`TLSv1.2` or `TLSv1.3`", "The newest TLS version to offer for `wss`.").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("ws://localhost", #{wsOptions: #{maxVersion: "TLSv1.2"}, manualConnect: true});
console.log(client.state); //=> offline
"#,
    ),
    key("ciphers", "OpenSSL's names, separated by colons", "The cipher suites to offer for `wss`.").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("ws://localhost", #{wsOptions: #{ciphers: "HIGH"}, manualConnect: true});
console.log(client.state); //=> offline
"#,
    ),
    key("perMessageDeflate", "true or false", "Accepted for MQTT.js; frames are never compressed here.").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("ws://localhost", #{wsOptions: #{perMessageDeflate: false}, manualConnect: true});
console.log(client.state); //=> offline
"#,
    ),
    key("followRedirects", "false", "Redirects are not followed.").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("ws://localhost", #{wsOptions: #{followRedirects: false}, manualConnect: true});
console.log(client.state); //=> offline
"#,
    ),
    key("maxRedirects", "false", "Redirects are not followed.").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("ws://localhost", #{wsOptions: #{maxRedirects: false}, manualConnect: true});
console.log(client.state); //=> offline
"#,
    ),
    key("protocolVersion", "13", "The WebSocket version; there is no other.").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("ws://localhost", #{wsOptions: #{protocolVersion: 13}, manualConnect: true});
console.log(client.state); //=> offline
"#,
    ),
    key("skipUTF8Validation", "true or false", "Accepted for MQTT.js; MQTT frames are binary.").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("ws://localhost", #{wsOptions: #{skipUTF8Validation: true}, manualConnect: true});
console.log(client.state); //=> offline
"#,
    ),
    key("allowSynchronousEvents", "true or false", "Accepted for MQTT.js; has no effect here.").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("ws://localhost", #{wsOptions: #{allowSynchronousEvents: true}, manualConnect: true});
console.log(client.state); //=> offline
"#,
    ),
    key("autoPong", "true or false", "Accepted for MQTT.js; WebSocket pings are always answered.").example(
        r#"let mqtt = require("mqtt");
let client = mqtt.connect("ws://localhost", #{wsOptions: #{autoPong: true}, manualConnect: true});
console.log(client.state); //=> offline
"#,
    ),
];

const fn key(name: &'static str, values: &'static str, doc: &'static str) -> Entry {
    Entry::key("wsOptions", name, values, doc)
}
