//! Finds where a closure names a variable of a `for` loop around it.
//!
//! Rhai has one variable for all rounds of a loop, so every closure made in it would see the last value. As in
//! JavaScript, each closure is to see the value of its own round: the language hands those names a copy.

use std::collections::HashSet;

use rhai::{Position, Token};

/// Stands at the end of a name that means the variable of a loop around the closure. No script can write this character
/// in a name.
const OF_LOOP: char = '\u{2063}';

/// The name as the parser shall see it.
pub fn mark(name: &str) -> String {
    format!("{name}{OF_LOOP}")
}

/// The name as written, of one that [`mark`] marked.
pub fn marked(name: &str) -> Option<&str> {
    name.strip_suffix(OF_LOOP)
}

/// What a pair of braces, or a closure without them, declares.
#[derive(Debug)]
struct Scope {
    /// How many brackets are open inside it.
    depth: usize,
    /// The body of a closure: names of the scopes around it are captured.
    is_closure: bool,
    /// Ends with the expression and not with a brace.
    is_expression: bool,
    /// The names, and whether they are variables of a loop.
    names: Vec<(String, bool)>,
}

/// A part of the source that declares names for what follows.
#[derive(Debug)]
enum Head {
    /// From `for` to `in`.
    Loop,
    /// From `catch` to the end of its brackets.
    Catch,
    /// Between the bars of a closure: what it declares.
    Parameters(Vec<(String, bool)>),
    /// The word after `let` or `const`.
    Variable,
}

/// The state of reading one source.
#[derive(Debug, Default)]
pub struct Loops {
    scopes: Vec<Scope>,
    head: Option<Head>,
    /// What the next `{` at this depth declares.
    body: Option<(usize, Vec<(String, bool)>)>,
    /// What the closure declares whose parameters were read last.
    closure: Option<Vec<(String, bool)>>,
    /// Variables from the `;` on that ends their declaration, with its depth.
    variables: Vec<(usize, String)>,
    /// The token before ends a value: `|` and `||` are operators.
    after_value: bool,
    /// The name just found, unless it turns out to be a function or a module.
    candidate: Option<Position>,
    found: HashSet<Position>,
}

impl Loops {
    /// The positions of the names found.
    pub fn finish(mut self) -> HashSet<Position> {
        self.found.extend(self.candidate);
        self.found
    }

    /// Reads the next token. `depth` brackets are open before it; `is_member` if the name of a key or of a property
    /// stands here.
    pub fn read(&mut self, token: &Token, position: Position, depth: usize, is_member: bool) {
        if matches!(token, Token::Comment(..)) {
            return;
        }
        let candidate = self.candidate.take();
        if !matches!(token, Token::LeftParen | Token::DoubleColon) {
            self.found.extend(candidate);
        }
        if let Some(names) = self.closure.take() {
            let is_expression = *token != Token::LeftBrace;
            let depth = depth + usize::from(!is_expression);
            self.scopes.push(Scope { depth, is_closure: true, is_expression, names });
            if !is_expression {
                self.after_value = false;
                return;
            }
        }
        let after_value = std::mem::replace(&mut self.after_value, ends_value(token));
        match token {
            Token::For => {
                self.head = Some(Head::Loop);
                self.body = Some((depth, Vec::new()));
            }
            Token::Catch => {
                self.head = Some(Head::Catch);
                self.body = Some((depth, Vec::new()));
            }
            Token::Let | Token::Const => self.head = Some(Head::Variable),
            Token::In if matches!(self.head, Some(Head::Loop)) => self.head = None,
            Token::RightParen if matches!(self.head, Some(Head::Catch)) => self.head = None,
            Token::Or if !after_value => self.closure = Some(Vec::new()),
            Token::Pipe => match self.head.take() {
                Some(Head::Parameters(names)) => self.closure = Some(names),
                head => self.head = if after_value { head } else { Some(Head::Parameters(Vec::new())) },
            },
            Token::LeftBrace => {
                let names = self.body.take_if(|(at, _)| *at == depth).map(|(_, names)| names).unwrap_or_default();
                self.scopes.push(Scope { depth: depth + 1, is_closure: false, is_expression: false, names });
            }
            Token::RightBrace | Token::RightParen | Token::RightBracket => self.close(depth),
            Token::Comma => self.end_expressions(depth),
            Token::SemiColon => {
                self.end_expressions(depth);
                self.declare(depth);
            }
            Token::Identifier(name) if !is_member => self.name(name, position, depth),
            _ => (),
        }
    }

    fn name(&mut self, name: &str, position: Position, depth: usize) {
        match (&mut self.head, &mut self.body) {
            (Some(Head::Variable), _) => {
                self.variables.push((depth, name.into()));
                self.head = None;
            }
            (Some(Head::Parameters(names)), _) => names.push((name.into(), false)),
            (Some(head), Some((_, names))) => names.push((name.into(), matches!(head, Head::Loop))),
            _ => self.candidate = self.is_captured(name).then_some(position),
        }
    }

    /// Whether `name` means the variable of a loop outside the closure that is being read.
    fn is_captured(&self, name: &str) -> bool {
        let mut in_closure = false;
        for scope in self.scopes.iter().rev() {
            if let Some((_, of_loop)) = scope.names.iter().rev().find(|(declared, _)| declared == name) {
                return *of_loop && in_closure;
            }
            in_closure |= scope.is_closure;
        }
        false
    }

    /// A bracket closes with which `depth` are open.
    fn close(&mut self, depth: usize) {
        self.variables.retain(|(at, _)| *at < depth);
        while self.scopes.last().is_some_and(|scope| scope.depth >= depth) {
            self.scopes.pop();
        }
    }

    fn end_expressions(&mut self, depth: usize) {
        while self.scopes.last().is_some_and(|scope| scope.is_expression && scope.depth == depth) {
            self.scopes.pop();
        }
    }

    /// Declares the variables whose statement is over.
    fn declare(&mut self, depth: usize) {
        let over = self.variables.extract_if(.., |(at, _)| *at == depth);
        let names = over.map(|(_, name)| (name, false));
        match self.scopes.last_mut() {
            Some(scope) => scope.names.extend(names),
            None => drop(names),
        }
    }
}

/// Whether an operator follows this token, and not a value.
fn ends_value(token: &Token) -> bool {
    use Token::{
        CharConstant, False, FloatConstant, Identifier, IntegerConstant, RightBracket, RightParen, StringConstant,
        True, Unit,
    };
    matches!(
        token,
        Identifier(..)
            | IntegerConstant(..)
            | FloatConstant(..)
            | CharConstant(..)
            | StringConstant(..)
            | True
            | False
            | Unit
            | RightParen
            | RightBracket
    )
}
