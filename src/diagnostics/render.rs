//! From a [`Diagnostic`] to text: message, source, notes, helps, always in this order.
//!
//! The only place that knows columns and colour.

use super::secrets::{self, covered};
use super::tokens::{TokenKind, Tokens, end_of};
use super::{Diagnostic, Label, Severity, Source, Span};
use annotate_snippets::renderer::{
    DEFAULT_EMPHASIS_STYLE, DEFAULT_ERROR_STYLE, DEFAULT_HELP_STYLE, DEFAULT_NOTE_STYLE, DEFAULT_WARNING_STYLE, Style,
};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::io::{IsTerminal, Write};
use std::ops::Range;
use std::rc::Rc;

/// The report as text with a line feed at the end; `colour` adds ANSI escapes.
pub fn render(diagnostic: &Diagnostic, colour: bool) -> String {
    let (word, style) = match diagnostic.severity {
        Severity::Error => ("error", DEFAULT_ERROR_STYLE),
        Severity::Warning => ("warning", DEFAULT_WARNING_STYLE),
    };
    let secrets = secrets::of(diagnostic.labels.iter().map(|label| body(&label.span.source)));
    let mut text = String::new();
    let message = secrets::without(&diagnostic.message, &secrets);
    line(&mut text, word, style, &message, Some(DEFAULT_EMPHASIS_STYLE), colour);
    text.push_str(&excerpts(diagnostic, colour));
    for note in &diagnostic.notes {
        line(&mut text, "note", DEFAULT_NOTE_STYLE, &secrets::without(note, &secrets), None, colour);
    }
    for help in &diagnostic.helps {
        line(&mut text, "help", DEFAULT_HELP_STYLE, &secrets::without(help, &secrets), None, colour);
    }
    text
}

/// Writes the report to stderr, coloured if that is a terminal and `NO_COLOR` is not set.
///
/// A closed stderr is no error: there is nobody left to tell.
pub fn print(diagnostic: &Diagnostic) {
    let mut stderr = std::io::stderr().lock();
    let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let text = render(diagnostic, stderr.is_terminal() && !no_colour);
    let _ = stderr.write_all(text.as_bytes());
}

/// `word: text`; further lines of `text` are indented below its first.
fn line(out: &mut String, word: &str, style: Style, text: &str, text_style: Option<Style>, colour: bool) {
    let text = printable(text).trim_end().replace('\n', &format!("\n{:1$}", "", word.len() + 2));
    let text_style = text_style.unwrap_or_default();
    if colour {
        out.push_str(&format!("{style}{word}{style:#}{text_style}: {text}{text_style:#}\n"));
    } else {
        out.push_str(&format!("{word}: {text}\n"));
    }
}

/// Text from outside may hold anything: control characters are shown, not sent to the terminal.
fn printable(text: &str) -> String {
    let shown = |character: char| character == '\n' || !character.is_control();
    let mut out = String::with_capacity(text.len());
    for character in text.replace("\r\n", "\n").chars() {
        match character {
            '\t' => out.push_str("    "),
            _ if shown(character) => out.push(character),
            _ => out.extend(character.escape_default()),
        }
    }
    out
}

/// All source excerpts: each primary label has its own, unless it is right beside the one before.
fn excerpts(diagnostic: &Diagnostic, colour: bool) -> String {
    let mut sections: Vec<Section<'_>> = Vec::new();
    for label in &diagnostic.labels {
        let place = locate(&label.span);
        match sections.iter_mut().find(|section| section.takes(label)) {
            Some(section) => section.labels.push((label, place)),
            None => sections.push(Section {
                source: &label.span.source,
                title_line: label.span.line,
                labels: vec![(label, place)],
            }),
        }
    }
    let groups: Vec<Group<'_>> = sections.iter().filter_map(|section| section.group(diagnostic.severity)).collect();
    let mut text = String::new();
    if !groups.is_empty() {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        text = renderer.render(&groups);
        text.push('\n');
    }
    for section in sections.iter().filter(|section| !section.has_text()) {
        if let Some((label, _)) = section.labels.first() {
            let Span { source, line, column, .. } = &label.span;
            text.push_str(&format!(" --> {}:{line}:{column}\n", printable(&source.name)));
        }
    }
    text
}

