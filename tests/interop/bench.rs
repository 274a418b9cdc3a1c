//! What a scenario is given, and what brokers do not support.

use std::cell::RefCell;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use crate::launch::{Broker, Doors, Kind};
use crate::support::script::Script;

/// The scenarios that a broker cannot take part in, and why. What it does differently is asserted by the scenario
/// instead, and what needs MQTT 5 is unsupported by all that do not speak it ([`Kind::speaks_v5`]).
const UNSUPPORTED: &[(Kind, &str, &str)] = &[];

/// Why a broker does not take part in a scenario.
pub fn reason(kind: Kind, scenario: &str) -> Option<&'static str> {
    if crate::scenarios::needs_v5(scenario) && !kind.speaks_v5() {
        return Some("no MQTT 5");
    }
    UNSUPPORTED.iter().find(|row| (row.0, row.1) == (kind, scenario)).map(|row| row.2)
}

/// The broker that the scenarios of a kind share, or what starts one for each.
#[derive(Debug)]
pub struct Shared {
    kind: Kind,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
enum State {
    Starting,
    Running(Arc<Broker>),
    /// It did not start, or was stopped: why.
    Gone(String),
}

impl Shared {
    pub fn new(kind: Kind) -> Self {
        Self { kind, state: Mutex::new(State::Gone("nobody started it".into())), changed: Condvar::new() }
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Starts it on a thread of its own: some take their time.
    pub fn start_soon(self: &Arc<Self>) {
        if !self.kind.can_be_shared() {
            return;
        }
        self.set(State::Starting);
        let shared = Arc::clone(self);
        std::thread::spawn(move || {
            let started = crate::catch(|| Broker::start(shared.kind, Doors::Open));
            shared.set(started.map_or_else(State::Gone, |broker| State::Running(Arc::new(broker))));
        });
    }

    fn set(&self, state: State) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
        self.changed.notify_all();
    }

    /// The running broker.
    #[track_caller]
    pub fn get(&self) -> Arc<Broker> {
        if !self.kind.can_be_shared() {
            return Arc::new(Broker::start(self.kind, Doors::Open));
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match &*state {
                State::Running(broker) => return Arc::clone(broker),
                State::Gone(why) => panic!("{} does not run: {why}", self.kind.name()),
                State::Starting => state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }

    /// Ends it.
    pub fn stop(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        while matches!(*state, State::Starting) {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        *state = State::Gone("it was stopped".into());
    }
}

/// One run of a scenario.
#[derive(Debug)]
pub struct Bench {
    broker: Arc<Broker>,
    quirks: RefCell<Vec<&'static str>>,
}

impl Bench {
    pub fn new(broker: Arc<Broker>) -> Self {
        Self { broker, quirks: RefCell::default() }
    }

    pub fn kind(&self) -> Kind {
        self.broker.kind()
    }

    pub fn url(&self) -> String {
        self.broker.url()
    }

    pub fn ws_url(&self) -> String {
        self.broker.ws_url()
    }

    /// A broker for this scenario alone.
    #[track_caller]
    pub fn own_broker(&self, doors: Doors) -> Broker {
        Broker::start(self.kind(), doors)
    }

    /// The protocol versions that this broker speaks well enough to deliver messages: 4 is MQTT 3.1.1.
    pub fn versions(&self) -> &'static [u8] {
        if self.kind().speaks_v5() { &[4, 5] } else { &[4] }
    }

    /// Says for the summary where this broker deviates; the scenario asserts what it does.
    pub fn quirk(&self, text: &'static str) {
        let mut quirks = self.quirks.borrow_mut();
        if !quirks.contains(&text) {
            quirks.push(text);
        }
    }

    pub fn quirks(&self) -> Vec<&'static str> {
        self.quirks.borrow().clone()
    }

    /// [`script`] for the shared broker.
    pub fn script(&self, version: u8, text: &str) -> Script {
        script(&self.url(), version, text)
    }
}

/// A program in which `BROKER` stands for `url` and `VERSION` for the option `protocolVersion`.
pub fn script(url: &str, version: u8, text: &str) -> Script {
    Script::new(text.trim_start().replace("BROKER", url).replace("VERSION", &version.to_string()))
}
