//! What a script is told that may not do something.

use rhai::EvalAltResult;

use crate::api::error::ErrorValue;

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// To read a file or folder.
    Read,
    /// To make, change or remove one.
    Write,
    /// To see an environment variable.
    Env,
    /// To read a file in which the system shows them all.
    EnvFile,
    /// To dial.
    Connect,
    /// To listen.
    Listen,
}

impl Kind {
    const fn flag(self) -> &'static str {
        match self {
            Self::Read => "--allow-read",
            Self::Write => "--allow-write",
            Self::Env | Self::EnvFile => "--allow-env",
            Self::Connect | Self::Listen => "--allow-net",
        }
    }

    /// Deno's word.
    const fn access(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Env | Self::EnvFile => "env",
            Self::Connect | Self::Listen => "net",
        }
    }

    /// Node's word: `error.permission`.
    const fn permission(self) -> &'static str {
        match self {
            Self::Read => "FileSystemRead",
            Self::Write => "FileSystemWrite",
            Self::Env | Self::EnvFile => "Env",
            Self::Connect | Self::Listen => "Net",
        }
    }

    const fn deed(self) -> &'static str {
        match self {
            Self::Read | Self::EnvFile => "read",
            Self::Write => "write",
            Self::Env => "see the environment variable",
            Self::Connect => "connect to",
            Self::Listen => "listen on",
        }
    }
}

/// Something that a script may not do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    kind: Kind,
    /// As the script named it.
    resource: String,
    /// The flag that would allow it.
    flag: String,
    /// Where the path leads, if it is a link.
    target: Option<String>,
    is_misplaced: bool,
}

impl Refusal {
    /// A refusal of `resource`; the whole of its kind would have to be allowed.
    pub fn new(kind: Kind, resource: &str) -> Self {
        let flag = kind.flag().into();
        Self { kind, resource: resource.into(), flag, target: None, is_misplaced: false }
    }

    /// The flag with `value` would allow it.
    #[must_use]
    pub fn with_value(self, value: &str) -> Self {
        let flag = quoted(&format!("{}={}", self.kind.flag(), value.replace(',', ",,")));
        Self { flag, ..self }
    }

    /// It leads to `target`.
    #[must_use]
    pub fn with_target(self, target: &str) -> Self {
        Self { target: Some(target.into()), ..self }
    }

    /// Whether its flag is among those that were given to the script.
    #[must_use]
    pub fn misplaced_among(self, flags: &[String]) -> Self {
        let is_misplaced = flags.iter().any(|flag| flag == self.kind.flag() || flag == "--allow-all");
        Self { is_misplaced, ..self }
    }

    /// As a script sees it: Deno's text, Node's code and properties.
    pub fn to_error(&self) -> ErrorValue {
        let Self { kind, resource, flag, .. } = self;
        let (access, allow) = (kind.access(), kind.flag());
        let message = format!("Requires {access} access to \"{resource}\", run again with the {allow} flag");
        let headline = format!("the program may not {} `{resource}`", kind.deed());
        let error = ErrorValue::new(message)
            .with("code", "ERR_ACCESS_DENIED")
            .with("permission", kind.permission())
            .with("resource", resource.clone())
            .with_headline(headline)
            .with_help(if self.is_misplaced {
                format!("put `{flag}` before the script: what stands behind it is for the script")
            } else {
                format!("run it with `{flag}` before the script")
            });
        match &self.target {
            Some(target) => error.with_cause(format!("it leads to `{target}`")),
            None => error,
        }
    }

    /// Ready to be returned from a host function.
    pub fn raise(&self) -> Box<EvalAltResult> {
        self.to_error().raise()
    }
}

/// A word as a shell takes it for one.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_=./:,@%+".contains(c);
    if word.chars().all(is_plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Refusal};

    fn help(refusal: &Refusal) -> String {
        refusal.to_error().help().expect("there is help")
    }

    #[test]
    fn the_flag_can_be_pasted() {
        let flag = |value: &str| help(&Refusal::new(Kind::Read, "x").with_value(value));
        assert_eq!(flag("certs/ca.crt"), "run it with `--allow-read=certs/ca.crt` before the script");
        assert_eq!(flag("my certs/ca.crt"), "run it with `'--allow-read=my certs/ca.crt'` before the script");
        assert_eq!(flag("it's"), r"run it with `'--allow-read=it'\''s'` before the script");
        assert_eq!(flag("a,b"), "run it with `--allow-read=a,,b` before the script");
        assert_eq!(flag("$HOME"), "run it with `'--allow-read=$HOME'` before the script");
    }

    #[test]
    fn a_flag_behind_the_script_is_told() {
        let refusal = Refusal::new(Kind::Write, "x").with_value("x");
        let wanted = "put `--allow-write=x` before the script: what stands behind it is for the script";
        for flags in ["--allow-write", "--allow-all"] {
            assert_eq!(help(&refusal.clone().misplaced_among(&[flags.into()])), wanted);
        }
        assert!(help(&refusal.misplaced_among(&["--allow-read".into()])).starts_with("run it with"));
    }

    #[test]
    fn scripts_see_the_words_of_deno_and_node() {
        let error = Refusal::new(Kind::Connect, "broker:1883").with_value("broker:1883").to_error();
        assert_eq!(error.message(), "Requires net access to \"broker:1883\", run again with the --allow-net flag");
        assert_eq!(error.get("code").to_string(), "ERR_ACCESS_DENIED");
        assert_eq!(error.get("permission").to_string(), "Net");
        assert_eq!(error.get("resource").to_string(), "broker:1883");
        assert_eq!(error.text_for_report(), "the program may not connect to `broker:1883`");
    }
}