/// Labels that are shown in one excerpt.
struct Section<'a> {
    source: &'a Rc<Source>,
    title_line: usize,
    labels: Vec<(&'a Label, Option<Range<usize>>)>,
}

impl<'a> Section<'a> {
    /// Remarks join the excerpt of their source; another wrong place gets its own, unless it is on the same line.
    fn takes(&self, label: &Label) -> bool {
        let same_source = self.source.name == label.span.source.name && self.source.text == label.span.source.text;
        same_source && (!label.primary || label.span.line == self.title_line)
    }

    fn has_text(&self) -> bool {
        self.labels.iter().any(|(_, place)| place.is_some())
    }

    fn group(&self, severity: Severity) -> Option<Group<'a>> {
        if !self.has_text() {
            return None;
        }
        let level = match severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        // The first annotation decides the `-->` line only if it is a primary one.
        let any_primary = self.labels.iter().any(|(label, _)| label.primary);
        let annotations = self.labels.iter().enumerate().filter_map(|(index, (label, place))| {
            let primary = label.primary || (!any_primary && index == 0);
            let kind = if primary { AnnotationKind::Primary } else { AnnotationKind::Context };
            let text = (!label.text.is_empty()).then(|| printable(&label.text));
            place.clone().map(|place| kind.span(place).label(text))
        });
        let snippet =
            Snippet::source(covered(body(self.source))).path(printable(&self.source.name)).annotations(annotations);
        Some(Group::with_level(level).element(snippet))
    }
}

/// The text as Rhai saw it: without a byte order mark.
fn body(source: &Source) -> &str {
    source.text.strip_prefix('\u{feff}').unwrap_or(&source.text)
}

/// The bytes of `body` that `span` underlines; `None` if the source has no such line.
///
/// A column past the end of its line is the place just after it.
fn locate(span: &Span) -> Option<Range<usize>> {
    let body = body(&span.source);
    if body.is_empty() && span.line > 1 || span.line == 0 || (body.is_empty() && is_made_up(&span.source)) {
        return None;
    }
    let line_start = match span.line {
        1 => 0,
        line => body.match_indices('\n').nth(line - 2)?.0 + 1,
    };
    let line = body[line_start..].split('\n').next().unwrap_or_default();
    let line = line.strip_suffix('\r').unwrap_or(line);
    let byte = |characters: usize| line.char_indices().nth(characters).map_or(line.len(), |(byte, _)| byte);
    let first = span.column.saturating_sub(1);
    let length = if span.length > 0 { span.length } else { token_length(span) };
    Some(line_start + byte(first)..line_start + byte(first.saturating_add(length)))
}

/// A source that is only a name, because its text is not at hand.
fn is_made_up(source: &Source) -> bool {
    source.text.is_empty() && !source.name.is_empty()
}

/// How many characters the token that starts at, or covers, the place has from there on, on its first line.
fn token_length(span: &Span) -> usize {
    let tokens = Tokens::new(&span.source.text);
    let Some(token) = tokens.get(tokens.index_at(span.line, span.column)) else { return 1 };
    if (token.line, token.column) > (span.line, span.column) {
        return 1;
    }
    // Inside of `${...}` in a template, which is one token.
    if (token.line, token.column) < (span.line, span.column) && token.kind == TokenKind::Text {
        let line = body(&span.source).split('\n').nth(span.line - 1).unwrap_or_default();
        let word = |character: &char| character.is_alphanumeric() || *character == '_';
        return line.chars().skip(span.column - 1).take_while(word).count().max(1);
    }
    match end_of(token) {
        (line, column) if line == span.line => column.saturating_sub(span.column).max(1),
        _ => usize::MAX / 2,
    }
}
