//! What a script may do outside of itself: read and write files, see the environment, connect.
//!
//! Decided once per run from the command line; every host object asks here, at every call and every attempt. No I/O but
//! following links.
//!
//! | file | owns |
//! |---|---|
//! | `grant` | everything, or a list: `--allow-x`, `--allow-x=A,B` |
//! | `paths` | where a path leads, and whether that is inside |
//! | `peers` | hosts, ports and sockets |
//! | `refusal` | the error, with the flag that would allow it |

mod grant;
mod paths;
mod peers;
mod refusal;

use std::path::{Path, PathBuf};

pub use grant::Grant;
pub use paths::{Last, leads_to};
pub use peers::Peer;
pub use refusal::{Kind, Refusal};

use crate::mqtt::options::{Endpoint, Scheme};

/// What a script may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permissions {
    /// Files and folders with all that is below them, as [`leads_to`] gives them.
    pub read: Grant<PathBuf>,
    /// The same for writing.
    pub write: Grant<PathBuf>,
    /// Names of environment variables; `*` at the end stands for any rest.
    pub env: Grant<String>,
    /// Whom it may connect to, and where it may listen.
    pub net: Grant<Peer>,
    /// Flags such as `--allow-write` that were given to the script instead of to the program.
    pub misplaced: Vec<String>,
}

impl Permissions {
    /// Everything.
    pub const fn all() -> Self {
        Self { read: Grant::All, write: Grant::All, env: Grant::All, net: Grant::All, misplaced: Vec::new() }
    }

    /// What needs no flag: to read in `folder` and below, and to connect anywhere.
    pub fn beside(folder: &Path) -> Self {
        Self {
            read: Grant::Only(vec![leads_to(folder, Last::Followed)]),
            write: Grant::NOTHING,
            env: Grant::NOTHING,
            net: Grant::All,
            misplaced: Vec::new(),
        }
    }

    /// Whether the file or folder at `path` may be read; `named` is how the script wrote it.
    ///
    /// # Errors
    /// It may not.
    pub fn check_read(&self, named: &str, path: &Path, last: Last) -> Result<(), Refusal> {
        let target = leads_to(path, last);
        if !self.read.allows(|root| target.starts_with(root)) {
            return Err(self.refuse(Kind::Read, named, path, &target));
        }
        // The system shows the environment as a file.
        if self.env != Grant::All && paths::shows_environment(&target) {
            return Err(Refusal::new(Kind::EnvFile, named).misplaced_among(&self.misplaced));
        }
        Ok(())
    }

    /// Whether the file or folder at `path` may be made, changed or removed; `named` is how the script wrote it.
    ///
    /// # Errors
    /// It may not.
    pub fn check_write(&self, named: &str, path: &Path, last: Last) -> Result<(), Refusal> {
        let target = leads_to(path, last);
        if self.write.allows(|root| target.starts_with(root)) {
            return Ok(());
        }
        Err(self.refuse(Kind::Write, named, path, &target))
    }

    fn refuse(&self, kind: Kind, named: &str, path: &Path, target: &Path) -> Refusal {
        let refusal = Refusal::new(kind, named).with_value(&path.to_string_lossy());
        let refusal =
            if *target == paths::absolute(path) { refusal } else { refusal.with_target(&target.to_string_lossy()) };
        refusal.misplaced_among(&self.misplaced)
    }

    /// Whether the script may see the environment variable `name`.
    pub fn sees(&self, name: &str) -> bool {
        self.env.allows(|allowed| match allowed.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => allowed == name,
        })
    }

    /// Whether the script may see the environment variable `name`.
    ///
    /// # Errors
    /// It may not.
    pub fn check_env(&self, name: &str) -> Result<(), Refusal> {
        if self.sees(name) {
            return Ok(());
        }
        Err(Refusal::new(Kind::Env, name).with_value(name).misplaced_among(&self.misplaced))
    }

    /// Whether a client may dial `endpoint`.
    ///
    /// # Errors
    /// It may not.
    pub fn check_dial(&self, endpoint: &Endpoint) -> Result<(), Refusal> {
        match endpoint.scheme {
            Scheme::Unix => self.check_peer(Kind::Connect, Peer::socket(&endpoint.path)),
            _ => self.check_connect(&endpoint.host, endpoint.port),
        }
    }

    /// Whether a connection to `host` (a name, or an address without brackets) may be opened.
    ///
    /// # Errors
    /// It may not.
    pub fn check_connect(&self, host: &str, port: u16) -> Result<(), Refusal> {
        self.check_peer(Kind::Connect, Peer::host(host, Some(port)))
    }

    /// Whether a server may listen at `host`; port 0 stands for any free one.
    ///
    /// # Errors
    /// It may not.
    pub fn check_listen(&self, host: &str, port: u16) -> Result<(), Refusal> {
        self.check_peer(Kind::Listen, Peer::host(host, Some(port)))
    }

    fn check_peer(&self, kind: Kind, peer: Peer) -> Result<(), Refusal> {
        if self.net.allows(|allowed| allowed.covers(&peer)) {
            return Ok(());
        }
        let shown = peer.to_string();
        Err(Refusal::new(kind, &shown).with_value(&shown).misplaced_among(&self.misplaced))
    }
}

#[cfg(test)]
mod tests;
