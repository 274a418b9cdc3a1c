//! `process`: what it says of the program and of the machine, and its listeners.

use crate::support::script::Script;

#[track_caller]
fn prints(text: &str, wanted: &str) {
    Script::new(text).stdout(wanted).run();
}

#[test]
fn listeners_can_be_removed() {
    prints(
        r#"
        let loud = |code| console.log("loud", code);
        process.addListener("exit", loud);
        process.addListener("exit", |code| console.log("quiet", code));
        process.removeListener("exit", loud);
        "#,
        "quiet 0\n",
    );
}

#[test]
fn standard_input_has_listeners() {
    let text =
        r#"process.stdin.addListener("line", |line| console.log(line)).addListener("end", || console.log("end"));"#;
    Script::new(text).stdin("one\ntwo").stdout("one\ntwo\nend\n").run();
}

#[test]
fn the_clock_goes_forward() {
    prints(
        r#"
        let start = process.hrtime();
        let took = process.hrtime(start);
        let now = process.hrtime();
        console.log(took[0], took[1] >= 0 && took[1] < 1000000000);
        console.log(now[0] > start[0] || (now[0] == start[0] && now[1] >= start[1]));
        "#,
        "0 true\ntrue\n",
    );
}

#[test]
fn the_machine() {
    let script = Script::new("console.log(process.cwd(), process.platform, process.memoryUsage().rss > 100000);");
    let folder = script.folder().canonicalize().expect("the folder is there");
    let platform = match std::env::consts::OS {
        "macos" => "darwin",
        "windows" => "win32",
        other => other,
    };
    script.stdout(format!("{} {platform} true\n", folder.display())).run();
}

#[test]
fn a_file_has_the_mode_it_was_given() {
    use std::os::unix::fs::PermissionsExt as _;
    let script = Script::new("let mode = fs.statSync(\"a.txt\").mode; console.log(mode & 0o777);").file("a.txt", "");
    let path = script.folder().join("a.txt");
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o640)).expect("the mode can be set");
    script.stdout(format!("{}\n", 0o640)).run();
}
