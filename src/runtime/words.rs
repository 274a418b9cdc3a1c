//! Reads the token stream while Rhai parses: which words are plain names, which `let` is a global one, which method
//! calls are of the host although a function of the script has the same name, and where something can be added.
//!
//! The parser asks for one token after the other and does not say what follows, but a stack of open brackets and the
//! token before are enough: in a map, whatever follows `#{` or `,` is a key.

use std::collections::{HashMap, HashSet};

use rhai::{Position, Token};

/// Methods that Rhai itself provides for every value; they keep their meaning after a dot.
const OWN_METHODS: [&str; 4] = ["call", "curry", "type_of", "is_shared"];

/// Stands between the name of a method call and its place where Rhai would take a function of the script for the method:
/// in `fn publish(topic) { client.publish(topic, ...) }` it would call itself. No script can write this character in a
/// name.
const HOST_METHOD: char = '\u{2060}';

/// The method and the place of a call that [`Words`] marked as one of the host.
pub fn host_method(name: &str) -> Option<(&str, Position)> {
    let (method, place) = name.split_once(HOST_METHOD)?;
    let (line, column) = place.split_once(':')?;
    Some((method, Position::new(line.parse().ok()?, column.parse().ok()?)))
}

/// An open bracket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bracket {
    Map,
    Other,
}

/// What the token before was, as far as it matters for the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    /// Nothing, `;` or a closing `}`: a statement may start here.
    StatementEnd,
    /// `export`, at this position.
    Export(Position),
    MapStart,
    Comma,
    Dot,
    /// A word that became a plain name: what follows is an operator, never a sign.
    Renamed,
    Other,
}

/// A variable declared at the top level of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub position: Position,
    /// Declared with `const`.
    pub constant: bool,
    /// Declared with `export`.
    pub exported: bool,
}

/// The state of reading one source.
#[derive(Debug, Default)]
pub struct Words {
    brackets: Vec<Bracket>,
    before: Option<Before>,
    /// Reading a source, between `start` and `finish`.
    started: bool,
    /// The last position, if not `started`.
    last: Option<Position>,
    pending: Option<Declaration>,
    declarations: Vec<Declaration>,
    /// Positions of the `export`, `let` and `const` of `declarations`.
    keywords: HashSet<Position>,
    /// The function whose parameters or body are being read, and whether it uses `this`.
    function: Option<(String, bool)>,
    /// Functions that do not use `this`, so that calling them as methods makes no sense.
    plain_functions: HashSet<String>,
    /// `.name(`: the name by its position, and the one that `(` would confirm.
    method_calls: HashMap<Position, String>,
    member: Option<(Position, String)>,
    /// The token before was `;` and ended a statement of the top level.
    statement_end: Option<Position>,
    gap: Option<Position>,
    /// What the first reading found.
    found: Found,
}

/// What the first reading of a source finds for the second.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The top-level variables.
    pub declarations: Vec<Declaration>,
    /// Positions of their keywords, which read as `;`.
    keywords: HashSet<Position>,
    /// Positions of method names that are functions of the script too.
    host_methods: HashSet<Position>,
    /// The first `;` of the top level that no other token of its line follows: behind it there is room.
    pub gap: Option<Position>,
}

impl Words {
    /// Starts a source about which the first reading found this.
    pub fn start(&mut self, found: Found) {
        *self = Self { found, started: true, ..Self::default() };
    }

    /// What was found since [`start`](Self::start).
    pub fn finish(&mut self) -> Found {
        let Self { declarations, keywords, plain_functions, method_calls, gap, .. } = std::mem::take(self);
        let is_plain = |(_, name): &(Position, String)| plain_functions.contains(name);
        let host_methods = method_calls.into_iter().filter(is_plain).map(|(position, _)| position).collect();
        Found { declarations, keywords, host_methods, gap }
    }

    /// Gives the token that the parser shall see for `token`.
    pub fn map(&mut self, token: Token, position: Position) -> Token {
        // `eval` parses without a `start`: a position before the last one shows a new text.
        if !self.started {
            if self.last.is_some_and(|last| position < last) {
                *self = Self::default();
            }
            self.last = Some(position);
        }
        let before = self.before.unwrap_or(Before::StatementEnd);

        let (token, renamed) = self.rename(token, before);
        self.declare(&token, position, before);
        self.note_function(&token);
        self.note_method(&token, position, before);
        self.note_gap(&token, position);
        self.before = Some(self.follow(&token, position, renamed));

        if self.found.keywords.contains(&position) {
            return Token::SemiColon;
        }
        match token {
            Token::Identifier(name) if self.found.host_methods.contains(&position) => {
                let (line, column) = (position.line().unwrap_or(0), position.position().unwrap_or(0));
                Token::Identifier(Box::new(format!("{name}{HOST_METHOD}{line}:{column}").into()))
            }
            token => token,
        }
    }

