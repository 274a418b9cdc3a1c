//! Topic names and topic filters: what is allowed, and which name a filter matches.
//!
//! The crates' own check says only yes or no, and their `matches` refuses every topic that begins with `$`.

use thiserror::Error;

/// Longest topic name or filter, bytes of UTF-8 `[MQTT-4.7.3-3]`.
pub const MAX_BYTES: usize = u16::MAX as usize;

/// Why a text is not a topic filter.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FilterError {
    /// Filters have at least one character `[MQTT-4.7.3-1]`.
    #[error("an empty string is not a topic filter: it needs at least one character")]
    Empty,
    /// Too long for the wire `[MQTT-4.7.3-3]`.
    #[error("a topic filter of {length} bytes is too long: 65535 is the most")]
    TooLong {
        /// Bytes of UTF-8.
        length: usize,
    },
    /// The null character `[MQTT-4.7.3-2]`.
    #[error("`{}` is not a topic filter: it contains the null character", .filter.escape_debug())]
    Nul {
        /// The text given.
        filter: String,
    },
    /// `#` with a level after it `[MQTT-4.7.1-2]`.
    #[error("`{filter}` is not a topic filter: `#` may only be the last level")]
    HashNotLast {
        /// The text given.
        filter: String,
    },
    /// `#` or `+` together with other characters in one level `[MQTT-4.7.1-2]`, `[MQTT-4.7.1-3]`.
    #[error("`{filter}` is not a topic filter: `{wildcard}` must be a whole level, not part of `{level}`")]
    WildcardNotAlone {
        /// The text given.
        filter: String,
        /// `#` or `+`.
        wildcard: char,
        /// The level it stands in.
        level: String,
    },
    /// Not `$share/group/filter` `[MQTT-4.8.2-1]`, `[MQTT-4.8.2-2]`.
    #[error("`{filter}` is not a shared subscription: {reason}")]
    Share {
        /// The text given.
        filter: String,
        /// What is wrong with it.
        reason: &'static str,
    },
}

impl FilterError {
    /// What to write instead.
    pub fn help(&self) -> String {
        match self {
            Self::Empty => "write `#` for every topic".into(),
            Self::TooLong { .. } => "shorten it, or end it early with `/#`".into(),
            Self::Nul { filter } => format!("write `{}`", filter.replace('\0', "")),
            Self::HashNotLast { filter } => {
                let parent = filter.split_inclusive('/').take_while(|level| !level.contains('#')).collect::<String>();
                let one_level = filter.replace('#', "+");
                let everything = match parent.trim_end_matches('/') {
                    "" => "everything".into(),
                    name => format!("everything below `{name}`"),
                };
                format!("`{one_level}` matches one level there, `{parent}#` {everything}")
            }
            Self::WildcardNotAlone { filter, wildcard, .. } => {
                format!("write `{}`", isolate(filter, *wildcard))
            }
            Self::Share { filter, .. } => {
                let mut levels = filter.splitn(3, '/').skip(1);
                let group = levels.next().map(|group| group.replace(['+', '#'], "")).unwrap_or_default();
                let group = if group.is_empty() { "group" } else { &group };
                let rest = levels.next().filter(|rest| !rest.is_empty()).unwrap_or("#");
                format!("write `$share/{group}/{rest}`")
            }
        }
    }
}

/// `a#` -> `a/#`, `room+/temp` -> `+/temp`: the nearest filter in which the wildcard is a whole level.
fn isolate(filter: &str, wildcard: char) -> String {
    let levels = filter.split('/').collect::<Vec<_>>();
    let mut fixed = Vec::with_capacity(levels.len() + 1);
    for level in levels {
        if !level.contains(wildcard) {
            fixed.push(level);
        } else if wildcard == '+' {
            fixed.push("+");
        } else {
            let name = level.split('#').next().unwrap_or_default();
            if !name.is_empty() {
                fixed.push(name);
            }
            fixed.push("#");
            break;
        }
    }
    fixed.join("/")
}

/// Why a text is not a topic name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NameError {
    /// Names have at least one character `[MQTT-4.7.3-1]`.
    #[error("an empty string is not a topic: it needs at least one character")]
    Empty,
    /// Too long for the wire `[MQTT-4.7.3-3]`.
    #[error("a topic of {length} bytes is too long: 65535 is the most")]
    TooLong {
        /// Bytes of UTF-8.
        length: usize,
    },
    /// The null character `[MQTT-4.7.3-2]`.
    #[error("`{}` is not a topic: it contains the null character", .name.escape_debug())]
    Nul {
        /// The text given.
        name: String,
    },
    /// Wildcards are for filters only `[MQTT-3.3.2-2]`.
    #[error("`{name}` is not a topic to publish to: `{wildcard}` is a wildcard, only `subscribe` takes those")]
    Wildcard {
        /// The text given.
        name: String,
        /// `#` or `+`.
        wildcard: char,
    },
}

