//! `import "path" as name`: where modules are found, and each of them loaded once.
//!
//! A path is looked up beside the importing file, then beside the main script, both with and without `.rhai`; a plain
//! name may last of all be one of [`stdlib`]. A module has globals of its own.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use rhai::{Dynamic, Engine, EvalAltResult, Module, ModuleResolver, Position};

use super::language::Language;
use super::stdlib;
use crate::api::error::ErrorValue;
use crate::api::fs::Access;
use crate::api::report;
use crate::diagnostics::suggest::closest;
use crate::diagnostics::{Source, syntax};

/// The modules of one engine. Cheap to clone.
#[derive(Clone)]
pub struct Modules(Rc<Shared>);

struct Shared {
    language: Language,
    /// Directory of the main script.
    main: PathBuf,
    /// What may be read.
    access: Access,
    /// The text of an embedded module.
    embedded: fn(&str) -> Option<&'static str>,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    /// Directory of each loaded source, by its name.
    directories: HashMap<String, PathBuf>,
    loaded: HashMap<PathBuf, rhai::Shared<Module>>,
    /// Files read so far, also those that turned out to be wrong.
    paths: Vec<PathBuf>,
    /// Files that are being loaded, outermost first.
    loading: Vec<PathBuf>,
}

/// Where a module's text comes from.
enum Found {
    File(PathBuf),
    Embedded(PathBuf, &'static str),
}

impl Modules {
    /// Modules for a main script in the directory `main`, to be handed to `Engine::set_module_resolver`.
    pub fn new(language: Language, main: impl Into<PathBuf>, access: Access) -> Self {
        Self::with_embedded(language, main, access, stdlib::text)
    }

    /// Like [`new`](Self::new), with other embedded modules than [`stdlib`].
    pub fn with_embedded(
        language: Language,
        main: impl Into<PathBuf>,
        access: Access,
        embedded: fn(&str) -> Option<&'static str>,
    ) -> Self {
        Self(Rc::new(Shared { language, main: main.into(), access, embedded, state: RefCell::default() }))
    }

    /// Every module file that was read, in order, also those that could not be loaded.
    pub fn paths(&self) -> Vec<PathBuf> {
        self.0.state.borrow().paths.clone()
    }

    /// Finds the file that `path`, imported by the source `importer`, means.
    fn find(&self, importer: Option<&str>, path: &str) -> Result<Found, ErrorValue> {
        let state = self.0.state.borrow();
        let beside = importer.and_then(|name| state.directories.get(name)).unwrap_or(&self.0.main);
        let mut tried: Vec<PathBuf> = Vec::new();
        for directory in [beside, &self.0.main] {
            for file in candidates(&directory.join(path)) {
                if !tried.contains(&file) {
                    // Before it is looked for: whether it is there is not for everybody either.
                    self.0.access.check_import(&file)?;
                    if file.is_file() {
                        return Ok(Found::File(file));
                    }
                    tried.push(file);
                }
            }
        }
        match (self.0.embedded)(path) {
            Some(text) => Ok(Found::Embedded(PathBuf::from(format!("<{path}>")), text)),
            None => Err(not_found(path, &tried)),
        }
    }

