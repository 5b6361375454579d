//! Scenario cards: what a scenario says of itself, and what its parameters may be.
//!
//! A card is read from a scenario's folder; the catalogue, the command line and
//! the page all show the same one. [`Card::check`] is the one place where
//! parameters are validated.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::event::Runtime;
use crate::{Lang, Predict, Sweep, Text};

/// The values of a run's parameters, by name.
pub type Params = BTreeMap<String, Value>;

/// What a scenario says of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Card {
    /// The folder's name.
    pub id: String,
    /// The part of the catalogue it stands in.
    #[serde(default)]
    pub chapter: Chapter,
    /// A few words.
    pub title: Text,
    /// One sentence: what it shows.
    pub summary: Text,
    /// The explanation beside the picture, Markdown (paragraphs, lists, `code`, **bold**).
    pub text: Text,
    /// What can be switched, in the order of the page.
    pub params: Vec<Param>,
    /// The programs that this host can run, as the visitor reads them.
    pub sources: Vec<Source>,
    /// The runtimes that the scenario has a program for and this host cannot run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(as = "Option<Vec<Missing>>", optional))]
    pub missing: Vec<Missing>,
    /// What the reader may predict before the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub predict: Option<Predict>,
    /// What is worth sweeping.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub sweep: Option<Sweep>,
}

/// A part of the catalogue, in the order of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Chapter {
    /// The tutorial: processes, pools, queues.
    Basics,
    /// Birth, signals and death.
    Lives,
    /// What processes share, and how they wait for each other.
    Sharing,
    /// Many at work.
    Work,
    /// All else, and what an operator added.
    #[default]
    More,
}

impl Chapter {
    /// All of them.
    pub const ALL: [Chapter; 5] =
        [Chapter::Basics, Chapter::Lives, Chapter::Sharing, Chapter::Work, Chapter::More];

    /// The word for it in files and on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Chapter::Basics => "basics",
            Chapter::Lives => "lives",
            Chapter::Sharing => "sharing",
            Chapter::Work => "work",
            Chapter::More => "more",
        }
    }
}

/// A runtime that this host has not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Missing {
    /// Which.
    pub runtime: Runtime,
    /// Why, a sentence.
    pub why: Text,
}

/// A program of a scenario, exactly as it runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Source {
    /// What runs it.
    pub runtime: Runtime,
    /// The file's name, as in [`crate::At`].
    pub file: String,
    /// Its text.
    pub text: String,
}

/// One thing that can be switched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Param {
    /// Its name in the program, the command line and the URL.
    pub name: String,
    /// Its label.
    pub title: Text,
    /// What to try and why, one sentence.
    pub help: Text,
    /// Its type, range and default.
    #[serde(flatten)]
    pub kind: ParamKind,
}

/// A parameter's type, range and default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum ParamKind {
    /// A whole number.
    Integer {
        /// The least.
        min: i64,
        /// The most.
        max: i64,
        /// Unless told.
        default: i64,
    },
    /// A number.
    Number {
        /// The least.
        min: f64,
        /// The most.
        max: f64,
        /// Unless told.
        default: f64,
        /// What one click adds.
        step: f64,
        /// As `s`; empty for none.
        #[serde(default)]
        unit: String,
    },
    /// Yes or no.
    Boolean {
        /// Unless told.
        default: bool,
    },
    /// One of a few words.
    Choice {
        /// The words.
        options: Vec<Choice>,
        /// Unless told.
        default: String,
    },
    /// A short text of the visitor's own.
    Text {
        /// The most characters; at least one is needed.
        max_chars: usize,
        /// Unless told.
        default: String,
    },
}

/// One word of a choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The word.
    pub value: String,
    /// Its label.
    pub title: Text,
}

/// What is wrong with a parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// The scenario has no such parameter; these it has.
    Unknown(Vec<String>),
    /// The value is none of the kind.
    Wrong(ParamKind, Value),
}

