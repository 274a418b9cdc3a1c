//! The examples in the documentation of the standard modules: each line `module::function(...) == value` holds.
//!
//! They run on a plain Rhai engine, so examples that need a host object (a `client`) are left to the program tests.

use rhai::Engine;
use rhai::module_resolvers::FileModuleResolver;

/// The ```` ```rhai ```` blocks in the comments of `module` that need no client.
fn examples(text: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut block: Option<String> = None;
    for line in text.lines() {
        let Some(comment) = line.strip_prefix("///").or_else(|| line.strip_prefix("//!")) else { continue };
        match (comment.trim(), block.as_mut()) {
            ("```rhai", None) => block = Some(String::new()),
            ("```", Some(_)) => blocks.extend(block.take()),
            (code, Some(block)) => {
                block.push_str(code);
                block.push('\n');
            }
            _ => {}
        }
    }
    blocks.retain(|block| !block.contains("client") && !block.contains("stop("));
    blocks
}

/// Runs the examples of `module` and gives the number of claims that were checked.
fn check(module: &str) -> usize {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/stdlib");
    let text = std::fs::read_to_string(format!("{folder}/{module}.rhai")).expect("the module is there");
    let mut engine = Engine::new();
    // Rhai's defaults in debug builds are too small for ordinary programs.
    engine.set_max_expr_depths(64, 64);
    engine.set_max_call_levels(64);
    engine.set_module_resolver(FileModuleResolver::new_with_path(folder));
    let mut claims = 0;
    for example in examples(&text) {
        let mut program = format!("import \"{module}\" as {module};\n");
        for line in example.lines() {
            if line.starts_with(&format!("{module}::")) && line.contains(" == ") {
                claims += 1;
                program += &format!("if !({line}) {{ throw `does not hold: {line}`; }}\n");
            } else {
                program += &format!("{line}\n");
            }
        }
        if let Err(error) = engine.run(&program) {
            panic!("{module}: {error}\n{program}");
        }
    }
    claims
}

#[test]
fn the_examples_of_topic_hold() {
    assert_eq!(check("topic"), 10);
}

#[test]
fn the_examples_of_window_hold() {
    assert_eq!(check("window"), 18);
}

#[test]
fn the_examples_of_device_hold() {
    assert_eq!(check("device"), 1);
}
