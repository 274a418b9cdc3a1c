//! The program under test: started with a script, heard by its lines, and asked the system what it costs.

use std::fs;
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

/// A running program; it ends when this is dropped.
pub struct Program {
    child: Child,
    lines: io::Lines<BufReader<ChildStdout>>,
}

/// What it has cost so far.
#[derive(Clone, Copy, Default)]
pub struct Sample {
    /// CPU time of all its threads, s.
    pub cpu: f64,
    /// The memory it has, bytes.
    pub memory: u64,
}

impl Program {
    /// Starts `benches/growth/scripts/SCRIPT.rhai`.
    pub fn start(script: &str, arguments: &[String]) -> io::Result<Self> {
        let binary = std::env::var_os("MQTTSCRIPT").unwrap_or_else(|| env!("CARGO_BIN_EXE_mqttscript").into());
        let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/growth/scripts");
        let mut command = Command::new(binary);
        command.arg("--allow-all").arg(scripts.join(script).with_extension("rhai")).args(arguments);
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let stdout = child.stdout.take().ok_or_else(|| io::Error::other("no standard output"))?;
        Ok(Self { child, lines: BufReader::new(stdout).lines() })
    }

    /// Waits for a line, and tells what the program has cost by then.
    pub fn wait_for(&mut self, wanted: &str) -> Result<Sample, String> {
        for line in self.lines.by_ref() {
            let line = line.map_err(|error| error.to_string())?;
            if line == wanted {
                return Ok(self.sample());
            }
            println!("{line}");
        }
        Err(format!("it ended before it said `{wanted}`"))
    }

    /// What it has cost so far. Threads that have ended do not count; those of the program live as long as it does.
    pub fn sample(&self) -> Sample {
        let process = Path::new("/proc").join(self.child.id().to_string());
        let threads = fs::read_dir(process.join("task")).into_iter().flatten().flatten();
        let ran = threads.filter_map(|thread| first_number(&thread.path().join("schedstat")));
        let cpu = ran.sum::<u64>() as f64 / 1e9;
        Sample { cpu, memory: resident(&process).unwrap_or(0) }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn first_number(path: &Path) -> Option<u64> {
    fs::read_to_string(path).ok()?.split_whitespace().next()?.parse().ok()
}

fn resident(process: &Path) -> Option<u64> {
    let status = fs::read_to_string(process.join("status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes * 1024)
}
