//! What the host objects share: the loop, the network, and how this program was started.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashSet;
use std::fmt::Display;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rhai::{Dynamic, EvalAltResult, FnPtr, NativeCallContext};

use crate::api::error::ErrorValue;
use crate::api::events::Program;
use crate::api::fs::Access;
use crate::api::permissions::Permissions;
use crate::event_loop::EventLoop;
use crate::event_loop::callback::Callback;
use crate::mqtt::network::Network;

/// How the program was started.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `process.argv`: the binary, the script, its arguments.
    pub arguments: Vec<String>,
    /// How long `process.exit(0)`, the end of the script and a signal wait for what was accepted.
    pub exit_timeout: Duration,
    /// What the script may do.
    pub permissions: Arc<Permissions>,
    /// When the program started; `performance.now()` and `process.uptime()` count from here.
    pub started: Instant,
}

/// What the host objects share.
pub struct Host {
    /// The loop.
    pub event_loop: EventLoop,
    /// The network thread.
    pub network: Network,
    /// What the script may do, and which files it has read.
    pub access: Access,
    /// How the program was started.
    pub settings: Settings,
    /// A client gave up and nobody listened: the exit code tells.
    pub gave_up: Cell<bool>,
    /// The program that runs, once it was loaded.
    pub program: OnceCell<Box<dyn Program>>,
    /// Event names that were warned of.
    pub reviewed_events: RefCell<HashSet<String>>,
}

impl Host {
    /// A host that has done nothing yet.
    pub fn new(settings: Settings) -> Rc<Self> {
        Rc::new(Self {
            event_loop: EventLoop::default(),
            network: Network::default(),
            access: Access::new(Arc::clone(&settings.permissions)),
            settings,
            gave_up: Cell::new(false),
            program: OnceCell::new(),
            reviewed_events: RefCell::default(),
        })
    }
}

/// Keeps a closure that a script handed over; see [`Callback::new`].
///
/// # Errors
/// It takes more parameters than it will be given.
pub fn keep(
    context: &NativeCallContext,
    function: FnPtr,
    most: usize,
    what: impl Display,
) -> Result<Rc<Callback>, Box<EvalAltResult>> {
    Callback::new(context, function, most, what).map(Rc::new).map_err(|error| of_argument(*error))
}

/// As [`keep`], for a closure that is called once and that nobody asks for; see [`Callback::once`].
///
/// # Errors
/// It takes more parameters than it will be given.
pub fn keep_once(
    context: &NativeCallContext,
    function: FnPtr,
    most: usize,
    what: impl Display,
) -> Result<Rc<Callback>, Box<EvalAltResult>> {
    Callback::once(context, function, most, what).map_err(|error| of_argument(*error))
}

/// An error like those of the other arguments.
fn of_argument(error: EvalAltResult) -> Box<EvalAltResult> {
    match error {
        EvalAltResult::ErrorRuntime(message, position) => {
            let error = ErrorValue::new(message.to_string()).with_class("TypeError");
            EvalAltResult::ErrorRuntime(Dynamic::from(error), position).into()
        }
        other => other.into(),
    }
}
