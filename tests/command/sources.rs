//! The text of a program, and files that are none.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::support::script::Script;

#[test]
fn a_first_line_for_the_shell() {
    let binary = env!("CARGO_BIN_EXE_mqttscript");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("hello");
    std::fs::write(&file, format!("#!{binary}\nconsole.log(\"hello\", process.argv[2]);\n")).expect("a file");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).expect("it is ours");
    // Another thread may be starting a process, which has a copy of the file open for writing for a moment.
    let output = loop {
        match Command::new(&file).arg("-you").output() {
            Err(error) if error.kind() == std::io::ErrorKind::ExecutableFileBusy => std::thread::yield_now(),
            output => break output.expect("it can be executed"),
        }
    };
    assert_eq!((String::from_utf8_lossy(&output.stdout).as_ref(), output.status.code()), ("hello -you\n", Some(0)));

    let outcome = Script::new("#!/usr/bin/env mqttscript\nlet a = ;").outcome();
    assert!(outcome.stderr.contains("--> main.rhai:2:9"), "{outcome}");
}

#[test]
fn a_mark_at_the_start_and_windows_line_ends() {
    Script::new("\u{feff}console.log(1);").stdout("1\n").run();
    Script::new("\u{feff}#!/usr/bin/mqttscript\r\nlet a = 1;\r\nfn f() {\r\n\ta\r\n}\r\nconsole.log(f());\r\n")
        .stdout("1\n")
        .run();
    let outcome = Script::new("\u{feff}let ä = 1;\r\n\tlet b = ä.nothing();\r\n").outcome();
    assert!(outcome.stderr.contains("--> main.rhai:"), "{outcome}");
    let outcome = Script::new("let a = 1;\r\n  a.nothing();\r\n").outcome();
    assert!(outcome.stderr.contains("--> main.rhai:2:5\n"), "{outcome}");
    assert!(!outcome.stderr.contains('\r'), "{outcome}");
}

#[test]
fn nothing_to_do() {
    for text in ["", "\n", "// nothing\n", "\u{feff}", "#!/bin/mqttscript"] {
        Script::new(text).run();
    }
}

#[test]
fn a_missing_file() {
    Script::bare()
        .flag("nofile.rhai")
        .code(1)
        .stderr("error: cannot read `nofile.rhai`: there is no such file\n")
        .run();
    Script::bare()
        .file("device.rhai", "")
        .flag("device")
        .code(1)
        .stderr("error: cannot read `device`: there is no such file\nhelp: did you mean `mqttscript device.rhai`?\n")
        .run();
}

#[test]
fn files_that_cannot_be_read() {
    Script::bare()
        .file("folder/x", "")
        .flag("folder")
        .code(1)
        .stderr("error: cannot read `folder`: it is a folder\n")
        .run();
    Script::new(b"let a = 1;\nlet b = \"\xff\";\n")
        .code(1)
        .stderr(
            "error: `main.rhai` is not UTF-8 text: line 2 has a byte that cannot be read\nhelp: save the file as UTF-8\n",
        )
        .run();
    let script = Script::new("console.log(1);");
    let file = script.folder().join("main.rhai");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o0)).expect("it is ours");
    // The superuser may read everything.
    if std::fs::read(&file).is_err() {
        script.code(1).stderr("error: cannot read `main.rhai`: permission denied\n").run();
    }
}

#[test]
fn a_program_in_another_folder() {
    Script::bare()
        .file("below/a.rhai", "import \"b\" as b; console.log(b::x(), fs.readFileSync(\"below/data\", \"utf8\"));")
        .file("below/b.rhai", "fn x() { 1 }")
        .file("below/data", "data")
        .flag("below/a.rhai")
        .stdout("1 data\n")
        .run();
}
