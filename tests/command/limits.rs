//! Scripts that loop, call and allocate for ever: the contract's answer, and the network goes on.

use std::time::{Duration, Instant};

use rumqttc_v4::Packet;

use crate::support::peer::Peer;
use crate::support::script::{Outcome, Script};

#[track_caller]
fn fails(outcome: &Outcome, stderr: &str) {
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(1), ""), "{outcome}");
    assert!(outcome.stderr.starts_with(stderr), "{outcome}");
}

const OPERATIONS: &str = "\
error: the script did more than 300000 operations in one go
 --> main.rhai:";

/// A script that is busy for ever is heard of by its broker, until the limit ends it. It cannot catch that.
#[test]
fn a_callback_that_loops_for_ever_ends_at_the_limit_of_operations_and_pings_go_on() {
    let peer = Peer::listen();
    let running = Script::new(format!(
        "let c = mqtt.connect(\"{}\", #{{keepalive: 1}});
c.on(\"connect\", || {{
    while !fs.existsSync(\"go\") {{}}
    loop {{ try {{ loop {{}} }} catch (e) {{ console.log(\"caught\"); }} }}
}});",
        peer.url()
    ))
    .flag("--max-operations=0")
    .flag("--max-callback-time=600000")
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    for _ in 0..2 {
        link.expect(Packet::PingReq);
        link.send(Packet::PingResp);
    }
    running.write_file("go", "");
    link.expect(Packet::PingReq);
    drop(running);
    let text = "set_timeout(|| { loop { try { loop {} } catch (e) { console.log(\"caught\"); } } });";
    let outcome = Script::new(text).flag("--max-operations=300000").outcome();
    fails(&outcome, OPERATIONS);
    assert!(outcome.stderr.contains("help: do less in one callback, or raise `--max-operations`\n"), "{outcome}");
    fails(&Script::new("let n = 0; loop { n += 1; }").flag("--max-operations=300000").outcome(), OPERATIONS);
}

/// Only what is done in one go counts: a program may live in a loop that waits, and callbacks may come for ever.
#[test]
fn operations_are_counted_from_the_last_pause() {
    let busy = "fn busy() { for n in 0..5000 {} }";
    Script::new(format!("{busy} for n in 0..20 {{ busy(); sleep(1); }} console.log(\"done\");"))
        .flag("--max-operations=20000")
        .stdout("done\n")
        .run();
    Script::new(format!(
        "{busy} let n = 0;
        let timer = set_interval(|| {{ busy(); n += 1; if n == 20 {{ clear_interval(timer); console.log(\"done\"); }} }}, 1);"
    ))
    .flag("--max-operations=20000")
    .stdout("done\n")
    .run();
    let outcome = Script::new(format!("{busy} for n in 0..20 {{ busy(); }}")).flag("--max-operations=20000").outcome();
    fails(&outcome, "error: the script did more than 20000 operations in one go\n --> main.rhai:1:");
}

#[test]
fn under_keep_going_only_the_callback_that_is_too_long_ends() {
    let text = "set_timeout(|| { loop {} }); set_timeout(|| console.log(\"on\"), 5);";
    let outcome = Script::new(text).flag("--max-operations=100000").flag("--keep-going").outcome();
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(0), "on\n"), "{outcome}");
    assert!(outcome.stderr.starts_with("error: the script did more than 100000 operations in one go\n"), "{outcome}");
}

#[test]
fn how_deep_calls_may_go() {
    let text = "fn down(n) { if n == 0 { 0 } else { 1 + down(n - 1) } } console.log(down(1000));";
    Script::new(text).flag("--max-call-depth=1100").stdout("1000\n").run();
    for flags in [&["--max-call-depth=100"][..], &[]] {
        let outcome = flags.iter().fold(Script::new(text), Script::flag).outcome();
        fails(&outcome, "error: too many calls inside of each other\n --> main.rhai:1:");
        assert!(outcome.stderr.contains("help: where it has one, allow more with `--max-call-depth`\n"), "{outcome}");
    }
}

/// The deepest that can be asked for fits the stack, too.
#[test]
fn the_deepest_calls_that_can_be_asked_for() {
    let text = "fn f(n) { 1 + f(n + 1) }\nset_timeout(|| f(0));";
    let outcome = Script::new(text).flag("--max-call-depth=4096").outcome();
    fails(&outcome, "error: too many calls inside of each other\n");
}

#[test]
fn limits_that_cannot_be() {
    for flag in ["--max-call-depth=0", "--max-call-depth=4097", "--max-operations=-1", "--max-memory=many"] {
        let outcome = Script::new("").flag(flag).outcome();
        assert_eq!(outcome.code, Some(2), "{flag} {outcome}");
        assert!(outcome.stderr.contains(flag.split_once('=').expect("it has a value").0), "{flag} {outcome}");
    }
}

/// The largest that the process was, as long as it runs.
#[cfg(target_os = "linux")]
fn peak_until_the_end(mut running: crate::support::script::Running) -> (u64, Outcome) {
    let path = format!("/proc/{}/status", running.id());
    let mut peak = 0;
    while !running.has_ended() {
        let status = std::fs::read_to_string(&path).unwrap_or_default();
        let kib = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
        peak = peak.max(kib.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(5));
    }
    (peak / 1024, running.outcome())
}

/// Each way to take more and more memory ends at the limit, with the place in the script, and long before the machine is full.
#[cfg(target_os = "linux")]
#[test]
fn a_callback_that_allocates_for_ever_ends_at_the_limit_of_memory() {
    for grow in [
        "list.push(text + list.len())",
        "map[\"key\" + map.len()] = text + map.len()",
        "text += part",
        "text += text",
        "list += [list]",
        "c.publish(\"a\", text + text)",
    ] {
        let text = format!(
            "let c = mqtt.connect(#{{manualConnect: true}});
set_timeout(|| {{
    let list = [1]; let map = #{{}}; let text = \"0123456789\"; for n in 0..10 {{ text += text; }} let part = text;
    loop {{ try {{ {grow}; }} catch (e) {{ }} }}
}});"
        );
        let running = Script::new(text).flag("--max-memory=150").flag("--max-operations=0").spawn();
        let start = Instant::now();
        let (peak, outcome) = peak_until_the_end(running);
        fails(&outcome, "error: the program takes more than 150 MiB of memory\n");
        assert!(outcome.stderr.contains("help: keep less at a time, or raise `--max-memory`\n"), "{grow}: {outcome}");
        assert!(peak < 600, "{grow}: {peak} MiB");
        assert!(start.elapsed() < Duration::from_secs(60), "{grow}: {:?}", start.elapsed());
    }
}

/// Sizes that no script needs do not even begin to be made.
#[test]
fn a_value_that_is_made_in_one_step_has_its_own_limit() {
    let text = r#"
        for make in [
            || { let t = "x"; t.pad(10000000000, "y"); },
            || { let a = []; a.pad(10000000000, 1); },
            || blob(10000000000),
            || "x".repeat(10000000000),
        ] {
            try { make.call(); console.log("made"); } catch (e) { console.log(e.name, e.message); }
        }
    "#;
    Script::new(text)
        .stdout(
            "RangeError Invalid string length\nRangeError Invalid array length\nRangeError Invalid blob length\n\
             RangeError Invalid count value: 10000000000\n",
        )
        .run();
}
