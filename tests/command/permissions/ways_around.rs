//! What somebody might try who was refused.

use std::os::unix::fs::symlink;

use super::{outside, path};
use crate::support::script::Script;

#[test]
fn a_link_beside_the_script_leads_out_of_nothing() {
    let folder = outside();
    let script = Script::new("fs.readFileSync(\"link/secret\");");
    symlink(folder.path(), script.folder().join("link")).expect("a link");
    let target = folder.path().canonicalize().expect("it is there").join("secret");
    script
        .code(1)
        .stderr(format!(
            "error: the program may not read `link/secret`\n[..]\n[..]\n[..]\n[..]\nnote: it leads to `{}`\nhelp: run it with `--allow-read=link/secret` before the script\n",
            target.display()
        ))
        .run();
}

#[test]
fn the_flag_for_a_link_allows_what_it_leads_to() {
    let folder = outside();
    let script =
        Script::new("console.log(fs.readFileSync(\"link/secret\", \"utf8\"));").flag("--allow-read=link/secret");
    symlink(folder.path(), script.folder().join("link")).expect("a link");
    script.stdout("secret text\n").run();
}

#[test]
fn a_script_that_is_called_through_a_linked_folder_reads_beside_itself() {
    let folder = outside();
    std::fs::write(folder.path().join("main.rhai"), "").expect("a file");
    let script = Script::bare().flag("link/it.rhai");
    symlink(folder.path(), script.folder().join("link")).expect("a link");
    std::fs::write(folder.path().join("it.rhai"), "console.log(fs.readFileSync(\"link/secret\", \"utf8\"));")
        .expect("a file");
    script.stdout("secret text\n").run();
}

#[test]
fn a_dangling_link_is_no_way_to_make_a_file_elsewhere() {
    let folder = outside();
    let script = Script::new("try { fs.writeFileSync(\"out/link\", \"x\"); } catch (e) { console.log(e.resource); }")
        .flag("--allow-write=out");
    std::fs::create_dir(script.folder().join("out")).expect("a folder");
    symlink(folder.path().join("new"), script.folder().join("out/link")).expect("a link");
    script.stdout("out/link\n").run();
    assert!(!folder.path().join("new").exists());
}

#[test]
fn a_link_that_was_moved_leads_where_it_leads() {
    let folder = outside();
    let script = Script::new(
        "fs.renameSync(\"links/one\", \"data\");
try { console.log(fs.readdirSync(\"data\")); } catch (e) { console.log(e.permission); }
try { fs.writeFileSync(\"data/new\", \"x\"); } catch (e) { console.log(e.permission); }",
    )
    .flag("--allow-write=links,data");
    std::fs::create_dir(script.folder().join("links")).expect("a folder");
    symlink(folder.path(), script.folder().join("links/one")).expect("a link");
    // Moving it takes leave to read what it is, which is a link beside the script.
    script.stdout("FileSystemRead\nFileSystemWrite\n").run();
    assert!(!folder.path().join("new").exists());
}

#[test]
fn removing_through_a_link_removes_nothing_elsewhere() {
    let folder = outside();
    let script = Script::new(
        "for path in [\"out/link/\", \"out/link/.\", \"out/link/secret\", \"out/link/../link/secret\"] {
    try { fs.rmSync(path, #{recursive: true, force: true}); console.log(\"removed\", path); } catch (e) { console.log(e.permission); }
}
fs.rmSync(\"out\", #{recursive: true});
console.log(fs.existsSync(\"out\"));",
    )
    .flag("--allow-write=out");
    std::fs::create_dir(script.folder().join("out")).expect("a folder");
    symlink(folder.path(), script.folder().join("out/link")).expect("a link");
    script.stdout("FileSystemWrite\nFileSystemWrite\nFileSystemWrite\nFileSystemWrite\nfalse\n").run();
    assert!(folder.path().join("secret").exists());
}

#[test]
fn imports_with_dots_and_links_are_refused() {
    let folder = outside();
    std::fs::write(folder.path().join("lib.rhai"), "print(\"it ran\");").expect("a file");
    let up = "../".repeat(30);
    for import in [format!("{up}{}", path(&folder, "lib")), "link/lib".to_owned(), "lib".to_owned()] {
        let script =
            Script::new(format!("try {{ import \"{import}\" as lib; }} catch (e) {{ console.log(e.permission); }}"));
        symlink(folder.path(), script.folder().join("link")).expect("a link");
        symlink(folder.path().join("lib.rhai"), script.folder().join("lib.rhai")).expect("a link");
        script.stdout("FileSystemRead\n").run();
    }
}

#[test]
fn no_module_tells_what_a_file_elsewhere_has() {
    // Not even by the message about its syntax.
    let folder = outside();
    let outcome = Script::new(format!("import \"{}\" as lib;", path(&folder, "secret"))).outcome();
    assert_eq!(outcome.code, Some(1));
    assert!(!outcome.stderr.contains("secret text") && outcome.stderr.contains("may not read"), "{outcome}");
}

#[cfg(target_os = "linux")]
#[test]
fn the_environment_is_not_read_from_a_file() {
    let text = "try { console.log(fs.readFileSync(FILE, \"utf8\").contains(\"SECRET=1\")); } catch (e) { console.log(e.permission); }";
    for file in ["/proc/self/environ", "/proc/thread-self/environ", "/proc/self/root/proc/self/environ"] {
        let text = text.replace("FILE", &format!("\"{file}\""));
        Script::new(&text).env("SECRET", "1").flag("--allow-read").stdout("Env\n").run();
        Script::new(&text).env("SECRET", "1").flag("--allow-read").flag("--allow-env").stdout("true\n").run();
    }
}

#[test]
fn a_path_as_a_buffer_is_a_path() {
    let folder = outside();
    Script::new(format!(
        "try {{ console.log(fs.existsSync(Buffer.from(\"{}\"))); }} catch (e) {{ console.log(e.permission); }}",
        path(&folder, "secret")
    ))
    .stdout("FileSystemRead\n")
    .run();
}

#[test]
fn backslashes_are_no_way_out() {
    Script::new("for file in [\"..\\\\x\", \"a\\\\..\\\\..\\\\x\"] { try { fs.existsSync(file); } catch (e) { console.log(e.permission); } }")
        .stdout("FileSystemRead\nFileSystemRead\n")
        .run();
}

#[test]
fn code_that_is_evaluated_may_no_more() {
    Script::new("try { eval(\"fs.writeFileSync(\\\"own\\\", \\\"\\\")\"); } catch (e) { console.log(e.permission); }")
        .stdout("FileSystemWrite\n")
        .run();
}
