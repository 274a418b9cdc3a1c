//! Maps of connect options.

use std::sync::Arc;

use mqttscript::api::entries::{client_options, connect_maps, options, properties, transport_options};
use mqttscript::api::fs::Access;
use mqttscript::api::mqtt::options::read;
use mqttscript::api::permissions::{Grant, Permissions};
use mqttscript::api::table::Entry;
use mqttscript::mqtt::codec;
use mqttscript::mqtt::packet::{Connect, Packet};
use rhai::{Array, Dynamic, FnPtr, Map};

use super::input::Input;

/// How deep values are nested.
const DEEPEST: usize = 4;
/// What must not be repeated in an error.
const SECRET: &str = "hunter2-hunter2";

const NAMES: [&[Entry]; 8] = [
    options::ENTRIES,
    transport_options::ENTRIES,
    transport_options::WS_OPTIONS,
    client_options::ENTRIES,
    connect_maps::WILL,
    connect_maps::RECONNECT_PERIOD,
    connect_maps::SERVERS,
    properties::ENTRIES,
];

/// Texts that options ask for.
const TEXTS: [&str; 13] = [
    "",
    "a",
    "mqtts",
    "ws",
    "mqtt+unix",
    "MQTT",
    "MQIsdp",
    "TLSv1.2",
    "TLSv1.3",
    "ECDHE-RSA-AES128-GCM-SHA256:TLS_AES_128_GCM_SHA256",
    "socks4a://[::1]:1080",
    "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----",
    "/nowhere/at/all",
];

/// URLs, which are to hide their passwords.
const URLS: [&str; 4] = [
    "socks5://user:hunter2-hunter2@127.0.0.1:1080",
    "mqtt://user:hunter2-hunter2@127.0.0.1:1883/?clientId=c",
    "wss://u:hunter2-hunter2@[::1]:0/path?clientId=%00",
    "mqtt://user:hunter2-hunter2@bad host:99999",
];
const KEY: &str = "-----BEGIN PRIVATE KEY-----\nhunter2-hunter2\n-----END PRIVATE KEY-----";

/// A URL and a map of options. No file may be read.
pub fn options(bytes: &[u8]) {
    if bytes.windows(SECRET.len()).any(|part| part == SECRET.as_bytes()) {
        // Spelled out it may stand anywhere, in the name of a host too.
        return;
    }
    let mut input = Input::new(bytes);
    let url = input.sometimes(|input| if input.flag() { input.one_of(&URLS).to_owned() } else { text(input) });
    let map = map(&mut input, 0);
    let permissions =
        Permissions { read: Grant::NOTHING, write: Grant::NOTHING, env: Grant::NOTHING, ..Permissions::all() };
    let access = Access::new(Arc::new(permissions));
    match read(url.as_deref(), &map, &access, &|_| None) {
        Ok(wanted) => {
            let options = wanted.options;
            assert!(!options.endpoints.is_empty());
            let connect = Connect {
                version: options.version,
                client_id: options.client_id,
                clean: options.clean,
                keepalive: options.keepalive,
                username: options.username,
                password: options.password,
                will: options.will,
                properties: options.properties,
            };
            let version = connect.version;
            // It may be too long for the wire; then it says so.
            let _ = codec::encode(&Packet::Connect(Box::new(connect)), version, &mut Default::default());
        }
        Err(error) => {
            let error = error.to_error();
            let said = [error.message().to_string(), error.text_for_report(), error.help().unwrap_or_default()];
            assert!(!said[0].is_empty());
            assert!(!said.iter().any(|text| text.contains(SECRET)), "a secret was given away: {said:?}");
        }
    }
}

fn map(input: &mut Input, depth: usize) -> Map {
    let mut map = Map::new();
    for _ in 0..input.below(8) {
        let entries = input.one_of(&NAMES);
        let name = input.one_of(entries).name;
        let name = if input.byte() == 255 { input.text(20) } else { name.to_owned() };
        let value = value(input, &name, depth + 1);
        map.insert(name.into(), value);
    }
    map
}

fn value(input: &mut Input, name: &str, depth: usize) -> Dynamic {
    if matches!(name, "password" | "passphrase" | "authenticationData") && input.flag() {
        return SECRET.into();
    }
    if matches!(name, "socksProxy" | "protocol" | "defaultProtocol") && input.flag() {
        return input.one_of(&URLS).into();
    }
    if matches!(name, "key" | "cert" | "ca" | "pfx") && input.flag() {
        return KEY.into();
    }
    match input.below(12) {
        0 => Dynamic::UNIT,
        1 => input.flag().into(),
        2 => i64::from(input.byte()).into(),
        3 => (i64::from(input.u32()) << (8 * input.below(5))).wrapping_neg().into(),
        4 => f64::from_bits(u64::from(input.u32()) << 32 | u64::from(input.byte())).into(),
        5 => (f64::from(input.u16()) / 4.0).into(),
        6 => text(input).into(),
        7 => Dynamic::from_blob(input.bytes(40).to_vec()),
        8 if depth < DEEPEST => map(input, depth).into(),
        9 if depth < DEEPEST => {
            let items: Array = (0..input.below(4)).map(|_| value(input, name, depth + 1)).collect();
            items.into()
        }
        10 => FnPtr::new("f").map_or(Dynamic::UNIT, Dynamic::from),
        // What most of these take, so that reading goes on behind them.
        _ if depth < DEEPEST && matches!(name, "will" | "properties" | "reconnectPeriod" | "wsOptions") => {
            map(input, depth).into()
        }
        _ => text(input).into(),
    }
}

fn text(input: &mut Input) -> String {
    if input.byte() > 127 { input.text(60) } else { input.one_of(&TEXTS).to_owned() }
}
