//! An MQTT client that is nothing but bytes, so that the tests see what the broker really sends.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use mqttscript::broker::Broker;

/// Long enough for a loaded machine; only a test that fails waits for it.
const PATIENCE: Duration = Duration::from_secs(20);

/// A socket to the broker.
pub fn socket(broker: &Broker) -> TcpStream {
    let stream = TcpStream::connect(("127.0.0.1", broker.port())).expect("the broker listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a time limit");
    stream.set_nodelay(true).expect("a socket option");
    stream
}

/// What a CONNECT says.
#[derive(Clone)]
pub struct Hello<'a> {
    pub level: u8,
    pub id: &'a str,
    pub clean: bool,
    /// Topic and payload, QoS 0.
    pub will: Option<(&'a str, &'a str)>,
    pub user: Option<(&'a str, &'a str)>,
}

impl<'a> Hello<'a> {
    pub fn new(level: u8, id: &'a str) -> Self {
        Self { level, id, clean: true, will: None, user: None }
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut body = string(if self.level == 3 { "MQIsdp" } else { "MQTT" });
        let mut flags = u8::from(self.clean) << 1;
        flags |= if self.will.is_some() { 0x04 } else { 0 };
        flags |= if self.user.is_some() { 0xc0 } else { 0 };
        body.extend([self.level, flags, 0, 60]);
        if self.level == 5 {
            // Session expiry interval: an hour if the session is to stay.
            body.extend(if self.clean { vec![0] } else { vec![5, 0x11, 0, 0, 0x0e, 0x10] });
        }
        body.extend(string(self.id));
        if let Some((topic, payload)) = self.will {
            body.extend(if self.level == 5 { vec![0] } else { vec![] });
            body.extend(string(topic));
            body.extend(string(payload));
        }
        if let Some((user, password)) = self.user {
            body.extend(string(user));
            body.extend(string(password));
        }
        packet(0x10, &body)
    }
}

/// One packet as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet {
    pub first: u8,
    pub body: Vec<u8>,
}

/// A PUBLISH, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub topic: String,
    pub payload: String,
    pub qos: u8,
    pub retain: bool,
    pub id: u16,
    pub properties: Vec<u8>,
}

/// A connected client.
pub struct Client<S> {
    pub stream: io::BufReader<S>,
    pub level: u8,
}

impl<S: Read + Write> Client<S> {
    /// Sends CONNECT and gives the client and the body of the CONNACK.
    pub fn open(stream: S, hello: &Hello) -> (Self, Vec<u8>) {
        let mut client = Self { stream: io::BufReader::new(stream), level: hello.level };
        client.send(&hello.bytes());
        let connack = client.packet();
        assert_eq!(connack.first, 0x20, "{connack:?}");
        (client, connack.body)
    }

    /// Connects and insists on being let in.
    pub fn connect(stream: S, hello: &Hello) -> Self {
        let (client, connack) = Self::open(stream, hello);
        assert_eq!(connack[1], 0, "refused: {connack:?}");
        client
    }

    pub fn send(&mut self, bytes: &[u8]) {
        self.stream.get_mut().write_all(bytes).expect("the connection is open");
        self.stream.get_mut().flush().expect("the connection is open");
    }

    pub fn packet(&mut self) -> Packet {
        self.try_packet().expect("a packet")
    }

