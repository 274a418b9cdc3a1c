//! How deep scripts may nest. Rhai's defaults differ between debug and release builds; these do not.

use rhai::Engine;

/// Deepest chain of calls from one callback or from the top level; one more is the error "stack overflow".
pub const CALL_DEPTH: usize = 256;

/// Deepest nesting of expressions and blocks in a source, at the top level and in functions alike.
pub const EXPRESSION_DEPTH: usize = 256;

/// Bytes of stack that the script thread needs for these limits: where every one of [`CALL_DEPTH`] calls is nested as
/// deep as may be, 405 MiB in a debug build, whose frames are several times as big as those of a release build. Only
/// what is used is backed by memory.
pub const STACK_SIZE: usize = if cfg!(debug_assertions) { 768 } else { 256 } * 1024 * 1024;

/// Sets the limits on `engine`, which must run on a thread with [`STACK_SIZE`] bytes of stack.
pub fn set(engine: &mut Engine) {
    engine.set_max_call_levels(CALL_DEPTH).set_max_expr_depths(EXPRESSION_DEPTH, EXPRESSION_DEPTH);
}
