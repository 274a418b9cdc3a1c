//! What blocks the script: the `Async` twins, and what they have in common with `wait`. And what the network side waits for: the address of the next attempt.

use std::cell::Cell;
use std::collections::VecDeque;
use std::time::Instant;

use rhai::{Dynamic, Engine, EvalAltResult, FnPtr, Map};

use crate::api::error::ErrorValue;
use crate::api::mqtt::client::{Client, error_value};
use crate::api::mqtt::options;
use crate::api::net::StreamPlan;
use crate::event_loop::callback::Origin;
use crate::event_loop::incoming::{Incoming, Payload};
use crate::event_loop::{Source, Uncaught};
use crate::mqtt::command::Command;
use crate::mqtt::event::{Completion, Event, Token};
use crate::mqtt::options::Options;
use crate::mqtt::url;

/// The first thing that a blocked `connectAsync` hears.
enum FirstWord {
    /// The session is open, or `end()` was called.
    Settled,
    /// An `error` event.
    Failed(ErrorValue),
    /// The link closed.
    Closed,
    /// The link closed, and there is no next attempt.
    GaveUp,
}

impl Client {
    /// Blocks until a request is over.
    ///
    /// # Errors
    /// Its error, or the program is being stopped.
    pub(super) fn wait_for_completion(&self, engine: &Engine, token: Token) -> Result<Completion, Box<EvalAltResult>> {
        // Nothing can revive a client that gave up while the script blocks.
        if self.0.flags.gave_up.get() {
            self.order(Command::Disappoint);
        }
        let outcome = self.wait_until(engine, None, |event| match event {
            Event::Completed(completion) if completion.token == token => (Some(completion), None),
            Event::Written(mut tokens) => {
                let place = tokens.iter().position(|written| *written == token);
                let written = place.and_then(|place| tokens.remove(place));
                (written.map(Completion::success), (!tokens.is_empty()).then_some(Event::Written(tokens)))
            }
            Event::GaveUp { connects, .. } if connects == self.0.flags.connects.get() => {
                self.order(Command::Disappoint);
                (None, Some(event))
            }
            other => (None, Some(other)),
        });
        self.forget(token);
        let completion = outcome.ok_or_else(|| self.why_nothing_came())?;
        match &completion.error {
            Some(error) => Err(error_value(error).raise()),
            None => Ok(completion),
        }
    }

    /// # Errors
    /// The client was made with `manualConnect` and is not told to connect yet: nothing could end the wait of `function`.
    pub(super) fn check_started(&self, function: &str) -> Result<(), Box<EvalAltResult>> {
        self.check_not_asking(function)?;
        let flags = &self.0.flags;
        // A client that gave up answers by itself.
        if flags.active.get() || flags.gave_up.get() {
            return Ok(());
        }
        let error = ErrorValue::new(format!("`{function}` would wait for ever before `client.connect()`"));
        Err(error.with_help("call `client.connect();` first").raise())
    }

    /// # Errors
    /// The client waits for the answer of the option closure that calls `function`: that would wait for the client in turn.
    pub(super) fn check_not_asking(&self, function: &str) -> Result<(), Box<EvalAltResult>> {
        if !self.0.asking.get() {
            return Ok(());
        }
        let error = ErrorValue::new(format!(
            "`{function}` would wait for ever: its client waits for this option or stream before it can connect"
        ));
        Err(error.with_help("ask another client, or find the value before you connect").raise())
    }

    /// Blocks until the session is open or `end()` was called.
    ///
    /// # Errors
    /// The first `error` event, after which the client has been ended; without retries also the first close.
    pub fn wait_until_connected(&self, engine: &Engine, allow_retries: bool) -> Result<(), Box<EvalAltResult>> {
        loop {
            let error = match self.wait_for_first_word(engine).ok_or_else(|| self.why_nothing_came())? {
                FirstWord::Settled => return Ok(()),
                FirstWord::Closed if allow_retries => continue,
                FirstWord::Closed | FirstWord::GaveUp => ErrorValue::new("Couldn't connect to server"),
                FirstWord::Failed(error) => error,
            };
            self.give_up();
            return Err(error.raise());
        }
    }

