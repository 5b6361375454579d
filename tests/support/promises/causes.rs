//! Causes before effects, in what the program says: items, tasks, messages, blocked calls.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::waits::Waits;
use super::{Faults, Seen};

/// How far a task is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Task {
    Submitted,
    Started,
    Ended,
    CalledBack,
}

/// What has been said so far.
#[derive(Default)]
pub(crate) struct Causes {
    tasks: HashMap<u64, Task>,
    capacity: HashMap<u64, u64>,
    put: Seen,
    got: Seen,
    sent: Seen,
    received: Seen,
    blocked: HashSet<(i64, u64, String)>,
    waits: Waits,
}

impl Causes {
    /// One event that a program sent.
    pub(crate) fn event(&mut self, kind: &str, event: &Value, faults: &mut Faults) {
        match kind {
            "task.submitted" | "task.started" | "task.finished" | "task.failed" | "task.callback" => {
                self.task(kind, event, faults)
            }
            "queue.created" => {
                self.capacity.insert(number(event, "queue"), number(event, "capacity"));
            }
            "queue.put" => first(&mut self.put, pair(event, "queue"), event, faults),
            "queue.get" => follows(&self.put, &mut self.got, pair(event, "queue"), event, faults),
            "queue.blocked" | "queue.unblocked" | "queue.timeout" => self.waiting(kind, event, faults),
            "pipe.sent" => first(&mut self.sent, pair(event, "pipe"), event, faults),
            "pipe.received" => follows(&self.sent, &mut self.received, pair(event, "pipe"), event, faults),
            "sync.waiting" | "sync.acquired" | "sync.released" | "sync.timeout" => {
                self.waits.event(kind, event, faults)
            }
            "line.reached" if event.get("at").is_none() => faults.add(event, "names no line"),
            "line.reached" | "variable.set" => {}
            "progress" if number(event, "done") <= number(event, "total") => {}
            _ => faults.add(event, "is of no known kind, or has the wrong fields"),
        }
        self.fits(kind, event, faults);
    }

    /// A process is gone: it waits for nothing.
    pub(crate) fn exited(&mut self, pid: i64) {
        self.blocked.retain(|(who, ..)| *who != pid);
        self.waits.exited(pid);
    }

    fn task(&mut self, kind: &str, event: &Value, faults: &mut Faults) {
        let (from, to) = match kind {
            "task.submitted" => (None, Task::Submitted),
            "task.started" => (Some(Task::Submitted), Task::Started),
            "task.callback" => (Some(Task::Ended), Task::CalledBack),
            _ => (Some(Task::Started), Task::Ended),
        };
        let former = self.tasks.insert(number(event, "task"), to);
        if former != from {
            faults.add(event, format_args!("task {} was {former:?}, not {from:?}", event["task"]));
        }
    }

    fn waiting(&mut self, kind: &str, event: &Value, faults: &mut Faults) {
        let op = event["op"].as_str().unwrap_or_default().to_owned();
        let key = (event["pid"].as_i64().unwrap_or(-1), number(event, "queue"), op);
        match kind {
            "queue.blocked" => {
                self.blocked.insert(key);
            }
            "queue.unblocked" if !self.blocked.remove(&key) => faults.add(event, "was not blocked"),
            _ => {
                self.blocked.remove(&key);
            }
        }
    }

    /// A queue never holds more than it can.
    fn fits(&self, kind: &str, event: &Value, faults: &mut Faults) {
        let capacity = self.capacity.get(&number(event, "queue")).copied().unwrap_or(0);
        if kind == "queue.put" && capacity > 0 && number(event, "size") > capacity {
            faults.add(event, format_args!("{} items in a queue for {capacity}", event["size"]));
        }
    }
}

fn first(seen: &mut Seen, key: (u64, u64), event: &Value, faults: &mut Faults) {
    if !seen.insert(key) {
        faults.add(event, format_args!("item {} for the second time", key.1));
    }
}

fn follows(causes: &Seen, seen: &mut Seen, key: (u64, u64), event: &Value, faults: &mut Faults) {
    if !causes.contains(&key) {
        faults.add(event, format_args!("item {} comes out before it went in", key.1));
    }
    first(seen, key, event, faults);
}

fn pair(event: &Value, of: &str) -> (u64, u64) {
    (number(event, of), number(event, "item"))
}

fn number(event: &Value, name: &str) -> u64 {
    event[name].as_u64().unwrap_or(u64::MAX)
}
