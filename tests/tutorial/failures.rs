//! Connection Failures.

use rumqttc_v4::ConnectReturnCode;

use crate::support::broker::{Broker, Flavour, USER, broker};
use crate::support::link::{Link, V4};
use crate::support::packets::v4::refusal;
use crate::support::peer::{Peer, free_port};
use crate::{interrupt, tutorial};

#[test]
fn a_wrong_password() {
    let broker = Broker::start(Flavour::Password);
    tutorial("connection_failure")
        .arg(format!("mqtt://{USER}:wrong@127.0.0.1:{}", broker.port()))
        .stdout("Can't connectErrorWithReasonCode: Connection refused: Not authorized\n")
        .code(1)
        .run();
}

#[test]
fn a_wrong_port() {
    let port = free_port();
    tutorial("connection_failure")
        .arg(format!("mqtt://127.0.0.1:{port}"))
        .stdout(format!("Can't connectError: connect ECONNREFUSED 127.0.0.1:{port}\n"))
        .code(1)
        .run();
}

#[test]
fn no_failure() {
    let broker = broker();
    let mut running = tutorial("connection_failure")
        .flag("-v")
        .arg(broker.url())
        .stderr(
            "[..] DEBUG dialling [..]\n[..] DEBUG connected session_present=false keepalive=60\n[..] DEBUG closed cause=asked for by the program\n",
        )
        .code(130)
        .spawn();
    running.wait_for_error_line("[..] DEBUG connected[..]");
    interrupt(running);
    let peer = Peer::listen();
    let running = tutorial("connection_failure").arg(peer.url()).code(130).spawn();
    let mut link: Link<V4> = peer.accept();
    link.handshake();
    interrupt(running);
    link.expect_goodbye();
}

/// A program without an `error` listener, which the tutorial's first ones are.
#[test]
fn a_refusal_that_nobody_listens_for() {
    let peer = Peer::listen();
    let running = tutorial("username_password")
        .arg(peer.url())
        .code(1)
        .stderr(format!(
            "error: the broker at {} refused the connection (code 5): Not authorized\n\
             help: check `username` and `password` in the connect options\n",
            peer.url()
        ))
        .spawn();
    let mut link: Link<V4> = peer.accept();
    link.read_connect();
    link.send(refusal(ConnectReturnCode::NotAuthorized));
    link.expect_closed();
    running.finish();
}
