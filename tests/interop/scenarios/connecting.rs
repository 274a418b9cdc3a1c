//! Getting in, and not getting in.

use crate::bench::{Bench, script};
use crate::launch::{Broker, Doors, Kind, PASSWORD, USER};
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
    let script = bench.script(3, &hello("v3", "protocolId: \"MQIsdp\""));
    match bench.kind() {
        Kind::Nats | Kind::Amqtt => {
            // NATS 2.9.10 and aMQTT 0.12.1 do not send the CONNACK with code 1 that `[MQTT-3.1.2-2]` asks for.
            bench.quirk("closes the connection without a CONNACK");
            script.code(1).stderr(closed(bench)).run();
        }
        _ => drop(script.stdout("connected false 0 undefined\npublished true\n").run()),
    }
}

pub fn version_5(bench: &Bench) {
    let script = bench.script(5, &hello("v5", ""));
    match bench.kind() {
        Kind::Aedes | Kind::Nats | Kind::Amqtt => {
            bench.quirk("no MQTT 5: refuses with code 1");
            let stderr = format!(
                "error: the broker at {} refused the connection (code 1): Unacceptable protocol version\n\
                 help: choose another `protocolVersion`: 3, 4 or 5\n",
                bench.url()
            );
            script.code(1).stderr(stderr).run();
        }
        Kind::Rabbitmq => {
            // RabbitMQ 3.10.8: MQTT 5 came with 3.13.
            bench.quirk("no MQTT 5: closes the connection without a CONNACK");
            script.code(1).stderr(closed(bench)).run();
        }
        Kind::Embedded | Kind::Mosquitto | Kind::Aedes2 => {
            script.stdout("connected false undefined 0\npublished true\n").run();
        }
    }
}

/// What a client says that does not try again.
fn closed(bench: &Bench) -> String {
    format!("warning: lost the connection to {} (the broker closed it), giving up\n", bench.url())
}

pub fn no_client_id(bench: &Bench) {
    for version in bench.versions() {
        let text = hello("", "clean: true");
        bench.script(*version, &text).stdout("connected false [..]\npublished true\n").run();
    }
}

pub fn wrong_password(bench: &Bench) {
    // RabbitMQ asks anonymous clients for nothing, and those with a name for their password.
    let own = (bench.kind() != Kind::Rabbitmq).then(|| bench.own_broker(Doors::Locked));
    let url = own.as_ref().map_or_else(|| bench.url(), Broker::url);
    for version in bench.versions() {
        let login = |password: &str| hello("login", &format!("username: \"{USER}\", password: \"{password}\""));
        script(&url, *version, &login(PASSWORD)).stdout("connected false [..]\npublished true\n").run();
        // "Bad user name or password" and "not authorized" are both in use.
        let code = match (bench.kind(), version) {
            (Kind::Aedes | Kind::Aedes2 | Kind::Rabbitmq, 4) => "4): Bad username or password",
            (Kind::Aedes2, _) => "134): Bad User Name or Password",
            (_, 4) => "5): Not authorized",
            _ => "135): Not authorized",
        };
        let stderr = format!(
            "error: the broker at {url} refused the connection (code {code}\n\
             help: check `username` and `password` in the connect options\n"
        );
        script(&url, *version, &login("wrong")).stderr(stderr).code(1).run();
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
