//! Programs beyond the tutorial.

use crate::support::broker::broker;
use crate::support::observer::Observer;
use crate::support::script::Script;
use crate::tutorial;

#[test]
fn rule_engine() {
    let broker = broker();
    let url = broker.url();
    let observer = Observer::subscribe(&url, "home/+/+", 1);
    tutorial("rule_engine")
        .arg(&url)
        .stdout(
            "home/kitchen/temperature 18.5: home/kitchen/heater on\n\
             home/bath/humidity 71: home/bath/fan on\n\
             home/kitchen/temperature 22.5: home/kitchen/heater off\n",
        )
        .run();
    let mut commands = Vec::new();
    while commands.len() < 3 {
        let message = observer.due();
        if message.qos == 1 {
            commands.push(format!("{} {}", message.topic, message.text()));
        }
    }
    assert_eq!(commands, ["home/kitchen/heater on", "home/bath/fan on", "home/kitchen/heater off"]);
}

#[test]
fn rpc() {
    let broker = broker();
    tutorial("rpc")
        .arg(broker.url())
        .stdout(
            "add = 3\nupper = MQTT\ndivide: division by zero\nsqrt: no function sqrt\n\
             nobody: no reply from `other/add` within 100 ms\n",
        )
        .run();
}

const BRIDGED: &str = "site-a/sensors/door open (qos 1)\nsite-a/sensors/lamp off (qos 1)\n";

#[test]
fn bridge_between_its_own_brokers() {
    tutorial("bridge").stdout(BRIDGED).run();
}

#[test]
fn bridge_between_others() {
    let (one, two) = (broker(), broker());
    let observer = Observer::subscribe(&two.url(), "#", 1);
    tutorial("bridge").args([one.url(), two.url()]).stdout(BRIDGED).run();
    let bridged = [observer.due(), observer.due()].map(|message| format!("{} {}", message.topic, message.text()));
    assert_eq!(bridged, ["site-a/sensors/door open", "site-a/sensors/lamp off"]);
}

fn device(url: &str, beats: &str) -> Script {
    tutorial("device_simulator").args([url, "boiler", beats, "20"])
}

#[test]
fn device_simulator() {
    let broker = broker();
    let observer = Observer::subscribe(&broker.url(), "devices/boiler/status", 1);
    device(&broker.url(), "2").stdout("status online\nbeat 1\nbeat 2\nstatus offline\n").run();
    assert_eq!([observer.due().text(), observer.due().text()], ["online", "offline"]);
}

#[test]
fn device_simulator_killed() {
    let broker = broker();
    let observer = Observer::subscribe(&broker.url(), "devices/boiler/status", 1);
    let mut running = device(&broker.url(), "1000000").spawn();
    running.wait_for_line("status online");
    assert_eq!(observer.due().text(), "online");
    running.kill9();
    assert_eq!(observer.due().text(), "vanished");
}
