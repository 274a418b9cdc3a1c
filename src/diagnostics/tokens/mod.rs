//! A forgiving tokenizer for sources that do not compile.
//!
//! Rhai's own one stops at the first thing it does not know and does not say how long a token is. This one never
//! fails, knows what JavaScript writes, and answers what surrounds a place: pairs of brackets, operands, statements.

mod lexer;

use super::{Source, Span};
use std::rc::Rc;

/// The longest a piece of source may be to be repeated in a help line, in characters.
const LONGEST_QUOTE: usize = 72;

/// What a [`Token`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A name or keyword.
    Word,
    /// A number.
    Number,
    /// `"..."` or `` `...` ``.
    Text,
    /// `'...'`, of any length.
    Quoted,
    /// Anything else: operators and punctuation.
    Symbol,
}

/// One token and where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'a> {
    /// What it is.
    pub kind: TokenKind,
    /// The token as written.
    pub text: &'a str,
    /// Byte offset in the text without a byte order mark.
    pub start: usize,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// A source as tokens, with its brackets paired. Comments and white space are left out.
#[derive(Debug)]
pub(super) struct Tokens<'a> {
    body: &'a str,
    list: Vec<Token<'a>>,
    pairs: Vec<Option<usize>>,
}

impl<'a> Tokens<'a> {
    /// Takes `text` apart; a byte order mark is skipped and not counted in columns.
    pub fn new(text: &'a str) -> Self {
        let body = text.strip_prefix('\u{feff}').unwrap_or(text);
        let list = lexer::run(body);
        let pairs = pair_brackets(&list);
        Self { body, list, pairs }
    }

    /// The token that covers this place, else the first one after it, else the count of tokens.
    pub fn index_at(&self, line: usize, column: usize) -> usize {
        self.list.partition_point(|token| {
            let (end_line, end_column) = end_of(token);
            (end_line, end_column) <= (line, column)
        })
    }

