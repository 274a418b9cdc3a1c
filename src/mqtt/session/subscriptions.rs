//! The subscriptions held, to answer repeated subscribes and to restore them after a reconnect.

use std::collections::{BTreeMap, HashMap};

use crate::mqtt::event::Grant;
use crate::mqtt::packet::{Properties, QoS, Subscribe, Subscription, Version};

/// Filters in the order they were first asked for.
#[derive(Debug)]
pub struct Subscriptions {
    /// Without reconnects, or with `resubscribe: false`, MQTT.js remembers nothing and sends every subscribe.
    remembers: bool,
    held: BTreeMap<Place, Held>,
    /// Where each filter is.
    places: HashMap<String, Place>,
    last: Place,
}

/// Goes up with every filter that is remembered.
type Place = u64;

#[derive(Debug)]
struct Held {
    wanted: Subscription,
    properties: Option<Box<Properties>>,
    /// `None` until SUBACK.
    granted: Option<QoS>,
}

impl Subscriptions {
    /// No subscriptions yet.
    pub fn new(remembers: bool) -> Self {
        Self { remembers, held: BTreeMap::new(), places: HashMap::new(), last: 0 }
    }

    /// Whether what goes out from now on is remembered.
    pub fn set_remembering(&mut self, remembers: bool) {
        self.remembers = remembers;
    }

    /// For each filter the grant that is already held at that QoS or above, so that it need not be asked for again.
    pub fn grants_held(&self, subscribe: &Subscribe) -> Vec<Option<Grant>> {
        let grant_of = |wanted: &Subscription| {
            let held = self.held.get(self.places.get(&wanted.filter)?)?;
            let granted = held.granted?;
            let covers = held.wanted.qos >= wanted.qos
                && held.wanted.no_local == wanted.no_local
                && held.wanted.retain_as_published == wanted.retain_as_published
                && held.wanted.retain_handling == wanted.retain_handling
                && held.properties == subscribe.properties;
            let properties = subscribe.properties.clone();
            covers.then(|| Grant { subscription: wanted.clone(), properties, code: granted.number() })
        };
        subscribe.filters.iter().map(grant_of).collect()
    }

    /// A SUBSCRIBE goes out: its filters are restored from now on.
    pub fn remember(&mut self, subscribe: &Subscribe) {
        if !self.remembers {
            return;
        }
        for wanted in &subscribe.filters {
            self.forget(std::slice::from_ref(&wanted.filter));
            let properties = subscribe.properties.clone();
            self.last += 1;
            self.places.insert(wanted.filter.clone(), self.last);
            self.held.insert(self.last, Held { wanted: wanted.clone(), properties, granted: None });
        }
    }

    /// SUBACK: refused filters are forgotten.
    pub fn granted(&mut self, subscribe: &Subscribe, codes: &[u8]) {
        for (wanted, code) in subscribe.filters.iter().zip(codes) {
            match QoS::from_number(*code) {
                Some(qos) => {
                    let place = self.places.get(&wanted.filter);
                    let held = place.and_then(|place| self.held.get_mut(place)).filter(|held| held.wanted == *wanted);
                    held.into_iter().for_each(|held| held.granted = Some(qos));
                }
                None => self.forget(std::slice::from_ref(&wanted.filter)),
            }
        }
    }

    /// Restores these no more.
    pub fn forget(&mut self, filters: &[String]) {
        for filter in filters {
            if let Some(place) = self.places.remove(filter) {
                self.held.remove(&place);
            }
        }
    }

    /// The SUBSCRIBEs that restore everything: one in 3.x, or several of at most `batch` filters; one per filter in 5, where each keeps
    /// its properties.
    pub fn to_restore(&self, version: Version, batch: Option<usize>) -> Vec<Subscribe> {
        if version == Version::V5 {
            let one = |held: &Held| Subscribe {
                id: 0,
                filters: vec![held.wanted.clone()],
                properties: held.properties.clone(),
            };
            return self.held.values().map(one).collect();
        }
        let all = |held: &[&Held]| Subscribe {
            id: 0,
            filters: held.iter().map(|held| held.wanted.clone()).collect(),
            properties: None,
        };
        let held: Vec<_> = self.held.values().collect();
        held.chunks(batch.unwrap_or(held.len()).max(1)).map(all).collect()
    }
}
