//! All nodes of a parsed source, also the one that Rhai 1.27 leaves out: what `break` gives.

use rhai::{AST, ASTNode, Stmt};

/// Shows every node of `ast`, its functions included, at the end of the path that leads there.
pub fn walk(ast: &AST, on_node: &mut dyn FnMut(&[ASTNode])) {
    ast.walk(&mut |path: &[ASTNode]| visit(path, on_node));
}

/// The same for statements.
pub fn walk_statements(statements: &[Stmt], on_node: &mut dyn FnMut(&[ASTNode])) {
    for statement in statements {
        statement.walk(&mut Vec::new(), &mut |path: &[ASTNode]| visit(path, on_node));
    }
}

fn visit(path: &[ASTNode], on_node: &mut dyn FnMut(&[ASTNode])) -> bool {
    on_node(path);
    if let Some(ASTNode::Stmt(Stmt::BreakLoop(Some(value), ..))) = path.last() {
        value.walk(&mut Vec::new(), &mut |path: &[ASTNode]| visit(path, on_node));
    }
    true
}
