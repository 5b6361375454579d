//! Locks and their like, shared memory and pipes.

use serde_json::{Value, json};

use crate::stage::{METHODS, assert_prints_the_same, assert_stands_at, text, told};
use crate::support::job::Log;

const PROGRAM: &str = "locks.py";

/// What `sync.` events of one kind say, each as `waiting first a`: what, who, and what for.
fn said(log: &Log, kind: &str) -> Vec<String> {
    let of_kind = log.0.iter().filter(|event| event["kind"] == kind);
    of_kind
        .map(|event| {
            let what = text(event, "type");
            format!("{} {} {}", &what["sync.".len()..], who(log, &event["pid"]), text(event, "name"))
        })
        .collect()
}

/// What a process is called.
fn who(log: &Log, pid: &Value) -> String {
    text(log.of("process.named").find(|event| event["pid"] == *pid).unwrap(), "name")
}

#[test]
fn two_locks_in_two_orders_can_be_told_from_the_log() {
    for method in METHODS {
        let log = told(PROGRAM, &[method]);
        let locks = said(&log, "lock");
        // Under their names in the program, also in a child that has no such global variable.
        for words in [
            "acquired first a",
            "acquired second b",
            "waiting first b",
            "waiting second a",
            "timeout first b",
            "acquired second a",
        ] {
            assert!(locks.contains(&words.to_owned()), "{method}: {words} in {locks:#?}");
        }
        assert_stands_at(&log, "sync.timeout", PROGRAM, &["other.acquire", "poll("]);
    }
}

#[test]
fn events_barriers_conditions_and_joins_are_waited_for() {
    for method in METHODS {
        let log = told(PROGRAM, &[method]);
        assert_prints_the_same(&log, PROGRAM, &[method]);
        let events = said(&log, "event");
        for words in ["released MainProcess event", "acquired first event", "acquired second event"] {
            assert!(events.contains(&words.to_owned()), "{method}: {words} in {events:#?}");
        }
        let barrier: Vec<String> =
            said(&log, "barrier").into_iter().filter(|words| words.ends_with("barrier")).collect();
        assert_eq!(barrier.len(), 4, "{method}: one waits, one opens, two pass: {barrier:#?}");
        let condition = said(&log, "condition");
        let expected =
            ["waiting MainProcess condition", "released partner condition", "acquired MainProcess condition"];
        assert_eq!(condition, expected, "{method}");
        let semaphore = said(&log, "semaphore");
        assert_eq!(semaphore, ["acquired partner semaphore", "released partner semaphore"], "{method}");
        let joins = said(&log, "process");
        for words in ["waiting MainProcess first", "acquired MainProcess first"] {
            assert!(joins.contains(&words.to_owned()), "{method}: {joins:#?}");
        }
    }
}

#[test]
fn what_a_value_and_an_array_hold_is_seen_by_all() {
    for method in METHODS {
        let log = told(PROGRAM, &[method]);
        let set: Vec<&Value> = log.of("variable.set").filter(|event| event["shared"].is_u64()).collect();
        let values: Vec<(&Value, &Value)> =
            set.iter().map(|event| (&event["name"], &event["value"])).collect();
        let expected =
            [(json!("value"), json!(6)), (json!("value"), json!(7)), (json!("array"), json!([7, 0, 0]))];
        assert_eq!(
            values,
            expected.iter().map(|(name, value)| (name, value)).collect::<Vec<_>>(),
            "{method}"
        );
        assert_ne!(set[0]["shared"], set[2]["shared"], "{method}");
    }
}

#[test]
fn messages_keep_their_number_and_raw_bytes_have_none() {
    for method in METHODS {
        let log = told(PROGRAM, &[method]);
        let items = |kind: &str| log.of(kind).map(|event| event["item"].clone()).collect::<Vec<_>>();
        assert_eq!(items("pipe.sent").len(), 2, "{method}");
        assert_eq!(items("pipe.sent"), items("pipe.received"), "{method}");
        assert_stands_at(&log, "pipe.sent", PROGRAM, &["send("]);
        assert_stands_at(&log, "pipe.received", PROGRAM, &["recv("]);
    }
}
