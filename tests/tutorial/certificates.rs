//! `scripts/make_certificates.sh`, from the certificates it makes to the connection they protect.

use std::process::Command;

use crate::support::broker::is_mosquitto;
use crate::support::script::Script;
use crate::tls::stays;
use crate::{interrupt, scripts, tutorial};

/// Needs openssl, which is there where mosquitto was asked for; without it there is nothing to test.
#[test]
fn make_certificates() {
    if !is_mosquitto() {
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let certs = folder.path().join("certs");
    let made =
        Command::new("sh").arg(scripts().join("make_certificates.sh")).arg(&certs).output().expect("there is sh");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let said = String::from_utf8_lossy(&made.stdout);
    assert!(said.contains("server.crt (pi2.home localhost 127.0.0.1 ::1)"), "{said}");

    let file = |name: &str| certs.join(name).into_os_string();
    let mut broker = Script::bare()
        .flag("broker")
        .args(["--listen", "mqtts://127.0.0.1:0"])
        .args(["--cert".into(), file("server.crt"), "--key".into(), file("server.key")])
        .args(["--ca".into(), file("ca.crt")])
        .stdout("listening on mqtts://127.0.0.1:[..]\n")
        .code(130)
        .spawn();
    let line = broker.next_line();
    let url = line.strip_prefix("listening on ").expect("its URL");
    let allow = format!("--allow-read={}", certs.display());
    let with = |script: Script, url: &str| script.flag(&allow).arg(url).arg(&certs).code(130);
    let flags = "connected flag  false\nconnected  true\n";
    stays(with(tutorial("ssl_client_certificate"), url).stdout(flags), "connected  true");
    stays(
        with(tutorial("ssl_client_certificate"), &url.replace("127.0.0.1", "localhost")).stdout(flags),
        "connected  true",
    );
    interrupt(broker);

    let mut open = Script::bare()
        .flag("broker")
        .args(["--listen", "mqtts://127.0.0.1:0"])
        .args(["--cert".into(), file("server.crt"), "--key".into(), file("server.key")])
        .stdout("listening on mqtts://127.0.0.1:[..]\n")
        .code(130)
        .spawn();
    let line = open.next_line();
    let url = line.strip_prefix("listening on ").expect("its URL");
    stays(with(tutorial("mqtts"), url).stdout("connected\n"), "connected");
    stays(with(tutorial("mqtts"), url).arg("pi2.home").stdout("connected\n"), "connected");
    stays(with(tutorial("wss"), &url.replace("mqtts", "wss")).stdout("connected\n"), "connected");
    interrupt(open);
}
