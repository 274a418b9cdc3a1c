//! Keeps closures from capturing globals.
//!
//! Rhai lets a closure capture every name that is no local of its own. Nearly all of them are globals, which it finds by
//! itself; to capture them costs as much as the rest of a short callback, each time one is made and each time one is called.
//! But Rhai 1.27 captures no name of a function that it has read before (`Engine::access_var` in its `parser.rs`). So the
//! second reading of a source is told of functions that are named like its globals, in a gap between two lines, where they
//! move nothing else; once it is parsed, they are taken out again.

use std::collections::{HashMap, HashSet};

use rhai::{AST, ASTNode, Expr, FnCallExpr, FnPtr, ImmutableString, ParseError, Position, Stmt};

use super::nodes::walk;
use super::parser::Parser;
use super::words::{Declaration, Found};

/// What a source does with names.
#[derive(Default)]
pub struct Names {
    /// Names that are locals or parameters somewhere, those of captured values among them.
    locals: HashSet<ImmutableString>,
    /// Names that closures behind the gap capture, which may do without.
    captured: HashSet<ImmutableString>,
    /// How many values each closure captures, by the name of its function.
    counts: HashMap<ImmutableString, usize>,
    /// Those of the closure whose node comes next.
    next_count: Option<usize>,
    /// It looks for names as it runs: in code that it parses then, which may have locals of any name, or in the scope.
    looks_for_names: bool,
}

impl Names {
    /// Reads a source as it was parsed last.
    pub fn of(ast: &AST) -> Self {
        Self::read(ast, &[], None)
    }

    /// Reads a source as it was parsed first: it declares these globals, and has this [`Found::gap`].
    pub fn read(ast: &AST, globals: &[Declaration], gap: Option<Position>) -> Self {
        let mut names = Self::default();
        let globals: HashSet<Position> = globals.iter().map(|global| global.position).collect();
        walk(ast, &mut |path: &[ASTNode]| names.read_node(path, &globals, gap));
        for function in ast.iter_fn_def() {
            let captured = names.counts.get(&function.name).copied().unwrap_or(0);
            names.locals.extend(function.params.iter().skip(captured).cloned());
        }
        names
    }

    /// Names of globals that closures capture although they would find them: they mean nothing else anywhere.
    pub fn needless(&self, ast: &AST, is_global: impl Fn(&str) -> bool) -> Vec<ImmutableString> {
        let is_function = |name: &str| ast.iter_fn_def().any(|function| function.name == name);
        let is_needless = |name: &&ImmutableString| is_global(name) && self.is_one_variable(name) && !is_function(name);
        self.captured.iter().filter(is_needless).cloned().collect()
    }

    /// Whether all uses of `name` that are no locals where they stand are uses of one variable.
    pub fn is_one_variable(&self, name: &ImmutableString) -> bool {
        !self.looks_for_names && !self.locals.contains(name)
    }

    fn read_node(&mut self, path: &[ASTNode], globals: &HashSet<Position>, gap: Option<Position>) {
        match path.last() {
            Some(ASTNode::Stmt(Stmt::Var(variable, ..))) if !globals.contains(&variable.0.pos) => {
                self.locals.insert(variable.0.name.clone());
            }
            Some(ASTNode::Stmt(Stmt::For(names, ..))) => {
                self.locals.insert(names.0.name.clone());
                self.locals.extend(names.1.iter().map(|counter| counter.name.clone()));
            }
            Some(ASTNode::Stmt(Stmt::TryCatch(parts, ..))) => {
                if let Expr::Variable(error, ..) = &parts.expr {
                    self.locals.insert(error.1.clone());
                }
            }
            // What a closure captures, right before the call of `curry` that makes it.
            Some(ASTNode::Stmt(Stmt::Share(names))) => {
                for (name, _) in &**names {
                    let is_behind = gap.is_some_and(|gap| name.pos > gap);
                    let names = if is_behind { &mut self.captured } else { &mut self.locals };
                    names.insert(name.name.clone());
                }
                self.next_count = Some(names.len());
            }
            Some(ASTNode::Expr(Expr::FnCall(call, _)) | ASTNode::Stmt(Stmt::FnCall(call, _))) => self.read_call(call),
            _ => {}
        }
    }

    fn read_call(&mut self, call: &FnCallExpr) {
        if matches!(call.name.as_str(), "eval" | "is_def_var") {
            self.looks_for_names = true;
        } else if let Some(count) = self.next_count.take()
            && let Some(Expr::DynamicConstant(closure, _)) = call.args.first()
            && let Some(closure) = closure.read_lock::<FnPtr>()
        {
            self.counts.insert(closure.fn_name().into(), count);
        }
    }
}

/// The second reading of `text`, in which closures do not capture these `globals`; but those that are made before
/// [`Found::gap`] do, and all of them where there is none.
///
/// # Errors
/// Those of the parser.
pub fn parse_without(
    parser: &Parser,
    text: &str,
    found: Found,
    globals: &[ImmutableString],
) -> Result<AST, ParseError> {
    let Some(gap) = found.gap.and_then(|gap| end_of(text, gap)) else { return Ok(parser.parse(&[text], found)?.0) };
    let (before, after) = text.split_at(gap);
    let functions: String = globals.iter().map(|name| format!("fn {name}(){{}}")).collect();
    let (mut ast, _) = parser.parse(&[before, &functions, after], found)?;
    ast.retain_functions(|_, _, name, _| globals.iter().all(|global| global != name));
    Ok(ast)
}

/// Where the character at `position` ends, in bytes.
fn end_of(text: &str, position: Position) -> Option<usize> {
    let line = text.split_inclusive('\n').nth(position.line()? - 1)?;
    let (column, last) = line.char_indices().nth(position.position()? - 1)?;
    let start = line.as_ptr() as usize - text.as_ptr() as usize;
    Some(start + column + last.len_utf8())
}
