use crate::prelude::script;
use crate::store_file::{END, Place};
use crate::support::link::{Link, V4};
use crate::support::peer::Peer;
use crate::support::script::Running;

fn holder(place: &Place, peer: &Peer) -> (Running, Link<V4>) {
    let running = place.script(&peer.url(), "", "CLIENT").spawn();
    let mut link = peer.accept();
    link.handshake();
    (running, link)
}

#[test]
fn a_second_process_or_client_is_refused_and_may_come_when_the_first_has_ended() {
    let (place, peer) = (Place::new(), Peer::listen());
    let (running, _link) = holder(&place, &peer);
    let text = "thrown(|| { CLIENT });";
    let stdout = format!("Error: the store `{}` is in use by another client or process\n", place.path().display());
    place.script(&peer.url(), "", text).stdout(&stdout).run();
    running.kill9();
    let text = r#"
        CLIENT
        thrown(|| mqtt.connect("BROKER", #{store: STORE, clientId: "b"}));
        c.end(true, || {
            let second = mqtt.connect("BROKER", #{store: STORE, clientId: "b", manualConnect: true});
            console.log("free");
            second.end();
        });
    "#;
    place.script(&peer.url(), "", text).stdout(stdout + "free\n").run();
}

#[test]
fn a_damaged_store_is_told_and_kept_aside() {
    let damage: [fn(&mut Vec<u8>); 5] = [
        |bytes| bytes.truncate(bytes.len() / 2),
        |bytes| bytes.truncate(0),
        |bytes| bytes[4096..4200].fill(0),
        |bytes| bytes[4130..4160].iter_mut().for_each(|byte| *byte ^= 0x5a),
        |bytes| bytes[(4096 + (1 << 20))..].fill(0),
    ];
    for damage in damage {
        let (place, peer) = (Place::new(), Peer::listen());
        place.fill(&[1, 2, 1]);
        place.change(damage);
        let damaged = std::fs::metadata(place.path()).expect("readable").len();
        let name = place.path().display().to_string();
        let told = format!("error: the store `{name}` is damaged and was kept as `{name}.damaged-1`");
        let outcome = place.script(&peer.url(), "", END).outcome();
        assert_eq!((outcome.stderr.lines().next(), outcome.code), (Some(told.as_str()), Some(1)), "{outcome}");
        assert!(outcome.stderr.contains("help: start the program again to go on with an empty store"), "{outcome}");
        assert_eq!(place.names(), ["s.damaged-1"]);
        let kept = std::fs::metadata(place.folder().join("s.damaged-1")).expect("readable").len();
        assert!(kept >= damaged, "{kept} of {damaged}");
        place.expect_left(&[]);
        assert_eq!(place.names(), ["s", "s.damaged-1"]);
    }
}

#[test]
fn a_file_that_is_no_store_is_left_alone() {
    let (place, peer) = (Place::new(), Peer::listen());
    std::fs::write(place.path(), "my notes\n").expect("writable");
    let stdout = format!("Error: the file `{}` is not a store\n", place.path().display());
    place.script(&peer.url(), "", "thrown(|| { CLIENT });").stdout(stdout).run();
    assert_eq!(std::fs::read(place.path()).expect("readable"), b"my notes\n");
    assert_eq!(place.names(), ["s"]);
}

#[test]
fn a_store_needs_leave_to_write_and_a_path_that_can_be() {
    let peer = Peer::listen();
    let text = r#"
        thrown(|| mqtt.connect("BROKER", #{clientId: "a", store: "s"}));
        thrown(|| mqtt.connect("BROKER", #{store: 5}));
        thrown(|| mqtt.connect("BROKER", #{store: ""}));
        thrown(|| mqtt.connect("BROKER", #{store: "s", outgoingStore: mqtt.Store()}));
    "#;
    let stdout = "Error: Requires write access to \"s\", run again with the --allow-write flag\n\
                  Error: option `store` takes text but got 5\n\
                  Error: option `store` is empty\n\
                  Error: option `store` does not go with `outgoingStore` and `incomingStore`\n";
    script(&peer.url(), text).stdout(stdout).run();
    let text = "thrown(|| mqtt.connect(\"BROKER\", #{clientId: \"a\", store: \"no/s\"}));";
    let stdout = "Error: cannot use the store `no/s`: No such file or directory (os error 2)\n";
    script(&peer.url(), text).flag("--allow-write").stdout(stdout).run();
}
