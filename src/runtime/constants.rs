//! Rejects assignments to a top-level `const`, wherever they stand.
//!
//! Such a constant is a shared value at run time, so Rhai itself would let functions and closures assign to it. What it
//! holds may change (`list.push(1)`, `client.handleMessage = f`), as in JavaScript.

use std::collections::{HashMap, HashSet};

use rhai::{AST, ASTNode, Expr, FnPtr, ParseError, ParseErrorType, Position, Stmt};

use super::nodes::{walk, walk_statements};
use super::words::Declaration;

/// One function body, or the top level.
#[derive(Default)]
struct Body {
    /// Assignments to names that are no locals of this body.
    assignments: Vec<(String, Position)>,
    /// Closures made here: their function name, and which names they capture from locals of this body.
    closures: Vec<(String, HashMap<String, bool>)>,
}

/// The first assignment to a constant of `declarations` in `ast`, as the error Rhai gives for a local constant.
pub fn assignment_to_constant(ast: &AST, declarations: &[Declaration]) -> Option<ParseError> {
    let mut constants: HashSet<&str> = declarations.iter().filter(|d| d.constant).map(|d| d.name.as_str()).collect();
    // `const a = 1; let a = 2;` makes it a variable from there on.
    for variable in declarations.iter().filter(|d| !d.constant) {
        constants.remove(variable.name.as_str());
    }
    if constants.is_empty() {
        return None;
    }
    let declared: HashSet<Position> = declarations.iter().map(|d| d.position).collect();

    let mut functions: HashMap<String, Body> = HashMap::new();
    // The top level and the named functions: nothing around them has locals.
    let mut outermost = vec![Body::of(&AST::empty(), ast.statements())];
    for function in ast.iter_fn_def() {
        let (name, parameters) = (function.name.as_str(), function.params.len());
        // Not `clone_functions_only_filtered`: in rhai 1.27 it keeps all functions.
        let mut alone = ast.clone_functions_only();
        alone.retain_functions(|_, _, n, p| n == name && p == parameters);
        let body = Body::of(&alone, &[]);
        if name.starts_with(ANONYMOUS) {
            functions.insert(name.to_string(), body);
        } else {
            outermost.push(body);
        }
    }

    let mut found = Vec::new();
    for body in &outermost {
        body.collect(&functions, &HashSet::new(), &mut found, 0);
    }
    found
        .into_iter()
        .filter(|(name, position)| constants.contains(name.as_str()) && !declared.contains(position))
        .min_by_key(|(_, position)| *position)
        .map(|(name, position)| ParseError(Box::new(ParseErrorType::AssignmentToConstant(name)), position))
}

/// How the names of functions that stand for closures begin.
pub(super) const ANONYMOUS: &str = "anon$";

/// Deeper nesting of closures than a parser accepts.
const DEEPEST: usize = 200;

impl Body {
    /// Reads the bodies of `functions`, and `statements`.
    fn of(functions: &AST, statements: &[Stmt]) -> Self {
        let mut body = Self::default();
        walk(functions, &mut |path: &[ASTNode]| body.read(path));
        walk_statements(statements, &mut |path: &[ASTNode]| body.read(path));
        body
    }

    fn read(&mut self, path: &[ASTNode]) {
        match path.last() {
            Some(ASTNode::Stmt(Stmt::Assignment(assignment))) => {
                if let Expr::Variable(variable, None, position) = &assignment.1.lhs
                    && variable.0.is_none()
                    && variable.2.is_empty()
                {
                    self.assignments.push((variable.1.to_string(), *position));
                }
            }
            Some(ASTNode::Expr(Expr::DynamicConstant(value, _))) => {
                if let Some(closure) = value.read_lock::<FnPtr>() {
                    self.closures.push((closure.fn_name().to_string(), captured(path)));
                }
            }
            _ => (),
        }
    }

    /// Adds this body's assignments to global names, and those of the closures made in it.
    fn collect(
        &self,
        functions: &HashMap<String, Body>,
        locals: &HashSet<&str>,
        found: &mut Vec<(String, Position)>,
        depth: usize,
    ) {
        found.extend(self.assignments.iter().filter(|(name, _)| !locals.contains(name.as_str())).cloned());
        for (name, captured) in &self.closures {
            let Some(body) = functions.get(name).filter(|_| depth < DEEPEST) else { continue };
            let inner = captured
                .iter()
                .filter(|(name, local)| **local || locals.contains(name.as_str()))
                .map(|(name, _)| name.as_str())
                .collect();
            body.collect(functions, &inner, found, depth + 1);
        }
    }
}

/// The names that the closure at the end of `path` captures, and whether each is a local where it is made.
fn captured(path: &[ASTNode]) -> HashMap<String, bool> {
    let curry = path.iter().rev().nth(1).and_then(|node| match node {
        ASTNode::Expr(Expr::FnCall(call, _)) if call.name == "curry" => Some(call),
        ASTNode::Stmt(Stmt::FnCall(call, _)) if call.name == "curry" => Some(call),
        _ => None,
    });
    let arguments = curry.map(|call| call.args.as_slice()).unwrap_or_default();
    arguments
        .iter()
        .filter_map(|argument| match argument {
            Expr::Variable(variable, short, _) => {
                Some((variable.1.to_string(), short.is_some() || variable.0.is_some()))
            }
            _ => None,
        })
        .collect()
}
