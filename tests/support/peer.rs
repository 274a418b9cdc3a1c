//! A server that the test drives packet by packet: exact bytes in, exact bytes out.
//!
//! ```ignore
//! let peer = Peer::listen();
//! let running = Script::new(format!("...connect(\"{}\")", peer.url())).spawn();
//! let mut link = peer.accept();
//! link.handshake();
//! link.expect(publish("a", QoS::AtMostOnce, 0, "x"));
//! link.expect(Packet::Disconnect);
//! link.expect_closed();
//! ```

use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU32, Ordering},
};
use std::thread::JoinHandle;
use std::time::Duration;

use super::PATIENCE;
use super::link::{Link, V4, V5};

/// A listening socket on a free port of 127.0.0.1.
#[derive(Debug)]
pub struct Peer {
    address: SocketAddr,
    /// Accepted by a thread of its own, as a listener of the standard library cannot wait with a limit.
    accepted: Receiver<TcpStream>,
    stop: Arc<AtomicBool>,
    listener: TcpListener,
    thread: Option<JoinHandle<()>>,
}

impl Peer {
    /// Listens on a free port, which stays free for [`listen_at`](Self::listen_at) when it stops.
    pub fn listen() -> Self {
        Self::listen_on(bind_free())
    }

    /// Listens again where an earlier peer did.
    #[track_caller]
    pub fn listen_at(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).unwrap_or_else(|error| panic!("cannot listen at {address}: {error}"));
        Self::listen_on(listener)
    }

    fn listen_on(listener: TcpListener) -> Self {
        let address = listener.local_addr().expect("a bound listener has an address");
        let (sender, accepted) = channel();
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let accepting = listener.try_clone().expect("a listener can be cloned");
        let thread = std::thread::spawn(move || {
            for stream in accepting.incoming() {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                // One that is gone already is no reason to stop, and whom nobody accepts waits.
                let _ = stream.map(|stream| sender.send(stream));
            }
        });
        Self { address, accepted, stop, listener, thread: Some(thread) }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Its URL, `mqtt://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("mqtt://{}", self.address)
    }

    /// The next connection, speaking MQTT 3.1.1.
    #[track_caller]
    pub fn accept(&self) -> Link<V4> {
        Link::over(self.accept_stream())
    }

    /// The next connection, speaking MQTT 5.
    #[track_caller]
    pub fn accept_v5(&self) -> Link<V5> {
        Link::over(self.accept_stream())
    }

    /// The next connection as a bare socket, for TLS and WebSocket on top.
    #[track_caller]
    pub fn accept_stream(&self) -> TcpStream {
        self.accepted
            .recv_timeout(PATIENCE)
            .unwrap_or_else(|_| panic!("nobody connected to {} within {PATIENCE:?}", self.url()))
    }

    /// Nobody connects for `period`. Costs that time: use it where nothing else shows it.
    #[track_caller]
    pub fn expect_nobody(&self, period: Duration) {
        assert!(self.accepted.recv_timeout(period).is_err(), "somebody connected to {}", self.url());
    }

    /// Stops listening, so that connecting is refused, and returns where to [`listen_at`](Self::listen_at) again.
    /// Connections that were accepted stay.
    pub fn stop(mut self) -> SocketAddr {
        self.end();
        self.address
    }

    fn end(&mut self) {
        if let Some(thread) = self.thread.take() {
            self.stop.store(true, Ordering::SeqCst);
            unlisten(&self.listener);
            // Wakes the thread out of `accept` where the above did not.
            drop(TcpStream::connect(self.address));
            drop(thread.join());
        }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.end();
    }
}

/// A port of 127.0.0.1 where nothing listens: connecting is refused.
pub fn free_port() -> u16 {
    let listener = bind_free();
    unlisten(&listener);
    listener.local_addr().expect("a bound listener has an address").port()
}

/// Refuses connections from now on. Closing would do so only later if another thread is just starting a process, which
/// has a copy of every socket until it runs its program.
fn unlisten(listener: &TcpListener) {
    // Systems that cannot do this have the closing.
    let _ = socket2::SockRef::from(listener).shutdown(Shutdown::Both);
}

/// Listens on a port below the range that the system hands out by itself: after a test has given it up, no other test
/// and no outgoing connection comes to live there by chance.
fn bind_free() -> TcpListener {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    const FIRST: u32 = 20_000;
    const COUNT: u32 = 12_000;
    // Test processes may run side by side, with ids close to each other: each starts far from the others.
    let start = std::process::id().wrapping_mul(1009);
    for _ in 0..COUNT {
        let offset = start.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed)) % COUNT;
        let port = u16::try_from(FIRST + offset).expect("ports below 32,000 fit");
        if let Ok(listener) = TcpListener::bind(("127.0.0.1", port)) {
            return listener;
        }
    }
    panic!("no free port from {FIRST} to {}", FIRST + COUNT);
}
