//! One connection that speaks exact packets: the half that a peer and an observer have in common.

use std::fmt::{Debug, Write as _};
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use bytes::BytesMut;
use pretty_assertions::StrComparison;

use super::PATIENCE;

/// A protocol version's packets and their encoding.
pub trait Dialect {
    /// Its packets.
    type Packet: Debug + PartialEq;
    /// What [`Link::handshake`] returns.
    type Connect;

    /// Decodes one whole packet.
    fn decode(frame: &[u8]) -> Result<Self::Packet, String>;
    /// Encodes a packet.
    fn encode(packet: &Self::Packet) -> Vec<u8>;
    /// The CONNECT in a packet, or the packet if it is another one.
    fn into_connect(packet: Self::Packet) -> Result<Self::Connect, Self::Packet>;
    /// A CONNACK that accepts, without properties.
    fn connack(session_present: bool) -> Self::Packet;
}

/// MQTT 3.1.1.
#[derive(Debug)]
pub enum V4 {}

/// MQTT 5.
#[derive(Debug)]
pub enum V5 {}

impl Dialect for V4 {
    type Packet = rumqttc_v4::Packet;
    type Connect = rumqttc_v4::Connect;

    fn decode(frame: &[u8]) -> Result<Self::Packet, String> {
        rumqttc_v4::Packet::read(&mut BytesMut::from(frame), usize::MAX).map_err(|error| error.to_string())
    }

    fn encode(packet: &Self::Packet) -> Vec<u8> {
        let mut bytes = BytesMut::new();
        packet.write(&mut bytes, usize::MAX).unwrap_or_else(|error| panic!("{packet:?} cannot be encoded: {error}"));
        bytes.to_vec()
    }

    fn into_connect(packet: Self::Packet) -> Result<Self::Connect, Self::Packet> {
        match packet {
            rumqttc_v4::Packet::Connect(connect) => Ok(connect),
            other => Err(other),
        }
    }

    fn connack(session_present: bool) -> Self::Packet {
        let code = rumqttc_v4::ConnectReturnCode::Success;
        rumqttc_v4::Packet::ConnAck(rumqttc_v4::ConnAck { session_present, code })
    }
}

/// CONNECT of MQTT 5, as rumqttc splits it.
#[derive(Debug, PartialEq)]
pub struct Connect5 {
    /// Client id, keep alive, clean start, properties.
    pub connect: rumqttc_v5::Connect,
    /// The will.
    pub will: Option<rumqttc_v5::LastWill>,
    /// User name and password.
    pub auth: rumqttc_v5::ConnectAuth,
}

impl Dialect for V5 {
    type Packet = rumqttc_v5::Packet;
    type Connect = Connect5;

    fn decode(frame: &[u8]) -> Result<Self::Packet, String> {
        rumqttc_v5::Packet::read(&mut BytesMut::from(frame), None).map_err(|error| error.to_string())
    }

    fn encode(packet: &Self::Packet) -> Vec<u8> {
        let mut bytes = BytesMut::new();
        packet.write(&mut bytes, None).unwrap_or_else(|error| panic!("{packet:?} cannot be encoded: {error}"));
        bytes.to_vec()
    }

    fn into_connect(packet: Self::Packet) -> Result<Self::Connect, Self::Packet> {
        match packet {
            rumqttc_v5::Packet::Connect(connect, will, auth) => Ok(Connect5 { connect, will, auth }),
            other => Err(other),
        }
    }

    fn connack(session_present: bool) -> Self::Packet {
        let code = rumqttc_v5::ConnectReturnCode::Success;
        rumqttc_v5::Packet::ConnAck(rumqttc_v5::ConnAck { session_present, code, properties: None })
    }
}

/// One TCP connection.
#[derive(Debug)]
pub struct Link<D: Dialect = V4> {
    stream: TcpStream,
    /// Read and not yet taken.
    pending: Vec<u8>,
    dialect: std::marker::PhantomData<D>,
}

/// Why there is no frame.
enum Missing {
    /// The other side closed, or reset (`true`).
    Closed { reset: bool },
    /// Nothing (more) came in time.
    Late,
}

impl<D: Dialect> Link<D> {
    /// Takes over a connected socket.
    pub fn over(stream: TcpStream) -> Self {
        stream.set_nodelay(true).expect("nodelay can be set on a connected socket");
        Self { stream, pending: Vec::new(), dialect: std::marker::PhantomData }
    }

    /// The socket, to shut it down from another thread.
    pub fn socket(&self) -> TcpStream {
        self.stream.try_clone().expect("a socket can be cloned")
    }

