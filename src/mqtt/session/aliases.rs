//! Topic aliases on the way out, version 5: one table for each connection `[MQTT-3.3.2-7]`.

use std::collections::HashMap;

use bytes::Bytes;
use lru::LruCache;

use crate::mqtt::error::Error;
use crate::mqtt::options::AutoAlias;
use crate::mqtt::packet::Publish;

/// What stands for which topic on this connection.
#[derive(Debug)]
pub struct Aliases {
    /// The highest alias the broker takes; 0: none.
    most: u16,
    /// The one used longest ago is assigned anew when all are taken.
    topics: LruCache<u16, Bytes>,
    aliases: HashMap<Bytes, u16>,
    /// All below are taken.
    first_free: u16,
}

/// A message as it goes over this connection.
#[derive(Debug)]
pub struct Aliased {
    /// As it goes out.
    pub packet: Publish,
    /// What it is about, also where the packet names only the alias.
    pub topic: Bytes,
    /// Its alias.
    pub alias: u16,
    /// The program asked for this alias; it is not the client's own choice.
    pub asked_for: bool,
}

impl Aliases {
    /// An empty table for a broker that takes aliases up to `most`.
    pub fn new(most: u16) -> Self {
        Self { most, topics: LruCache::unbounded(), aliases: HashMap::new(), first_free: 1 }
    }

    /// How a message goes out; `None`: as it is. The broker knows a new alias only after [`introduce`](Self::introduce).
    ///
    /// # Errors
    /// MQTT.js's, for an alias that the broker does not take, or that stands for nothing.
    pub fn apply(&mut self, publish: &Publish, auto: AutoAlias) -> Result<Option<Aliased>, Error> {
        if let Some(alias) = publish.properties.as_ref().and_then(|properties| properties.topic_alias) {
            return self.check(publish, alias).map(Some);
        }
        if self.most == 0 || auto == AutoAlias::Never {
            return Ok(None);
        }
        let topic = publish.topic.clone();
        let (alias, known) = match self.aliases.get(&topic) {
            Some(&alias) => (alias, true),
            None if auto == AutoAlias::Assign => (self.free_alias(), false),
            None => return Ok(None),
        };
        let mut packet = publish.clone();
        packet.properties.get_or_insert_default().topic_alias = Some(alias);
        if known {
            packet.topic = Bytes::new();
        }
        Ok(Some(Aliased { packet, topic, alias, asked_for: false }))
    }

    fn check(&mut self, publish: &Publish, alias: u16) -> Result<Aliased, Error> {
        if alias == 0 || alias > self.most {
            let cause = match self.most {
                0 => "the broker takes no topic aliases".to_string(),
                most => format!("the broker takes topic aliases from 1 to {most}"),
            };
            return Err(Error::new("Sending Topic Alias out of range").with_cause(cause));
        }
        let topic = if publish.topic.is_empty() {
            let known = self.topics.peek(&alias).cloned();
            known.ok_or_else(|| {
                Error::new("Unregistered Topic Alias")
                    .with_cause(format!("no message of this connection named a topic for alias {alias}"))
            })?
        } else {
            publish.topic.clone()
        };
        Ok(Aliased { packet: publish.clone(), topic, alias, asked_for: true })
    }

    /// A message with this alias goes out.
    pub fn introduce(&mut self, alias: u16, topic: &Bytes) {
        if self.topics.get(&alias) == Some(topic) && self.aliases.get(topic) == Some(&alias) {
            return;
        }
        self.forget(alias);
        self.topics.put(alias, topic.clone());
        self.aliases.insert(topic.clone(), alias);
    }

    /// The message that was to introduce this alias did not go out.
    pub fn forget(&mut self, alias: u16) {
        if let Some(topic) = self.topics.pop(&alias)
            && self.aliases.get(&topic) == Some(&alias)
        {
            self.aliases.remove(&topic);
        }
        self.first_free = self.first_free.min(alias);
    }

    /// The connection of this table is gone: a message that waits gets the name back for which it has only an alias.
    pub fn name(&mut self, publish: &mut Publish) {
        let Some(properties) = &mut publish.properties else { return };
        let Some(alias) = properties.topic_alias else { return };
        if !publish.topic.is_empty() {
            // Before the first connection it is not known what the broker takes.
            if alias <= self.most {
                self.introduce(alias, &publish.topic);
            }
        } else if let Some(topic) = self.topics.peek(&alias) {
            publish.topic = topic.clone();
            properties.topic_alias = None;
        }
    }

