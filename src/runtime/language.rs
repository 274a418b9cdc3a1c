//! The language that scripts are written in: Rhai with global variables, callable globals, and names that are words.
//!
//! A source is parsed twice. The first pass is plain Rhai, so syntax errors are Rhai's; it also lists the top-level
//! `let` and `const`. In the second pass these keywords read as `;`, which makes each declaration an assignment to a
//! variable that the parser does not know; such variables are looked up here, in the table of their source. Nothing moves,
//! so positions are those of the file.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use ahash::AHashMap;
use rhai::{
    AST, Dynamic, Engine, EvalAltResult, EvalContext, Expr, FnPtr, ImmutableString, Map, Module, Namespace,
    NativeCallContext, OptimizationLevel, ParseError, Position, Scope, Stmt,
};

use super::captures::{Names, parse_without};
use super::constants::{ANONYMOUS, assignment_to_constant};
use super::parser::Parser;
use super::shortcuts::Shortcuts;
use super::words::{Declaration, Found, Words, host_method};
use crate::api::events::Program;
use crate::diagnostics::Source;

/// The name that each source asks for before anything else, so that the state it runs in gets its constants, for
/// `global::NAME`. No script can write it.
const START: &str = "\u{2060}";

/// Most arguments that are filled up with `()`.
const MOST_MISSING: usize = 8;

/// Names that every source sees unless it declares a global of that name: `console`, `mqtt`, `process`, ...
pub type HostObjects = HashMap<&'static str, Dynamic>;

/// The language extras of one engine: the global variables of every source loaded into it.
#[derive(Clone)]
pub struct Language(Rc<Shared>);

struct Shared {
    units: RefCell<AHashMap<ImmutableString, Rc<Unit>>>,
    /// Every source whose text was read, also one that does not compile.
    sources: RefCell<HashMap<String, Rc<Source>>>,
    /// The unit asked for last: nearly every look-up is for the same source as the one before.
    recent: RefCell<Option<Rc<Unit>>>,
    objects: AHashMap<&'static str, Dynamic>,
    shortcuts: RefCell<Shortcuts>,
}

/// One source as loaded: its globals, and what its functions need to be called from elsewhere.
struct Unit {
    name: ImmutableString,
    /// Shared values, one for each top-level variable.
    variables: AHashMap<ImmutableString, Dynamic>,
    /// The same values, for Rhai's `global::NAME`.
    constants: Rc<RefCell<BTreeMap<ImmutableString, Dynamic>>>,
    exported: Vec<String>,
    functions: rhai::Shared<Module>,
    /// What the source imported at its top level, once it has run.
    imports: RefCell<Vec<(ImmutableString, rhai::Shared<Module>)>>,
}

impl Language {
    /// Adds the extras to `engine`. `objects` are found after the globals of a source.
    pub fn install(engine: &mut Engine, objects: HostObjects) -> Self {
        // Rhai's optimizer folds templates such as `${21.0}` with its own formatting, and panics on an assignment to a
        // property of a constant map (1.27).
        engine.set_optimization_level(OptimizationLevel::None);
        let language = Self(Rc::new(Shared {
            units: RefCell::default(),
            sources: RefCell::default(),
            recent: RefCell::default(),
            objects: objects.into_iter().collect(),
            shortcuts: RefCell::default(),
        }));
        // For `eval`: a source has a parser of its own.
        let words: RefCell<Words> = RefCell::default();
        let of_variables = language.clone();
        let of_functions = language.clone();
        // These hooks are marked as volatile in rhai 1.27, not as deprecated.
        #[allow(deprecated)]
        engine
            .on_parse_token(move |token, position, _| words.borrow_mut().map(token, position))
            .on_var(move |name, offset, context| match of_variables.variable(name, offset, context) {
                // Rhai would panic. Only a shared value can be locked, and a list would be searched for one.
                Some(value) if value.is_shared() && value.is_locked() => {
                    Err(EvalAltResult::ErrorDataRace(format!("variable `{name}`"), Position::NONE).into())
                }
                value => Ok(value),
            })
            .on_missing_function(move |name, arguments, is_method, context| {
                of_functions.missing_function(name, arguments, is_method, context)
            });
        language
    }

