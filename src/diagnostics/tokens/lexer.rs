//! From text to tokens.

use super::{Token, TokenKind};

/// Symbols of more than one character, longest first within the same beginning.
const SYMBOLS: &[&str] = &[
    "===", "!==", "...", "..=", "**=", "<<=", ">>=", "&&=", "||=", "??=", ">>>", "=>", "->", "==", "!=", "<=", ">=",
    "&&", "||", "++", "--", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "**", "<<", ">>", "??", "?.", "?[", "::",
    ":=", "..", "#{",
];

/// The tokens of `body`.
pub(super) fn run(body: &str) -> Vec<Token<'_>> {
    Lexer { body, position: 0, line: 1, column: 1 }.run()
}

/// The walk through the text.
struct Lexer<'a> {
    body: &'a str,
    position: usize,
    line: usize,
    column: usize,
}

impl<'a> Lexer<'a> {
    fn run(mut self) -> Vec<Token<'a>> {
        let mut list = Vec::new();
        while let Some(first) = self.rest().chars().next() {
            if first.is_whitespace() {
                self.advance(first.len_utf8());
                continue;
            }
            let comment = comment_length(self.rest(), self.position == 0);
            if comment > 0 {
                self.advance(comment);
                continue;
            }
            let (kind, length) = token_length(self.rest(), first);
            let text = &self.rest()[..length];
            list.push(Token { kind, text, start: self.position, line: self.line, column: self.column });
            self.advance(length);
        }
        list
    }

    fn rest(&self) -> &'a str {
        &self.body[self.position..]
    }

    fn advance(&mut self, bytes: usize) {
        for character in self.rest()[..bytes].chars() {
            if character == '\n' {
                self.line += 1;
                self.column = 1;
            } else {
                self.column += 1;
            }
        }
        self.position += bytes;
    }
}

/// Length in bytes of the comment `rest` starts with, 0 if none. Block comments nest, as in Rhai.
fn comment_length(rest: &str, at_start: bool) -> usize {
    if rest.starts_with("//") || (at_start && rest.starts_with("#!")) {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if !rest.starts_with("/*") {
        return 0;
    }
    let mut depth = 0_usize;
    let mut position = 0;
    while position < rest.len() {
        let tail = &rest[position..];
        if tail.starts_with("/*") {
            depth += 1;
            position += 2;
        } else if tail.starts_with("*/") {
            depth -= 1;
            position += 2;
            if depth == 0 {
                return position;
            }
        } else {
            position += tail.chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// Kind and length in bytes of the token `rest` starts with.
fn token_length(rest: &str, first: char) -> (TokenKind, usize) {
    if first.is_alphabetic() || first == '_' || first == '$' {
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).unwrap_or(rest.len());
        return (TokenKind::Word, end);
    }
    if first.is_ascii_digit() {
        return (TokenKind::Number, number_length(rest));
    }
    match first {
        '"' => (TokenKind::Text, quoted_length(rest, '"')),
        '\'' => (TokenKind::Quoted, quoted_length(rest, '\'')),
        '`' => (TokenKind::Text, template_length(rest)),
        _ => {
            let symbol = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol));
            (TokenKind::Symbol, symbol.map_or(first.len_utf8(), |symbol| symbol.len()))
        }
    }
}

fn number_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut end = 0;
    while end < bytes.len() {
        let byte = bytes[end];
        let point = byte == b'.' && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        let sign = matches!(byte, b'+' | b'-') && matches!(bytes[end - 1], b'e' | b'E') && !rest.starts_with("0x");
        if !(byte.is_ascii_alphanumeric() || byte == b'_' || point || (sign && end > 0)) {
            break;
        }
        end += 1;
    }
    end
}

/// A string in `quote`s: to its end, else to the end of the line.
fn quoted_length(rest: &str, quote: char) -> usize {
    let mut characters = rest.char_indices().skip(1);
    while let Some((position, character)) = characters.next() {
        match character {
            '\\' if rest[position..].starts_with("\\\r\n") => {
                characters.next();
                characters.next();
            }
            '\\' => {
                characters.next();
            }
            '\n' | '\r' => return position,
            // A doubled quote stands for one, as in Rhai.
            _ if character == quote && position > 1 && rest[position + 1..].starts_with(quote) => {
                characters.next();
            }
            _ if character == quote => return position + 1,
            _ => {}
        }
    }
    rest.len()
}

/// A string in backticks, with its `${...}` parts.
fn template_length(rest: &str) -> usize {
    walk_template(rest, 0, &mut |_| ())
}

/// Byte offset of the first `\n`, `\r` or `\t` that stands in the text of a string in backticks or of one inside of it.
pub(super) fn escape_in_template(template: &str) -> Option<usize> {
    let (mut found, mut after_backslash) = (None, None);
    walk_template(template, 0, &mut |at| {
        let is_escaped = after_backslash == Some(at);
        if !is_escaped && template[at..].starts_with('\\') {
            after_backslash = Some(at + 1);
            if template[at + 1..].starts_with(['n', 'r', 't']) {
                found = found.or(Some(at));
            }
        }
    });
    found
}

/// Length of the string in backticks that `rest`, `offset` bytes into a longer text, starts with; `on_text` is given the
/// place of each character that stands for itself.
fn walk_template(rest: &str, offset: usize, on_text: &mut dyn FnMut(usize)) -> usize {
    let mut position = 1;
    let mut depth = 0_usize;
    while position < rest.len() {
        let tail = &rest[position..];
        let Some(character) = tail.chars().next() else { break };
        match character {
            '`' if depth == 0 => return position + 1,
            '`' => {
                position += walk_template(tail, offset + position, on_text);
                continue;
            }
            '$' if depth == 0 && tail.starts_with("${") => {
                depth = 1;
                position += 2;
                continue;
            }
            '"' if depth > 0 => {
                position += quoted_length(tail, '"');
                continue;
            }
            '{' if depth > 0 => depth += 1,
            '}' if depth > 0 => depth -= 1,
            _ if depth == 0 => on_text(offset + position),
            _ => {}
        }
        position += character.len_utf8();
    }
    rest.len()
}
