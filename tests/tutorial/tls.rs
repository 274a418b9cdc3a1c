//! Using SSL (first page) and Connecting Using SSL (second page).

use crate::support::broker::{Broker, Flavour};
use crate::support::script::Script;
use crate::{interrupt, tutorial};

const FLAG: &str = "connected flag  false\n";
const FLAGS: &str = "connected flag  false\nconnected  true\n";

/// A program that stays, with the files it reads in the folder `certs`.
pub fn with_certificates(script: Script, broker: &Broker, url: &str) -> Script {
    let client = broker.authority().client("mqttjs01");
    script
        .file("certs/ca.crt", broker.ca())
        .file("certs/client-certs/client.crt", client.cert)
        .file("certs/client-certs/client.key", client.key)
        .args([url, "certs"])
        .code(130)
}

#[track_caller]
pub fn stays(script: Script, line: &str) {
    let mut running = script.spawn();
    running.wait_for_line(line);
    interrupt(running);
}

/// Never connected: one warning with the cause, which `said` is the beginning of, and its help.
#[track_caller]
fn is_warned(script: Script, url: &str, cause: &str, help: &str) {
    let warning = format!("warning: cannot connect to {url} ({cause}), trying again every 1 s\n");
    let mut running = script.stderr(format!("{warning}help: {help}\n")).spawn();
    running.wait_for_error_line("help: [..]");
    interrupt(running);
}

#[test]
fn ssl_connect() {
    let broker = Broker::start_named(Flavour::Tls, &["pi2.home"]);
    let url = broker.url();
    // The name does not fit, and `rejectUnauthorized: false` lets it pass.
    stays(with_certificates(tutorial("ssl_connect"), &broker, &url).stdout(FLAGS), "connected  true");
    is_warned(
        with_certificates(tutorial("ssl_connect"), &broker, &url).arg("verify").stdout(FLAG),
        &url,
        "the certificate is for `pi2.home`, not for `127.0.0.1`",
        "connect to `pi2.home`, or expect that name: `#{ servername: \"pi2.home\" }`",
    );
}

#[test]
fn ssl_client_certificate() {
    let broker = Broker::start_named(Flavour::MutualTls, &["pi2.home"]);
    let url = broker.url();
    stays(with_certificates(tutorial("ssl_client_certificate"), &broker, &url).stdout(FLAGS), "connected  true");
    // The same without a certificate of its own.
    is_warned(
        with_certificates(tutorial("ssl_connect"), &broker, &url).stdout(FLAG),
        &url,
        "the broker asks for a client certificate",
        "pass one: `#{ cert: fs.readFileSync(\"client.crt\"), key: fs.readFileSync(\"client.key\") }`",
    );
}

#[test]
fn mqtts() {
    let broker = Broker::start_named(Flavour::Tls, &["localhost"]);
    let url = broker.url_by("localhost");
    stays(with_certificates(tutorial("mqtts"), &broker, &url).stdout("connected\n"), "connected");
}

#[test]
fn mqtts_by_address_with_a_servername() {
    let broker = Broker::start_named(Flavour::Tls, &["pi2.home"]);
    let url = broker.url();
    let script = || with_certificates(tutorial("mqtts"), &broker, &url);
    stays(script().arg("pi2.home").stdout("connected\n"), "connected");
    is_warned(
        script(),
        &url,
        "the certificate is for `pi2.home`, not for `127.0.0.1`",
        "connect to `pi2.home`, or expect that name: `#{ servername: \"pi2.home\" }`",
    );
}
