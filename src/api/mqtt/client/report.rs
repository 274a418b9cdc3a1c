//! What is said on stderr when nobody listens.

use std::time::Duration;

use rhai::{Dynamic, Engine};

use crate::api::error::ErrorValue;
use crate::api::events::shown_at;
use crate::api::mqtt::client::Client;
use crate::api::report;
use crate::diagnostics::Diagnostic;
use crate::event_loop::callback::Origin;
use crate::mqtt::error::{Code, Error};

impl Client {
    /// Emits `error`, or says it on stderr if nobody listens.
    pub(super) fn emit_error(&self, engine: &Engine, error: &ErrorValue) {
        if !self.emit_plain(engine, "error", &[Dynamic::from(error.clone())]) {
            let warning = Diagnostic::warning(format!("nobody listens for the error `{}`", error.message()));
            report::print(&warning.help("add `client.on(\"error\", |error| console.log(error));`"));
        }
    }

    /// The same for a call after `end()`.
    pub(super) fn emit_error_of_call(&self, engine: &Engine, error: &ErrorValue, function: &str, origin: &Origin) {
        if !self.emit_plain(engine, "error", &[Dynamic::from(error.clone())]) {
            let warning = Diagnostic::warning(format!("`{function}` after `end`: {}", error.message()));
            report::print(
                &shown_at(&self.0.host, warning, origin)
                    .help("call `end` when it is done: in its callback, for example `|| client.end()`"),
            );
        }
    }

    /// The same for what a script called an error.
    pub(super) fn emit_error_value(&self, engine: &Engine, error: Dynamic) {
        let known = error.read_lock::<ErrorValue>().map(|error| error.clone());
        let known = known.unwrap_or_else(|| ErrorValue::new(crate::api::text::to_text(&error).to_string()));
        if self.has_error_listener() {
            self.emit_plain(engine, "error", &[error]);
        } else {
            self.emit_error(engine, &known);
        }
    }

    /// An attempt failed, or a connection broke, for the first time in an outage, and nobody listens: one line with the
    /// cause and the next try.
    pub(super) fn report_failure(
        &self,
        error: &Error,
        address: &str,
        next_try: Option<Duration>,
        was_connected: bool,
        refused: bool,
    ) {
        let cause = error.cause.as_deref().unwrap_or(&error.message);
        let next = next_try.map(|delay| self.describe_next_try(delay));
        if refused {
            let code = match error.code {
                Some(Code::Reason(code)) => format!(" (code {code})"),
                _ => String::new(),
            };
            let mut report =
                Diagnostic::error(format!("the broker at {address} refused the connection{code}: {}", reason(error)));
            if let Some(next) = next {
                report.severity = crate::diagnostics::Severity::Warning;
                report = report.note(next);
            } else {
                report = report.help(refusal_help(error));
            }
            report::print(&report);
            return;
        }
        let what = if was_connected { "lost the connection to" } else { "cannot connect to" };
        let next = next.as_deref().unwrap_or("giving up");
        let message = format!("{what} {address} ({cause}), {next}");
        let hint = if error.code == Some(Code::Name("ECONNREFUSED")) {
            "; start a broker with `mqttscript broker`"
        } else {
            ""
        };
        let mut report = Diagnostic::warning(message + hint);
        if let Some(help) = &error.help {
            report = report.help(help.clone());
        }
        report::print(&report);
    }

    fn describe_next_try(&self, delay: Duration) -> String {
        let policy = self.0.typed.borrow().reconnect;
        if policy.min == policy.max {
            format!("trying again every {}", seconds(policy.min))
        } else {
            format!("trying again in {}", seconds(delay))
        }
    }

    /// A subscribe was refused and nobody was told.
    pub(super) fn report_refused_subscribe(&self, error: &Error) {
        if self.0.flags.shutting_down.get() || self.0.flags.disconnecting.get() || error.message == "Connection closed"
        {
            return;
        }
        let mut report = Diagnostic::warning(error.message.clone());
        if let Some(cause) = &error.cause {
            report = report.note(cause.clone());
        }
        report::print(&report.help("add a callback to be told: `client.subscribe(filter, |error, granted| ...)`"));
    }
}

fn reason(error: &Error) -> &str {
    error.message.strip_prefix("Connection refused: ").unwrap_or(&error.message)
}

fn refusal_help(error: &Error) -> &'static str {
    match error.code {
        Some(Code::Reason(4 | 5 | 134 | 135)) => "check `username` and `password` in the connect options",
        Some(Code::Reason(2 | 133)) => "choose another `clientId`",
        Some(Code::Reason(1 | 132)) => "choose another `protocolVersion`: 3, 4 or 5",
        _ => "add `client.on(\"error\", |error| ...)` to handle it, or `reconnectOnConnackError: true` to keep trying",
    }
}

/// A duration as a person says it.
fn seconds(delay: Duration) -> String {
    if delay < Duration::from_secs(1) {
        format!("{} ms", delay.as_millis())
    } else {
        let seconds = (delay.as_secs_f64() * 10.0).round() / 10.0;
        format!("{seconds} s")
    }
}
