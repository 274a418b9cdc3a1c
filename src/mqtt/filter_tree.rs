//! Values by topic filter, found by topic: a tree with one node for each level of the filters.
//!
//! A look-up walks down the levels of the topic and touches only filters that match so far, so thousands of filters that do
//! not match cost no more than a few.

use ahash::AHashMap;
use smallvec::SmallVec;

use crate::mqtt::topic::without_share;

/// Nodes live in one list: filters may have 65,536 levels, too deep for recursion.
type NodeId = usize;

const ROOT: NodeId = 0;

/// What is registered for topic filters. Filters are taken as valid; `$share/group/` before one is passed over.
#[derive(Debug)]
pub struct FilterTree<T> {
    nodes: Vec<Node<T>>,
    /// Nodes that are not in use.
    free: Vec<NodeId>,
    length: usize,
}

/// One level of the filters.
#[derive(Debug)]
struct Node<T> {
    levels: AHashMap<Box<str>, NodeId>,
    /// The level `+`.
    any: Option<NodeId>,
    /// Filters that end here.
    exact: Vec<T>,
    /// Filters that go on with `#`.
    below: Vec<T>,
}

impl<T> Default for Node<T> {
    fn default() -> Self {
        Self { levels: AHashMap::new(), any: None, exact: Vec::new(), below: Vec::new() }
    }
}

impl<T> Node<T> {
    fn is_empty(&self) -> bool {
        self.levels.is_empty() && self.any.is_none() && self.exact.is_empty() && self.below.is_empty()
    }
}

impl<T> Default for FilterTree<T> {
    fn default() -> Self {
        Self { nodes: vec![Node::default()], free: Vec::new(), length: 0 }
    }
}

impl<T> FilterTree<T> {
    /// How many values it holds.
    pub const fn len(&self) -> usize {
        self.length
    }

    /// Whether it holds nothing.
    pub const fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Adds a value behind those that `filter` has.
    pub fn insert(&mut self, filter: &str, value: T) {
        let (path, is_below) = parts(filter);
        let mut node = ROOT;
        for level in path {
            let child = if level == "+" { self.nodes[node].any } else { self.nodes[node].levels.get(level).copied() };
            node = child.unwrap_or_else(|| self.add(node, level));
        }
        let node = &mut self.nodes[node];
        let values = if is_below { &mut node.below } else { &mut node.exact };
        values.push(value);
        self.length += 1;
    }

    /// Removes the values of `filter` that are not to be kept, and gives them.
    pub fn remove(&mut self, filter: &str, keep: impl FnMut(&T) -> bool) -> Vec<T> {
        let (path, is_below) = parts(filter);
        let mut way = Vec::new();
        let mut node = ROOT;
        for level in path {
            let child = if level == "+" { self.nodes[node].any } else { self.nodes[node].levels.get(level).copied() };
            let Some(child) = child else { return Vec::new() };
            way.push((node, level));
            node = child;
        }
        let values = if is_below { &mut self.nodes[node].below } else { &mut self.nodes[node].exact };
        let (kept, removed): (Vec<T>, Vec<T>) = std::mem::take(values).into_iter().partition(keep);
        *values = kept;
        self.length -= removed.len();
        for (parent, level) in way.into_iter().rev() {
            if !self.nodes[node].is_empty() {
                break;
            }
            let parent_node = &mut self.nodes[parent];
            if level == "+" {
                parent_node.any = None;
            } else {
                parent_node.levels.remove(level);
            }
            self.free.push(node);
            node = parent;
        }
        removed
    }

    /// The values whose filters match `topic`, in no order.
    ///
    /// A wildcard in the first level does not match topics that begin with `$` `[MQTT-4.7.2-1]`; `a/#` matches `a` too.
    pub fn matching<'a>(&'a self, topic: &str) -> SmallVec<[&'a T; 8]> {
        let mut found = SmallVec::new();
        if self.is_empty() {
            return found;
        }
        let levels: SmallVec<[&str; 16]> = topic.split('/').collect();
        let mut to_visit: SmallVec<[(NodeId, usize); 16]> = SmallVec::new();
        to_visit.push((ROOT, 0));
        while let Some((node, depth)) = to_visit.pop() {
            let node = &self.nodes[node];
            let wildcards = depth > 0 || !topic.starts_with('$');
            if wildcards {
                found.extend(&node.below);
            }
            let Some(level) = levels.get(depth) else {
                found.extend(&node.exact);
                continue;
            };
            to_visit.extend(node.levels.get(*level).map(|child| (*child, depth + 1)));
            to_visit.extend(node.any.filter(|_| wildcards).map(|child| (child, depth + 1)));
        }
        found
    }

    fn add(&mut self, parent: NodeId, level: &str) -> NodeId {
        let id = self.free.pop().unwrap_or_else(|| {
            self.nodes.push(Node::default());
            self.nodes.len() - 1
        });
        if level == "+" {
            self.nodes[parent].any = Some(id);
        } else {
            self.nodes[parent].levels.insert(level.into(), id);
        }
        id
    }
}

