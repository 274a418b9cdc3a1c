//! Reads the token stream while Rhai parses: which words are plain names, and which `let` is a global one.
//!
//! The parser asks for one token after the other and does not say what follows, but a stack of open brackets and the
//! token before are enough: in a map, whatever follows `#{` or `,` is a key.

use std::collections::HashSet;

use rhai::{Position, Token};

/// Methods that Rhai itself provides for every value; they keep their meaning after a dot.
const OWN_METHODS: [&str; 4] = ["call", "curry", "type_of", "is_shared"];

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
    /// Doc comments with nothing but doc comments after them so far.
    comments: Vec<Position>,
    /// Doc comments that do not stand before a function.
    misplaced: Vec<Position>,
    /// Positions of the `export`, `let` and `const` of `declarations`.
    keywords: HashSet<Position>,
    /// Tokens at these positions are read as `;`.
    blanked: HashSet<Position>,
}

impl Words {
    /// Starts a source in which the tokens at `blanked` read as `;`.
    pub fn start(&mut self, blanked: HashSet<Position>) {
        *self = Self { blanked, started: true, ..Self::default() };
    }

    /// The top-level declarations seen since [`start`](Self::start), and the positions of their keywords.
    pub fn finish(&mut self) -> (Vec<Declaration>, HashSet<Position>) {
        let found = std::mem::take(self);
        (found.declarations, found.keywords)
    }

    /// The doc comments seen since [`start`](Self::start) that document no function, which Rhai takes for errors.
    pub fn misplaced_comments(&mut self) -> Vec<Position> {
        let mut found = std::mem::take(&mut self.misplaced);
        found.append(&mut self.comments);
        found
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

        match token {
            Token::Comment(..) => self.comments.push(position),
            Token::Fn | Token::Private if self.brackets.is_empty() => self.comments.clear(),
            _ => self.misplaced.append(&mut self.comments),
        }
        let (token, renamed) = self.rename(token, before);
        self.declare(&token, position, before);
        self.before = Some(self.follow(&token, position, renamed));

        if self.blanked.contains(&position) { Token::SemiColon } else { token }
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
