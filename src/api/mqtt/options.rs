//! Connect options: a script's URL and map become [`Options`] here, in one step.
//!
//! The only I/O is reading the certificate files that an option names.

mod foreign;
mod proxy;
pub mod tls;
mod websocket;

use std::time::Duration;

use bytes::Bytes;
use rhai::{Dynamic, FnPtr, ImmutableString, Map};

use crate::api::entries;
use crate::api::fs::Access;
use crate::api::mqtt::client::auth_of;
use crate::api::mqtt::ids::Provider;
use crate::api::mqtt::properties::{self, Of};
use crate::api::mqtt::reader::{OptionError, Reader, wrong};
use crate::api::mqtt::store::{self, Asked};
use crate::mqtt::error::Error;
use crate::mqtt::ids::PacketIds;
use crate::mqtt::options::{AutoAlias, Endpoint, Options, ReconnectPolicy, Scheme, TlsOptions};
use crate::mqtt::packet::{QoS, Version, Will};
use crate::mqtt::queue::{QueueLimit, QueuePolicy};
use crate::mqtt::topic::{self, NameError};
use crate::mqtt::url::{self, Address};

/// What `mqtt.connect` was asked for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Typed.
    pub options: Options,
    /// Do not connect by itself.
    pub manual: bool,
    /// Some values are closures, to be asked at each attempt.
    pub has_closures: bool,
    /// What was given and has no effect below MQTT 5: a sentence each.
    pub without_effect: Vec<&'static str>,
    /// Where packet identifiers come from, if the program says so.
    pub ids: Option<PacketIds>,
    /// Who is told of each step.
    pub log: Option<FnPtr>,
    /// Gives the WebSocket URL of each attempt.
    pub transform_ws_url: Option<FnPtr>,
    /// The stores, not opened yet.
    pub stores: Asked,
    /// The client identifier was given, so that it is the same in the next run.
    pub has_client_id: bool,
}

