//! Answers a scenario's question from the log of a run.

use protocol::event::ProgramEvent;
use protocol::predict::{Answer, PredictOption};
use protocol::{Body, Selector};
use serde_json::Value;

use super::run::Run;
use super::story::{events, most};
use crate::manifest::Expect;

/// Whether the log answers as the case says.
pub fn check(expect: &Expect, run: &Run<'_>) -> Option<String> {
    let (answer, wanted) = expect.predicts.as_ref()?;
    match find(answer, run) {
        None => Some(format!("the log does not answer the question; the answer should be {wanted}")),
        Some(found) if !same(&found, wanted) => Some(format!("the log answers {found} and not {wanted}")),
        Some(_) => None,
    }
}

/// The answer; `None` where the log has none.
fn find(answer: &Answer, run: &Run<'_>) -> Option<Value> {
    match answer {
        Answer::Count { of } => Some(events(run, of).count().into()),
        Answer::Most { from, to } => Some(most(run, from, to).into()),
        Answer::Variable { name, process } => last_value(run, name, process.clone()),
        Answer::Options { options } => right_option(run, options),
    }
}

/// What a variable was last set to, if that is a number.
fn last_value(run: &Run<'_>, name: &str, process: Option<String>) -> Option<Value> {
    let fields = [("name".to_owned(), name.into())].into();
    let set = Selector { kind: "variable.set".into(), process, fields };
    match &events(run, &set).last()?.body {
        Body::Program(ProgramEvent::VariableSet(variable)) => {
            Some(variable.value.clone()).filter(Value::is_number)
        }
        _ => None,
    }
}

/// Of two options that the same event makes right, the first is meant.
fn right_option(run: &Run<'_>, options: &[PredictOption]) -> Option<Value> {
    let first = |selector| events(run, selector).next().map(|event| event.seq);
    let come = options.iter().filter_map(|option| Some((first(option.first.as_ref()?)?, option)));
    let earliest = come.min_by_key(|(seq, _)| *seq).map(|(_, option)| option);
    let otherwise = || options.iter().find(|option| option.first.is_none());
    earliest.or_else(otherwise).map(|option| option.value.clone().into())
}

/// JSON tells 5 from 5.0; a reader does not.
fn same(a: &Value, b: &Value) -> bool {
    a == b || a.as_f64().is_some_and(|number| b.as_f64() == Some(number))
}
