//! Compares what happened with what should: which events, how many, in which order.

use serde_json::Value;

use super::lines::matches;
use super::run::{Run, means};
use crate::manifest::{Count, Expect, Overlap, Selector};

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
    let opened = select(run, &overlap.from).into_iter().map(|seq| (seq, 1i64));
    let closed = select(run, &overlap.to).into_iter().map(|seq| (seq, -1i64));
    let mut steps: Vec<(u64, i64)> = opened.chain(closed).collect();
    steps.sort_unstable();
    let mut open = 0;
    let most = steps.iter().map(|(_, step)| (open += step, open).1).max().unwrap_or(0);
    let (from, to) = (describe(&overlap.from), describe(&overlap.to));
    if most > overlap.most as i64 {
        return Some(format!("{most} and not at most {} spans from {from} to {to} at once", overlap.most));
    }
    (most < overlap.reaches as i64)
        .then(|| format!("at most {most} and never {} spans from {from} to {to} at once", overlap.reaches))
}

/// The `seq` of each event that is meant, in order.
fn select(run: &Run<'_>, selector: &Selector) -> Vec<u64> {
    let mut found = Vec::new();
    for (event, process) in &run.events {
        let process = process.map(|index| &run.processes[index]);
        if let Some(pattern) = &selector.process
            && !process.is_some_and(|process| means(pattern, process.name))
        {
            continue;
        }
        let Ok(fields) = serde_json::to_value(event) else { continue };
        let fits = |(name, wanted): (&String, &Value)| match (wanted, &fields[name], process) {
            (Value::String(pattern), Value::String(text), Some(process)) => {
                matches(run, process, pattern, text)
            }
            (wanted, value, _) => wanted == value,
        };
        if fields["type"] == *selector.kind && selector.fields.iter().all(fits) {
            found.push(event.seq);
        }
    }
    found
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