    /// Notes which functions of the script do without `this`.
    fn note_function(&mut self, token: &Token) {
        match (token, &mut self.function) {
            (Token::Fn, _) if self.brackets.is_empty() => self.function = Some((String::new(), false)),
            (Token::Identifier(name), Some((function, _))) if function.is_empty() => *function = name.to_string(),
            (Token::Reserved(word), Some((_, uses_this))) if **word == "this" => *uses_this = true,
            (Token::RightBrace, Some(_)) if self.brackets.len() == 1 => {
                let finished = self.function.take().filter(|(_, uses_this)| !uses_this);
                self.plain_functions.extend(finished.map(|(name, _)| name));
            }
            _ => (),
        }
    }

    /// Notes `.name(`.
    fn note_method(&mut self, token: &Token, position: Position, before: Before) {
        let member = self.member.take();
        match token {
            Token::Identifier(name) if before == Before::Dot => self.member = Some((position, name.to_string())),
            Token::LeftParen => self.method_calls.extend(member),
            _ => (),
        }
    }

    /// Notes the first [`Found::gap`].
    fn note_gap(&mut self, token: &Token, position: Position) {
        let end = self.statement_end.take().filter(|end| position.line() > end.line());
        self.gap = self.gap.or(end);
        if *token == Token::SemiColon && self.brackets.is_empty() {
            self.statement_end = Some(position);
        }
    }

    /// Turns words into names where a name is expected, `null` into `()`, and signs after such a name into operators.
    fn rename(&self, token: Token, before: Before) -> (Token, bool) {
        let key = self.brackets.last() == Some(&Bracket::Map) && matches!(before, Before::MapStart | Before::Comma);
        let member = before == Before::Dot;
        if (key || member)
            && let Some(word) = word(&token).filter(|word| key || !OWN_METHODS.contains(word))
        {
            return (Token::Identifier(Box::new(word.into())), true);
        }
        let token = match token {
            Token::Reserved(word) if *word == "null" => Token::Unit,
            Token::UnaryMinus if before == Before::Renamed => Token::Minus,
            Token::UnaryPlus if before == Before::Renamed => Token::Plus,
            token => token,
        };
        (token, false)
    }

    /// Notes `let name` and `const name` that stand at the start of a top-level statement.
    fn declare(&mut self, token: &Token, position: Position, before: Before) {
        if let Some(declaration) = self.pending.take()
            && let Token::Identifier(name) = token
        {
            self.declarations.push(Declaration { name: name.to_string(), position, ..declaration });
        }
        if !matches!(token, Token::Let | Token::Const) || !self.brackets.is_empty() {
            return;
        }
        let exported = match before {
            Before::StatementEnd => false,
            Before::Export(export) => {
                self.keywords.insert(export);
                true
            }
            _ => return,
        };
        self.keywords.insert(position);
        let constant = *token == Token::Const;
        self.pending = Some(Declaration { name: String::new(), position, constant, exported });
    }

    /// Keeps the bracket stack, and tells what the next token has before it.
    fn follow(&mut self, token: &Token, position: Position, renamed: bool) -> Before {
        match token {
            Token::MapStart => self.brackets.push(Bracket::Map),
            Token::LeftBrace | Token::LeftParen | Token::LeftBracket | Token::QuestionBracket => {
                self.brackets.push(Bracket::Other);
            }
            Token::RightBrace | Token::RightParen | Token::RightBracket => {
                self.brackets.pop();
            }
            _ => (),
        }
        match token {
            Token::SemiColon | Token::RightBrace | Token::Comment(..) => Before::StatementEnd,
            Token::Export => Before::Export(position),
            Token::MapStart => Before::MapStart,
            Token::Comma => Before::Comma,
            Token::Period | Token::Elvis => Before::Dot,
            _ if renamed => Before::Renamed,
            _ => Before::Other,
        }
    }
}

/// The text of a token that is a word of the language and not already a name.
fn word(token: &Token) -> Option<&str> {
    let text = match token {
        Token::Reserved(text) => text.as_str(),
        token if token.is_literal() => token.literal_syntax(),
        _ => return None,
    };
    rhai::is_valid_identifier(text).then_some(text)
}
