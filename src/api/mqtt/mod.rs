//! `mqtt`: what `require("mqtt")` gives. Maps become typed options and packets here; the client itself is [`crate::mqtt`].

#[cfg(feature = "broker")]
pub mod broker;
pub mod client;
pub mod exports;
pub mod ids;
pub mod options;
pub mod packet;
pub mod payload;
pub mod properties;
pub mod reader;
pub mod store;

use std::rc::Rc;

use rhai::{Dynamic, Engine, EvalAltResult, FnPtr, ImmutableString, Map};

use crate::api::arguments::{Arguments, Returned, method};
use crate::api::error::ErrorValue;
use crate::api::host::{Host, keep};
use crate::api::mqtt::client::{Client, Plan, shown_options};
use crate::api::mqtt::store::StoreValue;
use crate::api::permissions::Refusal;
use crate::api::report;
use crate::diagnostics::Diagnostic;
use crate::event_loop::callback::{CallSite, Callback};
use crate::mqtt::options::{Endpoint, Options};
use crate::mqtt::{reason, topic};

/// The `mqtt` object.
#[derive(Clone)]
pub struct Mqtt(Rc<Host>);

impl Mqtt {
    /// The object of a host.
    pub fn new(host: &Rc<Host>) -> Self {
        Self(Rc::clone(host))
    }
}

/// `mqtt.ReasonCodes`.
#[derive(Debug, Clone)]
struct ReasonCodes;

/// Registers the types.
pub fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Mqtt>("mqtt").register_type_with_name::<ReasonCodes>("ReasonCodes");
    method::<Mqtt>(engine, "connect", 0..=2, |receiver, arguments| {
        let host = host_of(receiver);
        let plan = read_plan(&host, &arguments, None)?;
        start(&host, plan).map(Dynamic::from)
    });
    method::<Mqtt>(engine, "connectAsync", 0..=3, |receiver, arguments| connect_async(&host_of(receiver), &arguments));
    for name in ["Client", "MqttClient"] {
        method::<Mqtt>(engine, name, 1..=2, |receiver, arguments| {
            let builder = arguments.function(0, "streamBuilder")?;
            let builder = keep(arguments.context, builder, 1, "the stream builder of `mqtt.Client` (client)")?;
            let host = host_of(receiver);
            let plan = read_plan(&host, &arguments, Some(builder))?;
            start(&host, plan).map(Dynamic::from)
        });
    }
    method::<Mqtt>(engine, "broker", 0..=1, |receiver, arguments| start_broker(&host_of(receiver), &arguments));
    method::<Mqtt>(engine, "validateTopic", 1..=1, |_, arguments| {
        Ok(topic::check_filter(&arguments.text(0)).is_ok().into())
    });
    engine
        .register_get("ReasonCodes", |_: &mut Mqtt| ReasonCodes)
        .register_get("VERSION", |_: &mut Mqtt| env!("CARGO_PKG_VERSION"))
        .register_indexer_get(|_: &mut ReasonCodes, code: i64| reason_text(u8::try_from(code).ok()))
        .register_indexer_get(|_: &mut ReasonCodes, code: ImmutableString| reason_text(code.parse().ok()));
    #[cfg(feature = "broker")]
    broker::register(engine);
    method::<Mqtt>(engine, "Store", 0..=1, |receiver, arguments| StoreValue::make(&host_of(receiver), &arguments));
    client::register(engine);
    exports::register(engine);
    ids::register(engine);
    store::register(engine);
    packet::register(engine);
}

fn reason_text(code: Option<u8>) -> Dynamic {
    // As in MQTT.js success has an entry without words.
    let text = if code == Some(0) { Some("") } else { code.and_then(reason::text) };
    text.map_or(Dynamic::UNIT, Dynamic::from)
}

fn host_of(receiver: &Dynamic) -> Rc<Host> {
    receiver.read_lock::<Mqtt>().map(|mqtt| Rc::clone(&mqtt.0)).expect("methods are registered for `mqtt`")
}

#[cfg(feature = "broker")]
fn start_broker(host: &Rc<Host>, arguments: &Arguments) -> Returned {
    broker::start(host, arguments)
}

#[cfg(not(feature = "broker"))]
fn start_broker(_host: &Rc<Host>, _arguments: &Arguments) -> Returned {
    let error = ErrorValue::new("`mqtt.broker` is not part of this build of `mqttscript`");
    Err(error.with_help("build it with `cargo install --path . --features broker`").raise())
}

