//! What a scenario is given, and what brokers do not support.

use std::cell::{OnceCell, RefCell};
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};

use crate::launch::{Broker, Doors, Kind};
use crate::scenarios::Scenario;
use crate::support::script::Script;

/// The brokers that cannot take part in the scenarios about MQTT 5, and why. What else they do differently is asserted by
/// the scenario that meets it.
const WITHOUT_V5: &[(Kind, &str)] = &[
    (Kind::Aedes, "Aedes 1.2.0 speaks MQTT 3.1 and 3.1.1"),
    (Kind::Nats, "NATS 2.9.10 speaks MQTT 3.1.1"),
    (Kind::Amqtt, "aMQTT 0.12.1 speaks MQTT 3.1.1"),
    (Kind::Rabbitmq, "RabbitMQ 3.10.8 speaks MQTT 3.1 and 3.1.1"),
];

/// Why a broker does not take part in a scenario.
pub fn unsupported(kind: Kind, scenario: &Scenario) -> Option<&'static str> {
    WITHOUT_V5.iter().find(|row| scenario.needs_v5 && row.0 == kind).map(|row| row.1)
}

/// The broker that the scenarios of a kind share, or what starts one for each.
#[derive(Debug)]
pub struct Shared {
    kind: Kind,
    version: OnceLock<String>,
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
        Self {
            kind,
            version: OnceLock::new(),
            state: Mutex::new(State::Gone("nobody started it".into())),
            changed: Condvar::new(),
        }
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The version that runs here.
    pub fn version(&self) -> &str {
        self.version.get_or_init(|| crate::catch(|| self.kind.version()).unwrap_or_else(|_| "missing".into()))
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
    shared: Arc<Shared>,
    broker: OnceCell<Arc<Broker>>,
    quirks: RefCell<Vec<&'static str>>,
}

impl Bench {
    pub fn new(shared: Arc<Shared>) -> Self {
        Self { shared, broker: OnceCell::new(), quirks: RefCell::default() }
    }

    pub fn kind(&self) -> Kind {
        self.shared.kind()
    }

    /// The shared broker, waited for by those that need it.
    #[track_caller]
    fn broker(&self) -> &Broker {
        self.broker.get_or_init(|| self.shared.get())
    }

    #[track_caller]
    pub fn url(&self) -> String {
        self.broker().url()
    }

    #[track_caller]
    pub fn ws_url(&self) -> String {
        self.broker().ws_url()
    }

    /// A broker for this scenario alone.
    #[track_caller]
    pub fn own_broker(&self, doors: Doors) -> Broker {
        Broker::start(self.kind(), doors)
    }

    /// The protocol versions that this broker speaks well enough to deliver messages: 4 is MQTT 3.1.1.
    pub fn versions(&self) -> &'static [u8] {
        if WITHOUT_V5.iter().any(|row| row.0 == self.kind()) { &[4] } else { &[4, 5] }
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
