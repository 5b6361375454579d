//! Queues: items keep their number from process to process, and waiting is told with its end.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::stage::{METHODS, assert_prints_the_same, assert_stands_at, names, pairs, servants, text, told};
use crate::support::job::Log;

const PROGRAM: &str = "queues.py";

#[test]
fn items_keep_their_number_whatever_the_start_method() {
    for method in METHODS {
        let log = told(PROGRAM, &[method]);
        assert_prints_the_same(&log, PROGRAM, &[method]);
        let items = |kind: &str| -> BTreeSet<String> { log.of(kind).map(item).collect() };
        // Twelve through the queue and on through the simple one, one through the joinable one.
        assert_eq!(items("queue.put").len(), 25, "{method}");
        assert_eq!(items("queue.put"), items("queue.get"), "{method}");
        assert_stands_at(&log, "queue.put", PROGRAM, &["put("]);
        assert_stands_at(&log, "queue.get", PROGRAM, &["get("]);
        assert_stands_at(&log, "queue.created", PROGRAM, &["Queue("]);
    }
}

/// An item with its queue, its number, its length and its value.
fn item(event: &Value) -> String {
    let [queue, number, bytes, value] = ["queue", "item", "bytes", "value"].map(|field| &event[field]);
    format!("{queue} {number} {bytes} {value}")
}

#[test]
fn whoever_waits_says_so_and_how_it_ended() {
    for method in METHODS {
        let log = told(PROGRAM, &[method]);
        let ops = |kind: &str, op: &str| log.of(kind).filter(|event| event["op"] == op).count();
        // Each producer finds the queue full, each consumer in the end empty.
        assert!(ops("queue.blocked", "put") >= 2, "{method}");
        assert_eq!(ops("queue.timeout", "put"), 0, "put_nowait does not wait");
        assert_eq!(ops("queue.timeout", "get"), 2, "{method}");
        let (blocked, ended) = ("queue.blocked", ["queue.unblocked", "queue.timeout"]);
        for op in ["put", "get"] {
            let ends: usize = ended.iter().map(|kind| ops(kind, op)).sum();
            assert_eq!(ops(blocked, op), ends, "{method} {op}");
        }
    }
}

#[test]
fn processes_say_their_names_and_variables_first() {
    for method in METHODS {
        let log = told(PROGRAM, &[method]);
        let ours = [
            ("MainProcess", "main"),
            ("produce-0", "process"),
            ("produce-1", "process"),
            ("consume-0", "process"),
            ("consume-1", "process"),
        ];
        assert_eq!(names(&log), pairs(&[&ours, servants(method)].concat()), "{method}");
        assert_stands_at(&log, "process.named", PROGRAM, &["p.start()"]);
        for named in log.of("process.named") {
            assert_eq!(first_word(&log, &named["pid"])["seq"], named["seq"], "{method}");
        }
        let done = log.said("done").map(|(_, value)| value.as_u64().unwrap());
        assert!(done.max().unwrap() >= 6, "one consumer took at least half of the twelve");
    }
}

#[test]
fn a_process_that_cannot_end_because_nobody_reads_says_so() {
    let log = told("unread.py", &[]);
    let child = log.of("process.named").find(|event| event["name"] == "child").unwrap();
    let of_child = log.0.iter().filter(|event| event["pid"] == child["pid"]);
    let kinds = of_child.map(|event| text(event, "type")).filter(|kind| kind.starts_with("queue."));
    assert_eq!(kinds.collect::<Vec<_>>(), ["queue.put", "queue.blocked", "queue.unblocked"]);
    let join = log.of("sync.timeout").find(|event| event["kind"] == "process").unwrap();
    assert_eq!(join["object"], child["pid"]);
}

/// The first thing that a process says of itself.
fn first_word<'a>(log: &'a Log, pid: &Value) -> &'a Value {
    let of_program = ["process.named", "line.reached", "variable.set", "queue."];
    let is_word = |event: &Value| {
        let kind = event["type"].as_str().unwrap();
        event["pid"] == *pid && of_program.iter().any(|word| kind.starts_with(word))
    };
    log.0.iter().find(|event| is_word(event)).unwrap()
}
