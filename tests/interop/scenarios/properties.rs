//! What only MQTT 5 has.

use crate::bench::Bench;
use crate::launch::Kind;

/// Runs a program against the broker that must print this.
#[track_caller]
fn prints(bench: &Bench, text: &str, stdout: &str) {
    bench.script(5, text).stdout(stdout).run();
}

pub fn publish_properties(bench: &Bench) {
    prints(
        bench,
        r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: VERSION});
        c.on("message", |topic, message, packet| {
            let p = packet.properties;
            console.log(JSON.stringify(p.userProperties));
            console.log(p.responseTopic, `${p.correlationData}`, p.contentType, p.payloadFormatIndicator);
            console.log(p.messageExpiryInterval >= 295 && p.messageExpiryInterval <= 300);
            c.end();
        });
        c.subscribeAsync("props/a", #{qos: 1});
        c.publishAsync("props/a", "{}", #{qos: 1, properties: #{
            userProperties: #{room: "kitchen", shelf: ["1", "2"]},
            responseTopic: "props/answer",
            correlationData: Buffer.from("17"),
            contentType: "application/json",
            payloadFormatIndicator: true,
            messageExpiryInterval: 300,
        }});
        "#,
        "{\"room\":\"kitchen\",\"shelf\":[\"1\",\"2\"]}\nprops/answer 17 application/json true\ntrue\n",
    );
}

