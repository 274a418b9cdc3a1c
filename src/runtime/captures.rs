//! Keeps closures from capturing globals.
//!
//! Rhai lets a closure capture every name that is no local of its own. Nearly all of them are globals, which it finds by
//! itself; to capture them costs as much as the rest of a short callback, each time one is made and each time one is called.
//! But Rhai 1.27 captures no name of a function that it has read before (`Engine::access_var` in its `parser.rs`). So the
//! second reading of a source is told of functions that are named like its globals, between two lines, where they move
//! nothing else; once it is parsed, they are taken out again.

use std::collections::{HashMap, HashSet};

use rhai::{AST, ASTNode, Expr, FnCallExpr, FnPtr, ImmutableString, ParseError, Position, Stmt};

use super::parser::Parser;
use super::words::{Declaration, Found};

/// What a source does with names, as its first reading shows it.
#[derive(Default)]
pub struct Names {
    /// Names that are locals or parameters somewhere.
    pub locals: HashSet<ImmutableString>,
    /// Names that closures capture.
    captured: HashSet<ImmutableString>,
    /// How many values each closure captures, by the name of its function.
    counts: HashMap<ImmutableString, usize>,
    /// It parses code as it runs, which may make locals of any name.
    pub evaluates: bool,
}

impl Names {
    /// Reads the source that declares these globals.
    pub fn of(ast: &AST, globals: &[Declaration]) -> Self {
        let mut names = Self::default();
        let globals: HashSet<Position> = globals.iter().map(|global| global.position).collect();
        ast.walk(&mut |path: &[ASTNode]| names.read(path, &globals));
        for function in ast.iter_fn_def() {
            let captured = names.counts.get(&function.name).copied().unwrap_or(0);
            names.locals.extend(function.params.iter().skip(captured).cloned());
        }
        names
    }

    /// Names that closures need not capture: each that `is_global`, and means nothing else anywhere.
    pub fn spared(&self, ast: &AST, is_global: impl Fn(&str) -> bool) -> Vec<ImmutableString> {
        if self.evaluates {
            return Vec::new();
        }
        let is_function = |name: &str| ast.iter_fn_def().any(|function| function.name == name);
        let is_spared = |name: &&ImmutableString| is_global(name) && !self.locals.contains(*name) && !is_function(name);
        self.captured.iter().filter(is_spared).cloned().collect()
    }

    fn read(&mut self, path: &[ASTNode], globals: &HashSet<Position>) -> bool {
        match path.last() {
            Some(ASTNode::Stmt(Stmt::Var(variable, ..))) if !globals.contains(&variable.0.pos) => {
                self.locals.insert(variable.0.name.clone());
            }
            Some(ASTNode::Stmt(Stmt::For(names, ..))) => {
                self.locals.insert(names.0.name.clone());
                self.locals.extend(names.1.iter().map(|counter| counter.name.clone()));
            }
            Some(ASTNode::Stmt(Stmt::TryCatch(parts, ..))) => self.locals.extend(variable(&parts.expr)),
            Some(ASTNode::Expr(Expr::FnCall(call, _)) | ASTNode::Stmt(Stmt::FnCall(call, _))) => self.read_call(call),
            // Rhai 1.27 does not look into it.
            Some(ASTNode::Stmt(Stmt::BreakLoop(Some(value), ..))) => {
                value.walk(&mut Vec::new(), &mut |path: &[ASTNode]| self.read(path, globals));
            }
            _ => {}
        }
        true
    }

    fn read_call(&mut self, call: &FnCallExpr) {
        if call.name == "eval" {
            self.evaluates = true;
        } else if call.name == "curry"
            && let Some(Expr::DynamicConstant(function, _)) = call.args.first()
            && let Some(function) = function.read_lock::<FnPtr>()
        {
            self.captured.extend(call.args[1..].iter().filter_map(variable));
            self.counts.insert(function.fn_name().into(), call.args.len() - 1);
        }
    }
}

fn variable(expression: &Expr) -> Option<ImmutableString> {
    match expression {
        Expr::Variable(variable, ..) => Some(variable.1.clone()),
        _ => None,
    }
}

/// The second reading of `text`, in which closures do not capture the names in `spared`; but those that are made before
/// [`Found::gap`] do, and all of them where there is none.
///
/// # Errors
/// Those of the parser.
pub fn parse_without(parser: &Parser, text: &str, found: Found, spared: &[ImmutableString]) -> Result<AST, ParseError> {
    let Some(place) = found.gap.and_then(|gap| end_of(text, gap)) else { return Ok(parser.parse(&[text], found)?.0) };
    let (before, after) = text.split_at(place);
    let functions: String = spared.iter().map(|name| format!("fn {name}(){{}}")).collect();
    let (mut ast, _) = parser.parse(&[before, &functions, after], found)?;
    ast.retain_functions(|_, _, name, _| spared.iter().all(|spared| spared != name));
    Ok(ast)
}

/// Where the character at `position` ends, in bytes.
fn end_of(text: &str, position: Position) -> Option<usize> {
    let line = text.split_inclusive('\n').nth(position.line()? - 1)?;
    let (column, last) = line.char_indices().nth(position.position()? - 1)?;
    let start = line.as_ptr() as usize - text.as_ptr() as usize;
    Some(start + column + last.len_utf8())
}
