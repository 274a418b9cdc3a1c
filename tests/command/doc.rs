//! `mqttscript doc`: the reference in the terminal.

use crate::support::script::Script;

#[track_caller]
fn doc(words: &[&str]) -> String {
    let script = words.iter().fold(Script::bare().flag("doc"), |script, word| script.flag(word));
    let outcome = script.outcome();
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""), "{outcome}");
    outcome.stdout
}

#[test]
fn a_name_is_explained_with_an_example() {
    let text = doc(&["performance.now"]);
    let wanted =
        "performance.now()\n\n  Milliseconds since the program started, a float with microseconds.\n\n    let start";
    assert!(text.starts_with(wanted), "{text}");
    assert!(text.contains("//~> summed up in"), "{text}");
}

#[test]
fn names_are_found_without_their_object() {
    assert_eq!(doc(&["publishAsync"]), doc(&["client.publishAsync"]));
    assert_eq!(doc(&["Client.publishAsync"]), doc(&["client.publishAsync()"]));
    let both = doc(&["end"]);
    for name in ["client.end([force]", "client.on(\"end\"", "process.stdin.on(\"end\""] {
        assert!(both.contains(name), "{name}\n{both}");
    }
    assert!(doc(&["options.keepalive"]).starts_with("options.keepalive, key of options\n\nkeepalive: seconds"));
}

#[test]
fn an_object_lists_what_it_has() {
    let text = doc(&["console"]);
    assert!(text.contains("\n  console.log(...values)\n      Prints the values on one line"), "{text}");
    // It is a function too.
    assert!(doc(&["Buffer"]).contains("\nBuffer(value[, encoding])\n"));
    let all = doc(&[]);
    for object in ["mqtt", "options", "Client", "publish-options", "globals", "process"] {
        assert!(all.contains(&format!("\n  {object} ")), "{object}\n{all}");
    }
}

#[test]
fn a_misspelled_name_is_corrected() {
    let cases = [
        ("client.publsh", "client.publish"),
        ("clientID", "clientId"),
        ("consol.log", "console.log"),
        ("sensor.on", "on"),
    ];
    for (name, meant) in cases {
        Script::bare()
            .flag("doc")
            .flag(name)
            .code(1)
            .stderr(format!("error: scripts have no `{name}`\nhelp: did you mean `mqttscript doc {meant}`?\n"))
            .run();
    }
    let help = "error: scripts have no `xyzzy`\nhelp: `mqttscript doc` lists the objects\n";
    Script::bare().flag("doc").flag("xyzzy").code(1).stderr(help).run();
}

#[test]
fn help_points_to_it() {
    let help = Script::bare().flag("--help").outcome().stdout;
    assert!(help.contains("mqttscript doc client.publish"), "{help}");
}
