//! `--watch`: saving runs the program again.

use rustix::process::Signal;

use crate::support::link::{Link, V4};
use crate::support::peer::Peer;
use crate::support::script::{Running, Script};

const KEPT: &str = "warning: kept the previous version running";

/// A program that connects and then says its version.
fn version(peer: &Peer, version: &str) -> String {
    format!("let c = mqtt.connect(\"{}\"); c.on(\"connect\", || console.log(\"version {version}\"));", peer.url())
}

fn watch(text: &str) -> Script {
    Script::new(text).flag("--watch")
}

/// Saves as many editors do: writes another file and puts it in place of the old one.
fn replace_file(running: &Running, name: &str, text: &str) {
    running.write_file("new.tmp", text);
    let folder = running.folder();
    std::fs::rename(folder.join("new.tmp"), folder.join(name)).expect("it can be renamed");
}

fn accept(peer: &Peer) -> Link<V4> {
    let mut link = peer.accept();
    link.handshake();
    link
}

#[track_caller]
fn interrupt(mut running: Running) {
    running.signal(Signal::INT);
    let outcome = running.outcome();
    assert_eq!((outcome.code, outcome.signal), (Some(130), None), "{outcome}");
}

#[test]
fn a_saved_program_replaces_the_running_one() {
    let peer = Peer::listen();
    let mut running = watch(&version(&peer, "1")).spawn();
    let mut first = accept(&peer);
    running.wait_for_line("version 1");
    running.write_file("main.rhai", version(&peer, "2"));
    first.expect_goodbye();
    let mut second = accept(&peer);
    running.wait_for_line("version 2");
    replace_file(&running, "main.rhai", &version(&peer, "3"));
    second.expect_goodbye();
    let mut third = accept(&peer);
    running.wait_for_line("version 3");
    running.signal(Signal::INT);
    third.expect_goodbye();
    let outcome = running.outcome();
    // Once each: reading a file is no change.
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(130), "version 1\nversion 2\nversion 3\n"), "{outcome}");
    assert_eq!(outcome.stderr, "");
}

#[test]
fn a_broken_save_keeps_the_running_program() {
    let peer = Peer::listen();
    let mut running = watch(&version(&peer, "1")).file("lib.rhai", "").spawn();
    let mut first = accept(&peer);
    running.wait_for_line("version 1");
    running.write_file("main.rhai", "let a = ;");
    running.wait_for_error_line(" --> main.rhai:1:9");
    running.wait_for_error_line(KEPT);
    running.write_file("main.rhai", version(&peer, "2"));
    first.expect_goodbye();
    let mut second = accept(&peer);
    running.wait_for_line("version 2");
    running.signal(Signal::INT);
    second.expect_goodbye();
    assert_eq!(running.outcome().code, Some(130));
}

#[test]
fn modules_and_files_that_were_read() {
    let text = "import \"lib/m\" as m; console.log(m::name(), fs.readFileSync(\"data.txt\", \"utf8\")); set_interval(|| (), 1000);";
    let mut running =
        watch(text).file("lib/m.rhai", "fn name() { \"one\" }").file("data.txt", "a").file("other.txt", "").spawn();
    running.wait_for_line("one a");
    running.write_file("lib/m.rhai", "fn name() { \"two\" }");
    running.wait_for_line("two a");
    replace_file(&running, "data.txt", "b");
    running.wait_for_line("two b");
    // Not a file of the program; nothing shows that it is passed over but the next line.
    running.write_file("other.txt", "x");
    running.write_file("lib/m.rhai", "fn name( { \"broken\" }");
    running.wait_for_error_line(KEPT);
    running.write_file("lib/m.rhai", "fn name() { \"three\" }");
    assert_eq!(running.next_line(), "three b");
    interrupt(running);
}

#[test]
fn files_read_later() {
    let text =
        "set_timeout(|| { console.log(fs.readFileSync(\"data.txt\", \"utf8\")); set_interval(|| (), 1000); }, 1);";
    let mut running = watch(text).file("data.txt", "a").spawn();
    running.wait_for_line("a");
    running.write_file("data.txt", "bb");
    running.wait_for_line("bb");
    interrupt(running);
}

