//! `--max-memory`: a thread that looks at how much memory the process has while its script does something, and says so to
//! the script. It sleeps as long as the script does.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use crate::diagnostics::{Diagnostic, render};
use crate::runtime::limits::Exceeded;

/// Between two looks.
const PERIOD: Duration = Duration::from_millis(20);
/// The thread sleeps when the script did so at this many looks in a row.
const IDLE_LOOKS: u32 = 50;
/// A script that is told ends at its next operation. One that has none for so long waits, or is in a single long operation.
const PATIENCE: Duration = Duration::from_secs(5);
/// Unless told otherwise it is this much at most, MiB, and three quarters of what the machine has.
const MOST: u64 = 4096;
/// Stack of the thread, which does next to nothing.
const STACK_SIZE: usize = 128 << 10;
const MIB: u64 = 1 << 20;

/// The watch over the memory of the process. Copies are the same watch; it ends with [`stop`](Self::stop).
#[derive(Debug, Clone)]
pub struct Memory(Option<Watch>);

#[derive(Debug, Clone)]
struct Watch {
    shared: Arc<Shared>,
    thread: Thread,
}

#[derive(Debug, Default)]
struct Shared {
    /// MiB; 0 until the thread has looked it up.
    most: AtomicU64,
    is_too_large: Arc<AtomicBool>,
    /// The script waits for events.
    is_asleep: AtomicBool,
    /// The thread sleeps until the script wakes.
    is_parked: AtomicBool,
    is_over: AtomicBool,
}

impl Memory {
    /// Watches over `most` MiB; `None`: what is sensible on this machine, 0: any. Nothing is watched where the system does not
    /// tell, or gives no thread.
    pub fn watch(most: Option<u64>) -> Self {
        if most == Some(0) || Place::open().is_none() {
            return Self(None);
        }
        let shared = Arc::new(Shared { most: most.unwrap_or(0).into(), ..Shared::default() });
        let watched = Arc::clone(&shared);
        let thread = thread::Builder::new().name("memory".into()).stack_size(STACK_SIZE);
        let thread = thread.spawn(move || watched.run());
        Self(thread.ok().map(|handle| Watch { shared, thread: handle.thread().clone() }))
    }

    /// Set when there is too much.
    pub fn flag(&self) -> Arc<AtomicBool> {
        self.0.as_ref().map(|watch| Arc::clone(&watch.shared.is_too_large)).unwrap_or_default()
    }

    /// The most that there may be, in MiB, if there is more.
    pub fn exceeded(&self) -> Option<u64> {
        let shared = &self.0.as_ref()?.shared;
        shared.is_too_large.load(Ordering::Relaxed).then(|| shared.most.load(Ordering::Relaxed))
    }

    /// The script goes to sleep, or woke up.
    pub fn note_sleep(&self, asleep: bool) {
        let Some(Watch { shared, thread }) = &self.0 else { return };
        shared.is_asleep.store(asleep, Ordering::SeqCst);
        // In one order with `Shared::rest`: either it sees that the script is awake, or this sees that it sleeps.
        if !asleep && shared.is_parked.load(Ordering::SeqCst) {
            thread.unpark();
        }
    }

    /// The program has ended.
    pub fn stop(&self) {
        if let Some(Watch { shared, thread }) = &self.0 {
            shared.is_over.store(true, Ordering::SeqCst);
            thread.unpark();
        }
    }
}

impl Shared {
    fn run(&self) {
        let Some(place) = Place::open() else { return };
        if self.most.load(Ordering::Relaxed) == 0 {
            self.most.store(sensible(), Ordering::Relaxed);
        }
        let most = self.most.load(Ordering::Relaxed) * MIB;
        let mut idle = 0;
        let mut since = None;
        while !self.is_over.load(Ordering::SeqCst) {
            let resident = place.resident();
            let is_too_large = resident > most;
            self.is_too_large.store(is_too_large, Ordering::Relaxed);
            since = is_too_large.then(|| since.unwrap_or_else(Instant::now));
            // A script that is told ends by itself, with the place where it was.
            if resident / 2 > most || since.is_some_and(|since| since.elapsed() > PATIENCE) {
                self.end();
            }
            idle = if self.is_asleep.load(Ordering::Relaxed) && !is_too_large { idle + 1 } else { 0 };
            if idle == IDLE_LOOKS {
                idle = 0;
                self.rest();
            } else {
                thread::park_timeout(PERIOD);
            }
        }
    }

