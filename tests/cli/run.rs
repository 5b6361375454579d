//! `run`: one scenario in the terminal.

use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::command::{Ended, playground, run};

/// The events of a log; every line of it must be one.
#[track_caller]
fn events(log: &str) -> Vec<Value> {
    assert!(log.ends_with('\n'), "the last line is whole");
    log.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"))).collect()
}

fn of_kind<'a>(events: &'a [Value], kind: &'a str) -> impl Iterator<Item = &'a Value> {
    events.iter().filter(move |event| event["type"] == kind)
}

/// A short run of `pool`, as NDJSON.
const SHORT: [&str; 7] = ["run", "pool", "--format", "ndjson", "--set", "tasks=3", "--seed"];

#[test]
fn ndjson_is_exactly_the_event_log() {
    let ended = run(&[&SHORT[..], &["7"]].concat());
    let events = events(ended.results());
    assert_eq!(events[0]["type"], "run.started");
    assert_eq!((&events[0]["scenario"], &events[0]["seed"]), (&"pool".into(), &7.into()));
    assert_eq!(events[0]["params"]["tasks"], 3);
    let numbers: Vec<_> = events.iter().map(|event| event["seq"].as_u64().expect("a number")).collect();
    assert_eq!(numbers, (1..=events.len() as u64).collect::<Vec<_>>());
    let last = events.last().expect("an event");
    assert_eq!((&last["type"], &last["outcome"]), (&"run.finished".into(), &"completed".into()));
}

/// How long each task sleeps is a matter of the seed, whichever worker takes it: these seeds
/// give lengths that are more than half a second apart, so the order of the ends is theirs.
#[test]
fn the_same_seed_gives_the_same_durations() {
    let order = |seed: &str| -> Vec<String> {
        let ended = run(&[&SHORT[..], &[seed]].concat());
        let events = events(ended.results());
        of_kind(&events, "task.finished")
            .filter_map(|event| Some(event["name"].as_str()?.to_owned()))
            .collect()
    };
    assert_eq!(order("7"), ["听音乐", "打游戏", "吃饭"]);
    assert_eq!(order("7"), order("7"));
    assert_eq!(order("24"), ["吃饭", "打游戏", "听音乐"]);
}

#[test]
fn pretty_tells_names_output_and_how_it_ended() {
    let ended = run(&["run", "pool", "--set", "tasks=3", "--seed", "7"]);
    for word in ["MainProcess", "ForkPoolWorker-1", "听音乐", "over!!!", "run completed"] {
        assert!(ended.results().contains(word), "no {word} in\n{}", ended.stdout);
    }
    assert!(!ended.stdout.contains('\x1b'), "no colour where no terminal reads");
}

#[test]
fn output_goes_to_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("run.ndjson");
    let ended = run(&[&SHORT[..], &["7", "--output", file.to_str().expect("UTF-8")]].concat());
    assert_eq!(ended.results(), "");
    let events = events(&std::fs::read_to_string(file).expect("the file"));
    assert_eq!(events.last().expect("an event")["type"], "run.finished");
}

/// The trace is one JSON object, written when the run has ended.
#[test]
fn trace_is_for_perfetto() {
    let ended = run(&["run", "pool", "--format", "trace", "--set", "tasks=3", "--seed", "7"]);
    let trace: Value = serde_json::from_str(ended.results()).expect("JSON");
    assert_eq!(trace["otherData"]["scenario"], "pool");
    let entries = trace["traceEvents"].as_array().expect("a list");
    let tasks = entries.iter().filter(|entry| entry["cat"] == "task" && entry["dur"].as_f64() > Some(0.0));
    let tasks: Vec<_> = tasks.map(|entry| entry["name"].as_str().expect("a name")).collect();
    assert_eq!(tasks.len(), 3, "{tasks:?}");
}

/// A run that does not complete is status 1, and its last event says why.
#[test]
fn an_endless_scenario_ends_at_its_limit() {
    let ended = run(&["run", "processes", "--format", "ndjson", "--time-limit", "1"]);
    let events = events(&ended.stdout);
    let last = events.last().expect("an event");
    assert_eq!((ended.status, &last["outcome"]), (Some(1), &"time_limit".into()), "{last}");
}

/// Ctrl-C ends the run as the page's Stop button does: every process is gone, and the log says so.
#[test]
fn an_interrupt_stops_the_run_and_still_tells_its_end() {
    let arguments = ["run", "processes", "--format", "ndjson"];
    let mut child =
        playground(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let mut log = String::new();
    for line in lines.by_ref().map(|line| line.expect("UTF-8")) {
        log.push_str(&line);
        log.push('\n');
        if line.contains("\"output\"") {
            break;
        }
    }
    kill_process(Pid::from_child(&child), Signal::INT).expect("it lives");
    for line in lines {
        log.push_str(&line.expect("UTF-8"));
        log.push('\n');
    }
    let ended = Ended::new(&arguments, child.wait_with_output().expect("its status"));
    let events = events(&log);
    let last = events.last().expect("an event");
    assert_eq!((ended.status, &last["outcome"]), (Some(1), &"stopped".into()), "{last}");
    let counts = &last["processes"];
    assert!(counts["started"] == counts["exited"] && counts["exited"] == counts["reaped"], "{last}");
}

/// `process-playground run … | head -1`: a reader who leaves ends the run, and nothing lingers.
#[test]
fn a_reader_who_leaves_ends_the_run() {
    let mut child = playground(&["run", "processes", "--format", "ndjson"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut first = String::new();
    out.read_line(&mut first).expect("the first event");
    drop(out);
    let started: Value = serde_json::from_str(&first).expect("an event");
    child.wait().expect("it ends by itself");
    let supervisor = started["supervisor"].as_u64().expect("its pid");
    let mut status = String::new();
    let there = std::fs::File::open(format!("/proc/{supervisor}/cmdline"))
        .and_then(|mut f| f.read_to_string(&mut status));
    assert!(there.is_err() || !status.contains("supervise"), "the supervisor {supervisor} lingers");
}
