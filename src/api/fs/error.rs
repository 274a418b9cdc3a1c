//! Errors of the operating system in Node's words.

use std::io::{self, ErrorKind};

use rhai::EvalAltResult;

use crate::api::error::ErrorValue;

/// `EPERM` on every Unix; Rust tells it from `EACCES` by number only.
const NOT_PERMITTED: i32 = 1;

/// Node's code and text for an error.
fn words(error: &io::Error) -> (String, String) {
    let (code, text) = match error.kind() {
        ErrorKind::NotFound => ("ENOENT", "no such file or directory"),
        ErrorKind::PermissionDenied if cfg!(unix) && error.raw_os_error() == Some(NOT_PERMITTED) => {
            ("EPERM", "operation not permitted")
        }
        ErrorKind::PermissionDenied => ("EACCES", "permission denied"),
        ErrorKind::AlreadyExists => ("EEXIST", "file already exists"),
        ErrorKind::NotADirectory => ("ENOTDIR", "not a directory"),
        ErrorKind::IsADirectory => ("EISDIR", "illegal operation on a directory"),
        ErrorKind::DirectoryNotEmpty => ("ENOTEMPTY", "directory not empty"),
        ErrorKind::StorageFull => ("ENOSPC", "no space left on device"),
        ErrorKind::ReadOnlyFilesystem => ("EROFS", "read-only file system"),
        ErrorKind::CrossesDevices => ("EXDEV", "cross-device link not permitted"),
        ErrorKind::ResourceBusy => ("EBUSY", "resource busy or locked"),
        ErrorKind::InvalidFilename => ("ENAMETOOLONG", "name too long"),
        ErrorKind::InvalidInput => ("EINVAL", "invalid argument"),
        _ => return ("EIO".to_owned(), error.to_string()),
    };
    (code.to_owned(), text.to_owned())
}

/// Node's text for a file that could not be opened: `ENOENT: no such file or directory, open 'ca.crt'`.
pub fn describe(error: &io::Error, call: &str, path: &str) -> String {
    message(error, call, &format!("'{path}'"))
}

fn message(error: &io::Error, call: &str, place: &str) -> String {
    let (code, text) = words(error);
    format!("{code}: {text}, {call} {place}")
}

/// `ENOENT: no such file or directory, open 'ca.crt'`, with `errno`, `code`, `syscall`, `path` as in Node.
pub fn raise(error: &io::Error, call: &str, path: &str, target: Option<&str>) -> Box<EvalAltResult> {
    let (code, _) = words(error);
    let place = match target {
        Some(target) => format!("'{path}' -> '{target}'"),
        None if path.is_empty() => String::new(),
        None => format!("'{path}'"),
    };
    let message = message(error, call, &place);
    let mut value = ErrorValue::new(message.trim_end())
        .with("errno", -i64::from(error.raw_os_error().unwrap_or(0)))
        .with("code", code)
        .with("syscall", call.to_owned())
        .with("path", path.to_owned());
    if let Some(target) = target {
        value = value.with("dest", target.to_owned());
    }
    value.raise()
}
