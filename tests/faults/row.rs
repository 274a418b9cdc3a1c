//! What came out of a case: one row of the table.

use std::fmt;
use std::fs::OpenOptions;
use std::io::Write;
use std::time::Duration;

/// Resident memory of a program, KiB; `None` where the system does not tell.
pub type Resident = Option<u64>;

/// The resident memory of a process now.
pub fn resident(id: u32) -> Resident {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}

/// See the module.
#[derive(Debug, Default)]
pub struct Row {
    /// The fault.
    pub scenario: String,
    /// Who took the messages, and who looked on.
    pub broker: String,
    /// Messages that the program accepted.
    pub sent: usize,
    /// Different ones that were observed.
    pub observed: usize,
    /// Accepted and not observed.
    pub lost: usize,
    /// Observed more than once: those of QoS 1 may be.
    pub again: usize,
    /// Connections after the first.
    pub reconnects: usize,
    /// The longest time without a message.
    pub longest_gap: Duration,
    /// When a tenth, half and all of the messages were observed.
    pub resident: [Resident; 3],
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { scenario, broker, sent, observed, lost, again, reconnects, longest_gap, resident } = self;
        write!(f, "{scenario}\t{broker}\t{sent}\t{observed}\t{lost}\t{again}\t{reconnects}\t")?;
        write!(f, "{:.2} s", longest_gap.as_secs_f64())?;
        for kibibytes in resident {
            match kibibytes {
                Some(kibibytes) => write!(f, "\t{:.1} MB", *kibibytes as f64 / 1024.0)?,
                None => write!(f, "\t-")?,
            }
        }
        Ok(())
    }
}

impl Row {
    /// Adds it to the file that `MQTTSCRIPT_FAULTS_TABLE` names, if it does.
    pub fn report(&self) {
        println!("{self}");
        let Some(path) = std::env::var_os("MQTTSCRIPT_FAULTS_TABLE") else { return };
        let mut file = OpenOptions::new().create(true).append(true).open(path).expect("the table can be written");
        // One write for a line: cases run side by side.
        file.write_all(format!("{self}\n").as_bytes()).expect("the table can be written");
    }
}