    /// Parses `source` and makes its globals, all of them `()` as yet.
    pub(super) fn compile(&self, engine: &Engine, source: &Rc<Source>) -> Result<AST, ParseError> {
        self.0.sources.borrow_mut().insert(source.name.clone(), Rc::clone(source));
        let text = readable(&source.text);
        let parser = Parser::new(engine);
        let (first, mut found) = parser.parse(&[&text], Found::default())?;
        let declarations = std::mem::take(&mut found.declarations);
        let names = Names::read(&first, &declarations, found.gap);
        let is_global =
            |name: &str| declarations.iter().any(|global| global.name == name) || self.0.objects.contains_key(name);
        let needless = names.needless(&first, is_global);
        let mut ast = parse_without(&parser, &text, found.clone(), &needless)?;
        if !needless.is_empty() && self.has_closure_of(&ast) {
            // Rhai names closures by text and place. What they capture tells two of one name apart.
            ast = parse_without(&parser, &text, found, &[])?;
        }
        if let Some(error) = assignment_to_constant(&ast, &declarations) {
            return Err(error);
        }
        ast = AST::new(std::iter::once(start()).chain(ast.statements().iter().cloned()), ast.shared_lib().clone());
        ast.set_source(source.name.as_str());

        let unit = Rc::new(Unit::new(source, &declarations, &ast));
        self.0
            .shortcuts
            .borrow_mut()
            .add(&ast, |name| unit.variables.get(name).or_else(|| self.0.objects.get(name)).cloned());
        self.0.units.borrow_mut().insert(unit.name.clone(), unit);
        self.0.recent.take();
        Ok(ast)
    }