/// Reads a URL and an option map. `evaluate` asks a closure for its value; without it closures are left for later.
///
/// # Errors
/// Everything that could not work, before anything is dialled.
pub fn read(
    url: Option<&str>,
    map: &Map,
    access: &Access,
    evaluate: &dyn Fn(&FnPtr) -> Option<Dynamic>,
) -> Result<Wanted, OptionError> {
    let asked = ask_closures(map, evaluate);
    let reader = Reader::new(&asked.map, "`mqtt.connect`");
    foreign::refuse(&asked.map, "`mqtt.connect`")?;
    let known = [entries::options::ENTRIES, entries::transport_options::ENTRIES, entries::client_options::ENTRIES];
    reader.only(known.into_iter().flatten())?;
    foreign::check_ineffective(&reader)?;
    let version = version(&reader)?;
    let address = url.map(url::parse).transpose().map_err(from_url)?;
    let tls = tls::tls(&reader, access)?;
    let websocket = websocket::read(&reader, access, &tls)?;
    let transform_ws_url = function(&reader, "transformWsUrl", "a closure `|url, options, client| ...`")?;
    let properties = properties::given(&reader, Of::Connect)?;
    let auth_packet = reader.map("authPacket")?;
    let auth_packet = auth_packet.map(|map| auth_of(&map.into(), "`authPacket`", 0)).transpose()?;
    if let Some(given) = properties.as_ref().filter(|_| version == Version::V5)
        && given.authentication_data.is_some()
        && given.authentication_method.is_none()
    {
        return Err(in_other_words(
            "Packet has no Authentication Method",
            "`authenticationData` is given without `authenticationMethod`",
            "add `authenticationMethod: \"...\"` to `properties`",
        ));
    }
    let names_method = properties.as_ref().is_some_and(|given| given.authentication_method.is_some());
    let will = reader.map("will")?.map(|map| will(&map)).transpose()?;
    let asks_for_acks = reader.function("customHandleAcks")?;
    let mut without_effect = Vec::new();
    if version != Version::V5 {
        if properties.is_some() || will.as_ref().is_some_and(|will| will.properties.is_some()) {
            without_effect.push("`properties` have no effect below MQTT 5");
        }
        if asks_for_acks {
            without_effect.push("`customHandleAcks` has no effect below MQTT 5");
        }
    }
    let defaults = Options::default();
    let clean = reader.flag("clean")?.unwrap_or(true);
    let from_url = |part: fn(&Address) -> Option<String>| address.as_ref().and_then(part);
    let client_id = reader.text("clientId")?.or(client_id_of_query(&reader)?);
    let client_id = client_id.or_else(|| from_url(|address| address.client_id.clone()));
    if !clean && client_id.is_none() {
        return Err(in_other_words(
            "Missing clientId for unclean clients",
            "`clean: false` needs a `clientId`",
            "add `clientId: \"...\"`, the name of the session to keep",
        ));
    }
    let has_client_id = client_id.is_some();
    let (user_of_auth, password_of_auth) = credentials(&reader)?;
    let username = reader.text("username")?.or(user_of_auth);
    let username = username.or_else(|| from_url(|address| address.username.clone()));
    let password = reader
        .bytes("password")?
        .or(password_of_auth.map(|text| Bytes::from(text.into_bytes())))
        .or_else(|| from_url(|address| address.password.clone()).map(|text| Bytes::from(text.into_bytes())));
    if password.is_some() && username.is_none() && version != Version::V5 {
        return Err(other("option `password` needs `username` below MQTT 5", "add `username: \"...\"`"));
    }
    let options = Options {
        endpoints: endpoints(&reader, address.as_ref(), &tls)?,
        version,
        client_id: client_id.unwrap_or_else(default_client_id),
        clean,
        keepalive: reader.number("keepalive")?.unwrap_or(defaults.keepalive),
        username,
        password,
        will: will.map(|will| Will { properties: will.properties.filter(|_| version == Version::V5), ..will }),
        properties: properties.filter(|_| version == Version::V5),
        // As in MQTT.js it goes with a method.
        auth_packet: auth_packet.filter(|_| version == Version::V5 && names_method),
        reconnect: reconnect(&reader)?.unwrap_or(defaults.reconnect),
        reconnect_on_connack_error: reader.flag("reconnectOnConnackError")?.unwrap_or(false),
        connect_timeout: reader.milliseconds("connectTimeout")?.unwrap_or(defaults.connect_timeout),
        end_timeout: reader.milliseconds("endTimeout")?.unwrap_or(defaults.end_timeout),
        resubscribe: reader.flag("resubscribe")?.unwrap_or(true),
        queue_qos_zero: reader.flag("queueQoSZero")?.unwrap_or(true),
        queue_limit: queue_limit(&reader)?,
        queue_policy: queue_policy(&reader)?,
        queue_timeout: reader.milliseconds("queueTimeout")?.unwrap_or(defaults.queue_timeout),
        auto_alias: auto_alias(&reader)?,
        // Before version 5 an acknowledgement says nothing but that the message came.
        custom_acks: asks_for_acks && version == Version::V5,
        reschedule_pings: reader.flag("reschedulePings")?.unwrap_or(true),
        subscribe_batch: reader.number_in::<i64>("subscribeBatchSize", 1, i64::MAX)?.map(|size| size as usize),
        tls,
        wss_tls: websocket.tls,
        ws_headers: websocket.headers,
        ws_limits: websocket.limits,
        proxy: proxy::proxy(&reader)?,
    };
    let manual = reader.flag("manualConnect")?.unwrap_or(false);
    Ok(Wanted {
        options,
        manual,
        has_closures: asked.any || transform_ws_url.is_some(),
        without_effect,
        ids: ids(&reader)?,
        log: function(&reader, "log", "a closure `|text| ...`")?,
        transform_ws_url,
        stores: store::read(&reader)?,
        has_client_id,
    })
}

fn queue_limit(reader: &Reader) -> Result<QueueLimit, OptionError> {
    let defaults = QueueLimit::default();
    let messages = reader.number_in("maxQueue", 1, QueueLimit::MOST_MESSAGES.into())?;
    let bytes: Option<i64> = reader.number_in("maxQueueBytes", 1, QueueLimit::MOST_BYTES as i64)?;
    Ok(QueueLimit {
        messages: messages.unwrap_or(defaults.messages),
        bytes: bytes.map_or(defaults.bytes, i64::unsigned_abs),
    })
}

