//! Compares what happened with what should: which events, how many, in which order.

use protocol::{Event, Selector};
use serde_json::Value;

use super::lines::matches;
use super::run::{Run, means};
use crate::manifest::{Count, Expect, Overlap};

/// Everything that happened too often, too seldom or in the wrong order.
pub fn check(expect: &Expect, run: &Run<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    for (first, then) in &expect.before {
        wrong.extend(before(run, first, then));
    }
    for Count { of, is } in &expect.counts {
        let found = select(run, of).len() as u64;
        if found != *is {
            wrong.push(format!("{found} and not {is} times {}", describe(of)));
        }
    }
    for overlap in &expect.overlaps {
        wrong.extend(overlaps(run, overlap));
    }
    wrong
}

fn before(run: &Run<'_>, first: &Selector, then: &Selector) -> Option<String> {
    let (earlier, later) = (select(run, first), select(run, then));
    let (first, then) = (describe(first), describe(then));
    match (earlier.last(), later.first()) {
        (None, _) => Some(format!("there is no {first}")),
        (_, None) => Some(format!("there is no {then}")),
        (Some(last), Some(next)) if last > next => {
            Some(format!("{first} (seq {last}) comes not before {then} (seq {next})"))
        }
        _ => None,
    }
}

fn overlaps(run: &Run<'_>, overlap: &Overlap) -> Option<String> {
    let most = most(run, &overlap.from, &overlap.to);
    let (from, to) = (describe(&overlap.from), describe(&overlap.to));
    if most > overlap.most as i64 {
        return Some(format!("{most} and not at most {} spans from {from} to {to} at once", overlap.most));
    }
    (most < overlap.reaches as i64)
        .then(|| format!("at most {most} and never {} spans from {from} to {to} at once", overlap.reaches))
}

/// The `seq` of each event that is meant, in order.
fn select(run: &Run<'_>, selector: &Selector) -> Vec<u64> {
    events(run, selector).map(|event| event.seq).collect()
}

/// Each event that is meant, in order.
pub fn events<'a>(run: &Run<'a>, selector: &Selector) -> impl Iterator<Item = &'a Event> {
    run.events
        .iter()
        .filter(|(event, process)| is_meant(run, selector, event, *process))
        .map(|(event, _)| *event)
}

fn is_meant(run: &Run<'_>, selector: &Selector, event: &Event, process: Option<usize>) -> bool {
    let process = process.map(|index| &run.processes[index]);
    let is_by = |pattern: &String| process.is_some_and(|process| means(pattern, process.name));
    if !selector.process.as_ref().is_none_or(is_by) {
        return false;
    }
    let Ok(fields) = serde_json::to_value(event) else { return false };
    let fits = |(name, wanted): (&String, &Value)| match (wanted, &fields[name], process) {
        (Value::String(pattern), Value::String(text), Some(process)) => matches(run, process, pattern, text),
        (wanted, value, _) => wanted == value,
    };
    fields["type"] == *selector.kind && selector.fields.iter().all(fits)
}

/// How many spans from one event to another are open at once at most.
pub fn most(run: &Run<'_>, from: &Selector, to: &Selector) -> i64 {
    let opened = select(run, from).into_iter().map(|seq| (seq, 1i64));
    let closed = select(run, to).into_iter().map(|seq| (seq, -1i64));
    let mut steps: Vec<(u64, i64)> = opened.chain(closed).collect();
    steps.sort_unstable();
    let mut open = 0;
    steps.iter().map(|(_, step)| (open += step, open).1).max().unwrap_or(0).max(0)
}

/// The selector in words, for a sentence.
fn describe(selector: &Selector) -> String {
    let mut words = selector.kind.clone();
    for (name, value) in &selector.fields {
        words += &format!(" {name}={value}");
    }
    if let Some(process) = &selector.process {
        words += &format!(" of {process}");
    }
    words
}
