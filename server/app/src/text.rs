//! All sentences of page and server, in both languages.
//!
//! They stand in `web/text/*.json` as `{"key": {"zh": "…", "en": "…"}}`: `page.json`
//! for the page, `server.json` for what the server says. Values are put in for
//! `{name}`.

use std::collections::BTreeMap;

use protocol::{Lang, Text};
use serde::Serialize;

use crate::assets::Sentences;

/// The sentences in both languages.
pub struct Texts {
    zh: TextMap,
    en: TextMap,
}

/// The sentences in one language, by key.
#[derive(Default, Serialize)]
#[serde(transparent)]
pub struct TextMap(BTreeMap<String, String>);

impl Texts {
    /// Reads the tables inside the binary.
    pub fn load() -> Self {
        let mut texts = Texts { zh: TextMap::default(), en: TextMap::default() };
        for name in Sentences::iter() {
            let file = Sentences::get(&name).unwrap_or_else(|| panic!("{name} was listed"));
            let table: BTreeMap<String, Text> = serde_json::from_slice(&file.data)
                .unwrap_or_else(|error| panic!("web/text/{name} is no table of sentences: {error}"));
            for (key, text) in table {
                texts.zh.0.insert(key.clone(), text.zh);
                texts.en.0.insert(key, text.en);
            }
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

impl TextMap {
    /// The sentence; the key itself where there is none, which is seen and reported.
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.0.get(key).map_or(key, String::as_str)
    }

    /// Whether there is such a sentence.
    pub fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
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
    fn every_sentence_exists_in_both_languages_with_the_same_values() {
        let texts = Texts::load();
        let names = |text: &str| {
            let mut names: Vec<_> =
                text.split('{').skip(1).filter_map(|piece| piece.split_once('}')).collect();
            names.sort_unstable();
            names.into_iter().map(|(name, _)| name.to_owned()).collect::<Vec<_>>()
        };
        assert!(!texts.en.0.is_empty());
        for (key, en) in &texts.en.0 {
            let zh = texts.zh.get(key);
            assert!(!en.trim().is_empty() && !zh.trim().is_empty(), "{key} lacks a language");
            let (mut zh, mut en) = (names(zh), names(en));
            zh.sort_unstable();
            en.sort_unstable();
            assert_eq!(zh, en, "{key}");
        }
    }

    #[test]
    fn values_are_put_in_once_and_never_read_again() {
        let text = TextMap(BTreeMap::from([("k".into(), "{a} and {b}".into())]));
        assert_eq!(text.fill("k", &[("a", "{b}".into()), ("b", "2".into())]), "{b} and 2");
        assert_eq!(text.fill("missing", &[]), "missing");
    }
}