    /// The token at `index`, or `""` outside of the source.
    pub fn text(&self, index: usize) -> &'a str {
        self.list.get(index).map_or("", |token| token.text)
    }

    /// The token `count` before `index`, or `""`.
    pub fn before(&self, index: usize, count: usize) -> &'a str {
        index.checked_sub(count).map_or("", |index| self.text(index))
    }

    /// The token at `index`.
    pub fn get(&self, index: usize) -> Option<&Token<'a>> {
        self.list.get(index)
    }

    /// Place and letter of the first `\n`, `\r` or `\t` in a string in backticks, where Rhai has no escapes.
    pub fn escape_in_template(&self) -> Option<(usize, usize, char)> {
        let templates = self.list.iter().filter(|token| token.kind == TokenKind::Text && token.text.starts_with('`'));
        templates.into_iter().find_map(|token| {
            let offset = lexer::escape_in_template(token.text)?;
            let letter = token.text[offset + 1..].chars().next()?;
            let before = &token.text[..offset];
            let line = token.line + before.matches('\n').count();
            let column = match before.rsplit_once('\n') {
                Some((_, last)) => last.chars().count() + 1,
                None => token.column + before.chars().count(),
            };
            Some((line, column, letter))
        })
    }

    /// How many tokens there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether the token at `index` is of that kind.
    pub fn is(&self, index: usize, kind: TokenKind) -> bool {
        self.get(index).is_some_and(|token| token.kind == kind)
    }

    /// The bracket that belongs to the one at `index`.
    pub fn pair(&self, index: usize) -> Option<usize> {
        self.pairs.get(index).copied().flatten()
    }

    /// The innermost bracket that opens before `index` and does not close before it.
    pub fn enclosing(&self, index: usize) -> Option<usize> {
        let mut index = index.min(self.len());
        while index > 0 {
            index -= 1;
            if is_opener(self.text(index)) {
                return Some(index);
            }
            if is_closer(self.text(index)) {
                index = self.pair(index)?;
            }
        }
        None
    }

    /// How many braces are open at `index`; 0 is the top level.
    pub fn depth(&self, mut index: usize) -> usize {
        let mut depth = 0;
        while let Some(opener) = self.enclosing(index) {
            depth += 1;
            index = opener;
        }
        depth
    }

    /// The first bracket that is never closed, if any.
    pub fn unclosed(&self, opener: &str) -> Option<usize> {
        (0..self.len()).rev().find(|&index| self.text(index).ends_with(opener) && self.pair(index).is_none())
    }

    /// The source from one token to another, inclusive, if it is short and on one line.
    pub fn quote(&self, from: usize, to: usize) -> Option<&'a str> {
        let (first, last) = (self.get(from)?, self.get(to)?);
        let text = self.body.get(first.start..last.start + last.text.len())?;
        (!text.contains('\n') && text.chars().count() <= LONGEST_QUOTE).then_some(text)
    }

    /// Whether the token at `index` can end a value: a name, a literal or a closing bracket.
    pub fn ends_value(&self, index: usize) -> bool {
        match self.get(index) {
            Some(token) if token.kind == TokenKind::Word => !is_keyword(token.text),
            Some(token) if token.kind == TokenKind::Symbol => is_closer(token.text),
            other => other.is_some(),
        }
    }

    /// First token of the operand (`a.b(c)[d]`) that ends just before `index`.
    pub fn operand_before(&self, index: usize) -> Option<usize> {
        let mut start = index.checked_sub(1)?;
        loop {
            if !self.ends_value(start) {
                return None;
            }
            if is_closer(self.text(start)) {
                start = self.pair(start)?;
                let glued = self.text(start) != "{" && start > 0 && self.ends_value(start - 1);
                if glued && self.text(start) != "#{" && self.text(start - 1) != "}" {
                    start -= 1;
                    continue;
                }
            }
            if matches!(self.before(start, 1), "." | "?." | "::") && start >= 2 {
                start -= 2;
                continue;
            }
            return Some(start);
        }
    }

    /// Last token of the operand that starts at `index`.
    pub fn operand_after(&self, index: usize) -> Option<usize> {
        let mut end = index;
        while matches!(self.text(end), "!" | "-" | "+") {
            end += 1;
        }
        self.get(end)?;
        if is_opener(self.text(end)) {
            end = self.pair(end)?;
        } else if !self.ends_value(end) {
            return None;
        }
        loop {
            match self.text(end + 1) {
                "(" | "[" | "?[" => end = self.pair(end + 1)?,
                "." | "?." | "::" if self.is(end + 2, TokenKind::Word) => end += 2,
                _ => return Some(end),
            }
        }
    }

    /// First token of the expression that the token at `index` is in (back to `=`, `(`, `,`, `;`, `return`, ...).
    pub fn expression_start(&self, index: usize) -> usize {
        let mut start = index;
        while let Some(previous) = start.checked_sub(1) {
            let text = self.text(previous);
            if is_closer(text) {
                match self.pair(previous) {
                    Some(opener) if self.text(opener) != "{" => start = opener,
                    _ => break,
                }
                continue;
            }
            let closure_bar = text == "||" && !(previous > 0 && self.ends_value(previous - 1));
            if is_opener(text) || is_boundary(text) || text == "|" || closure_bar {
                break;
            }
            start = previous;
        }
        start
    }

    /// Last token of the expression that starts at `index`, at most up to one of `stops`.
    pub fn expression_end(&self, index: usize, stops: &[&str]) -> Option<usize> {
        let mut end = None;
        let mut next = index;
        while let Some(token) = self.get(next) {
            let stop = matches!(token.text, "," | ";") || is_closer(token.text) || stops.contains(&token.text);
            let new_line = end.is_some_and(|end: usize| {
                token.kind == TokenKind::Word
                    && self.ends_value(end)
                    && self.get(end).is_some_and(|last| last.line < token.line)
            });
            if stop || new_line {
                break;
            }
            let last = if is_opener(token.text) { self.pair(next)? } else { next };
            end = Some(last);
            next = last + 1;
        }
        end
    }

    /// The parts between the brackets that open at `index`, split at commas: first and last token of each.
    pub fn parts(&self, opener: usize) -> Vec<(usize, usize)> {
        let mut parts = Vec::new();
        let Some(closer) = self.pair(opener) else { return parts };
        let mut start = opener + 1;
        let mut index = start;
        while index <= closer {
            if is_opener(self.text(index)) {
                index = self.pair(index).unwrap_or(index);
            } else if index == closer || self.text(index) == "," {
                if start < index {
                    parts.push((start, index - 1));
                }
                start = index + 1;
            } else if matches!(self.text(index), "|") {
                // Parameters of a closure are no parts of their own.
                index = (index + 1..closer).find(|&next| self.text(next) == "|").unwrap_or(index);
            }
            index += 1;
        }
        parts
    }

    /// Where `name` is declared: by `let`, `const`, `fn`, `for`, `as`, or as a parameter. Index of the name.
    pub fn declaration(&self, name: &str) -> Option<usize> {
        (0..self.len()).find(|&index| {
            self.text(index) == name
                && (matches!(self.before(index, 1), "let" | "const" | "fn" | "for" | "as") || self.is_parameter(index))
        })
    }

    /// Whether the name at `index` is in the parameter list of a function or closure.
    pub fn is_parameter(&self, index: usize) -> bool {
        if !self.is(index, TokenKind::Word) || !matches!(self.text(index + 1), "," | ")" | "|") {
            return false;
        }
        match self.enclosing(index) {
            Some(opener) if self.text(opener) == "(" && self.before(opener, 2) == "fn" => return true,
            _ => {}
        }
        let mut start = index;
        while self.before(start, 1) == "," && self.is(start.wrapping_sub(2), TokenKind::Word) {
            start -= 2;
        }
        let mut end = index;
        while self.text(end + 1) == "," && self.is(end + 2, TokenKind::Word) {
            end += 2;
        }
        self.before(start, 1) == "|" && self.text(end + 1) == "|" && !(start >= 2 && self.ends_value(start - 2))
    }

    /// Every name the source declares.
    pub fn declared_names(&self) -> Vec<&'a str> {
        let mut names: Vec<&str> = (0..self.len())
            .filter(|&index| {
                self.is(index, TokenKind::Word)
                    && (matches!(self.before(index, 1), "let" | "const" | "fn" | "for" | "as")
                        || self.is_parameter(index))
            })
            .map(|index| self.text(index))
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The span of the tokens from one to another; underlines the first only when they are on several lines.
    pub fn span(&self, source: &Rc<Source>, from: usize, to: usize) -> Span {
        let source = Rc::clone(source);
        let Some(first) = self.get(from) else {
            let (line, column) = self.end();
            return Span { source, line, column, length: 1 };
        };
        let length = match self.get(to) {
            Some(last) if from < to && end_of(last).0 == first.line => end_of(last).1.saturating_sub(first.column),
            _ => 0,
        };
        Span { source, line: first.line, column: first.column, length }
    }

    /// The place just after the token at `index`.
    pub fn end_span(&self, source: &Rc<Source>, index: usize) -> Span {
        let (line, column) = self.get(index).map_or_else(|| self.end(), end_of);
        Span { source: Rc::clone(source), line, column, length: 1 }
    }

    /// The place just after the last token.
    fn end(&self) -> (usize, usize) {
        self.list.last().map_or((1, 1), end_of)
    }
}

