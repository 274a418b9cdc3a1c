//! Array functions that call back.
//!
//! A closure that takes no parameter finds the element in `this`, as Rhai's own functions hand it over.

use std::any::TypeId;

use rhai::{Array, Dynamic, Engine, EvalAltResult, FnPtr, NativeCallContext};

use super::{flatten, this};
use crate::api::arguments::{Arguments, Returned, method, method_with};
use crate::api::view::truthy;
use crate::event_loop::callback::{parameters_beyond, parameters_of, too_many_parameters};

/// A closure that is called for each element, its parameters counted once.
struct EachCall<'a> {
    arguments: &'a Arguments<'a>,
    function: FnPtr,
    parameters: Option<usize>,
    /// The array itself, only if the closure takes it.
    array: Dynamic,
}

impl<'a> EachCall<'a> {
    fn new(arguments: &'a Arguments<'a>, index: usize, array: &Array) -> Result<Self, Box<EvalAltResult>> {
        let function = arguments.function(index, "f")?;
        let parameters = parameters_of(arguments.context, &function, 3);
        if parameters.is_none()
            && let Some(taken) = parameters_beyond(arguments.context, &function, 3)
        {
            let what = format!("the callback of `{}` (element, index, array)", arguments.function);
            let message = too_many_parameters(&what, taken, 3);
            return Err(crate::api::error::ErrorValue::new(message).with_class("TypeError").raise());
        }
        let array = if parameters.is_none_or(|count| count > 2) { array.clone().into() } else { Dynamic::UNIT };
        Ok(Self { arguments, function, parameters, array })
    }

    fn call(&self, mut item: Dynamic, index: usize) -> Returned {
        match self.parameters {
            Some(0) => self.function.call_raw(self.arguments.context, Some(&mut item), []),
            Some(1) => self.function.call_raw(self.arguments.context, None, [item]),
            Some(2) => self.function.call_raw(self.arguments.context, None, [item, (index as i64).into()]),
            Some(_) => {
                self.function.call_raw(self.arguments.context, None, [item, (index as i64).into(), self.array.clone()])
            }
            None => {
                let values = [item, (index as i64).into(), self.array.clone()];
                call_fitting(self.arguments.context, &self.function, &values, 1)
            }
        }
    }

    fn holds(&self, item: &Dynamic, index: usize) -> Result<bool, Box<EvalAltResult>> {
        self.call(item.clone(), index).map(|result| truthy(&result))
    }
}

/// Calls what is no script function of this program (a native function, a closure of a module) with as many of `values`
/// as it takes, at least `least`; nothing tells the number beforehand.
fn call_fitting(context: &NativeCallContext, function: &FnPtr, values: &[Dynamic], least: usize) -> Returned {
    let mut count = least;
    loop {
        match function.call_raw(context, None, values[..count].to_vec()) {
            Err(error) if count < values.len() && is_missing(&error, function) => count += 1,
            result => return result,
        }
    }
}

fn is_missing(error: &EvalAltResult, function: &FnPtr) -> bool {
    matches!(error, EvalAltResult::ErrorFunctionNotFound(name, _) if name.starts_with(function.fn_name()))
}

/// The results of the closure at `index` of the arguments for each of `items`.
pub(super) fn map(arguments: &Arguments, index: usize, items: Array) -> Returned {
    let call = EachCall::new(arguments, index, &items)?;
    let results: Result<Array, _> = items.into_iter().enumerate().map(|(at, item)| call.call(item, at)).collect();
    Ok(results?.into())
}

fn find(items: &Array, arguments: &Arguments, last: bool) -> Result<Option<usize>, Box<EvalAltResult>> {
    let call = EachCall::new(arguments, 0, items)?;
    let test = |index: usize| call.holds(&items[index], index).map(|holds| holds.then_some(index)).transpose();
    let found = if last { (0..items.len()).rev().find_map(test) } else { (0..items.len()).find_map(test) };
    found.transpose()
}

