//! `net.connect` and `tls.connect` from `require("net")` and `require("tls")`: streams for `mqtt.Client(streamBuilder, options)`.
//!
//! What they return is a plan of a stream; the client opens it when the builder has returned.

use rhai::{Dynamic, Engine, ImmutableString, Map};

use crate::api::arguments::{Arguments, Returned, method};
use crate::api::error::ErrorValue;
use crate::api::fs::Access;
use crate::api::host_value::{self, HostValue, Shown};
use crate::api::mqtt::options;
use crate::api::mqtt::reader::Reader;
use crate::api::view::{View, view};
use crate::mqtt::options::{Endpoint, Options, Scheme, TlsOptions};

/// `require("net")`.
#[derive(Debug, Clone)]
pub struct Net;

/// `require("tls")`.
#[derive(Debug, Clone)]
pub struct Tls;

/// A stream to be opened.
#[derive(Debug, Clone)]
pub struct StreamPlan {
    endpoint: Endpoint,
    tls: Option<TlsOptions>,
}

impl StreamPlan {
    /// Makes a client dial this stream.
    pub fn apply(self, options: &mut Options) {
        options.endpoints = vec![self.endpoint];
        // As in Node such a stream is what it says, whatever the way of others.
        options.proxy = None;
        if let Some(tls) = self.tls {
            options.tls = tls;
        }
    }
}

impl HostValue for StreamPlan {
    const NAME: &'static str = "Stream";

    fn shown(&self) -> Shown {
        let Endpoint { host, port, path, .. } = &self.endpoint;
        let fields = if host.is_empty() {
            vec![("path".into(), path.clone().into())]
        } else {
            vec![("host".into(), host.clone().into()), ("port".into(), i64::from(*port).into())]
        };
        Shown::Record { name: Self::NAME.into(), fields }
    }
}

/// Registers the types.
pub fn register(engine: &mut Engine, access: &Access) {
    host_value::register::<StreamPlan>(engine);
    engine.register_type_with_name::<Net>("net").register_type_with_name::<Tls>("tls");
    for name in ["connect", "createConnection"] {
        let access = access.clone();
        method::<Net>(engine, name, 1..=3, move |_, arguments| plan(&access, &arguments, false));
    }
    let access = access.clone();
    method::<Tls>(engine, "connect", 1..=4, move |_, arguments| plan(&access, &arguments, true));
}

fn plan(access: &Access, arguments: &Arguments, secure: bool) -> Returned {
    let scheme = if secure { Scheme::Mqtts } else { Scheme::Mqtt };
    let unix = |path: &str| Endpoint { scheme: Scheme::Unix, host: String::new(), port: 0, path: path.into() };
    let tcp = |host: Option<&str>, port| Endpoint {
        scheme,
        host: host.unwrap_or("localhost").into(),
        port,
        path: "/".into(),
    };
    let options =
        arguments.values.iter().find_map(|value| value.read_lock::<Map>().map(|map| map.clone())).unwrap_or_default();
    let reader = Reader::new(&options, "`connect`");
    let read = || {
        let path = reader.text("path")?;
        let host = reader.text("host")?;
        let port = reader.number("port")?;
        let tls = secure.then(|| options::tls::tls(&reader, access)).transpose()?;
        Ok((path, host, port, tls))
    };
    let (path, host, port, tls) =
        read().map_err(|error: crate::api::mqtt::reader::OptionError| error.to_error().raise())?;
    let endpoint = match view(arguments.get(0)) {
        View::Int(number) => {
            let port = u16::try_from(number).map_err(|_| arguments.wrong(0, "port", "a number from 1 to 65535"))?;
            let named = arguments.get(1).read_lock::<ImmutableString>().map(|text| text.to_string());
            tcp(named.or(host).as_deref(), port)
        }
        // Node takes a port as text too, as `process.argv` gives it.
        View::Text(text) => match text.parse() {
            Ok(port) => {
                let named = arguments.get(1).read_lock::<ImmutableString>().map(|text| text.to_string());
                tcp(named.or(host).as_deref(), port)
            }
            Err(_) => unix(&text),
        },
        View::Map(_) => match (path, port) {
            (Some(path), _) => unix(&path),
            (None, Some(port)) => tcp(host.as_deref(), port),
            (None, None) => {
                let error = ErrorValue::new("The \"options\" or \"port\" or \"path\" argument must be specified");
                return Err(error.with("code", "ERR_MISSING_ARGS").raise());
            }
        },
        _ => return Err(arguments.wrong(0, "port", "a port, a path or a map")),
    };
    access.permissions().check_dial(&endpoint).map_err(|refusal| refusal.raise())?;
    Ok(Dynamic::from(StreamPlan { endpoint, tls }))
}
