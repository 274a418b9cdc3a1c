//! What a user reads after a mistake: small wrong scripts through the real binary, the whole of standard error and the
//! exit code.

#[path = "../support/mod.rs"]
mod support;

/// Calls with other arguments than the function takes.
mod arguments;
/// Errors in listeners, timers and other callbacks.
mod callbacks;
/// Options, URLs, topics and files of a connection.
mod connecting;
/// JavaScript that was left in.
mod javascript;
/// `import`.
mod modules;
/// Misspelled methods, properties and functions.
mod names;
/// Lines and columns.
mod positions;
/// Conditions, brackets and what other languages write.
mod syntax;
/// Values that do not fit, and what was thrown.
mod values;
/// Misspelled variables, host objects and events.
mod variables;

use support::script::Script;

/// A script that must end with exit code 1.
fn mistake(script: &str) -> Script {
    Script::new(script).code(1)
}

/// A report as the tests write it: it starts with a line feed for the sake of reading.
fn expected(report: &str) -> &str {
    report.strip_prefix('\n').unwrap_or(report)
}

/// Runs a script that must end with exit code 1 and this report, and print nothing else.
#[track_caller]
fn reports(script: &str, report: &str) {
    mistake(script).stderr(expected(report)).run();
}

/// Runs a script that is warned of, or not, and goes on.
#[track_caller]
fn goes_on(script: &str, stdout: &str, warning: &str) {
    Script::new(script).stdout(stdout).stderr(expected(warning)).run();
}