fn queue_policy(reader: &Reader) -> Result<QueuePolicy, OptionError> {
    let Some(value) = reader.value("queuePolicy") else { return Ok(QueuePolicy::default()) };
    match value.read_lock::<ImmutableString>().as_deref().map(ImmutableString::as_str) {
        Some("error") => Ok(QueuePolicy::Error),
        Some("wait") => Ok(QueuePolicy::Wait),
        Some(text) => Err(other(
            &format!("option `queuePolicy` takes \"error\" or \"wait\" but got \"{text}\""),
            "with \"error\" a publish without room fails, with \"wait\" it waits for room",
        )),
        None => Err(wrong("queuePolicy", "\"error\" or \"wait\"", value)),
    }
}

fn auto_alias(reader: &Reader) -> Result<AutoAlias, OptionError> {
    // As in MQTT.js `autoAssignTopicAlias` includes the other.
    let known = reader.flag("autoUseTopicAlias")?.unwrap_or(false);
    Ok(match reader.flag("autoAssignTopicAlias")?.unwrap_or(false) {
        true => AutoAlias::Assign,
        false if known => AutoAlias::Use,
        false => AutoAlias::Never,
    })
}

struct AskedMap {
    map: Map,
    any: bool,
}

/// Replaces the closures of the options that may be closures by their values.
fn ask_closures(map: &Map, evaluate: &dyn Fn(&FnPtr) -> Option<Dynamic>) -> AskedMap {
    let mut asked = AskedMap { map: map.clone(), any: false };
    for name in ["username", "password", "clientId"] {
        let function = map.get(name).and_then(|value| value.read_lock::<FnPtr>().map(|function| function.clone()));
        if let Some(function) = function {
            asked.any = true;
            asked.map.insert(name.into(), evaluate(&function).unwrap_or(Dynamic::UNIT));
        }
    }
    asked
}

/// The number of a protocol version as scripts write it.
pub const fn version_number(version: Version) -> u8 {
    match version {
        Version::V31 => 3,
        Version::V311 => 4,
        Version::V5 => 5,
    }
}

fn version(reader: &Reader) -> Result<Version, OptionError> {
    let given = match reader.value("protocolVersion") {
        None => None,
        Some(value) => match value.as_int() {
            Ok(3) => Some(Version::V31),
            Ok(4) => Some(Version::V311),
            Ok(5) => Some(Version::V5),
            _ => return Err(wrong("protocolVersion", "3 (MQTT 3.1), 4 (MQTT 3.1.1) or 5 (MQTT 5)", value)),
        },
    };
    match (reader.text("protocolId")?.as_deref(), given) {
        (None, given) | (Some("MQTT"), given @ (None | Some(Version::V311 | Version::V5))) => {
            Ok(given.unwrap_or_default())
        }
        (Some("MQIsdp"), None | Some(Version::V31)) => Ok(Version::V31),
        (Some(id), _) => Err(other(
            &format!("option `protocolId` `{id}` does not go with `protocolVersion`"),
            "leave `protocolId` out, or write `protocolId: \"MQIsdp\", protocolVersion: 3`",
        )),
    }
}

/// A client id as MQTT.js makes one up.
pub fn default_client_id() -> String {
    format!("mqttjs_{:08x}", fastrand::u32(..))
}

