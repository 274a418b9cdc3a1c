//! Parses one source, as often as the language needs it.

use std::cell::RefCell;
use std::rc::Rc;

use rhai::{AST, Engine, OptimizationLevel, ParseError, Scope};

use super::words::{Found, Words};

/// Texts that Rhai keeps one of while it parses, as in an engine that runs scripts.
const INTERNED: usize = 1024;

/// The parser of one source. No other parser shares a text with it: the address of a name tells what source it stands in.
pub struct Parser {
    engine: Engine,
    words: Rc<RefCell<Words>>,
}

impl Parser {
    /// A parser that takes expressions as deep as `like` does.
    pub fn new(like: &Engine) -> Self {
        let mut engine = Engine::new_raw();
        engine
            .set_optimization_level(OptimizationLevel::None)
            .set_max_strings_interned(INTERNED)
            .set_max_expr_depths(like.max_expr_depth(), like.max_function_expr_depth());
        let words: Rc<RefCell<Words>> = Rc::default();
        let mapped = Rc::clone(&words);
        // Marked as volatile in rhai 1.27, not as deprecated.
        #[allow(deprecated)]
        engine.on_parse_token(move |token, position, _| mapped.borrow_mut().map(token, position));
        Self { engine, words }
    }

    /// Parses `parts`, one behind the other. The first reading of a source has `found` nothing, the second what the first
    /// one gives.
    ///
    /// # Errors
    /// Those of Rhai.
    pub fn parse(&self, parts: &[&str], found: Found) -> Result<(AST, Found), ParseError> {
        self.words.borrow_mut().start(found);
        let ast = self.engine.compile_scripts_with_scope(&Scope::new(), parts)?;
        Ok((ast, self.words.borrow_mut().finish()))
    }
}