    fn load(
        &self,
        engine: &Engine,
        found: Found,
        position: Position,
    ) -> Result<rhai::Shared<Module>, Box<EvalAltResult>> {
        let (path, text) = match found {
            Found::Embedded(name, text) => (name, text.to_string()),
            Found::File(path) => {
                let mut state = self.0.state.borrow_mut();
                if !state.paths.contains(&path) {
                    state.paths.push(path.clone());
                }
                drop(state);
                let text = std::fs::read_to_string(&path)
                    .map_err(|error| thrown(format!("cannot read module `{}`: {error}", path.display()), position))?;
                (path, text)
            }
        };
        let name = path.display().to_string();
        let text = text.strip_prefix('\u{feff}').map(str::to_string).unwrap_or(text);
        let source = Rc::new(Source { name: name.clone(), text });
        if let Some(directory) = path.parent() {
            self.0.state.borrow_mut().directories.insert(name.clone(), directory.to_path_buf());
        }

        let in_module = |error| Box::new(EvalAltResult::ErrorInModule(name.clone(), error, position));
        let ast = self.0.language.compile(engine, &source).map_err(|error| in_module(error.into()))?;
        if let Some(warning) = syntax::warning(&source) {
            report::print(&warning);
        }
        let scope = self.0.language.scope(&name);
        let module = Module::eval_ast_as_new(scope, &ast, engine).map_err(in_module)?;
        self.0.language.imported(&name, &module);
        Ok(module.into())
    }
}

impl ModuleResolver for Modules {
    fn resolve(
        &self,
        engine: &Engine,
        source: Option<&str>,
        path: &str,
        position: Position,
    ) -> Result<rhai::Shared<Module>, Box<EvalAltResult>> {
        let found =
            self.find(source, path).map_err(|error| EvalAltResult::ErrorRuntime(Dynamic::from(error), position))?;
        let key = match &found {
            Found::File(file) => file.canonicalize().unwrap_or_else(|_| file.clone()),
            Found::Embedded(name, _) => name.clone(),
        };
        {
            let mut state = self.0.state.borrow_mut();
            if let Some(module) = state.loaded.get(&key) {
                return Ok(module.clone());
            }
            if let Some(start) = state.loading.iter().position(|file| *file == key) {
                let names = state.loading[start..].iter().chain([&key]).map(|file| short_name(file));
                let names: Vec<String> = names.collect();
                return Err(thrown(format!("modules import each other: {}", names.join(" -> ")), position));
            }
            state.loading.push(key.clone());
        }
        let result = self.load(engine, found, position);
        let mut state = self.0.state.borrow_mut();
        state.loading.pop();
        let module = result?;
        state.loaded.insert(key, module.clone());
        Ok(module)
    }
}

fn not_found(path: &str, tried: &[PathBuf]) -> ErrorValue {
    let near = neighbour(tried, path);
    let tried: Vec<String> = tried.iter().map(|file| format!("`{}`", file.display())).collect();
    let error = ErrorValue::new(format!("module `{path}` not found, tried {}", tried.join(", ")));
    match near {
        Some(near) => error.with_help(format!("did you mean `import \"{near}\"`?")),
        None if matches!(path, "mqtt" | "fs" | "net" | "tls" | "process" | "buffer") => {
            error.with_help(format!("a host object needs no import; write `let {path} = require(\"{path}\");`"))
        }
        None => error,
    }
}

fn thrown(message: String, position: Position) -> Box<EvalAltResult> {
    EvalAltResult::ErrorRuntime(message.into(), position).into()
}

/// The module file that stands where `path` was looked for and has nearly its name, as it would be imported.
fn neighbour(tried: &[PathBuf], path: &str) -> Option<String> {
    let (folder, name) = path.rsplit_once('/').map_or(("", path), |(folder, name)| (folder, name));
    let name = name.strip_suffix(".rhai").unwrap_or(name);
    let parent = tried.first()?.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let files = std::fs::read_dir(parent).ok()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut modules: Vec<String> = files.filter_map(|file| file.strip_suffix(".rhai").map(str::to_string)).collect();
    modules.sort_unstable();
    let near = closest(name, modules.iter().map(String::as_str))?;
    Some(if folder.is_empty() { near.to_string() } else { format!("{folder}/{near}") })
}

fn short_name(file: &Path) -> String {
    file.file_name().map_or_else(|| file.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// The files that `path` may mean: as written, and with `.rhai` (which comes first, a directory may share the name).
fn candidates(path: &Path) -> Vec<PathBuf> {
    let path = normalized(path);
    let mut extended = path.clone().into_os_string();
    extended.push(".rhai");
    if path.extension().is_some_and(|extension| extension == "rhai") {
        vec![path, extended.into()]
    } else {
        vec![extended.into(), path]
    }
}

/// `path` without `.` and, where a directory stands before it, without `..`.
fn normalized(path: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => (),
            Component::ParentDir if matches!(result.components().next_back(), Some(Component::Normal(_))) => {
                result.pop();
            }
            component => result.push(component),
        }
    }
    result
}
