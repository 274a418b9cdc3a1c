//! Errors of the operating system in Node's words.

use std::io;

use rhai::EvalAltResult;

use crate::api::error::ErrorValue;

/// Node's code and text for an error number.
fn words(error: &io::Error) -> (String, String) {
    let known = match error.raw_os_error() {
        Some(libc::ENOENT) => Some(("ENOENT", "no such file or directory")),
        Some(libc::EACCES) => Some(("EACCES", "permission denied")),
        Some(libc::EPERM) => Some(("EPERM", "operation not permitted")),
        Some(libc::EEXIST) => Some(("EEXIST", "file already exists")),
        Some(libc::ENOTDIR) => Some(("ENOTDIR", "not a directory")),
        Some(libc::EISDIR) => Some(("EISDIR", "illegal operation on a directory")),
        Some(libc::ENOTEMPTY) => Some(("ENOTEMPTY", "directory not empty")),
        Some(libc::EMFILE) => Some(("EMFILE", "too many open files")),
        Some(libc::ENOSPC) => Some(("ENOSPC", "no space left on device")),
        Some(libc::EROFS) => Some(("EROFS", "read-only file system")),
        Some(libc::EXDEV) => Some(("EXDEV", "cross-device link not permitted")),
        Some(libc::EBUSY) => Some(("EBUSY", "resource busy or locked")),
        Some(libc::EINVAL) => Some(("EINVAL", "invalid argument")),
        Some(libc::ENAMETOOLONG) => Some(("ENAMETOOLONG", "name too long")),
        Some(libc::ELOOP) => Some(("ELOOP", "too many symbolic links encountered")),
        _ => None,
    };
    match known {
        Some((code, text)) => (code.to_owned(), text.to_owned()),
        None => ("EIO".to_owned(), error.to_string()),
    }
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