/// Line and column just after `token`.
pub(super) fn end_of(token: &Token<'_>) -> (usize, usize) {
    match token.text.rsplit_once('\n') {
        None => (token.line, token.column + token.text.chars().count()),
        Some((_, tail)) => (token.line + token.text.matches('\n').count(), tail.chars().count() + 1),
    }
}

/// Whether `text` opens a bracket.
pub(super) fn is_opener(text: &str) -> bool {
    matches!(text, "(" | "[" | "{" | "#{" | "?[")
}

/// Whether `text` closes a bracket.
pub(super) fn is_closer(text: &str) -> bool {
    matches!(text, ")" | "]" | "}")
}

/// Whether an expression cannot reach across `text`.
fn is_boundary(text: &str) -> bool {
    matches!(text, "," | ";" | ":" | "=>" | "return" | "throw" | "in" | "if" | "while" | "else" | "until")
        || matches!(text, "=" | "+=" | "-=" | "*=" | "/=" | "%=" | "&=" | "|=" | "^=" | "**=" | "<<=" | ">>=")
}

/// Words that cannot end a value.
fn is_keyword(text: &str) -> bool {
    matches!(
        text,
        "let"
            | "const"
            | "var"
            | "if"
            | "else"
            | "while"
            | "until"
            | "loop"
            | "do"
            | "for"
            | "in"
            | "of"
            | "return"
            | "throw"
            | "switch"
            | "fn"
            | "function"
            | "import"
            | "export"
            | "as"
            | "new"
            | "typeof"
            | "await"
            | "async"
            | "case"
            | "try"
            | "catch"
            | "private"
            | "delete"
            | "void"
            | "not"
            | "and"
            | "or"
            | "instanceof"
    )
}

/// For each bracket the index of its partner.
fn pair_brackets(list: &[Token<'_>]) -> Vec<Option<usize>> {
    let mut pairs = vec![None; list.len()];
    let mut open: Vec<usize> = Vec::new();
    for (index, token) in list.iter().enumerate() {
        if token.kind != TokenKind::Symbol {
            continue;
        }
        if is_opener(token.text) {
            open.push(index);
        } else if is_closer(token.text) {
            let opener = match token.text {
                ")" => "(",
                "]" => "[",
                _ => "{",
            };
            if let Some(depth) = open.iter().rposition(|&index| list[index].text.ends_with(opener)) {
                pairs[open[depth]] = Some(index);
                pairs[index] = Some(open[depth]);
                open.truncate(depth);
            }
        }
    }
    pairs
}
