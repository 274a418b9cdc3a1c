//! The only door into a script: every closure that a script hands to the host is called from here.

use rhai::{Dynamic, EvalAltResult, FnPtr, NativeCallContext};

/// Most parameters a closure is looked up with; more than any host callback gives.
const MOST_PARAMETERS: usize = 16;

/// How many arguments `function` takes beyond its curried ones, at most `given`.
///
/// `None` when it takes more than `given` (it can then not be called) or is not a script function of this context;
/// native functions (such as the `done` that the host hands out) take whatever they are given.
pub fn parameters_of(context: &NativeCallContext, function: &FnPtr, given: usize) -> Option<usize> {
    let curried = function.curry().len();
    (0..=given).rev().find(|count| {
        context.iter_namespaces().any(|module| module.get_script_fn(function.fn_name(), curried + count).is_some())
    })
}

/// The parameter count of a script function that takes more than `given` arguments, for the error message.
pub fn parameters_beyond(context: &NativeCallContext, function: &FnPtr, given: usize) -> Option<usize> {
    let curried = function.curry().len();
    (given + 1..=MOST_PARAMETERS).find(|count| {
        context.iter_namespaces().any(|module| module.get_script_fn(function.fn_name(), curried + count).is_some())
    })
}

/// Calls `function` at once, inside the native call `context` (for `forEach`, `emit` and the like).
///
/// Surplus arguments are dropped, as in JavaScript. Arguments are consumed.
pub fn call_now(
    context: &NativeCallContext,
    function: &FnPtr,
    mut arguments: Vec<Dynamic>,
) -> Result<Dynamic, Box<EvalAltResult>> {
    if let Some(count) = parameters_of(context, function, arguments.len()) {
        arguments.truncate(count);
    }
    function.call_raw(context, None, arguments)
}
