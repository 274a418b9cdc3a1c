//! What is typed: flags, the file, arguments.

use crate::support::script::Script;

const SHOW: &str = "console.log(process.argv.slice(2).join(\" \"));";

#[test]
fn arguments_start_at_index_2_of_argv() {
    Script::new("console.log(process.argv.length, process.argv[1], process.argv[2], process.argv[3]);")
        .args(["one", "two words"])
        .stdout("4 main.rhai one two words\n")
        .run();
    Script::new("console.log(process.argv.length, process.argv[0]);").stdout("2 [..]mqttscript\n").run();
}

#[test]
fn what_follows_the_file_is_the_programs() {
    Script::new(SHOW)
        .args(["-v", "--watch", "--help", "-x", "--", "--broker", "run"])
        .stdout("-v --watch --help -x -- --broker run\n")
        .run();
    Script::new(SHOW).args(["run", "-e"]).stdout("run -e\n").run();
}

#[test]
fn run_may_be_said() {
    Script::new(SHOW).flag("run").args(["a", "--version"]).stdout("a --version\n").run();
    Script::new(SHOW).flag("run").flag("--exit-timeout=1").arg("-v").stdout("-v\n").run();
}

#[test]
fn flags_stand_before_the_file() {
    Script::new(SHOW).flag("--exit-timeout").flag("100").flag("--keep-going").arg("a").stdout("a\n").run();
}

#[test]
fn code_on_the_command_line() {
    Script::bare().flag("-e").flag("console.log(1 + 1);").stdout("2\n").run();
    Script::bare().flag("-e").flag(SHOW).args(["a", "b"]).stdout("a b\n").run();
    Script::bare().flag("-e").flag(SHOW).args(["a", "-b", "--watch"]).stdout("a -b --watch\n").run();
    Script::bare().flag("--eval").flag("console.log(process.argv[1]);").stdout("<eval>\n").run();
    Script::bare().flag("run").flag("-e").flag(SHOW).arg("x").stdout("x\n").run();
    Script::bare()
        .flag("-e")
        .flag("import \"m\" as m; m::hi();")
        .file("m.rhai", "fn hi() { console.log(\"hi\"); }")
        .stdout("hi\n")
        .run();
    let outcome = Script::bare().flag("-e").flag("let a = ;").outcome();
    assert_eq!(outcome.code, Some(1));
    assert!(outcome.stderr.contains("--> <eval>:1:9"), "{outcome}");
}

#[test]
fn standard_input_as_the_program() {
    Script::bare().flag("-").stdin("console.log(process.argv[1]);\n").stdout("<stdin>\n").run();
    Script::bare().flag("-").stdin(SHOW).args(["a", "-b"]).stdout("a -b\n").run();
    let outcome = Script::bare().flag("-").stdin("\nlet a = ;").outcome();
    assert_eq!(outcome.code, Some(1));
    assert!(outcome.stderr.contains("--> <stdin>:2:9"), "{outcome}");
}

#[test]
fn wrong_usage() {
    let outcome = Script::bare().outcome();
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(2), ""));
    assert!(outcome.stderr.contains("<FILE>") && outcome.stderr.contains("Usage: mqttscript"), "{outcome}");

    let outcome = Script::bare().flag("--wach").flag("x.rhai").outcome();
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(2), ""));
    assert!(outcome.stderr.contains("a similar argument exists: '--watch'"), "{outcome}");

    for flags in
        [&["--nothing-like-it"][..], &["--exit-timeout=soon", "x.rhai"], &["completions", "no-shell"], &["run"]]
    {
        let outcome = flags.iter().fold(Script::bare(), Script::flag).outcome();
        assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(2), ""), "{flags:?} {outcome}");
        assert!(outcome.stderr.starts_with("error: "), "{flags:?} {outcome}");
    }
}

#[test]
fn a_misspelled_command_is_no_file() {
    Script::bare()
        .flag("brokr")
        .code(1)
        .stderr(
            "error: cannot read `brokr`: there is no such file\nhelp: did you mean the command `mqttscript broker`?\n",
        )
        .run();
}

#[test]
fn help_and_version() {
    let help = Script::bare().flag("--help").outcome();
    assert_eq!((help.code, help.stderr.as_str()), (Some(0), ""));
    for word in ["Usage: mqttscript", "Examples:", "mqttscript device.rhai", "--watch", "Exit codes:", "completions"] {
        assert!(help.stdout.contains(word), "{word} {help}");
    }
    let version = concat!("mqttscript ", env!("CARGO_PKG_VERSION"), "\n");
    Script::bare().flag("--version").stdout(version).run();
    Script::bare().flag("-V").stdout(version).run();
}

#[test]
fn completions_that_a_shell_accepts() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let outcome = Script::bare().flag("completions").flag(shell).outcome();
        assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""), "{shell}");
        assert!(outcome.stdout.contains("max-callback-time"), "{shell} {outcome}");
        if shell == "bash" {
            let folder = tempfile::tempdir().expect("a folder");
            let file = folder.path().join("completions");
            std::fs::write(&file, &outcome.stdout).expect("a file");
            let checked = std::process::Command::new("bash").arg("-n").arg(&file).output().expect("bash runs");
            assert!(checked.status.success() && checked.stderr.is_empty(), "{checked:?}");
        }
    }
}