#[test]
fn a_program_that_ended_waits_for_a_change() {
    let ended = |code: i32| format!("the program ended with exit code {code}, waiting for a change");
    let mut running = watch("console.log(1);").spawn();
    running.wait_for_line("1");
    running.wait_for_error_line(&ended(0));
    running.write_file("main.rhai", "console.log(22); throw \"x\";");
    running.wait_for_line("22");
    running.wait_for_error_line(&ended(1));
    // A code that looks like a signal is none.
    running.write_file("main.rhai", "console.log(3); process.exit(130);");
    running.wait_for_line("3");
    running.wait_for_error_line(&ended(130));
    running.write_file("main.rhai", "let a = ;");
    running.wait_for_error_line(" --> main.rhai:1:9");
    running.write_file("main.rhai", "console.log(\"four\");");
    running.wait_for_line("four");
    running.wait_for_error_line(&ended(0));
    let outcome = {
        running.signal(Signal::INT);
        running.outcome()
    };
    assert_eq!(outcome.code, Some(130), "{outcome}");
    assert!(!outcome.stderr.contains("kept the previous"), "{outcome}");
}

#[test]
fn the_first_version_may_be_broken() {
    let mut running = watch("let a = ;").spawn();
    running.wait_for_error_line("the program ended with exit code 1, waiting for a change");
    running.write_file("main.rhai", "console.log(\"fixed\");");
    running.wait_for_line("fixed");
    interrupt(running);
    Script::bare()
        .flag("--watch")
        .flag("none.rhai")
        .code(1)
        .stderr("error: cannot read `none.rhai`: there is no such file\n")
        .run();
}

#[test]
fn quick_saves_end_with_the_last() {
    let mut running = watch("console.log(\"first\"); set_interval(|| (), 1000);").spawn();
    running.wait_for_line("first");
    for number in 0..30 {
        running.write_file("main.rhai", format!("console.log(\"save {number}\"); set_interval(|| (), 1000);"));
    }
    running.wait_for_line("save 29");
    interrupt(running);
}

#[test]
fn programs_that_block_are_replaced() {
    for block in [
        "loop {}",
        "sleep(1000000);",
        "mqtt.connectAsync(process.env.URL);",
        "set_timeout(|| loop {});",
        "set_timeout(|| sleep(1000000));",
    ] {
        let peer = Peer::listen();
        let watched = watch(&format!("console.error(\"first\"); {block}")).flag("--allow-env=URL");
        let mut running = watched.env("URL", peer.url()).spawn();
        running.wait_for_error_line("first");
        running.write_file("main.rhai", "console.log(\"second\");");
        running.wait_for_line("second");
        interrupt(running);
    }
}

#[test]
fn a_crash_closes_connections_without_goodbye() {
    let peer = Peer::listen();
    let mut running =
        watch(&format!("let c = mqtt.connect(\"{}\"); c.on(\"connect\", || process.exit(3));", peer.url())).spawn();
    let mut link = accept(&peer);
    link.expect_closed();
    running.wait_for_error_line("the program ended with exit code 3, waiting for a change");
    interrupt(running);
}

#[test]
fn a_program_that_listens_to_signals() {
    let text = "set_interval(|| (), 1000); process.on(\"SIGINT\", || { console.log(\"bye\"); process.exit(0); }); console.log(\"ready\");";
    let mut running = watch(text).stdout("ready\nbye\n").spawn();
    running.wait_for_line("ready");
    running.signal(Signal::INT);
    running.finish();
}

/// A program that is replaced may need a while to end; a signal that comes then is for nobody but the watcher.
#[test]
fn a_signal_while_a_program_is_replaced() {
    let (deaf, other) = (Peer::listen(), Peer::listen());
    let text = format!(
        "let a = mqtt.connect(\"{}\"); let b = mqtt.connect(\"{}\"); a.publish(\"t\", \"x\", #{{qos: 1}});",
        deaf.url(),
        other.url()
    );
    let mut running = watch(&text).flag("--exit-timeout").flag("1000").spawn();
    let mut unanswered = accept(&deaf);
    unanswered.read_publish();
    let mut answered = accept(&other);
    running.write_file("main.rhai", "set_interval(|| (), 1000);");
    // One client ends at once, the other waits for its acknowledgement.
    answered.expect_goodbye();
    running.write_file("main.rhai", "set_interval(|| (), 2000);");
    running.signal(Signal::TERM);
    let outcome = running.outcome();
    assert_eq!((outcome.code, outcome.signal), (Some(143), None), "{outcome}");
}

#[test]
fn a_linked_program() {
    let script = Script::bare().file("real/main.rhai", "console.log(\"one\");").flag("--watch").flag("link.rhai");
    std::os::unix::fs::symlink("real/main.rhai", script.folder().join("link.rhai")).expect("links can be made");
    let mut running = script.spawn();
    running.wait_for_line("one");
    running.write_file("real/main.rhai", "console.log(\"two\");");
    running.wait_for_line("two");
    interrupt(running);
}
