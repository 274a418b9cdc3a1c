use crate::prelude::script;
use crate::support::peer::{Peer, free_port};

#[test]
fn listeners_by_their_other_names() {
    let text = r#"
        let c = mqtt.connect("BROKER", #{manualConnect: true});
        let loud = |x| console.log("loud", x);
        console.log(c.setMaxListeners(2) == c);
        c.addListener("own", loud).addListener("own", |x| console.log("quiet", x)).on("end", || ());
        console.log(c.eventNames(), c.listenerCount("own"));
        c.removeListener("own", loud);
        console.log(c.emit("own", 1), c.listenerCount("own"));
    "#;
    let url = format!("mqtt://127.0.0.1:{}", free_port());
    script(&url, text).stdout("true\n[ 'own', 'end' ] 2\nquiet 1\ntrue 1\n").run();
}

#[test]
fn what_mqtt_says_without_a_broker() {
    let text = r#"
        console.log(mqtt.validateTopic("a/+/#"), mqtt.validateTopic("a/#/b"), mqtt.validateTopic("a+"), mqtt.validateTopic(""));
        console.log(mqtt.ReasonCodes[135], mqtt.ReasonCodes["142"]);
    "#;
    script("", text).stdout("true false false false\nNot authorized Session taken over\n").run();
}

#[test]
fn streams_by_their_other_names() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.MqttClient(|client| net.createConnection(#{port: PORT, host: "127.0.0.1"}), #{clientId: "me"});
        c.on("connect", || c.end());
    "#;
    let running = script("", &text.replace("PORT", &peer.port().to_string())).spawn();
    let mut link = peer.accept();
    assert_eq!(link.handshake().client_id, "me");
    link.expect_goodbye();
    running.finish();
}

/// Options that say where the broker is, or that MQTT.js has and that have no effect here.
#[test]
fn options_by_their_other_names() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect(#{
            hostname: "127.0.0.1", host: "nowhere.invalid", port: PORT, timerVariant: "native", writeCache: false,
        });
        c.on("connect", || c.end());
    "#;
    let running = script("", &text.replace("PORT", &peer.port().to_string())).spawn();
    let mut link = peer.accept();
    link.handshake();
    link.expect_goodbye();
    running.finish();
}

#[test]
fn a_unix_socket_by_option() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("broker.sock");
    let listener = std::os::unix::net::UnixListener::bind(&path).expect("a socket can be made");
    let text = r#"
        let c = mqtt.connect(#{unixSocket: true, path: "PATH"});
        c.on("connect", || { console.log("connected"); c.end(true); });
    "#;
    let running = script("", &text.replace("PATH", &path.display().to_string())).stdout("connected\n").spawn();
    let (mut stream, _) = listener.accept().expect("the client connects");
    let mut connect = [0; 2];
    std::io::Read::read_exact(&mut stream, &mut connect).expect("CONNECT comes");
    assert_eq!(connect[0], 0x10);
    std::io::Write::write_all(&mut stream, &[0x20, 2, 0, 0]).expect("CONNACK can be sent");
    running.finish();
}
