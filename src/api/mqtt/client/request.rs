//! `client.request`, `requestAsync` and `reply`: a question on one topic, its answer on a topic of the client's own (MQTT 5).
//!
//! Messages on that topic are replies and nothing else, so they reach neither `message` and `on_message` listeners nor
//! `handleMessage` and `customHandleAcks`; late ones are dropped.

use std::collections::HashMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use rhai::{Dynamic, Engine, FnPtr, ImmutableString, Map};

use crate::api::arguments::{Arguments, Returned, method, type_word};
use crate::api::buffer::Buffer;
use crate::api::entries::request_options::REQUEST;
use crate::api::error::ErrorValue;
use crate::api::mqtt::client::control::client;
use crate::api::mqtt::client::publish::{message, message_on};
use crate::api::mqtt::client::waits::stopped;
use crate::api::mqtt::client::{Client, Kind, error_value};
use crate::api::mqtt::packet::PacketValue;
use crate::api::mqtt::reader::{OptionError, Reader};
use crate::event_loop::callback::Callback;
use crate::event_loop::timers::{Action, Timer, TimerId};
use crate::mqtt::command::{Command, Request};
use crate::mqtt::error::Error;
use crate::mqtt::event::{Event, Message, Token};
use crate::mqtt::packet::{Packet, Publish, QoS, Subscribe, Subscription, Version};
use crate::mqtt::session::connection_closed;
use crate::mqtt::topic;

/// How long a reply may take where nothing is said.
const PATIENCE: Duration = Duration::from_millis(5000);
/// Longer than any program runs, and short enough for a clock.
const LONGEST: Duration = Duration::from_secs(100 * 365 * 24 * 3600);
/// The most of a client id that a reply topic shows.
const MOST_OF_ID: usize = 64;

/// Names a request; goes out as its correlation data.
pub type RequestId = u64;

/// The requests of one client.
#[derive(Default)]
pub struct Requests {
    /// Requests with a callback that wait for their reply.
    open: HashMap<RequestId, Open>,
    last_id: RequestId,
    /// Where replies come; empty until the first request.
    topic: ImmutableString,
    /// The subscribe to it that went out on this connection, or waits to; `None`: before the next request one is due.
    subscribe: Option<Token>,
}

/// A request that waits for its reply.
struct Open {
    callback: Rc<Callback>,
    timer: TimerId,
    /// Its publish.
    token: Token,
    /// The publish is over: only a reply can come any more.
    sent: bool,
}

/// How a blocking request ends.
enum Outcome {
    Reply(Box<Message>),
    Failed(Error),
}

/// Registers the methods.
pub fn register(engine: &mut Engine) {
    method::<Client>(engine, "request", 3..=4, |receiver, mut arguments| {
        let client = client(receiver);
        if !arguments.values.last().is_some_and(Dynamic::is::<FnPtr>) {
            return Err(arguments.wrong(arguments.values.len() - 1, "callback", "a function"));
        }
        let callback = client.take_callback(&mut arguments, 2, Kind::Request(0))?;
        match (callback, wanted(&client, &arguments)) {
            (Some(callback), Ok((publish, patience))) => {
                match client.take_room(arguments.context.engine(), &publish, true)? {
                    Some(full) => client.refuse_message(Some(callback), full)?,
                    None => client.request_reply(publish, patience, callback),
                }
            }
            (callback, Err(error)) => client.fail_call(&arguments, callback, error)?,
            (None, Ok(_)) => {}
        }
        Ok(receiver.clone())
    });
    method::<Client>(engine, "requestAsync", 2..=3, |receiver, arguments| {
        let client = client(receiver);
        let (publish, patience) = wanted(&client, &arguments).map_err(ErrorValue::raise)?;
        client.check_started(arguments.function)?;
        client.take_room_or_throw(arguments.context.engine(), &publish)?;
        client.request_and_wait(arguments.context.engine(), publish, patience)
    });
    method::<Client>(engine, "reply", 2..=4, |receiver, mut arguments| {
        let client = client(receiver);
        let callback = client.take_callback(&mut arguments, 2, Kind::Publish)?;
        match answer(&client, &arguments) {
            Ok(publish) => match client.take_room(arguments.context.engine(), &publish, callback.is_some())? {
                Some(full) => client.refuse_message(callback, full)?,
                None => client.publish(publish, callback),
            },
            Err(error) => client.fail_call(&arguments, callback, error)?,
        }
        Ok(receiver.clone())
    });
}

