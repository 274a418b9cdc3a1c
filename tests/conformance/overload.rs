//! Messages faster than their script: ten minutes of them, as fast as they go. Memory stays under a fixed bound, pings go on,
//! nothing is dropped, and nothing that was acknowledged is lost.

use std::io::Write;
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rumqttc_v4::{Packet, QoS};
use rustix::process::Signal;

use crate::prelude::script;
use crate::support::link::{Dialect, Link, V4};
use crate::support::packets::v4;
use crate::support::peer::Peer;
use crate::support::script::Running;

/// Simulated.
const SECONDS: usize = 600;
/// What the process may grow by while some hundred times as much comes in: 8 MiB of messages that wait, what they cost beside
/// their payload, buffers of both sides of the channel.
const MOST_GROWTH: u64 = 48 << 10;
const PAYLOAD: usize = 4 << 10;

/// KiB of memory that a process has now; 0 where the system does not tell.
fn resident(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse().ok());
    line.unwrap_or(0)
}

fn message(qos: QoS, id: u16, number: usize) -> Vec<u8> {
    V4::encode(&v4::publish(&format!("n/{number}"), qos, id, [b'x'; PAYLOAD]))
}

/// What came of a flood.
#[derive(Debug, Default)]
struct Seen {
    pings: usize,
    /// Identifiers of PUBACK, or PUBCOMP, in order.
    over: Vec<u16>,
    /// The most memory that the process took beyond what it had before, KiB.
    growth: u64,
}

/// The script counts, and looks whether anything is missing. In the middle it stops until the test has seen that pings go on.
const TEXT: &str = r#"
    let client = mqtt.connect("BROKER", #{keepalive: 1, clientId: "slow"});
    let count = 0;
    let wrong = 0;
    client.on("message", |topic, message| {
        if topic == "end" { console.log(count, wrong); client.end(); return; }
        if topic != "n/" + count { wrong += 1; }
        count += 1;
        if count == HALF { console.error("stopped"); while !fs.existsSync("go") {} }
        for n in 0..5 {}
    });
"#;

/// Sends `count` messages as fast as the client takes them, and one that says it was the last.
fn flood(running: &Running, link: &mut Link<V4>, qos: QoS, count: usize) -> Seen {
    let before = resident(running.id());
    let id = running.id();
    let mut socket = link.socket();
    // So that a failure of the other thread ends this test.
    socket.set_write_timeout(Some(Duration::from_secs(60))).expect("a positive timeout can be set");
    let (answers, to_answer) = std::sync::mpsc::channel::<Packet>();
    let sent = AtomicUsize::new(0);
    let mut seen = Seen::default();
    std::thread::scope(|scope| {
        let sent = &sent;
        scope.spawn(move || {
            let mut write = |bytes: &[u8]| socket.write_all(bytes).expect("the client reads, late");
            for number in 0..count {
                let id = if qos == QoS::AtMostOnce { 0 } else { id_of(number) };
                write(&message(qos, id, number));
                to_answer.try_iter().for_each(|packet| write(&V4::encode(&packet)));
                sent.fetch_add(1, Ordering::Relaxed);
            }
            // QoS 2 messages come when they are released, so this one must be, too.
            let id = if qos == QoS::AtMostOnce { 0 } else { id_of(count) };
            write(&V4::encode(&v4::publish("end", qos, id, "")));
            to_answer.iter().for_each(|packet| write(&V4::encode(&packet)));
        });
        let answer = |packet| answers.send(packet).expect("the other thread writes until this one is done");
        let mut pings_while_stopped = 0;
        loop {
            seen.growth = seen.growth.max(resident(id).saturating_sub(before));
            match link.read() {
                Packet::PingReq => {
                    answer(Packet::PingResp);
                    seen.pings += 1;
                    pings_while_stopped += usize::from(!running.stderr_so_far().is_empty());
                    if pings_while_stopped == 2 {
                        // Whatever the buffers of the system hold: it is far from all.
                        let taken = sent.load(Ordering::Relaxed);
                        assert!(count < 50_000 || taken < count - 10_000, "{taken} of {count} were taken");
                        running.write_file("go", "");
                    }
                }
                Packet::PubAck(ack) => seen.over.push(ack.pkid),
                Packet::PubComp(ack) => seen.over.push(ack.pkid),
                Packet::PubRec(ack) => answer(v4::pubrel(ack.pkid)),
                Packet::Disconnect => break,
                other => panic!("no client sends {other:?}"),
            }
        }
        drop(answers);
    });
    drop(link.socket().shutdown(Shutdown::Both));
    seen
}

fn id_of(number: usize) -> u16 {
    u16::try_from(number % 60_000 + 1).expect("60,000 fits")
}

#[track_caller]
fn overload(qos: QoS, per_second: usize) {
    let count = SECONDS * per_second;
    let peer = Peer::listen();
    let text = TEXT.replace("HALF", &(count / 2).to_string());
    let running = script(&peer.url(), &text)
        .timeout(Duration::from_secs(120))
        .stdout(format!("{count} 0\n"))
        .stderr("stopped\n")
        .spawn();
    let mut link = peer.accept();
    link.handshake();
    let seen = flood(&running, &mut link, qos, count);
    running.finish();
    let wanted: Vec<u16> = if qos == QoS::AtMostOnce { Vec::new() } else { (0..count).map(id_of).collect() };
    // That of the last message may be missing: the script ends the client when it comes.
    let over = &seen.over[..wanted.len().min(seen.over.len())];
    assert!(over == wanted, "{} of {count} were acknowledged, in order or not", seen.over.len());
    assert!(seen.growth < MOST_GROWTH, "{} KiB", seen.growth);
    assert!(seen.pings >= 2, "{}", seen.pings);
}

#[test]
fn ten_minutes_of_qos_0_at_100_a_second() {
    overload(QoS::AtMostOnce, 100);
}

#[test]
fn ten_minutes_of_qos_1_at_40_a_second() {
    overload(QoS::AtLeastOnce, 40);
}

#[test]
fn ten_minutes_of_qos_2_at_5_a_second() {
    overload(QoS::ExactlyOnce, 5);
}

/// Killed in the middle of the flood: what the broker need not send again was handled.
#[test]
fn what_was_acknowledged_before_a_kill_was_handled() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER");
        client.on("message", |topic| fs.appendFileSync("handled", topic + "\n"));
    "#;
    let mut running = script(&peer.url(), text).flag("--allow-write").spawn();
    let mut link = peer.accept();
    link.handshake();
    let mut socket = link.socket();
    let mut acknowledged = 2000;
    std::thread::scope(|scope| {
        scope.spawn(move || {
            // Until the client is gone.
            for number in 0..60_000 {
                if socket.write_all(&message(QoS::AtLeastOnce, id_of(number), number)).is_err() {
                    return;
                }
            }
        });
        for number in 0..acknowledged {
            link.expect(v4::puback(id_of(number)));
        }
        running.signal(Signal::KILL);
        while let Some(Packet::PubAck(ack)) = link.next() {
            assert_eq!(ack.pkid, id_of(acknowledged));
            acknowledged += 1;
        }
    });
    let handled = std::fs::read_to_string(running.folder().join("handled")).expect("it was written");
    let handled: Vec<_> = handled.lines().collect();
    assert!(handled.len() >= acknowledged, "{} handled, {acknowledged} acknowledged", handled.len());
    assert!((0..acknowledged).all(|number| handled[number] == format!("n/{number}")), "{handled:?}");
}