fn start(host: &Rc<Host>, plan: Plan) -> Result<Client, Box<EvalAltResult>> {
    Client::start(host, plan).map_err(|error| ErrorValue::from(&error).raise())
}

/// `[url][, options]`, or for `mqtt.Client` the options behind the builder.
fn read_plan(
    host: &Rc<Host>,
    arguments: &Arguments,
    builder: Option<Rc<Callback>>,
) -> Result<Plan, Box<EvalAltResult>> {
    let (mut url, mut map) = (None, Map::new());
    let skip = usize::from(builder.is_some());
    for (index, value) in arguments.values.iter().enumerate().skip(skip).take(2 - skip) {
        if let Some(text) = value.read_lock::<ImmutableString>().filter(|_| index == 0) {
            url = Some(text.to_string());
        } else if let Some(given) = value.read_lock::<Map>() {
            map.clone_from(&given);
        } else if !value.is_unit() {
            let (name, wanted) =
                if index == 0 { ("url", "a URL or a map of options") } else { ("options", "a map `#{...}`") };
            return Err(arguments.wrong(index, name, wanted));
        }
    }
    // Closures are asked before each attempt; until then anything of the right type stands for their value.
    let later = |_: &rhai::FnPtr| Some(Dynamic::from(ImmutableString::new()));
    let wanted = options::read(url.as_deref(), &map, &host.access, &later).map_err(|error| error.to_error().raise())?;
    // A stream builder says itself whom to dial.
    if builder.is_none() {
        check_dial(host, &wanted.options).map_err(|refusal| refusal.raise())?;
    }
    for text in wanted.without_effect {
        report::print(&Diagnostic::warning(text).help("add `protocolVersion: 5` to the connect options"));
    }
    if let Some(function) = wanted.transform_ws_url {
        keep(arguments.context, function, 3, "the option `transformWsUrl` (url, options, client)")?;
    }
    let log = wanted.log.map(|function| keep(arguments.context, function, 1, "the option `log` (text)")).transpose()?;
    if wanted.stores.file.is_some() && !wanted.has_client_id {
        let warning =
            Diagnostic::warning("with a `store` but without a `clientId`, each run is another client to the broker");
        report::print(
            &warning.help("add `clientId: \"...\"`, or stored QoS 2 messages may arrive twice after a restart"),
        );
    }
    let stores = wanted.stores.open(&host.access, &wanted.options.client_id)?;
    let acks = custom_acks(arguments, &map)?.filter(|_| wanted.options.custom_acks);
    let dials = builder.is_none() && !map.contains_key("servers");
    let shown = shown_options(&map, &wanted.options, dials);
    Ok(Plan {
        url,
        options: Dynamic::from(shown).into_shared(),
        typed: wanted.options,
        stores,
        manual: wanted.manual,
        asks: wanted.has_closures,
        builder,
        ids: wanted.ids,
        log,
        acks,
        context: CallSite::of(arguments.context),
    })
}

/// Asks whether all that these options dial may be dialled.
fn check_dial(host: &Host, options: &Options) -> Result<(), Refusal> {
    let proxy = options.proxy.as_ref().map(|proxy| Endpoint {
        host: proxy.host.clone(),
        port: proxy.port,
        ..Endpoint::default()
    });
    options.endpoints.iter().chain(&proxy).try_for_each(|endpoint| host.access.permissions().check_dial(endpoint))
}

/// The option `customHandleAcks`, which was found to be a function.
fn custom_acks(arguments: &Arguments, map: &Map) -> Result<Option<Rc<Callback>>, Box<EvalAltResult>> {
    let function = map.get("customHandleAcks").and_then(|value| value.read_lock::<FnPtr>().map(|f| f.clone()));
    let what = "`customHandleAcks` (topic, message, packet, done)";
    function.map(|function| keep(arguments.context, function, 4, what)).transpose()
}

/// Waits for the first word, as MQTT.js's promise does.
fn connect_async(host: &Rc<Host>, arguments: &Arguments) -> Returned {
    let allow_retries = arguments.values.iter().rev().find_map(|value| value.as_bool().ok()).unwrap_or(true);
    let plan = read_plan(host, arguments, None)?;
    if plan.manual {
        let error = ErrorValue::new("`connectAsync` would wait for ever with `manualConnect: true`");
        return Err(error.with_help("use `mqtt.connect(...)` and then `client.connect()`").raise());
    }
    let client = start(host, plan)?;
    client.wait_until_connected(arguments.context.engine(), allow_retries)?;
    Ok(Dynamic::from(client))
}
