use mqttscript::broker::{Broker, Config};

use crate::wire::{Client, Hello, packet, publish, socket, string};

fn broker() -> Broker {
    Broker::start(Config::default()).expect("the broker starts")
}

#[test]
fn speaks_every_protocol_level() {
    let broker = broker();
    for level in [3, 4, 5] {
        let (mut client, connack) = Client::open(socket(&broker), &Hello::new(level, "a"));
        assert_eq!(connack[..2], [0, 0], "level {level}");
        assert_eq!(connack.len() > 2, level == 5, "only MQTT 5 has properties");
        client.ping();
    }
}

#[test]
fn every_level_reaches_every_level_with_every_qos() {
    let broker = broker();
    for from in [3, 4, 5] {
        for to in [3, 4, 5] {
            let mut sender = Client::connect(socket(&broker), &Hello::new(from, "sender"));
            let mut receiver = Client::connect(socket(&broker), &Hello::new(to, "receiver"));
            for qos in [0, 1, 2] {
                let filter = format!("{from}/{to}/{qos}/#");
                receiver.subscribe(&filter, qos);
                sender.publish(&filter.replace('#', "x"), "hällo", qos, false);
                let message = receiver.message();
                assert_eq!((message.payload.as_str(), message.qos), ("hällo", qos), "{filter}");
                assert_eq!((message.retain, message.properties), (false, vec![]), "{filter}");
            }
        }
    }
}

/// A client may go on releasing after the broker forgot: before MQTT 5 the answer has no room for a reason.
#[test]
fn a_release_that_is_not_known_is_completed_in_the_words_of_the_level() {
    let broker = broker();
    for level in [3, 4, 5] {
        let mut client = Client::connect(socket(&broker), &Hello::new(level, "me"));
        client.send(&[0x62, 2, 0, 7]);
        let answer = client.packet();
        let wanted: &[u8] = if level == 5 { &[0, 7, 0x92] } else { &[0, 7] };
        assert_eq!((answer.first, answer.body.get(..wanted.len())), (0x70, Some(wanted)), "level {level}");
        assert_eq!(answer.body.len() > 2, level == 5, "level {level}: {:x?}", answer.body);
    }
}

/// Whoever disconnects once everything is acknowledged has seen their own message, as with mosquitto.
#[test]
fn a_message_to_oneself_comes_before_its_acknowledgement() {
    let broker = broker();
    for level in [3, 4, 5] {
        for (qos, last) in [(1, 0x40), (2, 0x70)] {
            let mut client = Client::connect(socket(&broker), &Hello::new(level, "me"));
            client.subscribe("mine", 0);
            // It was a matter of chance: once proves nothing.
            for _ in 0..20 {
                client.send(&publish(level, "mine", "x", qos, false));
                let mut seen = Vec::new();
                while !seen.contains(&last) {
                    let first = client.packet().first;
                    if first == 0x50 {
                        client.send(&[0x62, 2, 0, 7]);
                    }
                    seen.push(first);
                }
                assert!(seen.contains(&0x30), "MQTT level {level}, QoS {qos}: {seen:x?}");
            }
        }
    }
}

#[test]
fn keeps_retained_messages() {
    let broker = broker();
    let mut sender = Client::connect(socket(&broker), &Hello::new(4, "sender"));
    sender.publish("lamp", "on", 1, true);
    for level in [3, 4, 5] {
        let mut late = Client::connect(socket(&broker), &Hello::new(level, "late"));
        late.subscribe("lamp", 1);
        let message = late.message();
        assert_eq!((message.payload.as_str(), message.retain), ("on", true));
        assert_eq!(message.properties, Vec::<u8>::new());
    }
    sender.publish("lamp", "", 1, true);
    let mut later = Client::connect(socket(&broker), &Hello::new(4, "later"));
    later.subscribe("lamp", 1);
    later.ping();
}

