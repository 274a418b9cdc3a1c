//! Where printed text goes: standard output and standard error of the process, in order and without flushing each line.
//!
//! On a terminal a line appears at once; into a file or pipe text is gathered until the event loop is about to sleep,
//! until 64 KB came together, until something goes to standard error, or for 20 ms if the script is busy.

use std::cell::RefCell;
use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, Thread};
use std::time::Duration;

/// So much is gathered at most.
const FULL: usize = 64 * 1024;

/// How long text of a script that never comes to rest is gathered.
const LONGEST_WAIT: Duration = Duration::from_millis(20);

/// After so many waits without output the thread that looks after busy scripts sleeps.
const QUIET_LOOKS: u32 = 50;

struct Output {
    gathered: Vec<u8>,
    at_once: bool,
    /// The reader has gone; what follows is dropped.
    broken: bool,
    /// The thread that looks after busy scripts is awake.
    is_watched: bool,
}

thread_local! {
    /// Taken instead of written, for tests: (standard output, standard error).
    static CAPTURED: RefCell<Option<(String, String)>> = const { RefCell::new(None) };
}

/// That of the process.
fn output() -> MutexGuard<'static, Output> {
    static OUTPUT: OnceLock<Mutex<Output>> = OnceLock::new();
    let output = OUTPUT.get_or_init(|| {
        let at_once = io::stdout().is_terminal();
        Mutex::new(Output { gathered: Vec::new(), at_once, broken: false, is_watched: false })
    });
    // What was gathered is as good as before a panic elsewhere.
    output.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Appends to what is captured on this thread, if anything is.
fn capture_text(parts: &[&str], which: fn(&mut (String, String)) -> &mut String) -> bool {
    CAPTURED.with_borrow_mut(|captured| {
        let Some(captured) = captured else { return false };
        which(captured).extend(parts.iter().copied());
        true
    })
}

/// Writes one line to standard output.
pub fn out(line: &str) {
    write(&[line, "\n"]);
}

/// Writes text without a line end to standard output.
pub fn out_raw(text: &str) {
    write(&[text]);
}

fn write(parts: &[&str]) {
    if capture_text(parts, |(out, _)| out) {
        return;
    }
    let mut output = output();
    if output.broken {
        return;
    }
    for part in parts {
        output.gathered.extend_from_slice(part.as_bytes());
    }
    if output.at_once || output.gathered.len() >= FULL {
        output.flush();
    } else if !std::mem::replace(&mut output.is_watched, true) {
        drop(output);
        watch();
    }
}

/// Has the gathered text written in [`LONGEST_WAIT`] also if the script does not come to rest.
fn watch() {
    static WATCHER: OnceLock<Option<Thread>> = OnceLock::new();
    let watcher = WATCHER.get_or_init(|| {
        let started = thread::Builder::new().name("output".into()).spawn(write_for_busy_scripts);
        // Without it text comes when the script rests.
        started.ok().map(|thread| thread.thread().clone())
    });
    if let Some(watcher) = watcher {
        watcher.unpark();
    }
}

fn write_for_busy_scripts() {
    let mut quiet = 0;
    loop {
        thread::sleep(LONGEST_WAIT);
        let mut output = output();
        quiet = if output.gathered.is_empty() { quiet + 1 } else { 0 };
        output.flush();
        if quiet >= QUIET_LOOKS {
            output.is_watched = false;
            drop(output);
            // The next text wakes it.
            thread::park();
            quiet = 0;
        }
    }
}

/// Writes one line to standard error, after everything printed before it.
pub fn err(line: &str) {
    if capture_text(&[line, "\n"], |(_, err)| err) {
        return;
    }
    let mut output = output();
    output.flush();
    // Nobody is left to tell that standard error is closed.
    drop(writeln!(io::stderr().lock(), "{line}"));
}

/// Writes what was gathered. The event loop calls it before it sleeps and at exit.
pub fn flush() {
    output().flush();
}

/// Whether the reader of standard output has gone (`mqttscript ... | head`); further output is dropped.
pub fn broken_pipe() -> bool {
    output().broken
}

/// Runs `body` and returns its result with what it printed on this thread: (standard output, standard error).
pub fn capture<R>(body: impl FnOnce() -> R) -> (R, String, String) {
    let outer = CAPTURED.replace(Some(Default::default()));
    let result = body();
    let (out, err) = CAPTURED.replace(outer).unwrap_or_default();
    (result, out, err)
}

impl Output {
    fn flush(&mut self) {
        if !self.gathered.is_empty() {
            self.flush_to(&mut io::stdout().lock());
        }
    }

    fn flush_to(&mut self, stdout: &mut impl Write) {
        if !self.broken && stdout.write_all(&self.gathered).and_then(|()| stdout.flush()).is_err() {
            self.broken = true;
        }
        self.gathered.clear();
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, ErrorKind, Write};

    use super::Output;

    struct Closed;

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn output(text: &str) -> Output {
        Output { gathered: text.into(), at_once: false, broken: false, is_watched: false }
    }

    #[test]
    fn what_was_gathered_is_written_once() {
        let (mut output, mut written) = (output("a\n"), Vec::new());
        output.flush_to(&mut written);
        output.flush_to(&mut written);
        assert_eq!(written, b"a\n");
    }

    #[test]
    fn a_reader_that_has_gone_ends_output_and_not_the_program() {
        let mut output = output("a\n");
        output.flush_to(&mut Closed);
        assert!(output.broken && output.gathered.is_empty());
        let mut written = Vec::new();
        output.gathered.extend_from_slice(b"b\n");
        output.flush_to(&mut written);
        assert!(written.is_empty());
    }
}
