//! `cargo xtask order`: which functions a program runs until it waits for messages, for `build.rs`.

use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Where `build.rs` looks for them.
const NAMES: &str = "build/start.txt";
/// The build that is looked at is in a folder of its own.
const FOLDER: &str = "target/order";

/// What most programs do.
const PROGRAM: &str = r#"
let mqtt = require("mqtt");
let client = mqtt.connect("BROKER");
client.on("error", |error| console.error(error));
client.on("connect", || client.subscribe("order/#", #{qos: 1}, |error, granted| {
    client.publish("order/a", JSON.stringify(#{n: 1}));
    client.publish("order/b", "b", #{qos: 1}, |error| console.log("published"));
}));
let count = 0;
client.on("message", |topic, message| {
    console.log(topic, message.toString());
    count += 1;
    if count == 2 { set_timeout(|| client.end(), 10); }
});
"#;

/// Names them. Whether the program ran.
///
/// # Errors
/// cargo, valgrind or nm cannot be started, or a file cannot be written.
pub fn run() -> io::Result<bool> {
    let mut build = crate::cargo();
    build.args([
        "rustc",
        "--release",
        "--locked",
        "--package",
        "mqttscript",
        "--bin",
        "mqttscript",
        "--target-dir",
        FOLDER,
    ]);
    // Its symbols stay in it. Asked for in the profile that would give functions other names.
    if !build.args(["--", "-C", "strip=none"]).status()?.success() {
        return Ok(false);
    }
    let binary = Path::new(FOLDER).join("release/mqttscript");
    let mut broker = Broker::start(&binary)?;
    let calls = Path::new(FOLDER).join("calls.txt");
    let mut command = Command::new("valgrind");
    command.args(["--quiet", "--tool=callgrind", "--demangle=no"]);
    command.arg(format!("--callgrind-out-file={}", calls.display()));
    let program = PROGRAM.replace("BROKER", &broker.url()?);
    if !command.arg(&binary).args(["--eval", &program]).status()?.success() {
        return Ok(false);
    }
    let defined = Command::new("nm").arg("--defined-only").arg("--format=posix").arg(&binary).output()?;
    let defined = String::from_utf8_lossy(&defined.stdout);
    let defined: BTreeSet<&str> = defined.lines().filter_map(|line| line.split(' ').next()).collect();
    let calls = std::fs::read_to_string(calls)?;
    let names: BTreeSet<&str> = called(&calls).filter(|name| defined.contains(name)).collect();
    let text: String = names.iter().flat_map(|name| [name, "\n"]).collect();
    std::fs::write(NAMES, text)?;
    println!("{} functions are in {NAMES}", names.len());
    Ok(true)
}

/// The names of functions in what callgrind writes: `fn=(7) name` where it is new, also `cfn=` for one that is called, with `'2`
/// behind it in a recursion.
fn called(calls: &str) -> impl Iterator<Item = &str> {
    let functions = calls.lines().filter_map(|line| line.strip_prefix("fn=").or_else(|| line.strip_prefix("cfn=")));
    functions.filter_map(|function| {
        let (_, name) = function.split_once(") ")?;
        name.split('\'').next()
    })
}

/// Stopped when it is dropped.
struct Broker(Child);

impl Broker {
    fn start(binary: &Path) -> io::Result<Self> {
        let mut command = Command::new(binary);
        command.args(["broker", "--listen", "mqtt://127.0.0.1:0"]).stdout(Stdio::piped());
        command.spawn().map(Self)
    }

    fn url(&mut self) -> io::Result<String> {
        let stdout = self.0.stdout.as_mut().ok_or_else(|| io::Error::other("stdout is piped"))?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let url = line.split_whitespace().find(|word| word.starts_with("mqtt://"));
        url.map(str::to_owned).ok_or_else(|| io::Error::other(format!("the broker printed no URL but `{line}`")))
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        // Both fail only if it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_named_where_they_come_first() {
        let calls = "fn=(1) main\n5 3\ncfn=(2) _ZN1a1bE'2\ncalls=1 4\nfn=(2)\ncfn=(1)\n";
        assert_eq!(called(calls).collect::<Vec<_>>(), ["main", "_ZN1a1bE"]);
    }
}