    /// The next packet, whatever it is.
    #[track_caller]
    pub fn read(&mut self) -> D::Packet {
        let frame = self.read_frame();
        decode::<D>(&frame)
    }

    /// The next packet as its bytes, for what rumqttc cannot decode (MQTT 3.1, broken packets).
    #[track_caller]
    pub fn read_frame(&mut self) -> Vec<u8> {
        match self.frame(Some(Instant::now() + PATIENCE)) {
            Ok(frame) => frame,
            Err(Missing::Closed { reset }) => {
                panic!("a packet was due, but the connection was {}{}", ended(reset), self.rest())
            }
            Err(Missing::Late) => panic!("a packet was due, but none came within {PATIENCE:?}{}", self.rest()),
        }
    }

    /// The next packet, or `None` when the connection ended; waits for ever.
    pub fn next(&mut self) -> Option<D::Packet> {
        self.frame(None).ok().map(|frame| decode::<D>(&frame))
    }

    /// The next packet is this one. For the encoding itself there is [`expect_bytes`](Self::expect_bytes).
    #[track_caller]
    pub fn expect(&mut self, wanted: D::Packet) {
        let wanted_bytes = D::encode(&wanted);
        let frame = self.read_frame();
        let got = match D::decode(&frame) {
            Ok(packet) if packet == wanted => return,
            Ok(packet) => format!("{packet:#?}"),
            Err(error) => format!("not a packet: {error}"),
        };
        let got = format!("{got}\n{}", hex(&frame));
        let wanted = format!("{wanted:#?}\n{}", hex(&wanted_bytes));
        panic!("another packet came (< what came, > what was wanted)\n{}", StrComparison::new(&got, &wanted));
    }

    /// The next bytes are exactly these.
    #[track_caller]
    pub fn expect_bytes(&mut self, wanted: &[u8]) {
        let until = Instant::now() + PATIENCE;
        while self.pending.len() < wanted.len() && wanted.starts_with(&self.pending) {
            match self.fill(Some(until)) {
                Ok(()) => {}
                Err(Missing::Closed { reset }) => {
                    panic!("wanted the bytes\n{}but the connection was {}{}", hex(wanted), ended(reset), self.rest())
                }
                Err(Missing::Late) => {
                    panic!("wanted the bytes\n{}but none came within {PATIENCE:?}{}", hex(wanted), self.rest())
                }
            }
        }
        if !self.pending.starts_with(wanted) {
            let (got, wanted) = (hex(&self.pending), hex(wanted));
            panic!("other bytes came (< what came, > what was wanted)\n{}", StrComparison::new(&got, &wanted));
        }
        self.pending.drain(..wanted.len());
    }

    /// Sends a packet.
    #[track_caller]
    pub fn send(&mut self, packet: D::Packet) {
        self.send_bytes(&D::encode(&packet));
    }

    /// Sends bytes as they are.
    #[track_caller]
    pub fn send_bytes(&mut self, bytes: &[u8]) {
        if let Err(error) = self.try_send_bytes(bytes) {
            panic!("cannot send {} bytes: {error}\n{}", bytes.len(), hex(bytes));
        }
    }

    /// Sends a packet unless the connection has ended, for a thread that serves until then.
    pub fn try_send(&mut self, packet: D::Packet) -> std::io::Result<()> {
        self.try_send_bytes(&D::encode(&packet))
    }

    fn try_send_bytes(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.stream.set_write_timeout(Some(PATIENCE))?;
        self.stream.write_all(bytes)
    }

    /// Accepts: sends a CONNACK without a session.
    #[track_caller]
    pub fn connack(&mut self) {
        self.send(D::connack(false));
    }

    /// Reads CONNECT, accepts it and returns it.
    #[track_caller]
    pub fn handshake(&mut self) -> D::Connect {
        self.handshake_with(false)
    }

    /// As [`handshake`](Self::handshake), with the session-present flag as given.
    #[track_caller]
    pub fn handshake_with(&mut self, session_present: bool) -> D::Connect {
        let connect = self.read_connect();
        self.send(D::connack(session_present));
        connect
    }

    /// Reads CONNECT and leaves the answer to the test.
    #[track_caller]
    pub fn read_connect(&mut self) -> D::Connect {
        D::into_connect(self.read()).unwrap_or_else(|other| panic!("CONNECT was due, but {other:?} came"))
    }