impl NameError {
    /// What to write instead.
    pub fn help(&self) -> String {
        match self {
            Self::Empty => "name the topic: `client.publish(\"sensors/temp\", message)`".into(),
            Self::TooLong { .. } => "shorten the topic, and send the rest in the message".into(),
            Self::Nul { name } => format!("write `{}`", name.replace('\0', "")),
            Self::Wildcard { name, .. } => {
                let levels = name.split('/').filter(|level| !level.contains(['+', '#'])).collect::<Vec<_>>();
                if levels.iter().all(|level| level.is_empty()) {
                    "write the whole topic, for example `sensors/temp`".into()
                } else {
                    format!("write the whole topic, for example `{}`", levels.join("/"))
                }
            }
        }
    }
}

/// Checks a topic filter, with or without `$share/group/` before it.
///
/// # Errors
/// The first rule of MQTT 5, section 4.7 or 4.8.2 it breaks.
pub fn check_filter(filter: &str) -> Result<(), FilterError> {
    if filter.is_empty() {
        return Err(FilterError::Empty);
    }
    if filter.len() > MAX_BYTES {
        return Err(FilterError::TooLong { length: filter.len() });
    }
    if filter.contains('\0') {
        return Err(FilterError::Nul { filter: filter.into() });
    }
    let levels = match filter.strip_prefix("$share/") {
        Some(rest) => share_filter(filter, rest)?,
        None if filter == "$share" => {
            return Err(FilterError::Share { filter: filter.into(), reason: "it has no group and no filter" });
        }
        None => filter,
    };
    let mut levels = levels.split('/').peekable();
    while let Some(level) = levels.next() {
        for wildcard in ['#', '+'] {
            if level.len() > 1 && level.contains(wildcard) {
                return Err(FilterError::WildcardNotAlone { filter: filter.into(), wildcard, level: level.into() });
            }
        }
        if level == "#" && levels.peek().is_some() {
            return Err(FilterError::HashNotLast { filter: filter.into() });
        }
    }
    Ok(())
}

/// The filter after `$share/group/`.
fn share_filter<'a>(filter: &str, rest: &'a str) -> Result<&'a str, FilterError> {
    let broken = |reason| FilterError::Share { filter: filter.into(), reason };
    let (group, inner) = rest.split_once('/').ok_or_else(|| broken("it has no filter after the group"))?;
    if group.is_empty() {
        return Err(broken("its group has no name"));
    }
    if group.contains(['+', '#']) {
        return Err(broken("its group may not contain a wildcard"));
    }
    if inner.is_empty() {
        return Err(broken("it has no filter after the group"));
    }
    Ok(inner)
}

/// Checks a topic name, as PUBLISH and a will have it.
///
/// # Errors
/// The first rule of MQTT 5, section 4.7 it breaks.
pub fn check_name(name: &str) -> Result<(), NameError> {
    if name.is_empty() {
        return Err(NameError::Empty);
    }
    if name.len() > MAX_BYTES {
        return Err(NameError::TooLong { length: name.len() });
    }
    // One pass over the bytes: this runs for every message.
    match name.bytes().find(|byte| matches!(byte, 0 | b'#' | b'+')) {
        None => Ok(()),
        Some(0) => Err(NameError::Nul { name: name.into() }),
        Some(wildcard) => Err(NameError::Wildcard { name: name.into(), wildcard: wildcard.into() }),
    }
}

/// Whether messages on `topic` are what `filter` asks for. Both are taken as valid.
///
/// `$share/group/` before the filter is passed over. A wildcard in the first level does not match topics that begin
/// with `$` `[MQTT-4.7.2-1]`, and `a/#` matches `a` too.
pub fn matches(filter: &str, topic: &str) -> bool {
    let filter = without_share(filter);
    if topic.starts_with('$') && filter.starts_with(['+', '#']) {
        return false;
    }
    let mut names = topic.split('/');
    for level in filter.split('/') {
        if level == "#" {
            return true;
        }
        match names.next() {
            Some(name) if level == "+" || level == name => {}
            _ => return false,
        }
    }
    names.next().is_none()
}

