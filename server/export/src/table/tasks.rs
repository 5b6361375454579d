//! One line a task of a pool: by whom it was handed in, who ran it, how long it waited and ran, what came of it.

use std::collections::BTreeMap;

use protocol::event::{Body, ProgramEvent};
use protocol::{Event, Pid};
use serde_json::Value;

use super::csv::{Csv, number, words};
use crate::family::{Family, Present};

const COLUMNS: [&str; 14] = [
    "task",
    "name",
    "state",
    "submitted_us",
    "submitted_by",
    "started_us",
    "worker_pid",
    "worker_name",
    "ended_us",
    "waited_us",
    "ran_us",
    "callback_us",
    "value",
    "error",
];

/// What is known of a task.
#[derive(Default)]
struct Task<'a> {
    name: &'a str,
    submitted: Option<(u64, Option<Pid>)>,
    started: Option<(u64, Option<Pid>)>,
    worker: Option<usize>,
    ended: Option<u64>,
    callback: Option<u64>,
    value: Option<&'a Value>,
    error: Option<&'a str>,
}

/// The tasks of a run, in the order of their numbers.
pub fn tasks(log: &[Event]) -> String {
    let family = Family::of(log);
    let mut csv = Csv::new(&COLUMNS);
    for (number, task) in gather(log, &family) {
        csv.line(&cells(&family, number, &task));
    }
    csv.finish()
}

fn gather<'a>(log: &'a [Event], family: &Family<'a>) -> BTreeMap<u64, Task<'a>> {
    let mut all: BTreeMap<u64, Task<'a>> = BTreeMap::new();
    let mut present = Present::default();
    for event in log {
        present.take(event, family);
        let Body::Program(body) = &event.body else { continue };
        let (t, pid) = (event.t, event.pid);
        match body {
            ProgramEvent::TaskSubmitted(task) => {
                all.entry(task.task).or_default().named(&task.name).submitted = Some((t, pid));
            }
            ProgramEvent::TaskStarted(task) => {
                let known = all.entry(task.task).or_default().named(&task.name);
                known.started = Some((t, pid));
                known.worker = pid.and_then(|pid| present.place(pid));
            }
            ProgramEvent::TaskFinished(task) => {
                let known = all.entry(task.task).or_default().named(&task.name);
                (known.ended, known.value) = (Some(t), Some(&task.value));
            }
            ProgramEvent::TaskFailed(task) => {
                let known = all.entry(task.task).or_default().named(&task.name);
                (known.ended, known.error) = (Some(t), Some(task.error.as_str()));
            }
            ProgramEvent::TaskCallback(task) => {
                all.entry(task.task).or_default().named(&task.name).callback = Some(t);
            }
            _ => {}
        }
    }
    all
}

impl<'a> Task<'a> {
    fn named(&mut self, name: &'a str) -> &mut Self {
        self.name = name;
        self
    }

    /// A task whose worker died, or whose pool was ended, stays as it was.
    fn state(&self) -> &'static str {
        match (self.error, self.ended, self.started) {
            (Some(_), ..) => "failed",
            (None, Some(_), _) => "finished",
            (None, None, Some(_)) => "started",
            (None, None, None) => "submitted",
        }
    }
}

fn cells(family: &Family<'_>, task: u64, known: &Task<'_>) -> [Option<String>; COLUMNS.len()] {
    let (submitted, started) = (known.submitted.map(|(t, _)| t), known.started.map(|(t, _)| t));
    let between = |from: Option<u64>, to: Option<u64>| from.zip(to).map(|(from, to)| to.saturating_sub(from));
    [
        number(Some(task)),
        words(known.name),
        words(known.state()),
        number(submitted),
        number(known.submitted.and_then(|(_, pid)| pid)),
        number(started),
        number(known.started.and_then(|(_, pid)| pid)),
        words(known.worker.map_or("", |worker| family.lanes[worker].name)),
        number(known.ended),
        number(between(submitted, started)),
        number(between(started, known.ended)),
        number(known.callback),
        known.value.and_then(value),
        words(known.error.unwrap_or_default()),
    ]
}

/// A number stays one, nothing is an empty cell; what is neither number nor text is written as JSON.
fn value(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Number(plain) => number(Some(plain)),
        Value::String(text) => words(text),
        other => words(&other.to_string()),
    }
}
