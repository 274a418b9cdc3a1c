//! Enhanced authentication, version 5 section 4.12: AUTH packets while the session is being opened, and again later.

use crate::mqtt::client::task::Task;
use crate::mqtt::command::Request;
use crate::mqtt::error::Error;
use crate::mqtt::event::{Completion, Event, Observed, Token};
use crate::mqtt::link::Link;
use crate::mqtt::packet::{Auth, Packet};
use crate::mqtt::session::connection_closed;

/// Continue authentication.
pub const CONTINUE: u8 = 24;

/// What the program says to an AUTH packet.
#[derive(Debug)]
pub enum AuthAnswer {
    /// Send this.
    Send(Auth),
    /// Leave the broker.
    Reject(Error),
}

/// What is under way.
#[derive(Debug, Default)]
pub struct Exchange {
    /// Which attempt to connect this is: an answer is only good for the one that asked.
    pub attempt: u32,
    /// Answers that were not sent yet.
    answers: Vec<(u32, AuthAnswer)>,
    /// Re-authentications that were not begun yet.
    wanted: Vec<Request<Auth>>,
    /// The one that is going on; the inner value is whose callback.
    running: Option<Option<Token>>,
}

impl Exchange {
    /// A new attempt: what belonged to the last one is void.
    pub fn start(&mut self) {
        self.attempt = self.attempt.wrapping_add(1);
        self.answers.clear();
    }

    /// The program answered an AUTH packet.
    pub fn answer(&mut self, attempt: u32, answer: AuthAnswer) {
        self.answers.push((attempt, answer));
    }

    /// The program wants to authenticate again.
    pub fn want(&mut self, request: Request<Auth>) {
        self.wanted.push(request);
    }

    /// The connection is gone: re-authentications fail.
    pub fn abandon(&mut self, events: &mut Vec<Event>) {
        let running = self.running.take().flatten();
        let tokens = running.into_iter().chain(self.wanted.drain(..).filter_map(|request| request.token));
        events.extend(tokens.map(|token| Event::Completed(Completion::failure(token, connection_closed()))));
    }
}

impl Task {
    /// The method that CONNECT named.
    fn auth_method(&self) -> Option<&str> {
        self.options.properties.as_ref()?.authentication_method.as_deref()
    }

    /// AUTH from the broker: the program answers.
    ///
    /// # Errors
    /// It was not asked for, or is about another method `[MQTT-4.12.0-1]`, `[MQTT-4.12.0-5]`.
    pub fn on_auth(&mut self, auth: Auth, length: u32) -> Result<(), Error> {
        let Some(method) = self.auth_method() else {
            return Err(violation("Auth packet received but enhanced authentication was not requested"));
        };
        if auth.properties.as_ref().and_then(|given| given.authentication_method.as_deref()) != Some(method) {
            return Err(violation(&format!(
                "Auth packet Authentication Method does not match the \"{method}\" sent in CONNECT"
            )));
        }
        if auth.reason != 0 && auth.reason != CONTINUE {
            return Err(violation(&format!("Auth packet reason code {} is not one a broker may send", auth.reason)));
        }
        tracing::debug!(reason = auth.reason, "authenticating");
        let attempt = self.exchange.attempt;
        self.events.push(Event::AuthWanted { auth: auth.clone(), length, attempt });
        if auth.reason == 0
            && let Some(token) = self.exchange.running.take().flatten()
        {
            let packet = Some(Observed { packet: Packet::Auth(auth), length });
            self.events.push(Event::Completed(Completion { packet, ..Completion::success(token) }));
        }
        Ok(())
    }

    /// Sends what the program answered, and on a connection that is open what it begins.
    ///
    /// # Errors
    /// The program rejected the broker.
    pub fn send_auth(&mut self, link: &mut Link, is_open: bool) -> Result<(), Error> {
        for (attempt, answer) in std::mem::take(&mut self.exchange.answers) {
            match answer {
                _ if attempt != self.exchange.attempt => {}
                AuthAnswer::Send(auth) => self.push_auth(auth, link)?,
                AuthAnswer::Reject(error) => return Err(error),
            }
        }
        if !is_open {
            return Ok(());
        }
        for Request { token, packet } in std::mem::take(&mut self.exchange.wanted) {
            if self.exchange.running.is_some() {
                let error = Error::new("a re-authentication is going on already");
                self.events.extend(token.map(|token| Event::Completed(Completion::failure(token, error))));
                continue;
            }
            self.exchange.running = Some(token);
            self.push_auth(packet, link)?;
        }
        Ok(())
    }

    fn push_auth(&mut self, auth: Auth, link: &mut Link) -> Result<(), Error> {
        let packet = Packet::Auth(auth);
        let length = link.push_packet(packet.clone()).map_err(|error| Error::new(error.to_string()))?;
        self.report_sent(&packet, length);
        Ok(())
    }
}

fn violation(what: &str) -> Error {
    Error::new(format!("Protocol error: {what}")).with_reason(130)
}