pub fn subscription_identifier(bench: &Bench) {
    prints(
        bench,
        r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: VERSION});
        c.on("message", |topic, message, packet| {
            console.log(topic, packet.properties.subscriptionIdentifier);
            if topic == "ids/b/c" { c.end(); }
        });
        c.subscribeAsync("ids/a", #{qos: 1, properties: #{subscriptionIdentifier: 7}});
        c.subscribeAsync("ids/b/#", #{qos: 1, properties: #{subscriptionIdentifier: 300}});
        c.publishAsync("ids/a", "x", #{qos: 1});
        c.publishAsync("ids/b/c", "x", #{qos: 1});
        "#,
        "ids/a 7\nids/b/c 300\n",
    );
}

pub fn topic_alias(bench: &Bench) {
    // The broker allows some; from the second message on the topic is empty on the wire.
    prints(
        bench,
        r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: VERSION, autoAssignTopicAlias: true});
        let sent = [];
        let seen = [];
        c.on("packetsend", |packet| if packet.cmd == "publish" { sent.push(packet.topic); });
        c.on("message", |topic, message| {
            seen.push(topic + message);
            if message == "3" { console.log(JSON.stringify(sent)); console.log(seen.join(" ")); c.end(); }
        });
        c.subscribeAsync("alias/a", #{qos: 1});
        console.log(c.serverProperties.topicAliasMaximum > 0);
        for n in 1..=3 { c.publishAsync("alias/a", n, #{qos: 1}); }
        "#,
        "true\n[\"alias/a\",\"\",\"\"]\nalias/a1 alias/a2 alias/a3\n",
    );
}

pub fn no_local(bench: &Bench) {
    prints(
        bench,
        r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: VERSION});
        c.on("message", |topic, message| { console.log(topic); if topic == "local/b" { c.end(); } });
        c.subscribeAsync("local/a", #{qos: 1, nl: true});
        c.subscribeAsync("local/b", #{qos: 1});
        c.publishAsync("local/a", "x", #{qos: 1});
        c.publishAsync("local/b", "x", #{qos: 1});
        "#,
        "local/b\n",
    );
}

pub fn retain_as_published(bench: &Bench) {
    prints(
        bench,
        r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: VERSION});
        c.on("message", |topic, message, packet| {
            if message.length == 0 { return; }
            console.log(topic, packet.retain);
            if topic == "rap/b" { c.end(); }
        });
        c.subscribeAsync("rap/a", #{qos: 1, rap: true});
        c.subscribeAsync("rap/b", #{qos: 1, rap: false});
        for topic in ["rap/a", "rap/b"] {
            c.publishAsync(topic, "x", #{qos: 1, retain: true});
            c.publishAsync(topic, "", #{qos: 1, retain: true});
        }
        "#,
        "rap/a true\nrap/b false\n",
    );
}

pub fn receive_maximum(bench: &Bench) {
    // The client takes one message at a time: the next comes after the answer to the one before `[MQTT-3.3.4-9]`.
    let text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: VERSION, properties: #{receiveMaximum: 1}});
        let log = [];
        let acknowledged = 0;
        c.on("packetreceive", |packet| if packet.cmd == "publish" { log.push("publish"); });
        c.on("packetsend", |packet| if packet.cmd == "puback" {
            log.push("puback");
            acknowledged += 1;
            if acknowledged == 4 { console.log(log.join(" ")); c.end(); }
        });
        // Time for the broker to send a second one, if it does.
        c.once("message", || sleep(200));
        c.subscribeAsync("window/a", #{qos: 1});
        for n in 1..=4 { c.publish("window/a", n, #{qos: 1}); }
    "#;
    let script = bench.script(5, text);
    if bench.kind() == Kind::Aedes2 {
        // Aedes 2.0.0-beta.1.
        bench.quirk("does not keep to the client's receive maximum; of QoS 1 the client takes them all the same");
        script.stdout("publish publish publish publish [..]\n").run();
    } else {
        script.stdout("publish puback publish puback publish puback publish puback\n").run();
    }
    // And the client sends no more at a time than the broker takes `[MQTT-3.3.4-7]`.
    prints(
        bench,
        r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: VERSION});
        let open = 0;
        let most = 0;
        let left = 100;
        c.on("packetsend", |packet| if packet.cmd == "publish" {
            open += 1;
            if open > most { most = open; }
        });
        c.on("packetreceive", |packet| if packet.cmd == "puback" { open -= 1; });
        c.on("connect", |connack| {
            let limit = connack.properties.receiveMaximum ?? 65535;
            for n in 0..100 {
                c.publish("window/b", n, #{qos: 1}, || {
                    left -= 1;
                    if left == 0 { console.log(most <= limit); c.end(); }
                });
            }
        });
        "#,
        "true\n",
    );
}

pub fn maximum_packet_size(bench: &Bench) {
    // The client takes 200 bytes at most: the broker leaves out what is longer `[MQTT-3.1.2-24]`.
    let stderr = if bench.kind() == Kind::Aedes2 {
        // Aedes 2.0.0-beta.1.
        bench.quirk("does not keep to the client's maximum packet size: the client closes the connection");
        "warning: lost the connection to [..] (the broker sent a packet of 514 bytes, this client takes at most 200)[..]\n"
    } else {
        ""
    };
    let text = r#"
        let options = #{protocolVersion: VERSION, reconnectPeriod: 10, properties: #{maximumPacketSize: 200}};
        let c = mqtt.connect("BROKER", options);
        c.on("message", |topic, message| { console.log(message.length); if message.length == 100 { c.end(); } });
        c.subscribeAsync("size/a", #{qos: 1});
        for length in [10, 500, 100] {
            let text = "";
            text.pad(length, "x");
            c.publishAsync("size/a", text, #{qos: 1});
        }
    "#;
    bench.script(5, text).stdout("10\n100\n").stderr(stderr).run();
    if bench.kind() == Kind::Embedded {
        // It takes all that MQTT can say, 256 MB.
        return;
    }
    // And the broker 4 MB: what is longer is not sent `[MQTT-3.2.2-15]`.
    prints(
        bench,
        r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: VERSION});
        c.on("connect", |connack| {
            let limit = connack.properties.maximumPacketSize;
            console.log(limit);
            let text = "";
            text.pad(limit, "x");
            c.publish("size/b", text, #{qos: 1}, |error| console.log(error != ()));
            c.publish("size/b", "x", #{qos: 1}, |error| { console.log(error == ()); c.end(); });
        });
        "#,
        "4194304\ntrue\ntrue\n",
    );
}

pub fn request_and_reply(bench: &Bench) {
    let text = r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: VERSION});
        let left = 3;
        c.on_message("sums", |topic, message, packet| {
            let numbers = message.json();
            c.reply(packet, numbers[0] + numbers[1], #{qos: 1}, || { left -= 1; if left == 0 { c.end(); } });
        });
        c.subscribe("sums", #{qos: 1}, || console.log("ready"));
    "#;
    let mut server = bench.script(5, text).stdout("ready\n").spawn();
    server.wait_for_line("ready");
    // Two at a time, so that each has to find its own answer; and one that nobody answers.
    prints(
        bench,
        r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: VERSION});
        let left = 2;
        for numbers in [[1, 2], [30, 40]] {
            let numbers = numbers;
            c.request("sums", numbers, |error, message| {
                console.log(`${numbers[0]} + ${numbers[1]} = ${message}`);
                left -= 1;
                if left > 0 { return; }
                console.log("" + c.requestAsync("sums", [5, 6]));
                try { c.requestAsync("nobody/listens", "?", #{timeout: 10}); } catch (e) { console.log(e.message); }
                c.end();
            });
        }
        "#,
        "1 + 2 = 3\n30 + 40 = 70\n11\nno reply from `nobody/listens` within 10 ms\n",
    );
    server.finish();
}
