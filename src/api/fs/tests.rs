//! Files in a directory of their own.

use std::path::Path;
use std::sync::Arc;

use rhai::{Dynamic, Engine, Scope};

use super::{Access, Fs};
use crate::api::permissions::{Grant, Last, Permissions, leads_to};
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

/// Nothing may be read or written but in this folder.
fn only_in(folder: &Path) -> Access {
    let root = Grant::Only(vec![leads_to(folder, Last::Followed)]);
    Access::new(Arc::new(Permissions { read: root.clone(), write: root, ..Permissions::all() }))
}

#[test]
fn every_path_is_asked_for() {
    let allowed = tempfile::tempdir().expect("a directory");
    let mut folder = folder_with(only_in(allowed.path()));
    std::fs::write(folder.folder.path().join("p"), "secret").expect("it can be written");
    folder.scope.push("ok", format!("{}/", allowed.path().display()));
    for (call, access) in [
        ("readFileSync(dir + \"p\")", "read"),
        ("existsSync(dir + \"p\")", "read"),
        ("existsSync(Buffer.from(dir + \"p\"))", "read"),
        ("statSync(dir + \"p\")", "read"),
        ("readdirSync(dir)", "read"),
        ("copyFileSync(dir + \"p\", ok + \"q\")", "read"),
        ("copyFileSync(ok + \"q\", dir + \"p\")", "write"),
        ("writeFileSync(dir + \"p\", \"\")", "write"),
        ("appendFileSync(dir + \"p\", \"\")", "write"),
        ("mkdirSync(dir + \"d\")", "write"),
        ("mkdirSync(dir + \"d\", #{recursive: true})", "write"),
        ("unlinkSync(dir + \"p\")", "write"),
        ("rmSync(dir + \"p\")", "write"),
        ("rmSync(dir, #{recursive: true, force: true})", "write"),
        ("rmdirSync(dir)", "write"),
        ("renameSync(dir + \"p\", ok + \"q\")", "write"),
        ("renameSync(ok + \"q\", dir + \"p\")", "write"),
    ] {
        let answer = folder.shown(&format!("fs.{call}"));
        assert!(answer.starts_with(&format!("Error: Requires {access} access to \"")), "{call}: {answer}");
    }
    assert_eq!(std::fs::read(folder.folder.path().join("p")).expect("it is still there"), b"secret");
    assert_eq!(folder.shown("fs.writeFileSync(ok + \"a\", \"x\"); fs.renameSync(ok + \"a\", ok + \"b\"); fs.readFileSync(ok + \"b\", \"utf8\")"), "'x'");
}

#[test]
fn what_is_only_to_be_written_does_not_become_readable() {
    let (written, read) = (tempfile::tempdir().expect("a directory"), tempfile::tempdir().expect("a directory"));
    let root = |folder: &Path| Grant::Only(vec![leads_to(folder, Last::Followed)]);
    let write = root(written.path()).or(root(read.path()));
    let mut folder =
        folder_with(Access::new(Arc::new(Permissions { read: root(read.path()), write, ..Permissions::all() })));
    std::fs::write(written.path().join("secret"), "secret").expect("it can be written");
    folder.scope.push("from", written.path().join("secret").display().to_string());
    folder.scope.push("to", read.path().join("x").display().to_string());
    for call in ["renameSync(from, to)", "copyFileSync(from, to)"] {
        let answer = folder.shown(&format!("fs.{call}"));
        assert!(answer.starts_with("Error: Requires read access to \""), "{call}: {answer}");
    }
}

#[cfg(unix)]
#[test]
fn links_lead_out_of_no_folder() {
    use std::os::unix::fs::symlink;
    let outside = tempfile::tempdir().expect("a directory");
    std::fs::write(outside.path().join("secret"), "secret").expect("it can be written");
    let allowed = tempfile::tempdir().expect("a directory");
    let mut folder = folder_with(only_in(allowed.path()));
    symlink(outside.path(), allowed.path().join("folder")).expect("a link");
    symlink(outside.path().join("secret"), allowed.path().join("file")).expect("a link");
    symlink(outside.path().join("new"), allowed.path().join("dangling")).expect("a link");
    folder.scope.push("ok", format!("{}/", allowed.path().display()));
    for call in [
        "readFileSync(ok + \"file\")",
        "readFileSync(ok + \"folder/secret\")",
        "readFileSync(ok + \"folder\\\\secret\")",
        "existsSync(ok + \"folder/../x\")",
        "readdirSync(ok + \"folder\")",
        "writeFileSync(ok + \"dangling\", \"x\")",
        "appendFileSync(ok + \"file\", \"x\")",
        "copyFileSync(ok + \"file\", ok + \"copy\")",
        "unlinkSync(ok + \"folder/secret\")",
        "rmSync(ok + \"folder/\", #{recursive: true})",
        "rmSync(ok + \"folder/.\", #{recursive: true})",
        "rmSync(ok + \"folder/..\", #{recursive: true})",
        "renameSync(ok + \"folder/secret\", ok + \"x\")",
        "mkdirSync(ok + \"folder/d\")",
        "mkdirSync(ok + \"folder/d\", #{recursive: true})",
    ] {
        let answer = folder.shown(&format!("fs.{call}"));
        assert!(answer.starts_with("Error: Requires "), "{call}: {answer}");
    }
    let left: Vec<_> = std::fs::read_dir(outside.path()).expect("it is there").collect();
    assert_eq!(left.len(), 1);
    // A link itself may be renamed and removed: what it leads to stays.
    folder.shown("fs.renameSync(ok + \"file\", ok + \"moved\"); fs.unlinkSync(ok + \"moved\"); fs.rmSync(ok + \"folder\", #{recursive: true})");
    assert!(outside.path().join("secret").exists());
    assert!(!allowed.path().join("folder").exists());
}

#[test]
fn folders_are_made_on_the_allowed_way_only() {
    let outside = tempfile::tempdir().expect("a directory");
    let allowed = outside.path().join("allowed");
    std::fs::create_dir(&allowed).expect("a directory");
    let mut folder = folder_with(only_in(&allowed));
    folder.scope.push("out", format!("{}/", outside.path().display()));
    folder.shown("fs.mkdirSync(out + \"evil/../allowed/a/b\", #{recursive: true})");
    assert!(allowed.join("a/b").is_dir());
    assert!(!outside.path().join("evil").exists());
}

#[test]
fn reads_are_remembered_once() {
    let mut folder = folder();
    std::fs::write(folder.folder.path().join("seen"), "").expect("it can be written");
    folder.shown("fs.readFileSync(dir + \"seen\"); fs.readFileSync(dir + \"seen\")");
    assert_eq!(folder.access.paths_read(), [folder.folder.path().join("seen")]);
}