    fn rest(&self) {
        self.is_parked.store(true, Ordering::SeqCst);
        while self.is_asleep.load(Ordering::SeqCst) && !self.is_over.load(Ordering::SeqCst) {
            thread::park();
        }
        self.is_parked.store(false, Ordering::SeqCst);
    }

    /// The script does not come to its next operation, so the process ends here. No DISCONNECT goes out: wills are published.
    fn end(&self) -> ! {
        let exceeded = Exceeded::Memory(self.most.load(Ordering::Relaxed));
        render::print(&Diagnostic::error(exceeded.message()).help(exceeded.help()));
        std::process::exit(1);
    }
}

/// Three quarters of what the machine, or the control group, has; [`MOST`] at most. MiB.
fn sensible() -> u64 {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let total = read("/proc/meminfo").lines().find_map(|line| {
        let kib = line.strip_prefix("MemTotal:")?.trim().strip_suffix(" kB")?;
        kib.parse::<u64>().ok().map(|kib| kib / 1024)
    });
    let group = read("/sys/fs/cgroup/memory.max").trim().parse::<u64>().ok().map(|bytes| bytes / MIB);
    let least = total.into_iter().chain(group).min();
    least.map_or(MOST, |mib| (mib / 4 * 3).clamp(1, MOST))
}

/// Where the system tells how much memory the process has.
#[cfg(target_os = "linux")]
struct Place {
    file: std::fs::File,
    page: u64,
}

#[cfg(target_os = "linux")]
impl Place {
    fn open() -> Option<Self> {
        let file = std::fs::File::open("/proc/self/statm").ok()?;
        Some(Self { file, page: rustix::param::page_size() as u64 })
    }

    /// Bytes.
    fn resident(&self) -> u64 {
        use std::os::unix::fs::FileExt;
        let mut text = [0; 128];
        let length = self.file.read_at(&mut text, 0).unwrap_or(0);
        let text = std::str::from_utf8(&text[..length]).unwrap_or_default();
        text.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0) * self.page
    }
}

#[cfg(not(target_os = "linux"))]
struct Place;

#[cfg(not(target_os = "linux"))]
impl Place {
    fn open() -> Option<Self> {
        memory_stats::memory_stats().map(|_| Self)
    }

    /// Bytes.
    fn resident(&self) -> u64 {
        memory_stats::memory_stats().map_or(0, |stats| stats.physical_mem as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_process_has_some_memory_and_may_have_more() {
        let place = Place::open().expect("the system tells");
        assert!(place.resident() > MIB, "{}", place.resident());
        assert!((256..=MOST).contains(&sensible()), "{}", sensible());
    }

    #[test]
    fn the_thread_rests_while_the_script_sleeps_and_ends_with_the_program() {
        let memory = Memory::watch(Some(1 << 20));
        let shared = Arc::clone(&memory.0.as_ref().expect("watched").shared);
        let wait = |what: &str, is_so: &dyn Fn() -> bool| {
            let start = Instant::now();
            while !is_so() {
                assert!(start.elapsed() < Duration::from_secs(30), "{what}");
                thread::sleep(Duration::from_millis(1));
            }
        };
        memory.note_sleep(true);
        wait("it rests", &|| shared.is_parked.load(Ordering::SeqCst));
        memory.note_sleep(false);
        wait("it is awake", &|| !shared.is_parked.load(Ordering::SeqCst));
        memory.note_sleep(true);
        wait("it rests again", &|| shared.is_parked.load(Ordering::SeqCst));
        memory.stop();
        wait("it has ended", &|| Arc::strong_count(&shared) == 2);
    }
}
