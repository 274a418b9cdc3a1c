//! `mqtt.DefaultMessageIdProvider()` and `mqtt.UniqueMessageIdProvider()`: where packet identifiers come from.

use rhai::{Dynamic, Engine};

use crate::api::arguments::method;
use crate::api::host_value::{self, HostValue, Shown};
use crate::mqtt::ids::PacketIds;
use crate::mqtt::packet::PacketId;

/// A source of packet identifiers. Copies are the same one.
#[derive(Debug, Clone)]
pub struct Provider {
    ids: PacketIds,
    name: &'static str,
}

impl Provider {
    /// Counts up from a random start.
    pub fn counting() -> Self {
        Self { ids: PacketIds::from_random(), name: "DefaultMessageIdProvider" }
    }

    /// Takes the lowest that is free.
    pub fn lowest_first() -> Self {
        Self { ids: PacketIds::lowest_first(), name: "UniqueMessageIdProvider" }
    }

    /// That of a client.
    pub fn of(ids: &PacketIds) -> Self {
        let name = if ids.is_lowest_first() { "UniqueMessageIdProvider" } else { "DefaultMessageIdProvider" };
        Self { ids: ids.clone(), name }
    }

    /// The identifiers themselves.
    pub const fn ids(&self) -> &PacketIds {
        &self.ids
    }
}

impl HostValue for Provider {
    const NAME: &'static str = "MessageIdProvider";

    fn shown(&self) -> Shown {
        Shown::Record { name: self.name.into(), fields: vec![("lastAllocated".into(), last(self))] }
    }
}

/// Registers the type.
pub fn register(engine: &mut Engine) {
    host_value::register::<Provider>(engine);
    engine
        .register_fn("allocate", |provider: &mut Provider| provider.ids.take().map_or(Dynamic::UNIT, number))
        .register_fn("getLastAllocated", |provider: &mut Provider| last(provider))
        .register_fn("clear", |provider: &mut Provider| provider.ids.clear());
    method::<Provider>(engine, "register", 1..=1, |receiver, arguments| {
        let id = id(&arguments)?;
        Ok(provider(receiver).ids.claim(id).into())
    });
    method::<Provider>(engine, "deallocate", 1..=1, |receiver, arguments| {
        let id = id(&arguments)?;
        provider(receiver).ids.give_back(id);
        Ok(Dynamic::UNIT)
    });
}

fn provider(receiver: &Dynamic) -> Provider {
    receiver.read_lock::<Provider>().map(|provider| provider.clone()).expect("methods are registered for providers")
}

/// The identifier taken last, if there is one.
pub fn last(provider: &Provider) -> Dynamic {
    // A `UniqueMessageIdProvider` that gave none yet has no last one.
    if provider.ids.is_lowest_first() && provider.ids.last() == 0 { Dynamic::UNIT } else { number(provider.ids.last()) }
}

fn number(id: PacketId) -> Dynamic {
    i64::from(id).into()
}

fn id(arguments: &crate::api::arguments::Arguments) -> Result<PacketId, Box<rhai::EvalAltResult>> {
    let id = arguments.int(0, "id")?.and_then(|id| PacketId::try_from(id).ok()).filter(|id| *id != 0);
    id.ok_or_else(|| arguments.wrong(0, "id", "a packet identifier from 1 to 65535"))
}
