//! `client.subscribe` and `client.unsubscribe`.

use std::rc::Rc;

use rhai::{Array, Dynamic, Engine, ImmutableString, Map};

use crate::api::arguments::{Arguments, method, type_word};
use crate::api::entries::request_options::{FILTER, SUBSCRIBE, UNSUBSCRIBE};
use crate::api::error::ErrorValue;
use crate::api::mqtt::client::publish::wrong_options;
use crate::api::mqtt::client::{Client, Kind};
use crate::api::mqtt::options::{qos, qos_of};
use crate::api::mqtt::properties::{self, Of};
use crate::api::mqtt::reader::{OptionError, Reader, wrong};
use crate::event_loop::callback::Callback;
use crate::mqtt::command::{Command, Request};
use crate::mqtt::event::Token;
use crate::mqtt::packet::{Subscribe, Subscription, Unsubscribe, Version};
use crate::mqtt::topic;

/// Registers the methods.
pub fn register(engine: &mut Engine) {
    method::<Client>(engine, "subscribe", 1..=3, |receiver, mut arguments| {
        let client = super::control::client(receiver);
        let callback = client.take_callback(&mut arguments, 1, Kind::Subscribe)?;
        match subscribe_packet(&client, &arguments) {
            Ok(packet) => client.subscribe(packet, callback),
            Err(error) => client.fail_call(&arguments, callback, error)?,
        }
        Ok(receiver.clone())
    });
    method::<Client>(engine, "subscribeAsync", 1..=2, |receiver, arguments| {
        let client = super::control::client(receiver);
        let packet = subscribe_packet(&client, &arguments).map_err(ErrorValue::raise)?;
        client.check_started(arguments.function)?;
        let token = client.new_token(None, Kind::Subscribe);
        client.send_subscribe(packet, Some(token));
        let completion = client.wait_for_completion(arguments.context.engine(), token)?;
        Ok(client.granted(&completion.granted))
    });
    method::<Client>(engine, "unsubscribe", 1..=3, |receiver, mut arguments| {
        let client = super::control::client(receiver);
        let callback = client.take_callback(&mut arguments, 1, Kind::Unsubscribe)?;
        match unsubscribe_packet(&client, &arguments) {
            Ok(packet) => {
                let token = client.expect_outcome(callback, Kind::Unsubscribe);
                client.send_unsubscribe(packet, token);
            }
            Err(error) => client.fail_call(&arguments, callback, error)?,
        }
        Ok(receiver.clone())
    });
    method::<Client>(engine, "unsubscribeAsync", 1..=2, |receiver, arguments| {
        let client = super::control::client(receiver);
        let packet = unsubscribe_packet(&client, &arguments).map_err(ErrorValue::raise)?;
        client.check_started(arguments.function)?;
        let token = client.new_token(None, Kind::Unsubscribe);
        client.send_unsubscribe(packet, Some(token));
        let completion = client.wait_for_completion(arguments.context.engine(), token)?;
        Ok(completion.packet.map_or(Dynamic::UNIT, |observed| client.packet(observed)))
    });
}

impl Client {
    fn subscribe(&self, packet: Subscribe, callback: Option<Rc<Callback>>) {
        // Also without a callback: a refusal that nobody sees is worth a warning.
        let token = self.new_token(callback, Kind::Subscribe);
        self.send_subscribe(packet, Some(token));
    }

    pub(super) fn send_subscribe(&self, mut packet: Subscribe, token: Option<Token>) {
        packet.id = self.with_core(|core| core.take_id());
        self.request(Command::Subscribe(Request { token, packet }));
    }

    fn send_unsubscribe(&self, mut packet: Unsubscribe, token: Option<Token>) {
        packet.id = self.with_core(|core| core.take_id());
        self.request(Command::Unsubscribe(Request { token, packet }));
    }
}

