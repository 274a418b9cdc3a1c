//! Runs `mqttscript` on a script, in a fresh folder, and compares its whole output.
//!
//! ```ignore
//! Script::new("console.log(1 + 1);").stdout("2\n").run();
//! Script::new("process.exit(3);").code(3).run();
//! ```
//!
//! Unless stated, standard output and standard error must be empty and the exit code 0, so that a stray line fails.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use rustix::process::Signal;
use tempfile::TempDir;

use super::PATIENCE;
use super::pattern::{difference, line_fits};
use super::process::{Process, Stream};

pub use super::process::Outcome;

/// What the script is called in its folder.
pub const SCRIPT_NAME: &str = "main.rhai";

/// A run of the binary in the making.
#[derive(Debug)]
pub struct Script {
    folder: TempDir,
    name: Option<String>,
    flags: Vec<OsString>,
    arguments: Vec<OsString>,
    variables: Vec<(OsString, OsString)>,
    stdin: Option<Vec<u8>>,
    timeout: Duration,
    stdout: String,
    stderr: String,
    code: Option<i32>,
    signal: Option<i32>,
}

impl Script {
    /// Runs `mqttscript main.rhai` with this text.
    pub fn new(text: impl AsRef<[u8]>) -> Self {
        Self::named(SCRIPT_NAME, text)
    }

    /// Runs `mqttscript NAME` with this text.
    pub fn named(name: &str, text: impl AsRef<[u8]>) -> Self {
        Self { name: Some(name.to_owned()), ..Self::bare() }.file(name, text)
    }

    /// Runs `mqttscript` without a script: all of the command line comes from [`flag`](Self::flag).
    pub fn bare() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a temporary folder can be made"),
            name: None,
            flags: Vec::new(),
            arguments: Vec::new(),
            variables: Vec::new(),
            stdin: None,
            timeout: PATIENCE,
            stdout: String::new(),
            stderr: String::new(),
            code: Some(0),
            signal: None,
        }
    }

    /// Adds a word before the script: a flag of `mqttscript`, or a subcommand.
    #[must_use]
    pub fn flag(mut self, word: impl AsRef<OsStr>) -> Self {
        self.flags.push(word.as_ref().to_owned());
        self
    }

    /// Adds a word after the script: an argument of the script.
    #[must_use]
    pub fn arg(mut self, word: impl AsRef<OsStr>) -> Self {
        self.arguments.push(word.as_ref().to_owned());
        self
    }

    /// Adds words after the script.
    #[must_use]
    pub fn args<W: AsRef<OsStr>>(self, words: impl IntoIterator<Item = W>) -> Self {
        words.into_iter().fold(self, Script::arg)
    }

    /// Puts a file (also `below/a/folder`) beside the script.
    #[must_use]
    pub fn file(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        let path = self.folder.path().join(name);
        let parent = path.parent().expect("a file in a folder has a parent");
        std::fs::create_dir_all(parent).expect("folders can be made in a temporary folder");
        std::fs::write(&path, bytes).expect("files can be written in a temporary folder");
        self
    }

    /// Sets an environment variable; of the surrounding ones only `PATH` is kept.
    #[must_use]
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.variables.push((name.as_ref().to_owned(), value.as_ref().to_owned()));
        self
    }

    /// What standard input has; without this it is empty.
    #[must_use]
    pub fn stdin(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.stdin = Some(bytes.as_ref().to_vec());
        self
    }

    /// How long it may run, if not [`PATIENCE`].
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }

    /// All that must be on standard output; `[..]` stands for any part of a line.
    #[must_use]
    pub fn stdout(mut self, text: impl Into<String>) -> Self {
        self.stdout = text.into();
        self
    }

    /// All that must be on standard error; `[..]` stands for any part of a line.
    #[must_use]
    pub fn stderr(mut self, text: impl Into<String>) -> Self {
        self.stderr = text.into();
        self
    }

    /// The exit code it must have.
    #[must_use]
    pub fn code(mut self, code: i32) -> Self {
        (self.code, self.signal) = (Some(code), None);
        self
    }

    /// The signal that must end it, instead of an exit code.
    #[must_use]
    pub fn ended_by(mut self, signal: Signal) -> Self {
        (self.code, self.signal) = (None, Some(signal.as_raw()));
        self
    }

    /// The folder it runs in; gone when the script is dropped.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Runs it to its end and checks everything.
    #[track_caller]
    pub fn run(self) -> Outcome {
        let mut running = self.spawn();
        running.close_stdin();
        running.finish()
    }

    /// Runs it to its end and checks nothing.
    #[track_caller]
    pub fn outcome(self) -> Outcome {
        let mut running = self.spawn();
        running.close_stdin();
        running.outcome()
    }

    /// Starts it and leaves it running; standard input stays open until [`Running::close_stdin`] or its end.
    #[track_caller]
    pub fn spawn(self) -> Running {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mqttscript"));
        command.args(&self.flags).args(&self.name).args(&self.arguments).current_dir(self.folder.path()).env_clear();
        // LLVM_PROFILE_FILE: or coverage runs lose what the binary did.
        for name in ["PATH", "LLVM_PROFILE_FILE"] {
            command.envs(std::env::var_os(name).map(|value| (name, value)));
        }
        command.env("HOME", self.folder.path()).envs(self.variables.iter().cloned());
        let mut process = Process::start(command, true);
        if let Some(bytes) = &self.stdin {
            process.write_stdin(bytes);
        }
        Running { process, read: [0; 2], script: self }
    }
}

