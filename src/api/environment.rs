//! `process.env`: the variables that the script may see.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use rhai::{Array, Dynamic, Engine, EvalAltResult, ImmutableString, Map};

use crate::api::host_value::{self, HostValue, Shown};
use crate::api::permissions::Permissions;
use crate::api::text::to_text;

/// `process.env`. Copies share what a script assigns; the system's own environment stays as it is.
#[derive(Debug, Clone)]
pub struct Environment {
    permissions: Arc<Permissions>,
    /// Only what may be seen.
    variables: Rc<RefCell<Map>>,
}

impl Environment {
    /// The environment of this process, as far as it may be seen.
    pub fn new(permissions: &Arc<Permissions>) -> Self {
        let text = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
        let variables = std::env::vars_os().map(|(name, value)| (text(name), text(value)));
        let seen = variables.filter(|(name, _)| permissions.sees(name));
        let variables = seen.map(|(name, value)| (name.into(), value.into())).collect();
        Self { permissions: Arc::clone(permissions), variables: Rc::new(RefCell::new(variables)) }
    }

    fn get(&self, name: &str) -> Result<Dynamic, Box<EvalAltResult>> {
        self.check(name)?;
        Ok(self.variables.borrow().get(name).cloned().unwrap_or(Dynamic::UNIT))
    }

    /// As in Node anything becomes text.
    fn set(&self, name: &str, value: &Dynamic) -> Result<(), Box<EvalAltResult>> {
        self.check(name)?;
        self.variables.borrow_mut().insert(name.into(), to_text(value).into());
        Ok(())
    }

    fn contains(&self, name: &str) -> Result<bool, Box<EvalAltResult>> {
        self.check(name)?;
        Ok(self.variables.borrow().contains_key(name))
    }

    fn check(&self, name: &str) -> Result<(), Box<EvalAltResult>> {
        self.permissions.check_env(name).map_err(|refusal| refusal.raise())
    }
}

impl HostValue for Environment {
    const NAME: &'static str = "env";

    fn shown(&self) -> Shown {
        let variables = self.variables.borrow();
        let fields = variables.iter().map(|(name, value)| (name.as_str().into(), value.clone())).collect();
        Shown::Record { name: String::new(), fields }
    }
}

/// Registers the type.
pub fn register(engine: &mut Engine) {
    host_value::register::<Environment>(engine);
    engine
        .register_indexer_get(|env: &mut Environment, name: ImmutableString| env.get(&name))
        .register_indexer_set(|env: &mut Environment, name: ImmutableString, value: Dynamic| env.set(&name, &value))
        .register_fn("get", |env: &mut Environment, name: ImmutableString| env.get(&name))
        .register_fn("contains", |env: &mut Environment, name: ImmutableString| env.contains(&name))
        .register_fn("hasOwnProperty", |env: &mut Environment, name: ImmutableString| env.contains(&name))
        .register_fn("keys", |env: &mut Environment| -> Array {
            env.variables.borrow().keys().map(|name| name.as_str().into()).collect()
        })
        .register_fn("values", |env: &mut Environment| -> Array { env.variables.borrow().values().cloned().collect() })
        .register_fn("len", |env: &mut Environment| i64::try_from(env.variables.borrow().len()).unwrap_or(i64::MAX));
}
