//! What goes wrong in the client, as data. Texts are those of MQTT.js and Node wherever they have one.

use std::fmt;

/// An error as a script sees it: `error.message`, `error.code`, and in diagnostics a help line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// MQTT.js's or Node's text, for example `connect ECONNREFUSED 127.0.0.1:1883`.
    pub message: String,
    /// Node's symbolic code (`ECONNREFUSED`) or an MQTT reason code.
    pub code: Option<Code>,
    /// Our own words on what it means; for diagnostics only.
    pub cause: Option<String>,
    /// What to write or do instead; for diagnostics only.
    pub help: Option<String>,
}

/// `error.code`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Code {
    /// A system or TLS error in Node's spelling.
    Name(&'static str),
    /// A CONNACK return code (3.1.1) or a reason code (5).
    Reason(u8),
}

impl Error {
    /// An error with only a text.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: None, cause: None, help: None }
    }

    /// Sets Node's symbolic code.
    #[must_use]
    pub fn with_name(mut self, name: &'static str) -> Self {
        self.code = Some(Code::Name(name));
        self
    }

    /// Sets an MQTT return or reason code.
    #[must_use]
    pub fn with_reason(mut self, reason: u8) -> Self {
        self.code = Some(Code::Reason(reason));
        self
    }

    /// Says in our own words what it means.
    #[must_use]
    pub fn with_cause(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// Says what to do instead.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
