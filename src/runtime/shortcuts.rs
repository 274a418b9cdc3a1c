//! Short ways to global variables and host objects.
//!
//! Rhai asks for each use of a name that is no local by text. But a name that is neither a local nor captured anywhere in its
//! source means one and the same variable wherever it stands there: it is found by the address of its text, which the parser
//! shares among the nodes of a source, and with no other source. So it is also found by a closure that another source calls.

use rhai::{AST, ASTNode, Dynamic, Expr, ImmutableString};
use rustc_hash::FxHashMap;

use super::captures::Names;
use super::nodes::walk;

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
    pub fn add(&mut self, ast: &AST, value: impl Fn(&str) -> Option<Dynamic>) {
        let names = Names::of(ast);
        walk(ast, &mut |path: &[ASTNode]| {
            if let Some(ASTNode::Expr(Expr::Variable(variable, ..))) = path.last()
                && variable.2.is_empty()
                && names.is_one_variable(&variable.1)
                && let Some(value) = value(&variable.1)
            {
                let name = variable.1.clone();
                self.values.insert(name.as_ptr() as Address, (name, value));
            }
        });
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
