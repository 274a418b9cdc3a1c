//! Whose turn it is: callbacks that wait for others in the middle of a message, an outage or a `done`.

use crate::prelude::script;
use crate::request::{grant_replies, reply};
use crate::support::link::{Link, V5};
use crate::support::peer::Peer;
use crate::support::script::Running;
use crate::wire::{GOODBYE, accept, next_id, publish, success};

const PUBACK: u8 = 0x40;
const QOS_1: u8 = 2;

fn connected(peer: &Peer, text: &str, stdout: &str) -> (Running, Link<V5>) {
    let text = format!("let c = mqtt.connect(\"BROKER\", #{{protocolVersion: 5, reconnectPeriod: 10}});\n{text}");
    let running = script(&peer.url(), &text).stdout(stdout).spawn();
    let link = accept(peer, &[]);
    (running, link)
}

fn send(link: &mut Link<V5>, topic: &str, id: u16) {
    link.send_bytes(&publish(QOS_1, topic, id, &[], "x"));
}

/// What tells of the outage has its turn after the script heard of the next connection.
#[test]
fn an_outage_that_is_told_late_does_not_undo_the_connection_after_it() {
    let peer = Peer::listen();
    let text = r#"
        c.on("close", || console.log("close", c.connected));
        c.on("offline", || {
            console.log("offline", c.connected, c.state, c.reconnecting);
            set_immediate(|| {
                console.log(c.connected, c.state, c.reconnecting);
                c.once("close", || console.log(c.state));
                c.end();
            });
        });
        c.wait("connect");
        c.wait("close");
        c.wait("connect");
    "#;
    let stdout = "close false\noffline true connected false\ntrue connected false\nclose false\nending\n";
    let (running, link) = connected(&peer, text, stdout);
    link.close();
    let mut link = accept(&peer, &[]);
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}

#[test]
fn a_request_fails_with_its_connection_though_the_next_one_is_heard_of_first() {
    let peer = Peer::listen();
    let text = r#"
        c.request("q", "?", |error| { console.log(error.message); c.end(); });
        c.publish("a", "", || {
            while c.connected { sleep(1); }
            console.log("lost");
            c.wait("connect");
            console.log("waited");
        });
    "#;
    let (mut running, mut link) = connected(&peer, text, "lost\nConnection closed\nwaited\n");
    grant_replies(&mut link);
    next_id(&mut link, "q");
    next_id(&mut link, "a");
    link.close();
    running.wait_for_line("lost");
    let mut link = accept(&peer, &[]);
    link.grant();
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}

/// The reply is a message, and `done` may need it.
#[test]
fn a_reply_comes_in_while_a_message_waits_for_done_and_no_hook_sees_it() {
    let peer = Peer::listen();
    let text = r#"
        c.on("connect", || console.log("connect"));
        c.handleMessage = |packet, done| {
            console.log("handle", packet.topic);
            if packet.topic == "b" { done.call(); return c.end(); }
            c.request("q", "?", |error, message| { console.log("reply", "" + message); done.call(); });
        };
    "#;
    let (running, mut link) = connected(&peer, text, "connect\nhandle a\nreply !\nhandle b\n");
    send(&mut link, "a", 1);
    send(&mut link, "b", 2);
    grant_replies(&mut link);
    let request = link.read_publish();
    link.send(reply(&request, "!"));
    link.expect_bytes(&success(PUBACK, 1));
    link.expect_bytes(&success(PUBACK, 2));
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}

/// Neither `done` is lost.
#[test]
fn a_listener_waits_for_a_message_whose_done_comes_later() {
    let peer = Peer::listen();
    let text = r#"
        let waiting = [];
        c.handleMessage = |packet, done| {
            console.log("handle", packet.topic);
            waiting.push(done);
            if packet.topic == "a" { set_immediate(|| waiting.forEach(|done| done.call())); }
            if packet.topic == "c" { done.call(); c.end(); }
        };
        c.on_message("a", || { c.wait("b"); console.log("waited"); });
    "#;
    let (running, mut link) = connected(&peer, text, "handle b\nwaited\nhandle a\nhandle c\n");
    for (id, topic) in [(1, "a"), (2, "b"), (3, "c")] {
        send(&mut link, topic, id);
    }
    // In the order in which they were handled.
    for id in [2, 1, 3] {
        link.expect_bytes(&success(PUBACK, id));
    }
    link.expect_bytes(GOODBYE);
    link.close();
    running.finish();
}

#[test]
fn wait_finds_a_message_that_waits_behind_a_done_once() {
    let peer = Peer::listen();
    let text = r#"
        c.on("message", |topic| console.log("message", topic));
        c.handleMessage = |packet, done| {
            if packet.topic == "b" { done.call(); return c.end(); }
            process.stdin.on("line", |line| {
                console.log("waited for", c.wait("b", 5000).topic);
                try { c.wait("b", 1); } catch (error) { console.log(error.code); }
                done.call();
            });
            console.log("ready");
        };
    "#;
    let stdout = "message a\nready\nwaited for b\nETIMEDOUT\nmessage b\n";
    let (mut running, mut link) = connected(&peer, text, stdout);
    send(&mut link, "a", 1);
    send(&mut link, "b", 2);
    running.wait_for_line("ready");
    running.stdin_line("go");
    link.expect_bytes(&success(PUBACK, 1));
    link.expect_bytes(&success(PUBACK, 2));
    link.expect_bytes(GOODBYE);
    link.close();
    running.close_stdin();
    running.finish();
}

/// What would acknowledge the message waits for the end itself.
#[test]
fn an_end_that_is_waited_for_does_not_wait_for_messages_that_cannot_be_handled() {
    for text in [
        r#"c.on("message", |topic| { c.end(); c.wait("end", 5000); console.log("ended"); });"#,
        r#"c.wait("packetreceive"); c.end(); c.wait("end", 5000); console.log("ended");"#,
    ] {
        let peer = Peer::listen();
        let (running, mut link) = connected(&peer, text, "ended\n");
        send(&mut link, "a", 1);
        link.expect_bytes(GOODBYE);
        link.close();
        running.finish();
    }
}