fn reduce(items: Array, arguments: &Arguments, initial: Option<Dynamic>, right: bool) -> Returned {
    let function = arguments.function(0, "f")?;
    let parameters = parameters_of(arguments.context, &function, 4);
    let whole = if parameters.is_none_or(|count| count > 3) { items.clone().into() } else { Dynamic::UNIT };
    let mut indexed: Vec<(usize, Dynamic)> = items.into_iter().enumerate().collect();
    if right {
        indexed.reverse();
    }
    let mut indexed = indexed.into_iter();
    let mut result = match initial {
        Some(initial) => initial,
        None => indexed.next().map_or(Dynamic::UNIT, |(_, item)| item),
    };
    for (index, item) in indexed {
        let values = [result, item, (index as i64).into(), whole.clone()];
        result = match parameters {
            Some(count) => function.call_raw(arguments.context, None, values[..count].to_vec())?,
            None => call_fitting(arguments.context, &function, &values, 2)?,
        };
    }
    Ok(result)
}

/// Registers a function that takes a closure; Rhai's own take exactly that type and would win otherwise.
fn with_closure(
    engine: &mut Engine,
    name: &'static str,
    body: impl Fn(&mut Dynamic, Arguments) -> Returned + Clone + 'static,
) {
    method_with::<Array>(engine, name, &[TypeId::of::<FnPtr>()], body.clone());
    // For the message when it is not a closure.
    method::<Array>(engine, name, 1..=1, body);
}

/// Registers them.
pub(super) fn register(engine: &mut Engine) {
    with_closure(engine, "forEach", |receiver, arguments| {
        let items = this(receiver);
        let call = EachCall::new(&arguments, 0, &items)?;
        for (index, item) in items.into_iter().enumerate() {
            let _result = call.call(item, index)?;
        }
        Ok(Dynamic::UNIT)
    });
    with_closure(engine, "map", |receiver, arguments| map(&arguments, 0, this(receiver)));
    with_closure(engine, "flatMap", |receiver, arguments| {
        let mut out = Array::new();
        let results = map(&arguments, 0, this(receiver))?;
        flatten(this(&results), 1, &mut out);
        Ok(out.into())
    });
    with_closure(engine, "filter", |receiver, arguments| {
        let items = this(receiver);
        let call = EachCall::new(&arguments, 0, &items)?;
        let mut kept = Array::new();
        for (index, item) in items.into_iter().enumerate() {
            if call.holds(&item, index)? {
                kept.push(item);
            }
        }
        Ok(kept.into())
    });
    for (name, last) in [("find", false), ("findLast", true)] {
        with_closure(engine, name, move |receiver, arguments| {
            let items = this(receiver);
            let found = find(&items, &arguments, last)?;
            Ok(found.map_or(Dynamic::UNIT, |index| items[index].clone()))
        });
    }
    for (name, last) in [("findIndex", false), ("findLastIndex", true)] {
        with_closure(engine, name, move |receiver, arguments| {
            Ok(find(&this(receiver), &arguments, last)?.map_or(-1, |index| index as i64).into())
        });
    }
    with_closure(engine, "some", |receiver, arguments| Ok(find(&this(receiver), &arguments, false)?.is_some().into()));
    with_closure(engine, "every", |receiver, arguments| {
        let items = this(receiver);
        let call = EachCall::new(&arguments, 0, &items)?;
        for (index, item) in items.iter().enumerate() {
            if !call.holds(item, index)? {
                return Ok(false.into());
            }
        }
        Ok(true.into())
    });
    // Without an initial value Rhai starts with `()`; that meaning stays.
    with_closure(engine, "reduce", |receiver, arguments| {
        reduce(this(receiver), &arguments, Some(Dynamic::UNIT), false)
    });
    let with_initial = |receiver: &mut Dynamic, arguments: Arguments| -> Returned {
        let initial = match arguments.get(1).read_lock::<FnPtr>() {
            // Rhai's own form: the initial value comes from a closure.
            Some(function) => function.call_raw(arguments.context, None, [])?,
            None => arguments.get(1).clone(),
        };
        reduce(this(receiver), &arguments, Some(initial), false)
    };
    method_with::<Array>(engine, "reduce", &[TypeId::of::<FnPtr>(), TypeId::of::<Dynamic>()], with_initial);
    method::<Array>(engine, "reduce", 2..=2, with_initial);
    method::<Array>(engine, "reduceRight", 1..=2, |receiver, arguments| {
        let initial = arguments.values.get(1).cloned();
        reduce(this(receiver), &arguments, initial, true)
    });
}
