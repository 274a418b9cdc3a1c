//! Names and passwords: who may connect, and the file they come from.

use std::collections::HashMap;
use std::future::{Future, ready};
use std::net::SocketAddr;
use std::path::Path;
use std::pin::Pin;

use mqtt5::broker::{AuthProvider, AuthResult};
use mqtt5::packet::connect::ConnectPacket;
use mqtt5::protocol::v5::reason_codes::ReasonCode;

use super::Error;

/// Reads a password file: see [`parse_passwords`].
///
/// # Errors
///
/// A file that cannot be read, and what [`parse_passwords`] refuses.
pub fn read_password_file(path: &Path) -> Result<Vec<(String, String)>, Error> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::File { path: path.to_path_buf(), source })?;
    parse_passwords(&path.display().to_string(), &text)
}

/// Reads lines `name:password` in clear text; empty lines and lines that start with `#` say nothing. The password is
/// everything after the first colon, spaces included. `file` is the name for messages.
///
/// # Errors
///
/// The first line that is none, has no name, or repeats one; a file without any.
pub fn parse_passwords(file: &str, text: &str) -> Result<Vec<(String, String)>, Error> {
    let mut users: Vec<(String, String)> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.trim().is_empty() || line.trim_start().starts_with('#') {
            continue;
        }
        let wrong = |reason: String| Error::PasswordLine { file: file.into(), line: index + 1, reason };
        let (name, password) = line
            .split_once(':')
            .ok_or_else(|| wrong(format!("expected `name:password`, got `{}` without a colon", line.trim())))?;
        let name = name.trim();
        if name.is_empty() {
            return Err(wrong("expected `name:password`, the name is missing".into()));
        }
        if users.iter().any(|(known, _)| known == name) {
            return Err(wrong(format!("user `{name}` is there already")));
        }
        users.push((name.into(), password.into()));
    }
    if users.is_empty() {
        return Err(Error::NoUsers { file: file.into() });
    }
    Ok(users)
}

/// Lets in who knows a password. Everybody else hears what mosquitto says, "not authorized": 5 in MQTT 3, 0x87 in 5.
pub(super) struct Users(HashMap<String, String>);

impl Users {
    pub(super) fn new(users: &[(String, String)]) -> Self {
        Self(users.iter().cloned().collect())
    }

    fn admits<'a>(&self, connect: &'a ConnectPacket) -> Option<&'a str> {
        let name = connect.username.as_deref()?;
        let given = connect.password.as_deref().unwrap_or_default();
        let wanted = self.0.get(name)?.as_bytes();
        // Every byte is looked at, so that the time taken does not tell how many of them were right.
        let different = wanted.iter().zip(given).fold(0, |sum, (a, b)| sum | (a ^ b));
        (different == 0 && wanted.len() == given.len()).then_some(name)
    }
}

impl AuthProvider for Users {
    fn authenticate<'a>(
        &'a self,
        connect: &'a ConnectPacket,
        _client: SocketAddr,
    ) -> Pin<Box<dyn Future<Output = mqtt5::Result<AuthResult>> + Send + 'a>> {
        let result = match self.admits(connect) {
            Some(name) => AuthResult::success_with_user(name),
            None => AuthResult::fail(ReasonCode::NotAuthorized),
        };
        Box::pin(ready(Ok(result)))
    }

    fn authorize_publish<'a>(
        &'a self,
        _client_id: &str,
        _user: Option<&'a str>,
        _topic: &'a str,
    ) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>> {
        Box::pin(ready(true))
    }

    fn authorize_subscribe<'a>(
        &'a self,
        _client_id: &str,
        _user: Option<&'a str>,
        _filter: &'a str,
    ) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>> {
        Box::pin(ready(true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_password_file() {
        let text = "# the family\n\nanna:secret\n bob :with:colon and space \nempty:\n";
        let users = parse_passwords("users", text).expect("every line is right");
        let wanted = [("anna", "secret"), ("bob", "with:colon and space "), ("empty", "")];
        assert_eq!(users, wanted.map(|(name, password)| (name.to_owned(), password.to_owned())));
    }

    #[test]
    fn names_the_wrong_line() {
        let wrong = |text| parse_passwords("users", text).expect_err("a line is wrong").to_string();
        assert_eq!(wrong("a:1\nbob"), "users:2: expected `name:password`, got `bob` without a colon");
        assert_eq!(wrong(":1"), "users:1: expected `name:password`, the name is missing");
        assert_eq!(wrong("# nobody\n"), "users names no user");
        assert_eq!(wrong("a:1\n\na:2"), "users:3: user `a` is there already");
    }

    #[test]
    fn names_the_file_that_is_missing() {
        let error = read_password_file(Path::new("/nowhere/users")).expect_err("there is no such file");
        assert!(error.to_string().starts_with("cannot read `/nowhere/users`: "), "{error}");
    }
}
