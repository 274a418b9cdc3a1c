//! How much of everything: short by itself, long with `MQTTSCRIPT_FAULTS=long`.

use std::time::Duration;

use crate::support::broker::is_mosquitto;

/// See the module.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Messages of a case, but where others are named.
    pub messages: usize,
    /// Messages of a case whose link carries them slowly.
    pub slow_messages: usize,
    /// Restarts of the broker, and cuts of a link.
    pub faults: usize,
    /// Kills of the program.
    pub kills: usize,
    /// Messages that the program has accepted between two kills: at most.
    pub between_kills: usize,
    /// How long the soak takes.
    pub soak: Duration,
    /// Messages of the soak each second.
    pub soak_rate: usize,
}

const SHORT: Size = Size {
    messages: 8_000,
    slow_messages: 1_000,
    faults: 5,
    kills: 5,
    between_kills: 2_000,
    soak: Duration::from_secs(2),
    soak_rate: 5_000,
};

const LONG: Size = Size {
    messages: 100_000,
    slow_messages: 100_000,
    faults: 5,
    kills: 20,
    between_kills: 10_000,
    soak: Duration::from_secs(60),
    soak_rate: 20_000,
};

impl Size {
    /// How long a program may run.
    pub fn patience(&self) -> Duration {
        Duration::from_secs(if self.kills == SHORT.kills { 60 } else { 3600 }) + 2 * self.soak
    }
}

/// The size asked for. `MQTTSCRIPT_SOAK_MINUTES` says how long the long soak takes.
#[track_caller]
pub fn size() -> Size {
    let long = match std::env::var("MQTTSCRIPT_FAULTS").as_deref() {
        Ok("long") => true,
        Err(_) => false,
        Ok(other) => panic!("MQTTSCRIPT_FAULTS is `long` or not set, not `{other}`"),
    };
    if !long {
        return SHORT;
    }
    let minutes = std::env::var("MQTTSCRIPT_SOAK_MINUTES");
    let soak = minutes.map_or(LONG.soak, |minutes| Duration::from_secs(60 * minutes.parse::<u64>().expect("minutes")));
    // The embedded broker has only some tens of messages under way to a client.
    let slow_messages = if is_mosquitto() { LONG.slow_messages } else { 3_000 };
    Size { soak, slow_messages, ..LONG }
}