fn subscribe_packet(client: &Client, arguments: &Arguments) -> Result<Subscribe, ErrorValue> {
    client.check_open()?;
    let options = match arguments.get(1) {
        value if value.is_unit() => Map::new(),
        value => value.read_lock::<Map>().ok_or_else(|| wrong_options(arguments, 1))?.clone(),
    };
    let v5 = client.version() == Version::V5;
    let what = arguments.get(0);
    let read = || -> Result<Subscribe, OptionError> {
        let reader = Reader::new(&options, "`subscribe`");
        reader.only(FILTER.iter().chain(SUBSCRIBE))?;
        let given = properties::given(&reader, Of::Subscribe)?;
        let shared = subscription(ImmutableString::new(), &options)?;
        let with_filter = |filter: &ImmutableString| Subscription { filter: filter.to_string(), ..shared.clone() };
        let filters = match (what.read_lock::<Map>(), filters_of(arguments)) {
            (Some(map), _) => {
                map.iter().map(|(filter, value)| entry(filter.as_str().into(), value)).collect::<Result<_, _>>()?
            }
            (None, Ok(filters)) => filters.iter().map(with_filter).collect(),
            (None, Err(error)) => {
                return Err(OptionError::Other { message: error, headline: None, help: String::new() });
            }
        };
        Ok(Subscribe { id: 0, filters, properties: given.filter(|_| v5) })
    };
    let mut packet = read().map_err(|error| error.to_error())?;
    check_filters(packet.filters.iter().map(|subscription| subscription.filter.as_str()))?;
    let is_shared = |wanted: &&Subscription| wanted.no_local && wanted.filter.starts_with("$share/");
    if let Some(shared) = packet.filters.iter().find(is_shared).filter(|_| v5) {
        // A broker closes the connection for it [MQTT-3.8.3-4].
        return Err(ErrorValue::new(format!("`nl` cannot be set for the shared subscription `{}`", shared.filter))
            .with_help("leave `nl` out"));
    }
    if !v5 {
        for subscription in &mut packet.filters {
            // Below version 5 these have no place in the packet.
            *subscription = Subscription {
                filter: std::mem::take(&mut subscription.filter),
                qos: subscription.qos,
                ..Subscription::default()
            };
        }
    }
    Ok(packet)
}

/// One entry of the map form: `#{"filter": 1}` (the number is the QoS) or `#{"filter": #{qos: 1}}`.
fn entry(filter: ImmutableString, value: &Dynamic) -> Result<Subscription, OptionError> {
    if let Some(qos) = qos_of(value) {
        return Ok(Subscription { filter: filter.to_string(), qos, ..Subscription::default() });
    }
    match value.read_lock::<Map>() {
        Some(map) => {
            Reader::new(&map, &format!("`{filter}`")).only(FILTER)?;
            subscription(filter, &map)
        }
        None => Err(wrong(&filter, "a QoS (0, 1 or 2) or a map `#{qos: 1}`", value)),
    }
}

fn subscription(filter: ImmutableString, map: &Map) -> Result<Subscription, OptionError> {
    let reader = Reader::new(map, "`subscribe`");
    Ok(Subscription {
        filter: filter.to_string(),
        qos: qos(&reader)?,
        no_local: reader.flag("nl")?.unwrap_or(false),
        retain_as_published: reader.flag("rap")?.unwrap_or(false),
        retain_handling: reader.number_in("rh", 0, 2)?.unwrap_or(0),
    })
}

fn unsubscribe_packet(client: &Client, arguments: &Arguments) -> Result<Unsubscribe, ErrorValue> {
    client.check_open()?;
    let filters = filters_of(arguments).map_err(ErrorValue::new)?;
    check_filters(filters.iter().map(ImmutableString::as_str))?;
    let given = match arguments.get(1) {
        value if value.is_unit() => None,
        value => {
            let map = value.read_lock::<Map>().ok_or_else(|| wrong_options(arguments, 1))?;
            let reader = Reader::new(&map, "`unsubscribe`");
            let read = || {
                reader.only(UNSUBSCRIBE)?;
                properties::given(&reader, Of::Unsubscribe)
            };
            read().map_err(|error: OptionError| error.to_error())?
        }
    };
    let filters = filters.iter().map(ToString::to_string).collect();
    Ok(Unsubscribe { id: 0, filters, properties: given.filter(|_| client.version() == Version::V5) })
}

/// A filter, or an array of them.
fn filters_of(arguments: &Arguments) -> Result<Vec<ImmutableString>, String> {
    let what = arguments.get(0);
    let text = |value: &Dynamic| {
        value.read_lock::<ImmutableString>().map(|text| text.clone()).ok_or_else(|| {
            format!("`{}` takes text, an array of text or a map but got {}", arguments.function, type_word(value))
        })
    };
    match what.read_lock::<Array>() {
        Some(list) => list
            .iter()
            .map(|entry| {
                text(entry).map_err(|_| {
                    let given = type_word(entry);
                    format!("`{}` takes an array of text but an entry is {given}", arguments.function)
                })
            })
            .collect(),
        None if what.is_unit() => Ok(Vec::new()),
        None => Ok(vec![text(what)?]),
    }
}

/// MQTT.js's error for a filter that cannot be, with our own help.
pub(super) fn check_filter(filter: &str) -> Result<(), ErrorValue> {
    topic::check_filter(filter).map_err(|error| {
        ErrorValue::new(format!("Invalid topic {filter}")).with_headline(error.to_string()).with_help(error.help())
    })
}

/// The same for all filters of a call, of which there must be one.
fn check_filters<'a>(filters: impl Iterator<Item = &'a str>) -> Result<(), ErrorValue> {
    let mut any = false;
    for filter in filters {
        any = true;
        check_filter(filter)?;
    }
    if any {
        Ok(())
    } else {
        Err(ErrorValue::new("Invalid topic empty_topic_list")
            .with_headline("the list of topic filters is empty")
            .with_help("name at least one, for example `sensors/#`"))
    }
}