/// A script that runs.
#[derive(Debug)]
pub struct Running {
    process: Process,
    /// How much of stdout and stderr earlier waits have taken.
    read: [usize; 2],
    script: Script,
}

impl Running {
    /// Waits for a line of standard output that is `text` (`[..]` for any part), after those already waited for;
    /// lines in between are passed over. Returns the line.
    #[track_caller]
    pub fn wait_for_line(&mut self, text: &str) -> String {
        self.wait_for(Stream::Stdout, text)
    }

    /// The same on standard error.
    #[track_caller]
    pub fn wait_for_error_line(&mut self, text: &str) -> String {
        self.wait_for(Stream::Stderr, text)
    }

    /// The next line of standard output, whatever it is.
    #[track_caller]
    pub fn next_line(&mut self) -> String {
        self.wait_for(Stream::Stdout, "[..]")
    }

    #[track_caller]
    fn wait_for(&mut self, stream: Stream, text: &str) -> String {
        let start = self.read[stream as usize];
        let what = format!("line `{text}` on {stream:?}");
        let (line, end) = self.process.wait_until(&what, self.script.timeout, |output| {
            let mut end = start;
            output.of(stream)[start..].split_inclusive('\n').find_map(|line| {
                end += line.len();
                let line = line.strip_suffix('\n')?;
                line_fits(text, line).then(|| (line.to_owned(), end))
            })
        });
        self.read[stream as usize] = end;
        line
    }

    /// What standard output has so far.
    pub fn stdout_so_far(&self) -> String {
        self.process.output().of(Stream::Stdout).to_owned()
    }

    /// What standard error has so far.
    pub fn stderr_so_far(&self) -> String {
        self.process.output().of(Stream::Stderr).to_owned()
    }

    /// Writes a line to standard input.
    pub fn stdin_line(&mut self, line: &str) {
        self.process.write_stdin(format!("{line}\n").as_bytes());
    }

    /// Ends standard input.
    pub fn close_stdin(&mut self) {
        self.process.close_stdin();
    }

    /// Sends a signal, such as `Signal::INT`.
    #[track_caller]
    pub fn signal(&mut self, signal: Signal) {
        self.process.signal(signal);
    }

    /// Ends it the hard way (SIGKILL) and returns what it had printed.
    #[track_caller]
    pub fn kill9(mut self) -> Outcome {
        self.process.signal(Signal::KILL);
        self.outcome()
    }

    /// Whether it has ended.
    pub fn has_ended(&mut self) -> bool {
        self.process.has_ended()
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// The folder it runs in.
    pub fn folder(&self) -> PathBuf {
        self.script.folder().to_owned()
    }

    /// Overwrites or adds a file beside the script.
    pub fn write_file(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.script.folder().join(name), bytes).expect("files can be written in a temporary folder");
    }

    /// Waits for its end and checks what the [`Script`] expects.
    #[track_caller]
    pub fn finish(mut self) -> Outcome {
        let outcome = self.process.wait(self.script.timeout);
        let mut faults = Vec::new();
        for (name, wanted, got) in
            [("stdout", &self.script.stdout, &outcome.stdout), ("stderr", &self.script.stderr, &outcome.stderr)]
        {
            faults.extend(difference(wanted, got).map(|difference| format!("{name}: {difference}")));
        }
        if (outcome.code, outcome.signal) != (self.script.code, self.script.signal) {
            let wanted = (self.script.code, self.script.signal);
            faults.push(format!("wanted (exit code, signal) {wanted:?}, got {:?}", (outcome.code, outcome.signal)));
        }
        assert!(
            faults.is_empty(),
            "not the outcome wanted (< what came, > what was wanted)\n{}\n{outcome}",
            faults.join("\n")
        );
        outcome
    }

    /// Waits for its end and checks nothing.
    #[track_caller]
    pub fn outcome(mut self) -> Outcome {
        self.process.wait(self.script.timeout)
    }
}
