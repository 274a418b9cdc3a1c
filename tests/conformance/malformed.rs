use rumqttc_v4::Packet;

use crate::prelude::script;
use crate::support::peer::Peer;
use crate::support::script::Running;
use crate::wire::complaint;

/// Starts a client that prints errors with their class, and closes, and ends at its second good connection.
fn client(peer: &Peer, options: &str) -> Running {
    let text = format!(
        r#"
        let c = mqtt.connect("BROKER", #{{reconnectPeriod: 20, connectTimeout: 10000{options}}});
        c.on("connect", || console.log("connect"));
        c.on("offline", || console.log("offline"));
        c.on("error", |error| console.log(error.name + ": " + error.message, error.code));
        c.on("close", || console.log("close"));
        c.on("message", |topic| c.end());
        "#
    );
    script(&peer.url(), &text).spawn()
}

/// After what it was sent the client drops the link and comes back; then it is sent a good message and ends.
#[track_caller]
fn comes_back(peer: &Peer, running: Running, printed: &str) {
    let mut link = peer.accept();
    link.handshake();
    link.send_bytes(&[0x30, 3, 0, 1, b'a']);
    link.expect_goodbye();
    // Or the client waits a moment for it.
    link.close();
    let outcome = running.outcome();
    let wanted = format!("{printed}connect\nclose\n");
    assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str(), outcome.code), (wanted.as_str(), "", Some(0)));
}

/// T31 among others. MQTT.js leaves the socket open when this happens after CONNACK.
#[test]
fn bytes_that_are_not_mqtt() {
    for (bytes, message) in [
        (&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], "Invalid header flag bits, must be 0x0 for puback packet"),
        (&[0x00, 0x00], "Not supported"),
        (&[0xf0, 0x00], "Not supported auth packet for this version MQTT"),
        (&[0x21, 2, 0, 0], "Invalid header flag bits, must be 0x0 for connack packet"),
        (&[0x36, 3, 0, 1, b'a'], "Packet must not have both QoS bits set to 1"),
        (&[0x38, 3, 0, 1, b'a'], "publish packet with QoS 0 must not have the DUP flag set"),
        (&[0x30, 0xff, 0xff, 0xff, 0xff, 0x01], "Invalid variable byte integer"),
        (&[0x30, 4, 0, 2, 0xff, 0xfe], "Cannot parse string: not UTF-8 text in publish packet"),
        (&[0x40, 1, 0], "Malformed puback"),
        (&[0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28], "Invalid header flag bits, must be 0x0 for connect packet"),
    ] {
        for after_connack in [false, true] {
            let peer = Peer::listen();
            let running = client(&peer, "");
            let mut link = peer.accept();
            if after_connack {
                link.handshake();
            } else {
                link.read_connect();
            }
            link.send_bytes(bytes);
            link.expect_closed();
            let connect = if after_connack { "connect\n" } else { "" };
            comes_back(&peer, running, &format!("{connect}Error: {message} undefined\noffline\nclose\n"));
        }
    }
}

/// Packets that are right in themselves; as in MQTT.js `offline` comes first where the client closes.
#[test]
fn packets_that_a_broker_may_not_send() {
    for (bytes, message) in [
        (&[0x20, 2, 0, 0][..], "Protocol error: duplicate CONNACK on the same network connection"),
        (&[0x82, 6, 0, 1, 0, 1, b'a', 0], "Protocol error: a packet that only clients send"),
        (&[0xc0, 0], "Protocol error: a packet that only clients send"),
        (
            &[0x10, 13, 0, 4, b'M', b'Q', b'T', b'T', 4, 2, 0, 0, 0, 1, b'x'],
            "Protocol error: a packet that only clients send",
        ),
    ] {
        let peer = Peer::listen();
        let running = client(&peer, "");
        let mut link = peer.accept();
        link.handshake();
        link.send_bytes(bytes);
        link.expect_closed();
        comes_back(&peer, running, &format!("connect\noffline\nErrorWithReasonCode: {message} 130\nclose\n"));
    }
}

