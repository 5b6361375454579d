//! The entries of the format, one JSON object a line, in an array in an object.

use serde::Serialize;
use serde_json::{Map, Value};

use super::flows::Flow;
use super::story::{Count, Slice};

/// What an entry is.
#[derive(Clone, Copy, Serialize)]
pub enum Phase {
    /// A slice with its whole length.
    X,
    /// The value of a counter from now on.
    C,
    /// A name or an order.
    M,
}

/// One entry.
#[derive(Serialize)]
pub struct Entry {
    ph: Phase,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cat: Option<&'static str>,
    /// µs; what has no time has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    ts: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dur: Option<f64>,
    pid: i64,
    tid: i64,
    /// The arrow that begins or ends here.
    #[serde(skip_serializing_if = "Option::is_none")]
    bind_id: Option<u64>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    flow_in: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    flow_out: bool,
    #[serde(skip_serializing_if = "is_empty")]
    args: Value,
}

fn is_empty(args: &Value) -> bool {
    args.as_object().is_none_or(Map::is_empty)
}

impl Entry {
    /// A name or an order of a process or thread.
    pub fn meta(name: &str, pid: i64, tid: i64, args: Value) -> Self {
        Entry::new(Phase::M, name.to_owned(), pid, tid, args)
    }

    fn new(ph: Phase, name: String, pid: i64, tid: i64, args: Value) -> Self {
        Entry {
            ph,
            name,
            cat: None,
            ts: None,
            dur: None,
            pid,
            tid,
            bind_id: None,
            flow_in: false,
            flow_out: false,
            args,
        }
    }
}

/// A while or a moment.
pub fn slice(slice: Slice<'_>, pid: i64, tid: i64) -> Entry {
    let Flow { id, comes, goes } = slice.flow.unwrap_or_default();
    Entry {
        cat: Some(slice.category),
        ts: Some(us(slice.start)),
        dur: Some(us(slice.end.unwrap_or(slice.start) - slice.start)),
        bind_id: slice.flow.map(|_| id),
        flow_in: comes,
        flow_out: goes,
        ..Entry::new(Phase::X, slice.name.into_owned(), pid, tid, Value::Object(slice.args))
    }
}

/// A slice without content.
pub fn filler(ns: u64, pid: i64) -> Entry {
    let entry = Entry::new(Phase::X, "(keeps the order)".into(), pid, pid, Value::Null);
    Entry { cat: Some("order"), ts: Some(us(ns)), dur: Some(0.0), ..entry }
}

/// A value from a moment on.
pub fn count(count: Count, pid: i64) -> Entry {
    let args = Value::Object([(count.unit.to_owned(), Value::from(count.value))].into_iter().collect());
    Entry { ts: Some(us(count.t)), ..Entry::new(Phase::C, count.name, pid, pid, args) }
}

/// The format has µs, with fractions.
fn us(ns: u64) -> f64 {
    ns as f64 / 1_000.0
}

/// The lines of the file.
#[derive(Default)]
pub struct Lines(String);

impl Lines {
    /// One more.
    pub fn push(&mut self, entry: &Entry) {
        self.0 += if self.0.is_empty() { "" } else { ",\n" };
        self.0 += &serde_json::to_string(entry).expect("an entry has only names as keys");
    }

    /// The whole file.
    pub fn finish(self, about: &Value) -> String {
        format!("{{\"displayTimeUnit\":\"ms\",\"otherData\":{about},\"traceEvents\":[\n{}\n]}}\n", self.0)
    }
}
