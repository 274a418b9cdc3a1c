use mqttscript::broker::{Broker, Config};

use crate::wire::{Client, Hello, socket};

fn guarded() -> Broker {
    let users = vec![("anna".to_owned(), "secret".to_owned()), ("bob".to_owned(), String::new())];
    Broker::start(Config { users, ..Config::default() }).expect("the broker starts")
}

#[test]
fn who_knows_a_password_gets_in() {
    let broker = guarded();
    for level in [3, 4, 5] {
        for user in [("anna", "secret"), ("bob", "")] {
            let hello = Hello { user: Some(user), ..Hello::new(level, "a") };
            Client::connect(socket(&broker), &hello).ping();
        }
    }
}

#[test]
fn everybody_else_is_not_authorized_as_with_mosquitto() {
    let broker = guarded();
    for (level, code) in [(3, 5), (4, 5), (5, 0x87)] {
        for user in [None, Some(("anna", "Secret")), Some(("anna", "secretsecret")), Some(("eve", "secret"))] {
            let hello = Hello { user, ..Hello::new(level, "a") };
            let (mut client, connack) = Client::open(socket(&broker), &hello);
            assert_eq!(connack[..2], [0, code], "level {level}, {user:?}");
            assert_eq!(client.closed(), None);
        }
    }
}

#[test]
fn without_users_any_name_gets_in() {
    let broker = Broker::start(Config::default()).expect("the broker starts");
    let hello = Hello { user: Some(("anybody", "anything")), ..Hello::new(4, "a") };
    Client::connect(socket(&broker), &hello).ping();
}

#[test]
fn no_property_names_the_user() {
    let broker = guarded();
    let hello = Hello { user: Some(("anna", "secret")), ..Hello::new(5, "a") };
    let mut client = Client::connect(socket(&broker), &hello);
    client.subscribe("t", 0);
    client.publish("t", "hi", 0, false);
    assert_eq!(client.message().properties, Vec::<u8>::new());
}