/// MQTT.js delivers it and waits for CONNACK.
#[test]
fn a_message_instead_of_connack() {
    let peer = Peer::listen();
    let running = client(&peer, "");
    let mut link = peer.accept();
    link.read_connect();
    link.send_bytes(&[0x30, 3, 0, 1, b'a']);
    link.expect_closed();
    let message = "ErrorWithReasonCode: Protocol error: the first packet is not CONNACK 130";
    comes_back(&peer, running, &format!("offline\n{message}\nclose\n"));
}

/// Contract: DISCONNECT tells the broker which rule it broke `[MQTT-4.13.1]`; MQTT.js only drops the link. Below version 5
/// there are no reasons, and nothing is sent (the cases above).
#[test]
fn version_5_says_why_the_link_is_dropped() {
    let duplicate =
        "offline\nErrorWithReasonCode: Protocol error: duplicate CONNACK on the same network connection 130";
    let ping = "offline\nErrorWithReasonCode: Protocol error: a packet that only clients send 130";
    let first = "offline\nErrorWithReasonCode: Protocol error: the first packet is not CONNACK 130";
    for (connected, bytes, code, printed) in [
        (true, &[0x20, 3, 0, 0, 0][..], 130, duplicate),
        (true, &[0xc0, 0], 130, ping),
        (true, &[0x00, 0x00], 129, "Error: Not supported undefined\noffline"),
        (false, &[0x30, 4, 0, 1, b'a', 0], 130, first),
        (false, &[0x00, 0x00], 129, "Error: Not supported undefined\noffline"),
    ] {
        let peer = Peer::listen();
        let running = client(&peer, ", protocolVersion: 5");
        let mut link = peer.accept_v5();
        if connected {
            link.handshake();
        } else {
            link.read_connect();
        }
        link.send_bytes(bytes);
        link.expect_bytes(&complaint(code));
        link.expect_closed();
        let mut link = peer.accept_v5();
        link.handshake();
        link.send_bytes(&[0x30, 4, 0, 1, b'a', 0]);
        link.expect_goodbye();
        let connect = if connected { "connect\n" } else { "" };
        assert_eq!(running.outcome().stdout, format!("{connect}{printed}\nclose\nconnect\nclose\n"));
    }
}

/// A peer that reads nothing any more does not keep the client from dropping the link.
#[test]
fn the_reason_is_not_waited_for() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER", #{protocolVersion: 5, reconnectPeriod: 0});
        c.on("error", |error| console.log(error.message));
        c.on("connect", || {
            let payload = "";
            payload.pad(65536, "x");
            for i in 0..400 { c.publish("flood", payload); }
        });
        "#,
    )
    .stdout("Protocol error: a packet that only clients send\n")
    .spawn();
    let mut link = peer.accept_v5();
    link.handshake();
    // Once the first message is in, and the others behind it do not fit into the socket.
    link.read_frame();
    link.send_bytes(&[0xc0, 0]);
    running.finish();
}

#[test]
fn a_packet_that_is_cut_short() {
    for bytes in [&[0x20][..], &[0x20, 2, 0], &[0x30, 0xff, 0xff, 0xff, 0x7f, 0, 1]] {
        let peer = Peer::listen();
        let running = client(&peer, "");
        let mut link = peer.accept();
        link.read_connect();
        link.send_bytes(bytes);
        link.close();
        comes_back(&peer, running, "offline\nclose\n");
    }
}

#[test]
fn acknowledgements_of_nothing_are_passed_over() {
    let peer = Peer::listen();
    let running = client(&peer, "");
    let mut link = peer.accept();
    link.handshake();
    link.send_bytes(&[0x40, 2, 0, 7, 0x70, 2, 0, 8, 0x90, 3, 0, 9, 0, 0xb0, 2, 0, 10, 0xd0, 0]);
    link.send_bytes(&[0x30, 3, 0, 1, b'a']);
    link.expect_goodbye();
    assert_eq!(running.outcome().stdout, "connect\nclose\n");
}

