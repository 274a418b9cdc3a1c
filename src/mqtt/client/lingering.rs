//! A look for the script's next orders before the thread is put to sleep, where they come as soon as the script has its events: a ping
//! that it answers with a pong, a message whose acknowledgement it awaits. To sleep and be woken takes longer than that.

use std::future::pending;
use std::time::{Duration, Instant};

use crate::mqtt::network::has_other_cores;

/// Orders that come within this time, sleep and all, are worth a look.
const SOON: Duration = Duration::from_micros(100);
/// How long a look lasts: enough for a short callback. Much longer, and a script that has to run on this very core waits for its end.
const LOOK: Duration = Duration::from_micros(5);

/// See the module. Time here is that of the processor, in tests with a virtual clock too.
#[derive(Debug, Default)]
pub struct Lingering {
    /// When the script was last handed events, until it orders something.
    handed: Option<Instant>,
    /// Its last orders came soon after that.
    is_worth_it: bool,
}

impl Lingering {
    /// The script was handed events.
    pub fn handed(&mut self) {
        self.handed = Some(Instant::now());
    }

    /// Orders came.
    pub fn ordered(&mut self) {
        if let Some(handed) = self.handed.take() {
            self.is_worth_it = handed.elapsed() < SOON && has_other_cores();
        }
    }

    /// Keeps the thread awake as long as orders are likely to come; ends when none came, and then [`in_vain`](Self::in_vain) is due.
    pub async fn look(&self) {
        let Some(handed) = self.handed.filter(|_| self.is_worth_it) else { return pending().await };
        while handed.elapsed() < LOOK {
            tokio::task::yield_now().await;
        }
    }

    /// Nothing came: a script that only listens is not looked at again until it orders something soon after its events.
    pub fn in_vain(&mut self) {
        self.is_worth_it = false;
    }
}
