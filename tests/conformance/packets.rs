use crate::prelude::{ends, script, traced};
use crate::support::peer::Peer;
use crate::support::script::Script;

/// Starts a script that prints every received packet as JSON, and each publish twice: as `packetreceive` and as the
/// third argument of `message`.
fn printing(peer: &Peer, version: u8, text: &str) -> crate::support::script::Running {
    let text = format!(
        r#"let c = mqtt.connect("BROKER", #{{protocolVersion: {version}, manualConnect: true}});
        c.on("packetreceive", |packet| console.log(JSON.stringify(packet)));
        c.on("message", |topic, payload, packet| if topic == "end" {{ c.end(); }});
        {text}
        c.connect();"#
    );
    script(&peer.url(), &text).spawn()
}

const END: &[u8] = &[0x30, 5, 0, 3, b'e', b'n', b'd'];

const END_JSON: &str = r#"{"cmd":"publish","retain":false,"qos":0,"dup":false,"length":5,"topic":"end","payload":{"type":"Buffer","data":[]}}"#;

/// Key order and content are those of MQTT.js 5.16.
#[test]
fn packets_of_version_4_print_as_in_mqtt_js() {
    let peer = Peer::listen();
    let running = printing(
        &peer,
        4,
        r#"c.subscribe("a", #{qos: 2}); c.unsubscribe("b"); c.publish("c", "x", #{qos: 1}); c.publish("d", "x", #{qos: 2});"#,
    );
    let mut link = peer.accept();
    link.handshake();
    let mut ids = Vec::new();
    for _ in 0..4 {
        let frame = link.read_frame();
        let at = if frame[0] >> 4 == 3 { 5 } else { 2 };
        ids.push(u16::from_be_bytes([frame[at], frame[at + 1]]));
    }
    for (id, answer) in ids.iter().zip([&[0x90, 3][..], &[0xb0, 2], &[0x40, 2], &[0x50, 2]]) {
        link.send_bytes(&[answer, &id.to_be_bytes(), if answer[0] == 0x90 { &[2] } else { &[] }].concat());
    }
    link.read_frame();
    link.send_bytes(&[&[0x70, 2][..], &ids[3].to_be_bytes()].concat());
    link.send_bytes(b"\x30\x0b\x00\x04pk/0hello");
    link.send_bytes(b"\x33\x19\x00\x09testtopic\x00\x01test message");
    link.read_frame();
    link.send_bytes(b"\x34\x06\x00\x01q\x00\x02z");
    link.read_frame();
    link.send_bytes(b"\x62\x02\x00\x02");
    link.read_frame();
    link.send_bytes(END);
    link.expect_goodbye();
    let rest = r#""topic":null,"payload":null"#;
    let plain = r#""retain":false,"qos":0,"dup":false"#;
    let wanted = [
        format!(r#"{{"cmd":"connack",{plain},"length":2,{rest},"sessionPresent":false,"returnCode":0}}"#),
        format!(r#"{{"cmd":"suback",{plain},"length":3,{rest},"granted":[2],"messageId":{}}}"#, ids[0]),
        format!(r#"{{"cmd":"unsuback",{plain},"length":2,{rest},"messageId":{}}}"#, ids[1]),
        format!(r#"{{"cmd":"puback",{plain},"length":2,{rest},"messageId":{}}}"#, ids[2]),
        format!(r#"{{"cmd":"pubrec",{plain},"length":2,{rest},"messageId":{}}}"#, ids[3]),
        format!(r#"{{"cmd":"pubcomp",{plain},"length":2,{rest},"messageId":{}}}"#, ids[3]),
        format!(r#"{{"cmd":"publish",{plain},"length":11,"topic":"pk/0","payload":{{"type":"Buffer","data":[104,101,108,108,111]}}}}"#),
        r#"{"cmd":"publish","retain":true,"qos":1,"dup":false,"length":25,"topic":"testtopic","payload":{"type":"Buffer","data":[116,101,115,116,32,109,101,115,115,97,103,101]},"messageId":1}"#.into(),
        r#"{"cmd":"publish","retain":false,"qos":2,"dup":false,"length":6,"topic":"q","payload":{"type":"Buffer","data":[122]},"messageId":2}"#.into(),
        format!(r#"{{"cmd":"pubrel","retain":false,"qos":1,"dup":false,"length":2,{rest},"messageId":2}}"#),
        END_JSON.into(),
    ];
    let outcome = running.outcome();
    assert_eq!(outcome.stdout.lines().collect::<Vec<_>>(), wanted, "{outcome}");
}

#[test]
fn packets_of_version_5_print_as_in_mqtt_js() {
    let peer = Peer::listen();
    let running = printing(&peer, 5, r#"c.unsubscribe(["a", "b"]); c.publish("c", "x", #{qos: 1});"#);
    let mut link = peer.accept_v5();
    link.read_connect();
    link.send_bytes(&[0x20, 9, 0, 0, 6, 0x22, 0, 10, 0x21, 0, 20]);
    let unsubscribe = link.read_frame();
    let publish = link.read_frame();
    let (one, two) = (&unsubscribe[2..4], &publish[5..7]);
    link.send_bytes(&[&[0xb0, 5][..], one, &[0, 0, 17]].concat());
    link.send_bytes(&[&[0x40, 2][..], two].concat());
    let properties = b"\x0b\x07\x01\x01\x08\x00\x03r/t\x09\x00\x02cd\x26\x00\x01k\x00\x01v\x26\x00\x01m\x00\x011\x26\x00\x01m\x00\x012\x03\x00\x0atext/plain\x02\x00\x00\x00\x3c";
    let body =
        [b"\x00\x01t\x00\x01", &[u8::try_from(properties.len()).expect("it is short")][..], properties, b"x"].concat();
    link.send_bytes(&[&[0x32, u8::try_from(body.len()).expect("it is short")][..], &body].concat());
    link.read_frame();
    link.send_bytes(&[0xe0, 12, 139, 10, 0x1f, 0, 3, b'b', b'y', b'e', 0x1c, 0, 1, b'x']);
    link.expect_closed();
    let mut link = peer.accept_v5();
    link.handshake();
    link.send_bytes(&[0x30, 6, 0, 3, b'e', b'n', b'd', 0]);
    link.expect_goodbye();
    let number = |id: &[u8]| u16::from_be_bytes([id[0], id[1]]);
    let rest = r#""topic":null,"payload":null"#;
    let plain = r#""retain":false,"qos":0,"dup":false"#;
    let wanted = [
        format!(
            r#"{{"cmd":"connack",{plain},"length":9,{rest},"sessionPresent":false,"reasonCode":0,"properties":{{"topicAliasMaximum":10,"receiveMaximum":20}}}}"#
        ),
        format!(r#"{{"cmd":"unsuback",{plain},"length":5,{rest},"messageId":{},"granted":[0,17]}}"#, number(one)),
        format!(r#"{{"cmd":"puback",{plain},"length":2,{rest},"messageId":{},"reasonCode":0}}"#, number(two)),
        format!(
            r#"{{"cmd":"publish","retain":false,"qos":1,"dup":false,"length":{},"topic":"t","payload":{{"type":"Buffer","data":[120]}},"messageId":1,"properties":{{"subscriptionIdentifier":7,"payloadFormatIndicator":true,"responseTopic":"r/t","correlationData":{{"type":"Buffer","data":[99,100]}},"userProperties":{{"k":"v","m":["1","2"]}},"contentType":"text/plain","messageExpiryInterval":60}}}}"#,
            body.len()
        ),
        format!(
            r#"{{"cmd":"disconnect",{plain},"length":12,{rest},"reasonCode":139,"properties":{{"reasonString":"bye","serverReference":"x"}}}}"#
        ),
        format!(r#"{{"cmd":"connack",{plain},"length":3,{rest},"sessionPresent":false,"reasonCode":0}}"#),
        END_JSON.replace("\"length\":5", "\"length\":6"),
    ];
    let outcome = running.outcome();
    assert_eq!(outcome.stdout.lines().collect::<Vec<_>>(), wanted, "{outcome}");
}

/// What callbacks are given is what was stored, not what was received. MQTT.js keeps text as text; here a payload is
/// always a Buffer.
#[test]
fn packets_of_callbacks_print_as_in_mqtt_js() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"let c = mqtt.connect("BROKER");
        c.publish("a", "x", #{qos: 1, retain: true}, |error, packet| {
            packet.messageId = 1;
            console.log(JSON.stringify(packet));
        });
        c.publish("b", "y", #{qos: 2}, |error, packet| {
            packet.messageId = 2;
            console.log(JSON.stringify(packet));
            c.end();
        });"#,
    )
    .stdout(
        "{\"cmd\":\"publish\",\"topic\":\"a\",\"payload\":{\"type\":\"Buffer\",\"data\":[120]},\"qos\":1,\"retain\":true,\"messageId\":1,\"dup\":false}\n\
         {\"cmd\":\"pubrel\",\"qos\":2,\"messageId\":2}\n",
    )
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    link.take_publish();
    link.take_publish();
    link.expect_goodbye();
    running.finish();
}

#[test]
fn properties_of_packets_are_assignable_and_misspelled_ones_are_told() {
    let peer = Peer::listen();
    let running = Script::new(format!(
        "let c = require(\"mqtt\").connect(\"{}\");\n\
         c.on(\"message\", |topic, payload, packet| {{\n\
         \x20   packet.retain = true;\n\
         \x20   packet.mine = 5;\n\
         \x20   console.log(packet.retain, packet.mine, packet.messageId, packet.properties, JSON.stringify(packet));\n\
         \x20   console.log(packet.retian);\n\
         }});",
        peer.url()
    ))
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    link.send_bytes(&[0x30, 3, 0, 1, b'a']);
    let outcome = running.outcome();
    assert_eq!(outcome.code, Some(1));
    assert!(outcome.stderr.starts_with("error: a packet has no property `retian`\n --> main.rhai:6:"), "{outcome}");
    assert!(outcome.stderr.ends_with("help: did you mean `retain`?\n"), "{outcome}");
    assert!(
        outcome.stdout.starts_with("true 5 undefined undefined {\"cmd\":\"publish\",\"retain\":true,"),
        "{outcome}"
    );
    assert!(outcome.stdout.ends_with(",\"mine\":5}\n"), "{outcome}");
}

/// As in Node, only what MQTT.js's parser made has the class `Packet`.
#[test]
fn shown_packets_have_a_class_if_they_were_received() {
    let peer = Peer::listen();
    let text = format!(
        r#"let c = mqtt.connect("{}");
        c.on("connect", |connack| console.log(type_of(connack), connack));
        c.on("packetsend", |packet| if packet.cmd == "publish" {{ console.log(packet); c.end(); }});
        c.publish("a", "b");"#,
        peer.url()
    );
    let wanted = "Packet Packet {
  cmd: 'connack',
  retain: false,
  qos: 0,
  dup: false,
  length: 2,
  topic: undefined,
  payload: undefined,
  sessionPresent: false,
  returnCode: 0
}
{
  cmd: 'publish',
  topic: 'a',
  payload: <Buffer 62>,
  qos: 0,
  retain: false,
  messageId: 0,
  dup: false
}
";
    let running = Script::new(text).stdout(wanted).spawn();
    let mut link = peer.accept();
    link.handshake();
    link.read_frame();
    link.expect_goodbye();
    running.finish();
}

/// A script that adds its listeners late in the turn that made the client sees the CONNACK that came meanwhile, and not CONNECT.
#[test]
fn late_listeners_see_the_connack_as_well() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"let c = mqtt.connect("BROKER");
        while !c.connected { sleep(1); }
        c.on("packetsend", |packet| console.log("send", packet.cmd));
        c.on("packetreceive", |packet| console.log("receive", packet.cmd));
        c.on("connect", || c.end());"#,
    )
    .stdout("receive connack\nsend disconnect\n")
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    link.expect_goodbye();
    running.finish();
}

/// The order of packets and events on one connection. MQTT.js's very first CONNECT cannot be observed unless it is
/// started by hand.
#[test]
fn packets_are_seen_in_order() {
    let peer = Peer::listen();
    let running = traced(
        &peer,
        "manualConnect: true",
        r#"c.on("packetsend", |packet| console.log("send", packet.cmd));
        c.on("packetreceive", |packet| console.log("receive", packet.cmd));
        c.once("connect", || c.publish("a", "x", #{qos: 1}, |error, packet| { console.log("callback"); c.end(); }));
        c.connect();"#,
    );
    let mut link = peer.accept();
    link.handshake();
    link.take_publish();
    link.expect_goodbye();
    ends(
        running,
        0,
        "send connect
        receive connack
        connect connected
        send publish
        receive puback
        callback
        send disconnect
        close disconnecting
        end disconnecting disconnected",
    );
}
