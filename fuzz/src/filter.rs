//! Topic filters and names: checks, and the tree against each filter on its own.

use mqttscript::mqtt::filter_tree::FilterTree;
use mqttscript::mqtt::topic;

/// The most lines that are looked at: each filter is compared with each topic.
const MOST_LINES: usize = 64;

/// One filter or topic a line. A line that starts with `-` takes a filter out of the tree again.
pub fn filter(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<&str> = text.lines().take(MOST_LINES).collect();
    let mut tree = FilterTree::default();
    let mut held: Vec<(&str, usize)> = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let (remove, filter) = line.strip_prefix('-').map_or((false, *line), |filter| (true, filter));
        if let Err(error) = topic::check_filter(filter) {
            assert!(!error.to_string().is_empty() && !error.help().is_empty());
            continue;
        }
        if remove {
            let removed = tree.remove(filter, |number| number % 2 == 1);
            // A tree does not know groups: all of one filter are in one place.
            let of_filter = |held: &(&str, usize)| topic::without_share(held.0) == topic::without_share(filter);
            let mut expected: Vec<usize> =
                held.iter().filter(|held| of_filter(held) && held.1 % 2 == 0).map(|held| held.1).collect();
            held.retain(|held| !(of_filter(held) && held.1 % 2 == 0));
            expected.sort_unstable();
            let mut removed: Vec<usize> = removed;
            removed.sort_unstable();
            assert_eq!(removed, expected, "taken out with `{filter}`");
        } else {
            tree.insert(filter, number);
            held.push((filter, number));
        }
        assert_eq!((tree.len(), tree.is_empty()), (held.len(), held.is_empty()));
    }
    for line in &lines {
        if let Err(error) = topic::check_name(line) {
            assert!(!error.to_string().is_empty() && !error.help().is_empty());
            continue;
        }
        let mut found: Vec<usize> = tree.matching(line).into_iter().copied().collect();
        found.sort_unstable();
        let mut expected: Vec<usize> = held.iter().filter(|(f, _)| naive(f, line)).map(|(_, n)| *n).collect();
        expected.sort_unstable();
        assert_eq!(found, expected, "what matches `{line}` of {held:?}");
        held.iter().for_each(|(filter, _)| assert_eq!(topic::matches(filter, line), naive(filter, line)));
    }
}

/// MQTT 5, section 4.7, word for word.
fn naive(filter: &str, topic: &str) -> bool {
    let filter =
        filter.strip_prefix("$share/").and_then(|rest| rest.split_once('/')).map_or(filter, |(_, filter)| filter);
    let (filters, names): (Vec<&str>, Vec<&str>) = (filter.split('/').collect(), topic.split('/').collect());
    if names[0].starts_with('$') && (filters[0] == "+" || filters[0] == "#") {
        return false;
    }
    let (filters, is_below) = match filters.split_last() {
        Some((&"#", above)) => (above, true),
        _ => (&filters[..], false),
    };
    let long_enough = if is_below { names.len() >= filters.len() } else { names.len() == filters.len() };
    long_enough && filters.iter().zip(&names).all(|(filter, name)| *filter == "+" || filter == name)
}
