use rumqttc_v4::ConnectReturnCode;

use crate::prelude::{LAST, ends, expecting, login, prints, script, traced};
use crate::support::packets::v4;
use crate::support::peer::Peer;

/// T20.
#[test]
fn a_broker_that_closes_or_resets() {
    let peer = Peer::listen();
    let mut running = traced(&peer, "reconnectPeriod: 20", "");
    let mut link = peer.accept();
    link.handshake();
    prints(&mut running, "connect connected");
    link.close();
    prints(&mut running, "offline\nclose reconnecting\nreconnect reconnecting");
    let mut link = peer.accept();
    link.handshake();
    prints(&mut running, "connect connected");
    link.reset();
    prints(
        &mut running,
        "error connected: read ECONNRESET ECONNRESET
        offline
        close reconnecting
        reconnect reconnecting",
    );
    running.kill9();
}

/// T20 with `reconnectPeriod: 0`.
#[test]
fn a_lost_connection_without_reconnects() {
    let peer = Peer::listen();
    let mut running = traced(&peer, "reconnectPeriod: 0", "");
    let mut link = peer.accept();
    link.handshake();
    prints(&mut running, "connect connected");
    link.close();
    ends(running, 0, "close");
}

#[test]
fn changed_options_count_at_the_next_attempt() {
    let peer = Peer::listen();
    let other = Peer::listen();
    let running = script(
        &peer.url(),
        &format!(
            r#"
            let c = mqtt.connect("BROKER", #{{username: "u", password: "one", reconnectPeriod: 10}});
            console.log(c.options.username, c.options.keepalive, c.options.clean);
            c.once("close", || {{ c.options.password = "two"; c.options.port = {}; c.options.keepalive = 7; }});
            c.on("connect", || if c.keepalive == 7 {{ c.end(); }});
            "#,
            other.port()
        ),
    )
    .stdout("u 60 true\n")
    .spawn();
    let mut link = peer.accept();
    let first = link.handshake();
    assert_eq!((first.auth, first.keep_alive), (login("u", "one"), 60));
    link.close();
    let mut link = other.accept();
    let second = link.handshake();
    assert_eq!((second.auth, second.keep_alive), (login("u", "two"), 7));
    assert_eq!(second.client_id, first.client_id, "made up once");
    link.expect_goodbye();
    running.finish();
}

#[test]
fn closures_are_asked_at_each_attempt() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let ids = 0;
        let names = 0;
        let words = 0;
        let c = mqtt.connect("BROKER", #{
            clientId: || { ids += 1; "id" + ids },
            username: || { names += 1; "user" + names },
            password: || { words += 1; Buffer.from("pass" + words) },
            reconnectPeriod: 10
        });
        c.on("connect", || if ids == 2 { c.end(); });
        "#,
    )
    .spawn();
    for count in 1..=2 {
        let mut link = peer.accept();
        let connect = link.handshake();
        assert_eq!(connect.client_id, format!("id{count}"));
        assert_eq!(connect.auth, login(&format!("user{count}"), &format!("pass{count}")));
        if count == 1 {
            link.close();
        } else {
            link.expect_goodbye();
        }
    }
    running.finish();
}

#[test]
fn a_closure_that_throws_or_gives_nonsense_ends_the_program() {
    for (closure, message) in [
        ("|| throw \"no token\"", "error: no token\n"),
        ("|| 5", "error: option `password` takes text or a Buffer but got 5\n"),
    ] {
        let peer = Peer::listen();
        let text = format!("let c = mqtt.connect(\"BROKER\", #{{username: \"u\", password: {closure}}});");
        let outcome = script(&peer.url(), &text).outcome();
        assert!(outcome.code == Some(1) && outcome.stderr.starts_with(message), "{outcome}");
        peer.expect_nobody(std::time::Duration::from_millis(1));
    }
}

/// T33.
#[test]
fn servers_take_turns() {
    let (one, two) = (Peer::listen(), Peer::listen());
    let running = script(
        "",
        &format!(
            r#"
            let c = mqtt.connect(#{{
                servers: [#{{host: "127.0.0.1", port: {}}}, #{{host: "127.0.0.1", port: {}}}],
                reconnectPeriod: 10
            }});
            c.on("message", || c.end());
            "#,
            one.port(),
            two.port()
        ),
    )
    .spawn();
    for (peer, last) in [(&one, false), (&two, false), (&one, true)] {
        let mut link = peer.accept();
        link.handshake();
        if last {
            link.send_bytes(&[0x30, 3, 0, 1, b'a']);
            link.expect_goodbye();
        } else {
            link.close();
        }
    }
    // Each was left once only, and soon: that may be another client with the same id.
    let outcome = running.outcome();
    assert_eq!((outcome.stdout.as_str(), outcome.code), ("", Some(0)));
}

#[test]
fn reconnects_as_the_policy_says() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        r#"
        let c = mqtt.connect("BROKER", #{
            reconnectOnConnackError: true,
            reconnectPeriod: #{min: 20, max: 80, factor: 2, jitter: 0, attempts: 4}
        });
        c.on("error", || ());
        c.on("reconnect", || console.log("reconnect"));
        c.on("close", || console.log("close", c.state));
        "#,
    )
    .stdout(format!("close offline\n{}", "reconnect\nclose offline\n".repeat(4)))
    .spawn();
    let mut refused_at = None;
    for period in [0, 20, 40, 80, 80] {
        let mut link = peer.accept();
        // Timers are late, never early.
        let waited = refused_at.map_or(0, |at: std::time::Instant| at.elapsed().as_millis());
        assert!(waited >= period, "{waited} ms instead of {period} ms");
        link.read_connect();
        refused_at = Some(std::time::Instant::now());
        link.send(v4::refusal(ConnectReturnCode::ServiceUnavailable));
        link.expect_closed();
    }
    running.finish();
}

