//! The only door into a script: every closure that a script hands to the host is called from here.

use std::any::Any;
use std::cell::Cell;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use rhai::{Dynamic, Engine, EvalAltResult, FnPtr, GlobalRuntimeState, ImmutableString, NativeCallContext, Position};
use smallvec::SmallVec;

use super::environment::{Environment, Target};

/// What a script function returns, or what it threw.
pub type CallResult = Result<Dynamic, Box<EvalAltResult>>;

/// Where a callback was registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Name of the source, if it has one.
    pub source: Option<ImmutableString>,
    /// Place of the call that registered it.
    pub position: Position,
}

impl Origin {
    /// Whether it is the place of this call.
    fn is_of(&self, context: &NativeCallContext) -> bool {
        self.position == context.call_position() && self.source.as_deref() == context.call_source()
    }

    /// The place of a call.
    pub fn of(context: &NativeCallContext) -> Self {
        let source = context.call_source();
        // Nearly always the text that the state shares.
        let shared = context.global_runtime_state().source.as_ref().filter(|shared| Some(shared.as_str()) == source);
        let source = shared.cloned().or_else(|| source.map(ImmutableString::from));
        Self { source, position: context.call_position() }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.source.as_deref().unwrap_or("the script"))?;
        match (self.position.line(), self.position.position()) {
            (Some(line), Some(column)) => write!(f, ":{line}:{column}"),
            (Some(line), None) => write!(f, ":{line}"),
            _ => Ok(()),
        }
    }
}

/// A function of the script, kept to be called later.
///
/// It carries the environment of the call that registered it (imported modules, functions), so it can be called when
/// the top level has long finished.
#[derive(Debug)]
pub struct Callback {
    site: Rc<Site>,
    /// The values that it captured, where they are not those of the function of the site.
    values: Option<SmallVec<[Dynamic; 1]>>,
}

/// What callbacks have in common that one place of a program registers, with whatever values: there may be 100,000 of them.
#[derive(Debug)]
struct Site {
    /// Without captured values, where callbacks have their own.
    function: FnPtr,
    /// `None` for functions that take what they are given: native ones, and those of a module that is not at hand here.
    target: Option<Rc<Target>>,
    origin: Origin,
    environment: Rc<Environment>,
}

impl Callback {
    /// Keeps `function`, which the call `context` registers.
    ///
    /// `most` is how many arguments it will be given at most ([`usize::MAX`]: any number, nothing is checked). `what`
    /// names it for the error message, and in parentheses what it is given: ``listener for `message` (topic, payload,
    /// packet)``.
    ///
    /// # Errors
    /// `function` takes more than `most` parameters.
    pub fn new(
        context: &NativeCallContext,
        function: FnPtr,
        most: usize,
        what: impl fmt::Display,
    ) -> Result<Self, Box<EvalAltResult>> {
        let environment = Environment::of(context);
        let target = environment.target(context, &function, most.min(MOST_PARAMETERS));
        if target.is_none()
            && most < MOST_PARAMETERS
            && let Some(takes) = parameters_beyond(context, &function, most)
        {
            let message = too_many_parameters(&what.to_string(), takes, most);
            return Err(EvalAltResult::ErrorRuntime(message.into(), context.call_position()).into());
        }
        let site = Site { function, target, origin: Origin::of(context), environment };
        Ok(Self { site: Rc::new(site), values: None })
    }

