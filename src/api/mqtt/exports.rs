//! What `require("mqtt")` holds besides the ways to connect: helpers, error classes, providers, versions.

use rhai::{Array, Dynamic, Engine, EvalAltResult, ImmutableString};

use crate::api::arguments::{Arguments, method, type_word};
use crate::api::error::ErrorValue;
use crate::api::mqtt::Mqtt;
use crate::api::mqtt::ids::Provider;
use crate::api::mqtt::options::default_client_id;
use crate::api::text::to_text;
use crate::mqtt::topic;

/// The release of MQTT.js that this client behaves like.
const MQTTJS_VERSION: &str = "5.16.0";

/// `mqtt.Client` and `mqtt.MqttClient` without a call.
#[derive(Debug, Clone)]
struct ClientClass;

/// Registers the functions and properties.
pub fn register(engine: &mut Engine) {
    engine.register_type_with_name::<ClientClass>("MqttClient");
    for name in ["Client", "MqttClient"] {
        engine.register_get(name, |_: &mut Mqtt| ClientClass);
    }
    engine
        .register_fn("defaultId", |_: &mut Mqtt| default_client_id())
        .register_fn("defaultId", |_: &mut ClientClass| default_client_id())
        .register_get("VERSION", |_: &mut ClientClass| MQTTJS_VERSION)
        .register_get("MQTTJS_VERSION", |_: &mut Mqtt| MQTTJS_VERSION)
        .register_fn("DefaultMessageIdProvider", |_: &mut Mqtt| Provider::counting())
        .register_fn("UniqueMessageIdProvider", |_: &mut Mqtt| Provider::lowest_first());
    method::<Mqtt>(engine, "validateTopics", 1..=1, |_, arguments| validate_topics(&arguments));
    method::<Mqtt>(engine, "ErrorWithReasonCode", 1..=2, |_, arguments| {
        let error = ErrorValue::new(arguments.text(0)).with_class("ErrorWithReasonCode");
        Ok(Dynamic::from(error.with("code", arguments.get(1).clone())))
    });
    method::<Mqtt>(engine, "ErrorWithSubackPacket", 1..=2, |_, arguments| {
        let error = ErrorValue::new(arguments.text(0)).with_class("ErrorWithSubackPacket");
        Ok(Dynamic::from(error.with("packet", arguments.get(1).clone())))
    });
    method::<Mqtt>(engine, "KeepaliveManager", 0..=2, |_, _| Err(no_keepalive_manager("mqtt.KeepaliveManager")));
}

/// The refusal of `mqtt.KeepaliveManager` and `client.keepaliveManager`.
pub fn no_keepalive_manager(name: &str) -> Box<EvalAltResult> {
    ErrorValue::new(format!(
        "`{name}` is not available: pings are sent beside the script, so that they never wait for it"
    ))
    .with_help(
        "read `client.keepalive`, ping now with `client.sendPing()`, and later with `client.reschedulePing(true)`",
    )
    .raise()
}

/// The first filter that is none, or `()`.
fn validate_topics(arguments: &Arguments) -> Result<Dynamic, Box<EvalAltResult>> {
    let filters = arguments.get(0).read_lock::<Array>().ok_or_else(|| {
        let given = type_word(arguments.get(0));
        ErrorValue::new(format!("`validateTopics` takes an array of text as `filters` but got {given}"))
            .with_class("TypeError")
            .raise()
    })?;
    if filters.is_empty() {
        return Ok("empty_topic_list".into());
    }
    let texts = filters.iter().map(to_text);
    let bad = texts.into_iter().find(|filter: &ImmutableString| topic::check_filter(filter).is_err());
    Ok(bad.map_or(Dynamic::UNIT, Dynamic::from))
}