    /// The variables that the top level of the source `name` runs with: its globals.
    pub(super) fn scope(&self, name: &str) -> Scope<'static> {
        let mut scope = Scope::new();
        if let Some(unit) = self.unit(name) {
            for (variable, value) in &unit.variables {
                scope.push_dynamic(variable.as_str(), value.clone());
            }
            for variable in &unit.exported {
                scope.set_alias(variable.as_str(), variable.as_str());
            }
        }
        scope
    }

    /// Notes what the source `name` imported, so that closures which leave it can still be called.
    pub(super) fn imported(&self, name: &str, module: &Module) {
        if let Some(unit) = self.unit(name) {
            *unit.imports.borrow_mut() = module.iter_sub_modules().map(|(name, m)| (name.into(), m.clone())).collect();
        }
    }

    /// The text of a loaded source, for messages.
    pub fn source(&self, name: &str) -> Option<Rc<Source>> {
        self.0.sources.borrow().get(name).cloned()
    }

    /// How many arguments the closure takes that the global `variable` of `source` holds; `None` if it holds none.
    ///
    /// For the message of a plain call `variable(...)` with another number of arguments.
    pub fn parameters_of(&self, source: &str, variable: &str) -> Option<usize> {
        let value = self.value(source, variable)?;
        let function = value.read_lock::<FnPtr>()?;
        let units = self.0.units.borrow();
        let counts = units.values().flat_map(|unit| unit.functions.iter_script_fn_info());
        let count = counts.filter(|info| info.2 == function.fn_name()).map(|info| info.3).max()?;
        count.checked_sub(function.curry().len())
    }

    /// The source that a closure stands in, by Rhai's name for its function, for messages; `None` for none, or several.
    pub fn source_of_closure(&self, name: &str) -> Option<String> {
        let units = self.0.units.borrow();
        let mut homes = units.values().filter(|unit| unit.functions.iter_script_fn_info().any(|info| info.2 == name));
        homes.next().filter(|_| homes.next().is_none()).map(|unit| unit.name.to_string())
    }

    /// Name and parameters of each function of the loaded module that `import "path"` means, for messages.
    pub fn functions_of_module(&self, path: &str) -> Vec<(String, String)> {
        let units = self.0.units.borrow();
        let plain = |name: &str| name.trim_matches(['<', '>']).trim_end_matches(".rhai").to_string();
        let wanted = plain(path.trim_start_matches("./"));
        let of_path = units.values().filter(|unit| {
            let name = plain(&unit.name);
            name.strip_suffix(&wanted).is_some_and(|before| before.is_empty() || before.ends_with('/'))
        });
        let functions = of_path.flat_map(|unit| unit.functions.iter_script_fn_info());
        let named = functions.filter(|info| !info.2.starts_with(ANONYMOUS));
        named.map(|info| (info.2.to_string(), info.4.params.join(", "))).collect()
    }

    /// The value of the global `variable` of `source`, for messages.
    pub fn value(&self, source: &str, variable: &str) -> Option<Dynamic> {
        self.unit(source)?.variables.get(variable).map(Dynamic::flatten_clone)
    }

    /// The names that a source can use as variables: its globals and the host objects.
    pub fn names(&self, source: &str) -> Vec<String> {
        let mut names: Vec<String> = self.0.objects.keys().map(ToString::to_string).collect();
        if let Some(unit) = self.unit(source) {
            names.extend(unit.variables.keys().map(ToString::to_string));
        }
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Sets every global to `()`: closures in globals refer to globals, so nothing would free them otherwise.
    pub fn clear(&self) {
        let units: Vec<_> = self.0.units.borrow_mut().drain().map(|(_, unit)| unit).collect();
        self.0.recent.take();
        self.0.shortcuts.borrow_mut().clear();
        for mut value in units.iter().flat_map(|unit| unit.variables.values()).cloned() {
            let old = value.write_lock::<Dynamic>().map(|mut slot| std::mem::take(&mut *slot));
            drop(old);
        }
    }

    fn unit(&self, name: &str) -> Option<Rc<Unit>> {
        let recent = self.0.recent.borrow();
        if let Some(unit) = recent.as_ref().filter(|unit| unit.name == name) {
            return Some(unit.clone());
        }
        drop(recent);
        let unit = self.0.units.borrow().get(name)?.clone();
        *self.0.recent.borrow_mut() = Some(unit.clone());
        Some(unit)
    }

    /// Answers `Engine::on_var`: the value of `name`, or `None` for a local variable, which Rhai then finds itself.
    /// `offset` is how far from the end of the scope the parser saw a local of that name, 0: it saw none.
    fn variable(&self, name: &str, offset: usize, mut context: EvalContext) -> Option<Dynamic> {
        let local = if offset > 0 {
            context.scope().iter_raw().nth(offset - 1).map(|(_, _, value)| value)
        } else if let Some(value) = self.0.shortcuts.borrow().get(name) {
            return Some(value);
        } else if name == START {
            let unit = context.source().and_then(|source| self.unit(source));
            context.global_runtime_state_mut().constants = unit.map(|unit| unit.constants.clone());
            return Some(Dynamic::UNIT);
        } else {
            context.scope().get(name)
        };
        if let Some(local) = local {
            // A shared value is handed out as it is: taken from the scope it would be locked during a call on it.
            return local.is_shared().then(|| local.clone());
        }
        if let Some(value) = context.source().and_then(|source| self.global(source, name)) {
            return Some(value);
        }
        if let Some(object) = self.0.objects.get(name) {
            return Some(object.clone());
        }
        // A closure that names a function declared further down captures it like a variable.
        let mut functions = context.iter_namespaces().flat_map(Module::iter_script_fn_info);
        functions.find(|info| info.2 == name).map(|info| FnPtr::from(info.4.clone()).into())
    }

    fn global(&self, source: &str, name: &str) -> Option<Dynamic> {
        {
            let recent = self.0.recent.borrow();
            if let Some(unit) = recent.as_ref().filter(|unit| unit.name == source) {
                return unit.variables.get(name).cloned();
            }
        }
        self.unit(source)?.variables.get(name).cloned()
    }

    /// Answers `Engine::on_missing_function`: calls a closure that a global of that name holds, and closures that
    /// left the module they were made in.
    fn missing_function(
        &self,
        name: &str,
        arguments: &mut [&mut Dynamic],
        is_method: bool,
        mut context: EvalContext,
    ) -> Result<Option<Dynamic>, Box<EvalAltResult>> {
        if name.starts_with(ANONYMOUS) {
            return self.call_elsewhere(name, arguments, is_method, &mut context);
        }
        if let Some((method, position)) = host_method(name) {
            return host_call(method, position, arguments, &context).map(Some);
        }
        if is_method {
            return Ok(None);
        }
        let home = context.source().map(str::to_string);
        let own = home.as_deref().and_then(|source| self.global(source, name));
        // A closure that was handed to a module runs with the source of the module: try all sources on the way.
        let value = own
            .or_else(|| context.iter_namespaces().filter_map(Module::id).find_map(|source| self.global(source, name)));
        let Some(value) = value.map(Dynamic::flatten) else { return Ok(None) };
        let Some(function) = value.try_cast::<FnPtr>() else { return Ok(None) };

        // The values stay where they are: Rhai's own message shows them if this comes to nothing.
        let given = arguments.iter().map(|value| value.flatten_clone());
        let mut values: Vec<Dynamic> = function.curry().iter().cloned().chain(given).collect();
        let is_script = |n: usize| context.iter_namespaces().any(|m| m.get_script_fn(function.fn_name(), n).is_some());
        let result = if is_script(values.len()) || self.home_of(function.fn_name(), values.len()).is_some() {
            let mut references: Vec<&mut Dynamic> = values.iter_mut().collect();
            context.call_fn_raw(function.fn_name(), false, false, &mut references)
        } else if function.is_anonymous() {
            return Ok(None);
        } else {
            let global = context.global_runtime_state();
            let source = global.source.clone();
            let native = NativeCallContext::new_with_all_fields(
                context.engine(),
                name,
                source.as_deref(),
                global,
                Position::NONE,
            );
            function.call_raw(&native, None, &mut values[function.curry().len()..])
        };
        result.map(Some).map_err(|error| renamed(error, function.fn_name(), name))
    }

    /// Whether another source has a closure of the same name as one in `ast`.
    fn has_closure_of(&self, ast: &AST) -> bool {
        let mut closures = ast.iter_fn_def().filter(|function| function.name.starts_with(ANONYMOUS));
        closures.any(|closure| self.home_of(&closure.name, closure.params.len()).is_some())
    }

    /// The unit that declares the script function `name`.
    fn home_of(&self, name: &str, parameters: usize) -> Option<Rc<Unit>> {
        let units = self.0.units.borrow();
        units.values().find(|unit| unit.functions.get_script_fn(name, parameters).is_some()).cloned()
    }

    /// Calls a closure of a source whose functions are not at hand here: one that a module's function returned.
    fn call_elsewhere(
        &self,
        name: &str,
        arguments: &mut [&mut Dynamic],
        is_method: bool,
        context: &mut EvalContext,
    ) -> Result<Option<Dynamic>, Box<EvalAltResult>> {
        let receiver = usize::from(is_method);
        // As with callbacks, surplus arguments are dropped and missing ones are `()`: what such a closure takes could
        // not be seen when it was registered.
        let given = arguments.len() - receiver;
        let counts = (0..=given).rev().chain(given + 1..=given + MOST_MISSING);
        let Some((count, unit)) = counts.into_iter().find_map(|count| Some((count, self.home_of(name, count)?))) else {
            return Ok(None);
        };
        if context.iter_namespaces().any(|module| module.get_script_fn(name, count).is_some()) {
            return Ok(None);
        }
        let given = arguments[receiver..].iter().map(|value| (**value).clone());
        let mut values: Vec<Dynamic> = given.chain(std::iter::repeat(Dynamic::UNIT)).take(count).collect();
        let mut references: Vec<&mut Dynamic> = Vec::with_capacity(receiver + count);
        if is_method {
            references.push(&mut *arguments[0]);
        }
        references.extend(values.iter_mut());

        let orig_imports = context.global_runtime_state().num_imports();
        for (alias, module) in &*unit.imports.borrow() {
            context.global_runtime_state_mut().push_import(alias.clone(), module.clone());
        }
        let result = {
            let frame = context.new_frame().with_source(unit.name.clone());
            let mut frame = frame.with_namespace(unit.functions.clone()).with_new_caching_layer();
            frame.call_fn_raw(name, is_method, is_method, &mut references)
        };
        context.global_runtime_state_mut().truncate_imports(orig_imports);
        result.map(Some)
    }
}

