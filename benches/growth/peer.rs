//! The other end of the line: acknowledges what it is sent and sends what it is asked for, as cheaply as it can.
//!
//! A publish to `flood/COUNT/SIZE/TOPICS` asks for COUNT messages of SIZE bytes, in turn on `device/0/state` to
//! `device/TOPICS-1/state`, with the QoS of the publish. Messages on `out/N` are acknowledged when N have come, the last
//! first.

use std::io;
use std::net::TcpListener as Listener;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::OwnedWriteHalf;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::watch;

/// How the peer behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conduct {
    /// CONNACK and acknowledgements at once.
    Prompt,
    /// No CONNACK before the program said `ready`.
    Late,
    /// CONNACK allows this many messages of QoS 1 and 2 under way (version 5).
    Window(u16),
}

/// A peer on a port of its own.
pub struct Peer {
    port: u16,
    opened: watch::Sender<bool>,
}

impl Peer {
    /// Listens on 127.0.0.1.
    pub fn start(conduct: Conduct) -> io::Result<Self> {
        let listener = Listener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        let (opened, is_open) = watch::channel(conduct != Conduct::Late);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        std::thread::spawn(move || runtime.block_on(listen(listener, conduct, is_open)));
        Ok(Self { port, opened })
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// CONNACKs that were kept back go out.
    pub fn open(&self) {
        self.opened.send_replace(true);
    }
}

/// Accepts connections until the peer is dropped.
async fn listen(listener: Listener, conduct: Conduct, mut is_open: watch::Receiver<bool>) {
    let Ok(listener) = TcpListener::from_std(listener) else { return };
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else { continue };
                tokio::spawn(serve(stream, conduct, is_open.clone()));
            }
            changed = is_open.changed() => if changed.is_err() { return },
        }
    }
}

/// What answers need to know of a connection.
struct Connection {
    conduct: Conduct,
    out: Sender<Vec<u8>>,
    is_v5: bool,
    unacknowledged: Vec<[u8; 2]>,
}

async fn serve(stream: TcpStream, conduct: Conduct, mut is_open: watch::Receiver<bool>) {
    // It delays nothing that is measured.
    let _ = stream.set_nodelay(true);
    let (mut reader, writer) = stream.into_split();
    let (out, waiting) = channel(64);
    tokio::spawn(write(writer, waiting));
    let mut connection = Connection { conduct, out, is_v5: false, unacknowledged: Vec::new() };
    let mut input = Vec::new();
    loop {
        let mut answers = Vec::new();
        let mut at = 0;
        while let Some((head, body, next)) = packet(&input[at..]) {
            if head >> 4 == 1 {
                let _ = is_open.wait_for(|open| *open).await;
            }
            connection.answer(head, body, &mut answers);
            at += next;
        }
        input.drain(..at);
        if !answers.is_empty() && connection.out.send(answers).await.is_err() {
            return;
        }
        if !matches!(reader.read_buf(&mut input).await, Ok(count) if count > 0) {
            return;
        }
    }
}

async fn write(mut writer: OwnedWriteHalf, mut waiting: Receiver<Vec<u8>>) {
    while let Some(bytes) = waiting.recv().await {
        if writer.write_all(&bytes).await.is_err() {
            return;
        }
    }
}

/// The first whole packet: first byte, what follows the length, and how long all of it is.
fn packet(bytes: &[u8]) -> Option<(u8, &[u8], usize)> {
    let head = *bytes.first()?;
    let (mut length, mut at) = (0, 1);
    loop {
        let byte = *bytes.get(at)?;
        length |= usize::from(byte & 127) << (7 * (at - 1));
        at += 1;
        if byte < 128 {
            break;
        }
    }
    Some((head, bytes.get(at..at + length)?, at + length))
}