#[test]
fn publishes_the_will_of_who_goes_without_a_word() {
    let broker = broker();
    for level in [3, 4, 5] {
        let mut watcher = Client::connect(socket(&broker), &Hello::new(5, "watcher"));
        watcher.subscribe("gone", 0);
        let hello = Hello { will: Some(("gone", "me")), ..Hello::new(level, "mortal") };
        drop(Client::connect(socket(&broker), &hello));
        let message = watcher.message();
        assert_eq!((message.payload.as_str(), message.properties), ("me", vec![]));

        let mut polite = Client::connect(socket(&broker), &hello);
        polite.send(&[0xe0, 0]);
        assert_eq!(polite.closed(), None);
        watcher.publish("gone", "nobody", 0, false);
        assert_eq!(watcher.message().payload, "nobody", "an orderly DISCONNECT leaves no will");
    }
}

#[test]
fn keeps_a_session_and_its_messages() {
    let broker = broker();
    for (level, present) in [(3, 0), (4, 1), (5, 1)] {
        let id = format!("sleeper/{level}");
        let hello = Hello { clean: false, ..Hello::new(level, &id) };
        let mut client = Client::connect(socket(&broker), &hello);
        client.subscribe("news", 2);
        client.send(&[0xe0, 0]);
        assert_eq!(client.closed(), None);

        let mut sender = Client::connect(socket(&broker), &Hello::new(4, "sender"));
        sender.publish("news", "1", 1, false);
        sender.publish("news", "2", 2, false);

        let (mut client, connack) = Client::open(socket(&broker), &hello);
        assert_eq!(connack[..2], [present, 0], "MQTT 3.1 has no session present flag");
        assert_eq!([client.message().payload, client.message().payload], ["1", "2"]);
    }
}

#[test]
fn user_properties_of_the_sender_arrive_and_no_others() {
    let broker = broker();
    let mut receiver = Client::connect(socket(&broker), &Hello::new(5, "receiver"));
    receiver.subscribe("t", 1);
    let mut sender = Client::connect(socket(&broker), &Hello::new(5, "sender"));
    let own = [vec![0x26], string("room"), string("kitchen")].concat();
    let body = [string("t"), vec![u8::try_from(own.len()).unwrap()], own.clone(), b"hi".to_vec()].concat();
    sender.send(&packet(0x30, &body));
    let message = receiver.message();
    assert_eq!((message.properties, message.payload.as_str()), (own, "hi"));
}

#[test]
fn any_client_id_is_accepted() {
    let broker = broker();
    for id in ["a/b", "a\\b", "..", "%", "cert:x", "Küche 1", "", &"x".repeat(100)] {
        for level in [4, 5] {
            Client::connect(socket(&broker), &Hello::new(level, id)).ping();
        }
    }
}

#[test]
fn a_second_connection_takes_the_id_over() {
    let broker = broker();
    for (level, farewell) in [(3, None), (4, None), (5, Some(0x8e))] {
        let mut first = Client::connect(socket(&broker), &Hello::new(level, "a"));
        Client::connect(socket(&broker), &Hello::new(level, "a")).ping();
        // Session taken over [MQTT-3.1.4-3]; before MQTT 5 a broker has no DISCONNECT to send.
        assert_eq!(first.closed().map(|packet| (packet.first, packet.body[0])), farewell.map(|code| (0xe0, code)));
    }
}

#[test]
fn tells_its_largest_packet_and_insists_on_it() {
    let broker = Broker::start(Config { max_packet_size: 1000, ..Config::default() }).expect("the broker starts");
    let (mut client, connack) = Client::open(socket(&broker), &Hello::new(5, "a"));
    let told = connack.windows(5).any(|bytes| bytes == [0x27, 0, 0, 0x03, 0xe8]);
    assert!(told, "{connack:?}");
    client.subscribe("t", 0);
    client.publish("t", &"x".repeat(900), 0, false);
    assert_eq!(client.message().payload.len(), 900);
    client.publish("t", &"x".repeat(1000), 0, false);
    client.closed();
}
