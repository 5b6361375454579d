//! Pools: every task from its call to its callback.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::stage::{
    METHODS, assert_prints_the_same, assert_stands_at, job, names, pairs, servants, text, told,
};
use crate::support::job::Log;

const PROGRAM: &str = "pools.py";

#[test]
fn tasks_are_told_from_call_to_callback() {
    for method in METHODS {
        let log = told(PROGRAM, &[method]);
        assert_prints_the_same(&log, PROGRAM, &[method]);
        let tasks = tasks(&log);
        let named = |name: &str| tasks.values().filter(|task| task.name == name).collect::<Vec<_>>();
        assert_eq!(named("square[0:2]").len(), 2, "{method}: of map and of imap_unordered");
        assert!(named("square[8:10]")[0].ended["value"] == json!([64, 81]), "{method}");
        assert_eq!(named("听")[0].called["value"], "听音乐", "{method}");
        assert_eq!(named("tea")[0].ended["error"], "no tea", "{method}");
        assert_eq!(named("tea")[0].called["error"], "no tea", "{method}");
        assert_eq!(named("square").len(), 1 + 3 + 1 + 4 + 3, "{method}: elements that were alone");
        let lost: Vec<&str> =
            tasks.values().filter(|task| task.ended.is_null()).map(|task| &*task.name).collect();
        assert_eq!(lost, ["sleep"], "{method}: all but the one that the pool's end cut off have ended");
        assert_stands_at(&log, "task.submitted", PROGRAM, &["pool."]);
        assert_stands_at(&log, "task.started", PROGRAM, &["pool."]);
    }
}

/// What became of a task.
#[derive(Default)]
struct Task {
    name: String,
    ended: Value,
    called: Value,
}

fn tasks(log: &Log) -> BTreeMap<u64, Task> {
    let mut tasks: BTreeMap<u64, Task> = BTreeMap::new();
    for event in &log.0 {
        let Some(number) = event["task"].as_u64() else { continue };
        let task = tasks.entry(number).or_default();
        task.name = text(event, "name");
        match event["type"].as_str().unwrap() {
            "task.finished" | "task.failed" => task.ended = event.clone(),
            "task.callback" => task.called = event.clone(),
            _ => {}
        }
    }
    tasks
}

#[test]
fn workers_are_named_and_come_from_the_line_of_the_pool() {
    for (method, class) in METHODS.iter().zip(["Fork", "Spawn", "ForkServer"]) {
        let log = told(PROGRAM, &[method]);
        let workers: Vec<String> = (1..=2).map(|n| format!("{class}PoolWorker-{n}")).collect();
        let mut expected: Vec<(&str, &str)> = workers.iter().map(|name| (&**name, "pool-worker")).collect();
        expected.push(("MainProcess", "main"));
        expected.extend(servants(method));
        let found = names(&log);
        for pair in pairs(&expected) {
            assert!(found.contains(&pair), "{method}: {pair:?} in {found:?}");
        }
        assert_stands_at(&log, "process.named", PROGRAM, &["Pool("]);
    }
}

#[test]
fn whoever_waits_for_a_result_says_for_which_task() {
    for method in METHODS {
        let log = told(PROGRAM, &[method]);
        let of = |kind: &'static str, what: &'static str| {
            log.of(kind).filter(move |event| event["kind"] == what).count()
        };
        let (waits, ends) = (of("sync.waiting", "task"), of("sync.acquired", "task"));
        assert!(waits > 8, "{method}: {waits}");
        assert_eq!((waits, of("sync.timeout", "task")), (ends + 1, 1), "{method}: one get has a timeout");
        assert!(of("sync.waiting", "process") >= 1, "{method}: join waits for the workers");
        assert_eq!(of("sync.waiting", "process"), of("sync.acquired", "process"), "{method}");
    }
}

#[test]
fn a_killed_worker_loses_its_task_and_is_replaced() {
    for method in METHODS {
        let mut run = job("lost.py", &[method]).start();
        let started = run.until(|event| event["type"] == "task.started");
        run.tell(&json!({"op": "signal", "pid": started["pid"], "signal": "SIGKILL"}));
        let log = run.finish();
        assert_eq!(log.texts(), ["the task is lost", "the pool is not"], "{method}: {}", log.tail());
        let workers = log.of("process.named").filter(|event| event["role"] == "pool-worker");
        assert!(workers.count() >= 3, "{method}");
        let waits = log.of("sync.timeout").filter(|event| event["kind"] == "task");
        assert_eq!(waits.map(|event| &event["object"]).collect::<Vec<_>>(), [&started["task"]], "{method}");
    }
}
