//! Every path that a script names goes through here: one place for permissions, separators and what `--watch` follows.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use bytes::Bytes;
use rhai::EvalAltResult;

use crate::api::error::ErrorValue;
use crate::api::permissions::{Last, Permissions, Refusal};

/// What a script may do, and which files it has read. Copies share it.
#[derive(Debug, Clone)]
pub struct Access {
    permissions: Arc<Permissions>,
    seen: Rc<RefCell<Vec<PathBuf>>>,
}

/// Why a file that an option names was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    /// The script may not.
    Refused(Box<Refusal>),
    /// What the system says, in Node's words.
    Failed(String),
}

impl Default for Access {
    fn default() -> Self {
        Self::new(Arc::new(Permissions::all()))
    }
}

impl Access {
    /// Access with these permissions.
    pub fn new(permissions: Arc<Permissions>) -> Self {
        Self { permissions, seen: Rc::default() }
    }

    /// What the script may do.
    pub fn permissions(&self) -> &Arc<Permissions> {
        &self.permissions
    }

    /// The file that `path` names, after asking whether it may be read; it counts as read from here on.
    ///
    /// # Errors
    /// A refusal.
    pub fn check_read(&self, path: &str) -> Result<PathBuf, Box<EvalAltResult>> {
        self.readable(path).map_err(|refusal| refusal.raise())
    }

    /// The file that `path` names, after asking whether what it leads to may be written.
    ///
    /// # Errors
    /// A refusal.
    pub fn check_write(&self, path: &str) -> Result<PathBuf, Box<EvalAltResult>> {
        let file = located(path);
        self.permissions.check_write(path, &file, Last::Followed).map_err(|refusal| refusal.raise())?;
        Ok(file)
    }

    /// The file or link that `path` names, after asking whether it may be renamed or removed.
    ///
    /// # Errors
    /// A refusal.
    pub fn check_replace(&self, path: &str) -> Result<PathBuf, Box<EvalAltResult>> {
        let file = located(path);
        self.permissions.check_write(path, &file, Last::Itself).map_err(|refusal| refusal.raise())?;
        Ok(file)
    }

    /// The file or link that `path` names, after asking whether it may be moved elsewhere, where others may read it.
    ///
    /// # Errors
    /// A refusal.
    pub fn check_move(&self, path: &str) -> Result<PathBuf, Box<EvalAltResult>> {
        let file = self.check_replace(path)?;
        self.permissions.check_read(path, &file, Last::Itself).map_err(|refusal| refusal.raise())?;
        Ok(file)
    }

    /// The content of a file, for a host object that takes a path.
    ///
    /// # Errors
    /// A refusal, or what the system says.
    pub fn read(&self, path: &str) -> Result<Bytes, Unread> {
        let file = self.readable(path).map_err(|refusal| Unread::Refused(Box::new(refusal)))?;
        let failed = |error| Unread::Failed(super::error::describe(&error, "open", path));
        std::fs::read(file).map(Bytes::from).map_err(failed)
    }

    fn readable(&self, path: &str) -> Result<PathBuf, Refusal> {
        let file = located(path);
        self.permissions.check_read(path, &file, Last::Followed)?;
        let mut seen = self.seen.borrow_mut();
        if !seen.contains(&file) {
            seen.push(file.clone());
        }
        Ok(file)
    }

    /// Asks whether a module may be read; `named` is how the script wrote it.
    ///
    /// # Errors
    /// A refusal.
    pub fn check_import(&self, file: &Path) -> Result<(), ErrorValue> {
        let named = file.to_string_lossy();
        self.permissions.check_read(&named, file, Last::Followed).map_err(|refusal| refusal.to_error())
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