fn endpoints(reader: &Reader, address: Option<&Address>, tls: &TlsOptions) -> Result<Vec<Endpoint>, OptionError> {
    let named = reader.text("protocol")?.map(|name| url::scheme(&name)).transpose().map_err(from_url)?;
    let unix = reader.flag("unixSocket")?.unwrap_or(false);
    let fallback = reader.text("defaultProtocol")?.map(|name| url::scheme(&name)).transpose().map_err(from_url)?;
    let given = named.or(address.map(|address| address.scheme)).or(fallback);
    let has_certificate = tls.cert.is_some() && tls.key.is_some();
    if has_certificate && given.is_none() {
        return Err(in_other_words(
            "Missing secure protocol key",
            "`cert` and `key` are given, but neither a URL nor a `protocol`",
            "add `protocol: \"mqtts\"`, or give a URL that starts with `mqtts://`",
        ));
    }
    let secure = |scheme| match scheme {
        // MQTT.js promotes a plain scheme when a client certificate is given.
        Scheme::Mqtt if has_certificate => Scheme::Mqtts,
        Scheme::Ws if has_certificate => Scheme::Wss,
        other => other,
    };
    let scheme = if unix { Scheme::Unix } else { secure(given.unwrap_or_default()) };
    let path = reader.text("path")?.or_else(|| address.and_then(|address| address.path.clone()));
    if scheme == Scheme::Unix && path.is_none() {
        let help = "write `#{unixSocket: true, path: \"/run/mqtt.sock\"}`, or the URL `mqtt+unix:///run/mqtt.sock`";
        return Err(other("a unix socket needs a `path`", help));
    }
    let path = path.unwrap_or_else(|| "/".into());
    if let Some(servers) = reader.array("servers")? {
        if servers.is_empty() {
            let help = "write `servers: [#{host: \"localhost\", port: 1883}]`, or leave it out";
            return Err(other("option `servers` is empty: there is nobody to connect to", help));
        }
        return servers.iter().map(|server| endpoint_of(server, scheme, &path, &secure)).collect();
    }
    let host = reader.text("hostname")?.or(reader.text("host")?);
    let host = host.or_else(|| address.and_then(|address| address.host.clone())).unwrap_or_else(|| "localhost".into());
    let port = reader.number("port")?.filter(|port| *port != 0).or_else(|| address.and_then(|address| address.port));
    Ok(vec![Endpoint { scheme, host, port: port.unwrap_or(scheme.default_port()), path }])
}

fn endpoint_of(
    server: &Dynamic,
    default: Scheme,
    path: &str,
    secure: &dyn Fn(Scheme) -> Scheme,
) -> Result<Endpoint, OptionError> {
    let Some(map) = server.read_lock::<Map>() else {
        return Err(wrong("servers", "an array of maps `#{host: \"...\", port: 1883}`", server));
    };
    let reader = Reader::new(&map, "an entry of `servers`");
    reader.only(entries::connect_maps::SERVERS)?;
    let named = reader.text("protocol")?.map(|name| url::scheme(&name)).transpose().map_err(from_url)?;
    let scheme = named.map_or(default, secure);
    Ok(Endpoint {
        scheme,
        host: reader.text("host")?.unwrap_or_else(|| "localhost".into()),
        port: reader.number("port")?.filter(|port| *port != 0).unwrap_or(scheme.default_port()),
        path: path.into(),
    })
}

fn will(map: &Map) -> Result<Will, OptionError> {
    let reader = Reader::new(map, "`will`");
    reader.only(entries::connect_maps::WILL)?;
    let topic = reader.text("topic")?.unwrap_or_default();
    topic::check_name(&topic).map_err(|error| match error {
        NameError::Empty => other("option `will` needs a `topic`", "write `will: #{topic: \"...\", payload: \"...\"}`"),
        error => other(&format!("option `will`: {error}"), &error.help()),
    })?;
    Ok(Will {
        topic,
        payload: reader.value("payload").map_or_else(Bytes::new, super::payload::bytes),
        qos: qos(&reader)?,
        retain: reader.flag("retain")?.unwrap_or(false),
        properties: properties::given(&reader, Of::Will)?,
    })
}

/// Option `qos`; 0 if it is missing.
///
/// # Errors
/// Anything but 0, 1 or 2.
pub fn qos(reader: &Reader) -> Result<QoS, OptionError> {
    let Some(value) = reader.value("qos") else { return Ok(QoS::AtMostOnce) };
    qos_of(value).ok_or_else(|| wrong("qos", "0, 1 or 2", value))
}

/// A QoS as a number.
pub fn qos_of(value: &Dynamic) -> Option<QoS> {
    value.as_int().ok().and_then(|number| u8::try_from(number).ok()).and_then(QoS::from_number)
}

