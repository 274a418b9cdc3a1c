//! A link between a script and a broker that fails as networks do: slow, lossy, cut, half-open, one byte at a time.
//!
//! TCP hides what a network loses and shows it as a pause: the sender waits for its retransmission time-out, and all that is
//! behind waits as well. So a lost segment is one that comes [`Weather::pause`] later.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf, split};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{broadcast, mpsc, oneshot, watch};

/// What one segment of TCP carries over Ethernet, bytes.
const SEGMENT: usize = 1460;
/// Segments under way in one direction.
const UNDER_WAY: usize = 256;

/// What a link does to each segment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weather {
    /// How long a segment takes, each way.
    pub delay: Duration,
    /// How many of 100 segments are lost at first.
    pub loss: u8,
    /// How much later a lost one comes: from, to.
    pub pause: (Duration, Duration),
    /// Bytes of a segment.
    pub segment: usize,
}

impl Weather {
    /// As fast as this machine.
    pub const FINE: Self =
        Self { delay: Duration::ZERO, loss: 0, pause: (Duration::ZERO, Duration::ZERO), segment: SEGMENT };
}

/// How a link ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// In order (FIN); what is under way is lost.
    Close,
    /// With a reset (RST).
    Reset,
    /// Not at all: nothing comes through any more, and nobody is told.
    HalfOpen,
}

/// One connection of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visit {
    /// When it was accepted.
    pub began: Instant,
    /// When it was cut, or one of both sides ended it.
    pub ended: Option<Instant>,
    /// It was turned away.
    pub denied: bool,
}

#[derive(Debug)]
struct Shared {
    to: SocketAddr,
    weather: watch::Receiver<Weather>,
    cuts: broadcast::Sender<Cut>,
    visits: Mutex<Vec<Visit>>,
    denials: Mutex<u32>,
}

/// See the module.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    weather: watch::Sender<Weather>,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Proxy {
    /// Listens on a free port of 127.0.0.1 and connects whoever comes with `port`.
    pub fn before(port: u16) -> Self {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be made");
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).expect("a port is free");
        let address = listener.local_addr().expect("a bound listener has an address");
        let (weather, seen) = watch::channel(Weather::FINE);
        let shared = Arc::new(Shared {
            to: (Ipv4Addr::LOCALHOST, port).into(),
            weather: seen,
            cuts: broadcast::channel(16).0,
            visits: Mutex::default(),
            denials: Mutex::default(),
        });
        let (stop, stopped) = oneshot::channel();
        let accepting = accept(listener, Arc::clone(&shared));
        let thread = std::thread::spawn(move || {
            runtime.block_on(async {
                tokio::select! { () = accepting => {}, _ = stopped => {} }
            });
        });
        Self { address, weather, shared, stop: Some(stop), thread: Some(thread) }
    }

    /// Its URL, `mqtt://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("mqtt://{}", self.address)
    }

    /// Changes what it does to each segment from now on, also on links that are open.
    pub fn set(&self, weather: Weather) {
        self.weather.send_replace(weather);
    }

    /// Ends the links that are open; the next ones are whole.
    pub fn cut(&self, cut: Cut) {
        let now = Instant::now();
        for visit in lock(&self.shared.visits).iter_mut() {
            visit.ended.get_or_insert(now);
        }
        // Nobody hears it when no link is open.
        let _ = self.shared.cuts.send(cut);
    }

    /// Turns the next ones away, with a reset.
    pub fn deny(&self, count: u32) {
        *lock(&self.shared.denials) = count;
    }

    /// The connections so far.
    pub fn visits(&self) -> Vec<Visit> {
        lock(&self.shared.visits).clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn lock<T>(value: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    value.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    loop {
        // One that is gone already is no reason to stop.
        let Ok((stream, _)) = listener.accept().await else { continue };
        let denied = {
            let mut denials = lock(&shared.denials);
            let denied = *denials > 0;
            *denials = denials.saturating_sub(1);
            denied
        };
        let now = Instant::now();
        let number = {
            let mut visits = lock(&shared.visits);
            visits.push(Visit { began: now, ended: denied.then_some(now), denied });
            visits.len() - 1
        };
        if denied {
            socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO)).expect("linger can be set on a socket");
            continue;
        }
        let cuts = shared.cuts.subscribe();
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            // Its end is its end, whatever the reason.
            let _ = connect(stream, &shared, cuts).await;
            lock(&shared.visits)[number].ended.get_or_insert_with(Instant::now);
        });
    }
}

async fn connect(near: TcpStream, shared: &Shared, mut cuts: broadcast::Receiver<Cut>) -> io::Result<()> {
    let far = TcpStream::connect(shared.to).await?;
    near.set_nodelay(true)?;
    far.set_nodelay(true)?;
    // The halves below are out of reach when it comes to that.
    let socket = near.into_std()?;
    let options = socket2::Socket::from(socket.try_clone()?);
    let (near_read, near_write) = split(TcpStream::from_std(socket)?);
    let (far_read, far_write) = split(far);
    let outward = carry(near_read, far_write, shared.weather.clone());
    let inward = carry(far_read, near_write, shared.weather.clone());
    // Lives on while a link is half-open: with it the sockets would go.
    let mut both = std::pin::pin!(async { tokio::try_join!(outward, inward) });
    tokio::select! {
        done = &mut both => done.map(drop),
        cut = cuts.recv() => match cut {
            Ok(Cut::HalfOpen) => std::future::pending().await,
            Ok(Cut::Reset) => options.set_linger(Some(Duration::ZERO)),
            _ => Ok(()),
        }
    }
}

/// Carries what comes to the other side, until there is no more.
async fn carry(
    mut from: ReadHalf<TcpStream>,
    mut to: WriteHalf<TcpStream>,
    weather: watch::Receiver<Weather>,
) -> io::Result<()> {
    let (under_way, mut due) = mpsc::channel(UNDER_WAY);
    let read = async move {
        let mut latest = Instant::now();
        loop {
            let mut bytes = Vec::with_capacity(SEGMENT);
            if from.read_buf(&mut bytes).await? == 0 {
                return io::Result::Ok(());
            }
            let now = *weather.borrow();
            for segment in bytes.chunks(now.segment.min(SEGMENT)) {
                let mut at = Instant::now() + now.delay;
                if fastrand::u8(..100) < now.loss {
                    let (least, most) = now.pause;
                    at += least + (most - least).mul_f64(fastrand::f64());
                }
                // What is behind a lost one waits for it.
                latest = latest.max(at);
                if under_way.send((latest, segment.to_vec())).await.is_err() {
                    return Ok(());
                }
            }
        }
    };
    let write = async move {
        while let Some((at, segment)) = due.recv().await {
            if at > Instant::now() {
                tokio::time::sleep_until(at.into()).await;
            }
            to.write_all(&segment).await?;
        }
        to.shutdown().await
    };
    tokio::try_join!(read, write).map(drop)
}
