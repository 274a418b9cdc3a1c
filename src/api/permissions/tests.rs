//! Decisions about files and variables.

use std::path::{Path, PathBuf};

use super::{Grant, Last, Permissions, leads_to};
use crate::mqtt::options::{Endpoint, Scheme};

fn permissions(read: &[&str]) -> Permissions {
    let roots = read.iter().map(|path| leads_to(Path::new(path), Last::Followed)).collect();
    Permissions { read: Grant::Only(roots), ..Permissions::beside(Path::new("/nowhere")) }
}

fn reads(allowed: &str, path: &str) -> bool {
    permissions(&[allowed]).check_read(path, Path::new(path), Last::Followed).is_ok()
}

#[test]
fn a_folder_allows_what_is_below_it_and_nothing_beside() {
    assert!(reads("/no/a", "/no/a"));
    assert!(reads("/no/a", "/no/a/b/c"));
    assert!(reads("/no/a/", "/no/a/b"));
    assert!(reads("/no/a", "/no/b/../a/c"));
    assert!(!reads("/no/a", "/no"));
    assert!(!reads("/no/a", "/no/ab"));
    assert!(!reads("/no/ab", "/no/a"));
    assert!(!reads("/no/a", "/no/a/../b"));
    assert!(!reads("/no/a", "/no/a/b/../../b"));
    assert!(reads("/", "/no/a"));
}

#[test]
fn relative_paths_start_at_the_current_folder() {
    assert!(reads("no", "no/such"));
    assert!(reads(".", "no/such"));
    assert!(!reads("no", "../no"));
    assert!(!reads(".", ".."));
    assert!(!reads("no", "no/../.."));
}

#[test]
fn by_default_only_reading_beside_the_script_and_connecting() {
    let default = Permissions::beside(Path::new("/no/a"));
    let check = |path: &str| default.check_read(path, Path::new(path), Last::Followed).is_ok();
    assert!(check("/no/a/b"));
    assert!(!check("/no/b"));
    assert!(default.check_write("/no/a/b", Path::new("/no/a/b"), Last::Followed).is_err());
    assert!(default.check_env("HOME").is_err());
    assert!(default.check_connect("anywhere", 1).is_ok());
    assert!(default.check_listen("localhost", 1).is_ok());
}

#[test]
fn variables_by_name_or_by_their_start() {
    let env = Grant::Only(vec!["HOME".to_owned(), "MQTT_*".to_owned()]);
    let permissions = Permissions { env, ..Permissions::beside(Path::new("/no")) };
    for (name, seen) in
        [("HOME", true), ("HOMES", false), ("home", false), ("MQTT_URL", true), ("MQTT", false), ("", false)]
    {
        assert_eq!(permissions.sees(name), seen, "{name}");
        assert_eq!(permissions.check_env(name).is_ok(), seen, "{name}");
    }
}

#[test]
fn the_environment_is_not_read_as_a_file() {
    let read = Permissions { read: Grant::All, ..Permissions::beside(Path::new("/no")) };
    let check = |permissions: &Permissions, path: &str| permissions.check_read(path, Path::new(path), Last::Followed);
    assert!(check(&read, "/proc/1/environ").is_err());
    assert!(check(&read, "/no/../proc/1/environ").is_err());
    assert!(check(&read, "/proc/cpuinfo").is_ok());
    assert!(check(&Permissions { env: Grant::All, ..read }, "/proc/1/environ").is_ok());
}

#[test]
fn sockets_are_dialled_by_their_path() {
    let net = Grant::Only(vec![super::Peer::parse("/run/a.sock").expect("a path")]);
    let permissions = Permissions { net, ..Permissions::all() };
    let dial = |path: &str| {
        let endpoint = Endpoint { scheme: Scheme::Unix, host: "localhost".into(), port: 0, path: path.into() };
        permissions.check_dial(&endpoint).is_ok()
    };
    assert!(dial("/run/a.sock"));
    assert!(!dial("/run/b.sock"));
}

#[test]
fn roots_are_where_paths_led_at_the_start() {
    let here = std::env::current_dir().expect("there is one");
    let Grant::Only(roots) = Permissions::beside(Path::new(".")).read else { panic!("a list") };
    assert_eq!(roots, [PathBuf::from(&here).canonicalize().expect("it exists")]);
}
