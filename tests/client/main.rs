//! The client object from outside: scripts against a peer that speaks exact packets.
//!
//! What is wanted is what MQTT.js does, or what the contract says is better; where the two differ a test says so.

/// What a call refuses, and in which words.
mod calls;
/// Ends, and what comes after them.
mod ending;
/// Connections that fail: order of events, arguments, flags.
mod events;
/// Brokers that send what they should not.
mod garbage;
/// Connect options that cannot be, and those that change while the client lives.
mod options;
/// Packets as scripts see them.
mod packets;
/// What requests and messages lead to, in which order.
mod requests;
/// Properties and methods besides publish and subscribe.
mod state;
#[path = "../support/mod.rs"]
mod support;
/// Compares what a traced client printed.
mod trace;
/// What is said on stderr when nobody listens.
mod unheard;

use support::script::Script;

/// Script functions for the tests: `trace(client)` prints every event with the flags that are true while it is emitted,
/// `flags(client)` gives those flags, `thrown(f)` prints what `f` throws.
const PRELUDE: &str = r#"
let mqtt = require("mqtt");
let net = require("net");
let tls = require("tls");
fn flags(client) {
    let text = "";
    if client.connected { text += " connected"; }
    if client.reconnecting { text += " reconnecting"; }
    if client.disconnecting { text += " disconnecting"; }
    if client.disconnected == true { text += " disconnected"; }
    text
}
fn trace(client) {
    for name in ["connect", "reconnect", "close", "offline", "disconnect", "end", "message", "outgoingEmpty"] {
        let event = name;
        client.on(event, || console.log(event + flags(client)));
    }
    client.on("error", |error| console.log("error" + flags(client) + ": " + error.message, error.code));
}
fn thrown(f) {
    try { f.call(); console.log("nothing thrown"); } catch (error) { console.log(error.name + ": " + error.message); }
}
"#;

/// A script behind [`PRELUDE`], in which `BROKER` stands for the peer's URL.
fn script(url: &str, text: &str) -> Script {
    let prelude = PRELUDE.replace('\n', " ");
    Script::new(format!("{}\n{}", prelude.trim(), text.trim_start().replace("BROKER", url)))
}

/// User name and password of a CONNECT.
fn login(username: &str, password: &str) -> rumqttc_v4::ConnectAuth {
    rumqttc_v4::ConnectAuth::UsernamePassword { username: username.into(), password: password.to_owned().into() }
}