impl Card {
    /// Every parameter with the value it has: the given one, or its default.
    ///
    /// # Errors
    /// One fault for each parameter that is unknown, out of range or of the wrong type.
    pub fn check(&self, given: &Params) -> Result<Params, BTreeMap<String, Fault>> {
        let mut faults = BTreeMap::new();
        for name in given.keys().filter(|name| self.param(name).is_none()) {
            let known = self.params.iter().map(|param| param.name.clone()).collect();
            faults.insert(name.clone(), Fault::Unknown(known));
        }
        let mut params = Params::new();
        for param in &self.params {
            match given.get(&param.name) {
                Some(value) if !param.kind.admits(value) => {
                    faults.insert(param.name.clone(), Fault::Wrong(param.kind.clone(), value.clone()));
                }
                Some(value) => drop(params.insert(param.name.clone(), value.clone())),
                None => drop(params.insert(param.name.clone(), param.kind.default())),
            }
        }
        if faults.is_empty() { Ok(params) } else { Err(faults) }
    }

    /// The runtime of the program that runs unless told.
    pub fn runtime(&self) -> Runtime {
        let here = self.sources.first().map(|source| source.runtime);
        here.or(self.missing.first().map(|missing| missing.runtime)).unwrap_or_default()
    }

    /// The parameter of that name.
    pub fn param(&self, name: &str) -> Option<&Param> {
        self.params.iter().find(|param| param.name == name)
    }
}

impl ParamKind {
    /// Whether the value is of the type and in the range.
    pub fn admits(&self, value: &Value) -> bool {
        match self {
            ParamKind::Integer { min, max, .. } => value.as_i64().is_some_and(|n| (*min..=*max).contains(&n)),
            ParamKind::Number { min, max, .. } => value.as_f64().is_some_and(|n| (*min..=*max).contains(&n)),
            ParamKind::Boolean { .. } => value.is_boolean(),
            ParamKind::Choice { options, .. } => {
                value.as_str().is_some_and(|word| options.iter().any(|option| option.value == word))
            }
            ParamKind::Text { max_chars, .. } => {
                value.as_str().is_some_and(|text| is_short_line(text, *max_chars))
            }
        }
    }

    /// The value unless told.
    pub fn default(&self) -> Value {
        match self {
            ParamKind::Integer { default, .. } => Value::from(*default),
            ParamKind::Number { default, .. } => Value::from(*default),
            ParamKind::Boolean { default } => Value::from(*default),
            ParamKind::Choice { default, .. } | ParamKind::Text { default, .. } => {
                Value::from(default.clone())
            }
        }
    }

    /// The value that a word of a command line or a query string means.
    /// What cannot be read stays a text, so that [`Card::check`] can name it.
    pub fn parse(&self, word: &str) -> Value {
        let parsed = match self {
            ParamKind::Integer { .. } => word.parse::<i64>().ok().map(Value::from),
            ParamKind::Number { .. } => word.parse::<f64>().ok().filter(|n| n.is_finite()).map(Value::from),
            ParamKind::Boolean { .. } => word.parse::<bool>().ok().map(Value::from),
            ParamKind::Choice { .. } | ParamKind::Text { .. } => None,
        };
        parsed.unwrap_or_else(|| Value::from(word))
    }
}

