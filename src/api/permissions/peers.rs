//! Whom a program may talk to: hosts, ports, sockets.

use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use super::paths::{Last, leads_to};

/// A part of `--allow-net=HOSTS`, or somebody to be dialled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Peer {
    /// `broker.lab`, `broker.lab:1883`, `[::1]:1883`.
    Host {
        /// Lower case, without brackets and without a dot at the end; addresses in their shortest form.
        name: String,
        /// `None`: any.
        port: Option<u16>,
    },
    /// `*.lab`: what ends so, but not `lab` itself.
    Below {
        /// With the dot in front.
        suffix: String,
        /// `None`: any.
        port: Option<u16>,
    },
    /// A unix socket.
    Socket {
        /// As written.
        path: PathBuf,
        /// Where that leads.
        target: PathBuf,
    },
}

impl Peer {
    /// A host by its name or address without brackets.
    pub fn host(name: &str, port: Option<u16>) -> Self {
        Self::Host { name: normal(name), port }
    }

    /// A unix socket.
    pub fn socket(path: &str) -> Self {
        let path = Path::new(path);
        Self::Socket { path: path.to_path_buf(), target: leads_to(path, Last::Followed) }
    }

    /// Reads a part of `--allow-net=HOSTS`.
    ///
    /// # Errors
    /// It is a URL, or its port is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Some((_, rest)) = text.split_once("://") {
            let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
            return Err(format!("a URL is no host, write `{}`", host.split('/').next().unwrap_or_default()));
        }
        if text.contains('/') {
            return Ok(Self::socket(text));
        }
        let (host, port) = match text.strip_prefix('[').map(|rest| rest.split_once(']')) {
            Some(Some((address, ""))) => (address, None),
            Some(Some((address, rest))) => (address, Some(rest.strip_prefix(':').unwrap_or(rest))),
            Some(None) => return Err(format!("`{text}` has no `]`")),
            // Several colons: an address of IPv6 that was left without brackets.
            None if text.matches(':').count() > 1 => (text, None),
            None => text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port))),
        };
        let port = match port.map(|port| (port, port.parse::<u16>())) {
            None => None,
            Some((_, Ok(port))) if port > 0 => Some(port),
            Some((port, _)) => return Err(format!("the port `{port}` is not a number from 1 to 65535")),
        };
        if host.is_empty() || host.contains(char::is_whitespace) {
            return Err(format!("`{text}` names no host, write for example `localhost:1883`"));
        }
        match host.strip_prefix('*') {
            Some(rest) if rest.len() > 1 && rest.starts_with('.') && !rest.contains('*') => {
                Ok(Self::Below { suffix: normal(rest), port })
            }
            _ if host.contains('*') => Err(format!("`{text}`: `*` stands only in front of a domain, `*.example.com`")),
            _ => Ok(Self::host(host, port)),
        }
    }

    /// Whether this, an allowed one, allows `dialled`.
    pub fn covers(&self, dialled: &Self) -> bool {
        let fits = |allowed: Option<u16>, port: Option<u16>| allowed.is_none() || allowed == port;
        match (self, dialled) {
            (Self::Host { name, port }, Self::Host { name: other, port: dialled }) => {
                name == other && fits(*port, *dialled)
            }
            (Self::Below { suffix, port }, Self::Host { name, port: dialled }) => {
                name.len() > suffix.len() && name.ends_with(suffix.as_str()) && fits(*port, *dialled)
            }
            (Self::Socket { target, .. }, Self::Socket { target: other, .. }) => target == other,
            _ => false,
        }
    }
}

fn normal(name: &str) -> String {
    if let Ok(address) = name.parse::<IpAddr>() {
        return address.to_string();
    }
    let name = name.to_ascii_lowercase();
    name.strip_suffix('.').map(str::to_owned).unwrap_or(name)
}