/// The callback learns of it, the link is dropped.
#[test]
fn a_suback_with_the_wrong_count() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER", #{reconnectPeriod: 20, resubscribe: false});
        c.on("error", |error| console.log("" + error));
        c.subscribe(["a", "b"], |error| { console.log("callback " + error); c.once("connect", || c.end()); });
        "#,
    )
    .stdout(
        "callback ErrorWithSubackPacket: Protocol error: suback granted 1 reason code(s) for 2 subscription(s)\n\
         Error: Protocol error: suback granted 1 reason code(s) for 2 subscription(s)\n",
    )
    .spawn();
    let mut link = peer.accept();
    link.handshake();
    let Packet::Subscribe(subscribe) = link.read() else { panic!("SUBSCRIBE was due") };
    let [high, low] = subscribe.pkid.to_be_bytes();
    link.send_bytes(&[0x90, 3, high, low, 0]);
    link.expect_closed();
    let mut link = peer.accept();
    link.handshake();
    link.expect_goodbye();
    running.finish();
}

#[test]
fn a_message_beyond_maximum_packet_size() {
    let peer = Peer::listen();
    let running = client(&peer, ", protocolVersion: 5, properties: #{maximumPacketSize: 20}");
    let mut link = peer.accept_v5();
    link.handshake();
    // Nobody waits for the rest of what is too long.
    link.send_bytes(&[0x30, 19, 0, 1]);
    link.expect_bytes(&complaint(149));
    link.expect_closed();
    let mut link = peer.accept_v5();
    link.handshake();
    // 20 bytes are not too many.
    link.send_bytes(&[&[0x30, 18, 0, 1, b'a', 0][..], &[b'x'; 14]].concat());
    link.expect_goodbye();
    assert_eq!(
        running.outcome().stdout,
        "connect\noffline\n\
         ErrorWithReasonCode: exceeding packets size publish: 21 bytes, maximumPacketSize is 20 149\n\
         close\nconnect\nclose\n"
    );
}

#[test]
fn topic_aliases_that_were_not_agreed_on() {
    for (options, bytes, error, code) in [
        (
            "",
            &[0x30, 7, 0, 1, b'b', 3, 0x23, 0, 1][..],
            "Received a PUBLISH Topic Alias but no Topic Alias Maximum was advertised",
            148,
        ),
        (
            ", properties: #{topicAliasMaximum: 5}",
            &[0x30, 7, 0, 1, b'b', 3, 0x23, 0, 6],
            "Received Topic Alias 6 is outside the advertised Topic Alias Maximum range 1-5",
            148,
        ),
        (
            ", properties: #{topicAliasMaximum: 5}",
            &[0x30, 6, 0, 0, 3, 0x23, 0, 3],
            "Received unregistered Topic Alias",
            130,
        ),
    ] {
        let peer = Peer::listen();
        let running = client(&peer, &format!(", protocolVersion: 5{options}"));
        let mut link = peer.accept_v5();
        link.handshake();
        link.send_bytes(bytes);
        link.expect_bytes(&complaint(code));
        link.expect_closed();
        let mut link = peer.accept_v5();
        link.handshake();
        link.send_bytes(&[0x30, 4, 0, 1, b'a', 0]);
        link.expect_goodbye();
        let wanted = format!("connect\noffline\nErrorWithReasonCode: {error} {code}\nclose\nconnect\nclose\n");
        assert_eq!(running.outcome().stdout, wanted);
    }
}

/// Whatever comes, the client neither panics nor hangs, and comes back.
#[test]
fn random_bytes() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER", #{reconnectPeriod: 1});
        c.on("error", |error| ());
        c.on("message", |topic| if topic == "the end" { c.end(); });
        "#,
    )
    .spawn();
    // xorshift: the same bytes each time.
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    for round in 0..100 {
        let mut link = peer.accept();
        link.read_connect();
        if round % 2 == 0 {
            link.connack();
        }
        let bytes: Vec<u8> = (0..=round % 8).flat_map(|_| random()).collect();
        // The client may have closed before all is sent.
        let _ = std::io::Write::write_all(&mut link.socket(), &bytes);
        link.close();
    }
    let mut link = peer.accept();
    link.handshake();
    link.send_bytes(&[0x30, 9, 0, 7, b't', b'h', b'e', b' ', b'e', b'n', b'd']);
    link.expect_goodbye();
    let outcome = running.outcome();
    assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str(), outcome.code), ("", "", Some(0)));
}
