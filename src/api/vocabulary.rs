//! The tables as the diagnostics ask for them: did-you-mean and the shape of calls.

use rhai::Dynamic;

use crate::api::entries::all;
use crate::api::host_value;
use crate::api::table::{Entry, Kind};
use crate::diagnostics::runtime_error::Vocabulary;

/// Every name of [`entries`](super::entries).
pub struct Names<'a> {
    /// The names of a script's globals and of the host objects.
    pub objects: Vec<String>,
    /// The value of a global variable, by source and name.
    pub global: &'a dyn Fn(&str, &str) -> Option<Dynamic>,
    /// Name and parameters of each function of a module, by the path it is imported with.
    pub module: &'a dyn Fn(&str) -> Vec<(String, String)>,
    /// The source that a closure stands in, by Rhai's name for its function.
    pub home: &'a dyn Fn(&str) -> Option<String>,
    /// How many arguments the closure in a global variable takes, by source and name.
    pub takes: &'a dyn Fn(&str, &str) -> Option<usize>,
}

/// The table's name for a type as Rhai names it.
fn object_of(type_name: &str) -> &str {
    match type_name {
        "i64" | "f64" => "number",
        text if text.contains("ImmutableString") => "string",
        other => host_value::name_of(other).unwrap_or(other.strip_suffix("Constructor").unwrap_or(other)),
    }
}

impl Vocabulary for Names<'_> {
    fn members_of(&self, type_name: &str) -> Vec<&str> {
        let object = object_of(type_name);
        let member = |entry: &&Entry| entry.object == object && matches!(entry.kind, Kind::Function | Kind::Property);
        all().filter(member).map(|entry| entry.name).collect()
    }

    fn functions(&self) -> Vec<&str> {
        all().filter(|entry| entry.object.is_empty() && entry.kind == Kind::Function).map(|entry| entry.name).collect()
    }

    fn parameters_of(&self, object: &str, name: &str) -> Option<String> {
        let object = object_of(object);
        let found = all().find(|entry| entry.object == object && entry.name == name && entry.kind == Kind::Function);
        found.map(|entry| entry.parameters.to_string())
    }

    fn objects(&self) -> Vec<&str> {
        self.objects.iter().map(String::as_str).collect()
    }

    fn name_of<'a>(&self, type_name: &'a str) -> &'a str {
        match object_of(type_name) {
            // The language's own types have words of their own.
            "number" | "string" => type_name,
            name => name,
        }
    }

    fn type_of_global(&self, source: &str, name: &str) -> Option<String> {
        (self.global)(source, name).map(|value| value.flatten().type_name().to_string())
    }

    fn functions_of_module(&self, path: &str) -> Vec<(String, String)> {
        (self.module)(path)
    }

    fn source_of_closure(&self, name: &str) -> Option<String> {
        (self.home)(name)
    }

    fn parameter_count(&self, source: &str, name: &str) -> Option<usize> {
        (self.takes)(source, name)
    }
}