    fn wait_for_first_word(&self, engine: &Engine) -> Option<FirstWord> {
        let (word, event) = self.wait_until(engine, None, |event| {
            let word = match &event {
                Event::Connected { .. } | Event::Ended { .. } => FirstWord::Settled,
                Event::Failed { error, .. } => FirstWord::Failed(error_value(error)),
                Event::Closed { .. } => FirstWord::Closed,
                // Without this an error follows.
                Event::GaveUp { unheard: Some(_), .. } => FirstWord::GaveUp,
                _ => return (None, Some(event)),
            };
            (Some((word, event)), None)
        })?;
        // Nobody can listen yet, the client was not handed out; the caller is told.
        if !matches!(event, Event::Failed { .. } | Event::GaveUp { .. }) {
            self.deliver_event(engine, event);
        }
        Some(word)
    }

    /// Blocks until `pick` finds what it looks for among this client's events, or until `deadline`. Events that it gives back wait
    /// their turn. Those that came before are not looked at.
    pub(super) fn wait_until<T>(
        &self,
        engine: &Engine,
        deadline: Option<Instant>,
        mut pick: impl FnMut(Event) -> (Option<T>, Option<Event>),
    ) -> Option<T> {
        self.note_arrived(engine);
        let outer = self.0.waits.replace(self.0.waits.get() + 1);
        self.read_on_if_needed();
        let source = self.0.source;
        let event_loop = &self.0.host.event_loop;
        self.0.is_out_of_reach.set(false);
        let found = event_loop.wait_for(engine, deadline, |incoming| match incoming {
            Incoming { source: from, payload: Payload::Mqtt(events) } if from == source => {
                let mut found = None;
                let mut rest = Vec::new();
                for event in events {
                    if found.is_some() {
                        rest.push(event);
                        continue;
                    }
                    if matches!(event, Event::OutOfReach) {
                        // It may be of an earlier wait.
                        if self.with_core(|core| core.is_answer_out_of_reach()) {
                            self.0.is_out_of_reach.set(true);
                            found = Some(None);
                        }
                        continue;
                    }
                    let (picked, given_back) = pick(event);
                    found = picked.map(Some);
                    rest.extend(given_back);
                }
                (found, Some(Incoming { source, payload: Payload::Mqtt(rest) }))
            }
            other => (None, Some(other)),
        });
        self.0.waits.set(outer);
        self.read_on_if_needed();
        found.flatten()
    }

    /// The error where a wait without a deadline found nothing.
    pub(super) fn why_nothing_came(&self) -> Box<EvalAltResult> {
        self.out_of_reach().map_or_else(stopped, ErrorValue::raise)
    }

    /// The error where a wait ended, because what it waited for was behind too many messages.
    pub(super) fn out_of_reach(&self) -> Option<ErrorValue> {
        let is_stopped = self.0.host.event_loop.is_stopped();
        (!is_stopped && self.0.is_out_of_reach.get()).then(|| {
            ErrorValue::new("too many messages wait in front of what this call waits for")
                .with_help("use the form with a callback, `client.publish(topic, payload, callback)`: it lets messages be handled meanwhile")
        })
    }

    /// The script is about to block: events of the batch that is being delivered are noted as those that arrive from now on. The network
    /// side may wait for an answer to one of them.
    pub(super) fn note_arrived(&self, engine: &Engine) {
        if self.0.are_noted.replace(true) {
            return;
        }
        let arrived = self.0.arrived.take();
        let noted: VecDeque<_> = arrived.into_iter().filter_map(|event| self.note(event)).collect();
        *self.0.arrived.borrow_mut() = noted;
        self.answer(engine);
    }

    /// Tells the network side where to dial: option closures and the stream builder are asked, changed options count.
    pub(super) fn answer_dial(&self, engine: &Engine, endpoint: usize) {
        self.0.asking.set(true);
        let asked = self.options_for_dial(engine, endpoint);
        self.0.asking.set(false);
        let options = match asked {
            Ok(options) => options.map(Box::new),
            Err(error) => {
                self.0.host.event_loop.fail(Uncaught {
                    error: error.raise(),
                    callback: self.0.builder.clone(),
                    context: "while asking where to connect".into(),
                });
                None
            }
        };
        self.order(Command::Dial(options));
        self.with_core(|core| core.flush());
    }