/// The message of a request, and how long its reply may take.
fn wanted(client: &Client, arguments: &Arguments) -> Result<(Publish, Duration), ErrorValue> {
    check_version(client, arguments)?;
    let publish = message(client, arguments, REQUEST)?;
    let own = publish.properties.as_deref();
    if own.is_some_and(|own| own.response_topic.is_some() || own.correlation_data.is_some()) {
        let error = ErrorValue::new("`request` sets `responseTopic` and `correlationData` itself");
        return Err(error.with_help("leave them out, or use `publish` and listen for the reply yourself"));
    }
    let options = arguments.get(2).read_lock::<Map>().map(|map| map.clone()).unwrap_or_default();
    let patience = Reader::new(&options, "`request`").milliseconds("timeout");
    let patience = patience.map_err(|error: OptionError| error.to_error())?;
    Ok((publish, patience.unwrap_or(PATIENCE).min(LONGEST)))
}

fn check_version(client: &Client, arguments: &Arguments) -> Result<(), ErrorValue> {
    if client.version() == Version::V5 {
        return Ok(());
    }
    let error = ErrorValue::new(format!("`{}` needs MQTT 5", arguments.function));
    Err(error.with_help("add `protocolVersion: 5` to the connect options"))
}

/// The message of a reply.
fn answer(client: &Client, arguments: &Arguments) -> Result<Publish, ErrorValue> {
    client.check_open()?;
    let given = arguments.get(0);
    let packet = given.read_lock::<PacketValue>().ok_or_else(|| {
        let error = ErrorValue::new(format!("`reply` takes a packet as `packet` but got {}", type_word(given)));
        error.with_class("TypeError").with_help("it is the third argument of `message` and `on_message` listeners")
    })?;
    check_version(client, arguments)?;
    let asked = match packet.packet() {
        Packet::Publish(publish) => publish.properties.as_deref(),
        _ => None,
    };
    let Some((asked, response_topic)) = asked.and_then(|asked| Some((asked, asked.response_topic.as_deref()?))) else {
        let error = ErrorValue::new("the packet has no `responseTopic`: whoever sent it wants no reply");
        return Err(error.with_help("messages that `client.request(...)` sends have one"));
    };
    topic::check_name(response_topic).map_err(|error| {
        ErrorValue::new(error.to_string()).with_cause("it is the `responseTopic` of the packet").with_help(error.help())
    })?;
    let mut publish = message_on(client, response_topic, arguments, &[])?;
    publish.properties.get_or_insert_default().correlation_data.clone_from(&asked.correlation_data);
    Ok(publish)
}

impl Client {
    fn request_reply(&self, mut publish: Publish, patience: Duration, callback: Rc<Callback>) {
        let id = self.prepare_request(&mut publish);
        let client = self.clone();
        let late = late(&publish, patience);
        let action = Action::Run(Rc::new(move |engine| client.fail_request(engine, id, late.clone())));
        // The client keeps the program alive, as long as a reply can come.
        let timer = Timer { action, period: None, referenced: false };
        let timer = self.0.host.event_loop.timers.borrow_mut().add(Instant::now(), patience, timer);
        let token = self.new_token(None, Kind::Request(id));
        self.0.requests.borrow_mut().open.insert(id, Open { callback, timer, token, sent: false });
        self.request(Command::Publish(Request { token: Some(token), packet: publish }));
    }

