//! Where a program's text comes from: a file, `-e`, or standard input.

use std::io::Read;
use std::path::{Path, PathBuf};

use crate::diagnostics::{Diagnostic, suggest};

/// What may stand where a file is expected.
const COMMANDS: &[&str] = &["run", "broker", "doc", "completions", "help"];

/// A program before it is compiled.
#[derive(Debug, Clone)]
pub struct Script {
    /// Shown to the user: the path as typed, `<eval>` or `<stdin>`.
    pub name: String,
    /// Its text; a line that starts with `#!` is for the shell and does not count.
    pub text: String,
    /// The folder it stands in; `import` looks there.
    pub folder: PathBuf,
}

impl Script {
    /// Code from the command line.
    pub fn from_code(code: String) -> Self {
        Self { name: "<eval>".into(), text: code, folder: PathBuf::from(".") }
    }

    /// A file, or standard input for `-`.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn read(path: &Path) -> Result<Self, Diagnostic> {
        if path.as_os_str() == "-" {
            let mut bytes = Vec::new();
            std::io::stdin()
                .read_to_end(&mut bytes)
                .map_err(|error| Diagnostic::error(format!("cannot read standard input: {error}")))?;
            return Ok(Self { name: "<stdin>".into(), text: text(bytes, "<stdin>")?, folder: PathBuf::from(".") });
        }
        let name = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Ok(Self { text: text(bytes, &name)?, name, folder: folder.to_path_buf() })
    }
}

fn text(bytes: Vec<u8>, name: &str) -> Result<String, Diagnostic> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").map(<[u8]>::to_vec).unwrap_or(bytes);
    String::from_utf8(bytes).map_err(|error| {
        let line =
            error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
        Diagnostic::error(format!("`{name}` is not UTF-8 text: line {line} has a byte that cannot be read"))
            .help("save the file as UTF-8")
    })
}

fn unreadable(path: &Path, error: &std::io::Error) -> Diagnostic {
    use std::io::ErrorKind;
    let name = path.display();
    let cause = match error.kind() {
        ErrorKind::NotFound => "there is no such file".to_string(),
        ErrorKind::PermissionDenied => "permission denied".to_string(),
        ErrorKind::IsADirectory => "it is a folder".to_string(),
        _ => error.to_string(),
    };
    let diagnostic = Diagnostic::error(format!("cannot read `{name}`: {cause}"));
    let extended = path.with_extension("rhai");
    if error.kind() == ErrorKind::NotFound && extended != path && extended.is_file() {
        return diagnostic.help(format!("did you mean `mqttscript {}`?", extended.display()));
    }
    if error.kind() == ErrorKind::NotFound
        && let Some(command) = suggest::closest(&name.to_string(), COMMANDS.iter().copied())
    {
        return diagnostic.help(format!("did you mean the command `mqttscript {command}`?"));
    }
    diagnostic
}
