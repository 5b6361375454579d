//! Texts of the page and the server: every sentence in both languages, every key that is used there.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::none;
use crate::sources::read;

const TABLES: &[&str] = &["web/text/page.json", "web/text/server.json"];

fn table(path: &str) -> BTreeMap<String, Value> {
    serde_json::from_str(&read(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The names in `{braces}`, in any order.
fn placeholders(sentence: &str) -> BTreeSet<&str> {
    sentence.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
}

#[test]
fn every_sentence_is_there_in_both_languages() {
    let mut faults = Vec::new();
    for path in TABLES {
        for (key, texts) in table(path) {
            let in_language = |lang| texts.get(lang).and_then(Value::as_str).unwrap_or_default();
            let (zh, en) = (in_language("zh"), in_language("en"));
            if zh.trim().is_empty() || en.trim().is_empty() || texts.as_object().is_none_or(|o| o.len() != 2)
            {
                faults.push(format!("{path}: {key} needs zh and en and nothing else"));
            } else if placeholders(zh) != placeholders(en) {
                faults.push(format!("{path}: {key} has other placeholders in zh than in en"));
            }
        }
    }
    none("the page speaks both languages:", faults);
}
