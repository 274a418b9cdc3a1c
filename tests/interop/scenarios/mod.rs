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
    /// Whether it is about what only MQTT 5 has.
    pub needs_v5: bool,
    pub run: fn(&Bench),
}

const fn any(name: &'static str, run: fn(&Bench)) -> Scenario {
    Scenario { name, needs_v5: false, run }
}

const fn v5(name: &'static str, run: fn(&Bench)) -> Scenario {
    Scenario { name, needs_v5: true, run }
}

/// In the order of the summary.
pub const ALL: &[Scenario] = &[
    any("MQTT 3.1.1", connecting::version_3_1_1),
    any("MQTT 3.1", connecting::version_3_1),
    any("MQTT 5", connecting::version_5),
    any("no client id", connecting::no_client_id),
    any("wrong password", connecting::wrong_password),
    any("WebSocket", connecting::websocket),
    any("publish at QoS 0 1 2", delivery::publish_at_each_qos),
    any("receive at QoS 0 1 2", delivery::receive_at_each_qos),
    any("retained message", delivery::retained),
    any("wildcards", delivery::wildcards),
    any("overlapping filters", delivery::overlapping_filters),
    any("shared subscription", delivery::shared_subscription),
    any("unsubscribe", delivery::unsubscribe),
    any("1 MB payload", delivery::large_payload),
    any("1000 messages in order", delivery::thousand_in_order),
    any("will after kill -9", sessions::will_after_kill),
    any("no will after end", sessions::no_will_after_end),
    any("offline messages", sessions::offline_messages),
    any("session takeover", sessions::takeover),
    any(BROKER_RESTART, sessions::broker_restart),
    v5("publish properties", properties::publish_properties),
    v5("subscription identifier", properties::subscription_identifier),
    v5("topic alias", properties::topic_alias),
    v5("noLocal", properties::no_local),
    v5("retainAsPublished", properties::retain_as_published),
    v5("receive maximum", properties::receive_maximum),
    v5("maximum packet size", properties::maximum_packet_size),
    v5("request and reply", properties::request_and_reply),
];

/// The one that takes longest.
pub const BROKER_RESTART: &str = "broker restart";