/// Not sooner than `reconnectPeriod` says.
#[test]
fn the_period_between_attempts() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{reconnectPeriod: 300});
        c.on("message", || c.end());
    "#;
    let running = expecting(&peer, "", text);
    let mut link = peer.accept();
    link.handshake();
    let start = std::time::Instant::now();
    link.close();
    let mut link = peer.accept();
    assert!(start.elapsed().as_millis() >= 290, "{:?}", start.elapsed());
    link.handshake();
    link.send_bytes(LAST);
    link.expect_goodbye();
    running.finish();
}

/// Ended by the script, it stays so.
#[test]
fn no_attempt_after_an_end() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{reconnectPeriod: 1});
        c.on("reconnect", || console.log("reconnect"));
        c.on("connect", || c.end());
    "#;
    let running = expecting(&peer, "", text);
    let mut link = peer.accept();
    link.handshake();
    link.expect_goodbye();
    drop(link);
    running.finish();
    peer.expect_nobody(std::time::Duration::from_millis(1));
}

/// `reconnect` may be called in `close`, or later, also without `reconnectPeriod`.
#[test]
fn a_reconnect_by_hand_in_the_close_listener() {
    let peer = Peer::listen();
    for call in ["c.reconnect()", "set_timeout(|| c.reconnect(), 5)"] {
        let text = r#"
            let c = mqtt.connect("BROKER", #{reconnectPeriod: 0});
            c.on("error", |error| console.log(error.message));
            c.once("close", || CALL);
            c.on("reconnect", || console.log("reconnect"));
            let connects = 0;
            c.on("connect", || {
                connects += 1;
                if connects == 1 { c.end(); } else { c.subscribe("hello", |error| { console.log(error); c.end(); }); }
            });
        "#
        .replace("CALL", call);
        let running = expecting(&peer, "reconnect\nundefined\n", &text);
        let mut link = peer.accept();
        link.handshake();
        link.expect_goodbye();
        let mut link = peer.accept();
        link.handshake();
        link.grant();
        link.expect_goodbye();
        running.finish();
    }
}

/// T06: each attempt has its `error`; `offline` comes with the first only. Then the broker is there.
#[test]
fn a_broker_that_comes_late() {
    let peer = Peer::listen();
    let url = peer.url();
    let address = peer.stop();
    let text = r#"
        let c = mqtt.connect("BROKER", #{reconnectPeriod: 20});
        let errors = 0;
        c.on("error", |error| { errors += 1; if errors == 2 { console.log(error.code); } });
        c.on("offline", || console.log("offline"));
        c.on("connect", || { console.log(c.reconnecting); c.end(); });
    "#;
    let mut running = script(&url, text).stdout("offline\nECONNREFUSED\nfalse\n").spawn();
    running.wait_for_line("ECONNREFUSED");
    let peer = Peer::listen_at(address);
    let mut link = peer.accept();
    link.handshake();
    link.expect_goodbye();
    running.finish();
}

/// T19, T20: the broker dies and comes back on the same port.
#[test]
fn a_broker_that_restarts() {
    let peer = Peer::listen();
    let mut running = traced(&peer, "reconnectPeriod: 20", r#"c.on("message", || c.end());"#);
    let mut link = peer.accept();
    link.handshake();
    let address = peer.stop();
    link.close();
    running.wait_for_line("error[..]ECONNREFUSED[..]");
    let peer = Peer::listen_at(address);
    let mut link = peer.accept();
    link.handshake();
    link.send_bytes(LAST);
    link.expect_goodbye();
    // How many attempts were refused is a matter of time.
    let refused = "reconnect reconnecting
        error reconnecting: connect ECONNREFUSED PEER ECONNREFUSED
        close reconnecting
        "
    .replace("PEER", &address.to_string());
    let printed: Vec<String> = running.outcome().stdout.lines().map(|line| format!("        {line}\n")).collect();
    let mut printed = printed.concat().trim().to_owned();
    while printed.contains(&refused.repeat(2)) {
        printed = printed.replace(&refused.repeat(2), &refused);
    }
    let wanted = "connect connected
        offline
        close reconnecting
        REFUSEDreconnect reconnecting
        connect connected
        message connected
        close disconnecting
        end disconnecting disconnected"
        .replace("REFUSED", &refused);
    assert_eq!(printed, wanted);
}

/// A link that accepts and is silent: nothing comes before CONNACK, and the attempt ends in time.
#[test]
fn a_link_that_accepts_and_is_silent() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{connectTimeout: 100, reconnectPeriod: #{min: 1, max: 1, attempts: 1}});
        c.on("error", |error| console.log(error.message));
        for name in ["connect", "offline", "reconnect", "close"] { let name = name; c.on(name, || console.log(name)); }
    "#;
    let stdout = "offline\nconnack timeout\nclose\nreconnect\nconnack timeout\nclose\n";
    let running = expecting(&peer, stdout, text);
    let _silent = (peer.accept_stream(), peer.accept_stream());
    running.finish();
}

/// Attempts are counted per outage: a connection in between starts anew.
#[test]
fn attempts_are_counted_anew_after_a_connection() {
    let peer = Peer::listen();
    let text = r#"
        let c = mqtt.connect("BROKER", #{reconnectPeriod: #{min: 1, max: 2, factor: 2, attempts: 1}});
        c.on("error", |error| console.log(error.message));
        c.on("message", || c.end());
    "#;
    let running = expecting(&peer, "", text);
    for _ in 0..3 {
        let mut link = peer.accept();
        link.handshake();
        link.close();
    }
    let mut link = peer.accept();
    link.handshake();
    link.send_bytes(LAST);
    link.expect_goodbye();
    running.outcome();
}