impl Connection {
    fn answer(&mut self, head: u8, body: &[u8], out: &mut Vec<u8>) {
        match head >> 4 {
            1 => {
                self.is_v5 = body[6] == 5;
                match (self.conduct, self.is_v5) {
                    (Conduct::Window(most), true) => {
                        out.extend([0x20, 6, 0, 0, 3, 0x21]);
                        out.extend(most.to_be_bytes());
                    }
                    (_, true) => out.extend([0x20, 3, 0, 0, 0]),
                    (_, false) => out.extend([0x20, 2, 0, 0]),
                }
            }
            3 => self.on_publish(head, body, out),
            6 => out.extend([0x70, 2, body[0], body[1]]),
            8 => self.on_subscribe(body, out),
            10 => {
                let filters = self.filters(body, 0);
                out.extend([0xb0]);
                write_length(2 + usize::from(self.is_v5) + if self.is_v5 { filters } else { 0 }, out);
                out.extend(&body[..2]);
                if self.is_v5 {
                    out.resize(out.len() + 1 + filters, 0);
                }
            }
            12 => out.extend([0xd0, 0]),
            _ => {}
        }
    }

    fn on_subscribe(&self, body: &[u8], out: &mut Vec<u8>) {
        let filters = self.filters(body, 1);
        out.push(0x90);
        write_length(2 + usize::from(self.is_v5) + filters, out);
        out.extend(&body[..2]);
        out.resize(out.len() + usize::from(self.is_v5) + filters, 0);
    }

    /// How many filters a SUBSCRIBE or UNSUBSCRIBE has; `more` bytes follow each. Programs here set no properties.
    fn filters(&self, body: &[u8], more: usize) -> usize {
        let mut at = 2 + usize::from(self.is_v5);
        let mut count = 0;
        while at + 2 <= body.len() {
            at += 2 + usize::from(u16::from_be_bytes([body[at], body[at + 1]])) + more;
            count += 1;
        }
        count
    }

    fn on_publish(&mut self, head: u8, body: &[u8], out: &mut Vec<u8>) {
        let qos = head >> 1 & 3;
        let end = 2 + usize::from(u16::from_be_bytes([body[0], body[1]]));
        let topic = std::str::from_utf8(&body[2..end]).unwrap_or_default();
        if qos > 0 {
            let id = [body[end], body[end + 1]];
            self.unacknowledged.push(id);
            let together = topic.strip_prefix("out/").and_then(|number| number.parse().ok()).unwrap_or(1);
            if self.unacknowledged.len() >= together {
                let ids = self.unacknowledged.drain(..).rev();
                ids.for_each(|id| out.extend([if qos == 1 { 0x40 } else { 0x50 }, 2, id[0], id[1]]));
            }
        }
        if let Some(wanted) = topic.strip_prefix("flood/") {
            let numbers: Vec<usize> = wanted.split('/').filter_map(|number| number.parse().ok()).collect();
            if let [count, size, topics] = numbers[..] {
                tokio::spawn(flood(self.out.clone(), self.is_v5, qos, count, size, topics));
            }
        }
    }
}

/// Sends what was asked for.
async fn flood(out: Sender<Vec<u8>>, is_v5: bool, qos: u8, count: usize, size: usize, topics: usize) {
    let payload: Arc<[u8]> = vec![b'x'; size].into();
    let mut bytes = Vec::new();
    for number in 0..count {
        let topic = format!("device/{}/state", number % topics);
        bytes.push(0x30 | qos << 1);
        write_length(2 + topic.len() + 2 * usize::from(qos > 0) + usize::from(is_v5) + size, &mut bytes);
        bytes.extend((topic.len() as u16).to_be_bytes());
        bytes.extend(topic.as_bytes());
        if qos > 0 {
            bytes.extend((number as u16 % u16::MAX + 1).to_be_bytes());
        }
        bytes.resize(bytes.len() + usize::from(is_v5), 0);
        bytes.extend(&*payload);
        if (bytes.len() > 32 << 10 || number + 1 == count) && out.send(std::mem::take(&mut bytes)).await.is_err() {
            return;
        }
    }
}

fn write_length(mut length: usize, out: &mut Vec<u8>) {
    loop {
        let byte = (length & 127) as u8;
        length >>= 7;
        out.push(byte | if length > 0 { 128 } else { 0 });
        if length == 0 {
            return;
        }
    }
}