/// The levels of a filter, and whether a `#` follows them.
fn parts(filter: &str) -> (impl Iterator<Item = &str>, bool) {
    let filter = without_share(filter);
    let (path, is_below) = match filter.strip_suffix('#') {
        // `#` alone has no level before it, `/#` has one empty one.
        Some(path) => (path.strip_suffix('/'), true),
        None => (Some(filter), false),
    };
    (path.into_iter().flat_map(|path| path.split('/')), is_below)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mqtt::topic::{check_filter, check_name, matches};

    fn found(tree: &FilterTree<usize>, topic: &str) -> Vec<usize> {
        let mut found: Vec<usize> = tree.matching(topic).into_iter().copied().collect();
        found.sort_unstable();
        found
    }

    /// A text of few and strange levels, so that many pairs match.
    fn text(random: &mut fastrand::Rng, levels: &[&str]) -> String {
        let count = random.usize(1..=4);
        (0..count).map(|_| *random.choice(levels).unwrap_or(&"a")).collect::<Vec<_>>().join("/")
    }

    #[test]
    fn finds_what_the_simple_matcher_finds() {
        const FILTER_LEVELS: &[&str] = &["a", "b", "ä", "", "+", "+", "#", "$SYS", "$a"];
        const NAME_LEVELS: &[&str] = &["a", "b", "ä", "", "$SYS", "$a"];
        let mut random = fastrand::Rng::with_seed(1);
        let mut matched = 0;
        for _ in 0..300 {
            let mut tree = FilterTree::default();
            let mut filters: Vec<Option<String>> = Vec::new();
            for _ in 0..random.usize(0..60) {
                let mut filter = text(&mut random, FILTER_LEVELS);
                if random.u8(0..5) == 0 {
                    filter = format!("$share/g/{filter}");
                }
                if check_filter(&filter).is_ok() {
                    tree.insert(&filter, filters.len());
                    filters.push(Some(filter));
                }
            }
            for (index, slot) in filters.iter_mut().enumerate() {
                if random.u8(0..3) == 0 {
                    let filter = slot.take().expect("each is removed once");
                    assert_eq!(tree.remove(&filter, |value| *value != index), [index]);
                }
            }
            let left = filters.iter().flatten().count();
            assert_eq!((tree.len(), tree.is_empty()), (left, left == 0));
            for _ in 0..40 {
                let topic = text(&mut random, NAME_LEVELS);
                if check_name(&topic).is_err() {
                    continue;
                }
                let is_match = |filter: &Option<String>| filter.as_ref().is_some_and(|f| matches(f, &topic));
                let wanted: Vec<_> = (0..filters.len()).filter(|index| is_match(&filters[*index])).collect();
                assert_eq!(found(&tree, &topic), wanted, "{topic:?} in {filters:?}");
                matched += wanted.len();
            }
        }
        assert!(matched > 1000, "the texts must match often to show something: {matched}");
    }

    #[test]
    fn a_tree_that_was_emptied_holds_nothing_back() {
        let mut tree = FilterTree::default();
        let filters = ["a/b/c", "a/+/c", "a/#", "#", "+", "/", "a/b"];
        for round in 0..3 {
            filters.iter().for_each(|filter| tree.insert(filter, round));
            for filter in filters {
                assert_eq!(tree.remove(filter, |_| false), [round], "{filter}");
                assert!(tree.remove(filter, |_| false).is_empty());
            }
            assert!(tree.nodes[ROOT].is_empty());
            assert_eq!(tree.free.len(), tree.nodes.len() - 1);
        }
        // Seven filters of three levels: nodes are used again.
        assert!(tree.nodes.len() < 12, "{}", tree.nodes.len());
    }

    #[test]
    fn filters_and_topics_of_any_depth() {
        let deep = "/".repeat(65_535);
        let mut tree = FilterTree::default();
        tree.insert(&deep, 0);
        tree.insert(&format!("{}#", &deep[1..]), 1);
        assert_eq!(found(&tree, &deep), [0, 1]);
        assert_eq!(found(&tree, "/"), [0; 0]);
        tree.remove(&deep, |_| false);
        assert_eq!(found(&tree, &deep), [1]);
    }

    #[test]
    fn only_filters_that_match_so_far_are_touched() {
        let mut tree = FilterTree::default();
        (0..10_000).for_each(|index| tree.insert(&format!("device/{index}/+/state"), index));
        assert_eq!(found(&tree, "device/77/lamp/state"), [77]);
        assert_eq!(found(&tree, "device/77/lamp"), [0; 0]);
        // A level leads to one node by its name and one by `+`, never to a list that is searched.
        let device = tree.nodes[ROOT].levels["device"];
        assert_eq!(tree.nodes[device].levels.len(), 10_000);
        assert!(tree.nodes[device].any.is_none());
    }
}
