//! `--allow-...`: what the program may do beyond reading beside it and connecting.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::api::permissions::{Grant, Last, Peer, Permissions, leads_to};

/// A flag without a value. No command line can hold it.
const EVERYTHING: &str = "\0";

/// The flags, for the hint that they stand before the script.
const FLAGS: [&str; 5] = ["--allow-read", "--allow-write", "--allow-env", "--allow-net", "--allow-all"];

/// What the program may do.
#[derive(Debug, Args)]
#[command(next_help_heading = "Permissions")]
pub struct PermissionArgs {
    /// Also read these files, and in these folders; all without PATHS. The script's folder may always be read.
    #[arg(long, value_name = "PATHS", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = EVERYTHING, value_parser = paths)]
    allow_read: Vec<Grant<PathBuf>>,

    /// Write these files, and in these folders; all without PATHS.
    #[arg(long, value_name = "PATHS", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = EVERYTHING, value_parser = paths)]
    allow_write: Vec<Grant<PathBuf>>,

    /// See these environment variables (`MQTT_*`: all that begin so); all without NAMES.
    #[arg(long, value_name = "NAMES", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = EVERYTHING, value_parser = names)]
    allow_env: Vec<Grant<String>>,

    /// Connect to, and listen on, these hosts only: `host`, `host:port`, `[::1]:port`, `*.domain`, path of a socket.
    #[arg(long, value_name = "HOSTS", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = EVERYTHING, value_parser = hosts)]
    allow_net: Vec<Grant<Peer>>,

    /// Everything.
    #[arg(long, conflicts_with_all = ["allow_read", "allow_write", "allow_env", "allow_net"])]
    allow_all: bool,
}

impl PermissionArgs {
    /// What a program whose script stands in `folder` may do. `words` follow the script.
    pub fn permissions(self, folder: &Path, words: &[OsString]) -> Permissions {
        if self.allow_all {
            return Permissions::all();
        }
        let default = Permissions::beside(folder);
        Permissions {
            read: self.allow_read.into_iter().fold(default.read, Grant::or),
            write: self.allow_write.into_iter().fold(default.write, Grant::or),
            env: self.allow_env.into_iter().fold(default.env, Grant::or),
            // Everything without the flag; only what it names with it.
            net: self.allow_net.into_iter().reduce(Grant::or).unwrap_or(default.net),
            misplaced: misplaced(words),
        }
    }
}

/// Those of our flags that are among the arguments of the script.
fn misplaced(words: &[OsString]) -> Vec<String> {
    let names = words.iter().filter_map(|word| word.to_str()?.split('=').next());
    FLAGS.iter().filter(|flag| names.clone().any(|name| name == **flag)).map(|flag| (*flag).to_owned()).collect()
}

fn read<T>(value: &str, part: impl FnMut(&str) -> Result<T, String>) -> Result<Grant<T>, String> {
    if value == EVERYTHING { Ok(Grant::All) } else { Grant::parse(value, part) }
}

fn paths(value: &str) -> Result<Grant<PathBuf>, String> {
    // Now, so that no link made later changes what is allowed.
    read(value, |path| Ok(leads_to(Path::new(path), Last::Followed)))
}

fn names(value: &str) -> Result<Grant<String>, String> {
    read(value, |name| match name.split_once('=') {
        Some((name, _)) => Err(format!("`{name}` stands for itself, write it without a value")),
        None => Ok(name.to_owned()),
    })
}

fn hosts(value: &str) -> Result<Grant<Peer>, String> {
    read(value, Peer::parse)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        permissions: PermissionArgs,
    }

    fn given(words: &[&str]) -> Result<Permissions, clap::Error> {
        let line = Line::try_parse_from([&["run"], words].concat())?;
        Ok(line.permissions.permissions(Path::new("/no"), &[]))
    }

    fn known(words: &[&str]) -> Permissions {
        given(words).expect("the words are known")
    }

    #[test]
    fn nothing_is_the_default() {
        assert_eq!(known(&[]), Permissions::beside(Path::new("/no")));
    }

    #[test]
    fn flags_without_a_value_allow_everything() {
        let flags = ["--allow-read", "--allow-write", "--allow-env", "--allow-net"];
        assert_eq!(known(&flags), Permissions::all());
        assert_eq!(known(&["--allow-all"]), Permissions::all());
        assert_eq!(known(&["--allow-env", "--allow-env=HOME"]).env, Grant::All);
    }

    #[test]
    fn values_and_repeated_flags_add_up() {
        let paths = |names: &[&str]| Grant::Only(names.iter().map(PathBuf::from).collect());
        assert_eq!(
            known(&["--allow-write=/no/a,/no/b", "--allow-write=/no/c"]).write,
            paths(&["/no/a", "/no/b", "/no/c"])
        );
        assert_eq!(known(&["--allow-read=/no/b"]).read, paths(&["/no", "/no/b"]).or(paths(&[])));
        assert_eq!(known(&["--allow-write=/no/a,,b"]).write, paths(&["/no/a,b"]));
    }

    #[test]
    fn hosts_take_the_place_of_everywhere() {
        let net = known(&["--allow-net=a:1", "--allow-net=b"]).net;
        assert_eq!(net, Grant::Only(vec![Peer::host("a", Some(1)), Peer::host("b", None)]));
    }

    #[test]
    fn mistakes_are_refused() {
        for word in ["--allow-read=", "--allow-write=a,", "--allow-net=", "--allow-net=mqtt://a", "--allow-env=A=1"] {
            assert!(given(&[word]).is_err(), "{word}");
        }
        assert!(given(&["--allow-all", "--allow-read"]).is_err());
        assert!(given(&["--allow-all=x"]).is_err());
    }

    #[test]
    fn flags_behind_the_script_are_noticed() {
        let words: Vec<OsString> = ["--allow-write=x", "--allow-writes", "--allow-net"].map(OsString::from).into();
        assert_eq!(misplaced(&words), ["--allow-write", "--allow-net"]);
    }
}
