//! Passwords in a source: an excerpt of it goes to logs and to people who help, so they are covered there.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

/// Text behind such a name is covered, whatever is in front of the name: `proxyPassword` counts as `password`.
const NAMES: [&str; 9] =
    ["password", "passphrase", "authorization", "authenticationdata", "secret", "token", "apikey", "api-key", "cookie"];
/// The same, where the name is the whole word.
const WHOLE_NAMES: [&str; 1] = ["auth"];
const COVER: u8 = b'*';
/// Shorter ones may be part of any word: they are covered in the source alone.
const LEAST: usize = 4;

/// The same text, byte for byte as long, with `*` in place of secrets: the password of a URL, and text that stands behind
/// a name such as `password`.
pub(super) fn covered(text: &str) -> Cow<'_, str> {
    let secrets = all(text);
    if secrets.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut bytes = text.as_bytes().to_vec();
    for secret in secrets {
        bytes[secret].iter_mut().filter(|byte| !matches!(byte, b'\n' | b'\r')).for_each(|byte| *byte = COVER);
    }
    // Secrets begin and end between characters.
    String::from_utf8(bytes).map_or(Cow::Borrowed(""), Cow::Owned)
}

/// What must not be repeated of these sources.
pub(super) fn of<'a>(sources: impl Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
    let secrets = sources.flat_map(|source| all(source).into_iter().map(move |place| &source[place]));
    secrets.filter(|secret| secret.len() >= LEAST).collect()
}

/// The same text without these secrets.
pub(super) fn without(text: &str, secrets: &BTreeSet<&str>) -> String {
    secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret, &"*".repeat(secret.len())))
}

fn all(text: &str) -> Vec<Range<usize>> {
    let mut secrets = in_urls(text);
    secrets.extend(behind_names(text));
    secrets.extend(private_keys(text));
    secrets.extend(users(text));
    secrets
}

/// Between `://user:` and the last `@` of the word.
fn in_urls(text: &str) -> Vec<Range<usize>> {
    let password = |(at, separator): (usize, &str)| {
        let start = at + separator.len();
        let rest = &text[start..];
        let word = &rest[..rest.find(|c: char| c.is_whitespace() || "\"'`".contains(c)).unwrap_or(rest.len())];
        let credentials = &word[..word.rfind('@')?];
        Some(start + credentials.find(':')? + 1..start + credentials.len())
    };
    text.match_indices("://").filter_map(password).collect()
}

/// Inside of the quotes in `password: "..."`, `"Authorization": "..."`, `passphrase = "..."`, `password: Buffer.from("...")`.
fn behind_names(text: &str) -> Vec<Range<usize>> {
    // Lower case of ASCII only, so that places stay the same.
    let lower = text.to_ascii_lowercase();
    let mut secrets = Vec::new();
    for name in NAMES.into_iter().chain(WHOLE_NAMES) {
        for (at, _) in lower.match_indices(name) {
            let is_part = text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            if is_part && WHOLE_NAMES.contains(&name) {
                continue;
            }
            let rest = &text[at + name.len()..];
            let rest = rest.trim_start_matches(['"', '\'', '`']).trim_start();
            let Some(rest) = rest.strip_prefix([':', '=']) else { continue };
            let rest = rest.trim_start();
            let rest = rest.strip_prefix("Buffer.from(").unwrap_or(rest);
            let Some(quote) = rest.chars().next().filter(|c| "\"'`".contains(*c)) else { continue };
            let start = text.len() - rest.len() + 1;
            secrets.push(start..start + length(&text[start..], quote));
        }
    }
    secrets
}

/// PEM, between its first line and its last.
fn private_keys(text: &str) -> Vec<Range<usize>> {
    const FIRST_LINE: &str = "PRIVATE KEY-----";
    let body = |(at, _): (usize, &str)| {
        let start = at + FIRST_LINE.len();
        Some(start..start + text[start..].find("-----END")?)
    };
    text.match_indices(FIRST_LINE).filter_map(body).collect()
}

/// The passwords in `users: #{anna: "..."}` of a broker.
fn users(text: &str) -> Vec<Range<usize>> {
    let mut secrets = Vec::new();
    for (at, name) in text.match_indices("users: #{") {
        let mut place = at + name.len();
        let end = text[place..].find('}').map_or(text.len(), |end| place + end);
        while let Some(quote) = text[place..end].find(['"', '`']) {
            let start = place + quote + 1;
            let quote = if text.as_bytes()[start - 1] == b'`' { '`' } else { '"' };
            let length = length(&text[start..], quote);
            secrets.push(start..start + length);
            place = (start + length + 1).min(end);
        }
    }
    secrets
}

/// Bytes up to the closing `quote`, which may be missing; a backslash escapes it.
fn length(text: &str, quote: char) -> usize {
    let mut escaped = false;
    let end = text.char_indices().find(|(_, character)| {
        let ends = *character == quote && !escaped || *character == '\n' && quote != '`';
        escaped = *character == '\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |(end, _)| end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_covered_and_nothing_else() {
        for (text, shown) in [
            ("mqtt.connect(\"mqtt://me:s3:cr@t@host:1883\")", "mqtt.connect(\"mqtt://me:*******@host:1883\")"),
            ("`mqtts://me:${word}@host`", "`mqtts://me:*******@host`"),
            ("#{username: \"me\", password: \"a\\\"b\", qos: 1}", "#{username: \"me\", password: \"****\", qos: 1}"),
            ("options.proxyPassword = 'é'", "options.proxyPassword = '**'"),
            ("#{\"Authorization\" : `Bearer\nx`}", "#{\"Authorization\" : `******\n*`}"),
            ("password: Buffer.from(\"abc\")", "password: Buffer.from(\"***\")"),
            ("passphrase: \"not closed", "passphrase: \"**********"),
            ("#{auth: \"a:b\", oauth: \"x\"}", "#{auth: \"***\", oauth: \"x\"}"),
            ("#{users: #{anna: \"ab\", ben: `c`}, port: \"1\"}", "#{users: #{anna: \"**\", ben: `*`}, port: \"1\"}"),
            ("\"-----BEGIN PRIVATE KEY-----\nab\n-----END\"", "\"-----BEGIN PRIVATE KEY-----\n**\n-----END\""),
            ("password: process.env.PASSWORD", "password: process.env.PASSWORD"),
            ("\"mqtt://host:1883/a\"; \"me@host\"", "\"mqtt://host:1883/a\"; \"me@host\""),
        ] {
            assert_eq!(covered(text), shown);
        }
    }
}
