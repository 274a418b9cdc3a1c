//! What is tried with every broker.

mod connecting;
mod delivery;
mod properties;
mod sessions;

use crate::bench::Bench;

/// One of them.
#[derive(Debug)]
pub struct Scenario {
    pub name: &'static str,
    pub run: fn(&Bench),
}

macro_rules! scenarios {
    ($($name:literal => $run:path,)*) => { &[$(Scenario { name: $name, run: $run },)*] };
}

/// In the order of the summary.
pub const ALL: &[Scenario] = scenarios! {
    "MQTT 3.1.1" => connecting::version_3_1_1,
    "MQTT 3.1" => connecting::version_3_1,
    "MQTT 5" => connecting::version_5,
    "no client id" => connecting::no_client_id,
    "wrong password" => connecting::wrong_password,
    "WebSocket" => connecting::websocket,
    "publish at QoS 0 1 2" => delivery::publish_at_each_qos,
    "receive at QoS 0 1 2" => delivery::receive_at_each_qos,
    "retained message" => delivery::retained,
    "wildcards" => delivery::wildcards,
    "overlapping filters" => delivery::overlapping_filters,
    "shared subscription" => delivery::shared_subscription,
    "unsubscribe" => delivery::unsubscribe,
    "1 MB payload" => delivery::large_payload,
    "1000 messages in order" => delivery::thousand_in_order,
    "will after kill -9" => sessions::will_after_kill,
    "no will after end" => sessions::no_will_after_end,
    "offline messages" => sessions::offline_messages,
    "session takeover" => sessions::takeover,
    "broker restart" => sessions::broker_restart,
    "publish properties" => properties::publish_properties,
    "subscription identifier" => properties::subscription_identifier,
    "topic alias" => properties::topic_alias,
    "noLocal" => properties::no_local,
    "retainAsPublished" => properties::retain_as_published,
    "receive maximum" => properties::receive_maximum,
    "maximum packet size" => properties::maximum_packet_size,
};

/// Whether a scenario is about what only MQTT 5 has.
pub fn needs_v5(name: &str) -> bool {
    ALL.iter().skip_while(|scenario| scenario.name != "publish properties").any(|scenario| scenario.name == name)
}
