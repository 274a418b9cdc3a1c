use std::collections::HashSet;
use std::time::Duration;

use rustix::process::Signal;

use crate::store_file::{END, Place, firsts, take_some};
use crate::support::packets::v4;
use crate::support::peer::{Peer, free_port};

/// Numbers from `FIRST` on, odd ones with QoS 2, in bursts that fill the front part of the store every few turns; each is
/// printed when its `publish` has returned.
const BURSTS: &str = r#"
    CLIENT
    c.on("error", || ());
    let next = FIRST;
    let topic = "t" + "x".repeat(6000);
    setInterval(|| {
        for i in 0..60 {
            c.publish(topic, "" + next, #{qos: 1 + next % 2});
            console.log(next);
            next += 1;
        }
    }, 1);
"#;

/// The numbers of one run end below those of the next.
const RUN: usize = 100_000;

#[test]
fn kills_at_any_moment_lose_nothing_that_was_accepted() {
    let (place, peer) = (Place::new(), Peer::listen());
    let nobody = format!("mqtt://127.0.0.1:{}", free_port());
    let mut random = fastrand::Rng::with_seed(5);
    let (mut got, mut held, mut accepted) = (Vec::new(), HashSet::new(), Vec::new());
    for run in 0..20 {
        let is_connected = run % 5 == 3;
        let url = if is_connected { peer.url() } else { nobody.clone() };
        let mut running = place.script(&url, "", &BURSTS.replace("FIRST", &(run * RUN).to_string())).spawn();
        if is_connected {
            let mut link = peer.accept();
            link.handshake_with(run > 3);
            take_some(&mut link, &mut got, &mut held, random.usize(1..300));
        } else {
            // Any moment is right: while it starts, opens the store, writes, or moves what was written.
            std::thread::sleep(Duration::from_millis(random.u64(0..120)));
        }
        running.signal(Signal::KILL);
        let outcome = running.outcome();
        assert_eq!(outcome.stderr, "", "run {run}");
        // The last line may be cut off.
        let whole = outcome.stdout.rfind('\n').map_or("", |end| &outcome.stdout[..end]);
        accepted.extend(whole.lines().map(|line| line.parse::<usize>().expect("a number")));
    }
    let running = place.script(&peer.url(), "", END).spawn();
    let mut link = peer.accept();
    link.handshake_with(true);
    assert!(take_some(&mut link, &mut got, &mut held, usize::MAX));
    running.finish();
    let arrived: HashSet<_> = got.iter().copied().collect();
    let lost: Vec<_> = accepted.iter().filter(|number| !arrived.contains(number)).collect();
    assert!(lost.is_empty(), "{} of {} were lost: {lost:?}", lost.len(), accepted.len());
    assert!(firsts(&got).is_sorted(), "the order was not kept");
    let exactly: Vec<_> = got.iter().filter(|number| *number % 2 == 1).collect();
    assert_eq!(exactly.iter().collect::<HashSet<_>>().len(), exactly.len(), "QoS 2 came twice");
    assert_eq!(place.names(), ["s"]);
}

#[test]
fn a_large_message_is_stored_too() {
    let (place, peer) = (Place::new(), Peer::listen());
    let text = "CLIENT c.on(\"error\", || ()); c.publish(\"t\", \"x\".repeat(3000000), #{qos: 1}); console.log(c.queued); c.wait(\"never\");";
    let nobody = format!("mqtt://127.0.0.1:{}", free_port());
    let mut running = place.script(&nobody, "", text).spawn();
    running.wait_for_line("1");
    running.kill9();
    let running = place.script(&peer.url(), "", END).spawn();
    let mut link = peer.accept();
    link.handshake();
    let publish = link.read_publish();
    assert_eq!(publish.payload.len(), 3_000_000);
    link.send(v4::puback(publish.pkid));
    link.expect_goodbye();
    running.finish();
}
