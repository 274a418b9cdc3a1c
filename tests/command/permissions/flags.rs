//! The command line.

use super::{outside, path};
use crate::support::script::Script;

#[test]
fn all_is_everything() {
    let folder = outside();
    Script::new(format!(
        "fs.appendFileSync(\"{0}\", process.env.TEXT); console.log(fs.readFileSync(\"{0}\", \"utf8\"));",
        path(&folder, "secret")
    ))
    .env("TEXT", "!")
    .flag("--allow-all")
    .stdout("secret text!\n")
    .run();
}

#[test]
fn run_takes_them_too() {
    Script::new("console.log(process.env.A);").env("A", "1").flag("run").flag("--allow-env=A").stdout("1\n").run();
    Script::bare()
        .flag("--allow-env=A")
        .flag("-e")
        .flag("console.log(process.env.A);")
        .env("A", "1")
        .stdout("1\n")
        .run();
}

#[test]
fn behind_the_script_they_belong_to_the_script_and_a_refusal_says_so() {
    let text = "console.log(process.argv[2]); fs.writeFileSync(\"out\", \"\");";
    for flag in ["--allow-write", "--allow-write=out", "--allow-all"] {
        Script::new(text)
            .arg(flag)
            .code(1)
            .stdout(format!("{flag}\n"))
            .stderr("error: the program may not write `out`\n[..]\n[..]\n[..]\n[..]\nhelp: put `--allow-write=out` before the script: what stands behind it is for the script\n")
            .run();
    }
    Script::new(text)
        .arg("--allow-read")
        .code(1)
        .stdout("--allow-read\n")
        .stderr("error: the program may not write `out`\n[..]\n[..]\n[..]\n[..]\nhelp: run it with `--allow-write=out` before the script\n")
        .run();
}

#[test]
fn values_that_cannot_be_meant_are_wrong_usage() {
    for (flag, told) in [
        ("--allow-read=", "there is an empty name in it; leave out `=` to allow everything"),
        ("--allow-write=a,", "there is an empty name in it; leave out `=` to allow everything"),
        ("--allow-env=A=1", "`A` stands for itself, write it without a value"),
        ("--allow-net=mqtt://broker:1883", "a URL is no host, write `broker:1883`"),
        ("--allow-net=broker:port", "the port `port` is not a number from 1 to 65535"),
        ("--allow-net=*", "`*`: `*` stands only in front of a domain, `*.example.com`"),
    ] {
        let outcome = Script::new("").flag(flag).outcome();
        assert_eq!(outcome.code, Some(2), "{flag}: {outcome}");
        assert!(outcome.stderr.contains(told), "{flag}: {outcome}");
    }
}

#[test]
fn all_with_another_is_wrong_usage() {
    let outcome = Script::new("").flag("--allow-all").flag("--allow-net=a").outcome();
    assert_eq!(outcome.code, Some(2));
    assert!(outcome.stderr.contains("'--allow-all' cannot be used with '--allow-net"), "{outcome}");
}

#[test]
fn the_help_has_them_under_a_heading() {
    let outcome = Script::bare().flag("--help").outcome();
    let (_, permissions) = outcome.stdout.split_once("\nPermissions:\n").expect("a heading");
    let (permissions, _) = permissions.split_once("\n\n").expect("its end");
    let flags: Vec<&str> = permissions.lines().filter_map(|line| line.trim().strip_prefix("--allow-")).collect();
    let names: Vec<&str> = flags.iter().filter_map(|flag| flag.split(['[', ' ']).next()).collect();
    assert_eq!(names, ["read", "write", "env", "net", "all"], "{permissions}");
}

#[test]
fn a_watched_program_keeps_what_it_may_do() {
    let script =
        Script::new("console.log(process.env.A); set_interval(|| (), 1000);").flag("--watch").flag("--allow-env=A");
    let mut running = script.env("A", "first").spawn();
    running.wait_for_line("first");
    running.write_file("main.rhai", "console.log(\"second\", process.env.A); process.env.B;");
    running.wait_for_line("second first");
    running.wait_for_error_line("help: run it with `--allow-env=B` before the script");
    running.kill9();
}
