//! The tables as the diagnostics ask for them: did-you-mean and the shape of calls.

use crate::api::TABLES;
use crate::api::table::{Entry, Kind};
use crate::diagnostics::runtime_error::Vocabulary;

/// Every name of [`TABLES`].
pub struct Names {
    /// The names of a script's globals and of the host objects.
    pub objects: Vec<String>,
}

fn entries() -> impl Iterator<Item = &'static Entry> {
    TABLES.iter().flat_map(|group| group.iter()).flat_map(|table| table.iter())
}

/// The table's name for a type as Rhai names it.
fn object_of(type_name: &str) -> &str {
    match type_name {
        "string" => "String",
        "array" => "Array",
        "map" => "Object",
        other => other,
    }
}

impl Vocabulary for Names {
    fn members_of(&self, type_name: &str) -> Vec<&str> {
        let object = object_of(type_name);
        let member = |entry: &&Entry| entry.object == object && matches!(entry.kind, Kind::Function | Kind::Property);
        entries().filter(member).map(|entry| entry.name).collect()
    }

    fn functions(&self) -> Vec<&str> {
        entries()
            .filter(|entry| entry.object.is_empty() && entry.kind == Kind::Function)
            .map(|entry| entry.name)
            .collect()
    }

    fn parameters_of(&self, object: &str, name: &str) -> Option<String> {
        let object = object_of(object);
        let found =
            entries().find(|entry| entry.object == object && entry.name == name && entry.kind == Kind::Function);
        found.map(|entry| entry.parameters.to_string())
    }

    fn objects(&self) -> Vec<&str> {
        self.objects.iter().map(String::as_str).collect()
    }
}
