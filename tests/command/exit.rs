//! Exit codes, and where `process.exit` may stand.

use std::process::{Command, Stdio};

use rumqttc_v4::ConnectReturnCode;

use crate::support::packets::v4::refusal;
use crate::support::peer::{Peer, free_port};
use crate::support::script::Script;

#[test]
fn codes() {
    Script::new("console.log(1);").stdout("1\n").code(0).run();
    Script::new("process.exit();").code(0).run();
    Script::new("process.exit(0); console.log(\"on\");").code(0).run();
    Script::new("process.exit(3); console.log(\"on\");").code(3).run();
    Script::new("process.exit(256 + 7);").code(7).run();
    Script::new("process.exit(-1);").code(255).run();
    Script::new("process.exitCode = 4; console.log(\"on\");").stdout("on\n").code(4).run();
    Script::new("process.exitCode = 4; process.exit();").code(4).run();
    Script::new("process.exitCode = 4; process.exit(0);").code(0).run();
    Script::new("let p = require(\"process\"); p.exitCode = 4;").code(4).run();
}

#[test]
fn errors() {
    for text in
        ["let a = ;", "throw \"x\";", "nothing();", "set_timeout(|| throw \"x\");", "set_immediate(|| nothing());"]
    {
        let outcome = Script::new(text).outcome();
        assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(1), ""), "{text} {outcome}");
        assert!(outcome.stderr.starts_with("error: ") && outcome.stderr.contains("main.rhai:1:"), "{text} {outcome}");
    }
    // What comes after an uncaught error does not run.
    let outcome = Script::new("set_timeout(|| throw \"x\", 1); set_timeout(|| console.log(\"on\"), 2);").outcome();
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(1), ""), "{outcome}");
    let outcome = Script::new("set_timeout(|| console.log(\"on\"), 1); throw \"x\";").outcome();
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(1), ""), "{outcome}");
}

#[test]
fn exit_from_anywhere() {
    for text in [
        "set_timeout(|| { process.exit(5); console.log(\"on\"); });",
        "set_timeout(|| process.exit(5)); set_timeout(|| console.log(\"on\"), 5);",
        "fn f(n) { if n == 0 { process.exit(5); } f(n - 1); console.log(\"on\"); } f(20);",
        "try { process.exit(5); } catch (e) { console.log(\"caught\"); } console.log(\"on\");",
        "fn f() { try { process.exit(5); } catch { console.log(\"caught\"); } } set_timeout(|| { f(); console.log(\"on\"); });",
        "[1, 2].forEach(|x| process.exit(5)); console.log(\"on\");",
        "[2, 1].sort(|a, b| process.exit(5)); console.log(\"on\");",
        "let f = || process.exit(5); f(); console.log(\"on\");",
        "import \"m\" as m; m::out(|| process.exit(5)); console.log(\"on\");",
        "set_immediate(|| process.exit(5)); set_immediate(|| console.log(\"on\"));",
        "set_timeout(|| process.exit(5)); sleep(20); set_timeout(|| console.log(\"on\"));",
        "process.exit(5); loop {}",
        "let c = mqtt.connect(#{manualConnect: true}); c.on(\"x\", || process.exit(5)); c.emit(\"x\"); console.log(\"on\");",
        "process.stdin.on(\"end\", || process.exit(5)); set_interval(|| (), 1000);",
    ] {
        let outcome = Script::new(text).file("m.rhai", "fn out(f) { f.call(); console.log(\"on\"); }").outcome();
        assert_eq!((outcome.code, outcome.stdout.as_str(), outcome.stderr.as_str()), (Some(5), "", ""), "{text}");
    }
}

#[test]
fn exit_listeners() {
    Script::new("process.on(\"exit\", |code| console.log(\"exit\", code)); console.log(\"end\");")
        .stdout("end\nexit 0\n")
        .run();
    Script::new("process.on(\"exit\", |code| console.log(\"exit\", code)); set_timeout(|| process.exit(3));")
        .stdout("exit 3\n")
        .code(3)
        .run();
    Script::new("process.on(\"exit\", |code| console.log(code, process.exitCode)); process.exitCode = 6;")
        .stdout("6 6\n")
        .code(6)
        .run();
    Script::new("process.on(\"exit\", || { process.exitCode = 7; }); process.on(\"exit\", |c| console.log(c));")
        .stdout("0\n")
        .code(7)
        .run();
    Script::new("process.on(\"exit\", || { process.exit(8); }); process.on(\"exit\", |c| console.log(c));")
        .code(8)
        .run();
    Script::new("process.on(\"exit\", || set_timeout(|| console.log(\"too late\")));").run();
    Script::new("let f = || console.log(\"off\"); process.on(\"exit\", f); process.off(\"exit\", f);").run();

    let outcome = Script::new("process.on(\"exit\", |code| console.log(\"exit\", code)); throw \"x\";").outcome();
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(1), "exit 1\n"), "{outcome}");
    let outcome = Script::new("process.on(\"exit\", || throw \"x\");").outcome();
    assert_eq!(outcome.code, Some(1), "{outcome}");
    assert!(outcome.stderr.contains("in the `exit` listener added at main.rhai:1:"), "{outcome}");
}

