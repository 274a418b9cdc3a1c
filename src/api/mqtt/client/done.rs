//! The `done` that a script is handed: it says when it is ready, at once or later, from a timer or another callback.

use std::cell::Cell;

use rhai::{Dynamic, EvalAltResult, FnPtr};

/// A function that takes any number of arguments and hands them to `answer` the first time it is called.
///
/// What `answer` finds wrong with them is thrown where it is called. `forgotten` runs when nothing can call it any more and
/// nothing has.
pub fn done(
    answer: impl FnOnce(Vec<Dynamic>) -> Result<(), Box<EvalAltResult>> + 'static,
    forgotten: impl FnOnce() + 'static,
) -> Dynamic {
    let answer = Cell::new(Some(answer));
    let guard = Guard(Cell::new(Some(forgotten)));
    // The attribute only says that this part of Rhai may change, see its documentation.
    #[expect(deprecated)]
    let function = FnPtr::from_fn("done", move |_, arguments| {
        guard.0.take();
        let values = arguments.iter_mut().map(|value| std::mem::take(*value).flatten()).collect();
        match answer.take() {
            Some(answer) => answer(values).map(|()| Dynamic::UNIT),
            None => Ok(Dynamic::UNIT),
        }
    });
    Dynamic::from(function.expect("`done` is a valid name"))
}

/// Runs what it holds when it is dropped.
struct Guard<F: FnOnce()>(Cell<Option<F>>);

impl<F: FnOnce()> Drop for Guard<F> {
    fn drop(&mut self) {
        if let Some(forgotten) = self.0.take() {
            forgotten();
        }
    }
}

/// Whether an argument says that something went wrong, as `if (error)` in JavaScript.
pub fn is_error(value: Option<&Dynamic>) -> bool {
    let Some(value) = value else { return false };
    !(value.is_unit()
        || value.as_bool() == Ok(false)
        || value.as_int() == Ok(0)
        || value.read_lock::<rhai::ImmutableString>().is_some_and(|text| text.is_empty()))
}
