//! Did you mean ...?

/// How many characters of a longer name tell that it is meant.
const SHORTEST_BEGINNING: usize = 4;

/// The candidate that `name` was most likely meant to be, if one is near enough.
///
/// A candidate that differs only in case or underscores (`clientID`, `clientId`; `setTimeout`, `set_timeout`) always
/// wins. Otherwise about one edit in three characters is forgiven; a swap of two neighbours counts as one. Last of all
/// come longer names that start with `name`.
pub fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = plain(name);
    let limit = (name.chars().count() / 3).clamp(1, 3);
    candidates
        .into_iter()
        .filter(|candidate| *candidate != name)
        .map(|candidate| {
            let folded = plain(candidate);
            let distance = if folded == wanted { 0 } else { strsim::damerau_levenshtein(&wanted, &folded).max(1) };
            // A name of one or two letters is within reach of everything: a different letter is a different name.
            let near = distance == 0 || (distance <= limit && distance < wanted.chars().count().max(2) - 1);
            let begins = wanted.chars().count() >= SHORTEST_BEGINNING && folded.starts_with(&wanted);
            (candidate, if near { distance } else { usize::MAX }, near || begins)
        })
        .filter(|(_, _, near)| *near)
        .min_by_key(|(candidate, distance, _)| (*distance, strsim::damerau_levenshtein(name, candidate)))
        .map(|(candidate, ..)| candidate)
}

/// Lower case without underscores.
fn plain(name: &str) -> String {
    name.chars().filter(|character| *character != '_').flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn case_and_underscores_do_not_count() {
        assert_eq!(closest("clientID", ["clientIdPrefix", "clean", "clientId"]), Some("clientId"));
        assert_eq!(closest("setTimeOut", ["set_interval", "set_timeout", "setTimeout"]), Some("setTimeout"));
    }

    #[test]
    fn typing_errors_are_forgiven() {
        assert_eq!(closest("subscibe", ["publish", "unsubscribe", "subscribe"]), Some("subscribe"));
        assert_eq!(closest("pubilsh", ["publish", "subscribe"]), Some("publish"));
        assert_eq!(closest("ednd", ["end", "on"]), Some("end"));
        assert_eq!(closest("cuont", ["count"]), Some("count"));
    }

    #[test]
    fn the_beginning_of_a_name_is_enough() {
        assert_eq!(closest("user", ["password", "username"]), Some("username"));
        assert_eq!(closest("prot", ["protocol", "port"]), Some("port"));
        assert_eq!(closest("con", ["connect"]), None);
    }

    #[test]
    fn far_names_are_not_offered() {
        assert_eq!(closest("temperature", ["publish", "subscribe"]), None);
        assert_eq!(closest("x", ["y", "on"]), None);
        assert_eq!(closest("on", ["of", "once"]), None);
        assert_eq!(closest("end", ["end"]), None);
    }
}