    fn request_and_wait(&self, engine: &Engine, mut publish: Publish, patience: Duration) -> Returned {
        let deadline = Instant::now().checked_add(patience);
        let id = self.prepare_request(&mut publish);
        let late = late(&publish, patience).with_help(
            "the answer must come from another program, this one waits; `client.request(topic, payload, callback)` does not",
        );
        let token = self.new_token(None, Kind::Request(id));
        self.request(Command::Publish(Request { token: Some(token), packet: publish }));
        if self.0.flags.gave_up.get() {
            self.order(Command::Disappoint);
        }
        let subscribe = self.0.requests.borrow().subscribe;
        let reply_topic = self.0.requests.borrow().topic.clone();
        let mut sent = false;
        let failed = |error: &Error| Some(Outcome::Failed(error.clone()));
        let outcome = self.wait_until(engine, deadline, |event| match event {
            Event::Message(message) if is_reply(&message, &reply_topic, id) => {
                (Some(Outcome::Reply(Box::new(message))), None)
            }
            Event::Completed(completion) if completion.token == token => {
                sent = completion.error.is_none();
                (completion.error.as_ref().and_then(failed), None)
            }
            Event::Written(ref tokens) if tokens.contains(&token) => {
                sent = true;
                (None, Some(event))
            }
            Event::Completed(completion) if Some(completion.token) == subscribe => {
                let refusal = completion.error.as_ref().filter(|error| **error != connection_closed());
                (refusal.and_then(failed), Some(Event::Completed(completion)))
            }
            Event::Closed { .. } if sent => (failed(&connection_closed()), Some(event)),
            Event::GaveUp { connects, .. } if connects == self.0.flags.connects.get() => {
                self.order(Command::Disappoint);
                (None, Some(event))
            }
            Event::Ended { connects, goes_on } if !self.goes_on(connects, goes_on) => {
                (failed(&connection_closed()), Some(event))
            }
            other => (None, Some(other)),
        });
        self.forget(token);
        match outcome {
            Some(Outcome::Reply(message)) => {
                let payload = Dynamic::from(Buffer(message.packet.payload.clone()));
                // Acknowledges it.
                self.deliver_event(engine, Event::Message(*message));
                if self.0.host.event_loop.is_stopped() { Err(stopped()) } else { Ok(payload) }
            }
            Some(Outcome::Failed(error)) => Err(error_value(&error).raise()),
            None if self.0.host.event_loop.is_stopped() => Err(stopped()),
            None => {
                self.order(Command::Withdraw(token));
                Err(self.out_of_reach().unwrap_or(late).raise())
            }
        }
    }

    /// Makes a message a request, and sees to it that its reply will be heard.
    fn prepare_request(&self, publish: &mut Publish) -> RequestId {
        let topic = self.reply_topic();
        if self.0.requests.borrow().subscribe.is_none() {
            self.subscribe_to_replies(&topic);
        }
        let id = {
            let mut requests = self.0.requests.borrow_mut();
            requests.last_id = requests.last_id.wrapping_add(1);
            requests.last_id
        };
        let properties = publish.properties.get_or_insert_default();
        properties.response_topic = Some(topic.to_string());
        properties.correlation_data = Some(Bytes::copy_from_slice(&id.to_be_bytes()));
        if publish.qos != QoS::AtMostOnce {
            publish.id = self.with_core(|core| core.take_id());
        }
        id
    }

    /// Goes out in front of the request. Where the client holds the subscription, from before a reconnect, the session answers by itself.
    fn subscribe_to_replies(&self, topic: &str) {
        let filter = Subscription {
            filter: topic.into(),
            qos: QoS::AtLeastOnce,
            // Nothing that was kept there is a reply to us.
            retain_handling: 2,
            ..Subscription::default()
        };
        let token = self.new_token(None, Kind::ReplyTopic);
        self.0.requests.borrow_mut().subscribe = Some(token);
        self.send_subscribe(Subscribe { id: 0, filters: vec![filter], properties: None }, Some(token));
    }

    /// Where replies come: below what the broker gave out for it `[MQTT 5, 3.1.2.11.6]`, else a topic that nobody else has.
    fn reply_topic(&self) -> ImmutableString {
        let mut requests = self.0.requests.borrow_mut();
        if !requests.topic.is_empty() {
            return requests.topic.clone();
        }
        // Another program with this client id, before or after, has other requests.
        requests.last_id = fastrand::u64(..);
        let unique = format!("{:016x}", fastrand::u64(..));
        let given = self.0.connack.borrow().as_ref().and_then(|connack| match &connack.packet {
            Packet::Connack(connack) => connack.properties.as_ref()?.response_information.clone(),
            _ => None,
        });
        let given = given.map(|given| format!("{}/{unique}", given.trim_end_matches('/')));
        let topic = given.filter(|given| topic::check_name(given).is_ok()).unwrap_or_else(|| {
            let id = self.0.typed.borrow().client_id.replace(['/', '+', '#', '\0'], "_");
            let id: String = id.chars().take(MOST_OF_ID).collect();
            format!("mqttscript/replies/{id}/{unique}")
        });
        requests.topic = topic.into();
        requests.topic.clone()
    }

    /// Whether a message is for this file and not for listeners.
    pub(super) fn is_on_reply_topic(&self, topic: &[u8]) -> bool {
        let requests = self.0.requests.borrow();
        !requests.topic.is_empty() && requests.topic.as_bytes() == topic
    }

