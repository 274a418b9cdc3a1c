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

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
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
    thread: Option<JoinHandle<()>>,
}

impl Peer {
    /// Listens on a free port.
    pub fn listen() -> Self {
        Self::listen_on(TcpListener::bind("127.0.0.1:0").expect("loopback has a free port"))
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
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if stopped.load(Ordering::SeqCst) || sender.send(stream).is_err() {
                    return;
                }
            }
        });
        Self { address, accepted, stop, thread: Some(thread) }
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
            // Wakes the thread out of `accept`.
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
///
/// Below the range the system hands out by itself, so that nothing comes to live there by chance.
pub fn free_port() -> u16 {
    // Tests of one run are processes side by side: each starts at a place of its own.
    static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    for _ in 0..1000 {
        let step = NEXT.fetch_add(1, Ordering::Relaxed);
        let offset = std::process::id().wrapping_mul(61).wrapping_add(step) % 12_000;
        let port = 20_000 + u16::try_from(offset).expect("below 12,000");
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
    panic!("no free port between 20000 and 32000");
}
