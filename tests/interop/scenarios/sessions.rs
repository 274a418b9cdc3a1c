//! What outlives a connection: wills, sessions, and the client when the broker does not.

use crate::bench::{Bench, script};
use crate::launch::{Doors, Kind, PASSWORD, USER};
use crate::observer::{Observer, publish, publish_all};

/// Connects with a will and says so.
const WITH_WILL: &str = r#"
    let c = mqtt.connect("BROKER", #{protocolVersion: VERSION, will: #{topic: "TOPIC", payload: "gone", qos: 1}});
    c.on("connect", || { console.log("connected"); END });
"#;

pub fn will_after_kill(bench: &Bench) {
    for version in bench.versions() {
        let mut observer = Observer::subscribe(&bench.url(), "will/killed", 1);
        let text = WITH_WILL.replace("TOPIC", "will/killed").replace("END", "");
        let mut running = bench.script(*version, &text).spawn();
        running.wait_for_line("connected");
        running.kill9();
        let message = observer.due();
        assert_eq!((message.text().as_str(), message.qos), ("gone", 1));
    }
}

pub fn no_will_after_end(bench: &Bench) {
    for version in bench.versions() {
        let mut observer = Observer::subscribe(&bench.url(), "will/ended/#", 1);
        let text = WITH_WILL.replace("TOPIC", "will/ended/a").replace("END", "c.end();");
        bench.script(*version, &text).stdout("connected\n").run();
        publish(&bench.url(), "will/ended/end", "", 1, false);
        assert_eq!(observer.until("will/ended/end"), []);
    }
}

/// A client that keeps its session, with what it does once it is connected; it ends after COUNT messages.
fn offline(version: u8, then: &str) -> String {
    let expiry = if version == 5 { "properties: #{sessionExpiryInterval: 300}," } else { "" };
    r#"
    let c = mqtt.connect("BROKER", #{
        protocolVersion: VERSION, clientId: "offlineVERSION", clean: false, EXPIRY LOGIN
    });
    let seen = [];
    c.on("message", |topic, message, packet| {
        // A message of QoS 2 is there when it was released, so that later ones of QoS 1 may overtake it.
        seen.push(`${message} at ${packet.qos}`);
        seen.sort();
        if seen.len() == COUNT { console.log(seen.join(", ")); c.end(); }
    });
    c.on("connect", |connack| {
        console.log("present", connack.sessionPresent);
        THEN
    });
    "#
    .replace("EXPIRY", expiry)
    .replace("THEN", then)
}

pub fn offline_messages(bench: &Bench) {
    let own;
    let (url, login, observer_url) = if bench.kind() == Kind::Amqtt {
        // aMQTT 0.12.1 says that the session of an anonymous client is there, but has no messages for it.
        bench.quirk("keeps messages only for clients that logged in");
        own = bench.own_broker(Doors::Locked);
        let login = format!("username: \"{USER}\", password: \"{PASSWORD}\"");
        (own.url(), login, own.url().replace("//", &format!("//{USER}:{PASSWORD}@")))
    } else {
        (bench.url(), String::new(), bench.url())
    };
    let (messages, wanted) = match bench.kind() {
        // No QoS 2 (see the scenarios of delivery).
        Kind::Nats => (&[("a", 1), ("c", 1)][..], "a at 1, c at 1"),
        // The quirks of delivery again.
        Kind::Rabbitmq => (&[("a", 1), ("b", 2), ("c", 1)][..], "a at 1, b at 1, c at 1"),
        Kind::Amqtt => (&[("a", 1), ("b", 2), ("c", 1)][..], "a at 2, b at 2, c at 2"),
        _ => (&[("a", 1), ("b", 2), ("c", 1)][..], "a at 1, b at 2, c at 1"),
    };
    for version in bench.versions() {
        let run = |text: String, stdout: String| {
            let text = text.replace("LOGIN", &login).replace("COUNT", &messages.len().to_string());
            script(&url, *version, &text).stdout(stdout).run();
        };
        let subscribe = "c.subscribe(\"offline/a\", #{qos: 2}, || c.end());";
        run(offline(*version, subscribe), "present false\n".into());
        publish_all(&observer_url, messages.iter().map(|(text, qos)| ("offline/a", text.as_bytes(), *qos, false)));
        run(offline(*version, ""), format!("present true\n{wanted}\n"));
        // Leaves nothing behind.
        run(offline(*version, "c.end();").replace("clean: false", "clean: true"), "present false\n".into());
    }
}

pub fn takeover(bench: &Bench) {
    for version in bench.versions() {
        let text = r#"
            let c = mqtt.connect("BROKER", #{protocolVersion: VERSION, clientId: "taken", reconnectPeriod: 0});
            c.on("connect", || c.publish("taken", "", #{qos: 1}, || console.log("connected")));
            c.on("disconnect", |packet| console.log("disconnect", packet.reasonCode));
            c.on("error", |error| console.log("error", error.message));
            c.on("close", || console.log("close"));
            process.stdin.on("line", |line| c.end());
        "#;
        let mut first = bench.script(*version, text).spawn();
        first.wait_for_line("connected");
        let mut second = bench.script(*version, text).stdout("connected\nclose\n").spawn();
        second.wait_for_line("connected");
        if bench.kind() == Kind::Amqtt {
            // aMQTT 0.12.1 only stops to serve the first, against `[MQTT-3.1.4-2]`.
            bench.quirk("leaves the connection of the first client open");
            assert_eq!(first.stdout_so_far(), "connected\n");
            first.stdin_line("end");
        }
        first.wait_for_line("close");
        first.close_stdin();
        let outcome = first.outcome();
        second.stdin_line("end");
        second.finish();
        let wanted = match (bench.kind(), version) {
            (Kind::Mosquitto, 5) => {
                // Mosquitto 2.0.11.
                bench.quirk("no DISCONNECT tells an MQTT 5 client that its session was taken over");
                "connected\nclose\n"
            }
            // 142 is 0x8E, session taken over.
            (_, 5) => "connected\ndisconnect 142\nclose\n",
            _ => "connected\nclose\n",
        };
        assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str()), (wanted, ""), "{outcome}");
    }
}

pub fn broker_restart(bench: &Bench) {
    let mut broker = bench.own_broker(Doors::Open);
    for version in bench.versions() {
        let text = r#"
            let c = mqtt.connect("BROKER", #{protocolVersion: VERSION, reconnectPeriod: 50});
            c.on("connect", || console.log("connected"));
            c.on("close", || console.log("closed"));
            c.on("error", || {});
            c.on("message", |topic, message| { console.log(`${message}`); c.end(); });
            c.subscribe("restart", #{qos: 1}, || console.log("subscribed"));
        "#;
        let mut running = script(&broker.url(), *version, text).spawn();
        running.wait_for_line("subscribed");
        broker.stop();
        running.wait_for_line("closed");
        broker.start_again();
        running.wait_for_line("connected");
        // The subscription follows the CONNACK: until it arrived, a message that is not retained may be too early.
        publish(&broker.url(), "restart", "again", 1, true);
        running.wait_for_line("again");
        let outcome = running.outcome();
        assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""), "{outcome}");
        publish(&broker.url(), "restart", "", 1, true);
    }
}