/// Sends messages of 1 MiB as long as the client takes them, at most so many.
fn pour(mut socket: TcpStream, count: usize) {
    let message = V4::encode(&v4::publish("flood", QoS::AtMostOnce, 0, vec![b'x'; 1 << 20]));
    for _ in 0..count {
        if socket.write_all(&message).is_err() {
            return;
        }
    }
}

/// What blocks reads on, as its answer is behind the messages: but not for ever.
#[test]
fn a_call_that_waits_in_the_middle_of_a_flood_fails_before_memory_is_full() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER", #{keepalive: 0});
        client.once("message", || {
            thrown(|| client.publishAsync("rule", "x", #{qos: 1}));
            thrown(|| client.wait("never"));
            client.end(true);
        });
    "#;
    let error = "Error: too many messages wait in front of what this call waits for\n";
    let running = script(&peer.url(), text).stdout(error.repeat(2)).spawn();
    let mut link = peer.accept();
    link.handshake();
    let socket = link.socket();
    std::thread::scope(|scope| {
        scope.spawn(|| pour(socket, 600));
        // Acknowledged by nobody: it would be behind the flood.
        assert_eq!(link.read_publish().topic, "rule");
        link.expect_closed();
    });
    running.finish();
}

/// The script waits and comes to no operation at which it could be told.
#[cfg(target_os = "linux")]
#[test]
fn a_flood_while_the_script_waits_ends_at_the_limit_of_memory() {
    let peer = Peer::listen();
    let text = r#"
        let client = mqtt.connect("BROKER", #{keepalive: 0});
        client.wait("never", 600000);
    "#;
    let running = script(&peer.url(), text)
        .flag("--max-memory=100")
        .stderr(
            "error: the program takes more than 100 MiB of memory\n\
             help: keep less at a time, or raise `--max-memory`\n",
        )
        .code(1)
        .spawn();
    let mut link = peer.accept();
    link.handshake();
    let socket = link.socket();
    pour(socket, 250);
    running.finish();
}