    /// `None`: an option closure or the stream builder threw, which is reported.
    fn options_for_dial(&self, engine: &Engine, endpoint: usize) -> Result<Option<Options>, ErrorValue> {
        let map = self.0.options.read_lock::<Map>().map(|map| map.clone()).unwrap_or_default();
        let threw = Cell::new(false);
        let ask = |function: &FnPtr| {
            let value = self.ask(engine, function);
            threw.set(threw.get() || value.is_none());
            value
        };
        let read = options::read(self.0.url.as_deref(), &map, &self.0.host.access, &ask);
        if threw.get() {
            return Ok(None);
        }
        let mut wanted = read.map_err(|error| error.to_error())?;
        if !map.contains_key("clientId") {
            wanted.options.client_id.clone_from(&self.0.typed.borrow().client_id);
        }
        if let Some(transform) = wanted.transform_ws_url.take()
            && !self.transform_url(engine, &transform, endpoint, &mut wanted.options)?
        {
            return Ok(None);
        }
        if let Some(builder) = &self.0.builder {
            let mut arguments = [Dynamic::from(self.clone())];
            let context = |origin: &Origin| format!("in the stream builder of `mqtt.Client` called at {origin}");
            let Some(made) = self.0.host.event_loop.call(engine, builder, &mut arguments, context) else {
                return Ok(None);
            };
            let plan = made.try_cast::<StreamPlan>().ok_or_else(|| {
                ErrorValue::new("the stream builder of `mqtt.Client` must return a stream")
                    .with_help("write `mqtt.Client(|client| net.connect(1883, \"localhost\"), options)`")
            })?;
            plan.apply(&mut wanted.options);
        }
        // Again at each attempt, as the options may have changed.
        super::super::check_dial(&self.0.host, &wanted.options).map_err(|refusal| refusal.to_error())?;
        *self.0.typed.borrow_mut() = wanted.options.clone();
        self.with_core(|core| core.set_limit(wanted.options.queue_limit));
        Ok(Some(wanted.options))
    }

    /// Lets `transformWsUrl` change the URL of a WebSocket endpoint. False: it threw, which is reported.
    fn transform_url(
        &self,
        engine: &Engine,
        transform: &FnPtr,
        endpoint: usize,
        options: &mut Options,
    ) -> Result<bool, ErrorValue> {
        let place = endpoint % options.endpoints.len();
        let endpoint = &options.endpoints[place];
        if !endpoint.scheme.is_websocket() {
            return Ok(true);
        }
        let arguments = vec![url::of(endpoint).into(), self.0.options.clone(), Dynamic::from(self.clone())];
        let Some(url) = self.ask_with(engine, transform, arguments) else { return Ok(false) };
        let Ok(url) = url.into_string() else {
            return Err(ErrorValue::new("`transformWsUrl` must return a URL as text")
                .with_help("write `transformWsUrl: |url| url + \"?token=...\"`"));
        };
        options.endpoints[place] =
            options::websocket_endpoint(&url, &mut options.ws_headers).map_err(|error| error.to_error())?;
        Ok(true)
    }

    fn ask(&self, engine: &Engine, function: &FnPtr) -> Option<Dynamic> {
        self.ask_with(engine, function, Vec::new())
    }

    fn ask_with(&self, engine: &Engine, function: &FnPtr, arguments: Vec<Dynamic>) -> Option<Dynamic> {
        match self.0.context.call(engine, function, arguments) {
            Ok(value) => Some(value),
            Err(error) => {
                let context = "in a connect option that is a closure".into();
                self.0.host.event_loop.fail(Uncaught { error, callback: None, context });
                None
            }
        }
    }
}

/// `process.exit` was called, or a signal came, while the script blocked.
pub(super) fn stopped() -> Box<EvalAltResult> {
    Box::new(EvalAltResult::ErrorTerminated(Dynamic::UNIT, rhai::Position::NONE))
}
