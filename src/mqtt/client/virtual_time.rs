//! Long times in virtual time, against a broker in memory: nothing drifts, nothing is lost, nothing grows.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout_at};

use super::task::Task;
use super::{Shared, Start};
use crate::mqtt::command::{Answer, Command, Request};
use crate::mqtt::error::Error;
use crate::mqtt::event::{Completion, Delivery, Event};
use crate::mqtt::ids::PacketIds;
use crate::mqtt::options::{Options, ReconnectPolicy};
use crate::mqtt::packet::{Publish, QoS, Subscribe, Subscription};
use crate::mqtt::transport::Dialer;

const HOUR: Duration = Duration::from_secs(3600);
const RECONNECT: Duration = Duration::from_secs(1);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const KEEPALIVE: Duration = Duration::from_secs(10);
const LIFE: Duration = Duration::from_secs(30);
/// How long the broker hears before it turns silent.
const HEARS: Duration = Duration::from_secs(12);
const BETWEEN_MESSAGES: Duration = Duration::from_secs(7);
/// tokio's timers have steps of a millisecond.
const STEP: Duration = Duration::from_millis(2);

/// What meets an attempt; they take turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Served for [`LIFE`], then closed.
    Closed,
    /// Served for [`HEARS`]; then nothing is read any more.
    Silent,
    /// Accepted, and CONNECT is not answered.
    Mute,
    /// Refused.
    Refused,
}

const FATES: [Fate; 4] = [Fate::Closed, Fate::Silent, Fate::Mute, Fate::Refused];

/// What was seen on both sides.
#[derive(Debug, Default)]
struct Seen {
    published: AtomicUsize,
    completed: AtomicUsize,
    failed: AtomicUsize,
    delivered: AtomicUsize,
    warnings: AtomicUsize,
    /// The last attempt, and how many there were.
    attempts: Mutex<(Option<Instant>, usize)>,
}

impl Seen {
    fn count(counter: &AtomicUsize) -> usize {
        counter.load(Ordering::Relaxed)
    }

    /// An attempt: what meets it. It comes exactly when the fate of the one before and the policy say.
    fn attempt(&self) -> Fate {
        let now = Instant::now();
        let mut attempts = self.attempts.lock().expect("nobody panics with the lock");
        let (last, count) = *attempts;
        *attempts = (Some(now), count + 1);
        if let Some(last) = last {
            let took = now - last - RECONNECT;
            let (least, most) = match FATES[(count - 1) % FATES.len()] {
                Fate::Closed => (LIFE, LIFE + STEP),
                // The last answer comes at 12 s at the latest; then a ping, and half the keep alive for its answer.
                Fate::Silent => (KEEPALIVE, HEARS + KEEPALIVE * 3 / 2 + STEP),
                Fate::Mute => (CONNECT_TIMEOUT, CONNECT_TIMEOUT + STEP),
                Fate::Refused => (Duration::ZERO, STEP),
            };
            assert!(least <= took && took <= most, "attempt {count} took {took:?}, not {least:?} to {most:?}");
        }
        FATES[count % FATES.len()]
    }
}

/// Its clock stands still while there is work.
fn runtime() -> Runtime {
    Builder::new_current_thread().enable_time().start_paused(true).build().expect("a runtime")
}

fn options() -> Options {
    Options {
        client_id: "me".into(),
        keepalive: u16::try_from(KEEPALIVE.as_secs()).expect("seconds"),
        reconnect: ReconnectPolicy::fixed(RECONNECT),
        connect_timeout: CONNECT_TIMEOUT,
        ..Options::default()
    }
}

/// A client against that broker.
fn start() -> (Runtime, Arc<Seen>) {
    let (runtime, options) = (runtime(), options());
    let seen = Arc::new(Seen::default());
    let (links, mut opened) = mpsc::unbounded_channel();
    let watching = Arc::clone(&seen);
    let dialer = Dialer::in_memory(&options, move || match watching.attempt() {
        Fate::Refused => Err(Error::new("connect ECONNREFUSED")),
        fate => {
            let (near, far) = duplex(64 << 10);
            links.send((far, fate)).expect("the broker runs");
            Ok(Box::new(near))
        }
    });
    let (commands, orders) = mpsc::unbounded_channel();
    let (ids, shared) = (PacketIds::starting_after(0), Arc::<Shared>::default());
    let (answers, watching, backlog) = (commands.clone(), Arc::clone(&seen), Arc::clone(&shared));
    let sink = Box::new(move |events: Vec<Event>| {
        events.into_iter().for_each(|event| on_event(event, &watching, &backlog, &answers));
        true
    });
    let task = Task::new(options, dialer, Start::Now, ids.clone(), Arc::clone(&shared), orders, sink);
    runtime.spawn(Box::new(task).run());
    runtime.spawn(async move {
        while let Some((link, fate)) = opened.recv().await {
            tokio::spawn(serve(link, fate));
        }
    });
    let publishing = Arc::clone(&seen);
    runtime.spawn(async move {
        let filter = Subscription { filter: "a".into(), ..Subscription::default() };
        let packet = Subscribe { id: ids.take().expect("free"), filters: vec![filter], properties: None };
        commands.send(vec![Command::Subscribe(Request { token: None, packet })]).expect("the client runs");
        loop {
            let token = publishing.published.fetch_add(1, Ordering::Relaxed);
            shared.unfinished.add(1);
            let id = ids.take().expect("free");
            let packet =
                Publish { id, qos: QoS::AtLeastOnce, topic: "a".into(), payload: "x".into(), ..Publish::default() };
            let request = Request { token: Some(token as u64), packet };
            commands.send(vec![Command::Publish(request)]).expect("the client runs");
            sleep(BETWEEN_MESSAGES).await;
        }
    });
    (runtime, seen)
}