/// A filter without the `$share/group/` before it, if it has one.
pub fn without_share(filter: &str) -> &str {
    match filter.strip_prefix("$share/") {
        Some(rest) => rest.split_once('/').map_or(rest, |(_group, filter)| filter),
        None => filter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_filters() {
        for filter in
            ["a", "#", "+", "/", "a/+/b", "+/+", "a/#", "/#", "$SYS/#", "$share/g/a/#", "$shared", "température/°C"]
        {
            assert_eq!(check_filter(filter), Ok(()), "{filter}");
        }
        assert_eq!(check_filter(&"a".repeat(MAX_BYTES)), Ok(()));
    }

    #[track_caller]
    fn refused(filter: &str, message: &str, help: &str) {
        let error = check_filter(filter).unwrap_err();
        assert_eq!((error.to_string().as_str(), error.help().as_str()), (message, help));
    }

    #[test]
    fn bad_filters_say_what_to_write() {
        refused(
            "",
            "an empty string is not a topic filter: it needs at least one character",
            "write `#` for every topic",
        );
        refused(
            "sensors/#/temp",
            "`sensors/#/temp` is not a topic filter: `#` may only be the last level",
            "`sensors/+/temp` matches one level there, `sensors/#` everything below `sensors`",
        );
        refused("a#", "`a#` is not a topic filter: `#` must be a whole level, not part of `a#`", "write `a/#`");
        refused(
            "room+/temp",
            "`room+/temp` is not a topic filter: `+` must be a whole level, not part of `room+`",
            "write `+/temp`",
        );
        refused("a\0b", "`a\\0b` is not a topic filter: it contains the null character", "write `ab`");
        refused(
            "$share/g",
            "`$share/g` is not a shared subscription: it has no filter after the group",
            "write `$share/g/#`",
        );
        refused(
            "$share//a",
            "`$share//a` is not a shared subscription: its group has no name",
            "write `$share/group/a`",
        );
        refused(
            "$share/g+/a",
            "`$share/g+/a` is not a shared subscription: its group may not contain a wildcard",
            "write `$share/g/a`",
        );
        refused(
            "$share",
            "`$share` is not a shared subscription: it has no group and no filter",
            "write `$share/group/#`",
        );
        assert_eq!(check_filter(&"a".repeat(65536)), Err(FilterError::TooLong { length: 65536 }));
    }

    #[test]
    fn every_pasted_fix_is_a_filter() {
        for filter in
            ["", "a/#/b", "#/a/#", "a#", "a#b/c", "#a", "++", "a+/+b", "a\0", "$share/g", "$share//", "$share/#/a/+"]
        {
            let help = check_filter(filter).unwrap_err().help();
            for fix in help.split('`').skip(1).step_by(2) {
                assert_eq!(check_filter(fix), Ok(()), "{filter:?} -> {fix:?}");
            }
        }
    }

    #[test]
    fn names() {
        assert_eq!(check_name("a/b c/$d"), Ok(()));
        assert_eq!(check_name(""), Err(NameError::Empty));
        assert_eq!(check_name("a\0"), Err(NameError::Nul { name: "a\0".into() }));
        assert_eq!(check_name(&"ä".repeat(32768)), Err(NameError::TooLong { length: 65536 }));
        let error = check_name("a/+/b").unwrap_err();
        assert_eq!(
            error.to_string(),
            "`a/+/b` is not a topic to publish to: `+` is a wildcard, only `subscribe` takes those"
        );
        assert_eq!(error.help(), "write the whole topic, for example `a/b`");
    }

    #[test]
    fn matching() {
        for (filter, topic) in [
            ("a", "a"),
            ("#", "a/b"),
            ("a/#", "a"),
            ("a/#", "a/b/c"),
            ("+", "a"),
            ("+/b", "/b"),
            ("+/+", "/a"),
            ("/+", "/a"),
            ("a/+/c", "a/b/c"),
            ("a/+", "a/"),
            ("$SYS/#", "$SYS/x"),
            ("$share/g/a/+", "a/b"),
            ("$share/g/$SYS/+", "$SYS/b"),
        ] {
            assert!(matches(filter, topic), "{filter} should match {topic}");
        }
        for (filter, topic) in [
            ("a", "a/b"),
            ("a/b", "a"),
            ("a/+", "a"),
            ("a/+", "a/b/c"),
            ("+", "/a"),
            ("a", "A"),
            ("#", "$SYS/x"),
            ("+/x", "$SYS/x"),
            ("$share/g/#", "$SYS/x"),
            ("$share/g/a", "b"),
            ("a/#", "ab"),
        ] {
            assert!(!matches(filter, topic), "{filter} should not match {topic}");
        }
    }
}
