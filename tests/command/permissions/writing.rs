//! `--allow-write`.

use super::{outside, path, refused};
use crate::support::script::Script;

#[test]
fn nothing_is_written_without_the_flag() {
    let line = "fs.writeFileSync(\"out.txt\", \"x\");";
    let script = Script::new(line).code(1).stderr(refused(
        "1:4",
        "write `out.txt`",
        line,
        "   ^^^^^^^^^^^^^",
        "run it with `--allow-write=out.txt` before the script",
    ));
    let file = script.folder().join("out.txt");
    let running = script.spawn();
    running.finish();
    assert!(!file.exists());
}

#[test]
fn every_function_that_changes_something_is_refused() {
    for call in [
        "appendFileSync(\"own\", \"x\")",
        "mkdirSync(\"new\")",
        "mkdirSync(\"new/er\", #{recursive: true})",
        "unlinkSync(\"own\")",
        "rmSync(\"own\")",
        "rmSync(\"none\", #{force: true})",
        "rmdirSync(\"folder\")",
        "renameSync(\"own\", \"other\")",
        "copyFileSync(\"own\", \"other\")",
    ] {
        Script::new(format!(
            "try {{ fs.{call} }} catch (e) {{ console.log(e.permission, e.code); }} console.log(fs.readdirSync());"
        ))
        .file("own", "")
        .file("folder/file", "")
        .stdout("FileSystemWrite ERR_ACCESS_DENIED\n[ 'folder', 'main.rhai', 'own' ]\n")
        .run();
    }
}

#[test]
fn a_file_may_be_written_and_others_not() {
    Script::new("fs.writeFileSync(\"out\", \"x\"); fs.appendFileSync(\"out\", \"y\"); console.log(fs.readFileSync(\"out\", \"utf8\")); fs.writeFileSync(\"out2\", \"\");")
        .flag("--allow-write=out")
        .code(1)
        .stdout("xy\n")
        .stderr("error: the program may not write `out2`\n[..]\n[..]\n[..]\n[..]\nhelp: run it with `--allow-write=out2` before the script\n")
        .run();
}

#[test]
fn a_folder_that_is_yet_to_be_made() {
    Script::new("fs.mkdirSync(\"log/today\", #{recursive: true}); fs.writeFileSync(\"log/today/a\", \"x\"); fs.renameSync(\"log/today/a\", \"log/b\"); fs.copyFileSync(\"log/b\", \"log/c\"); fs.rmSync(\"log/today\", #{recursive: true}); console.log(fs.readdirSync(\"log\"));")
        .flag("--allow-write=log")
        .stdout("[ 'b', 'c' ]\n")
        .run();
}

#[test]
fn without_a_value_everything_may_be_written() {
    let folder = outside();
    Script::new(format!("fs.writeFileSync(\"{}\", \"x\");", path(&folder, "new"))).flag("--allow-write").run();
    assert_eq!(std::fs::read(folder.path().join("new")).expect("it was written"), b"x");
}

#[test]
fn writing_is_not_reading() {
    let folder = outside();
    let secret = path(&folder, "secret");
    Script::new(format!("fs.appendFileSync(\"{secret}\", \"!\"); try {{ fs.readFileSync(\"{secret}\") }} catch (e) {{ console.log(e.permission); }}"))
        .flag(format!("--allow-write={secret}"))
        .stdout("FileSystemRead\n")
        .run();
    Script::new(format!("try {{ fs.appendFileSync(\"{secret}\", \"!\") }} catch (e) {{ console.log(e.permission); }}"))
        .flag("--allow-read")
        .stdout("FileSystemWrite\n")
        .run();
    assert_eq!(std::fs::read(folder.path().join("secret")).expect("it is there"), b"secret text!");
}

#[test]
fn a_refusal_in_a_callback_ends_the_program() {
    Script::new("set_timeout(|| fs.unlinkSync(\"own\"), 1);\nset_timeout(|| console.log(\"never\"), 1);")
        .file("own", "")
        .code(1)
        .stderr("error: the program may not write `own`\n[..]\n[..]\n[..]\n[..]\n[..]\nhelp: run it with `--allow-write=own` before the script\n")
        .run();
}