#[test]
fn a_client_that_gave_up() {
    let script = |listener: &str, options: &str, port: u16| {
        Script::new(format!(
            "let c = mqtt.connect(\"mqtt://127.0.0.1:{port}\", #{{{options}}}); {listener}
             c.on(\"close\", || console.log(\"close\"));"
        ))
    };
    let listener = "c.on(\"error\", |e| console.log(e.code));";
    for options in ["reconnectPeriod: 0", "reconnectPeriod: #{min: 1, max: 1, factor: 1, jitter: 0.0, attempts: 1}"] {
        let rounds = 1 + usize::from(options.contains("attempts"));
        let outcome = script("", options, free_port()).outcome();
        assert_eq!((outcome.code, outcome.stdout), (Some(1), "close\n".repeat(rounds)), "{options} {}", outcome.stderr);
        assert!(outcome.stderr.starts_with("warning: cannot connect to "), "{options} {}", outcome.stderr);
        script(listener, options, free_port()).stdout("ECONNREFUSED\nclose\n".repeat(rounds)).run();
    }

    for (listener, code, stdout) in [("", 1, "close\n"), (listener, 0, "5\nclose\n")] {
        let peer = Peer::listen();
        let running = script(listener, "", peer.port()).spawn();
        let mut link = peer.accept();
        link.read_connect();
        link.send(refusal(ConnectReturnCode::NotAuthorized));
        let outcome = running.outcome();
        assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(code), stdout), "{}", outcome.stderr);
        let said = if code == 1 { "error: the broker at " } else { "" };
        assert!(outcome.stderr.starts_with(said) && outcome.stderr.is_empty() == said.is_empty(), "{}", outcome.stderr);
    }
}

#[test]
fn keep_going() {
    let text = "let n = 0;
let t = set_interval(|| {
    n += 1;
    if n == 3 { clear_interval(t); }
    throw `error ${n}`;
}, 1);
set_timeout(|| { console.log(\"on\"); }, 20);";
    let outcome = Script::new(text).flag("--keep-going").outcome();
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(0), "on\n"), "{outcome}");
    for n in 1..=3 {
        assert!(outcome.stderr.contains(&format!("error {n}")), "{n} {outcome}");
    }
    assert!(outcome.stderr.contains("in the interval set at main.rhai:2:9"), "{outcome}");
    // Without a top level there is no program that could go on.
    let outcome = Script::new("set_timeout(|| console.log(\"on\")); throw \"x\";").flag("--keep-going").outcome();
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(1), ""), "{outcome}");
    Script::new("set_timeout(|| process.exit(3)); set_timeout(|| console.log(\"on\"), 5);")
        .flag("--keep-going")
        .code(3)
        .run();
}

#[test]
fn a_reader_that_goes_away() {
    for text in [
        "loop { console.log(long); }",
        "set_interval(|| console.log(\"x\"), 1);",
        "fn f() { console.log(\"x\"); set_immediate(f); } f();",
        "set_timeout(|| loop { console.log(long); });",
    ] {
        for flags in ["", "--keep-going"] {
            let mut command = Command::new("bash");
            command.args(["-c", "set -o pipefail; \"$BIN\" $FLAGS -e \"$TEXT\" | head -1"]);
            command
                .env("BIN", env!("CARGO_BIN_EXE_mqttscript"))
                .env("TEXT", format!("let long = \"x\"; long.pad(4000, \"\\nx\"); {text}"))
                .env("FLAGS", flags);
            let output = command.stdin(Stdio::null()).output().expect("bash runs");
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            assert_eq!((text(&output.stdout), text(&output.stderr)), ("x\n".into(), String::new()));
            assert_eq!(output.status.code(), Some(0));
        }
    }
}

#[test]
fn a_panic_inside_is_an_error_of_the_script() {
    // Rhai panics when a value is borrowed twice.
    for call in ["f();", "set_timeout(f);", "[1].forEach(|x| f());"] {
        let outcome = Script::new(format!("fn f() {{ let a = [1]; a.for_each(|| a.push(2)); }}\n{call}")).outcome();
        assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(1), ""), "{call} {outcome}");
        assert!(outcome.stderr.starts_with("error: ") && !outcome.stderr.contains("panicked"), "{call} {outcome}");
        assert!(!outcome.stderr.contains("RUST_BACKTRACE"), "{call} {outcome}");
    }
    let text = "fn f() { let a = [1]; a.for_each(|| a.push(2)); } set_timeout(f); set_timeout(|| console.log(\"on\"));";
    let outcome = Script::new(text).flag("--keep-going").outcome();
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(0), "on\n"), "{outcome}");
}
