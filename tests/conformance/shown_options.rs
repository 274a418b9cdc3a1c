//! `client.options`: what was given, and what the URL and the defaults fill in.

use crate::prelude::script;
use crate::support::peer::Peer;
use crate::support::script::Script;

/// What `JSON.stringify` shows of the options `names` of a client made with `arguments`.
#[track_caller]
fn shown(arguments: &str, names: &[&str], wanted: &str) {
    let names = names.join("\", \"");
    Script::new(format!(
        r#"
        let options = mqtt.connect({arguments}).options;
        console.log(["{names}"].map(|name| "" + (options[name] ?? "-")).join(" "));
        "#,
    ))
    .stdout(format!("{wanted}\n"))
    .run();
}

#[test]
fn what_the_url_says_is_there_but_not_its_password() {
    let dialled = ["protocol", "host", "port", "path", "username", "password", "reschedulePings"];
    for (arguments, wanted) in [
        ("\"mqtt://steve:secret@broker.lab\"", "mqtt broker.lab 1883 - steve - true"),
        ("\"ssl://broker.lab:8884\"", "mqtts broker.lab 8884 - - - true"),
        ("\"ws://broker.lab/a?b=c\"", "ws broker.lab 80 /a?b=c - - true"),
        ("\"mqtt+unix:///run/a.sock\"", "mqtt+unix - - /run/a.sock - - true"),
    ] {
        let arguments = format!("{arguments}, #{{manualConnect: true}}");
        shown(&arguments, &dialled, wanted);
    }
}

#[test]
fn what_was_given_stays_as_it_was() {
    let given =
        r##""mqtt://a@one:1", #{manualConnect: true, host: "two", port: 2, username: || "b", reschedulePings: false}"##;
    shown(given, &["protocol", "host", "port", "reschedulePings"], "mqtt two 2 false");
    let servers = r#"#{manualConnect: true, servers: [#{host: "one"}, #{host: "two"}]}"#;
    shown(servers, &["protocol", "host", "port"], "- - -");
}

/// What was filled in does not stand in the way of a change.
#[test]
fn another_host_and_port_count_at_the_next_attempt() {
    let (one, two) = (Peer::listen(), Peer::listen());
    let port = two.port();
    let running = script(
        &one.url(),
        &format!(
            r#"
            let c = mqtt.connect("BROKER");
            c.once("connect", || {{
                c.options.host = "127.0.0.1";
                c.options.port = {port};
                c.once("connect", || c.end());
                c.reconnect();
            }});
            "#
        ),
    )
    .spawn();
    let mut link = one.accept();
    link.handshake();
    let mut link = two.accept();
    link.handshake();
    link.expect_goodbye();
    running.finish();
}

#[test]
fn nobody_to_dial_is_told() {
    Script::new(
        r#"
        for options in [#{servers: []}, #{unixSocket: true}] {
            try { mqtt.connect(options); } catch (error) { console.log(error.message); }
        }
        "#,
    )
    .stdout("option `servers` is empty: there is nobody to connect to\na unix socket needs a `path`\n")
    .run();
}
