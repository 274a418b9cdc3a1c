//! `mqtt.broker`: a broker within the program.

use std::net::{TcpListener, TcpStream};

use rumqttc_v5::Packet;
use rustix::process::Signal;

use crate::prelude::script;
use crate::support::certificates::Authority;
use crate::support::link::{Link, V5};
use crate::support::peer::free_port;

/// CONNECT of MQTT 5: client id `a`, keep alive 60 s.
const CONNECT: &[u8] = &[0x10, 14, 0, 4, b'M', b'Q', b'T', b'T', 5, 2, 0, 60, 0, 0, 1, b'a'];

fn connect(port: &str) -> Link<V5> {
    let port: u16 = port.parse().expect("the script printed a port");
    let mut link = Link::over(TcpStream::connect(("127.0.0.1", port)).expect("the broker listens"));
    link.send_bytes(CONNECT);
    assert!(matches!(link.read(), Packet::ConnAck(_)));
    link
}

fn expect_shutdown(link: &mut Link<V5>) {
    // DISCONNECT, server shutting down.
    link.expect_bytes(&[0xe0, 1, 0x8b]);
    link.expect_closed();
}

#[test]
fn a_client_and_its_broker_in_one_program() {
    script(
        "",
        r#"
        let broker = mqtt.broker();
        console.log(broker.url == `mqtt://127.0.0.1:${broker.port}`, broker.port > 0, broker == broker);
        let c = mqtt.connect(broker.url);
        c.on("message", |topic, message| {
            console.log(topic, "" + message);
            c.end(|| console.log(broker.end(|error| console.log("ended", error)) == broker));
        });
        c.subscribe("a", #{qos: 2}, || c.publish("a", "hello", #{qos: 2}));
        "#,
    )
    .stdout("true true true\na hello\ntrue\nended undefined\n")
    .run();
}

#[test]
fn it_keeps_the_program_alive_until_it_is_ended() {
    let mut running = script(
        "",
        r#"let broker = mqtt.broker(); console.log(broker.port); process.stdin.on("line", || { broker.end(); broker.end(); });"#,
    )
    .stdout("[..]\n")
    .spawn();
    let port = running.next_line();
    let mut link = connect(&port);
    assert!(!running.has_ended());
    running.stdin_line("");
    expect_shutdown(&mut link);
    running.close_stdin();
    running.finish();
}

#[test]
fn only_its_users_get_in() {
    script(
        "",
        r#"
        let broker = mqtt.broker(#{users: #{anna: "secret", bob: ""}});
        for login in [#{username: "anna", password: "secret"}, #{username: "anna", password: "wrong"}, #{}] {
            try { mqtt.connectAsync(broker.url, login).endAsync(); console.log("in"); } catch (e) { console.log(e.message); }
        }
        broker.end();
        "#,
    )
    .stdout("in\nConnection refused: Not authorized\nConnection refused: Not authorized\n")
    .run();
}

#[test]
fn with_a_certificate_it_speaks_tls() {
    let authority = Authority::new();
    let server = authority.server(&["127.0.0.1"]);
    script(
        "",
        r#"
        let broker = mqtt.broker(#{cert: "server.crt", key: fs.readFileSync("server.key")});
        console.log(broker.url.startsWith("mqtts://127.0.0.1:"));
        let c = mqtt.connectAsync(broker.url, #{ca: "ca.crt"});
        console.log(c.connected);
        c.endAsync();
        broker.end();
        "#,
    )
    .file("ca.crt", authority.pem())
    .file("server.crt", &server.cert)
    .file("server.key", &server.key)
    .stdout("true\ntrue\n")
    .run();
}

#[test]
fn with_ca_clients_need_a_certificate() {
    let authority = Authority::new();
    let server = authority.server(&["127.0.0.1"]);
    let client = authority.client("anna");
    script(
        "",
        r#"
        let broker = mqtt.broker(#{cert: "server.crt", key: "server.key", ca: "ca.crt"});
        let c = mqtt.connectAsync(broker.url, #{ca: "ca.crt", cert: "client.crt", key: "client.key"});
        console.log(c.connected);
        c.endAsync();
        thrown(|| mqtt.connectAsync(broker.url, #{ca: "ca.crt"}, false));
        broker.end();
        "#,
    )
    .file("ca.crt", authority.pem())
    .file("server.crt", &server.cert)
    .file("server.key", &server.key)
    .file("client.crt", &client.cert)
    .file("client.key", &client.key)
    .stdout("true\nError: [..]\n")
    .run();
}

#[test]
fn several_at_once() {
    script(
        "",
        r#"
        let one = mqtt.broker();
        let two = mqtt.broker();
        let a = mqtt.connectAsync(one.url);
        let b = mqtt.connectAsync(two.url);
        a.on("message", |topic| console.log("a", topic));
        b.on("message", |topic| { console.log("b", topic); a.end(); b.end(); one.end(); two.end(); });
        a.subscribeAsync("x/#");
        b.subscribeAsync("x/#");
        a.publishAsync("x/1", "", #{qos: 1});
        a.wait("message");
        b.publish("x/2", "");
        "#,
    )
    .stdout("a x/1\nb x/2\n")
    .run();
}

#[test]
fn a_port_that_is_taken_is_thrown_in_plain_words() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("it is bound").port();
    script(
        "",
        &format!(r#"try {{ mqtt.broker(#{{port: {port}}}); }} catch (e) {{ console.log(e.message, e.code); }} mqtt.broker(#{{port: {port}}});"#),
    )
    .stdout(format!("cannot listen on `127.0.0.1:{port}`: the address is already in use EADDRINUSE\n"))
    .stderr(format!(
        "error: cannot listen on `127.0.0.1:{port}`: the address is already in use\n[..]\n  |\n[..]\n  |[..]\n\
         help: take another port; port 0, the default, picks a free one\n"
    ))
    .code(1)
    .run();
}

#[test]
fn options_that_cannot_be() {
    let authority = Authority::new();
    let server = authority.server(&["127.0.0.1"]);
    let other = authority.server(&["127.0.0.1"]);
    script(
        "",
        r#"
        for options in [
            #{prot: 1}, #{port: 70000}, #{port: "x"}, #{host: 5}, #{host: "not a host"}, #{users: #{}}, #{users: #{a: 5}}, #{users: ["a"]},
            #{cert: "server.crt"}, #{key: "server.key"}, #{ca: "server.crt"}, #{cert: "server.key", key: "server.key"},
            #{cert: "server.crt", key: "server.crt"}, #{cert: "server.crt", key: "other.key"}, #{cert: "nowhere.crt", key: "server.key"},
        ] { let o = options; thrown(|| mqtt.broker(o)); }
        thrown(|| mqtt.broker(1883));
        "#,
    )
    .file("server.crt", &server.cert)
    .file("server.key", &server.key)
    .file("other.key", &other.key)
    .stdout(
        "Error: `mqtt.broker` has no option `prot`\n\
         Error: option `port` takes a whole number from 0 to 65535 but got 70000\n\
         Error: option `port` takes a whole number from 0 to 65535 but got text\n\
         Error: option `host` takes text but got 5\n\
         Error: cannot listen on `not a host:0`: [..]\n\
         Error: option `users` names nobody\n\
         Error: option `users.a` takes a password as text but got an integer\n\
         Error: option `users` takes a map `#{...}` but got an array\n\
         Error: option `cert` needs `key` too\n\
         Error: option `key` needs `cert` too\n\
         Error: option `ca` is for client certificates, and needs `cert` and `key`\n\
         Error: `cert` holds no certificate in PEM form\n\
         Error: `key` holds no private key in PEM form\n\
         Error: the broker's certificate cannot be used: [..]\n\
         Error: [..]nowhere.crt[..]\n\
         TypeError: `broker` takes a map `#{...}` as `options` but got an integer\n",
    )
    .run();
    script("", "mqtt.broker(#{prot: 1});")
        .code(1)
        .stderr("error: `mqtt.broker` has no option `prot`\n[..]\n  |\n[..]\n  |[..]\nhelp: did you mean `port`?\n")
        .run();
}

#[test]
fn every_way_to_end_the_program_closes_it_properly() {
    for (on_line, code) in [("process.exit(0)", 0), ("process.exit(3)", 3), ("throw \"no\"", 1)] {
        let text =
            format!("let broker = mqtt.broker(); console.log(broker.port); process.stdin.on(\"line\", || {on_line});");
        let mut running = script("", &text).spawn();
        let mut link = connect(&running.next_line());
        running.stdin_line("");
        expect_shutdown(&mut link);
        assert_eq!(running.outcome().code, Some(code), "{on_line}");
    }
    let mut running = script("", "console.log(mqtt.broker().port);").stdout("[..]\n").code(130).spawn();
    let mut link = connect(&running.next_line());
    running.signal(Signal::INT);
    expect_shutdown(&mut link);
    running.finish();
}

/// Its own client goes first: what it accepted is sent, and its goodbye heard.
#[test]
fn at_the_end_of_the_program_its_clients_finish_before_it() {
    let mut running = script(
        "",
        r#"
        let broker = mqtt.broker();
        let c = mqtt.connectAsync(broker.url);
        console.log(broker.port);
        process.stdin.on("line", || { c.publish("last", "words", #{qos: 1}); process.exit(0); });
        "#,
    )
    .stdout("[..]\n")
    .spawn();
    let mut link = connect(&running.next_line());
    // SUBSCRIBE, id 1, filter `last`, QoS 0.
    link.send_bytes(&[0x82, 10, 0, 1, 0, 0, 4, b'l', b'a', b's', b't', 0]);
    assert!(matches!(link.read(), Packet::SubAck(_)));
    running.stdin_line("");
    assert_eq!(&link.read_publish().payload[..], b"words");
    expect_shutdown(&mut link);
    running.close_stdin();
    running.finish();
}

#[test]
fn under_watch_the_next_run_gets_the_port() {
    let port = free_port();
    let text = |word: &str| format!("mqtt.broker(#{{port: {port}}}); console.log(\"{word}\");");
    let mut running = script("", &text("one")).flag("--watch").spawn();
    running.wait_for_line("one");
    let mut link = connect(&port.to_string());
    running.write_file("main.rhai", text("two"));
    expect_shutdown(&mut link);
    running.wait_for_line("two");
    connect(&port.to_string());
    running.kill9();
}

#[test]
fn it_is_shown_with_its_address() {
    let outcome =
        script("", "let b = mqtt.broker(); console.log(b); console.log(JSON.stringify(b)); b.end();").outcome();
    let port = outcome.stdout.rsplit(':').next().unwrap_or_default().trim_end_matches("}\n").to_owned();
    assert_eq!(
        outcome.stdout,
        format!(
            "Broker {{ url: 'mqtt://127.0.0.1:{port}', port: {port} }}\n{{\"url\":\"mqtt://127.0.0.1:{port}\",\"port\":{port}}}\n"
        )
    );
}
