//! Files in a directory of their own.

use std::path::PathBuf;
use std::rc::Rc;

use rhai::{Dynamic, Engine, Scope};

use super::{Access, Fs};
use crate::api::error::ErrorValue;
use crate::api::{host_value, inspect, register_values};

struct Folder {
    engine: Engine,
    scope: Scope<'static>,
    folder: tempfile::TempDir,
    access: Access,
}

fn folder_with(access: Access) -> Folder {
    let mut engine = Engine::new();
    register_values(&mut engine, &access);
    let folder = tempfile::tempdir().expect("a directory");
    let mut scope = Scope::new();
    scope.push("fs", Fs);
    scope.push("Buffer", crate::api::buffer::BufferClass);
    scope.push("dir", format!("{}/", folder.path().display()));
    Folder { engine, scope, folder, access }
}

impl Folder {
    fn shown(&mut self, script: &str) -> String {
        match self.engine.eval_with_scope::<Dynamic>(&mut self.scope, script) {
            Ok(value) => inspect::inspect(&value),
            Err(error) => match *error {
                rhai::EvalAltResult::ErrorRuntime(value, _) => {
                    let text = host_value::hooks(&value).and_then(|hooks| (hooks.text)(&value)).unwrap_or_default();
                    text.replace(&format!("{}/", self.folder.path().display()), "")
                }
                error => error.to_string(),
            },
        }
    }
}

fn folder() -> Folder {
    folder_with(Access::default())
}

#[test]
fn writes_and_reads_text_and_bytes() {
    let mut folder = folder();
    assert_eq!(folder.shown("fs.writeFileSync(dir + \"a\", \"hé\"); fs.appendFileSync(dir + \"a\", Buffer.from([33])); fs.readFileSync(dir + \"a\")"), "<Buffer 68 c3 a9 21>");
    assert_eq!(folder.shown("[fs.readFileSync(dir + \"a\", \"utf8\"), fs.readFileSync(dir + \"a\", #{encoding: \"hex\"}), fs.readFileSync(dir + \"a\", #{}).length]"), "[ 'hé!', '68c3a921', 4 ]");
    assert_eq!(folder.shown("fs.writeFileSync(dir + \"a\", \"x\", #{flag: \"a\"}); fs.writeFileSync(dir + \"b\", 5); fs.readFileSync(dir + \"a\", \"utf8\") + fs.readFileSync(dir + \"b\")"), "'hé!x5'");
    assert_eq!(
        folder.shown("fs.writeFileSync(dir + \"a\", ())"),
        "TypeError: `writeFileSync` takes text or a Buffer as `data` but got `()`"
    );
}

#[test]
fn errors_read_as_in_node() {
    let mut folder = folder();
    assert_eq!(
        folder.shown("fs.readFileSync(dir + \"ca.crt\")"),
        "Error: ENOENT: no such file or directory, open 'ca.crt'"
    );
    assert_eq!(
        folder.shown(
            "let e = (); try { fs.readFileSync(dir + \"x\") } catch (err) { e = err } [e.code, e.errno, e.syscall]"
        ),
        "[ 'ENOENT', -2, 'open' ]"
    );
    assert_eq!(folder.shown("fs.readFileSync(dir)"), "Error: EISDIR: illegal operation on a directory, read");
    assert_eq!(
        folder.shown("fs.mkdirSync(dir + \"d\"); fs.mkdirSync(dir + \"d\")"),
        "Error: EEXIST: file already exists, mkdir 'd'"
    );
    assert_eq!(
        folder.shown("fs.renameSync(dir + \"x\", dir + \"y\")"),
        "Error: ENOENT: no such file or directory, rename 'x' -> 'y'"
    );
    assert_eq!(folder.shown("fs.unlinkSync(dir + \"x\")"), "Error: ENOENT: no such file or directory, unlink 'x'");
    assert_eq!(folder.shown("fs.readFileSync(5)"), "TypeError: `readFileSync` takes text as `path` but got an integer");
}

#[test]
fn folders_are_made_listed_and_removed() {
    let mut folder = folder();
    assert_eq!(folder.shown("fs.mkdirSync(dir + \"a/b\", #{recursive: true}); fs.writeFileSync(dir + \"a/f\", \"12\"); [fs.readdirSync(dir + \"a\"), fs.existsSync(dir + \"a/f\"), fs.existsSync(dir + \"z\")]"), "[ [ 'b', 'f' ], true, false ]");
    assert_eq!(
        folder.shown("let s = fs.statSync(dir + \"a/f\"); [s.size, s.isFile(), s.isDirectory(), s.mtimeMs > 1.0]"),
        "[ 2, true, false, true ]"
    );
    assert_eq!(folder.shown("fs.copyFileSync(dir + \"a/f\", dir + \"g\"); fs.renameSync(dir + \"g\", dir + \"h\"); fs.readFileSync(dir + \"h\", \"utf8\")"), "'12'");
    assert_eq!(folder.shown("fs.rmSync(dir + \"a\", #{recursive: true}); fs.rmSync(dir + \"a\", #{force: true}); fs.unlinkSync(dir + \"h\"); fs.readdirSync(dir)"), "[]");
}

#[cfg(unix)]
#[test]
fn backslashes_separate_unless_the_file_is_called_so() {
    let mut folder = folder();
    assert_eq!(folder.shown(r#"fs.mkdirSync(dir + "c"); fs.writeFileSync(dir + "c/ca.crt", "x"); fs.readFileSync(dir + "c\\ca.crt", "utf8")"#), "'x'");
    std::fs::write(folder.folder.path().join("c\\ca.crt"), "literal").expect("it can be written");
    assert_eq!(folder.shown(r#"fs.readFileSync(dir + "c\\ca.crt", "utf8")"#), "'literal'");
}

#[test]
fn every_path_is_asked_for_and_reads_are_remembered() {
    let refuse: super::Check = Rc::new(|path| Err(ErrorValue::new(format!("no {}", path.display())).raise()));
    let mut folder = folder_with(Access::new(Rc::new(|_| Ok(())), refuse));
    for call in [
        "writeFileSync(\"p\", \"\")",
        "appendFileSync(\"p\", \"\")",
        "mkdirSync(\"p\")",
        "unlinkSync(\"p\")",
        "rmSync(\"p\")",
        "rmdirSync(\"p\")",
        "renameSync(\"p\", \"q\")",
    ] {
        assert_eq!(folder.shown(&format!("fs.{call}")), "Error: no p", "{call}");
    }
    assert_eq!(folder.shown("fs.copyFileSync(\"from\", \"p\")"), "Error: no p");
    std::fs::write(folder.folder.path().join("seen"), "").expect("it can be written");
    folder.shown("fs.readFileSync(dir + \"seen\"); fs.readFileSync(dir + \"seen\")");
    let seen: Vec<PathBuf> = folder.access.paths_read();
    assert_eq!(seen, [PathBuf::from("from"), folder.folder.path().join("seen")]);
}