fn reconnect(reader: &Reader) -> Result<Option<ReconnectPolicy>, OptionError> {
    let Some(value) = reader.value("reconnectPeriod") else { return Ok(None) };
    let Some(map) = value.read_lock::<Map>() else {
        return Ok(reader.milliseconds("reconnectPeriod")?.map(ReconnectPolicy::fixed));
    };
    let policy = Reader::new(&map, "`reconnectPeriod`");
    policy.only(entries::connect_maps::RECONNECT_PERIOD)?;
    let min = policy.milliseconds("min")?.unwrap_or(Duration::from_millis(1000));
    let max = policy.milliseconds("max")?.unwrap_or(min.max(Duration::from_secs(30)));
    if max < min {
        return Err(other(
            "option `reconnectPeriod`: `max` is less than `min`",
            "write for example `#{min: 500, max: 30000}`",
        ));
    }
    Ok(Some(ReconnectPolicy {
        min,
        max,
        factor: policy.float_in("factor", 1.0, 1000.0)?.unwrap_or(2.0),
        jitter: policy.float_in("jitter", 0.0, 1.0)?.unwrap_or(0.2),
        attempts: policy.number("attempts")?.unwrap_or(0),
    }))
}

fn function(reader: &Reader, name: &str, wanted: &str) -> Result<Option<FnPtr>, OptionError> {
    let Some(value) = reader.value(name) else { return Ok(None) };
    value.read_lock::<FnPtr>().map(|function| Some(function.clone())).ok_or_else(|| wrong(name, wanted, value))
}

fn ids(reader: &Reader) -> Result<Option<PacketIds>, OptionError> {
    let Some(value) = reader.value("messageIdProvider") else { return Ok(None) };
    let wanted = "`mqtt.DefaultMessageIdProvider()` or `mqtt.UniqueMessageIdProvider()`";
    value
        .read_lock::<Provider>()
        .map(|provider| Some(provider.ids().clone()))
        .ok_or_else(|| wrong("messageIdProvider", wanted, value))
}

/// `query: #{clientId: "..."}`; anything else in it is for whoever reads the URL.
fn client_id_of_query(reader: &Reader) -> Result<Option<String>, OptionError> {
    let Some(query) = reader.map("query")? else { return Ok(None) };
    Reader::new(&query, "`query`").text("clientId")
}

/// `auth: "user:password"`, split at the first colon.
fn credentials(reader: &Reader) -> Result<(Option<String>, Option<String>), OptionError> {
    Ok(match reader.text("auth")?.filter(|auth| !auth.is_empty()) {
        None => (None, None),
        Some(auth) => match auth.split_once(':') {
            Some((user, password)) => (Some(user.into()), Some(password.into())),
            None => (Some(auth), None),
        },
    })
}

/// The endpoint of a URL that `transformWsUrl` returned; credentials in it go into the request.
///
/// # Errors
/// It is not the URL of a WebSocket.
pub fn websocket_endpoint(text: &str, headers: &mut Vec<(String, String)>) -> Result<Endpoint, OptionError> {
    let address = url::parse(text).map_err(from_url)?;
    let scheme = address.scheme;
    if !scheme.is_websocket() {
        return Err(other(
            "`transformWsUrl` must return a URL that starts with `ws://` or `wss://`",
            "write `transformWsUrl: |url| url + \"?token=...\"`",
        ));
    }
    if let Some(user) = &address.username {
        let password = address.password.as_deref().unwrap_or_default();
        headers.push(websocket::basic_authorization(&format!("{user}:{password}")));
    }
    let host = address.host.unwrap_or_else(|| "localhost".into());
    let port = address.port.unwrap_or(scheme.default_port());
    Ok(Endpoint { scheme, host, port, path: address.path.unwrap_or_else(|| "/".into()) })
}

fn from_url(error: Error) -> OptionError {
    OptionError::Other { message: error.message, headline: error.cause, help: error.help.unwrap_or_default() }
}

/// An error for which MQTT.js has a text, and we have another.
fn in_other_words(message: &str, headline: &str, help: &str) -> OptionError {
    OptionError::Other { message: message.into(), headline: Some(headline.into()), help: help.into() }
}

/// An error of our own.
pub fn other(message: &str, help: &str) -> OptionError {
    OptionError::Other { message: message.into(), headline: None, help: help.into() }
}