    /// The next packet, or why there is none: `UnexpectedEof` after an orderly end.
    pub fn try_packet(&mut self) -> io::Result<Packet> {
        let mut first = [0];
        self.stream.read_exact(&mut first)?;
        let (mut length, mut shift) = (0, 0);
        loop {
            let mut byte = [0];
            self.stream.read_exact(&mut byte)?;
            length |= usize::from(byte[0] & 0x7f) << shift;
            shift += 7;
            if byte[0] < 0x80 {
                break;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok(Packet { first: first[0], body })
    }

    pub fn ping(&mut self) {
        self.send(&[0xc0, 0]);
        assert_eq!(self.packet(), Packet { first: 0xd0, body: vec![] });
    }

    pub fn subscribe(&mut self, filter: &str, qos: u8) {
        let mut body = vec![0, 9];
        body.extend(if self.level == 5 { vec![0] } else { vec![] });
        body.extend(string(filter));
        body.push(qos);
        self.send(&packet(0x82, &body));
        let suback = self.packet();
        assert_eq!((suback.first, suback.body.last()), (0x90, Some(&qos)), "{suback:?}");
    }

    /// A whole publish, with its acknowledgements.
    pub fn publish(&mut self, topic: &str, payload: &str, qos: u8, retain: bool) {
        self.send(&publish(self.level, topic, payload, qos, retain));
        match qos {
            0 => {}
            1 => assert_eq!(self.packet().first, 0x40),
            _ => {
                assert_eq!(self.packet().first, 0x50);
                self.send(&[0x62, 2, 0, 7]);
                assert_eq!(self.packet().first, 0x70);
            }
        }
    }

    /// The next message, acknowledged to the end.
    pub fn message(&mut self) -> Message {
        let packet = self.packet();
        let message = read_message(self.level, &packet);
        let [high, low] = message.id.to_be_bytes();
        match message.qos {
            0 => {}
            1 => self.send(&[0x40, 2, high, low]),
            _ => {
                self.send(&[0x50, 2, high, low]);
                let pubrel = self.packet();
                assert_eq!((pubrel.first, &pubrel.body[..2]), (0x62, [high, low].as_slice()));
                self.send(&[0x70, 2, high, low]);
            }
        }
        message
    }

    /// Reads until the broker closes, and gives the last packet before that.
    pub fn closed(&mut self) -> Option<Packet> {
        let mut last = None;
        loop {
            match self.try_packet() {
                Ok(packet) => last = Some(packet),
                Err(error) => {
                    let ended =
                        [io::ErrorKind::UnexpectedEof, io::ErrorKind::ConnectionReset, io::ErrorKind::BrokenPipe];
                    assert!(ended.contains(&error.kind()), "{error}");
                    return last;
                }
            }
        }
    }
}

/// A PUBLISH with packet id 7.
pub fn publish(level: u8, topic: &str, payload: &str, qos: u8, retain: bool) -> Vec<u8> {
    let mut body = string(topic);
    body.extend(if qos > 0 { vec![0, 7] } else { vec![] });
    body.extend(if level == 5 { vec![0] } else { vec![] });
    body.extend(payload.as_bytes());
    packet(0x30 | qos << 1 | u8::from(retain), &body)
}

fn read_message(level: u8, packet: &Packet) -> Message {
    assert_eq!(packet.first >> 4, 3, "{packet:?}");
    let body = &packet.body;
    let qos = packet.first >> 1 & 3;
    let mut at = 2 + usize::from(u16::from_be_bytes([body[0], body[1]]));
    let topic = String::from_utf8(body[2..at].to_vec()).expect("a topic");
    let mut id = 0;
    if qos > 0 {
        id = u16::from_be_bytes([body[at], body[at + 1]]);
        at += 2;
    }
    let mut properties = Vec::new();
    if level == 5 {
        // No test has more than 127 bytes of them.
        let end = at + 1 + usize::from(body[at]);
        properties = body[at + 1..end].to_vec();
        at = end;
    }
    let payload = String::from_utf8(body[at..].to_vec()).expect("text");
    Message { topic, payload, qos, retain: packet.first & 1 == 1, id, properties }
}

/// A packet from its first byte and its body.
pub fn packet(first: u8, body: &[u8]) -> Vec<u8> {
    let mut packet = vec![first];
    let mut length = body.len();
    loop {
        let low = u8::try_from(length & 0x7f).expect("seven bits");
        length >>= 7;
        packet.push(if length == 0 { low } else { low | 0x80 });
        if length == 0 {
            break;
        }
    }
    packet.extend(body);
    packet
}

pub fn string(text: &str) -> Vec<u8> {
    let mut bytes = u16::try_from(text.len()).expect("short").to_be_bytes().to_vec();
    bytes.extend(text.as_bytes());
    bytes
}