    /// The other side closes (or resets), and sends nothing before that. Then this side closes too, as brokers do:
    /// a client that says goodbye waits for it.
    #[track_caller]
    pub fn expect_closed(&mut self) {
        match self.frame(Some(Instant::now() + PATIENCE)) {
            Ok(frame) => panic!("the end of the connection was due, but this came: {}", describe::<D>(&frame)),
            Err(Missing::Late) => panic!("the connection was still open after {PATIENCE:?}{}", self.rest()),
            Err(Missing::Closed { .. }) => {
                assert!(self.pending.is_empty(), "the connection ended in the middle of a packet{}", self.rest());
                // It fails when the other side was reset, which is as good.
                let _ = self.stream.shutdown(Shutdown::Both);
            }
        }
    }

    /// Nothing comes for `period`, and the connection stays. Costs that time: use it where nothing else shows it.
    #[track_caller]
    pub fn expect_silence(&mut self, period: Duration) {
        match self.frame(Some(Instant::now() + period)) {
            Ok(frame) => panic!("silence was due, but this came: {}", describe::<D>(&frame)),
            Err(Missing::Closed { reset }) => panic!("silence was due, but the connection was {}", ended(reset)),
            Err(Missing::Late) => assert!(self.pending.is_empty(), "silence was due{}", self.rest()),
        }
    }

    /// Ends the connection in order (FIN).
    pub fn close(self) {
        // It fails when the other side was faster, which is as good.
        let _ = self.stream.shutdown(Shutdown::Both);
    }

    /// Ends the connection with a reset (RST).
    pub fn reset(self) {
        let socket = socket2::Socket::from(self.stream);
        socket.set_linger(Some(Duration::ZERO)).expect("linger can be set on a socket");
    }

    /// Takes one whole packet off the stream.
    fn frame(&mut self, until: Option<Instant>) -> Result<Vec<u8>, Missing> {
        loop {
            match frame_length(&self.pending) {
                Some(length) if self.pending.len() >= length => return Ok(self.pending.drain(..length).collect()),
                _ => self.fill(until)?,
            }
        }
    }

    /// Reads some more bytes.
    fn fill(&mut self, until: Option<Instant>) -> Result<(), Missing> {
        let mut chunk = [0; 4096];
        loop {
            let left = until.map(|until| until.saturating_duration_since(Instant::now()));
            if left == Some(Duration::ZERO) {
                return Err(Missing::Late);
            }
            self.stream.set_read_timeout(left).expect("a positive timeout can be set");
            match self.stream.read(&mut chunk) {
                Ok(0) => return Err(Missing::Closed { reset: false }),
                Ok(count) => {
                    self.pending.extend_from_slice(&chunk[..count]);
                    return Ok(());
                }
                Err(error) => match error.kind() {
                    ErrorKind::Interrupted | ErrorKind::WouldBlock | ErrorKind::TimedOut => {}
                    _ => return Err(Missing::Closed { reset: true }),
                },
            }
        }
    }

    fn rest(&self) -> String {
        if self.pending.is_empty() { String::new() } else { format!("; an incomplete packet:\n{}", hex(&self.pending)) }
    }
}

/// Length of the packet that starts `bytes`, if its header is complete `[MQTT-2.2.3]`.
fn frame_length(bytes: &[u8]) -> Option<usize> {
    let mut remaining = 0;
    for (index, byte) in bytes.iter().skip(1).take(4).enumerate() {
        remaining |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some(2 + index + remaining);
        }
    }
    assert!(bytes.len() < 5, "the remaining length has more than four bytes:\n{}", hex(bytes));
    None
}

#[track_caller]
fn decode<D: Dialect>(frame: &[u8]) -> D::Packet {
    D::decode(frame).unwrap_or_else(|error| panic!("not a packet: {error}\n{}", hex(frame)))
}

fn describe<D: Dialect>(frame: &[u8]) -> String {
    D::decode(frame).map_or_else(|_| format!("\n{}", hex(frame)), |packet| format!("{packet:?}\n{}", hex(frame)))
}

fn ended(reset: bool) -> &'static str {
    if reset { "reset" } else { "closed" }
}

/// Sixteen bytes a line, with their text.
fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for line in bytes.chunks(16) {
        let shown: String = line.iter().map(|b| if (32..127).contains(b) { char::from(*b) } else { '.' }).collect();
        let codes: Vec<String> = line.iter().map(|byte| format!("{byte:02x}")).collect();
        writeln!(text, "{:<48} {shown}", codes.join(" ")).expect("a String takes whatever is written");
    }
    text
}
