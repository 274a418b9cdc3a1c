//! What a callback needs besides its function: the modules that were imported where it was registered, the functions of
//! its source, caches. Callbacks that are registered in the same surroundings share it: there may be 100,000 of them.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::{Rc, Weak};

use ahash::AHashMap;
use rhai::{
    Caches, Dynamic, Engine, EvalContext, FnPtr, GlobalRuntimeState, ImmutableString, NativeCallContext, Scope,
};
use smallvec::SmallVec;

use super::callback::{CallResult, Callback, counts};

/// Surroundings that are known at a time; a program with more sources than that makes some of them anew.
const RECENT: usize = 8;

thread_local! {
    static KNOWN: RefCell<Vec<Weak<Environment>>> = const { RefCell::new(Vec::new()) };
}

/// The surroundings of a call.
pub struct Environment {
    /// The state of a registering call, as it was.
    registered: GlobalRuntimeState,
    /// Functions that were looked up.
    targets: RefCell<AHashMap<ImmutableString, Rc<Target>>>,
    /// The last callback that was made here to be called once.
    recent: RefCell<Weak<Callback>>,
    /// The state that calls run in, used again by the next; absent during a call, so that a call within it makes its
    /// own, and after a panic.
    running: Cell<Option<Box<Running>>>,
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment").field("source", &self.registered.source).finish_non_exhaustive()
    }
}

/// What Rhai needs for a call.
struct Running {
    global: GlobalRuntimeState,
    /// Functions that were already looked up: they make later calls faster.
    caches: Caches,
    scope: Scope<'static>,
}

/// A function of a script that is at hand here, as it is called.
#[derive(Debug)]
pub struct Target {
    name: ImmutableString,
    /// How many values its pointer carries.
    curried: usize,
    /// How many arguments it takes besides.
    pub parameters: usize,
}

impl Target {
    /// Whether it stands for `function`, another pointer to the same function, where `most` arguments are given.
    pub fn is_for(&self, function: &FnPtr, most: usize) -> bool {
        self.curried == function.curry().len() && self.parameters <= most
    }
}

impl Environment {
    /// The surroundings of `context`.
    pub fn of(context: &NativeCallContext) -> Rc<Self> {
        let global = context.global_runtime_state();
        KNOWN.with_borrow_mut(|known| {
            let mut known_ones = known.iter().filter_map(Weak::upgrade);
            if let Some(found) = known_ones.find(|other| same(&other.registered, global)) {
                return found;
            }
            let made = Rc::new(Self {
                registered: clean(global.clone()),
                targets: RefCell::default(),
                recent: RefCell::default(),
                running: Cell::new(None),
            });
            known.retain(|other| other.strong_count() > 0);
            if known.len() == RECENT {
                known.remove(0);
            }
            known.push(Rc::downgrade(&made));
            made
        })
    }

    /// How `function` is called, if it is a function of a script that is at hand here and takes at most `most` arguments.
    pub fn target(&self, context: &NativeCallContext, function: &FnPtr, most: usize) -> Option<Rc<Target>> {
        let known = self.targets.borrow().get(function.fn_name()).cloned();
        if let Some(target) = known.filter(|target| target.is_for(function, most)) {
            return Some(target);
        }
        let parameters = counts(context, function).filter(|count| *count <= most).max()?;
        let (name, curried) = (function.fn_name().into(), function.curry().len());
        let target = Rc::new(Target { name, curried, parameters });
        self.targets.borrow_mut().insert(function.fn_name().into(), target.clone());
        Some(target)
    }

    /// The state as it was registered.
    pub fn global(&self) -> &GlobalRuntimeState {
        &self.registered
    }

    /// The last callback that was made here to be called once, if it is still waited for.
    pub fn recent(&self) -> Option<Rc<Callback>> {
        self.recent.borrow().upgrade()
    }

    /// Notes it for [`recent`](Self::recent).
    pub fn remember(&self, callback: &Rc<Callback>) {
        *self.recent.borrow_mut() = Rc::downgrade(callback);
    }

    /// Calls `target` with the values that its function pointer carries. Missing arguments are `()`; `arguments` are consumed.
    ///
    /// # Errors
    /// What it threw.
    pub fn call(
        &self,
        engine: &Engine,
        target: &Target,
        carried: &[Dynamic],
        arguments: &mut [Dynamic],
        level: usize,
    ) -> CallResult {
        let mut running = self.running.take().unwrap_or_else(|| {
            Box::new(Running { global: self.registered.clone(), caches: Caches::new(), scope: Scope::new() })
        });
        let Running { global, caches, scope } = &mut *running;
        global.level = level;
        // `eval` in an earlier call may have changed the scope of that call.
        global.always_search_scope = false;
        let count = carried.len() + target.parameters;
        let mut values: SmallVec<[Dynamic; 6]> = SmallVec::with_capacity(count);
        values.extend(carried.iter().cloned());
        values.extend(arguments.iter_mut().take(target.parameters).map(Dynamic::take));
        values.resize(count, Dynamic::UNIT);
        let mut references: SmallVec<[&mut Dynamic; 6]> = values.iter_mut().collect();
        let result = EvalContext::new(engine, global, caches, scope, None).call_fn_raw(
            &target.name,
            false,
            false,
            &mut references,
        );
        scope.rewind(0);
        self.running.set(Some(running));
        result
    }
}

/// The state for calls that come later. A timer that starts itself anew in each call must not nest deeper and deeper.
fn clean(mut global: GlobalRuntimeState) -> GlobalRuntimeState {
    global.level = 0;
    global.scope_level = 0;
    global.always_search_scope = false;
    global
}

/// Whether functions and modules are looked up alike.
fn same(one: &GlobalRuntimeState, other: &GlobalRuntimeState) -> bool {
    let constants = match (&one.constants, &other.constants) {
        (Some(one), Some(other)) => Rc::ptr_eq(one, other),
        (None, None) => true,
        _ => false,
    };
    constants
        && one.source == other.source
        && one.lib.len() == other.lib.len()
        && one.num_imports() == other.num_imports()
        && one.lib.iter().zip(&other.lib).all(|(one, other)| Rc::ptr_eq(one, other))
        && one
            .iter_imports_raw()
            .zip(other.iter_imports_raw())
            .all(|(one, other)| one.0 == other.0 && Rc::ptr_eq(one.1, other.1))
}
