//! Messages for people: what went wrong, where, why, and what to write instead.
//!
//! Every layer's errors become a [`Diagnostic`]; `render` is the only place that knows columns and colour.
//!
//! | file | owns |
//! |---|---|
//! | [`render`] | from a [`Diagnostic`] to text |
//! | [`syntax`] | scripts that do not compile |
//! | `javascript` | JavaScript that was left in, and what to write instead |
//! | [`runtime_error`] | scripts that fail while they run |
//! | [`suggest`] | did you mean ...? |
//! | `secrets` | passwords in a source are covered where it is shown |
//! | `tokens` | what the source says around a place |
//!
//! It knows no host object: names come through [`runtime_error::Vocabulary`].

mod javascript;
pub mod render;
pub mod runtime_error;
mod secrets;
pub mod suggest;
pub mod syntax;
mod tokens;

use std::rc::Rc;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The program, or this call, cannot go on.
    Error,
    /// It goes on, but probably not as meant.
    Warning,
}

/// The text of one script or module, as loaded.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// The name shown to the user: a path relative to where they stand, `<stdin>` or `<eval>`.
    pub name: String,
    /// The text as it is on disk (before any keyword was blanked).
    pub text: String,
}

/// A place in a [`Source`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Where.
    pub source: Rc<Source>,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// How many characters to underline; 0 underlines the token that starts there.
    pub length: usize,
}

/// An underlined place with an optional remark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// The remark under it, may be empty.
    pub text: String,
    /// `^^^` (the place that is wrong) rather than `---` (another place that explains it).
    pub primary: bool,
}

/// One report: message, source, notes, help, always in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad.
    pub severity: Severity,
    /// One sentence, lower case, no full stop, names in backticks.
    pub message: String,
    /// Places, the first one decides the `-->` line.
    pub labels: Vec<Label>,
    /// Facts: the call chain, what was expected.
    pub notes: Vec<String>,
    /// Actions, ready to paste.
    pub helps: Vec<String>,
}

impl Diagnostic {
    /// An error without a place yet.
    pub fn error(message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            message: message.into(),
            labels: Vec::new(),
            notes: Vec::new(),
            helps: Vec::new(),
        }
    }

    /// A warning without a place yet.
    pub fn warning(message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(message) }
    }

    /// Adds the place that is wrong.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.labels.push(Label { span, text: String::new(), primary: true });
        self
    }

    /// Adds another place that explains it.
    #[must_use]
    pub fn see(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into(), primary: false });
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Adds an action.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.helps.push(text.into());
        self
    }
}
