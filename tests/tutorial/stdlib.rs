//! The standard modules in real programs, imported by name.

use rumqttc_v4::{Packet, QoS};

use crate::support::broker::broker;
use crate::support::link::{Link, V4};
use crate::support::observer::Observer;
use crate::support::packets::v4;
use crate::support::peer::Peer;
use crate::support::script::Script;

#[test]
fn topic() {
    let program = r##"
        import "topic" as topic;
        console.log(topic::join(["room", 12, "temp"]), topic::filter_of("room/{name}/temp"));
        console.log(topic::matches("room/#", "room"), topic::matches("#", "$SYS/uptime"));
        console.log(topic::captures("room/{name}/{what}", "room/kitchen/temp"));
        console.log(topic::captures("room/{name}/temp", "room/kitchen/light"));
        fn inside() { topic::matches("+/b", "a/b") }
        set_immediate(|| console.log(inside(), topic::join(["a"])));
    "##;
    let output = "room/12/temp room/+/temp\ntrue false\n{ name: 'kitchen', what: 'temp' }\nundefined\ntrue a\n";
    Script::new(program).stdout(output).run();
}

#[test]
fn topics_of_messages() {
    let broker = broker();
    let program = r#"
        import "topic" as topic;
        let client = mqtt.connect(process.argv[2]);
        let pattern = "room/{name}/temp";
        client.on("message", |name, message| {
            console.log(topic::captures(pattern, name).name + ": " + message);
            client.end();
        });
        client.subscribe(topic::filter_of(pattern));
        client.publish(topic::join(["room", "kitchen", "temp"]), "21.5");
    "#;
    Script::new(program).arg(broker.url()).stdout("kitchen: 21.5\n").run();
}

#[test]
fn window() {
    let program = r#"
        import "window" as window;
        let w = window::span(1000);
        for (value, i) in [20, 22, 24] { w = window::add_at(w, value, i * 600); }
        console.log(window::values(w), window::mean(w), window::min(w), window::max(w), window::sum(w));
        console.log(window::count(window::drop_old_at(w, 1600)), window::count(window::drop_old_at(w, 2200)));
        let last = window::last(2);
        set_immediate(|| {
            for value in [1, 2, 6] { last = window::add(last, value); }
            console.log(window::values(last), window::mean(last), window::mean(window::last(1)));
        });
    "#;
    Script::new(program).stdout("[ 22, 24 ] 23 22 24 46\n1 0\n[ 2, 6 ] 4 undefined\n").run();
}

/// With real time: what was added now is in the window, and gone once it is too old.
#[test]
fn window_now() {
    let program = r#"
        import "window" as window;
        let w = window::add(window::span(50), 1);
        let start = performance.now();
        set_timeout(|| console.log(window::count(window::drop_old(w))), 60);
        let long = window::add(window::span(3600000), 1);
        set_timeout(|| console.log(window::count(window::drop_old(long))), 61);
    "#;
    Script::new(program).stdout("0\n1\n").run();
}

#[test]
fn device() {
    let peer = Peer::listen();
    let program = r#"
        import "device" as device;
        let options = #{interval: 20, seed: 7, start: 20.0, step: 0.5, qos: 1, retain: true};
        console.log(JSON.stringify(device::preview(3, options)));
        let client = mqtt.connect(process.argv[2]);
        let sensor = device::start(client, "room/kitchen/temp", options);
        client.on("message", || {
            device::stop(sensor);
            client.publish("stopped", "", #{qos: 1});
            set_timeout(|| client.end(), 200);
        });
        client.subscribe("stop");
    "#;
    let mut running = Script::new(program).arg(peer.url()).stdout("[[..]]\n").spawn();
    let preview: Vec<f64> = serde_json::from_str(&running.next_line()).expect("numbers");
    assert_eq!(preview.len(), 3);
    let mut link: Link<V4> = peer.accept();
    link.handshake();
    // What was published before the connection was there may come in between.
    let mut published = Vec::new();
    let mut granted = false;
    while published.len() < 3 || !granted {
        match link.read() {
            Packet::Publish(publish) => {
                link.send(v4::puback(publish.pkid));
                published.push(publish);
            }
            Packet::Subscribe(subscribe) => {
                link.send(v4::suback(subscribe.pkid, &[QoS::AtMostOnce]));
                granted = true;
            }
            other => panic!("{other:?}"),
        }
    }
    for (count, (publish, value)) in published.iter().zip(preview).enumerate() {
        let payload = serde_json::json!({"count": count + 1, "value": value}).to_string();
        assert_eq!((&publish.topic[..], &publish.payload[..]), (&b"room/kitchen/temp"[..], payload.as_bytes()));
        assert_eq!((publish.qos, publish.retain), (QoS::AtLeastOnce, true));
    }
    link.send(v4::publish("stop", QoS::AtMostOnce, 0, ""));
    while &link.take_publish().topic[..] != b"stopped" {}
    link.expect_goodbye();
    running.finish();
}

/// A sensor does not keep a program alive whose client has ended.
#[test]
fn device_of_a_client_that_ends() {
    let broker = broker();
    let observer = Observer::subscribe(&broker.url(), "t", 0);
    let program = r#"
        import "device" as device;
        let client = mqtt.connect(process.argv[2]);
        device::start(client, "t", #{interval: 20, decimals: 0, min: 5.0, max: 5.0});
        client.subscribe("t");
        client.on("message", |topic, message| { console.log(message.json().value); client.removeAllListeners("message"); client.end(); });
    "#;
    Script::new(program).arg(broker.url()).stdout("5\n").run();
    assert_eq!(observer.due().text(), r#"{"count":1,"value":5}"#);
}

#[test]
fn device_names_an_unknown_option() {
    let program = r#"
        import "device" as device;
        try { device::start((), "t", #{intervall: 5}); } catch (error) { console.log(error); }
        try { device::preview(1, #{}); } catch (error) { console.log(error); }
    "#;
    let output = "`device::start` has no option `intervall`\n`device::preview` wants the option `seed`\n";
    Script::new(program).stdout(output).run();
}
