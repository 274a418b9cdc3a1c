use std::io::Write;
use std::net::TcpListener;
use std::thread;

use mqttscript::broker::{Broker, Config, Error, Listen, Scheme};

use crate::wire::{Client, Hello, publish, socket};

fn on_port(port: u16) -> Config {
    Config { listeners: vec![Listen::new(Scheme::Mqtt, "127.0.0.1", port)], ..Config::default() }
}

#[test]
fn says_where_it_listens() {
    let listeners = vec![Listen::new(Scheme::Mqtt, "127.0.0.1", 0), Listen::new(Scheme::Ws, "localhost", 0)];
    let broker = Broker::start(Config { listeners, ..Config::default() }).expect("the broker starts");
    assert_eq!(broker.url(), format!("mqtt://127.0.0.1:{}", broker.port()));
    assert_eq!(broker.urls().len(), 2);
    let second = broker.urls()[1].strip_prefix("ws://localhost:").expect("the name as it was given");
    assert_ne!(second, "0");
}

#[test]
fn a_port_in_use_is_named_with_what_to_do() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = taken.local_addr().expect("it is bound").port();
    let error = Broker::start(on_port(port)).expect_err("the port is taken");
    assert!(matches!(error, Error::AddressInUse { .. }));
    assert_eq!(error.to_string(), format!("cannot listen on `127.0.0.1:{port}`: the address is already in use"));
    assert_eq!(
        error.help().expect("there is something to do"),
        format!(
            "stop the program that listens there (`lsof -i :{port}` names it), or take another port: port 0 picks a free \
             one, as in `mqtt://127.0.0.1:0`"
        )
    );
}

#[test]
fn a_configuration_that_cannot_work_is_refused() {
    let error = |config| Broker::start(config).map(|_| ()).expect_err("it cannot work").to_string();
    assert_eq!(error(Config { listeners: vec![], ..Config::default() }), "the broker has no listener");
    let tls = vec![Listen::new(Scheme::Mqtts, "127.0.0.1", 0)];
    assert_eq!(
        error(Config { listeners: tls, ..Config::default() }),
        "`mqtts://127.0.0.1:0` needs a certificate and a key"
    );
    let elsewhere = vec![Listen::new(Scheme::Mqtt, "192.0.2.1", 1883)];
    let elsewhere = error(Config { listeners: elsewhere, ..Config::default() });
    assert!(elsewhere.starts_with("cannot listen on `192.0.2.1:1883`: "), "{elsewhere}");
}

#[test]
fn stops_and_starts_again_on_the_same_port() {
    let mut port = 0;
    for _ in 0..5 {
        let broker = Broker::start(on_port(port)).expect("the port is free again");
        port = broker.port();
        let mut clients: Vec<_> =
            [3, 4, 5].map(|level| Client::connect(socket(&broker), &Hello::new(level, &level.to_string()))).into();
        let mut silent = Client { stream: std::io::BufReader::new(socket(&broker)), level: 4 };
        clients[0].subscribe("t", 0);
        clients[1].publish("t", "hi", 0, true);
        assert!(!clients[0].message().retain);
        broker.stop();
        assert_eq!(clients[0].closed(), None);
        assert_eq!(clients[1].closed(), None);
        let farewell = clients[2].closed().expect("MQTT 5 clients are told");
        assert_eq!((farewell.first, farewell.body[0]), (0xe0, 0x8b));
        assert_eq!(silent.closed(), None);
    }
}

#[test]
fn who_says_nothing_is_in_nobodys_way() {
    let broker = Broker::start(Config::default()).expect("the broker starts");
    let beginnings: [&[u8]; 5] = [b"", b"\x10", b"\x10\x0d\x00\x04MQ", b"GET /mqtt HTTP/1.1\r\nHost:", b"\x16\x03\x01"];
    let idle: Vec<_> = beginnings
        .iter()
        .map(|bytes| {
            let mut stream = socket(&broker);
            stream.write_all(bytes).expect("the broker listens");
            stream
        })
        .collect();
    let mut client = Client::connect(socket(&broker), &Hello::new(4, "a"));
    client.subscribe("t", 1);
    client.publish("t", "hi", 0, false);
    assert_eq!(client.message().payload, "hi");
    drop(idle);
}

#[test]
fn who_does_not_speak_mqtt_is_sent_away() {
    let broker = Broker::start(Config::default()).expect("the broker starts");
    for bytes in [b"\x30\x03\x00\x01t".as_slice(), b"\x10\xff\xff\xff\xff\x01", b"SSH-2.0-x\r\n", b"\x10\xff\xff\x7f"] {
        let mut stranger = Client { stream: std::io::BufReader::new(socket(&broker)), level: 4 };
        stranger.send(bytes);
        assert_eq!(stranger.closed(), None, "{bytes:?}");
    }
}

#[test]
fn a_flood_of_qos_0_reaches_who_reads() {
    const COUNT: usize = 50_000;
    let broker = Broker::start(Config::default()).expect("the broker starts");
    let mut receiver = Client::connect(socket(&broker), &Hello::new(5, "receiver"));
    receiver.subscribe("flood", 0);
    let mut sender = Client::connect(socket(&broker), &Hello::new(4, "sender"));
    let writer = thread::spawn(move || {
        let flood: Vec<u8> = (0..COUNT).flat_map(|n| publish(4, "flood", &n.to_string(), 0, false)).collect();
        sender.send(&flood);
        sender.ping();
    });
    for n in 0..COUNT {
        assert_eq!(receiver.message().payload, n.to_string());
    }
    writer.join().expect("the sender was heard to the end");
}

#[test]
fn who_does_not_read_does_not_hold_up_who_does() {
    const COUNT: usize = 2_000;
    let broker = Broker::start(Config::default()).expect("the broker starts");
    let mut deaf = Client::connect(socket(&broker), &Hello::new(4, "deaf"));
    deaf.subscribe("big", 0);
    let mut receiver = Client::connect(socket(&broker), &Hello::new(4, "receiver"));
    receiver.subscribe("big", 0);
    let mut sender = Client::connect(socket(&broker), &Hello::new(4, "sender"));
    let writer = thread::spawn(move || {
        let big = "x".repeat(10_000);
        for _ in 0..COUNT {
            sender.publish("big", &big, 0, false);
        }
        sender.ping();
    });
    for _ in 0..COUNT {
        assert_eq!(receiver.message().payload.len(), 10_000);
    }
    writer.join().expect("the sender was heard to the end");
    broker.stop();
}
