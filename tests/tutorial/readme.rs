//! What the README shows is what happens.

use rustix::process::Signal;

use crate::read;
use crate::support::broker::broker;
use crate::support::observer::{Observer, publish};
use crate::support::script::Script;

fn readme() -> String {
    read(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md").into())
}

/// The text of the fenced blocks that begin with this line.
fn blocks(fence: &str) -> Vec<String> {
    let text = readme();
    let mut parts = text.split("```");
    parts.next();
    // Every other part is inside of a fence.
    parts.step_by(2).filter_map(|part| part.strip_prefix(fence)?.strip_prefix('\n')).map(str::to_owned).collect()
}

/// `text` with the one `from` in it replaced.
#[track_caller]
fn adapted(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "`{from}` in\n{text}");
    text.replace(from, to)
}

/// The indented lines that follow the indented line `command`.
fn shown_below(command: &str) -> String {
    let text = readme();
    let lines = text.lines().skip_while(|line| line.trim() != command).skip(1);
    lines.map_while(|line| line.strip_prefix("    ")).map(|line| format!("{line}\n")).collect()
}

#[test]
fn the_first_program_prints_what_is_shown() {
    let broker = broker();
    let blocks = blocks("rhai");
    assert_eq!(blocks.len(), 3);
    let text = adapted(&blocks[0], "mqtt://localhost", &broker.url());
    let output = shown_below("$ mqttscript --broker thermostat.rhai");
    assert_eq!(output.lines().count(), 3);
    let observer = Observer::subscribe(&broker.observer_url(), "room/heating", 1);
    Script::new(adapted(&text, ", 1000)", ", 200)")).stdout(output).run();
    let heating = [observer.due(), observer.due()].map(|message| (message.text(), message.retain));
    assert_eq!(heating, [("on".to_owned(), true), ("off".to_owned(), true)]);
}

#[test]
fn what_mqtt_js_does_not_have_works_together() {
    Script::new(&blocks("rhai")[1]).stdout(shown_below("$ mqttscript lamp.rhai")).run();
}

#[test]
fn the_modules_work_together() {
    let broker = broker();
    let text = adapted(&blocks("rhai")[2], "mqtt://localhost", &broker.url());
    let mut running = Script::new(text).spawn();
    let line = running.next_line();
    let mean: f64 = line.strip_prefix("kitchen: ").and_then(|mean| mean.parse().ok()).expect("a mean");
    assert!((19.5..=20.5).contains(&mean), "{line}");
    running.signal(Signal::INT);
    let outcome = running.outcome();
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(130), ""), "{outcome}");
}

#[test]
fn the_final_example_prints_what_is_shown() {
    let broker = broker();
    let output = shown_below("connected flag  false");
    crate::tutorial("final_example")
        .args([broker.url().as_str(), "500"])
        .stdout(format!("connected flag  false\n{output}"))
        .run();
}

#[test]
fn the_errors_are_those_that_come() {
    let text = readme();
    let reports: Vec<&str> = text.split("```\n").filter(|block| block.starts_with("error:")).collect();
    assert_eq!(reports.len(), 2);
    for report in reports {
        let part =
            |start: &str| report.lines().find_map(|line| line.trim_start().strip_prefix(start)).expect("its line");
        let name = part("--> ").split(':').next().expect("a name");
        Script::named(name, format!("{}\n", part("1 | "))).stderr(report).code(1).run();
    }
}

/// The code of the two lines with `-e`.
fn one_liners(url: &str) -> Vec<String> {
    let text = readme();
    let codes = text.lines().filter_map(|line| line.strip_prefix("    mqttscript -e '")?.strip_suffix('\''));
    codes.map(|code| adapted(code, "mqtt://localhost", url)).collect()
}

#[test]
fn the_one_liners_publish_and_subscribe() {
    let broker = broker();
    let url = broker.url();
    let codes = one_liners(&url);
    let [publishes, subscribes] = codes.as_slice() else { panic!("two were expected: {codes:#?}") };
    let observer = Observer::subscribe(&url, "testtopic", 1);
    Script::bare().flag("-e").arg(publishes).run();
    assert_eq!(observer.due().text(), "hello");

    // Retained, to be there for whenever the subscription is.
    publish(&url, "lamp", "on", 1, true);
    let mut running = Script::bare().flag("-e").arg(subscribes).stdout("lamp on\n").code(130).spawn();
    running.wait_for_line("lamp on");
    running.signal(Signal::INT);
    running.finish();
}

/// The long options in what `mqttscript WORDS --help` prints.
fn options(words: &[&str]) -> Vec<String> {
    let help = words.iter().fold(Script::bare(), Script::flag).flag("--help").outcome().stdout;
    let listed = help.lines().map(str::trim_start).filter(|line| line.starts_with('-'));
    let names = listed.filter_map(|line| line.split(&[' ', ',', '=', '[']).find(|word| word.starts_with("--")));
    names.map(|name| name.trim_end_matches('.').to_owned()).collect()
}

#[test]
fn every_option_is_described() {
    let text = readme();
    let (run, broker) = (options(&[]), options(&["broker"]));
    assert!(run.contains(&"--exit-timeout".to_owned()) && broker.contains(&"--password-file".to_owned()));
    for option in run.iter().chain(&broker).filter(|name| !["--help", "--version"].contains(&name.as_str())) {
        assert!(text.contains(&format!("`{option}")) || text.contains(&format!("{option}`")), "{option}");
    }
}
