//! Getting in, and not getting in.

use crate::bench::{Bench, script};
use crate::launch::{Doors, PASSWORD, USER};
use crate::observer::Observer;

/// Connects with these further options, says what CONNACK said, publishes and ends.
fn hello(id: &str, options: &str) -> String {
    r#"
    let c = mqtt.connect("BROKER", #{clientId: "ID", protocolVersion: VERSION, reconnectPeriod: 0, OPTIONS});
    c.on("connect", |connack| {
        console.log("connected", connack.sessionPresent, connack.returnCode, connack.reasonCode);
        c.publish("hello/ID", "hello", #{qos: 1}, |error| {
            console.log("published", error == ());
            c.end();
        });
    });
    "#
    .replace("ID", id)
    .replace("OPTIONS", options)
}

pub fn version_3_1_1(bench: &Bench) {
    let mut observer = Observer::subscribe(&bench.url(), "hello/v4", 1);
    bench.script(4, &hello("v4", "")).stdout("connected false 0 undefined\npublished true\n").run();
    assert_eq!(observer.due().text(), "hello");
}

pub fn version_3_1(bench: &Bench) {
    let text = hello("v3", "protocolId: \"MQIsdp\"");
    bench.script(3, &text).stdout("connected false 0 undefined\npublished true\n").run();
}

pub fn version_5(bench: &Bench) {
    bench.script(5, &hello("v5", "")).stdout("connected false undefined 0\npublished true\n").run();
}

pub fn no_client_id(bench: &Bench) {
    for version in bench.versions() {
        let text = hello("", "clean: true");
        bench.script(*version, &text).stdout("connected false [..]\npublished true\n").run();
    }
}

pub fn wrong_password(bench: &Bench) {
    let broker = bench.own_broker(Doors::Locked);
    for version in bench.versions() {
        let login = |password: &str| hello("login", &format!("username: \"{USER}\", password: \"{password}\""));
        script(&broker.url(), *version, &login(PASSWORD)).stdout("connected false [..]\npublished true\n").run();
        script(&broker.url(), *version, &login("wrong")).stderr("[..]").code(1).run();
    }
}

pub fn websocket(bench: &Bench) {
    for version in bench.versions() {
        let mut observer = Observer::subscribe(&bench.url(), &format!("hello/ws{version}"), 1);
        script(&bench.ws_url(), *version, &hello(&format!("ws{version}"), ""))
            .stdout("connected false [..]\npublished true\n")
            .run();
        assert_eq!(observer.due().text(), "hello");
    }
}