    /// Whether a callback waits for a reply.
    pub(super) fn awaits_replies(&self) -> bool {
        !self.0.requests.borrow().open.is_empty()
    }

    /// A message on the reply topic: the request that it names is over.
    pub(super) fn settle_by_reply(&self, engine: &Engine, payload: &Dynamic, packet: &Dynamic) {
        let id = packet.read_lock::<PacketValue>().and_then(|packet| match packet.packet() {
            Packet::Publish(publish) => id_of(publish),
            _ => None,
        });
        if let Some(id) = id {
            self.settle(engine, id, vec![Dynamic::UNIT, payload.clone(), packet.clone()]);
        }
    }

    /// The publish of a request is over.
    pub(super) fn request_was_published(&self, engine: &Engine, id: RequestId, error: Option<&Error>) {
        match error {
            Some(error) => self.fail_request(engine, id, error_value(error)),
            None => {
                if let Some(open) = self.0.requests.borrow_mut().open.get_mut(&id) {
                    open.sent = true;
                }
            }
        }
    }

    /// The subscribe to the reply topic is over.
    pub(super) fn reply_topic_was_granted(&self, engine: &Engine, error: Option<&Error>) {
        let Some(error) = error else { return };
        self.0.requests.borrow_mut().subscribe = None;
        // With the connection lost, requests that were not sent are sent on the next one, which restores the subscription.
        if *error != connection_closed() {
            self.0.requests.borrow_mut().topic = ImmutableString::new();
            self.fail_requests(engine, error, |_| true);
        }
    }

    /// The connection is lost, and with it replies that were on their way.
    pub(super) fn requests_lost_connection(&self, engine: &Engine) {
        self.0.requests.borrow_mut().subscribe = None;
        self.fail_requests(engine, &connection_closed(), |open| open.sent);
    }

    /// A new connection: requests that were not sent yet need their subscription.
    pub(super) fn requests_connected(&self) {
        let requests = self.0.requests.borrow();
        let is_due = requests.subscribe.is_none() && !requests.open.is_empty();
        let topic = requests.topic.clone();
        drop(requests);
        if is_due {
            self.subscribe_to_replies(&topic);
        }
    }

    /// The client has ended.
    pub(super) fn requests_ended(&self, engine: &Engine) {
        self.fail_requests(engine, &connection_closed(), |_| true);
    }

    fn fail_requests(&self, engine: &Engine, error: &Error, is_meant: impl Fn(&Open) -> bool) {
        let requests = self.0.requests.borrow();
        let mut meant: Vec<_> =
            requests.open.iter().filter(|(_, open)| is_meant(open)).map(|(id, open)| (open.token, *id)).collect();
        drop(requests);
        // In call order.
        meant.sort_unstable();
        for (_, id) in meant {
            self.fail_request(engine, id, error_value(error));
        }
    }

    fn fail_request(&self, engine: &Engine, id: RequestId, error: ErrorValue) {
        self.settle(engine, id, vec![Dynamic::from(error)]);
    }

    /// Calls the callback of a request, the first time.
    fn settle(&self, engine: &Engine, id: RequestId, mut arguments: Vec<Dynamic>) {
        let open = self.0.requests.borrow_mut().open.remove(&id);
        let Some(Open { callback, timer, token, sent }) = open else { return };
        self.0.host.event_loop.timers.borrow_mut().clear(timer);
        if !sent {
            // Nobody wants the reply any more: it is not asked for later, perhaps hours after an outage began.
            self.forget(token);
            self.order(Command::Withdraw(token));
        }
        let context = |origin: &_| format!("in the callback of `request` called at {origin}");
        self.0.host.event_loop.call(engine, &callback, &mut arguments, context);
    }
}

fn late(publish: &Publish, patience: Duration) -> ErrorValue {
    let topic = publish.topic_str();
    ErrorValue::new(format!("no reply from `{topic}` within {} ms", patience.as_millis()))
        .with("code", "ETIMEDOUT")
        .with_help(format!("whoever is to answer subscribes to `{topic}` and calls `client.reply(packet, ...)`"))
}

fn is_reply(message: &Message, topic: &str, id: RequestId) -> bool {
    message.topic == topic.as_bytes() && id_of(&message.packet) == Some(id)
}

fn id_of(publish: &Publish) -> Option<RequestId> {
    let data = publish.properties.as_ref()?.correlation_data.as_ref()?;
    Some(RequestId::from_be_bytes(data[..].try_into().ok()?))
}