fn on_event(event: Event, seen: &Seen, shared: &Shared, answers: &mpsc::UnboundedSender<Vec<Command>>) {
    let count = |counter: &AtomicUsize| counter.fetch_add(1, Ordering::Relaxed);
    match event {
        Event::Completed(Completion { error: None, .. }) => drop(count(&seen.completed)),
        Event::Completed(_) => drop(count(&seen.failed)),
        Event::Warning { .. } => drop(count(&seen.warnings)),
        Event::Message(message) => {
            count(&seen.delivered);
            let _ = shared.backlog.release(message.packet.payload.len());
            let delivery = Delivery { id: message.packet.id, qos: message.packet.qos, connection: message.connection };
            // The last ones come when the client is gone.
            let _ = answers.send(vec![Command::Acknowledge { delivery, answer: Answer::Handled(0) }]);
        }
        _ => {}
    }
}

/// The broker's side of one connection, in bytes: every packet here is shorter than 128.
async fn serve(mut link: DuplexStream, fate: Fate) {
    let hears = match fate {
        Fate::Closed => Some(LIFE),
        Fate::Silent => Some(HEARS),
        Fate::Mute | Fate::Refused => None,
    };
    if let Some(hears) = hears {
        let until = Instant::now() + hears;
        let _ = timeout_at(until, answer(&mut link)).await;
    }
    if fate != Fate::Closed {
        // Stays until the client gives it up.
        let mut rest = [0; 1024];
        while matches!(link.read(&mut rest).await, Ok(1..)) {}
    }
}

async fn answer(link: &mut DuplexStream) -> std::io::Result<()> {
    let mut packet = [0; 128];
    loop {
        link.read_exact(&mut packet[..2]).await?;
        let (kind, length) = (packet[0] >> 4, usize::from(packet[1]));
        link.read_exact(&mut packet[2..2 + length]).await?;
        match kind {
            // CONNECT: CONNACK without a session.
            1 => link.write_all(&[0x20, 2, 0, 0]).await?,
            // PUBLISH to `a`: PUBACK.
            3 => link.write_all(&[0x40, 2, packet[5], packet[6]]).await?,
            // SUBSCRIBE: SUBACK, and a message of QoS 1.
            8 => link.write_all(&[0x90, 3, packet[2], packet[3], 0, 0x32, 6, 0, 1, b'a', 0, 1, b'x']).await?,
            // PINGREQ.
            12 => link.write_all(&[0xd0, 0]).await?,
            // PUBACK.
            4 => {}
            other => panic!("packet of type {other}"),
        }
    }
}

#[test]
fn a_day_of_reconnects_drifts_nowhere_loses_nothing_and_grows_nothing() {
    let (runtime, seen) = start();
    let warm_up = allocation_counter::measure(|| runtime.block_on(async { sleep(HOUR).await }));
    assert!(warm_up.bytes_current > 0, "something is counted");
    let day = allocation_counter::measure(|| runtime.block_on(async { sleep(24 * HOUR).await }));
    // At the end of a turn of fates everything was acknowledged but what came since.
    let published = Seen::count(&seen.published);
    assert!(published >= 25 * 3600 / 7, "{published} published");
    assert_eq!((Seen::count(&seen.failed), Seen::count(&seen.warnings)), (0, 0));
    let open = published - Seen::count(&seen.completed);
    assert!(open <= 8, "{open} are open");
    let (_, attempts) = *seen.attempts.lock().expect("nobody panics with the lock");
    // Half of them are served, and each restores the subscription.
    let served = attempts.div_ceil(2);
    assert!(Seen::count(&seen.delivered).abs_diff(served) <= 1, "{:?} of {served} delivered", seen.delivered);
    // A turn of fates takes about a minute.
    assert!(attempts > 4000, "{attempts} attempts");
    assert!(
        day.bytes_current.abs() < 4096,
        "a day leaves {} bytes behind, {} allocations",
        day.bytes_current,
        day.count_current
    );
}

/// A slow link with much on it: the answer to a ping is behind what came before, and that shows that the broker is there.
#[test]
fn a_broker_whose_messages_come_is_alive_though_it_answers_no_ping() {
    let (links, mut opened) = mpsc::unbounded_channel();
    let dialer = Dialer::in_memory(&options(), move || {
        let (near, far) = duplex(64 << 10);
        links.send(far).expect("the test runs");
        Ok(Box::new(near))
    });
    let (_commands, orders) = mpsc::unbounded_channel();
    let task = Task::new(
        options(),
        dialer,
        Start::Now,
        PacketIds::starting_after(0),
        Arc::default(),
        orders,
        Box::new(|_: Vec<Event>| true),
    );
    let runtime = runtime();
    runtime.spawn(Box::new(task).run());
    runtime.block_on(async {
        let mut link = opened.recv().await.expect("it connects");
        link.write_all(&[0x20, 2, 0, 0]).await.expect("CONNACK");
        for _ in 0..100 {
            sleep(KEEPALIVE / 2 - STEP).await;
            link.write_all(&[0x30, 3, 0, 1, b'a']).await.expect("the link is open");
        }
        let last = Instant::now();
        assert!(opened.try_recv().is_err(), "there was one link");
        opened.recv().await.expect("then it is silent, and another one is tried");
        let took = last.elapsed() - RECONNECT;
        assert!(KEEPALIVE / 2 <= took && took <= KEEPALIVE * 3 / 2 + STEP, "{took:?}");
    });
}
