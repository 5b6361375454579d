//! What `/proc` shows between the events.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::{Log, python, users};

#[test]
fn samples_say_what_everybody_waits_for() {
    for user in users() {
        let log = watched(user);
        let last = last_samples(&log);
        let (_, waited) = log.said("waited").next().unwrap();
        for (_, child) in log.said("child") {
            let sample = &last[&child[0].as_i64().unwrap()];
            match child[1].as_str().unwrap() {
                "busy" => {
                    assert_eq!(sample["state"], "R", "{sample}");
                    assert!(sample["cpu_us"].as_u64().unwrap() > 50_000, "{sample}");
                    assert_eq!(sample.get("waiting"), None, "{sample}");
                }
                "grows" => assert!(sample["rss_kib"].as_u64().unwrap() > 20 << 10, "{sample}"),
                "wait4" => assert_eq!(sample["waiting"], format!("wait4({waited})"), "{sample}"),
                way => {
                    assert_eq!((&sample["state"], &sample["waiting"]), (&json!("S"), &json!(way)), "{sample}")
                }
            }
        }
    }
}

#[test]
fn where_nothing_changes_nothing_is_told() {
    let log = watched(crate::User::Same);
    for (_, child) in log.said("child").filter(|(_, child)| child[1] != "busy" && child[1] != "grows") {
        let samples = log.of("process.sampled").filter(|event| event["pid"] == child[0]).count();
        assert!(samples <= 4, "{child}: {samples} samples");
    }
}

/// The log of a run that rested until the memory that one child has of its own was measured, and its
/// busy child sampled ten times.
fn watched(user: crate::User) -> Log {
    let mut run = python("blocked.py", &[]).by(user).start();
    let busy = run.until(|event| event["name"] == "child" && event["value"][1] == "busy")["value"][0].clone();
    run.until(|event| event["private_kib"].as_u64().is_some_and(|kib| kib > 20 << 10));
    for _ in 0..10 {
        run.until(|event| event["type"] == "process.sampled" && event["pid"] == busy);
    }
    run.tell(&json!({"op": "stop", "reason": "seen"}));
    run.finish()
}

fn last_samples(log: &Log) -> HashMap<i64, &Value> {
    log.of("process.sampled").map(|event| (event["pid"].as_i64().unwrap(), event)).collect()
}
