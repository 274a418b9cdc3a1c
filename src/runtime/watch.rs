//! `--watch`: when a file of the program is saved, compile it; if that works, end the old run and start a new one.

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use crossbeam_channel::{Receiver, Sender, never, select, unbounded};
use notify::RecursiveMode;
use notify_debouncer_mini::{DebounceEventResult, Debouncer, new_debouncer};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::diagnostics::{Diagnostic, render};
use crate::runtime::run::{Ended, Files, Plan, Remote, Waker, Watcher, check, run as run_once};

/// Editors save in several steps; one save is one change.
const DEBOUNCE: Duration = Duration::from_millis(100);

/// A file that has not changed for so long is saved.
const SETTLE: Duration = Duration::from_millis(20);

/// Reads the program anew.
pub type Reader<'a> = dyn Fn() -> Result<Plan, Box<Diagnostic>> + 'a;

/// Runs `plan`, and again whenever a file it is made of changes, until a signal ends it. The exit code of the last run.
pub fn run(file: &Path, read: impl Fn() -> Result<Plan, Box<Diagnostic>>, plan: Plan) -> i32 {
    let failed = |error: &dyn std::fmt::Display| {
        render::print(&Diagnostic::error(format!("cannot watch `{}`: {error}", file.display())));
        1
    };
    let signals = match signals() {
        Ok(signals) => signals,
        Err(error) => return failed(&error),
    };
    let mut saved = match Saved::watch(file) {
        Ok(saved) => saved,
        Err(error) => return failed(&error),
    };
    let mut plan = plan;
    loop {
        let mut current = Run::start(plan, signals.clone());
        match next_plan(&mut saved, &signals, &read, &mut current) {
            Ok(next) => plan = next,
            Err(code) => return code,
        }
        // What came so far was for the program that ends now; what comes until the next one listens is for us.
        signals.try_iter().for_each(drop);
        let (ended, early) = current.replace();
        if let Some(Ended { code: code @ 128.., signalled: true }) = ended {
            return code;
        }
        // It came while the program ended, or before it could hear one.
        if let Some(signal) = early.or_else(|| signals.try_recv().ok()) {
            return 128 + signal;
        }
    }
}

/// Waits for a change that compiles; an error is the exit code, as a signal came.
fn next_plan(saved: &mut Saved, signals: &Receiver<i32>, read: &Reader, current: &mut Run) -> Result<Plan, i32> {
    let mut is_running = true;
    loop {
        select! {
            recv(if current.waker.is_none() { current.wakers.clone() } else { never() }) -> start => {
                // Without a waker it did not come to its start; that it ended is told too.
                let (waker, signal) = start.unwrap_or_else(|_| (Box::new(|| {}), None));
                current.waker = Some(waker);
                if let Some(signal) = signal {
                    let _ = current.order_end();
                    return Err(current.ended.recv().map_or(128 + signal, |ended| ended.code.max(128 + signal)));
                }
            }
            recv(current.files) -> files => {
                if let Ok(files) = files {
                    saved.add_all(files);
                    // One may have been saved before it was watched.
                    saved.look();
                }
            }
            recv(if is_running { current.ended.clone() } else { never() }) -> ended => {
                let Ended { code, signalled } = ended.unwrap_or(Ended { code: 1, signalled: false });
                if signalled {
                    return Err(code);
                }
                // What it told in its last moment.
                current.files.try_iter().for_each(|files| saved.add_all(files));
                saved.look();
                is_running = false;
                say(&format!("the program ended with exit code {code}, waiting for a change"));
            }
            // A program that runs has its own say in what a signal does.
            recv(if is_running { never() } else { signals.clone() }) -> signal => {
                return Err(128 + signal.unwrap_or(SIGINT));
            }
            recv(saved.events) -> event => {
                let changed = event.map(|()| saved.take_changed()).unwrap_or_default();
                if changed.is_empty() {
                    continue;
                }
                match read().and_then(|plan| check_all(&plan, &saved.modules, &changed).map(|()| plan)) {
                    Ok(plan) => return Ok(plan),
                    Err(diagnostic) => keep_previous(&diagnostic, is_running),
                }
            }
        }
    }
}

/// Compiles the main script and those of its modules that have changed.
fn check_all(plan: &Plan, modules: &[PathBuf], changed: &[PathBuf]) -> Result<(), Box<Diagnostic>> {
    check(&plan.name, &plan.text)?;
    for module in modules.iter().filter(|module| changed.contains(module)) {
        // One that is gone is perhaps no longer imported; if it is, the program says so.
        if let Ok(text) = std::fs::read_to_string(module) {
            check(&module.display().to_string(), &text)?;
        }
    }
    Ok(())
}

fn keep_previous(diagnostic: &Diagnostic, is_running: bool) {
    render::print(diagnostic);
    if is_running {
        render::print(&Diagnostic::warning("kept the previous version running"));
    }
}

/// Tells the user; on standard error, as standard output is the program's.
fn say(line: &str) {
    // Nobody is left to tell that standard error is closed.
    drop(writeln!(io::stderr(), "{line}"));
}

/// Signals that come while no program runs.
fn signals() -> io::Result<Receiver<i32>> {
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    let (tell, told) = unbounded();
    std::thread::Builder::new().name("watch signals".into()).spawn(move || {
        // Until nobody watches any more.
        let _ = signals.forever().try_for_each(|signal| tell.send(signal));
    })?;
    Ok(told)
}

