use crate::prelude::script;
use crate::support::peer::Peer;

/// B16: "didn't get it to work"; here it does.
#[test]
fn a_client_over_a_stream_of_its_own() {
    let peer = Peer::listen();
    let running = script(
        &peer.url(),
        &format!(
            r#"
            let attempts = 0;
            let c = mqtt.Client(|client| {{
                attempts += 1;
                console.log("build", attempts, client.connected);
                net.connect({}, "127.0.0.1")
            }}, #{{clientId: "me", reconnectPeriod: 10}});
            c.on("connect", || if attempts == 2 {{ c.end(); }});
            "#,
            peer.port()
        ),
    )
    .stdout("build 1 false\nbuild 2 false\n")
    .spawn();
    let mut link = peer.accept();
    assert_eq!(link.handshake().client_id, "me");
    link.close();
    let mut link = peer.accept();
    link.handshake();
    link.expect_goodbye();
    running.finish();
}

#[test]
fn a_client_over_a_tls_stream() {
    let peer = Peer::listen();
    let mut running = script(
        "",
        &format!(r#"mqtt.Client(|client| tls.connect({}, "127.0.0.1", #{{rejectUnauthorized: false}}));"#, peer.port()),
    )
    .spawn();
    let mut first = [0; 3];
    std::io::Read::read_exact(&mut peer.accept_stream(), &mut first).expect("it says hello");
    assert_eq!(first[..2], [0x16, 3], "a TLS handshake");
    assert!(!running.has_ended());
    running.kill9();
}

#[test]
fn a_stream_builder_that_returns_nonsense_ends_the_program() {
    for (builder, message) in [
        ("|client| 5", "error: the stream builder of `mqtt.Client` must return a stream\n"),
        ("|client| throw \"no\"", "error: no\n"),
        ("|client| ()", "error: the stream builder of `mqtt.Client` must return a stream\n"),
    ] {
        let outcome = script("", &format!("mqtt.Client({builder});")).outcome();
        assert!(outcome.code == Some(1) && outcome.stderr.starts_with(message), "{outcome}");
    }
    script("", "thrown(|| mqtt.Client(5)); thrown(|| mqtt.Client(|a, b| 5));")
        .stdout(
            "TypeError: `Client` takes a function as `streamBuilder` but got an integer\n\
             TypeError: the stream builder of `mqtt.Client` takes 2 parameters, but it is given 1 (client)\n",
        )
        .run();
}
