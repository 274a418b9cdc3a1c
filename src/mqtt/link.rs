//! One transport with its buffers: packets in, packets out, nothing lost on a cancelled wait.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf, BytesMut};
use tokio::io::AsyncWrite;
use tokio::time::{Sleep, sleep};
use tokio_util::io::poll_read_buf;

use crate::mqtt::codec::{self, DecodeError, EncodeError, Frame};
use crate::mqtt::packet::{Packet, Version};
use crate::mqtt::session::{Outgoing, Written};
use crate::mqtt::transport::Stream;

/// No more requests are taken while this much waits for the socket.
const OUTPUT_ENOUGH: usize = 64 << 10;
/// Nothing more is read while answers of this many bytes wait for the socket: a peer that sends and takes nothing gets no more of
/// this side's memory.
const ANSWERS_ENOUGH: usize = 1 << 20;
/// The least and the most that one read asks for: full reads ask for more the next time, small ones for less. A message
/// that a program keeps holds on to the whole buffer that it came in.
const READ_LEAST: usize = 512;
const READ_MOST: usize = 64 << 10;
/// A link with nothing to read keeps no larger input buffer than this, one with nothing to write no larger output buffer
/// than that: a program may have thousands of links.
const INPUT_KEPT: usize = 4 << 10;
const OUTPUT_KEPT: usize = 2 * OUTPUT_ENOUGH;
/// How long a link that takes no bytes any more is still read.
const LAST_BYTES: Duration = Duration::from_millis(100);

/// What [`Link::poll_progress`] did.
#[derive(Debug)]
pub enum Progress {
    /// Bytes arrived.
    Read,
    /// All output is out.
    Written,
    /// The peer closed.
    Closed,
    /// The transport failed.
    Failed(io::Error),
}

/// See the module.
pub struct Link {
    stream: Stream,
    version: Version,
    maximum_packet_size: usize,
    input: BytesMut,
    read_size: usize,
    output: BytesMut,
    unflushed: bool,
    /// Bytes of answers put into `output` since it was empty.
    answers: usize,
    /// Why nothing can be written any more. What the peer sent before that is still read.
    broken: Option<Broken>,
    /// Bytes ever put into `output`, and ever taken by the transport.
    queued: u64,
    written: u64,
    /// Requests that are over once `written` reaches the number.
    marks: VecDeque<(u64, Written)>,
}

/// A transport that takes no bytes any more.
#[derive(Debug)]
struct Broken {
    error: io::Error,
    /// Reading ends, if nothing comes.
    given_up: Pin<Box<Sleep>>,
}

impl Link {
    /// Takes over an open transport. `maximum_packet_size`: larger packets from the peer are an error, bytes.
    pub fn new(stream: Stream, version: Version, maximum_packet_size: usize) -> Self {
        Self {
            stream,
            version,
            maximum_packet_size,
            input: BytesMut::new(),
            read_size: READ_LEAST,
            output: BytesMut::new(),
            unflushed: false,
            answers: 0,
            broken: None,
            queued: 0,
            written: 0,
            marks: VecDeque::new(),
        }
    }

    /// Puts a packet into the output. Gives its remaining length.
    ///
    /// # Errors
    /// It cannot be written in this protocol version; the output is unchanged.
    pub fn push(&mut self, outgoing: &Outgoing) -> Result<u32, EncodeError> {
        let before = self.output.len();
        let length = match codec::encode(&outgoing.packet, self.version, &mut self.output) {
            Ok(length) => length,
            Err(error) => {
                self.output.truncate(before);
                return Err(error);
            }
        };
        self.queued += (self.output.len() - before) as u64;
        if let Some(written) = outgoing.over_when_written {
            self.marks.push_back((self.queued, written));
        }
        Ok(u32::try_from(length).unwrap_or(u32::MAX))
    }

    /// Bytes that wait for the socket.
    pub fn waiting(&self) -> usize {
        self.output.len()
    }

    /// What was put into the output since that many bytes were [`waiting`](Self::waiting) answers packets of the peer.
    pub fn count_answers(&mut self, since: usize) {
        self.answers += self.output.len().saturating_sub(since);
    }

    /// Whether the peer takes the answers that it gets; where it does not, it is not read either.
    pub fn takes_answers(&self) -> bool {
        self.answers < ANSWERS_ENOUGH
    }

    /// Puts a packet of our own making into the output.
    pub fn push_packet(&mut self, packet: Packet) -> Result<u32, EncodeError> {
        self.push(&packet.into())
    }

    /// Whether more packets may be put into the output.
    pub fn has_room(&self) -> bool {
        self.output.len() < OUTPUT_ENOUGH
    }

    /// Whether everything was handed to the socket.
    pub fn is_flushed(&self) -> bool {
        self.output.is_empty() && !self.unflushed
    }

    /// The next request whose bytes are all out.
    pub fn next_written(&mut self) -> Option<Written> {
        let (mark, _) = self.marks.front()?;
        (*mark <= self.written).then(|| self.marks.pop_front()).flatten().map(|(_, written)| written)
    }

    /// The requests whose bytes did not all get out before the link broke.
    pub fn take_unwritten(&mut self) -> impl Iterator<Item = Written> {
        std::mem::take(&mut self.marks).into_iter().map(|(_, written)| written)
    }