fn is_short_line(text: &str, max_chars: usize) -> bool {
    (1..=max_chars).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

impl Fault {
    /// What is wrong and what would be right, in a sentence.
    pub fn message(&self, lang: Lang) -> String {
        match (self, lang) {
            (Fault::Unknown(known), Lang::En) if known.is_empty() => {
                "unknown parameter: this scenario has none".into()
            }
            (Fault::Unknown(known), Lang::Zh) if known.is_empty() => "没有这个参数：此场景不带参数".into(),
            (Fault::Unknown(known), Lang::En) => {
                format!("unknown parameter; this scenario has: {}", known.join(", "))
            }
            (Fault::Unknown(known), Lang::Zh) => format!("没有这个参数；此场景有：{}", known.join("、")),
            (Fault::Wrong(kind, value), Lang::En) => format!("{value} is not {}", kind.wanted(lang)),
            (Fault::Wrong(kind, value), Lang::Zh) => format!("{value} 不行，应为{}", kind.wanted(lang)),
        }
    }
}

impl ParamKind {
    fn wanted(&self, lang: Lang) -> String {
        let words = |options: &[Choice], comma: &str| {
            options.iter().map(|option| option.value.as_str()).collect::<Vec<_>>().join(comma)
        };
        match (self, lang) {
            (ParamKind::Integer { min, max, .. }, Lang::En) => format!("a whole number from {min} to {max}"),
            (ParamKind::Integer { min, max, .. }, Lang::Zh) => format!(" {min} 到 {max} 的整数"),
            (ParamKind::Number { min, max, unit, .. }, Lang::En) => {
                format!("a number from {min} to {max} {unit}").trim_end().into()
            }
            (ParamKind::Number { min, max, unit, .. }, Lang::Zh) => {
                format!(" {min} 到 {max} {unit} 的数").replace("  ", " ")
            }
            (ParamKind::Boolean { .. }, Lang::En) => "true or false".into(),
            (ParamKind::Boolean { .. }, Lang::Zh) => " true 或 false".into(),
            (ParamKind::Choice { options, .. }, Lang::En) => format!("one of: {}", words(options, ", ")),
            (ParamKind::Choice { options, .. }, Lang::Zh) => format!("其中之一：{}", words(options, "、")),
            (ParamKind::Text { max_chars, .. }, Lang::En) => {
                format!("a text of 1 to {max_chars} characters without control characters")
            }
            (ParamKind::Text { max_chars, .. }, Lang::Zh) => {
                format!(" 1 到 {max_chars} 个字符的文字，不含控制字符")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn card() -> Card {
        let text = Text { zh: "进程数".into(), en: "Workers".into() };
        Card {
            id: "pool".into(),
            chapter: Chapter::Basics,
            title: text.clone(),
            summary: text.clone(),
            text: text.clone(),
            params: vec![Param {
                name: "workers".into(),
                title: text.clone(),
                help: text,
                kind: ParamKind::Integer { min: 1, max: 16, default: 5 },
            }],
            sources: vec![],
            missing: vec![],
            predict: None,
            sweep: None,
        }
    }

    #[test]
    fn a_chapter_is_called_the_same_everywhere() {
        for chapter in Chapter::ALL {
            assert_eq!(serde_json::to_value(chapter).unwrap(), json!(chapter.word()));
        }
    }

    #[test]
    fn defaults_fill_what_is_not_given() {
        assert_eq!(card().check(&Params::new()), Ok(Params::from([("workers".into(), json!(5))])));
    }

    #[test]
    fn every_fault_is_named_and_says_what_would_be_right() {
        let given = Params::from([("workers".into(), json!(17)), ("worker".into(), json!(1))]);
        let faults = card().check(&given).unwrap_err();
        assert_eq!(faults["workers"].message(Lang::En), "17 is not a whole number from 1 to 16");
        assert_eq!(faults["workers"].message(Lang::Zh), "17 不行，应为 1 到 16 的整数");
        assert_eq!(faults["worker"].message(Lang::En), "unknown parameter; this scenario has: workers");
    }

    #[test]
    fn a_word_that_cannot_be_read_is_a_fault_and_not_a_default() {
        let kind = ParamKind::Integer { min: 1, max: 16, default: 5 };
        assert_eq!(kind.parse("5"), json!(5));
        assert!(!kind.admits(&kind.parse("five")));
        assert!(!kind.admits(&json!(2.5)));
        let kind = ParamKind::Text { max_chars: 3, default: "小明".into() };
        assert!(!kind.admits(&json!("")) && !kind.admits(&json!("a\nb")) && kind.admits(&json!("小红")));
    }
}
