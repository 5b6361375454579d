//! A question that a scenario asks before it runs, and how the log of the run answers it.
//!
//! Nothing here says what the answer *is*: it depends on the parameters, on chance and on the
//! kernel. [`Answer`] says where to look, and whoever has the log looks. Two do, and they must
//! agree: the tests of the scenarios and the page.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Text;

/// A question that is asked before the run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Predict {
    /// One sentence, about the parameters as they are chosen now.
    pub question: Text,
    /// Where in the log the answer stands.
    pub answer: Answer,
}

/// Where in a finished log the answer stands. All but the last are numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "by", rename_all = "lowercase", deny_unknown_fields)]
pub enum Answer {
    /// How many such events there are.
    Count {
        /// Which.
        of: Selector,
    },
    /// How many spans are open at once at most: each `from` opens one, each `to` closes one.
    Most {
        /// Opens a span.
        from: Selector,
        /// Closes one.
        to: Selector,
    },
    /// The last value that a variable was set to (`variable.set`); there is no answer where it
    /// was never set, or last to what is no number.
    Variable {
        /// The variable.
        name: String,
        /// The name of the process that set it, as in [`Selector`]; absent: anyone.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        process: Option<String>,
    },
    /// The value of the option whose event comes first; where one event is that of two options,
    /// the one that stands first. Where none comes, the one that has no
    /// event is right; where there is no such option, there is no answer.
    Options {
        /// Two to five.
        options: Vec<PredictOption>,
    },
}

/// One of a few possible answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct PredictOption {
    /// A word that stands for it in addresses and tallies.
    pub value: String,
    /// Its label.
    pub title: Text,
    /// It is right when the first such event comes before that of any other option. Absent
    /// (at most once): it is right when no event of the others comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub first: Option<Selector>,
}

/// Which events are meant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Selector {
    /// The event's `type`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The name of the process that did it, by which it is called at the end of the log; `*`
    /// stands for anything, and a process without a name is `?`. Absent: anyone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub process: Option<String>,
    /// Fields with the value that they must have; in texts `{*}` stands for anything.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(test, ts(as = "Option<BTreeMap<String, Value>>", optional))]
    pub fields: BTreeMap<String, Value>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_is_said_crosses_the_wire() {
        let written = json!({
            "question": {"zh": "几个？", "en": "How many?"},
            "answer": {"by": "count", "of": {"type": "process.started"}},
        });
        let predict: Predict = serde_json::from_value(written.clone()).unwrap();
        assert_eq!(serde_json::to_value(&predict).unwrap(), written);
        let Answer::Count { of } = predict.answer else { panic!("it is a count") };
        assert_eq!((of.kind.as_str(), of.process, of.fields.len()), ("process.started", None, 0));
    }

    #[test]
    fn an_option_without_an_event_is_the_one_for_all_else() {
        let text = json!({"zh": "都不是", "en": "neither"});
        let option: PredictOption =
            serde_json::from_value(json!({"value": "neither", "title": text})).unwrap();
        assert_eq!(option.first, None);
    }
}