    /// As [`new`](Self::new), for a function that is called and forgotten: nobody will ask which function it was. One place
    /// that gives functions without captured values again and again gives one callback, others have all but their values in
    /// common.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    pub fn once(
        context: &NativeCallContext,
        mut function: FnPtr,
        most: usize,
        what: impl fmt::Display,
    ) -> Result<Rc<Self>, Box<EvalAltResult>> {
        let environment = Environment::of(context);
        let known = environment.recent().filter(|recent| recent.site.is_for(context, &function, most));
        let target = match &known {
            Some(known) => known.site.target.clone(),
            None => environment.target(context, &function, most.min(MOST_PARAMETERS)),
        };
        let Some(target) = target else { return Self::new(context, function, most, what).map(Rc::new) };
        let values: SmallVec<_> = function.iter_curry_mut().map(Dynamic::take).collect();
        function.set_curry([] as [Dynamic; 0]);
        let site = match known {
            Some(known) if values.is_empty() => return Ok(known),
            Some(known) => Rc::clone(&known.site),
            None => {
                let (target, environment) = (Some(target), Rc::clone(&environment));
                Rc::new(Site { function, target, origin: Origin::of(context), environment })
            }
        };
        let callback = Rc::new(Self { site, values: Some(values) });
        environment.remember(&callback);
        Ok(callback)
    }

    /// Where it was registered.
    pub fn origin(&self) -> &Origin {
        &self.site.origin
    }

    /// The function itself, to be handed back to the script (`client.listeners(...)`); without its captured values where it
    /// was made to be called [`once`](Self::once).
    pub fn function(&self) -> &FnPtr {
        &self.site.function
    }

    /// How many arguments it takes; `None` for functions that take what they are given.
    pub fn parameters(&self) -> Option<usize> {
        self.site.target.as_ref().map(|target| target.parameters)
    }

    /// Whether `other` is this very function: the same code with the same captured variables.
    pub fn same_function(&self, other: &FnPtr) -> bool {
        same_function(self.function(), other)
    }

    /// Calls it. Surplus arguments are dropped, missing ones are `()`; `arguments` are consumed.
    ///
    /// # Errors
    /// What the function threw and did not catch. A panic inside (Rhai panics when a value is borrowed twice) becomes
    /// an error too.
    pub fn call(&self, engine: &Engine, arguments: &mut [Dynamic]) -> CallResult {
        let Site { function, target, origin, environment } = &*self.site;
        let run = || {
            let nesting = Nesting::enter();
            let level = nesting.outside * LEVELS_PER_CALL;
            let Some(target) = target else { return self.site.call_by_rhai(engine, arguments, level) };
            let carried = self.values.as_deref().unwrap_or(function.curry());
            environment.call(engine, target, carried, arguments, level)
        };
        guarded(origin.position, run).map_err(|mut error| {
            // A native function has no place of its own: where it was registered stands for it.
            if !has_place(&error) {
                error.set_position(origin.position);
            }
            error
        })
    }
}

impl Site {
    /// Whether it stands for `function`, which `context` registers and which is given at most `most` arguments.
    fn is_for(&self, context: &NativeCallContext, function: &FnPtr, most: usize) -> bool {
        self.origin.is_of(context)
            && self.function.fn_name() == function.fn_name()
            && self.target.as_ref().is_some_and(|target| target.is_for(function, most))
    }

    /// Calls a native function, or one of a module that is not at hand here: Rhai's own way finds it.
    fn call_by_rhai(&self, engine: &Engine, arguments: &mut [Dynamic], level: usize) -> CallResult {
        let Self { function, origin, environment, .. } = self;
        let mut global = environment.global().clone();
        global.level = level;
        let context = NativeCallContext::new_with_all_fields(
            engine,
            function.fn_name(),
            origin.source.as_deref(),
            &global,
            origin.position,
        );
        function.call_raw(&context, None, arguments)
    }
}

/// The environment of a host call, kept to call functions from there that a script hands over later.
pub struct CallSite {
    global: GlobalRuntimeState,
    position: Position,
}

impl CallSite {
    /// The environment of `context`.
    pub fn of(context: &NativeCallContext) -> Self {
        Self { global: context.global_runtime_state().clone(), position: context.call_position() }
    }

    /// Calls `function`; surplus arguments are dropped.
    ///
    /// # Errors
    /// What it threw, or a panic inside.
    pub fn call(&self, engine: &Engine, function: &FnPtr, arguments: Vec<Dynamic>) -> CallResult {
        let Self { global, position } = self;
        let context = NativeCallContext::new_with_all_fields(engine, function.fn_name(), None, global, *position);
        guarded(*position, || call_now(&context, function, arguments))
    }
}

/// How much closer to the limit of nested calls each callback within a callback is: listeners that emit their own
/// event end with "stack overflow" long before the stack does.
const LEVELS_PER_CALL: usize = 4;

thread_local! {
    /// How many callbacks are running on this thread, each called by the one before.
    static RUNNING: Cell<usize> = const { Cell::new(0) };
}

/// A callback that is running.
struct Nesting {
    outside: usize,
}

impl Nesting {
    fn enter() -> Self {
        Self { outside: RUNNING.replace(RUNNING.get() + 1) }
    }
}

impl Drop for Nesting {
    fn drop(&mut self) {
        RUNNING.set(self.outside);
    }
}

/// Whether the error, or a call on the way to it, has a place in a source.
fn has_place(error: &EvalAltResult) -> bool {
    !error.position().is_none()
        || match error {
            EvalAltResult::ErrorInFunctionCall(_, _, inner, _) | EvalAltResult::ErrorInModule(_, inner, _) => {
                has_place(inner)
            }
            _ => false,
        }
}

