//! All sentences of page and server, in both languages.
//!
//! They stand in `web/text/*.json` as `{"key": {"zh": "…", "en": "…"}}`: `page.json`
//! for the scripts of the page, `server.json` for templates and what the server says, `experiments.json` for what
//! the page fetches when an experiment is opened, `kept.json` for when a run has ended, `keys.json` for who asks
//! for the keys. Values are put in for `{name}`.

use std::collections::BTreeMap;

use protocol::{Lang, Text};
use serde::Serialize;

use crate::assets::Sentences;

/// The sentences in both languages.
pub struct Texts {
    zh: TextMap,
    en: TextMap,
}

/// The sentences in one language, by key. Only the page's own travel with a page.
#[derive(Default, Serialize)]
#[serde(transparent)]
pub struct TextMap {
    page: BTreeMap<String, String>,
    #[serde(skip)]
    server: BTreeMap<String, String>,
    #[serde(skip)]
    embed: BTreeMap<String, String>,
}

impl Texts {
    /// Reads the tables inside the binary.
    pub fn load() -> Self {
        let mut texts = Texts { zh: TextMap::default(), en: TextMap::default() };
        for (key, text) in table("page.json") {
            texts.zh.page.insert(key.clone(), text.zh);
            texts.en.page.insert(key, text.en);
        }
        for (key, text) in table("server.json") {
            texts.zh.server.insert(key.clone(), text.zh);
            texts.en.server.insert(key, text.en);
        }
        for (key, text) in table("embed.json") {
            texts.zh.embed.insert(key.clone(), text.zh);
            texts.en.embed.insert(key, text.en);
        }
        texts
    }

    /// The sentences in one language.
    pub fn of(&self, lang: Lang) -> &TextMap {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

fn table(name: &str) -> BTreeMap<String, Text> {
    let file = Sentences::get(name).unwrap_or_else(|| panic!("web/text/{name} is in the binary"));
    serde_json::from_slice(&file.data)
        .unwrap_or_else(|error| panic!("web/text/{name} is no table of sentences: {error}"))
}

impl TextMap {
    /// The sentence; the key itself where there is none, which is seen and reported.
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.find(key).map_or(key, String::as_str)
    }

    /// The sentences that travel with an embed.
    pub fn of_embed(&self) -> BTreeMap<&str, &str> {
        let all = self.page.iter().chain(&self.embed);
        all.map(|(key, sentence)| (key.as_str(), sentence.as_str())).collect()
    }

    /// Whether there is such a sentence.
    pub fn has(&self, key: &str) -> bool {
        self.find(key).is_some()
    }

    fn find(&self, key: &str) -> Option<&String> {
        self.page.get(key).or_else(|| self.server.get(key))
    }

    /// The sentence with values for its `{name}`s.
    pub fn fill(&self, key: &str, values: &[(&str, String)]) -> String {
        let mut pieces = self.get(key).split('{');
        let mut sentence = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let (name, rest) = piece.split_once('}').unwrap_or(("", piece));
            let value = values.iter().find(|(known, _)| *known == name);
            sentence += value.map_or("", |(_, value)| value);
            sentence += rest;
        }
        sentence
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_put_in_once_and_never_read_again() {
        let page = BTreeMap::from([("k".into(), "{a} and {b}".into())]);
        let text = TextMap { page, ..TextMap::default() };
        assert_eq!(text.fill("k", &[("a", "{b}".into()), ("b", "2".into())]), "{b} and 2");
        assert_eq!(text.fill("missing", &[]), "missing");
    }
}
