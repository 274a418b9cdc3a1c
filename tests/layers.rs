//! The layers of `src/` import in one direction only.
//!
//! ```text
//! main -> cli -> runtime -> api -> event_loop -> { mqtt, diagnostics }
//! ```
//!
//! Files are read as tokens, so that comments, links in documentation and strings do not count, but macros do.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use proc_macro2::{TokenStream, TokenTree};

/// A folder (or file) of `src/`, what it may import, and the crates it never names.
struct Layer {
    name: &'static str,
    imports: &'static [&'static str],
    never: &'static [&'static str],
}

/// One line a layer, leftmost first.
const LAYERS: &[Layer] = &[
    Layer {
        name: "cli",
        imports: &["runtime", "api", "event_loop", "mqtt", "diagnostics", "broker", "port"],
        never: &[],
    },
    Layer { name: "runtime", imports: &["api", "event_loop", "mqtt", "diagnostics"], never: &[] },
    // `broker`, because a script may start one: `mqtt.broker()`.
    Layer { name: "api", imports: &["event_loop", "mqtt", "diagnostics", "broker"], never: &["tokio"] },
    Layer { name: "event_loop", imports: &["mqtt", "diagnostics"], never: &[] },
    Layer { name: "mqtt", imports: &[], never: &["rhai"] },
    Layer { name: "diagnostics", imports: &[], never: &[] },
    Layer { name: "broker", imports: &[], never: &["rhai"] },
    Layer { name: "port", imports: &[], never: &[] },
];

/// A rule that is broken.
#[derive(Debug, PartialEq, Eq)]
struct Fault {
    line: usize,
    rule: String,
}

#[test]
fn imports_point_right_only() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&source, &mut files);
    assert!(files.iter().any(|file| file.ends_with("lib.rs")), "there is no lib.rs in {}", source.display());
    let mut faults = String::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a source file can be read");
        let inside = file.strip_prefix(&source).expect("it was found there");
        for fault in check(inside, &text) {
            writeln!(faults, "src/{}:{}: {}", inside.display(), fault.line, fault.rule).expect("a String takes all");
        }
    }
    assert!(faults.is_empty(), "layers are broken:\n{faults}");
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a source folder can be read") {
        let path = entry.expect("a source folder can be read").path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
}

/// The rules that `text`, found at `file` below `src/`, breaks.
fn check(file: &Path, text: &str) -> Vec<Fault> {
    let mut module: Vec<&str> = file.iter().map(|part| part.to_str().expect("source files have plain names")).collect();
    let last = module.pop().expect("a file has a name");
    if last != "mod.rs" {
        module.push(last.strip_suffix(".rs").expect("a Rust file"));
    }
    let tokens = match TokenStream::from_str(text) {
        Ok(tokens) => tokens,
        Err(error) => return vec![Fault { line: error.span().start().line, rule: "this is not Rust".into() }],
    };
    let layer = match module.as_slice() {
        ["lib"] => return Vec::new(),
        ["main"] => &Layer { name: "main", imports: &["cli"], never: &[] },
        [name, ..] => match LAYERS.iter().find(|layer| layer.name == *name) {
            Some(layer) => layer,
            None => {
                let rule = format!("`{name}` is not a layer: give it a place in tests/layers.rs, or move it into one");
                return vec![Fault { line: 1, rule }];
            }
        },
        [] => unreachable!("a file is in a folder or has a name"),
    };
    let mut faults = Vec::new();
    Scan { layer, faults: &mut faults }.tokens(tokens, module.len());
    faults
}

struct Scan<'a> {
    layer: &'a Layer,
    faults: &'a mut Vec<Fault>,
}

impl Scan<'_> {
    /// Looks through `tokens`, which are in a module `depth` levels below the crate.
    fn tokens(&mut self, tokens: TokenStream, depth: usize) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (index, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) => {
                    let inline = index >= 2 && word(&tokens[index - 2]).as_deref() == Some("mod");
                    self.tokens(group.stream(), depth + usize::from(inline));
                }
                TokenTree::Ident(ident) => {
                    let name = ident.to_string();
                    let line = ident.span().start().line;
                    if self.layer.never.contains(&name.as_str()) {
                        self.fault(line, format!("`{}` never names `{name}`", self.layer.name));
                    }
                    // `crate::` in the middle of a path is a visibility or another crate's: not a start.
                    let from_root = match name.as_str() {
                        "crate" => Some(index + 1),
                        // The binary sees the library from outside.
                        "mqttscript" if self.layer.name == "main" => Some(index + 1),
                        "super" if !follows_path(&tokens[..index]) => {
                            supers(&tokens[index..], depth).map(|n| index + n)
                        }
                        _ => None,
                    };
                    if let Some(rest) = from_root {
                        self.path(&tokens[rest..]);
                    }
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }

    /// `tokens` go on after the crate's root: `::layer...` or `::{layer..., layer...}`.
    fn path(&mut self, tokens: &[TokenTree]) {
        let [first, second, target, ..] = tokens else { return };
        if !(is_colon(first) && is_colon(second)) {
            return;
        }
        match target {
            TokenTree::Ident(_) => self.import(target),
            TokenTree::Group(group) => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                for part in inner.split(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',')) {
                    if let Some(first) = part.first() {
                        self.import(first);
                    }
                }
            }
            TokenTree::Punct(_) => {
                let line = target.span().start().line;
                self.fault(line, "a glob import of the crate hides which layers are used: name them".into());
            }
            TokenTree::Literal(_) => {}
        }
    }

    fn import(&mut self, target: &TokenTree) {
        let Some(name) = word(target) else { return };
        let known = LAYERS.iter().any(|layer| layer.name == name);
        // Macros and items at the root (there are none yet) belong to no layer.
        if known && name != self.layer.name && !self.layer.imports.contains(&name.as_str()) {
            let allowed = match self.layer.imports {
                [] => "imports no other layer".to_owned(),
                some => format!("imports only {}", some.join(", ")),
            };
            let rule = format!("`{}` {allowed}, not `{name}`", self.layer.name);
            self.fault(target.span().start().line, rule);
        }
    }

    fn fault(&mut self, line: usize, rule: String) {
        self.faults.push(Fault { line, rule });
    }
}

