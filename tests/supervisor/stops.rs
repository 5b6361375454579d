//! T5: stopped and continued, by processes of the run and by a visitor.

use serde_json::json;

use crate::{Log, as_everybody, python};

#[test]
fn two_hundred_stops_are_told_in_place_with_one_thread_and_with_four() {
    for threads in ["1", "4"] {
        as_everybody("stops.py", &[threads, "200"], check);
    }
}

fn check(log: &Log) {
    let (_, pid) = log.said("stops").next().unwrap();
    let of_pid = |event: &&serde_json::Value| event["pid"] == *pid;
    assert_eq!(log.of("process.stopped").filter(of_pid).count(), 201);
    assert_eq!(log.of("process.continued").filter(of_pid).count(), 200);
    // What the parent saw, it says when the log has it.
    let mut stopped = false;
    let mut seen = 0;
    for event in &log.0 {
        match event["type"].as_str().unwrap() {
            "process.stopped" if event["pid"] == *pid => stopped = true,
            "process.continued" if event["pid"] == *pid => stopped = false,
            "variable.set" if event["name"] == "saw" && event["value"] != "tstp" => {
                assert_eq!(stopped, event["value"] == "stopped", "{event}");
                seen += 1;
            }
            _ => {}
        }
    }
    assert_eq!(seen, 400);
    let exit = log.of("process.exited").find(of_pid).unwrap();
    assert_eq!(exit["signal"], "SIGKILL");
    terminal_stops(log);
}

fn terminal_stops(log: &Log) {
    let stops = |name| {
        let (_, pid) = log.said(name).next().unwrap();
        let stops = log.of("process.stopped").filter(move |event| event["pid"] == *pid);
        stops.map(|event| event["signal"].as_str().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(stops("obeys"), ["SIGTSTP"; 5]);
    assert!(stops("handles").is_empty());
    assert_eq!(log.said("caught").count(), 5);
}

#[test]
fn a_visitor_stops_continues_and_kills() {
    let mut run = python("idle.py", &[]).start();
    let pid = run.until(|event| event["name"] == "ready" && event["type"] == "variable.set")["pid"].clone();
    for (signal, effect) in
        [("SIGSTOP", "process.stopped"), ("SIGCONT", "process.continued"), ("SIGSTOP", "process.stopped")]
    {
        run.tell(&json!({"op": "signal", "pid": pid, "signal": signal}));
        run.until(|event| event["type"] == effect && event["pid"] == pid);
    }
    run.tell(&json!({"op": "signal", "pid": pid, "signal": "SIGKILL"}));
    run.until(|event| event["type"] == "process.exited" && event["pid"] == pid);
    // Somebody else's process, and none: nothing happens.
    run.tell(&json!({"op": "signal", "pid": std::process::id(), "signal": "SIGKILL"}));
    run.tell(&json!({"op": "signal", "pid": 0, "signal": "SIGKILL"}));
    run.tell(&json!({"op": "nonsense"}));
    run.tell(&json!({"op": "stop", "reason": "enough"}));
    let log = run.finish();
    let signals = log.of("process.signaled").filter(|event| event["from"] == "visitor");
    let signals: Vec<&str> = signals.map(|event| event["signal"].as_str().unwrap()).collect();
    assert_eq!(signals.iter().filter(|signal| **signal == "SIGSTOP").count(), 2);
    assert_eq!(signals.iter().filter(|signal| **signal == "SIGCONT").count(), 1);
    assert_eq!(signals.last(), Some(&"SIGKILL"));
    assert_eq!((log.outcome(), &log.end()["reason"]), ("stopped", &json!("enough")));
}