    /// The next packet of the input.
    ///
    /// # Errors
    /// The peer sent something that is not MQTT, or a packet that is too large.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, DecodeError> {
        codec::decode(&mut self.input, self.version, self.maximum_packet_size)
    }

    /// Moves bytes: writes what waits, and reads if `reading`, both each time, so that neither way starves the other.
    /// Safe to cancel and to call again.
    pub fn poll_progress(&mut self, cx: &mut Context<'_>, reading: bool) -> Poll<Progress> {
        let mut written = false;
        if !self.is_flushed()
            && self.broken.is_none()
            && let Poll::Ready(result) = self.poll_write_out(cx)
        {
            written = result.is_ok();
            self.broken = result.err().map(|error| Broken { error, given_up: Box::pin(sleep(LAST_BYTES)) });
        }
        let read = if reading { self.poll_read_in(cx) } else { Poll::Pending };
        match (read, self.broken.take()) {
            (Poll::Ready(Ok(1..)), broken) => {
                self.broken = broken;
                Poll::Ready(Progress::Read)
            }
            (Poll::Ready(Ok(0)), _) => Poll::Ready(Progress::Closed),
            (Poll::Ready(Err(_)), Some(Broken { error, .. })) | (Poll::Ready(Err(error)), None) => {
                Poll::Ready(Progress::Failed(error))
            }
            // The failed write was faster than the news that there is something to read, or the program has no room for
            // what is in front of the end.
            (Poll::Pending, Some(mut broken)) => {
                if reading && broken.given_up.as_mut().poll(cx).is_ready() {
                    return Poll::Ready(Progress::Failed(broken.error));
                }
                self.broken = Some(broken);
                Poll::Pending
            }
            (Poll::Pending, None) if written => Poll::Ready(Progress::Written),
            (Poll::Pending, None) => Poll::Pending,
        }
    }

    /// Writes what waits, and reads nothing.
    ///
    /// # Errors
    /// The transport takes no more.
    pub async fn flush(&mut self) -> io::Result<()> {
        if self.broken.is_some() {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        std::future::poll_fn(|cx| self.poll_write_out(cx)).await
    }

    fn poll_write_out(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.output.is_empty() {
            let count = ready!(Pin::new(&mut self.stream).poll_write(cx, &self.output))?;
            if count == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.output.advance(count);
            self.written += count as u64;
            self.unflushed = true;
        }
        self.answers = 0;
        ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
        self.unflushed = false;
        if self.output.capacity() > OUTPUT_KEPT {
            self.output = BytesMut::new();
        }
        Poll::Ready(Ok(()))
    }

    fn poll_read_in(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        if self.input.is_empty() && self.input.capacity() < self.read_size {
            // `reserve` would go on with the size of the buffer before.
            self.input = BytesMut::with_capacity(self.read_size);
        }
        self.input.reserve(self.read_size);
        let Poll::Ready(count) = poll_read_buf(Pin::new(&mut self.stream), cx, &mut self.input) else {
            if self.input.is_empty() && self.input.capacity() > INPUT_KEPT {
                self.input = BytesMut::new();
            }
            return Poll::Pending;
        };
        let count = count?;
        if count >= self.read_size {
            self.read_size = (self.read_size * 2).min(READ_MOST);
        } else if count < self.read_size / 4 {
            self.read_size = (self.read_size / 2).max(READ_LEAST);
        }
        Poll::Ready(Ok(count))
    }

    /// Says goodbye to the transport: no more writes, then reads until the peer closed too, or the
    /// kernel would answer late bytes with a reset that can overtake what we sent last.
    pub async fn shut_down(mut self) {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        if self.stream.shutdown().await.is_err() {
            return;
        }
        let mut rest = [0; 1024];
        while matches!(self.stream.read(&mut rest).await, Ok(count) if count > 0) {}
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncRead, ReadBuf};

    use super::*;

    /// Takes no bytes, and says nothing.
    struct Deaf;

    impl AsyncRead for Deaf {
        fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, _: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
            Poll::Pending
        }
    }

    impl AsyncWrite for Deaf {
        fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, _: &[u8]) -> Poll<io::Result<usize>> {
            Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    /// Reads whatever the other end has sent, and writes what waits.
    fn read_all(link: &mut Link) {
        let mut cx = Context::from_waker(std::task::Waker::noop());
        while let Poll::Ready(Progress::Read) = link.poll_progress(&mut cx, true) {
            while let Ok(Some(_)) = link.next_frame() {}
        }
    }

    #[test]
    fn an_idle_link_keeps_no_large_buffers() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(async {
            let (near, mut far) = tokio::io::duplex(1 << 20);
            let mut link = Link::new(Box::new(near), Version::V311, usize::MAX);
            let mut message = vec![0x30, 0x82, 0x08, 0, 1, b'a'];
            message.resize(6 + 1023, b'x');
            for count in [1, 600, 1] {
                let burst = message.repeat(count);
                tokio::io::AsyncWriteExt::write_all(&mut far, &burst).await.expect("there is room");
                read_all(&mut link);
                assert!(link.input.capacity() <= INPUT_KEPT, "{} after {count}", link.input.capacity());
            }
            let payload = vec![b'x'; 1 << 19].into();
            let publish = crate::mqtt::packet::Publish { topic: "a".into(), payload, ..Default::default() };
            link.push_packet(Packet::Publish(publish)).expect("it can be written");
            read_all(&mut link);
            assert!(link.is_flushed() && link.output.capacity() <= OUTPUT_KEPT, "{}", link.output.capacity());
        });
    }

    #[test]
    fn a_link_that_takes_no_bytes_is_given_up_without_any_other_event() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        let progress = runtime.block_on(async {
            let mut link = Link::new(Box::new(Deaf), Version::V311, usize::MAX);
            link.push_packet(Packet::Pingreq).expect("a ping can be written");
            let progress = std::future::poll_fn(|cx| link.poll_progress(cx, true));
            tokio::time::timeout(Duration::from_secs(10), progress).await
        });
        assert!(matches!(progress, Ok(Progress::Failed(_))), "{progress:?}");
    }
}
