//! Short ways to global variables and host objects.
//!
//! Rhai asks for each use of a name that is no local by text. But a name that is no local anywhere in its source means one
//! and the same variable wherever it stands there: it is found by the address of its text, which the parser shares among the
//! nodes of a source, and with no other source. So it is also found by a closure that another source calls.

use rhai::{AST, ASTNode, Dynamic, Expr, ImmutableString, Stmt};
use rustc_hash::FxHashMap;

use super::captures::Names;

/// Values of names that mean the same wherever they stand.
#[derive(Default)]
pub struct Shortcuts {
    /// Looked up for each use of a variable: the quickest of hashes will do for addresses. The name keeps its address in use.
    values: FxHashMap<Address, (ImmutableString, Dynamic)>,
}

/// Where the text of a name lies.
type Address = usize;

impl Shortcuts {
    /// Adds the names of a source; `value` tells what a name means in it.
    pub fn add(&mut self, ast: &AST, names: &Names, value: impl Fn(&str) -> Option<Dynamic>) {
        if !names.evaluates {
            ast.walk(&mut |path: &[ASTNode]| self.read(path, names, &value));
        }
    }

    fn read(&mut self, path: &[ASTNode], names: &Names, value: &impl Fn(&str) -> Option<Dynamic>) -> bool {
        match path.last() {
            Some(ASTNode::Expr(Expr::Variable(variable, ..))) if variable.2.is_empty() => {
                let name = &variable.1;
                if !names.locals.contains(name)
                    && let Some(value) = value(name)
                {
                    self.values.insert(name.as_ptr() as Address, (name.clone(), value));
                }
            }
            // Rhai 1.27 does not look into it.
            Some(ASTNode::Stmt(Stmt::BreakLoop(Some(inner), ..))) => {
                inner.walk(&mut Vec::new(), &mut |path: &[ASTNode]| self.read(path, names, value));
            }
            _ => {}
        }
        true
    }

    /// The value of a name, where it is the same everywhere.
    pub fn get(&self, name: &str) -> Option<Dynamic> {
        self.values.get(&(name.as_ptr() as Address)).map(|(_, value)| value.clone())
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.values.clear();
    }
}