/// A program that runs.
struct Run {
    replaced: Arc<AtomicBool>,
    /// When it starts: how to wake it, and a signal that came before it could hear one.
    wakers: Receiver<(Waker, Option<i32>)>,
    waker: Option<Waker>,
    files: Receiver<Stamped>,
    ended: Receiver<Ended>,
}

impl Run {
    fn start(plan: Plan, signals: Receiver<i32>) -> Self {
        let replaced = Arc::new(AtomicBool::new(false));
        let (tell_waker, wakers) = unbounded();
        let (tell_files, files) = unbounded();
        let (tell_ended, ended) = unbounded();
        // The watcher may have moved on before it is told.
        let watcher = Watcher {
            // Looked for here and not by who is told: until then the program may hear one itself.
            on_start: Box::new(move |waker| drop(tell_waker.send((waker, signals.try_recv().ok())))),
            on_files: Box::new(move |files| drop(tell_files.send(Stamped::of(files)))),
        };
        let remote = Remote { replaced: Arc::clone(&replaced), watcher: Some(watcher) };
        std::thread::spawn(move || tell_ended.send(run_once(plan, remote)));
        Self { replaced, wakers, waker: None, files, ended }
    }

    /// Ends it, and waits until it has; `None` if it had ended before. Also gives a signal that came before it could hear one.
    fn replace(mut self) -> (Option<Ended>, Option<i32>) {
        let early = self.order_end();
        (self.ended.recv().ok(), early)
    }

    fn order_end(&mut self) -> Option<i32> {
        self.replaced.store(true, Ordering::Relaxed);
        // It gives its waker before it starts; without one it ended before that.
        let start = self.waker.take().map(|waker| (waker, None)).or_else(|| self.wakers.recv().ok());
        let (wake, early) = start?;
        wake();
        early
    }
}

/// When a file was written last, and its length; `None`: there is none.
type Stamp = Option<(SystemTime, u64)>;

fn stamp(file: &Path) -> Stamp {
    let metadata = file.metadata().ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

/// Files as they were when the program told of them.
struct Stamped {
    files: Vec<(PathBuf, Stamp)>,
    modules: Vec<PathBuf>,
}

impl Stamped {
    fn of(files: Files) -> Self {
        let Files { modules, read } = files;
        let files = modules.iter().cloned().chain(read).map(|file| (file.clone(), stamp(&file))).collect();
        Self { files, modules }
    }
}

/// The files of a program, and what tells that something was done to them. Their folders are watched: many editors
/// replace a file instead of writing to it.
struct Saved {
    watcher: Debouncer<notify::RecommendedWatcher>,
    look: Sender<()>,
    events: Receiver<()>,
    folders: Vec<PathBuf>,
    /// As they were last seen: reading a file is an event too, but no change.
    files: HashMap<PathBuf, Stamp>,
    modules: Vec<PathBuf>,
}

impl Saved {
    fn watch(main: &Path) -> notify::Result<Self> {
        let (sender, events) = unbounded();
        let look = sender.clone();
        let watcher = new_debouncer(DEBOUNCE, move |_: DebounceEventResult| {
            // What happened is seen by looking, also when events were lost.
            let _ = sender.send(());
        })?;
        let mut saved = Self { watcher, look, events, folders: Vec::new(), files: HashMap::new(), modules: Vec::new() };
        saved.add(main, stamp(main));
        if saved.folders.is_empty() { Err(notify::Error::path_not_found()) } else { Ok(saved) }
    }

    fn add_all(&mut self, told: Stamped) {
        for (file, stamp) in &told.files {
            self.add(file, *stamp);
        }
        self.modules = told.modules;
    }

    /// Has the files looked at as if something had happened.
    fn look(&self) {
        // The other end is ours too.
        let _ = self.look.send(());
    }

    fn add(&mut self, file: &Path, stamp: Stamp) {
        if self.files.contains_key(file) {
            return;
        }
        // Of a link, and of what it leads to.
        for file in [Some(file.to_path_buf()), file.canonicalize().ok()].into_iter().flatten() {
            let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let Ok(folder) = parent.canonicalize() else { continue };
            let watcher = self.watcher.watcher();
            if !self.folders.contains(&folder) && watcher.watch(&folder, RecursiveMode::NonRecursive).is_ok() {
                self.folders.push(folder);
            }
        }
        self.files.insert(file.to_path_buf(), stamp);
    }

    /// The files that were saved since they were last looked at, once they have come to rest.
    fn take_changed(&mut self) -> Vec<PathBuf> {
        let mut changed = self.changes();
        while !changed.is_empty() {
            // A save that is under way: perhaps the file was emptied, and its text comes now.
            std::thread::sleep(SETTLE);
            let more = self.changes();
            if more.is_empty() {
                break;
            }
            changed.extend(more.into_iter().filter(|file| !changed.contains(file)).collect::<Vec<_>>());
        }
        changed
    }

    /// One that is gone is about to be replaced, or is not missed.
    fn changes(&mut self) -> Vec<PathBuf> {
        let mut changed = Vec::new();
        for (file, seen) in &mut self.files {
            let now = stamp(file);
            if now.is_some() && now != *seen {
                *seen = now;
                changed.push(file.clone());
            }
        }
        changed
    }
}
