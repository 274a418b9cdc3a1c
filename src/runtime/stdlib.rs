//! Modules that are part of the program: `import "name" as name`.

/// Name and text of each module.
pub const MODULES: &[(&str, &str)] = &[];

/// The text of the module `name`.
pub fn text(name: &str) -> Option<&'static str> {
    MODULES.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}
