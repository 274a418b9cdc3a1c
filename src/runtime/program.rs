//! The main script: compiled once, run once.

use std::rc::Rc;

use rhai::{AST, Engine, EvalAltResult, Position};

use super::language::Language;
use crate::diagnostics::syntax::explain_parse_error;
use crate::diagnostics::{Diagnostic, Source};
use crate::event_loop::callback::guarded;

/// A compiled main script.
#[derive(Clone)]
pub struct Program {
    /// What it was compiled from.
    pub source: Rc<Source>,
    ast: AST,
    language: Language,
}

impl Program {
    /// Compiles `source`; its name becomes the source name of its errors.
    ///
    /// # Errors
    /// A syntax error, or an assignment to a top-level constant.
    pub fn compile(engine: &Engine, language: &Language, source: Rc<Source>) -> Result<Self, Diagnostic> {
        let ast = language.compile(engine, &source).map_err(|error| explain_parse_error(&error, &source))?;
        Ok(Self { source, ast, language: language.clone() })
    }

    /// Runs the top level.
    ///
    /// # Errors
    /// What the script threw and did not catch, with Rhai's positions; their source is the innermost frame's.
    pub fn run(&self, engine: &Engine) -> Result<(), Box<EvalAltResult>> {
        let mut scope = self.language.scope(&self.source.name);
        guarded(Position::NONE, || engine.run_ast_with_scope(&mut scope, &self.ast))
    }

    /// The compiled script, for tools that list its functions.
    pub fn ast(&self) -> &AST {
        &self.ast
    }
}
