//! Texts of the page and the server: every sentence in both languages, every key that is used there.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::none;
use crate::sources::{read, sources, without_comments};

const TABLES: &[&str] = &[
    "web/text/page.json",
    "web/text/experiments.json",
    "web/text/share.json",
    "web/text/kept.json",
    "web/text/embed.json",
    "web/text/keys.json",
    "web/text/server.json",
];

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

/// Every `"…"` and `'…'` in a text that reads like a key: words with points between.
fn literals(code: &str) -> BTreeSet<String> {
    let parts = code.split(['"', '\'', '`']);
    let key_like = |part: &&str| {
        part.contains('.') && part.split('.').all(|word| !word.is_empty() && word.chars().all(is_key_letter))
    };
    parts.filter(key_like).map(str::to_owned).collect()
}

fn is_key_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_' || letter == '-'
}

/// What stands before `${` or `{` in a string, as `theme.` and `problem.`: keys that are put together.
fn prefixes(code: &str) -> BTreeSet<String> {
    let before =
        code.split('{').map(|part| part.trim_end_matches('$').rsplit(['`', '"']).next().unwrap_or_default());
    let begins_keys = |part: &&str| part.ends_with('.') && part.chars().all(|l| is_key_letter(l) || l == '.');
    before.filter(begins_keys).map(str::to_owned).collect()
}

fn code_that_speaks() -> Vec<(String, String)> {
    let mut all = sources("web", &["js", "html"]);
    all.extend(sources("server/app/src", &["rs"]));
    all.into_iter().map(|source| (source.path.clone(), without_comments(&source))).collect()
}

#[test]
fn every_key_that_is_used_is_in_a_table() {
    let keys: BTreeSet<String> = TABLES.iter().flat_map(|path| table(path).into_keys()).collect();
    let heads: BTreeSet<&str> =
        keys.iter().filter_map(|key| key.split_once('.')).map(|(head, _)| head).collect();
    let kinds = event_kinds();
    let mut faults = Vec::new();
    for (path, code) in code_that_speaks().iter().filter(|(path, _)| path.starts_with("web/")) {
        let unknown = literals(code).into_iter().filter(|word| !keys.contains(word) && !kinds.contains(word));
        let meant = unknown.filter(|word| word.split_once('.').is_some_and(|(head, _)| heads.contains(head)));
        faults.extend(meant.map(|word| format!("{path}: {word} is in no table")));
        let prefixes = prefixes(code).into_iter();
        let bare = prefixes.filter(|prefix| !keys.iter().any(|key| key.starts_with(prefix.as_str())));
        faults.extend(bare.map(|prefix| format!("{path}: no table has a key that begins with {prefix}")));
    }
    none("a sentence that is said must be in web/text/:", faults);
}

#[test]
fn every_sentence_is_said_somewhere() {
    let code = code_that_speaks();
    let said: BTreeSet<String> = code.iter().flat_map(|(_, code)| literals(code)).collect();
    let begun: BTreeSet<String> = code.iter().flat_map(|(_, code)| prefixes(code)).collect();
    let mut faults = Vec::new();
    for path in TABLES {
        let unsaid = |key: &String| {
            let plain =
                !key.contains('.') && code.iter().any(|(_, code)| code.contains(&format!("\"{key}\"")));
            // The singular of a key that is counted with.
            let base = key.trim_end_matches(".one");
            !plain && !said.contains(base) && !begun.iter().any(|prefix| key.starts_with(prefix.as_str()))
        };
        faults.extend(table(path).into_keys().filter(unsaid).map(|key| format!("{path}: {key}")));
    }
    none("nobody says these sentences:", faults);
}

/// `run.started` and the like: words of the log and not of the page.
fn event_kinds() -> BTreeSet<String> {
    let samples = read("server/protocol/samples.ndjson");
    let event = |line: &str| serde_json::from_str::<Value>(line).expect("an event");
    samples.lines().map(|line| event(line)["type"].as_str().expect("a kind").to_owned()).collect()
}

#[test]
fn keys_are_found_in_every_spelling() {
    let code = r#"say(text, "run.run") + say(text, `outcome.${word}`) + 'a b.c' + text.get("brand") + format!("problem.{code}")"#;
    assert_eq!(literals(code), BTreeSet::from(["run.run".to_owned()]));
    assert_eq!(prefixes(code), BTreeSet::from(["outcome.".to_owned(), "problem.".to_owned()]));
}
