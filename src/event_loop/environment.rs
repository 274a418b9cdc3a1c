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

/// What the name of a function ends with that is a closure's, but is not handed the values that it would find by itself:
/// the globals of its source, host objects.
pub const WITHOUT_CAPTURES: &str = "$global";

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

/// What a function of a script is called as.
#[derive(Debug, Clone)]
pub struct Target {
    /// The name of the function, or of its version [`WITHOUT_CAPTURES`].
    name: ImmutableString,
    /// Values that the function pointer carries.
    curried: usize,
    /// Which of them it is handed.
    kept: Vec<usize>,
    /// How many arguments it takes besides.
    pub parameters: usize,
}

impl Target {
    /// Whether it stands for `function`, another pointer to the same function, where `most` arguments are given.
    pub fn is_for(&self, function: &FnPtr, most: usize) -> bool {
        self.curried == function.curry().len() && self.parameters <= most
    }

    /// The values of `function` that it is handed.
    pub fn kept<'a>(&'a self, function: &'a FnPtr) -> impl ExactSizeIterator<Item = &'a Dynamic> {
        self.kept.iter().map(|place| &function.curry()[*place])
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
        let target = Rc::new(find(&self.registered, function, parameters));
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

    /// Calls `target` with the values that its function carries. Missing arguments are `()`; `arguments` are consumed.
    ///
    /// # Errors
    /// What it threw.
    pub fn call<'a>(
        &self,
        engine: &Engine,
        target: &Target,
        carried: impl Iterator<Item = &'a Dynamic>,
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
        let count = target.kept.len() + target.parameters;
        let mut values: SmallVec<[Dynamic; 6]> = SmallVec::with_capacity(count);
        values.extend(carried.cloned());
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

/// How the function is called that takes `parameters` arguments besides its curried ones.
fn find(global: &GlobalRuntimeState, function: &FnPtr, parameters: usize) -> Target {
    let curried = function.curry().len();
    let name = function.fn_name();
    let all = || Target { name: name.into(), curried, kept: (0..curried).collect(), parameters };
    if curried == 0 {
        return all();
    }
    let shorter_name = format!("{name}{WITHOUT_CAPTURES}");
    let functions = || global.lib.iter().rev().flat_map(|module| module.iter_script_fn_info());
    let Some(whole) = functions().find(|info| info.2 == name && info.3 == curried + parameters) else { return all() };
    let Some(shorter) = functions().find(|info| info.2 == shorter_name) else { return all() };
    let captured = |names: &[ImmutableString]| names.len().saturating_sub(parameters);
    let wanted = &shorter.4.params[..captured(&shorter.4.params)];
    let places = whole.4.params[..curried].iter().enumerate().filter(|(_, name)| wanted.contains(name));
    Target { name: shorter_name.into(), curried, kept: places.map(|(place, _)| place).collect(), parameters }
}
