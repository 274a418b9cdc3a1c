//! `JSON.parse`, `JSON.stringify` and what `console.log` shows.

use mqttscript::api::{inspect, json};

/// The bytes are JSON, or are meant to be.
pub fn json(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match json::parse(&text) {
        Ok(value) => {
            assert!(!inspect::inspect(&value).is_empty() || value.is_string());
            inspect::inspect_bare(&value);
            let gap = if bytes.len().is_multiple_of(2) { "" } else { "  " };
            // `null` alone is `()`, and that is `undefined` as well.
            let Ok(Some(written)) = json::stringify(&value, gap) else { return };
            let again = json::parse(&written).expect("what was written is JSON");
            // What was rounded when it was read first is not rounded again.
            let again = json::stringify(&again, gap).ok().flatten();
            assert_eq!(again.as_deref(), Some(written.as_str()), "{text}");
        }
        Err(message) => assert!(!message.is_empty()),
    }
}