/// As it is written behind `--allow-net=`.
impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host { name, port } => {
                if name.contains(':') {
                    write!(f, "[{name}]")?
                } else {
                    f.write_str(name)?
                }
                // Port 0, any free one, cannot be named.
                port.filter(|port| *port > 0).map_or(Ok(()), |port| write!(f, ":{port}"))
            }
            Self::Below { suffix, port } => {
                write!(f, "*{suffix}")?;
                port.map_or(Ok(()), |port| write!(f, ":{port}"))
            }
            // A name alone would be that of a host.
            Self::Socket { path, .. } if path.components().count() == 1 && path.is_relative() => {
                write!(f, "./{}", path.display())
            }
            Self::Socket { path, .. } => write!(f, "{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Peer;

    fn covers(allowed: &str, dialled: &Peer) -> bool {
        Peer::parse(allowed).expect("it can be read").covers(dialled)
    }

    fn at(host: &str, port: u16) -> Peer {
        Peer::host(host, Some(port))
    }

    #[test]
    fn a_host_is_allowed_on_every_port_or_on_one() {
        assert!(covers("broker.lab", &at("broker.lab", 1)));
        assert!(covers("broker.lab:1883", &at("broker.lab", 1883)));
        assert!(!covers("broker.lab:1883", &at("broker.lab", 8883)));
        assert!(!covers("broker.lab", &at("broker.lab.evil", 1)));
        assert!(!covers("broker.lab", &at("x.broker.lab", 1)));
        assert!(!covers("broker.lab", &at("lab", 1)));
    }

    #[test]
    fn case_and_a_last_dot_do_not_matter() {
        assert!(covers("Broker.LAB", &at("bROKER.lab.", 1)));
        assert!(covers("broker.lab.", &at("broker.lab", 1)));
    }

    #[test]
    fn addresses_are_compared_as_such() {
        assert!(covers("[::1]", &at("0:0:0:0:0:0:0:1", 1)));
        assert!(covers("::1", &at("::1", 1)));
        assert!(covers("[::1]:1883", &at("::1", 1883)));
        assert!(!covers("[::1]:1883", &at("::1", 1884)));
        assert!(!covers("127.0.0.1", &at("127.0.0.11", 1)));
        // What a resolver would make of it does not count.
        assert!(!covers("127.0.0.1", &at("localhost", 1)));
        assert!(!covers("127.0.0.1", &at("127.1", 1)));
    }

    #[test]
    fn a_star_stands_for_what_is_below_a_domain() {
        assert!(covers("*.lab", &at("a.lab", 1)));
        assert!(covers("*.lab", &at("a.b.LAB", 1)));
        assert!(covers("*.lab:1883", &at("a.lab", 1883)));
        assert!(!covers("*.lab:1883", &at("a.lab", 1)));
        assert!(!covers("*.lab", &at("lab", 1)));
        assert!(!covers("*.lab", &at("evillab", 1)));
        assert!(!covers("*.lab", &at(".lab", 1)));
    }

    #[test]
    fn sockets_are_paths() {
        assert!(covers("/run/a.sock", &Peer::socket("/run/../run/a.sock")));
        assert!(covers("./a.sock", &Peer::socket("a.sock")));
        assert!(!covers("/run/a.sock", &Peer::socket("/run/b.sock")));
        assert!(!covers("/run/a.sock", &Peer::socket("/run/a.sock/b")));
        assert!(!covers("a.sock", &Peer::socket("a.sock")));
        assert!(!covers("/run/a.sock", &at("/run/a.sock", 0)));
    }

    #[test]
    fn mistakes_are_told() {
        for (text, wanted) in [
            ("mqtt://u:p@broker:1883/x", "a URL is no host, write `broker:1883`"),
            ("broker:0", "the port `0` is not a number from 1 to 65535"),
            ("broker:x", "the port `x` is not a number from 1 to 65535"),
            ("[::1]x", "the port `x` is not a number from 1 to 65535"),
            ("[::1", "`[::1` has no `]`"),
            (":1883", "`:1883` names no host, write for example `localhost:1883`"),
            ("a b", "`a b` names no host, write for example `localhost:1883`"),
            ("*", "`*`: `*` stands only in front of a domain, `*.example.com`"),
            ("*.", "`*.`: `*` stands only in front of a domain, `*.example.com`"),
            ("a.*.b", "`a.*.b`: `*` stands only in front of a domain, `*.example.com`"),
        ] {
            assert_eq!(Peer::parse(text), Err(wanted.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_shown_can_be_read() {
        for peer in [at("broker", 1883), at("::1", 1), Peer::host("h", None), Peer::socket("/a"), Peer::socket("a")] {
            assert!(covers(&peer.to_string(), &peer), "{peer}");
        }
        assert_eq!(Peer::parse("*.lab:1").map(|peer| peer.to_string()), Ok("*.lab:1".into()));
        assert_eq!(at("h", 0).to_string(), "h");
    }
}
