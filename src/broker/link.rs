//! One connection as bytes, between a socket and `mqtt5`'s client handler.
//!
//! `mqtt5` writes and flushes every packet by itself. Here they gather until the handler has nothing more to say (it
//! then asks for input, twice in a row) or until there are enough for one write.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use mqtt5::broker::transport::WebSocketTransport;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::connect::Connect;
use super::outgoing::Outgoing;

/// Bytes gathered before they are written.
const BATCH: usize = 64 * 1024;

/// How many bytes the broker may receive while a client reads nothing of what waits for it; the wait is in memory.
const HOLD: u64 = 256 * 1024 * 1024;

/// How often a client that does not read is looked at.
const LOOK: Duration = Duration::from_millis(250);

/// Bytes both ways: TCP, TLS or WebSocket.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Sync + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Sync + Unpin> Stream for S {}

/// How many bytes all clients of a broker have sent.
pub(super) type Received = Arc<AtomicU64>;

/// A connection after its CONNECT was read.
pub(super) struct Link {
    stream: Box<dyn Stream>,
    peer: SocketAddr,
    unread: Bytes,
    outgoing: Outgoing,
    out: BytesMut,
    urgent: bool,
    /// The handler asked for input after the last write, and was made to look at what else there is for it to do.
    asked: bool,
    received: Received,
    behind: Option<Behind>,
}

/// Since when a client does not read.
struct Behind {
    since: u64,
    look: Interval,
}

impl Link {
    /// `rest` is what came after the CONNECT, before anybody asked for it.
    pub(super) fn new(
        stream: Box<dyn Stream>,
        peer: SocketAddr,
        connect: &Connect,
        rest: &[u8],
        received: Received,
    ) -> Self {
        let mut unread = BytesMut::from(connect.frame.as_ref());
        unread.extend_from_slice(rest);
        Self {
            stream,
            peer,
            unread: unread.freeze(),
            outgoing: Outgoing::new(connect.level),
            out: BytesMut::new(),
            urgent: false,
            asked: false,
            received,
            behind: None,
        }
    }

    fn poll_drain(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.outgoing.finish(&mut self.out);
        while !self.out.is_empty() {
            let written = ready!(Pin::new(&mut self.stream).poll_write(cx, &self.out))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.out.advance(written);
        }
        ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
        self.urgent = false;
        self.behind = None;
        Poll::Ready(Ok(()))
    }

    /// Waits on, unless the broker holds too much for this client by now.
    fn poll_behind<T>(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        let received = self.received.load(Ordering::Relaxed);
        let behind = self.behind.get_or_insert_with(|| {
            let mut look = interval(LOOK);
            look.set_missed_tick_behavior(MissedTickBehavior::Delay);
            Behind { since: received, look }
        });
        loop {
            if received - behind.since > HOLD {
                tracing::warn!(peer = %self.peer, "a client does not read what it subscribed to, closing its connection");
                return Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the client does not read")));
            }
            ready!(behind.look.poll_tick(cx));
        }
    }
}

impl AsyncRead for Link {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if !this.out.is_empty() || this.outgoing.holds_back() {
            // It looks for input and for messages to this client in no certain order, so the first time it may not have
            // seen yet that a message waits: that one belongs before the acknowledgements.
            if this.outgoing.holds_back() && !std::mem::replace(&mut this.asked, true) {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            // It waits: nothing else will be written soon. That the socket is full is no reason not to read.
            if let Poll::Ready(Err(error)) = this.poll_drain(cx) {
                return Poll::Ready(Err(error));
            }
        }
        if !this.unread.is_empty() {
            let taken = this.unread.split_to(this.unread.len().min(buf.remaining()));
            buf.put_slice(&taken);
            return Poll::Ready(Ok(()));
        }
        let before = buf.filled().len();
        ready!(Pin::new(&mut this.stream).poll_read(cx, buf))?;
        let count = u64::try_from(buf.filled().len() - before).expect("a buffer's length");
        this.received.fetch_add(count, Ordering::Relaxed);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Link {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if this.out.len() >= BATCH
            && let Poll::Ready(Err(error)) = this.poll_drain(cx)
        {
            return Poll::Ready(Err(error));
        }
        if this.out.len() >= BATCH {
            return this.poll_behind(cx);
        }
        this.asked = false;
        this.urgent |= this.outgoing.push(buf, &mut this.out);
        Poll::Ready(Ok(buf.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.urgent && this.poll_drain(cx)?.is_pending() {
            return this.poll_behind(cx);
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_drain(cx))?;
        Pin::new(&mut this.stream).poll_shutdown(cx)
    }
}

impl WebSocketTransport for Link {
    fn peer_addr(&self) -> mqtt5::Result<SocketAddr> {
        Ok(self.peer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncWriteExt;

    const PEER: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 1);

    fn link(stream: impl Stream + 'static, received: &Received) -> Link {
        let connect = Connect::adapt(b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x3c\x00\x01a");
        Link::new(Box::new(stream), PEER, &connect, b"", Arc::clone(received))
    }

    #[tokio::test]
    async fn who_never_reads_is_given_up_once_too_much_was_received() {
        let received = Received::default();
        let (stream, _never_read) = tokio::io::duplex(64);
        let mut link = link(stream, &received);
        let publish = [b"\x30\xff\x7f\x00\x01t".as_slice(), &[0; 16_380]].concat();
        // The batch fills up without waiting, and the pipe once; what comes after waits for the reader.
        for _ in 0..=BATCH.div_ceil(publish.len()) {
            link.write_all(&publish).await.expect("there is room");
        }
        let mut late = Box::pin(link.write_all(&publish));
        assert!(futures_util::poll!(&mut late).is_pending());
        received.fetch_add(HOLD, Ordering::Relaxed);
        assert!(futures_util::poll!(&mut late).is_pending());
        received.fetch_add(1, Ordering::Relaxed);
        assert_eq!(late.await.expect_err("nobody reads").kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn a_crowd_of_publishes_leaves_when_input_is_asked_for() {
        let received = Received::default();
        let (stream, mut client) = tokio::io::duplex(1024);
        let mut link = link(stream, &received);
        for _ in 0..3 {
            link.write_all(b"\x30\x03\x00\x01t").await.expect("there is room");
            link.flush().await.expect("nothing to wait for");
        }
        let mut seen = [0; 32];
        assert!(futures_util::poll!(Box::pin(tokio::io::AsyncReadExt::read(&mut client, &mut seen))).is_pending());
        let mut asked = [0; 64];
        tokio::io::AsyncReadExt::read(&mut link, &mut asked).await.expect("the CONNECT");
        assert_eq!(tokio::io::AsyncReadExt::read(&mut client, &mut seen).await.expect("three of them"), 15);
    }
}
