//! `--watch`: when a file of the program is saved, compile it; if that works, end the old run and start a new one.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, select, unbounded};
use notify::RecursiveMode;
use notify_debouncer_mini::{DebounceEventResult, DebouncedEvent, Debouncer, new_debouncer};

use crate::diagnostics::{Diagnostic, render};
use crate::runtime::run::{Plan, Remote, check, run as run_once};

/// Editors save in several steps; one save is one change.
const DEBOUNCE: Duration = Duration::from_millis(100);

/// Reads the program anew.
pub type Reader<'a> = dyn Fn() -> Result<Plan, Box<Diagnostic>> + 'a;

/// Runs `plan`, and again whenever a file it is made of changes, until a signal ends it. The exit code of the last run.
pub fn run(file: &Path, read: impl Fn() -> Result<Plan, Box<Diagnostic>>, plan: Plan) -> i32 {
    let mut files = match Files::watch(file) {
        Ok(files) => files,
        Err(error) => {
            render::print(&Diagnostic::error(format!("cannot watch `{}`: {error}", file.display())));
            return 1;
        }
    };
    let mut plan = plan;
    loop {
        let current = Run::start(plan);
        match next_plan(&mut files, &read, &current) {
            Ok(next) => plan = next,
            Err(code) => return code,
        }
        current.replace();
    }
}

/// Waits for a change that compiles; an error is the exit code of a program that a signal ended.
fn next_plan(files: &mut Files, read: &Reader, current: &Run) -> Result<Plan, i32> {
    let mut is_running = true;
    loop {
        select! {
            recv(current.started) -> made_of => {
                for path in made_of.unwrap_or_default() {
                    files.add(&path);
                }
            }
            recv(if is_running { current.ended.clone() } else { crossbeam_channel::never() }) -> code => {
                let code = code.unwrap_or(1);
                if code >= 128 {
                    return Err(code);
                }
                is_running = false;
                eprintln!("the program ended with exit code {code}, waiting for a change");
            }
            recv(files.changes) -> changed => {
                if !files.concerns(&changed.unwrap_or_default()) {
                    continue;
                }
                match read().and_then(|plan| check(&plan.name, &plan.text).map(|()| plan)) {
                    Ok(plan) => return Ok(plan),
                    Err(diagnostic) => keep_previous(&diagnostic, is_running),
                }
            }
        }
    }
}

fn keep_previous(diagnostic: &Diagnostic, is_running: bool) {
    render::print(diagnostic);
    if is_running {
        render::print(&Diagnostic::warning("kept the previous version running"));
    }
}

/// A program that runs.
struct Run {
    replaced: Arc<AtomicBool>,
    started: Receiver<Vec<PathBuf>>,
    wakers: Receiver<Box<dyn Fn() + Send>>,
    ended: Receiver<i32>,
}

impl Run {
    fn start(plan: Plan) -> Self {
        let replaced = Arc::new(AtomicBool::new(false));
        let (tell_started, started) = unbounded();
        let (tell_waker, wakers) = unbounded();
        let (tell_ended, ended) = unbounded();
        let remote = Remote {
            replaced: Arc::clone(&replaced),
            on_started: Some(Box::new(move |files, waker| {
                // The watcher may have moved on.
                let _ = tell_started.send(files);
                let _ = tell_waker.send(waker);
            })),
        };
        std::thread::spawn(move || tell_ended.send(run_once(plan, remote)));
        Self { replaced, started, wakers, ended }
    }

    /// Ends it, and waits until it has.
    fn replace(self) {
        self.replaced.store(true, Ordering::Relaxed);
        for wake in self.wakers.try_iter() {
            wake();
        }
        // An error means that it has ended before.
        let _ = self.ended.recv();
    }
}

/// The files of a program. Their folders are watched: many editors replace a file instead of writing to it.
struct Files {
    watcher: Debouncer<notify::RecommendedWatcher>,
    changes: Receiver<Vec<DebouncedEvent>>,
    folders: Vec<PathBuf>,
    files: Vec<PathBuf>,
}

impl Files {
    fn watch(main: &Path) -> notify::Result<Self> {
        let (sender, changes): (Sender<Vec<DebouncedEvent>>, _) = unbounded();
        let watcher = new_debouncer(DEBOUNCE, move |result: DebounceEventResult| {
            // Lost events are followed by others; a program that ended does not listen.
            let _ = sender.send(result.unwrap_or_default());
        })?;
        let mut files = Self { watcher, changes, folders: Vec::new(), files: Vec::new() };
        files.add(main);
        if files.folders.is_empty() { Err(notify::Error::path_not_found()) } else { Ok(files) }
    }

    fn add(&mut self, file: &Path) {
        let Ok(file) = file.canonicalize() else { return };
        let Some(folder) = file.parent().map(Path::to_path_buf) else { return };
        if !self.folders.contains(&folder) && self.watcher.watcher().watch(&folder, RecursiveMode::NonRecursive).is_ok()
        {
            self.folders.push(folder);
        }
        if !self.files.contains(&file) {
            self.files.push(file);
        }
    }

    fn concerns(&self, changed: &[DebouncedEvent]) -> bool {
        let same = |path: &Path| {
            self.files.iter().any(|file| file == path || path.canonicalize().is_ok_and(|path| path == *file))
        };
        changed.iter().any(|event| same(&event.path))
    }
}
