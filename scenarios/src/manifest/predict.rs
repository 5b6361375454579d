//! `[predict]`: what the reader may predict, and where the log answers it.
//!
//! One of `count`, `most`, `variable` and `[[predict.options]]` says where. Cases of
//! `[[expect]]` say by `predicts` what the answer is with their parameters, and a real run
//! must give it: so a question never goes out whose answer nobody has checked.

use protocol::predict::{Answer, PredictOption};
use protocol::{Predict, Selector};
use serde_json::Value;

use super::params::{is_word, read_text};
use super::section::Section;
use super::selector;

/// The ways to find an answer.
const WAYS: [&str; 4] = ["count", "most", "variable", "options"];

/// The one placeholder that the page knows, too.
const ANYTHING: &str = "{*}";

/// The question, if there is one.
pub fn read(root: &Section<'_>) -> Option<Predict> {
    let section = root.section("predict")?;
    let question = read_text(&section, "question");
    let given: Vec<&str> = WAYS.into_iter().filter(|way| section.has(way)).collect();
    if given.len() != 1 {
        let what = match given.len() {
            0 => "nothing says where the answer is".to_owned(),
            _ => format!("{} say where the answer is", given.join(" and ")),
        };
        section.fault(what, format!("give one of {}", WAYS.join(", ")));
    }
    let answer = read_answer(&section, given.first().copied());
    section.finish();
    Some(Predict { question, answer })
}

/// What a case says the answer is; a fault if that is no possible answer.
pub fn read_predicts(case: &Section<'_>, predict: Option<&Predict>) -> Option<(Answer, Value)> {
    let value: Value = case.optional("predicts")?;
    let Some(Predict { answer, .. }) = predict else {
        case.fault_at("predicts", "there is no question to be answered", "add `[predict]`");
        return None;
    };
    let remedy = match answer {
        Answer::Options { options } if !options.iter().any(|option| value == option.value) => {
            let words: Vec<&str> = options.iter().map(|option| option.value.as_str()).collect();
            Some(format!("use one of its options: {}", words.join(", ")))
        }
        Answer::Options { .. } => None,
        _ => (!value.is_number()).then(|| "give a number".into()),
    };
    if let Some(remedy) = remedy {
        case.fault_at("predicts", format!("{value} is no answer to the question"), remedy);
    }
    Some((answer.clone(), value))
}

fn read_answer(section: &Section<'_>, way: Option<&str>) -> Answer {
    match way {
        Some("count") => Answer::Count { of: read_selector(section, "count") },
        Some("most") => read_most(section),
        Some("variable") => read_variable(section),
        _ => Answer::Options { options: read_options(section) },
    }
}

fn read_most(section: &Section<'_>) -> Answer {
    let Some(most) = section.section("most") else { return Answer::Options { options: Vec::new() } };
    let answer = Answer::Most { from: read_selector(&most, "from"), to: read_selector(&most, "to") };
    most.finish();
    answer
}

fn read_variable(section: &Section<'_>) -> Answer {
    let Some(variable) = section.section("variable") else { return Answer::Options { options: Vec::new() } };
    let answer = Answer::Variable { name: variable.required("name"), process: variable.optional("process") };
    variable.finish();
    answer
}

fn read_options(section: &Section<'_>) -> Vec<PredictOption> {
    let mut options: Vec<PredictOption> = Vec::new();
    for table in section.sections("options") {
        let option = read_option(&table);
        if options.iter().any(|other| other.value == option.value) {
            table.fault_at("value", format!("a second option `{}`", option.value), "give it another value");
        }
        if option.first.is_none() && options.iter().any(|other| other.first.is_none()) {
            table.fault("a second option for all else", "give it `first = { type = \"…\" }`");
        }
        table.finish();
        options.push(option);
    }
    if section.has("options") && !(2..=5).contains(&options.len()) {
        let what = format!("{} options", options.len());
        section.fault_at("options", what, "give the reader two to five to choose from");
    }
    options
}

fn read_option(table: &Section<'_>) -> PredictOption {
    let value: String = table.required("value");
    if table.has("value") && !is_word(&value) {
        table.fault_at("value", format!("`{value}` is no word for an option"), "use a-z, 0-9, _ and -");
    }
    let otherwise = table.optional::<bool>("otherwise").unwrap_or_default();
    match (otherwise, table.has("first")) {
        (true, true) => table.fault_at("otherwise", "`first` and `otherwise`", "take one of them away"),
        (false, false) => table.fault(
            "nothing says when this option is right",
            "add `first = { type = \"…\" }`, or `otherwise = true` for when nothing of the others comes",
        ),
        _ => {}
    }
    let first = table.has("first").then(|| read_selector(table, "first"));
    PredictOption { value, title: read_text(table, "title"), first }
}

/// A selector that the page can evaluate, too: `{*}` is the only placeholder.
fn read_selector(section: &Section<'_>, key: &'static str) -> Selector {
    let selector = selector::read(section, key);
    for text in selector.fields.values().filter_map(Value::as_str) {
        if text.replace(ANYTHING, "").contains('{') {
            let what = format!("`{text}` has a placeholder that a prediction does not know");
            section.fault_at(key, what, "use {*}, which stands for anything");
        }
    }
    selector
}
