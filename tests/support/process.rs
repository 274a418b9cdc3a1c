//! A child process whose output is read as it comes; killed, by the id it was started with, when it is dropped.

use std::fmt::{self, Display};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// How it ended and what it printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Standard output, all of it.
    pub stdout: String,
    /// Standard error, all of it.
    pub stderr: String,
    /// Exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
}

impl Outcome {
    fn new(status: ExitStatus, output: &Output) -> Self {
        use std::os::unix::process::ExitStatusExt;
        Self {
            stdout: output.stdout.clone(),
            stderr: output.stderr.clone(),
            code: status.code(),
            signal: status.signal(),
        }
    }
}

impl Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.code, self.signal) {
            (Some(code), _) => writeln!(f, "exit code {code}")?,
            (None, Some(signal)) => writeln!(f, "ended by signal {signal}")?,
            (None, None) => writeln!(f, "ended")?,
        }
        show(f, &self.stdout, &self.stderr)
    }
}

fn show(f: &mut dyn fmt::Write, stdout: &str, stderr: &str) -> fmt::Result {
    write!(f, "--- stdout\n{stdout}--- stderr\n{stderr}---")
}

/// Which stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// What was printed so far.
#[derive(Debug, Default)]
pub struct Output {
    stdout: String,
    stderr: String,
    /// How many of the two streams have ended.
    ended: usize,
}

impl Output {
    /// The text of one stream.
    pub fn of(&self, stream: Stream) -> &str {
        match stream {
            Stream::Stdout => &self.stdout,
            Stream::Stderr => &self.stderr,
        }
    }

    fn add(&mut self, stream: Stream, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        match stream {
            Stream::Stdout => self.stdout.push_str(&text),
            Stream::Stderr => self.stderr.push_str(&text),
        }
    }
}

impl Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(f, &self.stdout, &self.stderr)
    }
}

/// The output and what tells that it grew.
#[derive(Debug, Default)]
struct Shared {
    output: Mutex<Output>,
    grew: Condvar,
}

impl Shared {
    /// A failing assertion of a test may have held the lock: what was printed is as good as before.
    fn lock(&self) -> MutexGuard<'_, Output> {
        self.output.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for more output, at most until then; when that is over, gives what there is as text.
    fn more<'a>(&'a self, output: MutexGuard<'a, Output>, until: Instant) -> Result<MutexGuard<'a, Output>, String> {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(output.to_string());
        }
        Ok(self.grew.wait_timeout(output, left).unwrap_or_else(PoisonError::into_inner).0)
    }

    fn change(&self, change: impl FnOnce(&mut Output)) {
        change(&mut self.lock());
        self.grew.notify_all();
    }
}

/// A running child.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    stdin: Option<ChildStdin>,
    output: Arc<Shared>,
}

impl Process {
    /// Starts `command` with its output piped to here; `stdin` says whether its input is too, else it is empty.
    #[track_caller]
    pub fn start(mut command: Command, stdin: bool) -> Self {
        let name = format!("{:?}", command.get_program());
        command.stdin(if stdin { Stdio::piped() } else { Stdio::null() }).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("cannot start {name}: {error}"));
        let output = Arc::default();
        follow(child.stdout.take().expect("stdout is piped"), Stream::Stdout, &output);
        follow(child.stderr.take().expect("stderr is piped"), Stream::Stderr, &output);
        let stdin = child.stdin.take();
        Self { name, child, stdin, output }
    }

    /// What it printed so far.
    pub fn output(&self) -> MutexGuard<'_, Output> {
        self.output.lock()
    }

    /// Waits until `found` gives something for the output so far.
    #[track_caller]
    pub fn wait_until<T>(&self, what: &str, limit: Duration, mut found: impl FnMut(&Output) -> Option<T>) -> T {
        let until = Instant::now() + limit;
        let mut output = self.output();
        loop {
            if let Some(value) = found(&output) {
                return value;
            }
            assert!(output.ended < 2, "{} ended before {what}\n{output}", self.name);
            output = match self.output.more(output, until) {
                Ok(output) => output,
                Err(output) => panic!("{}: no {what} within {limit:?}\n{output}", self.name),
            };
        }
    }

    /// Writes to its standard input; that it no longer reads is no failure.
    pub fn write_stdin(&mut self, bytes: &[u8]) {
        let stdin = self.stdin.as_mut().expect("standard input is piped and was not closed");
        let _ = stdin.write_all(bytes).and_then(|()| stdin.flush());
    }

    /// Ends its standard input.
    pub fn close_stdin(&mut self) {
        self.stdin = None;
    }

    /// Sends a signal.
    #[track_caller]
    pub fn signal(&mut self, signal: Signal) {
        // As long as it was not waited for, the id cannot belong to another process.
        if let Err(error) = kill_process(self.pid(), signal) {
            panic!("cannot send {signal:?} to {}: {error}\n{}", self.name, self.output());
        }
    }

    /// Whether it has ended.
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("a child can be waited for").is_some()
    }

    /// Waits for its end.
    #[track_caller]
    pub fn wait(&mut self, limit: Duration) -> Outcome {
        let until = Instant::now() + limit;
        self.close_stdin();
        let late = |output: &dyn Display| format!("{} still ran after {limit:?}\n{output}", self.name);
        let mut output = self.output.lock();
        while output.ended < 2 {
            output = self.output.more(output, until).unwrap_or_else(|output| panic!("{}", late(&output)));
        }
        // Its streams end with it, except when it closed them before: then this is the wait.
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("a child can be waited for") {
                break status;
            }
            assert!(Instant::now() < until, "{}", late(&*output));
            std::thread::sleep(Duration::from_millis(1));
        };
        Outcome::new(status, &output)
    }

    /// Waits until it has ended; says whether it did within `limit`.
    pub fn ended_within(&mut self, limit: Duration) -> bool {
        let until = Instant::now() + limit;
        while !self.has_ended() {
            if Instant::now() > until {
                return false;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        true
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only if it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads a stream to its end, on a thread of its own, by lines so that no character is cut in two.
fn follow(stream: impl Read + Send + 'static, which: Stream, shared: &Arc<Shared>) {
    let shared = Arc::clone(shared);
    std::thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut line = Vec::new();
        while matches!(reader.read_until(b'\n', &mut line), Ok(1..)) {
            shared.change(|output| output.add(which, &line));
            line.clear();
        }
        shared.change(|output| output.ended += 1);
    });
}
