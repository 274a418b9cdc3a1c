//! `mqttscript broker`: an MQTT broker for development, until Ctrl-C.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use bytes::Bytes;
use clap::Args;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::broker::{Broker, Config, Error, Listen, MAX_PACKET_SIZE, Scheme, Tls, read_password_file};
use crate::diagnostics::{Diagnostic, render};

/// Arguments of `mqttscript broker`.
#[derive(Debug, Args)]
pub struct BrokerArgs {
    /// Where to listen: mqtt://, mqtts://, ws:// or wss:// with host and port; may be repeated.
    ///
    /// Port 0 picks a free one. mqtt:// and ws:// accept both MQTT and WebSocket (on any path) on the same port;
    /// mqtts:// and wss:// also insist on TLS. [default: mqtt://127.0.0.1:1883]
    #[arg(long = "listen", value_name = "URL")]
    pub listen: Vec<String>,
    /// Let in only the users of this file: one `name:password` a line, in clear text, `#` starts a comment.
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<PathBuf>,
    /// Let in only TLS clients with a certificate signed by this one (PEM).
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub ca: Option<PathBuf>,
    /// The broker's certificate with its chain (PEM); needed for mqtts:// and wss://.
    #[arg(long, value_name = "FILE", requires = "key")]
    pub cert: Option<PathBuf>,
    /// The certificate's private key (PEM).
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub key: Option<PathBuf>,
}

/// Runs the broker until SIGINT or SIGTERM; the exit code is then 130 or 143. 1 if it does not start.
pub fn run(args: BrokerArgs) -> ExitCode {
    // Before the first line is printed, so that whoever waits for that line may send a signal.
    let mut signals = match Signals::new([SIGINT, SIGTERM]) {
        Ok(signals) => signals,
        Err(source) => return fail(&Error::Thread { source }),
    };
    let broker = match configure(args).and_then(Broker::start) {
        Ok(broker) => broker,
        Err(error) => return fail(&error),
    };
    let mut out = std::io::stdout().lock();
    for url in broker.urls() {
        // Nobody reading is no reason to stop.
        let _ = writeln!(out, "listening on {url}");
    }
    let _ = out.flush();
    let signal = signals.forever().next().unwrap_or(SIGINT);
    broker.stop();
    ExitCode::from(if signal == SIGTERM { 143 } else { 130 })
}

fn configure(args: BrokerArgs) -> Result<Config, Error> {
    let listeners = if args.listen.is_empty() {
        vec![Listen::new(Scheme::Mqtt, "127.0.0.1", 1883)]
    } else {
        args.listen.iter().map(|url| url.parse()).collect::<Result<_, _>>()?
    };
    let users = args.password_file.as_deref().map(read_password_file).transpose()?;
    let tls = match (&args.cert, &args.key) {
        (Some(cert), Some(key)) => Some(Tls {
            ca: args.ca.as_deref().map(read).transpose()?,
            cert: read(cert)?,
            key: read(key)?,
            require_client_cert: args.ca.is_some(),
        }),
        _ => None,
    };
    Ok(Config { listeners, users: users.unwrap_or_default(), tls, max_packet_size: MAX_PACKET_SIZE })
}

fn read(path: &Path) -> Result<Bytes, Error> {
    std::fs::read(path).map(Bytes::from).map_err(|source| Error::File { path: path.to_path_buf(), source })
}

fn fail(error: &Error) -> ExitCode {
    let diagnostic = Diagnostic::error(error.to_string());
    render::print(&match error.help() {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    });
    ExitCode::FAILURE
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        broker: BrokerArgs,
    }

    fn parse(words: &[&str]) -> Result<BrokerArgs, clap::Error> {
        Line::try_parse_from([&["broker"], words].concat()).map(|line| line.broker)
    }

    fn urls(words: &[&str]) -> Result<Vec<String>, String> {
        let config = configure(parse(words).expect("the words are known")).map_err(|error| error.to_string())?;
        Ok(config.listeners.iter().map(Listen::url).collect())
    }

    #[test]
    fn listens_where_it_is_told() {
        assert_eq!(urls(&[]), Ok(vec!["mqtt://127.0.0.1:1883".into()]));
        assert_eq!(
            urls(&["--listen", "mqtt://[::1]", "--listen", "ws://0.0.0.0:9001"]),
            Ok(vec!["mqtt://[::1]:1883".into(), "ws://0.0.0.0:9001".into()])
        );
        assert_eq!(
            urls(&["--listen", "1883"]),
            Err("`1883` is not an address to listen on: the scheme is missing".into())
        );
    }

    #[test]
    fn certificate_and_key_come_together() {
        for words in [["--cert", "x"], ["--key", "x"], ["--ca", "x"]] {
            assert!(parse(&words).is_err(), "{words:?}");
        }
        assert!(parse(&["--ca", "x", "--cert", "x", "--key", "x"]).is_ok());
        let missing = urls(&["--cert", "/nowhere/cert", "--key", "/nowhere/key"]).expect_err("there is no such file");
        assert!(missing.starts_with("cannot read `/nowhere/cert`: "), "{missing}");
    }

    #[test]
    fn a_certificate_authority_means_that_clients_need_a_certificate() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("pem");
        std::fs::write(&file, "pem").expect("a file");
        let file = file.to_str().expect("its name is text");
        let tls =
            |words: &[&str]| configure(parse(words).expect("known")).expect("readable").tls.expect("there is one");
        assert!(!tls(&["--cert", file, "--key", file]).require_client_cert);
        assert!(tls(&["--ca", file, "--cert", file, "--key", file]).require_client_cert);
    }
}