fn word(token: &TokenTree) -> Option<String> {
    match token {
        TokenTree::Ident(ident) => Some(ident.to_string()),
        _ => None,
    }
}

fn is_colon(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':')
}

fn follows_path(before: &[TokenTree]) -> bool {
    matches!(before, [.., first, second] if is_colon(first) && is_colon(second))
}

/// For `super::super...` in a module at `depth`: where the path goes on if it reaches the crate's root.
fn supers(tokens: &[TokenTree], depth: usize) -> Option<usize> {
    let mut index = 0;
    let mut up = 0;
    while tokens.get(index).and_then(word).as_deref() == Some("super") {
        up += 1;
        index += 1;
        let path_goes_on =
            matches!(tokens.get(index..index + 2), Some([first, second]) if is_colon(first) && is_colon(second));
        if up >= depth || !path_goes_on {
            break;
        }
        index += 2;
    }
    (up >= depth).then_some(index)
}

/// The faults of a made-up file, as `line: rule`.
fn faults(file: &str, text: &str) -> Vec<String> {
    check(Path::new(file), text).into_iter().map(|fault| format!("{}: {}", fault.line, fault.rule)).collect()
}

#[test]
fn a_wrong_import_is_found_wherever_it_is_written() {
    const RULE: &str = "`mqtt` imports no other layer, not `api`";
    for (line, text) in [
        (1, "use crate::api::table;"),
        (2, "\nuse crate::{mqtt::packet, api};"),
        (2, "fn f() {\n    crate::api::f();\n}"),
        (1, "fn f() { println!(\"{}\", crate::api::NAME); }"),
        (1, "pub use super::super::api::table;"),
        (1, "mod tests { use super::super::super::api; }"),
        (3, "use crate::{\n    mqtt,\n    api::{self, table},\n};"),
    ] {
        assert_eq!(faults("mqtt/link.rs", text), [format!("{line}: {RULE}")], "{text}");
    }
    assert_eq!(faults("mqtt/mod.rs", "use super::api;"), [format!("1: {RULE}")]);
    assert_eq!(faults("mqtt.rs", "use super::api;"), [format!("1: {RULE}")]);
    assert_eq!(faults("mqtt/tests/deep.rs", "use super::super::super::api;"), [format!("1: {RULE}")]);
}

#[test]
fn every_layer_looks_right_only() {
    const RIGHT: &str = "imports only mqtt, diagnostics, not `runtime`";
    assert_eq!(faults("event_loop/timers.rs", "use crate::runtime;"), [format!("1: `event_loop` {RIGHT}")]);
    assert_eq!(faults("main.rs", "use mqttscript::api;"), ["1: `main` imports only cli, not `api`"]);
    assert_eq!(faults("mqtt/a.rs", "fn f() -> rhai::Dynamic {}"), ["1: `mqtt` never names `rhai`"]);
    assert_eq!(faults("api/a.rs", "\nuse tokio::net;"), ["2: `api` never names `tokio`"]);
    assert_eq!(faults("mqtt/a.rs", "use crate::*;").len(), 1);
    assert_eq!(faults("util/a.rs", "").len(), 1);
    assert_eq!(faults("mqtt/a.rs", "fn f( {").len(), 1);
}

#[test]
fn what_is_allowed_is_left_alone() {
    for (file, text) in [
        ("mqtt/link.rs", "//! [`crate::api`] and rhai\n/// [`crate::api`]\npub(crate) fn f() {} // crate::api"),
        ("mqtt/link.rs", "const A: &str = \"crate::api rhai\"; use crate::mqtt::packet; use super::packet;"),
        ("mqtt/link.rs", "mod tests { use super::*; use super::super::packet; }"),
        ("event_loop/mod.rs", "use crate::{diagnostics::Diagnostic, mqtt::{packet, error}};"),
        ("cli/mod.rs", "use crate::broker::Broker; use crate::runtime;"),
        ("main.rs", "fn main() { mqttscript::cli::main() }"),
        ("lib.rs", "pub mod api; pub use crate::api::table;"),
    ] {
        assert_eq!(faults(file, text), [""; 0], "{text}");
    }
}
