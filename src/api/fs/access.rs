//! Every path that a script names goes through here: one place for permissions, separators and what `--watch` follows.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use bytes::Bytes;
use rhai::EvalAltResult;

/// Decides about a path; `Err` is thrown to the script.
pub type Check = Rc<dyn Fn(&Path) -> Result<(), Box<EvalAltResult>>>;

/// What a script may do with files, and which it has read. Copies share it.
#[derive(Clone)]
pub struct Access {
    read: Check,
    write: Check,
    seen: Rc<RefCell<Vec<PathBuf>>>,
}

impl Default for Access {
    fn default() -> Self {
        Self::new(Rc::new(|_| Ok(())), Rc::new(|_| Ok(())))
    }
}

impl Access {
    /// Access that asks `read` and `write` about every path.
    pub fn new(read: Check, write: Check) -> Self {
        Self { read, write, seen: Rc::default() }
    }

    /// The file that `path` names, after asking whether it may be read; it counts as read from here on.
    ///
    /// # Errors
    /// A refusal.
    pub fn check_read(&self, path: &str) -> Result<PathBuf, Box<EvalAltResult>> {
        let path = located(path);
        (self.read)(&path)?;
        let mut seen = self.seen.borrow_mut();
        if !seen.contains(&path) {
            seen.push(path.clone());
        }
        Ok(path)
    }

    /// The file that `path` names, after asking whether it may be written.
    ///
    /// # Errors
    /// A refusal.
    pub fn check_write(&self, path: &str) -> Result<PathBuf, Box<EvalAltResult>> {
        let path = located(path);
        (self.write)(&path)?;
        Ok(path)
    }

    /// The content of a file, for a host object that takes a path. The error is Node's text.
    ///
    /// # Errors
    /// A refusal, or what the system says.
    pub fn read(&self, path: &str) -> Result<Bytes, String> {
        let file = self.check_read(path).map_err(|error| error.to_string())?;
        std::fs::read(file).map(Bytes::from).map_err(|error| super::error::describe(&error, "open", path))
    }

    /// The files read so far, each once, in order.
    pub fn paths_read(&self) -> Vec<PathBuf> {
        self.seen.borrow().clone()
    }
}

/// Programs written on Windows say `certs\\ca.crt`: backslashes separate unless there is such a file.
fn located(path: &str) -> PathBuf {
    let literal = PathBuf::from(path);
    if cfg!(windows) || !path.contains('\\') || literal.exists() {
        return literal;
    }
    PathBuf::from(path.replace('\\', "/"))
}
