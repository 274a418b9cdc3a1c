//! The background thread that runs every client's socket: started by the first client, never before.

use std::io;
use std::sync::{Arc, LazyLock, OnceLock};

use tokio::runtime::Handle;
use tokio::sync::Notify;

/// What the thread is called.
pub const NETWORK_THREAD: &str = "network";

/// Runs tasks on one background thread.
#[derive(Debug, Default)]
pub struct Network {
    handle: OnceLock<Handle>,
    stop: Arc<Notify>,
}

impl Network {
    /// Starts `task`, and with the first one the thread.
    ///
    /// # Errors
    /// The system gives no more threads or file descriptors.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        let handle = match self.handle.get() {
            Some(handle) => handle,
            None => {
                let handle = start(Arc::clone(&self.stop))?;
                self.handle.get_or_init(|| handle)
            }
        };
        handle.spawn(task);
        Ok(())
    }

    /// Ends the thread with all its tasks: their sockets are closed, whatever state they are in.
    pub fn stop(&self) {
        self.stop.notify_one();
    }
}

/// Host names are looked up on threads of their own, so many at a time at most: a thousand clients must not start hundreds.
const LOOKUPS: usize = 16;

fn start(stop: Arc<Notify>) -> io::Result<Handle> {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = builder.enable_io().enable_time().max_blocking_threads(LOOKUPS).build()?;
    let handle = runtime.handle().clone();
    std::thread::Builder::new().name(NETWORK_THREAD.into()).spawn(move || {
        // Runs until the program ends: clients come and go.
        runtime.block_on(stop.notified());
    })?;
    Ok(handle)
}

/// Whether the script thread and the network thread can run at the same time: only then may one look for what the other is
/// about to hand over, instead of sleeping.
pub fn has_other_cores() -> bool {
    static MANY: LazyLock<bool> =
        LazyLock::new(|| std::thread::available_parallelism().is_ok_and(|count| count.get() > 1));
    *MANY
}