impl Program for Language {
    fn emits(&self, event: &str) -> bool {
        self.0.sources.borrow().values().any(|source| emits(&source.text, event))
    }

    fn source(&self, name: &str) -> Option<Rc<Source>> {
        self.source(name)
    }
}

/// The statement that asks for [`START`].
fn start() -> Stmt {
    Stmt::Expr(Box::new(Expr::Variable(Box::new((None, START.into(), Namespace::NONE, 0)), None, Position::NONE)))
}

/// Whether the text calls `emit` with this event, or with one that is only known when it runs.
fn emits(text: &str, event: &str) -> bool {
    text.split("emit(").skip(1).map(str::trim_start).any(|argument| match argument.strip_prefix(['"', '`']) {
        Some(name) => name.strip_prefix(event).is_some_and(|rest| rest.starts_with(['"', '`'])),
        None => true,
    })
}

impl Unit {
    fn new(source: &Rc<Source>, declarations: &[Declaration], ast: &AST) -> Self {
        let mut variables = AHashMap::new();
        for declaration in declarations {
            variables
                .entry(ImmutableString::from(declaration.name.as_str()))
                .or_insert_with(|| Dynamic::UNIT.into_shared());
        }
        let constants = variables.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        let exported = declarations.iter().filter(|d| d.exported).map(|d| d.name.clone()).collect();
        Self {
            name: source.name.as_str().into(),
            variables,
            constants: Rc::new(RefCell::new(constants)),
            exported,
            functions: ast.shared_lib().clone(),
            imports: RefCell::default(),
        }
    }
}

