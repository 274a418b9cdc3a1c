//! Short ways to global variables and host objects.
//!
//! Rhai lets a closure capture every name that is no local of its own, and asks for each use of such a name by text. But a
//! name that is no local anywhere means one and the same variable wherever it stands. Such names are found by the address
//! of their text, which the parser shares among all nodes, and [`Uses::without_captures`] makes versions of closures that are
//! not handed those values: a callback that uses ten globals is called with its arguments alone.

use std::collections::{HashMap, HashSet};

use rhai::{AST, ASTNode, Dynamic, Expr, FnCallExpr, FnPtr, ImmutableString, Module, ScriptFuncDef, Stmt};
use rustc_hash::FxHashMap;

use super::constants::ANONYMOUS;
use crate::event_loop::callback::WITHOUT_CAPTURES;

/// What a source says about names.
#[derive(Default)]
pub struct Uses {
    /// Names that are locals or parameters somewhere, and are used.
    locals: HashSet<ImmutableString>,
    /// Uses of names that are no locals where they stand; a closure may have captured one.
    others: HashMap<Address, ImmutableString>,
    /// How many values each closure captures, by the name of its function.
    captured: HashMap<ImmutableString, usize>,
    /// It parses code as it runs.
    evaluates: bool,
}

/// Where the text of a name lies: the same for all uses of a name, but for very long names.
type Address = usize;

/// What a name means.
struct Meaning {
    /// Keeps the address in use, too.
    name: ImmutableString,
    /// `None`: not the same everywhere.
    value: Option<Dynamic>,
    owner: Owner,
}

/// Who declares a name: a source as it was loaded, or the host (`None`).
type Owner = Option<usize>;

/// Values of names that mean the same wherever they stand.
#[derive(Default)]
pub struct Shortcuts {
    /// Looked up for each use of a variable: the quickest of hashes will do for addresses.
    meanings: FxHashMap<Address, Meaning>,
    /// Names that are locals in some source.
    locals: HashSet<ImmutableString>,
    /// Some source parses code as it runs, which can make locals of any name.
    is_off: bool,
}

impl Uses {
    /// Reads a source.
    pub fn of(ast: &AST) -> Self {
        let mut uses = Self::default();
        ast.walk(&mut |path: &[ASTNode]| uses.read(path));
        uses
    }

    fn read(&mut self, path: &[ASTNode]) -> bool {
        match path.last() {
            Some(ASTNode::Expr(Expr::Variable(variable, short, _))) if variable.2.is_empty() => {
                let name = variable.1.clone();
                if short.is_some() || variable.0.is_some() {
                    self.locals.insert(name);
                } else {
                    self.others.insert(address(&name), name);
                }
            }
            Some(ASTNode::Expr(Expr::FnCall(call, _)) | ASTNode::Stmt(Stmt::FnCall(call, _))) => self.read_call(call),
            // Rhai 1.27 does not look into it.
            Some(ASTNode::Stmt(Stmt::BreakLoop(Some(value), ..))) => {
                value.walk(&mut Vec::new(), &mut |path: &[ASTNode]| self.read(path));
            }
            _ => {}
        }
        true
    }

    fn read_call(&mut self, call: &FnCallExpr) {
        if call.name == "eval" {
            self.evaluates = true;
        } else if call.name == "curry"
            && let Some(Expr::DynamicConstant(function, _)) = call.args.first()
            && let Some(function) = function.read_lock::<FnPtr>()
        {
            self.captured.insert(function.fn_name().into(), call.args.len() - 1);
        }
    }

    /// The functions of `ast`, and for each closure that captures variables which it finds by itself, because `is_global`
    /// says so, a version without them, under the same name and [`WITHOUT_CAPTURES`].
    pub fn without_captures(&self, ast: &AST, is_global: impl Fn(&str) -> bool) -> Option<Module> {
        if self.evaluates {
            return None;
        }
        let shorter: Vec<_> =
            ast.iter_fn_def().filter_map(|function| self.without_capture(function, &is_global)).collect();
        if shorter.is_empty() {
            return None;
        }
        let mut functions = Module::clone(ast.shared_lib());
        for function in shorter {
            functions.set_script_fn(function);
        }
        Some(functions)
    }

    fn without_capture(&self, function: &ScriptFuncDef, is_global: impl Fn(&str) -> bool) -> Option<ScriptFuncDef> {
        if !function.name.starts_with(ANONYMOUS) {
            return None;
        }
        let captured = *self.captured.get(&function.name)?;
        let is_found = |name: &ImmutableString| !self.locals.contains(name) && is_global(name);
        let all = function.params.iter().enumerate();
        let kept = all.filter(|(place, name)| *place >= captured || !is_found(name)).map(|(_, name)| name.clone());
        let params: rhai::FnArgsVec<_> = kept.collect();
        if params.len() == function.params.len() {
            return None;
        }
        let name = format!("{}{WITHOUT_CAPTURES}", function.name).into();
        Some(ScriptFuncDef { name, params, ..function.clone() })
    }
}

impl Shortcuts {
    /// Adds the names of a source. `owner` names it among all that were loaded; `value` tells what a name means in it, and
    /// whether it is one of its globals.
    pub fn add(&mut self, uses: Uses, owner: usize, value: impl Fn(&str) -> Option<(Dynamic, bool)>) {
        if self.is_off || uses.evaluates {
            self.is_off = true;
            return self.meanings.clear();
        }
        for meaning in self.meanings.values_mut().filter(|meaning| uses.locals.contains(&meaning.name)) {
            meaning.value = None;
        }
        self.locals.extend(uses.locals);
        for (address, name) in uses.others {
            // What a source has no variable of is not another source's: it is a function, or a mistake.
            let (value, is_own) = value(&name).map_or((None, true), |(value, is_own)| (Some(value), is_own));
            let owner = is_own.then_some(owner);
            let value = value.filter(|_| !self.locals.contains(&name));
            let meaning = self.meanings.entry(address).or_insert_with(|| Meaning { name, value: value.clone(), owner });
            if meaning.owner != owner || value.is_none() {
                meaning.value = None;
            }
        }
    }

    /// The value of a name, where it is the same everywhere.
    pub fn get(&self, name: &str) -> Option<Dynamic> {
        self.meanings.get(&(name.as_ptr() as Address))?.value.clone()
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.meanings.clear();
    }
}

fn address(name: &ImmutableString) -> Address {
    name.as_str().as_ptr() as Address
}