    fn free_alias(&mut self) -> u16 {
        while self.first_free <= self.most && self.topics.contains(&self.first_free) {
            if self.first_free == u16::MAX {
                break;
            }
            self.first_free += 1;
        }
        let is_free = self.first_free <= self.most && !self.topics.contains(&self.first_free);
        let oldest = self.topics.peek_lru().map(|(alias, _)| *alias);
        // Where none is free there is an oldest one: there is at least one alias.
        if is_free { self.first_free } else { oldest.unwrap_or(1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mqtt::packet::Properties;

    fn message(topic: &str, alias: Option<u16>) -> Publish {
        let properties = alias.map(|alias| Box::new(Properties { topic_alias: Some(alias), ..Properties::default() }));
        Publish { topic: Bytes::copy_from_slice(topic.as_bytes()), properties, ..Publish::default() }
    }

    /// Topic and alias as they go out.
    fn send(aliases: &mut Aliases, publish: &Publish, auto: AutoAlias) -> (String, Option<u16>) {
        let aliased = aliases.apply(publish, auto).expect("a good alias");
        let Some(aliased) = aliased else { return (publish.topic_str().into(), None) };
        aliases.introduce(aliased.alias, &aliased.topic);
        (aliased.packet.topic_str().into(), Some(aliased.alias))
    }

    #[test]
    fn the_alias_used_longest_ago_is_assigned_anew() {
        let mut aliases = Aliases::new(2);
        let mut assign = |topic: &str| send(&mut aliases, &message(topic, None), AutoAlias::Assign);
        assert_eq!(assign("a"), ("a".into(), Some(1)));
        assert_eq!(assign("b"), ("b".into(), Some(2)));
        assert_eq!(assign("a"), (String::new(), Some(1)));
        assert_eq!(assign("c"), ("c".into(), Some(2)));
        assert_eq!(assign("b"), ("b".into(), Some(1)));
        assert_eq!(assign("a"), ("a".into(), Some(2)));
    }

    #[test]
    fn known_aliases_are_used_and_none_is_assigned() {
        let mut aliases = Aliases::new(5);
        assert_eq!(send(&mut aliases, &message("a", None), AutoAlias::Use), ("a".into(), None));
        assert_eq!(send(&mut aliases, &message("a", Some(3)), AutoAlias::Use), ("a".into(), Some(3)));
        assert_eq!(send(&mut aliases, &message("a", None), AutoAlias::Use), (String::new(), Some(3)));
        assert_eq!(send(&mut aliases, &message("b", Some(3)), AutoAlias::Use), ("b".into(), Some(3)));
        assert_eq!(send(&mut aliases, &message("a", None), AutoAlias::Use), ("a".into(), None));
    }

    #[test]
    fn aliases_out_of_range_or_unknown_are_refused() {
        let mut aliases = Aliases::new(5);
        let mut error = |topic: &str, alias| {
            aliases.apply(&message(topic, Some(alias)), AutoAlias::Never).expect_err("no good alias").message
        };
        assert_eq!(error("a", 6), "Sending Topic Alias out of range");
        assert_eq!(error("", 6), "Sending Topic Alias out of range");
        assert_eq!(error("", 5), "Unregistered Topic Alias");
    }

    #[test]
    fn every_alias_of_the_largest_table_is_assigned() {
        let mut aliases = Aliases::new(u16::MAX);
        for n in 1..=u16::MAX {
            let topic = n.to_string();
            assert_eq!(send(&mut aliases, &message(&topic, None), AutoAlias::Assign), (topic, Some(n)));
        }
        assert_eq!(send(&mut aliases, &message("x", None), AutoAlias::Assign), ("x".into(), Some(1)));
    }

    #[test]
    fn messages_that_wait_get_their_names_back() {
        let mut aliases = Aliases::new(5);
        aliases.introduce(1, &"a".into());
        let (mut renames, mut known, mut unknown) = (message("b", Some(1)), message("", Some(1)), message("", Some(2)));
        for publish in [&mut renames, &mut known, &mut unknown] {
            aliases.name(publish);
        }
        assert_eq!(known.topic_str(), "b");
        assert_eq!(known.properties.expect("it had some").topic_alias, None);
        assert_eq!(unknown.topic_str(), "");
    }
}
