//! The promises of the event log, checked by somebody who knows only JSON.
//!
//! [`check`] folds a log line by line and says everything that breaks a promise:
//! the head of each event, the life of each process, what the program says of
//! itself, and the end. It shares no code with the supervisor on purpose, so a
//! mistake made there is not made here again. The promises that a log alone
//! cannot show (that no process was missed, that none is left) are the affair of
//! [`super::oracle`].

use std::collections::{HashMap, HashSet};

use serde_json::Value;

mod causes;
mod lives;
mod waits;

use causes::Causes;
use lives::Lives;

/// Every broken promise in a whole log, one sentence each; empty is good.
pub fn check(log: &[Value]) -> Vec<String> {
    let mut checker = Checker::default();
    if log.last().is_some_and(|last| last["outcome"] == "crashed") {
        checker.lives.expect_heir();
    }
    for (index, event) in log.iter().enumerate() {
        checker.event(index, event);
    }
    checker.end(log);
    checker.faults.0
}

/// What was found so far, each with the `seq` where it was found.
#[derive(Default)]
pub(crate) struct Faults(Vec<String>);

impl Faults {
    /// Notes a fault of one event.
    pub(crate) fn add(&mut self, event: &Value, what: impl std::fmt::Display) {
        let (seq, kind) = (&event["seq"], event["type"].as_str().unwrap_or("?"));
        self.0.push(format!("seq {seq} {kind}: {what}"));
    }
}

#[derive(Default)]
struct Checker {
    faults: Faults,
    time: u64,
    lives: Lives,
    causes: Causes,
    dropped: HashMap<String, u64>,
}

impl Checker {
    fn event(&mut self, index: usize, event: &Value) {
        self.head(index, event);
        match event["type"].as_str().unwrap_or_default() {
            "run.started" => self.run_started(index, event),
            "run.finished" => {}
            "run.truncated" => self.truncated(event),
            "message.rejected" => require(&mut self.faults, event, &["reason", "bytes"]),
            kind if kind.starts_with("process.") || kind == "output" => {
                self.lives.event(kind, event, &mut self.faults);
                if kind == "process.exited" {
                    self.causes.exited(event["pid"].as_i64().unwrap_or(-1));
                }
            }
            kind => {
                self.lives.speaks(event, &mut self.faults);
                self.causes.event(kind, event, &mut self.faults);
            }
        }
    }

    /// `seq` without a gap, `t` that never decreases, `at` with file and line.
    fn head(&mut self, index: usize, event: &Value) {
        if event["seq"].as_u64() != Some(index as u64 + 1) {
            self.faults.add(event, format_args!("expected seq {}", index + 1));
        }
        match event["t"].as_u64() {
            Some(t) if t >= self.time => self.time = t,
            _ => self.faults.add(event, format_args!("t is not at least {}", self.time)),
        }
        let is_place =
            |at: &Value| at["file"].is_string() && at["line"].as_u64().is_some_and(|line| line > 0);
        if event.get("at").is_some_and(|at| !is_place(at)) {
            self.faults.add(event, "at has no file and line");
        }
    }

    fn run_started(&mut self, index: usize, event: &Value) {
        if index != 0 {
            self.faults.add(event, "is not the first event");
        }
        let fields = [
            "version",
            "run",
            "scenario",
            "runtime",
            "params",
            "seed",
            "supervisor",
            "host",
            "sandbox",
            "limits",
        ];
        require(&mut self.faults, event, &fields);
        self.lives.begin(event);
    }

    /// The count of what was dropped only grows.
    fn truncated(&mut self, event: &Value) {
        let dropped = event["dropped"].as_u64().unwrap_or(0);
        let former = self.dropped.entry(format!("{} {}", event["what"], event["pid"])).or_default();
        if dropped <= *former {
            self.faults.add(event, format_args!("dropped {dropped} after {former}"));
        }
        *former = dropped;
        if event.get("pid").is_some() {
            self.lives.speaks(event, &mut self.faults);
        }
    }

    fn end(&mut self, log: &[Value]) {
        let Some(last) = log.last() else {
            return self.faults.0.push("the log is empty".into());
        };
        if log[0]["type"] != "run.started" {
            self.faults.add(&log[0], "the first event is not run.started");
        }
        if last["type"] != "run.finished" {
            return self.faults.add(last, "the last event is not run.finished");
        }
        if log.iter().filter(|event| event["type"] == "run.finished").count() != 1 {
            self.faults.add(last, "is there more than once");
        }
        require(&mut self.faults, last, &["outcome", "reason", "duration_us", "processes", "events"]);
        if last["events"].as_u64() != Some(log.len() as u64) {
            self.faults.add(last, format_args!("says {} events, there are {}", last["events"], log.len()));
        }
        self.lives.end(last, &mut self.faults);
    }
}

/// That an event has these fields.
pub(crate) fn require(faults: &mut Faults, event: &Value, fields: &[&str]) {
    for field in fields.iter().filter(|field| event.get(**field).is_none()) {
        faults.add(event, format_args!("has no {field}"));
    }
}

/// A set of which something is taken at most once.
pub(crate) type Seen = HashSet<(u64, u64)>;
