//! JavaScript (and a little Python) that was left in a script: what it is, and what to write instead.
//!
//! Rhai says at which token it gave up; a rule looks at the tokens around that place and answers if it knows the
//! habit. The first rule that answers wins, so the order in [`leftover`] matters.

mod blocks;
mod operators;
mod words;

use super::tokens::{TokenKind, Tokens};
use super::{Diagnostic, Source, Span};
use rhai::ParseErrorType;
use std::rc::Rc;

pub(super) use operators::instead_of_default;
pub(super) use words::instead_of_typeof;

/// The place where Rhai gave up.
pub(super) struct Place<'a> {
    pub tokens: &'a Tokens<'a>,
    /// Index of the token; the count of tokens at the end of the source.
    pub at: usize,
    pub error: &'a ParseErrorType,
    pub source: &'a Rc<Source>,
}

impl<'a> Place<'a> {
    /// The token Rhai gave up at.
    fn here(&self) -> &'a str {
        self.tokens.text(self.at)
    }

    /// The token `count` before it.
    fn before(&self, count: usize) -> &'a str {
        self.tokens.before(self.at, count)
    }

    /// The token after it.
    fn next(&self) -> &'a str {
        self.tokens.text(self.at + 1)
    }

    fn span(&self, from: usize, to: usize) -> Span {
        self.tokens.span(self.source, from, to)
    }

    /// An error that underlines the token at `index`.
    fn error_at(&self, index: usize, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(message).at(self.span(index, index))
    }

    /// An error that underlines from one token to another.
    fn error_over(&self, from: usize, to: usize, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(message).at(self.span(from, to))
    }

    /// The source between two tokens if it can be repeated on one line, else `...`.
    fn quote_or_dots(&self, from: usize, to: Option<usize>) -> &'a str {
        to.and_then(|to| self.tokens.quote(from, to)).unwrap_or("...")
    }

    /// Whether Rhai wanted `token` here.
    fn wants(&self, token: &str) -> bool {
        matches!(self.error, ParseErrorType::MissingToken(wanted, _) if wanted == token)
    }

    /// Whether the token here is the first of its line.
    fn starts_line(&self) -> bool {
        match (self.tokens.get(self.at), self.at.checked_sub(1).and_then(|index| self.tokens.get(index))) {
            (Some(here), Some(previous)) => here.line > super::tokens::end_of(previous).0,
            _ => false,
        }
    }

    /// Whether the token here could start a statement (and is no operator that continues the line above).
    fn starts_value(&self) -> bool {
        self.tokens.get(self.at).is_some_and(|token| token.kind != TokenKind::Symbol)
    }
}

/// The report for a leftover at this place, if it is one.
pub(super) fn leftover(place: &Place<'_>) -> Option<Diagnostic> {
    const RULES: &[fn(&Place<'_>) -> Option<Diagnostic>] = &[
        operators::quotes,
        operators::curly_quotes,
        operators::escaped_backtick,
        blocks::counting_for,
        blocks::for_of,
        words::function,
        operators::arrow,
        words::type_of,
        words::python,
        words::import,
        words::class,
        words::finally,
        words::delete,
        words::instance_of,
        blocks::missing_semicolon,
        blocks::missing_equals_sign,
        blocks::missing_parentheses,
        words::var,
        words::new,
        words::await_async,
        words::void,
        words::export,
        operators::comparison,
        operators::assignment_as_condition,
        operators::counting,
        operators::ternary,
        operators::logical_assignment,
        operators::shift,
        operators::or_default,
        operators::called_value,
        operators::spread,
        operators::regular_expression,
        operators::hash_comment,
        blocks::switch_case,
        blocks::map_literal,
        blocks::map_members,
        blocks::destructuring,
        blocks::several_variables,
        operators::chained_assignment,
        blocks::type_annotation,
        blocks::default_parameter,
        blocks::bare_body,
    ];
    RULES.iter().find_map(|rule| rule(place))
}
