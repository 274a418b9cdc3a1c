use std::process::Command;

use rustix::process::{Pid, Resource, Rlimit, prlimit};

use crate::store_file::Place;
use crate::support::PATIENCE;
use crate::support::peer::free_port;
use crate::support::process::{Process, Stream};

/// Runs a script whose files may have at most `most` bytes, which looks like a full disk.
fn with_limit(place: &Place, text: &str, most: u64) -> Process {
    let script = place.script(&format!("mqtt://127.0.0.1:{}", free_port()), "", text);
    let main = place.path().with_file_name("main.rhai");
    std::fs::copy(script.folder().join("main.rhai"), &main).expect("files can be copied");
    // Without the trap, the signal that comes with the error would end it.
    let mut command = Command::new("sh");
    let start = format!("trap '' XFSZ; ulimit -S -f {}; exec \"$@\"", most / 512);
    command.args(["-c", &start, "sh", env!("CARGO_BIN_EXE_mqttscript"), "--allow-write"]).arg(main);
    Process::start(command, true)
}

fn without_limit(process: &Process) {
    let id = Pid::from_raw(i32::try_from(process.id()).expect("an id")).expect("no process has the id 0");
    prlimit(Some(id), Resource::Fsize, Rlimit { current: None, maximum: None }).expect("its limit can be raised");
}

/// Publishes small messages and now and then one larger than the front part until the disk is full, then again each time
/// a line comes in; after `again`, until it takes all.
const FILL: &str = r#"
    CLIENT
    c.on("error", || ());
    let number = 0;
    let accepted = 0;
    fn publish(count, again) {
        let failed = #{};
        for i in 0..count {
            let name = "t" + number;
            let size = if number % 60 == 59 { 1200000 } else { 10000 };
            c.publish(name, "x".repeat(size), #{qos: 1}, |error| {
                if error.message.contains("cannot use the store") { failed[name] = error.message; }
            });
            number += 1;
        }
        let first = number - count;
        setTimeout(|| {
            for i in first..first + count {
                if "t" + i in failed { continue; }
                console.log("t" + i);
            }
            let messages = failed.values();
            if again && messages.len() > 0 { setTimeout(|| publish(5, true), 50); return; }
            console.log("failed", messages.len(), if messages.len() > 0 { messages[messages.len() - 1] } else { "" });
        }, 0);
    }
    publish(300, false);
    process.stdin.on("line", |line| publish(5, line == "again"));
"#;

#[test]
fn a_full_disk_refuses_messages_and_loses_none_that_was_accepted() {
    let place = Place::new();
    let mut process = with_limit(&place, FILL, 3_000_000);
    let rounds = |process: &Process, wanted: usize| {
        process.wait_until(&format!("{wanted} rounds"), PATIENCE, |output| {
            let rounds = output.of(Stream::Stdout).lines().filter(|line| line.starts_with("failed")).count();
            (rounds >= wanted).then_some(())
        });
    };
    rounds(&process, 1);
    process.write_stdin(b"\n");
    rounds(&process, 2);
    // The disk has room again, and everything goes on by itself.
    without_limit(&process);
    process.write_stdin(b"again\n");
    rounds(&process, 3);
    process.signal(rustix::process::Signal::KILL);
    let outcome = process.wait(PATIENCE);
    let failures: Vec<_> = outcome.stdout.lines().filter(|line| line.starts_with("failed")).collect();
    let told = format!("cannot use the store `{}`: File too large (os error 27)", place.path().display());
    assert!(failures[0].ends_with(&told), "{failures:?}");
    assert_eq!(failures[2], "failed 0 ", "{failures:?}");
    let accepted: Vec<_> = outcome.stdout.lines().filter(|line| line.starts_with('t')).collect();
    place.expect_left(&accepted);
}