/// The message for a function that takes more parameters than it is given; `what` as for [`Callback::new`].
pub fn too_many_parameters(what: &str, takes: usize, most: usize) -> String {
    let (name, given) = match what.split_once(" (") {
        Some((name, given)) => (name, format!(" ({given}")),
        None => (what, String::new()),
    };
    let giver = if name.starts_with("listener") { "the event gives" } else { "it is given" };
    let plural = if takes == 1 { "parameter" } else { "parameters" };
    format!("{name} takes {takes} {plural}, but {giver} {most}{given}")
}

fn same_function(one: &FnPtr, other: &FnPtr) -> bool {
    one.fn_name() == other.fn_name()
        && one.curry().len() == other.curry().len()
        && one.curry().iter().zip(other.curry()).all(|(a, b)| same_value(a, b))
}

/// Whether two captured values are the same variable, or values that cannot be told apart.
fn same_value(one: &Dynamic, other: &Dynamic) -> bool {
    if one.is_shared() != other.is_shared() || one.type_id() != other.type_id() {
        return false;
    }
    if one.is_shared() {
        // Rhai does not tell whether two values share their place, but while one is locked so is the other.
        let mut held = one.clone();
        let before = other.is_locked();
        let Some(_lock) = held.write_lock::<Dynamic>() else { return before };
        return !before && other.is_locked();
    }
    if let (Some(one), Some(other)) = (one.read_lock::<FnPtr>(), other.read_lock::<FnPtr>()) {
        return same_function(&one, &other);
    }
    !one.is_int() && !one.is_string() && !one.is_bool() || one.to_string() == other.to_string()
}

/// Runs script code; a panic inside becomes an error at `position`.
///
/// # Errors
/// Those of `run`, or the panic.
pub fn guarded<T>(
    position: Position,
    run: impl FnOnce() -> Result<T, Box<EvalAltResult>>,
) -> Result<T, Box<EvalAltResult>> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| Err(panicked(&*panic, position)))
}

/// The error for a panic during a call.
fn panicked(panic: &(dyn Any + Send), position: Position) -> Box<EvalAltResult> {
    let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    match text {
        // Rhai takes for granted that it can look at a value, which fails while a call changes it.
        Some(text) if ["borrowed", "data race", "on a `None` value"].iter().any(|part| text.contains(part)) => {
            EvalAltResult::ErrorDataRace("a value that is in use".into(), position).into()
        }
        text => {
            let message = format!("internal error in a callback: {}", text.unwrap_or("panic"));
            EvalAltResult::ErrorRuntime(message.into(), position).into()
        }
    }
}

/// Most parameters a closure is looked up with; more than any host callback gives.
const MOST_PARAMETERS: usize = 16;

/// How many arguments `function` takes beyond its curried ones, at most `given`.
///
/// `None` when it takes more than `given` (it can then not be called) or is not a script function of this context;
/// native functions (such as the `done` that the host hands out) take whatever they are given.
pub fn parameters_of(context: &NativeCallContext, function: &FnPtr, given: usize) -> Option<usize> {
    counts(context, function).filter(|count| *count <= given).max()
}

/// The parameter count of a script function that takes more than `given` arguments, for the error message.
pub fn parameters_beyond(context: &NativeCallContext, function: &FnPtr, given: usize) -> Option<usize> {
    counts(context, function).filter(|count| *count > given).min()
}

/// The parameter counts of all functions that `function` may mean, without curried ones.
pub(super) fn counts<'a>(context: &'a NativeCallContext, function: &'a FnPtr) -> impl Iterator<Item = usize> + 'a {
    let curried = function.curry().len();
    context
        .iter_namespaces()
        .flat_map(rhai::Module::iter_script_fn_info)
        .filter(|(_, _, name, ..)| *name == function.fn_name())
        .filter_map(move |(_, _, _, parameters, _)| parameters.checked_sub(curried))
}

/// Calls `function` at once, inside the native call `context` (for `forEach`, `emit` and the like).
///
/// Surplus arguments are dropped, as in JavaScript. Arguments are consumed.
///
/// # Errors
/// What the function threw, or that it takes more arguments than given.
pub fn call_now(context: &NativeCallContext, function: &FnPtr, mut arguments: Vec<Dynamic>) -> CallResult {
    if let Some(count) = parameters_of(context, function, arguments.len()) {
        arguments.truncate(count);
    }
    function.call_raw(context, None, arguments)
}