/// Calls a method of the host, or a closure that a map holds, whatever functions of that name the script has.
fn host_call(
    method: &str,
    position: Position,
    arguments: &mut [&mut Dynamic],
    context: &EvalContext,
) -> Result<Dynamic, Box<EvalAltResult>> {
    let global = context.global_runtime_state();
    let source = global.source.clone();
    let native = NativeCallContext::new_with_all_fields(context.engine(), method, source.as_deref(), global, position);
    let held =
        arguments.first().and_then(|receiver| receiver.read_lock::<Map>()?.get(method)?.clone().try_cast::<FnPtr>());
    match held {
        Some(function) => {
            let mut values: Vec<Dynamic> = arguments[1..].iter().map(|value| (**value).clone()).collect();
            function.call_raw(&native, Some(&mut *arguments[0]), &mut values)
        }
        None => native.call_native_fn_raw(method, true, arguments),
    }
}

/// Calls the frame of a closure by the name of the variable that holds it.
fn renamed(mut error: Box<EvalAltResult>, function: &str, variable: &str) -> Box<EvalAltResult> {
    if let EvalAltResult::ErrorInFunctionCall(name, ..) = &mut *error
        && name == function
    {
        *name = variable.to_string();
    }
    error
}

/// The text as the parser reads it: without a byte order mark, and with blanks for a `#!` line.
pub(super) fn readable(text: &str) -> std::borrow::Cow<'_, str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !text.starts_with("#!") {
        return text.into();
    }
    let end = text.find('\n').unwrap_or(text.len());
    let blanks: String = text[..end].chars().map(|c| if c == '\r' { c } else { ' ' }).collect();
    (blanks + &text[end..]).into()
}
