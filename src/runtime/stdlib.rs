//! Modules that are part of the program: `import "name" as name`.

/// Name and text of each module.
pub const MODULES: &[(&str, &str)] = &[
    ("device", include_str!("../../stdlib/device.rhai")),
    ("topic", include_str!("../../stdlib/topic.rhai")),
    ("window", include_str!("../../stdlib/window.rhai")),
];

/// The text of the module `name`.
pub fn text(name: &str) -> Option<&'static str> {
    MODULES.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}
